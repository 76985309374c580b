"""Whether journal metrics differ between modes (Kruskal-Wallis, Dunn, Cliff's delta), and agree on them.

The tests need groups that share no record, so a record that names several of the modes is left out and
counted as such.
"""

from __future__ import annotations

from itertools import combinations
from typing import Any

import numpy as np
import pandas as pd
import scikit_posthocs
from scipy import stats

from helpers.schemas import conform
from helpers.schemas.statistics import JOURNAL_DUNN, JOURNAL_TEST, METRIC_AGREEMENT
from helpers.tabulate.votes import Array, cast_votes

# Bounds of small, medium and large: Romano et al. 2006, as commonly used for Cliff's delta.
_SIZES = ((0.147, "negligible"), (0.33, "small"), (0.474, "medium"))


def compare_modes(
    articles: pd.DataFrame,
    mentions: pd.DataFrame,
    article_metrics: pd.DataFrame,
    *,
    min_records: int = 5,
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """JOURNAL_TEST (one row per metric) and JOURNAL_DUNN (one row per metric and pair of modes).

    Compared are the modes with at least `min_records` records that name no other mode and have a value;
    with fewer than two such modes the test is missing (too few). Dunn's p values are corrected by Holm's
    method over the pairs of the metric.
    """
    votes = cast_votes(articles, mentions)
    named = np.asarray(votes.mode.sum(axis=1)).ravel()
    found = votes.mode.tocoo()
    single = named[found.row] == 1
    ids = votes.articles["record_id"].to_numpy(dtype=object)
    groups = pd.DataFrame({"record_id": ids[found.row[single]], "mode": votes.modes[found.col[single]]})
    several = set(ids[named > 1])
    overall, pairs = [], []
    for metric, chosen in article_metrics[article_metrics["value"].notna()].groupby("metric"):
        joined = groups.merge(chosen[["record_id", "value"]], on="record_id")
        joined = joined[joined.groupby("mode")["value"].transform("size") >= min_records]
        joined = joined.sort_values(["mode", "record_id"])
        shared = int(chosen["record_id"].isin(several).sum())
        overall.append({"metric": metric, "n_shared": shared, **_kruskal(joined)})
        pairs += [{"metric": metric, **row} for row in _dunn(joined)]
    tests = pd.DataFrame(overall, columns=JOURNAL_TEST.names)
    return conform(tests, JOURNAL_TEST), conform(
        pd.DataFrame(pairs, columns=JOURNAL_DUNN.names), JOURNAL_DUNN
    )


def compare_metrics(mode_journal: pd.DataFrame, metric: str) -> pd.DataFrame:
    """METRIC_AGREEMENT: for each metric of MODE_JOURNAL, how far it orders the modes as `metric` does.

    Kendall's tau-b of the medians, missing below three modes with both.
    """
    known = mode_journal[mode_journal["median"].notna()]
    chosen = known[known["metric"] == metric].set_index("mode")["median"]
    rows = []
    for name, part in mode_journal.groupby("metric"):
        medians = known[known["metric"] == name].set_index("mode")["median"].sort_index()
        both = medians.index.intersection(chosen.index)
        pair = medians[both].to_numpy(), chosen[both].to_numpy()
        varied = len(both) > 2 and all(len(np.unique(values)) > 1 for values in pair)
        rows.append(
            {
                "metric": name,
                "coverage": part["n_matched"].sum() / part["n"].sum(),
                "modes": len(medians),
                "highest": medians.idxmax() if len(medians) else None,
                "median": medians.max() if len(medians) else np.nan,
                "shared": len(both),
                "tau": stats.kendalltau(*pair).statistic if varied else np.nan,
            }
        )
    return conform(pd.DataFrame(rows, columns=METRIC_AGREEMENT.names), METRIC_AGREEMENT)


def _samples(joined: pd.DataFrame) -> dict[str, Array]:
    return {str(mode): part.to_numpy(float) for mode, part in joined.groupby("mode")["value"]}


def _testable(samples: dict[str, Array]) -> bool:
    return len(samples) > 1 and len(np.unique(np.concatenate(list(samples.values())))) > 1


def _kruskal(joined: pd.DataFrame) -> dict[str, Any]:
    samples = _samples(joined)
    result: dict[str, Any] = {"modes": len(samples), "n": len(joined)}
    if not _testable(samples):
        return result
    test = stats.kruskal(*samples.values())
    # Tomczak and Tomczak 2014: H / (n - 1).
    effect = test.statistic / (len(joined) - 1)
    return {
        **result,
        "h": test.statistic,
        "df": len(samples) - 1,
        "p": test.pvalue,
        "epsilon_squared": effect,
    }


def _dunn(joined: pd.DataFrame) -> list[dict[str, Any]]:
    samples = _samples(joined)
    if not _testable(samples):
        return []
    raw, adjusted = (
        scikit_posthocs.posthoc_dunn(joined, val_col="value", group_col="mode", p_adjust=correction)
        for correction in (None, "holm")
    )
    rows = []
    for a, b in combinations(sorted(samples), 2):
        delta = measure_cliff(samples[a], samples[b])
        rows.append(
            {
                "mode_a": a,
                "mode_b": b,
                "n_a": len(samples[a]),
                "n_b": len(samples[b]),
                "median_a": np.median(samples[a]),
                "median_b": np.median(samples[b]),
                "p": raw.loc[a, b],
                "p_adjusted": adjusted.loc[a, b],
                "delta": delta,
                "size": next((name for bound, name in _SIZES if abs(delta) < bound), "large"),
            }
        )
    return rows


def measure_cliff(first: Array, second: Array) -> float:
    """Cliff's delta: share of pairs in which the first is higher, less the share in which it is lower."""
    test = stats.mannwhitneyu(first, second, method="asymptotic")
    return float(2 * test.statistic / (len(first) * len(second)) - 1)
