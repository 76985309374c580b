"""Gene × mode as an HTML grid whose cells can be clicked: heat map or dot plot, drawn in milliseconds.

It shows what `draw_heatmap` and `draw_dots` show, in the same colours; those take a second, and are for print.
"""

from __future__ import annotations

from functools import cache
from html import escape
from typing import Any

import numpy as np
import pandas as pd
import seaborn as sns
from matplotlib.colors import to_hex

from helpers.present import style
from helpers.present.tables import plain

VIEWS = {"heat map": "heat", "dot plot": "dots"}
STEPS = 64
WIDE_HEADS = 8  # columns beyond which the modes' names are written upwards
LARGEST, SMALLEST = 24, 4  # diameters of dots in pixels


def grid_html(
    chosen: Any, modes: pd.DataFrame, *, view: str, picked: tuple[str, str] | None = None, alpha: float = 0.05
) -> str:
    """HTML of a selection: rows are its genes, columns its modes; each count is a button.

    Args:
        chosen: a `tabulate.slice.Slice`.
        modes: MODES frame, for labels and colours.
        view: "heat" (colour: count) or "dots" (area: count, colour: IC, ring: q below alpha).
        picked: gene and mode of the cell marked as chosen.
        alpha: level of q from which a dot has a ring.
    """
    if chosen.pairs.empty:
        return '<p class="quiet">No counted record names one of these genes together with one of these modes.</p>'
    labels, colours = style.mode_labels(modes), style.mode_colours(modes)
    heads = "".join(
        f'<th scope="col" style="--mode:{escape(colours.get(mode, style.NO_COLOUR))}">'
        f"<span>{escape(labels.get(mode, mode))}</span></th>"
        for mode in chosen.modes
    )
    inner = _dots(chosen.pairs, alpha) if view == "dots" else _heats(chosen.pairs)
    cells = _cells(chosen, inner, picked)
    lines = (
        (gene, "".join(cells.get((gene, mode), "<td></td>") for mode in chosen.modes))
        for gene in chosen.genes
    )
    rows = "".join(f'<tr><th scope="row">{escape(gene)}</th>{line}</tr>' for gene, line in lines)
    many = " many" if len(chosen.modes) > WIDE_HEADS else ""
    key = _dots_key(chosen.pairs, alpha) if view == "dots" else _heat_key(chosen.pairs)
    return (
        f'<div class="scroll"><table class="grid {view}{many}"><thead><tr><td></td>{heads}</tr></thead>'
        f"<tbody>{rows}</tbody></table></div>{key}"
    )


def _cells(
    chosen: Any, inner: list[tuple[str, str]], picked: tuple[str, str] | None
) -> dict[tuple[str, str], str]:
    """Each pair's `<td>`."""
    found = {}
    for row, (look, text) in zip(chosen.pairs.itertuples(index=False), inner, strict=True):
        pair = (row.gene, row.mode)
        name = escape(f"{row.gene}|{row.mode}")
        on = ' class="on"' if pair == picked else ""
        tip = escape(describe_pair(row))
        found[pair] = (
            f'<td{on}{look}><button type="button" data-cell="{name}" title="{tip}">{text}</button></td>'
        )
    return found


def describe_pair(row: Any) -> str:
    """One row of a selection's pairs in words, for the cell's tooltip."""
    parts = [f"{row.gene} × {row.mode}: {style.plural(row.n, 'record')}, {row.n_sentence:,} in one sentence"]
    if row.score != row.n:
        parts.append(f"weight {plain(row.score)}")
    parts.append(f"expected {plain(row.expected)}")
    parts.append(f"IC {plain(row.ic)} ({plain(row.ic_low)} to {plain(row.ic_high)})")
    parts.append("too few to test" if np.isnan(row.q) else f"q {plain(row.q)}")
    parts += [text for text in (row.direction, row.therapy_direction) if text != "none stated"]
    return "; ".join(parts)


@cache
def _ramp(name: str) -> tuple[tuple[str, str], ...]:
    """Face and ink of each step of a colour map."""
    cmap = sns.color_palette(name, as_cmap=True)
    faces = [cmap(step / (STEPS - 1)) for step in range(STEPS)]
    return tuple((to_hex(face), style.ink_on(face)) for face in faces)


def _steps(share: Any) -> Any:
    return np.clip(np.round(np.asarray(share, float) * (STEPS - 1)), 0, STEPS - 1).astype(int)


def _count(value: float) -> str:
    return escape(style.short(value))


def _heats(pairs: pd.DataFrame) -> list[tuple[str, str]]:
    score = pairs["score"].to_numpy(float)
    steps = _steps(np.log(np.maximum(score, 1)) / np.log(max(2.0, score.max())))
    ramp = _ramp("crest")
    looks = (f' style="background:{ramp[step][0]};color:{ramp[step][1]}"' for step in steps)
    return list(zip(looks, map(_count, score), strict=True))


def _limit(pairs: pd.DataFrame) -> float:
    return max(1.0, float(np.ceil(pairs["ic"].abs().max())))


def _dots(pairs: pd.DataFrame, alpha: float) -> list[tuple[str, str]]:
    score = pairs["score"].to_numpy(float)
    sizes = np.maximum(np.round(LARGEST * np.sqrt(score / score.max())), SMALLEST).astype(int)
    steps = _steps(0.5 + pairs["ic"].to_numpy(float) / (2 * _limit(pairs)))
    q, ramp = pairs["q"].to_numpy(float), _ramp("vlag")
    faces = [ramp[step][0] if known else style.FAINT for step, known in zip(steps, ~np.isnan(q), strict=True)]
    return [
        ("", _dot(size, face, ring=value < alpha)) for size, face, value in zip(sizes, faces, q, strict=True)
    ]


def _dot(size: int, face: str, *, ring: bool = False) -> str:
    edge = f"2px solid {style.INK}" if ring else f"1px solid {style.NO_COLOUR}"
    return f'<i class="dot" style="width:{size}px;height:{size}px;background:{face};border:{edge}"></i>'


def _heat_key(pairs: pd.DataFrame) -> str:
    largest = max(2.0, float(pairs["score"].max()))
    ramp = ", ".join(face for face, _ in _ramp("crest")[:: STEPS // 8])
    bar = f'<i class="ramp" style="background:linear-gradient(90deg, {ramp})"></i>'
    return (
        f'<div class="key"><span>1 {bar} {_count(largest)}</span>'
        "<span>records naming both, or their weight (log scale; blank: none)</span></div>"
    )


def _dots_key(pairs: pd.DataFrame, alpha: float) -> str:
    largest, limit = float(pairs["score"].max()), _limit(pairs)
    ramp = ", ".join(face for face, _ in _ramp("vlag")[:: STEPS // 8])
    bar = f'<i class="ramp" style="background:linear-gradient(90deg, {ramp})"></i>'
    return (
        f'<div class="key"><span>{_dot(LARGEST, style.PAPER)} {_count(largest)} records or weight</span>'
        f"<span>{_dot(LARGEST // 2, style.PAPER)} {_count(largest / 4)}</span>"
        f"<span>IC −{limit:g} {bar} +{limit:g}</span>"
        f"<span>{_dot(16, style.PAPER, ring=True)} q &lt; {alpha:g}</span>"
        f"<span>{_dot(16, style.FAINT)} too few to test</span></div>"
    )
