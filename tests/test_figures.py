"""Figures say what their tables say, fit the column they are made for, and come out byte for byte alike."""

from __future__ import annotations

import base64
import functools
import io
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any
from unittest.mock import patch

import matplotlib as mpl
import numpy as np
import pandas as pd
import pytest
import synthetic_tables as synthetic
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.collections import PathCollection
from matplotlib.figure import Figure
from matplotlib.text import Text
from PIL import Image

from helpers import schemas
from helpers.present import figures, files, shared, style

Draw = Callable[[float], Figure]
METRICS = ("CiteScore", "SJR", "JIF", "2yr_mean_citedness", "RCR")


def drawings(genes: int, n_modes: int) -> dict[str, Draw]:
    modes, pairs = synthetic.modes(), synthetic.gene_mode(genes, n_modes)
    claims = synthetic.evidence(60 if genes < 10 else 400, genes=min(genes, 40), n_modes=n_modes)
    named = synthetic.mentions(claims)
    metrics = synthetic.article_metrics(sorted(claims["record_id"].unique()))
    return {
        "heatmap": lambda w: figures.draw_heatmap(pairs, modes, top=60, width=w),
        "dots": lambda w: figures.draw_dots(pairs, modes, top=60, width=w),
        "directions": lambda w: figures.draw_directions(claims, width=w),
        "years": lambda w: figures.draw_modes_over_years(synthetic.trends(n_modes), modes, width=w),
        "shared": lambda w: figures.draw_shared_genes(pairs, modes, width=w),
        "journal": lambda w: figures.draw_journal_metric(metrics, named, modes, width=w),
        "metrics": lambda w: figures.draw_metric_panels(
            synthetic.mode_journal(n_modes, METRICS[: 1 if genes == 5 else 5]), modes, width=w
        ),
        "gaps": lambda w: figures.draw_gaps(
            synthetic.gaps(pairs, genes, n_modes), pairs, modes, top=60, width=w
        ),
        "flow": lambda w: figures.draw_flow(synthetic.flow(), width=w),
        "profile": lambda w: figures.draw_profile(
            pairs[pairs["gene"] == "GENE1"], profile_years(n_modes), modes, name="GENE1", width=w
        ),
        "intervals": lambda w: figures.draw_intervals(pairs, modes, width=w),
        "ranks": lambda w: figures.draw_rank_shift(synthetic.rankings(max(genes, 5)), width=w),
        "therapies": lambda w: figures.draw_therapies(
            synthetic.target_therapy(), modes, synthetic.therapies(), width=w
        ),
        "modemap": lambda w: figures.draw_mode_map(synthetic.mode_mode(n_modes), modes, width=w),
    }


def profile_years(n_modes: int) -> pd.DataFrame:
    return synthetic.trends(n_modes)[["concept", "year", "n"]].rename(columns={"concept": "mode"})


FIGURES = sorted(drawings(5, 3))


def texts(figure: Figure) -> list[str]:
    found = [t.get_text() for t in figure.findobj(Text)]
    return [text for text in found if text.strip()]


def unseen(figure: Figure) -> set[Text]:
    """Labels of ticks beyond the ends of their axis, which are never drawn."""
    found: set[Text] = set()
    for axes in figure.axes:
        for axis in (axes.xaxis, axes.yaxis):
            low, high = sorted(axis.get_view_interval())
            for tick in axis.get_major_ticks():
                if not (axes.axison and axis.get_visible() and low <= tick.get_loc() <= high):
                    found |= {tick.label1, tick.label2}
    return found


@style.styled
def boxes(figure: Figure) -> list[tuple[str, Any, float]]:
    """Texts as drawn, with their boxes in pixels and their angles."""
    canvas = FigureCanvasAgg(figure)
    canvas.draw()
    renderer = canvas.get_renderer()
    hidden, kept = unseen(figure), []
    for text in figure.findobj(Text):
        if text.get_text().strip() and text.get_visible() and text not in hidden:
            kept.append((text.get_text(), text.get_window_extent(renderer), text.get_rotation()))
    return kept


