"""Turns texts into unit vectors: with the exported encoder where there is one, else with sentence-transformers."""

from askdoc.embedder.model_files import ModelFiles, locate
from askdoc.embedder.prompts import Prompt, Prompts, Side
from askdoc.embedder.protocol import Awaited, BatchCallback, Embedder, Encoded, EncoderKind, Vectors, deferred

__all__ = [
    "Awaited",
    "BatchCallback",
    "Embedder",
    "Encoded",
    "EncoderKind",
    "ModelFiles",
    "Prompt",
    "Prompts",
    "Side",
    "Vectors",
    "deferred",
    "locate",
]
