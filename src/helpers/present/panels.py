"""The records behind each count: one folded list per gene and mode, each sentence with its links."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from html import escape
from typing import Any

import pandas as pd

from helpers.present.links import anchor, record_link

PER_PAIR = 15
_RANK = {"high": 0, "medium": 1, "low": 2}
_COLUMNS = ["record_id", "title", "journal", "year", "doi", "retraction"]


@dataclass(frozen=True)
class Panels:
    """HTML of the lists, the anchors they offer, and how many evidence rows they hold of how many."""

    html: str
    anchors: frozenset[str]
    shown: int
    total: int


def evidence_panels(
    evidence: pd.DataFrame,
    articles: pd.DataFrame,
    mentions: pd.DataFrame,
    *,
    labels: dict[str, str],
    limit: int,
    genes: Iterable[str] | None = None,
) -> Panels:
    """Folded lists of sentences, one per gene and mode, pairs in most records first.

    Args:
        evidence: EVIDENCE frame.
        articles: ARTICLES frame.
        mentions: MENTIONS frame (what to mark).
        labels: mode id to label.
        limit: rows written at most; of one pair at most 15 records, the best supported first.
        genes: write these genes' lists only.
    """
    rows = evidence if genes is None else evidence[evidence["gene"].isin(list(genes))]
    best = _best_per_record(rows)
    sizes = best.groupby(["gene", "mode"], dropna=False)["record_id"].transform("size")
    best = best.assign(size=sizes).sort_values(
        ["size", "gene", "mode", "rank", "record_id"],
        ascending=[False, True, True, True, True],
        kind="stable",
    )
    place = best.groupby(["gene", "mode"], dropna=False, sort=False).cumcount()
    kept = best[place < PER_PAIR].head(limit).merge(articles[_COLUMNS], on="record_id", how="left")
    marks = _marks(mentions, kept)
    parts, anchors = [], []
    for (gene, mode), group in kept.groupby(["gene", "mode"], dropna=False, sort=False):
        name = anchor(gene, mode) if isinstance(mode, str) else anchor(gene)
        what = labels.get(mode, mode) if isinstance(mode, str) else "no mode named"
        anchors.append(name)
        parts.append(_panel(name, f"{gene} × {what}", group, marks))
    return Panels("".join(parts), frozenset(anchors), len(kept), len(best))


def _best_per_record(rows: pd.DataFrame) -> pd.DataFrame:
    """One row per record and pair: the sentence that says most, findings before the rest."""
    rank = rows["confidence"].map(_RANK).astype("int64") + 3 * (rows["assertion"] != "finding").astype(
        "int64"
    )
    ranked = rows.assign(rank=rank).sort_values(["rank", "record_id", "field", "sentence"], kind="stable")
    return ranked.drop_duplicates(["record_id", "gene", "mode"])


def _marks(mentions: pd.DataFrame, kept: pd.DataFrame) -> dict[tuple[Any, ...], set[str]]:
    """Words to mark, by record, field, sentence and concept."""
    inside = mentions[mentions["record_id"].isin(set(kept["record_id"]))]
    marks: dict[tuple[Any, ...], set[str]] = {}
    keys = zip(inside["record_id"], inside["field"], inside["sentence"], inside["concept"], strict=True)
    for key, text in zip(keys, inside["text"], strict=True):
        marks.setdefault(key, set()).add(text)
    return marks


def _panel(name: str, title: str, group: pd.DataFrame, marks: dict[tuple[Any, ...], set[str]]) -> str:
    total = int(group["size"].iloc[0])
    count = f"{total:,} record{'' if total == 1 else 's'}"
    cut = f", {len(group):,} shown" if len(group) < total else ""
    items = "".join(_item(row, marks) for row in group.to_dict("records"))
    return (
        f'<details class="evidence" data-key="{escape(title.casefold())}">'
        f"<summary>{escape(title)}: {count}{cut}</summary>"
        f'<ol id="{name}">{items}</ol></details>'
    )


def _item(row: dict[Any, Any], marks: dict[tuple[Any, ...], set[str]]) -> str:
    words: set[str] = set()
    for concept in (row["gene"], row["mode"]):
        words |= marks.get((row["record_id"], row["field"], row["sentence"], concept), set())
    links = [record_link(row["record_id"])]
    if isinstance(row["doi"], str) and not row["record_id"].startswith("doi:"):
        links.append(record_link(f"doi:{row['doi']}"))
    where = ", ".join(str(row[c]) for c in ("journal", "year") if isinstance(row[c], str) or row[c] == row[c])
    title = row["title"] if isinstance(row["title"], str) else "(no title)"
    state = "" if row["retraction"] in ("none", "unknown") else f" <b>{escape(str(row['retraction']))}</b>"
    return (
        f"<li><q>{mark_words(row['text'], words)}</q> {_badges(row)}"
        f"<br><cite>{escape(title)}</cite> {escape(where)}{state} · {' · '.join(links)}</li>"
    )


def _badges(row: dict[Any, Any]) -> str:
    stated = [str(row[c]) for c in ("effect_on_mode", "effect_on_therapy") if row[c] != "none stated"]
    if isinstance(row["therapies"], str):
        stated.append(row["therapies"].replace("|", ", "))
    words = [*stated, str(row["assertion"]), f"{row['confidence']} confidence"]
    return "".join(f'<span class="badge">{escape(word)}</span> ' for word in words).rstrip()


def mark_words(text: str, words: Iterable[str]) -> str:
    """Escaped HTML of the text with the first occurrence of each word in <mark>."""
    spans = sorted((text.find(word), -len(word)) for word in words if word and word in text)
    parts, done = [], 0
    for start, length in spans:
        if start >= done:
            parts += [escape(text[done:start]), f"<mark>{escape(text[start : start - length])}</mark>"]
            done = start - length
    return "".join(parts) + escape(text[done:])
