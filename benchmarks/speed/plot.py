"""Draws a bar chart as SVG, without a library."""

from collections.abc import Mapping
from html import escape

WIDTH, BAR, GAP, NAMES = 640, 22, 10, 120
"""The width of the whole, the height of a bar, the gap below it, and the width of the names, in pixels."""


def bars(title: str, values: Mapping[str, float]) -> str:
    """Draw a bar for each value, in their order; the first, which is askdoc's, in a colour of its own."""
    most = max(values.values(), default=1) or 1
    height = 44 + len(values) * (BAR + GAP)
    rows = []
    for place, (name, value) in enumerate(values.items()):
        top = 36 + place * (BAR + GAP)
        length = (WIDTH - NAMES - 70) * value / most
        colour = "#0b6e4f" if place == 0 else "#8a8f98"
        rows.append(
            f'<text x="{NAMES - 8}" y="{top + 16}" text-anchor="end">{escape(name)}</text>'
            f'<rect x="{NAMES}" y="{top}" width="{length:.1f}" height="{BAR}" rx="3" fill="{colour}"/>'
            f'<text x="{NAMES + length + 6:.1f}" y="{top + 16}">{value:,.3g}</text>'
        )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{height}" role="img" '
        f'font-family="sans-serif" font-size="13"><title>{escape(title)}</title>'
        f'<rect width="100%" height="100%" fill="#fff"/><text x="8" y="22" font-weight="bold">{escape(title)}</text>'
        + "".join(rows)
        + "</svg>\n"
    )
