"""Makes, when an index is built, everything the retriever wants to know of a corpus beforehand."""

from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from askdoc.index.bm25 import InvertedIndex, Tokenizer
from askdoc.index.row_map import RowMap
from askdoc.models import Passage, Question
from askdoc.retriever import ranking
from askdoc.retriever.artifacts import SKETCHES, Artifacts, Sketches, stored_sketches
from askdoc.retriever.offline import near_duplicates
from askdoc.retriever.offline.calibration import StoredQuestions, TextEncoder, calibrate
from askdoc.retriever.ranking import Ranker
from askdoc.retriever.statistics import PASSAGE, QUESTION, CollectionStatistics, NearCopies, ScoreDistribution

Floats = NDArray[np.float32]
Rows = NDArray[np.int64]


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


def prepare(
    questions: Sequence[Question],
    cut: Sequence[Passage],
    vectors: Mapping[str, Floats],
    *,
    encoder: TextEncoder,
    model: str,
    carried: RowMap | None = None,
) -> Artifacts:
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
        spread = aside.submit(
            lambda: {field: ScoreDistribution.build(vectors[field], groups[field]) for field in groups}
        )
        known = carried if carried and (carried.path / SKETCHES).is_file() else None
        lexicons = {
            PASSAGE: _lexicon(known, PASSAGE, [passage.text for passage in cut]),
            QUESTION: _lexicon(known, QUESTION, titles),
        }
        sketches = _sketched(known, bodies)
        copy_of = near_duplicates.near_copies(bodies, question_of, sketches)
    endorsement = np.array([ranking.endorsement(answer) for answer in answers], np.float32)
    doctor_of = near_duplicates.first_by_doctor([answer.author for answer in answers], copy_of)
    copies = NearCopies(copy_of, doctor_of)
    statistics = CollectionStatistics.of(
        answer_of, question_of, spread.result(), copies=copies, endorsement=endorsement
    )
    ranker = Ranker.of(InMemory(vectors), statistics, lexicons[PASSAGE], lexicons[QUESTION], model=model)
    stored = StoredQuestions(titles, vectors[QUESTION], lexicons[QUESTION])
    calibration = calibrate(ranker, stored, encoder=encoder)
    return Artifacts(model, statistics, lexicons, calibration, sketches)


def _lexicon(known: RowMap | None, field: str, texts: Sequence[str]) -> InvertedIndex:
    stems = Tokenizer()
    if known is None:
        return InvertedIndex.build(map(stems, texts))
    rows = {PASSAGE: known.passages, QUESTION: known.questions}[field]
    new = (stems(texts[row]) for row in np.flatnonzero(rows < 0).tolist())
    return InvertedIndex.open(known.path, field).carried(rows, new)


def _sketched(known: RowMap | None, bodies: Sequence[str]) -> Sketches:
    if known is None:
        return near_duplicates.sketches(bodies)
    found = stored_sketches(known.path)[known.answers]
    new = np.flatnonzero(known.answers < 0)
    found[new] = near_duplicates.sketches([bodies[row] for row in new.tolist()])
    return found
