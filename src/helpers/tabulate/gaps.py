"""Pairs that fewer records name than chance expects, or none: what is understudied, untested, too early.

Rows cover every gene named by at least `min_gene_records` counted records with every mode of the
vocabulary, also modes that no record of the slice names.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from helpers.schemas import GAPS, conform
from helpers.tabulate.association import measure_expected, measure_ic
from helpers.tabulate.votes import Array, Votes, cast_votes, is_negated, record_rows, vote_matrix

UNDERSTUDIED, UNTESTED, TOO_EARLY = "understudied", "untested", "too early to say"


def find_gaps(
    articles: pd.DataFrame,
    mentions: pd.DataFrame,
    gene_mode: pd.DataFrame,
    modes: pd.DataFrame,
    *,
    min_expected: float = 1.0,
    min_gene_records: int = 5,
    min_since: int = 3,
) -> pd.DataFrame:
    """GAPS: the pairs that no record, or credibly fewer records than chance expects, name together.

    gene_mode is the table of the same slice (its `n` is the observed count), modes the MODES table.
    The classes, in this order:
    - too early to say: fewer than `min_since` of the gene's records appeared since the mode had its name
      (`year_coined`; a mode without one always had its name), and none names both;
    - untested: no record names both, though the mode had its name. The reason says whether chance
      expects at least `min_expected` records; below that, the absence itself shows little.
    - understudied: some records name both, and the upper bound of the Information Component is below 0.
    """
    votes = cast_votes(articles, mentions)
    table = _candidates(votes, modes, min_gene_records)
    known = gene_mode[["gene", "mode", "n"]].rename(columns={"n": "observed"})
    table = table.merge(known, on=["gene", "mode"], how="left")
    table["observed"] = table["observed"].fillna(0).astype("int64")
    table["ic_high"] = measure_ic(table["observed"].to_numpy(float), table["expected"].to_numpy())[2]
    table = table[(table["observed"] == 0) | (table["ic_high"] < 0)]
    table = table.merge(_count_negated(votes, mentions), on=["gene", "mode"], how="left")
    table["n_negated"] = table["n_negated"].fillna(0).astype("int64")
    early = (table["observed"] == 0) & (table["n_since"] < min_since)
    table["class"] = np.where(early, TOO_EARLY, np.where(table["observed"] == 0, UNTESTED, UNDERSTUDIED))
    table["reason"] = [_reason(row, min_expected) for row in table.to_dict("records")]
    return conform(table[GAPS.names], GAPS)


def _candidates(votes: Votes, modes: pd.DataFrame, min_gene_records: int) -> pd.DataFrame:
    gene_year = votes.per_year(votes.gene)
    chosen = np.flatnonzero(gene_year.sum(axis=1) >= min_gene_records)
    gene_year, genes = gene_year[chosen], votes.genes[chosen]
    names = pd.Index(modes["mode"])
    mode_year = np.zeros((len(names), len(votes.years)))
    place = votes.modes.get_indexer(names)
    mode_year[place >= 0] = votes.per_year(votes.mode)[place[place >= 0]]
    since = _named_years(votes.years, modes["year_coined"])
    first, second = (codes.ravel() for codes in np.indices((len(genes), len(names))))
    coined = modes["year_coined"].astype("Int64").array
    return pd.DataFrame(
        {
            "gene": genes[first],
            "mode": names[second],
            "label": modes["label"].to_numpy(dtype=object)[second],
            "year_coined": coined[second],
            "expected": measure_expected(gene_year, mode_year, votes.n_year).ravel(),
            "n_gene": gene_year.sum(axis=1).astype(int)[first],
            "n_mode": mode_year.sum(axis=1).astype(int)[second],
            "n_since": (gene_year @ since.T).astype(int).ravel(),
        }
    )


def _named_years(years: list[int | None], coined: pd.Series[Any]) -> Array:
    """Modes × years: 1 where the mode had its name; a record without a year is taken as late enough."""
    year = np.array([9999 if y is None else y for y in years])
    first = coined.astype("float64").fillna(-np.inf).to_numpy()
    return np.asarray(year[None, :] >= first[:, None], dtype=float)


def _count_negated(votes: Votes, mentions: pd.DataFrame) -> pd.DataFrame:
    """Records that name a gene, and a mode only in negated sentences, per pair: n_negated."""
    denied = mentions[is_negated(mentions) & (mentions["kind"] == "mode").to_numpy(bool)]
    row = record_rows(votes.articles, denied)
    concept, names = pd.factorize(denied["concept"][row >= 0], sort=True)
    named = pd.DataFrame({"row": row[row >= 0], "concept": concept})
    matrix = vote_matrix(named, (len(votes.articles), len(names)))
    place = votes.modes.get_indexer(pd.Index(names, dtype="str"))
    voted = votes.mode[:, np.maximum(place, 0)].multiply((place >= 0).astype(float))
    counts = (votes.gene.T @ (matrix - matrix.multiply(voted))).tocoo()
    genes, modes = votes.genes[counts.row], pd.Index(names, dtype="str")[counts.col]
    return pd.DataFrame({"gene": genes, "mode": modes, "n_negated": counts.data})[counts.data > 0]


def _round(expected: float) -> str:
    """Two digits that count, never as a power of ten."""
    return f"{expected:,.0f}" if expected >= 9.95 else f"{expected:.2g}"


def _reason(row: dict[Any, Any], min_expected: float) -> str:
    label, n_gene, expected = row["label"], row["n_gene"], _round(row["expected"])
    if row["class"] == UNDERSTUDIED:
        verb = "names" if row["observed"] == 1 else "name"
        return (
            f"{_records(row['observed'])} {verb} both where chance expects {expected}: fewer even at the "
            f"upper bound of the interval (IC at most {row['ic_high']:.2f}).{_denied(row)}"
        )
    if row["class"] == TOO_EARLY:
        return (
            f"{label} had its name only from {row['year_coined']}; of the gene's {_records(n_gene)}, "
            f"{row['n_since'] or 'none'} appeared since, too few to say.{_denied(row)}"
        )
    if row["n_mode"] == 0:
        tail = f"no record of the slice names {label} at all, so nothing can be expected."
    elif row["ic_high"] < 0:
        tail = f"chance expects {expected}, so the absence is more than chance."
    elif row["expected"] >= min_expected:
        tail = f"chance expects {expected}, which does not rule chance out."
    else:
        tail = f"chance expects only {expected}: too few records to read the absence as avoidance."
    named = f"{_records(n_gene)} name the gene, {row['n_mode']} the mode"
    return f"No record names both ({named}); {tail}{_denied(row)}"


def _records(n: int) -> str:
    return f"{n} record" if n == 1 else f"{n} records"


def _denied(row: dict[Any, Any]) -> str:
    n = row["n_negated"]
    return f" {_records(n)} {'denies' if n == 1 else 'deny'} a link or any report of one." if n else ""
