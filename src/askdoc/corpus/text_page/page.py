"""Reads a page of a question-and-answer site, saved as plain text.

The page, from top to bottom, with blank lines between its blocks::

    Can I …?                             the question; further lines up to the counter are its details
    Doctor Answers 2                     the counter: how many answers the page says it has
    A headline                           may be missing
    +3                                   votes, or residue of the site's template, or nothing
    Paragraphs …                         the body, kept to the letter
    Jane Roe, MD                         the doctor: a name, a title, or both …
    Springfield Dermatologist            …
    4.8 out of 5 stars 20 reviews        … and stars, if any
    …                                    further answers
    A closing paragraph                  the page's own disclaimer, if any

``sections`` tells several pages in one file apart. ``blocks`` cuts a page into such pieces, ``edges`` takes the site's
own lines out, ``endings`` finds the doctors among the pieces, and what lies between is theirs. A page that can be read
in two ways is left out with the line where the doubt is.
"""

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import PurePosixPath

from askdoc.corpus import decoding, markup_residue, other_formats
from askdoc.corpus.decoding import DecodedText
from askdoc.corpus.reader import Finding, RowResult
from askdoc.corpus.text_page import blocks as pieces
from askdoc.corpus.text_page import (
    boilerplate,
    boundaries,
    breadcrumbs,
    bylines,
    cleaning,
    counters,
    headlines,
    sections,
)
from askdoc.corpus.text_page.ambiguity import AmbiguousPage
from askdoc.corpus.text_page.blocks import SURE_DISCLAIMER, Block
from askdoc.corpus.text_page.boundaries import Endings
from askdoc.corpus.text_page.cleaning import Dropped, Sweeper
from askdoc.corpus.text_page.counters import Counter
from askdoc.corpus.text_page.sections import Section
from askdoc.models import Answer, Question, Source
from askdoc.text import is_blank, plain, trimmed

MARKUP = re.compile(r"<(?:!doctype|html|head|body|\?xml)\b", re.IGNORECASE)
# Line ends of other systems, tried where the usual ones show no counter.
_RARE_ENDS = re.compile("[\n\x0b\x0c\x1c-\x1e\x85\u2028]")
SECOND_HEADLINE = "This line within an answer could be another answer's headline."
LARGEST_PAGE = 4_000_000
# How much of a line a remark shows.
SHOWN = 80
NO_DOCTOR = "End the answer with a line that names its doctor or the doctor's title."
HOW = "Put the question first, then 'Doctor Answers 2', then the answers."


class TextPage:
    """The reader of text pages: one page is one row; most files hold one."""

    kind = "*.txt"
    largest = LARGEST_PAGE

    def detects(self, name: str, head: bytes) -> bool:  # noqa: ARG002 - pages have no signature
        return name.lower().endswith(".txt")

    def read(self, file: str, data: bytes) -> Iterator[RowResult | Finding]:
        opened = _opened(file, data)
        if isinstance(opened, Finding):
            yield RowResult(opened)
            return
        results = list(_pages(file, opened))
        yield from results
        if any(isinstance(result, RowResult) and isinstance(result.outcome, Question) for result in results):
            yield from opened.remarks
            yield from markup_residue.in_page(file, "\n".join(opened.lines))


@dataclass(frozen=True, slots=True)
class _Opened:
    """The lines of a file, its pages among them, and what is to be said of its encoding."""

    lines: list[str]
    sections: list[Section]
    remarks: tuple[Finding, ...]


def _pages(file: str, opened: _Opened) -> Iterator[RowResult | Finding]:
    name = str(PurePosixPath(file).with_suffix(""))
    for n, section in enumerate(opened.sections, 1):
        outcome, *remarks = _page(_Sheet.of(file, opened.lines, section, name if n == 1 else f"{name}~{n}"))
        yield RowResult(outcome, tuple(remark for remark in remarks if isinstance(remark, Finding)))
    if len(opened.sections) > 1:
        reason = f"The file holds {len(opened.sections)} pages; this is where the second begins."
        hint = "Check it; a file for each page keeps their ids as they are."
        yield Finding(Source(file, opened.sections[1].first + 1), reason, hint, kept=True)


def _opened(file: str, data: bytes) -> _Opened | Finding:
    """The lines of a file and its pages, or why it has none."""
    if len(data) > LARGEST_PAGE:
        return Finding(Source(file, 1), "The file is too large for one page.", decoding.SAVE_AS_UTF_8)
    decoded = decoding.decode(file, data)
    return decoded if isinstance(decoded, Finding) else _parted(file, decoded)


