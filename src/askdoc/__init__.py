"""askdoc answers a patient's question with doctors' passages, word for word, each with its doctor."""

import os
import sys
import warnings

if "onnxruntime" in sys.modules and "ORT_DISABLE_TELEMETRY" not in os.environ:
    warnings.warn(
        "onnxruntime was imported before askdoc and reports to its maker. Set ORT_DISABLE_TELEMETRY=1 first.",
        stacklevel=2,
    )
# A question is health data. onnxruntime reports to its maker unless this is set before it is loaded, and the model
# hub's client adds to what it fetches who asks for it. No part of askdoc can be imported before this file has run.
os.environ.update(ORT_DISABLE_TELEMETRY="1", HF_HUB_DISABLE_TELEMETRY="1")

__version__ = "0.5.0"
