"""Candidate bylines against the claimed number: a count that does not fit is reported or refuses the page."""

import pytest

from tests.corpus.text_page.bruise_samples import FIRST, LONG, LONGER, SECOND, THIRD, bruise_page
from tests.corpus.text_page.bylines import AMES, HOLM, NAMELESS
from tests.corpus.text_page.samples import DISCLAIMER, LEE, POE, RESIDUE, ROE, bodies, clean, page, read


@pytest.mark.parametrize("count", [1, 5])
def test_any_number_of_answers_is_read(count: int) -> None:
    """A page may hold one answer or several."""
    doctors = [ROE, POE, LEE, "Bob Toe, DO\nOncologist", "Capital City Urologist"]
    question = clean(page(*(f"Body {n}.\n\n{doctor}" for n, doctor in enumerate(doctors[:count]))))
    assert bodies(question) == [f"Body {n}." for n in range(count)]
    assert question.disclaimer == DISCLAIMER


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


def test_a_signature_is_text_where_the_count_fits_without_it() -> None:
    """A doctor who signs and goes on is read whole, with a remark, where every answer has its doctor."""
    question, (finding,) = read(
        bruise_page("Patience", FIRST, HOLM, "Cold helps", SECOND, "Bert Ames, DO", "So it is.", AMES)
    )
    assert question is not None
    assert [answer.body for answer in question.answers] == [FIRST, f"{SECOND}\n\nBert Ames, DO\n\nSo it is."]
    assert (finding.kept, finding.source.line) == (True, 17)


@pytest.mark.parametrize("claimed", [1, 2])
def test_a_colleague_who_is_named_is_no_author(claimed: int) -> None:
    """A page that says it has two answers is not kept as three."""
    for intro in ("Good doctors near you:", "Good doctors near you", "So it is."):
        for colleague in (
            "Carl Webb, MD",
            "Carl Webb, MD\nReno Dentist",
            "Carl Webb, MD\nReno Dentist\n5 ★ (3)",
        ):
            blocks = ["Cold helps", SECOND, intro, colleague, "So it is.", AMES]
            question, _ = read(
                bruise_page(*(["Patience", FIRST, HOLM] if claimed == 2 else []), *blocks, claimed=claimed)
            )
            names = [answer.author.name for answer in question.answers] if question else []
            assert "Carl Webb, MD" not in names


COLLEAGUE = "Dora Finch, MD\nAustin Plastic Surgeon"


@pytest.mark.parametrize("tail", ["", "She does this every day. She does it well."])
@pytest.mark.parametrize("intro", ["Ask for", "I agree with my colleague:", "If you live in Texas, see"])
@pytest.mark.parametrize("vote", ["+3", ""])
def test_a_colleague_without_stars_is_text_where_counter_and_stars_agree(tail: str, intro: str, vote: str) -> None:
    """A name and a title that a sentence goes on into are kept in the answer, with a remark."""
    first = [*filter(None, ["Patience", vote, LONG, intro, COLLEAGUE, tail, HOLM])]
    question, findings = read(bruise_page(*first, *filter(None, ["Cold helps", vote, LONGER]), AMES))
    assert question is not None
    assert [answer.author.name for answer in question.answers] == ["Anna Holm, MD", "Bert Ames, DO"]
    assert question.answers[0].body == "\n\n".join(filter(None, [LONG, intro, COLLEAGUE, tail]))
    assert [(finding.kept, "read as text" in finding.reason) for finding in findings] == [(True, True)]


@pytest.mark.parametrize(
    "text",
    [
        bruise_page(
            "Patience", LONG, "Ask for", COLLEAGUE, NAMELESS, "Cold helps", LONGER, "Bert Ames, DO\nBoise Physician"
        ),
        bruise_page(LONG, "It may take longer. Wait for it.", "Ask for", COLLEAGUE, HOLM, LONGER, AMES),
        bruise_page("Patience", LONG, "Cold helps", LONGER, "Ask for", COLLEAGUE, HOLM, claimed=1),
        bruise_page(
            "Patience", LONG, "Best regards", COLLEAGUE, f"{THIRD} So it is.", HOLM, "Cold helps", LONGER, AMES
        ),
        bruise_page(
            "Patience", LONG, "Hope this helps", COLLEAGUE, f"{THIRD} So it is.", HOLM, "Cold helps", LONGER, AMES
        ),
    ],
    ids=["no stars", "nothing parts the answers", "a second headline", "a signature", "a closing"],
)
def test_a_colleague_leaves_the_page_out_where_something_speaks_against_it(text: str) -> None:
    """Without stars for all, or votes or headlines that part the answers, either name may end the answer."""
    assert read(text)[0] is None
