"""Prepares what the retriever needs of a corpus, when an index is made."""
