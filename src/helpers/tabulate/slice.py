"""A selection of modes, genes, years and weighting recounted at once: the base of interactive exploration.

`prepare_slices` reads the tables of a run once and keeps the votes as codes; `count_slice` then needs
milliseconds. It counts as `count_gene_mode` does on the same records: without a limit on years and with
every record weighing 1 the numbers are equal (a test holds this).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
import pandas as pd

from helpers.errors import UsageError, nearest
from helpers.tabulate.association import (
    adjust,
    measure_expected,
    measure_ic,
    measure_stratified,
    measure_variance,
)
from helpers.tabulate.directions import summarise_direction
from helpers.tabulate.prepared import WEIGHTINGS, Base
from helpers.tabulate.votes import Array, Votes, joined_records


@dataclass(frozen=True, eq=False)
class Slice:
    """What a selection gives: rows and columns in order, the pairs that a record supports, its records.

    `pairs`, highest score first, has the columns gene, mode, n (records), score (their weight), expected, ic,
    ic_low, ic_high, q, n_primary, n_review, n_sentence, direction, therapy_direction, first_year, last_year,
    metric_median, records. `universe` is the number of records in the years chosen that have a weight.
    """

    base: Base
    genes: tuple[str, ...]
    modes: tuple[str, ...]
    weighting: str
    metric: str
    years: tuple[int | None, int | None]
    universe: int
    pairs: pd.DataFrame
    claims: Array

    @property
    def articles(self) -> pd.DataFrame:
        """ARTICLES rows of the records behind the pairs."""
        return self.base.votes.articles.iloc[np.unique(self.base.claims["row"].to_numpy()[self.claims])]

    def read_claims(
        self, *, gene: str | None = None, mode: str | None = None, limit: int | None = None
    ) -> pd.DataFrame:
        """EVIDENCE rows of the selection, or of one gene or pair in it, those that say most first."""
        places = self.claims
        for name, concept in (("gene", gene), ("mode", mode)):
            if concept is not None:
                code = getattr(self.base.votes, f"{name}s").get_indexer([concept])[0]
                places = places[self.base.claims[name].to_numpy()[places] == code]
        return self.base.evidence.iloc[places[:limit]]


def count_slice(
    base: Base,
    *,
    modes: Sequence[str] = (),
    genes: Sequence[str] = (),
    first_year: int | None = None,
    last_year: int | None = None,
    weighting: str = "all",
    metric: str = "CiteScore",
    top: int = 40,
    min_records: int = 3,
) -> Slice:
    """The selection recounted.

    A limit on years, `primary` and `q1` choose records, and with them the universe, the expectation and
    q. `percentile` and `fractional` weigh the votes of pair and margins alike; their q is that of the
    same records counted whole. q is adjusted over all pairs of the run's genes and modes in these years,
    not only those shown: looking at fewer pairs makes none of them more certain.

    Args:
        base: from `prepare_slices`.
        modes: columns, in this order; none: all that are named, most records first.
        genes: rows, in this order; none: the `top` genes of the highest score.
        first_year: first publication year counted; a limit leaves out records without a year.
        last_year: last publication year counted.
        weighting: one of WEIGHTINGS.
        metric: journal metric behind q1, percentile and metric_median.
        top: rows where no genes are given.
        min_records: records of gene and of mode below which a pair is not tested.

    Raises:
        UsageError: for a mode or gene no counted record names, an unknown weighting or metric, with the
            nearest names, and for a first year after the last.
    """
    check_choice(base, modes=modes, genes=genes, weighting=weighting, metric=metric)
    if first_year is not None and last_year is not None and first_year > last_year:
        raise UsageError(f"first_year {first_year} lies after last_year {last_year}: exchange them.")
    weight = _weights(base, weighting, metric, first_year, last_year)
    counted = _count_all(base, weighting, metric, first_year, last_year, min_records)
    columns = _columns(base, modes, counted["score"])
    rows = _rows(base, genes, counted["score"][:, columns], top)
    inside = np.zeros((len(base.votes.genes), len(base.votes.modes)), dtype=bool)
    inside[np.ix_(rows, columns)] = True
    pairs = _pairs_table(base, counted, weight, inside, metric, min_records)
    row, gene, mode = (base.claims[name].to_numpy() for name in ("row", "gene", "mode"))
    return Slice(
        base=base,
        genes=tuple(base.votes.genes[rows]),
        modes=tuple(base.votes.modes[columns]),
        weighting=weighting,
        metric=metric,
        years=(first_year, last_year),
        universe=int((weight > 0).sum()),
        pairs=pairs,
        claims=np.flatnonzero((weight > 0)[row] & inside[gene, mode]),
    )


def check_choice(
    base: Base, *, modes: Sequence[str], genes: Sequence[str], weighting: str, metric: str
) -> None:
    """Nothing; raises UsageError with the nearest names for a name that the run does not hold."""
    for kind, chosen, known in (("mode", modes, base.votes.modes), ("gene", genes, base.votes.genes)):
        for name in chosen:
            if name not in known:
                raise UsageError(f"{kind} {name!r} is named by no counted record: {nearest(name, known)}")
    if weighting not in WEIGHTINGS:
        raise UsageError(f"weighting {weighting!r} does not exist: {nearest(weighting, WEIGHTINGS)}")
    if weighting in ("q1", "percentile") and metric not in base.metrics:
        raise UsageError(f"no record of the run has the metric {metric!r}: {nearest(metric, base.metrics)}")


def _weights(base: Base, weighting: str, metric: str, first: int | None, last: int | None) -> Array:
    """Weight of each record; 0 where it does not count in this selection."""
    articles = base.votes.articles
    weight = np.ones(len(articles))
    if weighting == "primary":
        weight = (articles["article_kind"] == "primary").to_numpy(dtype=float)
    elif weighting == "q1":
        weight = np.nan_to_num(base.metrics[metric]["q1"].to_numpy(dtype=float))
    elif weighting == "percentile":
        weight = np.nan_to_num(base.metrics[metric]["percentile"].to_numpy(dtype=float)) / 100
    if first is not None or last is not None:
        weight = weight * articles["year"].between(first or 0, last or 9999).fillna(False).to_numpy(
            dtype=float
        )
    return weight


def _count_all(
    base: Base, weighting: str, metric: str, first: int | None, last: int | None, min_records: int
) -> dict[str, Array]:
    """Genes × modes matrices n, score, expected (of score) and q."""
    choosing = "all" if weighting == "fractional" else weighting
    by = metric if weighting in ("q1", "percentile") else ""
    n, expected, q = _whole(base, choosing, by, first, last, min_records)
    if weighting not in ("percentile", "fractional"):
        return {"n": n, "score": n, "expected": expected, "q": q}
    weight = _weights(base, weighting, metric, first, last)
    each = np.ones(len(weight))
    if weighting == "fractional":
        each = 1 / np.maximum(np.asarray(base.votes.gene.sum(axis=1)).ravel(), 1)
    score, expected, _ = _measured(base, weight, each, min_records, test=False)
    return {"n": n, "score": score, "expected": expected, "q": q}


@lru_cache(maxsize=32)
def _whole(
    base: Base, weighting: str, metric: str, first: int | None, last: int | None, min_records: int
) -> tuple[Array, Array, Array]:
    """Records, expectation and q, genes × modes, each record counted whole.

    Kept, for choosing genes and modes does not change them, and the test takes most of the time.
    """
    counts = (_weights(base, weighting, metric, first, last) > 0).astype(float)
    return _measured(base, counts, np.ones(len(counts)), min_records, test=True)


def _measured(
    base: Base, weight: Array, per_gene: Array, min_records: int, *, test: bool
) -> tuple[Array, Array, Array]:
    """Joint sums, their expectation and q, genes × modes, of records of these weights."""
    votes, size = base.votes, (len(base.votes.genes), len(base.votes.modes))
    row, key = base.pairs["row"].to_numpy(), _keys(base.pairs, size[1])
    joint = np.bincount(key, weights=(weight * per_gene)[row], minlength=size[0] * size[1]).reshape(size)
    gene_year = _per_year(votes, votes.gene, weight * per_gene)
    mode_year = _per_year(votes, votes.mode, weight)
    n_year = np.bincount(votes.stratum, weights=weight, minlength=len(votes.years))
    expected = measure_expected(gene_year, mode_year, n_year)
    q = np.full(size, np.nan)
    if test:
        variance = measure_variance(gene_year, mode_year, n_year)
        tested = np.outer(gene_year.sum(axis=1) >= min_records, mode_year.sum(axis=1) >= min_records)
        q[tested] = adjust(measure_stratified(joint[tested], expected[tested], variance[tested]))
    return joint, expected, q


def _per_year(votes: Votes, matrix: Any, weight: Array) -> Array:
    """Weight of the records naming each concept in each year, concepts × years."""
    found, years = matrix.tocoo(), len(votes.years)
    cell = found.col.astype(np.int64) * years + votes.stratum[found.row]
    sums = np.bincount(cell, weights=weight[found.row], minlength=matrix.shape[1] * years)
    return np.asarray(sums.reshape(matrix.shape[1], years))


def _keys(pairs: pd.DataFrame, n_modes: int) -> Array:
    return np.asarray(pairs["gene"].to_numpy() * n_modes + pairs["mode"].to_numpy())


def _columns(base: Base, modes: Sequence[str], score: Array) -> Array:
    if modes:
        return np.asarray(base.votes.modes.get_indexer(list(dict.fromkeys(modes))))
    total = score.sum(axis=0)
    order = np.argsort(-np.round(total, 9), kind="stable")
    return np.asarray(order[total[order] > 0])


def _rows(base: Base, genes: Sequence[str], score: Array, top: int) -> Array:
    if genes:
        return np.asarray(base.votes.genes.get_indexer(list(dict.fromkeys(genes))))
    total = score.sum(axis=1)
    order = np.argsort(-np.round(total, 9), kind="stable")
    return np.asarray(order[total[order] > 0][:top])


def _pairs_table(
    base: Base, counted: dict[str, Array], weight: Array, inside: Array, metric: str, min_records: int
) -> pd.DataFrame:
    """The pairs inside the selection that a record supports, one row each, highest score first."""
    votes, n_modes = base.votes, inside.shape[1]
    chosen = np.flatnonzero((inside & (counted["n"] > 0)).ravel())
    gene, mode = np.divmod(chosen, n_modes)
    table: dict[str, Any] = {"gene": votes.genes[gene], "mode": votes.modes[mode]}
    table["n"] = counted["n"].ravel()[chosen].astype(int)
    table |= {name: counted[name].ravel()[chosen] for name in ("score", "expected")}
    table |= dict(
        zip(("ic", "ic_low", "ic_high"), measure_ic(table["score"], table["expected"]), strict=True)
    )
    table["q"] = counted["q"].ravel()[chosen]
    place = np.full(inside.size, -1)
    place[chosen] = np.arange(len(chosen))
    row, group = base.pairs["row"].to_numpy(), place[_keys(base.pairs, n_modes)]
    kept = (weight[row] > 0) & (group >= 0)
    row, group = row[kept], group[kept]
    kind = votes.articles["article_kind"].to_numpy(dtype=object)[row]
    voting = {"primary": kind == "primary", "review": kind == "review"}
    voting["sentence"] = base.pairs["close"].to_numpy()[kept]
    table |= {f"n_{name}": np.bincount(group[of], minlength=len(chosen)) for name, of in voting.items()}
    table |= {
        name: _summarised(stated, weight, place, n_modes, len(chosen))
        for name, stated in base.directions.items()
    }
    year = pd.Series(votes.articles["year"].to_numpy(dtype=float, na_value=np.nan)[row]).groupby(group)
    table |= {
        f"{name}_year": _spread(getattr(year, of)(), chosen)
        for name, of in (("first", "min"), ("last", "max"))
    }
    table["metric_median"] = np.nan
    if metric in base.metrics:
        values = pd.Series(base.metrics[metric]["value"].to_numpy(dtype=float)[row]).groupby(group)
        table["metric_median"] = _spread(values.median().where(values.count() >= min_records), chosen)
    table["records"] = joined_records(votes.articles, row, group, len(chosen))
    frame = pd.DataFrame(table).astype({"first_year": "Int64", "last_year": "Int64", "records": "str"})
    order = np.lexsort((mode, gene, -np.round(table["score"], 9)))
    return frame.iloc[order].reset_index(drop=True)


def _spread(values: pd.Series[Any], chosen: Array) -> Array:
    """A value per pair, in order; missing where no record has one."""
    return np.asarray(values.reindex(range(len(chosen))), dtype=float)


def _summarised(stated: pd.DataFrame, weight: Array, place: Array, n_modes: int, size: int) -> pd.Series[str]:
    """Direction of each pair over the records that count."""
    group = place[_keys(stated, n_modes)]
    kept = (weight[stated["row"].to_numpy()] > 0) & (group >= 0)
    names = [name for name in stated.columns if name not in ("row", "gene", "mode")]
    sums = {
        name: np.bincount(group[kept], weights=stated[name].to_numpy()[kept], minlength=size)
        for name in names
    }
    return summarise_direction(pd.DataFrame(sums), (names[0], names[1]))
