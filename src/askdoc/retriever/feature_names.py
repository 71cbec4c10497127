"""The features of a candidate answer: their names, in the order of their columns.

Scores of meaning are standard deviations above the mean over all rows of the field, scores of words are standard
deviations or shares of the most that could be had; so no feature depends on the size of the corpus.

| feature | of the candidate |
|---|---|
| `best`, `first` | cosine of the question with its best passage, with its first passage |
| `adapted_best`, `adapted_first` | cosine of the adapted question with them |
| `hubness` | greatest hubness of its passages, in standard deviations of the question's scores |
| `title`, `adapted_title`, `title_hubness` | cosine with the title, of the question and adapted; its hubness |
| `words`, `title_words` | greatest BM25 of its passages, and that of its title |
| `weighted_words`, `weighted_title_words` | the same where each term counts by its weight in the question |
| `cover`, `title_cover`, `any_cover` | share of the terms' stakes in one passage, in the title, in all together |
| `rarest` | whether it has the term with the greatest stake |

The stake of a term is its weight in the question times its rarity in the corpus.
"""

import numpy as np

FEATURES = (
    "best", "first", "adapted_best", "adapted_first", "hubness",
    "title", "adapted_title", "title_hubness",
    "words", "title_words", "weighted_words", "weighted_title_words",
    "cover", "title_cover", "any_cover", "rarest",
)  # fmt: skip
COLUMN = {name: column for column, name in enumerate(FEATURES)}
TITLE_COLUMNS = np.array(
    [
        COLUMN[name]
        for name in ("title", "adapted_title", "title_hubness", "title_words", "weighted_title_words", "title_cover")
    ]
)
"""The columns that depend on the title alone."""
