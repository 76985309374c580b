"""A run's votes as codes, computed once, so that a selection of them is recounted in milliseconds."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from helpers.schemas import NONE_STATED
from helpers.tabulate.counts import metric_values
from helpers.tabulate.directions import MODE_POLES, THERAPY_POLES, count_directions
from helpers.tabulate.votes import Votes, cast_votes, pair_votes, record_rows, sentence_pairs

# What a record's vote weighs; `q` is always that of the same records counted whole.
WEIGHTINGS = {
    "all": "each record counts 1",
    "primary": "primary research only",
    "q1": "records in Q1 journals only",
    "percentile": "each record weighs its journal's percentile / 100",
    "fractional": "a record naming k genes gives each 1/k",
}
_RANK = {"high": 0, "medium": 1, "low": 2}


@dataclass(frozen=True, eq=False)
class Base:
    """A run's votes as codes, computed once.

    `pairs` has one row per record, gene and mode (row, gene, mode, close: in one sentence, and 1/k),
    `claims` the evidence of these pairs as codes row, gene, mode, best first; `directions` the effects a record
    states on a pair; `metrics` value, percentile and q1 per article, by metric.
    """

    votes: Votes
    evidence: pd.DataFrame
    pairs: pd.DataFrame
    claims: pd.DataFrame
    directions: dict[str, pd.DataFrame]
    metrics: dict[str, pd.DataFrame]

    @property
    def genes(self) -> list[str]:
        """Genes that a counted record names, by name."""
        return list(self.votes.genes)

    @property
    def modes(self) -> list[str]:
        """Modes that a counted record names, by name."""
        return list(self.votes.modes)

    @property
    def years(self) -> tuple[int, int] | None:
        """First and last publication year; None where no record has one."""
        known = [year for year in self.votes.years if year is not None]
        return (min(known), max(known)) if known else None

    @property
    def weightings(self) -> dict[str, str]:
        """The weightings this run allows, with their meaning: those by journal need a metric."""
        by_journal = () if self.metrics else ("q1", "percentile")
        return {name: meaning for name, meaning in WEIGHTINGS.items() if name not in by_journal}


def prepare_slices(
    articles: pd.DataFrame,
    mentions: pd.DataFrame,
    evidence: pd.DataFrame,
    *,
    article_metrics: pd.DataFrame | None = None,
) -> Base:
    """The base of `count_slice`, from ARTICLES, MENTIONS, EVIDENCE and ARTICLE_METRICS frames."""
    votes = cast_votes(articles, mentions)
    pairs = pair_votes(votes.gene, votes.mode).rename(columns={"left": "gene", "right": "mode"})
    close = sentence_pairs(votes).rename(columns={"left": "gene", "right": "mode"}).assign(close=True)
    pairs = pairs.merge(close, on=["row", "gene", "mode"], how="left")
    named = np.asarray(votes.gene.sum(axis=1)).ravel()
    pairs = pairs.assign(close=pairs["close"].notna(), share=1 / named[pairs["row"].to_numpy()])
    counted = _rank_claims(evidence[evidence["mode"].notna() & (record_rows(votes.articles, evidence) >= 0)])
    claims = _coded(counted, votes)
    voting = _keys(claims, votes).isin(_keys(pairs, votes)).to_numpy()
    known = [] if article_metrics is None else sorted(article_metrics["metric"].unique())
    return Base(
        votes=votes,
        evidence=counted[voting].reset_index(drop=True),
        pairs=pairs,
        claims=claims[voting].reset_index(drop=True),
        directions={
            "direction": _directions(counted, votes, "effect_on_mode", MODE_POLES),
            "therapy_direction": _directions(counted, votes, "effect_on_therapy", THERAPY_POLES),
        },
        metrics={name: metric_values(votes.articles, article_metrics, name) for name in known},
    )


def _rank_claims(evidence: pd.DataFrame) -> pd.DataFrame:
    """Evidence, those rows first that state a direction as a finding; one row per record, pair and sentence."""
    silent = (evidence["effect_on_mode"] == NONE_STATED) & (evidence["effect_on_therapy"] == NONE_STATED)
    rank = (
        8 * (evidence["assertion"] != "finding").astype(int)
        + 4 * silent.astype(int)
        + evidence["confidence"].map(_RANK).astype(int)
    )
    order = ["rank", "record_id", "gene", "mode"]
    ranked = evidence.assign(rank=rank).sort_values(order, kind="stable")
    return ranked.drop_duplicates(["record_id", "gene", "mode", "text"]).drop(columns="rank")


def _keys(codes: pd.DataFrame, votes: Votes) -> pd.Series[int]:
    """One number for each row, gene and mode; -1 where no vote names one of them."""
    named = (codes[["row", "gene", "mode"]] >= 0).all(axis=1)
    key = (codes["row"] * len(votes.genes) + codes["gene"]) * len(votes.modes) + codes["mode"]
    return key.where(named, -1)


def _coded(evidence: pd.DataFrame, votes: Votes) -> pd.DataFrame:
    """Codes row, gene, mode of evidence rows; a code is -1 where no vote names the concept."""
    codes = {"row": record_rows(votes.articles, evidence)}
    codes["gene"] = votes.genes.get_indexer(pd.Index(evidence["gene"]))
    codes["mode"] = votes.modes.get_indexer(pd.Index(evidence["mode"]))
    return pd.DataFrame(codes)


def _directions(evidence: pd.DataFrame, votes: Votes, effect: str, poles: tuple[str, str]) -> pd.DataFrame:
    """Codes row, gene, mode, and 0/1 columns of what the record states: each pole, conflicting."""
    each = evidence.assign(record=evidence["record_id"])
    stated = count_directions(each, ["record", "gene", "mode"], effect, poles)
    stated = stated.rename(columns={"record": "record_id"})
    codes = pd.concat([_coded(stated, votes), stated.drop(columns=["record_id", "gene", "mode"])], axis=1)
    return codes[_keys(codes, votes) >= 0].reset_index(drop=True)
