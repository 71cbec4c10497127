"""Tests for ``askdoc.safety.language_identification``: the language of a question is told from English."""

from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from askdoc.safety.language_identification import LanguageIdentifier
from askdoc.safety.scripts import OTHER
from askdoc.safety.unread_languages import unread_languages
from tests.safety.conftest import foreign, lines, needs_identifier
from training import datasets
from training.safety_sentences import WRITTEN

NEAR = {"ms": {"id"}, "zh": {"zh-Hant"}}
"""Languages that may be answered in another."""
PUBLIC = (
    "meqsum a", "meqsum b", "counselchat question", "counselchat question_text", "medquad_queries text",
    "medquad topic", "clinc_dev text", "rqe_train a", "rqe_train b", "rqe_valid a", "mediqa2021_qs_valid a",
    "covid_similarity_en a", "covid_similarity_en b",
)  # fmt: skip
"""Sets of patients' messages and of questions that lie beside the project, with the field that holds the text."""


def written() -> Iterator[tuple[str, list[str]]]:
    """English sentences that were written for the gate, by hand."""
    for path in sorted(WRITTEN.glob("*.tsv")):
        if path.stem != "table":  # holds Spanish, too
            yield path.stem, [line.split("\t")[1] for line in path.read_text(encoding="utf-8").splitlines()[1:]]


@needs_identifier
@pytest.mark.parametrize("name", ["foreign", "foreign_held"])
def test_a_question_in_another_language_is_found(identifier: LanguageIdentifier, name: str) -> None:
    """At least 95 % of those of four words or more; nobody changed anything for the sentences that were held back."""
    long = [row["text"] for row in foreign(name) if row["text"].count(" ") >= 3]
    assert len(long) >= 80
    assert len({row["language"] for row in foreign(name)}) >= 25
    assert sum(identifier.identify(text) is not None for text in long) >= 0.95 * len(long)


@needs_identifier
@pytest.mark.parametrize("name", ["foreign", "foreign_held"])
def test_it_is_taken_for_the_language_that_it_is_in(identifier: LanguageIdentifier, name: str) -> None:
    """Nine of ten at least, where the language has sentences here."""
    rows = [
        row
        for row in foreign(name)
        if row["language"] in unread_languages() and unread_languages()[row["language"]].sentences
    ]
    right = [identifier.identify(row["text"]) in {row["language"], *NEAR.get(row["language"], ())} for row in rows]
    assert sum(right) >= 0.9 * len(right)


def test_english_is_never_taken_for_another_language(identifier: LanguageIdentifier) -> None:
    """At most one sentence in five hundred of any hand."""
    for hand, texts in written():
        assert sum(map(bool, map(identifier.identify, texts))) <= 0.002 * len(texts), hand


@pytest.mark.parametrize("name", PUBLIC)
def test_patients_messages_are_never_taken_for_another_language(identifier: LanguageIdentifier, name: str) -> None:
    """Misspelt, long and full of names as they are."""
    part, field = name.split()
    try:
        texts = {row[field] for row in datasets.rows(part) if row[field]}
    except datasets.MissingDataError as error:
        pytest.skip(str(error))
    assert texts
    assert [text for text in texts if identifier.identify(text)] == []


@pytest.mark.parametrize("text", lines("english"))
def test_english_as_patients_type_it_is_english(identifier: LanguageIdentifier, text: str) -> None:
    """Dictated and misspelt, in one word, with Latin, dialects and the names of persons, places and diseases."""
    assert identifier.identify(text) is None


@pytest.mark.parametrize("text", [*lines("quiet"), *lines("spanish")])
def test_spanish_and_what_is_no_language_are_left_alone(identifier: LanguageIdentifier, text: str) -> None:
    """Latin, names of drugs, code, addresses, keys struck at random, English as it is typed."""
    assert identifier.identify(text) is None


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("help 我的孩子没有呼吸了", "zh"),
        ("MEIN KIND ATMET NICHT", "de"),
        ("ｍｅｉｎ Ｋｉｎｄ atmet nicht", "de"),
        ("Mein Kind atmet nicht 😢😢😢", "de"),
        ("mein kind\natmet\tnicht!!!", "de"),
        ("what does 我 mean", None),
        ("I take β-blockers and µg doses", None),
        ("i cant brеathe", None),  # with a Cyrillic letter
        ("My mother said 'ich kann nicht mehr', what does she mean", None),
        ("mi papa passed out and wont wake up ayuda", None),
        ("", None),
        ("😢", None),
    ],
)
def test_mixed_messages_go_by_what_most_of_them_is(identifier: LanguageIdentifier, text: str, code: str | None) -> None:
    """And English is read as English, whatever letters were put into it."""
    assert identifier.identify(text) == code


@given(st.text(max_size=300))
@settings(max_examples=200, deadline=None)
def test_any_text_is_looked_at_without_a_failure(identifier: LanguageIdentifier, text: str) -> None:
    """Control characters, halves of characters and everything that CLD2 refuses."""
    code = identifier.identify(text)
    assert code is None or code == OTHER or code in unread_languages()
