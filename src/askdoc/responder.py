"""Answers a question with a ``Reply``; all of policy is here."""

import time
import unicodedata
from typing import Protocol

from askdoc.errors import QuestionError
from askdoc.models import Answer, Question, Reply
from askdoc.retriever import Found

LONGEST_QUESTION = 1000
"""Characters after Unicode normalisation (NFC)."""
MOST_ANSWERS = 20
DEFAULT_ANSWERS = 3


class Finder(Protocol):
    """What the responder asks for relevance."""

    def find(self, question: str, *, most: int) -> Found: ...


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
        began = time.perf_counter()
        asked = cleaned(question)
        if not 1 <= max_answers <= MOST_ANSWERS:
            raise QuestionError(f"Ask for 1 to {MOST_ANSWERS} answers, not {max_answers}.")
        found = self._finder.find(asked, most=max_answers)
        return Reply(
            question=asked,
            confidence=found.confidence,
            answers=found.matches,
            related=found.related,
            index_id=self.index_id,
            took_ms=1000 * (time.perf_counter() - began),
        )

    def answer(self, answer_id: str) -> tuple[Question, Answer] | None:
        """A whole answer with its question, or None."""
        return self._answers.answer(answer_id)


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
