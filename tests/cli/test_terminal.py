"""Texts are laid out for a terminal by the cells that they take, and cannot steer it."""

import textwrap
import unicodedata

import pytest
import wcwidth
from hypothesis import given
from hypothesis import strategies as st

from askdoc.cli import terminal
from askdoc.cli.terminal import Glyphs, safe, wrapped

PERSIAN, SOFT = "می\u200cرود", "in\u00adfec\u00adtion"
EMOJI = ["👩\u200d⚕\ufe0f", "❤\ufe0f", "🏴\U000e0067\U000e007f"]
WORDS = [PERSIAN, SOFT, *EMOJI, "e\u0301", "a\u200eb", "\u2060x", "a\u200bb", "\uf0b7"]


@pytest.fixture(autouse=True)
def width(monkeypatch: pytest.MonkeyPatch) -> None:
    """A terminal of forty columns."""
    monkeypatch.setenv("COLUMNS", "40")


@pytest.mark.parametrize("word", WORDS)
def test_what_belongs_to_words_stays(word: str) -> None:
    """Joiners, soft hyphens, variation selectors, tags, marks of direction that turn nothing."""
    assert wrapped(f"one {word} two") == f"one {word} two"


@pytest.mark.parametrize(
    "character",
    [*map(chr, range(0x20)), *map(chr, range(0x7F, 0xA0)), *"\u2028\u2029\u202a\u202b\u202d\u202e\u2066\u2069\ufff9"],
)
def test_what_steers_a_terminal_does_not_stay(character: str) -> None:
    """Control characters of both sets, line ends of every kind, and what turns the direction of writing."""
    assert safe(character) in {" ", "\N{REPLACEMENT CHARACTER}"}
    assert character not in wrapped(f"a{character}b") or character == "\n"


@given(st.text())
def test_no_control_character_passes(text: str) -> None:
    """Whatever the text holds."""
    assert not any(unicodedata.category(character) in {"Cc", "Zl", "Zp"} for character in safe(text))


@pytest.mark.parametrize("word", [PERSIAN, "👩\u200d⚕\ufe0f", "e\u0301e\u0301", "頁頁", "नमस्ते"])
def test_lines_are_filled_by_cells(word: str) -> None:
    """Accents and joiners take none, Chinese letters and emoji two: no line is too long, and none is too short."""
    lines = wrapped(" ".join([word] * 60), "  ").split("\n")
    cells = [wcwidth.wcswidth(line) for line in lines]
    assert max(cells) <= 40
    assert all(line + 1 + wcwidth.wcswidth(word) > 40 for line in cells[:-1])


@given(st.text(st.sampled_from("ab  -\t\n")))
def test_plain_letters_are_laid_out_as_they_were(text: str) -> None:
    """As the standard library wraps them."""
    wanted = textwrap.fill(
        safe(text), 40, initial_indent="- ", subsequent_indent="  ", break_long_words=False, break_on_hyphens=False
    )
    assert wrapped(text, "- ", hanging="  ") == wanted


@given(st.text())
def test_no_character_is_lost(text: str) -> None:
    """What stands in the lines is what stood in the text, but for spaces."""
    assert "".join(wrapped(text).split()) == "".join(safe(text).split())


@pytest.mark.parametrize(("encoding", "drawn"), [("utf-8", True), ("cp1252", False), ("cp437", False), (None, False)])
def test_an_encoding_without_the_signs_gets_plain_ones(encoding: str | None, drawn: bool) -> None:
    """All of them or none."""
    glyphs = Glyphs.fit(encoding)
    assert (glyphs == Glyphs()) is drawn
    assert drawn or "".join(getattr(glyphs, name) for name in Glyphs.__slots__).isascii()


def test_a_narrow_terminal_still_gets_a_line(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever is said of its width."""
    for columns in ("0", "1", "-5", "x"):
        monkeypatch.setenv("COLUMNS", columns)
        assert wrapped("word " * 30)
        assert terminal.width() >= terminal.NARROWEST
