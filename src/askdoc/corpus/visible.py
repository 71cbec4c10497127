"""Hands on what ``askdoc.text`` makes of a line."""

from askdoc.text import is_blank, plain, trimmed
from askdoc.text import without_marks as named

__all__ = ["is_blank", "named", "plain", "trimmed"]
