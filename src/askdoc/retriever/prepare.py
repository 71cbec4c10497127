"""Makes, when an index is built, everything the retriever wants to know of a corpus beforehand."""

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from askdoc.lexical import Lexicon, Tokenizer, words
from askdoc.models import Passage, Question
from askdoc.retriever import folding
from askdoc.retriever.asking import Encoder
from askdoc.retriever.confidence import NAMES, Calibration, Certainty
from askdoc.retriever.foreign import FOREIGN
from askdoc.retriever.ground import PASSAGE, QUESTION, Ground, Spread
from askdoc.retriever.rank import Ranker
from askdoc.retriever.signals import Searched

Floats = NDArray[np.float32]
Rows = NDArray[np.int64]
GROUND = "ground.npz"
ASKED = 250
"""So many of the corpus's own questions are asked to calibrate the confidence."""
SCRAMBLED = 60
PAIRED = 50_000
"""Beyond so many passages only answers to one question are compared for near copies."""
SAME_TOPIC = 0.7
"""Stored questions so near in meaning are taken to be about the same."""
RARE = 0.01
"""A word that so small a share of the titles has names a topic."""


@dataclass(frozen=True, slots=True)
class InMemory:
    """Exact search by numpy over one matrix for each field."""

    fields: Mapping[str, Floats]

    def search(self, field: str, queries: Floats, k: int) -> tuple[Floats, Rows]:
        scores = queries @ self.fields[field].T
        k = min(k, scores.shape[1])
        best = np.argpartition(scores, scores.shape[1] - k, axis=1)[:, scores.shape[1] - k :]
        order = np.argsort(-np.take_along_axis(scores, best, 1), axis=1, kind="stable")
        rows = np.take_along_axis(best, order, 1)
        return np.take_along_axis(scores, rows, 1), rows

    def scores(self, field: str, queries: Floats, rows: Rows) -> Floats:
        found: Floats = queries @ self.fields[field][rows].T
        return found


@dataclass(frozen=True, slots=True)
class Prepared:
    """What the index keeps for the retriever."""

    model: str
    ground: Ground
    lexicons: Mapping[str, Lexicon]
    calibration: Calibration

    def files(self) -> dict[str, bytes]:
        """File names and bytes."""
        found = {GROUND: self.ground.dump()}
        for field, lexicon in self.lexicons.items():
            found.update(lexicon.dump(field))
        return found

    def facts(self) -> dict[str, Any]:
        """What the manifest keeps."""
        return {"relevance": {"model": self.model, "confidence": self.calibration.document()}}

    @classmethod
    def open(cls, folder: Path, record: Mapping[str, Any]) -> Self:
        """From a generation's folder and what its manifest keeps. Raises OSError, ValueError or KeyError."""
        ground = Ground.load((folder / GROUND).read_bytes())
        lexicons = {field: Lexicon.open(folder, field) for field in (PASSAGE, QUESTION)}
        return cls(record["model"], ground, lexicons, Calibration.parse(record["confidence"]))

    def ranker(self, index: Searched, encoder: Encoder) -> Ranker:
        """What ranks over this corpus."""
        body, title = self.lexicons[PASSAGE], self.lexicons[QUESTION]
        return Ranker.of(index, self.ground, body, title, encoder=encoder, model=self.model)


def prepare(
    questions: Sequence[Question],
    cut: Sequence[Passage],
    vectors: Mapping[str, Floats],
    *,
    encoder: Encoder,
    model: str,
) -> Prepared:
    """From the corpus, its passages in order, and the vectors of the fields ``passage`` and ``question``."""
    tokenizer = Tokenizer()
    lexicons = {
        PASSAGE: Lexicon.build([tokenizer(passage.text) for passage in cut]),
        QUESTION: Lexicon.build([tokenizer(question.title) for question in questions]),
    }
    ground = _ground(questions, cut, vectors)
    ranker = Ranker.of(InMemory(vectors), ground, lexicons[PASSAGE], lexicons[QUESTION], encoder=encoder, model=model)
    titles = [question.title for question in questions]
    calibration = calibrate(ranker, titles, vectors[QUESTION])
    return Prepared(model, ground, lexicons, calibration)


