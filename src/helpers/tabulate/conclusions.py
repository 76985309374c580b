"""Conclusions that moved between two runs: leading targets, significance, classes of gap."""

from __future__ import annotations

from typing import Any, NamedTuple

import pandas as pd

LEVEL = 0.05
TOP = 10


class Row(NamedTuple):
    """One difference: a row of COMPARE."""

    kind: str
    item: str
    change: str
    before: str | None
    after: str | None
    reason: str


def named_pairs(table: pd.DataFrame) -> pd.DataFrame:
    """The table with `item`, the pair written as gene × mode."""
    return table.assign(item=table["gene"] + " × " + table["mode"])


def compare_ranks(before: pd.DataFrame, after: pd.DataFrame) -> list[Row]:
    """Pairs whose gene enters or leaves the first ten targets of the mode, by records (GENE_MODE)."""
    old, new = (_ranks(table) for table in (before, after))
    rows = []
    for item in sorted(old.keys() | new.keys()):
        rank, later = old.get(item, 0), new.get(item, 0)
        inside, inside_later = 0 < rank <= TOP, 0 < later <= TOP
        if inside != inside_later:
            verb = "enters" if inside_later else "leaves"
            reason = f"{verb} the first {TOP} targets of the mode"
            rows.append(
                Row("rank", item, "moved", str(rank) if rank else None, str(later) if later else None, reason)
            )
    return rows


def _ranks(gene_mode: pd.DataFrame) -> dict[str, int]:
    rank = gene_mode.groupby("mode")["n"].rank(ascending=False, method="min").astype(int)
    return dict(zip(named_pairs(gene_mode)["item"], rank, strict=True))


def compare_significance(before: pd.DataFrame, after: pd.DataFrame) -> list[Row]:
    """Pairs whose q crosses 0.05 (GENE_MODE); a pair not named together or not tested is not below it."""
    old, new = (_significance(table) for table in (before, after))
    absent = "not named together"
    below = f"q < {LEVEL:g}"
    return [
        Row(
            "significance",
            item,
            "moved",
            old.get(item, absent),
            new.get(item, absent),
            f"q crosses {LEVEL:g}",
        )
        for item in sorted(old.keys() | new.keys())
        if (old.get(item) == below) != (new.get(item) == below)
    ]


def _significance(gene_mode: pd.DataFrame) -> dict[str, str]:
    named = {True: f"q < {LEVEL:g}", False: f"q ≥ {LEVEL:g}"}
    items, q = named_pairs(gene_mode)["item"], gene_mode["q"].to_numpy(dtype=float)
    return {
        item: "not tested" if value != value else named[bool(value < LEVEL)]
        for item, value in zip(items, q, strict=True)
    }


def compare_gaps(before: pd.DataFrame, after: pd.DataFrame, pairs: pd.DataFrame) -> list[Row]:
    """Pairs whose class of gap changed (GAPS); "no gap" where a run has no row for the pair.

    pairs is the second run's GENE_MODE, which says how many of its records name both.
    """
    old, new = (_gaps(table) for table in (before, after))
    named = dict(zip(named_pairs(pairs)["item"], pairs["n"], strict=True))
    rows = []
    for item in sorted(old.keys() | new.keys()):
        was, reason_was = old.get(item, ("no gap", ""))
        now, reason_now = new.get(item, ("no gap", _closed(int(named.get(item, 0)))))
        if was != now:
            rows.append(Row("gap", item, "moved", was, now, reason_now or reason_was))
    return rows


def _closed(n: int) -> str:
    """Why a pair is no gap in the second run, n of whose records name both."""
    if n == 0:
        return "too few records of the gene in the second run to say"
    told = "1 record names" if n == 1 else f"{n:,} records name"
    return f"{told} both in the second run, which is not credibly fewer than chance expects"


def _gaps(gaps: pd.DataFrame) -> dict[str, tuple[Any, Any]]:
    return dict(zip(named_pairs(gaps)["item"], zip(gaps["class"], gaps["reason"], strict=True), strict=True))
