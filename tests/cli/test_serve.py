"""The command that serves refuses what it could not serve."""

from pathlib import Path

from click.testing import CliRunner

from askdoc.cli.main import commands
from askdoc.errors import UsageError
from tests.cli.commands import run


def test_serve_refuses_to_start_without_an_index(tmp_path: Path) -> None:
    """Better no server than one that has nothing to say."""
    done = run("serve", "--port", "0", cwd=tmp_path)
    assert (done.returncode, "There is no index" in done.stderr) == (4, True)


def test_a_site_that_cannot_ask_keeps_the_server_from_starting() -> None:
    """Exit code 2 and one sentence, before anything is loaded."""
    done = CliRunner().invoke(commands, ["serve", "--sites", "https://clinic.example/page"])
    assert isinstance(done.exception, UsageError)
    assert "leave out the rest" in str(done.exception)
