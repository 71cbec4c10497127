"""Several pages in one file: each is read on its own, or the file is left out."""

import pytest

from askdoc.corpus.reader import Finding
from askdoc.corpus.text_page.page import TextPage
from askdoc.models import Question
from tests.corpus.reading import flat
from tests.corpus.text_page.bylines import AMES, CLOSING, HOLM, LUND


def page(title: str, *answers: str, claimed: int | None = None, closing: str = CLOSING) -> str:
    count = len(answers) if claimed is None else claimed
    return "\n\n".join(
        [title, f"Details of {title}", f"Doctor Answers {count}", *answers, *([closing] if closing else [])]
    )


def read(text: str) -> tuple[list[Question], list[Finding]]:
    data = text.encode()
    items = list(flat(TextPage(), "folder/page.txt", data))
    questions = [item for item in items if isinstance(item, Question)]
    findings = [item for item in items if isinstance(item, Finding)]
    return questions, findings


ONE, TWO, THREE = (
    f"Patience\n\nIt fades.\n\n{HOLM}",
    f"Cold\n\nIt slows.\n\n{AMES}",
    f"Arnica\n\nIt did nothing.\n\n{LUND}",
)


@pytest.mark.parametrize("gap", ["\n\n", "\n\n\n\n", "\n"])
@pytest.mark.parametrize(
    ("first", "between", "second"),
    [
        ({}, "", {}),
        ({"closing": ""}, "", {}),
        ({"closing": ""}, "", {"closing": ""}),
        ({"closing": ""}, "-----", {}),
        ({}, "* * *", {"closing": ""}),
        ({"claimed": 5}, "", {}),
        ({}, "© 2015 The Site", {}),
        ({}, "", {"claimed": 0}),
    ],
)
def test_each_page_of_a_file_is_a_question(
    gap: str, first: dict[str, object], between: str, second: dict[str, object]
) -> None:
    """Title, details, counter, answers, disclaimer and source line of each page are its own."""
    upper = page("How long?", ONE, TWO, **first)  # type: ignore[arg-type]
    lower = page("Is yellow bad?", *([] if second.get("claimed") == 0 else [THREE]), **second)  # type: ignore[arg-type]
    text = gap.join(part for part in (upper, between, lower) if part)
    (one, two), findings = read(text)
    assert (one.id, two.id) == ("folder/page", "folder/page~2")
    assert [(q.title, q.details) for q in (one, two)] == [
        ("How long?", "Details of How long?"),
        ("Is yellow bad?", "Details of Is yellow bad?"),
    ]
    assert [a.body for a in one.answers] == ["It fades.", "It slows."]
    assert [(a.id, a.body, a.author.name) for a in two.answers] == [
        ("folder/page~2:1", "It did nothing.", "Cara Lund, MD")
    ][: len(two.answers)]
    assert len(two.answers) == (second.get("claimed") != 0)
    assert text.split("\n")[two.source.line - 1] == "Is yellow bad?"
    assert [q.disclaimer for q in (one, two)] == [part.get("closing", CLOSING) or None for part in (first, second)]
    assert any("holds 2 pages" in finding.reason and finding.source.line == two.source.line for finding in findings)


def test_many_pages_are_numbered_in_their_order() -> None:
    """The ids of pages further down tell their place in the file."""
    questions, _ = read("\n\n".join(page(f"Question {n}?", ONE) for n in range(1, 41)))
    assert [q.id for q in questions[:3]] == ["folder/page", "folder/page~2", "folder/page~3"]
    assert [q.title for q in questions] == [f"Question {n}?" for n in range(1, 41)]


