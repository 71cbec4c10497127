"""What counts as a change of a corpus."""

from dataclasses import replace

from askdoc.indexer.changes import between
from askdoc.models import Answer, Provenance, Question, Source

TEA = Question("tea", "Tea?", Source("a.jsonl", 1), answers=(Answer("1", "Rinse."),), provenance=Provenance("a", "b"))


def test_the_report_of_nothing_is_nothing() -> None:
    """No page, no change."""
    assert not between((), ()).any


def test_importing_the_same_again_is_no_change() -> None:
    """Another date of import leaves a page and its answers unchanged."""
    again = replace(TEA, provenance=Provenance("a", "c"))
    assert not between((TEA,), (again,)).any
    assert between((TEA,), (replace(again, title="Cocoa?"),)).changed == 1
