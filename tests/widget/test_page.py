"""The chat page of the real server: a plain form, and the widget in its place where there is JavaScript."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from click.testing import CliRunner

from askdoc import bootstrap
from askdoc.cli import commands
from askdoc.index.generation import Generation
from askdoc.server import create_app
from tests.test_server import QUESTION, FixedDesk

from .conftest import Host
from .double import serving
from .driver import FRAMES, Chat
from .test_access import PHONE, violations
from .test_phone import MOST_SHIFT, SHIFTS, slowed


@pytest.fixture
def origin(tiny_index: Generation) -> Iterator[str]:
    with serving(create_app(FixedDesk(bootstrap.responder(tiny_index)), country="GB")) as origin:
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
    """What ``askdoc embed`` prints, pasted into a page of a named site, answers there; on other sites it does not."""
    app = create_app(FixedDesk(bootstrap.responder(tiny_index)), sites=[host.origin])
    with serving(app) as origin:
        line = CliRunner().invoke(commands, ["embed", "--url", origin]).stdout
        chat = Chat(page, host.put(f"<h1>Clinic</h1>{line}")).open()
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
