"""Countries: whom to call in each, from a table of official numbers, and what is a country's code."""

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
"""What a country can have lines for, in the order in which they are shown."""
# What people write for a country; ISO 3166 gives the other names.
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
    """The numbers of one country; ``emergency`` is None where the country is not in the table."""

    code: str
    emergency: str | None
    source: str
    languages: tuple[str, ...]
    """What is spoken there, beside English, by most of those who may ask in another language."""
    by_topic: Mapping[str, tuple[Contact, ...]]

    @classmethod
    def find(cls, text: str) -> "Country":
        """The country of an ISO 3166 code; for one outside the table nothing is invented. Raises UsageError."""
        code = country_code(text)
        entry = numbers().get(code)
        if entry is None:
            return cls(code, None, "", (), {})
        lines = {topic: tuple(Contact(**line) for line in entry[topic]) for topic in TOPICS if topic in entry}
        return cls(code, entry["emergency"], entry["source"], tuple(entry.get("languages", ())), lines)

    @property
    def crisis_line(self) -> str | None:
        """The first line that can be called in a crisis."""
        return next((line.call for line in self.by_topic.get("crisis", ()) if line.call), None)

    def lines(self, *topics: str) -> tuple[Contact, ...]:
        """The lines for the topics, in the topics' order."""
        return tuple(line for topic in topics for line in self.by_topic.get(topic, ()))


@cache
def numbers() -> Mapping[str, Any]:
    """The table: for each code the emergency number, the lines and the pages that state them."""
    table = files("askdoc") / "safety" / "data" / "contacts.toml"
    return tomllib.loads(table.read_text(encoding="utf-8"))


def country_code(text: str) -> str:
    """The code of ISO 3166 in capitals. Raises UsageError for what is none, with the code that may be meant."""
    code = text.strip().upper()
    if code in countries_by_alpha2:
        return code
    meant = _meant(code)
    hint = f"Did you mean {meant}? " if meant else ""
    raise UsageError(
        f"'{text.strip()}' is no country's code. Numbers to call are known for {', '.join(sorted(numbers()))}; any "
        f"other country gets '{LOCAL_NUMBER}'. {hint}Give the two letters of ISO 3166."
    )


def _meant(name: str) -> str | None:
    """The code of a country that was named in another way."""
    if name in countries_by_alpha3:
        return countries_by_alpha3[name].alpha2
    names = {country.name.upper(): country.alpha2 for country in countries_by_alpha2.values()} | _CUSTOMARY
    near = get_close_matches(name, names, n=1, cutoff=0.85)
    return names[near[0]] if near else None
