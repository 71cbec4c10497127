"""Turns texts into unit vectors: with the exported encoder where there is one, else with sentence-transformers."""

from askdoc.embedder.model_files import ModelFiles, locate
from askdoc.embedder.protocol import Awaited, Embedder, Encoded, EncoderKind, Finished, Vectors, later

__all__ = ["Awaited", "Embedder", "Encoded", "EncoderKind", "Finished", "ModelFiles", "Vectors", "later", "locate"]
