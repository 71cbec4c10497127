"""However long a question is, what is encoded for it is bounded."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from threading import Event, Lock, Thread

import numpy as np
import pytest

from askdoc.embedder.protocol import Vectors
from askdoc.models import Confidence, ContentLabels
from askdoc.query.completion import Suggestions
from askdoc.query.followup import ResolvedFollowup, TopicTransition
from askdoc.query.rewriting import QueryRewrite
from askdoc.responder import LONG_ASIDE_TOKENS, LONG_TOKENS, Parts, Responder
from askdoc.retriever import Query, Ranking, SearchResult
from askdoc.safety.detection import Detection
from askdoc.safety.gate import Assessment
from tests.tiny import TinyEmbedder, vector
from tests.waiting import LONG_S, until

NOTHING = SearchResult(Confidence.NONE, (), (), 0.0)
SEGMENT = "I cannot breathe"


@dataclass
class Everything:
    """Every part but the embedder: finds nothing, knows other words for all, and remembers what it was given."""

    topic: str | None = None
    segment: str | None = None
    searched: list[Query] = field(default_factory=list)
    judged: dict[str, Vectors] = field(default_factory=dict)
    labels = ContentLabels(0)

    def analyze(self, texts: Sequence[str], vectors: object) -> list[Query]:
        assert callable(vectors)
        return [Query(text, np.stack([own, own]), {}) for text, own in zip(texts, vectors(), strict=True)]

    def retrieve(self, queries: Sequence[Query], *, limits: Sequence[int]) -> list[SearchResult]:
        self.searched += queries
        return [NOTHING for _ in queries]

    def rank(self, query: Query, *, limit: int) -> Ranking:
        raise AssertionError("Nothing here asks for a ranking.")

    def rewrite(self, question: str) -> QueryRewrite:
        return QueryRewrite(f"{question} reworded", ("reworded",))

    def resolve(self, question: str, context: Sequence[str]) -> ResolvedFollowup:
        if self.topic is None:
            return ResolvedFollowup(question, None, TopicTransition.NONE)
        return ResolvedFollowup(f"{question} ({self.topic})", self.topic, TopicTransition.KEEP)

    def assess(self, question: str) -> Assessment:
        scored = (self.segment, (0.0, 0.0)) if self.segment else None
        return Assessment(Detection(None, rules=(question,)), segment=scored)

    def decide(self, assessment: Assessment | None, vectors: Vectors | None = None) -> None:
        assert assessment
        assert vectors is not None
        assert isinstance(assessment.analysis, Detection)
        self.judged[assessment.analysis.rules[0]] = vectors

    def answer(self, answer_id: str) -> None:
        return None

    def asked(self) -> list[tuple[str, str]]:
        return []


def encoded(everything: Everything, question: str) -> list[str]:
    """What is encoded for a question."""
    embedder = TinyEmbedder()
    responder(everything, embedder).reply(question)
    return embedder.asked


def responder(everything: Everything, embedder: TinyEmbedder) -> Responder:
    """A responder of which everything else is one part."""
    parts = Parts(embedder, everything, everything, everything, everything, everything)
    return Responder(parts, index_id="i")


def words(count: int) -> str:
    """A text of so many tokens."""
    return " ".join(f"w{number}" for number in range(count))


def test_other_words_of_a_long_question_are_searched_with_its_own_vectors() -> None:
    """Up to a length they get vectors of their own; beyond, what is searched differs in its words alone."""
    short, long = words(LONG_TOKENS), words(LONG_TOKENS + 1)
    assert encoded(Everything(), short) == [short, f"{short} reworded"]
    everything = Everything()
    assert encoded(everything, long) == [long]
    assert [query.text for query in everything.searched] == [long, f"{long} reworded"]
    assert all(np.array_equal(query.vector, vector(long)) for query in everything.searched)


def test_a_long_follow_up_is_searched_with_the_vectors_of_the_question() -> None:
    """Its topic is searched by its words, and the gate reads it as well."""
    short, long = words(LONG_ASIDE_TOKENS), words(LONG_ASIDE_TOKENS + 1)
    assert f"{short} (gout)" in encoded(Everything("gout"), short)
    everything = Everything("gout")
    assert f"{long} (gout)" not in encoded(everything, long)
    assert everything.searched[0].text == f"{long} (gout)"
    assert np.array_equal(everything.searched[0].vector, vector(long))
    assert np.array_equal(everything.judged[f"{long} (gout)"], everything.judged[long])


@pytest.mark.parametrize(("tokens", "rows"), [(LONG_ASIDE_TOKENS, 2), (LONG_ASIDE_TOKENS + 1, 1)])
def test_a_segment_that_is_too_long_is_not_encoded(tokens: int, rows: int) -> None:
    """It is one of no human language, and the question is judged as a whole."""
    everything = Everything(segment=words(tokens))
    assert (words(tokens) in encoded(everything, "why?")) == (rows == 2)
    assert len(everything.judged["why?"]) == rows


def test_a_segment_that_a_follow_up_shares_is_encoded_once() -> None:
    """Both are judged by it."""
    everything = Everything("gout", SEGMENT)
    assert encoded(everything, "why?").count(SEGMENT) == 1
    assert [len(rows) for rows in everything.judged.values()] == [2, 2]


class NotedLock:
    """A lock that counts who has come to it."""

    def __init__(self) -> None:
        self.came = 0
        self._lock = Lock()

    def __enter__(self) -> None:
        self.came += 1
        self._lock.acquire()

    def __exit__(self, *_: object) -> None:
        self._lock.release()


def test_suggestions_are_made_by_one_of_those_who_ask_for_them(monkeypatch: pytest.MonkeyPatch) -> None:
    """The others wait for what it makes."""
    asked, lock, go, made = responder(Everything(), TinyEmbedder()), NotedLock(), Event(), []

    def make(questions: Iterable[tuple[str, str]]) -> Suggestions:
        made.append(questions)
        assert go.wait(LONG_S)
        return Suggestions(questions)

    monkeypatch.setattr("askdoc.responder.Suggestions", make)
    monkeypatch.setattr(asked, "_making_suggestions", lock)
    found: list[Suggestions] = []
    threads = [Thread(target=lambda: found.append(asked.suggestions)) for _ in range(3)]
    for thread in threads:
        thread.start()
    assert until(lambda: lock.came == 3 or len(made) > 1)
    go.set()
    for thread in threads:
        thread.join(LONG_S)
    assert (len(made), len(found), len(set(map(id, found)))) == (1, 3, 1)
