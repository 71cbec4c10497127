"""Learns the vectors of common stems, so that the words of a passage give its vector.

The passages of MedQuAD's first half of topics and of CounselChat's first half of pages.
"""

from collections import Counter
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from askdoc.index.bm25 import InvertedIndex, Tokenizer
from askdoc.retriever.learned_tables import quantized
from training.datasets import counselchat, half, medquad, passages_of
from training.embedding import CachedEmbedder
from training.table_file import TableContent

SEED = 0
"""Unused: nothing is drawn."""
LEAST_PASSAGES = 20
"""A stem has a vector if so many passages hold it."""
RIDGE = 10.0
"""What is added to the diagonal: it draws the vectors of rare stems to nothing."""
DIMENSIONS = 24
"""With 32 or 48 the marks were no better, with 16 worse."""
Matrix = NDArray[np.float64]


def learned_from() -> list[str]:
    """The different passages, in their order."""
    found: list[str] = []
    for data in (medquad(), counselchat()):
        for group, pieces in zip(data.groups, passages_of(data.name), strict=True):
            found += pieces if half(group) == 0 else []
    return list(dict.fromkeys(found))


def shares(texts: Sequence[Sequence[str]], stems: Sequence[str], rarity: Sequence[float]) -> csr_array:
    """(texts, stems) the rarity of each stem that a text holds, every row scaled to length 1."""
    column = {stem: place for place, stem in enumerate(stems)}
    held = [sorted({column[stem] for stem in text if stem in column}) for text in texts]
    columns = np.array([place for places in held for place in places], np.int64)
    rows = np.repeat(np.arange(len(texts)), [len(places) for places in held])
    values = np.asarray(rarity)[columns]
    lengths = np.sqrt(np.bincount(rows, values**2, minlength=len(texts)))
    return csr_array((values / lengths[rows], (rows, columns)), shape=(len(texts), len(stems)))


def fit(passages: csr_array, vectors: Matrix) -> Matrix:
    """(stems, d) by ridge regression of centred vectors (passages, d)."""
    gram = (passages.T @ passages).toarray()
    gram[np.diag_indices_from(gram)] += RIDGE
    solved: Matrix = np.linalg.solve(gram, passages.T @ vectors)
    return solved


def learn(embed: CachedEmbedder) -> TableContent:
    """The table ``word_vectors``."""
    texts, tokenizer = learned_from(), Tokenizer()
    words = [tokenizer(text) for text in texts]
    met = Counter(stem for stems in words for stem in set(stems))
    stems = sorted(stem for stem, count in met.items() if count >= LEAST_PASSAGES and stem.isalpha())
    index = InvertedIndex.build(words)
    rarity = [index.rarity(stem) for stem in stems]
    vectors = embed.documents(texts).astype(np.float64)
    mean = vectors.mean(axis=0)
    left, strength, right = np.linalg.svd(fit(shares(words, stems, rarity), vectors - mean), full_matrices=False)
    reduced = left[:, :DIMENSIONS] * strength[:DIMENSIONS] * np.array(rarity)[:, None]
    scales, arrays = quantized({"vectors": reduced, "basis": right[:DIMENSIONS], "mean": mean})
    return TableContent({"format": 1, "stems": " ".join(stems), "scales": scales}, arrays)
