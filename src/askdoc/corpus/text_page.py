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

Nothing but the doctor's lines tells where an answer ends, and a body may contain lines that look like any of
these. So the reader weighs every block that could be a doctor's (see ``_weight``) and takes the set of blocks
that explains the whole page best, the counter included (see ``_authors``).
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import PurePosixPath

from askdoc.corpus import bylines
from askdoc.corpus.reading import Finding
from askdoc.models import Answer, Question, Source

COUNTER = re.compile(r"\s*doctor\s+answers?\s*[:(]?\s*(\d{1,4})\s*\)?\s*", re.IGNORECASE)
VOTES = re.compile(r"\s*([+\-−]\s?\d{1,3}(?:,?\d{3})*)\s*")
RESIDUE = re.compile(r"\s*\{\{.*\}\}\s*")
DISCLAIMER = re.compile(
    r"educational|informational|substitute|medical advice|emergency|call 911|patient.{0,12}relationship"
    r"|not constitute|consult (?:a|your)|demonstration",
    re.IGNORECASE,
)
LONGEST_HEADLINE = 160
LARGEST_PAGE = 4_000_000
# What a miscount costs: enough to take an unknown line before a headline for a doctor's, not any short line.
MISCOUNT = 3.5


@dataclass(frozen=True, slots=True)
class _Block:
    """Neighbouring lines: the first line's number, from 1, and where the block lies in the page's text."""

    line: int
    start: int
    end: int
    text: str

    @property
    def is_vote(self) -> bool:
        return bool(VOTES.fullmatch(self.text) or RESIDUE.fullmatch(self.text))

    @property
    def is_heading(self) -> bool:
        """A single short line that does not end as a sentence does."""
        text = self.text.strip()
        return "\n" not in text and len(text) <= LONGEST_HEADLINE and not re.search(r"[.?!:;,…][\"'”’)\]]*$", text)


class TextPage:
    """The reader of text pages: one file is one row."""

    suffix = ".txt"

    def rows(self, data: bytes) -> int:
        return 1

    def read(self, file: str, data: bytes) -> Iterator[Question | Finding]:
        text = _decoded(data)
        if text is None or len(data) > LARGEST_PAGE:
            reason = "The file is not plain text." if text is None else "The file is too large for one page."
            yield Finding(Source(file, 1), reason, "Save the page as plain text in UTF-8, one page to a file.")
            return
        lines = text.split("\n")
        counter = next((n for n, line in enumerate(lines) if COUNTER.fullmatch(line)), None)
        if counter is None:
            line = next((n for n, line in enumerate(lines, 1) if line.strip()), 1)
            reason = "The file is empty." if not text.strip() else "No line says 'Doctor Answers N'."
            yield Finding(Source(file, line), reason, "Put the question first, then 'Doctor Answers 2', then the answers.")
            return
        yield from _page(file, text, counter)


def _decoded(data: bytes) -> str | None:
    """The text with plain line ends, or None where the bytes are no text."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        encodings = ["utf-16"]
    else:
        encodings = ["utf-8-sig", "cp1252"]
    for encoding in encodings:
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        return None if "\x00" in text else text.replace("\r\n", "\n").replace("\r", "\n")
    return None


def _page(file: str, text: str, counter: int) -> Iterator[Question | Finding]:
    lines = text.split("\n")
    head = [n for n in range(counter) if lines[n].strip()]
    if not head:
        yield Finding(Source(file, counter + 1), "No question stands above 'Doctor Answers'.", "Write it on the first line.")
        return
    details = "\n".join(lines[head[0] + 1 : counter]).strip() or None
    claimed = int(COUNTER.fullmatch(lines[counter])[1])  # type: ignore[index]  # read() found the match
    name = str(PurePosixPath(file).with_suffix(""))
    blocks = _blocks(lines, counter + 1)
    ends = _authors(blocks, claimed)
    answers = tuple(
        _answer(text, blocks[first + 1 : last + 1], f"{name}:{n}")
        for n, (first, last) in enumerate(zip([-1, *ends], ends, strict=False), 1)
    )
    rest = blocks[ends[-1] + 1 :] if ends else blocks
    closing, stray = _closing(rest)
    where = Source(file, head[0] + 1)
    if not answers and (claimed or stray):
        line = stray[0].line if stray else counter + 1
        yield Finding(
            Source(file, line),
            f"The page says it has {claimed} answers, but none could be read.",
            "End every answer with a line that names its doctor or the doctor's title.",
        )
        return
    yield Question(
        id=name,
        title=lines[head[0]].strip(),
        details=details,
        answers=answers,
        disclaimer=text[closing[0].start : closing[-1].end].strip() if closing else None,
        source=where,
    )
    if len(answers) != claimed:
        yield Finding(
            Source(file, counter + 1),
            f"The page says it has {claimed} answers; {len(answers)} could be read.",
            "Correct the number, or end every answer with its doctor's line.",
            kept=True,
        )
    if stray:
        yield Finding(
            Source(file, stray[0].line),
            "The text from here on belongs to no doctor and is left out.",
            "End the answer with a line that names its doctor or the doctor's title.",
            kept=True,
        )


def _blocks(lines: list[str], first: int) -> list[_Block]:
    """Cut the lines from ``first`` on into blocks; vote lines and bylines with stars stand alone even when glued."""
    starts = [0]
    for line in lines:
        starts.append(starts[-1] + len(line) + 1)
    groups: list[list[int]] = []
    for n in range(first, len(lines)):
        if not lines[n].strip():
            groups.append([])
        elif groups:
            groups[-1].append(n)
        else:
            groups.append([n])
    pieces = [piece for group in groups if group for piece in _unglued(lines, group)]
    return [
        _Block(piece[0] + 1, starts[piece[0]], starts[piece[-1] + 1] - 1, "\n".join(lines[n] for n in piece))
        for piece in pieces
    ]


def _unglued(lines: list[str], group: list[int]) -> Iterator[list[int]]:
    """Split neighbouring lines where a vote line stands among them, or a doctor's lines that end in stars."""
    rest: list[int] = []
    for n in group:
        if VOTES.fullmatch(lines[n]) or RESIDUE.fullmatch(lines[n]):
            if rest:
                yield rest
            yield [n]
            rest = []
            continue
        rest.append(n)
        if not bylines.STARS.fullmatch(lines[n]):
            continue
        first = len(rest) - 1
        while first > 0 and len(rest) - first <= bylines.MOST_LINES and bylines.could_be_line(lines[rest[first - 1]]):
            first -= 1
        if first < len(rest) - 1:
            if first:
                yield rest[:first]
            yield rest[first:]
            rest = []
    if rest:
        yield rest


