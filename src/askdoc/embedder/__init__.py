"""Turns texts into unit vectors: with the exported encoder where there is one, else with sentence-transformers."""

from askdoc.embedder.model_files import ModelFiles, locate
from askdoc.embedder.protocol import Awaited, BatchCallback, Embedder, Encoded, EncoderKind, Vectors, deferred

__all__ = [
    "Awaited",
    "BatchCallback",
    "Embedder",
    "Encoded",
    "EncoderKind",
    "ModelFiles",
    "Vectors",
    "deferred",
    "locate",
]
