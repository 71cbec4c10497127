"""The widget's files: small, bound to one another by hashes, and without a way for markup to get in."""

import gzip
import re
from pathlib import Path

import pytest

from askdoc.models import CONFIDENCE_SENTENCES, NO_ANSWER_ADVICE

from .double import WIDGET, files_table

FILES = sorted(WIDGET.iterdir())
MOST_BYTES = 20 * 1024
DOCS = Path(__file__).parents[2] / "docs" / "widget.md"
FORBIDDEN = {
    "markup from text": r"(inner|outer|set)HTML|insertAdjacentHTML|document\.write|DOMParser|srcdoc|ContextualFragment",
    "code from text": r"\beval\b|new Function|setTimeout\(\s*[\"'`]|javascript:[^`]",
    "style attributes": r"\.style\b|cssText\s*=|[\"']style[\"']|(?<![-\w])style:",
    "cookies and lasting storage": r"document\.cookie|localStorage|indexedDB|\bcaches\b|serviceWorker",
    "another host": r"https?://(?!www\.w3\.org/2000/svg)|//cdn|@import|url\(",
    "sides that do not turn with the script": r"[;{\s](margin-|padding-|border-)?(left|right):|text-align:(left|right)",
    "the page's head": r"document\.head|document\.body\.innerHTML|querySelector\([\"']head",
}


def zipped(name: str) -> int:
    return len(gzip.compress((WIDGET / name).read_bytes(), 9, mtime=0))


@pytest.mark.parametrize("language", ["en", "es"])
def test_one_visit_loads_at_most_20_kb(language: str) -> None:
    """Script, styles and words that a reader of one language loads stay within the budget, compressed."""
    sizes = {name: zipped(name) for name in ("askdoc.js", "panel.js", f"{language}.js")}
    assert sum(sizes.values()) <= MOST_BYTES, sizes


def test_nothing_else_is_shipped() -> None:
    """The budget counts every file there is: style sheets stand inside the scripts."""
    assert [path.name for path in FILES] == ["askdoc.js", "en.js", "es.js", "panel.js"]


def test_the_loader_knows_the_other_files() -> None:
    """The loader carries the hash of every file it fetches. Where this fails, paste the lines shown into FILES."""
    assert files_table() in (WIDGET / "askdoc.js").read_text("utf-8"), f"\n{files_table()}\n"


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
@pytest.mark.parametrize("what", FORBIDDEN)
def test_the_files_hold_no(what: str, path: object) -> None:
    """None of the ways in which markup, code, styles or tracking could get in is used."""
    text = (WIDGET / str(path)).read_text("utf-8")
    code = re.sub(r"^\s*//.*$", "", text, flags=re.MULTILINE)
    assert not re.findall(FORBIDDEN[what], code)


def test_both_languages_say_everything() -> None:
    """No word is missing in one of the languages, and none differs in its blanks."""
    english, spanish = (_words(name) for name in ("en.js", "es.js"))
    assert english.keys() == spanish.keys()
    for key, text in english.items():
        assert sorted(set(re.findall(r"\{\w+\}", text))) == sorted(set(re.findall(r"\{\w+\}", spanish[key]))), key


def test_the_panel_says_of_the_answers_what_every_surface_says() -> None:
    """The sentences of the page without scripts and of the terminal are those of the panel in English."""
    english = _words("en.js")
    for confidence, sentence in CONFIDENCE_SENTENCES.items():
        assert english[confidence.value] == f'"{sentence}"'
    assert english["next"] == f'"{NO_ANSWER_ADVICE}"'


def test_every_word_is_used() -> None:
    """The language files hold nothing that the panel never says, and the panel says nothing that they lack."""
    panel = (WIDGET / "panel.js").read_text("utf-8")
    for key in _words("en.js"):
        quoted = rf"[\"`]{key}[\"`]"
        built = {"strong", "partial", "none", "offline", "timeout"}
        assert key in built or re.search(quoted, panel), key


def test_the_documentation_names_all_that_can_be_set() -> None:
    """Every attribute, colour, part and event in the code is in docs/widget.md, and nothing else is."""
    code = "".join((WIDGET / name).read_text("utf-8") for name in ("askdoc.js", "panel.js"))
    notes = DOCS.read_text("utf-8")
    named = {f"data-{re.sub('[A-Z]', lambda big: '-' + big[0].lower(), name)}" for name in _settings(code)}
    assert named == set(re.findall(r"^\| `(data-[a-z-]+)`", notes, flags=re.MULTILINE))
    assert set(re.findall(r"var\((--askdoc-[a-z-]+)", code)) == set(re.findall(r"`(--askdoc-[a-z-]+)`", notes))
    parts = re.findall(r"`(\w+)`", re.findall(r"^Parts:([^.]+)\.", notes, flags=re.MULTILINE)[0])
    assert [part for part in parts if not re.search(rf'class: [^,}}]*\b{part}\b|press\("{part}"', code)] == []
    events = {f"askdoc-{name}" for name in re.findall(r"emit\(\"(\w+)\"", code)}
    assert events == set(re.findall(r"`(askdoc-\w+)`", notes)) - {"askdoc-chat"}


def _settings(code: str) -> set[str]:
    """The names of the attributes that the code reads from the element's dataset."""
    bare = re.findall(r"const \{ ([\w, ]+) \} = this\.dataset", code)
    names = {name for group in bare for name in group.split(", ")}
    return names | set(re.findall(r"(?:settings|dataset)\.(\w+)", code)) | set(re.findall(r"host\(\[data-(\w+)", code))


def _words(name: str) -> dict[str, str]:
    return dict(re.findall(r"^  (\w+): (.*),$", (WIDGET / name).read_text("utf-8"), flags=re.MULTILINE))
