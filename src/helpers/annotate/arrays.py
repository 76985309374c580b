"""What several steps do with arrays of whole numbers."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int64]


def spread(first: Ints, after: Ints) -> tuple[Ints, Ints]:
    """(number of the range, member) of each member of the ranges [first, after)."""
    counts = after - first
    number = np.repeat(np.arange(len(counts)), counts)
    return number, np.arange(len(number)) + (first - np.cumsum(counts) + counts)[number]


def distinct(values: Ints) -> Ints:
    """The values in rising order, each once; `np.unique` hashes them, which takes several times as long."""
    ordered = np.sort(values)
    return ordered[np.flatnonzero(np.diff(ordered, prepend=ordered[:1] - 1))]
