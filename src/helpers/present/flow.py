"""What went in and what was lost at each step: a flow diagram after PRISMA 2020."""

from __future__ import annotations

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import FancyBboxPatch

from helpers.present import style


@style.styled
def draw_flow(flow: pd.DataFrame, *, width: float = style.DOUBLE) -> Figure:
    """Flow diagram: a box per step with the records left, and beside it those dropped and why.

    Layout after PRISMA 2020 (Page et al., BMJ 372:n71).

    Args:
        flow: FLOW frame.
        width: of the figure in mm.
    """
    title = "Flow of records, from what was found to what was counted"
    if flow.empty:
        return style.message(title, "No step was recorded for this run.", width)
    steps = flow.sort_values("step")
    gap, pad = 7.0, 1.6
    main = (width - 2 * style.MARGIN) * 0.46
    side_left = style.MARGIN + main + 8
    side = width - style.MARGIN - side_left
    first = int(steps["n_in"].iloc[0])
    boxes = []
    if steps["dropped"].iloc[0]:
        boxes.append(_lines("Records that came in", first, main - 2 * pad))
    boxes += [_lines(row["name"], int(row["n_out"]), main - 2 * pad) for _, row in steps.iterrows()]
    drops = [_dropped(row, side - 2 * pad) for _, row in steps.iterrows()][len(steps) + 1 - len(boxes) :]
    height = [2 * pad + len(box) * style.line_mm(style.NORMAL) for box in boxes]
    drop_height = [2 * pad + len(lines) * style.line_mm(style.SMALL) if lines else 0.0 for lines in drops]
    gaps = [max(gap, h + 3) for h in drop_height]
    body = sum(height) + sum(gaps) + style.MARGIN + 1
    last = int(steps["n_out"].iloc[-1])
    note = f"n = {style.plural(first, 'record')} in, {last:,} through all steps."
    figure, top = style.sheet(width, body, title, note)
    axes = style.axes_mm(figure, 0, 0, *style.figure_mm(figure))
    axes.set(xlim=(0, width), ylim=(style.figure_mm(figure)[1], 0))
    axes.axis("off")
    middle = style.MARGIN + main / 2
    for i, box in enumerate(boxes):
        _box(axes, style.MARGIN, top, main, height[i], box, style.NORMAL, "#eaf1f7")
        top += height[i]
        if i == len(drops):
            break
        _arrow(axes, (middle, top), (middle, top + gaps[i]))
        if drops[i]:
            level = top + gaps[i] / 2
            _arrow(axes, (middle, level), (side_left, level))
            _box(
                axes,
                side_left,
                level - drop_height[i] / 2,
                side,
                drop_height[i],
                drops[i],
                style.SMALL,
                style.PAPER,
            )
        top += gaps[i]
    return figure


def _lines(name: str, n: int, width: float) -> list[str]:
    return [*style.wrap_mm(name, width, style.NORMAL), f"n = {n:,}"]


def _dropped(row: pd.Series[object], width: float) -> list[str]:
    """Lines of the box beside a step; none when nothing was dropped."""
    if row["dropped"] == 0:
        return []
    why = f": {row['why']}" if isinstance(row["why"], str) else ""
    return style.wrap_mm(f"{row['dropped']:,} left out{why}", width)


def _box(
    axes: Axes, left: float, top: float, width: float, height: float, lines: list[str], size: float, fill: str
) -> None:
    axes.add_patch(
        FancyBboxPatch(
            (left, top),
            width,
            height,
            boxstyle="round,pad=0,rounding_size=0.8",
            facecolor=fill,
            edgecolor=style.MUTED,
            linewidth=0.6,
        )
    )
    step = style.line_mm(size)
    start = top + height / 2 - (len(lines) - 1) * step / 2
    for i, line in enumerate(lines):
        bold = "bold" if line.startswith("n = ") else "normal"
        axes.text(left + width / 2, start + i * step, line, ha="center", va="center", size=size, weight=bold)


def _arrow(axes: Axes, start: tuple[float, float], end: tuple[float, float]) -> None:
    axes.annotate(
        "",
        xy=end,
        xytext=start,
        arrowprops={
            "arrowstyle": "-|>",
            "color": style.MUTED,
            "lw": 0.7,
            "shrinkA": 0,
            "shrinkB": 0,
            "mutation_scale": 6,
        },
    )
