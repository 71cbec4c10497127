"""What a reply promises, over a small index and a tiny model."""

from dataclasses import dataclass, field

import pytest

from askdoc import bootstrap
from askdoc.errors import QuestionError
from askdoc.followup import Followups
from askdoc.index.generation import Generation
from askdoc.models import DEFAULT_DISCLAIMER, Answer, Confidence, Match, Passage, Question, Source
from askdoc.responder import Responder
from askdoc.retriever import Found, Ranking
from askdoc.wording import Rewrite
from askdoc.words import Field


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


def test_a_question_with_nothing_relevant_gets_none_and_the_nearest_questions(responder: Responder) -> None:
    """It says so plainly, shows no answer, and still carries the disclaimer."""
    reply = responder.reply("zebra quantum carburettor")
    assert (reply.confidence, reply.answers) == (Confidence.NONE, ())
    assert [near.question for near in reply.related]
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


@dataclass
class Scripted:
    """Finds what it is told to: a confidence and a score for each text; and remembers what it was asked."""

    script: dict[str, tuple[Confidence, float]]
    asked: list[str] = field(default_factory=list)

    def find(self, question: str, *, most: int) -> Found:
        self.asked.append(question)
        confidence, score = self.script[question]
        answer = Answer(f"to {question}", "Rest.")
        page = Question("page", "Why?", Source("q.txt", 1), answers=(answer,))
        matches = () if confidence is Confidence.NONE else (Match(Passage(page, answer, 0, 5), score),)
        return Found(confidence, matches, ())

    def rank(self, question: str, *, most: int) -> Ranking:
        confidence, score = self.script[question]
        return Ranking(confidence, ((f"to {question}", score),))

    def rewrite(self, question: str) -> Rewrite:
        return Rewrite("other", ("word",))

    def answer(self, answer_id: str) -> None:
        return None


def scripted(first: tuple[Confidence, float], second: tuple[Confidence, float]) -> tuple[Scripted, Responder]:
    script = Scripted({"typed": first, "other": second})
    conversations = Followups(Field.shipped(), lambda word: 1.0)
    return script, Responder(script, script, index_id="i", conversations=conversations, rewriter=script)


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
        ((NONE, 0.1), (NONE, 0.4), ["typed", "other"], "typed"),
    ],
)
def test_other_words_are_tried_where_the_first_search_is_weak_and_kept_where_they_do_better(
    first: tuple[Confidence, float], second: tuple[Confidence, float], texts: list[str], taken: str
) -> None:
    """A strong first search is the last; the words are shown only where they led to the answers; a ranking agrees."""
    script, responder = scripted(first, second)
    reply = responder.reply("typed")
    assert script.asked == texts
    assert reply.searched_also == (("word",) if taken == "other" else ())
    assert reply.confidence is (second if taken == "other" else first)[0]
    assert responder.rank("typed", most=5).answers[0][0] == f"to {taken}"


def test_a_typo_still_finds_the_page_and_the_reply_says_what_was_searched_for(responder: Responder) -> None:
    """In the document as well."""
    reply = responder.reply("how long bruisse")
    assert reply.answers[0].passage.question.id == "bruise"
    assert reply.searched_also == ("bruise",)
    assert reply.document()["searched_also"] == ["bruise"]


def test_a_follow_up_is_searched_with_its_topic(responder: Responder) -> None:
    """The reply names the topic, and repeats the question as it was asked."""
    reply = responder.reply("and how long does it last?", context=["Why do I have a bruise?"])
    assert (reply.about, reply.question) == ("bruise", "and how long does it last?")
    assert reply.answers[0].passage.question.id == "bruise"
    assert responder.reply("and how long does it last?").about is None


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
