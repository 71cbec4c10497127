"""Access: everybody can read, reach and hear the widget, with any device, size and setting."""

from collections.abc import Callable
from typing import Any

import pytest

from askdoc.models import NO_ANSWER_ADVICE, Confidence

from .conftest import Host
from .double import CRISIS, EMERGENCY, RequestLog
from .driver import ELEMENT, EYES, FRAMES, Chat, heard

TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
PHONE = {"viewport": {"width": 390, "height": 760}, "has_touch": True, "is_mobile": True}
STATES: dict[str, tuple[str | None, dict[str, Any]]] = {
    "closed": (None, {}),
    "empty": ("", {}),
    "loading": ("a slow one", {}),
    "answers": (EYES, {}),
    "none": ("Which violin strings are best?", {}),
    "error": ("a wrong one", {}),
    "emergency": ("chest pain since noon", {}),
    "crisis": ("I feel hopeless", {}),
    "education": ("Melatonin while pregnant?", {}),
    "phone": (EYES, PHONE),
    "dark": ("chest pain since noon", {"color_scheme": "dark"}),
    "crisis, dark": ("I feel hopeless", {"color_scheme": "dark"}),
    "error, dark": ("a wrong one", {"color_scheme": "dark"}),
    "forced colours": (EYES, {"forced_colors": "active"}),
}


def violations(page: Any, axe: str) -> list[str]:
    page.evaluate(axe)
    found = page.evaluate("tags => axe.run(document, {runOnly: tags, rules: {'target-size': {enabled: true}}})", TAGS)
    return [
        f"{rule['id']}: {node['html']} {node['failureSummary']}"
        for rule in found["violations"]
        for node in rule["nodes"]
    ]


@pytest.mark.parametrize("state", STATES)
def test_axe_finds_nothing(new_page: Callable[..., Any], host: Host, axe: str, state: str) -> None:
    """No rule of WCAG 2.2 A and AA, of best practice or of target sizes is broken in any state."""
    question, options = STATES[state]
    page = new_page(reduced_motion="reduce", **options)
    chat = Chat(page, host.floating())
    if question is not None:
        chat.open()
    if question:
        chat.send(question)
        if "slow" not in question:
            chat.settled()
    assert violations(page, axe) == []


def test_axe_finds_nothing_inside_a_page(page: Any, host: Host, axe: str) -> None:
    """The same holds where the panel stands in the page, with suggestions and a subject to go on with."""
    chat = Chat(page, host.put(f"<main><h1>Clinic</h1><askdoc-chat></askdoc-chat></main>{host.script}"))
    chat.find(".empty .ask").first.wait_for()
    chat.ask(EYES)
    chat.ask("how often to use them")
    chat.input.press_sequentially("melatonin")
    chat.find(".likes .ask").wait_for()
    page.locator("summary").click()
    assert violations(page, axe) == []


def test_the_checker_sees_into_the_widget(page: Any, host: Host, axe: str) -> None:
    """The check above is no blank cheque: a button without a name inside the panel is found."""
    Chat(page, host.floating()).open()
    page.evaluate(f"{ELEMENT}.shadowRoot.querySelector('form').append(document.createElement('button'))")
    assert any(line.startswith("button-name") for line in violations(page, axe))


def test_the_keyboard_is_enough(page: Any, host: Host) -> None:
    """Open, ask, read, go through the menu, leave the panel without a trap, and close: by keys alone."""
    chat = Chat(page, host.floating())
    keys = page.keyboard
    for _ in range(2):
        keys.press("Tab")
    assert chat.focused().startswith("launcher")
    keys.press("Enter")
    chat.find(".empty .ask").first.wait_for()
    assert chat.focused() == "input"
    keys.type("dry eyes")
    keys.press("Shift+Enter")
    keys.type("every evening")
    assert chat.input.input_value() == "dry eyes\nevery evening"
    keys.press("Enter")
    chat.find("article").first.wait_for()
    assert chat.focused() == "input"
    for _ in range(30):
        keys.press("Shift+Tab")
        if chat.focused() == "icon" and page.evaluate(f"{ELEMENT}.shadowRoot.activeElement.tagName") == "SUMMARY":
            break
    keys.press("Enter")
    keys.press("Tab")
    assert page.evaluate(f"{ELEMENT}.shadowRoot.activeElement.textContent") == "Print"
    keys.press("Escape")
    assert not chat.find(".menu").is_visible()
    assert chat.find(".panel").is_visible()
    chat.input.focus()
    keys.press("Tab")
    keys.press("Tab")
    assert chat.focused() == "BODY"
    chat.input.focus()
    keys.press("Escape")
    assert not chat.find(".panel").is_visible()
    assert chat.focused().startswith("launcher")


