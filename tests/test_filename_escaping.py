"""Every name of a file can be read, kept as UTF-8, and found again."""

import os

import pytest
from hypothesis import given
from hypothesis import strategies as st

from askdoc.filename_escaping import original, readable

ANY = st.text(st.characters(exclude_categories=())) | st.binary().map(os.fsdecode)


@pytest.mark.parametrize(
    ("name", "written"),
    [
        (os.fsdecode(b"caf\xe9.txt"), r"caf\xe9.txt"),
        ("two\nlines\t.txt", r"two\x0alines\x09.txt"),
        ("\x1b[2J", r"\x1b[2J"),
        ("\x85\u2028\u2029", r"\u0085\u2028\u2029"),
        ("a\u202egpj.txt", r"a\u202egpj.txt"),
        ("\u2066a\u2069\u200e\u200b\ufeff", r"\u2066a\u2069\u200e\u200b\ufeff"),
        ("\ud800", r"\ud800"),
        ("\uf022\U000f0000", r"\uf022\U000f0000"),
        (r"C:\x41", r"C:\\x41"),
    ],
)
def test_what_cannot_be_shown_is_written_as_an_escape(name: str, written: str) -> None:
    """Bytes, control characters, marks of direction, lone surrogates, private characters, backslashes are escaped."""
    assert (readable(name), original(written)) == (written, name)


@pytest.mark.parametrize(
    "name", ["plain.txt", "früh 頁 %20.txt", "کبودی‌ها.txt", "👩‍⚕️.txt", "a\u00a0b\u3000c", "e\u0301"]
)
def test_letters_of_any_script_stand_as_they_are(name: str) -> None:
    """Letters, the joiners and marks that are a part of words, and spaces of any width are not escaped."""
    assert readable(name) == name == original(name)


@given(ANY)
def test_every_name_is_read_back(name: str) -> None:
    """Reading an escaped name back gives the name, so no two names are escaped alike."""
    assert original(readable(name)) == name


@given(ANY)
def test_what_is_written_is_one_line_of_utf_8(name: str) -> None:
    """An escaped name is one line of UTF-8, whatever the name holds."""
    written = readable(name)
    assert written.encode().decode() == written
    assert len(written.splitlines()) <= 1
