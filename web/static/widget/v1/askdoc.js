// <askdoc-chat>: its launcher; the panel comes on first opening.

const HERE = import.meta.url;

// The page's hash covers this file, these the others.
const FILES = {
  panel: "sha256-jdYKEv3ZnUBMu/SKS03XOo3bbGTJjuXM398+Q1zkuRE=",
  en: "sha256-wZFwSuj9IOauwR9cTcAJ882RByelJUcxCWEVXVDeafY=",
  es: "sha256-RcsDO0Aj/nivbuHfsqtAe5vKCD0x05zt+TwSqvlR8xA=",
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
:host([data-theme=light]){color-scheme:light!important}
:host([data-theme=dark]){color-scheme:dark!important}
:host,:root{--accent:var(--askdoc-accent,light-dark(#0b5d57,#7fd1c5));--on-accent:var(--askdoc-on-accent,light-dark(#fff,#06201d));
--sans:var(--askdoc-font,system-ui,sans-serif);--gap:var(--askdoc-offset,20px);--z:var(--askdoc-z,2147483000)}
:host([hidden]),[hidden]{display:none!important}
.launcher,.failed{position:fixed;z-index:var(--z);inset-block-end:var(--gap);inset-inline:auto var(--gap);font:1em/1.25 var(--sans)}
.launcher{display:flex;align-items:center;gap:.6em;min-height:3.25em;max-width:calc(100vw - 2*var(--gap));padding:.5em 1.3em;
border:1px solid transparent;border-radius:2em;background:var(--accent);color:var(--on-accent);font-weight:600;cursor:pointer;
box-shadow:0 .5em 1.5em -.5em #0b202666}
.start{inset-inline:var(--gap) auto}
.launcher:hover{filter:brightness(1.12)}
[aria-busy],[aria-disabled]{opacity:.5}
:focus-visible{outline:2px solid var(--accent);outline-offset:2px}
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

class AskdocChat extends HTMLElement {
  #tree = this.attachShadow({ mode: "open" });
  #launcher;
  #failed;
  #panel;
  #coming;
  #attempts = 0;

  connectedCallback() {
    const { launcher, side, heading } = this.dataset;
    const label = launcher || this.#words[0];
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(STYLE);
    this.#tree.adoptedStyleSheets = [sheet];
    this.#failed = make("p", { class: "failed", role: "alert" });
    this.#launcher = launcher !== undefined && make("button", { type: "button", class: `launcher ${side ?? ""}`,
      "aria-haspopup": "dialog", click: () => this.open().catch(console.error) },
      icon("M10 6C5 7 4 11 4 17h5v-5H4M20 6c-5 1-6 5-6 11h5v-5h-5"), label);
    // What the page wrote inside stays until the panel is here.
    this.#tree.replaceChildren(this.#launcher
      ? make("section", { "aria-label": heading || label }, this.#launcher, this.#failed)
      : make("div", {}, make("slot"), this.#failed));
    if (!this.#launcher) this.#load().catch(console.error);
  }

  disconnectedCallback() {
    this.#panel?.destroy();
    this.#panel = this.#coming = null;
    this.#tree.replaceChildren();
  }

  get #language() {
    return /^es\b/i.test(this.dataset.lang || this.closest("[lang]")?.lang) ? "es" : "en";
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
    return (this.#coming ??= this.#start(this.#launcher, this.#failed));
  }

  async #start(launcher, failed) {
    const { lang, api, texts } = this.dataset;
    const language = this.#language;
    if (launcher) launcher.ariaBusy = true;
    try {
      const [{ createPanel }, words] = await Promise.all(["panel", language].map((name) => this.#module(name)));
      // When moved, it has begun anew.
      if (!this.isConnected || failed !== this.#failed) throw new Error("askdoc: removed while loading");
      failed.textContent = "";
      return (this.#panel = createPanel({
        host: this, tree: this.#tree, launcher, make, icon, locale: lang || language,
        api: new URL(api || "../..", HERE).href.replace(/\/+$/, ""),
        words: { ...words.texts, ...JSON.parse(texts || "{}"), ...this.texts },
      }));
    } catch (error) {
      if (failed === this.#failed) this.#coming = null;
      this.#attempts++;
      failed.textContent = this.#words[1];
      throw error;
    } finally {
      if (launcher) launcher.ariaBusy = null;
    }
  }

  // import() takes no hash; a preload does, and import() then runs what was checked.
  // Browsers remember a failed address, so another attempt takes another.
  async #module(name) {
    const hash = FILES[name];
    const href = new URL(`${name}.js?${hash.slice(7, 19)}.${this.#attempts}`, HERE).href;
    let link;
    await new Promise((resolve, reject) => {
      const fail = () => reject(new Error(`askdoc: ${name}.js is missing, late or altered`));
      link = make("link", { rel: "modulepreload", href, integrity: hash, referrerpolicy: "no-referrer", load: resolve, error: fail });
      this.append(link);
      setTimeout(fail, 10_000);
    }).finally(() => link.remove());
    return import(href);
  }
}

// Older browsers keep what the page wrote inside.
if (CSS.supports("color", "light-dark(red,red)") && !customElements.get("askdoc-chat")) customElements.define("askdoc-chat", AskdocChat);

const script = document.querySelector("script[data-launcher][src*='askdoc.js']");
if (script) {
  const element = document.createElement("askdoc-chat");
  Object.assign(element.dataset, script.dataset);
  document.body.append(element);
}
