"""Lines of sources: they are the doctor's words, shown as the source, and neither searched nor marked."""

import json
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from hypothesis import given
from hypothesis import strategies as st

from askdoc import bootstrap
from askdoc.cli.render.reply import reply_text
from askdoc.cli.terminal import Glyphs
from askdoc.corpus import passages, sources
from askdoc.index.folder import IndexFolder
from askdoc.indexer import verify
from askdoc.models import Answer, Match, Passage, Question, Source, match_document
from askdoc.server.app import create_app
from tests.corpus.test_passages import Words
from tests.making import make_whole, opened
from tests.server.doubles import FixedProvider

TEXT = "A bruise fades within two weeks. It turns yellow first."


@pytest.mark.parametrize(
    "line",
    [
        "Facts drawn from: Example Library, page on bruises (https://example.org/bruises).",
        "Source: Example Library",
        "Sources: Example Library; Other Library",
        "(Source: Example Library)",
        "**Sources:** Example Library",
        "*Source*: Example Library",
        "SOURCE : https://example.org",
        "- Reference: Roe et al., 2014",
        "References",
        "References:\n1. Roe et al., 2014\n2. Doe et al., 2015",
        "Further reading:\n- https://example.org/a\n\n- https://example.org/b",
        "Adapted from: Example Library",
        "This information was taken from: Example Library",
        "Medical sources used: Example Library",
        "Fuente: Biblioteca Ejemplo",
        "Quellen: Beispielbibliothek",
        "Last updated 3 May 2020",
        "Page last reviewed: May 2020",
        "Medically reviewed by Jane Roe, MD",
        "Reviewed by: Jane Roe",
    ],
)
def test_a_line_that_names_a_source_is_known(line: str) -> None:
    """By its label, in any decoration, with the list below it; what stands above does not belong to it."""
    start = len(TEXT) + 2
    assert sources.ending(f"{TEXT}\n\n{line}") == (start, start + len(line))
    assert sources.ending(f"{TEXT}\n{line}\n\n") == (start - 1, start - 1 + len(line))


@pytest.mark.parametrize(
    "line",
    [
        "Sources of iron are meat, beans and leaves.",
        "The source of the pain: a nerve in the back.",
        "I learned that from my patients: rest helps.",
        "Blood is drawn from the arm: it takes a minute.",
        "Reference values differ: ask your laboratory.",
        "1. Rest. 2. Ice.",
        "See https://example.org for more.",
        "What is the source?",
        "Last checked, the blood pressure was fine.",
        "Last updated guidelines say that rest helps.",
    ],
)
def test_an_answer_is_not_taken_for_a_source(line: str) -> None:
    """A sentence that only speaks of sources, a list, and an address without a label are the answer's own words."""
    assert sources.lines(f"{TEXT}\n\n{line}") == []
    assert sources.ending(f"{TEXT}\n\n{line}") is None


def test_a_source_amid_an_answer_ends_nothing() -> None:
    """What follows it is said like all else; only its own line is known."""
    body = f"Source: Example Library\n\n{TEXT}"
    assert sources.lines(body) == [(0, 23)]
    assert sources.ending(body) is None


BODIES = st.lists(
    st.sampled_from(
        [TEXT, " ", "\n", "\n\n", "Source: Library", "References", "1. Roe, 2014", "- https://example.org", "é"]
    ),
    max_size=12,
).map("".join)


@given(body=BODIES)
def test_lines_are_pieces_of_the_text(body: str) -> None:
    """Ascending, apart and bare, whatever is put together; the ending reaches to the end."""
    at = 0
    for start, end in sources.lines(body):
        assert at <= start < end
        assert body[start:end] == body[start:end].strip()
        at = end
    if (said := sources.ending(body)) is not None:
        assert said[1] == len(body.rstrip())


@given(body=BODIES)
def test_passages_hold_all_of_an_answer_but_the_sources_below_it(body: str) -> None:
    """No letter above them is missing; an answer that is nothing but a source has its passage all the same."""
    spans = passages.spans(body, measure=Words(), limit=9)
    held = "".join("".join(body[start:end].split()) for start, end in spans)
    said = sources.ending(body)
    above = body[: said[0]] if said else body
    assert held == "".join((above if above.strip() else body).split())


def matched(body: str, end: int) -> Match:
    answer = Answer("a", body)
    page = Question("q", "How long?", Source("p.txt", 1), answers=(answer,))
    return Match(Passage(page, answer, 0, end), 0.5, source=sources.ending(body))


def test_the_source_is_told_beside_the_passage() -> None:
    """Word for word, with its place in the body; a passage with nothing but it behind it is not shown as cut off."""
    line = "Source: Example Library (https://example.org)"
    match = matched(f"{TEXT}\n\n{line}", len(TEXT))
    document = match_document(match)
    assert document["source"] == {"text": line, "start": len(TEXT) + 2, "end": len(TEXT) + 2 + len(line)}
    assert document["goes_on"] is False
    assert matched(f"{TEXT}\n\n{line}", 10).goes_on
    assert matched(TEXT, 10).goes_on
    assert match_document(matched(TEXT, len(TEXT)))["source"] is None
    assert json.dumps(document)


def test_an_index_over_pages_with_sources(corpus_folder: Path, tmp_path: Path) -> None:
    """It verifies; the card quotes the answer, marks nothing of the source and shows it; the answer keeps its line."""
    line = "Facts drawn from: Example Library, page on bruises that fade (https://example.org/bruises)."
    page = corpus_folder / "bruise.txt"
    page.write_text(page.read_text("utf-8").replace("yellow first.", f"yellow first.\n\n{line}"), encoding="utf-8")
    make_whole(corpus_folder, tmp_path / "index")
    assert verify.corpus(verify.files(IndexFolder(tmp_path / "index")), corpus_folder).wrong == ()
    responder = bootstrap.responder(opened(tmp_path / "index"))
    reply = responder.reply("How long does a bruise last?")
    card = next(match for match in reply.answers if match.source)
    assert card.passage.text == TEXT
    assert card.highlights
    assert card.source_text == line
    found = responder.answer(card.passage.answer.id)
    assert found
    assert found[1].body == f"{TEXT}\n\n{line}"
    shown = " ".join(reply_text(reply, Glyphs()).split())
    assert line in shown
    assert "yellow first. …" not in shown
    with TestClient(create_app(FixedProvider(responder))) as client:
        page_shown = client.post("/", data={"question": reply.question}).text
    assert f'>{line[: line.index("https")]}<a href="https://example.org/bruises"' in page_shown.replace("\n", "")
    assert "first.</mark></blockquote>" in page_shown.replace("\n", "")
