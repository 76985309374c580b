"""Targets ranked by their records under several weightings, and whether the weighting matters.

A journal's metric says nothing of a single article; the weighted rankings show how far a reader's trust
in metrics would change the picture, no more.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from scipy import stats

from helpers.errors import nearest
from helpers.schemas import conform, join_list
from helpers.schemas.statistics import RANK_AGREEMENT, RANKINGS, WEIGHTINGS
from helpers.tabulate.counts import metric_values
from helpers.tabulate.votes import Array, Votes, cast_votes, check_concept

ANY_MODE = "any"
_SAID = {
    "primary": "counting only primary research",
    "q1": "counting only Q1 journals",
    "percentile": "weighting each record by its journal's percentile",
    "rcr": "weighting each record by its Relative Citation Ratio",
}


def rank_genes(
    articles: pd.DataFrame,
    mentions: pd.DataFrame,
    article_metrics: pd.DataFrame | None = None,
    *,
    metric: str = "CiteScore",
    mode: str | None = None,
    min_records: int = 3,
) -> pd.DataFrame:
    """RANKINGS: the genes named with `mode` (or any mode) in at least `min_records` records.

    The score is the sum of the weights of those records: 1 (all), 1 for primary research, 1 for a Q1
    journal, journal percentile/100, RCR. A record without the figure weighs 0 there: nothing is imputed.
    Weightings for which no record has a figure are left out. Raises UsageError for a mode that no
    counted record names.
    """
    votes = cast_votes(articles, mentions)
    if mode is not None:
        check_concept(mode, votes.modes, "mode", nearest)
    inside = _records_of(votes, mode)
    n = np.asarray(votes.gene[inside].sum(axis=0)).ravel()
    chosen = np.flatnonzero(n >= min_records)
    matrix = votes.gene[inside][:, chosen]
    parts = []
    for weighting, weight in _weights(votes, article_metrics, metric).items():
        known = np.nan_to_num(weight[inside])
        score = np.asarray(matrix.T @ known).ravel()
        rank = stats.rankdata(-np.round(score, 9), method="min").astype(int)
        parts.append(
            pd.DataFrame(
                {
                    "mode": mode or ANY_MODE,
                    "gene": votes.genes[chosen],
                    "weighting": weighting,
                    "score": score,
                    "n_known": np.asarray(matrix.T @ ~np.isnan(weight[inside])).ravel(),
                    "rank": rank,
                }
            )
        )
    table = pd.concat(parts, ignore_index=True)
    first = table.loc[table["weighting"] == "all", ["gene", "rank"]]
    table = table.merge(first.rename(columns={"rank": "first"}), on="gene")
    table["shift"] = table["first"] - table["rank"]
    table = table.drop(columns="first")
    return conform(table, RANKINGS)


def _records_of(votes: Votes, mode: str | None) -> Array:
    if mode is None:
        return np.flatnonzero(np.asarray(votes.mode.sum(axis=1)).ravel() > 0)
    return np.sort(votes.mode.tocsc()[:, votes.modes.get_loc(mode)].indices)


def _weights(votes: Votes, article_metrics: pd.DataFrame | None, metric: str) -> dict[str, Array]:
    """Weight of each record under each weighting; missing where the record lacks the figure."""
    journal = metric_values(votes.articles, article_metrics, metric)
    weights = {
        "all": np.ones(len(votes.articles)),
        "primary": (votes.articles["article_kind"] == "primary").to_numpy(dtype=float),
        "q1": journal["q1"].to_numpy(),
        "percentile": journal["percentile"].to_numpy() / 100,
        "rcr": metric_values(votes.articles, article_metrics, "RCR")["value"].to_numpy(),
    }
    return {name: w for name, w in weights.items() if name in ("all", "primary") or not np.isnan(w).all()}


def measure_agreement(rankings: pd.DataFrame, *, top: int = 10, movers: int = 3) -> pd.DataFrame:
    """RANK_AGREEMENT: each weighting of `rank_genes` against all records, with the finding in a sentence.

    Kendall's tau-b over all ranked genes, missing below three genes (too few). `changes` is true when the
    first `top` genes lose one of theirs or their first place; ties on the border count as inside.
    """
    rows = []
    for (mode, weighting), part in rankings.groupby(["mode", "weighting"]):
        if weighting == "all":
            continue
        plain = rankings[(rankings["mode"] == mode) & (rankings["weighting"] == "all")]
        both = plain.merge(part, on="gene", suffixes=("_all", ""))
        rows.append({"mode": mode, "weighting": weighting, **_agreement(both, str(weighting), top, movers)})
    table = pd.DataFrame(rows, columns=RANK_AGREEMENT.names)
    order = {name: place for place, name in enumerate(WEIGHTINGS)}
    return conform(table.sort_values("weighting", key=lambda s: s.map(order)), RANK_AGREEMENT)


def _agreement(both: pd.DataFrame, weighting: str, top: int, movers: int) -> dict[str, Any]:
    size = min(top, len(both))
    votes = both["n_known_all"].sum()
    result: dict[str, Any] = {
        "genes": len(both),
        "coverage": both["n_known"].sum() / votes if votes else np.nan,
        "top": size,
    }
    if len(both) < 3 or both["score"].nunique() < 2 or both["score_all"].nunique() < 2:
        said = f"Too few targets ({len(both)}) to say whether {_SAID[weighting]} changes the ranking."
        return {**result, "kept": 0, "sentence": said}
    test = stats.kendalltau(both["score_all"], both["score"])
    before, after = (
        set(both.loc[both["rank_all"] <= size, "gene"]),
        set(both.loc[both["rank"] <= size, "gene"]),
    )
    leaders, led = (set(both.loc[both[rank] == 1, "gene"]) for rank in ("rank_all", "rank"))
    moved = both.assign(by=both["shift"].abs()).sort_values(["by", "gene"], ascending=[False, True])
    moved = moved[moved["by"] > 0].head(movers)
    kept = len(before & after)
    changes = kept < len(before) or not leaders & led
    result |= {
        "tau": test.statistic,
        "p": test.pvalue,
        "kept": kept,
        "movers": join_list(f"{r.gene}:{r.rank_all}:{r.rank}" for r in moved.itertuples()),
        "changes": changes,
    }
    return {
        **result,
        "sentence": _sentence(result, len(before), sorted(leaders), sorted(led), moved, weighting),
    }


def _sentence(
    result: dict[str, Any], top: int, leaders: list[str], led: list[str], moved: pd.DataFrame, weighting: str
) -> str:
    verdict = "changes" if result["changes"] else "does not change"
    text = (
        f"{_SAID[weighting]} {verdict} the leading targets: {result['kept']} of the first {top} "
        f"stay (Kendall's tau {result['tau']:.2f} over {result['genes']} targets)"
    )
    if not set(leaders) & set(led):
        text += f"; {led[0]} leads instead of {leaders[0]}"
    if len(moved):
        mover = moved.iloc[0]
        text += f"; the largest mover is {mover['gene']}, from rank {mover['rank_all']} to {mover['rank']}"
    if weighting != "primary":
        text += f"; {result['coverage']:.0%} of the votes have the figure"
    return text[0].upper() + text[1:] + "."
