"""The reader of text pages: what a page says comes out as it stands, and nobody's words go to somebody else."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from askdoc.corpus import markup_residue, mojibake
from askdoc.corpus.reader import Finding
from askdoc.corpus.text_page.lines import boilerplate
from askdoc.corpus.text_page.page import TextPage
from askdoc.corpus.text_page.remarks import SECOND_HEADLINE
from askdoc.models import Author, Question
from tests.corpus.reading import flat
from tests.corpus.text_page.samples import DISCLAIMER, ENCODINGS, RESIDUE, ROE, bodies, clean, page, read


def seed() -> str:
    """The page that the project began with, from the first ``shared/seed`` beside or above the repository."""
    for folder in Path(__file__).resolve().parents[1:]:
        path = folder / "shared" / "seed" / "facial-exercises.txt"
        if path.is_file():
            return path.read_bytes().decode("utf-8")
    pytest.skip("the seed page is not beside this checkout")


def test_every_field_of_the_seed_page_is_read() -> None:
    """The seed page gives its question, both answers with their doctors, and its disclaimer."""
    text = seed()
    question = clean(text)
    lines = text.split("\n")
    assert question.id == "folder/page"
    assert question.title == lines[0]
    assert (question.details, question.url, question.topics) == (None, None, ())
    assert (question.source.file, question.source.line) == ("folder/page.txt", 1)
    assert question.disclaimer == lines[-1]
    assert question.disclaimer.startswith("These answers are for educational purposes")
    first, second = question.answers
    assert (first.id, first.headline, first.votes) == ("folder/page:1", "Skin tightening", None)
    assert first.author == Author(
        title="San Francisco Plastic Surgeon",
        specialty="Plastic Surgeon",
        location="San Francisco",
        rating=4.3,
        review_count=12,
    )
    assert (second.id, second.headline, second.votes) == ("folder/page:2", "Facial exercises", None)
    assert second.author == Author(
        name="Drew Varano, MD",
        title="Washington DC Physician",
        location="Washington DC",
        rating=4.8,
        review_count=20,
    )


def test_the_bodies_of_the_seed_page_are_slices_of_it() -> None:
    """No letter of either answer is changed, lost or added, odd spaces included."""
    text = seed()
    lines = text.split("\n")
    first, second = clean(text).answers
    assert first.body in text
    assert second.body in text
    assert first.body == "\n".join(lines[9:12]).strip()
    assert second.body == lines[21].strip()
    assert first.body.startswith("There are many ways")
    assert first.body.endswith("Hope this helps!")
    assert second.body.startswith("contrary to what")
    assert second.body.endswith("wrinkling effects")
    assert "\xa0" in first.body


@pytest.mark.parametrize("claimed", [0, 1, 3, 12])
def test_a_false_count_on_the_seed_page_is_reported(claimed: int) -> None:
    """Its two answers stay apart whatever the counter says, and the counter's line is named."""
    question, (finding,) = read(seed().replace("Doctor Answers 2", f"Doctor Answers {claimed}"))
    assert question is not None
    assert bodies(question) == bodies(clean(seed()))
    assert (finding.kept, finding.source.line) == (True, 3)
    assert f"says it has {claimed} answers; 2 could be read" in finding.reason


def test_tags_and_entities_stay_and_are_pointed_out() -> None:
    """What is left of a site's markup is kept to the letter, and each kind is named at its first line."""
    question, remarks = read(page(f"Take &lt;1 <b>spoon</b>&nbsp;a day.\n\n{ROE}"))
    assert question
    assert bodies(question) == ["Take &lt;1 <b>spoon</b>&nbsp;a day."]
    assert [(remark.kept, remark.source.line) for remark in remarks] == [(True, 5), (True, 5)]
    assert "'&lt;' (in 2 places)" in remarks[0].reason
    assert "'<b>' (in 2 places)" in remarks[1].reason


def test_no_remark_is_made_on_a_page_that_is_left_out() -> None:
    """Where a page is rejected there is its reason and nothing else."""
    question, (finding,) = read("Q?\n\n<b>Fish</b> &amp; chips.\n")
    assert question is None
    assert not finding.kept


@dataclass(frozen=True)
class Written:
    """An answer as it was put on a page."""

    headline: str | None
    vote: str | None
    body: str
    doctor: str
    author: Author


