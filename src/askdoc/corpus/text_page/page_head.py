"""Parses the lines above a page's answers: the question's title, its details, and boilerplate."""

from dataclasses import dataclass

from askdoc.corpus.text_page.lines import boilerplate, breadcrumbs
from askdoc.corpus.text_page.lines.byline_score import is_possible
from askdoc.text import is_blank

_BREADCRUMBS = "bread crumbs"
_REVIEWER = "reviewer"


@dataclass(frozen=True, slots=True)
class PageHead:
    """The lines above a page's answers, from 0: the title's, those of the details, and boilerplate with its kind."""

    title: int
    details: list[int]
    dropped: list[tuple[int, str]]


def parse(head: list[str]) -> PageHead | None:
    """Parse the lines above a page's answers; None where all are blank. The first line that is kept is the title."""
    dropped: list[tuple[int, str]] = []
    kept: list[int] = []
    expects_reviewer = False  # whether the next line names who reviewed the page
    crumbs = breadcrumbs.find(head)
    for n, line in enumerate(head):
        kind = boilerplate.kind_above_counter(line)
        follows_dropped = bool(dropped) and dropped[-1][0] == n - 1
        follows_reviewer = expects_reviewer or (follows_dropped and dropped[-1][1] == _REVIEWER)
        if n in crumbs or (follows_dropped and boilerplate.continues_breadcrumbs(head[n - 1])):
            dropped.append((n, _BREADCRUMBS))
        elif kind and (kept or boilerplate.could_top_page(line)):
            dropped.append((n, kind.name))
        elif follows_reviewer and is_possible(line):
            dropped.append((n, _REVIEWER))
        elif kept or not is_blank(line):
            kept.append(n)
        expects_reviewer = boilerplate.is_reviewer_without_name(line) or (
            expects_reviewer and (is_blank(line) or n not in kept[-1:])
        )
    return PageHead(kept[0], kept[1:], dropped) if kept else _from_boilerplate(head, dropped)


def _from_boilerplate(head: list[str], dropped: list[tuple[int, str]]) -> PageHead | None:
    """Take the first line for the title where all lines are boilerplate."""
    first = next((n for n, line in enumerate(head) if not is_blank(line)), None)
    return None if first is None else PageHead(first, [], [(n, name) for n, name in dropped if n != first])
