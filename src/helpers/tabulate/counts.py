"""Counts of records: the slice, the flow, the modes, the genes, and every gene with every mode."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from helpers.schemas import FLOW, GENE_MODE, conform, join_list, split_list
from helpers.schemas.statistics import GENE_COUNTS, MODE_COUNTS
from helpers.tabulate.association import measure_association
from helpers.tabulate.directions import with_directions
from helpers.tabulate.votes import (
    Votes,
    cast_votes,
    drop_excluded,
    joined_records,
    pair_votes,
    record_rows,
    sentence_pairs,
)


def select_articles(
    articles: pd.DataFrame,
    *,
    first_year: int | None = None,
    last_year: int | None = None,
    languages: Iterable[str] | None = None,
    identified: Mapping[str, int] | None = None,
    withdrawn: int = 0,
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Articles that count in this slice, and the FLOW of what was dropped and why, with the records.

    `identified` (source to records read from it, before one paper in two sources was made one record) and
    `withdrawn` (records withdrawn from PubMed since) are the first steps of the flow, as PRISMA asks.
    Retraction notices and retracted papers are always dropped; records with an expression of concern or
    a correction stay, flagged in `retraction`. A limit on years also drops records without a year; a
    record stays when one of its languages is among `languages` (ISO 639-2 codes).
    """
    steps: list[tuple[str, str | None, pd.Series[Any]]] = [
        ("after retraction notices", "retraction notice", articles["retraction"] != "notice"),
        ("after retracted papers", "retracted", articles["retraction"] != "retracted"),
    ]
    if first_year is not None or last_year is not None:
        low, high = first_year or 0, last_year or 9999
        kept = articles["year"].between(low, high).fillna(False).astype(bool)
        span = f"{first_year or 'the first'} to {last_year or 'the last'}"
        steps.append((f"published {span}", f"published outside {span}, or without a year", kept))
    wanted = set(languages) if languages is not None else None
    if wanted is not None:
        spoken = articles["language"].map(lambda value: bool(wanted & set(split_list(value))))
        named = ", ".join(sorted(wanted))
        steps.append((f"written in {named}", f"not in {named}", spoken.astype(bool)))
    rows = _identified_rows(identified or {"the corpus": len(articles)}, len(articles), withdrawn)
    left = articles
    for name, why, keep in steps:
        kept_rows = left[keep.loc[left.index]]
        dropped = left[~keep.loc[left.index]]
        rows.append(_flow_row(len(rows) + 1, name, len(left), len(kept_rows), why, dropped["record_id"]))
        left = kept_rows
    return left.reset_index(drop=True), conform(pd.DataFrame(rows), FLOW)


def _identified_rows(identified: Mapping[str, int], n: int, withdrawn: int) -> list[dict[str, Any]]:
    """Steps before the selection: records of each source, each paper once, those withdrawn left out."""
    found = sum(identified.values())
    sources = ", ".join(f"{source} {records:,}" for source, records in identified.items())
    name = f"identified in {sources}" if len(identified) > 1 else f"identified in {next(iter(identified))}"
    steps: list[tuple[str, str | None, int]] = [(name, None, found)]
    if found > n + withdrawn:
        steps.append(("each paper once", "same paper as another record", n + withdrawn))
    if withdrawn:
        steps.append(("still in PubMed", "withdrawn from PubMed", n))
    before = [found, *(left for _, _, left in steps)]
    return [
        _flow_row(step, name, before[step - 1], left, why, [])
        for step, (name, why, left) in enumerate(steps, start=1)
    ]


def _flow_row(
    step: int, name: str, n_in: int, n_out: int, why: str | None, dropped: Sequence[str]
) -> dict[str, Any]:
    return {
        "step": step,
        "name": name,
        "n_in": n_in,
        "n_out": n_out,
        "dropped": n_in - n_out,
        "why": why if n_in > n_out else None,
        "records": join_list(sorted(dropped)),
    }


