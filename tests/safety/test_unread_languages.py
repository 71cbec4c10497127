"""Questions in languages that are not read: answered in their own words with whom to call."""

import re
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import pytest

from askdoc.models import Level, Notice
from askdoc.safety import Gate, examples
from askdoc.safety.detection import Thresholds
from askdoc.safety.language_identification import LanguageIdentifier
from askdoc.safety.table import LANGUAGES, shipped
from askdoc.safety.unread_languages import unread_languages
from tests.safety.conftest import foreign, lines, needs_identifier

SAID = {"unread", "call", "talk", "local", "label"}
ARABIC = {"ar", "fa", "ur", "ps", "he"}


def shown(question: str, *, country: str = "US", gate: Gate | None = None) -> Notice:
    notice = (gate or Gate.load(country=country)).check(question)
    assert notice is not None
    return notice


def test_without_the_identifier_most_languages_are_still_told(
    identifier: LanguageIdentifier, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Letters and small words tell four questions of five, and the gravest phrases, where CLD2 cannot be installed."""
    monkeypatch.setattr("askdoc.safety.language_identification.pycld2", None)
    held = [identifier.identify(row["text"]) for row in foreign("foreign_held")]
    assert sum(code is not None for code in held) >= 0.8 * len(held)
    assert not [text for text in lines("quiet") + lines("spanish") if identifier.identify(text)]
    assert shown("Mein Kind atmet nicht").level is Level.EMERGENCY
    assert shown("Ich möchte mich umbringen").language == "de"


# ---- what is said ----


@pytest.mark.parametrize("code", [code for code, language in unread_languages().items() if language.sentences])
def test_a_language_says_everything(code: str) -> None:
    """All sentences with their numbers, in its own script; nothing else is left in braces."""
    said = unread_languages()[code].sentences
    assert set(said) == SAID
    assert "{number}" in said["call"]
    assert "{line}" in said["talk"]
    assert not re.search("[{}]", "".join(said.values()).replace("{number}", "").replace("{line}", ""))


def test_many_languages_have_sentences_and_phrases() -> None:
    """At least fifty, each with phrases of both levels, save the two that are read."""
    said = {code: language for code, language in unread_languages().items() if language.sentences}
    assert len(said) >= 50
    for code, language in said.items():
        assert code in LANGUAGES or all(phrases for _, phrases in language.grave), code


@pytest.mark.parametrize(
    ("question", "level", "words"),
    [
        ("Mein Kind atmet nicht", Level.EMERGENCY, "Im Notfall rufen Sie sofort 112 an."),
        ("Ich möchte mich umbringen", Level.CRISIS, "0800 111 0 111"),
        ("Welche Salbe hilft bei trockener Haut?", Level.EDUCATION, "nur Fragen auf Englisch und Spanisch"),
    ],
)
def test_the_notice_is_in_the_question_s_language_with_the_country_s_numbers(
    question: str, level: Level, words: str
) -> None:
    """Whatever was asked; the gravest phrases get the card that fits, and nothing is quoted below."""
    notice = shown(question, country="DE")
    assert (notice.level, notice.language, notice.answers_allowed) == (level, "de", False)
    assert words in notice.title
    said = notice.title + notice.text
    assert "Englisch" in said
    assert "112" in said
    called = [contact.call for contact in notice.contacts]
    assert {"112", "0800 111 0 111"} <= set(called)
    assert called[0] == ("0800 111 0 111" if level is Level.CRISIS else "112")


@needs_identifier
@pytest.mark.parametrize("row", foreign("foreign"), ids=lambda row: f"{row['language']}: {row['text']}")
def test_a_question_gets_numbers_and_never_another_card(gate: Gate, row: dict[str, str]) -> None:
    """An ordinary one raises no alarm, a grave one is of its own level or at the least says whom to call."""
    notice = gate.check(row["text"])
    if notice is None:
        assert row["text"].startswith("Puc fer esport")  # the one of 357 that is not found
        return
    assert notice.level.value in ({"education"} if row["label"] == "benign" else {row["label"], "education"})
    assert {"911", "988"} <= {contact.call for contact in notice.contacts}
    assert "911" in notice.title + notice.text


def test_most_of_the_gravest_phrases_are_known(gate: Gate) -> None:
    """Nine of ten that were written for this get the loud card of their level."""
    grave = [row for row in foreign("foreign") if row["label"] != "benign"]
    right = [(notice := gate.check(row["text"])) is not None and notice.level == row["label"] for row in grave]
    assert sum(right) >= 0.9 * len(right)


@pytest.mark.parametrize("question", ["Mein Kind atmet nicht", "Ich will sterben", "Welche Salbe hilft bei Akne?"])
def test_a_country_without_numbers_gets_words_in_that_language_too(question: str) -> None:
    """No number of another country, and no line that is not there."""
    notice = shown(question, country="BR")
    assert notice.contacts == ()
    assert "die örtliche Notrufnummer" in notice.title + notice.text
    assert not re.search("[0-9{}]", notice.title + notice.text)


def test_a_language_without_sentences_gets_english_and_what_is_spoken_in_the_country() -> None:
    """Welsh in Canada is answered in English and French."""
    welsh = "Mae gan fy merch frech ar ei breichiau ers ddoe"
    notice = shown(welsh, country="CA")
    assert (notice.level, notice.language) == (Level.EDUCATION, "en")
    assert notice.title == "Only questions in English and Spanish are read here."
    assert "appelez tout de suite le 911" in notice.text
    assert shown(welsh, country="GB").text.count("999") == 1


def test_a_number_keeps_its_order_where_the_script_runs_from_right_to_left() -> None:
    """Groups with blanks between would be shown from the last to the first."""
    for code in ARABIC & unread_languages().keys():
        row = next(row for row in foreign("foreign") if row["language"] == code and row["label"] == "benign")
        notice = shown(row["text"], country="GB")
        assert notice.language == code
        assert "116\u00a0123" in notice.text


def test_similarity_and_english_rules_have_no_say_in_it(near: Gate) -> None:
    """The vector of an alarming example changes nothing, nor does a word that looks English."""
    vectors = np.eye(len(examples.sentences()), dtype=np.float32)
    question = "Welche Salbe hilft bei trockener Haut?"
    assert near.check(question, vectors[0]) == near.check(question)


def test_a_corpus_in_that_language_is_answered_below_the_numbers(gate: Gate) -> None:
    """Then it is not said that the question is not read; what is grave is answered by the numbers alone."""
    german = gate.for_corpus(["Die Schwellung geht nach einer Woche von selbst zurück."] * 3)
    notice = shown("Welche Salbe hilft bei trockener Haut?", gate=german)
    assert notice.answers_allowed
    assert "Englisch" not in notice.title + notice.text
    assert "911" in notice.title
    assert not shown("Mein Kind atmet nicht", gate=german).answers_allowed
    assert not shown("Quelle crème pour une peau très sèche ?", gate=german).answers_allowed
    assert gate.for_corpus(["The swelling goes down by itself."]) is gate


# ---- what is no emergency ----


@pytest.mark.parametrize("text", lines("quiet"))
def test_what_is_no_language_raises_no_alarm(gate: Gate, text: str) -> None:
    """Latin, lists of drugs, code, addresses, keys struck at random, one word."""
    assert gate.detect(text).level in (None, Level.EDUCATION)


@pytest.mark.model
def test_similarity_raises_none_either(whole: Gate, inner: Callable[[Sequence[str]], Any]) -> None:
    """What is no language has no meaning to be near to."""
    raised = [text for text in lines("quiet") if whole.detect(text, inner([text])).level not in (None, Level.EDUCATION)]
    assert raised == []


@pytest.mark.model
def test_ordinary_spanish_questions_seldom_raise_an_alarm(whole: Gate, inner: Callable[[Sequence[str]], Any]) -> None:
    """At most two of thirty; a sore throat since yesterday is no emergency."""
    levels = {text: whole.detect(text, inner([text])).level for text in lines("spanish")}
    assert levels["me duele la garganta desde ayer"] is None
    assert len([text for text, level in levels.items() if level not in (None, Level.EDUCATION)]) <= 2


def test_more_likeness_is_asked_for_in_spanish(near: Gate) -> None:
    """Similarity was learnt mostly from English; without any known word it has no say at all."""
    at = [example.level for example in shipped().examples].index(Level.EMERGENCY)
    vector = np.eye(len(examples.sentences()), dtype=np.float32)[at]
    english, spanish = (near.detect(text).language for text in ("my throat hurts", "me duele la garganta"))
    of_english, of_spanish = (
        Thresholds().margin(is_calibrated=True, language=language, is_long=False) for language in (english, spanish)
    )
    assert of_spanish > of_english
    assert near.detect("lorem ipsum dolor sit amet", vector).level is None
