"""Tables made on demand, what changes an item of a batch, the search of a run, pages and lists of a batch."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import nbformat
import openpyxl
import pandas as pd
import pytest
from IPython.core.interactiveshell import InteractiveShell
from IPython.utils.capture import capture_output
from synthetic_run import make_run

from helpers import storage
from helpers.annotate.review import MARKS
from helpers.errors import RunError, UsageError
from helpers.present.exports import write_exports
from helpers.present.gallery import render_gallery, render_page
from helpers.present.listing import show_evidence, show_files
from helpers.run import search, steps, whole
from helpers.run.items import items_digest
from helpers.run.notebooks import find_notebooks
from helpers.run.review import offer_review, read_marked
from helpers.schemas import TABLES

ROOT = Path(__file__).resolve().parents[1]


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Synthetic project: real vocabulary and notebooks, a run `made` of 40 records."""
    shutil.copytree(ROOT / "data" / "raw" / "terms", tmp_path / "data" / "raw" / "terms")
    (tmp_path / "notebooks").symlink_to(ROOT / "notebooks")
    monkeypatch.setenv("ATLAS_HOME", str(tmp_path))
    for name, frame in ({name: table.empty() for name, table in TABLES.items()} | make_run(40, 6, 4)).items():
        storage.write_table("made", name, frame)
    storage.write_json(storage.run_folder("made", "run.json"), {"name": "made", "finished": "2026-01-01"})
    return tmp_path


