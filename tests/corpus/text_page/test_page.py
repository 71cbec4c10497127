"""The reader of text pages: what a page says comes out as it stands, and nobody's words go to somebody else."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from askdoc.corpus import markup_residue, mojibake
from askdoc.corpus.reader import Finding
from askdoc.corpus.text_page.lines import boilerplate
from askdoc.corpus.text_page.page import TextPage
from askdoc.corpus.text_page.page_lines import LARGEST_PAGE
from askdoc.corpus.text_page.remarks import SECOND_HEADLINE
from askdoc.models import Answer, Author, Question
from tests.conftest import PAGE

RESIDUE = "{{ voteCount >= 0 ? '+' + (voteCount + 1) : (voteCount + 1) }}"
ROE = "Jane Roe, MD\nSpringfield Dermatologist\n4.8 out of 5 stars 20 reviews"
POE = "Shelbyville Dentist\n4.3 out of 5 stars 1 review"
LEE = "Ann Lee, DDS\nOgdenville Orthodontist"
DISCLAIMER = "These answers are for educational purposes. In an emergency, call 911."


def read(page: str | bytes) -> tuple[Question | None, list[Finding]]:
    """The question of a page, if it has one, and the findings."""
    data = page if isinstance(page, bytes) else page.encode()
    items = list(TextPage().read("folder/page.txt", data))
    questions = [item for item in items if isinstance(item, Question)]
    findings = [item for item in items if isinstance(item, Finding)]
    assert len(questions) + sum(not finding.kept for finding in findings) == 1, "one page is one row"
    return (questions[0] if questions else None), findings


def clean(page: str | bytes, *, but: str = "") -> Question:
    """The question of a page that nothing is to be remarked on, or nothing ``but`` one thing."""
    question, findings = read(page)
    assert not [finding for finding in findings if finding.reason != but], findings
    assert question is not None
    return question


def page(*answers: str, claimed: int | None = None, disclaimer: str | None = DISCLAIMER) -> str:
    """A page of answers, each given as it stands on the page."""
    count = len(answers) if claimed is None else claimed
    blocks = ["Does cold help?", f"Doctor Answers {count}", *answers, *([disclaimer] if disclaimer else [])]
    return "\n\n".join(blocks) + "\n"


def bodies(question: Question) -> list[str]:
    return [answer.body for answer in question.answers]


def only(text: str) -> Answer:
    """The one answer of a page that holds ``text`` and a doctor's lines."""
    (answer,) = clean(page(text)).answers
    return answer


def seed() -> str:
    """The page that the project began with, from the first ``shared/seed`` beside or above the repository."""
    for folder in Path(__file__).resolve().parents[1:]:
        path = folder / "shared" / "seed" / "facial-exercises.txt"
        if path.is_file():
            return path.read_bytes().decode("utf-8")
    pytest.skip("the seed page is not beside this checkout")


# The page that the project began with


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


# Bylines


@pytest.mark.parametrize(
    ("lines", "author"),
    [
        ("Jane Roe, MD", Author(name="Jane Roe, MD")),
        ("Boston Dentist", Author(title="Boston Dentist", specialty="Dentist", location="Boston")),
        (
            "Jane Roe, M.D.\nDermatologist\n5 out of 5 stars",
            Author(name="Jane Roe, M.D.", title="Dermatologist", specialty="Dermatologist", rating=5.0),
        ),
        ("Dermatologist\n1,204 reviews", Author(title="Dermatologist", specialty="Dermatologist", review_count=1204)),
        (
            "Анна Иванова\nврач-дерматолог\n4.9 out of 5 stars 1 review",
            Author(name="Анна Иванова", title="врач-дерматолог", rating=4.9, review_count=1),
        ),
        (
            "山田 太郎\n皮膚科\n4 out of 5 stars 7 reviews",
            Author(name="山田 太郎", title="皮膚科", rating=4.0, review_count=7),
        ),
        ("Siobhán O’Neill, MD", Author(name="Siobhán O’Neill, MD")),
        (
            "Jane Roe, MD\nSpringfield\xa0Dermatologist\n4.8\xa0out of 5 stars 20\xa0reviews",
            Author(
                name="Jane Roe, MD",
                title="Springfield\xa0Dermatologist",
                specialty="Dermatologist",
                location="Springfield",
                rating=4.8,
                review_count=20,
            ),
        ),
        ("Demonstration answer, Pharmacy", Author(title="Demonstration answer, Pharmacy", specialty="Pharmacy")),
    ],
)  # fmt: skip
def test_a_doctor_is_read_as_the_page_shows_them(lines: str, author: Author) -> None:
    """Name, title, stars and reviews come out verbatim, and what is missing stays missing."""
    answer = only(f"Ice helps on the first day.\n\n{lines}")
    assert answer.author == author
    assert answer.body == "Ice helps on the first day."


