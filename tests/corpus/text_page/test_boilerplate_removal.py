"""Boilerplate below the counter: dropped with a remark where sites put it, never out of a doctor's words."""

import pytest

from tests.corpus.text_page.bylines import AMES, HOLM
from tests.corpus.text_page.site_samples import FADES, SLOWS, read_site_page, require_untouched

BELOW_A_DOCTOR = [
    "Helpful",
    "Helpful (3)",
    "3 people found this helpful",
    "1 person found this helpful",
    "Was this answer helpful? Yes No",
    "Was this answer helpful?\nYes\nNo",
    "Was this answer helpful?\n\nYes\n\nNo",
    "Reply",
    "Reply\nShare",
    "Share | Report",
    "Report abuse",
    "Follow",
    "More from Dr. Holm",
    "View profile",
    "Book a consultation",
    "Tags: leg, bruise",
    "#leg #bruise",
    "Advertisement",
    "(555) 010-0199",
    "www.example.org/holm",
    "Patient replied: Thank you, doctor!",
    "3 likes",
    "12 comments",
    "Medically reviewed by Cara Lund, MD",
    "Medically reviewed by\nCara Lund, MD\nOmaha Dermatologist",
    "-----",
    "Helpful\n\n3 people found this helpful\n\nReply",
]


@pytest.mark.parametrize("line", BELOW_A_DOCTOR)
@pytest.mark.parametrize("gap", ["\n", "\n\n"])
def test_what_stands_below_a_doctor_is_nobodys_words(line: str, gap: str) -> None:
    """Buttons, counts and links below a doctor's lines are neither a headline nor the next answer's words."""
    question, findings = read_site_page(
        "Patience", FADES, f"{HOLM}{gap}{line}", "Cold helps", SLOWS, f"{AMES}{gap}{line}"
    )
    require_untouched(question)
    assert findings
    assert all(finding.kept and "part of the site" in finding.reason for finding in findings)
    assert min(finding.source.line for finding in findings) == 14 + (gap == "\n\n")


@pytest.mark.parametrize(
    "line",
    ["Sort by: Most helpful", "Sort by Newest", "Medically reviewed by Cara Lund, MD", "Reviewed by:\n\nCara Lund, MD"],
)
def test_what_stands_below_the_counter_is_no_headline_and_no_author(line: str) -> None:
    """The control that orders the answers and the name of a reviewer belong to no answer."""
    question, findings = read_site_page(line, "Patience", FADES, HOLM, "Cold helps", SLOWS, AMES)
    require_untouched(question)
    assert findings[0].source.line == 7


def test_a_reviewer_never_becomes_the_author_of_an_answer_that_lost_its_doctor() -> None:
    """Where a reviewer is the only name below an answer, the page is left out."""
    for line in ("Medically reviewed by Cara Lund, MD", "Reviewed by\nCara Lund, MD\nOmaha Dermatologist"):
        question, findings = read_site_page("Patience", FADES, line, "Cold helps", SLOWS, AMES)
        assert question is None, findings


@pytest.mark.parametrize(
    "word", ["Share", "Reply", "Helpful", "Follow", "Yes", "May 5, 2016", "-----", "(555) 010-0199", "Related:"]
)
def test_a_word_that_a_doctor_could_write_stays_within_an_answer(word: str) -> None:
    """Between paragraphs such a line is the doctor's own, and the body is kept to the letter."""
    question, findings = read_site_page("Patience", FADES, word, FADES, HOLM, "Cold helps", SLOWS, AMES)
    assert question is not None
    assert question.answers[0].body == f"{FADES}\n\n{word}\n\n{FADES}"
    assert not findings


@pytest.mark.parametrize(
    "line", ["3 people found this helpful", "Answered on March 3, 2015", "Tags: leg, bruise", "View profile"]
)
def test_a_part_of_the_site_within_an_answer_leaves_the_page_out(line: str) -> None:
    """What no doctor writes shows that another answer ended there and lost its doctor."""
    question, (finding,) = read_site_page("Patience", FADES, line, SLOWS, HOLM, "Cold helps", SLOWS, AMES)
    assert question is None
    assert finding.source.line == 11
    assert "another answer may end here" in finding.reason


