"""Who votes for what: distinct (record, concept) pairs as sparse matrices, the base of every count.

Counting rules, the same in every table:
- One record is one vote per concept, however often it names it; co-mention is one vote per pair.
- Retracted papers and retraction notices never vote; `select_articles` drops and lists them.
- A mode that a record names only to negate it ("did not induce necroptosis", "no report of
  necroptosis") gets no vote from that record; `find_gaps` says where such records exist. A mode named
  as aim or background votes: the record is about it.
- A record without a year is a stratum of its own.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import sparse

from helpers.errors import UsageError

EXCLUDED_RETRACTIONS = ("retracted", "notice")
TEXT_FIELDS = ("title", "abstract", "other_abstract")
Array = NDArray[Any]


@dataclass(frozen=True)
class Votes:
    """Records × concepts: `articles` are the N counted records, matrices hold 0/1 in their order."""

    articles: pd.DataFrame
    years: list[int | None]
    stratum: Array
    genes: pd.Index[Any]
    modes: pd.Index[Any]
    gene: sparse.csr_matrix
    mode: sparse.csr_matrix

    @property
    def n_year(self) -> Array:
        """Records per year (stratum)."""
        return np.bincount(self.stratum, minlength=len(self.years)).astype(float)

    def per_year(self, matrix: sparse.csr_matrix) -> Array:
        """Dense concepts × years: records naming each concept in each year."""
        strata = sparse.csr_matrix(
            (np.ones(len(self.stratum)), (np.arange(len(self.stratum)), self.stratum)),
            shape=(len(self.stratum), len(self.years)),
        )
        return np.asarray((matrix.T @ strata).todense(), dtype=float)


def drop_excluded(articles: pd.DataFrame) -> pd.DataFrame:
    """Articles that may vote, freshly numbered: retracted papers and retraction notices left out."""
    return articles[~articles["retraction"].isin(EXCLUDED_RETRACTIONS)].reset_index(drop=True)


def affirmed(mentions: pd.DataFrame) -> pd.DataFrame:
    """Mentions that vote: those of a mode in a negated sentence left out."""
    return mentions[(mentions["assertion"] != "negated").fillna(True).astype(bool)]


def cast_votes(articles: pd.DataFrame, mentions: pd.DataFrame) -> Votes:
    """Votes of the articles (ARTICLES) for the genes and modes their mentions (MENTIONS) name.

    Mentions of records that are not in `articles` are ignored, so a slice of the articles is enough to
    count a slice. Concepts are sorted; those no counted record names do not appear.
    """
    counted = drop_excluded(articles)
    stratum, years = pd.factorize(counted["year"], sort=True, use_na_sentinel=False)
    genes, gene = vote_matrix(counted, mentions, "gene")
    modes, mode = vote_matrix(counted, mentions, "mode")
    named = [None if pd.isna(year) else int(year) for year in years]
    return Votes(counted, named, np.asarray(stratum, dtype=np.int64), genes, modes, gene, mode)


def vote_matrix(
    articles: pd.DataFrame, mentions: pd.DataFrame, kind: str
) -> tuple[pd.Index[Any], sparse.csr_matrix]:
    """Sorted concepts of one kind and the 0/1 matrix records × concepts."""
    rows, concept = _coded(articles, affirmed(mentions[mentions["kind"] == kind]))
    codes, concepts = pd.factorize(concept, sort=True)
    matrix = sparse.csr_matrix(
        (np.ones(len(rows)), (rows, codes)), shape=(len(articles), len(concepts)), dtype=float
    )
    matrix.sum_duplicates()
    matrix.data[:] = 1.0
    return pd.Index(concepts, dtype="str"), matrix


def _coded(articles: pd.DataFrame, mentions: pd.DataFrame) -> tuple[Array, pd.Series[Any]]:
    rows = pd.Index(articles["record_id"]).get_indexer(pd.Index(mentions["record_id"]))
    known = rows >= 0
    return rows[known], mentions["concept"][known]


def pair_votes(left: sparse.csr_matrix, right: sparse.csr_matrix) -> pd.DataFrame:
    """One row per vote for a pair, as codes: row, left, right; sorted by pair, then row.

    `right` is the matrix with few columns (modes): the work is one slice of `left` for each.
    """
    parts = []
    columns = right.tocsc()
    for code in range(right.shape[1]):
        rows = np.sort(columns.indices[columns.indptr[code] : columns.indptr[code + 1]])
        found = left[rows].tocoo()
        parts.append((rows[found.row], found.col, np.full(found.nnz, code)))
    row, first, second = (
        np.concatenate([part[i] for part in parts] or [np.empty(0)]).astype(np.int64) for i in range(3)
    )
    order = np.lexsort((row, second, first))
    return pd.DataFrame({"row": row[order], "left": first[order], "right": second[order]})


def sentence_pairs(articles: pd.DataFrame, mentions: pd.DataFrame) -> pd.DataFrame:
    """Distinct (record_id, gene, mode) named in one sentence of title or abstract."""
    spot = ["record_id", "field", "sentence"]
    inside = affirmed(mentions[mentions["field"].isin(TEXT_FIELDS)])
    inside = inside[inside["record_id"].isin(drop_excluded(articles)["record_id"])]
    modes = inside.loc[inside["kind"] == "mode", [*spot, "concept"]].drop_duplicates()
    genes = inside.loc[inside["kind"] == "gene", [*spot, "concept"]].drop_duplicates()
    both = genes.merge(modes, on=spot, suffixes=("_gene", "_mode"))
    both = both.rename(columns={"concept_gene": "gene", "concept_mode": "mode"})
    return both[["record_id", "gene", "mode"]].drop_duplicates().reset_index(drop=True)


def joined_records(articles: pd.DataFrame, rows: Array, group: Array, n_groups: int) -> list[str | None]:
    """Record ids of each group joined by "|", in record order; `group` is sorted and counts from 0."""
    ids = articles["record_id"].to_numpy(dtype=object)[rows]
    ends = np.concatenate([[0], np.cumsum(np.bincount(group, minlength=n_groups))])
    return ["|".join(ids[start:end]) or None for start, end in pairwise(ends)]


def check_concept(name: str, known: pd.Index[Any], kind: str, offer: Callable[..., str]) -> None:
    """Nothing; raises UsageError with the nearest names where no counted record names the concept."""
    if name not in known:
        raise UsageError(f"{kind} {name!r} is named by no counted record: {offer(name, known)}.")
