"""askdoc answers a patient's question with doctors' passages, word for word, each with its doctor.

The names in ``__all__`` are the public interface; everything else may change with any version.
"""

import os
import sys
import warnings
from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from askdoc.assistant import Assistant
    from askdoc.errors import AskdocError
    from askdoc.models import (
        Answer,
        Author,
        Confidence,
        Contact,
        Level,
        Match,
        Notice,
        Passage,
        Question,
        RelatedQuestion,
        Reply,
    )

if "onnxruntime" in sys.modules and "ORT_DISABLE_TELEMETRY" not in os.environ:
    warnings.warn(
        "onnxruntime was imported before askdoc and reports to its maker. Set ORT_DISABLE_TELEMETRY=1 first.",
        stacklevel=2,
    )
# A question is health data. onnxruntime reports to its maker unless this is set before it is loaded, and the model
# hub's client adds to what it fetches who asks for it. No part of askdoc can be imported before this file has run.
os.environ.update(ORT_DISABLE_TELEMETRY="1", HF_HUB_DISABLE_TELEMETRY="1")

__version__ = "0.6.0"
__all__ = [
    "Answer",
    "AskdocError",
    "Assistant",
    "Author",
    "Confidence",
    "Contact",
    "Level",
    "Match",
    "Notice",
    "Passage",
    "Question",
    "RelatedQuestion",
    "Reply",
    "__version__",
]

if not TYPE_CHECKING:  # a type checker would take every name for one that is here

    def __getattr__(name: str) -> object:
        """Import a public name when it is first used: ``askdoc --help`` needs none of them."""
        if name not in __all__:
            raise AttributeError(f"module 'askdoc' has no attribute {name!r}")
        module = {"Assistant": "assistant", "AskdocError": "errors"}.get(name, "models")
        return getattr(import_module(f"askdoc.{module}"), name)
