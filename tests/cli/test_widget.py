"""The command that prints the widget's lines, and its former name."""

import base64
import hashlib
import re
from pathlib import Path

import pytest
from click.testing import CliRunner

from askdoc.cli.main import commands
from askdoc.cli.widget import RENAMED
from askdoc.errors import UsageError
from tests.cli.commands import run
from tests.server.doubles import LOADER


@pytest.mark.parametrize(
    ("url", "src"),
    [
        ("https://answers.example/askdoc/", "https://answers.example/askdoc/widget/v1/askdoc.js"),
        ("https://answers.example", "https://answers.example/widget/v1/askdoc.js"),
        ("http://[::1]:8000", "http://[::1]:8000/widget/v1/askdoc.js"),
        ("/askdoc", "/askdoc/widget/v1/askdoc.js"),
    ],
)
def test_the_address_is_below_the_prefix(url: str, src: str) -> None:
    """With one slash between the address given and the widget's own path."""
    assert f'src="{src}"' in CliRunner().invoke(commands, ["widget", "--url", url]).stdout


@pytest.mark.parametrize(
    "url", ["answers.example", "//answers.example", "https://", 'https://a.example/"><b>', "ftp://a"]
)
def test_what_a_page_could_not_load_from_is_refused(url: str) -> None:
    """With a sentence that shows what to give."""
    done = CliRunner().invoke(commands, ["widget", "--url", url])
    assert isinstance(done.exception, UsageError)
    assert "such as https://answers.example/askdoc" in str(done.exception)


def test_an_ipv6_address_stands_in_brackets() -> None:
    """As addresses of the web have it."""
    assert 'src="http://[::1]:8000/' in CliRunner().invoke(commands, ["widget", "--host", "::1"]).stdout


def test_the_line_has_the_loaders_hash() -> None:
    """The hash is the loader's, the address the one given; what it means goes to standard error."""
    done = CliRunner().invoke(commands, ["widget", "--url", "https://answers.example/"])
    digest = base64.b64encode(hashlib.sha384(LOADER.read_bytes()).digest()).decode()
    assert done.stdout == (
        '<script type="module" src="https://answers.example/widget/v1/askdoc.js" '
        f'integrity="sha384-{digest}" crossorigin="anonymous" data-launcher></script>\n'
    )
    assert "--sites" in done.stderr
    assert "After an upgrade" in done.stderr


def test_the_hash_and_the_launcher_can_be_left_out() -> None:
    """The two choices, and the address of the settings."""
    done = CliRunner().invoke(commands, ["widget", "--inline", "--no-integrity", "--port", "9"])
    assert done.stdout.splitlines() == [
        "<askdoc-chat></askdoc-chat>",
        '<script type="module" src="http://127.0.0.1:9/widget/v1/askdoc.js"></script>',
    ]


def test_the_country_is_the_servers_to_say() -> None:
    """The line is the same for every country: whom to call comes from the server."""
    lines = [CliRunner().invoke(commands, ["widget", "--country", country]) for country in ("US", "GB")]
    assert lines[0].stdout == lines[1].stdout
    assert "askdoc serve --country GB" in lines[1].stderr
    assert "--country" not in lines[0].stderr


OPTIONS = [
    [],
    ["--inline", "--no-integrity", "--port", "9"],
    ["--url", "https://answers.example/askdoc", "--country", "GB"],
    ["--host", "::1"],
]


@pytest.mark.parametrize("options", OPTIONS)
def test_the_former_name_prints_the_same_lines_and_says_the_new_one(options: list[str]) -> None:
    """With every option; on standard error one sentence comes before those of the command itself."""
    now, former = (CliRunner().invoke(commands, [name, *options]) for name in ("widget", "embed"))
    assert (former.exit_code, former.stdout) == (now.exit_code, now.stdout) == (0, former.stdout)
    assert former.stderr == f"{RENAMED}\n{now.stderr}"
    assert "askdoc embed is now called askdoc widget" in RENAMED


@pytest.mark.parametrize(("options", "code"), [(["--url", "ftp://a"], 2), (["--country", "XX"], 2), (["--nope"], 2)])
def test_the_former_name_refuses_what_the_new_one_refuses(options: list[str], code: int, tmp_path: Path) -> None:
    """With the same exit code and the same last sentence."""
    now, former = (run(name, *options, cwd=tmp_path) for name in ("widget", "embed"))
    assert (former.returncode, former.stdout) == (now.returncode, now.stdout) == (code, "")
    assert former.stderr.splitlines()[-1] == now.stderr.splitlines()[-1]


def test_the_former_name_helps_with_the_same_options() -> None:
    """Whoever looks it up finds what it is called now."""
    now, former = (CliRunner().invoke(commands, [name, "--help"]).stdout for name in ("widget", "embed"))
    assert former[former.index("Options:") :] == now[now.index("Options:") :]
    assert "askdoc widget" in former


def test_the_group_lists_the_new_name_alone() -> None:
    """The former one still works and is not offered."""
    listed = re.findall(r"^  (\w+)  ", CliRunner().invoke(commands, ["--help"]).stdout, re.MULTILINE)
    assert "widget" in listed
    assert "embed" not in listed
