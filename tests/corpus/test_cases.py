"""The table of small inputs: what each file gives, and whose words they are."""

import re
import shutil
import tomllib
import unicodedata
from pathlib import Path
from typing import Any

import pytest

from askdoc.corpus import loader
from askdoc.models import Answer
from tests.conftest import ROOT

CASES = ROOT.parent / "shared" / "cases"
TABLE = tomllib.loads((Path(__file__).parent / "cases.toml").read_text(encoding="utf-8"))
ROWS: list[dict[str, Any]] = TABLE["case"]
_NO_CASES = {".sh", ".html", ".js", ".conf", ".md"}  # what is run or served, not read

pytestmark = pytest.mark.skipif(not CASES.is_dir(), reason="the small inputs are not beside this checkout")


@pytest.fixture
def read(request: pytest.FixtureRequest, tmp_path: Path) -> loader.Corpus:
    """A corpus of nothing but the row's file."""
    path = CASES / request.param
    shutil.copyfile(path, tmp_path / path.name)
    return loader.read(tmp_path)


def plain(text: str | None) -> str:
    """A doctor's line without what nobody sees or says: joiners, marks of emphasis, pictures, doubled spaces."""
    seen = (char for char in text or "" if unicodedata.category(char) not in {"Cf", "So", "Sk"})
    return " ".join(re.sub(r"[*_]", "", "".join(seen)).split())


def told(read: loader.Corpus, *, kept: bool) -> str:
    return "\n".join(str(finding) for finding in read.findings if finding.kept is kept)


@pytest.mark.parametrize(
    ("read", "row"), [(row["file"], row) for row in ROWS], ids=[row["file"] for row in ROWS], indirect=["read"]
)
def test_each_small_input_gives_what_is_right(read: loader.Corpus, row: dict[str, Any]) -> None:
    """Words go to their doctor, dates to their day; what is uncertain is refused or remarked on, with its place."""
    if "refused" in row or (row.get("or_refused") and not read.questions):
        assert not read.questions
        assert read.rejected
        assert [words for words in row.get("refused", []) if words not in told(read, kept=False)] == []
        return
    assert not read.rejected, told(read, kept=False)
    assert [
        (got.title[: len(begins)], begins) for got, begins in zip(read.questions, row["questions"], strict=True)
    ] == [(begins, begins) for begins in row["questions"]]
    assert row.get("details") in {None, read.questions[0].details}
    answers = [answer for question in read.questions for answer in question.answers]
    assert [seen(answer, right) for answer, right in zip(answers, row["answers"], strict=True)] == row["answers"]
    remarks = told(read, kept=True)
    assert [words for words in row.get("remarks", []) if words not in remarks] == []
    assert "remarks" in row or not remarks


def seen(answer: Answer, right: dict[str, Any]) -> dict[str, Any]:
    """What an answer holds of that which its row tells."""
    author = answer.author
    values = {
        "by": plain(author.name),
        "title": plain(author.title),
        "headline": answer.headline,
        "begins": answer.body[: len(right["begins"])],
        "ends": answer.body[-len(right["ends"]) :],
        "stars": author.rating,
        "reviews": author.review_count,
        "votes": answer.votes,
        "date": answer.date,
    }
    return {name: values[name] for name in right}


def test_every_small_input_has_its_row() -> None:
    """A new input is noticed here: it is given its right value, or the part whose tests hold it."""
    files = {path.relative_to(CASES).as_posix() for path in CASES.glob("*/*") if path.suffix not in _NO_CASES}
    assert files == {row["file"] for row in ROWS}
    folders = {path.name for path in CASES.iterdir() if path.is_dir()}
    assert folders == {row["file"].split("/")[0] for row in ROWS} | set(TABLE["elsewhere"])
