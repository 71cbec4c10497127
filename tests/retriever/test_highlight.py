"""Highlights: which sentences of a passage are marked."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from askdoc.index.bm25 import InvertedIndex, Tokenizer
from askdoc.models import Passage
from askdoc.retriever.highlight import MAX_HIGHLIGHTS, AnalyzedSentences, Highlighter
from askdoc.retriever.learned_tables import ModelTables
from askdoc.retriever.placed_sentences import PlacedSentences
from askdoc.retriever.query import Query
from askdoc.retriever.word_vectors import WordVectors
from tests.retriever.test_placed_sentences import passage

TOKENIZER = Tokenizer()
FILLER = "Salt water soothes the throat. Warm tea keeps the chest moist. Sleep restores most people well."


@pytest.fixture
def highlighter() -> Highlighter:
    body = InvertedIndex.build([TOKENIZER("swelling lasts two weeks"), TOKENIZER("cold helps")])
    return Highlighter.of(ModelTables.plain(), TOKENIZER, body)


def asking(text: str, **terms: float) -> Query:
    return Query(text, np.eye(2, dtype=np.float32), terms)


SWELLING = asking("How long does it swell?", swell=1.0, last=0.5)


def analyzed(highlighter: Highlighter, piece: Passage) -> AnalyzedSentences:
    return highlighter.analyze(PlacedSentences.of(piece))


def spans_of(highlighter: Highlighter, piece: Passage, query: Query) -> tuple[tuple[int, int], ...]:
    [spans] = highlighter.highlight([analyzed(highlighter, piece)], query)
    return spans


def marked(highlighter: Highlighter, piece: Passage, query: Query = SWELLING) -> list[str]:
    return [piece.text[start:end] for start, end in spans_of(highlighter, piece, query)]


def test_the_sentence_with_the_words_asked_for_is_marked(highlighter: Highlighter) -> None:
    """Of sentences alike in place, the one that holds the words goes first where no word vectors fit the model."""
    sentences = analyzed(highlighter, passage("The cold helps a little there. The swelling lasts two weeks."))
    first, second = highlighter.scores(sentences, SWELLING)
    assert second > first


def test_words_near_in_meaning_count(highlighter: Highlighter) -> None:
    """With word vectors, a sentence without a word of the question is marked for what its words are near to."""
    vectors = WordVectors(
        {"puffi": 0, "salt": 1}, np.eye(2, dtype=np.float32), np.eye(2, dtype=np.float32), np.zeros(2, np.float32)
    )
    near = Highlighter(0.0, 9.0, highlighter.weights, TOKENIZER, highlighter.body, vectors)
    piece = passage("Salt water does little there. The puffiness goes within weeks.")
    assert marked(near, piece) == ["The puffiness goes within weeks."]


@given(text=st.text(min_size=1, max_size=300), start=st.integers(0, 40))
def test_marks_are_offsets_within_the_passage(text: str, start: int) -> None:
    """They are ascending, apart, bare, few, and never outside; the text itself is not touched."""
    highlighter = Highlighter.of(ModelTables.plain(), TOKENIZER, InvertedIndex.build([["swell"]]))
    piece = passage(text, start=min(start, len(text) - 1))
    spans = spans_of(highlighter, piece, SWELLING)
    assert len(spans) <= MAX_HIGHLIGHTS
    end = 0
    for first, last in spans:
        assert end <= first < last <= len(piece.text)
        assert piece.text[first:last].strip() == piece.text[first:last]
        end = last


def test_no_source_is_highlighted(highlighter: Highlighter) -> None:
    """However well a line of sources fits, it answers nothing: before the answer, amid it, and alone."""
    line = "Source: swelling lasts two weeks. Swelling (https://example.org/swelling)."
    for body in (f"Cold helps.\n\n{line}", f"{line}\nCold helps.", f"Rest.\n{line}\nCold helps.", line):
        found = marked(highlighter, passage(body))
        assert not [text for text in found if "well" in text]
        assert bool(found) == (body != line)


def test_a_passage_that_begins_amid_the_sources_marks_none_of_them(highlighter: Highlighter) -> None:
    """The label above a list of references stands in the passage before; its items are references all the same."""
    body = (
        "Cold helps.\nReferences:\n1. Roe, Swelling lasts.\n2. Doe, Swelling lasts two weeks.\nThen it is time to rest."
    )
    assert marked(highlighter, passage(body, start=body.index("2. Doe"))) == ["Then it is time to rest."]


def test_marks_go_by_the_passage_s_place_in_its_answer(highlighter: Highlighter) -> None:
    """A sentence counts as the answer's opening only where it is; and each counts less in a longer answer."""
    body = f"{FILLER} Cold helps to calm it. {FILLER}"
    later = analyzed(highlighter, passage(body, start=body.index("Cold")))
    alone = analyzed(highlighter, passage(body[body.index("Cold") :]))
    assert later.spans == alone.spans
    assert (highlighter.scores(alone, SWELLING) > highlighter.scores(later, SWELLING)).all()


@pytest.mark.parametrize(
    "line",
    [
        "How long does a swelling last?",
        "How long does it swell",
        "Question: how long does it swell.",
        "**Swelling that lasts long**",
        "Swelling lasts:",
    ],
)
def test_what_repeats_or_only_asks_is_not_marked(highlighter: Highlighter, line: str) -> None:
    """A question, the title or question again, a heading and a label give way to any sentence that tells something."""
    body = f"{line}\nIt is gone after two weeks. {FILLER}"
    found = marked(highlighter, passage(body, title="How long does it swell?"))
    assert found
    assert not [text for text in found if line.strip("*") in text]


def test_a_passage_is_marked_anew_for_each_question(highlighter: Highlighter) -> None:
    """What is kept of a passage does not change by being asked: other questions, other marks, and back again."""
    sentences = analyzed(highlighter, passage("The cold helps a little there. The swelling lasts two weeks."))
    repeated = asking("The swelling lasts two weeks", swell=1.0, last=0.5)
    every = [highlighter.highlight([sentences], query) for query in (SWELLING, repeated, SWELLING)]
    assert every[0] == every[2] != every[1]
    assert highlighter.highlight([sentences, sentences], repeated) == every[1] * 2
