"""Known-item search: asks questions whose page is known, and sees whether that page comes first.

The items are the index's own questions, or golden questions that somebody chose.
"""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from askdoc.errors import IndexUnusable, QuestionError, UsageError
from askdoc.evaluation.metrics import EvaluatedSystem
from askdoc.index.documents import title_key
from askdoc.index.field_texts import evenly_spaced, misaligned
from askdoc.index.protocol import OpenedIndex, StoredDocuments
from askdoc.models import Confidence, Reply
from askdoc.responder import Responder, cleaned

TRIED = 3
"""How many stored questions are asked, and rows of each vector field compared, before a generation is served."""


@dataclass(frozen=True, slots=True)
class KnownItem:
    """A question, and the id of the page that must come first."""

    question: str
    question_id: str


@dataclass(frozen=True, slots=True)
class SelfCheck:
    """What came of asking every stored question."""

    asked: int
    missed: tuple[tuple[str, str], ...]
    """Ids and titles of the questions that did not find their own page first."""
    unaskable: tuple[tuple[str, str], ...]
    """Ids and titles of those that are too long to be asked."""
    untitled: int = 0
    """How many are not asked because their titles say nothing."""

    def document(self) -> dict[str, Any]:
        """The outcome as plain values, ready for JSON."""
        missed, unaskable = (
            [{"question_id": question_id, "question": title} for question_id, title in questions]
            for questions in (self.missed, self.unaskable)
        )
        return {"asked": self.asked, "missed": missed, "unaskable": unaskable, "untitled": self.untitled}


def check_self(system: EvaluatedSystem, stored: Iterable[tuple[str, str]], *, untitled: int = 0) -> SelfCheck:
    """Ask every stored question, given as id and title. Another page with the very same title counts as its own.

    ``untitled`` questions are not among them, because their titles say nothing.
    """
    asked, missed, unaskable = 0, [], []
    for question_id, title in stored:
        try:
            ranking = system.rank(title, most=1)
        except QuestionError:
            unaskable.append((question_id, title))
            continue
        asked += 1
        first = system.answer(ranking.answers[0][0]) if ranking.answers else None
        if ranking.confidence is Confidence.NONE or first is None or title_key(first[0].title) != title_key(title):
            missed.append((question_id, title))
    return SelfCheck(asked, tuple(missed), tuple(unaskable), untitled)


def untitled(documents: StoredDocuments) -> int:
    """How many questions have answers and a title that says nothing."""
    return len(np.setdiff1d(documents.question_of, documents.titled))


def sample(documents: StoredDocuments, most: int) -> list[KnownItem]:
    """Choose at most ``most`` stored questions that have answers and can be asked, evenly spread.

    Those whose titles say nothing cannot.
    """
    rows = np.intersect1d(documents.question_of[documents.answer_of], documents.titled)
    questions = (documents.question(int(rows[place])) for place in evenly_spaced(len(rows), most))
    return [KnownItem(question.title, question.id) for question in questions if _is_askable(question.title)]


def read(path: Path) -> list[KnownItem]:
    """Read golden questions from JSONL: ``{"question", "question_id"}`` on a line. Raises UsageError."""
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or error
        raise UsageError(f"{path} cannot be read ({reason}). Give a file of golden questions.") from None
    return [_parsed(line, f"{path}:{number}") for number, line in enumerate(lines, 1) if line.strip()]


def _parsed(line: str, place: str) -> KnownItem:
    try:
        record = json.loads(line)
        return KnownItem(cleaned(str(record["question"])), str(record["question_id"]))
    except (ValueError, KeyError, TypeError, QuestionError) as error:
        raise UsageError(f'{place} is no golden question ({error}). Write {{"question", "question_id"}}.') from None


def missed(responder: Responder, items: Iterable[KnownItem]) -> Iterator[str]:
    """Ask every item's question; a sentence for each that does not find its page first."""
    for item in items:
        reply = responder.reply(item.question, max_answers=1)
        if not _comes_first(reply, item):
            first = reply.answers[0].passage.question.id if reply.answers else "nothing"
            yield f"The question of {item.question_id} finds {first} first."


def trial(index: OpenedIndex, responder: Responder) -> None:
    """Try an index before it is served: ask a few stored questions, and compare a few vectors.

    Raises IndexUnusable where a question cannot be answered or a vector is not that of its text.
    """
    try:
        problems = misaligned(index, most=TRIED)
        replies = [responder.reply(item.question) for item in sample(index.documents, TRIED)]
    except Exception as error:  # whatever is wrong with it, it must not be served
        raise IndexUnusable(
            f"Index {index.index_id} could not answer its own questions ({type(error).__name__}: {error}). "
            "Run: askdoc index --full"
        ) from error
    if any(reply.index_id != index.index_id for reply in replies):
        problems.append("It answers in the name of another index.")
    if replies and not any(reply.answers or reply.notice for reply in replies):
        problems.append("It found no answer to any of its own questions.")
    if problems:
        raise IndexUnusable(f"Index {index.index_id} is not sound: {problems[0]} Run: askdoc index --full")


def _comes_first(reply: Reply, item: KnownItem) -> bool:
    """Whether the item's page comes first, or another with its title; a notice may stand in place of answers."""
    if reply.confidence is Confidence.NONE:
        return reply.notice is not None
    page = reply.answers[0].passage.question
    return page.id == item.question_id or title_key(page.title) == title_key(item.question)


def _is_askable(title: str) -> bool:
    try:
        return bool(cleaned(title))
    except QuestionError:
        return False
