"""The shipped tables: their arrays, and that a table of another version is refused."""

import json

import numpy as np
import pytest

from askdoc.retriever import learned_tables


def read_back(**arrays: np.ndarray) -> dict[str, np.ndarray]:
    """The arrays that are read of a table whose arrays were rounded."""
    scales, rounded = learned_tables.quantized(arrays)
    return learned_tables.decoded({"head.json": json.dumps({"scales": scales}), **rounded})[1]


def test_an_array_survives_its_file_but_for_the_rounding_to_int8() -> None:
    """Shape and scale come back; no element is off by more than half a step."""
    values = np.random.default_rng(0).normal(size=(3, 5)).astype(np.float32)
    again = read_back(values=values)["values"]
    assert again.shape == values.shape
    assert again.dtype == np.float32
    assert np.abs(again - values).max() <= np.abs(values).max() / learned_tables.LEVELS * 0.501


def test_an_array_of_zeros_survives_its_file() -> None:
    """Nothing is divided by its greatest element."""
    assert not read_back(values=np.zeros((2, 2), np.float32))["values"].any()


def test_a_table_that_names_an_unknown_feature_is_refused() -> None:
    """The sentence names the table and the feature."""
    with pytest.raises(ValueError, match=r"fusion names features .* \['sparkle'\]"):
        learned_tables.check_names("fusion", {"sparkle": 1, "cover": 2}, ("cover", "rarest"))


def test_a_table_that_lacks_a_needed_feature_is_refused() -> None:
    """Only where every feature is needed."""
    learned_tables.check_names("fusion", {"cover": 2}, ("cover", "rarest"))
    with pytest.raises(ValueError, match=r"confidence lacks features .* \['rarest'\]"):
        learned_tables.check_names("confidence", {"cover": 2}, ("cover", "rarest"), all_needed=True)