def _parted(file: str, decoded: DecodedText) -> _Opened | Finding:
    lines = _lines(decoded.text)
    line = next((n for n, line in enumerate(lines, 1) if not is_blank(line)), None)
    if line is None:
        return Finding(Source(file, 1), "The file is empty.", HOW)
    if MARKUP.match(plain(lines[line - 1])):
        return Finding(Source(file, line), "The file is HTML or XML, not plain text.", "Save the page as plain text.")
    if not counters.find(lines) and (kind := other_formats.text(decoded.text)):
        return Finding(Source(file, line), f"The file is {kind.what}, not a page.", kind.hint)
    try:
        return _Opened(lines, sections.split(lines), decoded.remarks)
    except AmbiguousPage as doubt:
        return Finding(Source(file, doubt.line), str(doubt), doubt.hint or HOW)


def _lines(text: str) -> list[str]:
    """The lines of a text, by the line ends of any system."""
    lines = text.split("\n")
    rare = not counters.find(lines) and bool(_RARE_ENDS.search(text.replace("\n", "")) or "\u2029" in text)
    return _RARE_ENDS.split(text.replace("\u2029", "\n\n")) if rare else lines


@dataclass(frozen=True, slots=True)
class _Sheet:
    """A page of a file: its own lines, from 0, of which ``offset`` stand above it in the file."""

    file: str
    name: str
    lines: list[str]
    offset: int
    counter: Counter | None
    """In the file's lines."""

    @staticmethod
    def of(file: str, lines: list[str], section: Section, name: str) -> "_Sheet":
        return _Sheet(file, name, lines[section.first : section.end], section.first, section.counter)

    @property
    def below(self) -> int:
        """The line below the counter; on a page without one, the first."""
        return self.counter.last + 1 - self.offset if self.counter else 0

    @property
    def head(self) -> list[str]:
        """The lines above the counter; on a page without one, all."""
        return self.lines[: self.counter.first - self.offset] if self.counter else self.lines

    def place(self, line: int) -> Source:
        """Where a line of the page stands in the file."""
        return Source(self.file, self.offset + line + 1)


@dataclass(frozen=True, slots=True)
class _QuestionPart:
    """What stands above the answers: the title's line, the lines of the details, and the parts of the site."""

    title: int
    details: list[int]
    dropped: list[tuple[int, str]]


def _page(sheet: _Sheet) -> Iterator[Question | Finding]:
    """The question of a page and remarks, or why it has none."""
    asked = _asked(sheet.head)
    if asked is None:
        line = next((n for n, line in enumerate(sheet.lines) if not is_blank(line)), 0)
        reason = "No question stands above 'Doctor Answers'."
        yield Finding(sheet.place(line), reason, "Write it on the first line.")
        return
    try:
        yield from _counted(sheet, asked) if sheet.counter else _uncounted(sheet, asked)
    except AmbiguousPage as doubt:
        yield Finding(Source(sheet.file, doubt.line), str(doubt), doubt.hint or _hint(sheet))


def _hint(sheet: _Sheet) -> str:
    number = f"Correct the number in line {sheet.counter.first + 1}" if sheet.counter else "Write 'Doctor Answers 2'"
    return f"{number}, or write each doctor's name with a degree or a title."


def _asked(head: list[str]) -> _QuestionPart | None:
    """Part the lines above a counter; None where there are none."""
    dropped: list[tuple[int, str]] = []
    kept: list[int] = []
    reviewer = False  # whether the next line names who looked the page over
    steps = breadcrumbs.steps(head)
    for n, line in enumerate(head):
        kind = boilerplate.kind_above(line)
        glued = bool(dropped) and dropped[-1][0] == n - 1
        if n in steps or (glued and boilerplate.is_step(head[n - 1])):
            dropped.append((n, "bread crumbs"))
        elif kind and (kept or boilerplate.tops(line)):
            dropped.append((n, kind.name))
        elif (reviewer or (glued and dropped[-1][1] == "reviewer")) and (bylines.weight(line) or 0) > 0:
            dropped.append((n, "reviewer"))
        elif kept or not is_blank(line):
            kept.append(n)
        reviewer = boilerplate.is_unfinished_reviewer(line) or (reviewer and (is_blank(line) or n not in kept[-1:]))
    if not kept:
        first = next((n for n, line in enumerate(head) if not is_blank(line)), None)
        return None if first is None else _QuestionPart(first, [], [(n, name) for n, name in dropped if n != first])
    return _QuestionPart(kept[0], kept[1:], dropped)


