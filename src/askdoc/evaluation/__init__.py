"""Measures how well an index answers."""
