"""Splits a long message into segments, so that one sentence in its middle is not lost in the meaning of the whole."""

import re
from itertools import pairwise

_END = re.compile(r"(?<![.!?;\n])[.!?;\n]+(?=\s|$)")
"""The end of a sentence; a run of marks is looked at once, from its start."""
LONG_MESSAGE = 30
"""Blanks from which on a message is split."""
MOST_SEGMENTS = 6
_SHORTEST, _FULL = 5, 22
"""Words that a sentence needs to end a segment, and at which a segment ends without a full stop."""


def split_segments(question: str) -> tuple[str, ...]:
    """Split a long message into its sentences, several together where there are many; a short one has no segments."""
    if question.count(" ") < LONG_MESSAGE:
        return ()
    segments: list[str] = []
    words: list[str] = []
    for sentence in _END.split(question):
        for word in sentence.split():
            words.append(word)
            if len(words) == _FULL:
                segments.append(" ".join(words))
                words = []
        if len(words) >= _SHORTEST:
            segments.append(" ".join(words))
            words = []
    if words:
        segments.append(" ".join(words))
    if len(segments) <= MOST_SEGMENTS:
        return tuple(segments) if len(segments) > 1 else ()
    bounds = [round(number * len(segments) / MOST_SEGMENTS) for number in range(MOST_SEGMENTS + 1)]
    return tuple(". ".join(segments[low:high]) for low, high in pairwise(bounds))
