"""Whether q keeps its promise: gene labels shuffled within years, and the pairs still called counted."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from helpers.schemas import conform
from helpers.schemas.statistics import PERMUTATION
from helpers.tabulate.association import (
    adjust,
    measure_expected,
    measure_fisher,
    measure_stratified,
    measure_variance,
)
from helpers.tabulate.votes import Array, Votes, cast_votes

LEVELS = (0.01, 0.05, 0.1, 0.2)


def check_permutation(
    articles: pd.DataFrame,
    mentions: pd.DataFrame,
    *,
    shuffles: int = 20,
    seed: int = 0,
    min_records: int = 3,
) -> pd.DataFrame:
    """PERMUTATION: false-discovery rate seen at each level of q, for both tests.

    A shuffle hands the gene lists of the records of a year to each other, so that which genes go
    together, how often each is named in each year, and all modes stay as they were; every link between
    gene and mode beyond the year is broken. The rate is the mean number of shuffled pairs with a p at
    or below the largest p called in the data, over the number called. It should not exceed the level;
    for Fisher's test, which knows nothing of years, it may.
    """
    votes = cast_votes(articles, mentions)
    n_gene, n_mode = (np.asarray(m.sum(axis=0)).ravel() for m in (votes.gene, votes.mode))
    tested = np.nonzero(np.outer(n_gene >= min_records, n_mode >= min_records))
    per_year = votes.per_year(votes.gene), votes.per_year(votes.mode)
    fixed = [f(*per_year, votes.n_year)[tested] for f in (measure_expected, measure_variance)]
    margins = n_gene[tested[0]], n_mode[tested[1]], len(votes.articles)
    random = np.random.default_rng(seed)
    orders = [np.arange(len(votes.articles)), *(_shuffled_rows(votes, random) for _ in range(shuffles))]
    joint = np.concatenate([_joint(votes, order, tested) for order in orders])
    observed, shuffled = {}, {}
    for name, p in _p_values(joint, len(orders), fixed, margins).items():
        observed[name], shuffled[name] = p[0], np.sort(p[1:], axis=1)
    rows = [row for name in observed for row in _rates(name, observed[name], shuffled[name])]
    return conform(pd.DataFrame(rows, columns=PERMUTATION.names), PERMUTATION)


def _shuffled_rows(votes: Votes, random: np.random.Generator) -> Array:
    """Record order in which each record is replaced by a random one of its year."""
    order = np.argsort(votes.stratum, kind="stable")
    rows = np.empty(len(order), dtype=np.int64)
    rows[order] = order[np.lexsort((random.random(len(order)), votes.stratum[order]))]
    return rows


def _joint(votes: Votes, order: Array, tested: tuple[Array, ...]) -> Array:
    return np.asarray((votes.gene[order].T @ votes.mode).todense())[tested]


def _p_values(joint: Array, corpora: int, fixed: list[Array], margins: tuple[Any, ...]) -> dict[str, Array]:
    """Corpora × tested pairs of p, for both tests; all corpora at once, as they share most tables."""
    n_gene, n_mode, total = margins
    fisher = measure_fisher(joint, np.tile(n_gene, corpora), np.tile(n_mode, corpora), total)
    each = joint.reshape(corpora, -1)
    stratified = np.stack([measure_stratified(row, *fixed) for row in each])
    return {"stratified": stratified, "fisher": fisher.reshape(corpora, -1)}


def _rates(test: str, observed: Array, shuffled: Array) -> list[dict[str, object]]:
    q = adjust(observed)
    rows: list[dict[str, object]] = []
    for level in LEVELS:
        called = observed[q <= level]
        row: dict[str, object] = {"test": test, "level": level, "called": len(called)}
        row |= {"shuffles": len(shuffled), "called_shuffled": 0.0}
        if len(called):
            counts = np.array([np.searchsorted(p, called.max(), side="right") for p in shuffled])
            low, high = np.quantile(counts, [0.025, 0.975]) / len(called)
            row |= {"threshold": called.max(), "called_shuffled": counts.mean()}
            row |= {"fdr": counts.mean() / len(called), "fdr_low": low, "fdr_high": high}
        rows.append(row)
    return rows