@functools.cache
def layout(name: str, genes: int, width: float) -> tuple[tuple[float, float], set[float], list[Any]]:
    """Size in mm, font sizes and placed texts of one figure; drawn once for several tests."""
    figure = drawings(genes, 3 if genes == 5 else 20)[name](width)
    figure.set_dpi(100)
    sizes = {t.get_fontsize() for t in figure.findobj(Text) if t.get_text().strip()}
    placed = [(t, b.x0, b.y0, b.x1, b.y1, angle) for t, b, angle in boxes(figure)]
    return style.figure_mm(figure), sizes, placed


CASES = [(5, style.DOUBLE), (60, style.SINGLE), (60, style.DOUBLE)]


@pytest.mark.parametrize("name", FIGURES)
@pytest.mark.parametrize(("genes", "width"), CASES)
def test_no_text_leaves_the_figure(name: str, genes: int, width: float) -> None:
    """With 5 genes and with 60, at one column and at two, every text is inside the figure."""
    (wide, tall), _, placed = layout(name, genes, width)
    right, top = wide / 25.4 * 100, tall / 25.4 * 100
    assert [
        text for text, *box in placed if min(box[:2]) < -1 or box[2] > right + 1 or box[3] > top + 1
    ] == []


@pytest.mark.parametrize("name", FIGURES)
@pytest.mark.parametrize(("genes", "width"), CASES)
def test_no_text_covers_another(name: str, genes: int, width: float) -> None:
    """With 5 genes and with 60, at one column and at two, no label lies on another."""
    _, _, placed = layout(name, genes, width)
    level = [row for row in placed if row[5] in (0.0, 90.0)]
    x0, y0, x1, y1 = (np.array([row[k] for row in level]) for k in range(1, 5))
    across = np.minimum.outer(x1, x1) - np.maximum.outer(x0, x0)
    along = np.minimum.outer(y1, y1) - np.maximum.outer(y0, y0)
    least = 0.3 * np.minimum.outer(y1 - y0, y1 - y0)
    hits = np.argwhere(np.triu((across > 1) & (along > least), k=1))
    assert [(level[a][0], level[b][0]) for a, b in hits] == []


@pytest.mark.parametrize("name", FIGURES)
@pytest.mark.parametrize("width", [style.SINGLE, style.DOUBLE])
def test_figure_keeps_to_its_column_and_to_six_points(name: str, width: float) -> None:
    """No figure is wider than the column asked for, taller than a page, or set smaller than 6 pt."""
    (wide, tall), sizes, _ = layout(name, 60, width)
    assert wide <= width + 0.01
    assert tall <= 297
    assert min(sizes) >= 6


@pytest.mark.parametrize("name", FIGURES)
def test_figure_says_its_n(name: str) -> None:
    """The number behind a figure stands in the figure."""
    assert any("n = " in text for text in texts(drawings(5, 3)[name](style.DOUBLE)))


@pytest.mark.parametrize("name", FIGURES)
def test_same_tables_give_same_bytes(name: str) -> None:
    """Drawn twice from the same tables, a figure is the same to the byte."""
    draw = drawings(5, 3)[name]
    assert files.render(draw(style.SINGLE), "svg") == files.render(draw(style.SINGLE), "svg")


def test_heatmap_prints_each_count() -> None:
    """Every count of the table stands in the heat map, and no other number does."""
    pairs = synthetic.gene_mode(5, 3)
    figure = figures.draw_heatmap(pairs, synthetic.modes(), width=style.DOUBLE)
    written = sorted(t.get_text() for t in figure.axes[0].texts if t.get_text().isdigit())
    assert written == sorted(str(n) for n in pairs["n"])


