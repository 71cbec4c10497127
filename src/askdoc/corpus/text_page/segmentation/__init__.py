"""Segments the blocks of a page into answers: candidate bylines are scored, selected to fit the count, and checked."""
