"""The parts of a site: dropped with a remark where sites put them, and never out of a doctor's words."""

import pytest

from askdoc.corpus.reader import Finding
from askdoc.corpus.text_page.lines import boilerplate, boilerplate_table
from askdoc.corpus.text_page.page import TextPage
from askdoc.models import Question

HOLM = "Anna Holm, MD\nToledo Plastic Surgeon\n4.8 out of 5 stars 20 reviews"
AMES = "Bert Ames, DO\nBoise Physician\n4.2 out of 5 stars 7 reviews"
CLOSING = "These answers are for education only and do not replace your own physician."
FIRST, SECOND = "It fades within 12 days. It turns yellow first.", "Cold slows the swelling. Keep the leg up."


def read(
    *blocks: str, head: str = "How long does it last?\n\nI fell on Monday."
) -> tuple[Question | None, list[Finding]]:
    text = "\n\n".join([head, "Doctor Answers 2", *blocks, CLOSING])
    items = list(TextPage().read("page.txt", text.encode()))
    questions = [item for item in items if isinstance(item, Question)]
    return (questions[0] if questions else None), [item for item in items if isinstance(item, Finding)]


def whole(question: Question | None) -> Question:
    """The question, after a look at all that must be as if the page had none of the site's lines."""
    assert question is not None
    assert (question.title, question.details) == ("How long does it last?", "I fell on Monday.")
    assert question.disclaimer == CLOSING
    assert [(a.headline, a.body, a.author.name, a.author.title, a.author.rating) for a in question.answers] == [
        ("Patience", FIRST, "Anna Holm, MD", "Toledo Plastic Surgeon", 4.8),
        ("Cold helps", SECOND, "Bert Ames, DO", "Boise Physician", 4.2),
    ]
    return question


@pytest.mark.parametrize(
    "above",
    [
        "Ask a doctor",
        "Home > Skin > Bruises",
        "Home › Questions › Bruises",
        "Questions » Skin",
        "Home / Skin / Bruises",
        "Home | Skin | Bruises",
        "Home\n>\nSkin\n>\nBruises",
        "Log in\n\nSign up\n\nMenu",
        "We use cookies to improve your visit.",
        "Skip to content\nHome > Skin > Bruises\n\nAsk a doctor",
    ],
)
@pytest.mark.parametrize("gap", ["\n", "\n\n"])
def test_what_stands_above_a_question_is_no_title(above: str, gap: str) -> None:
    """Bread crumbs and buttons above the question are dropped, with a remark on their line."""
    head = f"{above}{gap}How long does it last?\n\nI fell on Monday."
    question, findings = read("Patience", FIRST, HOLM, "Cold helps", SECOND, AMES, head=head)
    assert whole(question).source.line == head[: head.index("How")].count("\n") + 1
    assert findings
    assert all(finding.kept and "part of the site" in finding.reason for finding in findings)
    assert findings[0].source.line == 1


@pytest.mark.parametrize(
    "line",
    [
        "Topics: swelling, legs",
        "Asked by anna22 in Toledo, OH",
        "2 years ago",
        "Posted on March 3, 2015",
        "Share",
        "1,204 views",
        "Medically reviewed by Cara Lund, MD",
        "Reviewed by\nCara Lund, MD",
    ],
)
def test_what_stands_below_a_question_is_no_detail(line: str) -> None:
    """Key words, the asker's name and dates are no part of what was asked."""
    question, findings = read(
        "Patience",
        FIRST,
        HOLM,
        "Cold helps",
        SECOND,
        AMES,
        head=f"How long does it last?\n\nI fell on Monday.\n\n{line}",
    )
    whole(question)
    assert [finding.source.line for finding in findings] == [5]


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
    question, findings = read("Patience", FIRST, f"{HOLM}{gap}{line}", "Cold helps", SECOND, f"{AMES}{gap}{line}")
    whole(question)
    assert findings
    assert all(finding.kept and "part of the site" in finding.reason for finding in findings)
    assert min(finding.source.line for finding in findings) == 14 + (gap == "\n\n")


@pytest.mark.parametrize(
    "line",
    ["Sort by: Most helpful", "Sort by Newest", "Medically reviewed by Cara Lund, MD", "Reviewed by:\n\nCara Lund, MD"],
)
def test_what_stands_below_the_counter_is_no_headline_and_no_author(line: str) -> None:
    """The control that orders the answers and the name of a reviewer belong to no answer."""
    question, findings = read(line, "Patience", FIRST, HOLM, "Cold helps", SECOND, AMES)
    whole(question)
    assert findings[0].source.line == 7


