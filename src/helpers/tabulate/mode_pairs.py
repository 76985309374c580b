"""Pairs of modes: records that name both, and targets they share, each against chance."""

from __future__ import annotations

import numpy as np
import pandas as pd

from helpers.schemas import conform, join_list
from helpers.schemas.statistics import MODE_MODE
from helpers.tabulate.association import adjust, measure_association, measure_fisher
from helpers.tabulate.votes import Array, Votes, cast_votes, joined_records, pair_votes


def count_mode_pairs(
    articles: pd.DataFrame, mentions: pd.DataFrame, *, min_records: int = 3, modes: pd.DataFrame | None = None
) -> pd.DataFrame:
    """MODE_MODE: every pair of modes that the counted records name, also pairs never named together.

    With `modes` (MODES), a mode and its own broader mode are no pair: naming the one names the other.

    Co-occurrence is tested as for genes and modes (see `association`). A target belongs to a mode when
    at least `min_records` records name both; shared targets are tested by Fisher's exact test among
    all genes named in at least that many records.
    """
    votes = cast_votes(articles, mentions)
    per_year = votes.per_year(votes.mode)
    joint = np.asarray((votes.mode.T @ votes.mode).todense(), dtype=float)
    measured = measure_association(joint, per_year, per_year, votes.n_year, min_records=min_records)
    # A pair is tested once, and no mode against itself or a mode that holds it.
    kin = _kinship(votes, modes)[measured["row"], measured["col"]]
    measured = measured[(measured["row"] < measured["col"]) & ~kin].reset_index(drop=True)
    for p, q in (("p", "q"), ("p_fisher", "q_fisher")):
        measured[q] = adjust(measured[p].to_numpy())
    first, second = measured["row"].to_numpy(), measured["col"].to_numpy()
    table = measured.drop(columns=["row", "col"]).rename(columns={"n_row": "n_a", "n_col": "n_b"})
    table["mode_a"], table["mode_b"] = votes.modes[first], votes.modes[second]
    table["records"] = _records(votes, first, second)
    return conform(table.assign(**_shared_genes(votes, first, second, min_records)), MODE_MODE)


def _kinship(votes: Votes, modes: pd.DataFrame | None) -> Array:
    """Modes × modes: true where one is the other's broader mode, at any distance."""
    kin = np.zeros((len(votes.modes),) * 2, dtype=bool)
    if modes is None:
        return kin
    parent = dict(zip(modes["mode"], modes["parent"], strict=True))
    place = {name: i for i, name in enumerate(votes.modes)}
    for name, row in place.items():
        above = parent.get(name)
        while isinstance(above, str):
            if above in place:
                kin[row, place[above]] = kin[place[above], row] = True
            above = parent.get(above)
    return kin


def _records(votes: Votes, first: Array, second: Array) -> list[str | None]:
    """Records naming both, for pairs ordered by first, then second."""
    size = len(votes.modes)
    pairs = pair_votes(votes.mode, votes.mode)
    pairs = pairs[pairs["left"] < pairs["right"]]
    place = np.full(size * size, -1)
    place[first * size + second] = np.arange(len(first))
    group = place[pairs["left"] * size + pairs["right"]]
    pairs, group = pairs[group >= 0], group[group >= 0]
    return joined_records(votes.articles, pairs["row"].to_numpy(), group, len(first))


def _shared_genes(votes: Votes, first: Array, second: Array, min_records: int) -> dict[str, object]:
    joint = np.asarray((votes.gene.T @ votes.mode).todense())
    member = (joint >= min_records).astype(float)
    universe = int((np.asarray(votes.gene.sum(axis=0)).ravel() >= min_records).sum())
    size = member.sum(axis=0)
    shared = (member.T @ member)[first, second]
    tested = (size[first] > 0) & (size[second] > 0)
    p = np.full(len(first), np.nan)
    p[tested] = measure_fisher(shared[tested], size[first][tested], size[second][tested], universe)
    names = [
        join_list(votes.genes[member[:, a] * member[:, b] > 0]) for a, b in zip(first, second, strict=True)
    ]
    return {
        "genes_a": size[first],
        "genes_b": size[second],
        "genes_shared": shared,
        "genes_expected": size[first] * size[second] / max(universe, 1),
        "genes_p": p,
        "genes_q": adjust(p),
        "shared": names,
    }
