"""The command line's entry point: its commands and exit codes; what commands need is imported when they run."""

import io
import os
import signal
import sys

import click

from askdoc import __version__
from askdoc.cli import ask, evaluate, index, info, output, rollback, serve, verify, widget
from askdoc.errors import AskdocError
from askdoc.filename_escaping import readable

# Numpy's threads wait for one another in busy loops; what else runs has better use for the second core.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

EXIT_CODES = """\b
Exit codes:
  0    done
  1    it could not be done: no space, no permission, another build at work,
       an output that cannot be written; or a stored question does not find its own page (eval --self)
  2    the command, an option or the question is wrong
  3    the corpus is invalid, or nothing in it can be used
  4    the index is missing, damaged, or made with another model
  5    no confident answer (ask --strict)
  130  stopped with Ctrl-C
  143  stopped with SIGTERM
"""
INTERRUPTED = 130
TERMINATED = 143


@click.group(epilog=EXIT_CODES, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, message="askdoc %(version)s")
def commands() -> None:
    """Answer patients' questions with doctors' own words.

    Quotes the passages of a corpus that fit a question, word for word, each with its doctor, always with a
    disclaimer. Every option can also be set in the environment (such as ASKDOC_CORPUS) or in askdoc.toml.
    """


for command in (
    index.index,
    ask.ask,
    serve.serve,
    widget.widget,
    widget.embed,
    evaluate.evaluate,
    verify.verify,
    rollback.rollback,
    info.info,
):
    commands.add_command(command)


def main() -> None:
    """Run the command in the arguments, and end the process with its exit code."""
    output.prepare()
    signal.signal(signal.SIGTERM, _on_sigterm)
    sys.exit(_exit_code())


def _exit_code() -> int:
    """Run the command; whatever it raises becomes one sentence on standard error and an exit code."""
    stdout = sys.stdout
    try:
        code = commands.main(standalone_mode=False, prog_name="askdoc")
    except click.exceptions.Exit as stop:
        return stop.exit_code
    except click.ClickException as error:
        return _failed(_usage_error(error), error.exit_code)
    except output.ReaderGone as gone:
        return gone.exit_code
    except AskdocError as error:
        return _failed(f"askdoc: {error}", error.exit_code)
    except SystemExit:
        if sys.stdout is not stdout:  # click puts another in its place where the reader of `--help | head` has gone
            return output.ReaderGone.exit_code
        raise
    except (KeyboardInterrupt, click.Abort):
        signal.signal(signal.SIGINT, signal.SIG_DFL)  # who presses it again wants neither to wait nor a traceback
        return _failed("askdoc: stopped. Nothing is lost.", INTERRUPTED)
    except _Terminated:
        return _failed("askdoc: stopped by SIGTERM. Nothing is lost.", TERMINATED)
    except OSError as error:
        output.abandon()
        where = f" ({readable(str(error.filename))})" if error.filename else ""
        return _failed(f"askdoc: {error.strerror or error}{where}. Mend that and try again.", AskdocError.exit_code)
    return code if isinstance(code, int) else 0


def _failed(text: str, code: int) -> int:
    output.sentences(text)
    return code


def _usage_error(error: click.ClickException) -> str:
    """What click says of a wrong command, with its usage."""
    text = io.StringIO()
    error.show(text)
    return text.getvalue()


class _Terminated(BaseException):
    """Raised by SIGTERM: unwinds the stack like Ctrl-C, so that what was begun is tidied up."""


def _on_sigterm(_number: int, _frame: object) -> None:
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    raise _Terminated
