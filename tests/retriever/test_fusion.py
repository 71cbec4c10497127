"""The learned table of fusion."""

import pytest

from askdoc.retriever.fusion import Fusion


def test_a_table_with_an_unknown_feature_is_refused() -> None:
    """A table of another version is not silently misread."""
    with pytest.raises(ValueError, match="does not know"):
        Fusion.parse({"tables": {"both": {"sparkle": [1.0, 0.0]}}})
