"""Sentences under the figures of deeper analyses: robustness, mode pairs, therapies, rankings."""

from __future__ import annotations

import pandas as pd

from helpers.present.answers import ALPHA, count_of, label_of, listed
from helpers.present.metrics import USUAL, absent_metrics, metric_names

_WAYS = {
    "fractional": "counting fractions",
    "sentence": "counting sentences only",
    "no reviews": "leaving reviews out",
}


def answer_sensitivity(sensitivity: pd.DataFrame, permutation: pd.DataFrame) -> str:
    """How many associations change under other ways of counting, and whether q holds when labels are shuffled."""
    pairs = sensitivity.drop_duplicates(["gene", "mode"])
    if pairs.empty:
        return "Too few records to compare ways of counting."
    full = sensitivity[sensitivity["counting"] == "full"]
    text = f"{int(full['associated'].sum()):,} of {count_of(len(pairs), 'pair')} lie above chance under full counting"
    parts = []
    for way, words in _WAYS.items():
        rows = sensitivity[sensitivity["counting"] == way]
        parts.append(f"{words} changes the verdict of {int((~rows['as_full'].astype(bool)).sum()):,}")
    return f"{text}; {listed(parts)}. {_permuted(permutation)}"


def _permuted(permutation: pd.DataFrame) -> str:
    rows = permutation[(permutation["level"] == ALPHA) & permutation["fdr"].notna()]
    if rows.empty:
        return "No pair is called at this level, so there is no false-discovery rate to check by shuffling."
    row = rows.iloc[0]
    return (
        f"With gene labels shuffled within years, {row['fdr']:.1%} of the {int(row['called']):,} calls at q ≤ {ALPHA} "
        "would be expected by chance."
    )


def answer_mode_map(mode_mode: pd.DataFrame, modes: pd.DataFrame) -> str:
    """The modes named together most, and those above chance."""
    label = label_of(modes)
    rows = mode_mode[mode_mode["n"] > 0].sort_values(["n", "mode_a", "mode_b"], ascending=[False, True, True])
    if rows.empty:
        return "No record names two modes of cell death."
    first = rows.iloc[0]
    pair = f"{label[first['mode_a']]} and {label[first['mode_b']]}"
    hits = rows[(rows["q"] < ALPHA) & (rows["ic"] > 0)]
    names = listed(f"{label[a]} and {label[b]}" for a, b in zip(hits["mode_a"], hits["mode_b"], strict=True))
    above = f"above chance at q < {ALPHA}: {names}" if len(hits) else f"none is above chance at q < {ALPHA}"
    return f"Most records name {pair} together ({count_of(int(first['n']), 'record')}); {above}."


def answer_therapies(target_therapy: pd.DataFrame) -> str:
    """Targets most often said to give resistance, with their therapies."""
    if target_therapy.empty:
        return "No record names a therapy together with a target."
    rows = target_therapy[target_therapy["n_resistance"] > 0]
    per_pair = rows.groupby(["gene", "therapy"])["n_resistance"].max().sort_index()
    per_pair = per_pair.sort_values(ascending=False, kind="stable")
    pairs = target_therapy.drop_duplicates(["gene", "therapy"])
    text = f"{count_of(len(pairs), 'pair')} of target and therapy are named"
    if per_pair.empty:
        return f"{text}; no record states resistance."
    names = listed(f"{gene} with {therapy} ({n})" for (gene, therapy), n in per_pair.head(6).items())
    return f"{text}; resistance is stated for {len(per_pair):,}, most often {names}."


def answer_rankings(agreement: pd.DataFrame) -> str:
    """Whether weighting by journal changes the ranking of targets, one sentence per weighting."""
    rows = agreement[agreement["mode"] == "any"]
    if rows.empty:
        return "Too few records to rank targets."
    return " ".join(rows["sentence"])


def answer_metric_panels(
    mode_journal: pd.DataFrame, metric_agreement: pd.DataFrame, modes: pd.DataFrame, metric: str
) -> str:
    """Which mode stands highest under each metric, whether the order is the same, and which metrics are absent."""
    label = label_of(modes)
    rows = metric_agreement.set_index("metric")
    drawn = metric_names(mode_journal, metric)
    absent = absent_metrics(mode_journal)
    tail = f" No or too few values in this run: {listed(absent)}." if absent else ""
    if not drawn:
        return f"Too few records with the value of a metric to compare modes.{tail}"
    leading = [
        f"{label[rows.loc[name, 'highest']]} under {USUAL.get(name, name)} ({rows.loc[name, 'median']:.1f})"
        for name in drawn
    ]
    agreed = [
        f"{USUAL.get(name, name)} {rows.loc[name, 'tau']:.2f} over {rows.loc[name, 'shared']} modes"
        for name in drawn
        if name != metric and pd.notna(rows.loc[name, "tau"])
    ]
    order = (
        f" Kendall's tau with the order by {USUAL.get(metric, metric)}: {listed(agreed)}."
        if agreed
        else " Too few modes have a median under two metrics to compare their order."
    )
    return f"Highest median: {listed(leading)}.{order}{tail}"
