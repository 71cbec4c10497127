"""Keeps torch and the libraries above it from writing to the operator's screen and disk."""

import logging
import os
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager

_CACHE = "TORCHINDUCTOR_CACHE_DIR"
"""Where torch keeps compiled code; it makes the folder when it is imported."""
_LOGGERS = ("torch.onnx", "sentence_transformers", "transformers")


@contextmanager
def contained() -> Iterator[None]:
    """Run with progress bars and warnings off, and torch's cache in a folder that is removed afterwards."""
    with _quiet(), _temporary_cache():
        yield


@contextmanager
def _temporary_cache() -> Iterator[None]:
    """Have torch make its cache, for which askdoc has no use, in a temporary folder."""
    before = os.environ.get(_CACHE)
    with tempfile.TemporaryDirectory() as folder:
        os.environ[_CACHE] = folder
        try:
            yield
        finally:
            os.environ.pop(_CACHE, None)
            os.environ.update({_CACHE: before} if before is not None else {})


@contextmanager
def _quiet() -> Iterator[None]:
    """Silence the libraries' progress bars, log messages below errors, and warnings."""
    from transformers.utils import logging as transformers_logging

    levels = {name: logging.getLogger(name).level for name in _LOGGERS}
    transformers_logging.disable_progress_bar()
    for name in levels:
        logging.getLogger(name).setLevel(logging.ERROR)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        for name, level in levels.items():
            logging.getLogger(name).setLevel(level)
