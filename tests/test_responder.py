"""What a reply promises, over a small index and a tiny model."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from askdoc import bootstrap
from askdoc.embedder.protocol import Awaited, Encoded
from askdoc.errors import QuestionError
from askdoc.index.generation import Generation
from askdoc.models import DEFAULT_DISCLAIMER, Confidence, Notice, Reply
from askdoc.query.followup import FollowupResolver
from askdoc.query.terminology import Terminology
from askdoc.responder import AskRequest, Responder
from askdoc.retriever import Query, SearchResult
from askdoc.safety.gate import Assessment
from tests.tiny import TinyEmbedder


@pytest.fixture
def responder(tiny_index: Generation) -> Responder:
    return bootstrap.responder(tiny_index)


def test_a_stored_question_finds_its_own_doctors_first(responder: Responder) -> None:
    """Both doctors of the page stand side by side, each passage a slice of its answer, with the page's disclaimer."""
    reply = responder.reply("How long does a bruise last?")
    assert reply.confidence is Confidence.STRONG
    assert {match.passage.answer.id for match in reply.answers[:2]} == {"bruise:1", "bruise:2"}
    for match in reply.answers:
        assert match.passage.answer.body[match.passage.start : match.passage.end] == match.passage.text
    assert reply.answers[0].passage.question.disclaimer == "For education only; this is no medical advice."
    assert "For education only; this is no medical advice." in reply.disclaimer


def test_case_punctuation_and_spacing_do_not_hide_a_stored_question(responder: Responder) -> None:
    """People do not type titles to the letter."""
    reply = responder.reply("  HOW long does a  bruise last ")
    assert reply.confidence is Confidence.STRONG
    assert reply.answers[0].passage.question.id == "bruise"
    assert reply.question == "HOW long does a  bruise last"


def test_a_question_with_nothing_relevant_gets_none(responder: Responder) -> None:
    """It shows no answer and offers no question about something else, and still carries the disclaimer."""
    reply = responder.reply("zebra quantum carburettor")
    assert (reply.confidence, reply.answers, reply.related) == (Confidence.NONE, (), ())
    assert reply.disclaimer == DEFAULT_DISCLAIMER


def test_there_is_at_most_one_card_for_an_answer(responder: Responder) -> None:
    """A long answer does not crowd the others out."""
    answers = [match.passage.answer.id for match in responder.reply("bruise", max_answers=20).answers]
    assert len(answers) == len(set(answers))


def test_no_more_answers_than_asked_for(responder: Responder) -> None:
    """One is one."""
    assert len(responder.reply("How long does a bruise last?", max_answers=1).answers) == 1


@pytest.mark.parametrize("question", ["", "  \n\t ", "\u200b", "?!…", "\x00"])
def test_an_empty_question_is_refused_with_words(responder: Responder, question: str) -> None:
    """Blank, invisible or punctuation alone: an error, not an answer."""
    with pytest.raises(QuestionError, match="empty"):
        responder.reply(question)


def test_the_longest_question_is_a_thousand_characters_after_nfc(responder: Responder) -> None:
    """Letters typed as letter and accent count once, as a person counts."""
    assert responder.reply("e\u0301" * 1000).question == "é" * 1000
    with pytest.raises(QuestionError, match="1,001 characters"):
        responder.reply("e" * 1001)


def test_half_a_character_is_refused(responder: Responder) -> None:
    """Broken input from a program gets a sentence, not a traceback."""
    with pytest.raises(QuestionError, match="half of a character"):
        responder.reply("bruise \ud83d")


@pytest.mark.parametrize("count", [0, 21, -1])
def test_the_number_of_answers_has_bounds(responder: Responder, count: int) -> None:
    """From 1 to 20."""
    with pytest.raises(QuestionError, match="1 to 20"):
        responder.reply("bruise", max_answers=count)


def test_every_reply_names_the_index_it_is_from(responder: Responder, tiny_index: Generation) -> None:
    """So that two replies can be told apart after a rebuild."""
    assert responder.reply("bruise").index_id == tiny_index.index_id == tiny_index.manifest.index_id


def test_several_questions_get_the_replies_that_each_alone_gets(responder: Responder) -> None:
    """In their order, whatever they are and however many answers each wants."""
    asked = [
        AskRequest("How long does a bruise last?", 1),
        AskRequest("zebra quantum"),
        AskRequest("Does green tea stain teeth?", 2),
    ]
    together = responder.reply_many(asked)
    alone = [responder.reply(one.question, max_answers=one.max_answers) for one in asked]
    assert [replace(reply, took_ms=0) for reply in together if isinstance(reply, Reply)] == [
        replace(reply, took_ms=0) for reply in alone
    ]


def test_a_question_that_cannot_be_asked_does_not_hinder_the_others(responder: Responder) -> None:
    """Its error stands in its place."""
    first, second, third = responder.reply_many([AskRequest(" "), AskRequest("bruise"), AskRequest("bruise", 0)])
    assert isinstance(first, QuestionError)
    assert isinstance(second, Reply)
    assert isinstance(third, QuestionError)
    assert responder.reply_many([]) == []


