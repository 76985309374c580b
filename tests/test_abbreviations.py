"""Abbreviations are found with their long forms (Schwartz and Hearst 2003)."""

from __future__ import annotations

import pytest

from helpers.annotate.abbreviations import find_abbreviations, is_short_form


@pytest.mark.parametrize(
    ("text", "short", "long"),
    [
        ("Heat shock protein (HSP) rose", "HSP", "Heat shock protein"),
        ("tumor necrosis factor-alpha (TNF-a)", "TNF-a", "tumor necrosis factor-alpha"),
        ("the hepatocyte nuclear factor-6 (HNF-6; also OC1)", "HNF-6", "hepatocyte nuclear factor-6"),
        ("in the epidermal growth factor receptor (EGFR)", "EGFR", "epidermal growth factor receptor"),
    ],
)
def test_definition_is_found(text: str, short: str, long: str) -> None:
    """Short and long form stand where the offsets say."""
    [(a, b, c, d)] = find_abbreviations(text)
    assert (text[a:b], text[c:d]) == (short, long)


def test_bracket_without_matching_words_defines_nothing() -> None:
    """The letters must be found in order in the words before."""
    assert find_abbreviations("after treatment (XQZ)") == []


def test_numbers_and_phrases_are_no_short_forms() -> None:
    """A short form has a letter, two to ten characters and at most two words."""
    assert not is_short_form("95")
    assert not is_short_form("see the table below")
    assert is_short_form("IL-6")
