"""Files of other kinds among the pages: named for what they are."""

import pytest

from askdoc.corpus import other_formats
from askdoc.corpus.reader import Finding
from askdoc.corpus.text_page.page import TextPage
from tests.corpus.reading import flat

DIALOGUE = """\
id=7
https://www.example.org/7
Description
Q. Is a stiff knee normal?
Dialogue
Patient:
My knee is stiff.
Doctor:
Walk a little every day.
"""


@pytest.mark.parametrize(
    ("text", "what", "hint"),
    [
        (DIALOGUE, "dialogues of patients and doctors", "only the doctor's are a body"),
        ("patient: My knee is stiff.\ndoctor: Walk.\n", "dialogues", "*.jsonl"),
        ('{"title": "Q?"}\n', "JSON", ".jsonl"),
        ('[\n{"title": "Q?"}]', "JSON", ".jsonl"),
        ("question,answer\nQ?,Yes.\n", "a table", "*.jsonl"),
        ('"id";"title";"body"\n1;Q?;Yes.\n', "a table", "*.jsonl"),
        ("title\tanswer\nQ?\tYes.\n", "a table", "*.jsonl"),
        ("{\\rtf1\\ansi Q?}", "Rich Text", "plain text"),
        ("From: <Saved by a browser>\nSubject: Q?\nMIME-Version: 1.0\n", "a web archive", "plain text"),
    ],
)
def test_a_file_of_another_kind_is_named(text: str, what: str, hint: str) -> None:
    """The reason says what the file is, and the hint how its words can be used."""
    (finding,) = flat(TextPage(), "x.txt", text.encode())
    assert isinstance(finding, Finding)
    assert not finding.kept
    assert what in finding.reason
    assert hint in finding.hint


@pytest.mark.parametrize(
    "text",
    [
        "Is itching normal?\n\nItching is normal while a wound heals.\n",
        "A question, answered\n\nDoctor: Jane Roe\n",
        "My patient: what now?\n\nRest.\n",
        "[Question] Is it normal?\n",
        "",
    ],
)
def test_prose_is_no_other_kind(text: str) -> None:
    """A page that lacks its counter is still taken for a page."""
    assert other_formats.text(text) is None


def test_a_page_may_hold_a_dialogue() -> None:
    """Where there is a counter, the lines are the page's."""
    page = "Q?\n\nDoctor Answers 1\n\nPatient: is it bad?\n\nDoctor: no.\n\nJane Roe, MD\n"
    assert not [item for item in flat(TextPage(), "x.txt", page.encode()) if isinstance(item, Finding)]