def count_flow(flow: pd.DataFrame, articles: pd.DataFrame, mentions: pd.DataFrame) -> pd.DataFrame:
    """FLOW continued from `select_articles`: names a mode, a gene as well, both in one sentence.

    What is dropped at these steps stays in `articles` and in the counts of the mode or gene it does
    name; the step says only that it cannot support a gene-mode pair.
    """
    counted = drop_excluded(articles)
    votes = cast_votes(counted, mentions)
    with_mode = np.asarray(votes.mode.sum(axis=1)).ravel() > 0
    with_gene = with_mode & (np.asarray(votes.gene.sum(axis=1)).ravel() > 0)
    with_both = np.zeros(len(counted), dtype=bool)
    with_both[sentence_pairs(votes)["row"]] = True
    rows: list[dict[str, Any]] = []
    before = np.ones(len(counted), dtype=bool)
    for name, why, keep in (
        ("name a death mode", "no mode named, or only negated", with_mode),
        ("name a gene as well", "a mode but no gene named", with_gene),
        ("name both in one sentence", "never in one sentence of title or abstract", with_both),
    ):
        step = len(flow) + len(rows) + 1
        dropped = counted.loc[before & ~keep, "record_id"]
        rows.append(_flow_row(step, name, int(before.sum()), int(keep.sum()), why, dropped))
        before = keep
    return conform(pd.concat([flow, pd.DataFrame(rows)], ignore_index=True), FLOW)


def count_modes(articles: pd.DataFrame, mentions: pd.DataFrame) -> pd.DataFrame:
    """MODE_COUNTS: records per mode, with those that name no gene; modes nobody names are absent."""
    votes = cast_votes(articles, mentions)
    lonely = np.asarray(votes.gene.sum(axis=1)).ravel() == 0
    table = _concept_counts(votes, votes.mode.tocoo(), votes.modes, "mode")
    table["n_without_gene"] = np.asarray(votes.mode[lonely].sum(axis=0)).ravel().astype(int)
    return conform(table, MODE_COUNTS)


def count_genes(articles: pd.DataFrame, mentions: pd.DataFrame, evidence: pd.DataFrame) -> pd.DataFrame:
    """GENE_COUNTS: records per gene, with those naming no mode, and its direction on therapy overall."""
    votes = cast_votes(articles, mentions)
    silent = np.asarray(votes.mode.sum(axis=1)).ravel() == 0
    table = _concept_counts(votes, votes.gene.tocoo(), votes.genes, "gene")
    table["n_without_mode"] = np.asarray(votes.gene[silent].sum(axis=0)).ravel().astype(int)
    joint = (votes.gene.T @ votes.mode).tocsr()
    table["n_modes"] = np.diff(joint.indptr)
    table = with_directions(table, _counted(evidence, votes), ["gene"], therapy=True)
    return conform(table, GENE_COUNTS)


def _concept_counts(votes: Votes, found: Any, concepts: pd.Index[Any], kind: str) -> pd.DataFrame:
    order = np.lexsort((found.row, found.col))
    row, col, size = found.row[order].astype(np.int64), found.col[order], len(concepts)
    kinds = votes.articles["article_kind"].to_numpy(dtype=object)[row]
    table = pd.DataFrame({kind: concepts, "n": np.bincount(col, minlength=size)})
    table["n_primary"] = np.bincount(col[kinds == "primary"], minlength=size)
    table["n_review"] = np.bincount(col[kinds == "review"], minlength=size)
    table["first_year"], table["last_year"] = _year_range(votes, row, col, size)
    table["records"] = joined_records(votes.articles, row, col, size)
    return table


def _year_range(votes: Votes, row: Any, group: Any, size: int) -> tuple[Any, Any]:
    year = votes.articles["year"].astype("float64").to_numpy()[row]
    known = ~np.isnan(year)
    first, last = np.full(size, np.inf), np.full(size, -np.inf)
    np.minimum.at(first, group[known], year[known])
    np.maximum.at(last, group[known], year[known])
    return (pd.array(np.where(np.isfinite(v), v, np.nan), dtype="Int64") for v in (first, last))  # type: ignore[return-value]


def _counted(evidence: pd.DataFrame, votes: Votes) -> pd.DataFrame:
    return evidence[record_rows(votes.articles, evidence) >= 0]


