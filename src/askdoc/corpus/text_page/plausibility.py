"""Judges a reading of a text page: whether anything on the page speaks against it.

A reading says which blocks end the answers. Each judge looks for one way in which words could stand under another
doctor's name although the count fits; ``JUDGES`` is the whole list. What a judge finds leaves the page out.
"""

import re
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property

from askdoc.corpus.text_page import bylines, headlines
from askdoc.corpus.text_page.ambiguity import AmbiguousPage
from askdoc.corpus.text_page.blocks import DISCLAIMER, SURE_DISCLAIMER, Block
from askdoc.corpus.text_page.scoring import Weighed
from askdoc.models import Author
from askdoc.text import plain

# Words with which a doctor goes on after a signature, and a list of other doctors begins.
_GOES_ON = re.compile(
    r"P\.? ?S\b|(?:please )?(?:visit|see|check out) (?:my|our)\b"
    r"|(?:please )?call (?:my|our|the) (?:office|clinic|practice)"
    r"|(?:sincerely|(?:best|kind|warm) (?:regards|wishes)|regards|yours|cordially|respectfully)\b",
    re.IGNORECASE,
)
_COMMENDS = re.compile(
    r"\b(?:recommend|colleagues?|refer|near (?:you|me)|partners?|friends?|team|doctors?)\b", re.IGNORECASE
)


# With how many others of one family name a doctor is compared.
_COMPARED = 50
_ABOVE = "A doctor's lines stand above an answer's text and not below it."


@dataclass(frozen=True)
class Reading:
    """Which blocks end the answers (``ends``) and which hold the text of each (``ranges``)."""

    page: Weighed
    ends: list[int]
    ranges: list[tuple[int, int]]
    is_counted: bool = False
    """Whether the page says that it has as many answers."""

    @cached_property
    def is_starred(self) -> bool:
        """Whether counter, stars, and votes or headlines agree on the ends: then a name without stars is none."""
        page = self.page
        others = [n for n in self.inner_headings if not (page.named(n) or page.named(n + 1))]
        parted = self.is_voted or (all(self.headed) and not others)
        return self.is_counted and parted and all(bylines.has_stars(page.blocks[n].text) for n in self.ends)

    @cached_property
    def authors(self) -> list[Author]:
        return [bylines.read(self.page.blocks[n].text) for n in self.ends]

    @cached_property
    def is_voted(self) -> bool:
        """Whether every answer has one vote line, at its top: then none holds another's beginning."""
        return all(self.page.one_vote(first, end) for first, end in self.ranges)

    @cached_property
    def headed(self) -> list[bool]:
        texts = [self.page.blocks[first:end] for first, end in self.ranges]
        return headlines.likely(texts)

    @cached_property
    def lacking(self) -> list[int]:
        """The answers below others that have no headline, on a page on which others have one."""
        return [n for n, headed in enumerate(self.headed) if n and not headed] if any(self.headed) else []

    @cached_property
    def inner_headings(self) -> list[int]:
        """The blocks within answers that could be headlines of other answers."""
        inner = (n for first, end in self.ranges for n in range(first + 1, end - 1))
        return [n for n in inner if self.page.blocks[n].could_head]


Doubt = tuple[int, str]
"""A block and what is doubtful about it."""


def settle(reading: Reading) -> None:
    """Raise ``AmbiguousPage`` at the first thing on the page that speaks against a reading."""
    for judge in JUDGES if reading.ends else ():
        if doubt := next(judge(reading), None):
            at, reason = doubt
            raise AmbiguousPage(reading.page.blocks[at].line, reason, _HINTS.get(judge))


def settle_top(page: Weighed) -> None:
    """Raise ``AmbiguousPage`` where the first thing below the counter is a doctor's lines."""
    top = next((n for n, block in enumerate(page.blocks) if not block.is_vote), None)
    if top is not None and page.named(top) and page.certain(top):
        raise AmbiguousPage(page.blocks[top].line, _ABOVE, _HINTS[stands_above])


def stands_above(reading: Reading) -> Iterator[Doubt]:
    """The doctors stand below a headline and above the text: then the words below each are taken for the next one's."""
    page, end = reading.page, reading.ends[0]
    texts = [n for n in range(end) if not page.blocks[n].is_vote]
    follows = any(not DISCLAIMER.search(block.text) for block in page.blocks[reading.ends[-1] + 1 :])
    if follows and len(texts) == 1 and page.blocks[texts[0]].could_head:
        yield end, _ABOVE


