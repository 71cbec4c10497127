"""Questions that wait are answered together, none of them at another's cost."""

import threading
from collections.abc import Iterator, Sequence
from concurrent.futures import CancelledError, Future

import pytest

from askdoc.errors import QuestionError
from askdoc.models import Confidence, Reply
from askdoc.responder import AskRequest, Responder
from askdoc.server.batching import BatchQueue, NotReady, QueueFull
from tests.waiting import LONG_S

SOON = LONG_S


class Slow(Responder):
    """Answers when it is let go, and remembers the batches it was given."""

    def __init__(self, index_id: str = "one") -> None:
        self.index_id = index_id
        self.batches: list[list[str]] = []
        self.begun = threading.Semaphore(0)
        self.go = threading.Semaphore(0)

    def reply_many(self, requests: Sequence[AskRequest]) -> list[Reply | QuestionError]:
        self.batches.append([request.question for request in requests])
        self.begun.release()
        assert self.go.acquire(timeout=SOON)
        if any(request.question == "breaks" for request in requests):
            raise RuntimeError("broken")
        return [
            Reply(request.question, Confidence.NONE, self.index_id) if request.question else QuestionError("empty")
            for request in requests
        ]


class BusyQueue:
    """A queue over a slow responder, its worker already busy with the question ``first``."""

    def __init__(self, *, capacity: int = 8, max_batch_size: int = 4) -> None:
        self.responder: Slow | None = Slow()
        self.slow = self.responder
        self.queue = BatchQueue(lambda: self.responder, capacity=capacity, max_batch_size=max_batch_size)
        self.first = self.queue.submit(AskRequest("first"))
        assert self.slow.begun.acquire(timeout=SOON)

    def submit(self, *questions: str) -> list[Future[Reply]]:
        return [self.queue.submit(AskRequest(question)) for question in questions]

    def let_go(self, batches: int = 20) -> None:
        self.slow.go.release(batches)


@pytest.fixture
def busy() -> Iterator[BusyQueue]:
    queue = BusyQueue()
    yield queue
    queue.let_go(100)
    queue.queue.close()


def test_questions_that_wait_are_answered_together_up_to_a_limit(busy: BusyQueue) -> None:
    """The first goes alone, without waiting for company; those that came meanwhile go in batches of four."""
    waiting = busy.submit("a", "b", "c", "d", "e")
    busy.let_go()
    assert [future.result(SOON).question for future in waiting] == ["a", "b", "c", "d", "e"]
    assert busy.slow.batches == [["first"], ["a", "b", "c", "d"], ["e"]]


def test_a_full_queue_refuses_and_empties_again(busy: BusyQueue) -> None:
    """The bound holds, nobody who waits is hurt, and there is room afterwards."""
    waiting = busy.submit(*"abcdefgh")
    with pytest.raises(QueueFull):
        busy.submit("i")
    busy.let_go()
    assert [future.result(SOON).question for future in waiting] == list("abcdefgh")
    assert busy.submit("i")[0].result(SOON).question == "i"


def test_a_cancelled_question_is_left_out(busy: BusyQueue) -> None:
    """A client that has gone costs nothing and hinders nobody."""
    gone, stays = busy.submit("gone", "stays")
    assert gone.cancel()
    busy.let_go()
    assert stays.result(SOON).question == "stays"
    assert busy.slow.batches == [["first"], ["stays"]]


def test_who_leaves_during_the_batch_hinders_nobody(busy: BusyQueue) -> None:
    """It is too late to be left out; the reply goes nowhere."""
    assert not busy.first.cancel()
    busy.let_go()
    assert busy.first.result(SOON).question == "first"


def test_a_question_that_breaks_the_batch_breaks_alone(busy: BusyQueue) -> None:
    """The others are asked again, each by itself; the thread lives on."""
    good, broken, empty, fine = busy.submit("good", "breaks", "", "fine")
    busy.let_go()
    assert good.result(SOON).question == "good"
    assert fine.result(SOON).question == "fine"
    with pytest.raises(RuntimeError, match="broken"):
        broken.result(SOON)
    with pytest.raises(QuestionError):
        empty.result(SOON)
    assert busy.submit("later")[0].result(SOON).question == "later"


def test_a_batch_is_wholly_of_one_generation(busy: BusyQueue) -> None:
    """A change of the index takes effect between batches."""
    waiting = busy.submit("a", "b")
    busy.responder = Slow("two")
    busy.responder.go.release(10)
    busy.let_go()
    assert busy.first.result(SOON).index_id == "one"
    assert [future.result(SOON).index_id for future in waiting] == ["two", "two"]


def test_without_an_index_nobody_waits() -> None:
    """It is said at once."""
    with pytest.raises(NotReady):
        BatchQueue(lambda: None).submit(AskRequest("a"))


def test_closing_sends_away_who_waits(busy: BusyQueue) -> None:
    """And lets the batch at work end."""
    [waits] = busy.submit("waits")
    busy.let_go()
    busy.queue.close()
    assert busy.first.result(SOON).question == "first"
    assert waits.done()
    if waits.cancelled():
        with pytest.raises(CancelledError):
            waits.result()