def test_focus_returns_to_what_opened_the_panel(page: Any, host: Host) -> None:
    """A button of the page that opened the panel has the focus again after it is closed."""
    chat = Chat(page, host.floating())
    page.evaluate(
        f"""() => {{
            const button = document.createElement("button");
            button.onclick = () => {ELEMENT}.open();
            document.querySelector("main").append(button);
        }}"""
    )
    page.locator("main button").focus()
    page.keyboard.press("Enter")
    chat.find(".panel").wait_for()
    page.wait_for_function(f"{ELEMENT}.shadowRoot.activeElement")
    page.keyboard.press("Escape")
    assert chat.focused() == "BUTTON"


@pytest.mark.parametrize("composing", ["{isComposing: true}", "{keyCode: 229}"])
def test_an_input_method_s_enter_sends_nothing(page: Any, host: Host, seen: RequestLog, composing: str) -> None:
    """Enter that ends a word of Japanese or Chinese is not Enter that sends."""
    chat = Chat(page, host.floating()).open()
    chat.input.fill("目が")
    page.evaluate(
        f"""() => {ELEMENT}.shadowRoot.activeElement.dispatchEvent(
            new KeyboardEvent("keydown", {{key: "Enter", bubbles: true, cancelable: true, ...{composing}}}))"""
    )
    assert chat.input.input_value() == "目が"
    assert seen.asked == []


@pytest.mark.parametrize(
    ("question", "sentences"),
    [
        (EYES, ["2 doctors’ answers found, the first from Example Doctor, MD."]),
        ("Can I take melatonin?", ["One answer found that may not be just what you asked, from Sample Doctor, DO."]),
        ("Which violin strings are best?", [f"{Confidence.NONE.sentence} {NO_ANSWER_ADVICE}"]),
        ("a wrong one", ["Something went wrong on our side. Your question is kept."]),
        ("I feel hopeless", [f"Immediate action required: {CRISIS.title}. "]),
        ("I want to die", [f"Immediate action required: {CRISIS.title}. "]),
        (
            "chest pain",
            [
                f"Immediate action required: {EMERGENCY.title}. ",
                "One answer found that may not be just what you asked, from Sample Doctor, DO.",
            ],
        ),
    ],
)
def test_an_answer_is_announced_once(page: Any, host: Host, question: str, sentences: list[str]) -> None:
    """One short sentence from a polite region that holds nothing else, and the focus stays where it was.

    What sounds like an emergency is announced at once, and not again with the answer.
    """
    chat = Chat(page, host.floating()).open().listen()
    chat.send(question)
    chat.find(".turn > .disclaimer").wait_for()
    chat.settled()
    assert chat.said() == sentences
    assert chat.focused() == "input"
    status = chat.find("[role=status]")
    assert status.evaluate("status => status.children.length") == 0
    assert chat.find("[aria-live], [role=alert], [role=log]").count() == 1  # the loader's, empty
    assert chat.find("[role=alert]").inner_text() == ""


def test_the_same_answer_is_announced_again(page: Any, host: Host) -> None:
    """Asked twice, said twice: the region is emptied in between, or screen readers would stay silent."""
    chat = Chat(page, host.floating()).open().listen()
    for _ in range(2):
        chat.ask(EYES)
    assert len(chat.said()) == 2


def test_suggestions_are_announced_once_for_a_question(page: Any, host: Host, seen: RequestLog) -> None:
    """While the list stays open, more letters say nothing more."""
    chat = Chat(page, host.floating('data-suggest="on"')).open().listen()
    chat.input.press_sequentially("melatonin")
    chat.find(".likes .ask").wait_for()
    chat.input.press_sequentially(" every night")
    heard(page, lambda: seen.suggested[-1]["text"] == "melatonin every night")
    page.evaluate(FRAMES)
    assert chat.said() == ["One answered question is like yours."]


def test_restored_answers_are_not_announced(page: Any, host: Host) -> None:
    """What was read on the page before is not read out again on the next."""
    chat = Chat(page, host.floating()).open()
    chat.ask(EYES)
    page.reload()
    chat = Chat(page, host.floating()).open()
    assert chat.find("article").count() == 2
    assert chat.find("[role=status]").inner_text() == ""


