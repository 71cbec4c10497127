"""What a page's disclaimer says of its text, where no doctor wrote it."""

from pathlib import Path

import pytest

from askdoc.cli.render.info import info_document, info_text
from askdoc.corpus import loader
from askdoc.corpus.authorship_labels import label
from askdoc.settings import Settings
from tests.conftest import ROOT
from tests.making import make

DEMONSTRATION = ROOT / "corpus"


@pytest.mark.parametrize(
    ("disclaimer", "expected"),
    [
        ("No doctor wrote this.", "No doctor wrote this."),
        ("Sample text. No physician has written it. Ask yours.", "Sample text. No physician has written it."),
        ("These answers were not written by doctors! See one.", "These answers were not written by doctors!"),
        ("A shop.\nNever written or checked\nby a physician", "A shop. Never written or checked by a physician"),
        ("By nurses, not written by any doctor; ask one.", "By nurses, not written by any doctor; ask one."),
        ("It is not a substitute for the advice of your own physician.", None),
        ("Reading this does not create a doctor-patient relationship.", None),
        ("The doctor who wrote this has not examined you.", None),
        ("This was not written to replace your doctor.", None),
        ("No doctor here has seen you. What is written is general.", None),
        ("", None),
        (None, None),
    ],
)
def test_a_label_is_what_the_disclaimer_says(disclaimer: str | None, expected: str | None) -> None:
    """To the letter, from its beginning to the sentence that no doctor wrote the text; other disclaimers are none."""
    assert label(disclaimer) == expected


def test_every_demonstration_page_is_labelled() -> None:
    """By its own words, so that a page that is copied elsewhere takes its label along."""
    read = loader.read(DEMONSTRATION)
    assert {label(question.disclaimer) for question in read.questions} == {
        "This is demonstration text written for askdoc. No doctor wrote or checked it."
    }


def test_info_shows_the_labels_of_the_index(corpus_folder: Path, tmp_path: Path) -> None:
    """With the number of pages that carry each, as values and as a line."""
    record = '{"title": "Why?", "disclaimer": "Sample. No doctor wrote it. Ask one.", "answers": [{"body": "So."}]}'
    (corpus_folder / "sample.jsonl").write_text(record, encoding="utf-8")
    make(corpus_folder, tmp_path / "index")
    document = info_document(Settings(index=tmp_path / "index"))
    assert document["index"]["labels"] == [{"label": "Sample. No doctor wrote it.", "pages": 1}]
    assert "label         Sample. No doctor wrote it. (pages: 1)" in info_text(document)
