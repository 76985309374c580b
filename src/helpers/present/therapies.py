"""Which resistance is linked to which mode through which target: an alluvial figure."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import PathPatch, Rectangle
from matplotlib.path import Path as Curve

from helpers.present import style
from helpers.schemas import split_list

NO_MODE = "none named"
_COLUMNS = ("therapy", "gene", "mode")
DIRECTION = {
    "resistance": style.RESISTANCE,
    "sensitising": style.SENSITISING,
    "conflicting": style.CONFLICT,
    "none stated": "#d2d2d2",
}
LEAST, GAP = 2.9, 1.1  # mm: height of the smallest box, space between boxes
BRIGHT = 40  # ribbons drawn in full colour on either side, the largest


@style.styled
def draw_therapies(
    target_therapy: pd.DataFrame,
    modes: pd.DataFrame,
    therapies: pd.DataFrame,
    *,
    top: int = 15,
    top_therapies: int = 12,
    width: float = style.DOUBLE,
) -> Figure:
    """Alluvial figure therapy – target – mode; a ribbon's height is its number of records.

    Only records count that name the target in one sentence with the therapy and in one with the mode.
    Ribbons at the left have the colour of the stated direction, at the right that of the mode; beyond the
    40 largest of a side they are pale. The number of a box counts each record once, however many ribbons it
    is in, and boxes stand in that order.

    Args:
        target_therapy: TARGET_THERAPY frame.
        modes: MODES frame.
        therapies: THERAPIES frame.
        top: targets shown, those in most records first.
        top_therapies: therapies shown.
        width: of the figure in mm; under 114 mm at most 10 targets and 8 therapies are shown.
    """
    title = "From therapy through target to mode of cell death"
    rows = linked_rows(target_therapy)
    if rows.empty:
        return style.message(title, "No counted record names a target and a therapy in one sentence.", width)
    if width < style.MIDDLE:
        top, top_therapies = min(top, 10), min(top_therapies, 8)
    shown = _largest(rows, top, top_therapies)
    colours = style.mode_colours(modes)
    labels = [dict(zip(therapies["therapy"], therapies["label"], strict=True)), {}, style.mode_labels(modes)]
    shown = shown.assign(mode=shown["mode"].fillna(NO_MODE).astype("str"))
    columns = [_sizes(shown, name) for name in _COLUMNS]
    records = [_records(shown, name) for name in _COLUMNS]
    tallest = max(len(column) for column in columns)
    body = max(46.0, tallest * (LEAST + GAP) * 1.3)
    names = [
        [label.get(name, name) for name in column.index]
        for label, column in zip(labels, columns, strict=True)
    ]
    side = [min(width * 0.24, style.widest_mm(name) + 8) for name in (names[0], names[2])]
    figure, head = style.sheet(width, body + 14, title, _note(rows, shown))
    axes = style.axes_mm(figure, 0, head, width, body + 14)
    axes.set(xlim=(0, width), ylim=(body + 14, 0))
    axes.axis("off")
    middle = style.widest_mm(names[1]) + 8
    lefts = [style.MARGIN + side[0], (width - middle) / 2, width - style.MARGIN - side[1] - 2]
    widths = [2.0, middle, 2.0]
    boxes = [_stack(column, body - 4, 5.0) for column in columns]
    _ribbons(
        axes,
        shown,
        "therapy",
        "gene",
        boxes[0],
        boxes[1],
        (lefts[0] + 2, lefts[1]),
        DIRECTION,
        "therapy_direction",
    )
    _ribbons(axes, shown, "gene", "mode", boxes[1], boxes[2], (lefts[1] + middle, lefts[2]), colours, "mode")
    for k, (column, place) in enumerate(zip(columns, boxes, strict=True)):
        for name, text in zip(column.index, names[k], strict=True):
            fill = colours.get(name, style.NO_COLOUR) if k == 2 else (style.MUTED if k == 0 else "#f3f3f3")
            low, high = place[name]
            axes.add_patch(Rectangle((lefts[k], low), widths[k], high - low, facecolor=fill, lw=0, zorder=3))
            at, align = ((lefts[0] - 1, "right"), (lefts[1] + middle / 2, "center"), (lefts[2] + 3, "left"))[
                k
            ]
            number = f" {records[k][name]:,}"
            room = (side[0], middle, side[1])[k] - style.text_mm(number) - 1
            label = style.clip_mm(text, room) + number
            axes.text(at, (low + high) / 2, label, ha=align, va="center_baseline", size=style.SMALL, zorder=4)
    for x, text, align in (
        (lefts[0] + 2, "Therapy", "right"),
        (width / 2, "Target", "center"),
        (lefts[2], "Mode", "left"),
    ):
        axes.text(x, 1.6, text, ha=align, va="center", size=style.NORMAL, weight="bold")
    _key(axes, body + 8)
    return figure


def linked_rows(target_therapy: pd.DataFrame) -> pd.DataFrame:
    """Rows of TARGET_THERAPY with `n` and `records` of those that link target, therapy and mode by sentences."""
    rows = target_therapy[target_therapy["n_linked"] > 0]
    return rows.assign(n=rows["n_linked"], records=rows["linked"])


def _largest(rows: pd.DataFrame, top: int, top_therapies: int) -> pd.DataFrame:
    """Rows of the targets in most records, then of the therapies in most of those."""
    for name, most in (("gene", top), ("therapy", top_therapies)):
        totals = rows.groupby(name)["n"].sum().sort_index().sort_values(ascending=False, kind="stable")
        rows = rows[rows[name].isin(totals.index[:most])]
    return rows


def _sizes(rows: pd.DataFrame, name: str) -> pd.Series[int]:
    """Sum of the ribbons at each box, boxes in most records first, records without a mode last."""
    totals = rows.groupby(name)["n"].sum()
    order = _records(rows, name).sort_index().sort_values(ascending=False, kind="stable").index
    totals = totals[order]
    if NO_MODE in totals.index:
        totals = pd.concat([totals.drop(NO_MODE), totals[[NO_MODE]]])
    return totals


def _records(rows: pd.DataFrame, name: str) -> pd.Series[int]:
    """Records behind each box, each counted once."""
    listed = rows.assign(record=rows["records"].map(split_list)).explode("record")
    counts: pd.Series[int] = listed.groupby(name)["record"].nunique()
    return counts


def _stack(sizes: pd.Series[int], room: float, start: float) -> dict[str, tuple[float, float]]:
    """Upper and lower edge in mm of each box; none lower than a line of text."""
    free = room - GAP * (len(sizes) - 1)
    heights = np.maximum(sizes.to_numpy(dtype=float) / float(sizes.sum()) * free, LEAST)
    spare = heights - LEAST
    if spare.sum() > 0:
        heights = LEAST + spare * max(0.0, free - LEAST * len(sizes)) / spare.sum()
    edges, at = {}, start
    for name, height in zip(sizes.index, heights, strict=True):
        edges[str(name)] = (at, at + float(height))
        at += float(height) + GAP
    return edges


def _ribbons(
    axes: Axes,
    rows: pd.DataFrame,
    left: str,
    right: str,
    left_boxes: dict[str, tuple[float, float]],
    right_boxes: dict[str, tuple[float, float]],
    x: tuple[float, float],
    colours: dict[str, str],
    coloured_by: str,
) -> None:
    """Ribbons between two columns of boxes, in the order of the boxes on the other side."""
    keys = list(dict.fromkeys([left, right, coloured_by]))
    flows = rows.groupby(keys, sort=True)["n"].sum().reset_index()
    order = {name: i for i, name in enumerate([*left_boxes, *right_boxes])}
    flows = flows.sort_values(
        [left, right, coloured_by], key=lambda column: column.map(order).fillna(-1), kind="stable"
    )
    totals = {side: flows.groupby(side)["n"].sum() for side in (left, right)}
    used = {left: {name: box[0] for name, box in left_boxes.items()}}
    used[right] = {name: box[0] for name, box in right_boxes.items()}
    spans = {}
    for side, boxes, other in ((left, left_boxes, right), (right, right_boxes, left)):
        ordered = flows.sort_values([side, other], key=lambda column: column.map(order), kind="stable")
        for index, row in ordered.iterrows():
            low, high = boxes[row[side]]
            thick = (high - low) * row["n"] / totals[side][row[side]]
            spans[side, index] = (used[side][row[side]], used[side][row[side]] + thick)
            used[side][row[side]] += thick
    # Many thin ribbons in colour are a tangle: beyond the largest they are drawn pale, below the others.
    rank = flows["n"].rank(ascending=False, method="first")
    for index, row in flows.iterrows():
        colour = colours.get(row[coloured_by], style.NO_COLOUR)
        bright = rank[index] <= BRIGHT
        _ribbon(axes, x, spans[left, index], spans[right, index], colour, bright=bright)


def _ribbon(
    axes: Axes,
    x: tuple[float, float],
    a: tuple[float, float],
    b: tuple[float, float],
    colour: str,
    *,
    bright: bool,
) -> None:
    x0, x1, half = *x, (x[0] + x[1]) / 2
    points = [
        (x0, a[0]), (half, a[0]), (half, b[0]), (x1, b[0]),
        (x1, b[1]), (half, b[1]), (half, a[1]), (x0, a[1]), (x0, a[0]),
    ]  # fmt: skip
    codes = [Curve.MOVETO, *[Curve.CURVE4] * 3, Curve.LINETO, *[Curve.CURVE4] * 3, Curve.CLOSEPOLY]
    look = {"alpha": 0.6, "zorder": 2.5} if bright else {"alpha": 0.12, "zorder": 2}
    axes.add_patch(PathPatch(Curve(points, codes), facecolor=colour, lw=0, **look))


def _key(axes: Axes, top: float) -> None:
    x = style.MARGIN
    for name, colour in DIRECTION.items():
        axes.add_patch(Rectangle((x, top), 4, 2, facecolor=colour, alpha=0.7, lw=0))
        axes.text(x + 5, top + 1, name, va="center_baseline", size=style.SMALL)
        x += 7 + style.text_mm(name) + 2


def _note(rows: pd.DataFrame, shown: pd.DataFrame) -> str:
    records = rows["records"].dropna().str.split("|").explode().nunique()
    sides = (["therapy", "gene", "therapy_direction"], ["gene", "mode"])
    many = any(shown.groupby(side).ngroups > BRIGHT for side in sides)
    return (
        f"n = {style.plural(records, 'record')} naming a target and a therapy in one sentence; shown: "
        f"{shown['gene'].nunique()} of {rows['gene'].nunique()} targets, {shown['therapy'].nunique()} of "
        f"{rows['therapy'].nunique()} therapies. Numbers: records, each once. "
        "Left colours: stated effect of the target on the response."
        + (f" Pale: ribbons beyond the {BRIGHT} largest of a side." if many else "")
    )
