"""Tests for ``askdoc.query.spelling``: which words are corrected, and which are left alone."""

from collections.abc import Sequence
from itertools import islice, permutations, product
from typing import Any

import pytest
from rapidfuzz import process
from rapidfuzz.distance import OSA

from askdoc.query import spelling
from askdoc.query.spelling import MOST_TRIED, SpellingCorrector, WordsOfLength
from askdoc.query.terminology import Terminology
from tests.query.counts import Counted

CORRECTOR = SpellingCorrector(Terminology.shipped(), Counted())


@pytest.mark.parametrize(
    "question",
    [
        "which tyre",  # the language knows it, though "tired" is near
        "eczema and pain",  # the corpus knows both
        "clots",  # known, beside "cloth"
        "clotx",  # as near to "clots" as to "cloth": nobody can tell
        "skn",  # too short
        "infecti0n",  # no plain word
        "экзема",  # another alphabet
        "Is Toddlr syndrome rare?",  # a capital inside a sentence: somebody's name
        "Is it Toddlr's Disease?",  # the same
        "What is Tumy?",  # names are left alone where they are short,
        "What is a Tyyre?",  # or near an everyday word,
        "What is Soriasis?",  # or begin with another letter,
        "What is a Lisinporol?",  # or differ in two letters,
        "the Clottx-Clothx type",  # or are near to several words; joined words are names too
        "infectiom",  # another ending: another word of the family, not a slip
        "psoriatic",  # the same with two letters
        "itlhing",  # no finger and no ear takes one letter for the other
        "scba",  # the corpus has "scab" too seldom to be sure of it
    ],
)
def test_what_is_known_or_doubtful_is_left_alone(question: str) -> None:
    """Nothing is repaired that is no mistake, and nothing that could be two things."""
    assert CORRECTOR.correct(question)[0] == question


@pytest.mark.parametrize(
    ("typed", "text"),
    [
        ("fosinopril", "fosinopril"),  # a medicine that neither corpus nor table has: two letters from lisinopril
        ("hydroxyzine", "hydroxyzine"),  # known to the table alone
        ("prednisolone", "prednisolone"),
        ("lisinoprill", "lisinopril"),  # one letter: a slip
    ],
)
def test_no_medicine_becomes_another(typed: str, text: str) -> None:
    """Only a single letter is ever mended in one."""
    assert CORRECTOR.correct(typed)[0] == text


def counted(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The words that are compared with all others from now on."""
    tried: list[str] = []
    extract = process.extract

    def listened(typed: str, *choices: Any, **how: Any) -> Any:
        tried.append(typed)
        return extract(typed, *choices, **how)

    monkeypatch.setattr(process, "extract", listened)
    return tried


def gibberish(count: int) -> str:
    """Words that are near to none."""
    return " ".join(f"qzx{chr(97 + n // 26 % 26)}{chr(97 + n % 26)}" for n in range(count))


@pytest.mark.parametrize("question", [gibberish(170), gibberish(170).title(), "-".join(gibberish(170).split())])
def test_the_words_that_are_compared_are_bounded(question: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where nothing is near to any word, no more are tried than a few: what counts is the attempt, not the success."""
    tried = counted(monkeypatch)
    assert CORRECTOR.correct(question)[1] == ()
    assert len(tried) <= MOST_TRIED


def test_a_word_is_compared_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """However often it stands in the question; the words behind it have their turn."""
    tried = counted(monkeypatch)
    assert CORRECTOR.correct(f"{'qzxab ' * 100} soriasis")[1] == ("psoriasis",)
    assert tried == ["qzxab", "soriasis"]


@pytest.mark.parametrize("question", ["me duele la tumy desde anteayer", "scarr jwqx vbnk zzgh"])
def test_where_most_words_are_unknown_none_is_taken_for_a_slip(question: str) -> None:
    """A word of another language that is near an English one is no misspelling of it."""
    assert CORRECTOR.correct(question)[1] == ()


def test_two_words_that_nobody_knows_do_not_hinder_a_repair() -> None:
    """Names and rare words stand in English questions, too."""
    assert CORRECTOR.correct("scarr of jwqxing vbnkol")[1] == ("scar",)


class ManyWords(Counted):
    """A corpus of a hundred thousand words of eight letters that nobody types."""

    words = tuple(map("".join, islice(permutations("bcdfghjklmnp", 8), 100_000)))

    def of_length(self, length: int) -> Sequence[str]:
        return self.words if length == 8 else ()


def test_in_a_large_corpus_fewer_words_are_tried(monkeypatch: pytest.MonkeyPatch) -> None:
    """So that what all of them are compared with does not grow with the corpus."""
    monkeypatch.setattr(spelling, "MOST_COMPARED", 6 * len(ManyWords.words))
    tried = counted(monkeypatch)
    SpellingCorrector(Terminology.shipped(), ManyWords()).correct(gibberish(170))
    assert len(tried) == 6


def test_of_the_known_words_few_are_compared_letter_by_letter(monkeypatch: pytest.MonkeyPatch) -> None:
    """Only those that have nearly the same letters: of a hundred thousand others, none."""
    compared: list[str] = []
    extract = process.extract

    def listened(typed: str, choices: Sequence[str], **how: Any) -> Any:
        compared.extend(choices)
        return extract(typed, choices, **how)

    monkeypatch.setattr(process, "extract", listened)
    SpellingCorrector(Terminology.shipped(), ManyWords()).correct("qurstvwx")
    assert len(compared) < 100


def test_no_word_that_is_near_is_left_out_by_its_letters() -> None:
    """Whatever the edits are: letters swapped, doubled, left out, put in or replaced."""
    words = ["".join(letters) for letters in product("abc\u00e9", repeat=4)]
    for typed in ("abca", "aaa", "abcab", "cccccc", "b\u00e9"):
        for edits in (1, 2):
            near = {word for word in words if OSA.distance(typed, word) <= edits}
            assert near <= set(WordsOfLength.of(words).near(typed, edits=edits))
