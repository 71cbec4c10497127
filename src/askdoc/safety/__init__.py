"""Decides which notice, if any, must be read before the answers to a question."""

from askdoc.safety.gate import Gate
from askdoc.safety.notices import Notices

__all__ = ["Gate", "Notices"]
