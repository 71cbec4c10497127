"""Other words for a question: what is repaired, what never is, and what is searched for beside it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pytest
from rapidfuzz import process

from askdoc.query.rewriting import QueryRewriter
from askdoc.query.spelling import MOST_REPAIRS, MOST_TRIED
from askdoc.query.synonyms import MOST_NAMED, MOST_NAMES, SynonymExpander
from askdoc.query.terminology import Terminology

COUNTS = {
    "rhinoplasty": 5, "nose": 30, "job": 4, "hives": 9, "eczema": 40, "psoriasis": 12, "itching": 20, "pain": 90,
    "tired": 11, "infection": 30, "clot": 2, "clots": 1, "cloth": 2, "lisinopril": 6, "tummy": 3, "tuck": 3,
    "toddler": 2, "scar": 50, "scab": 1,
}  # fmt: skip


@dataclass(frozen=True)
class Counted:
    def count(self, word: str) -> int:
        return COUNTS.get(word, 0)

    def of_length(self, length: int) -> Sequence[str]:
        return [word for word in COUNTS if len(word) == length]

    def ordinary(self, word: str) -> bool:
        return word in {"tyre", "cook", "toddler", "tired", "cloth"}


WORDING = QueryRewriter(Terminology.shipped(), Counted())


@pytest.mark.parametrize(
    ("question", "text", "shown"),
    [
        ("soriasis on my hands", "psoriasis on my hands", ("psoriasis",)),
        ("Toddlr, with infectoin!", "toddler, with infection!", ("toddler", "infection")),
        ("how much is a rinoplasty", "how much is a rhinoplasty", ("rhinoplasty",)),
        ("a tumy tuck or a nose job", "a tummy tuck or a nose job (rhinoplasty)", ("tummy", "rhinoplasty")),
        ("abdominoplasty cost", "tummy tuck cost", ("tummy tuck",)),
        ("do I have Urticaria?", "do I have hives?", ("hives",)),
        ("scarr", "scar", ("scar",)),
        ("SORIASIS", "psoriasis", ("psoriasis",)),
        ("tiredness? Infaction", "tiredness? infection", ("infection",)),
        ("What is Psoriaiss?", "What is psoriasis?", ("psoriasis",)),
        ("the Pain-Infectoin type", "the Pain-infection type", ("infection",)),
        ("after a Rhinoplastyy-Iching", "after a rhinoplasty-itching", ("rhinoplasty", "itching")),
        ("psoriazis", "psoriasis", ("psoriasis",)),
        ("infextion", "infection", ("infection",)),  # the next key
        ("infecrion or edzema", "infection or eczema", ("infection", "eczema")),  # the key above, or below
    ],
)
def test_a_question_is_put_into_the_corpus_words(question: str, text: str, shown: tuple[str, ...]) -> None:
    """And every new word is named."""
    rewrite = WORDING.rewrite(question)
    assert (rewrite.text, rewrite.new_terms) == (text, shown)


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
    assert WORDING.rewrite(question).text == question


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
    assert WORDING.rewrite(typed).text == text


def test_a_name_is_added_only_where_the_corpus_has_more_of_it() -> None:
    """The corpus's own word needs no other."""
    assert WORDING.rewrite("nose job or rhinoplasty").new_terms == ()
    assert WORDING.rewrite("rhinoplasty").new_terms == ()
    assert WORDING.rewrite("rhytidectomy or urticaria").new_terms == ("hives",)


def test_a_name_that_the_corpus_lacks_is_not_searched_for() -> None:
    """It would find nothing."""
    assert WORDING.rewrite("halitosis").new_terms == ()


def test_the_work_is_bounded() -> None:
    """However long the question is."""
    typos = " ".join(f"{'x' * place}psoriasi" for place in range(1, 60))
    assert len(WORDING.rewrite(f"psoriasi {typos}").new_terms) <= MOST_REPAIRS + MOST_NAMES
    named = "urticaria abdominoplasty rhinoplasty pruritus fatigue " * 15
    assert len(WORDING.rewrite(named).new_terms) <= MOST_NAMES


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
    assert WORDING.rewrite(question).new_terms == ()
    assert len(tried) <= MOST_TRIED


def test_a_word_is_compared_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """However often it stands in the question; the words behind it have their turn."""
    tried = counted(monkeypatch)
    assert WORDING.rewrite(f"{'qzxab ' * 100} soriasis").new_terms == ("psoriasis",)
    assert tried == ["qzxab", "soriasis"]


@pytest.mark.parametrize("name", ["hives", "rhinoplasty", "atopic dermatitis"])
def test_the_names_that_are_looked_up_are_bounded(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A message of names and nothing else: other names are sought for a few of them, found or not."""
    sought: list[object] = []
    others = SynonymExpander._synonyms

    def listened(self: SynonymExpander, *name: Any) -> list[str]:
        sought.append(name)
        return others(self, *name)

    monkeypatch.setattr(SynonymExpander, "_synonyms", listened)
    WORDING.rewrite(f"{name} " * 60)
    assert 0 < len(sought) <= MOST_NAMED


@pytest.mark.parametrize("typed", ["sori\u00adasis", "sor\u2060iasis", "my\u200bsoriasis"])
def test_invisible_characters_are_no_part_of_a_word(typed: str) -> None:
    """What is repaired is the word that is read."""
    assert WORDING.rewrite(typed).new_terms == ("psoriasis",)


@pytest.mark.parametrize("question", ["me duele la tumy desde anteayer", "scarr jwqx vbnk zzgh"])
def test_where_most_words_are_unknown_none_is_taken_for_a_slip(question: str) -> None:
    """A word of another language that is near an English one is no misspelling of it."""
    assert WORDING.rewrite(question).new_terms == ()


def test_two_words_that_nobody_knows_do_not_hinder_a_repair() -> None:
    """Names and rare words stand in English questions, too."""
    assert WORDING.rewrite("scarr of jwqxing vbnkol").new_terms == ("scar",)
