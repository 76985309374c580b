"""Does the order of targets hold when records are weighed differently: a rank-shift figure."""

from __future__ import annotations

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from helpers.present import style
from helpers.schemas.statistics import WEIGHTINGS

RISE, FALL = "#0072b2", "#d55e00"
MOVED = 3  # ranks from which a shift is coloured
HEADS = {
    "all": "all records",
    "primary": "primary research",
    "q1": "Q1 journals",
    "percentile": "by journal percentile",
    "rcr": "by RCR",
}


@style.styled
def draw_rank_shift(
    rankings: pd.DataFrame,
    agreement: pd.DataFrame | None = None,
    *,
    mode: str = "any",
    top: int = 15,
    width: float = style.DOUBLE,
) -> Figure:
    """Ranks of the targets under each weighting, joined by lines; blue 3 or more ranks up, orange down.

    A target that is in the top under one weighting and not under another runs into the band below.

    Args:
        rankings: RANKINGS frame (mode, gene, weighting, rank).
        agreement: RANK_AGREEMENT frame, for Kendall's tau under each heading.
        mode: the mode ranked for, or "any".
        top: places shown.
        width: of the figure in mm.
    """
    title = "Ranking of targets under each way of weighing records"
    rows = rankings[rankings["mode"] == mode]
    if rows.empty:
        return style.message(title, f"Too few: no target is ranked for {mode}.", width)
    ranks = _wide(rows, "rank")
    places = _wide(_placed(rows), "place")
    columns = list(places.columns)
    genes = sorted(places.index[(places <= top).any(axis=1)], key=lambda gene: tuple(places.loc[gene]))
    depth = min(top, len(places))
    row = 4.2
    side = style.widest_mm(genes) + 7
    taus = _taus(agreement, mode)
    heads = [[*style.wrap_mm(HEADS.get(column, column), 16), *taus.get(column, [])] for column in columns]
    head_mm = max(len(lines) for lines in heads) * style.line_mm(style.SMALL) + 2
    below = places.loc[genes].gt(depth).to_numpy().any()
    body = head_mm + row * (depth + (1.4 if below else 0)) + 4
    figure, head = style.sheet(width, body, title, _note(ranks, genes, depth, mode, bool(taus)))
    step = (width - 2 * side - 2 * style.MARGIN) / max(1, len(columns) - 1)
    left, upper = style.MARGIN + side, head + head_mm
    axes = style.axes_mm(
        figure, left, upper, step * max(1, len(columns) - 1), row * (depth + (1.4 if below else 0))
    )
    axes.set(xlim=(0, max(1, len(columns) - 1)), ylim=(depth + (1.9 if below else 0.5), 0.5))
    axes.axis("off")
    for i, lines in enumerate(heads):
        for j, line in enumerate(reversed(lines)):
            level = upper - 2 - j * style.line_mm(style.SMALL)
            style.write(figure, left + i * step, level, line, ha="center", va="bottom")
    for gene in genes:
        _line(axes, places.loc[gene].tolist(), ranks.loc[gene].tolist(), depth, gene)
    if below:
        axes.axhspan(depth + 0.6, depth + 1.9, color="#f3f3f3", lw=0, zorder=0)
        style.write(
            figure,
            style.MARGIN,
            upper + row * (depth + 0.75),
            f"below {depth}",
            va="center",
            color=style.MUTED,
        )
    return figure


def _placed(rows: pd.DataFrame) -> pd.DataFrame:
    """The rows with the place each is drawn at: by rank, those of one rank by name."""
    ordered = rows.sort_values(["weighting", "rank", "gene"], kind="stable")
    return ordered.assign(place=ordered.groupby("weighting").cumcount() + 1)


def _wide(rows: pd.DataFrame, value: str) -> pd.DataFrame:
    """Genes × weightings; a gene missing under one stands after all others."""
    wide = rows.pivot_table(index="gene", columns="weighting", values=value, aggfunc="min")
    wide = wide[[weighting for weighting in WEIGHTINGS if weighting in wide.columns]]
    return wide.fillna(len(wide) + 1).astype("int64")


def _taus(agreement: pd.DataFrame | None, mode: str) -> dict[str, list[str]]:
    if agreement is None:
        return {}
    rows = agreement[agreement["mode"] == mode]
    known = zip(rows["weighting"], rows["tau"], strict=True)
    return {
        name: [f"τ = {tau:.2f}"] if tau == tau and tau is not pd.NA else ["too few"] for name, tau in known
    }


def _line(axes: Axes, places: list[int], ranks: list[int], depth: int, gene: str) -> None:
    """One target's line, coloured where it has left its first rank, with name and rank at each end."""
    shifts = [rank - ranks[0] for rank in ranks]
    colours = [style.NO_COLOUR if abs(shift) < MOVED else (FALL if shift > 0 else RISE) for shift in shifts]
    levels = [place if place <= depth else depth + 1.25 for place in places]
    for i in range(1, len(levels)):
        thick = 0.7 if colours[i] == style.NO_COLOUR else 1.3
        axes.plot([i - 1, i], levels[i - 1 : i + 1], color=colours[i], lw=thick, zorder=2)
    inside = [i for i, place in enumerate(places) if place <= depth]
    dots = [colours[i] for i in inside]
    axes.scatter(inside, [levels[i] for i in inside], s=16, c=dots, lw=0, zorder=3, clip_on=False)
    last = len(levels) - 1
    if inside and not {0, last} & set(inside):
        best = min(inside, key=lambda i: (places[i], i))
        axes.annotate(
            gene,
            (best, levels[best]),
            (0, 3),
            textcoords="offset points",
            ha="center",
            va="bottom",
            size=style.SMALL,
            weight="normal" if colours[best] == style.NO_COLOUR else "bold",
        )
    for i, offset, align in ((0, -4, "right"), (last, 4, "left")):
        if i in inside:
            axes.annotate(
                f"{gene} {ranks[i]}" if i == 0 else f"{ranks[i]} {gene}",
                (i, levels[i]),
                (offset, 0),
                textcoords="offset points",
                ha=align,
                va="center",
                size=style.SMALL,
                weight="normal" if colours[i] == style.NO_COLOUR else "bold",
                annotation_clip=False,
            )


def _note(ranks: pd.DataFrame, genes: list[str], depth: int, mode: str, tau: bool) -> str:
    moved = int(((ranks.sub(ranks.iloc[:, 0], axis=0)).abs() >= MOVED).any(axis=1).loc[genes].sum())
    tau_words = " τ: Kendall's tau-b with the first ranking." if tau else ""
    what = "records naming any mode" if mode == "any" else f"records naming {mode}"
    return (
        f"n = {style.plural(len(ranks), 'target')} ranked by {what}; top {depth} shown, equal ranks by name. "
        f"{moved} of the {len(genes)} drawn move {MOVED} ranks or more from the first ranking "
        f"(blue up, orange down).{tau_words}"
    )
