"""Int8 quantisation of one matrix product: scale, zero point, outlier channels in float32.

An input (tokens, channels) is multiplied by a constant matrix (channels, columns) in whole numbers. The input has one
scale and one zero point, fixed when the model is exported (static quantisation), and each column of the matrix has a
scale of its own. So a text's vector does not depend on the batch it is in.

The input has eight bits, the matrix seven. A processor without dot products of 8-bit numbers (x86 without VNNI) adds
two products in 16 bits and saturates: the largest sum that can come is 2 × 255 × 63 = 32,130, and 32,767 fits. So every
processor computes the same whole numbers.

A few channels of a transformer's activations are far larger than all others; on a scale that fits them, the others
would be left with a handful of steps. Two remedies are known: to *smooth* the channels, dividing each by a factor by
which the matrix is multiplied (Xiao et al., SmoothQuant, 2023), or to compute *outlier channels* in float32 (Dettmers
et al., LLM.int8(), 2022). Which remedy suits a product is measured. What the matrix loses with its eighth bit is won
back by rounding: each weight is rounded so that it compensates the errors of those before it (Frantar et al., GPTQ,
2023).
"""

from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
Doubles = NDArray[np.float64]
Channels = NDArray[np.int64]

INPUT_MAX = 255
"""Quantised inputs reach from 0 to 255: eight bits without a sign."""
WEIGHT_MAX = 63
"""Quantised weights reach from -63 to 63: seven bits, so that a sum of two products fits in 16 bits with its sign."""
TOLERANCE = 1.2
"""A cheaper scheme is taken if its mean square error is at most so many times the least."""
DAMPING = 0.1
"""Share of the mean second moment that is added to each channel's, so that a few rows do not decide the rounding."""


class Scheme(NamedTuple):
    """A remedy for large channels."""

    smoothing: float
    """SmoothQuant's migration strength, from 0 (no channel is divided) to 1 (all inputs reach equally far)."""
    outliers: int
    """How many channels, those that reach farthest, are computed in float32."""


SCHEMES = (Scheme(0.0, 0), Scheme(0.5, 0), Scheme(0.7, 0), Scheme(0.0, 2), Scheme(0.0, 8))
"""The schemes that are tried, the cheapest at run time first."""


@dataclass(frozen=True, slots=True)
class ActivationSample:
    """Inputs of one product: the minimum and maximum of each channel (channels,), and some rows (n, channels)."""

    minima: Floats
    maxima: Floats
    rows: Floats

    @classmethod
    def of(cls, inputs: Floats, *, rows: slice) -> "ActivationSample":
        """Sample one text's inputs (tokens, channels), of which ``rows`` are kept."""
        return cls(inputs.min(axis=0), inputs.max(axis=0), inputs[rows].copy())

    def __or__(self, other: "ActivationSample") -> "ActivationSample":
        return ActivationSample(
            np.minimum(self.minima, other.minima),
            np.maximum(self.maxima, other.maxima),
            np.concatenate([self.rows, other.rows]),
        )


