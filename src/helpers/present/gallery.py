"""Pages of a batch: one per item, and an index with search and a small figure of each."""

from __future__ import annotations

import base64
import io
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path

from PIL import Image

from helpers import storage
from helpers.present.body import read_body
from helpers.present.panels import Listed
from helpers.present.report import Source, fill, page_html, panels_of, read_source, resolver, subject_of

THUMBNAIL = 420  # pixels wide, on screens of two pixels a point


@dataclass(frozen=True)
class Item:
    """One item of the index: its page, its title, its main sentence and a small figure."""

    page: str
    title: str
    text: str
    figure: str


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
    name: str, executed: Mapping[str, Path], *, failed: Mapping[str, str], folder: Path
) -> Path:
    """Path of index.html: a searchable list of the items' pages with their figures, and what failed."""
    items = [_item(label, path) for label, path in sorted(executed.items())]
    html = fill("gallery.html.j2", title=f"{name}: {len(items)} dossiers", items=items, failed=dict(failed))
    return storage.write_bytes(folder / "index.html", html.encode())


def _item(label: str, executed: Path) -> Item:
    content = json.loads(executed.read_text(encoding="utf-8"))
    outputs = [output for cell in content["cells"] for output in cell.get("outputs", [])]
    title = _first_text(outputs, "text/markdown").lstrip("# ").split(":")[0] or label
    pictures = [output for output in outputs if "image/png" in output.get("data", {})]
    if not pictures:
        return Item(f"{label}.html", title, "", "")
    data = pictures[0]["data"]
    text = "".join(data.get("text/plain", ""))
    return Item(f"{label}.html", title, text, _thumbnail("".join(data["image/png"])))


def _first_text(outputs: Sequence[Mapping[str, object]], kind: str) -> str:
    for output in outputs:
        data = output.get("data", {})
        if isinstance(data, dict) and kind in data:
            return "".join(data[kind]).splitlines()[0]
    return ""


def _thumbnail(png: str) -> str:
    """Data address of the picture at thumbnail width."""
    with Image.open(io.BytesIO(base64.b64decode(png))) as picture:
        height = round(picture.height * THUMBNAIL / picture.width)
        small = picture.convert("RGB").resize((THUMBNAIL, height), Image.Resampling.LANCZOS)
        buffer = io.BytesIO()
        small.quantize(64).save(buffer, "png", optimize=True)
    return "data:image/png;base64," + base64.b64encode(buffer.getvalue()).decode()
