"""The modes under each metric side by side: one panel per metric, the modes in one order."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from helpers.present import style

# Metrics a reviewer asks for, as the tables name them, and as sentences and headings say them.
USUAL = {
    "CiteScore": "CiteScore",
    "SJR": "SJR",
    "JIF": "JCR impact factor",
    "2yr_mean_citedness": "OpenAlex 2-year",
    "RCR": "RCR (article)",
}
TICK = 5.5  # mm an axis label takes
COUNTS = {"citations"}  # grow with the age of a record, unlike RCR: no metric to compare modes by


def metric_names(mode_journal: pd.DataFrame, first: str) -> list[str]:
    """Metrics with a median for at least one mode: `first`, then the usual ones, then the rest by name."""
    known = set(mode_journal.loc[mode_journal["median"].notna(), "metric"]) - COUNTS
    return [name for name in dict.fromkeys([first, *USUAL, *sorted(known)]) if name in known]


def absent_metrics(mode_journal: pd.DataFrame) -> list[str]:
    """Usual metrics and metrics of the run that have too few values for a median of any mode, as headings."""
    drawn = metric_names(mode_journal, "")
    return [USUAL.get(name, name) for name in [*USUAL, *_others(mode_journal)] if name not in drawn]


def _others(mode_journal: pd.DataFrame) -> list[str]:
    return sorted(set(mode_journal["metric"]) - set(USUAL) - COUNTS)


@style.styled
def draw_metric_panels(
    mode_journal: pd.DataFrame,
    modes: pd.DataFrame,
    metric: str = "CiteScore",
    *,
    width: float = style.DOUBLE,
) -> Figure:
    """One panel per metric: median with its 95 % interval and quartiles per mode, and the share with a value.

    The modes stand in one order everywhere, that of the first metric's medians. Metrics without a median
    are named in the note, not drawn.

    Args:
        mode_journal: MODE_JOURNAL frame.
        modes: MODES frame.
        metric: the metric that stands first.
        width: of the figure in mm.
    """
    title = "Modes of cell death under each metric"
    names = metric_names(mode_journal, metric)
    if not names:
        return style.message(title, "Too few: no mode has enough records with the value of a metric.", width)
    table = mode_journal.set_index(["metric", "mode"])
    order = _order(mode_journal, names)
    labels = style.mode_labels(modes)
    shown = [style.clip_mm(labels.get(mode, mode), width / 3.8) for mode in order]
    n_of = mode_journal.groupby("mode")["n"].max()
    counts = [f"{int(n_of[mode]):,}" for mode in order]
    text, number = style.widest_mm(shown), style.widest_mm([*counts, "n"])
    left = style.MARGIN + text + number + 4
    fit = max(1, int((width - left) // 21))
    rows, row = _rows(len(names), fit, len(order))
    names, dropped = names[: rows * fit], names[rows * fit :]
    columns = math.ceil(len(names) / rows)
    cell = min((width - left) / columns, 60.0)
    tall = 7.5 + row * len(order) + 6
    note = _note(mode_journal, order, names, dropped)
    headings = style.widest_mm([USUAL.get(name, name) for name in names], style.NORMAL, "bold")
    size = style.NORMAL if headings < cell - 2 else style.SMALL
    width = min(width, max(style.SINGLE, left + cell * columns))
    figure, head = style.sheet(width, rows * tall + 1, title, note)
    for line in range(rows):
        top = head + line * tall + 7.5
        right = left - 2
        style.write(figure, right, top - 1.6, "n", ha="right", va="center", color=style.MUTED)
        for i, (label, count) in enumerate(zip(shown, counts, strict=True)):
            level = top + (i + 0.5) * row
            style.write(figure, style.MARGIN + text, level, label, ha="right", va="center_baseline")
            style.write(figure, right, level, count, ha="right", va="center_baseline", color=style.MUTED)
    for i, name in enumerate(names):
        start, top = left + (i % columns) * cell, head + (i // columns) * tall + 7.5
        heading = style.clip_mm(USUAL.get(name, name), cell - 2, size, "bold")
        style.write(figure, start, top - 4.6, heading, size=size, weight="bold", va="center")
        style.write(figure, start + cell - 2, top - 1.6, "%", ha="right", va="center", color=style.MUTED)
        axes = style.axes_mm(figure, start, top, cell - 9.5, row * len(order))
        part = table.loc[name].reindex(order)
        _panel(axes, part, style.mode_colours(modes), int((cell - 9.5) / TICK))
        for y, share in enumerate(part["coverage"].fillna(0)):
            level = top + (y + 0.5) * row
            written = f"{100 * share:.0f}"
            style.write(figure, start + cell - 2, level, written, ha="right", va="center_baseline")
    return figure


def _order(mode_journal: pd.DataFrame, names: list[str]) -> list[str]:
    """Modes with a median under any metric: by the first metric's median, those without one last by n."""
    rows = mode_journal[mode_journal["median"].notna()]
    first = rows[rows["metric"] == names[0]].sort_values(["median", "mode"], ascending=[False, True])
    rest = rows.drop_duplicates("mode").sort_values(["n", "mode"], ascending=[False, True])
    return list(dict.fromkeys([*first["mode"], *rest["mode"]]))


