"""Finds the answers that fit a question, and says how surely; all of relevance is here."""

from askdoc.retriever.query import Query
from askdoc.retriever.retriever import Ranking, Retrieved, Retriever

__all__ = ["Query", "Ranking", "Retrieved", "Retriever"]
