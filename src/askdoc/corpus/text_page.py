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

``blocks`` cuts the page into such pieces, ``endings`` finds the doctors among them, and what lies between is theirs.
A page that can be read in two ways is left out with the line where the doubt is.
"""

import re
from collections.abc import Iterator
from pathlib import PurePosixPath

from askdoc.corpus import blocks as pieces
from askdoc.corpus import bylines, decoding, endings, foreign, leftovers
from askdoc.corpus.blocks import Block
from askdoc.corpus.reading import Finding
from askdoc.models import Answer, Question, Source

COUNTER = re.compile(r"\s*doctor\s+answers?\s*[:(]?\s*(\d{1,4})\s*\)?\s*", re.IGNORECASE)
MARKUP = re.compile(r"<(?:!doctype|html|head|body|\?xml)\b", re.IGNORECASE)
# Closing words that can hardly be part of an answer.
SURE_DISCLAIMER = re.compile(
    r"(?:educational|informational) (?:purpose|use)|substitute for|patient.{0,12}relationship|not constitute"
    r"|demonstration text|(?:not|no) medical advice",
    re.IGNORECASE,
)
LARGEST_PAGE = 4_000_000
NO_DOCTOR = "End the answer with a line that names its doctor or the doctor's title."


class TextPage:
    """The reader of text pages: one file is one row."""

    suffix = ".txt"
    largest = LARGEST_PAGE

    def rows(self, data: bytes) -> int:  # noqa: ARG002  # the protocol's argument: a page is one row, whatever it holds
        return 1

    def read(self, file: str, data: bytes) -> Iterator[Question | Finding]:
        if len(data) > LARGEST_PAGE:
            yield Finding(Source(file, 1), "The file is too large for one page.", decoding.SAVE_AS_UTF_8)
            return
        decoded = decoding.decode(file, data)
        if isinstance(decoded, Finding):
            yield decoded
            return
        items = list(_read(file, decoded.text))
        yield from items
        if any(isinstance(item, Question) for item in items):
            yield from decoded.remarks
            yield from leftovers.in_page(file, decoded.text)


def _read(file: str, text: str) -> Iterator[Question | Finding]:
    lines = text.split("\n")
    line = next((n for n, line in enumerate(lines, 1) if line.strip()), 1)
    counter = next((n for n, line in enumerate(lines) if COUNTER.fullmatch(line)), None)
    if MARKUP.match(lines[line - 1].strip()):
        yield Finding(Source(file, line), "The file is HTML or XML, not plain text.", "Save the page as plain text.")
    elif counter is None and (kind := foreign.text(text)):
        yield Finding(Source(file, line), f"The file is {kind.what}, not a page.", kind.hint)
    elif counter is None:
        reason = "The file is empty." if not text.strip() else "No line says 'Doctor Answers N'."
        yield Finding(Source(file, line), reason, "Put the question first, then 'Doctor Answers 2', then the answers.")
    elif line == counter + 1:
        yield Finding(Source(file, line), "No question stands above 'Doctor Answers'.", "Write it on the first line.")
    else:
        yield from _page(file, text, counter)


def _page(file: str, text: str, counter: int) -> Iterator[Question | Finding]:
    """The question above line ``counter`` (from 0) and the answers below it, with remarks."""
    lines = text.split("\n")
    title = next(n for n, line in enumerate(lines) if line.strip())
    claimed = int(COUNTER.fullmatch(lines[counter])[1])  # type: ignore[index]  # read() found the match
    name = str(PurePosixPath(file).with_suffix(""))
    blocks = pieces.cut(lines, counter + 1)
    try:
        found = endings.find(blocks, claimed)
    except endings.Unclear as unclear:
        hint = f"Correct the number in line {counter + 1}, or write each doctor's name with a degree or a title."
        yield Finding(Source(file, unclear.line), str(unclear), hint)
        return
    ranges, orphans = _ranges(blocks, found.ends, claimed)
    closing, stray = _closing(blocks[found.ends[-1] + 1 :] if found.ends else blocks, short=len(ranges) < claimed)
    if claimed and not ranges:
        line = (stray or closing)[0].line if stray or closing else counter + 1
        yield Finding(Source(file, line), f"The page says it has {claimed} answers, but none could be read.", NO_DOCTOR)
        return
    yield Question(
        id=name,
        title=lines[title].strip(),
        details="\n".join(lines[title + 1 : counter]).strip() or None,
        answers=tuple(_answer(text, blocks[first:end], f"{name}:{n}") for n, (first, end) in enumerate(ranges, 1)),
        disclaimer=text[closing[0].start : closing[-1].end].strip() if closing else None,
        source=Source(file, title + 1),
    )
    if len(ranges) != claimed:
        reason = f"The page says it has {claimed} answers; {len(ranges)} could be read."
        hint = "Correct the number, or end every answer with its doctor's line."
        yield Finding(Source(file, counter + 1), reason, hint, kept=True)
    for block in [blocks[n] for n in orphans] + stray[:1]:
        reason = "The text from here on belongs to no doctor and is left out."
        yield Finding(Source(file, block.line), reason, NO_DOCTOR, kept=True)
    for block in (blocks[n] for n in found.guessed):
        reason = "This line is taken for a doctor's because it stands in a doctor's place; nothing in it says so."
        yield Finding(Source(file, block.line), reason, "Check it; a degree or a title in it settles it.", kept=True)
    for block in (blocks[n] for n in found.passed):
        reason = f"This line looks like a doctor's, but the page says it has {claimed} answers: it is read as text."
        yield Finding(
            Source(file, block.line), reason, "Check it; if it ends an answer, correct the number.", kept=True
        )


def _ranges(blocks: list[Block], ends: list[int], claimed: int) -> tuple[list[tuple[int, int]], list[int]]:
    """First and last-plus-one block of each answer, and where text begins that has no doctor.

    A vote line within an answer begins another whose predecessor has lost its doctor: nobody's words are given
    to somebody else. Where the count fits, a number may be the answer's own; a template's residue never is.
    """
    ranges, orphans = [], []
    first = 0
    for end in ends:
        begin = first
        for n in range(first + 2, end):
            own = len(ends) == claimed and not blocks[n].is_residue
            if blocks[n].is_vote and not blocks[n - 1].is_vote and not own:
                begin = n - (n - 1 > begin and blocks[n - 1].is_single)
        worded = any(not block.is_vote for block in blocks[begin:end])
        if begin > first or not worded:
            orphans.append(first)
        if worded:
            ranges.append((begin, end + 1))
        first = end + 1
    return ranges, orphans


def _answer(text: str, blocks: list[Block], answer_id: str) -> Answer:
    """Make an answer of its blocks, the last of which is the doctor's."""
    *blocks, byline = blocks
    vote = next((n for n in range(min(2, len(blocks))) if blocks[n].is_vote), None)
    first = 0 if vote is None else vote + 1
    while vote is not None and first < len(blocks) and blocks[first].is_vote:
        first += 1
    headline = None
    if vote == 1:
        headline = blocks[0] if first < len(blocks) and "\n" not in blocks[0].text.strip() else None
    elif vote is None and len(blocks) > 1 and blocks[0].is_heading:
        headline, first = blocks[0], 1
    # Words above a vote line that are no headline are the answer's: all of them, or the line between is quoted too.
    body = blocks[first:] if vote != 1 or headline else blocks[:1] if first == len(blocks) else blocks
    return Answer(
        id=answer_id,
        headline=headline.text.strip() if headline else None,
        body=text[body[0].start : body[-1].end].strip(),
        author=bylines.read(byline.text),
        votes=_votes(blocks[vote:first]) if vote is not None else None,
    )


def _votes(blocks: list[Block]) -> int | None:
    numbers = [number[1] for block in blocks if (number := pieces.VOTES.fullmatch(block.text))]
    return int(re.sub(r"[\s,]", "", numbers[0]).replace("−", "-")) if numbers else None


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
