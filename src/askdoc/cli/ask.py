"""The command ``askdoc ask``: asks a question and prints the reply."""

import sys
from typing import TYPE_CHECKING

import click

from askdoc.cli import garbage_collection, output
from askdoc.cli.options import load_settings, setting_option
from askdoc.errors import UsageError
from askdoc.settings import Settings

if TYPE_CHECKING:
    from askdoc.models import Reply

NOT_TEXT = "The question is not UTF-8. Send it as plain text."
NO_CONFIDENT_ANSWER = 5
"""The exit code of --strict."""
MAX_CHARACTERS = 100_000
"""Characters that are read from standard input; a question is far shorter, and is told so."""


@click.command()
@click.argument("question", nargs=-1)
@setting_option("index")
@setting_option("model")
@setting_option("country")
@click.option("--context", multiple=True, metavar="QUESTION", help="A question asked before; repeat, oldest first.")
@click.option("--max-answers", type=click.IntRange(1, 20), default=3, show_default=True, help="How many answers.")
@click.option("--json", "as_json", is_flag=True, help="Print the whole reply as JSON.")
@click.option("--strict", is_flag=True, help="Exit with 5 if there is no confident answer.")
def ask(
    question: tuple[str, ...],
    *,
    context: tuple[str, ...],
    max_answers: int,
    as_json: bool,
    strict: bool,
    **options: object,
) -> None:
    """Ask a QUESTION and print the passages that fit it.

    Without a QUESTION, or with "-", it is read from standard input: then it stays out of the shell's history.
    """
    settings = load_settings(**options)
    with garbage_collection.paused():
        reply = _reply(settings, question, context=context, max_answers=max_answers)
        _print(reply, as_json=as_json)
    if strict and not reply.answers:
        raise SystemExit(NO_CONFIDENT_ANSWER)


def _reply(settings: Settings, question: tuple[str, ...], *, context: tuple[str, ...], max_answers: int) -> "Reply":
    from askdoc.responder import cleaned

    text = cleaned(_question_text(question))  # refused before the index is opened, which takes longer
    from askdoc import bootstrap

    shared = bootstrap.Shared(settings.country)
    responder = bootstrap.responder(bootstrap.open_generation(settings), shared=shared)
    return responder.reply(text, max_answers=max_answers, context=[_checked_text(earlier) for earlier in context])


def _print(reply: "Reply", *, as_json: bool) -> None:
    from askdoc.cli.render.reply import reply_text

    if as_json:
        output.document(reply.document())
    else:
        output.line(reply_text(reply, output.glyphs(sys.stdout)))


def _question_text(words: tuple[str, ...]) -> str:
    """The question from the arguments, or from standard input where there is none."""
    if words and words != ("-",):
        return _checked_text(" ".join(words))
    stream = sys.stdin
    if stream is None:
        raise UsageError('There is no standard input to read a question from. Write it behind: askdoc ask "…"')
    if stream.isatty():
        output.sentence("Your question (end with Ctrl-D):")
    try:
        return _checked_text(stream.read(MAX_CHARACTERS)).removeprefix("\ufeff")
    except UnicodeDecodeError:
        raise UsageError(NOT_TEXT) from None
    except OSError as error:
        raise UsageError(
            f'The question cannot be read from standard input ({error.strerror}). Write it behind: askdoc ask "…"'
        ) from None


def _checked_text(text: str) -> str:
    """The text as it is. Raises UsageError for bytes that are not UTF-8, which arrive as half surrogate pairs."""
    if any("\ud800" <= character <= "\udfff" for character in text):
        raise UsageError(NOT_TEXT)
    return text
