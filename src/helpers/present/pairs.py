"""Which target belongs to which mode, and how strongly: heat map and dot plot of gene × mode."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.cm import ScalarMappable
from matplotlib.colors import LogNorm, TwoSlopeNorm
from matplotlib.figure import Figure

from helpers.present import style
from helpers.present.matrix import (
    SMALL_DOT,
    Grid,
    cells,
    draw_grid,
    draw_minus,
    draw_rings,
    order_genes,
    order_modes,
    rule_lines,
)

NOTHING = "No counted record names a target gene together with a mode of cell death."


@style.styled
def draw_heatmap(
    gene_mode: pd.DataFrame,
    modes: pd.DataFrame,
    *,
    top: int = 40,
    width: float = style.DOUBLE,
    counted: str = "records",
) -> Figure:
    """Heat map of records naming both, one row per gene, one column per mode, the count in each cell.

    Args:
        gene_mode: GENE_MODE frame.
        modes: MODES frame.
        top: genes shown, those in most records first.
        width: of the figure in mm; style.SINGLE, MIDDLE or DOUBLE.
        counted: what n counts, e.g. "primary records".
    """
    title = f"{counted[0].upper()}{counted[1:]} naming target gene and mode of cell death together"
    if gene_mode.empty:
        return style.message(title, NOTHING, width)
    genes = order_genes(gene_mode, top)
    number = style.widest_mm({style.short(n) for n in gene_mode["n"]}) + 1.2
    grid = draw_grid(
        genes,
        order_modes(gene_mode[gene_mode["gene"].isin(genes)]),
        modes,
        width=width,
        title=title,
        note=_note(gene_mode, genes),
        cell=(max(number, 3.2), 12, 3.4),
        below=10,
    )
    counts = cells(gene_mode, grid)
    table = counts.pivot_table(index="y", columns="x", values="n", aggfunc="sum")
    table = table.reindex(index=range(len(grid.genes)), columns=range(len(grid.modes))).astype("float64")
    largest = max(2, int(counts["n"].max()))
    norm = LogNorm(1, largest)
    cmap = style.colour_map("crest")
    edges_x, edges_y = np.arange(len(grid.modes) + 1) - 0.5, np.arange(len(grid.genes) + 1) - 0.5
    grid.axes.pcolormesh(
        edges_x,
        edges_y,
        np.ma.masked_invalid(table.to_numpy()),
        norm=norm,
        cmap=cmap,
        edgecolors=style.PAPER,
        linewidth=0.6,
    )
    faces = cmap(norm(counts["n"].to_numpy(dtype=float)))
    for x, y, n, face in zip(counts["x"], counts["y"], counts["n"], faces, strict=True):
        colour = style.ink_on(face)
        grid.axes.text(
            x, y, style.short(n), ha="center", va="center_baseline", color=colour, size=style.SMALL
        )
    _blank_cells(grid, table)
    ticks = [t for t in (1, 3, 10, 30, 100, 300, 1000, 3000, 10_000, 30_000) if t <= largest]
    _colour_bar(grid, ScalarMappable(norm, cmap), f"{counted} naming both (log scale; blank: none)", ticks)
    return grid.figure


@style.styled
def draw_dots(
    gene_mode: pd.DataFrame,
    modes: pd.DataFrame,
    *,
    top: int = 40,
    width: float = style.DOUBLE,
    alpha: float = 0.05,
) -> Figure:
    """Dot plot: area = records, colour = IC, black ring = q < `alpha`, grey = too few to test.

    A dot with a minus sign has an IC below 0 (fewer records than expected), so that the sign
    survives a greyscale print. Arguments as `draw_heatmap`.
    """
    title = "Support for each target and mode: records, and more than chance expects"
    if gene_mode.empty:
        return style.message(title, NOTHING, width)
    genes = order_genes(gene_mode, top)
    grid = draw_grid(
        genes,
        order_modes(gene_mode[gene_mode["gene"].isin(genes)]),
        modes,
        width=width,
        title=title,
        note=_note(gene_mode, genes),
        cell=(3.4, 9, 4.2),
        below=20,
    )
    rule_lines(grid)
    dots = cells(gene_mode, grid)
    largest = int(dots["n"].max())
    limit = max(1.0, float(np.ceil(dots["ic"].abs().max())))
    norm, cmap = TwoSlopeNorm(0, -limit, limit), style.colour_map("vlag")
    tested = dots["q"].notna() if "q" in dots else pd.Series(False, index=dots.index)
    sure = tested & (dots["q"] < alpha).fillna(False).astype(bool)
    diameter = _diameter(dots["n"], largest, grid)
    faces = [
        cmap(norm(value)) if known else style.FAINT for value, known in zip(dots["ic"], tested, strict=True)
    ]
    grid.axes.scatter(
        dots["x"],
        dots["y"],
        s=diameter**2,
        c=faces,
        edgecolors=style.NO_COLOUR,
        linewidths=0.3,
        zorder=3,
    )
    draw_rings(grid.axes, dots.loc[sure, "x"], dots.loc[sure, "y"], diameter[sure])
    # Small dots that are not sure stay plain: a field of strokes would hide the few that are.
    negative = tested & (dots["ic"] < 0) & ((diameter >= SMALL_DOT) | sure)
    below = dots[negative]
    draw_minus(grid.axes, below["x"], below["y"], diameter[negative], cmap(norm(below["ic"].to_numpy(float))))
    _dots_key(grid, ScalarMappable(norm, cmap), largest, limit, alpha)
    return grid.figure


def _note(gene_mode: pd.DataFrame, genes: list[str]) -> str:
    """What n is behind a gene × mode figure, and what was left out."""
    records = gene_mode["records"].dropna().str.split("|").explode().nunique()
    total = gene_mode["gene"].nunique()
    shown = (
        f"the {len(genes)} genes in most records of {total}" if total > len(genes) else f"all {total} genes"
    )
    if total == 1:
        shown = "the only gene"
    pairs = style.plural(len(gene_mode), "pair")
    return (
        f"n = {style.plural(records, 'record')} in {pairs} of gene and mode; {shown}. One record, one vote."
    )


def _diameter(n: pd.Series[int], largest: int, grid: Grid) -> pd.Series[float]:
    """Dot diameters in points; area is proportional to n, with a smallest dot that stays visible."""
    room = min(grid.cell_mm) * 0.84 / 25.4 * 72
    return (room * np.sqrt(n.astype("float64") / largest)).clip(lower=2.0)


def _blank_cells(grid: Grid, table: pd.DataFrame) -> None:
    rows, columns = np.nonzero(table.isna().to_numpy())
    grid.axes.scatter(columns, rows, s=0.6, c=style.FAINT, linewidths=0)


def _colour_bar(grid: Grid, colours: ScalarMappable, label: str, ticks: list[int]) -> None:
    axes = style.axes_mm(grid.figure, style.MARGIN, grid.bottom_mm + 2.5, 40, 2)
    bar = grid.figure.colorbar(colours, cax=axes, orientation="horizontal")
    bar.outline.set_visible(False)
    bar.minorticks_off()
    bar.set_ticks(ticks, labels=[f"{tick:,}" for tick in ticks])
    width, _ = style.figure_mm(grid.figure)
    left = style.MARGIN + 43
    for i, line in enumerate(style.wrap_mm(label, width - left - style.MARGIN)):
        top = grid.bottom_mm + 2.2 + i * style.line_mm(style.SMALL)
        style.write(grid.figure, left, top, line, va="top", color=style.MUTED)


def _dots_key(grid: Grid, colours: ScalarMappable, largest: int, limit: float, alpha: float) -> None:
    """Key below a dot plot: sizes, ring and grey on one line, the colour bar beside or beneath."""
    figure, top = grid.figure, grid.bottom_mm + 2.5
    width, _ = style.figure_mm(figure)
    axes = style.axes_mm(figure, style.MARGIN, top, width - 2 * style.MARGIN, 8)
    axes.set(xlim=(0, width - 2 * style.MARGIN), ylim=(8, 0))
    axes.axis("off")
    x = 0.0
    entries: list[tuple[float, str, str, float, str]] = []
    sizes = sorted({1, max(1, round(largest / 4)), largest})
    points = _diameter(pd.Series(sizes), largest, grid)
    for size, n in zip(points, sizes, strict=True):
        entries.append((size, style.PAPER, style.MUTED, 0.5, f"{n:,}"))
    entries[-1] = (*entries[-1][:4], f"{largest:,} " + ("record" if largest == 1 else "records"))
    entries.append((6, style.PAPER, style.INK, 1.1, f"q < {alpha:g}"))
    entries.append((6, style.FAINT, style.NO_COLOUR, 0.3, "too few to test"))
    for size, face, edge, line, text in entries:
        radius = max(size / 72 * 25.4 / 2, 0.8)
        axes.scatter([x + radius], [4], s=size**2, c=face, edgecolors=edge, linewidths=line, clip_on=False)
        axes.text(x + 2 * radius + 0.8, 4, text, va="center", size=style.SMALL)
        x += 2 * radius + 0.8 + style.text_mm(text) + 3
    down = top + 10
    bar_axes = style.axes_mm(figure, style.MARGIN + 1, down, 30, 2)
    bar = figure.colorbar(colours, cax=bar_axes, orientation="horizontal")
    bar.outline.set_visible(False)
    bar.set_ticks([-limit, 0, limit], labels=[f"−{limit:g}", "0", f"+{limit:g}"])
    meaning = "IC = log2(observed/expected); − in or behind a dot: below 0"
    for i, words in enumerate(style.wrap_mm(meaning, width - 36 - style.MARGIN)):
        line_top = down - 0.4 + i * style.line_mm(style.SMALL)
        style.write(figure, style.MARGIN + 35, line_top, words, va="top", color=style.MUTED)
