"""Pages of a batch: one per item, and an index with search and a small figure of each."""

from __future__ import annotations

import base64
import io
import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import Any

import pandas as pd
from PIL import Image

from helpers import storage
from helpers.present import style
from helpers.present.body import read_body
from helpers.present.dossiers import figure_name, partner_of
from helpers.present.panels import Listed
from helpers.present.report import Source, fill, page_html, panels_of, read_source, resolver, subject_of
from helpers.schemas import NONE_STATED

THUMBNAIL = 420  # pixels wide, on screens of two pixels a point
BARS, LONGEST = 5, 176  # bars of a small figure, and the width of the longest of its 216
LETTERS, LINE_MM = 9.75, 57.0  # 13 and 216 pixels, in points and millimetres


@dataclass(frozen=True)
class Bar:
    """One bar of a small figure: a mode or gene with its direction, its records, width and colour."""

    label: str
    n: int
    width: float
    colour: str


@dataclass(frozen=True)
class Item:
    """One item of the index: its page, its title, its main sentence and a small figure.

    The figure of a dossier is `bars` for its leading partners, `more` of which are not shown; that of another
    notebook is its first `picture`.
    """

    page: str
    title: str
    text: str
    bars: tuple[Bar, ...] = ()
    more: str = ""
    picture: str = ""


def render_page(executed: Path, *, run: str, page: Path, about: Mapping[str, str]) -> Path:
    """Path of the item's page, rendered from its executed notebook; equal notebooks give equal bytes.

    `run` is the run whose tables give the sentences; `about` names the gene, mode or therapy whose
    sentences are listed, as column and value.
    """
    source = _source(run, _state(run))
    rows = source.evidence
    for column, value in about.items():
        rows = rows[rows[column] == value] if column in rows else rows.iloc[:0]
    source = replace(source, evidence=rows)
    panels = panels_of(source, 600, None)
    lists: dict[str, Listed] = {}
    body = read_body(executed, resolves=resolver(panels, {"index.html"}), name="dossier", lists=lists)
    html = page_html(
        [body],
        source,
        panels,
        title=subject_of(body, next(iter(about.values()), "")),
        pages={},
        home="index.html",
        lists=lists,
    )
    return storage.write_bytes(page, html.encode())


@lru_cache(maxsize=2)
def _source(run: str, state: tuple[int, ...]) -> Source:
    return read_source(run)


def _state(run: str) -> tuple[int, ...]:
    paths = (storage.table_path(run, name) for name in ("evidence", "articles", "mentions"))
    return tuple(path.stat().st_mtime_ns if path.exists() else 0 for path in paths)


def render_gallery(
    name: str,
    executed: Mapping[str, Path],
    *,
    about: Mapping[str, Mapping[str, str]],
    failed: Mapping[str, str],
    folder: Path,
) -> Path:
    """Path of index.html: a searchable list of the items' pages with their figures, and what failed.

    `about` names the gene, mode or therapy of each item, by label, as in `render_page`.
    """
    modes = storage.read_terms()["modes"]
    items = [
        _item(name, label, path, about.get(label, {}), modes) for label, path in sorted(executed.items())
    ]
    html = fill("gallery.html.j2", title=f"{name}: {len(items)} dossiers", items=items, failed=dict(failed))
    return storage.write_bytes(folder / "index.html", html.encode())


def _item(name: str, label: str, executed: Path, about: Mapping[str, str], modes: pd.DataFrame) -> Item:
    content = json.loads(executed.read_text(encoding="utf-8"))
    outputs = [output for cell in content["cells"] for output in cell.get("outputs", [])]
    texts = [first for output in outputs if (first := _first_line(output))]
    title = next(iter(texts), "").lstrip("# ").split(":")[0] or label
    pictures = [output["data"] for output in outputs if "image/png" in output.get("data", {})]
    # The sentence a picture stands for, else the first one below the title.
    text = "".join(pictures[0].get("text/plain", "")) if pictures else " ".join(texts[1:2])
    item = Item(f"{label}.html", title, text)
    for kind, concept in about.items():
        numbers = storage.run_folder(name, "figures", f"{figure_name(kind, concept)}.csv")
        if numbers.exists():
            by = partner_of(kind)
            bars, more = _bars(pd.read_csv(numbers), by, modes)
            said = item.text if bars else f"No record names {concept} with a {by}."
            return replace(item, text=said, bars=bars, more=more)
    return replace(item, picture=_thumbnail("".join(pictures[0]["image/png"]))) if pictures else item


def _bars(pairs: pd.DataFrame, by: str, modes: pd.DataFrame) -> tuple[tuple[Bar, ...], str]:
    """The leading partners as bars, and in words how many more there are."""
    labels, colours = style.mode_labels(modes), style.mode_colours(modes)
    rows = pairs.sort_values(["n", by], ascending=[False, True], kind="stable")
    longest = LONGEST / max(rows["n"], default=1)
    bars = tuple(
        Bar(
            _label(labels.get(row[by], row[by]), row["direction"]),
            row["n"],
            round(longest * row["n"], 1),
            colours.get(row[by], style.NO_COLOUR),
        )
        for row in rows.head(BARS).to_dict("records")
    )
    more = len(rows) - len(bars)
    return bars, f"and {style.plural(more, f'more {by}', f'more {by}s')}" if more else ""


def _label(name: str, direction: str) -> str:
    """Name and direction on one line of the small figure; a long name is cut."""
    said = "" if direction == NONE_STATED else f", {direction}"
    return style.clip_mm(name, LINE_MM - style.text_mm(said, LETTERS), LETTERS) + said


def _first_line(output: Mapping[str, Any]) -> str:
    """First line of a text the notebook says; empty for any other output."""
    return next(iter("".join(output.get("data", {}).get("text/markdown", "")).splitlines()), "")


def _thumbnail(png: str) -> str:
    """Data address of the picture at thumbnail width."""
    with Image.open(io.BytesIO(base64.b64decode(png))) as picture:
        height = round(picture.height * THUMBNAIL / picture.width)
        small = picture.convert("RGB").resize((THUMBNAIL, height), Image.Resampling.LANCZOS)
        buffer = io.BytesIO()
        small.quantize(64).save(buffer, "png", optimize=True)
    return "data:image/png;base64," + base64.b64encode(buffer.getvalue()).decode()
