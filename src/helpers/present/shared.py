"""Which targets are shared by modes: an UpSet plot.

Method: Lex et al. 2014, IEEE Trans Vis Comput Graph 20:1983. Drawn here because upsetplot 0.9 fails
with pandas 3 and matplotlib 3.11 (checked 2026-11: edge colours become NaN).
"""

from __future__ import annotations

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from helpers.present import style
from helpers.present.answers import ALPHA

# Associated pairs from which on they decide what is shared: fewer make no picture.
FEWEST = 10


def find_linked(gene_mode: pd.DataFrame, *, min_records: int = 1) -> tuple[pd.DataFrame, str]:
    """Rows of GENE_MODE in which the gene belongs to the mode, and the rule in words.

    Associated pairs (q below 0.05 and the lower bound of the IC above 0); in a run with fewer than ten of
    them, pairs in at least `min_records` records. In a large corpus a record or two name almost any gene with
    any mode, and every gene would be shared by all.
    """
    associated = gene_mode[((gene_mode["q"] < ALPHA) & (gene_mode["ic_low"] > 0)).fillna(False)]
    if len(associated) >= FEWEST:
        return (
            associated,
            f"named together more often than chance (q < {ALPHA}, lower bound of the IC above 0)",
        )
    plain = gene_mode[gene_mode["n"] >= min_records]
    return plain, f"named together in {style.plural(min_records, 'record')} or more"


def count_shared_genes(gene_mode: pd.DataFrame, *, min_records: int = 1) -> pd.DataFrame:
    """Genes per exact combination of modes: columns modes ("a|b"), degree, n_genes, genes ("X|Y").

    A gene belongs to a mode as `find_linked` says. Most genes first.
    """
    linked = find_linked(gene_mode, min_records=min_records)[0].sort_values(["gene", "mode"])
    sets = linked.groupby("gene")["mode"].agg("|".join).rename("modes").reset_index()
    table = sets.groupby("modes")["gene"].agg(n_genes="size", genes="|".join).reset_index()
    table["degree"] = table["modes"].str.count(r"\|") + 1 if len(table) else pd.Series(dtype="int64")
    table = table.sort_values(["n_genes", "degree", "modes"], ascending=[False, True, True], kind="stable")
    return table[["modes", "degree", "n_genes", "genes"]].reset_index(drop=True)


