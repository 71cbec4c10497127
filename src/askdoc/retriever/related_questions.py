"""Chooses related questions: stored questions with an answer, near enough to what was asked to be offered.

The nearest stored question is near to hardly anything: a greeting has one, too. A title is near where its meaning is
close to the question's, or where its meaning is somewhat close and most of the title's own words stand in the question:
a long message about gout holds the one word that tells "What is gout?" from other titles.
"""

from collections.abc import Collection
from functools import lru_cache, partial
from typing import Protocol

import numpy as np

from askdoc.index.documents import title_key
from askdoc.index.protocol import PostingLists
from askdoc.models import RelatedQuestion
from askdoc.retriever.array_types import Rows
from askdoc.retriever.features import Candidates
from askdoc.retriever.query import Query
from askdoc.retriever.statistics import CollectionStatistics

MAX_RELATED = 3
"""Stored questions that are offered beside the matches."""
NEAR_COSINE = 0.6
"""The cosine of question and title from which a title is near, whatever its words."""
NEAR_COSINE_WITH_WORDS = 0.4
"""The cosine from which a title is near that shares its words with the question."""
NEAR_WORD_SHARE = 0.6
"""The share of a title's words that must stand in the question for that, each word by its rarity among the titles.

The three are the same for every corpus, chosen on half of the requests to a general assistant: of six corpora of 48 to
16,407 pages none offers a question to more than 1.5 % of them (``python -m benchmarks.relevance.related_questions``).
"""
TITLES_KEPT = 4_096
"""Stored questions that are kept read, some 500 bytes each."""


class QuestionTexts(Protocol):
    """The stored questions, by row."""

    def related(self, row: int) -> RelatedQuestion: ...


class RelatedQuestions:
    """The related questions of one corpus; ``title`` is the inverted index of its titles."""

    def __init__(self, documents: QuestionTexts, statistics: CollectionStatistics, title: PostingLists) -> None:
        self._statistics, self._title = statistics, title
        # Kept by row: nothing of a question that somebody asked, and no more than a server can hold for good.
        self._offer = lru_cache(TITLES_KEPT)(partial(_offer, documents))

    def of(self, query: Query, candidates: Candidates, *, shown: Collection[str]) -> tuple[RelatedQuestion, ...]:
        """At most ``MAX_RELATED`` near questions, nearest first: each wording once, none whose key is in ``shown``."""
        related: dict[str, RelatedQuestion] = {}
        for row in self._near(query, candidates):
            key, question = self._offer(row)
            if key not in shown:
                related.setdefault(key, question)
            if len(related) == MAX_RELATED:
                break
        return tuple(related.values())

    def _near(self, query: Query, candidates: Candidates) -> list[int]:
        """The rows of the near ones among the nearest questions; no text is read for that."""
        cosines = self._title_cosines(candidates)
        close = [
            (row, cosine)
            for row in candidates.nearest_questions.tolist()
            if (cosine := cosines.get(row, -1.0)) >= NEAR_COSINE_WITH_WORDS
        ]
        if not close:
            return []
        shares = self._word_shares(query, np.array([row for row, _ in close]))
        return [
            row
            for (row, cosine), share in zip(close, shares, strict=True)
            if cosine >= NEAR_COSINE or share >= NEAR_WORD_SHARE
        ]

    def _title_cosines(self, candidates: Candidates) -> dict[int, float]:
        """The cosine of the question with the title of each candidate's question, by the question's row."""
        rows = self._statistics.question_of[candidates.answers]
        return dict(zip(rows.tolist(), candidates.cosines[:, 1].tolist(), strict=True))

    def _word_shares(self, query: Query, questions: Rows) -> list[float]:
        """Of each question's title, the share of its words that the query has, weighed by rarity; 0 without any."""
        titles = self._statistics.title_of[questions]
        held = np.zeros(len(titles))
        for term in query.terms:
            rows, _ = self._title.postings(term)
            if len(rows):
                places = rows.searchsorted(titles)
                held[rows.take(places, mode="clip") == titles] += self._title.rarity(term)
        totals = self._title.row_rarities[titles]
        shares: list[float] = (held / np.where(totals, totals, 1.0)).tolist()
        return shares


def _offer(documents: QuestionTexts, row: int) -> tuple[str, RelatedQuestion]:
    """A stored question with the key of its title."""
    question = documents.related(row)
    return title_key(question.question), question
