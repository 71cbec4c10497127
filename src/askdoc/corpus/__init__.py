"""Reads a folder of pages and records into questions with their doctors' answers."""

from askdoc.corpus.loader import Corpus, read

__all__ = ["Corpus", "read"]
