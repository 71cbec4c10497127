"""Puts what the gate found into words: a notice in the question's language, with a country's numbers."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self

from askdoc.countries import Country
from askdoc.models import Contact, Level, Notice
from askdoc.safety.table import Table, shipped

_KINDS = {"violence": "violence", "poison": "poison", "overdose": "poison"}
"""Topics of an emergency that have words of their own."""
_TAKEN = frozenset(_KINDS) - {"violence"}
"""Topics where something was done to the body already: the ambulance comes before the line to talk to."""


@dataclass(frozen=True, slots=True)
class Finding:
    """What the gate saw, before it is put into words."""

    level: Level | None
    topics: tuple[str, ...] = ()
    language: str = "en"
    rules: tuple[str, ...] = ()


class Notices:
    """The notices of one country in every language that is read."""

    def __init__(self, table: Table, country: Country) -> None:
        self._country = country
        self._said: Mapping[str, Mapping[str, str]] = {one["code"]: one["notice"] for one in table.languages}
        self._closed = frozenset(table.rules["topics"]["closed"].replace(" ", "").split(","))

    @classmethod
    def shipped(cls, country: Country) -> Self:
        """With the words that are shipped."""
        return cls(shipped(), country)

    def of(self, finding: Finding) -> Notice:
        """The notice for a finding; one without a level gets the quieter notice."""
        said = self._said[finding.language]
        number: str = self._country.emergency or said["local_number"]
        level, topics = finding.level or Level.EDUCATION, finding.topics
        return Notice(
            level=level,
            title=said[f"{level.value}_title"].format(number=number),
            text=said[f"{_kind(level, topics)}_text"].format(number=number),
            contacts=self._contacts(level, topics, label=said["call_label"]),
            answers_allowed=level is Level.EDUCATION or self._closed.isdisjoint(topics),
            language=finding.language,
        )

    def first(self) -> dict[str, dict[str, Notice]]:
        """The plain emergency and the plain crisis, by language: what a client can say before the server answers."""
        loud = {Level.EMERGENCY: (), Level.CRISIS: ("crisis",)}
        return {
            code: {level.value: self.of(Finding(level, topics, code)) for level, topics in loud.items()}
            for code in self._said
        }

    def _contacts(self, level: Level, topics: tuple[str, ...], *, label: str) -> tuple[Contact, ...]:
        """Whom to call: in a crisis the line to talk to comes first, unless something was taken already."""
        call, talk = self._emergency(label), self._country.lines("crisis")
        others = tuple(topic for topic in ("poison", "violence") if topic in topics)
        if "overdose" in topics and "poison" not in topics:
            others = ("poison", *others)
        rest = self._country.lines(*others)
        if "crisis" not in topics:
            return (*call, *rest)
        taken = level is Level.CRISIS and not _TAKEN.isdisjoint(topics)
        return (*call, *talk, *rest) if taken else (*talk, *call, *rest)

    def _emergency(self, label: str) -> tuple[Contact, ...]:
        return (Contact(label=label, call=self._country.emergency),) if self._country.emergency else ()


def _kind(level: Level, topics: tuple[str, ...]) -> str:
    """Which of a language's texts is said."""
    if level is Level.EMERGENCY:
        return next((text for topic, text in _KINDS.items() if topic in topics), level.value)
    if level is Level.EDUCATION and "crisis" in topics:
        return "education_crisis"
    return level.value
