"""What readers give: each row one result, and findings that can be printed."""

import pytest

from askdoc.corpus.reader import Finding, RowResult, quoted
from askdoc.models import Question, Source

PLACE = Source("a.txt", 1)
REMARK = Finding(PLACE, "Odd.", "Check it.", kept=True)
REJECTION = Finding(PLACE, "Bad.", "Mend it.")


def test_a_row_is_used_or_rejected_and_never_both() -> None:
    """A remark is no outcome of a row, and a rejection no remark on it."""
    question = Question("q", "Why?", PLACE)
    assert RowResult(question, (REMARK,)).remarks == (REMARK,)
    assert RowResult(REJECTION).remarks == ()
    with pytest.raises(ValueError, match="used or rejected"):
        RowResult(REMARK)
    with pytest.raises(ValueError, match="in place of its question"):
        RowResult(question, (REMARK, REJECTION))


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("a b", "'a b'"),
        ("a\nb", r"'a\nb'"),
        ("\u202e", r"'\u202e'"),
        ("x" * 61, f"'{'x' * 60}…'"),
        ("\n" * 61, "'" + r"\n" * 60 + r"\u2026'"),
    ],
)
def test_a_quotation_in_a_finding_can_be_printed(text: str, written: str) -> None:
    """On one line, with escapes where a character cannot be shown, and of sane length."""
    assert quoted(text) == written
    assert quoted(text).isprintable()