def _ground(questions: Sequence[Question], cut: Sequence[Passage], vectors: Mapping[str, Floats]) -> Ground:
    answers = [answer for question in questions for answer in question.answers]
    row = {id(answer): place for place, answer in enumerate(answers)}
    answer_of = np.array([row[id(passage.answer)] for passage in cut], np.int32)
    question_of = np.array([n for n, question in enumerate(questions) for _ in question.answers], np.int32)
    groups = {PASSAGE: answer_of, QUESTION: np.arange(len(questions), dtype=np.int32)}
    spread = {field: Spread.build(vectors[field], groups[field]) for field in groups}
    bodies = [words(answer.body) for answer in answers]
    copies = folding.near_copies(bodies, _pairs(vectors[PASSAGE], answer_of, question_of))
    standing = np.array([folding.standing(answer) for answer in answers], np.float32)
    return Ground.of(answer_of, question_of, copies, standing, spread)


def _pairs(vectors: Floats, answer_of: NDArray[np.int32], question_of: NDArray[np.int32]) -> list[tuple[int, int]]:
    if len(vectors) <= PAIRED:
        return folding.near_pairs(vectors, answer_of)
    pairs = []
    for start, end in _runs(question_of):
        pairs += [(one, other) for one in range(start, end) for other in range(one + 1, end)]
    return pairs


def _runs(owners: NDArray[np.int32]) -> list[tuple[int, int]]:
    starts = np.flatnonzero(np.diff(owners, prepend=-1))
    return list(zip(starts.tolist(), np.append(starts[1:], len(owners)).tolist(), strict=True))


def calibrate(ranker: Ranker, titles: Sequence[str], vectors: Floats, *, seed: int = 0) -> Calibration:
    """Ask the corpus its own questions, and others that it cannot answer; see ``confidence``."""
    draw = random.Random(seed)
    chosen = sorted(draw.sample(range(len(titles)), min(ASKED, len(titles))))
    keys = np.array([" ".join(words(title)) for title in titles])
    covered, uncovered = [], []
    of_answer = ranker.collector.ground.question_of
    for row in chosen:
        asked = ranker.reader.with_vector(titles[row], vectors[row])
        found = ranker.collector.collect([asked])[0]
        same = np.flatnonzero(keys == keys[row])
        covered.append(ranker.weigh(asked, found.untitled(np.isin(of_answer[found.answers], same))).observed)
        gone = _about_the_same(ranker, row, asked.terms, vectors)
        uncovered.append(ranker.weigh(asked, found.without(np.isin(of_answer[found.answers], gone))).observed)
    strangers = [_scrambled(titles, draw) for _ in chosen[:SCRAMBLED]] + list(FOREIGN)
    uncovered += [ranked.observed for ranked in ranker.rank(ranker.reader.read(strangers))]
    nothing = np.zeros((0, len(NAMES)), np.float32)
    return Calibration.fit(
        np.stack(covered) if covered else nothing, np.stack(uncovered), Certainty.shipped(titles=True)
    )


def _about_the_same(ranker: Ranker, row: int, terms: Mapping[str, float], vectors: Floats) -> Rows:
    """The questions that must go so that this one is not covered: near in meaning, or with its rarest word."""
    title = ranker.reader.title
    near = vectors @ vectors[row] >= SAME_TOPIC
    near[row] = True
    if terms:
        topic = max(terms, key=lambda term: terms[term] * title.rarity(term))
        holders = title.postings(topic)[0]
        if len(holders) <= max(RARE * title.size, 1):
            near[holders] = True
    return np.flatnonzero(near)


def _scrambled(titles: Sequence[str], draw: random.Random) -> str:
    """Words of several questions in no order."""
    pool = [word for title in draw.sample(list(titles), min(6, len(titles))) for word in words(title)]
    return " ".join(draw.sample(pool, min(7, len(pool))))