def test_a_table_that_stands_is_read_without_a_run(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No process is started for it."""
    monkeypatch.setattr(subprocess, "run", None)
    assert len(steps.read_table("made", "articles")) == 40


def test_a_table_of_an_unknown_run_is_refused(home: Path) -> None:
    """The file that would say how to make it is named."""
    with pytest.raises(UsageError, match=r"no table 'gaps' and no other\.yml in notebooks/runs"):
        steps.read_table("other", "gaps")


def test_a_failing_maker_is_told_with_its_last_line(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A notebook opened alone says why the notebooks before it failed."""

    def fail(command: list[str], **_: Any) -> subprocess.CompletedProcess[str]:
        return subprocess.CompletedProcess(command, 1, "", "noise\natlas: 02_build_corpus, cell 3: no copper")

    monkeypatch.setattr(subprocess, "run", fail)
    with pytest.raises(RunError, match="02_build_corpus, cell 3: no copper"):
        steps.read_table("seed", "gaps")


def test_a_new_record_of_one_gene_changes_its_item_alone(home: Path) -> None:
    """And the order of the items does not matter."""
    book = find_notebooks()["07_target_dossier"]
    items = [{"run": "made", "gene": gene} for gene in ("GENE0", "GENE1", "GENE2", "ZEB1")]
    before = items_digest(book, items)
    assert items_digest(book, items[::-1]) == before[::-1]
    assert before[3] == "absent"
    evidence = storage.read_table("made", "evidence")
    row = evidence[evidence["gene"] == "GENE1"].head(1).assign(sentence=99)
    storage.write_table("made", "evidence", pd.concat([evidence, row], ignore_index=True))
    changed = [a != b for a, b in zip(before, items_digest(book, items), strict=True)]
    assert changed == [False, True, False, False]


def test_a_run_without_a_query_searches_nothing(home: Path) -> None:
    """No network is asked for; a reversed span of years and an unknown mode are mistakes."""
    assert search.run_search("made").empty
    with pytest.raises(UsageError):
        search.run_search("made", modes=["ferroptosis"], first_year=2025, last_year=2020)
    with pytest.raises(UsageError, match="ferroptosis"):
        search.run_search("made", modes=["feroptosis"])


def test_an_unmarked_sheet_is_offered_and_read_back_as_nothing(home: Path) -> None:
    """No path: no precision; an absent path: refused by name."""
    assert read_marked("").empty
    with pytest.raises(UsageError, match=r"'absent\.xlsx' does not exist"):
        read_marked("absent.xlsx")
    assert (
        offer_review("made", pd.DataFrame({"text": ["=1+1"]} | dict.fromkeys(MARKS))).name
        == "review_sheet.xlsx"
    )


def test_corpus_commands_refuse_what_is_not_there(home: Path) -> None:
    """A pattern without a file, a corpus not built."""
    common = {"name": "pubmed", "workers": 1, "scheduler": None, "quiet": True}
    with pytest.raises(UsageError, match="no file matches"):
        whole.build(str(home / "none*.xml.gz"), **common)
    with pytest.raises(UsageError, match="was not built"):
        whole.annotate("panel", all_genes=True, **common)


def executed(path: Path, title: str) -> Path:
    cell = nbformat.v4.new_code_cell("1")
    cell.outputs = [nbformat.v4.new_output("display_data", {"text/markdown": f"# {title}: what is said?"})]
    path.parent.mkdir(parents=True, exist_ok=True)
    nbformat.write(nbformat.v4.new_notebook(cells=[cell]), path)
    return path


def test_a_page_lists_the_sentences_of_its_own_gene(home: Path) -> None:
    """Those of another gene do not stand there, and equal input gives equal bytes."""
    book = executed(home / "GENE1.ipynb", "GENE1")
    page = render_page(book, run="made", page=home / "GENE1.html", about={"gene": "GENE1"})
    first = page.read_bytes()
    assert b"GENE1" in first
    assert b"ev-GENE1-" in first
    assert b"ev-GENE0-" not in first
    render_page(book, run="made", page=page, about={"gene": "GENE1"})
    assert page.read_bytes() == first


def test_the_index_names_every_item_and_every_failure_harmlessly(home: Path) -> None:
    """Titles and causes are escaped."""
    book = executed(home / "x.ipynb", "<script>alert(1)</script>")
    index = render_gallery(
        "mine", {"x": book}, about={}, failed={"y": "y, cell 1: <b>"}, folder=home / "report"
    )
    html = index.read_text(encoding="utf-8")
    assert 'href="x.html"' in html
    assert "<script>alert" not in html
    assert "y, cell 1: &lt;b&gt;" in html


def test_the_small_figure_of_a_dossier_is_drawn_from_its_numbers(home: Path) -> None:
    """Bars for the five leading modes with their directions, the rest counted; a sentence where none is named."""
    modes = storage.read_terms()["modes"].head(7)[::-1].reset_index(drop=True)
    pairs = pd.DataFrame({"mode": modes["mode"], "n": range(10, 80, 10), "direction": "none stated"})
    pairs.loc[6, "direction"] = "conflicting"
    for gene, rows in (("GENE1", pairs), ("GENE2", pairs.head(0))):
        numbers = storage.run_folder("made", "figures", f"dossier_gene_{gene}.csv")
        storage.write_bytes(numbers, storage.to_csv(rows))
    books = {gene: executed(home / f"{gene}.ipynb", gene) for gene in ("GENE1", "GENE2")}
    about = {gene: {"gene": gene} for gene in books}
    index = render_gallery("made", books, about=about, failed={}, folder=home / "report")
    html = index.read_text(encoding="utf-8")
    assert re.findall(r'<rect y="\d+" width="([\d.]+)"', html) == ["176.0", "150.9", "125.7", "100.6", "75.4"]
    assert f"{modes['label'][6]}, conflicting</text>" in html
    assert "<p>and 2 more modes</p>" in html
    assert "<p>No record names GENE2 with a mode.</p>" in html


def test_exports_leave_nothing_out_that_the_report_names(home: Path) -> None:
    """Workbook, three reference lists and metadata; figures.zip where there are figures."""
    names = {path.name for path in write_exports("made")}
    lists = {"references.ris", "references.bib", "references.json"}
    assert names == {"tables.xlsx", "ro-crate-metadata.json"} | lists
    figure = storage.run_folder("made", "figures", "one.svg")
    storage.write_bytes(figure, b"<svg/>")
    assert "figures.zip" in {path.name for path in write_exports("made")}


def test_a_table_that_is_no_result_of_the_run_stays_out_of_its_workbook(home: Path) -> None:
    """A comparison made by hand lies in the folder of the run, and the workbook is that of the run alone."""
    storage.write_table("made", "compare", TABLES["compare"].empty())
    names = [name for name in TABLES if name != "compare"]
    write_exports("made", names=names)
    workbook = openpyxl.load_workbook(storage.run_folder("made", "report", "tables.xlsx"))
    assert "gene_mode" in workbook.sheetnames
    assert "compare" not in workbook.sheetnames


def test_sentences_that_state_a_direction_come_first(home: Path) -> None:
    """The list of evidence opens with what says most; an empty one says so."""
    InteractiveShell.instance()
    evidence, articles = storage.read_table("made", "evidence"), storage.read_table("made", "articles")
    with capture_output() as shown:
        show_evidence(evidence, articles, max_rows=1)
        show_evidence(evidence.iloc[:0], articles)
        show_files("made", ["gaps"], figures=["one"])
    first, none, files = (output.data["text/html"] for output in shown.outputs)
    assert any(word in first for word in ("promotes", "inhibits", "resistance", "sensitising", "conflicting"))
    assert "No sentence links" in none
    assert "data/processed/made/tables/gaps.csv" in files
