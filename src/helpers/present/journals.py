"""Where each mode is published: journal metrics per mode, as box and points."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from helpers.present import style

POINTS = 150


@style.styled
def draw_journal_metric(
    article_metrics: pd.DataFrame,
    mentions: pd.DataFrame,
    modes: pd.DataFrame,
    metric: str = "CiteScore",
    *,
    min_records: int = 5,
    seed: int = 0,
    width: float = style.DOUBLE,
) -> Figure:
    """Box (quartiles, whiskers 1.5 IQR) and points of a journal metric per mode, highest median first.

    At the right stand n with a value, and coverage: the share of the mode's records that have one.

    Args:
        article_metrics: ARTICLE_METRICS frame.
        mentions: MENTIONS frame.
        modes: MODES frame.
        metric: its name in article_metrics.
        min_records: below it a mode has points and the words "too few", no box.
        seed: of the jitter, and of the sample of points where a mode has more than 150.
        width: of the figure in mm.
    """
    title = f"{metric} of the journals in which each mode of cell death is published"
    named = mentions[(mentions["kind"] == "mode") & (mentions["assertion"] != "negated").fillna(True)]
    named = named[["record_id", "concept"]].drop_duplicates()
    values = article_metrics[article_metrics["metric"] == metric].dropna(subset=["value"])
    joined = named.merge(values[["record_id", "value"]], on="record_id")
    if joined.empty:
        text = f"Too few: no record that names a mode has a {metric} of its journal."
        return style.message(title, text, width)
    table = _summary(named, joined, min_records)
    labels, colours = style.mode_labels(modes), style.mode_colours(modes)
    names = [style.clip_mm(labels.get(mode, mode), width / 3) for mode in table.index]
    left, right = style.MARGIN + style.widest_mm(names) + 2, 27.0
    row = 5.2
    note = (
        f"n = {style.plural(joined['record_id'].nunique(), 'record')} with a {metric} of "
        f"{named['record_id'].nunique():,} naming a mode. Value of the year nearest to publication; "
        "it describes the journal, not the article."
    )
    if joined.groupby("concept").size().max() > POINTS:
        note += f" Points: at most {POINTS} per mode, drawn at random (seed {seed})."
    figure, head = style.sheet(width, row * len(table) + 14, title, note)
    axes = style.axes_mm(figure, left, head + 4, width - left - right, row * len(table))
    _boxes(axes, table, joined, colours, min_records, seed)
    _axis(axes, joined["value"], metric)
    axes.set_yticks(range(len(table)), names)
    for x, heading in ((width - right + 11, "n"), (width - style.MARGIN, "coverage")):
        style.write(figure, x, head + 2, heading, ha="right", va="center", color=style.MUTED)
    for i, (_, line) in enumerate(table.iterrows()):
        level = head + 4 + (i + 0.5) * row
        style.write(
            figure, width - right + 11, level, f"{int(line['n']):,}", ha="right", va="center_baseline"
        )
        share = f"{100 * line['n'] / line['total']:.0f} %"
        style.write(figure, width - style.MARGIN, level, share, ha="right", va="center_baseline")
    return figure


def _summary(named: pd.DataFrame, joined: pd.DataFrame, min_records: int) -> pd.DataFrame:
    """Index mode, columns n, median, total; highest median first, modes with too few last."""
    table = joined.groupby("concept")["value"].agg(n="size", median="median")
    table["total"] = named.groupby("concept").size()
    missing = named.groupby("concept").size().drop(table.index).sort_index()
    table["few"] = table["n"] < min_records
    table = table.sort_index().sort_values(["few", "median"], ascending=[True, False], kind="stable")
    rest = pd.DataFrame({"n": 0, "median": np.nan, "total": missing})
    return pd.concat([table, rest]) if len(rest) else table


def _boxes(
    axes: Axes,
    table: pd.DataFrame,
    joined: pd.DataFrame,
    colours: dict[str, str],
    min_records: int,
    seed: int,
) -> None:
    random = np.random.default_rng(seed)
    groups = {
        mode: group.sort_values("record_id")["value"].to_numpy() for mode, group in joined.groupby("concept")
    }
    for y, mode in enumerate(table.index):
        data = groups.get(mode, np.empty(0))
        if len(data) < min_records:
            _say_too_few(axes, y, data, joined["value"])
        else:
            axes.boxplot(
                [data],
                positions=[y],
                orientation="horizontal",
                widths=0.62,
                showfliers=False,
                patch_artist=True,
                boxprops={"facecolor": colours.get(mode, style.NO_COLOUR), "alpha": 0.35, "lw": 0.5},
                medianprops={"color": style.INK, "lw": 1.4, "zorder": 4},
                whiskerprops={"color": style.MUTED, "lw": 0.6},
                capprops={"color": style.MUTED, "lw": 0.6},
                manage_ticks=False,
            )
        if len(data) > POINTS:
            data = random.choice(data, POINTS, replace=False)
        jitter = y + random.uniform(-0.22, 0.22, len(data))
        colour = colours.get(mode, style.NO_COLOUR)
        axes.scatter(data, jitter, s=3.5, c=colour, edgecolors=style.INK, lw=0.2, alpha=0.8, zorder=3)
    axes.set_ylim(len(table) - 0.5, -0.5)


def _say_too_few(axes: Axes, y: int, data: np.ndarray[Any, Any], values: pd.Series[float]) -> None:
    """The words beside the few points, on the side where there is room."""
    middle = float(values.median())
    right = not len(data) or float(data.max()) <= middle
    place = (float(data.max()) if right else float(data.min())) if len(data) else middle
    axes.annotate(
        "too few",
        (place, y),
        (4 if right else -4, 0),
        textcoords="offset points",
        ha="left" if right else "right",
        va="center",
        size=style.SMALL,
        color=style.MUTED,
    )


def _axis(axes: Axes, values: pd.Series[float], metric: str) -> None:
    """A logarithmic axis where values span more than a factor of 30 and none is 0."""
    low, high = float(values.min()), float(values.max())
    axes.grid(axis="x")
    axes.tick_params(axis="y", length=0)
    if low > 0 and high / low > 30:
        axes.set_xscale("log")
        axes.set_xlim(low / 1.2, high * 1.2)
        axes.xaxis.set_major_formatter(lambda value, _: f"{value:g}")
        steps = [m * 10.0**e for e in range(-3, 5) for m in (1, 2, 5)]
        axes.set_xticks([step for step in steps if low / 1.2 <= step <= high * 1.2])
        axes.minorticks_off()
        axes.set_xlabel(f"{metric} of the journal (log scale)")
    else:
        axes.set_xlim(0, high * 1.04)
        axes.set_xlabel(f"{metric} of the journal")
