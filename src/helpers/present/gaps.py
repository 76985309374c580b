"""What nobody has studied: gene × mode cells with fewer records than chance expects, or none."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from helpers.present import style
from helpers.present.matrix import Grid, cells, draw_grid, order_modes, rule_lines

LEAST = 0.1  # expected records below which a number would only say 0.0
# Fill, edge, ink: told apart without colour too.
LOOK = {
    "understudied": ("#e69f00", style.FAINT, style.INK),
    "untested": (style.PAPER, style.INK, style.INK),
    "too early to say": ("#ececec", "#ececec", style.MUTED),
}
MEANING = {
    "understudied": "understudied: fewer records than expected",
    "untested": "untested: no record",
    "too early to say": "too early to say: the mode's name is too new",
}


@style.styled
def draw_gaps(
    gaps: pd.DataFrame,
    gene_mode: pd.DataFrame,
    modes: pd.DataFrame,
    *,
    top: int = 30,
    genes: Sequence[str] | None = None,
    width: float = style.DOUBLE,
) -> Figure:
    """Gap map: what is observed/expected where it falls short, and a dot with n where it does not.

    Args:
        gaps: GAPS frame.
        gene_mode: GENE_MODE frame.
        modes: MODES frame.
        top: genes shown, those with the largest shortfall (expected − observed) first.
        genes: show these genes, in this order, instead.
        width: of the figure in mm.
    """
    title = "Gaps: targets and modes with fewer records than chance expects, or none"
    if gaps.empty:
        return style.message(title, "No pair of gene and mode falls short of what chance expects.", width)
    shown = list(genes) if genes is not None else _largest(gaps, top)
    inside = gaps[gaps["gene"].isin(shown)]
    known = gene_mode[gene_mode["gene"].isin(shown)]
    rare = _rare_modes(inside, known)
    inside, known = inside[~inside["mode"].isin(rare)], known[~known["mode"].isin(rare)]
    columns = order_modes(pd.concat([known[["mode", "n"]], inside[["mode"]].assign(n=0)]))
    numbers = {_cell_text(row.observed, row.expected) for row in inside.itertuples()}
    grid = draw_grid(
        shown,
        columns,
        modes,
        width=width,
        title=title,
        note=_note(gaps, shown, len(rare)),
        cell=(max(style.widest_mm(numbers) + 2.0, 3.4), 12, 3.6),
        below=5 + 4.2 * (len(LOOK) + 1),
    )
    rule_lines(grid)
    for row in cells(inside, grid).rename(columns={"class": "gap"}).itertuples():
        _cell(grid, row.x, row.y, row.gap, _cell_text(row.observed, row.expected))
    pairs = set(zip(inside["gene"], inside["mode"], strict=True))
    full = cells(known, grid)
    full = full[[pair not in pairs for pair in zip(full["gene"], full["mode"], strict=True)]]
    for row in full.itertuples():
        text = style.short(row.n)
        grid.axes.text(row.x, row.y, text, ha="center", va="center_baseline", size=6, color=style.NO_COLOUR)
    _key(grid)
    return grid.figure


def _largest(gaps: pd.DataFrame, top: int) -> list[str]:
    short = (gaps["expected"] - gaps["observed"]).groupby(gaps["gene"]).max()
    return list(short.sort_index().sort_values(ascending=False, kind="stable").index[:top])


def _rare_modes(inside: pd.DataFrame, known: pd.DataFrame) -> set[str]:
    """Modes of which next to nothing is expected of any gene shown; none if that is true of all."""
    most = inside.groupby("mode")["expected"].max()
    rare = set(most.index[most < LEAST]) - set(known.loc[known["n"] > 1, "mode"])
    return rare if rare < {*inside["mode"], *known["mode"]} else set()


def _note(gaps: pd.DataFrame, shown: list[str], rare: int) -> str:
    counts = gaps["class"].value_counts()
    parts = [f"{int(counts.get(kind, 0)):,} {kind}" for kind in LOOK]
    total = gaps["gene"].nunique()
    cut = f" Shown: {len(shown)} of {total} genes." if total > len(shown) else ""
    if rare:
        cut += f" Not shown: {style.plural(rare, 'mode')} with less than {LEAST:g} expected of each."
    return (
        f"n = {style.plural(len(gaps), 'pair')}: {', '.join(parts)}. Cells: observed/expected records.{cut}"
    )


def _cell_text(observed: int, expected: float) -> str:
    if expected < LEAST:
        return f"{observed}/<{LEAST:g}"
    return f"{observed}/{expected:.{0 if expected >= 9.95 else 1}f}"


def _cell(grid: Grid, x: int, y: int, kind: str, text: str) -> None:
    fill, edge, ink = LOOK[kind]
    grid.axes.add_patch(Rectangle((x - 0.45, y - 0.42), 0.9, 0.84, facecolor=fill, edgecolor=edge, lw=0.7))
    grid.axes.text(x, y, text, ha="center", va="center_baseline", size=style.SMALL, color=ink)


def _key(grid: Grid) -> None:
    width, _ = style.figure_mm(grid.figure)
    axes = style.axes_mm(grid.figure, style.MARGIN, grid.bottom_mm + 3, width - 4, 4.2 * (len(LOOK) + 1))
    axes.set(xlim=(0, width - 4), ylim=(len(LOOK) + 1, 0))
    axes.axis("off")
    for i, (kind, (fill, edge, _)) in enumerate(LOOK.items()):
        axes.add_patch(Rectangle((0.3, i + 0.15), 6, 0.7, facecolor=fill, edgecolor=edge, lw=0.7))
        axes.text(8, i + 0.5, MEANING[kind], va="center_baseline", size=style.SMALL)
    axes.text(3.3, len(LOOK) + 0.5, "12", ha="center", va="center_baseline", size=6, color=style.NO_COLOUR)
    axes.text(8, len(LOOK) + 0.5, "records, no shortfall", va="center_baseline", size=style.SMALL)
