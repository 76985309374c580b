"""Colours of the figures survive a greyscale print and a reader without green cones."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
import seaborn as sns
from matplotlib.colors import to_rgb

from helpers import storage
from helpers.present import gaps, style, therapies

# Machado, Oliveira and Fernandes 2009, IEEE Trans Vis Comput Graph 15:1291: full deuteranopia, linear RGB.
DEUTERANOPIA = np.array(
    [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]]
)
# sRGB to XYZ, D65.
TO_XYZ = np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]])


def linear(colour: object) -> np.ndarray:
    rgb = np.array(to_rgb(colour))
    return np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)


def lab(rgb: np.ndarray) -> np.ndarray:
    """CIE L*a*b* of linear RGB."""
    ratio = TO_XYZ @ np.clip(rgb, 0, 1) / (TO_XYZ @ np.ones(3))
    x, y, z = np.where(ratio > 0.008856, np.cbrt(ratio), 7.787 * ratio + 16 / 116)
    return np.array([116 * y - 16, 500 * (x - y), 200 * (y - z)])


def distance(first: object, second: object) -> float:
    """CIE76 colour difference as a deuteranope sees it; 2.3 is just noticeable."""
    return float(np.linalg.norm(lab(DEUTERANOPIA @ linear(first)) - lab(DEUTERANOPIA @ linear(second))))


def lightness(colour: object) -> float:
    return float(lab(linear(colour))[0])


@pytest.mark.parametrize("name", ["crest"])
def test_counts_grow_darker_without_a_turn(name: str) -> None:
    """The scale of counts falls steadily in lightness, in grey too."""
    steps = [lightness(colour) for colour in sns.color_palette(name, 16)]
    assert all(a > b for a, b in itertools.pairwise(steps))
    assert steps[0] - steps[-1] > 40


def test_directions_differ_in_grey_and_without_green() -> None:
    """Resistance, sensitising and conflicting are told apart by lightness alone and by a deuteranope."""
    for first, second in itertools.combinations((style.RESISTANCE, style.SENSITISING, style.CONFLICT), 2):
        assert abs(lightness(first) - lightness(second)) > 10
        assert distance(first, second) > 20
    shown = [lightness(colour) for colour in therapies.DIRECTION.values()]
    assert all(abs(a - b) > 10 for a, b in itertools.combinations(shown, 2))


def test_gap_classes_differ_in_grey() -> None:
    """Understudied and untested differ in fill; too early is told by a fill without edge."""
    fills = [lightness(fill) for fill, _, _ in gaps.LOOK.values()]
    assert all(abs(a - b) > 5 for a, b in itertools.combinations(fills, 2))


def test_signs_of_the_ic_differ_without_green() -> None:
    """The two ends of the diverging scale stay apart for a deuteranope."""
    low, *_, high = sns.color_palette("vlag", 11)
    assert distance(low, high) > 40


def test_frequent_modes_have_colours_apart() -> None:
    """The shipped colours of the modes most written of differ, also for a deuteranope; labels name the rest."""
    modes = storage.read_terms()["modes"].set_index("mode")["colour"]
    common = ["apoptosis", "autophagy", "ferroptosis", "necroptosis", "pyroptosis", "anoikis", "cuproptosis"]
    for first, second in itertools.combinations(common, 2):
        assert distance(modes[first], modes[second]) > 8, (first, second)


def test_text_on_colours_is_readable() -> None:
    """Numbers in the heat map have a contrast of at least 4.5 to 1 to their cell."""
    for colour in sns.color_palette("crest", 16):
        back, ink = style.luminance(colour), style.luminance(style.ink_on(colour))
        high, low = max(back, ink), min(back, ink)
        assert (high + 0.05) / (low + 0.05) >= 4.5
