"""Chooses related questions: stored questions with an answer, near enough to what was asked to be offered.

The nearest stored question is near to hardly anything: a greeting has one, too. A title is near where its meaning is
close to the question's, or where its meaning is somewhat close and most of the title's own words stand in the question:
a long message about gout holds the one word that tells "What is gout?" from other titles.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from functools import lru_cache, partial
from typing import Protocol, Self

from askdoc.index.documents import title_key
from askdoc.models import RelatedQuestion
from askdoc.retriever.features import Candidates
from askdoc.retriever.query import Query, QueryAnalyzer
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
"""Stored questions that are kept read and cut into words, some 1 kB each: up to thirty are looked at for a question."""


class QuestionTexts(Protocol):
    """The stored questions, by row."""

    def related(self, row: int) -> RelatedQuestion: ...


@dataclass(frozen=True, slots=True)
class _Offer:
    """A stored question as it can be offered; ``rarities``: its title's stems, each once, with their rarity."""

    question: RelatedQuestion
    key: str
    rarities: tuple[tuple[str, float], ...]

    @classmethod
    def read(cls, documents: QuestionTexts, analyzer: QueryAnalyzer, row: int) -> Self:
        """Read a question from its row."""
        question = documents.related(row)
        stems = dict.fromkeys(analyzer.tokenizer(question.question))
        rarities = tuple((stem, analyzer.title.rarity(stem)) for stem in stems)
        return cls(question, title_key(question.question), rarities)

    def word_share(self, query: Query) -> float:
        """The share of the title's words that a question has, weighed by rarity; 0 for a title without any."""
        held = sum(rarity for stem, rarity in self.rarities if stem in query.terms)
        return held / (sum(rarity for _, rarity in self.rarities) or 1.0)


class RelatedQuestions:
    """The related questions of one corpus."""

    def __init__(self, documents: QuestionTexts, statistics: CollectionStatistics, analyzer: QueryAnalyzer) -> None:
        self._statistics = statistics
        # Kept by row: nothing of a question that somebody asked, and no more than a server can hold for good.
        self._offer = lru_cache(TITLES_KEPT)(partial(_Offer.read, documents, analyzer))

    def of(self, query: Query, candidates: Candidates, *, shown: Collection[str]) -> tuple[RelatedQuestion, ...]:
        """At most ``MAX_RELATED`` near questions, nearest first: each wording once, none whose key is in ``shown``."""
        related: dict[str, RelatedQuestion] = {}
        for offer in self._near(query, candidates):
            if offer.key not in shown:
                related.setdefault(offer.key, offer.question)
            if len(related) == MAX_RELATED:
                break
        return tuple(related.values())

    def _near(self, query: Query, candidates: Candidates) -> Iterator[_Offer]:
        """The near ones among the nearest questions; the texts of those that cannot be near are not read."""
        cosines = self._title_cosines(candidates)
        for row in candidates.nearest_questions.tolist():
            cosine = cosines.get(row, -1.0)
            if cosine >= NEAR_COSINE_WITH_WORDS:
                offer = self._offer(row)
                if cosine >= NEAR_COSINE or offer.word_share(query) >= NEAR_WORD_SHARE:
                    yield offer

    def _title_cosines(self, candidates: Candidates) -> dict[int, float]:
        """The cosine of the question with the title of each candidate's question, by the question's row."""
        rows = self._statistics.question_of[candidates.answers]
        return dict(zip(rows.tolist(), candidates.cosines[:, 1].tolist(), strict=True))
