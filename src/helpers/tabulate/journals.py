"""Journal metrics matched to records, and their distribution per mode and gene.

A journal's metric describes the journal, never the article. Nothing is imputed: a record without a
match stays without a value, and its journal is listed.
"""

from __future__ import annotations

from typing import Any, Literal

import numpy as np
import pandas as pd

from helpers.schemas import (
    ARTICLE_METRICS,
    GENE_JOURNAL,
    MODE_JOURNAL,
    conform,
    join_list,
    split_list,
)
from helpers.schemas.statistics import UNMATCHED_JOURNALS
from helpers.tabulate.votes import Array, cast_votes

# Identifiers in the order they are trusted.
TIERS = ("issn_l", "issn", "nlm_id")
RESAMPLES = 1000


def match_metrics(articles: pd.DataFrame, journal_metrics: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """ARTICLE_METRICS and UNMATCHED_JOURNALS.

    A record gets each metric of its journal in the year nearest to its publication year (the earlier of
    two as near); `year_distance` says how far. The journal is found by ISSN-L, else by any ISSN, else by
    NLM id, never by title. A record without a year gets nothing.
    """
    columns = ["issn_l", "issn", "nlm_id", "year"]
    group = articles.groupby(columns, dropna=False, sort=False).ngroup().to_numpy()
    chosen = _match_groups(articles[columns].assign(group=group).drop_duplicates("group"), journal_metrics)
    members = pd.DataFrame({"group": group, "record_id": articles["record_id"].to_numpy()})
    matched = conform(members.merge(chosen, on="group").drop(columns="group"), ARTICLE_METRICS)
    return matched, _unmatched(articles, matched)


def _match_groups(groups: pd.DataFrame, journal_metrics: pd.DataFrame) -> pd.DataFrame:
    """Best row of each metric for each group of articles that share journal ids and year."""
    identity = ["journal_key", "issn", "nlm_id"]
    entry = journal_metrics.groupby(identity, dropna=False, sort=False).ngroup().to_numpy()
    metrics = journal_metrics.assign(entry=entry)
    hits = _group_ids(groups).merge(_journal_ids(metrics.drop_duplicates("entry")), on=["tier", "id"])
    hits = hits.sort_values("tier", kind="stable").drop_duplicates(["group", "entry"])
    hits = hits.merge(groups.loc[groups["year"].notna(), ["group", "year"]], on="group")
    hits = hits.merge(metrics.drop(columns=["issn", "nlm_id", "journal"]), on="entry")
    hits["year_distance"] = hits["metric_year"] - hits["year"]
    hits["far"] = hits["year_distance"].abs()
    # The best identifier decides before the nearest year: a shared ISSN never outweighs an ISSN-L.
    order = ["group", "metric", "tier", "far", "metric_year", "source", "journal_key"]
    best = hits.sort_values(order, kind="stable").drop_duplicates(["group", "metric"])
    best["matched_by"] = [TIERS[tier] for tier in best["tier"]]
    return best[["group", *(name for name in ARTICLE_METRICS.names if name != "record_id")]]


def _group_ids(groups: pd.DataFrame) -> pd.DataFrame:
    """Long form group, tier, id: the identifiers of each group's journal."""
    rows = []
    columns = (groups[name] for name in ("group", "issn_l", "issn", "nlm_id"))
    for group, linking, issns, nlm in zip(*columns, strict=True):
        rows += [(group, 0, value) for value in split_list(linking)]
        rows += [(group, 1, value) for value in {*split_list(issns), *split_list(linking)}]
        rows += [(group, 2, value) for value in split_list(nlm)]
    frame = pd.DataFrame(rows, columns=["group", "tier", "id"])
    return frame.astype({"group": "int64", "tier": "int64", "id": "str"})


def _journal_ids(journals: pd.DataFrame) -> pd.DataFrame:
    """Long form entry, tier, id: the identifiers of each journal of the metric tables."""
    rows = []
    columns = (journals[name] for name in ("entry", "journal_key", "issn", "nlm_id"))
    for entry, key, issns, nlm in zip(*columns, strict=True):
        by_nlm = key.startswith("nlm:")
        rows += [] if by_nlm else [(entry, 0, key)]
        rows += [(entry, 1, value) for value in {*split_list(issns), *([] if by_nlm else [key])}]
        rows += [(entry, 2, value) for value in {*split_list(nlm), *([key[4:]] if by_nlm else [])}]
    frame = pd.DataFrame(rows, columns=["entry", "tier", "id"])
    return frame.astype({"entry": "int64", "tier": "int64", "id": "str"})


def _unmatched(articles: pd.DataFrame, matched: pd.DataFrame) -> pd.DataFrame:
    lost = articles[~articles["record_id"].isin(matched["record_id"])]
    without_id = lost[["issn_l", "issn", "nlm_id"]].isna().all(axis=1)
    reason = np.select(
        [without_id, lost["year"].isna()],
        ["the records give no ISSN and no NLM id", "the records have no publication year"],
        "none of the metric tables has its ISSN or NLM id",
    )
    grouped = lost.assign(reason=reason).groupby(["journal", "issn"], dropna=False)
    rows = [
        {
            "journal": journal,
            "issn": issn,
            "n": len(part),
            "reason": "; ".join(sorted(set(part["reason"]))),
            "records": join_list(sorted(part["record_id"])),
        }
        for (journal, issn), part in grouped
    ]
    return conform(pd.DataFrame(rows, columns=UNMATCHED_JOURNALS.names), UNMATCHED_JOURNALS)


def summarise_journals(
    articles: pd.DataFrame,
    mentions: pd.DataFrame,
    article_metrics: pd.DataFrame,
    *,
    kind: Literal["mode", "gene"],
    min_records: int = 3,
    seed: int = 0,
) -> pd.DataFrame:
    """MODE_JOURNAL (kind "mode") or GENE_JOURNAL ("gene"): each metric over the records naming a concept.

    n and coverage count all records naming it; median, quartiles and share of Q1 are missing below
    `min_records` records with a value. The interval of the median is the 95 % percentile bootstrap.
    """
    votes = cast_votes(articles, mentions)
    matrix, names = (votes.mode, votes.modes) if kind == "mode" else (votes.gene, votes.genes)
    found = matrix.tocoo()
    pairs = pd.DataFrame({"concept": found.col, "row": found.row})
    place = pd.Index(votes.articles["record_id"]).get_indexer(article_metrics["record_id"])
    values = article_metrics.assign(row=place)[place >= 0]
    total = np.asarray(matrix.sum(axis=0)).ravel()
    parts = []
    for metric in sorted(article_metrics["metric"].unique()):
        chosen = values.loc[
            (values["metric"] == metric) & values["value"].notna(), ["row", "value", "quartile"]
        ]
        part = _distribution(pairs.merge(chosen, on="row"), len(names), min_records, seed)
        parts.append(part.assign(**{kind: names, "metric": metric, "n": total}))
    table = GENE_JOURNAL if kind == "gene" else MODE_JOURNAL
    if not parts:
        return table.empty()
    result = pd.concat(parts, ignore_index=True)
    result["coverage"] = result["n_matched"] / result["n"]
    return conform(result, table)


def _distribution(joined: pd.DataFrame, size: int, min_records: int, seed: int) -> pd.DataFrame:
    joined = joined.sort_values(["concept", "value"], kind="stable")
    by = joined.groupby("concept")["value"]
    table = pd.DataFrame({"n_matched": by.size(), "median": by.median()})
    table["q25"], table["q75"] = by.quantile(0.25), by.quantile(0.75)
    # Without any quartile the metric's source gives none: the share is unknown, not 0.
    known = joined[joined["quartile"].notna()]
    table["share_q1"] = (known["quartile"] == "Q1").groupby(known["concept"]).mean()
    few = table["n_matched"] < min_records
    shown = joined[~joined["concept"].map(few)]
    bounds = _median_interval(shown["value"].to_numpy(), table.loc[~few, "n_matched"].to_numpy(), seed)
    table.loc[~few, "median_low"], table.loc[~few, "median_high"] = bounds
    table.loc[few, table.columns != "n_matched"] = np.nan
    table = table.reindex(range(size))
    table["n_matched"] = table["n_matched"].fillna(0)
    return table.reset_index(drop=True)


def _median_interval(values: Array, sizes: Any, seed: int) -> tuple[Array, Array]:
    """95 % percentile-bootstrap bounds of the median of consecutive groups of sorted values.

    The middle order statistics of n resampled values are the sorted values at the places n*U, U being
    the middle order statistics of n uniform draws, which are Beta draws: the same distribution as
    resampling, at a cost that does not grow with n.
    """
    random = np.random.default_rng(seed)
    starts = (np.cumsum(sizes) - sizes).astype(int)
    bounds = np.empty((2, len(sizes)))
    for index, (start, n) in enumerate(zip(starts, sizes, strict=True)):
        rank = (n + 1) // 2
        lower = random.beta(rank, n - rank + 1, RESAMPLES)
        upper = lower if n % 2 else lower + (1 - lower) * random.beta(1, n - rank, RESAMPLES)
        places = np.minimum((np.stack([lower, upper]) * n).astype(int), n - 1)
        medians = values[start + places].mean(axis=0)
        bounds[:, index] = np.quantile(medians, [0.025, 0.975])
    return bounds[0], bounds[1]
