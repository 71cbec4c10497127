// The panel of <askdoc-chat>: a conversation and its cards.

// What calls for the server's own notice before the server has answered.
const ALARMS = [
  ["es", "crisis", /\b(suicid(arme|arse|io)|quiero morir|matarme|quitarme la vida|hacerme dano)/],
  ["en", "crisis", /\b(suicid|kill(ing)? myself|end my life|want to die|(hurt|harm|cut)(ing)? myself|self.?harm)/],
  ["es", "emergency", /\b(dolor (de|en el) pecho|infarto|no (puedo|puede) respirar|no respira|inconsciente|sobredosis|(una|con) convulsion|envenena|sangra mucho|derrame cerebral)/],
  ["en", "emergency", /\b((chest|crushing) (pain|pressure|tightness)|heart attack|((can ?not|cant|unable to|trouble|difficulty|struggling to) |not |stopped )breath|unconscious|passed out|wont wake|chok(ing|es) on|(face|arm) (is )?droop|slurred speech|having a (stroke|seizure)|(heavy|severe|wont stop) bleeding|bleeding (heavily|badly|wont stop)|overdos|poisoned|anaphyla|(throat|tongue) (is )?(swell|clos))/],
];
// In a crisis: what was done already, so that the ambulance stands first.
const DONE = /\b((took|taken|swallowed|drank) ([\w ]{0,20} )?(pills?|tablets|meds|bleach|poison|overdose)|overdosed|(tome|tomado|trague) (todas las pastillas|todo el frasco|[0-9]+ pastillas))/;

const LONGEST = 1000; // characters of a question that the server reads
const NEAR = 100; // so many before the end they are counted
const PATIENCE = 10_000; // milliseconds
const REMEMBERED = 3; // questions sent with a follow-up
const CROSS = "M6 6l12 12M18 6L6 18";

