"""The rules of ambiguous terms worked into the tables of a lexicon: never, exact, context, mask."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import pandas as pd

from helpers.annotate.normalise import fold_keys
from helpers.annotate.variants import CJK
from helpers.annotate.vocabulary import KINDS, MASK, Row
from helpers.schemas import split_list


def apply_ambiguous(
    frame: pd.DataFrame,
    entries: dict[bytes, dict[int, int]],
    allowed: dict[bytes, int],
    exact: dict[tuple[bytes, int], set[str] | None],
    concepts: Sequence[str],
    kinds: Sequence[int],
) -> dict[tuple[bytes, int], tuple[bytes, ...]]:
    """Context words of (term, concept); never, exact and mask rows are worked into the tables."""
    contexts = {}
    keys, hard = fold_keys(frame["term"].tolist())
    for row, key, marks in zip(frame.to_dict("records"), keys, hard, strict=True):
        if len(key) < 3 or CJK.search(row["term"]):
            continue
        if row["rule"] == "mask":
            entries.setdefault(key, {})[-1] = MASK
            allowed[key] = max(marks, allowed.get(key, 0))
            continue
        kind = KINDS.index(row["kind"])
        held = entries.get(key, {})
        for concept in [c for c in held if c >= 0 and kinds[c] == kind]:
            if row["concept"] not in ("*", concepts[concept]):
                continue
            if row["rule"] == "never":
                del held[concept]
            elif row["rule"] == "exact":
                spellings = exact.get((key, concept)) or set()
                exact[key, concept] = spellings | {row["term"]}
            else:
                words = fold_keys(split_list(row["context"]))[0]
                contexts[key, concept] = tuple(word.rstrip() for word in words if word)
        if not held:
            entries.pop(key, None)
    return contexts


def chinese_terms(rows: Iterable[Row], ambiguous: pd.DataFrame) -> tuple[tuple[str, int], ...]:
    """Chinese terms with their concepts; -1 for those that only hide what they hold."""
    masks = ambiguous[ambiguous["rule"].isin(["mask", "never"])]["term"]
    hidden = {(term, -1) for term in masks if CJK.search(term)}
    blocked = {term for term, _ in hidden}
    named = {(t, c) for t, c, _ in rows if CJK.search(t) and t not in blocked}
    return tuple(sorted(named | hidden))
