"""Puts results into lines for a terminal, and into plain values for JSON: a module for each kind of result."""
