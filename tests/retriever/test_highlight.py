"""Highlights: which sentences of a passage are marked."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from askdoc.index.bm25 import InvertedIndex, Tokenizer
from askdoc.models import Answer, Passage, Question, Source
from askdoc.retriever.highlight import MAX_HIGHLIGHTS, Highlighter, PlacedSentences, answer_sentences
from askdoc.retriever.learned_tables import ModelTables
from askdoc.retriever.query import Query
from askdoc.retriever.word_vectors import WordVectors

TOKENIZER = Tokenizer()
FILLER = "Salt water soothes the throat. Warm tea keeps the chest moist. Sleep restores most people well."


@pytest.fixture
def highlighter() -> Highlighter:
    body = InvertedIndex.build([TOKENIZER("swelling lasts two weeks"), TOKENIZER("cold helps")])
    return Highlighter.of(ModelTables.plain(), TOKENIZER, body)


def asking(text: str, **terms: float) -> Query:
    return Query(text, np.eye(2, dtype=np.float32), terms)


SWELLING = asking("How long does it swell?", swell=1.0, last=0.5)


def passage(body: str, *, start: int = 0, end: int | None = None, title: str = "Is it bad?") -> Passage:
    answer = Answer("a", body)
    page = Question("q", title, Source("p.txt", 1), answers=(answer,))
    return Passage(page, answer, start, len(body) if end is None else end)


def marked(highlighter: Highlighter, piece: Passage, query: Query = SWELLING) -> list[str]:
    return [piece.text[start:end] for start, end in highlighter.highlight(piece, query)]


def test_the_sentence_with_the_words_asked_for_is_marked(highlighter: Highlighter) -> None:
    """Of sentences alike in place, the one that holds the words goes first where no word vectors fit the model."""
    placed = PlacedSentences.of(passage("The cold helps a little there. The swelling lasts two weeks."))
    first, second = highlighter.scores(placed, SWELLING)
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
    spans = highlighter.highlight(piece, SWELLING)
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
    later = PlacedSentences.of(passage(body, start=body.index("Cold")))
    alone = PlacedSentences.of(passage(body[body.index("Cold") :]))
    assert (later.first, later.count, later.texts) == (3, 7, alone.texts)
    assert (highlighter.scores(alone, SWELLING) > highlighter.scores(later, SWELLING)).all()


def test_a_sentence_cut_by_the_passage_is_counted_once() -> None:
    """The passage before ends within it and this one begins there: it has one place, in either."""
    body = "One helps a little bit. Two helps, but slowly and not at all times. Three helps a little bit."
    cut = body.index("but slowly")
    before, after = PlacedSentences.of(passage(body, end=cut)), PlacedSentences.of(passage(body, start=cut))
    assert (before.first, after.first, before.count, after.count) == (0, 1, 3, 3)
    assert before.texts[-1] == "Two helps,"
    assert after.texts[0] == "but slowly and not at all times."


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


def test_sentences_end_where_a_reader_ends_them() -> None:
    """Items and headings are sentences of their own; an abbreviation ends none."""
    body = (
        "Treatment at home\nRest it for 5 hrs. before and approx. 2 days after.\n\n"
        "- Rest it\n- Cool it well. Then wait."
    )
    found = [body[start:end] for start, end in answer_sentences(body)]
    assert found == [
        "Treatment at home",
        "Rest it for 5 hrs. before and approx. 2 days after.",
        "- Rest it",
        "- Cool it well.",
        "Then wait.",
    ]
