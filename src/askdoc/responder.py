"""Answers a question with a ``Reply``; all of policy is here."""

import time
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from askdoc.errors import QuestionError
from askdoc.models import Answer, Question, Reply
from askdoc.retriever import Found

LONGEST_QUESTION = 1000
"""Characters after Unicode normalisation (NFC)."""
MOST_ANSWERS = 20
DEFAULT_ANSWERS = 3


@dataclass(frozen=True, slots=True)
class Asked:
    """A question as it came in, and how many answers are wanted at most."""

    question: str
    max_answers: int = DEFAULT_ANSWERS


class Finder(Protocol):
    """What the responder asks for relevance."""

    def find_many(self, questions: Sequence[str], *, most: Sequence[int]) -> list[Found]:
        """What fits each question, at most so many answers for each."""
        ...


class Answers(Protocol):
    """What the responder asks for a whole answer."""

    def answer(self, answer_id: str) -> tuple[Question, Answer] | None: ...


class Responder:
    """Quotes what the finder finds. It never writes a sentence of its own about health."""

    def __init__(self, finder: Finder, answers: Answers, *, index_id: str) -> None:
        self._finder = finder
        self._answers = answers
        self.index_id = index_id

    def reply(self, question: str, *, max_answers: int = DEFAULT_ANSWERS) -> Reply:
        """Reply to a question. Raises QuestionError where it is empty, too long, or asks for too many answers."""
        [reply] = self.reply_many([Asked(question, max_answers)])
        if isinstance(reply, QuestionError):
            raise reply
        return reply

    def reply_many(self, asked: Sequence[Asked]) -> list[Reply | QuestionError]:
        """Reply to several questions at once, which costs less than each alone; errors stand in their places."""
        began = time.perf_counter()
        checked = [_checked(one) for one in asked]
        good = [(one, wish.max_answers) for one, wish in zip(checked, asked, strict=True) if isinstance(one, str)]
        founds = iter(self._finder.find_many([one for one, _ in good], most=[most for _, most in good]))
        took_ms = 1000 * (time.perf_counter() - began)
        return [one if isinstance(one, QuestionError) else self._reply(one, next(founds), took_ms) for one in checked]

    def _reply(self, question: str, found: Found, took_ms: float) -> Reply:
        return Reply(
            question=question,
            confidence=found.confidence,
            answers=found.matches,
            related=found.related,
            index_id=self.index_id,
            took_ms=took_ms,
        )

    def answer(self, answer_id: str) -> tuple[Question, Answer] | None:
        """A whole answer with its question, or None."""
        return self._answers.answer(answer_id)


def _checked(asked: Asked) -> str | QuestionError:
    """The question as it is searched, or why it cannot be."""
    if not 1 <= asked.max_answers <= MOST_ANSWERS:
        return QuestionError(f"Ask for 1 to {MOST_ANSWERS} answers, not {asked.max_answers}.")
    try:
        return cleaned(asked.question)
    except QuestionError as error:
        return error


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
