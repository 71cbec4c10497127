"""Where a setting's value comes from."""

import os
from pathlib import Path

import pytest

from askdoc.errors import UsageError
from askdoc.settings import Settings, names

README = Path(__file__).resolve().parent.parent / "README.md"


def load(tmp_path: Path, options: dict[str, object] | None = None, environ: dict[str, str] | None = None) -> Settings:
    return Settings.load(options or {}, environ or {}, file=tmp_path / "askdoc.toml")


def test_an_option_comes_first_then_environment_then_file_then_default(tmp_path: Path) -> None:
    """Each source gives way to the one before it, and the value says where it is from."""
    (tmp_path / "askdoc.toml").write_text('port = 1\nhost = "0.0.0.0"\nmodel = "in-file"\n', encoding="utf-8")
    settings = load(tmp_path, {"port": 3, "model": None}, {"ASKDOC_PORT": "2", "ASKDOC_HOST": "::1"})
    assert (settings.port, settings.host, settings.model, settings.index) == (3, "::1", "in-file", Path("index"))
    assert settings.origin["port"] == "option --port"
    assert settings.origin["host"] == "environment ASKDOC_HOST"
    assert settings.origin["model"] == f"file {tmp_path / 'askdoc.toml'}"
    assert settings.origin["index"] == "default"


def test_an_empty_environment_variable_counts_as_unset(tmp_path: Path) -> None:
    """Container set-ups often define variables without a value."""
    assert load(tmp_path, environ={"ASKDOC_PORT": " "}).port == 8000


@pytest.mark.parametrize("name", ["corpus", "index", "model"])
@pytest.mark.parametrize("value", ["", " ", "\t"])
def test_what_decides_the_answers_is_never_empty(tmp_path: Path, name: str, value: str) -> None:
    """As an option, in the environment and in the file: an unset variable must not lead to other pages."""
    with pytest.raises(UsageError, match=rf"{name} is .* \(option --{name}\); give a text that is not empty"):
        load(tmp_path, {name: value})
    with pytest.raises(UsageError, match=rf"environment ASKDOC_{name.upper()}"):
        load(tmp_path, environ={f"ASKDOC_{name.upper()}": value})
    (tmp_path / "askdoc.toml").write_text(f'{name} = "{value}"', encoding="utf-8")
    with pytest.raises(UsageError, match=r"file .*askdoc\.toml"):
        load(tmp_path)


def test_a_path_with_a_nul_is_refused(tmp_path: Path) -> None:
    """No system has such a file, and Python raises where it is looked for."""
    (tmp_path / "askdoc.toml").write_text('corpus = "a\\u0000b"', encoding="utf-8")
    with pytest.raises(UsageError, match="corpus is"):
        load(tmp_path)


@pytest.mark.parametrize("name", ["index", "model", "host"])
def test_a_name_that_is_no_text_is_refused_where_libraries_take_it(tmp_path: Path, name: str) -> None:
    """Those that open index and model take UTF-8 alone."""
    with pytest.raises(UsageError, match=rf"{name} is 'caf\\xe9' .* not UTF-8"):
        load(tmp_path, {name: "caf\udce9"})


def test_a_path_is_shown_so_that_it_can_be_printed(tmp_path: Path) -> None:
    """A folder's name may be no text at all."""
    assert load(tmp_path, {"corpus": "caf\udce9"}).document()["corpus"]["value"] == r"caf\xe9"


@pytest.mark.parametrize("value", ["x", "-1", "70000", "8.5", True])
def test_a_port_that_is_none_is_refused(tmp_path: Path, value: object) -> None:
    """The message names the setting and where the value came from."""
    with pytest.raises(UsageError, match=r"port is .* \(option --port\)"):
        load(tmp_path, {"port": value})


@pytest.mark.parametrize(
    ("options", "environ", "source"),
    [
        ({"country": "Germany"}, {}, "option --country"),
        ({}, {"ASKDOC_COUNTRY": "germany"}, "environment ASKDOC_COUNTRY"),
    ],
)
def test_a_wrong_country_is_refused_with_its_source(
    tmp_path: Path, options: dict[str, object], environ: dict[str, str], source: str
) -> None:
    """At the start, before anything is asked."""
    with pytest.raises(UsageError, match=rf"country \({source}\): .*Did you mean DE\?"):
        Settings.load(options, environ, file=tmp_path / "askdoc.toml")


def test_a_wrong_country_in_the_file_is_refused(tmp_path: Path) -> None:
    """Like one on the command line."""
    (tmp_path / "askdoc.toml").write_text('country = "USA"\n', encoding="utf-8")
    with pytest.raises(UsageError, match=r"file .*Did you mean US\?"):
        Settings.load({}, {}, file=tmp_path / "askdoc.toml")


def test_a_country_is_kept_in_capitals(tmp_path: Path) -> None:
    """So that ``info`` shows what is meant."""
    assert Settings.load({"country": "gb"}, {}, file=tmp_path / "askdoc.toml").country == "GB"


@pytest.mark.parametrize(
    ("text", "words"),
    [("prot = 1", "'prot', which is no setting"), ("port = [", "not valid TOML"), ('host = ""', "not empty")],
)
def test_a_wrong_file_is_refused_with_its_fault(tmp_path: Path, text: str, words: str) -> None:
    """A typo in askdoc.toml is never passed over."""
    (tmp_path / "askdoc.toml").write_text(text, encoding="utf-8")
    with pytest.raises(UsageError, match=words):
        load(tmp_path)


def test_the_readme_names_every_setting() -> None:
    """A setting that nobody can find does not exist."""
    text = README.read_text(encoding="utf-8")
    assert not [name for name in names() if f"ASKDOC_{name.upper()}" not in text]


@pytest.mark.parametrize("value", ["0", "65", "-1", "two", "1.5", "AUTO "])
def test_a_number_of_workers_that_cannot_be_is_refused(tmp_path: Path, value: str) -> None:
    """With where it came from and what may stand there."""
    with pytest.raises(UsageError, match=r"workers is .*environment ASKDOC_WORKERS.*1 to 64, or auto"):
        load(tmp_path, environ={"ASKDOC_WORKERS": value})


def test_as_many_workers_as_cores_can_be_had(tmp_path: Path) -> None:
    """Those that this process may use; one is the default."""
    (tmp_path / "askdoc.toml").write_text('workers = "auto"', encoding="utf-8")
    assert load(tmp_path).workers == len(os.sched_getaffinity(0))
    assert load(tmp_path, {"workers": "3"}).workers == 3
    assert Settings.load({}, {}, file=tmp_path / "none.toml").workers == 1
