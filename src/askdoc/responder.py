"""Answers a question with a ``Reply``; all of policy is here."""

import math
import time
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, Protocol, TypeVar

import numpy as np
from numpy.typing import NDArray

from askdoc.embedder.protocol import Awaited
from askdoc.errors import QuestionError
from askdoc.models import DEFAULT_EMERGENCY, Answer, Confidence, Labels, Notice, Question, Reply
from askdoc.query.followup import ResolvedFollowup
from askdoc.query.rewriting import QueryRewrite
from askdoc.query.suggestions import Suggestions
from askdoc.retriever import Query, Ranking, Retrieved
from askdoc.text import visible

LONGEST_QUESTION = 1000
"""Characters after Unicode normalisation (NFC)."""
MOST_ANSWERS = 20
DEFAULT_ANSWERS = 3
T = TypeVar("T", Retrieved, Ranking)
Search = Callable[[Sequence[int], Sequence[Query]], list[T]]
"""Readings, each with the place of the question it belongs to → what each finds."""
ORDER = {Confidence.NONE: 0, Confidence.PARTIAL: 1, Confidence.STRONG: 2}


@dataclass(frozen=True, slots=True)
class AskRequest:
    """A question as it came in, how many answers are wanted at most, and the questions before it, oldest first."""

    question: str
    max_answers: int = DEFAULT_ANSWERS
    context: tuple[str, ...] = ()


class Finder(Protocol):
    """What the responder asks for relevance: to read questions, all in one go, and to find what fits a reading."""

    def begin(self, texts: Sequence[str]) -> Awaited: ...
    def read(self, questions: Sequence[str], awaited: Awaited | None = None) -> list[Query]: ...
    def find(self, readings: Sequence[Query], *, most: Sequence[int]) -> list[Retrieved]: ...
    def rank(self, reading: Query, *, most: int) -> Ranking: ...


class GateLook(Protocol):
    """What the gate saw in a question's words; it wants to see the vectors of ``segments`` below the question's own."""

    @property
    def segments(self) -> tuple[str, ...]: ...


Seen = TypeVar("Seen", bound=GateLook)


class SafetyGate(Protocol[Seen]):
    """What the responder asks before anything is retrieved. It never raises."""

    def assess(self, question: str) -> Seen | None: ...
    def decide(self, assessment: Seen | None, vectors: NDArray[np.float32] | None = None) -> Notice | None: ...


class Conversations(Protocol):
    """What the responder asks about earlier questions."""

    def resolve(self, question: str, context: Sequence[str]) -> ResolvedFollowup: ...


class Rewriter(Protocol):
    """What the responder asks for other words."""

    def rewrite(self, question: str) -> QueryRewrite: ...


class Answers(Protocol):
    """What the responder asks for a whole answer."""

    def answer(self, answer_id: str) -> tuple[Question, Answer] | None: ...
    def asked(self) -> Iterable[tuple[str, str]]: ...
    @property
    def labels(self) -> Labels: ...


@dataclass(frozen=True, slots=True)
class Parts:
    """What a responder works with."""

    finder: Finder
    answers: Answers
    gate: SafetyGate[Any]
    conversations: Conversations
    rewriter: Rewriter
    emergency: str | None = DEFAULT_EMERGENCY
    """The emergency number that the disclaimer names; None where the country's is not known."""


@dataclass(frozen=True, slots=True)
class _Work:
    """A question on its way: cleaned, with its topic carried, and what must be read first."""

    question: str
    carried: ResolvedFollowup
    most: int
    reading: Query
    notice: Notice | None

    @property
    def is_open(self) -> bool:
        """Whether answers may be shown."""
        return self.notice is None or self.notice.answers_allowed


