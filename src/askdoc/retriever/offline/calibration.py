"""Calibrates the confidence on a corpus, by questions that it covers and others that it does not."""

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

import numpy as np

from askdoc.index.protocol import PostingLists
from askdoc.retriever.array_types import Floats, Mask
from askdoc.retriever.confidence import CONFIDENCE_FEATURES, Calibration
from askdoc.retriever.learned_tables import ModelTables
from askdoc.retriever.offline import question_styles
from askdoc.retriever.query import Query
from askdoc.retriever.ranking import Ranker
from askdoc.retriever.statistics import CollectionStatistics
from askdoc.text import words

OUT_OF_SCOPE = (
    "What time does the supermarket close on Sundays?",
    "How do I reset the password of my bank account?",
    "Book me a window seat to Lisbon for Friday morning",
    "Who won the cup final last year?",
    "How many ounces are in a litre?",
    "Play some jazz in the kitchen",
    "What is the exchange rate of the yen today?",
    "Can you translate good evening into Portuguese?",
    "My tyre is flat, where is the nearest garage?",
    "What is the capital of Mongolia?",
    "Remind me to pay the electricity bill tomorrow",
    "How do I export a spreadsheet as a PDF?",
    "Is it going to rain in Hamburg this weekend?",
    "How long does it take to roast a chicken?",
    "Which visa do I need to work in Canada?",
    "How can I improve my credit score?",
    "What is the square root of 841?",
    "Turn down the lights in the living room",
    "When does the next train to Leeds leave?",
    "How do I change the oil of a lawn mower?",
    "Which laptop is best for editing videos?",
    "Tell me a joke about penguins",
    "How do I file an appeal against a parking ticket?",
    "What should I plant in a shady garden?",
    "How many days of leave do I have left?",
    "Who wrote the music of that film about sharks?",
    "Why does my printer say that it is offline?",
    "How do I tie a bow tie?",
    "Order more coffee beans",
    "What does carpe diem mean?",
)
"""Out-of-scope requests (the term of CLINC150): what people ask an assistant that is no doctor."""
SAMPLE = 250
"""How many of the corpus's own questions are asked, of those that it answers."""
MAX_UNANSWERED = 60
"""How many stored questions without an answer are asked beside them."""
MIN_TITLED = 125
"""From so many titles that say something, no question is made of an answer: people wrote the titles."""
SHUFFLED = 60
"""How many nonsense questions are asked beside them, each of words of several titles."""
SHUFFLED_TITLES, SHUFFLED_WORDS = 6, 7
"""Titles whose words make one of them, and how many words it has."""
SAME_TOPIC_COSINE = 0.7
"""Stored questions so near in meaning are taken to be about the same."""
TOPIC_WORD_SHARE = 0.01
"""A word that so small a share of the titles has names a topic."""


class TextEncoder(Protocol):
    """Turns texts into unit vectors (texts, d)."""

    def encode(self, texts: Sequence[str]) -> Floats: ...


@dataclass(frozen=True, slots=True)
class StoredQuestions:
    """The questions that a corpus can be asked, one for each of its own; an empty text cannot be asked.

    A text is the title, or, where it says nothing, what ``own_questions`` makes of the answer. ``vectors``
    (questions, d) tell which are about the same: of the title, or of a passage; ``titled`` (questions,) tells which.
    ``messages``: the patients' own words by row, where they are stored.
    """

    texts: Sequence[str]
    vectors: Floats
    titled: Mask
    inverted_index: PostingLists
    messages: Mapping[int, str] = field(default_factory=dict)


def calibrate(ranker: Ranker, questions: StoredQuestions, *, encoder: TextEncoder, tables: ModelTables) -> Calibration:
    """The confidence's calibration for one corpus, from its stored questions and the tables of the encoder's model."""
    covered, uncovered = calibration_features(ranker, questions, encoder=encoder)
    titles = bool(ranker.analyzer.title.size)
    return Calibration.fit(covered, uncovered, Calibration.demonstration(tables, titles=titles))