def twice(reading: Reading) -> Iterator[Doubt]:
    """Two ends name one doctor: the upper may be a signature, and the count fits by chance."""
    alike: dict[str, list[int]] = defaultdict(list)
    for n, author in enumerate(reading.authors):
        for other in alike[_group(author)][-_COMPARED:]:
            if bylines.same_doctor(author, reading.authors[other]):
                yield _pair(reading, other, n)
        alike[_group(author)].append(n)
    titles = {author.title.casefold(): n for n, author in enumerate(reading.authors) if author.name and author.title}
    for n, author in enumerate(reading.authors):
        if not author.name and author.title and author.title.casefold() in titles:
            yield _pair(reading, titles[author.title.casefold()], n)


def _group(author: Author) -> str:
    """What two doctors' lines must share to name one person: the family name, or all that stands for it."""
    return bylines.surname(author) or (author.title or "").casefold()


def _pair(reading: Reading, one: int, other: int) -> Doubt:
    first, second = sorted((reading.ends[one], reading.ends[other]))
    line = reading.page.blocks[second].line
    return first, f"This line and line {line} name one doctor: one of them may be a signature."


def bare(reading: Reading) -> Iterator[Doubt]:
    """One end is a name alone and others have titles or stars: a signature, or a colleague's name."""
    titled = [bylines.is_titled(reading.page.blocks[n].text) for n in reading.ends]
    if any(titled) and not all(titled):
        at = reading.ends[titled.index(False)]
        yield at, "This may be a doctor's line or a part of the text: other doctors here have a title or stars."


def introduced(reading: Reading) -> Iterator[Doubt]:
    """The text above a doctor's lines announces somebody: a colleague, say, who is recommended."""
    blocks = reading.page.blocks
    for n in reading.ends:
        above = plain(blocks[n - 1].text.rsplit("\n", 1)[-1]) if n else ""
        announces = above.endswith((":", "：")) or (
            bylines.could_be_line(above) and not bylines.is_like_name(above) and bool(_COMMENDS.search(above))
        )
        if announces and not blocks[n - 1].is_vote and not _is_only(reading, n):
            yield n, "The line above announces a doctor, who may be another than the one who answers."


def starless(reading: Reading) -> Iterator[Doubt]:
    """One end has no stars where others have, and stands within text."""
    page, starred = reading.page, [bylines.has_stars(reading.page.blocks[n].text) for n in reading.ends]
    crowded = any(page.crowded(first, end) for first, end in reading.ranges)
    if reading.is_voted or not crowded or all(starred) or not any(starred):
        return
    parted = all(reading.headed) and not reading.inner_headings
    for n, end in enumerate(reading.ends):
        is_last = n + 1 == len(reading.ends)
        if not starred[n] and not (is_last or page.before_vote(end) or parted):
            yield end, "This may be a doctor's line or a part of the text: other doctors here have stars."


def beside(reading: Reading) -> Iterator[Doubt]:
    """Another doctor's lines touch the ones that end an answer, so that either may be the end.

    Where every end has stars and the page counts as many, lines without stars above one are a colleague's.
    """
    page, ends = reading.page, set(reading.ends)
    for n, author in zip(reading.ends, reading.authors, strict=True):
        above, below = n - 1, n + 1
        text = page.blocks[above].text if above >= 0 else ""
        named = above >= 0 and above not in ends and page.named(above) and not _signs(page.blocks[above], author)
        if named and not (reading.is_starred and not bylines.has_stars(text)):
            yield above, "Two doctors' lines follow each other, and either may end the answer."
        if below < len(page.blocks) and below not in ends and page.named(below) and not _heads(page, below):
            yield below, "Two doctors' lines follow each other without an answer between them."


def run_together(reading: Reading) -> Iterator[Doubt]:
    """A doctor's lines have run into the end of a paragraph, and the words go on to the next doctor."""
    for first, end in reading.ranges:
        for n in range(first, end):
            if bylines.ends_in_doctor(reading.page.blocks[n].text):
                yield n, "A doctor's lines have run into this paragraph."


def left_over(reading: Reading) -> Iterator[Doubt]:
    """An answer begins with words that the doctor above may have gone on with."""
    for n, (first, _) in enumerate(reading.ranges):
        if n and not reading.headed[n] and _GOES_ON.match(plain(reading.page.blocks[first].text)):
            yield first, "These words may belong to the doctor above."


