"""Lays text out for a terminal: wrapped by the cells that it takes, without control characters that could steer it."""

import shutil
from dataclasses import dataclass

WIDEST, NARROWEST = 88, 20
"""Bounds of a line's width in cells: longer lines are hard to read, shorter ones hold no word."""
_BREAKS = "\t\n\v\f\r\x85\u2028\u2029"
"""Characters that become spaces."""
_STEERING = (
    *range(0x20),  # escape sequences begin here
    *range(0x7F, 0xA0),
    *range(0x202A, 0x202F),  # embeddings and overrides of the direction of writing
    *range(0x2066, 0x2070),  # isolates, and the deprecated controls behind them
    *range(0xFFF9, 0xFFFC),  # annotations, which hide what they hold
)
"""Characters that become visible replacement characters."""
_SAFE = {**dict.fromkeys(_STEERING, "\N{REPLACEMENT CHARACTER}"), **dict.fromkeys(map(ord, _BREAKS), " ")}


@dataclass(frozen=True, slots=True)
class Glyphs:
    """The signs of lines, bars and arrows that askdoc puts around what it quotes."""

    margin: str = "│"
    edge: str = "━"
    arrow: str = "→"
    by: str = "—"
    to: str = "–"
    cut: str = "…"
    dot: str = "·"
    done: str = "█"
    left: str = "░"

    @classmethod
    def fit(cls, encoding: str | None) -> "Glyphs":
        """Choose the drawn signs where an encoding has all of them, else signs of plain ASCII."""
        drawn = cls()
        try:
            "".join(getattr(drawn, name) for name in cls.__slots__).encode(encoding or "ascii")
        except (UnicodeEncodeError, LookupError):
            return cls("|", "=", "->", "--", "-", "...", "*", "#", ".")
        return drawn


def width() -> int:
    """The cells that a line may take, by the terminal's width."""
    return max(NARROWEST, min(WIDEST, shutil.get_terminal_size((WIDEST, 24)).columns))


def wrapped(text: str, indent: str = "", *, hanging: str | None = None) -> str:
    """A text wrapped to the terminal's width; joiners and accents take no cell, Chinese letters and emoji two."""
    from wcwidth import wrap  # its tables take a while, which `askdoc --help` does without

    lines = wrap(
        safe(text),
        width(),
        initial_indent=indent,
        subsequent_indent=indent if hanging is None else hanging,
        break_long_words=False,
        break_on_hyphens=False,
    )
    return "\n".join(lines)


def safe(text: str) -> str:
    """Text that cannot steer the terminal: line ends become spaces, other control characters replacement characters.

    What belongs to words stays: joiners, soft hyphens, variation selectors, and marks of direction that turn nothing.
    """
    return text.translate(_SAFE)
