"""A long message to its pieces, so that one sentence in the middle is not lost in the meaning of the whole."""

import re
from itertools import pairwise

_END = re.compile(r"[.!?;\n]+(?=\s|$)")
LONG = 30
"""Words beyond which a message is cut."""
MOST = 6
"""Pieces at most: all are embedded in one go with the message itself."""
_SHORT, _FULL = 5, 22
"""Words that a sentence needs to be a piece of its own, and at which a piece ends without a full stop."""


def pieces(question: str) -> tuple[str, ...]:
    """The sentences of a long message, several together where there are many; none of a short one."""
    if question.count(" ") < LONG:
        return ()
    cut: list[str] = []
    words: list[str] = []
    for sentence in _END.split(question):
        for word in sentence.split():
            words.append(word)
            if len(words) == _FULL:
                cut.append(" ".join(words))
                words = []
        if len(words) >= _SHORT:
            cut.append(" ".join(words))
            words = []
    if words:
        cut.append(" ".join(words))
    if len(cut) <= MOST:
        return tuple(cut) if len(cut) > 1 else ()
    bounds = [round(number * len(cut) / MOST) for number in range(MOST + 1)]
    return tuple(". ".join(cut[low:high]) for low, high in pairwise(bounds))
