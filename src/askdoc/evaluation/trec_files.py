"""The files of an evaluation: queries, relevance judgements (qrels) and runs, one record to a line.

::

    queries  {"id": "q1", "text": "…"}                        JSONL; other fields are ignored
    qrels    q1 <tab> answer id <tab> grade                   grade: a whole number, above 0 where the answer fits
    run      q1 Q0 answer-id rank score word                  TREC's format; last stands the confidence word

White space within an id is written as ``%20`` in a run, where it would part the columns.
"""

import json
import re
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import numpy as np

from askdoc.errors import UsageError

Qrels = dict[str, dict[str, int]]
"""Grade by answer id, by question id."""
QRELS_COLUMNS = 3


def queries(path: Path) -> dict[str, str]:
    """Read questions: text by id, in the order of the file. Raises UsageError with file and line."""
    texts: dict[str, str] = {}
    for place, line in _lines(path):
        try:
            record = json.loads(line)
        except ValueError:
            raise UsageError(f'{place}: this is not JSON. Write {{"id": "…", "text": "…"}} to a line.') from None
        if not isinstance(record, dict) or not all(isinstance(record.get(name), str) for name in ("id", "text")):
            raise UsageError(f'{place}: "id" and "text" must both be there, as texts. Add what is missing.')
        if not record["id"].strip():
            raise UsageError(f"{place}: the id is empty. Give each question its own.")
        if record["id"] in texts:
            raise UsageError(f"{place}: the id {record['id']} stands twice. Give each question its own.")
        texts[record["id"]] = record["text"]
    if not texts:
        raise UsageError(f"{path}: there is no question in it. Write one to a line.")
    return texts


def qrels(path: Path) -> Qrels:
    """Read relevance judgements. Raises UsageError with file and line."""
    judgements: Qrels = {}
    for place, line in _lines(path):
        columns = [column.strip() for column in line.split("\t")]
        if len(columns) != QRELS_COLUMNS or not all(columns):
            raise UsageError(f"{place}: three columns parted by tabs are needed: question id, answer id, grade.")
        query, answer, grade = columns
        if not re.fullmatch(r"-?\d{1,9}", grade):
            raise UsageError(f"{place}: the grade is {grade!r}. Write a whole number.")
        if answer in judgements.setdefault(query, {}):
            raise UsageError(f"{place}: {query} and {answer} are judged twice. Leave one line.")
        judgements[query][answer] = int(grade)
    if not judgements:
        raise UsageError(f"{path}: there is no judgement in it. Write question id, answer id and grade, by tabs.")
    return judgements


def _lines(path: Path) -> Iterator[tuple[str, str]]:
    """Read the lines that are not blank, each with its place, ``file:line``. Raises UsageError."""
    try:
        data = path.read_bytes().removeprefix(b"\xef\xbb\xbf")
    except OSError as error:
        raise UsageError(f"{path} cannot be read ({error.strerror}). Name a file that is there.") from None
    for number, line in enumerate(data.split(b"\n"), 1):
        try:
            text = line.decode().rstrip("\r")
        except UnicodeDecodeError:
            raise UsageError(f"{path}:{number}: this is not UTF-8. Save the file as UTF-8.") from None
        if text.strip():
            yield f"{path}:{number}", text


def strictly_decreasing(answers: Sequence[tuple[str, float]]) -> list[tuple[str, float]]:
    """Lower equal scores of a ranking by the least step of single precision, each below the one before.

    Programs that evaluate a run sort it by score; so they keep the order.
    """
    scores: list[np.float32] = []
    for _, score in answers:
        value = np.float32(score)
        scores.append(min(value, np.nextafter(scores[-1], np.float32(-np.inf))) if scores else value)
    return [(answer, float(score)) for (answer, _), score in zip(answers, scores, strict=True)]


def run_lines(query: str, answers: Sequence[tuple[str, float]], confidence: str) -> Iterator[str]:
    """Write one question's ranking (answer ids and scores, best first) as the lines of a run."""
    for rank, (answer, score) in enumerate(strictly_decreasing(answers), 1):
        yield f"{_escaped(query)} Q0 {_escaped(answer)} {rank} {score:.9g} {confidence}"


def _escaped(name: str) -> str:
    return re.sub(r"\s", "%20", name)


def write(path: Path, lines: Iterable[str]) -> None:
    """Write lines of UTF-8. Raises UsageError where the file cannot be written."""
    try:
        path.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    except OSError as error:
        raise UsageError(f"{path} cannot be written ({error.strerror}). Name another place.") from None
