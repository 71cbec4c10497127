"""Failure: every one ends in a sentence, keeps the question, and never in an endless wait."""

import re
from typing import Any

import pytest

from .conftest import Host
from .double import RequestLog
from .driver import ELEMENT, EYES, FRAMES, Chat, heard, stop_clock

KEPT = "a question that went wrong"


def test_no_answer_in_ten_seconds_ends_the_wait(page: Any, host: Host) -> None:
    """After ten seconds the wait is over, in words, with a way to try again."""
    page.clock.install()
    chat = Chat(page, host.floating()).open()
    stop_clock(page)
    chat.send("a slow question")
    chat.find(".wait").wait_for()
    page.clock.run_for(9_900)
    assert chat.find(".wait").count() == 1
    page.clock.run_for(200)
    chat.find(".error").wait_for()
    assert "No answer came within ten seconds" in chat.find(".error").inner_text()
    assert chat.find(".wait").count() == 0


@pytest.mark.parametrize(
    ("question", "sentence"),
    [
        ("a crowd", "Too many questions at once. Please try again in 30 seconds."),
        ("a crowd for a second", "Too many questions at once. Please try again in 2 seconds."),
        ("a crowd, unsaid", "Too many questions at once. Please try again in 30 seconds."),
        ("starting up", "The assistant is starting or very busy. Please try again in a moment."),
        ("this is too long", "The question is too long: shorten it to 2000 characters."),
        ("a wrong one", "Something went wrong on our side. Your question is kept."),
        ("a portal", "Something went wrong on our side. Your question is kept."),
        ("an address elsewhere", "Something went wrong on our side. Your question is kept."),
    ],
)
def test_the_server_s_refusals_are_put_into_words(page: Any, host: Host, question: str, sentence: str) -> None:
    """429 tells how long to wait, 503 that it is starting, 422 what to change; the rest is no fault of the reader."""
    chat = Chat(page, host.floating()).open()
    chat.ask(question)
    assert chat.find(".error p").inner_text() == sentence
    assert chat.input.input_value() == question
    assert chat.find(".turn > .disclaimer").count() == 1


def test_a_wait_may_end_at_a_date(page: Any, host: Host) -> None:
    """Retry-After is a number of seconds or a date, and is told in seconds either way."""
    chat = Chat(page, host.floating()).open()
    chat.ask("a crowd for an hour")
    assert re.search(r"try again in 3,(600|59\d) seconds", chat.find(".error p").inner_text())


def test_trying_again_asks_the_same(page: Any, host: Host, seen: RequestLog) -> None:
    """The question is kept; once the server is there, one press answers it in its place and empties the field."""
    chat = Chat(page, host.floating()).open()
    seen.down = True
    chat.ask(EYES)
    assert chat.input.input_value() == EYES
    seen.down = False
    page.get_by_role("button", name="Try again").click()
    chat.find("article").first.wait_for()
    assert chat.find(".turn").count() == 1
    assert chat.input.input_value() == ""
    assert [body["question"] for body in seen.asked] == [EYES]  # while it was down, nothing was heard


def test_what_was_typed_meanwhile_is_not_overwritten(page: Any, host: Host) -> None:
    """A failure puts the question back only into an empty field."""
    page.clock.install()
    chat = Chat(page, host.floating()).open()
    chat.send("a slow question")
    chat.input.fill("another thought")
    page.clock.run_for(10_100)
    chat.find(".error").wait_for()
    assert chat.input.input_value() == "another thought"


def test_one_question_at_a_time(page: Any, host: Host, seen: RequestLog) -> None:
    """Enter while a question is on its way sends nothing and loses nothing."""
    page.clock.install()
    chat = Chat(page, host.floating()).open()
    chat.send("a slow question").send("and another")
    assert chat.input.input_value() == "and another"
    assert chat.find(".turn").count() == 1
    heard(page, lambda: seen.asked)  # put on before, the clock would end the wait unheard
    page.clock.run_for(10_100)
    chat.settled()
    assert [body["question"] for body in seen.asked] == ["a slow question"]


@pytest.mark.parametrize(
    ("question", "calls"),
    [
        ("My father has CHEST  PAIN", ["tel:911"]),
        ("I can’t breathe", ["tel:911"]),
        ("Tengo dolor en el pecho", ["tel:911"]),
        ("I want to kill myself", ["tel:988", "sms:988", "tel:911"]),
        ("quiero hacerme daño", ["tel:988", "sms:988", "tel:911"]),
        ("I took an overdose, I want to die", ["tel:911", "tel:988", "sms:988", "tel:18002221222"]),
        ("How do I treat dry eyes?", []),
    ],
)
def test_without_a_network_an_emergency_still_shows_whom_to_call(
    page: Any, host: Host, question: str, calls: list[str]
) -> None:
    """A short list of phrases in the panel itself brings up the numbers before, and without, any reply."""
    chat = Chat(page, host.floating()).open()
    page.context.set_offline(True)
    chat.ask(question)
    links = chat.find(".call")
    assert [links.nth(place).get_attribute("href") for place in range(links.count())] == calls
    assert "no connection" in chat.find(".error").inner_text()
    if calls:
        assert chat.find("h3 + .notice").get_by_role("heading").text_content().startswith("Immediate action required")


