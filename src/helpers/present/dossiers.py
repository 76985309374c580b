"""Title, sentences and names of a dossier."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import pandas as pd

from helpers.present.answers import count_of, count_sentences, label_of, listed
from helpers.schemas import CONFLICTING, NONE_STATED

_TERMS = {"gene": "genes", "mode": "modes", "therapy": "therapies"}


def partner_of(kind: str) -> str:
    """What a dossier counts its records by: modes for a gene or therapy, genes for a mode."""
    return "gene" if kind == "mode" else "mode"


def figure_name(kind: str, concept: str) -> str:
    """File name of a dossier's figure, made of letters, digits and hyphens only."""
    return f"dossier_{kind}_{re.sub(r'[^A-Za-z0-9]+', '-', concept)}"


def title_dossier(kind: str, concept: str, terms: Mapping[str, pd.DataFrame]) -> str:
    """Heading of a dossier: symbol or label, name, identifiers."""
    table = terms[_TERMS[kind]]
    rows = table[table[kind] == concept]
    if rows.empty:
        return f"# {concept}: what do the records say?"
    row = rows.iloc[0]
    if kind == "gene":
        ids = f"{row['hgnc_id']}, NCBI Gene {row['ncbi_gene']}"
        return f"# {concept} ({row['name']}): what do the records say?\n\n{ids}"
    chinese = f" ({row['label_zh']})" if isinstance(row["label_zh"], str) else ""
    return f"# {row['label']}{chinese}: what do the records say?"


def answer_data(concept: str, articles: pd.DataFrame, evidence: pd.DataFrame) -> str:
    """How many records and sentences the dossier rests on."""
    if articles.empty:
        return f"No record of this run names {concept}: what follows is empty for that reason."
    kinds = articles["article_kind"].value_counts()
    sentences, _ = count_sentences(evidence)
    named = f"{concept} is named in {count_of(len(articles), 'record')}"
    primary, review = (int(kinds.get(kind, 0)) for kind in ("primary", "review"))
    links = (
        f"{count_of(sentences, 'sentence')} {'links' if sentences == 1 else 'link'} it to a mode or therapy"
    )
    return f"{named}, {primary:,} of them primary research and {review:,} reviews; {links}."


def answer_dossier(
    kind: str, concept: str, pairs: pd.DataFrame, gaps: pd.DataFrame, modes: pd.DataFrame
) -> str:
    """Partners it is named with and what is claimed of them, and those nobody named with it."""
    partner, label = partner_of(kind), label_of(modes)
    rows = pairs.sort_values(["n", partner], ascending=[False, True], kind="stable")
    parts = [
        f"{label.get(row[partner], row[partner])} ({count_of(int(row['n']), 'record')}{_direction(row)})"
        for row in rows.to_dict("records")
    ]
    found = (
        f"{concept} is named with {listed(parts)}."
        if parts
        else f"No record names {concept} with a {partner}."
    )
    untested = gaps[gaps["class"] == "untested"]
    untested = untested.sort_values(["expected", partner], ascending=[False, True], kind="stable")
    if untested.empty:
        return found
    names = listed((label.get(name, name) for name in untested[partner]), most=12)
    return f"{found} No record names it with {names}."


def _direction(row: Mapping[Any, Any]) -> str:
    """What the records say of the pair; where they differ, how many say what."""
    if row["direction"] == CONFLICTING:
        promotes, inhibits, both = (
            int(row[f"n_{name}"]) for name in ("promotes", "inhibits", "mode_conflicting")
        )
        return f", conflicting: promotes in {promotes:,}, inhibits in {inhibits:,}, both in {both:,}"
    return "" if row["direction"] == NONE_STATED else f", {row['direction']}"
