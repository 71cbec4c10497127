"""Makes the remarks on a page: what the person who keeps the corpus should check, though the page is used."""

from collections import defaultdict
from collections.abc import Iterator

from askdoc.corpus.reader import Finding
from askdoc.corpus.text_page import answer_headlines
from askdoc.corpus.text_page.blocks import Block
from askdoc.corpus.text_page.lines import boilerplate
from askdoc.corpus.text_page.page_parts import PageParts
from askdoc.models import Source
from askdoc.text import trimmed

SECOND_HEADLINE = "This line within an answer could be another answer's headline."
BYLINE_HINT = "End the answer with a line that names its doctor or the doctor's title."

_LONGEST_QUOTE = 80
"""Letters of a line that a remark shows."""
_MOST_LINES = 10
"""Lines whose numbers a remark shows."""


def on(parts: PageParts, claimed: int) -> Iterator[Finding]:
    """Every remark on a page that claims ``claimed`` answers, or was taken to have as many."""
    yield from _on_count(parts, claimed)
    yield from _on_bylines(parts, claimed)
    yield from _on_second_headline(parts)
    yield from _on_kept_boilerplate(parts)
    yield from _on_dropped_lines(parts)


def _on_count(parts: PageParts, claimed: int) -> Iterator[Finding]:
    page, count = parts.page, len(parts.answers)
    counter = page.source(page.counter.first - page.offset if page.counter else 0)
    if count != claimed:
        reason = f"The page says it has {claimed} answers; {count} could be read."
        yield Finding(counter, reason, "Correct the number, or end every answer with its doctor's line.", kept=True)
    if not count:
        yield Finding(counter, "The page holds no answers.", "Add some, or take it out of the corpus.", kept=True)


def _on_bylines(parts: PageParts, claimed: int) -> Iterator[Finding]:
    """Remarks on text without a byline, on bylines that were guessed, and on lookalikes that are read as text."""
    blocks, selection = parts.blocks.kept, parts.segmentation.selection
    for block in [blocks[n] for n in parts.segmentation.orphans] + parts.closing.stray[:1]:
        reason = "The text from here on belongs to no doctor and is left out."
        yield _remark(parts, block, reason, BYLINE_HINT)
    for n in selection.guessed:
        reason = "This line is taken for a doctor's because it stands in a doctor's place; nothing in it says so."
        yield _remark(parts, blocks[n], reason, "Check it; a degree or a title in it settles it.")
    for n in selection.lookalikes:
        reason = f"This line looks like a doctor's, but the page says it has {claimed} answers: it is read as text."
        yield _remark(parts, blocks[n], reason, "Check it; if it ends an answer, correct the number.")


def _on_second_headline(parts: PageParts) -> Iterator[Finding]:
    """A remark on the one line within an answer that could be another's headline, on a page on which each has one.

    Where several answers hold such lines, they are subheadings.
    """
    texts = [parts.blocks.kept[first:byline] for first, byline in parts.segmentation.answers]
    found = [block for block in map(answer_headlines.second_headline, texts if all(parts.is_headed) else ()) if block]
    if len(found) == 1:
        hint = "Check it; if the answer above lost its doctor's lines, add them and correct the number."
        yield _remark(parts, found[0], SECOND_HEADLINE, hint)


def _on_kept_boilerplate(parts: PageParts) -> Iterator[Finding]:
    """A remark on the first line within the answers' text that may be boilerplate and stays."""
    for block in parts.blocks.kept:
        answer = parts.answer_above(block) if boilerplate.is_reported_within_answers(block.text) else None
        if answer and answer.is_of_body(block.first_line):
            reason = f"'{trimmed(block.text)}' may be a part of the site; it stays, for it stands within an answer."
            yield _remark(parts, block, reason, "Take it out if no doctor wrote it.")
            return


def _on_dropped_lines(parts: PageParts) -> Iterator[Finding]:
    """One remark for each kind of boilerplate that was left out."""
    for name, numbers in _dropped_lines(parts).items():
        first = trimmed(parts.page.lines[numbers[0] - 1 - parts.page.offset])
        quote = first if len(first) <= _LONGEST_QUOTE else first[:_LONGEST_QUOTE] + "…"
        more = f" and {len(numbers) - 1} more ({_listed(numbers[1:])})" if numbers[1:] else ""
        reason = f"Left out as a part of the site ({name}): '{quote}'{more}."
        hint = "Check it; if a doctor wrote it, make it a part of a paragraph."
        yield Finding(Source(parts.page.file, numbers[0]), reason, hint, kept=True)


def _dropped_lines(parts: PageParts) -> dict[str, list[int]]:
    """The numbers of the lines that were left out, by the name of their kind; those within a body are quoted in it."""
    page = parts.page
    lines: defaultdict[str, list[int]] = defaultdict(list)
    for n, name in parts.head.dropped:
        lines[name].append(page.offset + n + 1)
    for n in page.counter.repeated if page.counter else ():
        lines["counter again"].append(n + 1)
    for line in parts.blocks.dropped:
        answer = parts.answer_above(line.block)
        if answer is None or not answer.is_within_body(line.block.first_line):
            lines[line.name].append(line.block.first_line)
    return lines


def _remark(parts: PageParts, block: Block, reason: str, hint: str) -> Finding:
    return Finding(Source(parts.page.file, block.first_line), reason, hint, kept=True)


def _listed(numbers: list[int]) -> str:
    noun = "line" if len(numbers) == 1 else "lines"
    return f"{noun} {', '.join(map(str, numbers[:_MOST_LINES]))}{', …' if len(numbers) > _MOST_LINES else ''}"
