"""Cuts answers into verbatim passages that the model reads whole."""

from collections.abc import Callable, Iterator, Sequence

from sentencex import get_sentence_boundaries

from askdoc.models import Answer, Passage, Question

Measure = Callable[[Sequence[str]], Sequence[int]]
"""The length of each text, in the model's tokens."""
Span = tuple[int, int]


def sentences(text: str) -> list[Span]:
    """Offsets of the sentences of a text, without the white space around them. Other white space stays inside."""
    found = []
    for boundary in get_sentence_boundaries("en", text):
        piece = boundary["text"]
        start = boundary["start_index"] + len(piece) - len(piece.lstrip())
        end = start + len(piece.strip())
        if end > start:
            found.append((start, end))
    return found


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

    They begin and end with sentences; they hold every letter of the body, none twice, and as few passages as
    the limit allows, of about the same length. A sentence above the limit is cut between words, and a word
    above it between letters.
    """
    if limit < 1:
        raise ValueError("a passage needs room for one token at least")
    pieces = [piece for span in sentences(body) for piece in _fitting(body, span, measure, limit)]
    lengths = list(measure([body[start:end] for start, end in pieces]))
    return [(pieces[first][0], pieces[last][1]) for first, last in _packed(lengths, limit)]


def _fitting(body: str, span: Span, measure: Measure, limit: int) -> Iterator[Span]:
    """Halve a span, between words where there are several, until each piece fits."""
    start, end = span
    if measure([body[start:end]])[0] <= limit or end - start == 1:
        yield span
        return
    middle = (start + end) // 2
    breaks = [n for n in range(start + 1, end) if body[n - 1].isspace() and not body[n].isspace()]
    at = min(breaks, key=lambda n: abs(n - middle)) if breaks else middle
    for first, last in ((start, at), (at, end)):
        text = body[first:last]
        left = first + len(text) - len(text.lstrip())
        yield from _fitting(body, (left, left + len(text.strip())), measure, limit)


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
