"""Reads questions and judgements, and writes runs: one question, judgement or result to a line.

::

    queries  {"id": "q1", "text": "…"}                        JSONL; other fields are ignored
    qrels    q1 <tab> answer id <tab> grade                   grade: a whole number, above 0 where the answer fits
    run      q1 Q0 answer-id rank score word                  as TREC has it; the word is the confidence of the question

White space within an id is written as ``%20`` in a run, where it would part the columns.
"""

import json
import re
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import numpy as np

from askdoc.errors import UsageError

Qrels = dict[str, dict[str, int]]
FEWEST_COLUMNS = 3


def queries(path: Path) -> dict[str, str]:
    """Text by id, in the order of the file. Raises UsageError with file and line."""
    found: dict[str, str] = {}
    for place, line in _lines(path):
        try:
            record = json.loads(line)
        except ValueError:
            raise UsageError(f'{place}: this is not JSON. Write {{"id": "…", "text": "…"}} to a line.') from None
        if not isinstance(record, dict) or not all(isinstance(record.get(name), str) for name in ("id", "text")):
            raise UsageError(f'{place}: "id" and "text" must both be there, as texts. Add what is missing.')
        if not record["id"].strip():
            raise UsageError(f"{place}: the id is empty. Give each question its own.")
        if record["id"] in found:
            raise UsageError(f"{place}: the id {record['id']} stands twice. Give each question its own.")
        found[record["id"]] = record["text"]
    if not found:
        raise UsageError(f"{path}: there is no question in it. Write one to a line.")
    return found


def qrels(path: Path) -> Qrels:
    """Grade by question and answer. Raises UsageError with file and line."""
    found: Qrels = {}
    for place, line in _lines(path):
        columns = [column.strip() for column in line.split("\t")]
        if len(columns) != FEWEST_COLUMNS or not all(columns):
            raise UsageError(f"{place}: three columns parted by tabs are needed: question id, answer id, grade.")
        query, answer, grade = columns
        if not re.fullmatch(r"-?\d{1,9}", grade):
            raise UsageError(f"{place}: the grade is {grade!r}. Write a whole number.")
        if answer in found.setdefault(query, {}):
            raise UsageError(f"{place}: {query} and {answer} are judged twice. Leave one line.")
        found[query][answer] = int(grade)
    if not found:
        raise UsageError(f"{path}: there is no judgement in it. Write question id, answer id and grade, by tabs.")
    return found


def _lines(path: Path) -> Iterator[tuple[str, str]]:
    """The lines that are not blank, each with its place. Raises UsageError where the file cannot be read."""
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


def falling(scores: Sequence[float]) -> list[float]:
    """The scores, none as high as the one before, to single precision: programs that sort a run keep its order."""
    found: list[np.float32] = []
    for score in scores:
        value = np.float32(score)
        found.append(min(value, np.nextafter(found[-1], np.float32(-np.inf))) if found else value)
    return [float(value) for value in found]


def run_lines(query: str, answers: Sequence[tuple[str, float]], word: str) -> Iterator[str]:
    """The lines of a run for one question."""
    scores = falling([score for _, score in answers])
    for rank, ((answer, _), score) in enumerate(zip(answers, scores, strict=True), 1):
        yield f"{_joined(query)} Q0 {_joined(answer)} {rank} {score:.9g} {word}"


def _joined(name: str) -> str:
    return re.sub(r"\s", "%20", name)


def write(path: Path, lines: Iterable[str]) -> None:
    """Write lines of UTF-8. Raises UsageError where the file cannot be written."""
    try:
        path.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    except OSError as error:
        raise UsageError(f"{path} cannot be written ({error.strerror}). Name another place.") from None