def test_several_questions_are_encoded_in_one_call(tiny_index: Generation, monkeypatch: pytest.MonkeyPatch) -> None:
    """That is what asking them together saves."""
    calls: list[int] = []
    begin = tiny_index.embedder.begin

    def counted(texts: Sequence[str]) -> Awaited:
        calls.append(len(texts))
        return begin(texts)

    monkeypatch.setattr(tiny_index.embedder, "begin", counted)
    asked = [AskRequest("How long does a bruise last?"), AskRequest("Does green tea stain teeth?")]
    bootstrap.responder(tiny_index).reply_many(asked)
    assert calls == [2]


def test_words_are_read_while_the_vectors_are_made(tiny_index: Generation, monkeypatch: pytest.MonkeyPatch) -> None:
    """The gate has looked at a question before its vector is waited for; nothing is searched before it has judged."""
    order: list[str] = []
    begin, search = tiny_index.embedder.begin, Generation.search
    parts = bootstrap.parts(tiny_index)

    def begun(texts: Sequence[str]) -> Awaited:
        order.append("begun")
        made = begin(texts)
        return lambda: order.append("awaited") or made()  # type: ignore[func-returns-value]

    def noted(name: str, call: Any) -> Any:
        return lambda *given, **named: order.append(name) or call(*given, **named)  # type: ignore[func-returns-value]

    monkeypatch.setattr(tiny_index.embedder, "begin", begun)
    for name in ("assess", "decide"):
        monkeypatch.setattr(parts.gate, name, noted(name, getattr(parts.gate, name)))
    monkeypatch.setattr(Generation, "search", noted("searched", search))
    Responder(parts, index_id="i").reply("Does green tea stain teeth?")
    first = [name for place, name in enumerate(order) if name not in order[:place]]
    assert first == ["begun", "assess", "awaited", "decide", "searched"]


def test_the_gate_and_the_retriever_read_one_encoding(tiny_index: Generation, monkeypatch: pytest.MonkeyPatch) -> None:
    """The gate judges by the inner vector of a question, the retriever searches by its sentence vector."""
    question = "Does green tea stain teeth?"
    sentence, inner = np.eye(2, 64, dtype=np.float32)
    judged: list[NDArray[np.float32]] = []
    searched: list[NDArray[np.float32]] = []
    parts = bootstrap.parts(tiny_index)
    decide, retrieve = parts.gate.decide, parts.retriever.retrieve

    def noted_decision(assessment: Assessment | None, vectors: NDArray[np.float32] | None = None) -> Notice | None:
        assert vectors is not None
        judged.append(vectors)
        return decide(assessment, vectors)

    def noted_retrieve(queries: Sequence[Query], *, limits: Sequence[int]) -> list[SearchResult]:
        searched.extend(query.vector for query in queries)
        return retrieve(queries, limits=limits)

    monkeypatch.setattr(tiny_index.embedder, "begin", lambda texts: lambda: Encoded(sentence[None], inner[None]))
    monkeypatch.setattr(parts.gate, "decide", noted_decision)
    monkeypatch.setattr(parts.retriever, "retrieve", noted_retrieve)
    Responder(parts, index_id="i").reply(question)
    np.testing.assert_array_equal(judged, [inner[None]])
    np.testing.assert_array_equal(searched[0], sentence)


@pytest.mark.parametrize("asked", ["How long does a br\u00aduise last?", "How\u200blong does a\u200bbruise\u200blast?"])
def test_invisible_characters_hide_no_stored_question(asked: str, responder: Responder) -> None:
    """A soft hyphen in a word, zero-width spaces for spaces: the question is found, and shown as it was typed."""
    reply = responder.reply(asked)
    assert reply.confidence is Confidence.STRONG
    assert reply.answers[0].passage.question.title == "How long does a bruise last?"
    assert reply.question == asked


def test_the_vectors_of_a_question_are_those_of_what_is_read(
    tiny_index: Generation, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Neither a question nor one asked before it is read with what nobody sees in it."""
    embedder = tiny_index.embedder
    assert isinstance(embedder, TinyEmbedder)
    responder = bootstrap.responder(tiny_index)
    embedder.asked.clear()
    responder.reply("Does green\u200btea st\u00adain?", context=("How long does a br\u00aduise last?",))
    assert "Does green tea stain?" in embedder.asked
    responder.rank("Does it st\u00adain?", most=1)
    assert "Does it stain?" in embedder.asked
    carried = FollowupResolver(Terminology.shipped(), lambda word: 1.0).resolve(
        "Is it contagious?", ("I have sh\u00adingles",)
    )
    assert carried.about == "shingles"


@pytest.mark.parametrize("blank", ["\u3164", "\u115f\u1160", "\ufe0f\u200d"])
def test_a_question_of_blank_letters_is_empty(blank: str, responder: Responder) -> None:
    """Letters that show nothing are no question."""
    with pytest.raises(QuestionError, match="empty"):
        responder.reply(blank)


@pytest.mark.parametrize("question", ["I want to kill myself", "Meine Warze geht nicht weg, was kann ich tun?"])
def test_where_nothing_is_answered_no_topic_is_named(question: str, responder: Responder) -> None:
    """A crisis is about nothing that was asked before, and neither is what could not be read."""
    reply = responder.reply(question, context=["What helps against shingles?"])
    assert reply.notice is not None
    assert not reply.notice.answers_allowed
    assert reply.about is None
    assert responder.reply("and does it hurt?", context=["What helps against shingles?"]).about == "shingles"
