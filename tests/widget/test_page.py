"""The chat page of the real server: a plain form, and the widget in its place where there is JavaScript."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from click.testing import CliRunner

from askdoc import bootstrap
from askdoc.cli.main import commands
from askdoc.index.generation import Generation
from askdoc.server.app import create_app
from tests.server.doubles import QUESTION, FixedProvider
from tests.server.proxies import PREFIX, Proxy

from .conftest import Host
from .double import serving
from .driver import FRAMES, Chat
from .test_access import PHONE, violations
from .test_phone import MOST_SHIFT, SHIFTS, slowed


@pytest.fixture
def origin(tiny_index: Generation) -> Iterator[str]:
    with serving(create_app(FixedProvider(bootstrap.responder(tiny_index)), country="GB")) as origin:
        yield origin


def test_the_page_answers_under_its_own_policy(page: Any, origin: str, axe: str) -> None:
    """Asking, suggestions, the whole answer and other people's code checker: all without a violation."""
    page.add_init_script(
        "window.refused = []; addEventListener('securitypolicyviolation', (event) => refused.push(event.blockedURI))"
    )
    chat = Chat(page, origin)
    chat.find(".empty .ask").first.wait_for()
    assert chat.find(".empty .ask").all_inner_texts() == [QUESTION, "Does green tea stain teeth?"]
    chat.input.press_sequentially("green te")
    chat.find(".likes .ask").click()
    chat.find("article, .verdict.none").first.wait_for()
    chat.ask(QUESTION)
    assert chat.find(".turn").count() == 2
    for turn in range(2):
        assert chat.find(".turn").nth(turn).locator("> .disclaimer").count() == 1
    assert page.evaluate("refused") == []
    assert violations(page, axe) == []
    assert chat.errors == []


def test_the_page_has_nothing_for_axe_to_find_on_a_phone(new_page: Callable[..., Any], origin: str, axe: str) -> None:
    """Nor anything that scrolls sideways."""
    page = new_page(color_scheme="dark", **PHONE)
    Chat(page, origin).find("section.panel").wait_for()
    assert violations(page, axe) == []
    assert page.evaluate("document.scrollingElement.scrollWidth <= innerWidth")


def test_little_moves_when_the_panel_takes_the_form_s_place(new_page: Callable[..., Any], origin: str) -> None:
    """On a slow phone the page has shifted by less than 0.05 once the panel and its questions are there."""
    page = new_page(**PHONE)
    page.add_init_script(SHIFTS)
    slowed(page)
    chat = Chat(page, origin)
    chat.find(".empty .ask").first.wait_for()
    page.evaluate(FRAMES)
    assert page.evaluate("shift") < MOST_SHIFT, page.evaluate("shifts")


def test_the_printed_line_works_as_it_is(page: Any, host: Host, tiny_index: Generation) -> None:
    """What ``askdoc widget`` prints, pasted into a page of a named site, answers there; on other sites it does not."""
    app = create_app(FixedProvider(bootstrap.responder(tiny_index)), sites=[host.origin])
    with serving(app) as origin:
        line = CliRunner().invoke(commands, ["widget", "--url", origin]).stdout
        chat = Chat(page, host.put(f"<h1>Clinic</h1>{line}")).open()
        chat.find(".empty .ask").nth(1).wait_for()
        assert chat.find(".empty .ask").all_inner_texts() == [QUESTION, "Does green tea stain teeth?"]
        assert chat.ask(QUESTION)["question"] == QUESTION
        assert chat.find(".turn > .disclaimer").count() == 1
        assert chat.errors == []
        chat = Chat(page, host.put(f"<h1>Clinic</h1>{line}").replace("localhost", "127.0.0.1")).open()
        chat.ask(QUESTION)
        assert "no connection" in chat.find(".error").inner_text()
        assert chat.find(".error ~ .disclaimer").count() == 1


def test_the_page_may_be_zoomed(page: Any, origin: str) -> None:
    """Nothing forbids a phone to enlarge it."""
    page.goto(origin)
    viewport = page.locator("meta[name=viewport]").get_attribute("content")
    assert viewport == "width=device-width, initial-scale=1"


def test_the_page_knows_its_country_without_the_server(page: Any, origin: str) -> None:
    """The numbers to call are those of the server's setting even when it cannot be reached."""
    chat = Chat(page, origin)
    chat.find("section.panel").wait_for()
    page.context.set_offline(True)
    chat.ask("chest pain")
    assert chat.find(".call").first.get_attribute("href") == "tel:999"


