"""Highlights: which sentences of a passage are marked."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from askdoc.index.bm25 import InvertedIndex, Tokenizer
from askdoc.retriever.highlight import Highlighter

TOKENIZER = Tokenizer()


@pytest.fixture
def highlighter() -> Highlighter:
    body = InvertedIndex.build([TOKENIZER("swelling lasts two weeks"), TOKENIZER("cold helps")])
    return Highlighter.shipped(TOKENIZER, body)


def test_the_sentence_with_the_words_asked_for_is_marked(highlighter: Highlighter) -> None:
    """Of sentences alike in place and length, the one that holds the words goes first."""
    texts = ["The cold helps a little there.", "The swelling lasts two weeks."]
    scores = highlighter.scores(texts, {"swell": 1.0, "last": 0.5})
    alone = highlighter.scores(texts, {})
    assert scores[1] - alone[1] > scores[0] - alone[0]


@given(st.text(max_size=300))
def test_marks_are_offsets_within_the_passage(text: str) -> None:
    """They are ascending, apart, and never outside; the text itself is not touched."""
    highlighter = Highlighter.shipped(TOKENIZER, InvertedIndex.build([["swell"]]))
    end = 0
    for start, stop in highlighter.highlight(text, {"swell": 1.0}):
        assert end <= start < stop <= len(text)
        assert text[start:stop].strip() == text[start:stop]
        end = stop


def test_no_source_is_highlighted(highlighter: Highlighter) -> None:
    """However well a line of sources fits, it answers nothing: before the answer, amid it, and alone."""
    line = "Source: swelling lasts two weeks. Swelling (https://example.org/swelling)."
    for passage in (f"Cold helps.\n\n{line}", f"{line}\nCold helps.", f"Rest.\n{line}\nCold helps.", line):
        found = highlighter.highlight(passage, {"swell": 1.0, "last": 1.0})
        assert not [span for span in found if "well" in passage[slice(*span)]]
        assert bool(found) == (passage != line)


def test_marks_go_by_the_passage_s_place_in_its_answer(highlighter: Highlighter) -> None:
    """What speaks for an answer's first sentences does not speak for those of a later passage."""
    texts = ["Cold helps.", "Rest helps.", "Heat helps.", "Salt helps."]
    first, later = (highlighter.scores(texts, {}, before=before, after=4) for before in (0, 12))
    assert first[0] - first[3] > later[0] - later[3]
    long, short = (highlighter.scores(texts, {}, before=12, after=after) for after in (40, 0))
    assert long != short
