"""One target at a glance: its modes and what is claimed of them, and its years."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from helpers.present import style

ROW, YEARS = 4.6, 42.0  # mm: a bar of panel A, panel B where it stands below


@style.styled
def draw_profile(
    pairs: pd.DataFrame,
    years: pd.DataFrame,
    modes: pd.DataFrame,
    *,
    name: str,
    by: str = "mode",
    top: int = 15,
    current_year: int | None = None,
    width: float = style.DOUBLE,
) -> Figure:
    """Figure of one target, mode or therapy: records per partner with the claimed direction, and per year.

    Args:
        pairs: its rows with columns `by`, n, direction, records.
        years: columns mode, year, n.
        modes: MODES frame.
        name: who it is.
        by: "mode" or "gene", what panel A counts.
        top: partners shown.
        current_year: year still running; its bar is hatched, and any later one.
        width: of the figure in mm; under 114 mm panel B stands below panel A.
    """
    title = f"{name}: records per {by} and year"
    if pairs.empty:
        return style.message(title, f"No record names {name} together with a {by}.", width)
    rows = pairs.sort_values(["n", by], ascending=[False, True], kind="stable").head(top)
    labels, colours = style.mode_labels(modes), style.mode_colours(modes)
    beside = width >= style.MIDDLE
    bars = len(rows) * ROW
    height = max(bars + 8, 34.0) if beside else bars + 6 + YEARS
    figure, head = style.sheet(width, height + 6, title, _note(pairs, years, rows, by, current_year))
    texts = [labels.get(concept, concept) for concept in rows[by]]
    left = min(style.widest_mm(texts, style.SMALL) + 8, width * 0.3)
    half = width * 0.5 if beside else width
    claims = max(18.0, style.widest_mm(_claims(rows)) + 2)
    axes = style.axes_mm(figure, left, head + 2, half - left - (18.0 if beside else claims), bars)
    _partners(axes, rows, [style.clip_mm(text, left - 7) for text in texts], colours, by)
    style.letter(figure, style.MARGIN, head, "A")
    if beside:
        style.letter(figure, half + 2, head, "B")
        panel = style.axes_mm(figure, half + 12, head + 2, width - half - 16, height - 8)
    else:
        style.letter(figure, style.MARGIN, head + bars + 5, "B")
        panel = style.axes_mm(figure, 14, head + bars + 7, width - 18, YEARS - 10)
    _years(panel, years, [mode for mode in rows[by] if mode in colours], colours, current_year)
    return figure


def _note(
    pairs: pd.DataFrame, years: pd.DataFrame, rows: pd.DataFrame, by: str, current_year: int | None
) -> str:
    n = pairs["records"].dropna().str.split("|").explode().nunique()
    cut = f" Shown: {len(rows)} of {len(pairs)} {by}s." if len(rows) < len(pairs) else ""
    claims = "Words: the effect on the mode that records state; promotes or inhibits."
    hatched = current_year is not None and bool((years["year"] >= current_year).any())
    late = f" Hatched: {current_year}, incomplete." if hatched else ""
    return f"n = {style.plural(n, 'record')}. A record of two {by}s counts under both. {claims}{late}{cut}"


def _partners(axes: Axes, rows: pd.DataFrame, texts: list[str], colours: dict[str, str], by: str) -> None:
    y = np.arange(len(rows))
    fill = [colours.get(concept, style.NO_COLOUR) for concept in rows[by]]
    axes.barh(y, rows["n"], height=0.7, color=fill, lw=0)
    axes.set_ylim(len(rows) - 0.5, -0.5)
    axes.set_yticks(y, texts)
    axes.tick_params(axis="y", length=0)
    axes.set_xlim(0, int(rows["n"].max()) * 1.02)
    axes.xaxis.set_visible(False)
    axes.spines["bottom"].set_visible(False)
    for place, (n, claim) in enumerate(zip(rows["n"], _claims(rows), strict=True)):
        axes.annotate(
            claim,
            (n, place),
            (2, 0),
            textcoords="offset points",
            va="center",
            size=style.SMALL,
            annotation_clip=False,
        )


def _claims(rows: pd.DataFrame) -> list[str]:
    """What stands behind each bar: the records, and the direction where one is stated."""
    return [
        f"{n:,}" + ("" if direction == "none stated" else f"  {direction}")
        for n, direction in zip(rows["n"], rows["direction"], strict=True)
    ]


def _years(
    axes: Axes, years: pd.DataFrame, shown: list[str], colours: dict[str, str], current_year: int | None
) -> None:
    """Stacked bars per year, one colour per mode, modes in the order of panel A, the rest grey on top."""
    if years.empty:
        axes.axis("off")
        axes.text(0, 0.9, "no publication year known", transform=axes.transAxes, color=style.MUTED)
        return
    wide = years.pivot_table(index="year", columns="mode", values="n", aggfunc="sum", fill_value=0)
    order = [mode for mode in shown if mode in wide.columns]
    order += [mode for mode in wide.columns if mode not in order]
    base = np.zeros(len(wide))
    for mode in order:
        counts = wide[mode].to_numpy(dtype=float)
        colour = colours.get(mode, style.NO_COLOUR)
        bars = axes.bar(wide.index.astype(int), counts, bottom=base, width=0.8, lw=0, color=colour)
        for bar, year in zip(bars, wide.index, strict=True):
            if current_year is not None and year >= current_year:
                bar.set(facecolor=style.PAPER, edgecolor=colour, hatch="////", lw=0.5)
        base += counts
    first, last = int(wide.index.min()), int(wide.index.max())
    room = max(0.6, (8 - (last - first)) / 2)  # a single year stays a bar, not a wall
    axes.set_xlim(first - room, last + room)
    ticks = sorted({first, last, round((first + last) / 2)} if last - first >= 8 else {first, last})
    axes.set_xticks(ticks, [str(tick) for tick in ticks])
    axes.set_yticks([0, int(base.max())], ["0", style.short(base.max())])
    axes.set_xlabel("Publication year")
    axes.set_ylabel("Records × modes")
