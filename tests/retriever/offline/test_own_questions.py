"""Own questions: what is made of answers to calibrate by, where titles say nothing."""

from askdoc.models import Answer
from askdoc.retriever.offline.own_questions import own_questions

BODY = "Swelling fades in weeks. Is ice of any use? It calms the swelling, and the swelling fades sooner."


def rarity(stem: str) -> float:
    return 3.0 if stem.startswith(("swell", "fade")) else 1.0


def test_each_kind_is_used_in_turn() -> None:
    """Headline, a question within the text, key terms, first sentence."""
    answer = Answer("a", BODY, headline="Ice and patience")
    made = own_questions([answer] * 4, rarity)
    assert made[0] == "Ice and patience"
    assert made[1] == "Is ice of any use?"
    assert made[2].split()[:2] == ["swelling", "fades"]
    assert made[3] == "Swelling fades in weeks."


def test_what_is_missing_is_left_out() -> None:
    """An answer without a headline is asked about by the next kind; no answer, or an empty one, by nothing."""
    assert own_questions([Answer("a", BODY)], rarity) == ["Is ice of any use?"]
    assert own_questions([None, Answer("b", "…")], rarity) == ["", ""]