@pytest.mark.parametrize(
    "text",
    [
        # The last answer of the first page lost its doctor.
        page("How long?", ONE, "Cold\n\nIt slows.", closing="") + "\n\n" + page("Is yellow bad?", THREE),
        # Fewer doctors than the page says, and nothing closes it.
        page("How long?", ONE, claimed=2, closing="") + "\n\n" + page("Is yellow bad?", THREE),
        # A counter within an answer's text.
        page("How long?", f"It fades.\n\nDoctor Answers 2\n\nIt is so.\n\n{HOLM}", TWO),
        # Two paragraphs close the first page in other words than the file's last.
        page("How long?", ONE, closing="For education only.\n\nWe wish you well.") + "\n\n" + page("Yellow", THREE),
        # The second page has no counter.
        page("How long?", ONE) + "\n\n" + page("Is yellow bad?", THREE).replace("Doctor Answers 1\n\n", ""),
        page("How long?", ONE, TWO, claimed=3) + "\n\n" + page("Yellow", THREE).replace("Doctor Answers 1\n\n", ""),
        # The page's closing words stand within an answer.
        page("How long?", f"It fades.\n\n{CLOSING}\n\nIt slows.\n\n{HOLM}"),
    ],
)
def test_where_the_second_page_begins_must_be_certain(text: str) -> None:
    """A question is never taken for a doctor's words: the file is left out, as one row."""
    questions, (finding,) = read(text)
    assert not questions
    assert not finding.kept


def test_a_copyright_line_that_sounds_like_closing_words_leaves_the_file_out() -> None:
    """Where nothing but boilerplate stands between a byline and the next counter, the file is left out, as one row."""
    upper = page("How long?", f"It fades.\n\n{HOLM}", closing="© 2019 Example Education, Inc.")
    questions, (finding,) = read(f"{upper}\n\nDoctor Answers 1\n\nIt heals.\n\n{AMES}\n")
    assert not questions
    assert "where is not certain" in finding.reason


def test_a_counter_that_a_site_repeats_over_its_answers_begins_no_page() -> None:
    """Tabs and the same counter once more above the first answer are one head, and a remark names them."""
    text = page("How long?", ONE, TWO).replace(
        "Doctor Answers 2", "Doctor Answers 2\n\nPhotos 12\n\nReviews 4\n\nDoctor Answers 2"
    )
    (question,), (finding,) = read(text)
    assert [a.headline for a in question.answers] == ["Patience", "Cold"]
    assert (finding.kept, finding.source.line) == (True, 7)


@pytest.mark.parametrize("closing", [CLOSING, ""])
@pytest.mark.parametrize("vote", ["+3", ""])
def test_the_answers_of_a_page_without_a_counter_are_no_details_of_the_next_ones_question(
    closing: str, vote: str
) -> None:
    """Doctors' words above the only counter leave the file out, with the line of the first of those doctors."""
    first = [*filter(None, ["Patience", vote, "It fades within 12 days.", HOLM])]
    above = "\n\n".join(["How long?", "I fell on Monday.", *first, *filter(None, [closing])])
    questions, (finding,) = read(f"{above}\n\n{page('Is it bad?', 'It is not bad at all.', LUND, claimed=1)}")
    assert not questions
    assert finding.source.line == above[: above.index(HOLM)].count("\n") + 1
    assert "above the line that says how many" in finding.reason


@pytest.mark.parametrize(
    "details", ["I saw Dr. Anna Holm.", "Dr. Anna Holm", "Toledo Plastic Surgeon", "Anna Holm, MD"]
)
def test_a_doctor_whom_the_asker_names_is_a_detail(details: str) -> None:
    """A name or a title alone above the counter is the asker's."""
    questions, findings = read(f"How long?\n\n{details}\n\nDoctor Answers 1\n\nIt fades.\n\n{LUND}\n\n{CLOSING}")
    assert [question.details for question in questions] == [details]
    assert not findings


@pytest.mark.parametrize("between", ["Home\n\nQuestions\n\nSkin", "page-2.html"])
def test_the_way_to_the_second_page_is_not_its_title(between: str) -> None:
    """What a site writes above a question is dropped above each page of a file."""
    text = f"{page('How long?', 'It fades.', HOLM, claimed=1)}\n\n{between}\n\n"
    questions, _ = read(text + page("Is it bad?", "It is not.", LUND, claimed=1))
    assert [question.title for question in questions] == ["How long?", "Is it bad?"]