@pytest.mark.parametrize("gap", ["\n\n", "\n\n\n\n"])
def test_a_byline_with_blank_lines_between_its_lines_is_one(gap: str) -> None:
    """A title or stars that stand apart from the name are still that doctor's, not the next one's headline."""
    question = clean(page(f"One.\n\n{ROE.replace(chr(10), gap)}", f"Two.\n\n{POE.replace(chr(10), gap)}"))
    plain = clean(page(f"One.\n\n{ROE}", f"Two.\n\n{POE}"))
    assert question.answers == plain.answers


# Votes and headlines


@pytest.mark.parametrize(
    ("line", "votes"),
    [
        ("+3", 3),
        ("-2", -2),
        ("−2", -2),
        ("+1,204", 1204),
        ("  +3  ", 3),
        (RESIDUE, None),
        (f"{RESIDUE}\n+4", 4),
        ("0", 0),
        ("0 votes", 0),
        ("1 vote", 1),
        ("3 likes", 3),
        ("-1 votes", -1),
        ("Votes: 12", 12),
        ("+3\u200b", 3),
    ],
)
def test_a_vote_line_is_votes_and_not_text(line: str, votes: int | None) -> None:
    """A number is the votes, residue of the template is unknown votes; neither is part of the answer."""
    answer = only(f"Cold\n\n{line}\n\nIce helps.\n\n{ROE}")
    assert (answer.headline, answer.votes, answer.body) == ("Cold", votes, "Ice helps.")


@pytest.mark.parametrize("line", ["+3", RESIDUE])
def test_a_vote_line_without_a_headline_begins_the_body(line: str) -> None:
    """Where no headline stands above the votes, a short first line below them is text."""
    answer = only(f"{line}\n\nCold packs\n\nIce helps.\n\n{ROE}")
    assert (answer.headline, answer.body) == (None, "Cold packs\n\nIce helps.")


@pytest.mark.parametrize(
    "headline", ["Does it help?", "Yes!", "Cold:", "Dr. Google is wrong.", "Board Certified Plastic Surgeon"]
)
def test_any_line_above_votes_is_the_headline(headline: str) -> None:
    """A headline may end as a sentence does where a vote line marks it, also after another answer."""
    question = clean(page(f"One.\n\n{ROE}", f"{headline}\n\n{RESIDUE}\n\nIce helps.\n\n{POE}"))
    assert [(a.headline, a.body) for a in question.answers] == [(None, "One."), (headline, "Ice helps.")]


LONG = "Ice helps on the first day. It fades within two weeks, and there is nothing that you have to do for it."