const STYLE = `
:host,:root{--surface:var(--askdoc-surface,light-dark(#fff,#1a2321));--ground:var(--askdoc-ground,light-dark(#fbfaf7,#121817));
--ink:var(--askdoc-ink,light-dark(#1c2b2a,#e6ece9));--muted:var(--askdoc-muted,light-dark(#4d5f5d,#a9b8b4));
--line:var(--askdoc-line,light-dark(#d9ded9,#33413e));
--mark:var(--askdoc-mark,light-dark(#fdecaa,#564b16));--alert:var(--askdoc-alert,light-dark(#9b1c1c,#ffb4a9));
--serif:var(--askdoc-quote-font,"Iowan Old Style",Cambria,Georgia,serif);--radius:var(--askdoc-radius,.75em)}
*,::before{box-sizing:border-box}
dialog:not([open]){display:none!important}
.panel{display:flex;flex-direction:column;color:var(--ink);background:var(--ground);font:1em/1.5 var(--sans);text-align:start;
overflow-wrap:anywhere;border:1px solid var(--line);border-radius:calc(var(--radius) + .35em)}
dialog{position:fixed;z-index:var(--z);inset-block:auto calc(var(--gap) + var(--keys,0px));inset-inline:auto var(--gap);margin:0;padding:0;overflow:clip;
width:min(var(--askdoc-width,27em),100% - 2*var(--gap));max-width:none;height:min(var(--askdoc-height,46em),var(--seen,100%) - 2*var(--gap));
max-height:none;box-shadow:0 1.5em 4em -1em #0b202666}
dialog.start{inset-inline:var(--gap) auto}
.wide{width:min(62em,100% - 2*var(--gap))}
section.panel{height:var(--askdoc-height,auto);min-height:24em}
header,.about{display:flex;align-items:flex-start;gap:.15em}
header{padding-block:1.1em .95em;padding-inline:1.35em .8em;border-block-end:1px solid var(--line)}
header div:first-child,.about span{flex:1;min-width:0}
h2,h3,h4,p,blockquote,ul{margin:0;padding:0}
h2{font:600 1.3em/1.25 var(--serif)}
h2:focus,textarea:focus-visible{outline:0}
.small{font-size:.8125em;color:var(--muted)}
button,summary,textarea{font:inherit;color:inherit}
button{cursor:pointer;background:none;border:0;padding:0;text-align:start}
.icon{display:grid;place-items:center;flex:none;width:2.5em;height:2.5em;border-radius:50%;color:var(--muted);cursor:pointer;list-style:none}
.icon:hover,.menu button:hover{background:var(--line);color:var(--ink)}
:dir(rtl)>.send svg{transform:scaleX(-1)}
details{position:relative}
summary svg{stroke-width:3}
.menu{position:absolute;z-index:2;inset-inline-end:0;width:max-content;padding:.4em;background:var(--surface);border:1px solid var(--line);
border-radius:var(--radius);box-shadow:0 .5em 1.5em -.5em #0b202666}
.menu button{display:block;width:100%;padding:.5em .8em;border-radius:.45em}
.log{flex:1;min-height:0;padding:1.25em 1.35em 1.5em}
.log:focus-visible{outline-offset:-3px}
dialog .log{overflow-y:auto;overscroll-behavior:contain}
.log>*{max-width:60em;margin-inline:auto}
.empty>*+*,.turn>*+*{margin-block-start:1.1em}
.lead{font:1.125em/1.55 var(--serif)}
ul{list-style:none;display:grid;gap:.5em;margin-block-start:.5em}
.ask{width:100%;padding:.65em .95em;border:1px solid var(--line);border-radius:var(--radius);background:var(--surface);line-height:1.4}
.ask:hover{border-color:var(--accent)}
.turn+.turn{margin-block-start:2em;padding-block-start:1.75em;border-block-start:1px solid var(--line)}
.turn{scroll-margin-block:1em}
dialog .turn:last-child{min-height:100%}
section.panel :is(.empty,.turn:last-child){min-height:24em}
h3{font:600 1.15em/1.4 var(--sans);white-space:pre-wrap}
.over{display:block;font:500 .8125em/1.6 var(--sans);color:var(--muted)}
h3>.over{font-size:.7em}
.verdict{display:flex;gap:.6em;align-items:baseline;color:var(--muted);font-size:.9375em}
.verdict::before{content:"";flex:none;width:.6em;height:.6em;border:.14em solid var(--accent);border-radius:50%}
.strong::before{background:var(--accent)}
.partial,.none{color:inherit}
.partial::before{background:linear-gradient(90deg,var(--accent) 50%,#0000 0)}
.cards{display:grid;gap:.9em;grid-template-columns:repeat(auto-fit,minmax(min(100%,19em),1fr));margin-block-start:.5em}
.card{display:flex;flex-direction:column;gap:.65em;padding:1.15em 1.25em .9em}
.card,.notice,.error{background:var(--surface);border:1px solid var(--line);border-radius:var(--radius)}
h4{font:600 1.0625em/1.35 var(--sans)}
.headline{font:600 1.0625em/1.4 var(--serif)}
.from::before{content:"… "}
.to::after{content:" …"}
blockquote{font:1.0625em/1.6 var(--serif);max-width:40em;white-space:pre-wrap;padding-inline-start:.95em;border-inline-start:2px solid var(--accent)}
mark{background:var(--mark);color:inherit;border-radius:.15em;padding-block:.06em;box-decoration-break:clone}
.acts{display:flex;flex-wrap:wrap;gap:0 1.1em;margin-block-start:auto;font-size:.875em}
.acts>*{padding-block:.3em}
.acts button,a{color:var(--accent);text-decoration:underline 1px;text-underline-offset:.2em}
h4 a{color:inherit}
.disclaimer{white-space:pre-line}
.notice{overflow:hidden;--tone:var(--accent)}
.emergency{--tone:var(--alert)}
.crisis{--tone:light-dark(#4b3a86,#c9bdf5)}
.notice h4{padding:.65em 1.1em 0}
.notice.loud{border:2px solid var(--tone)}
.loud h4{padding-block-end:.65em;background:var(--tone);color:var(--on-accent);font-size:1.1875em}
.notice div{display:grid;gap:.75em;padding:.7em 1.25em 1.15em;white-space:pre-line}
.call{display:flex;flex-wrap:wrap;align-items:baseline;gap:0 .5em;padding:.7em 1em;border:2px solid var(--tone);border-radius:calc(var(--radius) - .15em);
background:var(--tone);color:var(--on-accent);text-decoration:none}
.call b{font-size:1.3em}
.quiet{background:none;color:var(--tone)}
.error{padding:1em 1.15em;border-color:var(--alert)}
.button{margin-block-start:.7em;padding:.5em 1.1em;border-radius:2em;background:var(--accent);color:var(--on-accent);font-weight:600}
form{position:relative;padding:.8em 1.1em .95em;border-block-start:1px solid var(--line);background:inherit}
section>form{position:sticky;inset-block-end:var(--keys,0px);border-radius:0 0 1em 1em}
section :is(a,button){scroll-margin-block:9em}
.field{display:flex;align-items:flex-end;gap:.4em;padding:.3em;background:var(--surface);border:1px solid var(--muted);border-radius:1.6em}
.field:has(:focus){border-color:var(--accent);outline:2px solid #0000;box-shadow:0 0 0 1px var(--accent)}
textarea{flex:1;min-width:0;max-height:9em;padding-block:.6em;padding-inline:.9em .4em;border:0;background:none;resize:none;
field-sizing:content;line-height:1.45;font-size:max(1em,16px)}
textarea::placeholder{color:var(--muted);opacity:1}
.send{display:grid;place-items:center;flex:none;width:2.65em;height:2.65em;border-radius:50%;background:var(--accent);color:var(--on-accent)}
.send:hover,.button:hover,.call:hover{filter:brightness(1.12)}
form>.small{margin:.5em 1.2em 0}
.over-long{color:var(--alert);font-weight:600}
#tally:empty{display:none}
.likes{position:absolute;inset-block-end:100%;inset-inline:0;max-height:min(20em,50vh);overflow-y:auto;padding:.8em 1.1em;background:inherit;
border-block-start:1px solid var(--line)}
.about{align-items:center}
.away{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap;border:0}
@media (max-width:40em){dialog.panel{inset-block:var(--top,0) auto;inset-inline:0;width:100%;height:var(--seen,100%);border:0;border-radius:0}
.wider{display:none}section.panel .turn:last-child{min-height:85svh}.log{padding-inline:1.1em}header{padding-inline:1.1em .4em}.icon{width:2.75em;height:2.75em}}
@media (max-height:30em){dialog{overflow-y:auto}dialog .log{overflow:visible;flex:1 0 auto}dialog>form{position:sticky;inset-block-end:0}
form{padding-block:.4em}textarea{max-height:4em}#hint{display:none}}
@media (pointer:coarse){#hint{display:none}}
@media (prefers-reduced-motion:no-preference){dialog .log{scroll-behavior:smooth}dialog[open]{animation:fade .2s}.wait::before{animation:fade 1s infinite alternate}
@keyframes fade{from{opacity:.2}}}
@media (forced-colors:active){mark{background:Mark;color:MarkText}.verdict::before{forced-color-adjust:none;--accent:CanvasText}
.send,.button,.ask{border:1px solid}}
@media print{dialog.panel,section.panel{position:static;display:block;width:auto;height:auto;overflow:visible;border:0;box-shadow:none;animation:none}
.icon,details,form,.button,.empty,.wait,.near,.acts :not(a){display:none!important}.acts a::after{content:" "attr(href)}
.cards{display:block}.card{margin-block:.9em}h3,h4,.verdict,.small,.headline{break-after:avoid}mark,.verdict::before{print-color-adjust:exact}dialog .log,.log{overflow:visible;padding-inline:0}
.panel,body{color-scheme:light}:not(mark){background:none!important;color:#000!important}.card,.notice,.small{break-inside:avoid}body{margin:0;font:11pt/1.45 var(--sans)}}
`;

