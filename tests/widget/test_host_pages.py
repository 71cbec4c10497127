"""Host pages: whatever a page does to its body, its scripts or its prototypes, there is one button and one talk."""

import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.responses import StreamingResponse

from .conftest import HEAD, TEXT, Host
from .double import WIDGET, RequestLog, create_double, serving
from .driver import ELEMENT, EYES, FRAMES, Chat, heard

FRESH = "const fresh = document.createElement('body'); fresh.textContent = 'The next page';"
REPLACED = {
    "replaceWith": f"{FRESH} document.body.replaceWith(fresh)",
    "replaceChild": f"{FRESH} document.documentElement.replaceChild(fresh, document.body)",
    "append after remove": f"{FRESH} document.body.remove(); document.documentElement.append(fresh)",
    "document.body =": f"{FRESH} document.body = fresh",
    "innerHTML": "document.body.innerHTML = ''",
    "replaceChildren": "document.body.replaceChildren('The next page')",
    "whole document": "document.documentElement.innerHTML = '<head></head><body>The next page</body>'",
    "html element": "const html = document.createElement('html'); html.append(document.createElement('body'));"
    "document.documentElement.replaceWith(html)",
}
PROTOTYPE = """
Array.prototype.toJSON = function () { return '[' + this.map((each) => JSON.stringify(each)).join(', ') + ']'; };
Object.prototype.toJSON = function () { return 'hostile'; };
String.prototype.toJSON = Number.prototype.toJSON = function () { return 'hostile'; };
String.prototype.toArray = function () { return this.split(''); };
Array.from = (found) => found.toArray ? found.toArray() : Array.prototype.slice.call(found);
Array.prototype.entries = Array.prototype.first = function () { return this.slice(); };
Object.prototype.extend = function () {};
Element.prototype.show = Element.prototype.hide = Element.prototype.select = function () { throw new Error("mine"); };
Error.prepareStackTrace = () => [];
"""
LAUNCHER = ".launcher:visible"


def line(host: Host, attributes: str = 'type="module" data-launcher') -> str:
    """The one line that puts a button on a page."""
    return f'<script {attributes} src="{host.api}/widget/v1/askdoc.js"></script>'


def is_reachable(chat: Chat, selector: str) -> bool:
    """Whether a pointer on the middle of the part meets the widget, inside the window."""
    return bool(
        chat.find(selector).first.evaluate(
            """part => {
                const {left, top, width, height, right, bottom} = part.getBoundingClientRect();
                const met = document.elementFromPoint(left + width / 2, top + height / 2);
                return met === document.querySelector("askdoc-chat")
                  && left >= 0 && top >= 0 && right <= innerWidth && bottom <= innerHeight;
            }"""
        )
    )


@pytest.mark.parametrize("way", REPLACED)
def test_the_button_survives_a_replaced_body(page: Any, host: Host, way: str) -> None:
    """However a page replaces its body, there is one button, closed as it was, and it answers."""
    chat = Chat(page, host.put(TEXT, head=line(host)))
    page.locator(LAUNCHER).wait_for()
    page.evaluate(f"() => {{ {REPLACED[way]} }}")
    page.locator(LAUNCHER).wait_for()
    assert page.locator(LAUNCHER).count() == 1
    chat.open().ask(EYES)
    assert chat.find("article").count() == 2
    assert chat.errors == []


@pytest.mark.parametrize("way", REPLACED)
def test_an_open_conversation_survives_a_replaced_body(page: Any, host: Host, way: str) -> None:
    """The panel stays open with its talk and its unsent words, and a question on its way is answered."""
    chat = Chat(page, host.put(TEXT, head=line(host))).open()
    chat.ask("dry eyes")
    page.evaluate(f"() => {{ window.later = {ELEMENT}.ask('melatonin'); {REPLACED[way]} }}")
    chat.input.fill("half a sent")
    page.evaluate("later")
    assert chat.find(".panel").is_visible()
    assert chat.find(".turn").count() == 2
    assert chat.find("article").count() == 3
    page.evaluate(f"() => {{ {REPLACED[way]} }}")
    assert chat.input.input_value() == "half a sent"
    assert is_reachable(chat, ".send")
    page.get_by_role("button", name="Close").click()
    assert page.locator(LAUNCHER).count() == 1
    assert chat.errors == []


