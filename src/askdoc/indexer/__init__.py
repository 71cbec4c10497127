"""Makes an index: from a corpus to a generation that was read back, tried out and activated."""
