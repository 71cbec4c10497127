"""Tests for ``askdoc.query.synonym_expansion``: which other names a query is expanded by."""

from typing import Any

import pytest

from askdoc.query.synonym_expansion import MOST_NAMED, SynonymExpander
from askdoc.query.terminology import Terminology
from tests.query.counts import Counted

EXPANDER = SynonymExpander(Terminology.shipped(), Counted())


def test_a_name_is_added_only_where_the_corpus_has_more_of_it() -> None:
    """The corpus's own word needs no other."""
    assert EXPANDER.expand("nose job or rhinoplasty")[1] == ()
    assert EXPANDER.expand("rhinoplasty")[1] == ()
    assert EXPANDER.expand("rhytidectomy or urticaria")[1] == ("hives",)


def test_a_name_that_the_corpus_lacks_is_not_searched_for() -> None:
    """It would find nothing."""
    assert EXPANDER.expand("halitosis")[1] == ()


@pytest.mark.parametrize("name", ["hives", "rhinoplasty", "atopic dermatitis"])
def test_the_names_that_are_looked_up_are_bounded(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A message of names and nothing else: other names are sought for a few of them, found or not."""
    sought: list[object] = []
    others = SynonymExpander._synonyms

    def listened(self: SynonymExpander, *name: Any) -> list[str]:
        sought.append(name)
        return others(self, *name)

    monkeypatch.setattr(SynonymExpander, "_synonyms", listened)
    EXPANDER.expand(f"{name} " * 60)
    assert 0 < len(sought) <= MOST_NAMED
