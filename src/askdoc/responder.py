"""Answers a question with a ``Reply``; all of policy is here."""

import time
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from typing import Protocol, TypeVar

from askdoc.errors import QuestionError
from askdoc.followup import Carried
from askdoc.models import Answer, Confidence, Question, Reply
from askdoc.retriever import Found, Ranking
from askdoc.wording import Rewrite

LONGEST_QUESTION = 1000
"""Characters after Unicode normalisation (NFC)."""
MOST_ANSWERS = 20
DEFAULT_ANSWERS = 3
ORDER = {Confidence.NONE: 0, Confidence.PARTIAL: 1, Confidence.STRONG: 2}
T = TypeVar("T", Found, Ranking)


class Finder(Protocol):
    """What the responder asks for relevance."""

    def find(self, question: str, *, most: int) -> Found: ...
    def rank(self, question: str, *, most: int) -> Ranking: ...


class Conversations(Protocol):
    """What the responder asks about earlier questions."""

    def carry(self, question: str, context: Sequence[str]) -> Carried: ...


class Rewriter(Protocol):
    """What the responder asks for other words."""

    def rewrite(self, question: str) -> Rewrite: ...


class Answers(Protocol):
    """What the responder asks for a whole answer."""

    def answer(self, answer_id: str) -> tuple[Question, Answer] | None: ...
    def asked(self) -> Iterable[tuple[str, str]]: ...


class Responder:
    """Quotes what the finder finds. It never writes a sentence of its own about health."""

    def __init__(
        self,
        finder: Finder,
        answers: Answers,
        *,
        index_id: str,
        conversations: Conversations,
        rewriter: Rewriter,
    ) -> None:
        self._finder = finder
        self._answers = answers
        self._conversations = conversations
        self._rewriter = rewriter
        self.index_id = index_id

    def reply(self, question: str, *, max_answers: int = DEFAULT_ANSWERS, context: Sequence[str] = ()) -> Reply:
        """Reply to a question. ``context`` holds the questions asked before it, oldest first.

        Raises QuestionError where the question is empty or too long, the context too much, or too many answers
        are asked for.
        """
        began = time.perf_counter()
        asked = cleaned(question)
        if not 1 <= max_answers <= MOST_ANSWERS:
            raise QuestionError(f"Ask for 1 to {MOST_ANSWERS} answers, not {max_answers}.")
        carried = self._conversations.carry(asked, context)
        found, also = self._search(carried.text, lambda text: self._finder.find(text, most=max_answers))
        return Reply(
            question=asked,
            confidence=found.confidence,
            answers=found.matches,
            related=found.related,
            about=carried.about,
            searched_also=also,
            index_id=self.index_id,
            took_ms=1000 * (time.perf_counter() - began),
        )

    def rank(self, question: str, *, most: int) -> Ranking:
        """The ranking behind a reply, before anything is held back. Raises QuestionError as ``reply`` does."""
        return self._search(cleaned(question), lambda text: self._finder.rank(text, most=most))[0]

    def _search(self, text: str, search: Callable[[str], T]) -> tuple[T, tuple[str, ...]]:
        """Search for a text, and in other words where that finds little; the better of the two, and the words."""
        first = search(text)
        if first.confidence is Confidence.STRONG:
            return first, ()
        other = self._rewriter.rewrite(text)
        if not other.shown or other.text == text:
            return first, ()
        second = search(other.text)
        return (second, other.shown) if _fit(second) > _fit(first) else (first, ())

    def answer(self, answer_id: str) -> tuple[Question, Answer] | None:
        """A whole answer with its question, or None."""
        return self._answers.answer(answer_id)

    def asked(self) -> Iterable[tuple[str, str]]:
        """Id and title of every question that has an answer."""
        return self._answers.asked()


def _fit(found: Found | Ranking) -> tuple[int, float]:
    """How well a search went: what is found without confidence counts for nothing."""
    if found.confidence is Confidence.NONE:
        return 0, 0.0
    best = found.matches[0].score if isinstance(found, Found) else found.answers[0][1]
    return ORDER[found.confidence], best


def cleaned(question: str) -> str:
    """The question as it is searched: NFC, without white space around it. Raises QuestionError."""
    asked = unicodedata.normalize("NFC", question).strip()
    if not any(unicodedata.category(letter)[0] in "LN" for letter in asked):
        raise QuestionError("The question is empty. Type what you would like to know.")
    if len(asked) > LONGEST_QUESTION:
        raise QuestionError(
            f"The question has {len(asked):,} characters; at most {LONGEST_QUESTION:,} can be read. Shorten it."
        )
    if any(0xD800 <= ord(letter) < 0xE000 for letter in asked):
        raise QuestionError("The question holds half of a character. Type it again.")
    return asked
