"""What changed between two runs: records, annotations, pairs, and the conclusions drawn from them.

A record that merely fell outside the second run's query is "not observed"; "withdrawn" is kept for one
that the second run holds as retracted or as a retraction notice.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import pandas as pd

from helpers.errors import UsageError
from helpers.schemas import COMPARE, conform, join_list, split_list
from helpers.tabulate.conclusions import Row, compare_gaps, compare_ranks, compare_significance, named_pairs
from helpers.tabulate.votes import EXCLUDED_RETRACTIONS

NEEDED = ("articles", "mentions", "gene_mode", "gaps")
_FACTS = ("title", "abstract", "year", "journal", "retraction", "article_kind")
_NUMBERS = ("n", "n_gene", "n_mode", "expected", "ic", "odds_ratio", "p", "q", "direction")


def compare_runs(before: Mapping[str, pd.DataFrame], after: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """COMPARE: one row per difference between two runs' tables articles, mentions, gene_mode and gaps.

    Records: new, not observed, withdrawn, or recalculated (a bibliographic fact differs). Annotations of
    records in both runs: re-annotated. Pairs: new, not observed, withdrawn (all its records are),
    re-annotated (its records stand, their annotation changed) or recalculated (a number differs).
    Conclusions that moved: see `conclusions`.
    Raises UsageError naming the tables a run lacks.
    """
    for name, run in (("first", before), ("second", after)):
        if missing := [table for table in NEEDED if table not in run]:
            lacks = ", ".join(missing)
            raise UsageError(f"the {name} run lacks the tables {lacks}: run its notebooks first.")
    records = _compare_records(before["articles"], after["articles"])
    annotations = _compare_annotations(before, after)
    rows = records + annotations + _compare_pairs(before, after, records, annotations)
    rows += compare_ranks(before["gene_mode"], after["gene_mode"])
    rows += compare_significance(before["gene_mode"], after["gene_mode"])
    rows += compare_gaps(before["gaps"], after["gaps"], after["gene_mode"])
    return conform(pd.DataFrame(rows, columns=COMPARE.names), COMPARE)


def _said(value: Any, limit: int = 80) -> str | None:
    if pd.isna(value):
        return None
    text = f"{value:.6g}" if isinstance(value, float) else str(value)
    return text if len(text) <= limit else text[: limit - 1] + "…"


def _by_id(frame: pd.DataFrame, key: str, columns: Iterable[str]) -> dict[str, dict[str, Any]]:
    held = [name for name in columns if name in frame]
    rows = frame[held].astype("object").to_dict("records")
    return dict(zip(frame[key], rows, strict=True))


def _differences(old: dict[str, Any], new: dict[str, Any]) -> list[str]:
    """Names whose values differ as they would be printed; both missing is no difference."""
    return [name for name in old if name in new and _said(old[name], 10**9) != _said(new[name], 10**9)]


def _compare_records(before: pd.DataFrame, after: pd.DataFrame) -> list[Row]:
    old, new = (_by_id(frame, "record_id", _FACTS) for frame in (before, after))
    fresh = [
        Row("record", item, "new", None, _said(new[item]["title"]), "only in the second run")
        for item in new.keys() - old.keys()
    ]
    outside = "outside the second run's query or sources; nothing says it is gone"
    unseen = [
        Row("record", item, "not observed", _said(old[item]["title"]), None, outside)
        for item in old.keys() - new.keys()
    ]
    both = old.keys() & new.keys()
    changed = [
        _changed_record(item, old[item], new[item], names)
        for item in both
        if (names := _differences(old[item], new[item]))
    ]
    return fresh + unseen + changed


def _changed_record(item: str, old: dict[str, Any], new: dict[str, Any], names: list[str]) -> Row:
    state = new["retraction"]
    if "retraction" in names and state in EXCLUDED_RETRACTIONS:
        reason = "now marked as a retraction notice" if state == "notice" else "retracted since the first run"
        return Row("record", item, "withdrawn", _said(old["retraction"]), _said(state), reason)
    first, reason = names[0], f"differs in {', '.join(names)}"
    return Row("record", item, "recalculated", _said(old[first]), _said(new[first]), reason)


def _compare_annotations(before: Mapping[str, pd.DataFrame], after: Mapping[str, pd.DataFrame]) -> list[Row]:
    both = set(before["articles"]["record_id"]) & set(after["articles"]["record_id"])
    old, new = (_named(run["mentions"], both).assign(here=True) for run in (before, after))
    joined = old.merge(new, on=["record_id", "name"], how="outer", suffixes=("_old", "_new"))
    lost, found = joined["here_new"].isna(), joined["here_old"].isna()
    rows = []
    for item, part in joined.assign(lost=lost, found=found)[lost | found].groupby("record_id"):
        gone, come = (sorted(part.loc[part[side], "name"]) for side in ("lost", "found"))
        said = [f"no longer {', '.join(gone)}"] * bool(gone) + [f"now {', '.join(come)}"] * bool(come)
        row = Row("annotation", item, "re-annotated", join_list(gone), join_list(come), "; ".join(said))
        rows.append(row)
    return rows


def _named(mentions: pd.DataFrame, records: set[str]) -> pd.DataFrame:
    """Distinct record_id and name: what each record is annotated with, negated modes told apart."""
    inside = mentions[mentions["record_id"].isin(records)]
    denied = (inside["assertion"] == "negated").fillna(False).astype(bool)
    name = (inside["kind"] + " " + inside["concept"]).astype("object")
    name = name.where(~denied, name + " (negated)")
    return pd.DataFrame({"record_id": inside["record_id"], "name": name}).drop_duplicates()


def _compare_pairs(
    before: Mapping[str, pd.DataFrame],
    after: Mapping[str, pd.DataFrame],
    records: list[Row],
    annotations: list[Row],
) -> list[Row]:
    held = ("records", *_NUMBERS)
    old, new = (_by_id(named_pairs(run["gene_mode"]), "item", held) for run in (before, after))
    change = {row.item: row.change for row in records}
    reannotated = {row.item for row in annotations}
    rows = [_appeared(item, new[item], change, reannotated) for item in new.keys() - old.keys()]
    rows += [_disappeared(item, old[item], change, reannotated) for item in old.keys() - new.keys()]
    for item in old.keys() & new.keys():
        names = [name for name in _differences(old[item], new[item]) if name != "records"]
        if names:
            values = _said(old[item][names[0]]), _said(new[item][names[0]])
            rows.append(Row("pair", item, "recalculated", *values, f"differs in {', '.join(names)}"))
    return rows


def _appeared(item: str, pair: dict[str, Any], change: Mapping[str, str], reannotated: set[str]) -> Row:
    ids, n = split_list(pair["records"]), _said(pair["n"])
    fresh, told = sum(change.get(i) == "new" for i in ids), sum(i in reannotated for i in ids)
    if told and not fresh:
        reason = f"{told} of its {len(ids)} records are annotated otherwise"
        return Row("pair", item, "re-annotated", None, n, reason)
    return Row("pair", item, "new", None, n, f"{fresh} of its {len(ids)} records are new")


def _disappeared(item: str, pair: dict[str, Any], change: Mapping[str, str], reannotated: set[str]) -> Row:
    ids, n = split_list(pair["records"]), _said(pair["n"])
    withdrawn, unseen = (sum(change.get(i) == state for i in ids) for state in ("withdrawn", "not observed"))
    told = sum(i in reannotated for i in ids)
    if withdrawn == len(ids):
        return Row("pair", item, "withdrawn", n, None, f"all {len(ids)} of its records are retracted")
    if told and not unseen:
        reason = f"{told} of its {len(ids)} records are annotated otherwise"
        return Row("pair", item, "re-annotated", n, None, reason)
    reason = f"{unseen} of its {len(ids)} records are not in the second run, {withdrawn} are retracted"
    return Row("pair", item, "not observed", n, None, reason)
