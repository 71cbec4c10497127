"""Which prompt a model's texts get."""

import pytest

from askdoc.embedder import prompts
from askdoc.embedder.prompts import NO_PROMPTS, Prompt, Side


@pytest.mark.parametrize(
    ("named", "default", "query", "document"),
    [
        ({}, None, "", ""),
        ({"query": "q: ", "document": "d: "}, None, "q: ", "d: "),
        ({"query": "q: ", "passage": "p: "}, None, "q: ", "p: "),
        ({"query": "q: ", "document": "", "passage": "p: "}, None, "q: ", "p: "),
        ({"query": "q: ", "document": ""}, "query", "q: ", ""),
        ({"document": "d: "}, "document", "", "d: "),
        ({"query": "", "document": "", "all": "a: "}, "all", "a: ", "a: "),
        ({"query": "q: ", "all": "a: "}, "all", "q: ", "a: "),
        ({"other": "o: "}, None, "", ""),
    ],
)
def test_each_side_gets_its_own_prompt_or_the_default_one(
    named: dict[str, str], default: str | None, query: str, document: str
) -> None:
    """The default one is for a side without its own, but never the other side's."""
    assert prompts.chosen(named, default) == {Side.QUERY: query, Side.DOCUMENT: document}


def test_prompts_are_read_as_they_were_written() -> None:
    """A model without prompts has nothing to write."""
    some = {Side.QUERY: Prompt("query: ", 4), Side.DOCUMENT: Prompt()}
    assert prompts.parsed(prompts.dumped(some)) == some
    assert prompts.dumped(NO_PROMPTS) == {}
    assert prompts.parsed({}) == NO_PROMPTS
