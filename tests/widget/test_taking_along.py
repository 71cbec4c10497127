"""Taking it along: copied, printed or downloaded, an answer keeps its doctor, its address and its disclaimer."""

import json
from pathlib import Path
from typing import Any

from .conftest import Host
from .double import _LIDS, EMERGENCY
from .driver import EYES, Chat

DISCLAIMER = "For educational use only."


def test_a_copied_card_carries_its_doctor_address_date_and_disclaimer(page: Any, host: Host) -> None:
    """What is pasted elsewhere is the passage word for word, and everything that must stand beside it."""
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    chat = Chat(page, host.floating()).open()
    reply = chat.ask(EYES)
    chat.find("article").first.get_by_role("button", name="Copy").click()
    chat.find("article").first.get_by_text("Copied.").wait_for()
    lines = page.evaluate("navigator.clipboard.readText()")
    assert lines.startswith(f"“{reply['answers'][0]['passage']}”\nExample Doctor, MD, Portland Ophthalmologist\n")
    for line in (f"In answer to: {_LIDS.title}", "April 11, 2023", "https://pages.example/eyes/warm-compresses"):
        assert line in lines.split("\n")
    assert lines.endswith(reply["disclaimer"])


def test_a_title_that_says_nothing_is_neither_shown_nor_copied(page: Any, host: Host) -> None:
    """The card stands without it, as on a page that has none; whose answer it is still goes along."""
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    chat = Chat(page, host.floating()).open()
    reply = chat.ask("untitled")
    chat.find("article").first.get_by_role("button", name="Copy").click()
    chat.find("article").first.get_by_text("Copied.").wait_for()
    for text in (page.evaluate("navigator.clipboard.readText()"), chat.find(".turn").inner_text()):
        assert reply["answers"][0]["passage"] in text
        assert "Question 7" not in text
        assert "In answer to" not in text


def test_a_refused_clipboard_is_told_of(page: Any, host: Host) -> None:
    """Where the browser does not let us copy, that is said."""
    page.add_init_script("navigator.clipboard.writeText = () => Promise.reject(new Error('no'))")
    chat = Chat(page, host.floating()).open().listen()
    chat.ask(EYES)
    chat.find("article").first.get_by_role("button", name="Copy").click()
    chat.find("article").first.get_by_text("did not allow copying").wait_for()
    assert chat.said()[-1] == "The browser did not allow copying."


def _downloaded(chat: Chat, name: str) -> str:
    chat.page.locator("summary").click()
    with chat.page.expect_download() as download:
        chat.page.get_by_role("button", name=name).click()
    return Path(download.value.path()).read_text("utf-8")


def test_the_conversation_downloads_as_markdown(page: Any, host: Host) -> None:
    """Questions, notices, passages with their doctors, and a disclaimer under each reply; nothing of it is markup."""
    chat = Chat(page, host.floating()).open()
    chat.ask(EYES)
    chat.ask("chest pain and *melatonin* <b>")
    text = _downloaded(chat, "Download as Markdown")
    assert "## chest pain and \\*melatonin\\* \\<b\\>" in text
    assert "> A clean, warm compress on closed lids" in text
    assert "Example Doctor, MD, Portland Ophthalmologist" in text
    assert "https://pages.example/eyes/warm-compresses" in text
    assert f"Immediate action required: {EMERGENCY.title}\n\nCall 911 Emergency services\n\n" in text
    assert text.count(DISCLAIMER) == 1
    assert text.count("This page is for general education.") == 1


def test_the_conversation_downloads_as_json(page: Any, host: Host) -> None:
    """The replies come as the server sent them."""
    chat = Chat(page, host.floating()).open()
    reply = chat.ask(EYES)
    document = json.loads(_downloaded(chat, "Download as JSON"))
    assert [turn["reply"] for turn in document["turns"]] == [reply]
    assert document["turns"][0]["question"] == EYES


def test_printing_prints_the_conversation_alone(page: Any, host: Host) -> None:
    """The print button prints a frame with the conversation, without the page around it or what only screens need."""
    page.add_init_script("window.print = () => (top.printed = document.body.innerText)")
    chat = Chat(page, host.floating()).open()
    for question in (EYES, "violin", "a wrong one"):
        chat.ask(question)
    page.emulate_media(media="print")
    page.locator("summary").evaluate("summary => summary.nextSibling.firstChild.click()")
    page.wait_for_function("window.printed")
    text = page.evaluate("printed")
    for part in (EYES, "A clean, warm compress", "Example Doctor, MD", "violin"):
        assert part in text
    assert text.count(DISCLAIMER) == 3
    for part in ("Clinic", "Read the whole answer", "Try again", "The nearest questions"):
        assert part not in text


def test_a_printed_page_holds_the_whole_conversation(page: Any, host: Host, tmp_path: Path) -> None:
    """Printing the host page itself puts every answer on paper, uncut, and each disclaimer."""
    from pypdf import PdfReader

    chat = Chat(page, host.floating()).open()
    for question in (EYES, "Can I take melatonin?", "violin", EYES):
        chat.ask(question)
    page.pdf(path=tmp_path / "page.pdf")
    text = " ".join(" ".join(sheet.extract_text() for sheet in PdfReader(tmp_path / "page.pdf").pages).split())
    assert text.count(DISCLAIMER) == 3
    assert "This page is for general education." in text
    assert text.count("A clean, warm compress") == 2
    assert "Read the whole answer" not in text
    assert "Enter sends" not in text
    assert text.count("https://pages.example/eyes/warm-compresses") == 4  # an address that paper can hold


def test_on_paper_everything_is_dark_on_white(page: Any, host: Host) -> None:
    """Backgrounds are not printed, so whom to call must not be written in white; marks are printed all the same."""
    chat = Chat(page, host.floating('data-theme="dark"')).open()
    chat.ask("chest pain")
    page.emulate_media(media="print")
    style = "(part, name) => getComputedStyle(part)[name]"
    for selector in (".loud h4", ".call", ".call b", "blockquote", ".verdict", ".disclaimer", "h3"):
        assert chat.find(selector).first.evaluate(style, "color") == "rgb(0, 0, 0)", selector
        assert chat.find(selector).first.evaluate(style, "backgroundColor") == "rgba(0, 0, 0, 0)", selector
    assert chat.find("mark").evaluate(style, "backgroundColor") == "rgb(253, 236, 170)"
    assert chat.find("mark").evaluate(style, "printColorAdjust") == "exact"
