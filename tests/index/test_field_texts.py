"""Which rows of a field are looked at."""

import pytest

from askdoc.index.field_texts import evenly_spaced


@pytest.mark.parametrize("most", [1, 2, 3, 7, 50])
def test_samples_are_evenly_spread(most: int) -> None:
    """First and last among them, none twice."""
    rows = evenly_spaced(20, most)
    assert len(rows) == min(20, most) == len(set(rows))
    assert rows[0] == 0
    assert most == 1 or rows[-1] == 19
    assert evenly_spaced(0, most) == []
