"""One look for every figure: sizes in millimetres as printed, one font, one colour per mode.

Figures are drawn at the size they are printed, so a 6 pt label is 6 pt on paper; nothing is scaled
afterwards. Text from outside is never read as mathematics.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Callable, Iterable
from typing import Any, ParamSpec, TypeVar

import pandas as pd
from matplotlib import style as mpl_style
from matplotlib.axes import Axes
from matplotlib.colors import to_rgb
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties
from matplotlib.textpath import TextToPath

# Column widths of journals in millimetres: one column, one and a half, two.
SINGLE, MIDDLE, DOUBLE = 85.0, 114.0, 174.0
PAGE = 290.0  # mm, the tallest that small multiples and bars get
MM = 1 / 25.4
SMALL, NORMAL, LARGE = 6.0, 7.0, 8.0
LINE = 1.32  # line height as a multiple of the font size
MARGIN = 2.0
INK, MUTED, FAINT, PAPER = "#1a1a1a", "#5c5c5c", "#d9d9d9", "#ffffff"
NO_COLOUR = "#8c8c8c"
# Okabe & Ito's orange, blue and purple: told apart with any common colour vision, and unlike in grey.
RESISTANCE, SENSITISING, CONFLICT = "#d55e00", "#56b4e9", "#5b3a6e"

RC: dict[str, Any] = {
    "font.family": ["DejaVu Sans"],
    "font.size": NORMAL,
    "axes.titlesize": NORMAL,
    "axes.labelsize": NORMAL,
    "xtick.labelsize": SMALL,
    "ytick.labelsize": SMALL,
    "legend.fontsize": SMALL,
    "axes.edgecolor": MUTED,
    "axes.labelcolor": INK,
    "axes.linewidth": 0.5,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.axisbelow": True,
    "axes.unicode_minus": True,
    "xtick.color": INK,
    "ytick.color": INK,
    "xtick.major.width": 0.5,
    "ytick.major.width": 0.5,
    "xtick.major.size": 2,
    "ytick.major.size": 2,
    "xtick.major.pad": 1.5,
    "ytick.major.pad": 1.5,
    "grid.color": FAINT,
    "grid.linewidth": 0.4,
    "hatch.linewidth": 0.5,
    "legend.frameon": False,
    "lines.linewidth": 1.0,
    "patch.linewidth": 0.5,
    "text.color": INK,
    "text.parse_math": False,
    # Letters as wide on screen as in print: widths are measured without hinting.
    "text.hinting": "no_hinting",
    "figure.facecolor": PAPER,
    "savefig.facecolor": PAPER,
    "figure.dpi": 100,
    "svg.fonttype": "path",
    "svg.hashsalt": "cell-death-target-atlas",
    "pdf.fonttype": 42,
    "path.simplify": True,
}

_P = ParamSpec("_P")
_R = TypeVar("_R")


def styled(function: Callable[_P, _R]) -> Callable[_P, _R]:
    """The function, run under this style without touching the caller's settings."""

    @functools.wraps(function)
    def inner(*args: _P.args, **kwargs: _P.kwargs) -> _R:
        with mpl_style.context(["default", RC]):
            return function(*args, **kwargs)

    return inner


@functools.lru_cache(maxsize=20_000)
def text_mm(text: str, size: float = SMALL, weight: str = "normal") -> float:
    """Width of one line of text in millimetres when set in the figures' font."""
    prop = FontProperties(family="DejaVu Sans", size=size, weight=weight)
    width, _, _ = TextToPath().get_text_width_height_descent(text, prop, ismath=False)
    return float(width) / 72 * 25.4


def widest_mm(texts: Iterable[str], size: float = SMALL, weight: str = "normal") -> float:
    """Width in millimetres of the widest text; 0 when there is none."""
    return max((text_mm(text, size, weight) for text in texts), default=0.0)


def line_mm(size: float) -> float:
    """Height in millimetres of one line of text."""
    return size * LINE / 72 * 25.4


def wrap_mm(text: str, width: float, size: float = SMALL, weight: str = "normal") -> list[str]:
    """Lines of the text, none wider than `width` millimetres (a single longer word is cut with …)."""
    lines: list[str] = []
    # A number and its %, and both sides of q < 0.05, stay on one line.
    for word in re.sub(r"(?<=\d) (?=%)|(?<=\b[pq]) (?=[<≥])|(?<=[pq] [<≥]) ", "\u00a0", text).split(" "):
        word = clip_mm(word, width, size, weight)
        joined = f"{lines[-1]} {word}" if lines else word
        if lines and text_mm(joined, size, weight) <= width:
            lines[-1] = joined
        else:
            lines.append(word)
    return [line.replace("\u00a0", " ") for line in lines]


