"""The day of an answer, from the dates that a site writes around it."""

import pytest

from tests.corpus.text_page.bylines import AMES, HOLM
from tests.corpus.text_page.site_samples import FADES, SLOWS, read_site_page, require_untouched


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
    question, (finding,) = read_site_page("Patience", line, FADES, HOLM, "Cold helps", SLOWS, AMES)
    assert [answer.date for answer in require_untouched(question).answers] == [day, None]
    assert (finding.kept, finding.source.line) == (True, 9)


ONE, OTHER = "Answered on March 3, 2015", "Answered on April 5, 2016"


@pytest.mark.parametrize(
    "blocks",
    [
        ["Patience", ONE, FADES, HOLM, "Cold helps", OTHER, SLOWS, AMES],
        ["Patience", FADES, ONE, HOLM, "Cold helps", SLOWS, OTHER, AMES],
        ["Patience", FADES, f"{HOLM}\n{ONE}", "Cold helps", SLOWS, f"{AMES}\n{OTHER}"],
        ["Patience", FADES, HOLM, ONE, "Cold helps", SLOWS, AMES, OTHER],
        [ONE, "Patience", FADES, HOLM, OTHER, "Cold helps", SLOWS, AMES],
        [
            "Patience",
            FADES,
            HOLM.replace("\n4.8", f"\n{ONE}\n4.8"),
            "Cold helps",
            SLOWS,
            AMES.replace("\n4.2", f"\n{OTHER}\n4.2"),
        ],
    ],
)
def test_a_date_goes_to_the_answer_that_it_stands_at(blocks: list[str]) -> None:
    """Wherever a site puts its dates, each answer gets its own."""
    question, _ = read_site_page(*blocks)
    assert [answer.date for answer in require_untouched(question).answers] == ["2015-03-03", "2016-04-05"]


def test_a_date_between_two_answers_is_nobodys_where_the_page_does_not_say_whose() -> None:
    """A single date apart between two answers is given to neither."""
    question, _ = read_site_page("Patience", FADES, HOLM, ONE, "Cold helps", SLOWS, AMES)
    assert [answer.date for answer in require_untouched(question).answers] == [None, None]


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
    one, two = ([headline, "+1", line, FADES, HOLM], [headline and "Cold helps", "+2", line, SLOWS, AMES])
    question, findings = read_site_page(*filter(None, [*one, *two]))
    assert question is not None
    assert [(answer.body, answer.date) for answer in question.answers] == [(FADES, day), (SLOWS, day)]
    assert [("(date)" in finding.reason, finding.kept) for finding in findings] == [(True, True)]
