"""The grid of whole numbers on which one product of an encoder is computed: scales, rounding, and what stays apart.

A product of an input (tokens, channels) with a matrix (channels, columns) is computed in whole numbers: the input on
one scale, fixed beforehand, each column of the matrix on its own. So a text's vector does not depend on its batch.

The input has eight bits, the matrix seven. A processor without dot products of 8-bit numbers (x86 without VNNI) adds
two products in 16 bits and cuts off what is larger: the most that can come is 2 × 255 × 63 = 32,130, and 32,767 fits.
So every processor computes the same whole numbers.

A few channels of a transformer reach far beyond all others and would leave those a handful of numbers; two remedies are
known. The channels can be *evened*, divided by factors that the matrix takes over (Xiao et al., SmoothQuant, 2023), or
the farthest can be kept *apart*, in single precision (Dettmers et al., LLM.int8(), 2022). Which serves a product best
is measured. What the lost bit costs is won back by the rounding: each number of the matrix is rounded so that it makes
good the errors of those before it, as far as the inputs allow (Frantar et al., GPTQ, 2023).
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
Doubles = NDArray[np.float64]
Rows = NDArray[np.int64]

STEPS = 255
"""Input numbers from 0 to 255."""
MOST = 63
"""A matrix's numbers from -63 to 63."""
WAYS = ((0.0, 0), (0.5, 0), (0.7, 0), (0.0, 2), (0.0, 8))
"""How strongly channels are evened, and how many stand apart; cheapest first."""
ENOUGH = 1.2
"""A cheaper way is taken if its error is at most so many times the least."""
DAMPING = 0.1
"""Share of the mean square of all channels that is added to each, so that a few rows do not decide the rounding."""


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
        scales = (np.maximum(np.abs(taken).max(axis=0), 1e-8) / MOST).astype(np.float32)
        numbers = np.rint(taken / scales).astype(np.int8)
        zero = np.uint8(np.clip(np.rint(-least / scale), 0, STEPS))
        return cls(factors.astype(np.float32), scale, zero, numbers, scales, far)

    def rounded(self, rows: Floats, matrix: Floats) -> "Grid":
        """The same grid, its numbers rounded so that the product is nearest for these rows (n, channels)."""
        taken = matrix * self.factors[:, None]
        taken[self.apart] = 0
        reached = rows / self.factors
        reached[:, self.apart] = 0
        moments = (reached.T @ reached / len(reached)).astype(np.float64)
        own = float(self.scale) ** 2 / 12  # the mean square of the input's own rounding
        moments[np.diag_indices_from(moments)] += own + DAMPING * moments.diagonal().mean()
        return replace(self, numbers=_rounded(taken / self.scales, moments))

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
    """The cheapest way whose error is near the least, fitted on all and rounded for all.

    Each way is fitted on what was seen of one half of the texts and judged on the other: what holds them all too
    tightly fails on the next text.
    """
    exact = other.rows @ matrix
    errors = [float(np.square(grid.product(other.rows, matrix) - exact).mean()) for grid in _ways(one, matrix)]
    chosen = next(way for way, error in enumerate(errors) if error <= ENOUGH * min(errors))
    evened, apart = WAYS[chosen]
    both = one | other
    return Grid.fit(both, matrix, evened=evened, apart=apart).rounded(both.rows, matrix)


def _ways(seen: Sample, matrix: Floats) -> Iterator[Grid]:
    return (Grid.fit(seen, matrix, evened=evened, apart=min(apart, len(matrix) - 1)) for evened, apart in WAYS)


def _rounded(exact: Floats, moments: Doubles) -> NDArray[np.int8]:
    """Whole numbers (channels, columns) near exact ones, whose product with inputs of these moments is nearest.

    Channels are rounded one after another, loudest first; each takes over the errors of those before it, as far as
    their inputs go together: the triangular factor of the moments (channels, channels) says how far (Babai's nearest
    plane, which is GPTQ without an inverse).
    """
    order = np.argsort(moments.diagonal(), kind="stable")
    factor = np.linalg.cholesky(moments[np.ix_(order, order)]).T
    shares = (factor / factor.diagonal()[:, None]).astype(np.float32)
    numbers, errors = np.empty(exact.shape, np.int8), np.zeros(exact.shape, np.float32)
    for row in reversed(range(len(order))):
        channel = order[row]
        wanted = exact[channel] + shares[row, row + 1 :] @ errors[row + 1 :]
        numbers[channel] = np.clip(np.rint(wanted), -MOST, MOST)
        errors[row] = exact[channel] - numbers[channel]
    return numbers
