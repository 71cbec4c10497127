"""The card with the numbers to call: shown at once, in the server's words, and not changed under the finger."""

import json
import re
from collections.abc import Callable
from typing import Any

import pytest

from askdoc.countries import Country, numbers
from askdoc.models import notice_document, own_disclaimer
from askdoc.safety import Gate
from askdoc.server.widget import first_notices

from .conftest import Host
from .double import CRISIS, EMERGENCY, WIDGET, RequestLog
from .driver import ELEMENT, FRAMES, Chat, heard

SENTENCES = {
    ("en", "emergency"): ["chest pain since noon", "I can't breathe", "he is choking on a grape", "heavy bleeding"],
    ("en", "crisis"): ["I want to kill myself", "I want to die", "I keep thinking of suicide, of ending my life"],
    ("en", "taken"): ["I want to die, I took all my pills", "I swallowed bleach because I want to die"],
    ("es", "emergency"): ["tengo dolor en el pecho desde ayer", "mi hijo no respira, está inconsciente"],
    ("es", "crisis"): ["quiero morir", "ya no puedo más, quiero quitarme la vida"],
    ("es", "taken"): ["quiero morir y ya me tomé todo el frasco", "me tragué todas las pastillas porque quiero morir"],
}
BOXES = f"""() => [...{ELEMENT}.shadowRoot.querySelectorAll(".turn:last-child .call")].map((call) => {{
  const {{x, y, width, height}} = call.getBoundingClientRect();
  return [call.href, x, y, width, height];
}})"""
PRESSED = "call => call.addEventListener('click', (event) => { event.preventDefault(); window.pressed = true; })"


@pytest.fixture
def hold(page: Any) -> Callable[..., None]:
    """Holds replies back; calling it waits for the next question and lets its reply go, changed where asked."""
    page.emulate_media(reduced_motion="reduce")
    held: list[Any] = []
    page.route("**/v1/ask", lambda route: held.append(route))

    def release(change: Callable[[dict[str, Any]], None] | None = None) -> None:
        heard(page, lambda: held)
        route = held.pop()
        response = route.fetch()
        document = response.json()
        if change:
            change(document)
        route.fulfill(response=response, body=json.dumps(document))

    return release


@pytest.mark.parametrize("code", numbers())
def test_a_client_says_first_what_the_gate_says(code: str) -> None:
    """In each country, language and level the notice sent beforehand is the one that the gate gives a question."""
    country = Country.find(code)
    gate = Gate.load(country=code)
    words = first_notices(country)
    for (language, level), sentences in SENTENCES.items():
        for sentence in sentences:
            notice = gate.check(sentence)
            assert notice is not None, sentence
            assert words["notices"][language][level] == notice_document(notice), sentence  # type: ignore[index]


@pytest.mark.parametrize("code", [*numbers(), "BE"])
def test_the_panel_s_disclaimer_is_the_server_s(page: Any, host: Host, seen: RequestLog, code: str) -> None:
    """Before anything is asked the English panel shows the disclaimer of the country, word for word."""
    seen.country = code
    chat = Chat(page, host.floating()).open()
    assert chat.find(".empty .disclaimer").text_content() == own_disclaimer(Country.find(code).emergency)


def test_the_panel_holds_no_number_of_its_own() -> None:
    """Whom to call stands in the server's table alone."""
    table = json.dumps(numbers())
    for name in ("panel.js", "en.js", "es.js"):
        text = (WIDGET / name).read_text("utf-8")
        assert '"911"' in table
        assert not [number for number in ("911", "988", "999", "116 123", "116123") if number in text], name


@pytest.mark.parametrize("question", [question for found in SENTENCES.values() for question in found])
def test_a_sentence_of_alarm_shows_the_server_s_card_at_once(
    page: Any, host: Host, hold: Callable[..., None], question: str
) -> None:
    """While the reply is on its way, the card of that language and level stands first."""
    [(language, level)] = [key for key, found in SENTENCES.items() if question in found]
    words = first_notices(Country.find("US"))["notices"][language][level]  # type: ignore[index]
    chat = Chat(page, host.floating()).open()
    chat.send(question)
    card = chat.find("h3 + .notice")
    card.wait_for()
    assert words["title"] in card.locator("h4").inner_text()
    assert card.locator("p").inner_text() == words["text"]
    kinds = (("tel", "call"), ("sms", "text"))
    numbers = [(kind, one[key]) for one in words["contacts"] for kind, key in kinds if one[key]]
    calls = [f"{kind}:{re.sub('[^0-9+]', '', number)}" for kind, number in numbers]
    assert card.locator(".call").evaluate_all("all => all.map((call) => call.getAttribute('href'))") == calls
    assert card.locator("p").get_attribute("lang") == language
    hold()
    chat.settled()


