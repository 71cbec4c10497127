"""A page that the browser translates: what is read may be a translation, what is taken along is the doctor's."""

from pathlib import Path
from typing import Any

import pytest

from .conftest import Host
from .double import _LIDS
from .driver import ELEMENT, EYES, Chat

NOTE = "Translated or changed by your browser."
# What Chrome does to every text, in shadow trees as well: the text node gives way to a font element in another.
FONTS = """root => {
  const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT), found = [];
  while (walker.nextNode()) found.push(walker.currentNode);
  for (const text of found) {
    const [outer, inner] = ["font", "font"].map((name) => document.createElement(name));
    inner.textContent = `traducido ${text.data.length}`;
    outer.append(inner);
    text.replaceWith(outer);
  }
}"""
# What Firefox and Safari do: the text node stays and holds other words.
IN_PLACE = """root => {
  const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) walker.currentNode.data = `traducido ${walker.currentNode.data.length}`;
}"""


def opened(page: Any, host: Host) -> Chat:
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    return Chat(page, host.floating()).open()


def pasted(page: Any) -> str:
    return str(page.evaluate("navigator.clipboard.readText()"))


@pytest.mark.parametrize("translate", [FONTS, IN_PLACE])
@pytest.mark.parametrize("whole", [False, True])
def test_a_copy_holds_the_doctor_s_own_words(page: Any, host: Host, translate: str, whole: bool) -> None:
    """Copy takes passage, name and disclaimer from the reply, though the whole panel was translated."""
    chat = opened(page, host)
    reply = chat.ask(EYES)
    card = chat.find("article").first
    if whole:
        card.get_by_role("button", name="Read the whole answer").click()
        card.locator("[aria-expanded=true]").wait_for()
    copy = card.locator(".acts button").nth(1)
    chat.find(".panel").evaluate(translate)
    copy.click()
    page.wait_for_function("navigator.clipboard.readText().then((text) => text.includes('Example Doctor'))")
    text = _LIDS.answers[0].body if whole else reply["answers"][0]["passage"]
    assert pasted(page).startswith(f"“{text}”\nExample Doctor, MD, Portland Ophthalmologist\n")
    assert pasted(page).endswith(reply["disclaimer"])
    assert "traducido" not in pasted(page)


@pytest.mark.parametrize("translate", [FONTS, IN_PLACE])
def test_a_translated_passage_says_so(page: Any, host: Host, translate: str) -> None:
    """Beside words that are no longer the doctor's stands a note, until they are the doctor's again."""
    chat = opened(page, host)
    chat.ask(EYES)
    assert chat.find(".altered").count() == 0
    quote = chat.find("blockquote").first
    words = quote.evaluate("quote => quote.textContent")
    quote.evaluate(translate)
    chat.find(".altered").wait_for()
    assert chat.find(".altered").inner_text().startswith(NOTE)
    assert chat.find("article").first.locator(".altered").count() == 1
    quote.evaluate("(quote, words) => (quote.textContent = words)", words)
    chat.find(".altered").wait_for(state="detached")


def test_a_translated_selection_takes_the_original_along(page: Any, host: Host) -> None:
    """Ctrl+C in a translated passage gives what was selected, the note, and the passage with doctor and disclaimer."""
    chat = opened(page, host)
    reply = chat.ask(EYES)
    quote = chat.find("blockquote").first
    quote.evaluate(FONTS)
    chat.find(".altered").wait_for()
    quote.evaluate("quote => getSelection().selectAllChildren(quote)")
    page.keyboard.press("Control+c")
    page.wait_for_function("navigator.clipboard.readText().then((text) => text.includes('traducido'))")
    text = pasted(page)
    assert text.index("traducido") < text.index(NOTE) < text.index(reply["answers"][0]["passage"])
    assert "Example Doctor, MD" in text
    assert text.endswith(reply["disclaimer"])


def test_a_selection_of_the_doctor_s_words_is_copied_as_it_is(page: Any, host: Host) -> None:
    """Nothing is added to words that were not changed."""
    chat = opened(page, host)
    chat.ask(EYES)
    chat.find("mark").first.evaluate("mark => getSelection().selectAllChildren(mark)")
    page.keyboard.press("Control+c")
    page.wait_for_function("navigator.clipboard.readText()")
    assert pasted(page) == "Most people notice a difference within two weeks."


def test_a_translated_panel_goes_on_working(page: Any, host: Host) -> None:
    """After the browser has changed every text, questions, the whole answer, the menu and downloads still work."""
    chat = opened(page, host)
    chat.ask(EYES)
    chat.find(".panel").evaluate(FONTS)
    chat.ask("how often to use them")
    card = chat.find(".turn").nth(1).locator("article").first
    card.locator(".acts button").first.click()
    card.locator("[aria-expanded=true]").wait_for()
    assert card.locator("blockquote").text_content() == _LIDS.answers[0].body
    page.locator("summary").click()
    with page.expect_download() as download:
        page.locator(".menu button").nth(1).click()
    assert "traducido" not in Path(download.value.path()).read_text("utf-8")
    assert chat.errors == []


def test_the_name_is_no_word_to_translate(page: Any, host: Host) -> None:
    """A doctor's name is kept from translation; the passage is not: some patients need one."""
    chat = opened(page, host)
    chat.ask(EYES)
    headings = chat.find("h4")
    assert [headings.nth(place).get_attribute("translate") for place in range(2)] == ["no", None]
    assert page.evaluate(f"{ELEMENT}.shadowRoot.querySelector('blockquote').translate")