def test_dot_area_is_proportional_to_records() -> None:
    """A dot with four times the records has four times the area."""
    pairs = synthetic.gene_mode(2, 1)
    pairs["n"] = [400, 100]
    figure = figures.draw_dots(pairs, synthetic.modes(), width=style.DOUBLE)
    dots = next(c for c in figure.axes[0].collections if isinstance(c, PathCollection))
    largest, other = dots.get_sizes()
    assert largest / other == pytest.approx(4)


def test_ring_marks_pairs_below_the_level_only() -> None:
    """The black ring stands on q < 0.05, grey on pairs that were not tested."""
    pairs = synthetic.gene_mode(3, 1)
    pairs["q"] = [0.01, 0.2, np.nan]
    pairs["n"] = [30, 20, 10]
    figure = figures.draw_dots(pairs, synthetic.modes(), width=style.DOUBLE)
    dots, rings, *_ = (c for c in figure.axes[0].collections if isinstance(c, PathCollection))
    assert mpl.colors.to_hex(rings.get_edgecolors()[0]) == style.INK
    assert rings.get_offsets()[:, 1].tolist() == [0.0]
    assert rings.get_sizes()[0] ** 0.5 - rings.get_linewidths()[0] == pytest.approx(
        dots.get_sizes()[0] ** 0.5
    )
    assert mpl.colors.to_hex(dots.get_facecolors()[2]) == style.FAINT


def test_each_record_votes_once_for_a_direction() -> None:
    """Two sentences of one record that agree count once; two that disagree make it conflicting."""
    row = (
        synthetic.evidence(20)
        .iloc[[0]]
        .assign(
            gene="GENE1", assertion="finding", effect_on_mode="none stated", effect_on_therapy="resistance"
        )
    )
    claims = pd.concat(
        [
            row.assign(record_id="pmid:1", sentence=0),
            row.assign(record_id="pmid:1", sentence=1),
            row.assign(record_id="pmid:2", sentence=0),
            row.assign(record_id="pmid:2", sentence=1, effect_on_therapy="sensitising"),
            row.assign(record_id="pmid:3", assertion="negated"),
        ]
    )
    counts = figures.count_directions(claims).set_index("question").loc["effect_on_therapy"]
    assert (counts["left"], counts["right"], counts["conflicting"], counts["n"]) == (0, 1, 1, 2)


def test_incomplete_year_is_hatched() -> None:
    """The year still running is drawn apart and the note says so."""
    figure = figures.draw_modes_over_years(synthetic.trends(2), synthetic.modes())
    bars = figure.axes[0].patches
    assert [bar.get_hatch() is not None for bar in bars].count(True) == 1
    assert any("2026, incomplete" in text for text in texts(figure))


def test_growth_of_few_records_is_said_to_be_too_few() -> None:
    """A panel without a growth says so in words."""
    figure = figures.draw_modes_over_years(synthetic.trends(5), synthetic.modes())
    assert sum("too few" in text for text in texts(figure)) == 4


def test_shared_genes_are_counted_by_exact_combination() -> None:
    """A gene counts for the exact set of modes it is named with, once."""
    pairs = pd.DataFrame(
        {"gene": ["A", "A", "B", "C", "C"], "mode": ["x", "y", "x", "x", "y"], "n": [1, 2, 5, 1, 1]}
    ).assign(q=None, ic_low=-1.0)
    table = figures.count_shared_genes(pairs).set_index("modes")
    assert table.loc["x|y", "genes"] == "A|C"
    assert table.loc["x", "n_genes"] == 1
    assert table["n_genes"].sum() == 3


