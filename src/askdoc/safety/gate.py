"""The safety gate: decides which notice, if any, must be read before the answers to a question.

A question is judged in two stages, so that the first runs while the encoder computes the question's vectors:

1. ``Gate.assess`` reads the words: the language, the rules that match, and a linear score of both.
2. ``Gate.decide`` adds the similarity of the vectors to the labelled examples, and gives the notice.
"""

import logging
from collections.abc import Sequence
from copy import copy
from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray

from askdoc.countries import Country
from askdoc.models import Level, Notice
from askdoc.safety.analysis import PatternAnalysis, PatternAnalyzer
from askdoc.safety.detection import Detection, RiskScores, Thresholds, detect
from askdoc.safety.features import FeatureScorer, Scores
from askdoc.safety.language_identification import LanguageIdentifier, languages_of
from askdoc.safety.notices import Notices
from askdoc.safety.segments import split_segments
from askdoc.safety.similarity import KernelRidge
from askdoc.safety.table import KnownWords, Table, shipped

_log = logging.getLogger(__name__)

Vectors = NDArray[np.float32]
_LEAST_SEGMENT_SCORE = 0.1
"""Linear alarm score below which no segment of a long message is embedded: it would only cost time."""
_LONGEST = 4000
"""Characters that are read; a longer question is cut in its middle, so that the time is bounded."""


@dataclass(frozen=True, slots=True)
class Assessment:
    """The first stage's result: what the words of a question say before its vectors are known."""

    analysis: PatternAnalysis | Detection
    """What the patterns found; for a question in a language that the gate does not read, already the detection."""
    scores: Scores | None = None
    """Linear scores of the whole question; None where similarity is not to be looked at."""
    segment: tuple[str, Scores] | None = None
    """The most alarming segment of a long message, which is judged by itself as well, with its linear scores."""
    is_long: bool = False

    @property
    def segments(self) -> tuple[str, ...]:
        """The texts whose vectors ``Gate.decide`` takes in the rows below the question's own."""
        return (self.segment[0],) if self.segment else ()