@dataclass(frozen=True, slots=True)
class QuantizedMatmul:
    """The constants of one quantised product.

    An input is divided by ``smoothing_factors`` (channels,), then by ``input_scale``, and ``zero_point`` is added.
    ``weights`` (channels, columns) int8 times ``weight_scales`` (columns,) is the matrix, multiplied by the smoothing
    factors and with zeros in the rows of the ``outlier_channels``.
    """

    smoothing_factors: Floats
    input_scale: np.float32
    zero_point: np.uint8
    weights: NDArray[np.int8]
    weight_scales: Floats
    outlier_channels: Channels

    @classmethod
    def fit(cls, sample: ActivationSample, matrix: Floats, scheme: Scheme) -> "QuantizedMatmul":
        """Choose the constants so that no input of the sample is clipped; weights are rounded to nearest."""
        reach = np.maximum(np.maximum(-sample.minima, sample.maxima), 1e-5)
        outliers = np.sort(np.argsort(-reach, kind="stable")[: min(scheme.outliers, len(matrix) - 1)])
        factors = np.ones_like(reach)
        if scheme.smoothing:
            weight_reach = np.maximum(np.abs(matrix).max(axis=1), 1e-5)
            factors = reach**scheme.smoothing / weight_reach ** (1 - scheme.smoothing)
            factors /= np.exp(np.log(factors).mean())
        inliers = np.ones(len(reach), bool)
        inliers[outliers] = False
        least = min(float((sample.minima / factors)[inliers].min(initial=0)), 0.0)
        most = max(float((sample.maxima / factors)[inliers].max(initial=0)), 1e-6)
        scale = np.float32((most - least) / INPUT_MAX)
        smoothed = _smoothed(matrix, factors, outliers)
        weight_scales = (np.maximum(np.abs(smoothed).max(axis=0), 1e-8) / WEIGHT_MAX).astype(np.float32)
        weights = np.rint(smoothed / weight_scales).astype(np.int8)
        zero_point = np.uint8(np.clip(np.rint(-least / scale), 0, INPUT_MAX))
        return cls(factors.astype(np.float32), scale, zero_point, weights, weight_scales, outliers)

    def rounded_for(self, rows: Floats, matrix: Floats) -> "QuantizedMatmul":
        """Round the weights anew, by GPTQ, so that the product is nearest to exact for inputs like ``rows``.

        ``rows`` is (n, channels), ``matrix`` the exact one. Scales stay as they are.
        """
        smoothed = _smoothed(matrix, self.smoothing_factors, self.outlier_channels)
        inputs = rows / self.smoothing_factors
        inputs[:, self.outlier_channels] = 0
        moments = (inputs.T @ inputs / len(inputs)).astype(np.float64)
        input_error = float(self.input_scale) ** 2 / 12  # the mean square error of rounding the input
        moments[np.diag_indices_from(moments)] += input_error + DAMPING * moments.diagonal().mean()
        return replace(self, weights=_gptq(smoothed / self.weight_scales, moments))

    @property
    def is_smoothed(self) -> bool:
        """Whether the input has to be divided."""
        return bool((self.smoothing_factors != 1).any())

    def multiply(self, rows: Floats, matrix: Floats) -> Floats:
        """Compute the product (n, columns) for ``rows`` (n, channels) as the exported graph does.

        The outlier channels' rows are taken from the exact ``matrix``.
        """
        zero = float(self.zero_point)
        quantized = np.clip(np.rint(rows / self.smoothing_factors / self.input_scale) + zero, 0, INPUT_MAX) - zero
        inliers = quantized @ self.weights.astype(np.float32) * (self.input_scale * self.weight_scales)
        product: Floats = inliers + rows[:, self.outlier_channels] @ matrix[self.outlier_channels]
        return product


def calibrate(fitting: ActivationSample, held_out: ActivationSample, matrix: Floats) -> QuantizedMatmul:
    """Quantise with the cheapest scheme whose error is near the least.

    Every scheme is fitted on one half of the texts and its error measured on the other, since a scale that fits one
    half too tightly clips the next text. The scheme chosen is fitted again, with GPTQ rounding, on both halves.
    """
    scheme = _cheapest(fitting, held_out, matrix)
    both = fitting | held_out
    return QuantizedMatmul.fit(both, matrix, scheme).rounded_for(both.rows, matrix)


def _cheapest(fitting: ActivationSample, held_out: ActivationSample, matrix: Floats) -> Scheme:
    """The first scheme whose mean square error on ``held_out`` is within ``TOLERANCE`` of the least."""
    exact = held_out.rows @ matrix
    fits = (QuantizedMatmul.fit(fitting, matrix, scheme) for scheme in SCHEMES)
    errors = [float(np.square(fit.multiply(held_out.rows, matrix) - exact).mean()) for fit in fits]
    return next(scheme for scheme, error in zip(SCHEMES, errors, strict=True) if error <= TOLERANCE * min(errors))


def _smoothed(matrix: Floats, factors: Floats, outliers: Channels) -> Floats:
    """The matrix multiplied by the smoothing factors, with zeros in the rows of the outlier channels."""
    smoothed: Floats = matrix * factors[:, None]
    smoothed[outliers] = 0
    return smoothed


def _gptq(exact: Floats, moments: Doubles) -> NDArray[np.int8]:
    """Round ``exact`` (channels, columns) so that its product with inputs of these second moments changes least.

    Channels are rounded one after another, from the one with the largest moment to the smallest. Each compensates the
    rounding errors of those before it, as far as its inputs are correlated with theirs: the Cholesky factor of the
    second moments (channels, channels) says how far. This is Babai's nearest plane algorithm, which gives what GPTQ
    does and needs no inverse.
    """
    order = np.argsort(moments.diagonal(), kind="stable")
    factor = np.linalg.cholesky(moments[np.ix_(order, order)]).T
    correlations = (factor / factor.diagonal()[:, None]).astype(np.float32)
    rounded, errors = np.empty(exact.shape, np.int8), np.zeros(exact.shape, np.float32)
    for row in reversed(range(len(order))):
        channel = order[row]
        compensated = exact[channel] + correlations[row, row + 1 :] @ errors[row + 1 :]
        rounded[channel] = np.clip(np.rint(compensated), -WEIGHT_MAX, WEIGHT_MAX)
        errors[row] = exact[channel] - rounded[channel]
    return rounded
