"""Follow-ups: what is carried, what is left, and what a hostile context costs."""

import pytest

from askdoc.errors import QuestionError
from askdoc.query.followup import LONGEST_CONTEXT, MOST_CONTEXT, READ_CONTEXT, FollowupResolver, TopicTransition
from askdoc.query.tagging import LONGEST_TOPIC, MOST_WORDS, TaggedWord, Tagger, WordRole
from askdoc.query.terminology import Terminology
from tests.query.conversations import Seen, replay


def rarity(word: str) -> float:
    return 0.8


FOLLOWUPS = FollowupResolver(Terminology.shipped(), rarity)
MAKING = list(replay("making", FOLLOWUPS))


@pytest.mark.parametrize("seen", MAKING, ids=lambda seen: seen.question)
def test_every_turn_that_the_rules_were_made_from(seen: Seen) -> None:
    """Label, what is searched for, and what must not be in it."""
    assert seen.right, seen


def test_most_turns_that_the_rules_never_saw() -> None:
    """What docs/followups.md says of them, and not a turn fewer."""
    unseen = list(replay("unseen", FOLLOWUPS))
    assert len(unseen) >= 50
    assert sum(seen.right for seen in unseen) >= 0.85 * len(unseen)


def test_a_follow_up_keeps_the_topic_in_its_pronouns_place() -> None:
    """And names it."""
    carried = FOLLOWUPS.resolve("and how long does it last?", ["What causes eczema?"])
    assert (carried.text, carried.about) == ("how long does eczema last?", "eczema")


def test_another_name_takes_what_was_wanted_and_nothing_of_the_old_topic() -> None:
    """What was asked last is asked of the new one."""
    context = ["What causes eczema?", "and how long does it last?"]
    carried = FOLLOWUPS.resolve("what about rosacea?", context)
    assert (carried.text, carried.about, carried.transition) == (
        "How long does rosacea last?",
        None,
        TopicTransition.SWITCH,
    )
    again = FOLLOWUPS.resolve("and the cost?", [*context, "what about rosacea?"])
    assert (again.text, again.about) == ("the cost? (rosacea)", "rosacea")


def test_a_topic_lives_through_several_turns() -> None:
    """It is found again from the whole context, whichever questions came between."""
    context = ["How much does a tummy tuck cost?", "and the recovery?", "and at night?", "why?"]
    assert FOLLOWUPS.resolve("does it hurt?", context).text == "does tummy tuck hurt?"


def test_a_question_that_stands_alone_is_left_to_the_letter() -> None:
    """With a context, without one, and after a new beginning."""
    for question in ("How is psoriasis treated?", "Different question: what can I do for gout?"):
        carried = FOLLOWUPS.resolve(question, ["What causes eczema?"])
        assert (carried.text, carried.about) == (question, None)
    assert FOLLOWUPS.resolve("and how long does it last?", []).text == "and how long does it last?"


def test_an_empty_it_points_nowhere() -> None:
    """ "Is it safe to" asks of what follows, not of what came before."""
    for question in ("Is it safe to take ibuprofen with wine?", "How long does it take for warts to go away?"):
        assert FOLLOWUPS.resolve(question, ["What causes eczema?"]).transition is TopicTransition.NONE


def test_blank_entries_are_passed_over() -> None:
    """A client that sends them loses nothing."""
    assert FOLLOWUPS.resolve("does it hurt?", ["Is Botox safe?", " ", "", "?!"]).about == "Botox"


@pytest.mark.parametrize(
    ("context", "words"),
    [
        (["why?"] * (MOST_CONTEXT + 1), "at most 10"),
        (["x" * (LONGEST_CONTEXT + 1)], "1,001 characters"),
        (["x" * 10_000_000], "10,000,000 characters"),
        (["eczema \ud83d"], "half of a character"),
    ],
)
def test_a_context_too_large_is_refused_with_words(context: list[str], words: str) -> None:
    """Before any of it is read."""
    with pytest.raises(QuestionError, match=words):
        FOLLOWUPS.resolve("why?", context)


def test_the_length_of_an_entry_is_counted_after_nfc() -> None:
    """As the question's is."""
    assert FOLLOWUPS.resolve("does it hurt?", ["e\u0301" * LONGEST_CONTEXT]).transition is not None


def test_what_is_carried_stays_short() -> None:
    """However much the context names."""
    crammed = ("eczema psoriasis rosacea shingles " * 30)[:LONGEST_CONTEXT]
    carried = FOLLOWUPS.resolve("does it hurt?", [crammed] * MOST_CONTEXT)
    assert carried.about is None or len(carried.about) <= LONGEST_TOPIC
    assert len(carried.text) <= 200


@pytest.mark.parametrize(
    "filler", ["is it ", "that ", "a ", "it is so ", "what about ", "- ", "the same ", "é" * 7, "and ", "ok", " "]
)
def test_a_hostile_context_ends(filler: str) -> None:
    """No rule looks at a text over and over: the longest context is read at once."""
    entry = (filler * LONGEST_CONTEXT)[:LONGEST_CONTEXT]
    assert FOLLOWUPS.resolve(entry, [f"eczema {entry}"[:LONGEST_CONTEXT]] * MOST_CONTEXT).text


def test_the_words_that_are_looked_at_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    """Ten earlier questions of one-letter words: so many of each are looked at, and no more."""
    looked: list[object] = []
    role = Tagger._role

    def listened(self: Tagger, word: str, *, is_known: bool, is_named: bool) -> WordRole:
        looked.append(word)
        return role(self, word, is_known=is_known, is_named=is_named)

    monkeypatch.setattr(Tagger, "_role", listened)
    FollowupResolver(Terminology.shipped(), lambda word: 1.0).resolve(
        "How long does it last?", ("q " * 499,) * MOST_CONTEXT
    )
    assert 0 < len(looked) <= MOST_WORDS * MOST_CONTEXT + 10


def test_of_a_long_context_only_the_latest_questions_are_read(monkeypatch: pytest.MonkeyPatch) -> None:
    """As many as have no more letters together than are read; the topic is theirs."""
    tagged: list[str] = []
    tag = Tagger.tag

    def noted(tagger: Tagger, text: str) -> list[TaggedWord]:
        tagged.append(text)
        return tag(tagger, text)

    monkeypatch.setattr(Tagger, "tag", noted)
    context = ["what causes eczema? " * (LONGEST_CONTEXT // 20)] * 7 + ["What causes gout?"]
    assert FOLLOWUPS.resolve("how long does it last?", context).about == "gout"
    assert sum(map(len, tagged)) <= READ_CONTEXT + len("how long does it last?")
    assert len(tagged) == 1 + 1 + (READ_CONTEXT - len("What causes gout?")) // LONGEST_CONTEXT
