"""A reply in the terminal."""

from askdoc import bootstrap
from askdoc.cli.render.reply import reply_text
from askdoc.cli.terminal import Glyphs
from askdoc.index.generation import Generation
from tests.server.doubles import GERMAN


def test_the_terminal_shows_the_notice_and_says_nothing_of_answers(tiny_index: Generation) -> None:
    """Title, text and numbers stand above the disclaimer."""
    text = reply_text(bootstrap.responder(tiny_index).reply(GERMAN), Glyphs())
    assert "Hier werden nur Fragen auf Englisch und Spanisch gelesen." in text
    assert text.index("call 911") < text.index("For educational use only")
    assert "No answer here fits" not in text


def test_the_terminal_shows_no_title_that_says_nothing(partly_titled: Generation) -> None:
    """Words that say so stand in its place."""
    text = reply_text(bootstrap.responder(partly_titled).reply("A jaw that clicks needs rest?"), Glyphs())
    assert "1. No title\n" in text
    assert "Question 7" not in text
