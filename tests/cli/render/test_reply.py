"""A reply in the terminal."""

from dataclasses import replace

import pytest

from askdoc import bootstrap
from askdoc.cli.render.reply import reply_text
from askdoc.cli.terminal import Glyphs
from askdoc.index.generation import Generation
from askdoc.models import NO_ANSWER_ADVICE, Confidence
from tests.server.doubles import GERMAN


def test_the_terminal_shows_the_notice_and_says_nothing_of_answers(tiny_index: Generation) -> None:
    """Title, text and numbers stand above the disclaimer."""
    text = reply_text(bootstrap.responder(tiny_index).reply(GERMAN), Glyphs())
    assert "Hier werden nur Fragen auf Englisch und Spanisch gelesen." in text
    assert text.index("call 911") < text.index("For educational use only")
    assert Confidence.NONE.sentence not in text
    assert NO_ANSWER_ADVICE.split(".")[0] not in text


@pytest.mark.parametrize(
    ("question", "confidence"),
    [("How long does a bruise last?", Confidence.STRONG), ("green tea teeth bruise", Confidence.PARTIAL)],
)
def test_the_terminal_says_how_the_answers_fit(tiny_index: Generation, question: str, confidence: Confidence) -> None:
    """The sentence stands before the first answer, and nothing is said of answers that are missing."""
    reply = replace(bootstrap.responder(tiny_index).reply(question, max_answers=1), confidence=confidence)
    text = " ".join(reply_text(reply, Glyphs()).split())
    assert text.startswith(f"{confidence.sentence[:-1]}: 1. ")
    assert NO_ANSWER_ADVICE not in text


def test_the_terminal_says_what_to_do_where_there_is_no_answer(tiny_index: Generation) -> None:
    """Silence must not be taken for good news."""
    text = " ".join(reply_text(bootstrap.responder(tiny_index).reply("zebra carburettor"), Glyphs()).split())
    assert text.startswith(f"{Confidence.NONE.sentence} {NO_ANSWER_ADVICE} ")
