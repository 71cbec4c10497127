"""Holds the shipped tables that were learned: data only."""
