"""Filters of the templates keep every word of what they show."""

import html
import re

from askdoc.models import Answer, Match, Passage, Question, Source
from askdoc.server.rendering import format_date, group_by_question, mark_highlights


def match(question_id: str, answer_id: str, body: str = "Rest.", highlights: tuple[tuple[int, int], ...] = ()) -> Match:
    question = Question(question_id, "Why?", Source("a.txt", 1))
    return Match(Passage(question, Answer(answer_id, body), 0, len(body)), 0.5, highlights)


def test_a_date_is_the_day_that_it_names() -> None:
    """In words, whatever the time zone; what is no date stands as it was written."""
    assert format_date("2024-05-01T23:30:00-05:00") == '<time datetime="2024-05-01">May 1, 2024</time>'
    assert format_date("2024-02-30") == "2024-02-30"
    assert format_date("spring <2024>") == "spring &lt;2024&gt;"
    assert format_date("2024-05") == "2024-05"


def test_highlights_are_marked_and_no_character_is_lost() -> None:
    """Markup in the passage is text."""
    body = "Cold <b>helps</b> & rest does."
    marked = mark_highlights(match("q", "a", body, ((5, 17), (20, 24))))
    assert re.findall("<mark>(.*?)</mark>", marked) == ["&lt;b&gt;helps&lt;/b&gt;", "rest"]
    assert html.unescape(re.sub("</?mark>", "", marked)) == body


def test_the_doctors_of_one_page_stand_together() -> None:
    """The page of the best match comes first, and its matches keep their order."""
    groups = group_by_question([match("one", "a"), match("two", "b"), match("one", "c")])
    assert [(group["question"].id, [found.passage.answer.id for found in group["matches"]]) for group in groups] == [
        ("one", ["a", "c"]),
        ("two", ["b"]),
    ]