def test_links_below_the_last_doctor_are_dropped_and_those_between_answers_leave_the_page_out() -> None:
    """Questions of other pages are told from headlines only where no answer follows."""
    links = "Related questions\n\nIs yellow bad?\n\nWill it scar?"
    question, (finding,) = read_site_page("Patience", FADES, HOLM, "Cold helps", SLOWS, AMES, links)
    require_untouched(question)
    assert "'Related questions' and 2 more (lines 25, 27)" in finding.reason
    question, (finding,) = read_site_page("Patience", FADES, HOLM, links, "Cold helps", SLOWS, AMES)
    assert question is None
    assert "link to another page" in finding.reason


@pytest.mark.parametrize("word", ["Yes", "No"])
def test_a_short_headline_is_no_button(word: str) -> None:
    """Yes and No are buttons only below the question whether the answer helped."""
    question, findings = read_site_page("Patience", FADES, HOLM, word, SLOWS, AMES)
    assert question is not None
    assert [answer.headline for answer in question.answers] == ["Patience", word]
    assert not findings


@pytest.mark.parametrize(
    "lines",
    [
        "Sort by\n\nNewest",
        "Sort by\nNewest",
        "Sort by:\n\nMost helpful",
        "Most helpful\n\nNewest\n\nOldest",
        "Filter by:\n\nAll answers",
        "Newest first",
        "Showing 1-2 of 2",
        "Best answer",
        "Answer 1",
    ],
)
@pytest.mark.parametrize("vote", ["+3", ""])
def test_a_control_on_several_lines_below_the_counter_is_no_headline(lines: str, vote: str) -> None:
    """The words of a list of orders stand on lines of their own, and belong to no answer."""
    one, two = (("Patience", vote, FADES), ("Cold helps", vote, SLOWS))
    question, findings = read_site_page(lines, *filter(None, one), HOLM, *filter(None, two), AMES)
    require_untouched(question)
    assert findings[0].source.line == 7


@pytest.mark.parametrize("line", ["Website", "Permanent link", "Board certified", "Call"])
@pytest.mark.parametrize("vote", ["+3", ""])
def test_a_line_below_every_doctor_is_the_sites(line: str, vote: str) -> None:
    """What stands word for word below each doctor, the last too, is no headline whatever it says."""
    one, two = (("Patience", vote, FADES), ("Cold helps", vote, SLOWS))
    question, findings = read_site_page(*filter(None, one), HOLM, line, *filter(None, two), AMES, line)
    require_untouched(question)
    assert ["(repeated)" in finding.reason for finding in findings] == [True]


def test_a_headline_of_two_answers_is_not_taken_for_the_sites() -> None:
    """A line that stands below one doctor alone, or above another answer, stays its headline."""
    question, findings = read_site_page("Patience", FADES, HOLM, "Patience", SLOWS, AMES)
    assert question is not None
    assert [answer.headline for answer in question.answers] == ["Patience", "Patience"]
    assert not findings


@pytest.mark.parametrize("vote", ["+3", ""])
def test_a_headline_of_all_answers_is_not_taken_for_the_sites_where_the_last_lost_its_doctor(vote: str) -> None:
    """Where text follows below the last doctor, a line that all answers share is their headline."""
    three = [[*filter(None, ["Patience", vote, text])] for text in (FADES, SLOWS, "Rest helps. Sleep well.")]
    question, findings = read_site_page(*three[0], HOLM, *three[1], AMES, *three[2])
    assert question is None or [answer.headline for answer in question.answers] == ["Patience", "Patience"]
    assert findings


@pytest.mark.parametrize("lines", ["Like\n\n3", "👍 3", "3 helpful votes", "Thanks\n\nReply", "Mark as helpful"])
def test_a_count_below_a_button_is_no_headline(lines: str) -> None:
    """The number of a button stands below it, on a line of its own."""
    question, findings = read_site_page("Patience", "+1", FADES, HOLM, lines, "Cold helps", "+2", SLOWS, AMES)
    require_untouched(question)
    assert findings