def _counted(sheet: _Sheet, asked: _QuestionPart) -> Iterator[Question | Finding]:
    """A page with a counter."""
    assert sheet.counter is not None
    claimed = sheet.counter.claimed
    _settle_head(sheet, asked)
    sweeper = _swept(sheet, sheet.below)
    if claimed is None:
        found = boundaries.find_uncounted(sweeper.kept, headed=True)
        yield from _read(sheet, asked, sweeper, found, len(found.ends))
        reason = "The line says that answers follow and not how many."
        yield Finding(
            sheet.place(sheet.below - 1), reason, f"Check that it is {len(found.ends)}, and write it.", kept=True
        )
    else:
        yield from _read(sheet, asked, sweeper, boundaries.find(sweeper.kept, claimed), claimed)


def _settle_head(sheet: _Sheet, asked: _QuestionPart) -> None:
    """Raise ``AmbiguousPage`` where the answers of another page, which has no counter, stand above this one's."""
    for block in pieces.cut(sheet.head, asked.title + 1, sheet.offset):
        is_dropped = any(block.line - 1 - sheet.offset <= n < block.last - sheet.offset for n, _ in asked.dropped)
        if not is_dropped and cleaning.is_doctor(block) and bylines.is_whole(block.text):
            reason = "A doctor's lines stand above the line that says how many answers there are."
            raise AmbiguousPage(
                block.line, reason, "Put each page into a file of its own, and the answers below that line."
            )


def _uncounted(sheet: _Sheet, asked: _QuestionPart) -> Iterator[Question | Finding]:
    """A page without a counter: read only where every answer has a clear doctor and a clear beginning."""
    try:
        sweeper = _swept(sheet, asked.title + 1)
        found = boundaries.find_uncounted(sweeper.kept, headed=False)
        begin = sweeper.kept[found.ranges[0][0]].line - 1 - sheet.offset
        _settle_near_miss(sheet, begin)
        above = _asked(sheet.lines[:begin]) or asked
        yield from _read(sheet, above, sweeper, found, len(found.ends))
        reason = "No line says how many answers there are; they are taken to begin here."
        yield Finding(
            sheet.place(begin), reason, f"Check it, and write 'Doctor Answers {len(found.ends)}' above.", kept=True
        )
    except AmbiguousPage as doubt:
        reason = f"No line says 'Doctor Answers N'. {doubt}"
        yield Finding(sheet.place(asked.title), reason, _near_miss(sheet))


def _settle_near_miss(sheet: _Sheet, begin: int) -> None:
    """Raise ``AmbiguousPage`` where a line above the first answer may be meant for the counter."""
    if (near := counters.near_miss(sheet.lines)) and near[0] <= begin:
        raise AmbiguousPage(sheet.offset + near[0] + 1, "A line may be meant for it.")


def _near_miss(sheet: _Sheet) -> str:
    near = counters.near_miss(sheet.lines)
    return f"Line {sheet.offset + near[0] + 1} says '{near[1]}': write 'Doctor Answers 2' there." if near else HOW


def _swept(sheet: _Sheet, first: int) -> Sweeper:
    sweeper = Sweeper(pieces.cut(sheet.lines, first, sheet.offset))
    sweeper.run()
    return sweeper


