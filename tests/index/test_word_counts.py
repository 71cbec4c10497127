"""The vocabulary of an index."""

import pytest

from askdoc.index import word_counts
from askdoc.index.generation import Generation
from askdoc.index.word_counts import Vocabulary
from askdoc.models import Answer, Question, Source

QUESTIONS = [
    Question(
        "a",
        "Why a Bruise?",
        Source("a.txt", 1),
        answers=(Answer("1", "A bruise, a bruise."), Answer("2", "Wait.", "Rest")),
    ),
    Question("b", "Crow's feet", Source("b.txt", 1), answers=(Answer("3", "Wait."),)),
]


@pytest.fixture
def words() -> Vocabulary:
    return Vocabulary(*word_counts.load(word_counts.dump(QUESTIONS)), ordinary=lambda word: False)


def test_words_count_once_for_each_answer_with_its_question(words: Vocabulary) -> None:
    """Title, headline and body."""
    counts = {word: words.count(word) for word in ("bruise", "wait", "rest", "crows", "Bruise", "none")}
    assert counts == {"bruise": 2, "wait": 2, "rest": 1, "crows": 1, "Bruise": 0, "none": 0}
    assert sorted(words.of_length(4)) == ["feet", "rest", "wait"]


def test_rarity_goes_from_everywhere_to_nowhere(words: Vocabulary) -> None:
    """In between, a rarer word is rarer."""
    assert 0 <= words.rarity("wait") < words.rarity("rest") < words.rarity("none") <= 1


def test_an_index_holds_its_words(tiny_index: Generation) -> None:
    """And knows the language's words from its embedder."""
    assert tiny_index.vocabulary.count("bruise") == 2
    assert tiny_index.vocabulary.ordinary("carburettor")
    assert word_counts.NAME in tiny_index.manifest.files
