"""What is rising: records per mode over the years, one small panel each."""

from __future__ import annotations

import math

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from helpers.present import style


@style.styled
def draw_modes_over_years(
    trends: pd.DataFrame,
    modes: pd.DataFrame,
    *,
    width: float = style.DOUBLE,
    kind: str = "mode",
    top: int = 24,
) -> Figure:
    """Small multiples of records per year, one panel per mode (or gene), most records first.

    Each panel has its own count axis, whose largest value is printed; bars of a year still running
    are hatched. The panel says growth per year with its 95 % interval, or that there are too few.

    Args:
        trends: TRENDS frame.
        modes: MODES frame.
        kind: "mode" or "gene".
        top: panels at most.
        width: of the figure in mm.
    """
    title = f"Records per year naming each {'mode of cell death' if kind == 'mode' else 'target gene'}"
    data = trends[(trends["kind"] == kind) & (trends["n"] > 0)]
    if data.empty:
        return style.message(title, f"No counted record with a publication year names a {kind}.", width)
    totals = data.groupby("concept")["n"].sum().sort_index().sort_values(ascending=False, kind="stable")
    shown = list(totals.index[:top])
    labels = style.mode_labels(modes) if kind == "mode" else {}
    colours = style.mode_colours(modes) if kind == "mode" else {}
    columns = max(1, min(len(shown), int((width - 6) // 38)))
    shown = shown[: columns * int((style.PAGE - 24) // 27)]
    rows = math.ceil(len(shown) / columns)
    years = (int(data["year"].min()), int(data["year"].max()))
    cell, tall = (width - 2 * style.MARGIN) / columns, 27.0
    figure, head = style.sheet(width, rows * tall + 6, title, _note(data, trends, shown, totals, kind))
    for i, concept in enumerate(shown):
        left = style.MARGIN + (i % columns) * cell
        upper = head + (i // columns) * tall
        axes = style.axes_mm(figure, left + 6, upper + 8.5, cell - 8, tall - 13)
        rows_of = data[data["concept"] == concept].sort_values("year")
        _panel(axes, rows_of, colours.get(concept, style.NO_COLOUR), years)
        name = labels.get(concept, concept)
        size = style.NORMAL if style.text_mm(name, style.NORMAL, "bold") < cell - 3 else style.SMALL
        name = style.clip_mm(name, cell - 3, size, "bold")
        style.write(figure, left, upper + 1.2, name, size=size, weight="bold", va="top")
        style.write(figure, left, upper + 4.6, _growth(rows_of, cell - 1), color=style.MUTED, va="top")
    style.write(figure, width / 2, head + rows * tall + 2, "Publication year", ha="center", va="center")
    return figure


def _note(
    data: pd.DataFrame, trends: pd.DataFrame, shown: list[str], totals: pd.Series[int], kind: str
) -> str:
    records = int(trends.drop_duplicates(["kind", "year"]).query("kind == @kind")["n_year"].sum())
    note = (
        f"n = {style.plural(records, 'record')} in these years. Bars: records, each panel with its own axis. "
        "%/y: yearly change of the share of all records."
    )
    if data["burst"].fillna(False).astype(bool).any():
        note += " ▾: stands out from the trend."
    if not data["complete"].all():
        open_years = ", ".join(
            str(y) for y in sorted(data.loc[~data["complete"].astype(bool), "year"].unique())
        )
        note += f" Hatched: {open_years}, incomplete, not in the growth."
    if len(shown) < len(totals):
        note += f" Shown: {len(shown)} of {len(totals)} {kind}s."
    return note


def _panel(axes: Axes, rows: pd.DataFrame, colour: str, years: tuple[int, int]) -> None:
    complete = rows["complete"].astype(bool)
    whole, part = rows[complete], rows[~complete]
    axes.bar(whole["year"], whole["n"], width=0.85, color=colour, lw=0)
    axes.bar(part["year"], part["n"], width=0.85, color=style.PAPER, edgecolor=colour, hatch="//////", lw=0.5)
    burst = rows[rows["burst"].fillna(False).astype(bool)]
    peak = int(rows["n"].max())
    axes.scatter(burst["year"], burst["n"] + 0.07 * peak, marker="v", s=6, c=style.INK, lw=0, clip_on=False)
    first, last = years
    axes.set_xlim(first - 0.6, last + 0.6)
    axes.set_ylim(0, peak * 1.02)
    axes.set_yticks([0, peak], ["0", style.short(peak)])
    ticks = [first] if last == first else [first, last]
    if last - first >= 12:
        ticks.insert(1, round((first + last) / 2))
    axes.set_xticks(ticks, [str(tick) for tick in ticks])


def _growth(rows: pd.DataFrame, width: float) -> str:
    """Total and growth of a panel in one line."""
    total = style.plural(int(rows["n"].sum()), "record")
    value, low, high = (rows[name].dropna() for name in ("growth", "growth_low", "growth_high"))
    if value.empty:
        return style.clip_mm(f"{total}; growth: too few", width)
    # Adding 0 takes the sign off a rounded −0.
    rounded = [round(100 * float(series.iloc[0])) + 0 for series in (value, low, high)]
    numbers = [f"{number:+d}".replace("-", "−") if number else "0" for number in rounded]
    text = f"n {style.short(rows['n'].sum())}; {numbers[0]} %/y ({numbers[1]} to {numbers[2]})"
    return style.clip_mm(text, width)
