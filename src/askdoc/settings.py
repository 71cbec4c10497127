"""All that can be set: an option comes before the environment, that before ``askdoc.toml``, that before the default."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from types import MappingProxyType
from typing import Any

from askdoc.countries import country_code
from askdoc.errors import UsageError
from askdoc.filenames import readable

DEFAULT_MODEL = "all-MiniLM-L6-v2"
DEFAULT_COUNTRY = "US"
SETTINGS_FILE = Path("askdoc.toml")


def _setting(default: object, help_text: str, *, decides: bool = False) -> Any:
    return field(default=default, metadata={"help": help_text, "decides": decides})


@dataclass(frozen=True, slots=True)
class Settings:
    """One immutable value, made once in the command line and passed down."""

    corpus: Path = _setting(Path("corpus"), "Folder with the pages to answer from.", decides=True)
    index: Path = _setting(Path("index"), "Folder that holds the built index.", decides=True)
    model: str = _setting(DEFAULT_MODEL, "Embedding model: the default, a hub name, or a folder.", decides=True)
    device: str = _setting("auto", "Where many texts are embedded: cpu, or auto, which takes a GPU if there is one.")
    host: str = _setting("127.0.0.1", "Address to serve on.")
    port: int = _setting(8000, "Port to serve on.")
    sites: str = _setting("none", "Sites that may embed the widget: origins with spaces between, *, or none.")
    prefix: str = _setting("/", "Path below which a proxy serves this, where it leaves that path on: /askdoc.")
    country: str = _setting(DEFAULT_COUNTRY, "Country, in two letters, whose numbers to call are shown.")
    origin: Mapping[str, str] = field(default_factory=dict, repr=False)
    """For each setting, where its value came from."""

    @classmethod
    def load(
        cls,
        options: Mapping[str, object],
        environ: Mapping[str, str],
        *,
        file: Path = SETTINGS_FILE,
    ) -> "Settings":
        """Settle every setting. Options of None count as not given; unknown names in ``file`` are refused.

        An empty variable counts as not given, too, but for what decides what is answered from: a variable that another
        was to fill must not end in other pages being served than were meant.
        """
        written = _read(file)
        values: dict[str, Any] = {}
        origin: dict[str, str] = {}
        for name, spec in names().items():
            variable = f"ASKDOC_{name.upper()}"
            if options.get(name) is not None:
                value, source = options[name], f"option --{name}"
            elif environ.get(variable, "").strip() or (variable in environ and name in _deciding()):
                value, source = environ[variable].strip(), f"environment {variable}"
            elif name in written:
                value, source = written[name], f"file {file}"
            else:
                value, source = spec, "default"
            values[name] = _convert(name, value, spec, source)
            origin[name] = source
        return cls(**values, origin=MappingProxyType(origin))

    def document(self) -> dict[str, dict[str, Any]]:
        """Every setting with its value and where that came from, as plain values."""
        return {
            name: {"value": _plain(getattr(self, name)), "from": self.origin.get(name, "default")} for name in names()
        }


def names() -> dict[str, Any]:
    """Name → default of everything that can be set, in the order of the help."""
    return {spec.name: spec.default for spec in fields(Settings) if "help" in spec.metadata}


def _deciding() -> set[str]:
    """The settings that decide what is answered from."""
    return {spec.name for spec in fields(Settings) if spec.metadata.get("decides")}


def help_text(name: str) -> str:
    """What a setting means, in one sentence."""
    return next(str(spec.metadata["help"]) for spec in fields(Settings) if spec.name == name)


def _plain(value: object) -> object:
    return readable(str(value)) if isinstance(value, Path) else value


def _read(file: Path) -> dict[str, Any]:
    try:
        written = tomllib.loads(file.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except OSError as error:
        raise UsageError(f"{file} cannot be read ({error.strerror}). Mend its permissions or remove it.") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise UsageError(f"{file} is not valid TOML: {error}. Correct it or remove it.") from None
    for name in written:
        if name not in names():
            raise UsageError(f"{file} sets '{name}', which is no setting. Use one of: {', '.join(names())}.")
    return written


def _convert(name: str, value: object, default: object, source: str) -> object:
    if isinstance(default, int):
        if isinstance(value, bool) or not str(value).strip().isdecimal() or not 0 <= int(str(value)) <= 65535:
            raise UsageError(f"{name} is {value!r} ({source}); give a whole number from 0 to 65535.")
        return int(str(value))
    if not isinstance(value, str | Path) or not str(value).strip() or "\0" in str(value):
        raise UsageError(f"{name} is {value!r} ({source}); give a text that is not empty, or leave it out.")
    if name == "country":
        return _country(str(value), source)
    if name != "corpus" and not _is_text(str(value)):  # askdoc opens pages itself; libraries open index and model
        raise UsageError(f"{name} is '{readable(str(value))}' ({source}), which is not UTF-8; give another name.")
    return Path(value) if isinstance(default, Path) else str(value)


def _is_text(value: str) -> bool:
    """Whether a value is UTF-8: bytes that are not arrive as half surrogate pairs."""
    return not any("\ud800" <= character <= "\udfff" for character in value)


def _country(value: str, source: str) -> str:
    try:
        return country_code(value)
    except UsageError as error:
        raise UsageError(f"country ({source}): {error}") from None