def test_an_element_in_a_replaced_body_comes_back_as_it_was(page: Any, host: Host) -> None:
    """Where each page's body has an element of its own, the new one is open if the old was, with the talk and draft."""
    chat = Chat(page, host.floating()).open()
    chat.ask(EYES)
    chat.input.fill("half a sent")
    page.evaluate("() => document.body.replaceWith(document.body.cloneNode(true))")
    chat.find(".turn").wait_for()
    assert chat.find(".panel").is_visible()
    assert chat.find("article").count() == 2
    assert chat.input.input_value() == "half a sent"
    assert page.locator(LAUNCHER).count() == 0


def test_a_question_on_its_way_is_not_lost_with_its_element(page: Any, host: Host, seen: RequestLog) -> None:
    """What was asked and not yet answered stands in the field of the element that comes after."""
    chat = Chat(page, host.floating()).open()
    chat.send("a slow question")
    heard(page, lambda: seen.asked)
    page.evaluate("() => document.body.replaceWith(document.body.cloneNode(true))")
    page.wait_for_function(f"{ELEMENT}.shadowRoot?.querySelector('textarea')?.value === 'a slow question'")
    assert chat.errors == []


def test_who_removes_the_button_has_removed_it(page: Any, host: Host) -> None:
    """A page that takes the element away by itself does not get it back."""
    Chat(page, host.put(TEXT, head=line(host)))
    page.evaluate(f"() => {ELEMENT}.remove()")
    page.evaluate(FRAMES)
    assert page.locator("askdoc-chat").count() == 0


def test_back_and_forth_there_is_one_button(page: Any, host: Host) -> None:
    """Real navigation and the browser's own memory of pages give one button each time, and keep the talk."""
    host.put(f"<h1>Next</h1>{line(host)}", path="/next")
    chat = Chat(page, host.put(TEXT, head=line(host))).open()
    chat.ask(EYES)
    page.goto(host.origin + "/next")
    page.locator(LAUNCHER).wait_for()
    for step in (page.go_back, page.go_forward, page.go_back):
        step()
        page.locator("askdoc-chat").wait_for(state="attached")
        page.locator(".launcher:visible, .panel:visible").wait_for()
        assert page.locator(".launcher:visible, .panel:visible").count() == 1
    page.reload()
    assert Chat(page, host.origin + "/next").open().find("article").count() == 2


@pytest.fixture
def slow_origin(host: Host) -> Iterator[tuple[str, threading.Event]]:
    """A page whose body is sent when the event is set."""
    app, go = FastAPI(), threading.Event()

    @app.get("/")
    def page() -> StreamingResponse:
        def parts() -> Iterator[str]:
            script = line(host, "type=module async data-launcher")
            yield f"<!doctype html><html lang=en><head>{HEAD}{script}<!--{' ' * 2000}--></head>"
            go.wait(60)
            yield f"<body dir=rtl>{TEXT}</body></html>"

        return StreamingResponse(parts(), media_type="text/html")

    with serving(app) as origin:
        yield origin, go
        go.set()


def test_the_button_does_not_wait_for_the_body(page: Any, slow_origin: tuple[str, threading.Event]) -> None:
    """An async script in the head runs before there is a body: the button is there, and stays when the body comes."""
    origin, go = slow_origin
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.goto(origin, wait_until="commit")
    page.locator(LAUNCHER).wait_for()
    assert page.evaluate("document.body") is None
    go.set()
    page.wait_for_load_state("load")
    assert page.locator(LAUNCHER).count() == 1
    page.wait_for_function("document.documentElement.lastElementChild.localName === 'askdoc-chat'")
    assert page.locator(LAUNCHER).bounding_box()["x"] < 100  # on the side that the body's direction asks for
    assert errors == []


WAYS = {
    "module in the head": ("{module}", ""),
    "async module in the head": ('<script type="module" async src="{src}" data-launcher></script>', ""),
    "module in the body": ("", "{module}<p>text</p>"),
    "plain in the head": ('<script src="{src}" data-launcher></script>', ""),
    "plain, async": ('<script async src="{src}" data-launcher></script>', ""),
    "plain, deferred": ('<script defer src="{src}" data-launcher></script>', ""),
    "plain in the body": ("", '<script src="{src}" data-launcher></script><p>text</p>'),
    "inline import": ("", '<script type="module" data-launcher>import "{src}"</script>'),
    "inline import of a name": (
        '<script type="importmap">{{"imports": {{"askdoc": "{src}"}}}}</script>',
        '<script type="module" data-launcher>import "askdoc"</script>',
    ),
    "dynamic import": ("", '<script data-launcher>import("{src}")</script>'),
    "dynamic import in a module": ("", '<script type="module" data-launcher>await import("{src}")</script>'),
    "a script that a script adds": (
        "",
        "<script>const s = document.createElement('script'); s.src = '{src}'; s.dataset.launcher = '';"
        "document.currentScript.after(s); </script>",
    ),
    "the same line twice": ("{module}", "{module}"),
    "plain twice": ("", '<script src="{src}" data-launcher></script><script src="{src}" data-launcher></script>'),
    "import and plain": (
        "",
        '<script type="module" data-launcher>import "{src}"</script><script src="{src}" data-launcher></script>',
    ),
    "two versions": ("", '{module}<script type="module" src="{src}?2" data-launcher></script>'),
    "line and element": ("{module}", "<askdoc-chat data-launcher></askdoc-chat>"),
    "async line and element": (
        '<script type="module" async src="{src}" data-launcher></script>',
        "<askdoc-chat data-launcher></askdoc-chat>",
    ),
    "element and plain script": ("", '<askdoc-chat data-launcher></askdoc-chat><script src="{src}"></script>'),
    "element and import": (
        "",
        '<askdoc-chat data-launcher></askdoc-chat><script type="module">import "{src}"</script>',
    ),
    "an address with a query": ("", '<script type="module" src="{src}?v=0.3/x#y" data-launcher></script>'),
}


