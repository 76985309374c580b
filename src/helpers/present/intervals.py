"""How sure is each pair: a forest plot of Information Component and odds ratio with their intervals."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from helpers.present import style

ROW = 3.6


@style.styled
def draw_intervals(
    gene_mode: pd.DataFrame,
    modes: pd.DataFrame,
    *,
    top: int = 30,
    alpha: float = 0.05,
    width: float = style.DOUBLE,
) -> Figure:
    """Forest plot: A Information Component, B odds ratio, each with its 95 % interval, one row per pair.

    Filled: q < `alpha`. The row says "too few" where a pair was not tested.

    Args:
        gene_mode: GENE_MODE frame.
        modes: MODES frame.
        top: pairs shown, those tested first, then by the lower bound of the IC; beside ten tested pairs
            or more, no untested one.
        alpha: level of q.
        width: of the figure in mm; under 114 mm panel B is left out.
    """
    title = "How sure each pair of target and mode is: estimates with 95 % intervals"
    if gene_mode.empty:
        return style.message(title, "No counted record names a target gene together with a mode.", width)
    rows = _best(gene_mode, top)
    labels, colours = style.mode_labels(modes), style.mode_colours(modes)
    names = [f"{row.gene} × {labels.get(row.mode, row.mode)}" for row in rows.itertuples()]
    names = [style.clip_mm(name, width * 0.42) for name in names]
    left = style.MARGIN + style.widest_mm(names) + 2
    both = width >= style.MIDDLE
    figure, head = style.sheet(width, ROW * len(rows) + 19, title, _note(gene_mode, rows, alpha, both))
    room = width - left - style.MARGIN - 9
    each = (room - 8) / 2 if both else room
    top_mm = head + 5
    sure = (rows["q"] < alpha).fillna(False).astype(bool)
    tint = [colours.get(mode, style.NO_COLOUR) for mode in rows["mode"]]
    ic = style.axes_mm(figure, left, top_mm, each, ROW * len(rows))
    _forest(ic, rows[["ic", "ic_low", "ic_high"]], sure, tint)
    ic.axvline(0, color=style.MUTED, lw=0.6)
    ic.set_yticks(range(len(rows)), names)
    ic.set_xlabel("Information Component, log2", labelpad=1)
    if both:
        style.letter(figure, left - 4, head, "A")
        style.letter(figure, left + each + 4, head, "B")
        ratio = style.axes_mm(figure, left + each + 8, top_mm, each, ROW * len(rows))
        _ratios(ratio, rows, sure, tint)
    style.write(figure, width - style.MARGIN, head + 3, "n", ha="right", va="center", color=style.MUTED)
    for i, n in enumerate(rows["n"]):
        level = top_mm + (i + 0.5) * ROW
        style.write(figure, width - style.MARGIN, level, f"{n:,}", ha="right", va="center_baseline")
    return figure


def _best(gene_mode: pd.DataFrame, top: int) -> pd.DataFrame:
    """Pairs shown, in order."""
    order = gene_mode.assign(untested=gene_mode["q"].isna()).sort_values(
        ["untested", "ic_low", "gene", "mode"], ascending=[True, False, True, True], kind="stable"
    )
    tested = int((~order["untested"]).sum())
    return order.head(min(top, max(tested, 10))).reset_index(drop=True)


def _note(gene_mode: pd.DataFrame, rows: pd.DataFrame, alpha: float, both: bool) -> str:
    tested = int(gene_mode["q"].notna().sum())
    note = f"n = {style.plural(len(gene_mode), 'pair')}, {tested:,} tested; filled: q < {alpha:g}."
    if len(rows) < len(gene_mode):
        note += f" Shown: {len(rows)}, tested ones first, by lower bound."
    return note + (" n at the right: records naming both." if both else " Right: records naming both.")


def _forest(axes: Axes, values: pd.DataFrame, sure: pd.Series[bool], tint: list[str]) -> None:
    """Points with intervals from columns estimate, low, high; without an estimate only the interval."""
    middle, low, high = (values[name].to_numpy(dtype=float) for name in values.columns)
    for y in np.nonzero(~np.isnan(low))[0]:
        axes.plot([low[y], high[y]], [y, y], color=tint[y], lw=1.2, solid_capstyle="butt", zorder=2)
        if np.isnan(middle[y]):
            continue
        face = tint[y] if sure.iloc[y] else style.PAPER
        axes.scatter([middle[y]], [y], s=14, c=[face], edgecolors=style.INK, lw=0.5, zorder=3)
    axes.set_ylim(len(values) - 0.5, -0.5)
    axes.tick_params(axis="y", length=0)
    axes.grid(axis="x")
    axes.spines["left"].set_visible(False)


def _ratios(axes: Axes, rows: pd.DataFrame, sure: pd.Series[bool], tint: list[str]) -> None:
    """Odds ratios on a logarithmic axis; intervals that leave it end in an arrow."""
    known = rows[["odds_ratio", "or_low", "or_high"]].astype("float64").replace([np.inf, 0.0], np.nan)
    finite = known.to_numpy()[~np.isnan(known.to_numpy())]
    finite = finite[finite > 0]
    axes.set_xscale("log")
    low, high = (max(finite.min() / 1.5, 1e-3), min(finite.max() * 1.5, 1e4)) if finite.size else (0.1, 10.0)
    low, high = min(low, 0.8), max(high, 1.25)
    bounds = rows[["odds_ratio", "or_low", "or_high"]].astype("float64")
    clipped = bounds.where(bounds.isna(), bounds.clip(low, high))
    # An estimate beyond the axis, often infinite, is an arrow, not a point where the axis ends.
    clipped["odds_ratio"] = clipped["odds_ratio"].mask(bounds["odds_ratio"] > high)
    _forest(axes, clipped, sure, tint)
    for y, (estimate, _, upper) in enumerate(bounds.itertuples(index=False)):
        if np.isnan(estimate):
            axes.annotate(
                "too few",
                (1, y),
                (4, 0),
                textcoords="offset points",
                va="center",
                size=style.SMALL,
                color=style.MUTED,
            )
        elif upper > high:
            axes.scatter([high], [y], marker=">", s=10, c=[tint[y]], lw=0, clip_on=False, zorder=3)
    axes.set_xlim(low, high)
    axes.axvline(1, color=style.MUTED, lw=0.6)
    ticks = [tick for tick in (0.01, 0.1, 1, 10, 100, 1000, 10_000) if low <= tick <= high]
    axes.set_xticks(ticks, [f"{tick:g}" for tick in ticks])
    axes.minorticks_off()
    axes.set_yticks([])
    axes.set_xlabel("Odds ratio (log scale)", labelpad=1)
