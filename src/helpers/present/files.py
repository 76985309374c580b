"""Figures to files and to notebooks: the same bytes from the same numbers."""

from __future__ import annotations

import base64
import io
import zipfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pandas as pd
from matplotlib.figure import Figure
from PIL import Image

from helpers import storage
from helpers.present import style

PRINT_DPI, SCREEN_DPI, COLOURS = 300, 220, 256
# On a screen a figure is shown larger than in print, where it is held nearer to the eye.
ZOOM = 1.4
# No dates, no program versions: they would change the bytes of an unchanged figure.
METADATA: dict[str, dict[str, Any]] = {
    "svg": {"Date": None, "Creator": None},
    "png": {"Software": None},
    "pdf": {"CreationDate": None, "Creator": None, "Producer": None},
}
EPOCH = (1980, 1, 1, 0, 0, 0)


@style.styled
def render(figure: Figure, form: str, *, dpi: int = PRINT_DPI) -> bytes:
    """Bytes of the figure as "svg", "png" or "pdf", equal for equal figures."""
    buffer = io.BytesIO()
    figure.savefig(buffer, format=form, dpi=dpi, metadata=METADATA[form])
    return buffer.getvalue()


def to_palette(png: bytes) -> bytes:
    """The PNG in 256 colours (median cut), a third of the size; the eye sees no difference on a screen."""
    buffer = io.BytesIO()
    picture = Image.open(io.BytesIO(png)).convert("RGB")
    few = picture.quantize(COLOURS, method=Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE)
    few.save(buffer, "PNG", optimize=True)
    return buffer.getvalue()


def save_figure(
    figure: Figure,
    folder: Path,
    name: str,
    *,
    table: pd.DataFrame,
    caption: str,
    forms: Sequence[str] = ("svg", "png", "pdf"),
) -> Path:
    """Path of name.svg; beside it name.png (300 dpi), name.pdf, name.csv (the numbers), name.txt.

    Args:
        figure: as drawn.
        folder: where the files go.
        name: of the files, without ending.
        table: the numbers the figure shows.
        caption: what, n, test and definitions, for the legend.
        forms: those wanted; pdf takes a second, for its embedded fonts.
    """
    for form in forms:
        storage.write_bytes(folder / f"{name}.{form}", render(figure, form))
    storage.write_bytes(folder / f"{name}.csv", storage.to_csv(table))
    storage.write_bytes(folder / f"{name}.txt", (caption.strip() + "\n").encode())
    return folder / f"{name}.svg"


def show_figure(figure: Figure, alt: str, *, table: pd.DataFrame | None = None) -> None:
    """Show the figure in a notebook, with `alt` for those who cannot see it; returns nothing.

    The text output is the alternative text, so that a test of the notebook compares it. Where a `table` of
    its numbers is given and holds no row, nothing is shown: the text around it says why.
    """
    from IPython.display import display

    if table is not None and table.empty:
        return
    width, height = (round(side * ZOOM * 96 / 25.4) for side in style.figure_mm(figure))
    image = base64.b64encode(to_palette(render(figure, "png", dpi=SCREEN_DPI))).decode()
    display(  # type: ignore[no-untyped-call]
        {"image/png": image, "text/plain": alt},
        raw=True,
        metadata={"image/png": {"alt": alt, "width": width, "height": height}},
    )


_PACKED = (".svg", ".png", ".pdf", ".csv", ".txt")


def zip_figures(folder: Path) -> Path:
    """Path of figures.zip, which holds every figure file of the folder; equal files, equal bytes.

    Left out is what was drawn while exploring (explore_...): it is no result of the run.
    """
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in sorted(folder.iterdir()):
            if path.suffix in _PACKED and not path.name.startswith("explore_"):
                info = zipfile.ZipInfo(path.name, EPOCH)
                info.compress_type = zipfile.ZIP_DEFLATED
                info.external_attr = 0o644 << 16
                info.create_system = 3
                archive.writestr(info, path.read_bytes())
    return storage.write_bytes(folder / "figures.zip", buffer.getvalue())
