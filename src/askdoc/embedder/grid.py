"""The 8-bit grid on which one product of an encoder is computed: which numbers stand for which, and what stays apart.

A product of an input (tokens, channels) with a matrix (channels, columns) is computed in whole numbers: the input on
one scale, fixed beforehand, each column of the matrix on its own. So a text's vector does not depend on its batch. A
few channels of a transformer reach far beyond all others and would leave those a handful of numbers; two remedies are
known. The channels can be *evened*, divided by factors that the matrix takes over (Xiao et al., SmoothQuant, 2023), or
the farthest can be kept *apart*, in single precision (Dettmers et al., LLM.int8(), 2022). Which serves a product best
is measured.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
Rows = NDArray[np.int64]

STEPS = 255
"""Input numbers from 0 to 255; a matrix's from -127 to 127."""
WAYS = ((0.0, 0), (0.5, 0), (0.7, 0), (0.0, 2), (0.0, 8))
"""How strongly channels are evened, and how many stand apart; cheapest first."""
ENOUGH = 1.5
"""A cheaper way is taken if its error is at most so many times the least."""


@dataclass(frozen=True, slots=True)
class Sample:
    """What reached a product: the least and the most of each channel (channels,), and some rows (n, channels)."""

    least: Floats
    most: Floats
    rows: Floats

    @classmethod
    def of(cls, text: Floats, *, rows: slice) -> "Sample":
        """From the input of a text (tokens, channels), of which these rows are kept."""
        return cls(text.min(axis=0), text.max(axis=0), text[rows].copy())

    def __or__(self, other: "Sample") -> "Sample":
        return Sample(
            np.minimum(self.least, other.least),
            np.maximum(self.most, other.most),
            np.concatenate([self.rows, other.rows]),
        )


@dataclass(frozen=True, slots=True)
class Grid:
    """The numbers of one product.

    ``factors`` (channels,) divide the input; ``scale`` and ``zero`` put it on the grid; ``numbers`` (channels, columns)
    int8 and ``scales`` (columns,) are the matrix, without the channels ``apart``.
    """

    factors: Floats
    scale: np.float32
    zero: np.uint8
    numbers: NDArray[np.int8]
    scales: Floats
    apart: Rows

    @classmethod
    def fit(cls, seen: Sample, matrix: Floats, *, evened: float, apart: int) -> "Grid":
        """The grid that holds everything that was seen, in one of the ways."""
        reach = np.maximum(np.maximum(-seen.least, seen.most), 1e-5)
        far = np.sort(np.argsort(-reach, kind="stable")[:apart])
        factors = np.ones_like(reach)
        if evened:
            factors = reach**evened / np.maximum(np.abs(matrix).max(axis=1), 1e-5) ** (1 - evened)
            factors /= np.exp(np.log(factors).mean())
        near = np.ones(len(reach), bool)
        near[far] = False
        least = min(float((seen.least / factors)[near].min(initial=0)), 0.0)
        most = max(float((seen.most / factors)[near].max(initial=0)), 1e-6)
        scale = np.float32((most - least) / STEPS)
        taken = matrix * factors[:, None]
        taken[far] = 0
        scales = (np.maximum(np.abs(taken).max(axis=0), 1e-8) / 127).astype(np.float32)
        numbers = np.rint(taken / scales).astype(np.int8)
        zero = np.uint8(np.clip(np.rint(-least / scale), 0, STEPS))
        return cls(factors.astype(np.float32), scale, zero, numbers, scales, far)

    @property
    def is_even(self) -> bool:
        """Whether nothing needs to be divided."""
        return bool((self.factors == 1).all())

    def product(self, rows: Floats, matrix: Floats) -> Floats:
        """What the product gives for rows of the input (n, channels): (n, columns)."""
        zero = float(self.zero)
        on_grid = np.clip(np.rint(rows / self.factors / self.scale) + zero, 0, STEPS) - zero
        whole = on_grid @ self.numbers.astype(np.float32) * (self.scale * self.scales)
        found: Floats = whole + rows[:, self.apart] @ matrix[self.apart]
        return found


def best(one: Sample, other: Sample, matrix: Floats) -> Grid:
    """The cheapest way whose error is near the least, fitted on all.

    Each way is fitted on what was seen of one half of the texts and judged on the other: what holds them all too
    tightly fails on the next text.
    """
    exact = other.rows @ matrix
    errors = [float(np.square(grid.product(other.rows, matrix) - exact).mean()) for grid in _ways(one, matrix)]
    chosen = next(way for way, error in enumerate(errors) if error <= ENOUGH * min(errors))
    evened, apart = WAYS[chosen]
    return Grid.fit(one | other, matrix, evened=evened, apart=apart)


def _ways(seen: Sample, matrix: Floats) -> Iterator[Grid]:
    return (Grid.fit(seen, matrix, evened=evened, apart=min(apart, len(matrix) - 1)) for evened, apart in WAYS)
