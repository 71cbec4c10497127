"""Isolation: nothing gets in from the page or the corpus, and nothing of the widget gets out."""

import base64
import hashlib
from collections.abc import Callable
from typing import Any

import pytest

from .conftest import TEXT, Host
from .double import WIDGET, RequestLog
from .driver import ELEMENT, EYES, Chat

HOSTILE = """<style>
*, *::before, *::after { all: unset !important }
* { display: none !important; color: red !important; font: 40px cursive !important; visibility: hidden !important }
html, body, askdoc-chat { display: block !important; visibility: visible !important }
askdoc-chat { opacity: .2 !important; transform: rotate(20deg) !important; filter: blur(4px) !important;
  position: absolute !important; width: 20px !important; zoom: 3 !important; direction: ltr !important }
button, textarea, dialog, svg, path { display: none !important; width: 0 !important; fill: red !important }
html { font-size: 4px !important; background: #fff }
</style>"""
COUNT = """(async () => {
  const counted = {};
  const targets = {...queries, window, document, visualViewport, body: document.body, html: document.documentElement};
  for (const [name, target] of Object.entries(targets))
    counted[name] = Object.values(getEventListeners(target)).flat().length;
  return counted;
})()"""


def policy(host: Host, *, more: str = "") -> str:
    return (
        f"default-src 'none'; script-src {host.api}; connect-src {host.api}; require-trusted-types-for 'script'; "
        f"trusted-types 'none'{more}"
    )


def test_a_whole_conversation_violates_no_policy(page: Any, host: Host) -> None:
    """Under the strictest policy with trusted types everything works, and the browser reports no violation."""
    page.add_init_script(
        "window.violations = [];"
        "addEventListener('securitypolicyviolation', ({violatedDirective, blockedURI, sample}) =>"
        " top.violations.push([violatedDirective, blockedURI, sample].join(' ')), true);"
        "window.print = () => (top.printed = true)"
    )
    consoled: list[str] = []
    page.on("console", lambda message: consoled.append(message.text) if "Content Security" in message.text else None)
    chat = Chat(page, host.floating(policy=policy(host))).open()
    chat.input.press_sequentially("melatonin", delay=20)
    chat.find(".likes .ask").wait_for()
    for question in (EYES, "how often to use them", "chest pain", "I feel hopeless", "violin", "a wrong one"):
        chat.ask(question)
    chat.find("article").first.get_by_role("button", name="Read the whole answer").click()
    chat.find("[aria-expanded=true]").wait_for()
    chat.find("article").first.get_by_role("button", name="Copy").click()
    chat.page.get_by_role("button", name="Wider panel").click()
    for name in ("Print", "Download as Markdown", "Download as JSON"):
        page.locator("summary").click()
        page.get_by_role("button", name=name, exact=True).click()
    page.wait_for_function("window.printed")
    page.set_viewport_size({"width": 390, "height": 700})
    page.set_viewport_size({"width": 1100, "height": 700})
    page.locator("summary").click()
    page.get_by_role("button", name="Clear conversation").click()
    page.get_by_role("button", name="Close").click()
    assert page.evaluate("violations") == []
    assert consoled == []
    assert chat.errors == []


def test_the_policy_above_is_in_force(page: Any, host: Host) -> None:
    """The check above is no blank cheque: what the policy forbids is reported."""
    page.add_init_script("window.violations = 0; addEventListener('securitypolicyviolation', () => violations++, true)")
    chat = Chat(page, host.floating(policy=policy(host)))
    page.evaluate("() => { try { document.createElement('p').innerHTML = '<b>x</b>' } catch {} }")
    page.wait_for_function("violations === 1")
    assert chat.errors == []


def test_the_snippet_s_hash_and_a_nonce_policy_work_together(page: Any, host: Host) -> None:
    """The loader runs with its integrity hash, and under 'strict-dynamic', where its nonce vouches for the panel."""
    data = (WIDGET / "askdoc.js").read_bytes()
    integrity = "sha384-" + base64.b64encode(hashlib.sha384(data).digest()).decode()
    script = host.script.replace("<script", f'<script nonce="n1" integrity="{integrity}" crossorigin="anonymous"')
    address = host.put(
        f"{TEXT}<askdoc-chat data-launcher></askdoc-chat>{script}",
        policy=f"default-src 'none'; connect-src {host.api}; script-src 'nonce-n1' 'strict-dynamic'",
    )
    chat = Chat(page, address).open()
    chat.ask(EYES)
    assert chat.find("article").count() == 2


def test_an_altered_panel_does_not_run(page: Any, host: Host, seen: RequestLog) -> None:
    """A panel that is not the one the loader knows is refused before a line of it runs, and that is said."""
    seen.tampered = True
    chat = Chat(page, host.floating())
    chat.find(".launcher").click()
    chat.find(".failed:not(:empty)").wait_for()
    assert page.evaluate("window.tampered") is None
    assert chat.find(".panel").count() == 0


