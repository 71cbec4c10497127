"""Rewrites a query in the corpus's own words: with its spelling corrected, then with synonyms.

Only for a second search, where the question as it was typed found little.
"""

from dataclasses import dataclass
from functools import cached_property

from askdoc.query.spelling import SpellingCorrector, TermCounts
from askdoc.query.synonym_expansion import SynonymExpander
from askdoc.query.terminology import Terminology
from askdoc.text import visible


@dataclass(frozen=True, slots=True)
class QueryRewrite:
    """A query in other words: ``text`` is what to search for, ``new_terms`` the words that are new in it."""

    text: str
    new_terms: tuple[str, ...] = ()


@dataclass(frozen=True)
class QueryRewriter:
    """Rewrites queries for one corpus."""

    terminology: Terminology
    terms: TermCounts

    def rewrite(self, query: str) -> QueryRewrite:
        """Rewrite a query; the same text and no new terms where there is nothing to change."""
        corrected, corrections = self._corrector.correct(visible(query))
        text, synonyms = self._expander.expand(corrected)
        return QueryRewrite(text, (*corrections, *synonyms))

    @cached_property
    def _corrector(self) -> SpellingCorrector:
        return SpellingCorrector(self.terminology, self.terms)

    @cached_property
    def _expander(self) -> SynonymExpander:
        return SynonymExpander(self.terminology, self.terms)
