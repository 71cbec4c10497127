"""An index that can be searched: its documents, words and vectors, checked against their manifest."""
