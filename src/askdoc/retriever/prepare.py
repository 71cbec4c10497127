"""Makes, when an index is built, everything the retriever wants to know of a corpus beforehand."""

import io
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from askdoc.index.carried import Carried
from askdoc.lexical import Lexicon, Tokenizer
from askdoc.models import Passage, Question
from askdoc.retriever import alike, folding
from askdoc.retriever.asking import Encoder
from askdoc.retriever.calibrate import calibrate
from askdoc.retriever.confidence import Calibration
from askdoc.retriever.ground import PASSAGE, QUESTION, Ground, Spread
from askdoc.retriever.rank import Ranker
from askdoc.retriever.signals import Searched

Floats = NDArray[np.float32]
Rows = NDArray[np.int64]
GROUND = "ground.npz"
SKETCHES = "sketches.npy"
"""The sketch of every answer, (answers, BANDS) uint32, for later builds alone."""


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
    sketches: alike.Sketches

    def files(self) -> dict[str, bytes]:
        """File names and bytes."""
        file = io.BytesIO()
        np.save(file, self.sketches, allow_pickle=False)
        found = {GROUND: self.ground.dump(), SKETCHES: file.getvalue()}
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
        sketches = _sketches(folder)
        return cls(record["model"], ground, lexicons, Calibration.parse(record["confidence"]), sketches)

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
    carried: Carried | None = None,
) -> Prepared:
    """From the corpus, its passages in order, and the vectors of the fields ``passage`` and ``question``.

    With what is carried over from the generation before, the same is made in less time.
    """
    answers = [answer for question in questions for answer in question.answers]
    bodies = [answer.body for answer in answers]
    titles = [question.title for question in questions]
    row = {id(answer): place for place, answer in enumerate(answers)}
    answer_of = np.array([row[id(passage.answer)] for passage in cut], np.int32)
    question_of = np.array([n for n, question in enumerate(questions) for _ in question.answers], np.int32)
    groups = {PASSAGE: answer_of, QUESTION: np.arange(len(questions), dtype=np.int32)}
    with ThreadPoolExecutor(1) as aside:  # numpy lets go of the interpreter, so words are counted meanwhile
        spread = aside.submit(lambda: {field: Spread.build(vectors[field], groups[field]) for field in groups})
        known = carried if carried and (carried.path / SKETCHES).is_file() else None
        lexicons = {
            PASSAGE: _lexicon(known, PASSAGE, [passage.text for passage in cut]),
            QUESTION: _lexicon(known, QUESTION, titles),
        }
        sketches = _sketched(known, bodies)
        copies = alike.near_copies(bodies, question_of, sketches)
    standing = np.array([folding.standing(answer) for answer in answers], np.float32)
    doctors = alike.by_doctor([answer.author for answer in answers], copies)
    ground = Ground.of(answer_of, question_of, copies, standing, spread.result(), doctor_of=doctors)
    ranker = Ranker.of(InMemory(vectors), ground, lexicons[PASSAGE], lexicons[QUESTION], encoder=encoder, model=model)
    calibration = calibrate(ranker, titles, vectors[QUESTION], topics=lexicons[QUESTION])
    return Prepared(model, ground, lexicons, calibration, sketches)


def _lexicon(known: Carried | None, field: str, texts: Sequence[str]) -> Lexicon:
    stems = Tokenizer()
    if known is None:
        return Lexicon.build(map(stems, texts))
    rows = {PASSAGE: known.passages, QUESTION: known.questions}[field]
    new = (stems(texts[row]) for row in np.flatnonzero(rows < 0).tolist())
    return Lexicon.open(known.path, field).carried(rows, new)


def _sketched(known: Carried | None, bodies: Sequence[str]) -> alike.Sketches:
    if known is None:
        return alike.sketches(bodies)
    found = _sketches(known.path)[known.answers]
    new = np.flatnonzero(known.answers < 0)
    found[new] = alike.sketches([bodies[row] for row in new.tolist()])
    return found


def _sketches(folder: Path) -> alike.Sketches:
    # Mapped: a server never reads it.
    found: alike.Sketches = np.load(folder / SKETCHES, mmap_mode="r", allow_pickle=False)
    return found
