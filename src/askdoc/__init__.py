"""askdoc answers a patient's question with doctors' passages, word for word, each with its doctor."""

__version__ = "0.3.0"
