"""Term scores: sparse over the postings, and equal to those of all rows."""

import numpy as np
import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from askdoc.index.bm25 import K1, InvertedIndex
from askdoc.retriever.term_scores import TermScores

WORDS = ("knee", "nose", "scar", "tea", "mole")
TEXTS = st.lists(st.lists(st.sampled_from(WORDS), max_size=6), max_size=25)
TERMS = st.dictionaries(st.sampled_from((*WORDS, "unheard")), st.floats(0.01, 1), max_size=6)


def dense(index: InvertedIndex, terms: dict[str, float]) -> dict[str, np.ndarray]:
    """The same scores from one array over all rows for each term."""
    held = np.zeros((len(terms), index.size), bool)
    values = np.zeros((len(terms), index.size))
    for place, term in enumerate(terms):
        rows, scores = index.postings(term)
        held[place, rows], values[place, rows] = True, scores
    weights = np.array(list(terms.values()))[:, None]
    rarities = np.array([index.rarity(term) for term in terms])[:, None]
    plain, weighted = values.sum(axis=0), (values * weights).sum(axis=0)
    return {
        "plain": standardised(plain),
        "weighted": standardised(weighted),
        "coverage": (held * weights * rarities).sum(axis=0) / max((weights * rarities).sum(), 1e-9),
        "bm25_share": plain / (max(rarities.sum(), 1e-9) * (K1 + 1)),
        "held": held,
    }


def standardised(scores: np.ndarray) -> np.ndarray:
    """In standard deviations; where these are as small as the noise of single precision, nothing is to be compared."""
    deviation = scores.std() if len(scores) else 0.0
    assume(deviation == 0 or deviation > 1e-3)
    return (scores - scores.mean()) / deviation if deviation else np.zeros(len(scores))


@given(TEXTS, TERMS)
@example([["knee", "knee", "nose", "nose"], ["knee", "knee", "knee", "nose", "nose"]], {"knee": 1.0, "nose": 1.0})
def test_scores_are_those_over_all_rows(texts: list[list[str]], terms: dict[str, float]) -> None:
    """Any row looked up has what a dense computation gives it, to the noise of single precision."""
    index = InvertedIndex.build(texts)
    found = TermScores.of(index, terms).at(np.arange(index.size))._asdict()
    for name, wanted in dense(index, terms).items():
        np.testing.assert_allclose(found[name], wanted, rtol=1e-3, atol=1e-4, err_msg=name)


@given(TEXTS, TERMS, st.integers(1, 10))
def test_the_top_rows_are_those_over_all_rows(texts: list[list[str]], terms: dict[str, float], k: int) -> None:
    """The best rows that hold a term at all, best first."""
    index = InvertedIndex.build(texts)
    top = TermScores.of(index, terms).top(k)
    scores = dense(index, terms)
    total = scores["plain"] + scores["weighted"]
    holding = np.flatnonzero(scores["held"].any(axis=0))
    assert len(top) == min(k, len(holding)) == len(set(top.tolist()))
    assert set(top.tolist()) <= set(holding.tolist())
    best = np.sort(total[holding])[::-1][:k]
    np.testing.assert_allclose(total[top], best, rtol=1e-3, atol=1e-3)


def test_equal_rows_stand_in_their_order() -> None:
    """Of rows that score alike the first is the better one."""
    index = InvertedIndex.build([["tea"], ["knee"], ["tea"], ["tea"], ["nose"]])
    assert TermScores.of(index, {"tea": 1.0}).top(2).tolist() == [0, 2]


def test_only_rows_with_a_term_are_kept() -> None:
    """What a question costs goes by its terms' postings, not by the size of the field."""
    index = InvertedIndex.build([["tea"], *[["knee"]] * 1_000, ["tea", "nose"]])
    scores = TermScores.of(index, {"tea": 1.0, "unheard": 0.5})
    assert scores.rows.tolist() == [0, 1_001]
    assert len(scores.plain.scores) == len(scores.weighted.scores) == 2


def test_known_share_is_that_of_the_terms_the_field_has() -> None:
    """A term that no row holds is the rarest, and unknown."""
    index = InvertedIndex.build([["tea"], ["knee"]])
    known, unknown = index.rarity("tea"), index.rarity("unheard")
    found = TermScores.of(index, {"tea": 1.0, "unheard": 1.0}).known_share
    assert found == pytest.approx(known / (known + unknown))
    assert TermScores.of(index, {}).known_share == 0
