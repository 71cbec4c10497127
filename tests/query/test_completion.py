"""What is offered while a question is being typed."""

import pytest

from askdoc.query.completion import Suggestions

ASKED = [
    ("mole", "What does a changing mole mean?"),
    ("tea", "Does green tea stain teeth?"),
    ("bruise", "How long does a bruise last?"),
    ("long", "How long does a bruise under a nail last, and does it hurt?"),
]


@pytest.fixture(scope="module")
def suggestions() -> Suggestions:
    return Suggestions(ASKED)


@pytest.mark.parametrize(
    ("text", "ids"),
    [
        ("bruise", ["bruise", "long"]),
        ("BRUI", ["bruise", "long"]),
        ("how long does a bruise under", ["long", "bruise"]),
        ("green tee", ["tea"]),
        ("zebra quantum", []),
        ("zebra quantum carburettor tea", []),
        ("br", []),
        ("?!", ["mole", "tea", "bruise"]),
    ],
)
def test_words_and_their_beginnings_find_questions(suggestions: Suggestions, text: str, ids: list[str]) -> None:
    """Rare words count more, unfinished ones stand for all that begin so, and too little in common is nothing."""
    assert [found.question_id for found in suggestions.complete(text, most=3)] == ids


def test_without_a_text_the_whole_corpus_is_sampled(suggestions: Suggestions) -> None:
    """The questions shown at the start come from all over it, and are the same each time."""
    assert [found.question_id for found in suggestions.complete("", most=2)] == ["mole", "bruise"]
    assert len(suggestions.complete("", most=10)) == 4
    assert Suggestions([]).complete("", most=3) == ()


def test_one_wording_is_offered_once() -> None:
    """A page that was saved twice is one question to whoever types."""
    twice = Suggestions(
        [*ASKED, ("again", "Does GREEN tea stain teeth"), ("soft", "Does green tea stain te\u00adeth?")]
    )
    assert [found.question_id for found in twice.complete("green tea", most=5)] == ["tea"]
    assert len(twice.complete("", most=10)) == len(ASKED)