def _rows(panels: int, fit: int, n_modes: int) -> tuple[int, float]:
    """Rows of panels that a page holds, and the height in mm of a mode in them."""
    rows = math.ceil(panels / fit)
    room = style.PAGE - 32
    most = max(1, int(room // (13.5 + 3.0 * n_modes)))
    rows = min(rows, most)
    return rows, float(np.clip((room / rows - 13.5) / n_modes, 3.0, 4.4))


def _note(mode_journal: pd.DataFrame, order: list[str], names: list[str], dropped: list[str]) -> str:
    n = int(mode_journal.groupby("mode")["n"].max().sum())
    note = (
        f"n = {style.plural(n, 'naming')} of a mode by a record. Dot and line: median and its 95 % interval; "
        "bar: quartiles; %: share of the mode's records with a value."
    )
    drawn = mode_journal[mode_journal["median"].notna()]
    logs = [name for name in names if _is_log(drawn[drawn["metric"] == name])]
    if logs:
        note += f" Log scale: {', '.join(USUAL.get(name, name) for name in logs)}."
    if few := mode_journal["mode"].nunique() - len(order):
        note += f" Too few values: {style.plural(few, 'mode')}."
    if absent := absent_metrics(mode_journal):
        note += f" No or too few values in this run: {', '.join(absent)}."
    if dropped:
        note += f" No room for: {', '.join(USUAL.get(name, name) for name in dropped)}."
    return note


def _panel(axes: Axes, part: pd.DataFrame, colours: dict[str, str], most: int) -> None:
    places = np.arange(len(part))
    known = part["median"].notna().to_numpy()
    rows, y = part[known], places[known]
    faces = [colours.get(str(mode), style.NO_COLOUR) for mode in rows.index]
    log = _scale(axes, rows, most)
    axes.barh(y, rows["q75"] - rows["q25"], left=rows["q25"], height=0.62, color=faces, alpha=0.4, lw=0)
    axes.hlines(y, rows["median_low"], rows["median_high"], color=style.INK, lw=1.3)
    axes.scatter(rows["median"], y, s=8, c=faces, edgecolors=style.INK, lw=0.6, zorder=3)
    low, high = axes.get_xlim()
    middle = math.sqrt(low * high) if log else (low + high) / 2
    for place in places[~known]:
        axes.text(middle, place, "too few", ha="center", va="center", size=style.SMALL, color=style.MUTED)
    axes.set_ylim(len(part) - 0.5, -0.5)
    axes.set_yticks([])
    axes.grid(axis="x")


def _span(rows: pd.DataFrame) -> tuple[float, float]:
    """Lowest and highest of the quartiles and bounds drawn."""
    spans = rows[["q25", "q75", "median_low", "median_high", "median"]].to_numpy(float)
    return float(spans.min()), float(spans.max())


def _is_log(rows: pd.DataFrame) -> bool:
    low, high = _span(rows)
    return low > 0 and high / low > 30


def _scale(axes: Axes, rows: pd.DataFrame, most: int) -> bool:
    """Whether the axis is logarithmic: where quartiles and intervals span more than a factor of 30.

    At most `most` labels stand on it where decades are as few.
    """
    low, high = _span(rows)
    if _is_log(rows):
        axes.set_xscale("log")
        axes.set_xlim(low / 1.2, high * 1.2)
        steps = [m * 10.0**e for e in range(-3, 6) for m in (1, 3) if low / 1.2 <= m * 10.0**e <= high * 1.2]
        if len(steps) > most:
            steps = [step for step in steps if math.log10(step).is_integer()]
        axes.set_xticks(steps, [f"{step:g}" for step in steps])
        axes.minorticks_off()
        return True
    axes.set_xlim(0, high * 1.06 if high > 0 else 1.0)
    axes.locator_params(axis="x", nbins=min(4, most + 1), steps=[1, 2, 5, 10])
    return False