@pytest.mark.parametrize(
    "headline",
    [
        "Is this normal for a cut?",
        "Do not rub it!",
        "Hard to say from here...",
        "It depends on the leg…",
        "“Ice packs” help!",
    ],
)
def test_a_line_that_asks_calls_or_trails_off_is_a_headline(headline: str) -> None:
    """Without votes, such a line above a longer text is one on a page of one answer, or where all others have one."""
    assert only(f"{headline}\n\n{LONG}\n\n{ROE}").headline == headline
    question = clean(page(f"Cold\n\n{LONG}\n\n{ROE}", f"{headline}\n\n{LONG}\n\n{POE}"))
    assert [(a.headline, a.body) for a in question.answers] == [("Cold", LONG), (headline, LONG)]
    question = clean(page(f"{LONG}\n\n{ROE}", f"{headline}\n\n{LONG}\n\n{POE}"))
    assert [(a.headline, a.body) for a in question.answers] == [(None, LONG), (None, f"{headline}\n\n{LONG}")]


@pytest.mark.parametrize(
    "headline", ["Swelling is normal.", "Rest, ice, time;", "Three things to do:", "Cold, then warmth,"]
)
def test_a_short_sentence_is_a_headline_where_every_other_answer_has_one(headline: str) -> None:
    """The page must speak for it: alone, or where others have none, it is the first paragraph."""
    question = clean(page(f"Cold\n\n{LONG}\n\n{ROE}", f"{headline}\n\n{LONG}\n\n{POE}"))
    assert [(a.headline, a.body) for a in question.answers] == [("Cold", LONG), (headline, LONG)]
    assert only(f"{headline}\n\n{LONG}\n\n{ROE}").body == f"{headline}\n\n{LONG}"


@pytest.mark.parametrize(
    "greeting", ["Thanks for the question.", "Hi Joe,", "Great question!", "Dear Joe", "Hello!", "Good luck to you!"]
)
def test_a_greeting_is_no_headline(greeting: str) -> None:
    """What a doctor says to the asker is the beginning of their words."""
    question = clean(page(f"Cold\n\n{LONG}\n\n{ROE}", f"{greeting}\n\n{LONG}\n\n{POE}"))
    assert [(a.headline, a.body) for a in question.answers] == [("Cold", LONG), (None, f"{greeting}\n\n{LONG}")]


def test_without_votes_a_sentence_is_no_headline() -> None:
    """Only a short line that does not end as a sentence is taken for a headline."""
    question = clean(page(f"Cold\n\nIce helps.\n\n{ROE}", f"Do wait.\n\nIt fades.\n\n{POE}"))
    assert [(a.headline, a.body) for a in question.answers] == [("Cold", "Ice helps."), (None, "Do wait.\n\nIt fades.")]


def test_an_answer_of_a_headline_alone_keeps_its_words() -> None:
    """Where no body follows the votes, the words above them are the answer."""
    first, second = clean(page(f"Use ice\n\n+1\n\n{ROE}", f"Wait\n\n+2\n\nIt fades.\n\n{POE}")).answers
    assert (first.body, first.headline, first.author.name) == ("Use ice", None, "Jane Roe, MD")
    assert (second.body, second.headline) == ("It fades.", "Wait")


# Counts


@pytest.mark.parametrize("count", [1, 5])
def test_any_number_of_answers_is_read(count: int) -> None:
    """A page may hold one answer or several."""
    doctors = [ROE, POE, LEE, "Bob Toe, DO\nOncologist", "Capital City Urologist"]
    question = clean(page(*(f"Body {n}.\n\n{doctor}" for n, doctor in enumerate(doctors[:count]))))
    assert bodies(question) == [f"Body {n}." for n in range(count)]
    assert question.disclaimer == DISCLAIMER


def test_a_page_without_answers_is_named() -> None:
    """A page that says it has no answers is kept, and the report names it."""
    question, (finding,) = read(page())
    assert question is not None
    assert (question.answers, question.disclaimer) == ((), DISCLAIMER)
    assert (finding.kept, finding.source.line, finding.reason) == (True, 3, "The page holds no answers.")


