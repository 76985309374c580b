"""The explorer driven in Python: a control's change changes the panes, exports are right, text stays text."""

from __future__ import annotations

import html
import re
from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd
import pytest
import rispy
import yaml
from synthetic_run import make_run
from synthetic_tables import modes as make_modes

from helpers.present import explore, pairgrid
from helpers.run.notebooks import find_notebooks
from helpers.run.settings import read_settings
from helpers.schemas import ARTICLE_METRICS, conform
from helpers.tabulate.prepared import Base, prepare_slices
from helpers.tabulate.slice import count_slice

pytest.importorskip("anywidget", reason="anywidget is not installed (extra `lab`)")
EVIL = '<img src=x onerror="alert(1)">'


@pytest.fixture(scope="module")
def tables() -> dict[str, pd.DataFrame]:
    made = make_run(500, 30, 8, seed=5)
    made["articles"]["title"] = EVIL
    made["articles"]["journal"] = EVIL
    return made


@pytest.fixture(scope="module")
def base(tables: dict[str, pd.DataFrame]) -> Base:
    return prepare_slices(
        tables["articles"],
        tables["mentions"],
        tables["evidence"],
        article_metrics=tables["article_metrics"],
    )


@pytest.fixture
def explorer(
    base: Base, tables: dict[str, pd.DataFrame], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> explore.Explorer:
    monkeypatch.setenv("ATLAS_HOME", str(tmp_path))
    return explore.Explorer(
        base, count_slice, run="trial", modes=make_modes(8), mentions=tables["mentions"], start={"top": 10}
    )


def panes(explorer: explore.Explorer) -> tuple[str, str, str]:
    return explorer.status.html, explorer.grid.html, explorer.claims.html


@pytest.mark.parametrize(
    ("control", "value"),
    [
        ("modes", ["apoptosis", "necrosis"]),
        ("genes", ["GENE7"]),
        ("years", (2010, 2015)),
        ("weighting", "primary"),
        ("weighting", "q1"),
        ("weighting", "percentile"),
        ("weighting", "fractional"),
        ("top", 5),
    ],
)
def test_a_control_changes_the_grid_and_the_sentence(
    explorer: explore.Explorer, control: str, value: Any
) -> None:
    """Every control but the view and the metric changes the counts, and a change back restores them."""
    before, old = panes(explorer), explorer.controls[control].value
    explorer.controls[control].value = value
    after = panes(explorer)
    assert after[0] != before[0]
    assert after[1] != before[1]
    explorer.controls[control].value = old
    assert panes(explorer) == before


def test_the_evidence_follows_genes_and_years(explorer: explore.Explorer) -> None:
    """The evidence table holds the chosen gene only, and only records of the years."""
    explorer.controls["genes"].value = ["GENE7"]
    assert set(re.findall(r"<td>(GENE\d+)</td>", explorer.claims.html)) == {"GENE7"}
    explorer.controls["years"].value = (2020, 2021)
    articles = explorer.chosen.articles
    assert set(articles["year"]) <= {2020, 2021}
    shown = set(re.findall(r"nlm\.nih\.gov/(\d+)/", explorer.claims.html))
    assert shown
    assert shown <= set(articles["pmid"])


def test_the_view_changes_the_drawing_not_the_numbers(explorer: explore.Explorer) -> None:
    """The dot plot has a dot for each count of the heat map, with the same tooltip; nothing is counted anew."""
    counted = explorer.chosen
    tips = re.findall(r'title="([^"]+)"', explorer.grid.html)
    explorer.controls["view"].value = "dot plot"
    assert 'class="dot"' in explorer.grid.html
    assert re.findall(r'title="([^"]+)"', explorer.grid.html) == tips
    assert explorer.chosen is counted


def test_a_click_shows_as_many_records_as_the_cell_counts(explorer: explore.Explorer) -> None:
    """The sentences of a picked cell are those of its records, with links to PubMed and DOI."""
    row = explorer.chosen.pairs.iloc[3]
    explorer.grid.picked = [row["gene"], row["mode"], "1"]
    said = explorer.sentences.html
    assert f"{row['gene']} × {row['mode']}: {row['n']:,} record" in said
    linked = set(re.findall(r'href="https://pubmed\.ncbi\.nlm\.nih\.gov/(\d+)/"', said))
    assert linked <= {record.removeprefix("pmid:") for record in row["records"].split("|")}
    assert "https://doi.org/10.5555/" in said
    assert explorer.grid.html.count('<td class="on"') == 1
    explorer.controls["genes"].value = [g for g in ("GENE1", "GENE2") if g != row["gene"]]
    assert "Click a count" in explorer.sentences.html


def test_text_of_records_is_never_markup(explorer: explore.Explorer) -> None:
    """Titles, journals and sentences with tags come out escaped in every pane."""
    row = explorer.chosen.pairs.iloc[0]
    explorer.pick(row["gene"], row["mode"])
    for pane in (explorer.claims, explorer.sentences, explorer.grid, explorer.status):
        assert "<script" not in pane.html
        assert "<img" not in pane.html
    assert html.escape(EVIL) in explorer.sentences.html
    assert "&lt;script&gt;" in explorer.claims.html


def test_a_gene_name_with_markup_is_escaped_in_the_grid(base: Base) -> None:
    """Labels and names pass through the same escape."""
    vocabulary = make_modes(8)
    vocabulary["label"] = EVIL
    chosen = count_slice(base, top=3)
    drawn = pairgrid.grid_html(chosen, vocabulary, view="heat")
    assert EVIL not in drawn
    assert html.escape(EVIL) in drawn


def test_a_choice_that_cannot_be_counted_is_told_and_leaves_the_picture(
    explorer: explore.Explorer,
) -> None:
    """An error of the counting stands in the status line; the grid stays."""
    before = explorer.grid.html
    explorer.count = lambda base, **choice: count_slice(base, **{**choice, "modes": ["nothing"]})
    explorer.refresh()
    assert "nothing" in explorer.status.html
    assert 'class="fault"' in explorer.status.html
    assert explorer.grid.html == before


@pytest.mark.parametrize(("weighting", "lacks"), [("q1", "quartile"), ("percentile", "percentile")])
def test_a_metric_without_quartiles_is_told(
    tables: dict[str, pd.DataFrame], weighting: str, lacks: str
) -> None:
    """Not "no gene and no mode": the sentence says what the metric lacks and what to do."""
    bare = tables["article_metrics"].assign(quartile=None, percentile=float("nan"))
    base = prepare_slices(
        tables["articles"],
        tables["mentions"],
        tables["evidence"],
        article_metrics=conform(bare, ARTICLE_METRICS),
    )
    assert explore.answer_slice(count_slice(base, weighting=weighting)) == (
        f"No record to count, all years: none has a {lacks} of CiteScore; take another metric or weighting."
    )


def test_the_exported_workbook_holds_the_selection(explorer: explore.Explorer, tmp_path: Path) -> None:
    """Choice, pairs, sentences and records stand in sheets of selection.xlsx; the status line offers it."""
    explorer.controls["genes"].value = ["GENE3"]
    explorer.buttons["xlsx"].click()
    path = tmp_path / "data" / "processed" / "trial" / "explore" / "selection.xlsx"
    book = openpyxl.load_workbook(path)
    assert book.sheetnames == ["contents", "selection", "gene_mode", "evidence", "articles", "dictionary"]
    assert book["gene_mode"].max_row - 1 == len(explorer.chosen.pairs)
    assert book["articles"].max_row - 1 == len(explorer.chosen.articles)
    said = dict(row for row in book["selection"].iter_rows(values_only=True))
    assert said["genes"] == "GENE3"
    assert "data/processed/trial/explore/selection.xlsx" in explorer.status.html
    assert 'download="selection.xlsx"' in explorer.status.html


def test_the_exported_references_are_those_behind_the_selection(
    explorer: explore.Explorer, tmp_path: Path
) -> None:
    """selection.ris lists each record once, with the pairs it supports as keywords."""
    explorer.controls["genes"].value = ["GENE3"]
    explorer.buttons["ris"].click()
    path = tmp_path / "data" / "processed" / "trial" / "explore" / "selection.ris"
    entries = rispy.loads(path.read_text(encoding="utf-8"))
    assert [entry["id"] for entry in entries] == sorted(explorer.chosen.articles["record_id"])
    assert all(word.startswith("GENE3 × ") for entry in entries for word in entry["keywords"])


def test_the_exported_run_file_is_a_run_of_notebook_09(
    base: Base, tables: dict[str, pd.DataFrame], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`atlas run` accepts selection.yml, and its parameters count to the same selection."""
    chosen = count_slice(base, modes=["apoptosis"], first_year=2012, weighting="fractional", top=12)
    choice = {"modes": ["apoptosis"], "genes": [], "first_year": 2012, "last_year": None}
    choice |= {"weighting": "fractional", "metric": "CiteScore", "top": 12}
    path = explore.takeaway.export_settings("trial", tmp_path, choice)
    settings = read_settings(path)
    assert settings.name == "trial-selection"
    assert settings.notebooks == ("09_explore",)
    assert settings.parameters["based_on"] == "trial"
    names = {parameter.name for parameter in find_notebooks()["09_explore"].parameters} - {"run", "based_on"}
    given = {key: value for key, value in settings.parameters.items() if key in names}
    assert given == choice
    assert count_slice(base, **given).pairs.equals(chosen.pairs)
    assert yaml.safe_load(path.read_text(encoding="utf-8"))["notebooks"] == ["09_explore"]


def test_without_a_front_end_one_sentence_stands_in_place(
    base: Base, tables: dict[str, pd.DataFrame], capsys: pytest.CaptureFixture[str]
) -> None:
    """papermill, nbval and the report get a sentence, not widget state."""
    assert not explore.has_widgets()
    explore.show_explorer(
        base, count_slice, run="trial", modes=make_modes(8), mentions=tables["mentions"], start={}
    )
    assert "JupyterLab" in capsys.readouterr().out


def test_the_widget_cell_stays_out_of_report_and_comparison() -> None:
    """The cell that shows widgets is tagged so, and no widget state is committed."""
    book = find_notebooks()["09_explore"]
    cell = next(cell for cell in book.cells if "show_explorer(" in cell.source)
    assert {"remove-cell", "nbval-ignore-output"} <= set(cell.tags)
    text = book.path.read_text(encoding="utf-8")
    assert "widget-view" not in text
    assert "widget-state" not in text
