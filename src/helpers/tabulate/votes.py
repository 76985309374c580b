"""Who votes for what: distinct (record, concept) pairs as sparse matrices, the base of every count.

Counting rules, the same in every table:
- One record is one vote per concept, however often it names it; co-mention is one vote per pair.
- Retracted papers and retraction notices never vote; `select_articles` drops and lists them.
- A mode that a record names only to negate it ("did not induce necroptosis", "no report of
  necroptosis") gets no vote from that record; `find_gaps` says where such records exist. A mode named
  as aim or background votes: the record is about it.
- Necrosis as a finding in a specimen ("tumor necrosis was graded") is flagged `histology` and gets no vote.
- A full text votes for what its title, keywords and abstract name; of its body for what one sentence names together.
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
from helpers.schemas import HISTOLOGY, front_lengths

EXCLUDED_RETRACTIONS = ("retracted", "notice")
TEXT_FIELDS = ("title", "abstract", "other_abstract")
Array = NDArray[Any]
# More sentences than any field has, so that a field and a sentence make one number.
_MOST_SENTENCES = 1_000_000


@dataclass(frozen=True)
class Votes:
    """Records × concepts: `articles` are the N counted records, matrices hold 0/1 in their order.

    `gene_named` and `mode_named` are the mentions behind them as codes: row, concept, spot (a sentence
    of title or abstract, numbered through the corpus; -1 elsewhere).
    """

    articles: pd.DataFrame
    years: list[int | None]
    stratum: Array
    genes: pd.Index[Any]
    modes: pd.Index[Any]
    gene: sparse.csr_matrix
    mode: sparse.csr_matrix
    gene_named: pd.DataFrame
    mode_named: pd.DataFrame

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


def cast_votes(articles: pd.DataFrame, mentions: pd.DataFrame) -> Votes:
    """Votes of the articles (ARTICLES) for the genes and modes their mentions (MENTIONS) name.

    Mentions of records that are not in `articles` are ignored, so a slice of the articles is enough to
    count a slice. Concepts are sorted; those no counted record names do not appear.
    """
    counted = drop_excluded(articles)
    stratum, years = pd.factorize(counted["year"], sort=True, use_na_sentinel=False)
    row = record_rows(counted, mentions)
    inside = (row >= 0) & ~is_negated(mentions) & (mentions["rule"] != HISTOLOGY).to_numpy(bool)
    inside &= ~_only_in_body(counted, mentions, row)
    genes, gene_named = _named(mentions, row, inside & (mentions["kind"] == "gene").to_numpy(bool))
    modes, mode_named = _named(mentions, row, inside & (mentions["kind"] == "mode").to_numpy(bool))
    return Votes(
        articles=counted,
        years=[None if pd.isna(year) else int(year) for year in years],
        stratum=np.asarray(stratum, dtype=np.int64),
        genes=genes,
        modes=modes,
        gene=vote_matrix(gene_named, (len(counted), len(genes))),
        mode=vote_matrix(mode_named, (len(counted), len(modes))),
        gene_named=gene_named,
        mode_named=mode_named,
    )


def record_rows(articles: pd.DataFrame, frame: pd.DataFrame) -> Array:
    """Row number in `articles` of each row of `frame` by record_id; -1 where it is not there."""
    if frame.empty:
        return np.empty(0, dtype=np.int64)
    return np.asarray(pd.Index(articles["record_id"]).get_indexer(pd.Index(frame["record_id"])))


def is_negated(mentions: pd.DataFrame) -> Array:
    """Which mentions stand in a sentence that denies the mode."""
    return np.asarray((mentions["assertion"] == "negated").fillna(False), dtype=bool)


def _only_in_body(articles: pd.DataFrame, mentions: pd.DataFrame, row: Array) -> Array:
    """Which mentions stand in the body of a full text, in a sentence that does not name both a gene and a mode."""
    body = np.zeros(len(mentions), dtype=bool)
    fronts = front_lengths(articles)
    if not fronts:
        return body
    front = articles["record_id"].map(fronts).fillna(np.inf).to_numpy(dtype=np.float64)
    body = np.asarray((row >= 0) & (mentions["field"] == "abstract").to_numpy(bool))
    body &= mentions["start"].to_numpy(dtype=np.int64) >= front[np.maximum(row, 0)]
    kinds = mentions.loc[body].groupby(["record_id", "sentence"])["kind"]
    body[body] = ~kinds.transform(lambda kind: {"gene", "mode"} <= set(kind)).to_numpy(bool)
    return body


def _named(mentions: pd.DataFrame, row: Array, inside: Array) -> tuple[pd.Index[Any], pd.DataFrame]:
    """Sorted concepts, and the mentions as codes: row, concept, spot (sentence of the corpus, else -1)."""
    chosen = mentions.loc[inside, ["concept", "field", "sentence"]]
    concept, concepts = pd.factorize(chosen["concept"], sort=True)
    field = pd.Index(TEXT_FIELDS).get_indexer(pd.Index(chosen["field"])) if len(chosen) else concept
    sentence = chosen["sentence"].to_numpy(dtype=np.int64)
    spot = (row[inside].astype(np.int64) * len(TEXT_FIELDS) + field) * _MOST_SENTENCES + sentence
    codes = {"row": row[inside], "concept": concept, "spot": np.where(field >= 0, spot, -1)}
    return pd.Index(concepts, dtype="str"), pd.DataFrame(codes)


def vote_matrix(named: pd.DataFrame, shape: tuple[int, int]) -> sparse.csr_matrix:
    """0/1 matrix of `shape` with a 1 at each distinct row and concept."""
    places = (named["row"].to_numpy(), named["concept"].to_numpy())
    matrix = sparse.csr_matrix((np.ones(len(named)), places), shape=shape, dtype=float)
    matrix.sum_duplicates()
    matrix.data[:] = 1.0
    return matrix


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


def sentence_pairs(votes: Votes) -> pd.DataFrame:
    """Distinct votes for a pair named in one sentence of title or abstract, as codes: row, left, right."""
    genes, modes = (
        named.loc[named["spot"] >= 0, ["spot", "row", "concept"]].drop_duplicates()
        for named in (votes.gene_named, votes.mode_named)
    )
    both = genes.merge(modes[["spot", "concept"]], on="spot", suffixes=("_gene", "_mode"))
    both = both.rename(columns={"concept_gene": "left", "concept_mode": "right"})
    return both[["row", "left", "right"]].drop_duplicates().reset_index(drop=True)


def joined_records(articles: pd.DataFrame, rows: Array, group: Array, n_groups: int) -> list[str | None]:
    """Record ids of each group joined by "|", in record order; `group` is sorted and counts from 0."""
    ids = articles["record_id"].to_numpy(dtype=object)[rows]
    ends = np.concatenate([[0], np.cumsum(np.bincount(group, minlength=n_groups))])
    return ["|".join(ids[start:end]) or None for start, end in pairwise(ends)]


def check_concept(name: str, known: pd.Index[Any], kind: str, offer: Callable[..., str]) -> None:
    """Nothing; raises UsageError with the nearest names where no counted record names the concept."""
    if name not in known:
        raise UsageError(f"{kind} {name!r} is named by no counted record: {offer(name, known)}.")
