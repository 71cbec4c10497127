"""Searches a second time in other words, as the responder does, over a collection in memory."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass

from askdoc.index.word_counts import Vocabulary
from askdoc.models import Confidence
from askdoc.query.rewriting import QueryRewriter
from askdoc.query.terminology import Terminology
from askdoc.responder import CONFIDENCE_ORDER
from askdoc.retriever import Retriever
from askdoc.retriever.query import Query
from askdoc.retriever.ranking import RankedCandidates, Ranker
from askdoc.text import words
from training.embedding import CachedEmbedder, tokenizer
from training.in_memory_index import InMemoryIndex
from training.in_memory_retriever import retriever_of


@dataclass(frozen=True)
class SecondSearch:
    """Searches once more in other words where the first search is not sure, and gives the surer of the two."""

    ranker: Ranker
    retriever: Retriever
    rewriter: QueryRewriter
    embed: CachedEmbedder

    @classmethod
    def of(cls, index: InMemoryIndex) -> "SecondSearch":
        """Over a collection, calibrated as an index is."""
        counts = Counter(word for pieces in index.passages for word in set(words("\n".join(pieces))))
        vocabulary = Vocabulary(counts, len(index.passages), ordinary=_ordinary())
        rewriter = QueryRewriter(Terminology.shipped(), vocabulary)
        return cls(index.ranker(), retriever_of(index), rewriter, index.embed)

    def __call__(self, query: Query) -> RankedCandidates:
        first = self.ranker.rank([query])[0]
        rewrite = self.rewriter.rewrite(query.text)
        if (
            self._sureness(first)[0] == CONFIDENCE_ORDER[Confidence.STRONG]
            or not rewrite.new_terms
            or rewrite.text == query.text
        ):
            return first
        second = self.ranker.rank(self.ranker.analyzer.analyze([rewrite.text], lambda: self.embed([rewrite.text])))[0]
        return second if self._sureness(second) > self._sureness(first) else first

    def _sureness(self, ranked: RankedCandidates) -> tuple[int, float]:
        confidence, certainty = self.retriever.decide(ranked)
        return CONFIDENCE_ORDER[confidence], certainty


def _ordinary() -> Callable[[str], bool]:
    """Whether a word stands whole in the model's vocabulary."""
    known = frozenset(tokenizer().get_vocab())
    return lambda word: word in known
