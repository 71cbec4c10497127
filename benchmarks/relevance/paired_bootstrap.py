"""How sure a difference is: paired bootstrap over the questions of one set."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Values = NDArray[np.float64]
DRAWS = 2_000


@dataclass(frozen=True)
class Difference:
    """The mean difference in percent points, and the bounds of its 95 % interval."""

    mean: float
    low: float
    high: float

    def __str__(self) -> str:
        return f"{self.mean:+.1f} [{self.low:+.1f}, {self.high:+.1f}]"


def paired(ours: Values, theirs: Values, *, seed: int = 0) -> Difference:
    """Ours less theirs on the same questions, drawn with replacement."""
    gaps = 100 * (np.asarray(ours, np.float64) - np.asarray(theirs, np.float64))
    draw = np.random.default_rng(seed)
    means = [gaps[draw.integers(0, len(gaps), len(gaps))].mean() for _ in range(DRAWS)]
    low, high = np.quantile(means, (0.025, 0.975))
    return Difference(float(gaps.mean()), float(low), float(high))