def _read(
    sheet: _Sheet, asked: _QuestionPart, sweeper: Sweeper, found: Endings, claimed: int
) -> Iterator[Question | Finding]:
    """The question with its answers, and remarks."""
    blocks, ranges = sweeper.kept, found.ranges
    rest = blocks[found.ends[-1] + 1 :] if found.ends else blocks
    closing, stray = _closing(rest, short=len(ranges) < claimed)
    if claimed and not ranges:
        line = (stray or closing)[0].line if stray or closing else sheet.offset + sheet.below
        reason = f"The page says it has {claimed} answers, but none could be read."
        yield Finding(Source(sheet.file, line), reason, NO_DOCTOR)
        return
    text = "\n".join(sheet.lines)
    heads = headlines.headed([blocks[first:end] for first, end in ranges])
    spans = [_span(blocks, *span, headed=head) for span, head in zip(ranges, heads, strict=True)]
    _settle(sweeper.dropped, spans)
    dates = cleaning.dates(blocks, [(first, end + 1) for first, end in ranges], sweeper.dropped)
    yield Question(
        id=sheet.name,
        title=trimmed(sheet.lines[asked.title]),
        details="\n".join(sheet.lines[n] for n in asked.details).strip() or None,
        answers=tuple(
            _answer(text, blocks[first : end + 1], f"{sheet.name}:{n}", headed=head, date=date)
            for n, ((first, end), head, date) in enumerate(zip(ranges, heads, dates, strict=True), 1)
        ),
        disclaimer=text[closing[0].start : closing[-1].end].strip() if closing else None,
        source=sheet.place(asked.title),
    )
    yield from _remarks(sheet, blocks, found, claimed, stray)
    yield from _second_headlines(sheet, [blocks[first:end] for first, end in ranges], heads)
    yield from _left_inside(sheet, blocks, spans)
    yield from _site(sheet, asked, [line for line in sweeper.dropped if not _at(line, spans, "quotes")])


@dataclass(frozen=True, slots=True)
class _Span:
    """The lines of an answer: its first, the first and last of its text, and its doctor's."""

    top: int
    begin: int
    end: int
    doctor: int

    def holds(self, line: int) -> bool:
        """Whether a line stands between the answer's first and its doctor's."""
        return self.top < line < self.doctor

    def quotes(self, line: int) -> bool:
        """Whether a line stands between the words of the answer's text."""
        return self.begin < line < self.end


def _span(blocks: list[Block], first: int, end: int, *, headed: bool) -> _Span:
    body = _body(blocks[first:end], headed=headed)
    return _Span(blocks[first].line, body[0].line, body[-1].last, blocks[end].line)


def _settle(dropped: list[Dropped], spans: list[_Span]) -> None:
    """Raise ``AmbiguousPage`` where a part of the site stands within an answer, which then may be two."""
    for line in dropped:
        if line.is_sure and _at(line, spans, "quotes" if boilerplate.stands_inside(line.name) else "holds"):
            reason = f"A part of the site ({line.name}) stands within an answer; another answer may end here."
            raise AmbiguousPage(
                line.block.line, reason, "Take the line out, or end the answer above with its doctor's line."
            )


def _at(line: Dropped, spans: list[_Span], how: str) -> bool:
    """Whether an answer ``quotes`` or ``holds`` a line."""
    n = bisect_right(spans, line.block.line, key=lambda span: span.top) - 1
    return n >= 0 and (spans[n].quotes if how == "quotes" else spans[n].holds)(line.block.line)


def _remarks(sheet: _Sheet, blocks: list[Block], found: Endings, claimed: int, stray: list[Block]) -> Iterator[Finding]:
    """What should be looked at on a page that was read."""
    counter = sheet.place(sheet.counter.first - sheet.offset if sheet.counter else 0)
    if len(found.ranges) != claimed:
        reason = f"The page says it has {claimed} answers; {len(found.ranges)} could be read."
        hint = "Correct the number, or end every answer with its doctor's line."
        yield Finding(counter, reason, hint, kept=True)
    if not found.ranges:
        yield Finding(counter, "The page holds no answers.", "Add some, or take it out of the corpus.", kept=True)
    for block in [blocks[n] for n in found.orphans] + stray[:1]:
        reason = "The text from here on belongs to no doctor and is left out."
        yield Finding(Source(sheet.file, block.line), reason, NO_DOCTOR, kept=True)
    for block in (blocks[n] for n in found.guessed):
        reason = "This line is taken for a doctor's because it stands in a doctor's place; nothing in it says so."
        hint = "Check it; a degree or a title in it settles it."
        yield Finding(Source(sheet.file, block.line), reason, hint, kept=True)
    for block in (blocks[n] for n in found.passed):
        reason = f"This line looks like a doctor's, but the page says it has {claimed} answers: it is read as text."
        hint = "Check it; if it ends an answer, correct the number."
        yield Finding(Source(sheet.file, block.line), reason, hint, kept=True)


def _second_headlines(sheet: _Sheet, answers: list[list[Block]], heads: list[bool]) -> Iterator[Finding]:
    """A remark on the one line within an answer that could be another's headline, on a page on which each has one.

    Where several answers hold such lines, they are subheadings.
    """
    found = [block for block in map(headlines.second, answers if all(heads) else ()) if block]
    for block in found if len(found) == 1 else ():
        reason = SECOND_HEADLINE
        hint = "Check it; if the answer above lost its doctor's lines, add them and correct the number."
        yield Finding(Source(sheet.file, block.line), reason, hint, kept=True)