@pytest.mark.parametrize(("country", "calls"), [("ES", ["tel:112"]), ("GB", ["tel:999"]), ("BE", [])])
def test_the_server_s_country_chooses_the_numbers(
    page: Any, host: Host, seen: RequestLog, country: str, calls: list[str]
) -> None:
    """Card and disclaimer name the number of the server's country; for an unknown one no number is invented."""
    seen.country = country
    chat = Chat(page, host.floating()).open()
    number = calls[0].partition(":")[2] if calls else "your local"
    assert f"In a medical emergency, call {number}" in chat.find(".empty .disclaimer").inner_text()
    page.context.set_offline(True)
    chat.ask("chest pain")
    links = chat.find(".call")
    assert [links.nth(place).get_attribute("href") for place in range(links.count())] == calls
    assert "call" in chat.find(".emergency h4").inner_text()
    assert "911" not in chat.find(".turn").inner_text()


def test_without_the_server_s_notices_no_number_is_invented(page: Any, host: Host, seen: RequestLog) -> None:
    """A panel that could not fetch them still says whom to call, in words."""
    seen.mute = True
    chat = Chat(page, host.floating()).open()
    page.context.set_offline(True)
    chat.ask("chest pain")
    assert chat.find(".emergency h4").inner_text().endswith("Call your local emergency number now")
    assert chat.find(".call").count() == 0


def test_the_server_s_word_replaces_the_short_list(page: Any, host: Host) -> None:
    """The list speaks while the reply is on its way; a reply without a notice takes its card away again."""
    page.clock.install()
    chat = Chat(page, host.floating()).open()
    chat.send("slow: heart attack")
    chat.find(".wait").wait_for()
    assert chat.find(".emergency").count() == 1
    page.clock.run_for(10_100)
    chat.find(".error").wait_for()
    assert chat.find(".emergency").count() == 1
    chat.ask("My grandfather had a heart attack, may I use eye drops?")
    assert chat.find(".turn").nth(1).locator(".emergency").count() == 0


def test_a_panel_that_does_not_load_says_so_and_can_be_tried_again(page: Any, host: Host) -> None:
    """Without its panel the launcher tells whom to call, and the next press tries once more."""
    chat = Chat(page, host.floating())
    page.context.set_offline(True)
    chat.find(".launcher").click()
    chat.find(".failed:not(:empty)").wait_for()
    assert re.search("could not be loaded.*emergency.*911", chat.find(".failed").inner_text())
    page.context.set_offline(False)
    chat.open()
    assert chat.find(".failed").inner_text() == ""


def test_a_panel_that_never_comes_is_given_up(page: Any, host: Host, seen: RequestLog) -> None:
    """After ten seconds the button stops waiting, tells whom to call, and leaves nothing behind in the page."""
    page.clock.install()
    chat = Chat(page, host.floating())
    stop_clock(page)
    seen.stuck = True
    chat.find(".launcher").click()
    chat.find(".launcher[aria-busy]").wait_for()
    page.clock.run_for(9_900)
    assert chat.find(".launcher[aria-busy]").count() == 1
    page.clock.run_for(200)
    chat.find(".failed:not(:empty)").wait_for()
    assert chat.find(".launcher[aria-busy]").count() == 0
    assert page.evaluate(f"{ELEMENT}.innerHTML") == ""
    seen.stuck = False
    chat.open()


@pytest.mark.parametrize("attribute", ["", "data-launcher"])
def test_an_element_moved_while_it_loads_has_one_panel(page: Any, host: Host, seen: RequestLog, attribute: str) -> None:
    """Frameworks move what they were given: the loading begins anew, and what was begun before does no harm."""
    seen.stuck = True
    chat = Chat(page, host.put(f"<main></main><askdoc-chat {attribute}></askdoc-chat>{host.script}"))
    page.evaluate(
        f"""() => {{
            const element = {ELEMENT};
            if (element.matches("[data-launcher]")) element.open().catch(() => {{}});
            document.querySelector("main").append(element);
            if (element.matches("[data-launcher]")) element.open();
        }}"""
    )
    seen.stuck = False
    chat.find(".panel").wait_for()
    page.evaluate(FRAMES)
    assert chat.find(".panel").count() == 1
    assert chat.find(".failed").inner_text() == ""
    assert chat.errors == []


def test_an_element_removed_while_asking_stays_silent(page: Any, host: Host) -> None:
    """A reply that comes after the element has gone raises nothing and shows nothing."""
    chat = Chat(page, host.floating()).open()
    page.evaluate(f"() => {{ window.kept = {ELEMENT}; window.later = kept.ask('dry eyes'); kept.remove(); }}")
    assert page.evaluate("later") is None
    assert chat.errors == []


def test_clearing_stops_what_is_on_its_way(page: Any, host: Host) -> None:
    """A reply to a question that was cleared away does not come back."""
    chat = Chat(page, host.floating()).open()
    page.evaluate(f"() => {{ window.later = {ELEMENT}.ask('dry eyes'); {ELEMENT}.clear(); }}")
    assert page.evaluate("later") is None
    assert chat.find(".turn").count() == 0
    chat.ask("dry eyes")
    assert chat.find("article").count() == 2
