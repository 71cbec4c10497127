"""askdoc answers a patient's question with doctors' passages, word for word, each with its doctor."""

import os

# A question is health data. onnxruntime reports to its maker unless this is set before it is loaded, and the model
# hub's client tells who asks; no part of askdoc can be imported before this file has run.
os.environ.update(ORT_DISABLE_TELEMETRY="1", HF_HUB_DISABLE_TELEMETRY="1")

__version__ = "0.4.0"
