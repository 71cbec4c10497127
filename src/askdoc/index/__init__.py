"""An opened index: its documents, words and vectors, checked against its manifest."""
