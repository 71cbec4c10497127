"""Words and their doctors on damaged pages: nobody's words are given to somebody else in silence."""

import random
from collections import Counter

import pytest

from askdoc.corpus.reader import Finding
from askdoc.corpus.text_page.page import TextPage
from askdoc.models import Answer, Author, Question
from tests.corpus.reading import flat
from tests.corpus.text_page import pages
from tests.corpus.text_page.pages import MARK, Damage, Page

EACH = 150
"""Pages made for each kind of damage."""


def read(page: Page) -> tuple[list[Question], list[Finding]]:
    items = list(flat(TextPage(), "page.txt", page.text().encode()))
    return [item for item in items if isinstance(item, Question)], [item for item in items if isinstance(item, Finding)]


def owner(author: Author, page: Page) -> int | None:
    """The number of the doctor whom an answer was given to; None for one who wrote none."""
    for answer in page.answers:
        doctor = answer.doctor
        shown = author.name or author.title or ""
        if shown and any(line.startswith((shown, shown.split(",")[0])) for line in (doctor.name, doctor.title)):
            return doctor.number
    return None


def misattributed(questions: list[Question], truth: Page) -> list[Answer]:
    """The answers with words, headline included, that another doctor wrote."""
    return [
        answer
        for question in questions
        for answer in question.answers
        if {int(mark) for mark in MARK.findall(f"{answer.headline} {answer.body}")} - {owner(answer.author, truth)}
    ]


def outcome(page: Page, truth: Page) -> str:
    questions, findings = read(page)
    if misattributed(questions, truth):
        return "wrong with a remark" if findings else "wrong in silence"
    return "refused" if not questions else "read with a remark" if findings else "read"


def tried(damage: Damage) -> Counter[str]:
    rng = random.Random(f"{damage.__name__} 5")
    outcomes: Counter[str] = Counter()
    while outcomes.total() < EACH:
        truth = pages.make(rng)
        if damaged := damage(rng, truth):
            outcomes[outcome(damaged, truth)] += 1
    return outcomes


def test_whole_pages_of_every_layout_are_read() -> None:
    """Every page that nothing was done to is read without a remark, with all answers, bodies and doctors."""
    rng = random.Random(1)
    for _ in range(2 * EACH):
        page = pages.make(rng)
        questions, findings = read(page)
        assert not findings, (findings, page.text())
        (question,) = questions
        assert [answer.body for answer in question.answers] == ["\n\n".join(answer.body) for answer in page.answers]
        assert [owner(answer.author, page) for answer in question.answers] == list(range(len(page.answers)))
        assert not misattributed(questions, page)


# The least share of pages that are refused, in hundredths: the others are read rightly, or in part, with a remark.
REFUSED: dict[Damage, int] = {
    pages.lose_doctor: 40,
    pages.lose_a_line: 10,
    pages.sign: 15,
    pages.lose_and_sign: 95,
    pages.commend: 50,
    pages.doctors_above: 95,
    pages.repeat_doctor: 30,
    pages.repeat_answer: 50,
    pages.swap_headline: 100,
    pages.go_on: 100,
    pages.merge_lines: 20,
    pages.cut_off: 50,
    pages.lose_beginning: 60,
    pages.change_counter: 50,
}


@pytest.mark.parametrize("damage", pages.DAMAGES, ids=lambda damage: damage.__name__)
def test_damage_gives_no_doctor_the_words_of_another_in_silence(damage: Damage) -> None:
    """A damaged page is read rightly, or refused, or at the least named in a remark."""
    outcomes = tried(damage)
    assert outcomes["wrong in silence"] == 0
    assert 100 * outcomes["refused"] >= REFUSED[damage] * EACH, outcomes
    if damage is not pages.lose_beginning:
        assert outcomes["wrong with a remark"] == 0, outcomes


def test_pages_of_whole_answers_are_what_damage_is_measured_on() -> None:
    """The generator makes every layout: with and without headlines, votes, names, titles, stars and signatures."""
    rng = random.Random(3)
    styles = [pages.make(rng).style for _ in range(200)]
    for part in ("headed", "named", "titled", "starred", "signs"):
        assert {getattr(style, part) for style in styles} == {True, False}
    assert {style.voted for style in styles} == {None, "+", "{{"}
