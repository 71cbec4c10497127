"""Stands in for what a server follows an index with, and holds what its tests ask."""

from dataclasses import dataclass

from askdoc.live import ServingStatus
from askdoc.responder import Responder
from tests.conftest import ROOT

QUESTION = "How long does a bruise last?"
GERMAN = "Welche Salbe hilft bei trockener Haut?"
ARABIC = "ما هو أفضل كريم للبشرة الجافة"
"""Questions in languages that are not read."""
BROWSER = {"accept": "text/html,application/xhtml+xml"}
"""The headers of a browser that wants a page."""
SITE = "https://clinic.example"
"""The site whose pages may ask the server."""
LOADER = ROOT / "web" / "static" / "widget" / "v1" / "askdoc.js"


@dataclass
class FixedProvider:
    """A provider whose responder never changes; None stands for an index that is still loading."""

    fixed: Responder | None
    problem: str | None = None

    def responder(self) -> Responder | None:
        return self.fixed

    def state(self) -> ServingStatus:
        return ServingStatus(self.fixed is not None, self.fixed.index_id if self.fixed else None, self.problem)