def clip_mm(text: str, width: float, size: float = SMALL, weight: str = "normal") -> str:
    """The text, cut with … so that it is no wider than `width` millimetres."""
    if text_mm(text, size, weight) <= width:
        return text
    while text and text_mm(text + "…", size, weight) > width:
        text = text[:-1]
    return text.rstrip() + "…"


def sheet(width: float, body: float, title: str, note: str = "") -> tuple[Figure, float]:
    """A figure `width` mm wide with title and note set, and the height in mm they take at its top.

    `body` is the height in mm kept free below them. The note carries n and what was left out.
    """
    heads = wrap_mm(title, width - 2 * MARGIN, LARGE, "bold")
    notes = wrap_mm(note, width - 2 * MARGIN, SMALL)
    head = MARGIN + len(heads) * line_mm(LARGE) + len(notes) * line_mm(SMALL) + 1.5
    figure = Figure(figsize=(width * MM, (head + body) * MM))
    top = MARGIN
    for lines, size, weight, colour in ((heads, LARGE, "bold", INK), (notes, SMALL, "normal", MUTED)):
        for line in lines:
            write(figure, MARGIN, top, line, size=size, weight=weight, color=colour, va="top")
            top += line_mm(size)
    return figure, head


def write(figure: Figure, left: float, top: float, text: str, **kwargs: Any) -> Any:
    """Text placed `left` and `top` mm from the figure's top left corner."""
    width, height = figure_mm(figure)
    kwargs.setdefault("size", SMALL)
    return figure.text(left / width, 1 - top / height, text, parse_math=False, **kwargs)


def figure_mm(figure: Figure) -> tuple[float, float]:
    """Width and height of a figure in millimetres."""
    width, height = figure.get_size_inches()
    return float(width) / MM, float(height) / MM


def axes_mm(figure: Figure, left: float, top: float, width: float, height: float, **kwargs: Any) -> Axes:
    """Axes whose box stands `left` and `top` mm from the figure's top left corner."""
    total_width, total_height = figure_mm(figure)
    box = (
        left / total_width,
        1 - (top + height) / total_height,
        width / total_width,
        height / total_height,
    )
    return figure.add_axes(box, **kwargs)


def letter(figure: Figure, left: float, top: float, text: str) -> None:
    """Panel letter with its upper left corner `left` and `top` mm from the figure's corner."""
    write(figure, left, top, text, size=LARGE, weight="bold", va="top")


def message(title: str, text: str, width: float = DOUBLE) -> Figure:
    """Figure that says in words why there is nothing to draw."""
    lines = wrap_mm(text, min(width, DOUBLE) - 10, NORMAL)
    figure, top = sheet(width, 8 + len(lines) * line_mm(NORMAL), title)
    for i, line in enumerate(lines):
        write(figure, 5, top + 3 + i * line_mm(NORMAL), line, size=NORMAL, color=MUTED, va="top")
    return figure


def mode_labels(modes: pd.DataFrame) -> dict[str, str]:
    """Mode id to English label."""
    return dict(zip(modes["mode"], modes["label"], strict=True))


def mode_colours(modes: pd.DataFrame) -> dict[str, str]:
    """Mode id to hex colour; the same in every figure."""
    return dict(zip(modes["mode"], modes["colour"], strict=True))


def colour_map(name: str) -> Any:
    """Continuous colour map of seaborn by name: perceptually even, readable with any colour vision."""
    import seaborn as sns  # brings scipy.stats: two seconds of import that other figures need not pay

    return sns.color_palette(name, as_cmap=True)


def luminance(colour: Any) -> float:
    """Relative luminance of a colour, 0 black to 1 white (WCAG 2)."""
    parts = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in to_rgb(colour)]
    return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]


def ink_on(colour: Any) -> str:
    """Black or white, whichever stands out more on the colour (at least 4.5 to 1)."""
    value = luminance(colour)
    return "#000000" if (value + 0.05) / 0.05 >= 1.05 / (value + 0.05) else PAPER


def short(n: float) -> str:
    """A count, or a sum of weights, in at most four characters: 7, 0.4, 950, 1.2k, 25k."""
    if n < 9.95 and n != round(n):
        return f"{n:.1f}" if n >= 0.05 else "<0.1"
    if n < 1000:
        return f"{n:.0f}"
    return f"{n / 1000:.1f}k" if n < 9950 else f"{n / 1000:.0f}k"


def plural(n: int, one: str, many: str | None = None) -> str:
    """`1 record`, `2 records`, `1,234 records`."""
    return f"{n:,} {one if n == 1 else many or one + 's'}"
