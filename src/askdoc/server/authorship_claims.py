"""Says on the pages whose words the corpus holds: doctors' own only where no page of the corpus denies it."""

import json

from askdoc.models import ContentLabels

DOCTORS = "Doctors’ own words, each with its doctor. Nothing is made up."
ANYBODY = "Quoted word for word, each passage with its author. Nothing is generated."
MAX_LABELS = 3
"""ContentLabels shown in the head of a page at most, the most frequent first."""
PANEL_TEXTS = {
    "title": "Answers",
    "intro": "Ask in your own words. You will see passages quoted word for word, with their authors.",
    "waiting": "Looking through the answers…",
    "unnamed": "Author not named on the page",
    "found": ["One answer found, from {doctor}.", "{n} answers found, the first from {doctor}."],
}
"""Texts of the widget's panel in place of its own ones that speak of doctors."""


def claim(labels: ContentLabels | None) -> list[str]:
    """What the head of a page says of the corpus, a paragraph each. ``labels`` is None while no index is open."""
    if labels is None:
        return [ANYBODY]
    if not labels.counts:
        return [DOCTORS]
    shown = labels.counts[:MAX_LABELS]
    if shown[0][1] == labels.pages:
        return [ANYBODY, shown[0][0]]
    return [ANYBODY, *(f"{count:,} of {labels.pages:,} pages: {label}" for label, count in shown)]


def panel_texts(labels: ContentLabels | None) -> str | None:
    """Texts for the widget's panel that do not speak of doctors, as JSON; None where its own texts are true."""
    return None if claim(labels) == [DOCTORS] else json.dumps(PANEL_TEXTS, ensure_ascii=False)