def test_a_reviewer_never_becomes_the_author_of_an_answer_that_lost_its_doctor() -> None:
    """Where a reviewer is the only name below an answer, the page is left out."""
    for line in ("Medically reviewed by Cara Lund, MD", "Reviewed by\nCara Lund, MD\nOmaha Dermatologist"):
        question, findings = read("Patience", FIRST, line, "Cold helps", SECOND, AMES)
        assert question is None, findings


@pytest.mark.parametrize(
    ("line", "day"),
    [
        ("Answered on March 3, 2015", "2015-03-03"),
        ("Answered Mar 3rd, 2015", "2015-03-03"),
        ("Posted on 3 March 2015", "2015-03-03"),
        ("Published: 2015-03-03", "2015-03-03"),
        ("Answered on 13/03/2015", "2015-03-13"),
        ("Answered on 03/13/2015", "2015-03-13"),
        ("March 3, 2015 at 5:12 pm", "2015-03-03"),
        ("Answered on 03/04/2015", None),
        ("Posted 3 years ago", None),
        ("Answered on February 30, 2015", None),
    ],
)
def test_a_day_is_the_answers_date_where_it_can_be_read_in_one_way(line: str, day: str | None) -> None:
    """A month's name, or a number above twelve, settles a date; others are dropped and give none."""
    question, (finding,) = read("Patience", line, FIRST, HOLM, "Cold helps", SECOND, AMES)
    assert [answer.date for answer in whole(question).answers] == [day, None]
    assert (finding.kept, finding.source.line) == (True, 9)


ONE, OTHER = "Answered on March 3, 2015", "Answered on April 5, 2016"


@pytest.mark.parametrize(
    "blocks",
    [
        ["Patience", ONE, FIRST, HOLM, "Cold helps", OTHER, SECOND, AMES],
        ["Patience", FIRST, ONE, HOLM, "Cold helps", SECOND, OTHER, AMES],
        ["Patience", FIRST, f"{HOLM}\n{ONE}", "Cold helps", SECOND, f"{AMES}\n{OTHER}"],
        ["Patience", FIRST, HOLM, ONE, "Cold helps", SECOND, AMES, OTHER],
        [ONE, "Patience", FIRST, HOLM, OTHER, "Cold helps", SECOND, AMES],
        [
            "Patience",
            FIRST,
            HOLM.replace("\n4.8", f"\n{ONE}\n4.8"),
            "Cold helps",
            SECOND,
            AMES.replace("\n4.2", f"\n{OTHER}\n4.2"),
        ],
    ],
)
def test_a_date_goes_to_the_answer_that_it_stands_at(blocks: list[str]) -> None:
    """Wherever a site puts its dates, each answer gets its own."""
    question, _ = read(*blocks)
    assert [answer.date for answer in whole(question).answers] == ["2015-03-03", "2016-04-05"]


def test_a_date_between_two_answers_is_nobodys_where_the_page_does_not_say_whose() -> None:
    """A single date apart between two answers is given to neither."""
    question, _ = read("Patience", FIRST, HOLM, ONE, "Cold helps", SECOND, AMES)
    assert [answer.date for answer in whole(question).answers] == [None, None]


@pytest.mark.parametrize(
    "word", ["Share", "Reply", "Helpful", "Follow", "Yes", "May 5, 2016", "-----", "(555) 010-0199", "Related:"]
)
def test_a_word_that_a_doctor_could_write_stays_within_an_answer(word: str) -> None:
    """Between paragraphs such a line is the doctor's own, and the body is kept to the letter."""
    question, findings = read("Patience", FIRST, word, FIRST, HOLM, "Cold helps", SECOND, AMES)
    assert question is not None
    assert question.answers[0].body == f"{FIRST}\n\n{word}\n\n{FIRST}"
    assert not findings


@pytest.mark.parametrize(
    "sentence",
    [
        "I reviewed this by hand.",
        "Share your worries with a doctor.",
        "Was this helpful in your case, then?",
        "More of the same.",
        "Home care, rest and ice help.",
        "Tags on the skin are harmless.",
        "Sort by size and colour.",
        "Report any fever at once.",
    ],
)
def test_a_sentence_is_never_a_part_of_the_site(sentence: str) -> None:
    """Only whole lines of the listed forms are on the list, not sentences that begin alike."""
    assert boilerplate.kind(sentence) is None
    for body in (f"{sentence}\n\n{FIRST}", f"{FIRST}\n\n{sentence}", f"{FIRST}\n{sentence}"):
        question, findings = read("Patience", body, HOLM, "Cold helps", SECOND, AMES)
        assert question is not None
        assert question.answers[0].body == body
        assert not findings


