"""Serves questions over HTTP, to programs and as pages for people."""
