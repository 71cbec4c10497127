"""Privacy: the conversation stays in the tab, the question out of every address, and nobody else is asked."""

from typing import Any
from urllib.parse import urlsplit

from .conftest import Host
from .double import RequestLog
from .driver import EYES, Chat

KEYS = "Object.keys(sessionStorage)"


def test_only_the_api_is_asked_and_no_address_tells_the_question(page: Any, host: Host, seen: RequestLog) -> None:
    """Every request of a whole conversation goes to the page's own host or the API, and none has the question in it."""
    asked: list[Any] = []
    page.on("request", lambda request: asked.append(request))
    chat = Chat(page, host.floating()).open()
    chat.input.press_sequentially("melatonin", delay=20)
    chat.find(".likes .ask").wait_for()
    chat.ask("My Secret rash")
    chat.ask("how often to use them")
    chat.find("article").first.get_by_role("button", name="Read the whole answer").click()
    chat.find("[aria-expanded=true]").wait_for()
    assert {"{0.scheme}://{0.netloc}".format(urlsplit(request.url)) for request in asked} == {host.origin, host.api}
    for path in seen.paths:
        assert "secret" not in path.lower()
        assert "melatonin" not in path
    for headers in seen.headers:
        assert "cookie" not in headers
        assert "referer" not in headers


def test_the_conversation_lives_in_session_storage_alone(page: Any, host: Host) -> None:
    """It survives going to another page of the site, and leaves nothing that lasts."""
    host.put(f"<h1>Next</h1><askdoc-chat data-launcher></askdoc-chat>{host.script}", path="/next")
    chat = Chat(page, host.floating()).open()
    chat.ask(EYES)
    shown = chat.find(".turn").inner_text()
    chat = Chat(page, host.origin + "/next").open()
    assert chat.find(".turn").inner_text() == shown
    assert page.evaluate(KEYS) == [f"askdoc:{host.api}"]
    assert page.evaluate("[localStorage.length, document.cookie]") == [0, "host=1"]
    assert page.evaluate("indexedDB.databases().then(found => found.length)") == 0


def test_a_follow_up_survives_navigation(page: Any, host: Host, seen: RequestLog) -> None:
    """The subject goes along to the next page, and so does its end."""
    chat = Chat(page, host.floating()).open()
    chat.ask(EYES)
    chat.ask("how often to use them")
    page.reload()
    chat = Chat(page, host.floating()).open()
    assert chat.find(".about").inner_text().startswith("Still about:")
    chat.ask("and for how long them")
    assert len(seen.asked[-1]["context"]) == 2


def test_clearing_wipes_it(page: Any, host: Host) -> None:
    """Clear conversation leaves neither cards nor storage, and says so once."""
    chat = Chat(page, host.floating()).open().listen()
    chat.ask(EYES)
    page.locator("summary").click()
    page.get_by_role("button", name="Clear conversation").click()
    assert chat.find(".turn").count() == 0
    assert page.evaluate(KEYS) == []
    assert chat.said()[1:] == ["Conversation cleared."]
    page.reload()
    assert Chat(page, host.floating()).open().find(".turn").count() == 0


def test_history_can_be_switched_off(page: Any, host: Host) -> None:
    """With data-history="off" nothing is written, and nothing is read."""
    chat = Chat(page, host.floating()).open()
    chat.ask(EYES)
    chat = Chat(page, host.floating('data-history="off"')).open()
    assert chat.find(".turn").count() == 0
    page.evaluate("sessionStorage.clear()")
    chat.ask(EYES)
    assert page.evaluate(KEYS) == []


def test_storage_that_others_wrote_to_is_survived(page: Any, host: Host) -> None:
    """Broken or foreign entries begin a new conversation instead of breaking the panel."""
    for kept in ("{", "[]", "null", '{"turns": [{"reply": {}}]}', '{"turns": 7}'):
        chat = Chat(page, host.floating())
        page.evaluate("([key, kept]) => sessionStorage.setItem(key, kept)", [f"askdoc:{host.api}", kept])
        chat.open()
        assert chat.find(".empty").count() == 1, kept
        assert chat.errors == []


def test_a_page_without_storage_still_answers(page: Any, host: Host) -> None:
    """Where the browser forbids storage the conversation lives as long as the page."""
    page.add_init_script("Object.defineProperty(window, 'sessionStorage', {get() { throw new DOMException('no') }})")
    chat = Chat(page, host.floating()).open()
    chat.ask(EYES)
    assert chat.find("article").count() == 2
    assert chat.errors == []


def test_nobody_s_cookies_are_sent_across_origins(page: Any, host: Host, seen: RequestLog) -> None:
    """Cookies of the API's host stay at home when another site asks."""
    page.context.add_cookies([{"name": "login", "value": "1", "url": host.api}])
    chat = Chat(page, host.floating().replace("localhost", "127.0.0.1")).open()
    chat.ask(EYES)
    assert seen.cookies == [""]
