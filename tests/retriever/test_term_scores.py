"""Term scores: sparse over the postings, and equal to those of all rows."""

import numpy as np
import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from askdoc.index.bm25 import K1, InvertedIndex
from askdoc.retriever import term_scores as module
from askdoc.retriever.term_scores import BEST, DenseTermScores, SparseTermScores, TermScores, term_scores

WORDS = ("knee", "nose", "scar", "tea", "mole")
TEXTS = st.lists(st.lists(st.sampled_from(WORDS), max_size=6), max_size=25)
KINDS = st.sampled_from((SparseTermScores, DenseTermScores))
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


@given(KINDS, TEXTS, TERMS)
@example(SparseTermScores, [["knee"] * 2 + ["nose"] * 2, ["knee"] * 3 + ["nose"] * 2], {"knee": 1.0, "nose": 1.0})
def test_scores_are_those_over_all_rows(
    kind: type[SparseTermScores | DenseTermScores], texts: list[list[str]], terms: dict[str, float]
) -> None:
    """Any row looked up has what a dense computation gives it, to the noise of single precision."""
    index = InvertedIndex.build(texts)
    found = kind.of(index, terms).at(np.arange(index.size))._asdict()
    for name, wanted in dense(index, terms).items():
        np.testing.assert_allclose(found[name], wanted, rtol=1e-3, atol=1e-4, err_msg=name)


@given(KINDS, TEXTS, TERMS, st.integers(1, 10))
def test_the_top_rows_are_those_over_all_rows(
    kind: type[SparseTermScores | DenseTermScores], texts: list[list[str]], terms: dict[str, float], k: int
) -> None:
    """The best rows that hold a term at all, best first."""
    index = InvertedIndex.build(texts)
    top = kind.of(index, terms).top(k)
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
    assert SparseTermScores.of(index, {"tea": 1.0}).top(2).tolist() == [0, 2]


def test_only_rows_with_a_term_are_kept() -> None:
    """What a question costs goes by its terms' postings, not by the size of the field."""
    index = InvertedIndex.build([["tea"], *[["knee"]] * 1_000, ["tea", "nose"]])
    scores = SparseTermScores.of(index, {"tea": 1.0, "unheard": 0.5})
    assert scores.rows.tolist() == [0, 1_001]
    assert len(scores.plain) == len(scores.weighted) == 2


def test_known_share_is_that_of_the_terms_the_field_has() -> None:
    """A term that no row holds is the rarest, and unknown."""
    index = InvertedIndex.build([["tea"], ["knee"]])
    known, unknown = index.rarity("tea"), index.rarity("unheard")
    found = SparseTermScores.of(index, {"tea": 1.0, "unheard": 1.0}).known_share
    assert found == pytest.approx(known / (known + unknown))
    assert SparseTermScores.of(index, {}).known_share == 0


def large(rows: int, *, every: int = 1) -> InvertedIndex:
    """An index of which each ``every``-th row holds some of the words, as chance has it."""
    random = np.random.default_rng(3)
    drawn = random.random((rows, len(WORDS))) ** 2 * 4
    return InvertedIndex.build(
        [word for word, times in zip(WORDS, counts, strict=True) for _ in range(int(times))] if not row % every else []
        for row, counts in enumerate(drawn)
    )


@pytest.mark.parametrize("every", [1, 30, 65])
def test_both_kinds_score_a_large_field_alike(every: int) -> None:
    """The same rows in the same order, ties and all, however few rows hold a term; any row's scores to the noise."""
    index = large(20_000, every=every)
    terms = {"knee": 1.0, "tea": 0.3, "mole": 0.7}
    sparse, dense_scores = SparseTermScores.of(index, terms), DenseTermScores.of(index, terms)
    assert dense_scores.top(BEST).tolist() == sparse.top(BEST).tolist()
    assert dense_scores.top(20).tolist() == sparse.top(20).tolist()
    rows = np.arange(0, index.size, 7)
    found = dense_scores.at(rows)._asdict()
    for name, wanted in sparse.at(rows)._asdict().items():
        np.testing.assert_allclose(found[name], wanted, rtol=1e-4, atol=1e-5, err_msg=name)


def test_a_bound_that_too_few_rows_reach_is_lowered() -> None:
    """Where the rows of the sample score higher than all others, the best of the others are found as well."""
    index = InvertedIndex.build(["tea"] * 9 if not row % module.SAMPLED else ["tea", "knee"] for row in range(6_400))
    terms = {"tea": 1.0}
    assert DenseTermScores.of(index, terms).top(BEST).tolist() == SparseTermScores.of(index, terms).top(BEST).tolist()


def test_a_large_field_keeps_no_more_than_its_best_rows() -> None:
    """Whoever asks for more is told, instead of being given fewer."""
    with pytest.raises(ValueError, match="are kept"):
        DenseTermScores.of(large(300), {"knee": 1.0}).top(BEST + 1)


def test_a_field_is_scored_by_its_size(monkeypatch: pytest.MonkeyPatch) -> None:
    """What a question takes at a million rows does not grow with the rows that hold its terms."""
    monkeypatch.setattr(module, "MOST_SPARSE", 2)
    few, many = InvertedIndex.build([["tea"]] * 2), InvertedIndex.build([["tea"]] * 3)
    scores: dict[str, TermScores] = term_scores({"tea": 1.0}, many, few)
    assert (type(scores["passage"]), type(scores["question"])) == (DenseTermScores, SparseTermScores)