@pytest.mark.parametrize("claimed", [0, 1])
def test_more_doctors_than_the_page_says_are_not_believed_without_vote_lines(claimed: int) -> None:
    """A page that says it has one answer is not kept as two: one of the doctors may be named within a text."""
    question, (finding,) = read(page(f"One.\n\n{ROE}", f"Two.\n\n{POE}", claimed=claimed))
    assert question is None
    assert f"says it has {claimed} answers, but 2 places look like a doctor's" in finding.reason


@pytest.mark.parametrize(
    ("claimed", "votes"),
    [(3, ""), (9, "")]
    + [(claimed, votes) for claimed in (0, 1, 3, 9) for votes in ("Cold\n\n+3\n\n", f"{RESIDUE}\n\n")],
)
def test_a_false_count_is_reported_and_answers_stay_apart(claimed: int, votes: str) -> None:
    """Two whole answers are read under a count that is too high, and under any where each has its vote line."""
    text = page(f"{votes}One.\n\n{ROE}", f"{votes}Two.\n\n{POE}", claimed=claimed)
    question, (finding,) = read(text)
    assert question is not None
    assert [(a.body, a.author.rating) for a in question.answers] == [("One.", 4.8), ("Two.", 4.3)]
    assert (finding.source.line, finding.kept) == (3, True)


def test_no_short_line_becomes_a_doctor_because_the_count_is_too_high() -> None:
    """Subheadings under a count that is too high: the page is left out rather than given doctors it has not."""
    text = page(f"Ice helps.\n\nExercise regularly\n\nCold packs\n\nWait.\n\n{ROE}", claimed=2)
    question, (finding,) = read(text)
    assert question is None
    assert finding.source.line == 7


def test_answers_without_vote_lines_under_too_high_a_count_are_left_out() -> None:
    """Two paragraphs may be two doctors' where the count says so; a single one is one doctor's under any count."""
    question, (finding,) = read(page(f"Ice helps.\n\nIt fades.\n\n{ROE}", claimed=2))
    assert question is None
    assert (finding.source.line, finding.kept) == (7, False)
    question, (finding,) = read(page(f"Cold\n\nIce helps.\n\n{ROE}", claimed=2))
    assert question is not None
    assert bodies(question) == ["Ice helps."]
    assert (finding.source.line, finding.kept) == (3, True)


def test_a_name_above_a_headline_is_not_passed_over_because_the_count_is_too_low() -> None:
    """A doctor of whom the page gives the name alone does not lose their words to the next one."""
    question, (finding,) = read(page("Ice helps.\n\nBob Toe, DO", f"Heat\n\nIt fades.\n\n{ROE}", claimed=1))
    assert question is None
    assert finding.source.line == 7


def test_a_count_that_fits_by_chance_is_not_believed() -> None:
    """A signature within one answer does not make up for the doctor of another who is not known for one."""
    first, second = "Ice helps.\n\nDr. Roe\n\nNot for long.\n\nSpringfield Skin Team", f"Heat\n\nIt fades.\n\n{ROE}"
    question, (finding,) = read(page(first, second))
    assert question is None
    assert finding.source.line == 7


def test_a_doctor_known_by_one_word_within_text_is_pointed_out() -> None:
    """A bare title with no headline below it is believed where the count fits, with a remark."""
    question, (finding,) = read(page("Ice helps.\n\nDermatologist", f"It fades.\n\n{ROE}"))
    assert question is not None
    assert bodies(question) == ["Ice helps.", "It fades."]
    assert (finding.kept, finding.source.line) == (True, 7)


def test_a_count_speaks_for_doctors_of_whom_no_word_is_known() -> None:
    """Plain names in doctors' places are believed where they make the count fit, with a remark on each."""
    question, findings = read(page("Heat\n\nIce helps.\n\nAnna Muster", "Cold\n\nIt fades.\n\nBen Beispiel"))
    assert question is not None
    assert [(a.author.name, a.body) for a in question.answers] == [
        ("Anna Muster", "Ice helps."),
        ("Ben Beispiel", "It fades."),
    ]
    assert [(finding.kept, finding.source.line) for finding in findings] == [(True, 9), (True, 15)]


