"""Recognises what a single line of a page, or the few lines of a byline, may be: text in, verdict out, no context."""
