"""The frame shared by figures whose rows are genes and whose columns are modes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from helpers.present import style

# Rows are set closer when there are many, so that the figure stays within a printed page.
PAGE = 190.0
SMALL_DOT = 3.5  # points: a minus in a smaller dot could not be read


@dataclass(frozen=True)
class Grid:
    """A drawn frame of rows × columns and the table it shows, cells at x = column, y = row."""

    figure: Figure
    axes: Axes
    genes: list[str]
    modes: list[str]
    cell_mm: tuple[float, float]
    bottom_mm: float


def order_genes(gene_mode: pd.DataFrame, top: int) -> list[str]:
    """The `top` genes by records over all modes, most first, ties by name."""
    totals = gene_mode.groupby("gene")["n"].sum()
    return list(totals.sort_index().sort_values(ascending=False, kind="stable").index[:top])


def order_modes(gene_mode: pd.DataFrame) -> list[str]:
    """Modes of the pairs by records over all genes, most first, ties by name."""
    totals = gene_mode.groupby("mode")["n"].sum()
    return list(totals.sort_index().sort_values(ascending=False, kind="stable").index)


def count_columns(genes: Sequence[str], width: float, least: float) -> int:
    """Number of columns at least `least` mm wide that fit beside the genes' names."""
    return max(1, int((width - _left(genes, width) - style.MARGIN - 6) / least))


def _left(genes: Sequence[str], width: float) -> float:
    return style.MARGIN + min(style.widest_mm(genes), width / 3) + 2


def draw_grid(
    genes: Sequence[str],
    modes: Sequence[str],
    vocabulary: pd.DataFrame,
    *,
    width: float,
    title: str,
    note: str,
    cell: tuple[float, float, float],
    below: float = 0.0,
) -> Grid:
    """Empty frame of genes × modes with labels, mode colours on top, and room `below` for a key.

    Args:
        genes: rows, in order.
        modes: columns, in order.
        cell: least and largest width, then height of a cell in mm.
        vocabulary: MODES frame; labels and colours come from it.
        title: what is shown.
        note: n and what was left out.
        below: room in mm kept free under the frame.
        width: width of the figure in mm; columns that do not fit are left out and the note says so.
    """
    labels, colours = style.mode_labels(vocabulary), style.mode_colours(vocabulary)
    left = _left(genes, width)
    least, largest, height = cell
    height = max(2.9, min(height, PAGE / len(genes)))
    slant = 0.707
    shown = list(modes[: count_columns(genes, width, least)])
    names = [style.clip_mm(labels.get(mode, mode), 34) for mode in shown]
    # The last label leans out to the right of its column.
    lean = style.text_mm(names[-1]) * slant if names else 0
    room = width - left - style.MARGIN
    wide = min(largest, (room - lean) / len(shown) if lean < room / 3 else room / len(shown))
    wide = max(wide, least)
    upright = wide * len(shown) + lean > room
    label_height = style.widest_mm(names) * (1 if upright else slant) + 3.5
    if len(shown) < len(modes):
        note += f" Shown: the {len(shown)} most frequent of {len(modes)} modes."
    # A frame that fills less than the column makes a narrower figure, not an empty margin.
    width = min(width, max(style.SINGLE, left + wide * len(shown) + lean + style.MARGIN))
    body = label_height + height * len(genes) + below + style.MARGIN
    figure, top = style.sheet(width, body, title, note)
    axes = style.axes_mm(figure, left, top + label_height, wide * len(shown), height * len(genes))
    axes.set_xlim(-0.5, len(shown) - 0.5)
    axes.set_ylim(len(genes) - 0.5, -0.5)
    axes.set_yticks(range(len(genes)), [style.clip_mm(gene, width / 3) for gene in genes])
    axes.set_xticks([])
    axes.tick_params(length=0)
    axes.spines[:].set_visible(False)
    strip = 1.0 / height
    for i, (mode, name) in enumerate(zip(shown, names, strict=True)):
        axes.add_patch(
            Rectangle(
                (i - 0.46, -0.5 - 1.5 * strip),
                0.92,
                strip,
                color=colours.get(mode, style.NO_COLOUR),
                lw=0,
                clip_on=False,
            )
        )
        axes.text(
            i,
            -0.5 - 2.0 * strip,
            name,
            rotation=90 if upright else 45,
            ha="center" if upright else "left",
            va="bottom",
            rotation_mode="default" if upright else "anchor",
            size=style.SMALL,
            clip_on=False,
        )
    return Grid(figure, axes, list(genes), shown, (wide, height), top + label_height + height * len(genes))


def cells(frame: pd.DataFrame, grid: Grid) -> pd.DataFrame:
    """Rows of a gene × mode frame that stand in the grid, with columns x and y of their cell."""
    column = {mode: i for i, mode in enumerate(grid.modes)}
    row = {gene: i for i, gene in enumerate(grid.genes)}
    inside = frame[frame["gene"].isin(row) & frame["mode"].isin(column)]
    return inside.assign(x=inside["mode"].map(column), y=inside["gene"].map(row))


def draw_rings(axes: Axes, x: Any, y: Any, diameter: Any) -> None:
    """Nothing; draws black rings around dots of these diameters in points, outside of their fill.

    A ring is thinner around a small dot, so that the colour inside stays the larger part.
    """
    diameter = np.asarray(diameter, float)
    line = np.clip(0.2 * diameter, 0.6, 1.1)
    axes.scatter(
        x, y, s=(diameter + line) ** 2, facecolors="none", edgecolors=style.INK, linewidths=line, zorder=4
    )


def draw_minus(axes: Axes, x: Any, y: Any, diameter: Any, faces: Any) -> None:
    """Nothing; marks dots as below 0: a minus in the dot, or behind it and wider where the dot is small."""
    diameter = np.asarray(diameter, float)
    small = diameter < SMALL_DOT
    for inside, size, level, inks in (
        (~small, diameter * 0.6, 5, [style.ink_on(face) for face in faces]),
        (small, np.full(len(diameter), 2 * SMALL_DOT), 2, [style.INK] * len(diameter)),
    ):
        axes.scatter(
            np.asarray(x)[inside],
            np.asarray(y)[inside],
            s=size[inside] ** 2,
            marker="_",
            c=[ink for ink, chosen in zip(inks, inside, strict=True) if chosen] or style.INK,
            linewidths=0.8,
            zorder=level,
        )


def rule_lines(grid: Grid) -> None:
    """Faint lines between the cells, so that the eye finds row and column."""
    for x in range(len(grid.modes) + 1):
        grid.axes.axvline(x - 0.5, color=style.FAINT, lw=0.4, zorder=0)
    for y in range(len(grid.genes) + 1):
        grid.axes.axhline(y - 0.5, color=style.FAINT, lw=0.4, zorder=0)
