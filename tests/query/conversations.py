"""Reads the written conversations and counts how often a follow-up was understood."""

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from askdoc.query.followup import FollowupResolver

FILE = Path(__file__).parent / "conversations.toml"


@dataclass(frozen=True, slots=True)
class Seen:
    """One turn: what was written down, and what was made of it."""

    question: str
    label: str
    got: str
    text: str
    lacks: tuple[str, ...]
    leaks: tuple[str, ...]

    @property
    def right(self) -> bool:
        return self.label == self.got and not self.lacks and not self.leaks


def replay(half: str, followups: FollowupResolver) -> Iterator[Seen]:
    """Every turn of one half, each asked with the questions before it."""
    for conversation in tomllib.loads(FILE.read_text(encoding="utf-8"))[half]:
        asked: list[str] = []
        for question, label, held, not_held in conversation["turns"]:
            carried = followups.resolve(question, asked)
            text = carried.text.lower()
            lacks = tuple(word for word in _listed(held) if word not in text)
            leaks = tuple(word for word in _listed(not_held) if word in text)
            yield Seen(question, label, carried.transition.value, carried.text, lacks, leaks)
            asked.append(question)


def _listed(words: str) -> list[str]:
    return [word.strip() for word in words.split(",") if word.strip()]
