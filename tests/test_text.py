"""Tests for ``askdoc.text``."""

import re
import unicodedata
from collections.abc import Sequence
from pathlib import Path

import pytest

from askdoc import text
from askdoc.index.bm25 import Tokenizer
from askdoc.index.documents import title_key
from askdoc.index.field_texts import misaligned
from askdoc.query.completion import Suggestions
from askdoc.query.terminology import phrase
from tests.making import make, opened
from tests.tiny import TinyEmbedder


@pytest.mark.parametrize(
    "seen",
    [
        "in\u00adfec\u00adtion",
        "in\u2060fection",
        "\ufeffinfection",
        "in\u200dfection",
        "infe\u200cction",
        "\u202ainfection\u202c",
        "infection\u200e",
        "infec\u034ftion",
        "infection\ufe0f",
        "\u180einfection\U000e0041",
        "infec\u00ad\ntion",
        "infec\u00ad \r\n  tion",
    ],
)
def test_what_nobody_sees_is_in_no_word(seen: str) -> None:
    """A word with invisible characters inside is the word that is read."""
    assert text.words(seen) == ["infection"]
    assert Tokenizer()(seen) == Tokenizer()("infection")
    assert phrase(seen) == ("infection",)
    assert title_key(seen) == "infection"
    assert Suggestions([("a", "Is it an infection?")]).complete(seen, most=1)


@pytest.mark.parametrize("gap", ["\u200b", "\u3164", "\uffa0", "\u200b \u200b", "\u200b\u2060\u200b"])
def test_what_stands_for_a_space_parts_words(gap: str) -> None:
    """A zero-width space, or a letter that is blank, between two words parts them as a space does."""
    assert text.words(f"chest{gap}pain") == ["chest", "pain"]
    assert text.visible(f"chest{gap}pain").split() == ["chest", "pain"]


def test_words_of_a_joined_script_keep_together() -> None:
    """The Persian for "I want" is one word, with the non-joiner that is typed in it or without."""
    assert text.words("می\u200cخواهم") == text.words("میخواهم") == ["میخواهم"]


def test_a_joined_emoji_is_no_word() -> None:
    """An emoji of several, held together by joiners, leaves the words beside it as they are."""
    assert text.words("my \U0001f469\u200d⚕\ufe0f doctor") == ["my", "doctor"]


def test_a_text_without_such_characters_stays_as_it_is() -> None:
    """Nothing else is changed: no letter, no white space, no case."""
    for plain in ("Is it bad?\n\nNo.", "Ärger — naïve\u00a0café", "頭痛がする"):
        assert text.visible(plain) == plain


def test_every_invisible_character_of_the_language_is_known() -> None:
    """All format characters of Unicode are left out but those that can be seen: signs of Arabic, Kaithi and others."""
    signs = "\u0600-\u0605\u06dd\u070f\u0890\u0891\u08e2\ufff9-\ufffb\U000110bd\U000110cd\U00013430-\U0001345f"
    shown = re.compile(f"[{signs}]")
    hidden = [chr(n) for n in range(0x110000) if unicodedata.category(chr(n)) == "Cf" and not shown.match(chr(n))]
    assert len(hidden) > 100
    assert [sign for sign in hidden if text.visible(f"a{sign}b") not in ("ab", "a b")] == []


def test_an_apostrophe_inside_a_word_is_left_out() -> None:
    """ "can't" is one word, however its apostrophe is written, and quotation marks are none."""
    assert text.words("I CAN'T, can’t 'say'") == ["i", "cant", "cant", "say"]


def test_a_plural_is_told_by_its_ending() -> None:
    """Short words and endings that are no plural stay."""
    assert [text.singular(word) for word in ("allergies", "boxes", "diabetes", "virus", "gas", "stress")] == [
        "allergy", "box", "diabete", "virus", "gas", "stress",
    ]  # fmt: skip


def test_accents_are_taken_off_a_decomposed_text() -> None:
    """Letters stay, whatever stood above or below them."""
    assert text.strip_accents(unicodedata.normalize("NFKD", "Çà dolió žluť")) == "Ca dolio zlut"


def test_an_index_embeds_what_is_read_and_keeps_what_was_written(corpus_folder: Path, tmp_path: Path) -> None:
    """Soft hyphens and zero-width spaces are in the answer to the letter, and in no text that the model sees."""
    page = corpus_folder / "bruise.txt"
    written = "A br\u00aduise\u200bfades within two weeks. It turns\u200byellow first."
    text_of_page = page.read_text("utf-8").replace("A bruise fades within two weeks. It turns yellow first.", written)
    page.write_text(text_of_page.replace("How long", "How\u200blong"), encoding="utf-8")
    seen = Listening()
    make(corpus_folder, tmp_path / "index", seen)
    assert "A bruise fades within two weeks. It turns yellow first." in seen.asked
    assert "How long does a bruise last?" in seen.asked
    assert not [one for one in (*seen.asked, *seen.measured) if text.visible(one) != one]
    index = opened(tmp_path / "index")
    assert misaligned(index, most=10) == []
    assert next(iter(index.documents.pages())).answers[0].body == written


class Listening(TinyEmbedder):
    """Remembers what was measured, too."""

    def __init__(self) -> None:
        super().__init__()
        self.measured: list[str] = []

    def lengths(self, texts: Sequence[str]) -> list[int]:
        self.measured += texts
        return super().lengths(texts)


@pytest.mark.parametrize(
    ("line", "plain", "trimmed", "bare"),
    [
        (
            "  Jane\u00a0\u2800 Roe\u200b, MD\ufeff ",
            "Jane Roe , MD",
            "Jane\u00a0\u2800 Roe\u200b, MD",
            "Jane\u00a0\u2800 Roe, MD",
        ),
        ("\u202aJane\u202c", "Jane", "Jane", "Jane"),
        ("\u200dक\u200d", "क", "\u200dक\u200d", "\u200dक\u200d"),
        ("\u200b\u2800", "", "\u2800", "\u2800"),
        ("a\tb", "a b", "a\tb", "a\tb"),
    ],
)
def test_a_line_is_matched_without_and_shown_with_what_shapes_its_words(
    line: str, plain: str, trimmed: str, bare: str
) -> None:
    """Marks that mean nothing go, at the ends or everywhere; joiners stay where a line is shown."""
    assert (text.plain(line), text.trimmed(line), text.without_marks(line)) == (plain, trimmed, bare)
    assert text.is_blank(line) is (plain == "")
