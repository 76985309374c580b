"""Which modes are written of together, and which share targets: a mode × mode map."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.cm import ScalarMappable
from matplotlib.colors import TwoSlopeNorm
from matplotlib.figure import Figure

from helpers.present import style
from helpers.present.matrix import (
    SMALL_DOT,
    Grid,
    count_columns,
    draw_grid,
    draw_minus,
    draw_rings,
    rule_lines,
)


@style.styled
def draw_mode_map(
    mode_mode: pd.DataFrame,
    modes: pd.DataFrame,
    *,
    top: int = 20,
    alpha: float = 0.05,
    width: float = style.DOUBLE,
) -> Figure:
    """Map of modes: lower left, dots of records naming both (colour IC); upper right, targets shared.

    A ring, and bold print, mark q < `alpha` (records, and shared targets).

    Args:
        mode_mode: MODE_MODE frame.
        modes: MODES frame.
        top: modes shown, those in most pairs of records first.
        alpha: level of q.
        width: of the figure in mm.
    """
    title = "Modes of cell death named together, and the targets they share"
    both = mode_mode[mode_mode["n"] > 0]
    if both.empty:
        return style.message(title, "No counted record names two modes of cell death.", width)
    weight = pd.concat([both.groupby("mode_a")["n"].sum(), both.groupby("mode_b")["n"].sum()])
    weight = weight.groupby(level=0).sum().sort_index().sort_values(ascending=False, kind="stable")
    labels = style.mode_labels(modes)
    names = {mode: style.clip_mm(labels.get(mode, mode), width / 4.2) for mode in weight.index}
    order = list(weight.index[:top])
    numbers = {style.short(n) for n in mode_mode["genes_shared"]}
    least = max(3.6, style.widest_mm(numbers, weight="bold") + 0.6)
    order = order[: count_columns([names[mode] for mode in order], width, least)]
    cut = f" Shown: {len(order)} of {len(weight)} modes." if len(order) < len(weight) else ""
    note = (
        f"n = {style.plural(len(both), 'pair')} of modes. Lower left: records naming both (area) and IC "
        f"(colour; − in or behind a dot: below 0), ring q < {alpha:g}. Upper right: targets that enough "
        f"records name with each, bold q < {alpha:g}. Blank: none, or one mode is a kind of the other.{cut}"
    )
    grid = draw_grid(
        [names[mode] for mode in order],
        order,
        modes,
        width=width,
        title=title,
        note=note,
        cell=(least, 8, 4.6),
        below=11,
    )
    rule_lines(grid)
    _fill(grid, mode_mode, alpha)
    return grid.figure


def _fill(grid: Grid, mode_mode: pd.DataFrame, alpha: float) -> None:
    place = {mode: i for i, mode in enumerate(grid.modes)}
    inside = mode_mode[mode_mode["mode_a"].isin(place) & mode_mode["mode_b"].isin(place)]
    limit = max(1.0, float(np.ceil(inside.loc[inside["n"] > 0, "ic"].abs().max())))
    norm, cmap = TwoSlopeNorm(0, -limit, limit), style.colour_map("vlag")
    largest = int(inside["n"].max())
    room = min(grid.cell_mm) * 0.84 / 25.4 * 72
    for row in inside.itertuples():
        first, second = sorted((place[row.mode_a], place[row.mode_b]))
        shared = row.genes_q == row.genes_q and row.genes_q is not pd.NA and row.genes_q < alpha
        if row.genes_shared:
            weight = "bold" if shared else "normal"
            text = style.short(row.genes_shared)
            grid.axes.text(second, first, text, ha="center", va="center_baseline", size=6, weight=weight)
        if row.n == 0:
            continue
        sure = row.q == row.q and row.q is not pd.NA and row.q < alpha
        size = max(2.0, room * (row.n / largest) ** 0.5)
        face = [cmap(norm(row.ic))]
        grid.axes.scatter([first], [second], s=size**2, c=face, edgecolors=style.NO_COLOUR, lw=0.3, zorder=3)
        if sure:
            draw_rings(grid.axes, [first], [second], [size])
        if row.ic < 0 and (sure or size >= SMALL_DOT):
            draw_minus(grid.axes, [first], [second], [size], face)
    for i in range(len(grid.modes)):
        grid.axes.scatter([i], [i], marker="s", s=5, c=style.FAINT, lw=0)
    bar_axes = style.axes_mm(grid.figure, style.MARGIN + 1, grid.bottom_mm + 3, 30, 2)
    bar = grid.figure.colorbar(ScalarMappable(norm, cmap), cax=bar_axes, orientation="horizontal")
    bar.outline.set_visible(False)
    bar.set_ticks([-limit, 0, limit], labels=[f"−{limit:g}", "0", f"+{limit:g}"])
    text = f"IC; largest dot: {style.plural(largest, 'record')}"
    style.write(grid.figure, style.MARGIN + 35, grid.bottom_mm + 4, text, va="center", color=style.MUTED)
