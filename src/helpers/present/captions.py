"""Legends to paste under a figure: what is shown, n, the test, the definitions."""

from __future__ import annotations

import pandas as pd

from helpers.present.answers import ALPHA, count_of, listed, records_behind
from helpers.present.metrics import USUAL, absent_metrics, metric_names
from helpers.present.shared import find_linked
from helpers.present.therapies import linked_rows

_PAIR = "A record counts once per pair of gene and mode, however often it names them."
_EXPECTED = (
    "Expected counts are stratified by publication year; the Information Component is "
    "log2((observed + 0.5)/(expected + 0.5)) with a 95 % credible interval (Norén, Hopstadius and Bate 2013)."
)
_TESTED_BY = "q: mid-p test within publication years, Benjamini-Hochberg over the tested pairs."
_TESTED = f"Ring: q < {ALPHA}. {_TESTED_BY}"


def _years(articles: pd.DataFrame) -> str:
    years = articles["year"].dropna()
    return f"{years.min()} to {years.max()}" if len(years) else "no year known"


def caption_flow(flow: pd.DataFrame) -> str:
    """Legend of the flow diagram."""
    went_in = count_of(int(flow["n_in"].iloc[0]), "record")
    came_out = count_of(int(flow["n_out"].iloc[-1]), "record")
    return (
        f"Flow of records after PRISMA 2020. n = {went_in} in, {came_out} through the last step; each step "
        "names what it leaves out. A record left out for naming no mode or no gene still counts in the totals "
        "of what it does name; retracted papers and retraction notices count nowhere. No test."
    )


def caption_heatmap(articles: pd.DataFrame, gene_mode: pd.DataFrame) -> str:
    """Legend of the gene × mode heat map."""
    n = records_behind(gene_mode)
    return (
        f"Records naming a gene and a mode of cell death. n = {n:,} records, {_years(articles)}. {_PAIR} "
        "Genes in most records first, modes likewise; a blank cell: no record. Counts only, no test."
    )


def caption_dots(articles: pd.DataFrame, gene_mode: pd.DataFrame) -> str:
    """Legend of the dot plot."""
    tested, n = int(gene_mode["q"].notna().sum()), records_behind(gene_mode)
    return (
        "Size: records naming both. Colour: Information Component; a minus in or behind a dot: below 0 (in the "
        f"smallest dots, where q < {ALPHA}). n = {n:,} records, "
        f"{_years(articles)}; {count_of(tested, 'pair')} tested. {_TESTED} {_EXPECTED} {_PAIR}"
    )


def caption_directions(evidence: pd.DataFrame) -> str:
    """Legend of the direction bars."""
    stated = evidence[
        evidence["effect_on_mode"].isin(["promotes", "inhibits", "conflicting"])
        | evidence["effect_on_therapy"].isin(["resistance", "sensitising", "conflicting"])
    ]
    return (
        f"Records stating a direction, per target. n = {stated['record_id'].nunique():,} records. "
        "Purple, with its number at the right: records that say both. A knock-down is read in reverse: "
        "if silencing a gene lowers a mode, the gene is said to promote it. Directions are read by rules from "
        "single sentences; a record votes once per target and question. Counts only, no test."
    )


def caption_shared(gene_mode: pd.DataFrame) -> str:
    """Legend of the UpSet figure."""
    linked, rule = find_linked(gene_mode)
    genes, pairs = count_of(linked["gene"].nunique(), "gene"), count_of(len(linked), "pair")
    return (
        "UpSet plot: bars above, genes in exactly this combination of modes; bars at the left, genes per mode. "
        f"A gene belongs to a mode if they are {rule}. n = {genes}, {pairs}. {_TESTED_BY} {_PAIR}"
    )


def caption_journals(mode_journal: pd.DataFrame, metric: str) -> str:
    """Legend of the journal metric figure."""
    n = int(mode_journal.loc[mode_journal["metric"] == metric, "n_matched"].sum())
    return (
        f"{metric} of the journal of each record, by mode, matched to the publication year or the nearest. "
        f"n = {n:,} values; a record of two modes stands under both. Box: quartiles; line: median; whiskers: the "
        "furthest value within 1.5 times the box. Tests: Kruskal-Wallis over modes, Dunn's test with correction and "
        "Cliff's delta between pairs, in the tables journal_test and journal_dunn."
    )


