"""Recognises the words with which a page closes: its own disclaimer."""

import re

_POSSIBLE = re.compile(
    r"education|informational|substitute|medical advice|emergency|call 911|patient.{0,12}relationship"
    r"|relationship between|not replace your|in place of the advice|not constitute|consult (?:a|your)|demonstration",
    re.IGNORECASE,
)
_SURE = re.compile(
    r"(?:educational|informational) (?:purpose|use)|substitute for|patient.{0,12}relationship|not constitute"
    r"|relationship between (?:a )?patient|education only|in place of the advice|not replace your"
    r"|demonstration text|(?:not|no) medical advice",
    re.IGNORECASE,
)


def could_be_disclaimer(text: str) -> bool:
    """Whether a text holds words of a disclaimer, which a doctor could write in an answer as well."""
    return bool(_POSSIBLE.search(text))


def is_disclaimer(text: str) -> bool:
    """Whether a text holds words of a disclaimer that can hardly be part of an answer."""
    return bool(_SURE.search(text))
