"""Serves questions over HTTP, and pages for people."""

from askdoc.server.app import create_app

__all__ = ["create_app"]
