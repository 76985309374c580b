"""The methods paragraph of a run, ready to paste, and what its results do not show."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from helpers.present.answers import count_of, count_sentences, listed

_FIELDS = {
    "title": "titles",
    "abstract": "abstracts",
    "other_abstract": "abstracts in other languages",
    "keyword": "author keywords",
    "mesh": "MeSH descriptors",
}


def methods_text(run_record: Mapping[str, Any], tables: Mapping[str, pd.DataFrame]) -> str:
    """Methods paragraphs of a run as Markdown: records, recognition, statistics, journals, software.

    Every number is computed; a part whose table is not given is left out.

    Args:
        run_record: content of run.json (parameters, versions).
        tables: name to frame, of searches, articles, flow, mentions, evidence, gene_mode, gaps, trends
            and article_metrics those there are.
    """
    parts = [
        ("Records", _records(tables)),
        ("Recognition", _recognition(tables)),
        ("Association", _association(run_record, tables)),
        ("Journal metrics", _journals(tables)),
        ("Software", _software(run_record)),
    ]
    return "\n\n".join(f"**{name}.** {text}" for name, text in parts if text)


def _get(tables: Mapping[str, pd.DataFrame], name: str) -> pd.DataFrame | None:
    frame = tables.get(name)
    return frame if frame is not None and len(frame) else None


def _records(tables: Mapping[str, pd.DataFrame]) -> str:
    articles, flow, searches = (_get(tables, name) for name in ("articles", "flow", "searches"))
    texts = [str(sentence) for sentence in searches["sentence"]] if searches is not None else []
    if articles is not None:
        years = articles["year"].dropna()
        span = f", published {int(years.min())} to {int(years.max())}" if len(years) else ""
        kinds = articles["article_kind"].value_counts()
        texts.append(
            f"The corpus holds {count_of(len(articles), 'record')}{span}: {int(kinds.get('primary', 0)):,} "
            f"primary research, {int(kinds.get('review', 0)):,} reviews, "
            f"{int(kinds.get('other', 0)):,} other; "
            f"sources: {listed(sorted(articles['source'].unique()))}."
        )
        written = int((articles["abstract_kind"] == "summary").sum())
        if written:
            texts.append(
                f"For {count_of(written, 'record')} a summary written by this project stands in for "
                f"the abstract."
            )
    if flow is not None:
        lost = flow[flow["dropped"] > 0]
        steps = [f"{row['name']} (−{int(row['dropped']):,})" for _, row in lost.iterrows()]
        texts.append(
            f"Of {count_of(int(flow['n_in'].iloc[0]), 'record')}, {int(flow['n_out'].iloc[-1]):,} "
            f"passed every step" + (f": {listed(steps, most=12)}." if steps else ".")
        )
    if texts:
        texts.append(
            "Retracted papers and retraction notices were excluded and are listed; each record counts once."
        )
    return " ".join(texts)


def _recognition(tables: Mapping[str, pd.DataFrame]) -> str:
    mentions, evidence = _get(tables, "mentions"), _get(tables, "evidence")
    if mentions is None:
        return ""
    fields = listed(words for field, words in _FIELDS.items() if (mentions["field"] == field).any())
    named = mentions.groupby("kind")["concept"].nunique()
    found = [
        f"{count_of(int(named.get(kind, 0)), noun)}"
        for kind, noun in (("gene", "human gene"), ("mode", "mode"), ("therapy", "therapy"))
    ]
    text = (
        f"{listed(found)} were recognised in {fields} by a dictionary over normalised text: genes by "
        f"HGNC symbol, "
        "alias, previous symbol and name; modes by the names of the Nomenclature Committee on Cell Death "
        "(Galluzzi et al. 2018) and later ones, with MeSH terms; ambiguous terms by written rules."
    )
    if evidence is not None:
        sentences, stated = count_sentences(evidence[evidence["mode"].notna()])
        text += (
            f" {count_of(sentences, 'sentence').capitalize()} named a gene with a mode; {stated:,} "
            f"of them stated "
            "a direction, read by rules with knock-down, inhibition and negation reversed. Negated "
            "sentences do not count."
        )
    return text


def _association(run_record: Mapping[str, Any], tables: Mapping[str, pd.DataFrame]) -> str:
    gene_mode, gaps, trends = (_get(tables, name) for name in ("gene_mode", "gaps", "trends"))
    if gene_mode is None:
        return ""
    tested = int(gene_mode["q"].notna().sum())
    least = run_record.get("parameters", {}).get("min_records")
    rule = f" (gene and mode each named by at least {count_of(int(least), 'record')})" if least else ""
    text = (
        f"For {count_of(len(gene_mode), 'pair')} of gene and mode the observed number of records was "
        f"compared with "
        "the number expected if both were named independently within each publication year, as "
        "Information Component "
        "log2((observed + 0.5)/(expected + 0.5)) with its 95 % credible interval (Norén, Hopstadius "
        "and Bate 2013). "
        f"{count_of(tested, 'pair').capitalize()}{rule} {'was' if tested == 1 else 'were'} tested by "
        "a two-sided mid-p test of independence within publication years (the count given the yearly "
        "margins, approximated by a binomial of the same mean and variance), with Benjamini-Hochberg "
        "correction over the tested pairs."
    )
    if gaps is not None:
        counts = gaps["class"].value_counts().sort_index()
        kinds = listed(f"{int(n):,} {name}" for name, n in counts.items())
        text += f" Pairs with fewer records than expected, or none, were classed as gaps: {kinds}."
    if trends is not None:
        text += (
            " Growth of a mode's share of each year's records was estimated by Poisson regression "
            "with all records "
            "of the year as exposure; the year still running was left out."
        )
    return text


def _journals(tables: Mapping[str, pd.DataFrame]) -> str:
    metrics, articles = _get(tables, "article_metrics"), _get(tables, "articles")
    if metrics is None or articles is None:
        return ""
    parts = []
    for name, rows in metrics.groupby("metric"):
        known = rows["record_id"].nunique()
        distance = rows["year_distance"].abs().dropna()
        apart = f", median distance {distance.median():.0f} years" if len(distance) else ""
        parts.append(
            f"{name} for {known:,} of {len(articles):,} records ({known / len(articles):.0%}{apart})"
        )
    return (
        "Journals were matched by ISSN-L, ISSN or NLM id, never by title, and a record took its "
        "journal's value of "
        f"the year nearest to its publication: {listed(parts)}. Nothing was imputed."
    )


def _software(run_record: Mapping[str, Any]) -> str:
    versions = dict(run_record.get("versions", {}))
    if not versions:
        return ""
    own = versions.pop("atlas", "")
    others = listed((f"{name} {version}" for name, version in sorted(versions.items())), most=20)
    python = f"Python {run_record['python']}, " if run_record.get("python") else ""
    return f"Cell-Death Target Atlas {own}; {python}{others}."


def limits_text(tables: Mapping[str, pd.DataFrame]) -> str:
    """What the results of a run do not show, as a Markdown list; numbers computed where they can be."""
    points = [
        "Naming a gene and a mode together is not proof that one acts on the other; read the sentences.",
        "A gap says that nobody wrote it in these records, not that nobody did it, and not that it is true.",
        "A journal's metric describes the journal. It says nothing of an article in it.",
        "A count follows fame: a much-studied gene is named with everything. Look at the Information "
        "Component.",
    ]
    articles, evidence, trends = (_get(tables, name) for name in ("articles", "evidence", "trends"))
    if articles is not None:
        bare = int(articles["abstract"].isna().sum())
        lack = f"{count_of(bare, 'record')} of {len(articles):,} {'has' if bare == 1 else 'have'} no abstract"
        lack = lack if bare else f"all {len(articles):,} have an abstract or summary"
        points.append(f"Only titles, abstracts, keywords and MeSH were read, no full text; {lack}.")
    if evidence is not None:
        pairs = evidence.dropna(subset=["mode"])
        silent = pairs.groupby(["gene", "mode"])["effect_on_mode"].agg(
            lambda effects: (effects == "none stated").all()
        )
        points.append(
            f"For {int(silent.sum()):,} of {count_of(len(silent), 'pair')} no sentence states a "
            f"direction that the "
            "rules can read; rules misread some of the others."
        )
    if trends is not None and not trends["complete"].all():
        open_year = int(trends.loc[~trends["complete"].astype(bool), "year"].max())
        points.append(f"Indexing lags: {open_year} is not complete, and the year before may still grow.")
    return "\n".join(f"- {point}" for point in points)
