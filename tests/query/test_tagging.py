"""Tests for ``askdoc.query.tagging``: what each word of a question does, and what the question is about."""

import pytest

from askdoc.query.tagging import LONGEST_TOPIC, Tagger, WordRole
from askdoc.query.terminology import Terminology

TAGGER = Tagger(Terminology.shipped(), lambda word: 0.8)


def test_each_word_has_the_role_that_it_plays() -> None:
    """A name of several words is one; where a word stands in the question is told with it."""
    question = "How much does a tummy tuck cost for my mother?"
    tagged = TAGGER.tag(question)
    assert [question[word.start : word.end] for word in tagged] == [word.text for word in tagged]
    roles = {word.text: word.role for word in tagged}
    assert roles["tummy tuck"] is WordRole.NAME
    assert roles["cost"] is WordRole.ASPECT
    assert roles["mother"] is WordRole.PERSON
    assert roles["How"] is WordRole.FUNCTION


@pytest.mark.parametrize(
    ("question", "topic"),
    [
        ("What causes eczema?", "eczema"),
        ("Is scalp psoriasis or eczema worse?", "scalp psoriasis eczema"),
        ("what are the symptoms of blurgh", "blurgh"),  # a rare word where names stand
        ("is it so?", None),
    ],
)
def test_a_topic_is_named_in_the_question_s_own_words(question: str, topic: str | None) -> None:
    """Names with the words beside them, and nothing where nothing is named."""
    assert TAGGER.topic(TAGGER.tag(question)) == topic


def test_a_topic_is_short() -> None:
    """However much a question names."""
    topic = TAGGER.topic(TAGGER.tag("eczema, psoriasis and rosacea, " * 20 + "shingles, hives, gout and acne"))
    assert topic
    assert len(topic) <= LONGEST_TOPIC
