"""Cuts answers into verbatim passages, each short enough for the embedding model to read whole (chunking)."""

import re
import unicodedata
from collections.abc import Callable, Iterator, Sequence

from sentencex import get_sentence_boundaries

from askdoc.corpus import sources
from askdoc.models import Answer, Passage, Question
from askdoc.text import words

Measure = Callable[[Sequence[str]], Sequence[int]]
"""Counts the model's tokens in each of some texts."""
Span = tuple[int, int]
"""Where a piece of a text begins and where it ends, in code points."""
_JOINER = "\u200d"
_QUESTION_LABEL = re.compile(r"[\s#>*_]*(?:(?:q|question|title|subject|re)\s*[:.)-])?", re.IGNORECASE)
"""What may stand before a title that a body repeats."""
_TITLE_END = re.compile(r"[?!.:…]+[*_]*(?=\s)|\n")
"""Where a repeated title may end."""
_ANSWER_LABEL = re.compile(r"[\s*_]*(?:(?:a|answer)\s*[:.)-])?[\s*_]*", re.IGNORECASE)
"""What may stand between a repeated title and the answer."""


def sentences(text: str) -> list[Span]:
    """Split a text into sentences: their offsets, without the white space around them."""
    spans = []
    at = 0
    for boundary in get_sentence_boundaries("en", text):
        start, end = boundary["start_index"], boundary["end_index"]
        if start != at or end < start or text[start:end] != boundary["text"]:
            break  # the splitter lost its place; the rest stays whole rather than being quoted askew
        spans.append((start, end))
        at = end
    return [bare for span in [*spans, (at, len(text))] if (bare := _stripped(text, span))]


def cut(question: Question, *, measure: Measure, limit: int) -> Iterator[Passage]:
    """Cut all answers to a question into passages of at most ``limit`` tokens, in the order of the page."""
    for answer in question.answers:
        for start, end in spans(answer.body, title=question.title, measure=measure, limit=limit):
            yield Passage(question, answer, start, end)


def restore(question: Question, answer: Answer, start: int, end: int) -> Passage:
    """Make a passage again from the offsets that an index keeps. Raises ``ValueError`` where the body is shorter."""
    return Passage(question, answer, start, end)


def spans(body: str, *, title: str = "", measure: Measure, limit: int) -> list[Span]:
    """Cut a body into passages of at most ``limit`` tokens: their offsets in ascending order.

    Passages begin and end with sentences. Together they hold every letter of the body once, except a title that it
    begins with and the lines of sources that it ends with, in as few passages of about the same length as the limit
    allows. A sentence above the limit is cut between words, and a word above it between letters. ``measure`` is called
    a few times with many texts, never once for each.
    """
    if limit < 1:
        raise ValueError("a passage needs room for one token at least")
    pieces, lengths = _fitting(body, (begin(body, title), end(body)), measure, limit)
    groups = _group(lengths, limit)
    passages = []
    while (
        groups
    ):  # pieces that fit together by their lengths need not fit as a whole: tokens may differ where they meet
        joined = [(pieces[first][0], pieces[last][1]) for first, last in groups]
        measured = measure([body[start:end] for start, end in joined])
        too_long = []
        for (first, last), span, length in zip(groups, joined, measured, strict=True):
            if length <= limit or first == last:
                passages.append(span)
            else:
                middle = (first + last) // 2
                too_long += [(first, middle), (middle + 1, last)]
        groups = too_long
    return sorted(passages)


def begin(body: str, title: str) -> int:
    """Where the passages of a body begin: below its page's title if it begins with that, unless it holds nothing else.

    A passage that repeats the title is nearest to whoever asks for it, whatever the others answer.
    """
    asked, start = words(title), _QUESTION_LABEL.match(body)
    if not asked or not start:
        return 0
    for match in _TITLE_END.finditer(body, start.end(), start.end() + 2 * len(title) + len("****\n")):
        if words(body[start.end() : match.end()]) == asked:
            label = _ANSWER_LABEL.match(body, match.end())
            at = label.end() if label else match.end()
            return at if words(body[at : end(body)]) else 0
    return 0


def end(body: str) -> int:
    """Where the passages of a body end: above the lines of sources that it ends with, unless it holds nothing else."""
    source_lines = sources.ending(body)
    return source_lines[0] if source_lines and body[: source_lines[0]].strip() else len(body)


def _stripped(text: str, span: Span) -> Span | None:
    """A span without the white space at its ends; None where nothing else is in it."""
    piece = text[span[0] : span[1]]
    start = span[0] + len(piece) - len(piece.lstrip())
    end = start + len(piece.strip())
    return (start, end) if end > start else None


def _fitting(body: str, within: Span, measure: Measure, limit: int) -> tuple[list[Span], list[int]]:
    """Part a piece of a body into pieces within the limit, with their lengths: sentences, halved until they fit.

    One call measures all halves.
    """
    fitting: list[tuple[Span, int]] = []
    unmeasured = [(within[0] + start, within[0] + end) for start, end in sentences(body[slice(*within)])]
    while unmeasured:
        too_long: list[Span] = []
        for span, length in zip(unmeasured, measure([body[start:end] for start, end in unmeasured]), strict=True):
            if length <= limit or span[1] - span[0] == 1:
                fitting.append((span, length))
            else:
                too_long.append(span)
        unmeasured = [half for span in too_long for cut in _halves(body, span) if (half := _stripped(body, cut))]
    fitting.sort()
    return [span for span, _ in fitting], [length for _, length in fitting]


def _halves(body: str, span: Span) -> tuple[Span, Span]:
    """Halve a span near its middle: between words, else between letters with their marks, else anywhere."""
    start, end = span
    middle = (start + end) // 2
    for may_cut in (_between_words, _between_letters):
        above = next((n for n in range(max(middle, start + 1), end) if may_cut(body, n)), end)
        below = next((n for n in range(middle - 1, start, -1) if may_cut(body, n)), start)
        at = below if middle - below < above - middle else above
        if start < at < end:
            return (start, at), (at, end)
        other = above if at == below else below
        if start < other < end:
            return (start, other), (other, end)
    return (start, middle), (middle, end)


def _between_words(body: str, n: int) -> bool:
    return body[n - 1].isspace() and not body[n].isspace()


def _between_letters(body: str, n: int) -> bool:
    """Whether no accent, skin tone or joiner ties the characters on both sides of ``n`` together."""
    tied = unicodedata.category(body[n]).startswith("M") or "\U0001f3fb" <= body[n] <= "\U0001f3ff"
    return not tied and _JOINER not in body[n - 1 : n + 1]


def _group(lengths: Sequence[int], limit: int) -> list[Span]:
    """Group neighbouring pieces into as few groups as the limit allows: the first and the last piece of each.

    Of all such groupings it is the one whose longest group is shortest (linear partitioning, by binary search).
    """
    fewest = len(_fill(lengths, limit))
    low, high = 1, limit
    while low < high:
        middle = (low + high) // 2
        if len(_fill(lengths, middle)) > fewest:
            low = middle + 1
        else:
            high = middle
    return _fill(lengths, low)


def _fill(lengths: Sequence[int], capacity: int) -> list[Span]:
    """Group neighbouring pieces greedily: each group takes as many as it has room for, and one at least."""
    groups: list[Span] = []
    room = 0
    for n, length in enumerate(lengths):
        if groups and length <= room:
            groups[-1] = (groups[-1][0], n)
            room -= length
        else:
            groups.append((n, n))
            room = capacity - length
    return groups