def test_the_page_works_without_script(new_page: Callable[..., Any], origin: str) -> None:
    """The form is sent, and the answer page holds question, verdict and disclaimer."""
    page = new_page(java_script_enabled=False)
    page.goto(origin)
    page.get_by_role("textbox", name="What would you like to know?").fill(QUESTION)
    page.get_by_role("button", name="Ask").click()
    assert page.locator(".confidence").count() == 1
    assert page.locator("footer .disclaimer").count() >= 1
    assert page.locator("textarea").input_value() == QUESTION


@pytest.fixture
def below(tiny_index: Generation) -> Iterator[tuple[str, Proxy]]:
    """The address below which a proxy has the server, and what the site at the top was asked."""
    proxy = Proxy(create_app(FixedProvider(bootstrap.responder(tiny_index))))
    with serving(proxy) as origin:
        yield origin + PREFIX, proxy


@pytest.mark.parametrize("slash", ["/", ""])
def test_the_widget_works_below_a_prefix(page: Any, below: tuple[str, Proxy], slash: str) -> None:
    """Style, panel, suggestions, question and whole answer come from below it, and nothing is sent elsewhere."""
    address, proxy = below
    posted: list[str] = []

    def note(request: Any) -> None:
        if request.method == "POST":
            posted.append(request.url)

    page.on("request", note)
    chat = Chat(page, address + slash)
    chat.find(".empty .ask").first.wait_for()
    assert page.url == f"{address}/"
    assert page.evaluate("getComputedStyle(document.body).maxWidth") == "960px"
    chat.ask(QUESTION)
    assert f"{address}/v1/ask" in posted
    assert all(url.startswith(f"{address}/") for url in posted)
    assert not [asked for asked in proxy.elsewhere if not asked.startswith("GET /static") and "/widget/" not in asked]
    assert slash == "" or proxy.elsewhere in ([], ["GET /favicon.ico"])


@pytest.mark.parametrize("slash", ["/", ""])
def test_the_form_works_below_a_prefix(new_page: Callable[..., Any], below: tuple[str, Proxy], slash: str) -> None:
    """Without script, with or without the slash, again from the page of the reply, and from one of an error."""
    address, proxy = below
    page = new_page(java_script_enabled=False)
    page.goto(address + slash)
    for question in (QUESTION, "x" * 1001, "Does green tea stain teeth?"):
        page.locator("textarea").fill(question)
        page.get_by_role("button", name="Ask", exact=True).click()
        page.wait_for_url(f"{address}{slash}?")
        assert page.locator("textarea").input_value() == question
    assert page.locator(".confidence").count() == 1
    assert [asked for asked in proxy.elsewhere if asked.startswith("POST")] == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_page_without_script_is_fit_for_a_phone(
    new_page: Callable[..., Any], origin: str, axe: str, scheme: str
) -> None:
    """Form, reply, whole answer, description and errors: nothing for axe to find, nothing that scrolls sideways."""
    page = new_page(color_scheme=scheme, viewport={"width": 390, "height": 800})
    page.route("**/widget/**", lambda route: route.abort())
    page.goto(origin)

    def look() -> None:
        assert violations(page, axe) == [], page.url
        assert page.evaluate("document.scrollingElement.scrollWidth <= innerWidth"), page.url
        assert page.locator("footer .disclaimer").count() >= 1

    look()
    for question in ("x" * 1001, QUESTION):
        page.locator("textarea").fill(question)
        page.get_by_role("button", name="Ask", exact=True).click()
        page.locator(".problem, .confidence").wait_for()
        look()
    page.get_by_role("link", name="Read the whole answer").first.click()
    page.locator(".whole").wait_for()
    look()
    for path in ("/docs", "/no/such/page"):
        page.goto(origin + path)
        look()


def test_the_keyboard_alone_asks_and_reads(new_page: Callable[..., Any], origin: str) -> None:
    """Typed, sent and opened without a pointer, at twice the size, with what has the focus in view."""
    page = new_page(java_script_enabled=False, viewport={"width": 640, "height": 360})
    page.goto(origin)
    page.keyboard.type(QUESTION)
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.locator(".confidence").wait_for()
    for _ in range(20):
        page.keyboard.press("Tab")
        focused = page.locator(":focus")
        box = focused.bounding_box()
        assert box["y"] + box["height"] > 0
        assert box["y"] < 360
        if "Read the whole answer" in focused.inner_text():
            break
    page.keyboard.press("Enter")
    page.locator(".whole").wait_for()