class Responder:
    """Quotes what the finder finds. It never writes a sentence of its own about health."""

    def __init__(self, parts: Parts, *, index_id: str) -> None:
        self._parts = parts
        self.index_id = index_id

    def reply(self, question: str, *, max_answers: int = DEFAULT_ANSWERS, context: Sequence[str] = ()) -> Reply:
        """Reply to a question. ``context`` holds the questions asked before it, oldest first.

        Raises QuestionError where the question is empty or too long, the context too much, or too many answers
        are asked for.
        """
        [reply] = self.reply_many([AskRequest(question, max_answers, tuple(context))])
        if isinstance(reply, QuestionError):
            raise reply
        return reply

    def reply_many(self, asked: Sequence[AskRequest]) -> list[Reply | QuestionError]:
        """Reply to several questions at once, which costs less than each alone; errors stand in their places."""
        began = time.perf_counter()
        checked = [self._checked(one) for one in asked]
        works = self._read([one for one in checked if not isinstance(one, QuestionError)])
        founds = iter(self._find(works))
        waiting = iter(works)
        return [
            one if isinstance(one, QuestionError) else self._reply(next(waiting), *next(founds), began)
            for one in checked
        ]

    def rank(self, question: str, *, most: int) -> Ranking:
        """The ranking behind a reply, before anything is held back. Raises QuestionError as ``reply`` does."""
        finder = self._parts.finder
        readings = finder.read([visible(cleaned(question))])

        def search(_: Sequence[int], readings: Sequence[Query]) -> list[Ranking]:
            return [finder.rank(reading, most=most) for reading in readings]

        return self._better(readings, search([0], readings), search)[0][0]

    def answer(self, answer_id: str) -> tuple[Question, Answer] | None:
        """A whole answer by its id or its key, with its question, or None."""
        return self._parts.answers.answer(answer_id)

    @property
    def labels(self) -> Labels:
        """What the corpus says that its text is, where no doctor wrote it."""
        return self._parts.answers.labels

    @cached_property
    def suggestions(self) -> Suggestions:
        """The questions that have answers, to be found while one is typed. Made once, which takes its time."""
        return Suggestions(self._parts.answers.asked())

    def _checked(self, asked: AskRequest) -> tuple[str, ResolvedFollowup, int] | QuestionError:
        """The question as it is asked and as it is searched, or why it cannot be."""
        if not 1 <= asked.max_answers <= MOST_ANSWERS:
            return QuestionError(f"Ask for 1 to {MOST_ANSWERS} answers, not {asked.max_answers}.")
        try:
            question = cleaned(asked.question)
            return question, self._parts.conversations.resolve(visible(question), asked.context), asked.max_answers
        except QuestionError as error:
            return error

    def _read(self, checked: Sequence[tuple[str, ResolvedFollowup, int]]) -> list[_Work]:
        """Read all questions in one go and let the gate see each: as it stands, and with the topic it carries.

        Words are looked at while the vectors are made.
        """
        gate, finder = self._parts.gate, self._parts.finder
        texts = list(dict.fromkeys(text for question, carried, _ in checked for text in (question, carried.text)))
        if not texts:
            return []
        awaited = finder.begin(texts)
        looks = [gate.assess(text) for text in texts]
        pieces = [look.segments if look else () for look in looks]
        further = [piece for some in pieces for piece in some]
        awaited_further = finder.begin(further) if further else None
        readings = dict(zip(texts, finder.read(texts, awaited), strict=True))
        inner = iter(awaited_further().inner if awaited_further else ())
        notices = {}
        for text, look, some in zip(texts, looks, pieces, strict=True):
            seen = [readings[text].inner, *(next(inner) for _ in some)]
            notices[text] = gate.decide(look, None if seen[0] is None else np.array(seen))
        return [
            _Work(question, carried, most, readings[carried.text], _graver(notices[question], notices[carried.text]))
            for question, carried, most in checked
        ]

    def _find(self, works: Sequence[_Work]) -> list[tuple[Retrieved, tuple[str, ...]]]:
        """What each question finds, all searched together, and the words of a second search that did better.

        Nothing is searched where no answer may be shown below the notice.
        """
        open_ = [work for work in works if work.is_open]
        readings = [work.reading for work in open_]

        def search(places: Sequence[int], readings: Sequence[Query]) -> list[Retrieved]:
            return self._parts.finder.find(readings, most=[open_[place].most for place in places])

        found = iter(self._better(readings, search(range(len(open_)), readings), search))
        nothing = Retrieved(Confidence.NONE, (), (), -math.inf)
        return [next(found) if work.is_open else (nothing, ()) for work in works]

    def _reply(self, work: _Work, found: Retrieved, also: tuple[str, ...], began: float) -> Reply:
        return Reply(
            question=work.question,
            notice=work.notice,
            confidence=found.confidence,
            answers=found.matches,
            related=found.related,
            about=work.carried.about if work.is_open else None,  # a topic of answers, and there are none
            searched_also=also,
            emergency=self._parts.emergency,
            index_id=self.index_id,
            took_ms=1000 * (time.perf_counter() - began),
        )

    def _better(
        self, readings: Sequence[Query], firsts: Sequence[T], search: Search[T]
    ) -> list[tuple[T, tuple[str, ...]]]:
        """Search in other words, all together, where the first search found little; the better one, and the words.

        What was found in other words is never strong: nobody asked for them.
        """
        found: list[tuple[T, tuple[str, ...]]] = [(first, ()) for first in firsts]
        weak = [place for place, first in enumerate(firsts) if first.confidence is not Confidence.STRONG]
        others = {place: self._parts.rewriter.rewrite(readings[place].text) for place in weak}
        others = {at: other for at, other in others.items() if other.new_terms and other.text != readings[at].text}
        if others:
            seconds = search(list(others), self._parts.finder.read([other.text for other in others.values()]))
            for (place, other), second in zip(others.items(), seconds, strict=True):
                if _fit(second) > _fit(firsts[place]):
                    found[place] = _guessed(second), other.new_terms
        return found


def _graver(one: Notice | None, other: Notice | None) -> Notice | None:
    """The notice that matters more; the first of two that matter alike."""
    order = [None, "education", "emergency", "crisis"]
    return max((one, other), key=lambda notice: order.index(notice.level.value if notice else None))


def _fit(found: Retrieved | Ranking) -> tuple[int, float]:
    """How well a search went. Where both find nothing to show, the nearest questions are still the surer one's."""
    return ORDER[found.confidence], found.certainty


def _guessed(found: T) -> T:
    """What was found by words that the program put into the question's place: in part at most."""
    return found if found.confidence is Confidence.NONE else replace(found, confidence=Confidence.PARTIAL)


def cleaned(question: str) -> str:
    """The question as it is searched: NFC, without white space around it. Raises QuestionError."""
    asked = unicodedata.normalize("NFC", question).strip()
    if not any(unicodedata.category(letter)[0] in "LN" for letter in visible(asked)):
        raise QuestionError("The question is empty. Type what you would like to know.")
    if len(asked) > LONGEST_QUESTION:
        raise QuestionError(
            f"The question has {len(asked):,} characters; at most {LONGEST_QUESTION:,} can be read. Shorten it."
        )
    if any(0xD800 <= ord(letter) < 0xE000 for letter in asked):
        raise QuestionError("The question holds half of a character. Type it again.")
    return asked