def _weight(blocks: list[_Block], n: int) -> float | None:
    """How much block ``n`` looks like the doctor who ends an answer; None where it cannot be."""
    weight = bylines.weight(blocks[n].text)
    if weight is None:
        return None
    after = blocks[n + 1 : n + 3]
    if after and after[0].is_vote:
        return weight + 4
    if len(after) == 2 and after[0].is_heading and after[1].is_vote:
        return weight + 4
    if not after or (len(after) == 1 and DISCLAIMER.search(after[0].text)):
        return weight + 4
    if len(after) == 1:
        return weight + 2
    return weight + (1 if after[0].is_heading else 0)


def _authors(blocks: list[_Block], claimed: int) -> list[int]:
    """The positions of the blocks that end the answers.

    Chosen to have the greatest sum of weights, less a penalty for each answer that the counter does not
    explain. Every answer needs a body, so two doctors never follow each other. Where the page has as many
    vote lines as it claims answers, each answer must have its own.
    """
    votes = [n for n, block in enumerate(blocks) if block.is_vote]
    if claimed and len(votes) == claimed:
        return _between_votes(blocks, votes)
    weights = {n: weight for n in range(len(blocks)) if (weight := _weight(blocks, n)) is not None}
    best: dict[int, tuple[float, list[int]]] = {0: (0.0, [])}
    open_ends: dict[tuple[int, int], tuple[float, list[int]]] = {(0, -1): (0.0, [])}
    for n in sorted(weights):
        for (count, last), (score, chosen) in list(open_ends.items()):
            if not _has_body(blocks[last + 1 : n]):
                continue
            total = (score + weights[n], [*chosen, n])
            if (count + 1, n) not in open_ends or open_ends[count + 1, n][0] < total[0]:
                open_ends[count + 1, n] = total
            if count + 1 not in best or best[count + 1][0] < total[0]:
                best[count + 1] = total
    return max(best.items(), key=lambda item: (item[1][0] - MISCOUNT * abs(item[0] - claimed), -item[0]))[1][1]


def _between_votes(blocks: list[_Block], votes: list[int]) -> list[int]:
    """The heaviest byline between each vote line and the next answer's beginning."""
    chosen = []
    for n, vote in enumerate(votes):
        last = n + 1 == len(votes)
        stop = len(blocks) if last else votes[n + 1]
        weighed = [
            (weight, m)
            for m in range(vote + 2, stop)
            if (weight := _weight(blocks, m)) is not None and (last or stop - m <= 2)
        ]
        if weighed:
            chosen.append(max(weighed)[1])
    return chosen


def _has_body(blocks: list[_Block]) -> bool:
    return any(not block.is_vote for block in blocks)


def _answer(text: str, blocks: list[_Block], answer_id: str) -> Answer:
    """Make an answer of its blocks, the last of which is the doctor's."""
    *blocks, byline = blocks
    vote = next((n for n in range(min(2, len(blocks))) if blocks[n].is_vote), None)
    headline = None
    if vote is not None:
        headline = blocks[0].text.strip() if vote == 1 and len(blocks) > 2 and "\n" not in blocks[0].text.strip() else None
        body = blocks[vote + 1 :] if vote == 0 or headline else [blocks[0], *blocks[2:]]
    elif len(blocks) > 1 and blocks[0].is_heading:
        headline, body = blocks[0].text.strip(), blocks[1:]
    else:
        body = blocks
    return Answer(
        id=answer_id,
        headline=headline,
        body=text[body[0].start : body[-1].end].strip(),
        author=bylines.read(byline.text),
        votes=_votes(blocks[vote].text) if vote is not None else None,
    )


def _votes(text: str) -> int | None:
    number = VOTES.fullmatch(text)
    return int(re.sub(r"[\s,]", "", number[1]).replace("−", "-")) if number else None


def _closing(blocks: list[_Block]) -> tuple[list[_Block], list[_Block]]:
    """Part what follows the last doctor into the page's disclaimer and stray text."""
    if not blocks:
        return [], []
    first = next((n for n, block in enumerate(blocks) if DISCLAIMER.search(block.text)), None)
    if first is None:
        return (blocks, []) if len(blocks) == 1 and not blocks[0].is_vote else ([], blocks)
    return blocks[first:], blocks[:first]
