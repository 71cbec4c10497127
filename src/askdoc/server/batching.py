"""Micro-batching: a bounded queue, whose one worker answers all questions that wait in one batch.

Encoding and searching cost less for many questions at once than for each alone. No question waits for a batch to fill:
the worker takes what is queued as soon as it is free. A full queue refuses further questions.
"""

import threading
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import Future

from askdoc.models import Reply
from askdoc.responder import AskRequest, Responder

QUEUE_CAPACITY = 64
"""Questions that may wait: at a hundred a second the last of them waits for less than a second."""
MAX_BATCH_SIZE = 16
"""Questions in a batch: more gain little, and the first of them waits for the last."""
RETRY_AFTER = {"Retry-After": "2"}
"""The header that tells a refused client after how many seconds to ask again."""

Pending = tuple[AskRequest, "Future[Reply]"]
"""A queued question with the future that its client waits for."""


class Unavailable(Exception):
    """No question can be answered at the moment; the message is a sentence for the client."""


class NotReady(Unavailable):
    """The index is still loading, or none could be loaded."""

    def __init__(self) -> None:
        super().__init__("The answers are still being loaded. Try again in a moment.")


class QueueFull(Unavailable):
    """More questions wait than can be answered soon."""

    def __init__(self) -> None:
        super().__init__("Many questions are waiting just now. Try again in a moment.")


class BatchQueue:
    """A bounded queue of questions; a whole batch is answered by the responder that is current when it begins."""

    def __init__(
        self,
        responder: Callable[[], Responder | None],
        *,
        capacity: int = QUEUE_CAPACITY,
        max_batch_size: int = MAX_BATCH_SIZE,
    ) -> None:
        self._responder = responder
        self._capacity = capacity
        self._max_batch_size = max_batch_size
        self._pending: deque[Pending] = deque()
        self._changed = threading.Condition()
        self._worker: threading.Thread | None = None

    def submit(self, request: AskRequest) -> "Future[Reply]":
        """Queue a question. The future raises QuestionError where the question cannot be asked.

        Raises NotReady while there is no index, QueueFull where the queue is full.
        """
        if self._responder() is None:
            raise NotReady
        with self._changed:
            if len(self._pending) >= self._capacity:
                raise QueueFull
            if self._worker is None:
                self._worker = threading.Thread(target=self._work, name="askdoc-batches", daemon=True)
                self._worker.start()
            future: Future[Reply] = Future()
            self._pending.append((request, future))
            self._changed.notify()
        return future

    def close(self) -> None:
        """Cancel every question that still waits, and end the worker once its batch is done."""
        with self._changed:
            worker, self._worker = self._worker, None
            while self._pending:
                self._pending.pop()[1].cancel()
            self._changed.notify()
        if worker:
            worker.join(timeout=5)

    def _work(self) -> None:
        """Answer batch after batch until the queue is closed; another thread may be its worker by then."""
        this = threading.current_thread()
        while True:
            with self._changed:
                self._changed.wait_for(lambda: self._pending or self._worker is not this)
                if self._worker is not this:
                    return
                size = min(len(self._pending), self._max_batch_size)
                batch = [self._pending.popleft() for _ in range(size)]
            self._answer([pending for pending in batch if pending[1].set_running_or_notify_cancel()])

    def _answer(self, batch: Sequence[Pending]) -> None:
        if not batch:
            return
        outcomes = _reply_to_each(self._responder(), [request for request, _ in batch])
        for (_, future), outcome in zip(batch, outcomes, strict=True):
            if isinstance(outcome, BaseException):
                future.set_exception(outcome)
            else:
                future.set_result(outcome)


def _reply_to_each(responder: Responder | None, requests: Sequence[AskRequest]) -> Sequence[Reply | BaseException]:
    """The reply to each question, or its error. Where one question breaks the batch, each is asked alone."""
    if responder is None:
        return [NotReady()] * len(requests)
    try:
        return responder.reply_many(requests)
    except Exception as error:  # whatever it is, it belongs to one question and not to the worker
        if len(requests) == 1:
            return [error]
        return [outcome for request in requests for outcome in _reply_to_each(responder, [request])]
