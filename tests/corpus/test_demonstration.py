"""The demonstration pages: what they are is written on every one of them."""

import re

import pytest

from askdoc.corpus import loader
from askdoc.corpus.jsonl import JsonlReader
from askdoc.corpus.loader import Corpus
from askdoc.corpus.text_page.page import TextPage
from askdoc.models import Question
from tests.conftest import ROOT
from tests.corpus.reading import flat

FOLDER = ROOT / "corpus"
FIELDS = {"cosmetic-surgery", "dentistry", "dermatology", "general-health"}


@pytest.fixture(scope="module")
def pages() -> Corpus:
    return loader.read(FOLDER)


def test_every_page_is_read_without_a_finding(pages: Corpus) -> None:
    """The pages keep the format to the letter, so the readers have nothing to remark."""
    assert not pages.findings
    assert pages.rows == len(pages.questions) == len(pages.files)


def test_there_are_enough_pages_in_each_field(pages: Corpus) -> None:
    """At least forty pages over four fields, with one to four answers each."""
    assert len(pages.questions) >= 40
    counts = {field: sum(question.id.startswith(f"{field}/") for question in pages.questions) for field in FIELDS}
    assert min(counts.values()) >= 5
    assert sum(counts.values()) == len(pages.questions)
    assert {len(question.answers) for question in pages.questions} == {1, 2, 3, 4}


def test_no_doctor_is_invented(pages: Corpus) -> None:
    """Every author line says that it is a demonstration; there are no names, ratings, reviews or votes."""
    for question in pages.questions:
        for answer in question.answers:
            author = answer.author
            assert author.title is not None, answer.id
            assert re.fullmatch(r"Demonstration answer, [A-Z][a-z]+( [a-z]+)*", author.title), answer.id
            assert author.specialty == author.title.removeprefix("Demonstration answer, ")
            assert (author.name, author.location, author.url) == (None, None, None)
            assert (author.rating, author.review_count, answer.votes) == (None, None, None)


def test_every_page_carries_the_disclaimer(pages: Corpus) -> None:
    """One wording on all pages: demonstration text, education only, no substitute, 911, no relationship."""
    (words,) = {question.disclaimer for question in pages.questions}
    assert words is not None
    assert words.startswith("This is demonstration text")
    for part in ("No doctor wrote or checked it", "educational purposes", "not a substitute", "911", "relationship"):
        assert part in words


def test_every_answer_names_its_source(pages: Corpus) -> None:
    """The last paragraph of each answer names the public page of its facts, with the address."""
    for question in pages.questions:
        for answer in question.answers:
            source = answer.body.split("\n\n")[-1]
            assert re.fullmatch(r"Facts drawn from: .+ \(https?://[^\s()]+\)\.", source), answer.id
            assert len(answer.body.split("\n\n")) > 1, answer.id


def test_one_page_asks_about_facial_exercises(pages: Corpus) -> None:
    """The question that the project began with has its page."""
    assert [q.id for q in pages.questions if re.search("fac(e|ial) exercise", q.title, re.IGNORECASE)]


def test_the_notes_name_each_field_and_the_number_of_pages(pages: Corpus) -> None:
    """corpus/README.md says how many pages there are, and in which fields."""
    notes = (FOLDER / "README.md").read_text(encoding="utf-8")
    assert f"{len(pages.questions)} pages" in notes
    assert all(field in notes for field in FIELDS)


def test_the_examples_in_the_notes_are_read() -> None:
    """The page and the record that corpus/README.md shows are read without a remark, with all their parts."""
    notes = (FOLDER / "README.md").read_text(encoding="utf-8")
    shown = dict(re.findall(r"```(text|json)\n(.*?)```", notes, re.DOTALL))
    (page,) = flat(TextPage(), "page.txt", shown["text"].encode())
    (record,) = flat(JsonlReader(), "record.jsonl", shown["json"].replace("\n", " ").encode())
    assert isinstance(page, Question)
    assert isinstance(record, Question)
    assert [answer.votes for answer in page.answers] == [3, None]
    assert [answer.author.shown_name for answer in page.answers] == ["Anna Example, MD", "Shelbyville Dentist"]
    assert all((page.details, page.disclaimer, page.answers[1].headline))
    assert all((record.url, record.topics, record.answers[0].accepted, record.answers[0].author.url))