LETTERS = st.characters(exclude_categories=["Cs", "Cc", "Zl", "Zp"])


WORDS = st.text(LETTERS, min_size=1, max_size=30).map(str.strip).filter(bool)


SENTENCES = (
    st.lists(WORDS, min_size=1, max_size=6)
    .map(lambda words: " ".join(words) + " so it is.")
    .filter(lambda text: mojibake.find(text) is None and not any(markup_residue.find(text)))  # those are remarked on
)


ODD = st.sampled_from(
    [
        "4.8 out of 5 stars 20 reviews",
        "When to see a doctor",
        "Cold packs",
        "- ice\n- rest",
        "See me?",
    ]
)


BODIES = st.lists(st.one_of(SENTENCES, SENTENCES, ODD), max_size=4).flatmap(
    lambda middle: st.tuples(SENTENCES, SENTENCES).map(lambda ends: "\n\n".join([ends[0], *middle, ends[1]]))
)


HEADLINES = st.lists(st.sampled_from(["skin", "ice", "Rest", "and", "Cold", "😀", "été"]), min_size=1, max_size=5).map(
    " ".join
)


NAMES = ["Jane Roe, MD", "Siobhán O’Neill, M.D.", "Ann van der Lee, DDS", "王小明, MD", "Bob Toe, DO, FACS", None]


TITLES = [
    ("Springfield", "Dermatologist"),
    ("San Francisco", "Plastic Surgeon"),
    ("São Paulo", "Dentist"),
    ("Rome", "Nurse"),
]


STARS = st.sampled_from(
    [("4.3 out of 5 stars 12 reviews", 4.3, 12), ("5 out of 5 stars", 5.0, None), ("★★★★☆ (7)", 4.0, 7)]
)


VOTES = st.sampled_from([None, "+3", "-12", RESIDUE])


@st.composite
def written(
    draw: st.DrawFn,
    headlines: st.SearchStrategy[str | None],
    names: list[str | None],
    titles: list[tuple[str, str]],
    starred: bool,
) -> Written:
    name, (place, field) = names.pop(), titles.pop()
    stars, rating, count = draw(STARS) if starred else (None, None, None)
    lines = [line for line in (name, f"{place} {field}", stars) if line]
    author = Author(
        name=name, title=f"{place} {field}", specialty=field, location=place, rating=rating, review_count=count
    )
    return Written(draw(headlines), draw(VOTES), draw(BODIES), "\n".join(lines), author)


@st.composite
def pages(draw: st.DrawFn, fewest: int = 0) -> list[Written]:
    """The answers of one page in one style, of different doctors."""
    names, titles = draw(st.permutations(NAMES)), draw(st.permutations(TITLES))
    headlines, starred = draw(st.sampled_from([st.none(), HEADLINES])), draw(st.booleans())
    count = draw(st.integers(fewest, 4))
    return [draw(written(headlines, names, titles, starred)) for _ in range(count)]


def assembled(answers: list[Written], closing: str | None, claimed: int) -> str:
    blocks = ["Title", "Some details?", f"Doctor Answers {claimed}"]
    for answer in answers:
        blocks += [block for block in (answer.headline, answer.vote, answer.body, answer.doctor) if block]
    return "\n\n".join([*blocks, closing] if closing else blocks)


@given(
    answers=pages(fewest=1),
    closing=st.none() | st.just(DISCLAIMER) | SENTENCES,
    encode=st.sampled_from(ENCODINGS[:-1]),
)
def test_what_is_put_on_a_page_comes_out(
    answers: list[Written], closing: str | None, encode: Callable[[str], bytes]
) -> None:
    """Every answer of a regular page is read verbatim and with its own doctor, whatever it says.

    A subheading may be pointed out where no other answer has one: it could head an answer that lost its doctor.
    Lines of a site's own ("© …") are not drawn: they are dropped with a remark, which test_chrome holds.
    """
    said = [*(answer.body for answer in answers), closing or ""]
    assume(not any(boilerplate.kind(line) for text in said for line in text.split("\n")))
    question = clean(encode(assembled(answers, closing, len(answers))), but=SECOND_HEADLINE)
    assert (question.title, question.details) == ("Title", "Some details?")
    assert [(a.headline, a.body, a.author) for a in question.answers] == [
        (w.headline, w.body, w.author) for w in answers
    ]
    assert [a.votes for a in question.answers] == [
        int(w.vote) if w.vote and w.vote != RESIDUE else None for w in answers
    ]
    assert question.disclaimer == closing