@pytest.mark.parametrize("name", ["Anna Muster", "Anna Muster, MD", "Dr. Muster"])
def test_a_name_alone_is_no_doctors_end_where_others_have_titles(name: str) -> None:
    """A signature or a colleague's name is written so; where others have titles or stars the page is left out."""
    question, (finding,) = read(page(f"Ice helps.\n\n{name}", f"Heat\n\nIt fades.\n\n{ROE}"))
    assert question is None
    assert (finding.source.line, finding.hint) == (7, "Add the doctor's title below the name, or take the line out.")


def test_a_name_that_may_end_an_answer_leaves_the_page_out() -> None:
    """Where one reading gives a doctor's words to another, the page is refused with the line in doubt."""
    question, (finding,) = read(page("Ice helps.\n\nAnna Muster", f"It fades.\n\n{ROE}"))
    assert question is None
    assert finding.source.line == 7
    assert "Doctor Answers" not in finding.reason


# Lost doctors


@pytest.mark.parametrize("claimed", [1, 2, 3])
def test_an_answer_whose_doctor_is_lost_is_not_given_to_the_next(claimed: int) -> None:
    """Where a vote line begins another answer, what stands above it without a doctor is left out and reported."""
    text = page(f"Cold\n\n{RESIDUE}\n\nLost words.", f"Heat\n\n{RESIDUE}\n\nKept words.\n\n{ROE}", claimed=claimed)
    question, findings = read(text)
    assert question is not None
    assert [(a.headline, a.body) for a in question.answers] == [("Heat", "Kept words.")]
    assert 5 in {finding.source.line for finding in findings}
    assert all(finding.kept for finding in findings)


def test_a_doctor_without_words_is_given_none() -> None:
    """Where a vote line parts the words from the doctor below it, the doctor is left out too, and it is reported."""
    question, findings = read(page(f"One.\n\n{ROE}", f"Words.\n\nLost\nwords.\n\n{RESIDUE}\n\n{POE}"))
    assert question is not None
    assert bodies(question) == ["One."]
    assert [finding.source.line for finding in findings] == [3, 11]


def test_a_last_answer_without_a_doctor_is_no_disclaimer() -> None:
    """What follows the last doctor on a page that is short of answers is left out, not shown as a disclaimer."""
    question, findings = read(
        page(f"One.\n\n{ROE}", "Two, consult your doctor in an emergency.", claimed=2, disclaimer=None)
    )
    assert question is not None
    assert question.disclaimer is None
    assert bodies(question) == ["One."]
    assert [finding.source.line for finding in findings] == [3, 11]


def test_a_page_without_any_doctor_is_left_out() -> None:
    """Text that no line attributes is not quoted."""
    question, (finding,) = read(page("Ice helps.", "It fades by itself."))
    assert question is None
    assert "none could be read" in finding.reason


# Bodies that hold what looks like the page's own lines


