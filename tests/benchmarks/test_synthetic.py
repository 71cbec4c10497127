"""Made-up corpora: what the figures of large indexes rest on."""

import numpy as np

from benchmarks.speed import synthetic


def test_every_rank_has_a_word_of_its_own() -> None:
    """Otherwise the vocabulary would be smaller than it says."""
    assert len({synthetic.word(rank) for rank in range(30_000)}) == 30_000


def test_words_are_as_frequent_as_their_ranks_say() -> None:
    """The given words come first, and half of what is written is written in few words."""
    _, passages = synthetic.pages(400, most_frequent=["ache", "bone"])
    texts = [set(passage.text.split()) for passage in passages]
    shares = [sum(word in text for text in texts) / len(texts) for word in ("ache", "bone", synthetic.word(1_000))]
    assert 0.3 < shares[1] <= shares[0] < 0.55
    assert shares[2] < 0.05


def test_a_made_up_question_is_near_to_its_passage() -> None:
    """As near as people's questions are to what answers them."""
    stored = synthetic.vectors(500)
    asked = synthetic.near(stored, seed=3)
    np.testing.assert_allclose(np.linalg.norm(asked, axis=1), 1, rtol=1e-5)
    assert 0.75 < float((asked * stored).sum(axis=1).mean()) < 0.85