@pytest.mark.parametrize("way", WAYS)
def test_every_way_to_load_it_gives_one_button(page: Any, host: Host, way: str) -> None:
    """Module or plain, in head or body, imported or included twice: one button, that answers, without an error."""
    src = f"{host.api}/widget/v1/askdoc.js"
    head, body = (part.format(src=src, module=line(host)) for part in WAYS[way])
    chat = Chat(page, host.put(TEXT + body, head=head))
    page.locator(LAUNCHER).wait_for()
    page.wait_for_load_state("load")
    assert page.locator(LAUNCHER).count() == 1
    chat.open().ask(EYES)
    assert chat.find("article").count() == 2
    assert chat.errors == []


@pytest.mark.parametrize("kind", ["", ' type="module"'])
def test_bundled_with_other_scripts_it_asks_the_server_that_is_named(page: Any, host: Host, kind: str) -> None:
    """An optimiser that copies the loader into a script of the page hides where it came from: data-api says it."""
    loader = (WIDGET / "askdoc.js").read_text("utf-8")
    script = f'<script{kind} data-launcher data-api="{host.api}">var own = 1;{loader}</script>'
    chat = Chat(page, host.put(TEXT + script)).open()
    chat.ask(EYES)
    assert chat.find("article").count() == 2
    assert chat.errors == []


def test_a_page_with_nothing_to_show_is_told(page: Any, host: Host) -> None:
    """A loader without data-launcher and without an element says in the console what is missing."""
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    Chat(page, host.put(TEXT + line(host, 'type="module"')))
    heard(page, lambda: said)
    assert [text for text in said if "data-launcher" in text and "<askdoc-chat>" in text] == said


def test_behind_a_prefix_only_the_prefix_is_asked(page: Any, host: Host, seen: RequestLog) -> None:
    """The server is where the widget's files are: nothing is sent to what else lives on that host."""
    app = FastAPI()
    app.mount("/answers", create_double(seen))
    with serving(app) as origin:
        script = f'<script type="module" src="{origin}/answers/widget/v1/askdoc.js" data-launcher></script>'
        chat = Chat(page, host.put(TEXT + script)).open()
        chat.ask(EYES)
        chat.find("article").first.get_by_role("button", name="Read the whole answer").click()
        chat.find("[aria-expanded=true]").wait_for()
    assert [body["question"] for body in seen.asked] == [EYES]
    assert {path.split("/")[3] for path in seen.paths} == {"answers"}


@pytest.mark.parametrize("kind", ["", 'type="module"'])
def test_old_libraries_on_the_prototypes_change_nothing(page: Any, host: Host, seen: RequestLog, kind: str) -> None:
    """With the prototypes that libraries of 2008 extend, follow-ups, marks, storage and downloads are as without."""
    head = f"<script>{PROTOTYPE}</script>"
    address = host.put(TEXT + line(host, f"{kind} data-launcher"), head=head)
    chat = Chat(page, address).open()
    chat.ask(EYES)
    chat.ask("How long should I use them")
    assert seen.asked[1] == {"question": "How long should I use them", "max_answers": 3, "context": [EYES]}
    assert chat.find("mark").first.text_content() == "Most people notice a difference within two weeks."
    page.reload()
    chat = Chat(page, address).open()
    assert chat.find(".turn").count() == 2
    assert chat.find(".about").inner_text().startswith("Still about:")
    assert chat.errors == []


