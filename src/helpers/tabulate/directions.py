"""Directions of effect, first within a record, then over records: conflicts are shown, not averaged away."""

from __future__ import annotations

import pandas as pd

from helpers.schemas import CONFLICTING, NONE_STATED

# A direction sums up the records where at least this share of those that state one agree on it.
AGREEING = 0.75
MODE_POLES = ("promotes", "inhibits")
THERAPY_POLES = ("resistance", "sensitising")


def count_directions(
    evidence: pd.DataFrame, by: list[str], effect: str, poles: tuple[str, str]
) -> pd.DataFrame:
    """One row per group of `by`: records stating the first pole, the second, and both.

    The columns are the two poles and "conflicting"; evidence in a negated sentence states nothing. A
    record votes once: the stated effects of all its rows are put together, and one that states both
    poles is conflicting.
    """
    stated = evidence[(evidence["assertion"] != "negated") & (evidence[effect] != NONE_STATED)]
    first = stated[effect].isin([poles[0], CONFLICTING])
    second = stated[effect].isin([poles[1], CONFLICTING])
    votes = stated[by].assign(record_id=stated["record_id"], first=first, second=second)
    votes = votes.groupby([*by, "record_id"], dropna=False)[["first", "second"]].any().reset_index()
    counted = pd.DataFrame(
        {
            **{name: votes[name] for name in by},
            poles[0]: votes["first"] & ~votes["second"],
            poles[1]: votes["second"] & ~votes["first"],
            CONFLICTING: votes["first"] & votes["second"],
        }
    )
    return counted.groupby(by, dropna=False)[[*poles, CONFLICTING]].sum().astype("int64").reset_index()


def summarise_direction(counts: pd.DataFrame, poles: tuple[str, str]) -> pd.Series[str]:
    """Direction of each row of `count_directions`: a pole, "conflicting" or "none stated".

    A pole where at least three quarters of the records that state a direction state that one.
    """
    total = counts[[*poles, CONFLICTING]].sum(axis=1)
    result = pd.Series(CONFLICTING, index=counts.index, dtype="str")
    for pole in poles:
        result[counts[pole] >= AGREEING * total] = pole
    result[total == 0] = NONE_STATED
    return result


def with_directions(
    table: pd.DataFrame, evidence: pd.DataFrame, by: list[str], *, therapy: bool
) -> pd.DataFrame:
    """The table with the counted directions on therapy (else on the mode) of its rows, and their summary.

    Adds n_resistance, n_sensitising, n_therapy_conflicting, therapy_direction; else n_promotes,
    n_inhibits, n_mode_conflicting, direction. `by` names the columns that table and evidence share.
    """
    effect, poles = ("effect_on_therapy", THERAPY_POLES) if therapy else ("effect_on_mode", MODE_POLES)
    kind = "therapy" if therapy else "mode"
    named = [f"n_{poles[0]}", f"n_{poles[1]}", f"n_{kind}_conflicting"]
    counted = table[by].merge(count_directions(evidence, by, effect, poles), on=by, how="left")
    numbers = counted.drop(columns=by).fillna(0).astype("int64")
    summary = summarise_direction(numbers, poles)
    numbers.columns = pd.Index(named)
    numbers["therapy_direction" if therapy else "direction"] = summary
    return pd.concat([table.reset_index(drop=True), numbers], axis=1)
