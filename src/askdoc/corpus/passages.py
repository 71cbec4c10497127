"""Cuts answers into verbatim passages that the model reads whole."""

import unicodedata
from collections.abc import Callable, Iterator, Sequence

from sentencex import get_sentence_boundaries

from askdoc.corpus import sources
from askdoc.models import Answer, Passage, Question

Measure = Callable[[Sequence[str]], Sequence[int]]
"""The length of each text, in the model's tokens."""
Span = tuple[int, int]
_JOINER = "\u200d"


def sentences(text: str) -> list[Span]:
    """Offsets of the sentences of a text, without the white space around them. Other white space stays inside."""
    found = []
    at = 0
    for boundary in get_sentence_boundaries("en", text):
        start, end = boundary["start_index"], boundary["end_index"]
        if start != at or end < start or text[start:end] != boundary["text"]:
            break  # the splitter lost its place; the rest stays whole rather than being quoted askew
        found.append((start, end))
        at = end
    return [bare for span in [*found, (at, len(text))] if (bare := _bare(text, span))]


def cut(question: Question, *, measure: Measure, limit: int) -> Iterator[Passage]:
    """The passages of all answers to a question, each at most ``limit`` tokens long, in the order of the page."""
    for answer in question.answers:
        for start, end in spans(answer.body, measure=measure, limit=limit):
            yield Passage(question, answer, start, end)


def restore(question: Question, answer: Answer, start: int, end: int) -> Passage:
    """A passage as it was cut once, from an index; its bounds are checked against the body."""
    return Passage(question, answer, start, end)


def spans(body: str, *, measure: Measure, limit: int) -> list[Span]:
    """Offsets of the passages of a body.

    They begin and end with sentences; they hold every letter of the body but for the sources it ends with, none
    twice, in as few passages as the limit allows, of about the same length. A sentence above the limit is cut
    between words, and a word above it between letters. The measure is asked a few times for many texts, never once
    for each.
    """
    if limit < 1:
        raise ValueError("a passage needs room for one token at least")
    pieces, lengths = _fitting(body, measure, limit)
    groups = _packed(lengths, limit)
    found = []
    while groups:  # what fits piece by piece need not fit as a whole: tokens may differ where pieces meet
        whole = [(pieces[first][0], pieces[last][1]) for first, last in groups]
        measured = measure([body[start:end] for start, end in whole])
        over = []
        for group, span, length in zip(groups, whole, measured, strict=True):
            first, last = group
            if length <= limit or first == last:
                found.append(span)
            else:
                middle = (first + last) // 2
                over += [(first, middle), (middle + 1, last)]
        groups = over
    return sorted(found)


def end(body: str) -> int:
    """Where the passages of a body end: before the lines of sources that it ends with, if anything stands above."""
    said = sources.ending(body)
    return said[0] if said and body[: said[0]].strip() else len(body)


def _bare(text: str, span: Span) -> Span | None:
    """A span without the white space at its ends; None where nothing else is in it."""
    piece = text[span[0] : span[1]]
    start = span[0] + len(piece) - len(piece.lstrip())
    end = start + len(piece.strip())
    return (start, end) if end > start else None


def _fitting(body: str, measure: Measure, limit: int) -> tuple[list[Span], list[int]]:
    """Sentences with their lengths; those above the limit halved until they fit. One call measures all halves."""
    fit: list[tuple[Span, int]] = []
    unknown = sentences(body[: end(body)])
    while unknown:
        long: list[Span] = []
        for span, length in zip(unknown, measure([body[start:end] for start, end in unknown]), strict=True):
            if length <= limit or span[1] - span[0] == 1:
                fit.append((span, length))
            else:
                long.append(span)
        unknown = [bare for span in long for half in _halves(body, span) if (bare := _bare(body, half))]
    fit.sort()
    return [span for span, _ in fit], [length for _, length in fit]


def _halves(body: str, span: Span) -> tuple[Span, Span]:
    """A span cut near its middle: between words, else between letters with their marks, else anywhere."""
    start, end = span
    middle = (start + end) // 2
    for fits in (_between_words, _between_letters):
        above = next((n for n in range(max(middle, start + 1), end) if fits(body, n)), end)
        below = next((n for n in range(middle - 1, start, -1) if fits(body, n)), start)
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
    """Whether no accent, skin colour or joiner ties the letters on both sides of ``n`` together."""
    tied = unicodedata.category(body[n]).startswith("M") or "\U0001f3fb" <= body[n] <= "\U0001f3ff"
    return not tied and _JOINER not in body[n - 1 : n + 1]


def _packed(lengths: Sequence[int], limit: int) -> list[Span]:
    """Group neighbours, first and last included, into as few groups as the limit allows, the fullest made smallest."""

    def groups(most: int) -> list[Span]:
        found: list[Span] = []
        room = 0
        for n, length in enumerate(lengths):
            if found and length <= room:
                found[-1] = (found[-1][0], n)
                room -= length
            else:
                found.append((n, n))
                room = most - length
        return found

    fewest = len(groups(limit))
    low, high = 1, limit
    while low < high:
        middle = (low + high) // 2
        if len(groups(middle)) > fewest:
            low = middle + 1
        else:
            high = middle
    return groups(low)