def test_with_enough_associated_pairs_only_they_share_genes() -> None:
    """Twelve genes named with both modes, associated with one: none is shared; with nine pairs the rest counts."""
    names = [f"GENE{i}" for i in range(12)]
    pairs = pd.DataFrame({"gene": names * 2, "mode": ["x"] * 12 + ["y"] * 12, "n": 5})
    pairs = pairs.assign(q=[0.01] * 12 + [0.5] * 12, ic_low=1.0)
    assert figures.count_shared_genes(pairs)["modes"].tolist() == ["x"]
    few = pairs.assign(q=[0.01] * 9 + [0.5] * 15)
    assert figures.count_shared_genes(few)["modes"].tolist() == ["x|y"]
    assert "record or more" in shared.find_linked(few)[1]
    assert shared.find_linked(pairs.assign(ic_low=-1.0))[0]["mode"].nunique() == 2


def test_mode_with_few_values_has_words_and_no_box() -> None:
    """Below the least number of records a mode gets its points and "too few", no box."""
    claims = synthetic.evidence(40, n_modes=2)
    named = synthetic.mentions(claims)
    metrics = synthetic.article_metrics(sorted(claims["record_id"].unique()))
    figure = figures.draw_journal_metric(metrics, named, synthetic.modes(), min_records=10_000)
    assert "too few" in texts(figure)
    assert not list(figure.axes[0].patches)


@pytest.mark.parametrize("given", [1, 3, 5])
def test_each_metric_has_a_panel_and_the_others_are_named(given: int) -> None:
    """One panel per metric with a median, modes in one order; the usual ones without are said, not drawn."""
    figure = figures.draw_metric_panels(synthetic.mode_journal(6, METRICS[:given]), synthetic.modes())
    assert len(figure.axes) == given
    note = " ".join(texts(figure))
    assert ("No or too few values in this run" in note) == (given < 5)
    assert ("RCR (article)." in note) == (given < 5)
    assert texts(figure).count("apoptosis") == 1
    assert "alkaliptosis" not in note


def test_gap_map_writes_observed_over_expected() -> None:
    """A gap's cell holds what was observed and expected, as its table says."""
    pairs = synthetic.gene_mode(5, 3)
    gaps = synthetic.gaps(pairs, 5, 3)
    figure = figures.draw_gaps(gaps, pairs, synthetic.modes())
    row = gaps.iloc[0]
    digits = 0 if row["expected"] >= 10 else 1
    assert f"{row['observed']}/{row['expected']:.{digits}f}" in texts(figure)


def test_flow_boxes_hold_the_counts() -> None:
    """Each step's remaining and dropped records stand in the diagram."""
    shown = " ".join(texts(figures.draw_flow(synthetic.flow())))
    for number in ("25,310", "25,001", "18,000", "14,210", "309", "7,001", "3,790"):
        assert number in shown


def test_untested_pair_has_words_for_its_odds_ratio() -> None:
    """Where no odds ratio was computed the forest plot says "too few"."""
    pairs = synthetic.gene_mode(3, 2)
    pairs.loc[:1, ["odds_ratio", "or_low", "or_high", "q"]] = np.nan
    figure = figures.draw_intervals(pairs, synthetic.modes())
    assert texts(figure).count("too few") == int(pairs["odds_ratio"].isna().sum())