def caption_metrics(mode_journal: pd.DataFrame, metric: str) -> str:
    """Legend of the modes under each metric."""
    drawn = metric_names(mode_journal, metric)
    each = [
        f"{USUAL.get(name, name)} {int(mode_journal.loc[mode_journal['metric'] == name, 'n_matched'].sum()):,}"
        for name in drawn
    ]
    absent = absent_metrics(mode_journal)
    missing = f" No or too few values in this run: {listed(absent)}." if absent else ""
    return (
        f"Modes of cell death under each metric, in the order of the medians of {USUAL.get(metric, metric)}. "
        "Dot: median; line: its 95 % percentile-bootstrap interval; bar: quartiles; %: share of the mode's "
        f"records with a value. n (values): {listed(each) if each else 'none'}; a record of two modes stands "
        "under both. A journal's value is that of the year nearest to publication and says nothing of the "
        f"article; the Relative Citation Ratio is the article's own.{missing}"
    )


def caption_trends(trends: pd.DataFrame, min_records: int, *, kind: str = "mode") -> str:
    """Legend of the records per mode (or, with kind "gene", per target) over years."""
    n = int(trends.loc[trends["kind"] == kind, "n"].sum())
    noun = "mode" if kind == "mode" else "target"
    return (
        f"Records per year naming each {noun}. n = {n:,} namings. Growth: Poisson regression of the "
        f"yearly count with all records of the year as exposure, for {noun}s with at least {min_records} "
        "records, with its 95 % interval (widened where counts scatter more than Poisson); the year still "
        "running is left out of the fit and marked. A triangle marks a burst year: more records than the trend of "
        "the other years foretells (negative binomial, chance below 0.01 shared among the years of the panel)."
    )


def caption_gaps(gaps: pd.DataFrame) -> str:
    """Legend of the gap map."""
    return (
        f"Pairs of gene and mode named less often than expected. n = {count_of(len(gaps), 'pair')}. "
        "Understudied: some records name both, and the upper bound of the Information Component is below 0 (one "
        "pair at a time, not corrected for the number of pairs). Untested: no record names both. Too early to "
        f"say: none does, and too few of the gene's records appeared since the mode had its name. {_EXPECTED}"
    )


def caption_profile(name: str, pairs: pd.DataFrame) -> str:
    """Legend of a dossier's figure."""
    n = count_of(records_behind(pairs), "record")
    return (
        f"{name}: (A) records per partner, with the effect that records state (at least three quarters on one side, or "
        f"conflicting); (B) the same records per year, colours as in A. n = {n}. {_PAIR} Counts only, no test."
    )


def caption_intervals(gene_mode: pd.DataFrame) -> str:
    """Legend of the forest plot."""
    tested = count_of(int(gene_mode["q"].notna().sum()), "pair")
    return (
        f"Information Component (A) and conditional odds ratio (B) with 95 % intervals. n = {tested} tested. "
        f"{_EXPECTED} The odds ratio is not stratified by year."
    )


def caption_mode_map(mode_mode: pd.DataFrame) -> str:
    """Legend of the map of modes."""
    n = records_behind(mode_mode)
    return (
        f"Modes named in one record (lower left) and targets named with both (upper right). n = {n:,} records. "
        f"Ring or bold: q < {ALPHA}, Benjamini-Hochberg; records by a mid-p test within publication years, "
        "targets by Fisher's exact test. A target belongs to a mode if enough records name both (the run's "
        "min_records). A mode and its own broader mode are no pair."
    )


def caption_therapies(target_therapy: pd.DataFrame) -> str:
    """Legend of the therapy, target, mode figure."""
    n = records_behind(linked_rows(target_therapy))
    return (
        "Records naming a target and a therapy in one sentence and, where they link the target to a mode, target "
        f"and mode in one sentence. n = {n:,} records. "
        "A ribbon's height is its number of records; a record naming several therapies, targets or modes is in "
        "several ribbons, and once in the number of a box. Ribbons at the left have the colour of the stated "
        "direction, at the right that of the mode; those beyond the largest are pale. Counts only, no test."
    )


def caption_ranks(rankings: pd.DataFrame, metric: str) -> str:
    """Legend of the rank shift figure."""
    genes = count_of(rankings["gene"].nunique(), "target")
    return (
        f"Rank of targets by records, each record weighted 1, by being primary research, by standing in a Q1 "
        f"journal, by the journal's {metric} percentile, or by its Relative Citation Ratio where known. n = {genes}. "
        "Tau: Kendall's tau-b with the unweighted ranking. Targets of one rank stand by name. Blue and orange: "
        "three ranks or more up or down."
    )
