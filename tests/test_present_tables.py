"""Tables for people: in notebooks, and in workbooks that a spreadsheet cannot be tricked with."""

from __future__ import annotations

import zipfile
from pathlib import Path
from unittest.mock import patch

import openpyxl
import pandas as pd
import pytest
import synthetic_tables as synthetic

from helpers.errors import ParseError
from helpers.present import tables, workbook
from helpers.schemas import TABLES

FORMULAS = ['=HYPERLINK("http://x","y")', "+1+1", "-2+3", "@SUM(A1)", "\t=1", "plain"]


def test_formula_in_a_title_stays_text(tmp_path: Path) -> None:
    """Whatever a cell begins with, it is stored as text, and stays text when the cell is edited."""
    frame = pd.DataFrame({"title": FORMULAS})
    path = workbook.write_workbook({"titles": frame}, tmp_path / "t.xlsx")
    sheet = openpyxl.load_workbook(path)["titles"]
    for row, text in zip(sheet.iter_rows(min_row=2), FORMULAS, strict=True):
        assert row[0].data_type == "s"
        assert row[0].value == text
        assert row[0].quotePrefix is (text != "plain")
    with zipfile.ZipFile(path) as archive:
        assert not any(b"<f>" in archive.read(name) for name in archive.namelist() if "sheet" in name)


def test_workbook_holds_contents_tables_and_dictionary(tmp_path: Path) -> None:
    """Every table is a sheet; every column of every sheet is explained."""
    pairs = synthetic.gene_mode(3, 2)
    path = workbook.write_workbook({"gene_mode": pairs, "flow": synthetic.flow()}, tmp_path / "t.xlsx")
    book = openpyxl.load_workbook(path)
    assert book.sheetnames == ["contents", "gene_mode", "flow", "dictionary"]
    assert book["gene_mode"].freeze_panes == "A2"
    assert book["gene_mode"].max_row == len(pairs) + 1
    explained = [(row[0], row[1]) for row in book["dictionary"].iter_rows(min_row=2, values_only=True)]
    assert explained == [("gene_mode", c.name) for c in TABLES["gene_mode"].columns] + [
        ("flow", c.name) for c in TABLES["flow"].columns
    ]


def test_numbers_and_blanks_keep_their_kind(tmp_path: Path) -> None:
    """Numbers are numbers, identifiers are text, missing is blank."""
    frame = pd.DataFrame({"pmid": ["007"], "n": pd.array([3], dtype="Int64"), "q": [None], "flag": [True]})
    sheet = openpyxl.load_workbook(workbook.write_workbook({"t": frame}, tmp_path / "t.xlsx"))["t"]
    assert [cell.value for cell in sheet[2]] == ["007", 3, None, True]


def test_same_tables_give_the_same_workbook(tmp_path: Path) -> None:
    """Written twice, the workbook is the same to the byte."""
    written = [
        workbook.write_workbook({"flow": synthetic.flow()}, tmp_path / name).read_bytes()
        for name in ("a.xlsx", "b.xlsx")
    ]
    assert written[0] == written[1]


def test_cut_rows_are_told(tmp_path: Path) -> None:
    """A sheet that does not hold all rows says so on the first sheet."""
    frame = pd.DataFrame({"n": range(50)})
    book = openpyxl.load_workbook(workbook.write_workbook({"t": frame}, tmp_path / "t.xlsx", max_rows=10))
    assert list(book["contents"].iter_rows(min_row=2, max_col=3, values_only=True)) == [("t", 50, 10)]
    assert book["t"].max_row == 11


def test_records_link_to_pubmed(tmp_path: Path) -> None:
    """A record id in a sheet leads to its page."""
    sheet = openpyxl.load_workbook(
        workbook.write_workbook(
            {"t": pd.DataFrame({"record_id": ["pmid:12", "local:x"]})}, tmp_path / "t.xlsx"
        )
    )["t"]
    assert sheet["A2"].hyperlink.target == "https://pubmed.ncbi.nlm.nih.gov/12/"
    assert sheet["A3"].hyperlink is None


