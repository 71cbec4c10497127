"""Makes an index: reads a corpus, embeds what is new, and activates the generation when it has been verified."""
