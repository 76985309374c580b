"""Synthetic frames for the statistics tests: invented records, invented genes, nothing from PubMed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
import pandas as pd

from helpers.schemas import ARTICLES, EVIDENCE, MENTIONS, MODES, conform


def make_articles(records: Iterable[dict]) -> pd.DataFrame:
    """ARTICLES from partial rows; record ids default to local:00000 and on."""
    rows = []
    for number, record in enumerate(records):
        row = {"record_id": f"local:{number:05d}", "article_kind": "primary", "retraction": "none"}
        rows.append({**row, "source": "synthetic", **record})
    return conform(pd.DataFrame(rows, columns=ARTICLES.names), ARTICLES)


def make_mentions(named: Iterable[tuple]) -> pd.DataFrame:
    """MENTIONS from (record number or id, kind, concept[, sentence[, assertion[, field]]])."""
    rows = []
    for place, (record, kind, concept, *rest) in enumerate(named):
        sentence, assertion, field = [*rest, 0, None, None][:3] if not rest else [*rest, None, None][:3]
        rows.append(
            {
                "record_id": record if isinstance(record, str) else f"local:{record:05d}",
                "kind": kind,
                "concept": concept,
                "field": field or "abstract",
                "sentence": sentence,
                "start": place * 20,
                "end": place * 20 + 5,
                "text": concept,
                "rule": "synthetic",
                "assertion": assertion,
            }
        )
    return conform(pd.DataFrame(rows, columns=MENTIONS.names), MENTIONS)


def make_evidence(rows: Sequence[dict]) -> pd.DataFrame:
    """EVIDENCE from partial rows."""
    default = {
        "scope": "sentence",
        "field": "abstract",
        "sentence": 0,
        "effect_on_mode": "none stated",
        "effect_on_therapy": "none stated",
        "assertion": "finding",
        "confidence": "medium",
        "text": "synthetic",
    }
    return conform(pd.DataFrame([{**default, **row} for row in rows], columns=EVIDENCE.names), EVIDENCE)


def make_modes(coined: dict[str, int | None]) -> pd.DataFrame:
    """MODES with the given years of their names."""
    rows = [
        {
            "mode": mode,
            "label": mode.capitalize(),
            "label_zh": mode,
            "year_coined": year,
            "colour": "#000000",
            "source": "synthetic",
        }
        for mode, year in coined.items()
    ]
    return conform(pd.DataFrame(rows, columns=MODES.names), MODES)


def frames_from(genes: np.ndarray, modes: np.ndarray, years: np.ndarray) -> tuple[pd.DataFrame, pd.DataFrame]:
    """ARTICLES and MENTIONS from 0/1 matrices records × genes, records × modes, and years."""
    articles = make_articles({"year": int(year)} for year in years)
    named = [(int(r), "gene", f"G{c:03d}", 0) for r, c in np.argwhere(genes)]
    named += [(int(r), "mode", f"m{c:02d}", 0) for r, c in np.argwhere(modes)]
    return articles, make_mentions(named)
