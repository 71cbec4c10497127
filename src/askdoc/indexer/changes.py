"""Tells how a corpus differs from an index, in answers and page by page."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from askdoc.models import Question, Source

_NOWHERE = Source("", 0)


@dataclass(frozen=True, slots=True)
class Changes:
    """Differences: numbers of answers, and the ids of the pages they are on."""

    added: int
    changed: int
    removed: int
    unchanged: int
    pages_added: tuple[str, ...]
    pages_changed: tuple[str, ...]
    pages_removed: tuple[str, ...]

    @property
    def any(self) -> bool:
        """Whether there is any difference."""
        return bool(self.added or self.changed or self.removed or self.pages_added or self.pages_removed)


def between(previous: Iterable[Question], new: Iterable[Question]) -> Changes:
    """Compare two corpora page by page. An answer whose question was edited has changed, for it is shown below it.

    Where in its file a page stands does not matter, nor when it was imported.
    """
    before = {page.id: page for page in previous}
    after = {page.id: page for page in new}
    edited = {name: page for name, page in after.items() if name in before and not _same(before[name], page)}
    was = _answers(before[name] for name in before if name not in after or name in edited)
    now = _answers(after[name] for name in after if name not in before or name in edited)
    changed = {name for name in was.keys() & now.keys() if was[name] != now[name]}
    unchanged = sum(len(page.answers) for name, page in after.items() if name in before and name not in edited)
    return Changes(
        added=len(now.keys() - was.keys()),
        changed=len(changed),
        removed=len(was.keys() - now.keys()),
        unchanged=unchanged + len(was.keys() & now.keys()) - len(changed),
        pages_added=tuple(name for name in after if name not in before),
        pages_changed=tuple(edited),
        pages_removed=tuple(name for name in before if name not in after),
    )


def _same(page: Question, other: Question) -> bool:
    return page == other or replace(page, source=other.source, provenance=other.provenance) == other


def _answers(pages: Iterable[Question]) -> dict[str, object]:
    return {
        answer.id: (replace(page, answers=(), source=_NOWHERE, provenance=None), answer)
        for page in pages
        for answer in page.answers
    }
