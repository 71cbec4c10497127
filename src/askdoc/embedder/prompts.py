"""Prompts of a model: what it is told before a text, by the side of the search that the text is on."""

from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import NamedTuple


class Side(StrEnum):
    """Side of a search, in the words of sentence-transformers: what is asked, and what is found."""

    QUERY = "query"
    DOCUMENT = "document"


class Prompt(NamedTuple):
    """What a model is told before each text of one side."""

    text: str = ""
    """What stands before the text, with nothing between the two."""
    unpooled: int = 0
    """How many tokens, from the first on, are read but left out of the pooling (``include_prompt`` of a model)."""
    task: str = ""
    """The name of the side, for a model that has other weights for each."""

    def before(self, texts: Sequence[str]) -> list[str]:
        """Put the prompt before each text."""
        return [self.text + text for text in texts] if self.text else list(texts)


Prompts = Mapping[Side, Prompt]
"""The prompt of each side; where the two are equal, the model embeds a text alike on both."""
NO_PROMPT = Prompt()
NO_PROMPTS: Prompts = dict.fromkeys(Side, NO_PROMPT)
NAMES = {Side.QUERY: ("query",), Side.DOCUMENT: ("document", "passage", "corpus")}
"""Under which names models keep the prompt of each side, in the order of ``encode_document``."""


def chosen(prompts: Mapping[str, str], default: str | None) -> dict[Side, str]:
    """Choose the text of each side's prompt among those that a model has by name; ``default`` names one of them.

    A side takes the first of its own that is not empty, else the default one, unless that is the other side's own.
    sentence-transformers is of another mind in two points: since version 5 it gives every model an empty ``document``,
    which hides a ``passage``; and it uses the default prompt where a text is on no side.
    """
    texts = {}
    for side, names in NAMES.items():
        foreign = {name for other, theirs in NAMES.items() if other is not side for name in theirs}
        named = [*names, *({default} - foreign if default else ())]
        texts[side] = next((text for name in named if (text := prompts.get(name))), "")
    return texts


def dumped(prompts: Prompts) -> dict[str, list[str | int]]:
    """The prompts of an exported model as plain values, by side; none where they are empty."""
    return {str(side): [prompt.text, prompt.unpooled] for side, prompt in prompts.items() if prompt.text}


def parsed(document: Mapping[str, Sequence[str | int]]) -> Prompts:
    """Read what ``dumped`` gave."""
    return {side: Prompt(str(text), int(unpooled)) for side in Side for text, unpooled in [document.get(side, ("", 0))]}
