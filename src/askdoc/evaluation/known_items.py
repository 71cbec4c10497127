"""Asks an opened index what it should know: some of its own questions, or golden ones that somebody chose."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from askdoc.errors import IndexUnusable, QuestionError, UsageError
from askdoc.evaluation.metrics import EvaluatedSystem
from askdoc.index.documents import title_key
from askdoc.index.fields import evenly_spaced, misaligned
from askdoc.index.protocol import OpenedIndex, StoredDocuments
from askdoc.models import Confidence, Reply
from askdoc.responder import Responder, cleaned


@dataclass(frozen=True, slots=True)
class SelfCheck:
    """Whether stored questions find their own pages: ids and titles of the ``missed``, and of those too long to ask."""

    asked: int
    missed: tuple[tuple[str, str], ...]
    unaskable: tuple[tuple[str, str], ...]

    def document(self) -> dict[str, Any]:
        """The same as plain values."""
        missed, unaskable = (
            [{"question_id": name, "question": title} for name, title in listed]
            for listed in (self.missed, self.unaskable)
        )
        return {"asked": self.asked, "missed": missed, "unaskable": unaskable}


def check_self(asked: EvaluatedSystem, stored: Iterable[tuple[str, str]]) -> SelfCheck:
    """Ask every stored question, given as id and title. Another page with the very same title counts as its own."""
    count, missed, unaskable = 0, [], []
    for question_id, title in stored:
        try:
            ranking = asked.rank(title, most=1)
        except QuestionError:
            unaskable.append((question_id, title))
            continue
        count += 1
        found = asked.answer(ranking.answers[0][0]) if ranking.answers else None
        if ranking.confidence is Confidence.NONE or found is None or title_key(found[0].title) != title_key(title):
            missed.append((question_id, title))
    return SelfCheck(count, tuple(missed), tuple(unaskable))


TRIED = 3
"""How many stored questions are asked, and how many rows of each field compared, before a generation is served."""


@dataclass(frozen=True, slots=True)
class Golden:
    """A question and the page that must come first."""

    question: str
    question_id: str


def stored(documents: StoredDocuments, most: int) -> list[Golden]:
    """At most ``most`` stored questions that have answers and can be asked, evenly spread."""
    rows = sorted({int(row) for row in documents.question_of[documents.answer_of]})
    found = (documents.question(rows[place]) for place in evenly_spaced(len(rows), most))
    return [Golden(question.title, question.id) for question in found if _askable(question.title)]


def read(path: Path) -> list[Golden]:
    """Golden questions from JSONL: ``{"question", "question_id"}`` on a line. Raises UsageError."""
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or error
        raise UsageError(f"{path} cannot be read ({reason}). Give a file of golden questions.") from None
    return [_golden(line, f"{path}:{number}") for number, line in enumerate(lines, 1) if line.strip()]


def _golden(line: str, where: str) -> Golden:
    try:
        record = json.loads(line)
        return Golden(cleaned(str(record["question"])), str(record["question_id"]))
    except (ValueError, KeyError, TypeError, QuestionError) as error:
        raise UsageError(f'{where} is no golden question ({error}). Write {{"question", "question_id"}}.') from None


def missed(responder: Responder, golden: Iterable[Golden]) -> Iterator[str]:
    """A sentence for every question that does not find its page first."""
    for wanted in golden:
        reply = responder.reply(wanted.question, max_answers=1)
        if not _first(reply, wanted):
            first = reply.answers[0].passage.question.id if reply.answers else "nothing"
            yield f"The question of {wanted.question_id} finds {first} first."


def trial(index: OpenedIndex, responder: Responder) -> None:
    """Ask a few stored questions and compare a few vectors. Raises IndexUnusable where something is amiss."""
    try:
        wrong = misaligned(index, most=TRIED)
        replies = [responder.reply(asked.question) for asked in stored(index.documents, TRIED)]
    except Exception as error:  # whatever is wrong with it, it must not be served
        raise IndexUnusable(
            f"Index {index.index_id} could not answer its own questions ({type(error).__name__}: {error}). "
            "Run: askdoc index --full"
        ) from error
    if any(reply.index_id != index.index_id for reply in replies):
        wrong.append("It answers in the name of another index.")
    if replies and not any(reply.answers or reply.notice for reply in replies):
        wrong.append("It found no answer to any of its own questions.")
    if wrong:
        raise IndexUnusable(f"Index {index.index_id} is not sound: {wrong[0]} Run: askdoc index --full")


def _first(reply: Reply, wanted: Golden) -> bool:
    """Whether the page comes first, or another with the same title; a notice may stand in place of answers."""
    if reply.confidence is Confidence.NONE:
        return reply.notice is not None
    page = reply.answers[0].passage.question
    return page.id == wanted.question_id or title_key(page.title) == title_key(wanted.question)


def _askable(title: str) -> bool:
    try:
        return bool(cleaned(title))
    except QuestionError:
        return False
