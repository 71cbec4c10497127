"""What the responder does with other words and with a conversation."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import pytest

from askdoc import bootstrap
from askdoc.embedder.protocol import Awaited
from askdoc.errors import QuestionError
from askdoc.index.generation import Generation
from askdoc.models import Answer, Confidence, ContentLabels, Match, Passage, Question, Source
from askdoc.query.followup import FollowupResolver
from askdoc.query.rewriting import QueryRewrite
from askdoc.query.terminology import Terminology
from askdoc.responder import CONFIDENCE_ORDER, Parts, Responder
from askdoc.retriever import Query, Ranking, SearchResult
from tests.tiny import TinyEmbedder


@pytest.fixture
def responder(tiny_index: Generation) -> Responder:
    return bootstrap.responder(tiny_index)


@dataclass
class Scripted:
    """Finds what it is told to: a confidence and a score for each text; and remembers what it was asked."""

    script: dict[str, tuple[Confidence, float]]
    texts: list[str] = field(default_factory=list)

    def analyze(self, texts: Sequence[str], vectors: object) -> list[Query]:
        return [Query(text, np.eye(2, 4, dtype=np.float32), {}) for text in texts]

    def assess(self, question: str) -> None:
        return None

    def decide(self, assessment: object, vectors: object = None) -> None:
        return None

    def retrieve(self, queries: Sequence[Query], *, limits: Sequence[int]) -> list[SearchResult]:
        return [self.found(query.text) for query in queries]

    def found(self, question: str) -> SearchResult:
        self.texts.append(question)
        confidence, score = self.script[question]
        answer = Answer(f"to {question}", "Rest.")
        page = Question("page", "Why?", Source("q.txt", 1), answers=(answer,))
        matches = () if confidence is Confidence.NONE else (Match(Passage(page, answer, 0, 5), score),)
        return SearchResult(confidence, matches, (), score)

    def rank(self, query: Query, *, limit: int) -> Ranking:
        confidence, score = self.script[query.text]
        return Ranking(confidence, ((f"to {query.text}", 1.0),), score)

    def rewrite(self, question: str) -> QueryRewrite:
        return QueryRewrite("other", ("word",))

    def answer(self, answer_id: str) -> None:
        return None

    def asked(self) -> list[tuple[str, str]]:
        return []

    labels = ContentLabels(0)


def scripted(first: tuple[Confidence, float], second: tuple[Confidence, float]) -> tuple[Scripted, Responder]:
    script = Scripted({"typed": first, "other": second})
    followups = FollowupResolver(Terminology.shipped(), lambda word: 1.0)
    parts = Parts(
        embedder=TinyEmbedder(), retriever=script, answers=script, gate=script, followups=followups, rewriter=script
    )
    return script, Responder(parts, index_id="i")


STRONG, PARTIAL, NONE = Confidence.STRONG, Confidence.PARTIAL, Confidence.NONE


@pytest.mark.parametrize(
    ("first", "second", "texts", "taken"),
    [
        ((STRONG, 0.7), (STRONG, 0.9), ["typed"], "typed"),
        ((PARTIAL, 0.5), (STRONG, 0.7), ["typed", "other"], "other"),
        ((PARTIAL, 0.5), (PARTIAL, 0.6), ["typed", "other"], "other"),
        ((PARTIAL, 0.5), (PARTIAL, 0.5), ["typed", "other"], "typed"),
        ((PARTIAL, 0.5), (NONE, 0.9), ["typed", "other"], "typed"),
        ((NONE, 0.1), (PARTIAL, 0.4), ["typed", "other"], "other"),
        ((NONE, 0.1), (NONE, 0.4), ["typed", "other"], "other"),
        ((NONE, 0.4), (NONE, 0.1), ["typed", "other"], "typed"),
    ],
)
def test_other_words_are_tried_where_the_first_search_is_weak_and_kept_where_they_do_better(
    first: tuple[Confidence, float], second: tuple[Confidence, float], texts: list[str], taken: str
) -> None:
    """A strong first search is the last; the words are shown only where they led to what is shown; a ranking agrees."""
    script, responder = scripted(first, second)
    reply = responder.reply("typed")
    assert script.texts == texts
    assert reply.searched_also == (("word",) if taken == "other" else ())
    assert reply.confidence is (
        min(PARTIAL, second[0], key=lambda word: CONFIDENCE_ORDER[word]) if taken == "other" else first[0]
    )
    ranking = responder.rank("typed", most=5)
    assert (ranking.answers[0][0], ranking.confidence) == (f"to {taken}", reply.confidence)


def test_other_words_are_encoded_beside_the_question(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever needs a second search does not wait for a second encoding; the words of a sure first one go unused."""
    begin = TinyEmbedder.begin
    for first, searched in ((PARTIAL, ["typed", "other"]), (STRONG, ["typed"])):
        script, responder = scripted((first, 0.5), (PARTIAL, 0.6))
        order: list[str] = []

        def begun(embedder: TinyEmbedder, texts: Sequence[str], order: list[str] = order) -> Awaited:
            order.extend(texts)
            made = begin(embedder, texts)
            return lambda: order.append("awaited") or made()  # type: ignore[func-returns-value]

        with monkeypatch.context() as patched:
            patched.setattr(TinyEmbedder, "begin", begun)
            responder.reply("typed")
        assert order[:3] == ["typed", "other", "awaited"]
        assert script.texts == searched


def test_a_typo_still_finds_the_page_and_the_reply_says_what_was_searched_for(responder: Responder) -> None:
    """In the document as well; it is not sure, though the repaired question is stored to the letter."""
    reply = responder.reply("How long does a bruisse last?")
    assert reply.confidence is PARTIAL
    assert reply.answers[0].passage.question.id == "bruise"
    assert reply.searched_also == ("bruise",)
    assert reply.document()["searched_also"] == ["bruise"]


@pytest.mark.parametrize(
    "question", ["What is Bruies syndrome?", "What is Bruise-Bruisse syndrome?", "is bruisse rare?"]
)
def test_a_name_that_the_corpus_lacks_never_becomes_another_unsaid(responder: Responder, question: str) -> None:
    """A name near a word of the corpus stays what it is, or the word is named and the reply is not sure."""
    reply = responder.reply(question)
    assert reply.question == question
    assert reply.confidence is not STRONG
    assert reply.searched_also in ((), ("bruise",))
    assert reply.searched_also or "isse" not in question


def test_a_follow_up_is_searched_with_its_topic(responder: Responder) -> None:
    """The reply names the topic, and repeats the question as it was asked."""
    reply = responder.reply("And does it stain teeth?", context=["Is green tea bad?"])
    assert (reply.about, reply.question) == ("green tea", "And does it stain teeth?")
    assert reply.answers[0].passage.question.id == "tea"
    assert responder.reply("And does it stain teeth?").about is None


def test_the_context_has_bounds(responder: Responder) -> None:
    """Eleven questions are too many."""
    with pytest.raises(QuestionError, match="at most 10"):
        responder.reply("bruise", context=["why?"] * 11)


def test_a_ranking_goes_on_below_what_is_shown(responder: Responder) -> None:
    """Every answer stands in it once, best first, and the confidence is the reply's."""
    ranking = responder.rank("zebra quantum carburettor", most=100)
    assert sorted(answer for answer, _ in ranking.answers) == ["bruise:1", "bruise:2", "tea-1"]
    assert [score for _, score in ranking.answers] == sorted((score for _, score in ranking.answers), reverse=True)
    assert ranking.confidence is Confidence.NONE
    assert len(responder.rank("bruise", most=2).answers) == 2
