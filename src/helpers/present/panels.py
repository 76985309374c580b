"""The records behind each count: one folded list per gene and mode, each sentence with its links."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from html import escape
from typing import Any

import pandas as pd

from helpers.present.links import anchor, record_link
from helpers.schemas import CONFLICTING, SEPARATOR, split_list

PER_PAIR = 15
_RANK = {"high": 0, "medium": 1, "low": 2}
_COLUMNS = ["record_id", "title", "journal", "year", "doi", "retraction"]


@dataclass(frozen=True)
class Listed:
    """A list of records that a count in a table stands for: what it is of, some ids, and how many."""

    title: str
    records: tuple[str, ...]
    total: str


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
    gene_mode: pd.DataFrame | None = None,
) -> Panels:
    """Folded lists of sentences, one per gene and mode, pairs in most records first.

    Args:
        evidence: EVIDENCE frame.
        articles: ARTICLES frame.
        mentions: MENTIONS frame (what to mark).
        labels: mode id to label.
        limit: rows written at most; of one pair at most 15 records, the best supported first.
        genes: write these genes' lists only.
        gene_mode: GENE_MODE frame; of a pair it counts, only the records it counts are listed.
    """
    rows = evidence if genes is None else evidence[evidence["gene"].isin(list(genes))]
    best = _counted(_best_per_record(rows), gene_mode)
    sizes = best.groupby(["gene", "mode"], dropna=False)["record_id"].transform("size")
    best = best.assign(size=sizes).sort_values(
        ["size", "gene", "mode", "rank", "record_id"],
        ascending=[False, True, True, True, True],
        kind="stable",
    )
    place = best.groupby(["gene", "mode"], dropna=False, sort=False).cumcount()
    kept = best[place < PER_PAIR].head(limit).merge(articles[_COLUMNS], on="record_id", how="left")
    marks, sides = _marks(mentions, kept), _sides(rows, kept)
    parts, anchors = [], []
    for (gene, mode), group in kept.groupby(["gene", "mode"], dropna=False, sort=False):
        name = anchor(gene, mode) if isinstance(mode, str) else anchor(gene, "none")
        what = labels.get(mode, mode) if isinstance(mode, str) else "no mode named"
        anchors.append(name)
        items = "".join(_item(row, marks, sides) for row in group.to_dict("records"))
        total = int(group["size"].iloc[0])
        parts.append(_panel(name, f"{gene} × {what}", items, f"{total:,}", len(group)))
    return Panels("".join(parts), frozenset(anchors), len(kept), len(best))


def sentence_items(rows: pd.DataFrame, articles: pd.DataFrame, mentions: pd.DataFrame) -> str:
    """HTML list items of evidence rows in their order: sentence with its genes and modes marked, record, links."""
    kept = rows.merge(articles[_COLUMNS], on="record_id", how="left")
    marks, sides = _marks(mentions, kept), _sides(rows, kept)
    return "".join(_item(row, marks, sides) for row in kept.to_dict("records"))


def _best_per_record(rows: pd.DataFrame) -> pd.DataFrame:
    """One row per record and pair: its conflict if its sentences disagree, else the sentence that says most."""
    rank = rows["confidence"].map(_RANK).astype("int64") + 3 * (rows["assertion"] != "finding").astype(
        "int64"
    )
    agreed = rows["effect_on_mode"] != CONFLICTING
    ranked = rows.assign(rank=rank, agreed=agreed).sort_values(
        ["rank", "agreed", "record_id", "field", "sentence"], kind="stable"
    )
    return ranked.drop_duplicates(["record_id", "gene", "mode"])


def _counted(best: pd.DataFrame, gene_mode: pd.DataFrame | None) -> pd.DataFrame:
    """Rows of the records that count; pairs that no record counts for (all negated) keep theirs."""
    if gene_mode is None or gene_mode.empty:
        return best
    votes = gene_mode[["gene", "mode"]].assign(record_id=gene_mode["records"].str.split(SEPARATOR))
    votes = votes.explode("record_id").assign(counts=True)
    marked = best.merge(votes, on=["gene", "mode", "record_id"], how="left")
    pairs = set(zip(gene_mode["gene"], gene_mode["mode"], strict=True))
    counted_pair = [pair in pairs for pair in zip(marked["gene"], marked["mode"], strict=True)]
    keep = marked["counts"].notna() | ~pd.Series(counted_pair, index=marked.index)
    return marked[keep].drop(columns="counts").reset_index(drop=True)


def record_lists(
    lists: Mapping[str, Listed], evidence: pd.DataFrame, articles: pd.DataFrame, mentions: pd.DataFrame
) -> str:
    """HTML of folded lists of records, one per anchor, each record with its best sentence on the matter."""
    wanted = {record for listed in lists.values() for record in listed.records}
    facts = articles[articles["record_id"].isin(wanted)][_COLUMNS].set_index("record_id", drop=False)
    rows = evidence[evidence["record_id"].isin(wanted)]
    best = _best_per_record(rows)
    marks, sides = _marks(mentions, best), _sides(rows, best)
    claims: dict[str, list[dict[Any, Any]]] = {}
    for row in best.sort_values("record_id", kind="stable").to_dict("records"):
        claims.setdefault(row["record_id"], []).append(row)
    known = {str(row["record_id"]): row for row in facts.to_dict("records")}
    parts = []
    for name, listed in lists.items():
        concepts = set(listed.title.split(" × "))
        items = []
        for record in listed.records:
            row = {**dict.fromkeys(_COLUMNS), **known.get(record, {"record_id": record})}
            claim = _fitting(claims.get(record, []), concepts)
            items.append(_item({**claim, **row}, marks, sides) if claim else f"<li>{_facts(row)}</li>")
        parts.append(_panel(name, listed.title, "".join(items), listed.total, len(items)))
    return "".join(parts)


def _fitting(claims: list[dict[Any, Any]], concepts: set[str]) -> dict[Any, Any]:
    """The evidence row of a record that speaks of most of the concepts; {} when none speaks of any."""

    def score(row: dict[Any, Any]) -> int:
        named = {row["gene"], row["mode"], *split_list(row["therapies"])}
        return len(named & concepts)

    best = max(claims, key=score, default={})
    return best if best and score(best) else {}


def _marks(mentions: pd.DataFrame, kept: pd.DataFrame) -> dict[tuple[Any, ...], set[str]]:
    """Words to mark, by record, field, sentence and concept."""
    inside = mentions[mentions["record_id"].isin(set(kept["record_id"]))]
    marks: dict[tuple[Any, ...], set[str]] = {}
    keys = zip(inside["record_id"], inside["field"], inside["sentence"], inside["concept"], strict=True)
    for key, text in zip(keys, inside["text"], strict=True):
        marks.setdefault(key, set()).add(text)
    return marks


def _panel(name: str, title: str, items: str, total: str, shown: int) -> str:
    count = f"{total} record{'' if total == '1' else 's'}"
    cut = f", {shown:,} shown" if f"{shown:,}" != total else ""
    return (
        f'<details class="evidence" data-key="{escape(title.casefold())}">'
        f"<summary>{escape(title)}: {count}{cut}</summary>"
        f'<ol id="{name}">{items}</ol></details>'
    )


def _sides(rows: pd.DataFrame, kept: pd.DataFrame) -> dict[tuple[Any, ...], list[dict[Any, Any]]]:
    """Sentences of records whose own sentences disagree, by record, gene and mode: one finding per direction."""
    own = rows[
        rows["effect_on_mode"].isin(["promotes", "inhibits"])
        & (rows["scope"] == "sentence")
        & rows["record_id"].isin(kept.loc[kept["effect_on_mode"] == CONFLICTING, "record_id"])
    ]
    own = own.assign(later=own["assertion"] != "finding").sort_values(
        ["later", "field", "sentence"], kind="stable"
    )
    sides: dict[tuple[Any, ...], list[dict[Any, Any]]] = {}
    for row in own.drop_duplicates(["record_id", "gene", "mode", "effect_on_mode"]).to_dict("records"):
        sides.setdefault((row["record_id"], row["gene"], row["mode"]), []).append(row)
    return sides


def _item(
    row: dict[Any, Any],
    marks: dict[tuple[Any, ...], set[str]],
    sides: Mapping[tuple[Any, ...], list[dict[Any, Any]]],
) -> str:
    """One record: its sentence, or where its sentences disagree one of each direction; what it says; its facts."""
    said = sides.get((row["record_id"], row["gene"], row["mode"]), [])
    if row["effect_on_mode"] != CONFLICTING or len(said) < 2:
        return f"<li>{_quote(row, marks)} {_badges(row)}<br>{_facts(row)}</li>"
    quotes = [f'{_quote(side, marks)} <span class="badge">{side["effect_on_mode"]}</span>' for side in said]
    return f"<li>{'<br>'.join(quotes)}<br>{_badges(row)}<br>{_facts(row)}</li>"


def _quote(row: dict[Any, Any], marks: dict[tuple[Any, ...], set[str]]) -> str:
    words: set[str] = set()
    for concept in (row["gene"], row["mode"]):
        words |= marks.get((row["record_id"], row["field"], row["sentence"], concept), set())
    return f"<q>{mark_words(row['text'], words)}</q>"


def _facts(row: dict[Any, Any]) -> str:
    """Title, journal, year, retraction state and links of a record."""
    links = [record_link(row["record_id"])]
    if isinstance(row["doi"], str) and not row["record_id"].startswith("doi:"):
        links.append(record_link(f"doi:{row['doi']}"))
    where = ", ".join(str(row[c]) for c in ("journal", "year") if not pd.isna(row[c]))
    title = row["title"] if isinstance(row["title"], str) else "(no title)"
    quiet = row["retraction"] in ("none", "unknown", None)
    state = "" if quiet else f" <b>{escape(str(row['retraction']))}</b>"
    return f"<cite>{escape(title)}</cite> {escape(where)}{state} · {' · '.join(links)}"


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