TROUBLE = [
    "transform: translateY(40px) scale(.9)",
    "filter: grayscale(1)",
    "contain: strict; height: 300px",
    "will-change: transform",
    "perspective: 500px",
    "backdrop-filter: blur(1px)",
    "zoom: 1.5",
    "zoom: .5",
    "opacity: .5; overflow: clip; height: 100px; position: relative; z-index: 0",
    "container-type: size; height: 200px",
    "content-visibility: auto",
]


@pytest.mark.parametrize("rule", TROUBLE)
@pytest.mark.parametrize("kind", ["line", "element", "html"])
def test_what_a_page_does_to_its_body_moves_nothing(page: Any, host: Host, rule: str, kind: str) -> None:
    """Transforms, filters, containment and zoom of the page leave button and panel inside the window, on top of all."""
    tag = "html" if kind == "html" else "body"
    head = f"<style>{tag} {{ {rule} }} .top {{ position: fixed; inset: 0; z-index: 2147483647 }}</style>"
    body = f"{TEXT}{'<p>text</p>' * 60}<div class=top></div>"
    shown = line(host) if kind != "element" else f"<askdoc-chat data-launcher></askdoc-chat>{host.script}"
    chat = Chat(page, host.put(body + shown, head=head))
    page.evaluate("scrollTo(0, 200)")
    page.locator(LAUNCHER).wait_for()
    assert is_reachable(chat, ".launcher")
    box = chat.find(".launcher").bounding_box()
    assert box["x"] > 550
    assert box["y"] > 550
    chat.open().ask(EYES)
    for part in (".send", ".title", ".panel .icon >> nth=1"):
        assert is_reachable(chat, part)


def test_a_page_may_give_the_button_a_place_in_its_own_order(page: Any, host: Host) -> None:
    """With --askdoc-z the button stands below what the page puts above that number."""
    head = "<style>askdoc-chat{--askdoc-z:5} .top{position:fixed;inset:0;z-index:6}</style>"
    chat = Chat(page, host.put(f"{TEXT}<div class=top></div>{line(host)}", head=head))
    assert not is_reachable(chat, ".launcher")
    page.evaluate("document.querySelector('.top').remove()")
    assert is_reachable(chat, ".launcher")


def _at(page: Any, number: int) -> str:
    return f"document.querySelectorAll('askdoc-chat')[{number}]"


@pytest.mark.parametrize("attributes", [("", "data-launcher"), ("", ""), ('id="a"', 'id="b"'), ("data-launcher", "")])
def test_two_panels_on_a_page_have_two_talks(
    page: Any, host: Host, seen: RequestLog, attributes: tuple[str, str]
) -> None:
    """What is asked in one is neither shown, nor carried on, nor cleared in the other, and each finds its own again."""
    body = "".join(f"<askdoc-chat {words}></askdoc-chat>" for words in attributes)
    address = host.put(f"<h1>Clinic</h1>{body}{host.script}")

    def turns() -> list[int]:
        script = "chat => chat.open().then(() => chat.shadowRoot.querySelectorAll('.turn').length)"
        return [page.evaluate(f"({script})({_at(page, number)})") for number in range(2)]

    Chat(page, address)
    page.evaluate(f"{_at(page, 0)}.ask('dry eyes')")
    page.evaluate(f"{_at(page, 1)}.ask('melatonin')")
    page.evaluate(f"{_at(page, 1)}.ask('about them')")
    assert seen.asked[2]["context"] == ["melatonin"]
    Chat(page, address)
    assert turns() == [1, 2]
    page.evaluate(f"{_at(page, 1)}.clear()")
    Chat(page, address)
    assert turns() == [1, 0]


@pytest.mark.parametrize("size", [(1100, 800), (390, 760)])
def test_the_button_does_not_cover_a_panel_in_the_page(
    new_page: Callable[..., Any], host: Host, size: tuple[int, int]
) -> None:
    """Scrolled to any place, the form of a panel in the page can be used, and so can the button in the corner."""
    page = new_page(viewport={"width": size[0], "height": size[1]}, reduced_motion="reduce")
    text = "<p>text</p>" * 30
    Chat(page, host.put(f"{text}<askdoc-chat></askdoc-chat>{text}{line(host)}"))
    page.locator("section.panel .ask").first.wait_for()
    for _ in range(12):
        send, launcher = (page.locator(part).bounding_box() for part in ("section.panel .send", LAUNCHER))
        apart = launcher["y"] + launcher["height"] <= send["y"] or launcher["y"] >= send["y"] + send["height"]
        assert apart or launcher["x"] > send["x"] + send["width"]
        page.evaluate("scrollBy(0, 150)")
        page.evaluate(FRAMES)
