"""How far the associations depend on the way of counting."""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy import stats

from helpers.schemas import conform
from helpers.schemas.statistics import COUNTINGS, SENSITIVITY, SENSITIVITY_SUMMARY
from helpers.tabulate.association import measure_expected, measure_ic
from helpers.tabulate.votes import Array, Votes, cast_votes, sentence_pairs

MIN_PAIRS = 3


def measure_sensitivity(
    articles: pd.DataFrame, mentions: pd.DataFrame, *, min_records: int = 3
) -> pd.DataFrame:
    """SENSITIVITY: each pair named together, whose gene and mode are frequent, under four countings.

    - full: one record, one vote.
    - fractional: a record naming k genes gives each 1/k, in the count and in the gene's yearly margin.
    - sentence: only records naming both in one sentence vote; the expectation is that of full counting
      times the share of all pair votes that fall in one sentence.
    - no reviews: reviews leave the corpus, and every margin with them.
    Pairs are those of full counting with gene and mode each in at least `min_records` records.
    """
    votes = cast_votes(articles, mentions)
    joint = _dense(votes.gene.T @ votes.mode)
    frequent = np.outer(*(np.asarray(m.sum(axis=0)).ravel() >= min_records for m in (votes.gene, votes.mode)))
    rows, cols = np.nonzero((joint > 0) & frequent)
    tables = []
    for counting in COUNTINGS:
        n, expected = _counted(counting, votes, joint)
        ic, low, high = measure_ic(n[rows, cols], expected[rows, cols])
        part = pd.DataFrame({"gene": votes.genes[rows], "mode": votes.modes[cols], "counting": counting})
        part = part.assign(n=n[rows, cols], expected=expected[rows, cols], ic=ic, ic_low=low, ic_high=high)
        part["rank"] = part["ic_low"].round(9).rank(ascending=False, method="min").astype(int)
        tables.append(part.assign(associated=low > 0))
    full = tables[0]["associated"].to_numpy()
    table = pd.concat([part.assign(as_full=part["associated"] == full) for part in tables], ignore_index=True)
    return conform(table, SENSITIVITY)


def _dense(matrix: Array) -> Array:
    return np.asarray(matrix.todense(), dtype=float)  # type: ignore[attr-defined]


def _counted(counting: str, votes: Votes, joint: Array) -> tuple[Array, Array]:
    """Votes and expected votes, genes × modes, under one way of counting."""
    genes, n_year = votes.gene, votes.n_year
    if counting == "fractional":
        named = np.maximum(np.asarray(genes.sum(axis=1)), 1)
        genes = genes.multiply(1 / named).tocsr()
        joint = _dense(genes.T @ votes.mode)
    if counting == "no reviews":
        kept = (votes.articles["article_kind"] != "review").to_numpy(dtype=float)[:, None]
        genes, modes = genes.multiply(kept).tocsr(), votes.mode.multiply(kept).tocsr()
        n_year = np.bincount(votes.stratum, weights=kept.ravel(), minlength=len(votes.years))
        expected = measure_expected(votes.per_year(genes), votes.per_year(modes), n_year)
        return _dense(genes.T @ modes), expected
    expected = measure_expected(votes.per_year(genes), votes.per_year(votes.mode), n_year)
    if counting == "sentence":
        close = _sentence_counts(votes)
        return close, expected * close.sum() / max(joint.sum(), 1)
    return joint, expected


def _sentence_counts(votes: Votes) -> Array:
    pairs = sentence_pairs(votes)
    counts = np.zeros((len(votes.genes), len(votes.modes)))
    np.add.at(counts, (pairs["left"].to_numpy(), pairs["right"].to_numpy()), 1)
    return counts


def summarise_sensitivity(sensitivity: pd.DataFrame) -> pd.DataFrame:
    """SENSITIVITY_SUMMARY: per counting, the pairs gained and lost against full counting, and tau."""
    full = sensitivity[sensitivity["counting"] == "full"]
    rows = []
    for counting, part in sensitivity.groupby("counting"):
        both = full.merge(part, on=["gene", "mode"], suffixes=("_full", ""))
        enough = len(both) >= MIN_PAIRS and both[["ic", "ic_full"]].nunique().min() > 1
        rows.append(
            {
                "counting": counting,
                "pairs": len(both),
                "associated": both["associated"].sum(),
                "gained": (both["associated"] & ~both["associated_full"]).sum(),
                "lost": (both["associated_full"] & ~both["associated"]).sum(),
                "tau": stats.kendalltau(both["ic_full"], both["ic"]).statistic if enough else np.nan,
            }
        )
    return conform(pd.DataFrame(rows, columns=SENSITIVITY_SUMMARY.names), SENSITIVITY_SUMMARY)
