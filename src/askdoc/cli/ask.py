"""The command that asks a question."""

import sys

import click

from askdoc.cli import output
from askdoc.cli.options import setting, settings
from askdoc.errors import UsageError

NO_TEXT = "The question is not UTF-8. Send it as plain text."
NO_CONFIDENT_ANSWER = 5


@click.command()
@click.argument("question", nargs=-1)
@setting("index")
@setting("model")
@setting("country")
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
    settled = settings(**options)
    from askdoc.responder import cleaned

    text = cleaned(_asked(question))
    from askdoc import bootstrap
    from askdoc.cli import render
    from askdoc.models import Confidence

    shared = bootstrap.Shared(settled.country)
    responder = bootstrap.responder(bootstrap.open_generation(settled), shared=shared)
    reply = responder.reply(text, max_answers=max_answers, context=[_whole(before) for before in context])
    if as_json:
        output.document(reply.document())
    else:
        output.line(render.reply(reply, output.marks(sys.stdout)))
    if strict and reply.confidence is Confidence.NONE:
        raise SystemExit(NO_CONFIDENT_ANSWER)


def _asked(words: tuple[str, ...]) -> str:
    if words and words != ("-",):
        return _whole(" ".join(words))
    stream = sys.stdin
    if stream is None:
        raise UsageError('There is no standard input to read a question from. Write it behind: askdoc ask "…"')
    if stream.isatty():
        output.sentence("Your question (end with Ctrl-D):")
    try:
        return _whole(stream.read(100_000)).removeprefix("\ufeff")
    except UnicodeDecodeError:
        raise UsageError(NO_TEXT) from None
    except OSError as error:
        raise UsageError(
            f'The question cannot be read from standard input ({error.strerror}). Write it behind: askdoc ask "…"'
        ) from None


def _whole(text: str) -> str:
    """A text from the command line or standard input; bytes that are no text arrive as half surrogate pairs."""
    if any("\ud800" <= character <= "\udfff" for character in text):
        raise UsageError(NO_TEXT)
    return text
