"""Finds the answers that fit a question, and says how surely; all of relevance is here."""

from askdoc.retriever.asking import Reading
from askdoc.retriever.confidence import Calibration
from askdoc.retriever.find import Found, Ranking, Retriever
from askdoc.retriever.ground import FILE as GROUND_FILE
from askdoc.retriever.ground import Ground
from askdoc.retriever.prepare import Prepared, prepare

__all__ = ["GROUND_FILE", "Calibration", "Ground", "Found", "Prepared", "Ranking", "Reading", "Retriever", "prepare"]