@pytest.mark.parametrize("state", ["closed", "answers", "emergency"])
def test_a_hostile_page_changes_nothing(new_page: Callable[..., Any], host: Host, state: str) -> None:
    """The widget looks the same, to the pixel, on a page whose style sheet unsets everything."""
    clip = {"x": 640, "y": 0, "width": 460, "height": 800}
    if state == "closed":
        clip = {"x": 860, "y": 720, "width": 240, "height": 80}
    shown = []
    for head in ("<style>html{background:#fff}</style>", HOSTILE):
        page = new_page(reduced_motion="reduce")
        chat = Chat(page, host.put(f"<askdoc-chat data-launcher></askdoc-chat>{host.script}", head=head))
        if state != "closed":
            chat.open().ask(EYES if state == "answers" else "chest pain")
            page.evaluate(f"{ELEMENT}.shadowRoot.activeElement.blur()")
        shown.append(page)

    def pictures() -> tuple[bytes, ...]:
        for page in shown:
            for height in (700, 800):  # draws everything anew
                page.set_viewport_size({"width": 1100, "height": height})
        return tuple(page.screenshot(clip=clip) for page in shown)

    # The browser's own shading of round corners varies from one drawing to the next; a real difference stays.
    assert any(first == second for first, second in (pictures() for _ in range(6)))


def test_the_page_is_left_as_it_was(page: Any, host: Host) -> None:
    """Nothing is added to the head, the body or the page's style sheets, not even for a moment, and no name."""
    page.add_init_script("window.before = new Set(Object.getOwnPropertyNames(window))")
    chat = Chat(page, host.floating())
    head, body = page.evaluate("[document.head.innerHTML, document.body.children.length]")
    page.evaluate(
        """() => {
            window.touched = [];
            for (const part of [document.head, document.documentElement, document.body])
                new MutationObserver((changes) => touched.push(...changes.map(({target}) => target.tagName)))
                    .observe(part, {childList: true, attributes: true, characterData: true});
        }"""
    )
    chat.open().ask(EYES)
    assert page.evaluate("[document.head.innerHTML, document.body.children.length]") == [head, body]
    assert page.evaluate("touched") == []
    assert page.evaluate(f"{ELEMENT}.innerHTML") == ""
    assert page.evaluate("document.adoptedStyleSheets.length") == 0
    names = "Object.getOwnPropertyNames(window).filter((name) => !before.has(name))"
    assert set(page.evaluate(names)) == {"before", "touched"}


def test_removing_the_element_removes_every_listener(page: Any, host: Host) -> None:
    """After the element has gone, window, document, visual viewport and media queries have as few as before."""
    page.add_init_script(
        "window.queries = []; const real = matchMedia.bind(window);"
        "window.matchMedia = (text) => { const query = real(text); queries.push(query); return query; }"
    )
    client = page.context.new_cdp_session(page)

    def listeners() -> Any:
        options = {"expression": COUNT, "includeCommandLineAPI": True, "awaitPromise": True, "returnByValue": True}
        return client.send("Runtime.evaluate", options)["result"]["value"]

    chat = Chat(page, host.floating())
    before = listeners()
    chat.open().ask(EYES)
    opened = listeners()
    assert sum(opened.values()) > sum(before.values())
    page.evaluate("window.kept = document.querySelector('askdoc-chat'); kept.remove()")
    assert listeners() == {**dict.fromkeys(opened, 0), **before}
    page.evaluate("document.body.append(kept)")
    chat.open()
    assert chat.find("article").count() == 2  # and it can come back


