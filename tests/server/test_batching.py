"""Questions that wait are answered together, none of them at another's cost."""

import threading
from collections.abc import Iterator, Sequence
from concurrent.futures import CancelledError, Future

import pytest

from askdoc.errors import QuestionError
from askdoc.models import Confidence, Reply
from askdoc.responder import AskRequest, Responder
from askdoc.server.batching import BatchQueue, Busy, NotReady
from tests.waiting import LONG_S

SOON = LONG_S


class Slow(Responder):
    """Answers when it is let go, and remembers the batches it was given."""

    def __init__(self, index_id: str = "one") -> None:
        self.index_id = index_id
        self.batches: list[list[str]] = []
        self.begun = threading.Semaphore(0)
        self.go = threading.Semaphore(0)

    def reply_many(self, asked: Sequence[AskRequest]) -> list[Reply | QuestionError]:
        self.batches.append([one.question for one in asked])
        self.begun.release()
        assert self.go.acquire(timeout=SOON)
        if any(one.question == "breaks" for one in asked):
            raise RuntimeError("broken")
        return [
            QuestionError("empty") if one.question == "" else Reply(one.question, Confidence.NONE, self.index_id)
            for one in asked
        ]


class Place:
    """A line over a slow responder, its thread already busy with the question ``first``."""

    def __init__(self, *, most: int = 8, together: int = 4) -> None:
        self.responder: Slow | None = Slow()
        self.slow = self.responder
        self.line = BatchQueue(lambda: self.responder, most=most, together=together)
        self.first = self.line.join(AskRequest("first"))
        assert self.slow.begun.acquire(timeout=SOON)

    def join(self, *questions: str) -> list[Future[Reply]]:
        return [self.line.join(AskRequest(question)) for question in questions]

    def let_go(self, batches: int = 20) -> None:
        self.slow.go.release(batches)


@pytest.fixture
def place() -> Iterator[Place]:
    found = Place()
    yield found
    found.let_go(100)
    found.line.close()


def test_questions_that_wait_are_answered_together_up_to_a_limit(place: Place) -> None:
    """The first goes alone, without waiting for company; those that came meanwhile go in batches of four."""
    waiting = place.join("a", "b", "c", "d", "e")
    place.let_go()
    assert [future.result(SOON).question for future in waiting] == ["a", "b", "c", "d", "e"]
    assert place.slow.batches == [["first"], ["a", "b", "c", "d"], ["e"]]


def test_a_full_line_is_refused_and_empties_again(place: Place) -> None:
    """The bound holds, nobody who waits is hurt, and there is room afterwards."""
    waiting = place.join(*"abcdefgh")
    with pytest.raises(Busy):
        place.join("i")
    place.let_go()
    assert [future.result(SOON).question for future in waiting] == list("abcdefgh")
    assert place.join("i")[0].result(SOON).question == "i"


def test_who_leaves_the_line_is_left_out(place: Place) -> None:
    """A client that has gone costs nothing and hinders nobody."""
    gone, stays = place.join("gone", "stays")
    assert gone.cancel()
    place.let_go()
    assert stays.result(SOON).question == "stays"
    assert place.slow.batches == [["first"], ["stays"]]


def test_who_leaves_during_the_batch_hinders_nobody(place: Place) -> None:
    """It is too late to be left out; the reply goes nowhere."""
    assert not place.first.cancel()
    place.let_go()
    assert place.first.result(SOON).question == "first"


def test_a_question_that_breaks_the_batch_breaks_alone(place: Place) -> None:
    """The others are asked again, each by itself; the thread lives on."""
    good, broken, empty, fine = place.join("good", "breaks", "", "fine")
    place.let_go()
    assert good.result(SOON).question == "good"
    assert fine.result(SOON).question == "fine"
    with pytest.raises(RuntimeError, match="broken"):
        broken.result(SOON)
    with pytest.raises(QuestionError):
        empty.result(SOON)
    assert place.join("later")[0].result(SOON).question == "later"


def test_a_batch_is_wholly_of_one_generation(place: Place) -> None:
    """A change of the index takes effect between batches."""
    waiting = place.join("a", "b")
    place.responder = Slow("two")
    place.responder.go.release(10)
    place.let_go()
    assert place.first.result(SOON).index_id == "one"
    assert [future.result(SOON).index_id for future in waiting] == ["two", "two"]


def test_without_an_index_nobody_waits() -> None:
    """It is said at once."""
    with pytest.raises(NotReady):
        BatchQueue(lambda: None).join(AskRequest("a"))


def test_closing_sends_away_who_waits(place: Place) -> None:
    """And lets the batch at work end."""
    [waits] = place.join("waits")
    place.let_go()
    place.line.close()
    assert place.first.result(SOON).question == "first"
    assert waits.done()
    if waits.cancelled():
        with pytest.raises(CancelledError):
            waits.result()