def calibration_features(ranker: Ranker, questions: StoredQuestions, *, encoder: TextEncoder) -> tuple[Floats, Floats]:
    """Confidence features (questions, features) of questions that the corpus covers, and of such that it does not.

    Covered: a sample of the stored questions, each as it stands and as people would ask it, as if its own title were
    not stored. Uncovered: the same without any answer on their topic, stored questions that nobody has answered,
    shuffled words of several titles, and out-of-scope requests.
    """
    random_state = random.Random(0)
    rows, unanswered = _sample(questions, ranker.generator.statistics, random_state)
    own = [questions.texts[row] for row in rows]
    otherwise = _asked_otherwise(questions, rows, random_state)
    stored = np.flatnonzero(questions.titled[rows])
    vectors = np.zeros((2 * len(rows), questions.vectors.shape[1]), np.float32)
    vectors[stored] = questions.vectors[rows][stored]
    made = np.setdiff1d(np.arange(len(vectors)), stored)
    if len(made):
        vectors[made] = encoder.encode([(own + otherwise)[place] for place in made.tolist()])
    queries = [ranker.analyzer.unscored(text, vector) for text, vector in zip(own + otherwise, vectors, strict=True)]
    covered, uncovered = _with_and_without_topic(ranker, questions, rows * 2, queries)
    others = [questions.texts[row] for row in unanswered]
    others += [_shuffled(own, random_state) for _ in rows[:SHUFFLED]] + list(OUT_OF_SCOPE)
    ranked = ranker.rank(ranker.analyzer.analyze(others, lambda: encoder.encode(others)))
    uncovered += [candidates.confidence_features for candidates in ranked]
    return _stacked(covered), _stacked(uncovered)


def _with_and_without_topic(
    ranker: Ranker, questions: StoredQuestions, rows: Sequence[int], queries: Sequence[Query]
) -> tuple[list[Floats], list[Floats]]:
    """The features of each query about the question in a row, and the same without any answer on its topic."""
    statistics = ranker.generator.statistics
    keys = np.array([" ".join(words(text)) or str(row) for row, text in enumerate(questions.texts)])
    near = {row: questions.vectors @ questions.vectors[row] >= SAME_TOPIC_COSINE for row in set(rows)}
    covered, uncovered = [], []
    for row, query, candidates in zip(rows, queries, ranker.generator.generate(queries), strict=True):
        own = keys[statistics.question_of[candidates.answers]] == keys[row]
        covered.append(ranker.score(query, candidates.with_neutral_titles(own)).confidence_features)
        hidden = with_copies(same_topic(row, query.terms, near[row], questions.inverted_index), statistics)
        without_topic = candidates.without(hidden[candidates.answers])
        uncovered.append(ranker.score(query, without_topic).confidence_features)
    return covered, uncovered


def _asked_otherwise(questions: StoredQuestions, rows: Sequence[int], random_state: random.Random) -> list[str]:
    """The questions in some rows as people would ask them: in the patients' own words where they are stored."""
    restyled = question_styles.restyled([questions.texts[row] for row in rows], random_state)
    return [questions.messages.get(row, text) for row, text in zip(rows, restyled, strict=True)]


def _sample(
    questions: StoredQuestions, statistics: CollectionStatistics, random_state: random.Random
) -> tuple[list[int], list[int]]:
    """The rows of the answered questions that are asked, ascending, and of questions that nobody has answered.

    The latter are uncovered only where no answered question is near.
    """
    allowed = np.flatnonzero([bool(text) for text in questions.texts])
    if (titled := questions.titled[allowed]).sum() >= MIN_TITLED:
        allowed = allowed[titled]
    answered = statistics.answered[allowed]
    rows, others = allowed[answered].tolist(), allowed[~answered].tolist()
    others = random_state.sample(others, min(MAX_UNANSWERED, len(others)))
    near = questions.vectors[rows] @ questions.vectors[others].T >= SAME_TOPIC_COSINE
    alone = [row for row, has_near in zip(others, near.any(axis=0).tolist(), strict=True) if not has_near]
    return sorted(random_state.sample(rows, min(SAMPLE, len(rows)))), alone


def same_topic(row: int, terms: Mapping[str, float], near: Mask, titles: PostingLists) -> Mask:
    """(questions,) those that must be hidden so that question ``row`` is not covered.

    Those ``near`` (questions,) in meaning, and those with its weightiest word where that is rare enough for a topic.
    """
    hidden = near.copy()
    hidden[row] = True
    if terms:
        topic = max(terms, key=lambda term: terms[term] * titles.rarity(term))
        holders = titles.postings(topic)[0]
        if len(holders) <= max(TOPIC_WORD_SHARE * titles.size, 1):
            hidden[holders] = True
    return hidden


def with_copies(hidden: Mask, statistics: CollectionStatistics) -> Mask:
    """(answers,) those of the hidden questions (questions,), with their near copies under other questions."""
    copy_of = statistics.copies.copy_of
    answers: Mask = np.isin(copy_of, copy_of[hidden[statistics.question_of]])
    return answers


def _stacked(features: Sequence[Floats]) -> Floats:
    """(questions, features) of those questions that have candidates at all."""
    some = [values for values in features if values.any()]
    return np.array(some, np.float32).reshape(-1, len(CONFIDENCE_FEATURES))


def _shuffled(texts: Sequence[str], random_state: random.Random) -> str:
    """Words of several questions in no order."""
    chosen = random_state.sample(list(texts), min(SHUFFLED_TITLES, len(texts)))
    pool = [word for text in chosen for word in words(text)]
    return " ".join(random_state.sample(pool, min(SHUFFLED_WORDS, len(pool))))
