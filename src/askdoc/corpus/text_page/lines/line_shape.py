"""Describes the shape of a line: its length, its capitals, its end, and the small words in it."""

import re
from collections.abc import Sequence

from askdoc.text import plain

LONGEST_BYLINE_LINE = 120
"""Letters in the longest line of a byline: a name with many degrees, or a title with its place."""

_ABBREVIATION = re.compile(r"(?:\b[A-Z]\.|\b(?:Ph|Psy|Pharm)\.\s?D\.|\b(?:Inc|Jr|Sr|St|Dr)\.)$")
_SENTENCE_END = re.compile(r"[.?!:;,…。！？；：，、؟؛।]$")
_BULLET = re.compile(r"[-*•·–—]\s|\(?\d{1,3}[.)]\s")
# Words in lower case that stand inside names (Ann van der Lee) and titles (Professor of Surgery).
_PARTICLE = re.compile(r"van|von|der|den|de|del|della|di|da|la|le|du|bin|ibn|ben|al|el|of|and|&|in|at|for|/|-|–|y|e")
# Function words and verbs of advice, which stand in headings ("See a Dermatologist") but never in names or titles.
_PROSE_WORD = re.compile(
    r"\b(?:an?|the|to|is|are|was|be|do|does|did|can|should|would|must|i|you|your|my|our|his|her|their|me|it"
    r"|when|why|how|what|who|where|which|if|not?|see|call|ask|talk|find|choose|choosing|finding|seeing|visit|consult"
    r"|need|get|trust|any|another|other|every|good|right|dear|hi|hello|thanks|thank|best|regards|with|from|before"
    r"|after|during|about|this|that|these|those|here|there|now|more)\b",
    re.IGNORECASE,
)


def could_be_byline_line(line: str) -> bool:
    """Whether a line could be one of a byline: short, not a list item, and not a sentence."""
    text = plain(line)
    if not text or len(text) > LONGEST_BYLINE_LINE or not any(letter.isalpha() for letter in text):
        return False
    if _BULLET.match(text):
        return False
    return not _SENTENCE_END.search(text) or bool(_ABBREVIATION.search(text))


def ends_in_colon(text: str) -> bool:
    """Whether a text announces what follows it."""
    return text.endswith((":", "："))


def is_title_case(words: Sequence[str]) -> bool:
    """Whether words are capitalised as in names and titles: all but the particles between them."""
    return (
        bool(words)
        and not words[0][0].islower()
        and all(not word[0].islower() or _PARTICLE.fullmatch(word) for word in words)
    )


def is_prose_word(word: str) -> bool:
    """Whether a word is of those that stand in headings and never in names or titles."""
    return bool(_PROSE_WORD.fullmatch(word))


def contains_prose_word(text: str) -> bool:
    """Whether any word of a text is of those that stand in headings and never in names or titles."""
    return bool(_PROSE_WORD.search(text))