@pytest.mark.parametrize(
    "line", ["3 people found this helpful", "Answered on March 3, 2015", "Tags: leg, bruise", "View profile"]
)
def test_a_part_of_the_site_within_an_answer_leaves_the_page_out(line: str) -> None:
    """What no doctor writes shows that another answer ended there and lost its doctor."""
    question, (finding,) = read("Patience", FIRST, line, SECOND, HOLM, "Cold helps", SECOND, AMES)
    assert question is None
    assert finding.source.line == 11
    assert "another answer may end here" in finding.reason


def test_links_below_the_last_doctor_are_dropped_and_those_between_answers_leave_the_page_out() -> None:
    """Questions of other pages are told from headlines only where no answer follows."""
    links = "Related questions\n\nIs yellow bad?\n\nWill it scar?"
    question, (finding,) = read("Patience", FIRST, HOLM, "Cold helps", SECOND, AMES, links)
    whole(question)
    assert "'Related questions' and 2 more (lines 25, 27)" in finding.reason
    question, (finding,) = read("Patience", FIRST, HOLM, links, "Cold helps", SECOND, AMES)
    assert question is None
    assert "link to another page" in finding.reason


def test_the_foot_of_a_page_is_no_disclaimer() -> None:
    """Copyright lines and links below the closing words are dropped, and the disclaimer stays whole."""
    text = "\n\n".join(
        [
            "How long?",
            "Doctor Answers 1",
            FIRST,
            HOLM,
            CLOSING,
            "© 2015 The Site. All rights reserved.",
            "Terms | Privacy | Help",
        ]
    )
    question, *remarks = TextPage().read("page.txt", text.encode())
    assert isinstance(question, Question)
    assert question.disclaimer == CLOSING
    assert len(remarks) == 1


@pytest.mark.parametrize("word", ["Yes", "No"])
def test_a_short_headline_is_no_button(word: str) -> None:
    """Yes and No are buttons only below the question whether the answer helped."""
    question, findings = read("Patience", FIRST, HOLM, word, SECOND, AMES)
    assert question is not None
    assert [answer.headline for answer in question.answers] == ["Patience", word]
    assert not findings


def test_every_kind_has_its_reason() -> None:
    """The list says of each kind why it is there, and the corpus notes show every kind."""
    assert all(kind.name and kind.why for kind in boilerplate_table.TABLE)


@pytest.mark.parametrize(
    "above",
    [
        "Home\n\nQuestions\n\nBruises",
        "Home\nQuestions\nBruises",
        "Home\n\n›\n\nQuestions\n\n›\n\nBruises",
        "Home >\n\nSkin",
        "Home\n\nDoctor Q&A\n\nBruises and Swelling",
        "All Questions\n\nBruises",
        "Questions",
        "Log in\n\nJoin now",
        "← Back to all questions",
        "Search for doctors, treatments...",
        "Subscribe to our newsletter",
        "Advertisement\n\nLog in",
        "bruise-2.html",
        "https://example.org/bruise",
        "Written by The Site's staff",
        "Medically reviewed by: Cara Lund, MD, FACS\nPlastic Surgeon",
    ],
)
@pytest.mark.parametrize("details", ["I fell on Monday.", None])
def test_no_step_of_the_way_to_a_page_is_its_title(above: str, details: str | None) -> None:
    """Steps with blank lines between, menus and addresses above a question are dropped with a remark."""
    head = "\n\n".join(filter(None, [above, "How long does it last?", details]))
    question, findings = read("Patience", FIRST, HOLM, "Cold helps", SECOND, AMES, head=head)
    assert question is not None
    assert (question.title, question.details) == ("How long does it last?", details)
    assert findings[0].source.line == 1


@pytest.mark.parametrize("title", ["Itchy scalp", "Swollen Lower Lids Again", "Can I fly?", "Crown hurts when I bite"])
@pytest.mark.parametrize("details", ["It has been two weeks now.", "any ideas", None])
def test_a_short_title_below_the_way_to_the_page_is_no_step(title: str, details: str | None) -> None:
    """The last short line above prose, or above the counter, is the question."""
    head = "\n\n".join(filter(None, ["Home", "Questions", "Skin", title, details]))
    question, _ = read("Patience", FIRST, HOLM, head=head)
    assert question is not None
    assert (question.title, question.details) == (title, details)


