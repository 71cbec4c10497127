"""Reads from a page's disclaimer the label of text that no doctor wrote."""

import re

_SENTENCE = re.compile(r"\S.*?(?:[.!?](?=\s)|\Z)", re.DOTALL)
_WRITER = r"(?:doctors?|physicians?|dentists?|clinicians?)"
_NO_DOCTOR = re.compile(
    rf"\b(?:no|not a) (?:\w+ )?{_WRITER} (?:has |have |ever )?(?:wrote|written)\b"
    rf"|\b(?:not|never)(?: been)? written(?: or \w+)? by (?:an? |any |real )?{_WRITER}\b",
    re.IGNORECASE,
)


def label(disclaimer: str | None) -> str | None:
    """The beginning of a disclaimer, up to the sentence that says that no doctor wrote the text; None without one.

    The label is in the corpus's own words: what a disclaimer does not say is not guessed at.
    """
    for sentence in _SENTENCE.finditer(disclaimer or ""):
        if _NO_DOCTOR.search(" ".join(sentence.group().split())):
            return " ".join((disclaimer or "")[: sentence.end()].split())
    return None
