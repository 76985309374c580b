"""What optional services add to a run; each is off until a notebook's parameter switches it on."""

from __future__ import annotations

import re

import pandas as pd

from helpers.fetch.catalog import fetch_journal_ids, fill_journal_ids
from helpers.fetch.services import fetch_citations, fetch_citedness, fetch_pubtator_genes
from helpers.fetch.transport import PATIENT, Patience
from helpers.schemas import ARTICLE_METRICS, JOURNAL_METRICS, conform, split_list

_ISSN = re.compile(r"\d{4}-\d{3}[\dX]")


def complete_journals(articles: pd.DataFrame, *, on: bool, patience: Patience = PATIENT) -> pd.DataFrame:
    """ARTICLES, with `on` completed by ISSN-L and NLM id from the NLM Catalog where a record lacks one."""
    if not on:
        return articles
    lacking = articles[articles["issn_l"].isna() | articles["nlm_id"].isna()]
    issns = {issn for value in (*lacking["issn"], *lacking["issn_l"]) for issn in split_list(value)}
    known = {name for name in lacking["nlm_id"].dropna() if name.isalnum()}
    ids = sorted({issn for issn in issns if _ISSN.fullmatch(issn)} | known)
    return fill_journal_ids(articles, fetch_journal_ids(ids, patience=patience)) if ids else articles


def add_citations(
    article_metrics: pd.DataFrame, articles: pd.DataFrame, *, on: bool, patience: Patience = PATIENT
) -> pd.DataFrame:
    """ARTICLE_METRICS, with `on` those of iCite added: RCR and citations of the records that have a PMID."""
    if not on:
        return article_metrics
    fetched = fetch_citations(sorted(articles["pmid"].dropna().unique()), patience=patience)
    return conform(pd.concat([article_metrics, fetched], ignore_index=True), ARTICLE_METRICS)


def add_citedness(
    journal_metrics: pd.DataFrame, articles: pd.DataFrame, *, on: bool, patience: Patience = PATIENT
) -> pd.DataFrame:
    """JOURNAL_METRICS, with `on` OpenAlex's 2yr_mean_citedness added, one question per journal."""
    if not on:
        return journal_metrics
    first = articles["issn_l"].fillna(articles["issn"].map(lambda value: next(iter(split_list(value)), None)))
    issns = sorted(issn for issn in first.dropna().unique() if _ISSN.fullmatch(issn))
    fetched = fetch_citedness(issns, patience=patience)
    return conform(pd.concat([journal_metrics, fetched], ignore_index=True), JOURNAL_METRICS)


def compare_pubtator(
    articles: pd.DataFrame,
    mentions: pd.DataFrame,
    genes: pd.DataFrame,
    *,
    on: bool,
    patience: Patience = PATIENT,
) -> pd.DataFrame:
    """Genes of each record that the dictionary or PubTator3 names: record_id, gene, dictionary, pubtator.

    `genes` (GENES) gives the symbols of PubTator's NCBI Gene ids; ids it lacks, mostly of other species,
    are left out. Only title and abstract count, which is what PubTator reads.
    """
    if not on:
        return pd.DataFrame(columns=["record_id", "gene", "dictionary", "pubtator"])
    theirs = fetch_pubtator_genes(sorted(articles["pmid"].dropna().unique()), patience=patience)
    symbols = dict(zip(genes["ncbi_gene"], genes["gene"], strict=True))
    theirs = theirs.assign(gene=theirs["ncbi_gene"].map(symbols)).dropna(subset=["gene"])
    asked = set("pmid:" + articles["pmid"].dropna())
    ours = mentions[
        (mentions["kind"] == "gene")
        & mentions["field"].isin(["title", "abstract"])
        & mentions["record_id"].isin(asked)
    ].rename(columns={"concept": "gene"})
    keys = ["record_id", "gene"]
    both = (
        ours[keys]
        .drop_duplicates()
        .merge(theirs[keys].drop_duplicates(), on=keys, how="outer", indicator=True)
    )
    both["dictionary"], both["pubtator"] = both["_merge"] != "right_only", both["_merge"] != "left_only"
    return both.drop(columns="_merge").sort_values(keys, ignore_index=True)
