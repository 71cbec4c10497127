"""The command line: ``askdoc index | ask | serve | embed | eval | verify | …``; heavy imports stand inside."""

import gc
import os
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from askdoc import __version__
from askdoc.cli import measure, upkeep
from askdoc.cli.embed import embed
from askdoc.cli.options import result, setting, settings
from askdoc.errors import AskdocError, UsageError

# Numpy's threads wait for one another in circles; what else runs has better use for the second core.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

EXIT_CODES = """\b
Exit codes:
  0    done
  1    it could not be done: no space, no permission, another build at work;
       or a stored question does not find its own page (eval --self)
  2    the command, an option or the question is wrong
  3    the corpus is invalid, or nothing in it can be used
  4    the index is missing, damaged, or made with another model
  5    no confident answer (ask --strict)
  130  stopped with Ctrl-C
  143  stopped with SIGTERM
"""
NO_CONFIDENT_ANSWER = 5
INTERRUPTED = 130
TERMINATED = 143


@contextmanager
def _without_collection() -> Iterator[None]:
    """A build makes millions of objects and no rings of them: to look for some takes a tenth of its time."""
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


@click.group(epilog=EXIT_CODES, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, message="askdoc %(version)s")
def commands() -> None:
    """Answer patients' questions with doctors' own words.

    Quotes the passages of a corpus that fit a question, word for word, each with its doctor, always with a
    disclaimer. Every option can also be set in the environment (ASKDOC_CORPUS …) or in askdoc.toml.
    """


@commands.command()
@setting("corpus", Path)
@setting("index", Path)
@setting("model")
@setting("device")
@click.option("--full", is_flag=True, help="Embed everything anew, whatever is known already.")
@click.option("--dry-run", is_flag=True, help="Only tell what would change. Nothing is written.")
@click.option("--strict", is_flag=True, help="Exit with 3 if anything in the corpus was rejected.")
@click.option("--json", "as_json", is_flag=True, help="Print the report as JSON.")
def index(*, full: bool, dry_run: bool, strict: bool, as_json: bool, **options: object) -> None:
    """Bring the index up to the corpus.

    The index that is served stays in use until the new one is whole. Stopped at any moment, nothing is lost:
    the next run goes on from there.
    """
    settled = settings(**options)
    from askdoc import bootstrap
    from askdoc.cli import show
    from askdoc.cli.progress import Progress

    if dry_run:
        plan = bootstrap.plan_index(settled)
        result(show.plan_document(plan)) if as_json else click.echo(show.plan(plan))
        raise SystemExit(3 if strict and plan.corpus.rejected else 0)
    with Progress(sys.stderr) as progress, _without_collection():
        report = bootstrap.build_index(settled, progress=progress, full=full)
    if as_json:
        result(show.report_document(report))
    else:
        click.echo(show.report(report))
    if strict and report.corpus.rejected:
        raise SystemExit(3)


@commands.command()
@click.argument("question", nargs=-1)
@setting("index", Path)
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
    from askdoc.cli import show
    from askdoc.models import Confidence

    shared = bootstrap.Shared(settled.country)
    responder = bootstrap.responder(bootstrap.open_generation(settled), shared=shared)
    reply = responder.reply(text, max_answers=max_answers, context=context)
    if as_json:
        result(reply.document())
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
@setting("index", Path)
@setting("model")
@setting("host")
@setting("port", int)
@setting("sites")
@setting("country")
def serve(**options: object) -> None:
    """Serve the chat page and the HTTP endpoint until Ctrl-C.

    A new index is taken up by itself within two seconds, without a restart.
    """
    settled = settings(**options)
    from askdoc import bootstrap
    from askdoc.server import create_app, run, widget

    desk = bootstrap.live(settled)
    app = create_app(desk, sites=widget.sites(settled.sites), country=settled.country)
    run.serve(desk, host=settled.host, port=settled.port, app=app, announce=click.echo)


@commands.command()
@setting("corpus", Path)
@setting("index", Path)
@setting("model")
@setting("host")
@setting("port", int)
@setting("country")
@click.option("--json", "as_json", is_flag=True, help="Print it as JSON.")
def info(*, as_json: bool, **options: object) -> None:
    """Show the settings, where each comes from, and what the index holds."""
    settled = settings(**options)
    from askdoc.cli import show

    document = show.info_document(settled)
    if as_json:
        result(document)
    else:
        click.echo(show.info(document))


commands.add_command(embed)
commands.add_command(measure.evaluate)
commands.add_command(upkeep.verify)
commands.add_command(upkeep.rollback)


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
    except _Terminated:
        click.echo("askdoc: stopped by SIGTERM. Nothing is lost.", err=True)
        code = TERMINATED
    sys.exit(code if isinstance(code, int) else 0)


class _Terminated(BaseException):
    """SIGTERM came: unwinds like Ctrl-C, so that what was begun is tidied up."""


def _terminated(_number: int, _frame: object) -> None:
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    raise _Terminated