DOCTORS = ["Jane Roe", "Bob Toe", "Ann Lee", "Siobhán O’Neill"]


@given(
    answers=pages(fewest=1).flatmap(
        lambda answers: st.tuples(*(st.tuples(st.just(answer), st.booleans()) for answer in answers))
    ),
    claimed=st.integers(0, 6),
)
def test_no_page_gives_a_doctor_the_words_of_another(answers: list[tuple[Written, bool]], claimed: int) -> None:
    """With vote lines, whatever count lies and whatever doctor is lost, words go to their own doctor or to none."""
    written = []
    for n, (answer, signed) in enumerate(answers):
        body = "\n\n".join(f"{paragraph} «{n}» so." for paragraph in answer.body.split("\n\n"))
        written.append(
            Written("Heat", RESIDUE, body, f"{DOCTORS[n]}, MD\nSpringfield Dentist" if signed else "", Author())
        )
    question, findings = read(assembled(written, DISCLAIMER, claimed))
    for found in question.answers if question else ():
        assert found.author.name is not None
        own = DOCTORS.index(found.author.name.removesuffix(", MD"))
        assert set(re.findall("«([0-9])»", found.body)) == {str(own)}
    signed_count = sum(signed for _, signed in answers)
    if question:
        assert len(question.answers) == signed_count
    told = [finding for finding in findings if finding.reason != SECOND_HEADLINE]
    assert bool(told) == (signed_count != claimed or signed_count != len(answers))


@given(st.binary(max_size=400) | st.text(max_size=400).map(lambda text: text.encode("utf-8", "surrogatepass")))
def test_arbitrary_files_never_raise(data: bytes) -> None:
    """Any bytes are a page or a finding."""
    read(data)


PIECES = st.sampled_from(
    [*["", "", "", "Words that end.", "Short line", "Jane Roe, MD", "Jane Roe", "Springfield Dermatologist"],
     *["Dermatologist", "+3", RESIDUE, "4.8 out of 5 stars 20 reviews", "20 reviews", "Doctor Answers 2", "- item"],
     *[DISCLAIMER, "Demonstration answer, X", "Dr. Roe", "a" * 200, "…", "\xa0", "٣ reviews", "Ask a doctor"]]
)  # fmt: skip


@example(  # two pages, the first of which has a doctor and claims none
    lines=["Jane Roe, MD", "", "Words that end.", DISCLAIMER, "Doctor Answers 2", "Words that end."],
    claimed=0,
    end="\n",
)
@given(lines=st.lists(PIECES, max_size=30), claimed=st.integers(0, 9999), end=st.sampled_from(["\n", "\r\n"]))
def test_any_order_of_lines_gives_slices_of_the_page(lines: list[str], claimed: int, end: str) -> None:
    """However the lines of a page are mixed, bodies are pieces of it, in order, that do not overlap."""
    text = "\n".join(["Title", f"Doctor Answers {claimed}", *lines])
    items = list(flat(TextPage(), "page.txt", text.replace("\n", end).encode()))
    questions = [item for item in items if isinstance(item, Question)]
    findings = [item for item in items if isinstance(item, Finding)]
    assert questions or findings
    at = 0
    for answer in (answer for question in questions for answer in question.answers):
        assert answer.body == answer.body.strip() != ""
        at = text.index(answer.body, at) + len(answer.body)
    assert all(1 <= finding.source.line <= len(lines) + 2 for finding in findings)
    if sum(len(question.answers) for question in questions) != claimed:
        assert findings


def _name(n: int) -> str:
    """A name of its own for each number."""
    letters = "".join(chr(ord("a") + int(digit)) for digit in f"{n:04}")
    return f"Jane {letters.capitalize()}"


def test_a_page_of_very_many_lines_is_read() -> None:
    """The work grows with the page, not with its square: a page of 5,000 possible doctors is read."""
    question, _ = read(
        page(*(f"Words {n}.\n\n{_name(n)}, MD\nSpringfield Dermatologist" for n in range(5_000)), claimed=9999)
    )
    assert question is not None
    assert len(question.answers) == 5_000
    read(page("\n\n".join(["Short line"] * 20_000), claimed=9999))
