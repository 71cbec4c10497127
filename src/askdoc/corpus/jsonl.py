"""Reads and writes questions as JSONL: one JSON object on a line, one question in an object.

``records`` has the fields of such an object. Read is also JSON in other layouts, see ``json_splitting``.

The canonical form, which ``write`` gives, is one record to a line in UTF-8, each line ended by a line feed. The fields
stand in the order that ``records`` shows, without those that have no value; the ids are always written. Characters
stand for themselves, except where JSON or a program that reads line by line needs an escape: quotation marks,
backslashes, control characters, and Unicode's own line ends (U+0085, U+2028, U+2029).
"""

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import fields
from pathlib import Path, PurePosixPath
from typing import Any

from askdoc import durable
from askdoc.corpus import decoding, json_splitting, records
from askdoc.corpus.field_values import HINT, InvalidRecord
from askdoc.corpus.json_splitting import SplitJson
from askdoc.corpus.reader import Finding, RowResult, quoted
from askdoc.errors import CorpusError
from askdoc.models import Question, Source
from askdoc.question_records import question_record

LARGEST_FILE = 1_000_000_000
"""The most bytes of a file of records, which is held in memory while it is read."""
_NOT_UTF_8 = re.compile("[\udc80-\udcff]")  # as ``surrogateescape`` keeps such bytes
# JSON leaves these as they are. Programs part lines at the first three; half a surrogate pair cannot be encoded.
_ESCAPED = re.compile("[\x85\u2028\u2029\ud800-\udfff]")


class JsonlReader:
    """Reads files of records: one record is one row."""

    kind = "*.jsonl"
    largest = LARGEST_FILE

    def detects(self, name: str, head: bytes) -> bool:  # noqa: ARG002 - JSON has no signature
        return name.lower().endswith(".jsonl")

    def read(self, file: str, data: bytes) -> Iterator[RowResult | Finding]:
        text, encoding_remarks = _decode(file, data)
        split = json_splitting.split(text)
        if not split.records:
            yield Finding(Source(file, 1), "The file is empty.", f"Write one record to a line. {HINT}", kept=True)
        is_used = False
        for number in range(1, len(split.records) + 1):
            result = _read_row(file, number, split)
            is_used = is_used or isinstance(result.outcome, Question)
            yield result
        if is_used:
            yield from encoding_remarks
            yield from _layout_remark(file, split)


def write(questions: Iterable[Question]) -> Iterator[bytes]:
    """Write each question as one line of JSONL in canonical form.

    Every line is read back. Raises ``CorpusError`` where the reader would not give an equal question, in the place
    that the line has: its words may be garbled, or a value may be one that no record can hold.
    """
    for question in questions:
        yield _write_line(question)


def save(path: Path, questions: Iterable[Question]) -> None:
    """Write a JSONL file in one step: a crash leaves the file as it was, or not there. Raises as ``write`` does."""
    durable.replace(path, b"".join(write(questions)))


def _write_line(question: Question) -> bytes:
    text = json.dumps(question_record(question), ensure_ascii=False)
    text = _ESCAPED.sub(lambda character: f"\\u{ord(character[0]):04x}", text)
    _check_line(text, question)
    return f"{text}\n".encode()


def _check_line(text: str, question: Question) -> None:
    """Raise ``CorpusError`` where a line that was written is not read back as the question that it was written for."""
    try:
        # An id that could not be written is not made good by the one that the reader makes up.
        row = records.to_question(_parse(text), question.source, default_id=f"not {question.id}")
    except InvalidRecord as invalid:
        raise _unwritable(question, f"{invalid}. {invalid.hint}") from None
    if row.outcome != question:
        names = [field.name for field in fields(Question)]
        changed = [f"'{name}'" for name in names if getattr(row.outcome, name) != getattr(question, name)]
        raise _unwritable(question, f"{' and '.join(changed)} would be read back as another value. Correct it first.")


def _unwritable(question: Question, why: str) -> CorpusError:
    return CorpusError(f"The question {quoted(question.id)} cannot be written as a record: {why}")


def _decode(file: str, data: bytes) -> tuple[str, tuple[Finding, ...]]:
    """The text of a file, and remarks on its encoding. What is not UTF-8 stays recognisable, line by line."""
    utf_16 = decoding.utf_16(file, data)
    if utf_16:
        return utf_16.text, utf_16.remarks
    return data.removeprefix(b"\xef\xbb\xbf").decode("utf-8", "surrogateescape"), ()


def _layout_remark(file: str, split: SplitJson) -> Iterator[Finding]:
    if not split.is_jsonl and not split.breaks_off:
        reason = "The file is not JSONL, with one record to a line, but it is JSON; its records were read."
        yield Finding(Source(file, 1), reason, "Nothing needs to be done if all of them are there.", kept=True)


def _read_row(file: str, number: int, split: SplitJson) -> RowResult:
    """The result of the row that is the ``number``-th of its file."""
    line, text = split.records[number - 1]
    source = Source(file, line)
    default_id = f"{PurePosixPath(file).with_suffix('')}-{line if split.is_jsonl else number}"
    if split.breaks_off and number == len(split.records):
        reason = "From here on the file cannot be read: it is neither JSONL nor whole JSON."
        return RowResult(Finding(source, reason, HINT))
    try:
        return records.to_question(_parse(text), source, default_id=default_id)
    except InvalidRecord as invalid:
        return RowResult(Finding(source, f"{invalid}.", invalid.hint))


def _parse(text: str) -> Any:
    if _NOT_UTF_8.search(text):
        raise InvalidRecord("The line is not UTF-8", decoding.how_to_save(text.encode("utf-8", "surrogateescape")))
    try:
        return _DECODER.decode(text)
    except RecursionError:
        raise InvalidRecord("The line is not JSON that can be read (nested too deeply)") from None
    except json.JSONDecodeError as error:
        raise InvalidRecord(f"The line is not JSON ({error.msg})") from None
    except ValueError:  # the interpreter's limit on the digits of a number
        raise InvalidRecord("The line is not JSON that can be read (a number is too long)") from None


def _refuse_constant(name: str) -> None:
    raise json.JSONDecodeError(f"{name} is no JSON number", "", 0)


def _unambiguous(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """An object; a name given twice is refused, for there is no telling which of the two values was meant."""
    values = dict(pairs)
    if len(values) < len(pairs):
        names = [name for name, _ in pairs]
        repeated = next(name for name in names if names.count(name) > 1)
        raise InvalidRecord(f"{quoted(repeated)} is given twice in one object")
    return values


_DECODER = json.JSONDecoder(parse_constant=_refuse_constant, object_pairs_hook=_unambiguous)