TOKENS = (
    "<script>hit()</script>",
    "<img src=x onerror=hit()>",
    "<svg onload=hit()>",
    "<svg><script>hit()</script></svg>",
    "<iframe srcdoc='<script>parent.hit()</script>'>",
    "<body onload=hit()>",
    "<input autofocus onfocus=hit()>",
    "<details open ontoggle=hit()>",
    "<video><source onerror=hit()></video>",
    "<a href=javascript:hit()>x</a>",
    "<math><mi xlink:href=javascript:hit()>",
    "<object data=javascript:hit()>",
    "<embed src=javascript:hit()>",
    "<form action=javascript:hit()><button>",
    "<style>@import 'javascript:hit()'</style>",
    "<base href=javascript:hit()//>",
    "<template><script>hit()</script></template>",
    "<marquee onstart=hit()>",
    "<audio src=x onerror=hit()>",
    "<link rel=stylesheet href=javascript:hit()>",
    "<meta http-equiv=refresh content='0;javascript:hit()'>",
    "<slot onslotchange=hit()>",
    "<noscript><img src=x onerror=hit()></noscript>",
    "<xss onclick=hit() autofocus tabindex=1>",
    "<select><img src=x onerror=hit()></select>",
)
ADDRESSES = (
    "javascript:hit()",
    "JaVaScRiPt:hit()",
    " javascript:hit()",
    "java\tscript:hit()",
    "java\nscript:hit()",
    "\x01javascript:hit()",
    "javascript://pages.example/%0Ahit()",
    "data:text/html,<script>hit()</script>",
    "data:text/html;base64,PHNjcmlwdD5oaXQoKTwvc2NyaXB0Pg==",
    "vbscript:hit()",
    "blob:https://pages.example/x",
    "//javascript:hit()",
    "https:javascript:hit()",
    'https://pages.example/"onclick=hit()//',
    "https://pages.example/'onmouseover=hit()",
    "https://pages.example/<img src=x onerror=hit()>",
    "javascript&colon;hit()",
    "&#106;avascript:hit()",
    "feed:javascript:hit()",
    "view-source:javascript:hit()",
    "tel:javascript:hit()",
    "filesystem:https://x/hit()",
    "jav&#x09;ascript:hit()",
    "\u2028javascript:hit()",
    "about:blank",
)
TEMPLATES = (
    "{}",
    '">{}',
    "'>{}",
    "</blockquote></article>{}",
    "--></style></textarea></title>{}",
    "${{hit()}}{}",
    "{{{{hit()}}}}{}",
    "\u202e{}\u202c",
    "</script>{}",
)
PAYLOADS = [*TOKENS, *ADDRESSES, *(TEMPLATES[1 + place % 8].format(token) for place, token in enumerate(TOKENS * 2))]


def test_a_hundred_payloads_in_every_field_execute_nothing(page: Any, host: Host, seen: RequestLog) -> None:
    """Whatever a page of the corpus or a question holds is shown as text: live, read whole, restored and printed."""
    assert len(set(PAYLOADS)) == len(PAYLOADS) == 100
    seen.payloads = PAYLOADS
    page.add_init_script("window.hits = 0; window.hit = () => top.hits++; window.alert = hit")
    page.add_init_script("window.print = () => (top.printed = true)")
    page.on("dialog", lambda dialog: pytest.fail(f"a dialog opened: {dialog.message}"))
    chat = Chat(page, host.floating()).open()
    shown = page.evaluate(
        f"""async (payloads) => {{
            const element = {ELEMENT}, shown = [];
            for (let number = 0; number < 100; number++) {{
                await element.ask(`payload ${{number}} ${{payloads[number]}}`);
                const turn = [...element.shadowRoot.querySelectorAll(".turn")].at(-1);
                for (const link of turn.querySelectorAll("a"))
                    if (!/^(https?|tel|sms):$/.test(link.protocol)) link.click();
                const text = (part) => turn.querySelector(part).textContent;
                const said = [text("blockquote"), text("h4"), text("h3"), text(".ask"), turn.textContent];
                turn.querySelector(".acts button").click();
                for (let wait = 0; !turn.querySelector("[aria-expanded=true]"); wait++) {{
                    if (wait > 2000) throw new Error(`not read whole: ${{turn.textContent}}`);
                    await new Promise((go) => setTimeout(go, 1));
                }}
                shown.push([...said, text("blockquote"), text("article .disclaimer")]);
            }}
            return shown;
        }}""",
        PAYLOADS,
    )
    for payload, (quote, title, question, near, everything, whole, disclaimer) in zip(PAYLOADS, shown, strict=True):
        assert quote == near == disclaimer == payload
        assert payload in title
        assert payload.strip() in question
        assert f"Also searched for: {payload}" in everything
        assert whole == f"{payload}\n{payload}"

    def clean() -> None:
        strange, links, handlers = page.evaluate(
            f"""() => {{
                const all = [...{ELEMENT}.shadowRoot.querySelectorAll("*")];
                const strange = "script, img, iframe, object, embed, style, link, meta, base, template";
                const addresses = all.map((found) => found.getAttribute("href")).filter(Boolean);
                const names = all.flatMap((found) => found.getAttributeNames());
                return [
                  all.filter((found) => found.matches(strange)).length,
                  addresses.filter((address) => !/^(https?|tel|sms):/.test(address)),
                  names.filter((name) => name.startsWith("on") || name === "style").length,
                ];
            }}"""
        )
        assert (strange, links, handlers) == (0, [], 0)
        assert page.evaluate("hits") == 0

    clean()
    page.reload()
    chat = Chat(page, host.floating()).open()
    assert chat.find(".turn").count() == 100
    clean()
    page.locator("summary").click()
    page.get_by_role("button", name="Print", exact=True).click()
    page.wait_for_function("window.printed")
    assert page.evaluate("hits") == 0