@pytest.mark.parametrize(
    "middle",
    [
        "4.8 out of 5 stars 20 reviews",
        "4.8 out of 5 stars",
        "20 reviews",
        "My page shows\n4.8 out of 5 stars 20 reviews",
        "My page shows:\n4.8 out of 5 stars 20 reviews\nand that is all.",
        "I have 4.8 out of 5 stars 20 reviews on that site.",
        "When to see a doctor",
        "When To See A Doctor",
        "Ask your dermatologist",
        "Find the Right Plastic Surgeon",
        "Talk to your doctor\nCall your dentist",
        "Diet, exercise and medicine",
        "Dr. Google is not your friend",
        "Facial Exercises",
        "Cold Packs\n\nWarm Packs",
        "- ice\n- rest\n- a visit to the dermatologist",
        "1. ice\n2. rest",
        "• see a Dermatologist\n• see a Dentist",
        "Rest\n\nIce\n\nCompression\n\nElevation",
        "Best of luck",
        "A paragraph wrapped\nhard after a few words, as some\nprograms do with long lines\nwhen they save a page.",
        "This page is for educational purposes and no substitute for medical advice.",
        "If you have an emergency, call 911",
        "“Typographic quotes”, they’re fine…",
        "Café, naïve, 日本語の文。 😀👩🏽‍⚕️ e\u0301",
        "a\xa0b\u2009c\u3000d\te",
        "Question inside?",
        "https://example.org/a?b=c",
        "{{ not closed",
    ],
)  # fmt: skip
@pytest.mark.parametrize("opening", ["Head\n\n+3\n\n", "Head\n\n", f"{RESIDUE}\n\n", ""])
@pytest.mark.parametrize("doctors", [(ROE, POE), (LEE, "Capital City Urologist")])
def test_a_body_may_hold_lines_like_the_pages_own(middle: str, opening: str, doctors: tuple[str, str]) -> None:
    """Lines that look like stars, headings or closing words stay where they stand."""
    body = f"First words.\n\n{middle}\n\nLast words."
    question = clean(page(f"{opening}{body}\n\n{doctors[0]}", f"{opening}{body}\n\n{doctors[1]}"))
    assert bodies(question) == [body, body]
    assert [a.author for a in question.answers] == [
        a.author for a in clean(page(f"One.\n\n{doctors[0]}", f"Two.\n\n{doctors[1]}")).answers
    ]


def test_a_signature_within_a_body_stays_there_and_is_pointed_out() -> None:
    """A name above a postscript is the doctor's own word where the count says so; a remark asks to check it."""
    body = "Ice helps.\n\nDr. Roe\n\nP.S. Not for long."
    question, (finding,) = read(page(f"{body}\n\n{ROE}"))
    assert question is not None
    assert bodies(question) == [body]
    assert (finding.kept, finding.source.line) == (True, 7)


@pytest.mark.parametrize("sign", ["Best of luck", "Hope this helps!", "Thank you", "JR"])
def test_a_greeting_at_the_end_of_a_body_stays_there(sign: str) -> None:
    """What a doctor writes above their own lines is theirs to the last word, glued or not."""
    for gap in ("\n", "\n\n"):
        body = f"Ice helps.{gap}{sign}"
        assert bodies(clean(page(f"{body}\n\n{ROE}", f"{body}\n\n{LEE}"))) == [body, body]


@pytest.mark.parametrize("sign", ["Best of luck", "Dr. Roe", "Hope this helps!"])
def test_a_greeting_glued_to_the_doctors_lines_stays_in_the_body(sign: str) -> None:
    """Without blank lines, the doctor's own lines begin at the name."""
    answer = only(f"Ice helps.\n{sign}\n{ROE}")
    assert (answer.body, answer.author.name) == (f"Ice helps.\n{sign}", "Jane Roe, MD")


def test_a_number_within_a_body_is_text_where_the_count_fits() -> None:
    """A line like a vote line belongs to the answer it stands in if every answer has its doctor."""
    first, second = clean(page(f"+3\n\nFrom\n\n-2\n\nto nought.\n\n{ROE}", f"It fades.\n\n{POE}")).answers
    assert first.body == "From\n\n-2\n\nto nought."
    assert second.body == "It fades."


def test_a_number_above_a_new_sentence_may_begin_another_answer() -> None:
    """Where no sentence goes on below it, a number within an answer leaves the page out."""
    lost = f"+3\n\nIce helps.\n\nIt is so.\n\n+2\n\nHeat does not.\n\n{ROE}"
    question, (finding,) = read(page(lost, f"+1\n\nIt fades.\n\n{POE}"))
    assert question is None
    assert (finding.source.line, "vote line" in finding.reason) == (11, True)


# The form of the page


