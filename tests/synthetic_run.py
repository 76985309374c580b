"""A synthetic run at any size: articles, mentions, evidence and journal metrics that agree with one another."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from synthetic_tables import MODE_IDS

from helpers.schemas import ARTICLE_METRICS, ARTICLES, EVIDENCE, MENTIONS, conform

YEARS = (2000, 2026)


def make_run(records: int, genes: int, modes: int, *, seed: int = 0) -> dict[str, pd.DataFrame]:
    """Tables articles, mentions, evidence, article_metrics: about 2.5 genes and 1.2 modes a record."""
    random = np.random.default_rng(seed)
    ids = np.array([f"pmid:{9_000_000 + n}" for n in range(records)], dtype=object)
    year = random.integers(YEARS[0], YEARS[1] + 1, records)
    year[:4] = YEARS[0], YEARS[1], YEARS[0], YEARS[1]
    gene = _draw(random, records, [f"GENE{n}" for n in range(genes)], 2.5)
    mode = _draw(random, records, MODE_IDS[:modes], 1.2)
    mentions = pd.concat([_mentions(ids, *gene, "gene"), _mentions(ids, *mode, "mode")], ignore_index=True)
    mode_rows = mentions["kind"] == "mode"
    mentions.loc[mode_rows, "assertion"] = random.choice(
        ["finding", "aim/background", "negated"], int(mode_rows.sum()), p=[0.8, 0.15, 0.05]
    )
    metrics = pd.DataFrame({"record_id": ids[random.random(records) < 0.8]})
    chosen = random.integers(0, 4, len(metrics))
    metrics = metrics.assign(
        metric="CiteScore",
        metric_year=2024,
        value=20.0 - 4 * chosen,
        quartile=np.array(["Q1", "Q2", "Q3", "Q4"])[chosen],
        percentile=95.0 - 25 * chosen,
        source="synthetic",
        year_distance=0,
        matched_by="issn",
    )
    return {
        "articles": _articles(ids, year, random),
        "mentions": conform(mentions, MENTIONS),
        "evidence": _evidence(ids, gene, mode, random),
        "article_metrics": conform(metrics, ARTICLE_METRICS),
    }


def _draw(random: Any, records: int, names: list[str], mean: float) -> tuple[Any, Any]:
    """Record numbers and names, each pair once; the fame of names falls as in a real corpus."""
    fame = 1 / np.arange(1, len(names) + 1) ** 0.9
    rows = np.repeat(np.arange(records), random.poisson(mean, records))
    pairs = np.unique(np.stack([rows, random.choice(len(names), len(rows), p=fame / fame.sum())]), axis=1)
    return pairs[0], np.array(names, dtype=object)[pairs[1]]


def _articles(ids: Any, year: Any, random: Any) -> pd.DataFrame:
    kinds = np.array(["primary", "review"], dtype=object)[(random.random(len(ids)) < 0.2).astype(int)]
    frame = pd.DataFrame({"record_id": ids, "year": year, "article_kind": kinds, "retraction": "none"})
    frame = frame.assign(
        title=[f"Synthetic record {n} & <b>markup</b>" for n in range(len(ids))],
        pmid=[name.removeprefix("pmid:") for name in ids],
        doi=[f"10.5555/{name.removeprefix('pmid:')}" for name in ids],
        journal=[f"Synthetic Journal {n}" for n in random.integers(0, 300, len(ids))],
        authors="Doe, Jane",
        source="synthetic",
    )
    return conform(frame, ARTICLES)


def _mentions(ids: Any, rows: Any, names: Any, kind: str) -> pd.DataFrame:
    start = np.arange(len(rows)) * 20
    return pd.DataFrame(
        {
            "record_id": ids[rows],
            "kind": kind,
            "concept": names,
            "field": "abstract",
            "sentence": rows % 3,
            "start": start,
            "end": start + 5,
            "text": names,
            "rule": "synthetic",
            "assertion": None,
        }
    )


def _evidence(ids: Any, gene: tuple[Any, Any], mode: tuple[Any, Any], random: Any) -> pd.DataFrame:
    left = pd.DataFrame({"row": gene[0], "gene": gene[1]})
    both = left.merge(pd.DataFrame({"row": mode[0], "mode": mode[1]}), on="row")
    size = len(both)
    frame = pd.DataFrame(
        {
            "record_id": ids[both["row"].to_numpy()],
            "gene": both["gene"],
            "mode": both["mode"],
            "scope": "sentence",
            "field": "abstract",
            "sentence": both["row"] % 3,
            "effect_on_mode": random.choice(["promotes", "inhibits", "none stated"], size, p=[0.2, 0.3, 0.5]),
            "effect_on_therapy": random.choice(["resistance", "sensitising", "none stated"], size),
            "assertion": "finding",
            "confidence": random.choice(["high", "medium", "low"], size),
            "text": "Loss of "
            + both["gene"]
            + " led to "
            + both["mode"]
            + " <script>alert(1)</script> & more.",
        }
    )
    return conform(frame, EVIDENCE)