export function createPanel({ host, tree, launcher, make, icon, locale, api, words, notices, name, draft }) {
  const settings = host.dataset;
  const life = new AbortController();
  const shelf = settings.history !== "off" && `askdoc:${api}${name && `#${name}`}`;
  const phone = matchMedia("(max-width:40em)");
  const view = new CSSStyleSheet();
  let turns = [];
  let context = [];
  let about;
  let asking;
  let pending;
  let matching;
  let typing;
  let opener;
  let cards = 0;
  let counted = "";
  const verbatim = new WeakMap();

  function say(key, values = {}) {
    const text = words[key];
    const form = Array.isArray(text) ? text[values.n === 1 ? 0 : 1] : text;
    return form.replace(/\{(\w+)\}/g, (_, name) => typeof values[name] === "number"
      ? values[name].toLocaleString(locale, { signDisplay: key === "votes" ? "exceptZero" : "auto" }) : values[name]);
  }

  const count = (key, n) => typeof n === "number" && say(key, { n });
  // The answers' language is not the page's.
  const theirs = { lang: settings.answersLang || "en", dir: "auto" };
  const doctorOf = ({ doctor }) => doctor.name || doctor.title || say("unnamed");

  // Nothing twice.
  function standing({ doctor }) {
    const said = [doctorOf({ doctor })];
    for (const fact of [doctor.title, doctor.specialty, doctor.location])
      if (fact && !said.join().toLowerCase().includes(fact.toLowerCase())) said.push(fact);
    return said.slice(1);
  }

  // The day that is named, wherever it is read.
  function dateOf({ date }) {
    const [day] = /^\d{4}-\d\d(-\d\d)?/.exec(date) ?? [];
    if (!day || Number.isNaN(Date.parse(day)) || !new Date(day).toISOString().startsWith(day)) return date;
    return new Date(day).toLocaleDateString(locale, { timeZone: "UTC", year: "numeric", month: "long", day: day[8] && "numeric" });
  }

  // Emptied only by the next question, so that nothing is cut short.
  function announce(sentence) {
    if (sentence) status.textContent = sentence;
  }

  function emit(name, detail) {
    host.dispatchEvent(new CustomEvent(`askdoc-${name}`, { bubbles: true, composed: true, detail }));
  }

  function open() {
    show();
    // A phone's keyboard would hide the questions.
    (launcher && matchMedia("(pointer:coarse)").matches ? title : input).focus();
  }

  function show() {
    if (!launcher || root.open) return;
    const focused = tree.activeElement ?? document.activeElement;
    opener = !focused || focused === document.body || focused === host ? launcher : focused;
    stand();
    emit("open");
  }

  function stand() {
    launcher.hidden = true;
    if (phone.matches) root.showModal();
    else root.show();
  }

  // A dialog that was moved has to be shown anew.
  function rise() {
    if (!root.open) return;
    const focused = tree.activeElement;
    root.close();
    stand();
    focused?.focus();
  }

  function close() {
    if (!root.open) return;
    launcher.hidden = false;
    root.close();
    (opener?.isConnected ? opener : launcher).focus();
    emit("close");
  }

  function escape(event) {
    if (menu.open) closeMenu();
    else if (!likes.hidden) quiet();
    else if (launcher) close();
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  function closeMenu() {
    menu.open = false;
    menu.firstChild.focus();
  }

  function ask(question, before = context) {
    question = question.trim();
    if (!question || asking || life.signal.aborted) return null;
    if (lengthOf(question) > LONGEST) return refuse(question);
    return run({ question, context: before, at: new Date().toISOString() });
  }

  function submit(event) {
    event.preventDefault();
    if (ask(input.value)) write("");
  }

  // Stopped before it is sent: the server would not read it.
  function refuse(question) {
    if (!input.value) write(question);
    status.textContent = "";
    announce(say("tooLong", { n: lengthOf(question) - LONGEST }));
    emit("error", { kind: "refused" });
    return null;
  }

  // Said aloud when the end comes near and when it is passed, not with each letter.
  function measure() {
    const rest = LONGEST - lengthOf(input.value.trim());
    const state = rest < 0 ? "tooLong" : rest <= NEAR ? "remaining" : "";
    tally.textContent = state && say(state, { n: Math.abs(rest) });
    tally.classList.toggle("over-long", rest < 0);
    input.setAttribute("aria-invalid", rest < 0);
    if (state !== counted) announce(tally.textContent);
    counted = state;
  }

  function write(text) {
    input.value = text;
    measure();
  }

  async function run(turn) {
    const { question, context: before } = turn;
    const stop = (asking = new AbortController());
    pending = question;
    const alarm = alarmOf(question);
    turn.alarm = alarm && renew(turn.alarm, notice(alarm));
    quiet();
    leave(log.querySelector(".empty"), (empty) => empty.remove());
    if (!turn.place) log.append((turn.place = make("section", { class: "turn" })));
    send.setAttribute("aria-disabled", true);
    status.textContent = "";
    announce(alarm && urgent(alarm));
    fill(turn, turn.alarm, make("p", { class: "verdict wait" }, say("waiting")));
    emit("ask");
    try {
      const reply = await request("/v1/ask", {
        question, max_answers: Number(settings.maxAnswers) || 3, ...(before.length && { context: before }),
      }, stop);
      await released(turn.alarm);
      if (stop.signal.aborted) return null;
      const parts = draw(reply, turn.alarm);
      turns.push({ question, at: turn.at, reply });
      settle(reply.about ? [...before, question].slice(-REMEMBERED) : [question], reply.about);
      fill(turn, ...parts);
      announce(sentence(reply, alarm));
      emit("answer", { confidence: reply.confidence, answers: reply.answers.length, notice: reply.notice?.level });
      return reply;
    } catch (error) {
      if (stop.signal.reason === "gone") return null;
      if (error instanceof Error) console.error(error);
      const excuse = excuseOf(error);
      if (!input.value) write(question);
      fill(turn, turn.alarm,
        make("div", { class: "error" }, make("p", {}, excuse), press("button", "retry", () => {
          if (asking) return;
          if (input.value.trim() === question) write("");
          run(turn);
        })),
        disclaimer(error.disclaimer));
      announce(excuse);
      emit("error", { kind: error.kind });
      return null;
    } finally {
      if (asking === stop) asking = null;
      if (!asking) send.removeAttribute("aria-disabled");
    }
  }

  async function request(path, body, stop = new AbortController()) {
    let late = false;
    const timer = setTimeout(() => stop.abort((late = true)), PATIENCE);
    try {
      const response = await fetch(api + path, {
        method: body && "POST", headers: body && { "Content-Type": "application/json" }, body: body && json(body),
        signal: stop.signal, referrerPolicy: "no-referrer", cache: "no-store",
      });
      const found = await response.json().catch(() => null);
      if (response.ok && found) return found;
      const after = response.headers.get("Retry-After");
      throw {
        kind: { 413: "refused", 422: "refused", 429: "busy", 503: "starting" }[response.status] ?? "broken",
        wait: Math.ceil(Number(after) || (Date.parse(after) - Date.now()) / 1000),
        detail: found?.error, disclaimer: found?.disclaimer,
      };
    } catch (error) {
      throw late ? { kind: "timeout" } : error.kind ? error : { kind: "offline" };
    } finally {
      clearTimeout(timer);
    }
  }

  function excuseOf({ kind = "broken", wait, detail }) {
    if (kind === "busy") return say(kind, { n: Math.max(2, wait || 30) });
    return kind === "refused" && typeof detail === "string" ? detail : say(kind);
  }

  const urgent = ({ title }) => `${say("urgent")}: ${title}. `;

  // A notice that stands alone is all there is to say.
  function sentence(reply, alarm) {
    const { answers, notice: first, confidence } = reply;
    const said = isLoud(first) ? (first.title === alarm?.title ? "" : urgent(first)) : isAlone(reply) ? first.title : "";
    return said + (answers.length ? say(confidence === "strong" ? "found" : "near",
      { n: answers.length, doctor: doctorOf(answers[0]) }) : verdict(reply).join(" "));
  }

  // What is said of the answers, and where there are none, what to do next.
  function verdict(reply) {
    if (reply.answers.length) return [say(reply.confidence)];
    return isAlone(reply) ? [] : [say("none"), say("next")];
  }

  function settle(questions, subject) {
    context = questions;
    about = subject;
    chip.hidden = !about;
    chip.replaceChildren(make("span", {}, `${say("stillAbout")}: ${about ?? ""}`), press("icon", "newSubject", () => {
      settle([]);
      input.focus();
    }, CROSS));
    if (!shelf) return;
    try {
      if (turns.length) sessionStorage.setItem(shelf, json({ turns, context, about: about ?? null }));
      else sessionStorage.removeItem(shelf);
    } catch {
      // full or forbidden
    }
  }

  function restore() {
    try {
      const kept = JSON.parse(sessionStorage.getItem(shelf));
      for (const { question, at, reply } of kept.turns) {
        const turn = { question, at, place: make("section", { class: "turn" }) };
        fill(turn, ...draw(reply));
        log.append(turn.place);
        turns.push({ question, at, reply });
      }
      settle(kept.context, kept.about);
    } catch {
      wipe(); // nothing there, or not ours
    }
  }

  function wipe() {
    asking?.abort("gone");
    asking = null;
    turns = [];
    leave(log, () => log.replaceChildren(empty()));
    settle([]);
  }

  function clear() {
    wipe();
    announce(say("cleared"));
    emit("clear");
  }

  async function stored(text) {
    matching?.abort();
    matching = new AbortController();
    try {
      return (await request("/v1/suggest", { text, limit: 4 }, matching)).suggestions;
    } catch {
      return [];
    }
  }

  function typed() {
    clearTimeout(typing);
    measure();
    const text = input.value.trim();
    if (text.length < 4 || counted === "tooLong" || settings.suggest === "off") return quiet();
    typing = setTimeout(async () => {
      const found = await stored(text);
      if (asking || text !== input.value.trim()) return;
      if (!found.length) return quiet();
      if (likes.hidden) announce(count("matching", found.length));
      likes.hidden = false;
      likes.replaceChildren(make("p", { class: "over" }, say("suggestions")), choices(found));
    }, 300);
  }

  function quiet() {
    clearTimeout(typing);
    matching?.abort();
    leave(likes, () => (likes.hidden = true));
  }

  function choices(found) {
    return make("ul", {}, ...found.map(({ question }) => make("li", {}, make("button",
      { type: "button", class: "ask", ...theirs, click: () => ask(question, []) && write("") }, question))));
  }

  function empty() {
    const list = make("div");
    stored("").then((found) => found.length && list.append(make("h3", { class: "over" }, say("suggested")), choices(found)));
    return make("div", { class: "empty" }, make("p", { class: "lead" }, say("intro")), disclaimer(), list); // what comes late comes last
  }

  // The focus must not go with a part that goes.
  function leave(part, change) {
    const focused = part?.contains(tree.activeElement);
    if (part) change(part);
    const now = tree.activeElement;
    if (focused && !(part.contains(now) && now.checkVisibility())) input.focus();
  }

  // What stands already stays where it is: a finger may be on it.
  function fill(turn, ...parts) {
    const { place, question } = turn;
    turn.head ??= make("h3", { dir: "auto" }, make("span", { class: "over" }, say("asked")), question);
    const shown = [turn.head, ...parts.filter(Boolean)];
    leave(place, () => {
      for (const old of [...place.children]) if (!shown.includes(old)) old.remove();
      place.append(...shown.filter((part) => part.parentNode !== place));
    });
    // A card with numbers stays where it came.
    if (!turn.alarm || !turn.seen) place.scrollIntoView();
    turn.seen = true;
  }

  // Nothing moves while a number is being pressed; the click comes after the release.
  async function released(card) {
    if (!card?.querySelector(":active")) return;
    const once = new AbortController();
    await new Promise((go) => ["pointerup", "pointercancel", "keyup"].forEach((kind) =>
      addEventListener(kind, () => setTimeout(go), { signal: once.signal, capture: true })));
    once.abort();
  }

  function press(kind, key, act, path) {
    return make("button", { type: "button", class: kind, click: act, ...(path && { title: say(key), "aria-label": say(key) }) },
      path ? icon(path) : say(key));
  }

  function draw(reply, alarm) {
    const { answers, confidence, related } = reply;
    const [said, ...advice] = verdict(reply);
    const groups = new Map();
    for (const answer of answers) groups.set(answer.question_id, [...(groups.get(answer.question_id) ?? []), answer]);
    const kind = answers.length ? confidence : "none";
    return [
      reply.notice && renew(alarm, notice(reply.notice)),
      said && make("p", { class: `verdict ${kind}` }, said),
      ...advice.map((text) => make("p", {}, text)),
      facts([reply.searched_also.length && `${say("also")}: ${reply.searched_also.join(", ")}`]),
      ...[...groups.values()].map((group) => make("div", {},
        make("p", { class: "small" }, `${say("inAnswerTo")}: `, make("q", theirs, group[0].question)),
        make("div", { class: "cards" }, ...group.map((answer) => card(answer, reply))))),
      said && related.length && make("div", { class: "near" }, make("p", {}, say("related")), choices(related)),
      disclaimer(reply.disclaimer),
    ];
  }

  function disclaimer(text) {
    const number = notices?.emergency;
    return make("p", { class: "small disclaimer", ...(text && theirs) },
      text || say("disclaimer", { call: number ? say("callNumber", { number }) : say("callLocal") }));
  }

  function facts(list) {
    const known = list.filter(Boolean).join(" · ");
    return known && make("p", { class: "small" }, known);
  }

  function card(answer, reply) {
    const id = `card-${++cards}`;
    const name = doctorOf(answer);
    const { url, rating, review_count: reviews } = answer.doctor;
    const quote = make("blockquote", { class: "passage", ...theirs });
    verbatim.set(quote, { answer, reply });
    shorten(quote, answer);
    const said = make("span");
    const tell = (text) => announce((said.textContent = text));
    return make("article", { class: "card", "aria-labelledby": id },
      make("div", {}, make("h4", { id, class: "doctor", translate: answer.doctor.name && "no" }, link(url, name) ?? name), facts(standing(answer)),
        facts([[count("rating", rating), count("reviews", reviews)].filter(Boolean).join(", ")])),
      answer.headline && make("p", { class: "headline", ...theirs }, answer.headline),
      quote,
      answer.source?.text && make("p", { class: "small", ...theirs }, answer.source.text),
      facts([answer.accepted && say("accepted"), count("votes", answer.votes), dateOf(answer),
        answer.alike > 0 && count("alike", answer.alike)]),
      make("div", { class: "acts" },
        (answer.start > 0 || goesOn(answer)) && whole(answer, quote, tell),
        press("", "copy", () => copy(quote).then(() => tell(say("copied")), () => tell(say("notCopied")))),
        link(answer.url, `${say("source")}: ${hostOf(answer.url)}`),
        said));
  }

  // Cuts are told of outside the words.
  function shorten(quote, answer) {
    const { passage, highlights, start } = answer;
    quote.classList.toggle("from", start > 0);
    quote.classList.toggle("to", goesOn(answer));
    verbatim.get(quote).text = passage;
    quote.replaceChildren(...marked(passage, highlights));
  }

  function whole(answer, quote, tell) {
    let full;
    let own;
    const button = press("", "whole", async () => {
      try {
        full ??= await request(wholeOf(answer));
      } catch (error) {
        return tell(excuseOf(error));
      }
      const opening = !own?.isConnected;
      const { highlights: spans, start, end } = answer;
      if (opening) {
        const found = spans.length ? spans : [[0, end - start]];
        verbatim.get(quote).text = full.body;
        quote.replaceChildren(...marked(full.body, found.map((span) => span.map((at) => at + start))));
        quote.className = "passage";
        quote.after((own = disclaimer(full.disclaimer)));
      } else {
        shorten(quote, answer);
        own.remove();
      }
      button.setAttribute("aria-expanded", opening);
      button.textContent = say(opening ? "part" : "whole");
    });
    button.setAttribute("aria-expanded", false);
    return button;
  }

  const isLoud = (found) => /^(emergency|crisis)$/.test(found?.level);

  const isAlone = ({ answers, notice: first }) => first && !answers.length && (isLoud(first) || first.answers_allowed === false);

  // Whom to call comes first.
  function notice(found) {
    const loud = isLoud(found);
    const language = { lang: found.language ?? theirs.lang, dir: "auto" };
    const theirWords = (words) => make("span", language, words);
    const text = make("p", language, found.text);
    const dial = (kind, scheme, key, number, label) => number && make("a",
      { class: kind, href: `${scheme}:${number.replace(/[^\d+*#]/g, "")}` }, make("b", {}, `${say(key)} ${number}`), " ", theirWords(label));
    return make("section", { class: loud ? `notice loud ${found.level}` : "notice" },
      make("h4", {}, loud && make("span", { class: "away" }, `${say("urgent")}: `), theirWords(found.title)),
      make("div", {}, !loud && text, ...found.contacts.flatMap(({ label, call, text, url }) => [
        dial("call", "tel", "call", call, label), dial("call quiet", "sms", "text", text, label), link(url, theirWords(label)),
      ]), loud && text));
  }

  function alarmOf(question) {
    const plain = question.toLowerCase().normalize("NFD").replace(/[\u0300-\u036f'’]/g, "").replace(/\s+/g, " ");
    const [lang, level] = ALARMS.find(([, , pattern]) => pattern.test(plain)) ?? [];
    if (!level) return null;
    const words = notices?.notices?.[lang];
    // Without the server's notices no number is invented.
    return words?.[level === "crisis" && DONE.test(plain) ? "taken" : level] ?? { level, title: say("callNow"), text: "", language: locale, contacts: [] };
  }

  // `javascript:` in a corpus is no address.
  function link(url, text) {
    return hostOf(url) && make("a", { href: url, target: "_blank", rel: "noreferrer" }, text,
      make("span", { class: "away" }, ` (${say("newTab")})`));
  }

  function credit(answer) {
    return [[doctorOf(answer), ...standing(answer)].join(", "), `${say("inAnswerTo")}: ${answer.question}`, dateOf(answer),
      answer.url].filter(Boolean);
  }

  // From the reply, never from the page, which a browser may have translated.
  function cited({ text, answer, reply }) {
    return [`“${text}”`, ...credit(answer), "", reply.disclaimer].join("\n");
  }

  async function copy(quote) {
    await navigator.clipboard.writeText(cited(verbatim.get(quote)));
  }

  const isAltered = (quote) => quote.textContent !== verbatim.get(quote).text;

  function compare() {
    for (const quote of log.querySelectorAll("blockquote")) {
      const note = quote.parentNode.querySelector(".altered");
      if (!isAltered(quote)) note?.remove();
      else if (!note) quote.after(make("p", { class: "small altered" }, say("altered")));
    }
  }

  // A selection of altered words goes along with those that the doctor wrote.
  function selected(event) {
    const selection = tree.getSelection?.() ?? getSelection();
    const quotes = [...log.querySelectorAll("blockquote")].filter((quote) => isAltered(quote)
      && (quote.contains(event.target) || selection.containsNode(quote, true)));
    if (!quotes.length) return;
    event.preventDefault();
    event.clipboardData.setData("text/plain",
      [String(selection), say("altered"), ...quotes.map((quote) => cited(verbatim.get(quote)))].join("\n\n"));
  }

  function markdown() {
    const blocks = [`# ${escaped(settings.heading || say("title"))}`];
    for (const { question, at, reply } of turns) {
      blocks.push(`## ${escaped(question)}`, new Date(at).toLocaleDateString("sv")); // year-month-day
      if (reply.notice) for (const part of notice(reply.notice).querySelectorAll("h4,p,a")) blocks.push(escaped(part.textContent));
      blocks.push(...verdict(reply));
      for (const answer of reply.answers) {
        if (answer.headline) blocks.push(`### ${escaped(answer.headline)}`);
        blocks.push(escaped(answer.passage).replace(/^/gm, "> "), credit(answer).map(escaped).join("  \n"));
      }
      blocks.push(escaped(reply.disclaimer));
    }
    return `${blocks.join("\n\n")}\n`;
  }

  function save(name, type, text) {
    const url = URL.createObjectURL(new Blob([text], { type }));
    make("a", { href: url, download: `askdoc.${name}` }).click();
    setTimeout(() => URL.revokeObjectURL(url), PATIENCE);
  }

  // In a frame: the page's layout would cut it off.
  function print() {
    tree.querySelector("iframe")?.remove();
    const frame = make("iframe", { class: "away", title: say("print"), "aria-hidden": true, tabindex: -1, load: () => {
      const { contentWindow, contentDocument: page } = frame;
      const sheet = new contentWindow.CSSStyleSheet();
      sheet.replaceSync(tree.adoptedStyleSheets.flatMap((own) => [...own.cssRules].map((rule) => rule.cssText)).join(""));
      page.adoptedStyleSheets = [sheet];
      page.documentElement.lang = locale;
      page.documentElement.dir = root.dir;
      page.body.append(title.cloneNode(true), log.cloneNode(true));
      contentWindow.onafterprint = () => frame.remove();
      contentWindow.print();
    } });
    tree.append(frame);
  }

  const title = make("h2", { id: "title", class: "title", tabindex: -1 }, settings.heading || say("title"));
  const choice = (key, act) => press("", key, () => {
    closeMenu();
    act();
  });
  const menu = make("details", {}, make("summary", { class: "icon", "aria-label": say("more"), title: say("more") },
    icon("M5 12h.01M12 12h.01M19 12h.01")), make("div", { class: "menu" },
    choice("print", print), choice("markdown", () => save("md", "text/markdown", markdown())),
    choice("json", () => save("json", "application/json", json({ turns }, 2))), choice("clear", clear)));
  const log = make("div", { class: "log", role: "region", "aria-label": say("conversation"), tabindex: launcher && 0, copy: selected });
  const status = make("div", { class: "away", role: "status" });
  const likes = make("div", { class: "likes", hidden: "" });
  const chip = make("div", { class: "about small" });
  const tally = make("p", { id: "tally", class: "small" });
  const input = make("textarea", { id: "question", class: "input", rows: 1, dir: "auto", autocomplete: "off", enterkeyhint: "send",
    placeholder: say("label"), "aria-describedby": "hint tally", input: typed,
    // 229: an input method's Enter ends a word
    keydown: (event) => event.key === "Enter" && !event.shiftKey && !event.isComposing && event.keyCode !== 229 && submit(event) });
  const send = make("button", { class: "send", "aria-label": say("send") }, icon("M4 12h15M13 6l6 6-6 6"));
  const root = make(launcher ? "dialog" : "section", {
    class: `panel ${settings.side ?? ""}`, lang: locale, dir: getComputedStyle(host).direction, "aria-labelledby": "title",
    click: (event) => (menu.open &&= menu.contains(event.target)),
    keydown: (event) => event.key === "Escape" && !event.isComposing && escape(event),
    cancel: (event) => event.preventDefault() ?? close(),
  },
    make("header", {}, make("div", {}, title, make("p", { class: "small" }, say("tagline"))), menu,
      launcher && press("icon wider", "wide", (event) =>
        event.currentTarget.setAttribute("aria-pressed", root.classList.toggle("wide")), "M9 5H4v5M15 19h5v-5M4 5l16 14"),
      launcher && press("icon", "close", close, CROSS)),
    log, status,
    make("form", { submit }, likes, chip, make("label", { for: "question", class: "away" }, say("label")),
      make("div", { class: "field" }, input, send), tally,
      make("p", { id: "hint", class: "small" }, say("hint"))));

  const sheet = new CSSStyleSheet();
  sheet.replaceSync(STYLE);
  tree.adoptedStyleSheets.push(sheet, view);
  restore();
  new MutationObserver(compare).observe(log, { childList: true, characterData: true, subtree: true });
  if (draft) write(draft);
  if (launcher) launcher.parentNode.append(root);
  else {
    // What was typed into the page's own form is kept.
    const plain = host.querySelector("textarea");
    if (plain?.value) write(plain.value);
    const focused = plain && plain === document.activeElement;
    tree.querySelector("slot").replaceWith(root);
    if (focused) input.focus();
  }
  phone.addEventListener("change", rise, life);
  // Above a phone's keyboard. What a reader enlarges with two fingers stays as it is.
  const fit = () => {
    const { height, offsetTop, scale } = visualViewport;
    const px = (length) => `${length / (host.currentCSSZoom ?? 1)}px`;
    view.replaceSync(scale > 1.01 ? "" : `.panel{--seen:${px(height)};--top:${px(offsetTop)};--keys:${px(Math.max(0, innerHeight - height - offsetTop))}}`);
    aside();
  };
  for (const name of ["resize", "scroll"]) visualViewport.addEventListener(name, fit, life);

  // On paper the conversation follows the page instead of lying over it.
  const box = launcher && launcher.parentNode;
  if (box?.popover) {
    addEventListener("beforeprint", () => (box.popover = null), life);
    addEventListener("afterprint", () => {
      box.popover = "manual";
      box.showPopover();
    }, life);
  }

  // Buttons in the corner make room for the form of a panel in the page.
  const aside = () => {
    for (const other of document.querySelectorAll(`${host.localName}[data-launcher]`)) other.lift?.();
  };
  if (!launcher) {
    document.addEventListener("scroll", aside, { capture: true, passive: true, signal: life.signal });
    addEventListener("resize", aside, life);
    const grown = new ResizeObserver(aside);
    for (const part of [input.form, document.documentElement]) grown.observe(part);
    life.signal.addEventListener("abort", () => grown.disconnect());
  }

  // What was not answered goes back into the field of the panel that comes after.
  function destroy() {
    const unanswered = asking ? pending : "";
    life.abort();
    asking?.abort("gone");
    quiet();
    return { open: Boolean(launcher && root.open), draft: input.value || unanswered };
  }

  return { open, show, rise, close, ask, clear, destroy };
}

const wholeOf = ({ answer_key: key, answer_id: id }) => `/v1/answers/${key ?? encodeURIComponent(id)}`;

// Below a passage may stand where its facts come from, which is shown in its own place.
const goesOn = ({ goes_on: more, end, length }) => more ?? end < length;

const lengthOf = (text) => [...text.normalize("NFC")].length;

// A library's toJSON on the prototypes of arrays and objects would have its say in JSON.stringify.
function json(value, indent) {
  const plain = (part) => part && typeof part === "object" ? Object.assign(Array.isArray(part) ? [...part].map(plain)
    : Object.fromEntries(Object.entries(part).map(([key, inner]) => [key, plain(inner)])), { toJSON: undefined }) : part;
  return JSON.stringify(plain(value), null, indent);
}

// A card in its place: the beginning that both have is not touched.
function renew(old, fresh) {
  if (!old || old.className !== fresh.className) return fresh;
  const [before, after] = [old, fresh].map((card) => [...card.childNodes]);
  let same = 0;
  while (before[same] && after[same]?.isEqualNode(before[same])) same++;
  if (before[same]?.nodeName === "DIV") renew(before[same], after[same++]);
  for (const node of before.slice(same)) node.remove();
  old.append(...after.slice(same));
  return old;
}

// Offsets count code points.
function marked(text, spans) {
  const points = [...text];
  const parts = [];
  let at = 0;
  for (const [from, to] of spans) {
    if (!(from >= at && from < to && to <= points.length)) continue;
    const mark = document.createElement("mark");
    mark.append(points.slice(from, to).join(""));
    parts.push(points.slice(at, from).join(""), mark);
    at = to;
  }
  return [...parts, points.slice(at).join("")];
}

function hostOf(url) {
  try {
    const { protocol, hostname } = new URL(url);
    return /^https?:$/.test(protocol) ? hostname : null;
  } catch {
    return null;
  }
}

function escaped(text) {
  return text.replace(/[\\`*_[\]<>#|~&]/g, "\\$&");
}