def test_short_lines_without_a_beginning_of_a_way_are_the_question_and_its_details() -> None:
    """Nothing is taken for a step where no line begins the way to the page."""
    question, findings = read("Patience", FIRST, HOLM, "Cold helps", SECOND, AMES, head="Bruises\n\nMy left leg")
    assert question is not None
    assert (question.title, question.details, findings) == ("Bruises", "My left leg", [])


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
    one, two = (("Patience", vote, FIRST), ("Cold helps", vote, SECOND))
    question, findings = read(lines, *filter(None, one), HOLM, *filter(None, two), AMES)
    whole(question)
    assert findings[0].source.line == 7


@pytest.mark.parametrize(
    ("line", "day"),
    [
        ("July 4, 2017", "2017-07-04"),
        ("Tuesday, July 4, 2017", "2017-07-04"),
        ("4. July 2017", "2017-07-04"),
        ("2017-07-04 15:15", "2017-07-04"),
        ("2 years ago", None),
        ("5y ago", None),
        ("Yesterday", None),
    ],
)
@pytest.mark.parametrize("headline", ["Patience", ""])
def test_a_date_between_votes_and_text_is_the_answers(line: str, day: str | None, headline: str) -> None:
    """A date below the votes is dropped with a remark, and no part of the body."""
    one, two = ([headline, "+1", line, FIRST, HOLM], [headline and "Cold helps", "+2", line, SECOND, AMES])
    question, findings = read(*filter(None, [*one, *two]))
    assert question is not None
    assert [(answer.body, answer.date) for answer in question.answers] == [(FIRST, day), (SECOND, day)]
    assert [("(date)" in finding.reason, finding.kept) for finding in findings] == [(True, True)]


@pytest.mark.parametrize("line", ["Website", "Permanent link", "Board certified", "Call"])
@pytest.mark.parametrize("vote", ["+3", ""])
def test_a_line_below_every_doctor_is_the_sites(line: str, vote: str) -> None:
    """What stands word for word below each doctor, the last too, is no headline whatever it says."""
    one, two = (("Patience", vote, FIRST), ("Cold helps", vote, SECOND))
    question, findings = read(*filter(None, one), HOLM, line, *filter(None, two), AMES, line)
    whole(question)
    assert ["(repeated)" in finding.reason for finding in findings] == [True]


def test_a_headline_of_two_answers_is_not_taken_for_the_sites() -> None:
    """A line that stands below one doctor alone, or above another answer, stays its headline."""
    question, findings = read("Patience", FIRST, HOLM, "Patience", SECOND, AMES)
    assert question is not None
    assert [answer.headline for answer in question.answers] == ["Patience", "Patience"]
    assert not findings


@pytest.mark.parametrize("vote", ["+3", ""])
def test_a_headline_of_all_answers_is_not_taken_for_the_sites_where_the_last_lost_its_doctor(vote: str) -> None:
    """Where text follows below the last doctor, a line that all answers share is their headline."""
    three = [[*filter(None, ["Patience", vote, text])] for text in (FIRST, SECOND, "Rest helps. Sleep well.")]
    question, findings = read(*three[0], HOLM, *three[1], AMES, *three[2])
    assert question is None or [answer.headline for answer in question.answers] == ["Patience", "Patience"]
    assert findings


@pytest.mark.parametrize("lines", ["Like\n\n3", "👍 3", "3 helpful votes", "Thanks\n\nReply", "Mark as helpful"])
def test_a_count_below_a_button_is_no_headline(lines: str) -> None:
    """The number of a button stands below it, on a line of its own."""
    question, findings = read("Patience", "+1", FIRST, HOLM, lines, "Cold helps", "+2", SECOND, AMES)
    whole(question)
    assert findings


def test_an_advertisement_within_an_answer_stays_and_is_pointed_out() -> None:
    """What stands between a doctor's paragraphs is kept to the letter, with a remark where it is hardly theirs."""
    question, (finding,) = read("Patience", FIRST, "Advertisement", FIRST, HOLM, "Cold helps", SECOND, AMES)
    assert question is not None
    assert question.answers[0].body == f"{FIRST}\n\nAdvertisement\n\n{FIRST}"
    assert (finding.kept, finding.source.line) == (True, 11)