@pytest.mark.parametrize(
    ("name", "draw"),
    [
        ("heatmap", lambda m: figures.draw_heatmap(schemas.GENE_MODE.empty(), m)),
        ("dots", lambda m: figures.draw_dots(schemas.GENE_MODE.empty(), m)),
        ("directions", lambda m: figures.draw_directions(schemas.EVIDENCE.empty())),
        ("years", lambda m: figures.draw_modes_over_years(schemas.TRENDS.empty(), m)),
        ("shared", lambda m: figures.draw_shared_genes(schemas.GENE_MODE.empty(), m)),
        (
            "journal",
            lambda m: figures.draw_journal_metric(
                schemas.ARTICLE_METRICS.empty(), schemas.MENTIONS.empty(), m
            ),
        ),
        ("metrics", lambda m: figures.draw_metric_panels(schemas.MODE_JOURNAL.empty(), m)),
        ("gaps", lambda m: figures.draw_gaps(schemas.GAPS.empty(), schemas.GENE_MODE.empty(), m)),
        ("flow", lambda m: figures.draw_flow(schemas.FLOW.empty())),
        ("intervals", lambda m: figures.draw_intervals(schemas.GENE_MODE.empty(), m)),
        ("ranks", lambda m: figures.draw_rank_shift(synthetic.rankings().iloc[:0])),
        (
            "therapies",
            lambda m: figures.draw_therapies(synthetic.target_therapy().iloc[:0], m, synthetic.therapies()),
        ),
        ("modemap", lambda m: figures.draw_mode_map(synthetic.mode_mode().iloc[:0], m)),
    ],
)
def test_empty_table_gives_a_sentence_not_an_empty_panel(
    name: str, draw: Callable[[pd.DataFrame], Figure]
) -> None:
    """Without rows a figure says in words why there is nothing to draw."""
    figure = draw(synthetic.modes())
    assert len(texts(figure)) >= 2
    assert all(len(axes.get_children()) == 0 for axes in figure.axes)


def test_text_from_records_is_never_read_as_mathematics() -> None:
    """A label with dollar signs and a stray brace is drawn as it is."""
    flow = synthetic.flow().assign(why="a $x_{$ b")
    flow["dropped"] = [0, 309, 7001, 3790]
    assert files.render(figures.draw_flow(flow), "png")


def test_saved_figure_has_five_files_of_fixed_bytes(tmp_path: Path) -> None:
    """SVG, PNG at 300 dpi, PDF, numbers and legend stand beside one another, without dates or versions."""
    pairs = synthetic.gene_mode(5, 3)
    for folder in (tmp_path / "a", tmp_path / "b"):
        figure = figures.draw_heatmap(pairs, synthetic.modes(), width=style.SINGLE)
        figures.save_figure(figure, folder, "heatmap", table=pairs, caption="Records. n = 3.")
        figures.zip_figures(folder)
        (folder / "explore_dots.png").write_bytes(b"drawn while exploring")
        packed = zipfile.ZipFile(figures.zip_figures(folder)).namelist()
        (folder / "explore_dots.png").unlink()
        assert packed == [f"heatmap.{e}" for e in ("csv", "pdf", "png", "svg", "txt")]
    names = sorted(path.name for path in (tmp_path / "a").iterdir())
    assert names == ["figures.zip", *(f"heatmap.{e}" for e in ("csv", "pdf", "png", "svg", "txt"))]
    for name in names:
        assert (tmp_path / "a" / name).read_bytes() == (tmp_path / "b" / name).read_bytes(), name
    with Image.open(tmp_path / "a" / "heatmap.png") as image:
        assert image.info["dpi"] == pytest.approx((300, 300), abs=0.1)
        assert image.width == pytest.approx(85 / 25.4 * 300, abs=1)
        assert "Software" not in image.info
    svg = (tmp_path / "a" / "heatmap.svg").read_text(encoding="utf-8")
    assert "<dc:date>" not in svg
    assert b"CreationDate" not in (tmp_path / "a" / "heatmap.pdf").read_bytes()


def test_drawing_leaves_the_users_settings_alone() -> None:
    """A user's rcParams are neither used nor changed."""
    with mpl.rc_context({"font.size": 40, "axes.facecolor": "red"}):
        draw = drawings(5, 3)["heatmap"]
        loud = files.render(draw(style.SINGLE), "png")
        assert mpl.rcParams["font.size"] == 40
    assert loud == files.render(drawings(5, 3)["heatmap"](style.SINGLE), "png")


