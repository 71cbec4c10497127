"""Finds the answers that fit a question, with a calibrated confidence; all of relevance is here."""

from askdoc.retriever.query import Query
from askdoc.retriever.retriever import Ranking, Retriever, SearchResult

__all__ = ["Query", "Ranking", "Retriever", "SearchResult"]