def count_gene_mode(
    articles: pd.DataFrame,
    mentions: pd.DataFrame,
    evidence: pd.DataFrame,
    *,
    article_metrics: pd.DataFrame | None = None,
    metric: str = "CiteScore",
    min_records: int = 3,
) -> pd.DataFrame:
    """GENE_MODE: one row per gene and mode that a counted record names together.

    N is all records of `articles` that may vote. q is Benjamini-Hochberg over all pairs (also those
    never named together) whose gene and mode are each named by at least `min_records` records; see
    `association`. `metric` names the journal metric of `metric_median`, `n_q1` and `n_percentile`;
    RCR, where `article_metrics` has it, is the weight of `n_rcr`. The median is missing below
    `min_records` records with a value.
    """
    votes = cast_votes(articles, mentions)
    pairs = pair_votes(votes.gene, votes.mode)
    n_modes = max(1, len(votes.modes))
    key, group = np.unique(
        pairs["left"].to_numpy() * n_modes + pairs["right"].to_numpy(), return_inverse=True
    )
    row = pairs["row"].to_numpy()
    table = _associated(votes, key, min_records)
    table = table.assign(**_vote_counts(votes, row, group, len(key)))
    table = table.assign(**_metric_counts(votes, row, group, len(key), article_metrics, metric, min_records))
    table["records"] = joined_records(votes.articles, row, group, len(key))
    close = sentence_pairs(votes)
    places = np.searchsorted(key, close["left"].to_numpy() * n_modes + close["right"].to_numpy())
    table["n_sentence"] = np.bincount(places, minlength=len(key))
    stated = _counted(evidence[evidence["mode"].notna()], votes)
    table = with_directions(table, stated, ["gene", "mode"], therapy=False)
    table = with_directions(table, stated, ["gene", "mode"], therapy=True)
    return conform(table, GENE_MODE)


def _associated(votes: Votes, key: Any, min_records: int) -> pd.DataFrame:
    joint = np.asarray((votes.gene.T @ votes.mode).todense(), dtype=float)
    margins = votes.per_year(votes.gene), votes.per_year(votes.mode)
    measured = measure_association(joint, *margins, votes.n_year, min_records=min_records)
    found = measured.iloc[key].reset_index(drop=True)
    names = {"gene": votes.genes[found["row"]], "mode": votes.modes[found["col"]]}
    found = found.drop(columns=["row", "col"]).rename(columns={"n_row": "n_gene", "n_col": "n_mode"})
    return found.assign(**names)


def _vote_counts(votes: Votes, row: Any, group: Any, size: int) -> dict[str, Any]:
    kinds = votes.articles["article_kind"].to_numpy(dtype=object)[row]
    per_record = np.asarray(votes.gene.sum(axis=1)).ravel()
    journal = votes.articles["nlm_id"].fillna(votes.articles["journal"])
    codes = pd.factorize(journal)[0][row]
    known = codes >= 0
    n_journals = int(codes.max(initial=0)) + 1
    distinct = np.unique(group[known] * n_journals + codes[known]) // n_journals
    first, last = _year_range(votes, row, group, size)
    return {
        "n_primary": np.bincount(group[kinds == "primary"], minlength=size),
        "n_review": np.bincount(group[kinds == "review"], minlength=size),
        "n_fractional": np.bincount(group, weights=1 / per_record[row], minlength=size),
        "first_year": first,
        "last_year": last,
        "journals": np.bincount(distinct, minlength=size),
    }


def _metric_counts(
    votes: Votes,
    row: Any,
    group: Any,
    size: int,
    article_metrics: pd.DataFrame | None,
    metric: str,
    min_records: int,
) -> dict[str, Any]:
    value = metric_values(votes.articles, article_metrics, metric)
    sums = {"n_q1": value["q1"], "n_percentile": value["percentile"] / 100}
    result: dict[str, Any] = {
        name: np.bincount(group, weights=np.nan_to_num(column.to_numpy())[row], minlength=size)
        for name, column in sums.items()
    }
    values = pd.Series(value["value"].to_numpy()[row]).groupby(group)
    median = values.median().where(values.count() >= min_records)
    result["metric_median"] = median.reindex(range(size)).to_numpy()
    rcr = metric_values(votes.articles, article_metrics, "RCR")["value"].to_numpy()
    if np.isnan(rcr).all():
        result["n_rcr"] = np.nan
    else:
        result["n_rcr"] = np.bincount(group, weights=np.nan_to_num(rcr)[row], minlength=size)
    return result


def metric_values(articles: pd.DataFrame, article_metrics: pd.DataFrame | None, metric: str) -> pd.DataFrame:
    """One row per article, in order: value, percentile, and q1 (1 or 0; missing where unknown)."""
    if article_metrics is None:
        return pd.DataFrame(np.nan, index=articles.index, columns=["value", "percentile", "q1"])
    chosen = article_metrics[article_metrics["metric"] == metric].set_index("record_id")
    chosen = chosen.reindex(articles["record_id"])
    quartile = chosen["quartile"]
    q1 = pd.Series(np.where(quartile.isna(), np.nan, quartile == "Q1"), index=chosen.index, dtype=float)
    return chosen[["value", "percentile"]].assign(q1=q1).reset_index(drop=True)
