"""The shape of a byline's line: no sentence, no item of a list."""

import pytest

from askdoc.corpus.text_page.lines.line_shape import could_be_byline_line


@pytest.mark.parametrize(
    "line",
    [
        "See a dentist.",
        "Is it a Dentist?",
        "- Dentist",
        "1. Dentist",
        "• Dentist",
        "皮膚科へ。",
        "क्या?",
        "a" * 121,
        "123",
        "…",
        "",
    ],
)
def test_a_sentence_or_an_item_of_a_list_is_no_doctors_line(line: str) -> None:
    """Sentences in any script, list items, long lines and lines without letters cannot name a doctor."""
    assert not could_be_byline_line(line)


@pytest.mark.parametrize("line", ["Jane Roe, M.D.", "Jane Roe, Ph.D.", "John Roe Jr.", "J. Roe, D.D.S."])
def test_an_abbreviation_ends_a_doctors_line(line: str) -> None:
    """A full stop after an abbreviation does not make a sentence of a name."""
    assert could_be_byline_line(line)
