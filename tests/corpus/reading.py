"""What a reader says of a file, in the order of a report."""

from collections.abc import Iterator

from askdoc.corpus.reader import Finding, Reader, RowResult
from askdoc.models import Question


def flat(reader: Reader, file: str, data: bytes) -> Iterator[Question | Finding]:
    """Each row's question or rejection with its remarks below it, and the remarks on the file where they stand."""
    for result in reader.read(file, data):
        if isinstance(result, RowResult):
            yield result.outcome
            yield from result.remarks
        else:
            yield result
