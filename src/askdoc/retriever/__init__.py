"""Finds the answers that fit a question, and says how surely; all of relevance is here."""

from askdoc.retriever.asking import Asked as Reading
from askdoc.retriever.find import Found, Ranking, Retriever
from askdoc.retriever.prepare import Prepared, prepare

__all__ = ["Found", "Prepared", "Ranking", "Reading", "Retriever", "prepare"]
