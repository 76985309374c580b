"""Sentences under the figures of deeper analyses: robustness, mode pairs, therapies, rankings."""

from __future__ import annotations

import pandas as pd

from helpers.present.answers import ALPHA, count_of, label_of, listed
from helpers.present.metrics import USUAL, absent_metrics, metric_names
from helpers.present.shared import count_shared_genes, find_linked
from helpers.present.therapies import linked_rows
from helpers.schemas import SEPARATOR
from helpers.schemas.statistics import COUNT_ONLY

_WAYS = {
    "fractional": "counting fractions",
    "sentence": "counting only sentences",
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
        changed = int((~rows["as_full"].astype(bool)).sum())
        parts.append(f"{words} changes the verdict of {f'{changed:,}' if changed else 'none'}")
    return f"{text}; {listed(parts)}. {_permuted(permutation)}"


def _permuted(permutation: pd.DataFrame) -> str:
    # q is that of the stratified test; Fisher's stands in the table for comparison only.
    rows = permutation[(permutation["test"] == "stratified") & (permutation["level"] == ALPHA)]
    rows = rows[rows["fdr"].notna()]
    if rows.empty:
        return f"No pair is called at q ≤ {ALPHA}, so there is no false-discovery rate to check by shuffling."
    row = rows.iloc[0]
    return (
        f"With gene labels shuffled within years, {row['fdr']:.1%} of the {count_of(int(row['called']), 'pair')} "
        f"called at q ≤ {ALPHA} would be expected by chance (95 % of shuffles: {row['fdr_low']:.1%} to "
        f"{row['fdr_high']:.1%})."
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


def answer_therapies(target_therapy: pd.DataFrame, modes: pd.DataFrame, therapies: pd.DataFrame) -> str:
    """Targets most often said to give resistance, with their therapies, and the modes they link it to."""
    if target_therapy.empty:
        return "No record names a therapy together with a target."
    target_therapy = _with_labels(target_therapy, therapies)
    rows = target_therapy[target_therapy["n_resistance"] > 0]
    per_pair = rows.groupby(["gene", "therapy"])["n_resistance"].max().sort_index()
    per_pair = per_pair.sort_values(ascending=False, kind="stable")
    pairs = target_therapy.drop_duplicates(["gene", "therapy"])
    text = f"{count_of(len(pairs), 'pair')} of target and therapy are named"
    if per_pair.empty:
        return f"{text}; no record states resistance."
    names = listed(f"{gene} with {therapy} ({n})" for (gene, therapy), n in per_pair.head(6).items())
    stated = f"resistance is stated for {len(per_pair):,}, most often {names}"
    return f"{text}; {stated}. {_modes_of_resistance(rows, modes)}"


def _with_labels(target_therapy: pd.DataFrame, therapies: pd.DataFrame) -> pd.DataFrame:
    """The rows with the label of the therapy in place of its id."""
    label = dict(zip(therapies["therapy"], therapies["label"], strict=True))
    return target_therapy.assign(therapy=target_therapy["therapy"].map(lambda name: label.get(name, name)))


def _modes_of_resistance(rows: pd.DataFrame, modes: pd.DataFrame) -> str:
    """Through which target a resistance is linked to a mode, by sentences of the same record."""
    label = label_of(modes)
    linked = linked_rows(rows[(rows["therapy_direction"] == "resistance") & rows["mode"].notna()])
    linked = linked.sort_values(["n", "gene", "therapy", "mode"], ascending=[False, True, True, True])
    if linked.empty:
        return "None is linked to a mode by sentences on the same target."
    columns = ("gene", "therapy", "mode", "n")
    names = listed(
        f"{label[mode]} with {therapy} through {gene} ({n})"
        for gene, therapy, mode, n in linked[list(columns)].head(6).itertuples(index=False)
    )
    return f"Modes linked to it by sentences on the same target: {names}."


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
        f"{USUAL.get(name, name)} {_tau(rows.loc[name, 'tau'])} over {rows.loc[name, 'shared']} modes"
        for name in drawn
        if name != metric and pd.notna(rows.loc[name, "tau"])
    ]
    order = (
        f" Kendall's tau with the order by {USUAL.get(metric, metric)}: {listed(agreed)}."
        if agreed
        else " Too few modes have a median under two metrics to compare their order."
    )
    return f"Highest median: {listed(leading)}.{order}{tail}"


def answer_shared(gene_mode: pd.DataFrame, modes: pd.DataFrame, *, min_records: int = 1) -> str:
    """How many genes belong to one mode only, how many are shared, by which modes, and what belonging means."""
    linked, rule = find_linked(gene_mode, min_records=min_records)
    table = count_shared_genes(gene_mode, min_records=min_records)
    if table.empty:
        return "No record names both a gene and a mode."
    label, total = label_of(modes), int(table["n_genes"].sum())
    single = int(table.loc[table["degree"] == 1, "n_genes"].sum())
    text = (
        f"Counted are the {count_of(len(linked), 'pair')} {rule}: {single:,} of {count_of(total, 'gene')} "
        "belong to one mode only"
    )
    combined = table[table["degree"] > 1]
    if combined.empty:
        return f"{text}; none is shared."
    most = listed([label[mode] for mode in combined["modes"].iloc[0].split(SEPARATOR)])
    shared = int(combined["n_genes"].iloc[0])
    return f"{text}; the combination most often shared is {most} ({count_of(shared, 'gene')})."


def answer_exclusions(exclusions_summary: pd.DataFrame, exclusions: pd.DataFrame) -> str:
    """What each retraction state changes: records, pairs that rest on them, associations they decide."""
    rows = exclusions_summary[exclusions_summary["n"] > 0]
    if rows.empty:
        return "No record is known to be retracted, corrected or under an expression of concern."
    parts = []
    for row in rows.itertuples():
        deciding = exclusions[(exclusions["state"] == row.state) & (exclusions["change"] != COUNT_ONLY)]
        names = [f"{gene} with {mode}" for gene, mode in zip(deciding["gene"], deciding["mode"], strict=True)]
        named = f": {listed(names, most=5)}" if names else ""
        parts.append(
            f"{row.state} ({row.treatment}): {count_of(row.n, 'record')} in {count_of(row.pairs, 'pair')}, of "
            f"which {row.vanished} rest on them alone and {row.moved} change their association{named}"
        )
    text = "; ".join(parts)
    return f"{text[0].upper()}{text[1:]}."


def _tau(value: float) -> str:
    return f"{value:.2f}".replace("-", "−")
