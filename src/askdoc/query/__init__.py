"""Understands a question before anything is searched: its terms, what it follows, other words for it."""
