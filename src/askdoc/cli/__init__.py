"""The command line: ``askdoc index | ask | serve | info``. Heavy imports stand inside the commands."""

import json
import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from askdoc import __version__
from askdoc.errors import AskdocError, UsageError
from askdoc.settings import Settings, help_text

EXIT_CODES = """\b
Exit codes:
  0    done
  1    it could not be done: no space, no permission, another build at work
  2    the command, an option or the question is wrong
  3    the corpus is invalid, or nothing in it can be used
  4    the index is missing, damaged, or made with another model
  5    no confident answer (ask --strict)
  130  stopped with Ctrl-C
"""
NO_CONFIDENT_ANSWER = 5
INTERRUPTED = 130
TERMINATED = 143


@click.group(epilog=EXIT_CODES, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, message="askdoc %(version)s")
def commands() -> None:
    """Answer patients' questions with doctors' own words.

    Quotes the passages of a corpus that fit a question, word for word, each with its doctor, always with a
    disclaimer. Every option can also be set in the environment (ASKDOC_CORPUS …) or in askdoc.toml.
    """


def _setting(name: str, kind: Any = str) -> Callable[[Any], Any]:
    text = f"{help_text(name)} [ASKDOC_{name.upper()}]"
    return click.option(f"--{name}", type=kind, default=None, metavar=name.upper(), help=text)


def _settings(**options: object) -> Settings:
    return Settings.load(options, os.environ)


def _result(document: object) -> None:
    click.echo(json.dumps(document, ensure_ascii=False, indent=2))


@commands.command()
@_setting("corpus", Path)
@_setting("index", Path)
@_setting("model")
@click.option("--full", is_flag=True, help="Embed everything anew, whatever is known already.")
@click.option("--strict", is_flag=True, help="Exit with 3 if anything in the corpus was rejected.")
@click.option("--json", "as_json", is_flag=True, help="Print the report as JSON.")
def index(*, full: bool, strict: bool, as_json: bool, **options: object) -> None:
    """Bring the index up to the corpus.

    The index that is served stays in use until the new one is whole. Stopped at any moment, nothing is lost:
    the next run goes on from there.
    """
    settings = _settings(**options)
    from askdoc import bootstrap
    from askdoc.cli import show
    from askdoc.cli.progress import Progress

    with Progress(sys.stderr) as progress:
        report = bootstrap.build_index(settings, progress=progress, full=full)
    if as_json:
        _result(show.report_document(report))
    else:
        click.echo(show.report(report))
    if strict and report.corpus.rejected:
        raise SystemExit(3)


@commands.command()
@click.argument("question", nargs=-1)
@_setting("index", Path)
@_setting("model")
@click.option("--max-answers", type=click.IntRange(1, 20), default=3, show_default=True, help="How many answers.")
@click.option("--json", "as_json", is_flag=True, help="Print the whole reply as JSON.")
@click.option("--strict", is_flag=True, help="Exit with 5 if there is no confident answer.")
def ask(question: tuple[str, ...], *, max_answers: int, as_json: bool, strict: bool, **options: object) -> None:
    """Ask a QUESTION and print the passages that fit it.

    Without a QUESTION, or with "-", it is read from standard input: then it stays out of the shell's history.
    """
    settings = _settings(**options)
    from askdoc.responder import cleaned

    text = cleaned(_asked(question))
    from askdoc import bootstrap
    from askdoc.cli import show
    from askdoc.models import Confidence

    reply = bootstrap.responder(bootstrap.open_generation(settings)).reply(text, max_answers=max_answers)
    if as_json:
        _result(reply.document())
    else:
        click.echo(show.reply(reply))
    if strict and reply.confidence is Confidence.NONE:
        raise SystemExit(NO_CONFIDENT_ANSWER)


def _asked(words: tuple[str, ...]) -> str:
    if words and words != ("-",):
        return " ".join(words)
    stream = sys.stdin
    if stream.isatty():
        click.echo("Your question (end with Ctrl-D):", err=True)
    try:
        return stream.read(100_000)
    except UnicodeDecodeError:
        raise UsageError("The question is not UTF-8. Send it as plain text.") from None


@commands.command()
@_setting("index", Path)
@_setting("model")
@_setting("host")
@_setting("port", int)
def serve(**options: object) -> None:
    """Serve the chat page and the HTTP endpoint until Ctrl-C.

    A new index is taken up by itself within two seconds, without a restart.
    """
    settings = _settings(**options)
    from askdoc import bootstrap
    from askdoc.server import run

    run.serve(bootstrap.live(settings), host=settings.host, port=settings.port, announce=click.echo)


@commands.command()
@_setting("corpus", Path)
@_setting("index", Path)
@_setting("model")
@_setting("host")
@_setting("port", int)
@click.option("--json", "as_json", is_flag=True, help="Print it as JSON.")
def info(*, as_json: bool, **options: object) -> None:
    """Show the settings, where each comes from, and what the index holds."""
    settings = _settings(**options)
    from askdoc.cli import show

    document = show.info_document(settings)
    if as_json:
        _result(document)
    else:
        click.echo(show.info(document))


def main() -> None:
    """Run a command and turn what it raises into one sentence and an exit code."""
    signal.signal(signal.SIGTERM, _terminated)
    try:
        code = commands.main(standalone_mode=False, prog_name="askdoc")
        sys.stdout.flush()
    except click.exceptions.Exit as stop:
        code = stop.exit_code
    except click.ClickException as error:
        error.show()
        code = error.exit_code
    except AskdocError as error:
        click.echo(f"askdoc: {error}", err=True)
        code = error.exit_code
    except (KeyboardInterrupt, click.Abort):
        click.echo("askdoc: stopped. Nothing is lost.", err=True)
        code = INTERRUPTED
    except BrokenPipeError:
        # The reader of our output has gone (`| head`); leave quietly, and let nothing be flushed into the pipe.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        code = 0
    sys.exit(code if isinstance(code, int) else 0)


def _terminated(number: int, frame: object) -> None:
    sys.exit(TERMINATED)
