"""Chooses related questions: stored questions with an answer, near enough to what was asked to be offered.

The nearest stored question is near to hardly anything: a greeting has one, too. A title is near where its meaning is
close to the question's, or where its meaning is somewhat close and most of the title's own words stand in the question:
a long message about gout holds the one word that tells "What is gout?" from other titles.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Protocol

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


class QuestionTexts(Protocol):
    """The stored questions, by row."""

    def related(self, row: int) -> RelatedQuestion: ...


@dataclass(frozen=True, slots=True)
class RelatedQuestions:
    """The related questions of one corpus."""

    documents: QuestionTexts
    statistics: CollectionStatistics
    analyzer: QueryAnalyzer

    def of(self, query: Query, candidates: Candidates, *, shown: Collection[str]) -> tuple[RelatedQuestion, ...]:
        """At most ``MAX_RELATED`` near questions, nearest first: each wording once, none whose key is in ``shown``."""
        related: dict[str, RelatedQuestion] = {}
        for question in self._near(query, candidates):
            if (key := title_key(question.question)) not in shown:
                related.setdefault(key, question)
            if len(related) == MAX_RELATED:
                break
        return tuple(related.values())

    def _near(self, query: Query, candidates: Candidates) -> Iterator[RelatedQuestion]:
        """The near ones among the nearest questions; the texts of those that cannot be near are not read."""
        cosines = self._title_cosines(candidates)
        for row in candidates.nearest_questions.tolist():
            cosine = cosines.get(row, -1.0)
            if cosine >= NEAR_COSINE_WITH_WORDS:
                question = self.documents.related(row)
                if cosine >= NEAR_COSINE or self._word_share(query, question.question) >= NEAR_WORD_SHARE:
                    yield question

    def _title_cosines(self, candidates: Candidates) -> dict[int, float]:
        """The cosine of the question with the title of each candidate's question, by the question's row."""
        rows = self.statistics.question_of[candidates.answers]
        return dict(zip(rows.tolist(), candidates.cosines[:, 1].tolist(), strict=True))

    def _word_share(self, query: Query, title: str) -> float:
        """The share of a title's words that the question has, weighed by rarity; 0 for a title without any."""
        rarities = {term: self.analyzer.title.rarity(term) for term in self.analyzer.tokenizer(title)}
        held = sum(rarity for term, rarity in rarities.items() if term in query.terms)
        return held / (sum(rarities.values()) or 1.0)
