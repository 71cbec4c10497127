"""Reads a page of a question-and-answer site, saved as plain text."""

from askdoc.corpus.text_page.page import TextPage

__all__ = ["TextPage"]
