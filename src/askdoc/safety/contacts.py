"""Whom to call in a country, from a table of official numbers."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from askdoc.models import Contact


@dataclass(frozen=True, slots=True)
class Country:
    """The numbers of one country; ``emergency`` is None where the country is not in the table."""

    code: str
    emergency: str | None
    source: str
    by_topic: Mapping[str, tuple[Contact, ...]]

    @classmethod
    def find(cls, code: str, table: Mapping[str, Any]) -> "Country":
        """The country of an ISO 3166 code; for an unknown one nothing is invented."""
        code = code.strip().upper()
        code = {"UK": "GB"}.get(code, code)
        entry = table.get(code)
        if entry is None:
            return cls(code, None, "", {})
        topics = {
            topic: tuple(Contact(**contact) for contact in entry[topic])
            for topic in ("crisis", "poison", "violence")
            if topic in entry
        }
        return cls(code, entry["emergency"], entry["source"], topics)

    def contacts(self, topics: tuple[str, ...], *, label: str) -> tuple[Contact, ...]:
        """The crisis lines where the topics name a crisis, the emergency number under ``label``, the other lines."""
        number = () if self.emergency is None else (Contact(label=label, call=self.emergency),)
        lines = {topic: self.by_topic.get(topic, ()) for topic in topics}
        return (*lines.pop("crisis", ()), *number, *(contact for others in lines.values() for contact in others))
