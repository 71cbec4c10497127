"""Weights of the words of a message."""

from askdoc.index.bm25 import InvertedIndex, Tokenizer
from askdoc.retriever.term_weights import TermWeights

TOKENIZER = Tokenizer()


def test_filler_weighs_less_than_what_is_asked_about() -> None:
    """Thanks and greetings do not matter; the condition does."""
    body = InvertedIndex.build([TOKENIZER(text) for text in ("rosacea treatment", "hope health", "skin", "acne")] * 5)
    found = TermWeights.shipped().weigh(
        "Hello dear doctor, I hope you are well. What is the treatment for rosacea? Regards",
        tokenizer=TOKENIZER,
        body=body,
        title=body,
    )
    assert max(found, key=lambda stem: found[stem]) in {"rosacea", "treatment"}
    assert found["rosacea"] > found["dear"]
    assert found["rosacea"] > found["regard"]


def test_a_message_without_words_has_no_terms() -> None:
    """Function words alone leave nothing to weigh."""
    body = InvertedIndex.build([[]])
    assert TermWeights.shipped().weigh("what is it?", tokenizer=TOKENIZER, body=body, title=body) == {}
