"""Tests for ``askdoc.query.rewriting``: a question in the corpus's words, corrected and expanded."""

import pytest

from askdoc.query.rewriting import QueryRewriter
from askdoc.query.spelling import MOST_REPAIRS
from askdoc.query.synonym_expansion import MOST_NAMES
from askdoc.query.terminology import Terminology
from tests.query.counts import Counted

REWRITER = QueryRewriter(Terminology.shipped(), Counted())


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
    rewrite = REWRITER.rewrite(question)
    assert (rewrite.text, rewrite.new_terms) == (text, shown)


def test_the_work_is_bounded() -> None:
    """However long the question is."""
    typos = " ".join(f"{'x' * place}psoriasi" for place in range(1, 60))
    assert len(REWRITER.rewrite(f"psoriasi {typos}").new_terms) <= MOST_REPAIRS + MOST_NAMES
    named = "urticaria abdominoplasty rhinoplasty pruritus fatigue " * 15
    assert len(REWRITER.rewrite(named).new_terms) <= MOST_NAMES


@pytest.mark.parametrize("typed", ["sori\u00adasis", "sor\u2060iasis", "my\u200bsoriasis"])
def test_invisible_characters_are_no_part_of_a_word(typed: str) -> None:
    """What is repaired is the word that is read."""
    assert REWRITER.rewrite(typed).new_terms == ("psoriasis",)
