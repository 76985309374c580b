"""Assertions of the modes in one text, for tests of sentences."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from helpers.annotate.assertion import classify_mentions, read_parts
from helpers.annotate.assertion_features import Sentences, Spans
from helpers.annotate.normalise import code_points


def classify_text(
    text: str, sentences: Sequence[tuple[int, int]], spans: Sequence[tuple[int, int]], *, field: str
) -> list[str]:
    """One assertion per span of a mode in one text, as `classify_mentions` gives."""
    codes = code_points(text)
    begin, stop = np.array(sentences, dtype=np.int64).T
    start, end = np.array(spans, dtype=np.int64).reshape(-1, 2).T
    bounds, title = np.array([0, len(begin)]), np.array([field == "title"])
    parts = read_parts(text, codes, begin, stop, bounds, title)
    at = np.maximum(np.searchsorted(begin, start, side="right") - 1, 0)
    cut, found = Sentences(begin, stop, parts, bounds), Spans(start, end, at * 0, at)
    return classify_mentions(text, codes, cut, found, title)