def test_shown_figure_carries_its_alternative_text() -> None:
    """In a notebook the picture comes with alt text, which is also its text output."""
    figure = figures.draw_flow(synthetic.flow())
    with patch("IPython.display.display") as display:
        figures.show_figure(figure, "Flow of 25,310 records.")
    (bundle,), keywords = display.call_args
    assert bundle["text/plain"] == "Flow of 25,310 records."
    assert keywords["metadata"]["image/png"]["alt"] == "Flow of 25,310 records."
    assert Image.open(io.BytesIO(base64.b64decode(bundle["image/png"]))).format == "PNG"


def test_a_record_in_several_ribbons_is_counted_once_in_each_box():
    """The number beside a therapy, target or mode is of records, not of ribbons; therapies have their label."""
    rows = pd.DataFrame(
        [
            ("GENE1", "therapy 1", "apoptosis", 2, "resistance", "pmid:1|pmid:2"),
            ("GENE1", "therapy 1", "autophagy", 1, "resistance", "pmid:1"),
        ],
        columns=["gene", "therapy", "mode", "n_linked", "therapy_direction", "linked"],
    )
    figure = figures.draw_therapies(rows, synthetic.modes(), synthetic.therapies())
    written = {text.get_text() for text in figure.findobj(Text)}
    assert {"GENE1 2", "Therapy 1 2", "Apoptosis 2"} <= {word[:1].upper() + word[1:] for word in written}


def test_ribbons_beyond_the_largest_are_pale() -> None:
    """Of sixty pairs of target and therapy the forty in most records keep their colour, and the note says so."""
    rows = pd.DataFrame(
        [
            (f"GENE{g}", f"therapy {t}", None, 1 + g * 5 + t, "resistance", f"pmid:{g}{t}")
            for g in range(12)
            for t in range(5)
        ],
        columns=["gene", "therapy", "mode", "n_linked", "therapy_direction", "linked"],
    )
    figure = figures.draw_therapies(rows, synthetic.modes(), synthetic.therapies())
    left = figure.axes[0].patches[:60]
    assert [patch.get_alpha() for patch in left].count(0.12) == 20
    assert any("beyond the 40 largest" in text for text in texts(figure))


def test_targets_shared_by_modes_never_named_together_are_drawn() -> None:
    """A pair of modes that no record names has no dot, and still the number of its targets."""
    table = synthetic.mode_mode(3)
    table.loc[table.index[0], ["n", "genes_shared"]] = [0, 17]
    figure = figures.draw_mode_map(table, synthetic.modes())
    assert "17" in texts(figure)


def test_running_year_of_a_dossier_is_hatched() -> None:
    """Of a target's years only the running one is hatched, in every mode."""
    pairs, years = synthetic.gene_mode(5, 3), profile_years(2)
    own = pairs[pairs["gene"] == "GENE1"]
    figure = figures.draw_profile(own, years, synthetic.modes(), name="GENE1", current_year=2026)
    hatched = [bar for bar in figure.axes[1].patches if bar.get_hatch()]
    assert hatched
    assert all(round(bar.get_x() + bar.get_width() / 2) == 2026 for bar in hatched)
    assert any("2026, incomplete" in text for text in texts(figure))


def test_ranks_are_drawn_as_the_table_has_them_where_targets_tie() -> None:
    """Synthetic: three targets of rank 2 stand one below the other, each labelled 2, and no move is made of it."""
    ranks = {"G1": 1, "G2": 2, "G3": 2, "G4": 2, "G5": 5}
    table = pd.DataFrame({"gene": list(ranks), "rank": list(ranks.values())})
    table = table.assign(mode="any", score=1.0, n_weighted=1, shift=0)
    rows = pd.concat([table.assign(weighting="all"), table.assign(weighting="primary")])
    figure = figures.draw_rank_shift(rows)
    written = [text.get_text() for text in figure.findobj(Text)]
    assert {f"{gene} {rank}" for gene, rank in ranks.items()} <= set(written)
    assert {f"{rank} {gene}" for gene, rank in ranks.items()} <= set(written)
    assert "0 of the 5 drawn move" in " ".join(" ".join(written).split())
