"""Understands a query before anything is searched: its topic, its spelling, its synonyms and its completions."""
