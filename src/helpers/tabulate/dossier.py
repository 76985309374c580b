"""All that the tables of a run hold of one target, mode of death or therapy."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from helpers.errors import UsageError, nearest
from helpers.schemas import HISTOLOGY

KINDS = ("gene", "mode", "therapy")


@dataclass(frozen=True)
class Dossier:
    """Rows of a run's tables about one concept.

    `articles` are the records naming it, `evidence` what they claim of it, `pairs` its GENE_MODE rows,
    `therapies` its TARGET_THERAPY rows, `gaps` its GAPS rows, `years` one row per year and partner mode
    (for a mode: per year) with the count of records.
    """

    kind: str
    concept: str
    articles: pd.DataFrame
    evidence: pd.DataFrame
    pairs: pd.DataFrame
    therapies: pd.DataFrame
    gaps: pd.DataFrame
    years: pd.DataFrame


def find_subject(*, gene: str = "", mode: str = "", therapy: str = "") -> tuple[str, str]:
    """Kind and concept of the one name given; raises UsageError unless exactly one is."""
    given = [(kind, name) for kind, name in zip(KINDS, (gene, mode, therapy), strict=True) if name]
    if len(given) != 1:
        names = ", ".join(f"{kind} {name!r}" for kind, name in given) or "nothing"
        raise UsageError(f"a dossier is about one gene, mode or therapy, but {names} is given.")
    return given[0]


def select_dossier(
    kind: str, concept: str, tables: Mapping[str, pd.DataFrame], terms: Mapping[str, pd.DataFrame]
) -> Dossier:
    """What the tables articles, mentions, evidence, gene_mode, target_therapy and gaps hold of a concept.

    A concept of the vocabulary `terms` that no record names has an empty dossier: that is an answer too.
    Raises UsageError with the nearest names for one that neither the vocabulary nor a record knows.
    """
    mentions = tables["mentions"]
    named = mentions[mentions["kind"] == kind]
    own = named[named["concept"] == concept]
    known = next(table[kind] for table in terms.values() if table.columns[0] == kind)
    if own.empty and not known.eq(concept).any():
        names = [*known, *named["concept"].unique()]
        raise UsageError(
            f"{kind} {concept!r} is in no record and not in the vocabulary: {nearest(concept, names)}"
        )
    articles = tables["articles"]
    articles = articles[articles["record_id"].isin(own["record_id"])].reset_index(drop=True)
    in_records = mentions[mentions["record_id"].isin(articles["record_id"])]
    return Dossier(
        kind,
        concept,
        articles,
        _rows(tables["evidence"], kind, concept),
        _rows(tables["gene_mode"], kind, concept),
        _rows(tables["target_therapy"], kind, concept),
        _rows(tables["gaps"], kind, concept),
        _years(articles, in_records, concept if kind == "mode" else None),
    )


def _rows(table: pd.DataFrame, kind: str, concept: str) -> pd.DataFrame:
    if kind in table.columns:
        chosen = table[kind] == concept
    elif kind == "therapy" and "therapies" in table.columns:
        chosen = table["therapies"].str.split("|").map(lambda names: concept in names, na_action="ignore")
    else:
        return table.iloc[:0]
    return table[chosen.fillna(False).astype(bool)].reset_index(drop=True)


def _years(articles: pd.DataFrame, mentions: pd.DataFrame, only: str | None) -> pd.DataFrame:
    """Records per year and mode named in them: columns mode, year, n; records without year left out."""
    voting = (mentions["assertion"] != "negated").fillna(True) & (mentions["rule"] != HISTOLOGY)
    modes = mentions[(mentions["kind"] == "mode") & voting]
    pairs = modes[["record_id", "concept"]].drop_duplicates().rename(columns={"concept": "mode"})
    if only:
        pairs = pairs[pairs["mode"] == only]
    dated = pairs.merge(articles[["record_id", "year"]], on="record_id").dropna(subset="year")
    return dated.groupby(["mode", "year"]).size().rename("n").reset_index()