@style.styled
def draw_shared_genes(
    gene_mode: pd.DataFrame,
    modes: pd.DataFrame,
    *,
    top: int = 30,
    min_records: int = 1,
    width: float = style.DOUBLE,
) -> Figure:
    """UpSet plot: bars above = genes in exactly this combination of modes, bars left = genes per mode.

    Args:
        gene_mode: GENE_MODE frame.
        modes: MODES frame.
        top: combinations shown at most (as many as the width holds).
        min_records: in a run with too few associated pairs, records from which a gene counts for a mode.
        width: of the figure in mm.
    """
    title = "Target genes shared by modes of cell death"
    table = count_shared_genes(gene_mode, min_records=min_records)
    if table.empty:
        return style.message(title, f"No gene is named with a mode in {min_records} or more records.", width)
    labels, colours = style.mode_labels(modes), style.mode_colours(modes)
    sizes = table.assign(mode=table["modes"].str.split("|")).explode("mode").groupby("mode")["n_genes"].sum()
    order = list(sizes.sort_index().sort_values(ascending=False, kind="stable").index)
    names = [style.clip_mm(labels.get(mode, mode), width / 3) for mode in order]
    label_width = style.widest_mm(names) + 2
    bars = 12.0 if width < style.MIDDLE else 22.0
    left = style.MARGIN + bars + 9 + label_width
    fit = int((width - left - style.MARGIN) // 3.6)
    shown = table.head(min(top, fit))
    step = min(6.0, (width - left - style.MARGIN) / len(shown))
    row, tall = 3.8, 26.0
    width = min(width, max(style.SINGLE, left + step * len(shown) + style.MARGIN))
    figure, head = style.sheet(
        width, tall + 8 + row * len(order) + 8, title, _note(gene_mode, table, shown, min_records)
    )
    upper = style.axes_mm(figure, left, head + 4, step * len(shown), tall)
    _intersections(upper, shown)
    style.write(figure, left - 7, head + 4 + tall / 2, "Genes", rotation=90, ha="center", va="center")
    lower_top = head + 4 + tall + 2
    matrix = style.axes_mm(figure, left, lower_top, step * len(shown), row * len(order))
    _membership(matrix, shown, order, colours)
    for i, name in enumerate(names):
        style.write(figure, left - 1.5, lower_top + (i + 0.5) * row, name, ha="right", va="center_baseline")
    side = style.axes_mm(figure, style.MARGIN + 6, lower_top, bars, row * len(order))
    _set_sizes(side, [int(sizes[mode]) for mode in order], [colours.get(m, style.NO_COLOUR) for m in order])
    style.write(
        figure,
        style.MARGIN + 6 + bars / 2,
        lower_top + row * len(order) + 2,
        "Genes per mode",
        ha="center",
        va="top",
    )
    return figure


def _note(gene_mode: pd.DataFrame, table: pd.DataFrame, shown: pd.DataFrame, min_records: int) -> str:
    genes = int(table["n_genes"].sum())
    several = int(table.loc[table["degree"] > 1, "n_genes"].sum())
    rule = find_linked(gene_mode, min_records=min_records)[1]
    note = f"n = {style.plural(genes, 'gene')}, {several:,} of them with more than one mode. "
    note += f"A gene belongs to a mode if they are {rule}."
    if len(shown) < len(table):
        rest = int(table["n_genes"].iloc[len(shown) :].sum())
        left_out = style.plural(len(table) - len(shown), "combination")
        note += f" Not shown: {left_out} with {style.plural(rest, 'gene')}."
    return note


def _intersections(axes: Axes, shown: pd.DataFrame) -> None:
    heights = shown["n_genes"].tolist()
    axes.bar(range(len(shown)), heights, width=0.62, color=style.MUTED, lw=0)
    for x, n in enumerate(heights):
        axes.text(x, n, style.short(n), ha="center", va="bottom", size=style.SMALL)
    axes.set_xlim(-0.5, len(shown) - 0.5)
    axes.set_ylim(0, max(heights) * 1.12)
    axes.set_xticks([])
    axes.locator_params(axis="y", integer=True, nbins=4)
    axes.spines["bottom"].set_visible(False)


def _membership(axes: Axes, shown: pd.DataFrame, order: list[str], colours: dict[str, str]) -> None:
    place = {mode: i for i, mode in enumerate(order)}
    axes.set_xlim(-0.5, len(shown) - 0.5)
    axes.set_ylim(len(order) - 0.5, -0.5)
    axes.axis("off")
    for y in range(0, len(order), 2):
        axes.axhspan(y - 0.5, y + 0.5, color="#f3f3f3", lw=0, zorder=0)
    for x, members in enumerate(shown["modes"].str.split("|")):
        rows = sorted(place[mode] for mode in members)
        axes.scatter([x] * len(order), range(len(order)), s=5, c=style.FAINT, lw=0, zorder=1)
        axes.plot([x, x], [rows[0], rows[-1]], color=style.MUTED, lw=1, zorder=2)
        faces = [colours.get(order[y], style.NO_COLOUR) for y in rows]
        axes.scatter([x] * len(rows), rows, s=26, c=faces, edgecolors=style.INK, lw=0.4, zorder=3)


def _set_sizes(axes: Axes, sizes: list[int], colours: list[str]) -> None:
    axes.barh(range(len(sizes)), sizes, height=0.62, color=colours, lw=0)
    axes.set_ylim(len(sizes) - 0.5, -0.5)
    axes.set_xlim(max(sizes) * 1.02, 0)
    axes.axis("off")
    for y, n in enumerate(sizes):
        axes.text(
            n, y, f"{style.short(n)} ", ha="right", va="center_baseline", size=style.SMALL, clip_on=False
        )
