"""A long question is counted while it is typed, and stopped before it is sent."""

import re
from typing import Any

import pytest

from askdoc.responder import LONGEST_QUESTION

from .conftest import Host
from .double import WIDGET, RequestLog
from .driver import ELEMENT, Chat

LONG = "Why does it itch?"


def test_the_panel_counts_as_the_server_does() -> None:
    """The limit in the panel is the server's."""
    panel = (WIDGET / "panel.js").read_text("utf-8")
    assert re.findall(r"const LONGEST = (\d+);", panel) == [str(LONGEST_QUESTION)]


def test_the_count_is_shown_and_said_near_the_end(page: Any, host: Host) -> None:
    """Nothing is counted at first; near the limit and beyond it the count is shown with each letter and said once."""
    chat = Chat(page, host.floating('data-suggest="off"')).open().listen()
    tally = chat.find("#tally")
    chat.input.fill("x" * 899)
    assert not tally.is_visible()
    chat.input.press_sequentially("xx")
    assert tally.inner_text() == "99 characters left"
    chat.input.fill("x" * 999)
    assert tally.inner_text() == "1 character left"
    chat.input.fill("x" * 1000)
    assert tally.inner_text() == "0 characters left"
    assert chat.input.get_attribute("aria-invalid") == "false"
    chat.input.press_sequentially("xyz")
    assert tally.inner_text() == "3 characters too long. Please shorten your question."
    assert chat.input.get_attribute("aria-invalid") == "true"
    assert "tally" in chat.input.get_attribute("aria-describedby")
    assert chat.said() == ["100 characters left", "1 character too long. Please shorten your question."]


@pytest.mark.parametrize("way", ["Enter", "button", "method"])
def test_a_question_too_long_is_not_sent(page: Any, host: Host, seen: RequestLog, way: str) -> None:
    """It stays whole in the field, what is wrong is said, and once shortened it is answered."""
    chat = Chat(page, host.floating('data-suggest="off"')).open()
    question = (LONG * 60)[:1001]
    if way == "method":
        assert page.evaluate(f"question => {ELEMENT}.ask(question)", question) is None
    else:
        chat.input.fill(question)
        chat.listen()
        if way == "Enter":
            chat.input.press("Enter")
        else:
            page.get_by_role("button", name="Send").click()
        assert chat.said() == ["1 character too long. Please shorten your question."]
    assert chat.input.input_value() == question
    assert chat.find(".turn").count() == 0
    assert seen.asked == []
    chat.send(question[:1000]).settled()
    assert [body["question"] for body in seen.asked] == [question[:1000]]
    assert chat.input.input_value() == ""
    assert not chat.find("#tally").is_visible()


def test_characters_are_counted_not_their_pieces(page: Any, host: Host, seen: RequestLog) -> None:
    """Emoji and composed letters count as the server counts them, and white space around the question does not."""
    chat = Chat(page, host.floating('data-suggest="off"')).open()
    for question in ("🙂" * 999 + "a", "e\u0301" * 999 + "a", "  " + "a" * 1000 + " \n "):
        chat.input.fill(question)
        assert chat.find("#tally").inner_text() == "0 characters left"
        chat.input.press("Enter")
        chat.settled()
    assert [len(body["question"]) for body in seen.asked] == [1000, 1999, 1000]


def test_nothing_is_suggested_for_what_is_too_long(page: Any, host: Host, seen: RequestLog) -> None:
    """What the server would refuse is not sent while it is typed either."""
    chat = Chat(page, host.floating()).open()
    page.clock.install()
    chat.input.fill("melatonin " * 101)
    page.clock.run_for(2000)
    chat.input.fill("")
    chat.ask("dry eyes")  # so that what was on its way has arrived
    assert all(body["text"] == "" for body in seen.suggested)