def test_the_focus_is_never_lost(page: Any, host: Host) -> None:
    """Whatever button goes away when it is pressed, the focus goes on into the question."""
    chat = Chat(page, host.floating()).open()
    chat.find(".empty .ask").first.focus()
    page.keyboard.press("Enter")
    chat.find("article").first.wait_for()
    assert chat.focused() == "input"
    chat.ask("a wrong one")
    chat.find(".error button").focus()
    page.keyboard.press("Enter")
    chat.settled()
    assert chat.focused() in ("input", "button")
    assert chat.focused() != "BODY"


def test_headings_and_articles_to_walk_by(page: Any, host: Host) -> None:
    """The panel's title, each question and each doctor are headings, one level apart; each answer is an article."""
    chat = Chat(page, host.floating()).open()
    chat.ask(EYES)
    levels = chat.find("h2, h3, h4").evaluate_all("found => found.map(({tagName}) => tagName)")
    assert levels == ["H2", "H3", "H4", "H4"]
    assert page.get_by_role("article", name="Example Doctor, MD").count() == 1
    assert page.get_by_role("region", name="Conversation").count() == 1
    assert page.get_by_role("textbox", name="Ask a health question").count() == 1
    assert page.get_by_role("dialog", name="Doctors’ answers").count() == 1


def test_a_phone_gets_a_dialog_of_its_whole_screen(new_page: Callable[..., Any], host: Host) -> None:
    """On a phone the panel is modal and fills the screen; the keyboard is not called up before it is wanted."""
    page = new_page(reduced_motion="reduce", **PHONE)
    chat = Chat(page, host.floating())
    chat.find(".launcher").tap()
    chat.find("dialog:modal").wait_for()
    box = chat.find("dialog").bounding_box()
    assert [round(box[side]) for side in ("x", "y", "width", "height")] == [0, 0, 390, 760]
    assert chat.focused() == "title"
    assert chat.input.evaluate("field => parseFloat(getComputedStyle(field).fontSize)") >= 16  # smaller makes iOS zoom
    page.keyboard.press("Escape")
    assert chat.find(".launcher").is_visible()
    assert chat.focused().startswith("launcher")


def test_the_panel_ends_where_a_phone_s_keyboard_begins(new_page: Callable[..., Any], host: Host) -> None:
    """When the visible part of the page shrinks, the question's field stays inside it."""
    page = new_page(**PHONE)
    page.add_init_script(
        """Object.defineProperty(visualViewport, "height", {get: () => window.keyboard ? 400 : innerHeight});"""
    )
    chat = Chat(page, host.floating()).open()
    page.evaluate("window.keyboard = true; visualViewport.dispatchEvent(new Event('resize'))")
    box = chat.input.bounding_box()
    assert box["y"] + box["height"] <= 400


@pytest.mark.parametrize("size", [(320, 640), (320, 256)])
def test_nothing_scrolls_sideways(new_page: Callable[..., Any], host: Host, size: tuple[int, int]) -> None:
    """At 320 pixels, which is 400 % zoom of 1280, everything fits and the question's field can be reached."""
    page = new_page(viewport={"width": size[0], "height": size[1]})
    chat = Chat(page, host.floating()).open()
    for question in (EYES, "chest pain", "violin", "W" * 200):
        chat.ask(question)
    wide = page.evaluate(
        f"""() => [document.scrollingElement, ...{ELEMENT}.shadowRoot.querySelectorAll("*")]
          .filter((part) => part.scrollWidth > part.clientWidth + 1 && getComputedStyle(part).overflowX !== "visible"
            && !part.matches(".away"))
          .map((part) => part.className || part.tagName)"""
    )
    assert wide == []
    chat.input.scroll_into_view_if_needed()
    box = chat.input.bounding_box()
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= size[0]
    assert box["y"] + box["height"] <= size[1]


@pytest.mark.parametrize("question", ["chest pain since noon", "I feel hopeless"])
def test_whom_to_call_is_seen_without_scrolling(new_page: Callable[..., Any], host: Host, question: str) -> None:
    """On the smallest phone the number stands on the screen, above the question's field."""
    page = new_page(**{**PHONE, "viewport": {"width": 320, "height": 568}}, reduced_motion="reduce")
    chat = Chat(page, host.floating()).open()
    chat.ask(question)
    call = chat.find(".call").first.bounding_box()
    assert call["y"] + call["height"] <= chat.find("form").bounding_box()["y"]
    assert chat.find("form").get_by_text("Enter sends").is_hidden()  # a phone has no Shift key to speak of