def test_a_crisis_card_is_the_same_before_and_after_the_reply(page: Any, host: Host, hold: Callable[..., None]) -> None:
    """The line to talk to stands first, the very element stays, nothing moves, and the live region is not emptied."""
    chat = Chat(page, host.floating()).open().listen()
    chat.send("I want to die")
    card = chat.find(".notice")
    card.wait_for()
    card.evaluate("card => { card.stayed = true; card.querySelector('.call').focus(); }")
    before, words = page.evaluate(BOXES), card.inner_html()
    assert [href for href, *_ in before] == ["tel:988", "sms:988", "tel:911"]
    hold()
    chat.settled()
    assert card.evaluate("card => card.stayed")
    assert page.evaluate(BOXES) == before
    assert card.inner_html() == words
    assert chat.focused() == "call"
    assert chat.said() == [f"Immediate action required: {CRISIS.title}. "]
    assert chat.find("[role=status]").text_content() == chat.said()[0]


def test_a_card_that_grows_grows_at_its_end(page: Any, host: Host, hold: Callable[..., None]) -> None:
    """Where the server knows a number more and another text, the numbers already shown stay where they are."""
    chat = Chat(page, host.floating()).open()
    chat.send("chest pain")
    card = chat.find(".notice")
    card.wait_for()
    first = page.evaluate(BOXES)
    card.evaluate("card => (card.querySelector('.call').stayed = true)")
    hold()
    chat.settled()
    assert page.evaluate(BOXES)[: len(first)] == first
    assert card.locator(".call").first.evaluate("call => call.stayed")
    assert card.locator(".call").last.get_attribute("href") == "tel:18002221222"
    assert card.locator("p").inner_text() == EMERGENCY.text


def test_nothing_moves_while_a_number_is_pressed(page: Any, host: Host, hold: Callable[..., None]) -> None:
    """A card that the server takes away waits for the finger on it, and the press counts."""
    chat = Chat(page, host.floating()).open()
    chat.send("My grandfather had a heart attack, may I use eye drops?")
    call = chat.find(".call").first
    call.wait_for()
    call.evaluate(PRESSED)
    box = call.bounding_box()
    page.mouse.move(box["x"] + 20, box["y"] + 20)
    page.mouse.down()
    with page.expect_response("**/v1/ask"):
        hold()
    page.evaluate(FRAMES)
    assert chat.find(".notice").count() == 1
    page.mouse.up()
    chat.find("article").first.wait_for()
    assert page.evaluate("pressed")
    assert chat.find(".notice").count() == 0


@pytest.mark.parametrize(("language", "direction"), [("de", "ltr"), ("ar", "rtl")])
def test_a_notice_in_any_language_is_shown_as_it_came(
    page: Any, host: Host, hold: Callable[..., None], language: str, direction: str
) -> None:
    """A notice tells its language to screen readers, and runs in its own direction."""
    title, text = {
        "de": ("Nur Englisch wird hier verstanden", "Rufen Sie im Notfall sofort an."),
        "ar": ("تُقرأ الإنجليزية فقط هنا", "في حالة الطوارئ اتصل الآن."),
    }[language]
    chat = Chat(page, host.floating()).open().listen()
    chat.send("violin")
    hold(
        lambda reply: reply.update(
            notice={
                "level": "education",
                "title": title,
                "text": text,
                "language": language,
                "answers_allowed": False,
                "contacts": [{"label": title, "call": "911", "text": None, "url": None}],
            }
        )
    )
    chat.settled()
    card = chat.find(".notice")
    assert title in card.locator("h4").inner_text()
    for part in (card.locator("h4 > span").last, card.locator("p")):
        assert part.get_attribute("lang") == language
        assert part.evaluate("part => getComputedStyle(part).direction") == direction
    assert card.locator(".call").get_attribute("href") == "tel:911"
    assert chat.said() == [title]
    assert chat.find(".turn .verdict, .turn .ask").count() == 0
