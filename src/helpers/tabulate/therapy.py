"""Target × therapy × mode: which resistance goes with which mode through which target."""

from __future__ import annotations

import pandas as pd

from helpers.schemas import NONE_STATED, conform, join_list, split_list
from helpers.schemas.statistics import TARGET_THERAPY
from helpers.tabulate.directions import with_directions
from helpers.tabulate.votes import drop_excluded

_KEY = ["gene", "therapy", "mode"]


def count_therapies(articles: pd.DataFrame, evidence: pd.DataFrame) -> pd.DataFrame:
    """TARGET_THERAPY: one row per gene, therapy and mode some evidence names together.

    One record is one vote. A record that names gene and therapy and links no mode to them counts in the
    row with `mode` missing, "no mode named"; one that links a mode counts for that mode only. Evidence
    in a negated sentence names nothing. The effect on therapy is counted for each therapy the evidence
    row names; where sentences of a record name gene and therapy, what they say of that therapy stands
    for the record, not what it says of another.

    A record that names ten genes, three therapies and four modes is in 120 rows. `linked` are the records
    that say more: one of their sentences names gene and therapy, and one names gene and mode.
    """
    counted = drop_excluded(articles)
    rows = evidence[evidence["therapies"].notna() & (evidence["assertion"] != "negated")]
    rows = rows[rows["record_id"].isin(counted["record_id"])]
    rows = rows.assign(therapy=rows["therapies"].map(split_list)).explode("therapy", ignore_index=True)
    rows["therapy"] = rows["therapy"].astype("str")
    rows["effect_on_therapy"] = _own_effect(rows)
    rows = rows[~(rows["mode"].isna() & _linked(rows))]
    if rows.empty:
        return TARGET_THERAPY.empty()
    rows = rows.merge(counted[["record_id", "year"]], on="record_id")
    by = rows.groupby(_KEY, dropna=False)
    close = rows[rows["scope"] == "sentence"].groupby(_KEY, dropna=False)["record_id"].nunique()
    table = by.agg(
        n=("record_id", "nunique"),
        first_year=("year", "min"),
        last_year=("year", "max"),
        records=("record_id", lambda ids: join_list(sorted(ids))),
    ).reset_index()
    table = table.merge(close.rename("n_sentence").reset_index(), on=_KEY, how="left")
    table["n_sentence"] = table["n_sentence"].fillna(0)
    linked = rows[_joined(rows, evidence)].groupby(_KEY, dropna=False)["record_id"]
    linked = linked.agg(n_linked="nunique", linked=lambda ids: join_list(sorted(set(ids))))
    table = table.merge(linked.reset_index(), on=_KEY, how="left")
    table["n_linked"] = table["n_linked"].fillna(0)
    table = with_directions(table, rows, _KEY, therapy=True)
    table = with_directions(table, rows, _KEY, therapy=False)
    return conform(table, TARGET_THERAPY)


def _own_effect(rows: pd.DataFrame) -> pd.Series[str]:
    """Effect on its own therapy of each row: of an article-scope row what the record's sentences on it say."""
    link = ["record_id", "gene", "therapy"]
    close = rows[rows["scope"] == "sentence"]
    stated = close[close["effect_on_therapy"] != NONE_STATED].drop_duplicates([*link, "effect_on_therapy"])
    said = close.drop_duplicates(link).assign(said=NONE_STATED).set_index(link)["said"]
    one = stated.drop_duplicates(link, keep=False).set_index(link)["effect_on_therapy"]
    said.loc[one.index] = one
    said.loc[stated[stated.duplicated(link)].set_index(link).index] = "conflicting"
    found = said.reindex(pd.MultiIndex.from_frame(rows[link])).to_numpy()
    own = rows["effect_on_therapy"]
    return own.where((rows["scope"] == "sentence") | pd.isna(found), pd.Series(found, index=rows.index))


def _joined(rows: pd.DataFrame, evidence: pd.DataFrame) -> pd.Series[bool]:
    """Which rows are of a record with a sentence on gene and therapy, and one on gene and mode."""
    close = evidence[(evidence["scope"] == "sentence") & (evidence["assertion"] != "negated")]
    close = close.assign(therapy=close["therapies"].map(split_list)).explode("therapy")
    joined = pd.Series(True, index=rows.index)
    for other in ("therapy", "mode"):
        link = ["record_id", "gene", other]
        said = pd.MultiIndex.from_frame(close[link].dropna().drop_duplicates())
        joined &= rows[other].isna() | pd.MultiIndex.from_frame(rows[link]).isin(said)
    return joined


def _linked(rows: pd.DataFrame) -> pd.Series[bool]:
    """Which rows are of a record, gene and therapy that some row links to a mode."""
    link = ["record_id", "gene", "therapy"]
    return rows["mode"].notna().groupby([rows[name] for name in link]).transform("any")
