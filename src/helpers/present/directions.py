"""Which way a target pushes: resistance or sensitivity, promotes or inhibits."""

from __future__ import annotations

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from helpers.present import style

# Left side, right side and both, for each of the two questions.
SIDES = {
    "effect_on_therapy": ("sensitising", "resistance"),
    "effect_on_mode": ("inhibits", "promotes"),
}
TITLES = {
    "effect_on_therapy": "Response to therapy: sensitising ← → resistance",
    "effect_on_mode": "Mode of cell death: inhibits ← → promotes",
}


def count_directions(evidence: pd.DataFrame, *, mode: str | None = None) -> pd.DataFrame:
    """Records per gene and stated direction, each record one vote per gene and question.

    A record that says both counts as conflicting. What a sentence denies does not count.

    Args:
        evidence: EVIDENCE frame.
        mode: count the effect on this mode only, not on any.

    Returns:
        Columns gene, question (effect_on_therapy, effect_on_mode), left, right, conflicting, n
        (records stating a direction), sorted by question, then most records first.
    """
    found = evidence[evidence["assertion"] != "negated"]
    parts = []
    for question, sides in SIDES.items():
        rows = found if mode is None or question == "effect_on_therapy" else found[found["mode"] == mode]
        stated = rows[rows[question].isin([*sides, "conflicting"])]
        votes = stated[["gene", "record_id", question]].drop_duplicates()
        votes = votes.groupby(["gene", "record_id"])[question].agg(["size", "first"]).reset_index()
        votes["vote"] = votes["first"].where(votes["size"] == 1, "conflicting")
        table = votes.groupby(["gene", "vote"]).size().unstack("vote", fill_value=0)  # noqa: PD010
        table = table.reindex(columns=[*sides, "conflicting"], fill_value=0)
        table.columns = pd.Index(["left", "right", "conflicting"])
        table = table.reset_index().assign(question=question)
        table["n"] = table[["left", "right", "conflicting"]].sum(axis=1)
        parts.append(table.sort_values(["n", "gene"], ascending=[False, True], kind="stable"))
    columns = ["gene", "question", "left", "right", "conflicting", "n"]
    return pd.concat(parts, ignore_index=True)[columns]


@style.styled
def draw_directions(
    evidence: pd.DataFrame,
    *,
    top: int = 30,
    mode: str | None = None,
    width: float = style.DOUBLE,
) -> Figure:
    """Bars per target, two panels: sensitising against resistance, inhibits against promotes.

    Args:
        evidence: EVIDENCE frame.
        top: targets per panel, those with most records stating a direction first.
        mode: panel B counts the effect on this mode only.
        width: of the figure in mm.
    """
    title = "Stated direction of each target's effect"
    counts = count_directions(evidence, mode=mode)
    if counts.empty:
        return style.message(title, "Too few: no sentence states a direction.", width)
    beside = width >= style.MIDDLE
    row = 3.6
    most = int((style.PAGE - 50) / row / (1 if beside else 2))
    panels = {q: counts[counts["question"] == q].head(min(top, most)) for q in SIDES}
    tall = {q: max(len(table), 2) * row for q, table in panels.items()}
    heights = max(tall.values()) if beside else sum(tall.values()) + 15
    note = _note(evidence, counts, panels, mode)
    figure, head = style.sheet(width, heights + 19, title, note)
    each = (width - 2 * style.MARGIN) / (2 if beside else 1)
    left, upper = style.MARGIN, head
    for mark, (question, table) in zip("AB", panels.items(), strict=True):
        style.letter(figure, left, upper, mark)
        heading = (
            TITLES[question] if mode is None or mark == "A" else f"Effect on {mode}: inhibits ← → promotes"
        )
        style.write(
            figure, left + 5, upper + 0.3, style.clip_mm(heading, each - 6, style.NORMAL), size=7, va="top"
        )
        label = style.widest_mm(table["gene"]) + 2
        edge = left + each - (0 if mark == "B" or not beside else 2)
        column = 8.0 if table["conflicting"].any() else 0.0
        wide = edge - left - label - 4 - column
        axes = style.axes_mm(figure, left + label + 1, upper + 5, wide, tall[question])
        _bars(axes, table)
        if column:
            style.write(
                figure, edge, upper + 3.8, "both", ha="right", va="center_baseline", color=style.CONFLICT
            )
            for i, n in enumerate(table["conflicting"]):
                level = upper + 5 + (i + 0.5) * tall[question] / len(table)
                said = style.short(n) if n else ""
                style.write(figure, edge, level, said, ha="right", va="center_baseline", color=style.CONFLICT)
        if beside:
            left += each
        else:
            upper += tall[question] + 15
    return figure


def _note(
    evidence: pd.DataFrame, counts: pd.DataFrame, panels: dict[str, pd.DataFrame], mode: str | None
) -> str:
    found = evidence[evidence["assertion"] != "negated"]
    parts = []
    for mark, (question, sides) in zip("AB", SIDES.items(), strict=True):
        rows = found if mode is None or mark == "A" else found[found["mode"] == mode]
        n = rows.loc[rows[question].isin([*sides, "conflicting"]), "record_id"].nunique()
        total = int((counts["question"] == question).sum())
        cut = f", {len(panels[question])} of {total} targets shown" if total > len(panels[question]) else ""
        parts.append(f"{mark}: n = {style.plural(n, 'record')} stating a direction{cut}")
    return "; ".join(parts) + ". Bars: records; purple, and the column at the right: the record says both."


def _bars(axes: Axes, table: pd.DataFrame) -> None:
    if table.empty:
        axes.text(
            0, 0.5, "too few: no direction stated", transform=axes.transAxes, size=style.SMALL, va="center"
        )
        axes.axis("off")
        return
    y = range(len(table))
    both = table["conflicting"] / 2
    axes.barh(y, -both, height=0.7, color=style.CONFLICT, lw=0)
    axes.barh(y, both, height=0.7, color=style.CONFLICT, lw=0)
    axes.barh(y, -table["left"], left=-both, height=0.7, color=style.SENSITISING, lw=0)
    axes.barh(y, table["right"], left=both, height=0.7, color=style.RESISTANCE, lw=0)
    reach = float(max((table["left"] + both).max(), (table["right"] + both).max()))
    for i, row in enumerate(table.itertuples()):
        for n, sign in ((row.left, -1), (row.right, 1)):
            if n:
                end = sign * (n + row.conflicting / 2 + reach * 0.03)
                axes.text(
                    end, i, style.short(n), ha="right" if sign < 0 else "left", va="center_baseline", size=6
                )
    axes.axvline(0, color=style.MUTED, lw=0.6)
    axes.set_xlim(-reach * 1.25, reach * 1.25)
    axes.set_ylim(len(table) - 0.5, -0.5)
    axes.set_yticks(list(y), table["gene"].tolist())
    axes.tick_params(axis="y", length=0)
    axes.spines["left"].set_visible(False)
    axes.locator_params(axis="x", nbins=5, integer=True)
    axes.xaxis.set_major_formatter(lambda value, _: f"{abs(value):,.0f}")
    axes.set_xlabel("Records", size=style.SMALL, labelpad=1)
