"""The shipped tables: their arrays, and that a table of another version is refused."""

import numpy as np
import pytest

from askdoc.retriever import learned_tables


def test_an_array_survives_its_document_but_for_the_rounding_to_int8() -> None:
    """Shape and scale come back; no element is off by more than half a step."""
    values = np.random.default_rng(0).normal(size=(3, 5)).astype(np.float32)
    document = learned_tables.encode_array(values)
    again = learned_tables.decode_array(document)
    assert again.shape == values.shape
    assert again.dtype == np.float32
    assert np.abs(again - values).max() <= document["scale"] * 0.501


def test_an_array_of_zeros_survives_its_document() -> None:
    """Nothing is divided by its greatest element."""
    assert not learned_tables.decode_array(learned_tables.encode_array(np.zeros((2, 2), np.float32))).any()


def test_a_table_that_names_an_unknown_feature_is_refused() -> None:
    """The sentence names the table and the feature."""
    with pytest.raises(ValueError, match=r"fusion.json names features .* \['sparkle'\]"):
        learned_tables.check_names("fusion", {"sparkle": 1, "cover": 2}, ("cover", "rarest"))


def test_a_table_that_lacks_a_needed_feature_is_refused() -> None:
    """Only where every feature is needed."""
    learned_tables.check_names("fusion", {"cover": 2}, ("cover", "rarest"))
    with pytest.raises(ValueError, match=r"confidence.json lacks features .* \['rarest'\]"):
        learned_tables.check_names("confidence", {"cover": 2}, ("cover", "rarest"), all_needed=True)
