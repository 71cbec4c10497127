"""Tells how a corpus differs from an index, in answers and page by page."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from askdoc.models import Question, Source

_NOWHERE = Source("", 0)


@dataclass(frozen=True, slots=True)
class Changes:
    """Numbers of answers, and the ids of the pages they are on."""

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


def between(old: Iterable[Question], new: Iterable[Question]) -> Changes:
    """What brings ``old`` to ``new``. An answer whose question was edited has changed, for it is shown below it.

    Where in its file a page stands does not matter.
    """
    before = {page.id: replace(page, source=_NOWHERE) for page in old}
    after = {page.id: replace(page, source=_NOWHERE) for page in new}
    was, now = _answers(before.values()), _answers(after.values())
    changed = {name for name in was.keys() & now.keys() if was[name] != now[name]}
    return Changes(
        added=len(now.keys() - was.keys()),
        changed=len(changed),
        removed=len(was.keys() - now.keys()),
        unchanged=len(was.keys() & now.keys()) - len(changed),
        pages_added=tuple(name for name in after if name not in before),
        pages_changed=tuple(name for name in after if name in before and before[name] != after[name]),
        pages_removed=tuple(name for name in before if name not in after),
    )


def _answers(pages: Iterable[Question]) -> dict[str, object]:
    return {answer.id: (replace(page, answers=()), answer) for page in pages for answer in page.answers}
