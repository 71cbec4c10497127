"""What is offered while a question is being typed."""

from collections.abc import Iterator

import pytest

from askdoc.query import completion
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


def test_what_is_looked_at_is_bounded_and_the_rare_words_decide(monkeypatch: pytest.MonkeyPatch) -> None:
    """Words that stand in most questions are left out before the others; one word is always read."""
    titles = [*(f"Does it help with tea {number}?" for number in range(10)), *(f"Does it help {n}?" for n in range(41))]
    many = Suggestions((title, title) for title in titles)
    assert len(many.complete("does it help tea", most=100)) == 51
    monkeypatch.setattr(completion, "MOST_READ", 10)
    assert [found.question for found in many.complete("does it help tea", most=100)] == titles[:10]
    assert len(many.complete("does help", most=100)) == 51


def test_of_a_long_text_the_last_words_are_looked_up(suggestions: Suggestions) -> None:
    """As many as are ever typed in one question, each once."""
    looked_up: list[str] = []
    expansions = Suggestions._expansions
    with pytest.MonkeyPatch.context() as patched:

        def noted(self: Suggestions, word: str) -> Iterator[str]:
            looked_up.append(word)
            return expansions(self, word)

        patched.setattr(Suggestions, "_expansions", noted)
        suggestions.complete(" ".join(f"word{number} the" for number in range(500)), most=3)
    assert len(looked_up) == completion.MOST_TYPED
    assert looked_up[-1] == "word499"
