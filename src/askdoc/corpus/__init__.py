"""Reads a folder of pages and records into questions with their doctors' answers; ``loader`` leads.

Nothing is handed on here: who answers a question needs the passages alone, and none of the readers.
"""