class Gate:
    """Finds emergencies and crises in questions by rules and by similarity. It keeps nothing of a question."""

    def __init__(
        self, table: Table, *, country: Country, similarity: KernelRidge | None, thresholds: Thresholds | None = None
    ) -> None:
        self._scorer = FeatureScorer(table.weights.patterns, table.weights.ngrams)
        self._similarity = similarity
        self._thresholds = thresholds or Thresholds()
        self._notices = Notices(table, country)
        self._fallback = self._notices.of(Detection(Level.EDUCATION))
        known = KnownWords.of(table, weighted=self._scorer.words)
        self._analyzer = PatternAnalyzer(table, known)
        self._identifier = LanguageIdentifier(english=known.english_function_words, spanish=known.spanish)

    @classmethod
    def load(
        cls,
        *,
        country: str = "US",
        vectors: Vectors | None = None,
        table: Table | None = None,
        thresholds: Thresholds | None = None,
    ) -> Self:
        """Make the gate from the shipped table, unless another is given.

        ``vectors`` (n, width) are the inner vectors of ``examples.sentences()``, row for row; without them the rules
        decide alone. Raises ValueError where the rows are not those of the examples.
        """
        table = table or shipped()
        similarity = None if vectors is None else _similarity(table, vectors)
        return cls(table, country=Country.find(country), similarity=similarity, thresholds=thresholds)

    def for_corpus(self, passages: Sequence[str]) -> Self:
        """Return a gate that lets questions in the corpus's own languages be answered below their notice.

        The languages are told from ``passages``, a sample of the corpus.
        """
        languages = languages_of(passages, self._identifier)
        if not languages:
            return self
        gate = copy(self)
        gate._notices = self._notices.answering(languages)
        return gate

    def check(self, question: str, vectors: Vectors | None = None) -> Notice | None:
        """Return the notice for a question, or None: both stages in one. Never raises."""
        return self.decide(self.assess(question), vectors)

    def segments(self, question: str) -> tuple[str, ...]:
        """Return the texts whose vectors ``check`` takes in the rows below the question's own."""
        if self._identifier.identify(question):
            return ()
        segment = self._segment(split_segments(_bounded(question)))
        return (segment[0],) if segment else ()

    def assess(self, question: str) -> Assessment | None:
        """Read a question's words; None where that failed. Never raises."""
        try:
            return self._assess(question)
        except Exception as error:
            _log_failure(error)
            return None

    def decide(self, assessment: Assessment | None, vectors: Vectors | None = None) -> Notice | None:
        """Return the notice for an assessed question, or None.

        ``vectors`` is the question's inner vector (width,), or (1 + segments, width) with those of
        ``assessment.segments`` below it; without, the rules decide alone.

        Never raises: where anything fails, the education notice is shown and the error is logged without the question.
        """
        if assessment is None:
            return self._fallback
        try:
            detection = self._detect(assessment, vectors)
            return None if detection.level is None else self._notices.of(detection)
        except Exception as error:
            _log_failure(error)
            return self._fallback

    def detect(self, question: str, vectors: Vectors | None = None) -> Detection:
        """Return what the notice would be made of: for tests, measurements and work on the rules."""
        return self._detect(self._assess(question), vectors)

    def features(self, question: str) -> tuple[set[str], set[str]]:
        """Return the names of a question's pattern features and of its word n-grams, which the linear model weighs."""
        return self._analyzer.analyze(question).features()

    def _assess(self, question: str) -> Assessment:
        question = _bounded(question)
        foreign = self._identifier.identify(question)
        if foreign:
            level = self._identifier.gravest(question, foreign) or Level.EDUCATION
            return Assessment(Detection(level, ("unread",), foreign, ("unread",)))
        analysis = self._analyzer.analyze(question)
        if self._similarity is None or not analysis.is_readable:
            return Assessment(analysis)
        scores = self._scorer.score(*analysis.features())
        segments = split_segments(question)
        return Assessment(analysis, scores, self._segment(segments), is_long=bool(segments))

    def _segment(self, segments: Sequence[str]) -> tuple[str, Scores] | None:
        """Choose the segment with the highest linear alarm score, if it is worth an embedding.

        Embedding all segments would double the time of every long message, and finds hardly more (docs/safety.md).
        """
        scored = [(self._scorer.score(*self.features(segment)), segment) for segment in segments]
        scores, segment = max(scored, default=((0.0, 0.0), ""))
        return (segment, scores) if scores[0] >= _LEAST_SEGMENT_SCORE else None

    def _detect(self, assessment: Assessment, vectors: Vectors | None) -> Detection:
        if isinstance(assessment.analysis, Detection):
            return assessment.analysis
        scores = self._risk(assessment, vectors)
        margin = self._thresholds.margin(
            is_calibrated=self._similarity is None or self._similarity.is_calibrated,
            language=assessment.analysis.language,
            is_long=assessment.is_long,
        )
        return detect(assessment.analysis, scores, thresholds=self._thresholds, margin=margin)

    def _risk(self, assessment: Assessment, vectors: Vectors | None) -> RiskScores | None:
        """Add the similarity of the vectors to the linear scores, for the question as a whole and for its segment."""
        if self._similarity is None or vectors is None or assessment.scores is None:
            return None
        similarity = self._similarity.predict(np.atleast_2d(vectors))
        alarm, crisis = _sum(similarity[0], assessment.scores)
        if assessment.segment is None or len(similarity) < 2:
            return RiskScores(alarm, crisis, highest_alarm=alarm)
        # The mean: the segment was chosen for what is alarming in it, so alone it would accuse every long message.
        of_segment = _sum(similarity[1], assessment.segment[1])
        highest = max(alarm, of_segment[0])
        return RiskScores((alarm + of_segment[0]) / 2, (crisis + of_segment[1]) / 2, highest_alarm=highest)


def _similarity(table: Table, vectors: Vectors) -> KernelRidge:
    """The kernel ridge regression over the table's examples, with the coefficients that were fitted before."""
    weights, labels = table.weights, [example.level for example in table.examples]
    fitted = weights.coefficients, weights.probes
    return KernelRidge(np.asarray(vectors, dtype=np.float32), labels, offsets=weights.offsets, fitted=fitted)


def _log_failure(error: Exception) -> None:
    # Neither the message nor the traceback of a foreign error is logged: both may quote the question.
    _log.error("the safety gate failed (%s); showing the education notice", type(error).__name__)


def _bounded(question: str) -> str:
    """Both ends of a question that is longer than is read; else the question itself."""
    return question if len(question) <= _LONGEST else f"{question[: _LONGEST // 2]}\n{question[-_LONGEST // 2 :]}"


def _sum(similarity: Vectors, scores: Scores) -> Scores:
    return float(similarity[0]) + scores[0], float(similarity[1]) + scores[1]
