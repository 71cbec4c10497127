"""What a question holds, by name, and what the fitted table makes of it."""

import pytest

from askdoc.safety import Gate, examples
from askdoc.safety.features import FeatureScorer, word_ngrams
from askdoc.safety.table import shipped


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("my chest hurts", "chest"),
        ("no chest pain", "negation:chestpain"),
        ("what is a stroke", "question:stroke"),
        ("I want to die", "#on:firm:crisis"),
        ("is chest pain common", "~opening"),
    ],
)
def test_what_the_patterns_saw_has_a_name(gate: Gate, text: str, name: str) -> None:
    """A concept with the scope that it stands under, and what became of a rule."""
    assert name in gate.features(text)[0]


def test_words_and_neighbours_are_named() -> None:
    """Numbers and marks are not."""
    assert word_ngrams("my lip, 2 days") == {"my", "lip", "days", "my lip", "lip days"}


def test_a_name_counts_the_less_the_more_there_are() -> None:
    """A long message is not alarming by its length; unknown names count for nothing."""
    scorer = FeatureScorer({"a": (3.0, 1.0, 0.5), "b": (4.0, 0.0, 0.0)}, {})
    assert scorer.score(["a", "?"], []) == pytest.approx((1 / 3, 1 / 6))
    assert scorer.score(["a", "b"], []) == pytest.approx((1 / 5, 1 / 10))
    assert scorer.score([], []) == (0.0, 0.0)


def test_the_fitted_table_is_of_these_examples() -> None:
    """Whoever changes an example runs training/fit_safety.py."""
    weights = shipped().weights
    assert weights["table"] == examples.TABLE_VERSION
    assert len(weights["known"]) == len(weights["shares"]) == len(examples.sentences())
