"""The methods paragraph of a run, to paste into a manuscript and adapt."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from helpers.present.answers import ALPHA, count_of, listed


def methods_text(
    record: Mapping[str, Any],
    *,
    searches: pd.DataFrame,
    flow: pd.DataFrame,
    articles: pd.DataFrame,
    gene_mode: pd.DataFrame,
    lexicon: str,
) -> str:
    """Paragraph with sources, query, dates, counts, rules and versions, all from the run's own tables.

    `record` is run.json as a mapping; `lexicon` says which gene lexicon was used.
    """
    parts = [
        _sources(record, searches),
        _counts(flow, articles),
        f"Genes were recognised with {lexicon}, modes of cell death and therapies with the vocabulary of the "
        "Cell-Death Target Atlas, in titles, abstracts, keywords and MeSH headings; ambiguous terms counted only "
        "where the text supports them. The direction of a claim was read from single sentences by rules, "
        "with knock-downs reversed and negated statements left out.",
        _tests(gene_mode),
        _versions(record),
    ]
    return " ".join(parts)


def _sources(record: Mapping[str, Any], searches: pd.DataFrame) -> str:
    given = record["parameters"].get("sources", ["seed"])
    files = (
        f"Records were read from {count_of(len(given), 'reference file collection')} ({', '.join(given)})."
    )
    if searches.empty:
        return files
    return " ".join([*searches["sentence"], *([files] if given else [])])


def _counts(flow: pd.DataFrame, articles: pd.DataFrame) -> str:
    years = articles["year"].dropna()
    span = f", published {years.min()} to {years.max()}" if len(years) else ""
    lost = [
        f"{int(row['dropped']):,} ({row['why']})"
        for row in flow.to_dict("records")
        if row["dropped"] and row["why"]
    ]
    dropped = f" Not counted in later steps: {listed(lost)}." if lost else ""
    return f"{count_of(len(articles), 'record')}{span} entered the analysis; one record is one vote per pair.{dropped}"


def _tests(gene_mode: pd.DataFrame) -> str:
    tested = int(gene_mode["q"].notna().sum())
    return (
        "Expected counts were stratified by publication year; association is given as the Information Component "
        "with a 95 % credible interval (Norén, Hopstadius and Bate 2013) beside Fisher's exact test and the "
        f"conditional odds ratio, with Benjamini-Hochberg correction over {count_of(tested, 'tested pair')} "
        f"(q < {ALPHA})."
    )


def _versions(record: Mapping[str, Any]) -> str:
    versions = dict(record["versions"])
    own = versions.pop("atlas")
    others = ", ".join(f"{name} {version}" for name, version in sorted(versions.items()))
    return f"Computed with the Cell-Death Target Atlas {own} under Python {record['python']} with {others}."
