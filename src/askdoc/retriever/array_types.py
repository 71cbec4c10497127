"""The types of the arrays that the retriever computes with."""

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
Doubles = NDArray[np.float64]
Rows = NDArray[np.int64]
"""Row numbers, as NumPy indexes with them."""
StoredRows = NDArray[np.int32]
"""Row numbers, as an index keeps them."""
AnyRows = NDArray[np.integer]
Mask = NDArray[np.bool_]
