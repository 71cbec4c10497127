"""Doctors' words are claimed only of a corpus that says nothing else of itself."""

import html
import json
import re
import shutil
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from askdoc.models import ContentLabels
from askdoc.server.app import create_app
from askdoc.server.authorship_claims import ANYBODY, claim, panel_texts
from tests.conftest import PAGE, ROOT
from tests.making import make_whole, opened, responder
from tests.server.doubles import BROWSER, FixedProvider

DEMONSTRATION = ROOT / "corpus" / "dentistry"
LABEL = "This is demonstration text written for askdoc. No doctor wrote or checked it."


@pytest.mark.parametrize(("own", "others"), [(0, 2), (2, 0), (2, 1)])
def test_the_page_says_what_the_corpus_says_that_it_is(tmp_path: Path, own: int, others: int) -> None:
    """Doctors' words are claimed only where no page says otherwise; a mixed corpus is told of with its numbers."""
    (tmp_path / "corpus").mkdir()
    for page in sorted(DEMONSTRATION.glob("*.txt"))[:own]:
        shutil.copy(page, tmp_path / "corpus")
    for n in range(others):
        (tmp_path / "corpus" / f"page{n}.txt").write_text(PAGE.replace("bruise", f"bruise {n}"), encoding="utf-8")
    make_whole(tmp_path / "corpus", tmp_path / "index")
    with TestClient(create_app(FixedProvider(responder(opened(tmp_path / "index")))), headers=BROWSER) as client:
        pages_shown = [client.get(path).text for path in ("/", "/docs", "/no/such/page")]
    for shown in pages_shown:
        claims = html.unescape(" ".join(re.findall(r'<p class="claim"[^>]*>(.*?)</p>', shown)))
        assert ("Doctors’ own words" in claims) == (own == 0)
        assert (LABEL in claims) == (own > 0)
        assert ("2 of 3 pages:" in claims) == (own > 0 and others > 0)
    assert ("data-texts" in pages_shown[0]) == (own > 0)
    assert "Ask the doctors" not in pages_shown[0]


def test_nothing_is_claimed_of_a_corpus_that_is_not_open(starting: TestClient) -> None:
    """Whose words they are is known once the index is."""
    assert "Doctors’ own words" not in starting.get("/", headers=BROWSER).text


def test_a_mixed_corpus_is_told_of_with_its_most_frequent_labels() -> None:
    """Their pages are counted, and the list has an end."""
    labels = ContentLabels(1200, tuple((f"Label {n}.", 1000 - n) for n in range(5)))
    assert claim(labels) == [
        ANYBODY,
        "1,000 of 1,200 pages: Label 0.",
        "999 of 1,200 pages: Label 1.",
        "998 of 1,200 pages: Label 2.",
    ]


def test_the_panel_speaks_of_doctors_where_the_page_does() -> None:
    """Its own texts are replaced in every other case."""
    assert panel_texts(ContentLabels(2)) is None
    for labels in (None, ContentLabels(2, (("Sample.", 1),))):
        assert "doctor’" not in str(panel_texts(labels)).casefold()
        assert json.loads(str(panel_texts(labels)))["title"] == "Answers"