def test_a_page_without_blank_lines_is_read() -> None:
    """Blocks that are glued together come apart at the counter, the vote lines and the doctors."""
    for doctors in ((ROE, POE), (LEE, "Capital City Urologist")):
        text = page(
            f"Cold\n\n+3\n\nIce helps.\nTwice a day.\n\n{doctors[0]}", f"Heat\n\n-1\n\nIt fades.\n\n{doctors[1]}"
        )
        glued = clean(re.sub(r"\n\n+", "\n", text))
        assert [(a.headline, a.votes, a.body, a.author) for a in glued.answers] == [
            (a.headline, a.votes, a.body, a.author) for a in clean(text).answers
        ]
        assert glued.disclaimer == DISCLAIMER


def test_a_doctor_glued_to_the_body_is_found() -> None:
    """A doctor's lines that end a paragraph without a blank line do not fall to the next doctor."""
    for doctor, other in [
        ("Jane Roe, MD\nSpringfield Dermatologist", LEE),
        ("Jane Roe, MD", "Ann Lee, DDS"),
        ("Springfield Dermatologist", LEE),
    ]:
        question = clean(page(f"Ice helps.\n{doctor}", f"Heat\n\nIt fades.\n\n{other}"))
        assert bodies(question) == ["Ice helps.", "It fades."]


@pytest.mark.parametrize(
    "disclaimer",
    [
        None,
        "Nobody here has examined you.",
        "For education only.\n\nNot a substitute for a visit.",
        "© The site\n\nThis does not constitute medical advice.",
    ],
)
def test_the_disclaimer_may_be_missing_or_worded_otherwise(disclaimer: str | None) -> None:
    """What closes a page is its disclaimer, in any wording, and no doctor's words."""
    question, findings = read(page(f"One.\n\n{ROE}", f"Two.\n\n{POE}", disclaimer=disclaimer))
    assert question is not None
    assert bodies(question) == ["One.", "Two."]
    if disclaimer and disclaimer.startswith("©"):
        assert question.disclaimer == "This does not constitute medical advice."
        assert [finding.source.line for finding in findings] == [16]
    else:
        assert question.disclaimer == disclaimer
        assert not findings


def test_details_stand_between_the_title_and_the_counter() -> None:
    """Further lines above the counter are the details, questions and paragraphs included."""
    question = clean(
        f"\n Does cold help? \n\nI fell. Is it broken?\nWhat now?\n\nI am 40.\n\nDoctor Answers 1\n\nNo.\n\n{ROE}"
    )
    assert question.title == "Does cold help?"
    assert question.details == "I fell. Is it broken?\nWhat now?\n\nI am 40."
    assert question.source.line == 2


@pytest.mark.parametrize(
    "counter", ["Doctor Answers 1", "doctor answer 1", "Doctor Answers (1)", " Doctor\xa0Answers: 1 "]
)
def test_the_counter_may_be_written_otherwise(counter: str) -> None:
    """The counter is known by its words and its number."""
    assert bodies(clean(f"Q?\n\n{counter}\n\nNo.\n\n{ROE}")) == ["No."]


ENCODINGS: list[Callable[[str], bytes]] = [
    lambda text: text.encode(),
    lambda text: text.encode("utf-8-sig"),
    lambda text: text.encode("utf-16"),
    lambda text: b"\xfe\xff" + text.encode("utf-16-be"),
    lambda text: text.replace("\n", "\r\n").encode(),
    lambda text: text.replace("\n", "\r\n").encode("utf-16"),
    lambda text: text.replace("\n", "\r").encode(),
    lambda text: text.rstrip("\n").encode(),
    lambda text: text.replace("\n\n", "\n \t\n\xa0\n").encode(),
]


@pytest.mark.parametrize("encode", ENCODINGS)
def test_encodings_and_line_ends_do_not_matter(encode: Callable[[str], bytes]) -> None:
    """BOM, UTF-16, CRLF, CR, no last newline: the same page is read."""
    text = page(f"“Cold” – it’s fine\n\n+3\n\nCafé, it’s 5\xa0€… naïve.\n\n{ROE}", f"Two.\n\n{POE}")
    assert clean(encode(text)) == clean(text)


