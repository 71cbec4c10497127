"""The settings: an option wins over the environment, that over ``askdoc.toml``, that over the default."""

import os
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from types import MappingProxyType
from typing import Any

from askdoc.countries import country_code
from askdoc.errors import UsageError
from askdoc.filename_escaping import readable

DEFAULT_MODEL = "all-MiniLM-L6-v2"
DEFAULT_COUNTRY = "US"
SETTINGS_FILE = Path("askdoc.toml")
"""In the working directory."""
HIGHEST_PORT = 65535
MOST_WORKERS = 64


def _setting(default: object, help_text: str, *, never_empty: bool = False) -> Any:
    """A setting; with ``never_empty``, an empty environment variable is refused instead of passed over."""
    return field(default=default, metadata={"help": help_text, "never_empty": never_empty})


@dataclass(frozen=True, slots=True)
class Settings:
    """All settings, made once in the command line and passed down. The help text of each says what it means."""

    corpus: Path = _setting(Path("corpus"), "Folder with the pages to answer from.", never_empty=True)
    index: Path = _setting(Path("index"), "Folder that holds the built index.", never_empty=True)
    model: str = _setting(DEFAULT_MODEL, "Embedding model: the default, a hub name, or a folder.", never_empty=True)
    device: str = _setting("auto", "Where many texts are embedded: cpu, or auto, which takes a GPU if there is one.")
    host: str = _setting("127.0.0.1", "Address to serve on.")
    port: int = _setting(8000, "Port to serve on.")
    sites: str = _setting("none", "Sites that may embed the widget: origins with spaces between, *, or none.")
    prefix: str = _setting("/", "Path below which a proxy serves this, where it leaves that path on: /askdoc.")
    workers: int = _setting(1, "Processes that answer on the port: a number, or auto for one on each core.")
    country: str = _setting(DEFAULT_COUNTRY, "Country, in two letters, whose numbers to call are shown.")
    origin: Mapping[str, str] = field(default_factory=dict, repr=False)
    """Where each setting's value came from, such as ``environment ASKDOC_PORT``."""

    @classmethod
    def load(
        cls,
        options: Mapping[str, object],
        environ: Mapping[str, str],
        *,
        file: Path = SETTINGS_FILE,
    ) -> "Settings":
        """Load the settings from options, environment and ``file``; an option of None is one that was not given.

        An empty environment variable is one that was not set, except for the settings that decide which pages are
        answered from (``corpus``, ``index``, ``model``): where such a variable was to be filled from another that is
        missing, the default would silently serve other pages than were meant.

        Raises UsageError for a value that is no good, and for a name in ``file`` that is no setting.
        """
        in_file = _read(file)
        values: dict[str, Any] = {}
        origin: dict[str, str] = {}
        for name, default in names().items():
            variable = f"ASKDOC_{name.upper()}"
            if options.get(name) is not None:
                value, source = options[name], f"option --{name}"
            elif environ.get(variable, "").strip() or (variable in environ and name in _never_empty()):
                value, source = environ[variable].strip(), f"environment {variable}"
            elif name in in_file:
                value, source = in_file[name], f"file {file}"
            else:
                value, source = default, "default"
            values[name] = _validated(name, value, default, source)
            origin[name] = source
        return cls(**values, origin=MappingProxyType(origin))

    def document(self) -> dict[str, dict[str, Any]]:
        """Every setting's value and where it came from, as plain values."""
        return {
            name: {"value": _plain(getattr(self, name)), "from": self.origin.get(name, "default")} for name in names()
        }


def names() -> dict[str, Any]:
    """Default by name of every setting, in the order of the help."""
    return {setting.name: setting.default for setting in fields(Settings) if "help" in setting.metadata}


def _never_empty() -> set[str]:
    """The settings that decide which pages are answered from."""
    return {setting.name for setting in fields(Settings) if setting.metadata.get("never_empty")}


def help_text(name: str) -> str:
    """The meaning of a setting, in one sentence."""
    return next(str(setting.metadata["help"]) for setting in fields(Settings) if setting.name == name)


def _plain(value: object) -> object:
    """A value as JSON holds it."""
    return readable(str(value)) if isinstance(value, Path) else value


def _read(file: Path) -> dict[str, Any]:
    """Read a settings file; empty where there is none. Raises UsageError."""
    try:
        values: dict[str, Any] = tomllib.loads(file.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except OSError as error:
        raise UsageError(f"{file} cannot be read ({error.strerror}). Mend its permissions or remove it.") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise UsageError(f"{file} is not valid TOML: {error}. Correct it or remove it.") from None
    for name in values:
        if name not in names():
            raise UsageError(f"{file} sets '{name}', which is no setting. Use one of: {', '.join(names())}.")
    return values


def _validated(name: str, value: object, default: object, source: str) -> object:
    """A setting's value in the type of its default. Raises UsageError that names the source."""
    if name == "workers":
        return _workers(value, source)
    if isinstance(default, int):
        if isinstance(value, bool) or not str(value).strip().isdecimal() or not 0 <= int(str(value)) <= HIGHEST_PORT:
            raise UsageError(f"{name} is {value!r} ({source}); give a whole number from 0 to {HIGHEST_PORT}.")
        return int(str(value))
    if not isinstance(value, str | Path) or not str(value).strip() or "\0" in str(value):
        raise UsageError(f"{name} is {value!r} ({source}); give a text that is not empty, or leave it out.")
    if name == "country":
        return _country(str(value), source)
    if name != "corpus" and not _is_utf8(str(value)):  # libraries that open index and model take only UTF-8
        raise UsageError(f"{name} is '{readable(str(value))}' ({source}), which is not UTF-8; give another name.")
    return Path(value) if isinstance(default, Path) else str(value)


def _workers(value: object, source: str) -> int:
    """The number of workers. Raises UsageError that names the source."""
    if value == "auto":
        return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    if isinstance(value, bool) or not str(value).strip().isdecimal() or not 1 <= int(str(value)) <= MOST_WORKERS:
        raise UsageError(f"workers is {value!r} ({source}); give a whole number from 1 to {MOST_WORKERS}, or auto.")
    return int(str(value))


def _is_utf8(value: str) -> bool:
    """Whether a value is UTF-8: Python holds other bytes as lone surrogates."""
    return not any("\ud800" <= character <= "\udfff" for character in value)


def _country(value: str, source: str) -> str:
    """The country's code. Raises UsageError that names the source."""
    try:
        return country_code(value)
    except UsageError as error:
        raise UsageError(f"country ({source}): {error}") from None
