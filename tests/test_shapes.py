"""Spelling of terms in classes."""

from __future__ import annotations

import numpy as np
import pytest

from helpers.annotate.normalise import code_points
from helpers.annotate.shapes import SHAPES, find_shapes, most_frequent


@pytest.mark.parametrize(
    ("written", "shape"),
    [
        ("CAT", "U"),
        ("cat", "l"),
        ("Cat", "T"),
        ("cAT", "M"),
        ("aC", "M"),
        ("BCL2", "U9"),
        ("p53", "l9"),
        ("Bcl-2", "T9"),
        ("tumor necrosis factor", "lw"),
        ("IL 6", "U9w"),
        ("TNFα", "M"),
        ("Ⅳ-2", "none9"),
        ("53", "none9"),
        ("ＴＮＦ", "U"),
    ],
)
def test_shape_of_a_term(written: str, shape: str) -> None:
    """Capitals, lower case, title case or mixed; with a digit, with a space."""
    codes = code_points(f"x{written}9")
    found = find_shapes(codes, np.array([1]), np.array([1 + len(written)]))
    assert [SHAPES[number] for number in found] == [shape]


def test_most_frequent_of_each_stretch() -> None:
    """Of values met as often the first met counts; stretches do not mix."""
    values, first = np.array([3, 1, 1, 2, 0, 0, 2, 2, 4]), np.array([0, 3, 4, 8, 9])
    assert most_frequent(values, first, 5).tolist() == [1, 2, 0, 4]