def test_the_answers_language_is_told(page: Any, host: Host) -> None:
    """On a page in Spanish a screen reader reads English answers with an English voice, and the rest in Spanish."""
    chat = Chat(page, host.floating(lang="es")).open()
    chat.ask("chest pain and melatonin")
    languages = "(found, selector) => [...found.querySelectorAll(selector)].map((part) => part.closest('[lang]').lang)"
    turn = chat.find(".turn")
    for selector in ("blockquote", ".headline", "q", ".disclaimer", ".notice h4 > span:last-child", ".call span"):
        assert set(turn.evaluate(languages, selector)) == {"en"}, selector
    for selector in ("h3", ".verdict", ".call b", ".acts button"):
        assert set(turn.evaluate(languages, selector)) == {"es"}, selector
    chat = Chat(page, host.floating('data-answers-lang="fr"')).open()
    assert chat.find("blockquote").first.get_attribute("lang") == "fr"


def test_the_forced_colours_show_where_the_focus_is(new_page: Callable[..., Any], host: Host) -> None:
    """Shadows go in forced colours: an outline that is unseen otherwise stays around the question's field."""
    chat = Chat(new_page(forced_colors="active"), host.floating()).open()
    style = "part => [getComputedStyle(part).outlineStyle, getComputedStyle(part).outlineColor]"
    line, colour = chat.find(".field").evaluate(style)
    assert line == "solid"
    assert colour != "rgba(0, 0, 0, 0)"


def test_right_to_left_pages_are_mirrored(page: Any, host: Host) -> None:
    """On a right-to-left page launcher, panel and marks stand on the other side."""
    chat = Chat(page, host.floating())
    page.evaluate("document.documentElement.dir = 'rtl'")
    assert chat.find(".launcher").bounding_box()["x"] < 100
    chat.open().ask(EYES)
    assert chat.find(".panel").bounding_box()["x"] < 100
    quote = chat.find("blockquote").first
    assert quote.evaluate("quote => getComputedStyle(quote).direction") == "ltr"  # the text's own direction
    assert chat.find(".send").bounding_box()["x"] < chat.input.bounding_box()["x"]


def test_motion_is_only_for_those_who_like_it(new_page: Callable[..., Any], host: Host) -> None:
    """With reduced motion nothing moves by itself."""
    for preference, name in (("reduce", "none"), ("no-preference", "fade")):
        chat = Chat(new_page(reduced_motion=preference), host.floating()).open()
        assert chat.find("dialog").evaluate("panel => getComputedStyle(panel).animationName") == name


def test_the_theme_follows_the_reader_or_the_page(page: Any, host: Host) -> None:
    """Dark where the reader wants it, unless the page says otherwise; variables and parts reach inside."""

    def ground(scheme: str, attributes: str = "", head: str = "") -> str:
        page.emulate_media(color_scheme=scheme)
        chat = Chat(page, host.floating(attributes, head=head)).open()
        return str(chat.find(".panel").evaluate("panel => getComputedStyle(panel).backgroundColor"))

    light, dark = ground("light"), ground("dark")
    assert light != dark
    assert ground("dark", 'data-theme="light"') == light
    assert ground("light", 'data-theme="dark"') == dark
    for rule in ("{--askdoc-ground:rgb(1, 2, 3)}", "::part(panel){background:rgb(1, 2, 3)}"):
        assert ground("light", head=f"<style>askdoc-chat{rule}</style>") == "rgb(1, 2, 3)"


def test_asking_does_not_scroll_the_page_behind(new_page: Callable[..., Any], host: Host) -> None:
    """The newest question moves to the top of the panel; the page stays where it was."""
    page = new_page(reduced_motion="reduce")
    chat = Chat(page, host.put(f"{'<p>text</p>' * 200}<askdoc-chat data-launcher></askdoc-chat>{host.script}")).open()
    page.evaluate("scrollTo(0, 300)")
    top = chat.find("header").bounding_box()["y"]
    for question in ("violin", "a wrong one", EYES, "a wrong one"):
        chat.ask(question)
        assert chat.find("header").bounding_box()["y"] == top
    chat.ask(EYES)
    assert page.evaluate("scrollY") == 300
    assert abs(chat.find(".turn").nth(4).bounding_box()["y"] - chat.find(".log").bounding_box()["y"]) < 60