def misplaced(reading: Reading) -> Iterator[Doubt]:
    """An answer lacks its headline and one has a second: the line between them may end no answer, and another may."""
    if reading.lacking and reading.inner_headings and not reading.is_voted:
        at = reading.inner_headings[0]
        line = reading.page.blocks[reading.ranges[reading.lacking[0]][0]].line
        yield at, f"This line may be another answer's headline: the answer that begins in line {line} has none."


def taken_along(reading: Reading) -> Iterator[Doubt]:
    """An answer ends in a short line that may be the headline which the next one lacks."""
    for n in range(len(reading.ranges) - 1):
        first, end = reading.ranges[n]
        last = reading.page.blocks[end - 1]
        if end - first > 1 and last.is_heading and n + 1 in reading.lacking:
            yield end - 1, "This line may be the headline of the answer below."


def apart(reading: Reading) -> Iterator[Doubt]:
    """A blank line parts a name from a title, and other doctors' lines stand together: the name may be another's."""
    gaps = [reading.page.blocks[n].gaps for n in reading.ends]
    spread = [all(gap) and bool(gap) for gap in gaps]
    for n, author in enumerate(reading.authors):
        if author.name and gaps[n][:1] == (True,) and not (all(spread) or gaps == [(True,)] or _alike(reading, gaps)):
            yield reading.ends[n], "A blank line parts this name from the title below, which may be another doctor's."


def _alike(reading: Reading, gaps: list[tuple[bool, ...]]) -> bool:
    """Whether the lines of several doctors are parted in one and the same way."""
    return len(gaps) > 1 and len(set(gaps)) == 1 and all(author.name for author in reading.authors)


def closed_within(reading: Reading) -> Iterator[Doubt]:
    """The page's own closing words stand among the answers: another page may begin below them."""
    page = reading.page
    last = reading.ends[-1]
    closing = {plain(block.text) for block in page.blocks[last + 1 :] if SURE_DISCLAIMER.search(block.text)}
    below = {end + 1 for end in reading.ends[:-1]}
    for n in range(last):
        text = page.blocks[n].text
        if (n in below and SURE_DISCLAIMER.search(text)) or (closing and plain(text) in closing):
            yield n, "The page's closing words stand above another answer; another page may begin below them."


def _is_only(reading: Reading, n: int) -> bool:
    """Whether a doctor's lines end the one answer of a page and hold all that sites show of a doctor."""
    return len(reading.ends) == 1 and bylines.has_stars(reading.page.blocks[n].text)


def _heads(page: Weighed, n: int) -> bool:
    """Whether a block is a headline above votes: a title, say, and no name."""
    text = page.blocks[n].text
    return page.before_vote(n) and not bylines.has_stars(text) and not any(map(bylines.is_credited, text.split("\n")))


def _signs(block: Block, author: Author) -> bool:
    """Whether a block is how the doctor below it signs: the same name with less beside it."""
    return not bylines.has_stars(block.text) and bylines.same_doctor(bylines.read(block.text), author)


JUDGES: tuple[Callable[[Reading], Iterator[Doubt]], ...] = (
    stands_above, twice, bare, introduced, beside, apart, starless, run_together, left_over, misplaced, taken_along,
    closed_within,
)  # fmt: skip
_HINTS: dict[Callable[[Reading], Iterator[Doubt]], str] = {
    stands_above: "Put each doctor's lines below their answer.",
    twice: "Take the signature out, or see whether an answer lost its doctor's line.",
    bare: "Add the doctor's title below the name, or take the line out.",
    introduced: "Take the names of other doctors out, or end the answer with its own doctor's lines.",
    beside: "Leave only the doctor of the answer there.",
    starless: "See whether an answer lost its doctor's line; if none did, add the doctor's stars or take the line out.",
    run_together: "Put each of the doctor's lines on a line of its own.",
    left_over: "Move them above the doctor's lines, or write a headline over the answer.",
    taken_along: "Move the line below the doctor's lines, or end it with a full stop.",
    apart: "Take the blank line out if they are one doctor's, else take the name out.",
    misplaced: "End the answer above with its doctor's lines, or end the line with a full stop.",
    closed_within: "Put each page into a file of its own.",
}
