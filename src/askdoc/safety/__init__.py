"""Decides what must be read first: a question to the notice that comes before any answer."""

from askdoc.safety.gate import Gate
from askdoc.safety.notices import Notices

__all__ = ["Gate", "Notices"]
