"""The line in which questions wait: one thread answers those that wait together, in one batch.

Encoding and searching cost less for many questions at once than for each alone, and nobody waits for a batch to
fill: the thread takes whoever stands there when it is free. The line is bounded; who finds it full is told so.
"""

import threading
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import Future

from askdoc.models import Reply
from askdoc.responder import AskRequest, Responder

MOST_WAITING = 64
"""Questions in the line: at a hundred a second the last of them waits for less than a second."""
RETRY_AFTER = {"Retry-After": "2"}
"""The header that says after how many seconds to ask again."""
TOGETHER = 16
"""Questions in a batch: more gain little, and the first of them waits for the last."""

Waiting = tuple[AskRequest, "Future[Reply]"]


class Later(Exception):
    """No question can be answered just now; its words say so to whoever asked."""


class NotReady(Later):
    """The index is still loading, or none could be loaded."""

    def __init__(self) -> None:
        super().__init__("The answers are still being loaded. Try again in a moment.")


class Busy(Later):
    """More questions wait than can be answered soon."""

    def __init__(self) -> None:
        super().__init__("Many questions are waiting just now. Try again in a moment.")


class BatchQueue:
    """Questions in, replies out, each reply wholly from the responder that was current when its batch began."""

    def __init__(
        self, responder: Callable[[], Responder | None], *, most: int = MOST_WAITING, together: int = TOGETHER
    ) -> None:
        self._responder = responder
        self._most = most
        self._together = together
        self._waiting: deque[Waiting] = deque()
        self._arrived = threading.Condition()
        self._thread: threading.Thread | None = None

    def join(self, asked: AskRequest) -> "Future[Reply]":
        """Wait in the line. The future raises QuestionError where the question cannot be asked.

        Raises NotReady while there is no index, Busy where the line is full.
        """
        if self._responder() is None:
            raise NotReady
        with self._arrived:
            if len(self._waiting) >= self._most:
                raise Busy
            if self._thread is None:
                self._thread = threading.Thread(target=self._work, name="askdoc-line", daemon=True)
                self._thread.start()
            future: Future[Reply] = Future()
            self._waiting.append((asked, future))
            self._arrived.notify()
        return future

    def close(self) -> None:
        """Send away who still waits, and end the thread once its batch is done."""
        with self._arrived:
            thread, self._thread = self._thread, None
            while self._waiting:
                self._waiting.pop()[1].cancel()
            self._arrived.notify()
        if thread:
            thread.join(timeout=5)

    def _work(self) -> None:
        me = threading.current_thread()
        while True:
            with self._arrived:
                self._arrived.wait_for(lambda: self._waiting or self._thread is not me)
                if self._thread is not me:
                    return
                count = min(len(self._waiting), self._together)
                batch = [self._waiting.popleft() for _ in range(count)]
            self._answer([(asked, future) for asked, future in batch if future.set_running_or_notify_cancel()])

    def _answer(self, batch: Sequence[Waiting]) -> None:
        if not batch:
            return
        outcomes = _outcomes(self._responder(), [asked for asked, _ in batch])
        for (_, future), outcome in zip(batch, outcomes, strict=True):
            if isinstance(outcome, BaseException):
                future.set_exception(outcome)
            else:
                future.set_result(outcome)


def _outcomes(responder: Responder | None, asked: Sequence[AskRequest]) -> Sequence[Reply | BaseException]:
    """A reply or what went wrong, for each question: where one breaks the batch, each is asked alone."""
    if responder is None:
        return [NotReady()] * len(asked)
    try:
        return responder.reply_many(asked)
    except Exception as error:  # whatever it is, it belongs to one question and not to the thread
        if len(asked) == 1:
            return [error]
        return [outcome for one in asked for outcome in _outcomes(responder, [one])]