def test_windows_1252_is_read_with_a_remark() -> None:
    """A page that is not UTF-8 is read where its encoding is certain, and the report says as what and where."""
    text = page(f"“Cold” – it’s fine\n\n+3\n\nCafé, it’s 5\xa0€… naïve.\n\n{ROE}")
    question, (remark,) = read(text.encode("cp1252"))
    assert question == clean(text)
    assert (remark.kept, remark.source.line) == (True, 5)
    assert "Windows-1252" in remark.reason


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


# What is no page


@pytest.mark.parametrize(
    ("data", "line", "reason"),
    [
        (b"", 1, "empty"),
        (b" \n\n\t\n", 1, "empty"),
        (b"\x89PNG\r\n\x1a\n\x00\x00", 1, "not plain text"),
        (bytes(range(256)), 1, "not plain text"),
        (b"\xff\xfe\x00", 1, "not plain text"),
        ("Doctor Answers 1\n".encode("utf-32"), 1, "not plain text"),
        ("Doctor Answers 1\n".encode("utf-16-le"), 1, "No question"),
        (page(f"Café – “x”.\n\n{ROE}").encode() + b"\xff", 12, "not plain text"),
        (b"\n\nJust some prose.\n\nMore of it.", 3, "No line says"),
        (b"<!DOCTYPE html>\n<p>\nDoctor Answers 1\n<p>No.</p>\nJane Roe, MD", 1, "HTML"),
        (b"<html><body>Doctor Answers 1</body></html>", 1, "HTML"),
        (b'{"title": "Doctor Answers 1"}', 1, "JSON"),
        (b"\nDoctor Answers 1\n\nNo.\n\nJane Roe, MD", 2, "No question"),
        (b"Q?\n\nDoctor Answers 2\n", 3, "none could be read"),
        (b"Q?\nDoctor Answers many\nNo.\nJane Roe, MD", 1, "No line says"),
        (b"a" * (LARGEST_PAGE + 1), 1, "too large"),
    ],
)
def test_what_is_no_page_is_rejected_with_line_and_reason(data: bytes, line: int, reason: str) -> None:
    """A file that is no page gives one finding that says where, why and what to do."""
    question, (finding,) = read(data)
    assert question is None
    assert (finding.kept, str(finding.source)) == (False, f"folder/page.txt:{line}")
    assert reason in finding.reason
    assert finding.hint.endswith(".")


# Whole pages, made by chance


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


@given(lines=st.lists(PIECES, max_size=30), claimed=st.integers(0, 9999), end=st.sampled_from(["\n", "\r\n"]))
def test_any_order_of_lines_gives_slices_of_the_page(lines: list[str], claimed: int, end: str) -> None:
    """However the lines of a page are mixed, bodies are pieces of it, in order, that do not overlap."""
    text = "\n".join(["Title", f"Doctor Answers {claimed}", *lines])
    question, findings = read(text.replace("\n", end))
    at = 0
    for answer in question.answers if question else ():
        assert answer.body == answer.body.strip() != ""
        at = text.index(answer.body, at) + len(answer.body)
    assert all(1 <= finding.source.line <= len(lines) + 2 for finding in findings)
    if question and len(question.answers) != claimed:
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


def test_vote_lines_that_only_some_answers_have_do_not_hide_the_others() -> None:
    """A count of one, one vote line and two doctors: the first doctor's words do not go to the second."""
    text = PAGE.replace("Doctor Answers 2", "Doctor Answers 1")
    items = list(TextPage().read("x.txt", text.encode()))
    bodies = [answer.body for item in items if isinstance(item, Question) for answer in item.answers]
    assert not any("turns yellow" in body and "Cold helps" in body for body in bodies)
    assert any(isinstance(item, Finding) for item in items)
