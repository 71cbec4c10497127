// <askdoc-chat>: its launcher; the panel comes on first opening.
// Runs as a module, as a plain script and twice over: no import.meta, and no name is left behind.
(() => {
"use strict";

const NAME = "askdoc-chat";
const LAUNCHERS = `${NAME}[data-launcher]`;

// A plain script knows its element; a module finds its address in a stack.
const places = [document.currentScript?.src, /\b[a-z][\w+.-]*:\/\/\S+?(?=(:\d+){1,2}\)?$)/m.exec(new Error().stack)?.[0],
  document.querySelector("script[src*='askdoc.js']")?.src].map((place) => (place || "").replace(/[?#].*/, ""));
const HERE = places.find((place) => /\/askdoc\.js$/.test(place));
const FOLDER = /\/widget\/v1\/[^/]*$/;

// The page's hash covers this file, these the others.
const FILES = {
  panel: "sha256-NOJj6Ha0Ym1CoYAS7L6iniO/+VXj2rjF0jD8SrDQCZ0=",
  en: "sha256-f4+O+DsqrkcCxtu+CXI82LD7bIRULWdIzM79KtKP9zA=",
  es: "sha256-fwtZCS/rJGQggSVliJ0h+u0O5xSENkWVScx99LKkAPg=",
  en: "sha256-f4+O+DsqrkcCxtu+CXI82LD7bIRULWdIzM79KtKP9zA=",
  es: "sha256-fwtZCS/rJGQggSVliJ0h+u0O5xSENkWVScx99LKkAPg=",
};

// What must be sayable without the panel.
const WORDS = {
  en: ["Ask a question", "The assistant could not be loaded. In an emergency, call your local emergency number (911 in the US)."],
  es: ["Haga una pregunta", "No se pudo cargar el asistente. En una emergencia, llame al número local (911 en EE. UU.)."],
};

// `!important` in a shadow tree wins over the page's.
const STYLE = `
:host{all:initial!important;display:block!important;color-scheme:light dark!important;font-size:var(--askdoc-font-size,medium)!important}
:host([data-launcher]){display:contents!important}
:host(:not([data-launcher])){min-block-size:var(--askdoc-room,0px)!important}
:host([data-theme=light]){color-scheme:light!important}
:host([data-theme=dark]){color-scheme:dark!important}
:host,:root{--accent:var(--askdoc-accent,light-dark(#0b5d57,#7fd1c5));--on-accent:var(--askdoc-on-accent,light-dark(#fff,#06201d));
--sans:var(--askdoc-font,system-ui,sans-serif);--gap:var(--askdoc-offset,20px);--z:var(--askdoc-z,2147483000)}
:host([hidden]),[hidden]{display:none!important}
.launcher,.failed{position:fixed;z-index:var(--z);inset-block-end:var(--gap);inset-inline:auto var(--gap);font:1em/1.25 var(--sans)}
.launcher{display:flex;align-items:center;gap:.6em;min-height:3.25em;max-width:calc(100% - 2*var(--gap));padding:.5em 1.3em;
border:1px solid transparent;border-radius:2em;background:var(--accent);color:var(--on-accent);font-weight:600;cursor:pointer;
box-shadow:0 .5em 1.5em -.5em #0b202666}
.start{inset-inline:var(--gap) auto}
.launcher:hover{filter:brightness(1.12)}
[aria-busy],[aria-disabled]{opacity:.5}
:focus-visible{outline:2px solid var(--accent);outline-offset:2px}
[popover]{position:fixed;inset:0 auto auto 0;width:0;height:0;margin:0;padding:0;border:0;overflow:visible;background:none}
.failed{position:static;margin:0;padding:.8em 1em;border:1px solid;background:Canvas;color:CanvasText}
.launcher+.failed{position:fixed;inset-block-end:6em;max-width:18em}
.failed:empty{display:none}
svg{width:1.3em;height:1.3em;fill:none;stroke:currentColor;stroke-width:1.8;stroke-linecap:round;stroke-linejoin:round}
@media print{.launcher,.failed{display:none}}
`;

// Text becomes text nodes, never markup. Classes are parts.
function make(tag, properties = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (typeof value === "function") made.addEventListener(name, value);
    else if (value != null && value !== false) made.setAttribute(name, value);
    if (name === "class") made.setAttribute("part", value);
  }
  made.append(...children.filter((child) => child || child === 0));
  return made;
}

function icon(path) {
  const [svg, line] = ["svg", "path"].map((name) => document.createElementNS("http://www.w3.org/2000/svg", name));
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("aria-hidden", "true");
  line.setAttribute("d", path);
  svg.append(line);
  return svg;
}

// What elements leave behind when the page is replaced around them, by name.
const left = Object.create(null);
const named = Object.create(null);

class AskdocChat extends HTMLElement {
  #tree = this.attachShadow({ mode: "open" });
  #place = new CSSStyleSheet();
  #box;
  #name;
  #launcher;
  #failed;
  #panel;
  #coming;
  #attempts = 0;
  #lifted = 0;

  connectedCallback() {
    if (this.#box) return this.#rise(); // moved
    const { launcher, side, heading } = this.dataset;
    const label = launcher || this.#words[0];
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(STYLE);
    this.#tree.adoptedStyleSheets = [sheet, this.#place];
    this.#failed = make("p", { class: "failed", role: "alert" });
    this.#launcher = launcher !== undefined && make("button", { type: "button", class: `launcher ${side ?? ""}`,
      "aria-haspopup": "dialog", click: () => this.open().catch(console.error) },
      icon("M10 6C5 7 4 11 4 17h5v-5H4M20 6c-5 1-6 5-6 11h5v-5h-5"), label);
    // What the page wrote inside stays until the panel is here.
    this.#box = this.#launcher
      ? make("section", { "aria-label": heading || label }, this.#launcher, this.#failed)
      : make("div", {}, make("slot"), this.#failed);
    this.#tree.replaceChildren(this.#box);
    this.#name = this.#claim();
    this.#rise();
    if (!this.#launcher) this.#load().catch(console.error);
    // By then the element before it has left.
    else queueMicrotask(() => left[this.#name]?.open && this.#load().then((panel) => panel.show(), console.error));
  }

  disconnectedCallback() {
    queueMicrotask(() => this.isConnected || this.#leave());
  }

  #leave() {
    if (named[this.#name] === this) delete named[this.#name];
    const kept = (left[this.#name] = { ...this.#panel?.destroy() });
    setTimeout(() => (kept.open = false)); // what comes later than at once is another page
    this.#panel = this.#coming = this.#box = null;
    this.#tree.replaceChildren();
  }

  // In the top layer no transform, filter or z-index of the page matters.
  #rise() {
    if (this.#launcher && !getComputedStyle(this).getPropertyValue("--askdoc-z")) {
      this.#box.popover = "manual";
      if (!this.#box.matches(":popover-open")) this.#box.showPopover();
    }
    this.#panel?.rise();
  }

  // Makes room for the forms of panels in the page.
  lift() {
    const box = this.#launcher?.getBoundingClientRect();
    if (!box?.height) return;
    const [top, bottom] = [box.top + this.#lifted, box.bottom + this.#lifted];
    this.#lifted = 0;
    for (const { shadowRoot } of document.querySelectorAll(`${NAME}:not([data-launcher])`)) {
      const form = shadowRoot?.querySelector("form")?.getBoundingClientRect();
      if (form && form.bottom > top && form.top < bottom && form.right > box.left && form.left < box.right)
        this.#lifted = Math.max(this.#lifted, Math.ceil(bottom - form.top) + 8);
    }
    this.#place.replaceSync(`.launcher{translate:0 ${-this.#lifted}px}`);
  }

  get #language() {
    return /^es\b/i.test(this.dataset.lang || this.closest("[lang]")?.lang) ? "es" : "en";
  }

  // Each panel of a page has a name, and under it a talk of its own.
  #claim() {
    const plain = this.id || (this.#launcher ? "" : "inline");
    let name = plain;
    for (let number = 2; named[name]?.isConnected; number++) name = `${plain} ${number}`;
    named[name] = this;
    return name;
  }

  get #words() {
    return WORDS[this.#language];
  }

  async open({ question } = {}) {
    (await this.#load()).open();
    return question ? this.ask(question) : null;
  }

  close() {
    this.#panel?.close();
  }

  async ask(question) {
    return (await this.#load()).ask(question);
  }

  async clear() {
    (await this.#load()).clear();
  }

  #load() {
    return (this.#coming ??= this.#start(this.#launcher, this.#box, this.#failed));
  }

  async #start(launcher, box, failed) {
    const { lang, api, texts } = this.dataset;
    const language = this.#language;
    if (launcher) launcher.ariaBusy = true;
    try {
      // Behind a prefix, too, the server is where its files are.
      const server = new URL(api || (FOLDER.test(HERE) ? HERE.replace(FOLDER, "/") : "/"), HERE || location).href.replace(/\/+$/, "");
      const files = HERE || `${server}/widget/v1/`; // bundled with other scripts
      const [{ createPanel }, words, notices] = await Promise.all([
        ...["panel", language].map((name) => this.#module(name, files)),
        fetch(`${server}/v1/notices`, { referrerPolicy: "no-referrer", signal: AbortSignal.timeout(5000) })
          .then((response) => response.json()).catch(() => null)]);
      // Removed, it begins anew.
      if (!this.isConnected || box !== this.#box) throw new Error("askdoc: removed while loading");
      failed.textContent = "";
      this.#panel = createPanel({
        host: this, tree: this.#tree, launcher, make, icon, locale: lang || language, api: server, notices,
        name: this.#name, draft: left[this.#name]?.draft,
        words: { ...words.texts, ...JSON.parse(texts || "{}"), ...this.texts },
      });
      delete left[this.#name];
      return this.#panel;
    } catch (error) {
      if (box === this.#box) this.#coming = null;
      this.#attempts++;
      failed.textContent = this.#words[1];
      throw error;
    } finally {
      if (launcher) launcher.ariaBusy = null;
    }
  }

  // import() takes no hash; a preload does, and import() then runs what was checked.
  // Browsers remember a failed address, so another attempt takes another.
  async #module(name, files) {
    const hash = FILES[name];
    const href = new URL(`${name}.js?${hash.slice(7, 19)}.${this.#attempts}`, files).href;
    let link;
    await new Promise((resolve, reject) => {
      const fail = () => reject(new Error(`askdoc: ${href} is missing, late or altered; data-api names the server`));
      link = make("link", { rel: "modulepreload", href, integrity: hash, referrerpolicy: "no-referrer", load: resolve, error: fail });
      this.append(link);
      setTimeout(fail, 10_000);
    }).finally(() => link.remove());
    return import(href);
  }
}

// Older browsers keep what the page wrote inside.
if (CSS.supports("color", "light-dark(red,red)") && !customElements.get(NAME)) customElements.define(NAME, AskdocChat);

// The script that loaded this file, or the one that holds its import.
const script = [document.currentScript, ...document.querySelectorAll("script[data-launcher]")]
  .find((found) => found?.dataset.launcher !== undefined && /askdoc/.test([found.src, found.text, ...Object.values(found.dataset)]));

// Outside the body, so that whatever replaces the body leaves the launcher alone.
function launch({ dataset }) {
  const element = document.createElement(NAME);
  const add = () => document.documentElement.append(element);
  Object.assign(element.dataset, dataset);
  add();
  const watch = new MutationObserver((changes) => {
    const gone = changes.flatMap(({ removedNodes }) => [...removedNodes]);
    if (element.isConnected || !gone.some(({ nodeName }) => /^(html|body)$/i.test(nodeName))) return;
    add();
    watch.observe(document.documentElement, { childList: true });
  });
  for (const root of [document, document.documentElement]) watch.observe(root, { childList: true });
  loaded(() => {
    if (document.querySelectorAll(LAUNCHERS).length > 1) return element.remove(); // the page has its own
    if (document.body?.dir) element.dir = document.body.dir;
    if (element !== document.activeElement && element.nextSibling) add(); // last to be reached by keys
  });
}

function loaded(act) {
  if (document.readyState === "complete") act();
  else addEventListener("load", act, { once: true });
}

if (script && customElements.get(NAME) && !document.querySelector(LAUNCHERS)) launch(script);
loaded(() => document.querySelector(NAME)
  || console.warn(`askdoc: nothing is shown. Put data-launcher on the script that loads askdoc.js, or <${NAME}> into the page.`));
})();
