"""The second search in other words, over a corpus in memory: as the responder does it, on bodies without titles."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass

from askdoc.index.vocabulary import Vocabulary
from askdoc.models import Confidence
from askdoc.query.rewriting import QueryRewriter
from askdoc.query.terminology import Terminology
from askdoc.responder import CONFIDENCE_ORDER
from askdoc.retriever.confidence import Calibration
from askdoc.retriever.query import Query
from askdoc.retriever.ranking import RankedCandidates, Ranker
from askdoc.text import words
from training.embedding import CachedEmbedder, tokenizer
from training.in_memory_index import Trial


@dataclass(frozen=True)
class Again:
    """Searches once more where the first search is not sure, and gives the better of the two."""

    ranker: Ranker
    calibration: Calibration
    wording: QueryRewriter
    embed: CachedEmbedder

    @classmethod
    def of(cls, trial: Trial, calibration: Calibration) -> "Again":
        counts = Counter(word for pieces in trial.passages for word in set(words("\n".join(pieces))))
        vocabulary = Vocabulary(counts, len(trial.passages), ordinary=_ordinary())
        return cls(trial.ranker(), calibration, QueryRewriter(Terminology.shipped(), vocabulary), trial.embed)

    def __call__(self, asked: Query) -> RankedCandidates:
        first = self.ranker.rank([asked])[0]
        other = self.wording.rewrite(asked.text)
        if (
            self._fit(first)[0] == CONFIDENCE_ORDER[Confidence.STRONG]
            or not other.new_terms
            or other.text == asked.text
        ):
            return first
        second = self.ranker.rank(self.ranker.analyzer.analyze([other.text], lambda: self.embed([other.text])))[0]
        return second if self._fit(second) > self._fit(first) else first

    def _fit(self, ranked: RankedCandidates) -> tuple[int, float]:
        certainty = self.calibration.certainty(ranked.confidence_features)
        return CONFIDENCE_ORDER[self.calibration.confidence(certainty)], certainty


def _ordinary() -> Callable[[str], bool]:
    known = frozenset(tokenizer().get_vocab())
    return lambda word: word in known
