"""Looks up whom to call in a country, in a table of official numbers."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache
from importlib.resources import files
from typing import Any

from iso3166 import countries_by_alpha2, countries_by_alpha3

from askdoc.errors import UsageError
from askdoc.models import LOCAL_NUMBER, Contact

TOPICS = ("crisis", "poison", "violence")
"""What a country can have helplines for, in the order in which they are shown."""
# Names that people write for a country beside those of ISO 3166.
_CUSTOMARY = {
    "UK": "GB", "ENGLAND": "GB", "SCOTLAND": "GB", "WALES": "GB", "NORTHERN IRELAND": "GB", "BRITAIN": "GB",
    "GREAT BRITAIN": "GB", "UNITED KINGDOM": "GB", "AMERICA": "US", "UNITED STATES": "US", "U.S.": "US", "U.S.A.": "US",
    "EIRE": "IE", "REPUBLIC OF IRELAND": "IE", "HOLLAND": "NL", "DEUTSCHLAND": "DE", "ESPAÑA": "ES", "MÉXICO": "MX",
    "BRASIL": "BR", "BHARAT": "IN", "AOTEAROA": "NZ", "RUSSIA": "RU", "SOUTH KOREA": "KR", "VIETNAM": "VN",
    "IRAN": "IR", "TURKEY": "TR", "EL": "GR", "TAIWAN": "TW", "BOLIVIA": "BO", "VENEZUELA": "VE", "TANZANIA": "TZ",
    "CZECH REPUBLIC": "CZ",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Country:
    """The numbers to call in one country."""

    code: str
    """Two capital letters, by ISO 3166."""
    emergency: str | None
    """The emergency number; None where the country is not in the table."""
    source: str
    """The official pages that state the numbers; empty where the country is not in the table."""
    languages: tuple[str, ...]
    """Codes of the languages, beside English, that people there most likely ask in."""
    by_topic: Mapping[str, tuple[Contact, ...]]
    """Helplines by topic (``TOPICS``)."""

    @classmethod
    def find(cls, text: str) -> "Country":
        """Find a country by its ISO 3166 code; one outside the table has no numbers. Raises UsageError for no code."""
        code = country_code(text)
        entry = numbers().get(code)
        if entry is None:
            return cls(code, None, "", (), {})
        lines = {topic: tuple(Contact(**line) for line in entry[topic]) for topic in TOPICS if topic in entry}
        return cls(code, entry["emergency"], entry["source"], tuple(entry.get("languages", ())), lines)

    @property
    def crisis_line(self) -> str | None:
        """The number of the first crisis line that can be called; None where there is none."""
        return next((line.call for line in self.by_topic.get("crisis", ()) if line.call), None)

    def lines(self, *topics: str) -> tuple[Contact, ...]:
        """The helplines for some topics, in the order of the topics."""
        return tuple(line for topic in topics for line in self.by_topic.get(topic, ()))


@cache
def numbers() -> Mapping[str, Any]:
    """The table by country code: emergency number, helplines, and the pages that state them."""
    table = files("askdoc") / "safety" / "data" / "contacts.toml"
    return tomllib.loads(table.read_text(encoding="utf-8"))


def country_code(text: str) -> str:
    """Check an ISO 3166 code; the same in capitals. Raises UsageError that suggests the code that may be meant."""
    code = text.strip().upper()
    if code in countries_by_alpha2:
        return code
    suggestion = _suggested(code)
    hint = f"Did you mean {suggestion}? " if suggestion else ""
    raise UsageError(
        f"'{text.strip()}' is no country's code. Numbers to call are known for {', '.join(sorted(numbers()))}; any "
        f"other country gets '{LOCAL_NUMBER}'. {hint}Give the two letters of ISO 3166."
    )


def _suggested(name: str) -> str | None:
    """The two-letter code for a three-letter code or a country's name, also a misspelt one; None for others."""
    if name in countries_by_alpha3:
        return countries_by_alpha3[name].alpha2
    names = {country.name.upper(): country.alpha2 for country in countries_by_alpha2.values()} | _CUSTOMARY
    closest = get_close_matches(name, names, n=1, cutoff=0.85)
    return names[closest[0]] if closest else None
