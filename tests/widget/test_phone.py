"""Phones, zoom and keyboards: little moves by itself, and what has the focus is in view."""

from collections.abc import Callable
from typing import Any

import pytest

from .conftest import Host
from .driver import ELEMENT, EYES, FRAMES, Chat
from .test_access import PHONE

MOST_SHIFT = 0.05
SHIFTS = """window.shift = 0; window.shifts = [];
new PerformanceObserver((list) => {
  for (const entry of list.getEntries()) {
    if (entry.hadRecentInput) continue;
    shift += entry.value;
    const places = ({previousRect, currentRect}) => [previousRect, currentRect].map(({y, height}) => [y, height]);
    shifts.push([entry.value, entry.sources.map(places)]);
  }
}).observe({type: "layout-shift", buffered: true});
"""
KEYBOARD = """Object.defineProperty(visualViewport, "height", {get: () => innerHeight - (window.keyboard ?? 0)});"""
IN_VIEW = f"""() => {{
  const field = {ELEMENT}.shadowRoot.activeElement, {{top, bottom, left, right}} = field.getBoundingClientRect();
  const isInside = top >= 0 && bottom <= visualViewport.height && left >= 0 && right <= innerWidth;
  const met = {ELEMENT}.shadowRoot.elementFromPoint((left + right) / 2, (top + bottom) / 2);
  return field.localName === "textarea" && isInside && met === field;
}}"""
CONVERSATION = (
    EYES,
    "how often to use them",
    "Can I take melatonin?",
    "chest pain since noon",
    "I want to die",
    "Which violin strings are best?",
    "a wrong one",
    "Melatonin while pregnant?",
)


def slowed(page: Any) -> None:
    """Half a second for each answer and longer: what came later than that after a touch counts as a shift."""
    client = page.context.new_cdp_session(page)
    client.send("Network.enable")
    condition = {"offline": False, "latency": 700, "downloadThroughput": 50_000, "uploadThroughput": 50_000}
    client.send("Network.emulateNetworkConditions", condition)


@pytest.mark.parametrize("kind", ["floating", "inline"])
def test_little_moves_by_itself_on_a_phone(new_page: Callable[..., Any], host: Host, kind: str) -> None:
    """On a slow network a whole conversation shifts the layout by less than 0.05 in all."""
    page = new_page(**PHONE)
    page.add_init_script(SHIFTS)
    room = "<style>askdoc-chat { display: block; min-height: 38rem; --askdoc-room: 38rem }</style>"
    inline = f"<h1>Clinic</h1><p>Ask here.</p><askdoc-chat></askdoc-chat><footer>Address</footer>{host.script}"
    address = host.floating() if kind == "floating" else host.put(inline, head=room)
    slowed(page)
    chat = Chat(page, address)
    if kind == "floating":
        chat.find(".launcher").tap()
    chat.find(".empty .ask").first.wait_for()
    for question in CONVERSATION:
        chat.input.tap()
        chat.input.fill("")
        chat.input.press_sequentially("melatonin")
        chat.find(".likes .ask").wait_for()
        chat.send(question).settled()
        page.evaluate(FRAMES)
    assert page.evaluate("shift") < MOST_SHIFT, page.evaluate("shifts")


@pytest.mark.parametrize("size", [(640, 400), (640, 360), (800, 450), (480, 320), (320, 256), (390, 760)])
@pytest.mark.parametrize("kind", ["floating", "inline"])
def test_the_focused_field_is_in_view(
    new_page: Callable[..., Any], host: Host, size: tuple[int, int], kind: str
) -> None:
    """At 200 and 400 % zoom, and on phones held either way, the field is seen whenever it has the focus."""
    page = new_page(viewport={"width": size[0], "height": size[1]}, reduced_motion="reduce")
    text = "<p>text</p>" * 20
    address = host.put(f"{text}<askdoc-chat></askdoc-chat>{text}{host.script}")
    if kind == "floating":
        address = host.floating()
    chat = Chat(page, address)
    if kind == "floating":
        chat.open()
    chat.find(".empty .ask").first.wait_for()
    chat.input.focus()
    assert page.evaluate(IN_VIEW)
    for question in (EYES, "chest pain", "violin", "a wrong one"):
        chat.send(question).settled()
        page.evaluate(FRAMES)
        assert page.evaluate(IN_VIEW), question


@pytest.mark.parametrize("size", [(390, 760), (1024, 768)])
@pytest.mark.parametrize("kind", ["floating", "inline"])
def test_the_field_stays_above_a_screen_keyboard(
    new_page: Callable[..., Any], host: Host, size: tuple[int, int], kind: str
) -> None:
    """Where a keyboard covers the lower part of the window, the field that is typed into stands above it."""
    options = {"has_touch": True, "is_mobile": True, "viewport": {"width": size[0], "height": size[1]}}
    page = new_page(reduced_motion="reduce", **options)
    page.add_init_script(KEYBOARD)
    address = host.floating()
    if kind == "inline":
        text = "<p>text</p>" * 20
        address = host.put(f"<askdoc-chat></askdoc-chat>{text}{host.script}")
    chat = Chat(page, address)
    if kind == "floating":
        chat.open()
    chat.find(".empty .ask").first.wait_for()
    chat.input.focus()
    page.evaluate("window.keyboard = 340; visualViewport.dispatchEvent(new Event('resize'))")
    page.evaluate(FRAMES)
    assert page.evaluate(IN_VIEW)
    chat.send(EYES).settled()
    page.evaluate(FRAMES)
    assert page.evaluate(IN_VIEW)
    page.evaluate("window.keyboard = 0; visualViewport.dispatchEvent(new Event('resize'))")
    page.evaluate(FRAMES)
    assert page.evaluate(IN_VIEW)


def test_enlarging_with_two_fingers_changes_no_layout(new_page: Callable[..., Any], host: Host) -> None:
    """A panel that a reader enlarges keeps its size: only a keyboard makes it smaller."""
    page = new_page(**PHONE, reduced_motion="reduce")
    chat = Chat(page, host.floating()).open()
    before = chat.find(".panel").evaluate("panel => [panel.offsetWidth, panel.offsetHeight]")
    client = page.context.new_cdp_session(page)
    client.send("Emulation.setPageScaleFactor", {"pageScaleFactor": 2})
    page.wait_for_function("visualViewport.scale > 1.9")
    page.evaluate(FRAMES)
    assert chat.find(".panel").evaluate("panel => [panel.offsetWidth, panel.offsetHeight]") == before
