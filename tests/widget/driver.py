"""Drives the widget in a page as a reader would, and listens as a screen reader would."""

import time
from collections.abc import Callable
from typing import Any

EYES = "My eyes feel dry and tired in the evening. What can I do?"
ELEMENT = "document.querySelector('askdoc-chat')"
FRAMES = "() => new Promise((go) => requestAnimationFrame(() => requestAnimationFrame(go)))"
"""Waits until what was begun has been drawn."""


def heard(page: Any, what: Callable[[], object]) -> None:
    """Wait until ``what`` holds of what reached the server, with the page's events going on meanwhile."""
    deadline = time.monotonic() + 60
    while not what():
        assert time.monotonic() < deadline, "it did not reach the server"
        page.wait_for_timeout(20)


def stop_clock(page: Any) -> None:
    """From here on, time passes in the page only where a test lets it: a busy machine is no passing of time."""
    page.clock.pause_at(page.evaluate("Date.now()") + 60_000)


class Chat:
    """The one widget of a page. Playwright's selectors reach into open shadow trees by themselves."""

    def __init__(self, page: Any, address: str) -> None:
        self.page = page
        self.errors: list[str] = []
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        page.goto(address)
        page.wait_for_function("!!customElements.get('askdoc-chat')")

    def open(self) -> "Chat":
        """Press the launcher, and wait for the panel and its suggested questions."""
        self.page.locator(".launcher").click()
        self.page.locator(".panel").wait_for()
        return self

    def listen(self) -> "Chat":
        """Keep every sentence that the polite region says from now on."""
        self.page.evaluate(
            f"""() => {{
                window.said = [];
                const status = {ELEMENT}.shadowRoot.querySelector("[role=status]");
                new MutationObserver(() => status.textContent && said.push(status.textContent))
                  .observe(status, {{childList: true, characterData: true, subtree: true}});
            }}"""
        )
        return self

    def said(self) -> list[str]:
        """What was said since ``listen``."""
        return list(self.page.evaluate("said"))

    def ask(self, question: str) -> Any:
        """Ask through the element's own method, and wait for the reply."""
        return self.page.evaluate(f"question => {ELEMENT}.ask(question)", question)

    def send(self, question: str) -> "Chat":
        """Type the question and press Enter, without waiting."""
        self.input.fill(question)
        self.input.press("Enter")
        return self

    def settled(self) -> "Chat":
        """Wait until nothing is on its way."""
        self.page.locator(".send:not([aria-disabled])").wait_for()
        return self

    @property
    def input(self) -> Any:
        return self.page.locator("textarea.input")

    def find(self, selector: str) -> Any:
        return self.page.locator(f"askdoc-chat {selector}")

    def focused(self) -> str:
        """The class of what has the focus inside the widget, or the tag outside of it."""
        return str(
            self.page.evaluate(
                f"""() => {{
                    const inner = {ELEMENT}?.shadowRoot.activeElement;
                    return inner ? inner.className || inner.tagName : document.activeElement.tagName;
                }}"""
            )
        )
