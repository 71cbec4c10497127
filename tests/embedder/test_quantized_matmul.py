"""Quantised products: how near they are to the exact ones, and that no sum of theirs overflows."""

import numpy as np
import pytest

from askdoc.embedder import quantized_matmul
from askdoc.embedder.quantized_matmul import INPUT_MAX, SCHEMES, ActivationSample, QuantizedMatmul, Scheme


def sample(draw: np.random.Generator, *, reach: float = 1.0) -> ActivationSample:
    """Inputs of a product of 40 channels, of which the fourth reaches farther."""
    rows = draw.normal(size=(400, 40)).astype(np.float32)
    rows[:, 3] *= reach
    return ActivationSample.of(rows, rows=slice(None))


def error(product: QuantizedMatmul, rows: np.ndarray, matrix: np.ndarray) -> float:
    """The mean square error of a quantised product, as a share of the exact one's mean square."""
    exact = rows @ matrix
    return float(np.square(product.multiply(rows, matrix) - exact).mean() / np.square(exact).mean())


@pytest.mark.parametrize("scheme", SCHEMES)
def test_a_quantised_product_is_near_the_exact_one(scheme: Scheme) -> None:
    """Where all channels reach equally far, every scheme's error is below a five-thousandth of the product."""
    draw = np.random.default_rng(0)
    seen, matrix = sample(draw), draw.normal(size=(40, 24)).astype(np.float32)
    assert error(QuantizedMatmul.fit(seen, matrix, scheme), seen.rows, matrix) < 2e-4


def test_a_channel_that_reaches_far_does_not_spoil_the_others() -> None:
    """A channel that reaches far spoils a common scale, and a scheme is chosen under which it does not."""
    draw = np.random.default_rng(1)
    one, other, new = (sample(draw, reach=60.0) for _ in range(3))
    matrix = draw.normal(size=(40, 24)).astype(np.float32)
    matrix[3] /= 60  # so that the others matter as much
    alone = error(QuantizedMatmul.fit(one | other, matrix, Scheme(0.0, 0)), new.rows, matrix)
    chosen = error(quantized_matmul.calibrate(one, other, matrix), new.rows, matrix)
    assert chosen < 5e-4 < alone / 10


@pytest.mark.parametrize("scheme", SCHEMES)
def test_no_sum_of_two_products_grows_beyond_16_bits(scheme: Scheme) -> None:
    """A sum of two products never exceeds 16 bits, in which a processor without 8-bit dot products would saturate."""
    draw = np.random.default_rng(3)
    matrix = draw.normal(size=(40, 24)).astype(np.float32)
    nearest = QuantizedMatmul.fit(sample(draw), matrix, scheme)
    for product in (nearest, nearest.rounded_for(sample(draw).rows, matrix)):
        pairs = np.abs(product.weights.astype(np.int64)) * INPUT_MAX
        assert (pairs[0::2] + pairs[1::2]).max() <= np.iinfo(np.int16).max
        assert np.abs(product.weights).max() > 55  # the bits that there are, are used


@pytest.mark.parametrize("smoothing", [0.0, 0.5])
def test_rounding_makes_good_what_it_costs(smoothing: float) -> None:
    """Where channels are correlated, GPTQ rounding loses less than half of what rounding to nearest does."""
    draw = np.random.default_rng(4)
    mixed = draw.normal(size=(8, 40))
    one, other = ((draw.normal(size=(400, 8)) @ mixed).astype(np.float32) for _ in range(2))
    matrix = draw.normal(size=(40, 24)).astype(np.float32)
    nearest = QuantizedMatmul.fit(ActivationSample.of(one, rows=slice(None)), matrix, Scheme(smoothing, 2))
    assert lost(nearest.rounded_for(one, matrix), other, matrix) < lost(nearest, other, matrix) / 2


def lost(product: QuantizedMatmul, rows: np.ndarray, matrix: np.ndarray) -> float:
    """The mean square by which quantised weights change the product with exact rows."""
    kept = product.weights * product.weight_scales / product.smoothing_factors[:, None]
    kept[product.outlier_channels] = matrix[product.outlier_channels]
    return float(np.square(rows @ (kept - matrix)).mean())


def test_what_fits_one_half_of_the_texts_alone_is_not_chosen() -> None:
    """A scheme that fits a channel which is small in one half of the texts and large in the other is not chosen."""
    draw = np.random.default_rng(2)
    one, other = sample(draw), sample(draw, reach=30.0)
    matrix = draw.normal(size=(40, 24)).astype(np.float32)
    assert quantized_matmul.calibrate(one, other, matrix).is_smoothed is False


def test_numbers_beyond_what_was_seen_stop_at_the_ends() -> None:
    """An input beyond the calibrated range is clipped to it and does not wrap around."""
    seen = ActivationSample.of(np.array([[-1.0, 0.0], [1.0, 1.0]], np.float32), rows=slice(None))
    product = QuantizedMatmul.fit(seen, np.eye(2, dtype=np.float32), Scheme(0.0, 0))
    given = product.multiply(np.array([[9.0, -9.0]], np.float32), np.eye(2, dtype=np.float32))
    np.testing.assert_allclose(given, np.array([[1.0, -1.0]], np.float32), atol=0.02)