@pytest.fixture
def sheet(tmp_path: Path) -> Path:
    """A review sheet of three synthetic rows, the first two marked."""
    sample = pd.DataFrame({"record_id": ["pmid:1", "pmid:2", "pmid:3"], "text": ["=a", "b", "c"]})
    path = workbook.write_review(
        sample.assign(mode_right=None), tmp_path / "review.xlsx", questions=["mode_right"]
    )
    book = openpyxl.load_workbook(path)
    for row, mark in ((2, "yes"), (3, "no")):
        book.active.cell(row, 3).value = mark
    book.save(path)
    return path


def test_marks_are_read_back(sheet: Path) -> None:
    """Rows come back with their key and mark; a blank cell is missing."""
    marks = workbook.read_review(sheet)
    assert marks["record_id"].tolist() == ["pmid:1", "pmid:2", "pmid:3"]
    assert marks["mode_right"].tolist()[:2] == ["yes", "no"]
    assert marks["mode_right"].isna().tolist() == [False, False, True]
    assert marks["text"].iloc[0] == "=a"


def test_sentences_of_the_sheet_are_wrapped(sheet: Path) -> None:
    """A sentence is read whole without moving sideways, one that looks like a formula too."""
    page = openpyxl.load_workbook(sheet).active
    assert [page.cell(row, 2).alignment.wrap_text for row in (2, 3)] == [True, True]
    assert page.cell(2, 2).quotePrefix


def test_marked_sheet_is_never_overwritten(sheet: Path) -> None:
    """Drawing the sample anew leaves a sheet with marks as it is."""
    before = sheet.read_bytes()
    other = pd.DataFrame({"record_id": ["pmid:9"], "mode_right": [None]})
    workbook.write_review(other, sheet, questions=["mode_right"])
    assert sheet.read_bytes() == before


def test_file_that_is_no_sheet_is_refused(tmp_path: Path) -> None:
    """A text file with the ending of a workbook gives one sentence."""
    path = tmp_path / "x.xlsx"
    path.write_text("no", encoding="utf-8")
    with pytest.raises(ParseError, match="not a readable xlsx"):
        workbook.read_review(path)


def test_table_text_is_escaped_and_linked() -> None:
    """Cells are escaped; a count of a pair leads to its sentences, a record to PubMed."""
    frame = pd.DataFrame(
        {"gene": ["GPX4"], "mode": ["ferroptosis"], "n": [1234], "title": ["<b>x"], "record_id": ["pmid:7"]}
    )
    html = tables.table_html(frame)
    assert '<a href="#ev-GPX4-ferroptosis">1,234</a>' in html
    assert "&lt;b&gt;x" in html
    assert '<a href="https://pubmed.ncbi.nlm.nih.gov/7/">PMID 7</a>' in html
    assert 'data-v="1234"' in html
    assert html.count('scope="col"') == 5


def test_long_table_says_what_it_leaves_out() -> None:
    """Rows beyond the limit are counted and the file that holds them is named; text and HTML agree."""
    with patch("IPython.display.display") as display:
        tables.show_table(pd.DataFrame({"n": range(30)}), max_rows=10, source="tables/x.csv")
    bundle = display.call_args.args[0]
    assert "10 of 30 rows; all in tables/x.csv" in bundle["text/html"]
    assert "10 of 30 rows; all in tables/x.csv" in bundle["text/plain"]


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, "–"),
        (float("nan"), "–"),
        (0.0, "0.00"),
        (1234, "1,234"),
        (-0.123456, "−0.12"),
        (1e-9, "1.0e−09"),
        (True, "yes"),
        ("a|b", "a, b"),
    ],
)
def test_values_are_written_the_same_everywhere(value: object, text: str) -> None:
    """Missing is a dash, never 0; floats have the digits that count."""
    assert tables.plain(value) == text