def _left_inside(sheet: _Sheet, blocks: list[Block], spans: list[_Span]) -> Iterator[Finding]:
    """A remark on the first line within the answers' text that may be the site's and stays."""
    inside = [block for block in blocks if boilerplate.is_odd_inside(block.text)]
    for block in [block for block in inside if any(span.begin <= block.line <= span.end for span in spans)][:1]:
        reason = f"'{trimmed(block.text)}' may be a part of the site; it stays, for it stands within an answer."
        yield Finding(Source(sheet.file, block.line), reason, "Take it out if no doctor wrote it.", kept=True)


def _site(sheet: _Sheet, asked: _QuestionPart, dropped: list[Dropped]) -> Iterator[Finding]:
    """One remark for each kind of line that was left out as a part of the site."""
    lines: dict[str, list[int]] = {}
    for n, name in asked.dropped:
        lines.setdefault(name, []).append(sheet.offset + n + 1)
    for n in sheet.counter.repeated if sheet.counter else ():
        lines.setdefault("counter again", []).append(n + 1)
    for line in dropped:
        lines.setdefault(line.name, []).append(line.block.line)
    for name, numbers in lines.items():
        first = trimmed(sheet.lines[numbers[0] - 1 - sheet.offset])
        shown = first if len(first) <= SHOWN else first[:SHOWN] + "…"
        more = f" and {len(numbers) - 1} more ({_listed(numbers[1:])})" if numbers[1:] else ""
        reason = f"Left out as a part of the site ({name}): '{shown}'{more}."
        hint = "Check it; if a doctor wrote it, make it a part of a paragraph."
        yield Finding(Source(sheet.file, numbers[0]), reason, hint, kept=True)


def _listed(numbers: list[int]) -> str:
    noun = "line" if len(numbers) == 1 else "lines"
    return f"{noun} {', '.join(map(str, numbers[:10]))}{', …' if len(numbers) > 10 else ''}"


def _opening(blocks: list[Block], *, headed: bool) -> tuple[Block | None, list[Block], int]:
    """The headline of an answer's blocks, its vote lines, and the number of blocks above its text."""
    vote = next((n for n in range(min(2, len(blocks))) if blocks[n].is_vote), None)
    if vote is None:
        return (blocks[0], [], 1) if headed and len(blocks) > 1 else (None, [], 0)
    first = vote + 1
    while first < len(blocks) and blocks[first].is_vote:
        first += 1
    headline = blocks[0] if vote == 1 and first < len(blocks) and blocks[0].line == blocks[0].last else None
    return headline, blocks[vote:first], first


def _body(blocks: list[Block], *, headed: bool) -> list[Block]:
    """The blocks of an answer's text.

    Words above a vote line that are no headline are the answer's: all of them, or the line between is quoted too.
    """
    headline, votes, first = _opening(blocks, headed=headed)
    if votes and not headline and not blocks[0].is_vote:
        return blocks[:1] if first == len(blocks) else blocks
    return blocks[first:]


def _answer(text: str, blocks: list[Block], answer_id: str, *, headed: bool, date: str | None) -> Answer:
    """Make an answer of its blocks, the last of which is the doctor's."""
    *blocks, byline = blocks
    headline, votes, _ = _opening(blocks, headed=headed)
    body = _body(blocks, headed=headed)
    return Answer(
        id=answer_id,
        headline=trimmed(headline.text) if headline else None,
        body=text[body[0].start : body[-1].end].strip(),
        author=bylines.read(byline.text),
        votes=next((number for block in votes if (number := pieces.votes(block.text)) is not None), None),
        date=date,
    )


def _closing(blocks: list[Block], *, short: bool) -> tuple[list[Block], list[Block]]:
    """Part what follows the last doctor into the page's disclaimer and stray text.

    On a page that is short of answers, what follows may be one that lost its doctor: only sure words close it.
    """
    words = SURE_DISCLAIMER if short else pieces.DISCLAIMER
    first = next((n for n, block in enumerate(blocks) if words.search(block.text)), None)
    if first is not None:
        return blocks[first:], blocks[:first]
    if len(blocks) == 1 and not short and not blocks[0].is_vote:
        return blocks, []
    return [], blocks
