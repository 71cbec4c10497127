"""Highlights the sentences of a passage that answer best; only offsets leave this module, so no character can change.

A small logistic model of what experts marked: sentences whose words are near to the question in meaning, those that
open an answer, and those of short answers. ``highlight.json`` holds
``{"format", "bias", "threshold", "weights": {feature: …}}``.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import log
from typing import Any, Self

import numpy as np

from askdoc.corpus import sources
from askdoc.corpus.passages import sentences
from askdoc.index.bm25 import Tokenizer
from askdoc.index.documents import title_key
from askdoc.index.protocol import PostingLists
from askdoc.models import Passage
from askdoc.retriever import learned_tables
from askdoc.retriever.array_types import Floats
from askdoc.retriever.learned_tables import ModelTables
from askdoc.retriever.query import Query
from askdoc.retriever.word_vectors import WordVectors

Span = tuple[int, int]
"""Start and end in a text, in code points."""
SENTENCE_FEATURES = ("opening", "crowded", "affinity")
OPENING = 3
"""The first sentences of an answer, which count as its opening."""
MAX_HIGHLIGHTS = 3
"""Sentences of a passage that are highlighted, at most."""
LEAST_WORDS = 4
"""A piece of fewer words is a scrap: a label, the name of a section, a number that was cut off."""
HEADING_WORDS = 6
"""A line of so many words at most, with a colon or no sign at its end and text below it, is a heading."""
LEAST_AFFINITY, COVER_AFFINITY = 0.2, 0.3
"""Without word vectors, a sentence's affinity is taken from the share of the question's words that it holds: for none
the first number, for all the sum of both, which has the mean and about half the spread of what the vectors give."""
EMPTY_PENALTY = 3.0
"""Log odds that a sentence loses which tells nothing: it only asks, is a scrap or a heading, or repeats the title."""
LONGEST_LABEL = 20
"""So much longer than a title, in letters, may a sentence be that repeats it behind a label."""
_BULLET = r"[ \t]*(?:[-*•·–]|\d{1,2}[.)])[ \t]"
_BREAK = re.compile(rf"\n(?={_BULLET})|\n[ \t]*\n")
"""Where a sentence ends, whatever the splitter says: above an item of a list, and at a blank line."""
_HEADING = re.compile(rf"(?!{_BULLET})[^\n]{{,80}}[^\s.!?;,…](?=\s*\n\s*\S)")
_ABBREVIATED = re.compile(r"\b(?:approx|ca|incl|max|min|pp?|vol|chap|sect)\.$", re.IGNORECASE)
"""A number behind one of these goes on with the sentence."""
_LABEL = re.compile(r"[\s#>*_]*(?:(?:q|question|title|re)\s*[:.)-]\s*)*", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Highlighter:
    """The learned logistic model of sentences, over the words of one corpus.

    A sentence whose log odds reach ``threshold`` is highlighted.
    """

    bias: float
    threshold: float
    weights: tuple[float, ...]
    tokenizer: Tokenizer
    body: PostingLists
    word_vectors: WordVectors | None

    @classmethod
    def of(cls, tables: ModelTables, tokenizer: Tokenizer, body: PostingLists) -> Self:
        """The model that comes with the program, with the word vectors of the embedding model if it has some."""
        return cls.parse(learned_tables.load("highlight"), tokenizer, body, WordVectors.of(tables))

    @classmethod
    def parse(
        cls, document: Mapping[str, Any], tokenizer: Tokenizer, body: PostingLists, word_vectors: WordVectors | None
    ) -> Self:
        """Read the document that ``highlight.json`` holds."""
        weights = document["weights"]
        learned_tables.check_names("highlight", weights, SENTENCE_FEATURES, all_needed=True)
        ordered = tuple(float(weights[name]) for name in SENTENCE_FEATURES)
        return cls(float(document["bias"]), float(document["threshold"]), ordered, tokenizer, body, word_vectors)

    def highlight(self, passage: Passage, query: Query) -> tuple[Span, ...]:
        """Spans of the passage, in its order: its best sentence, and others that reach the threshold.

        Nothing of a line that says where the facts come from.
        """
        placed = PlacedSentences.of(passage)
        if not placed.spans:
            return ()
        scores = self.scores(placed, query) - EMPTY_PENALTY * placed.empty(query.text)
        return tuple(placed.spans[place] for place in choose(scores, self.threshold))

    def scores(self, placed: "PlacedSentences", query: Query) -> Floats:
        """(sentences,) log odds to be marked by an expert."""
        scores: Floats = self.features(placed, query) @ np.array(self.weights, np.float32) + np.float32(self.bias)
        return scores

    def features(self, placed: "PlacedSentences", query: Query) -> Floats:
        """(sentences, features) in the order of ``SENTENCE_FEATURES``."""
        affinity = self._affinities([self.tokenizer(text) for text in placed.texts], query)
        opening = np.arange(placed.first, placed.first + len(affinity)) < OPENING
        crowded = np.full(len(affinity), log(placed.count))
        return np.stack([opening, crowded, affinity], axis=1).astype(np.float32)

    def _affinities(self, texts: Sequence[Sequence[str]], query: Query) -> Floats:
        """(texts,) how near the stems of each are to the question."""
        if self.word_vectors is not None:
            return self.word_vectors.affinities(texts, query.vector)
        shares = {term: weight * self.body.rarity(term) for term, weight in query.terms.items()}
        held = [sum(share for term, share in shares.items() if term in set(stems)) for stems in texts]
        affinities: Floats = LEAST_AFFINITY + COVER_AFFINITY * np.array(held, np.float32) / (
            sum(shares.values()) or 1.0
        )
        return affinities


@dataclass(frozen=True, slots=True)
class PlacedSentences:
    """The sentences of a passage, in their place in the whole answer.

    ``spans`` are offsets in the passage's text, ``texts`` what they hold. ``first``: how many sentences of the answer
    stand before them; ``count``: how many it has.
    """

    passage: Passage
    spans: tuple[Span, ...]
    first: int
    count: int

    @classmethod
    def of(cls, passage: Passage) -> Self:
        """Split the whole answer, so that a list of sources or a sentence is known from wherever it began."""
        body, begin, finish = passage.answer.body, passage.start, passage.end
        every = answer_sentences(body)
        own = [
            _bare(body, max(start, begin), min(end, finish)) for start, end in every if start < finish and end > begin
        ]
        spans = tuple((start - begin, end - begin) for start, end in own if end > start)
        return cls(passage, spans, sum(end <= begin for _, end in every), len(every))

    @property
    def texts(self) -> list[str]:
        """The sentences."""
        return [self.passage.text[start:end] for start, end in self.spans]

    def empty(self, question: str) -> Floats:
        """(sentences,) 1 for each that tells nothing to who asks this question on this page, else 0."""
        known = {title_key(question), title_key(self.passage.question.title)}
        longest = max(map(len, known)) + LONGEST_LABEL
        return np.array([self._is_empty(span, known, longest) for span in self.spans], np.float32)

    def _is_empty(self, span: Span, known: set[str], longest: int) -> bool:
        text = self.passage.text[slice(*span)]
        words = len(text.split())
        return (
            text.endswith("?")
            or words < LEAST_WORDS
            or (words <= HEADING_WORDS and self._is_heading(span))
            or (len(text) <= longest and title_key(_LABEL.sub("", text, count=1)) in known)
        )

    def _is_heading(self, span: Span) -> bool:
        found = _HEADING.match(self.passage.text, span[0])
        return found is not None and found.end() == span[1] and self.passage.text[span[0] - 1 : span[0]] in ("", "\n")


def choose(scores: Floats, threshold: float) -> list[int]:
    """The places of the scores (n > 0,) that are chosen, ascending: the best one, and others from the threshold on."""
    order = np.argsort(-scores, kind="stable")[:MAX_HIGHLIGHTS].tolist()
    return sorted(place for place in order if place == order[0] or scores[place] >= threshold)


def answer_sentences(text: str) -> list[Span]:
    """Spans of the sentences of a text, but for the lines that say where its facts come from."""
    spans: list[Span] = []
    at = 0
    for start, end in [*sources.lines(text), (len(text), len(text))]:
        for first, last in _blocks(text, at, start):
            pieces = [(first + begin, first + finish) for begin, finish in sentences(text[first:last])]
            spans += _joined(text, pieces)
        at = end
    return spans


def _blocks(text: str, start: int, end: int) -> Iterator[Span]:
    """A piece of a text parted above the items of a list, at blank lines, and below the headings."""
    for match in _BREAK.finditer(text, start, end):
        yield from _below_heading(text, start, match.start())
        start = match.end()
    yield from _below_heading(text, start, end)


def _below_heading(text: str, start: int, end: int) -> Iterator[Span]:
    """A block parted below the short line that it may begin with."""
    start, end = _bare(text, start, end)
    heading = _HEADING.match(text, start, end)
    if heading and len(heading[0].split()) <= HEADING_WORDS and text[heading.end() : end].lstrip()[:1].isupper():
        yield start, heading.end()
        start = heading.end()
    yield start, end


def _joined(text: str, pieces: Sequence[Span]) -> list[Span]:
    """The pieces, those joined that the splitter parted at an abbreviation: "for 5 hrs. before", "approx. 2"."""
    joined: list[Span] = []
    for first, last in pieces:
        start, end = joined[-1] if joined else (first, first)
        follows = start < end and "\n" not in text[end:first]
        if follows and (text[first].islower() or (text[first].isdigit() and _ABBREVIATED.search(text[start:end]))):
            joined[-1] = start, last
        else:
            joined.append((first, last))
    return joined


def _bare(text: str, start: int, end: int) -> Span:
    """A span without the white space at its ends."""
    piece = text[start:end]
    first = start + len(piece) - len(piece.lstrip())
    return first, max(first, start + len(piece.rstrip()))
