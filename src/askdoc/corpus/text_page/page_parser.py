"""Parses a page into its question with all answers, or says why the page is refused."""

from dataclasses import replace

from askdoc.corpus.reader import Finding, RowResult
from askdoc.corpus.text_page import block_splitting, boilerplate_removal, page_head, page_parts, remarks
from askdoc.corpus.text_page.ambiguity import AmbiguousPage
from askdoc.corpus.text_page.answer_parts import AnswerParts
from askdoc.corpus.text_page.boilerplate_removal import CleanedBlocks, Dropped
from askdoc.corpus.text_page.lines import boilerplate, bylines, counters
from askdoc.corpus.text_page.page_file import FORMAT_HINT, PageLines
from askdoc.corpus.text_page.page_head import PageHead
from askdoc.corpus.text_page.page_parts import Closing, PageParts
from askdoc.corpus.text_page.segmentation import boundaries
from askdoc.corpus.text_page.segmentation.segments import Segmentation
from askdoc.models import Source
from askdoc.text import is_blank


def parse(page: PageLines) -> RowResult:
    """Parse a page into its question with remarks on it, or into the finding that says why the page is refused."""
    head = page_head.parse(page.head)
    if head is None:
        line = next((n for n, line in enumerate(page.lines) if not is_blank(line)), 0)
        reason = "No question stands above 'Doctor Answers'."
        return RowResult(Finding(page.source(line), reason, "Write it on the first line."))
    try:
        return _with_counter(page, head) if page.counter else _without_counter(page, head)
    except AmbiguousPage as doubt:
        return RowResult(Finding(Source(page.file, doubt.line), str(doubt), doubt.hint or _default_hint(page)))


def _default_hint(page: PageLines) -> str:
    number = f"Correct the number in line {page.counter.first + 1}" if page.counter else "Write 'Doctor Answers 2'"
    return f"{number}, or write each doctor's name with a degree or a title."


def _with_counter(page: PageLines, head: PageHead) -> RowResult:
    """Parse a page whose counter tells how many answers it has, or only that answers follow."""
    _require_no_bylines(page, head)
    blocks = boilerplate_removal.remove(block_splitting.split(page.lines, page.below_counter, page.offset))
    if page.counter and page.counter.claimed is not None:
        claimed = page.counter.claimed
        return _row(page, head, blocks, boundaries.find(blocks.kept, claimed), claimed)
    segmentation = boundaries.find_without_count(blocks.kept, has_counter=True)
    count = len(segmentation.answers)
    row = _row(page, head, blocks, segmentation, count)
    reason = "The line says that answers follow and not how many."
    hint = f"Check that it is {count}, and write it."
    return _with_remark(row, Finding(page.source(page.below_counter - 1), reason, hint, kept=True))


def _require_no_bylines(page: PageLines, head: PageHead) -> None:
    """Raise ``AmbiguousPage`` where the answers of another page, which has no counter, stand above this one's."""
    dropped = [n for n, _ in head.dropped]
    for block in block_splitting.split(page.head, head.title + 1, page.offset):
        first, end = block.first_line - 1 - page.offset, block.last_line - page.offset
        is_dropped = any(first <= n < end for n in dropped)
        if not is_dropped and block.is_likely_byline and bylines.is_complete(block.text):
            reason = "A doctor's lines stand above the line that says how many answers there are."
            hint = "Put each page into a file of its own, and the answers below that line."
            raise AmbiguousPage(block.first_line, reason, hint)


def _without_counter(page: PageLines, head: PageHead) -> RowResult:
    """Parse a page without a counter: it is read only where every answer has a clear byline and a clear beginning."""
    try:
        blocks = boilerplate_removal.remove(block_splitting.split(page.lines, head.title + 1, page.offset))
        segmentation = boundaries.find_without_count(blocks.kept, has_counter=False)
        begin = blocks.kept[segmentation.answers[0].first].first_line - 1 - page.offset
        _require_no_near_miss(page, begin)
        count = len(segmentation.answers)
        row = _row(page, page_head.parse(page.lines[:begin]) or head, blocks, segmentation, count)
    except AmbiguousPage as doubt:
        reason = f"No line says 'Doctor Answers N'. {doubt}"
        return RowResult(Finding(page.source(head.title), reason, _counter_hint(page)))
    reason = "No line says how many answers there are; they are taken to begin here."
    hint = f"Check it, and write 'Doctor Answers {count}' above."
    return _with_remark(row, Finding(page.source(begin), reason, hint, kept=True))


def _require_no_near_miss(page: PageLines, begin: int) -> None:
    """Raise ``AmbiguousPage`` where a line above the first answer may be meant for the counter."""
    if (near := counters.near_miss(page.lines)) and near[0] <= begin:
        raise AmbiguousPage(page.offset + near[0] + 1, "A line may be meant for it.")


def _counter_hint(page: PageLines) -> str:
    near = counters.near_miss(page.lines)
    if near is None:
        return FORMAT_HINT
    return f"Line {page.offset + near[0] + 1} says '{near[1]}': write 'Doctor Answers 2' there."


def _row(page: PageLines, head: PageHead, blocks: CleanedBlocks, segmentation: Segmentation, claimed: int) -> RowResult:
    """Make the question with remarks on it; a rejection where answers are claimed and none is found."""
    closing = page_parts.parse_closing(blocks.kept, segmentation, claimed)
    if claimed and not segmentation.answers:
        return RowResult(_no_answers(page, closing, claimed))
    parts = page_parts.parse(page, head, blocks, segmentation, closing)
    _require_whole_answers(parts)
    return RowResult(parts.to_question(), tuple(remarks.on(parts, claimed)))


def _with_remark(row: RowResult, remark: Finding) -> RowResult:
    return replace(row, remarks=(*row.remarks, remark))


def _no_answers(page: PageLines, closing: Closing, claimed: int) -> Finding:
    """Refuse a page that claims answers and has none, at the first text that may have been one."""
    below = closing.stray or closing.disclaimer
    line = below[0].first_line if below else page.offset + page.below_counter
    reason = f"The page says it has {claimed} answers, but none could be read."
    return Finding(Source(page.file, line), reason, remarks.BYLINE_HINT)


def _require_whole_answers(parts: PageParts) -> None:
    """Raise ``AmbiguousPage`` where boilerplate stands within an answer, which then may be two."""
    for line in parts.blocks.dropped:
        answer = parts.answer_above(line.block)
        if line.is_sure and answer and _splits(line, answer):
            reason = f"A part of the site ({line.name}) stands within an answer; another answer may end here."
            hint = "Take the line out, or end the answer above with its doctor's line."
            raise AmbiguousPage(line.block.first_line, reason, hint)


def _splits(line: Dropped, answer: AnswerParts) -> bool:
    """Whether a line of boilerplate stands where sites put none: between headline and byline, or within the body."""
    at = line.block.first_line
    return answer.is_within_body(at) if boilerplate.stands_within_answers(line.name) else answer.contains(at)
