"""Text of records is untrusted: whatever a title holds comes out harmless in pages, tables, sheets and figures."""

from __future__ import annotations

import json
import re
import shutil
import xml.etree.ElementTree as ET
from pathlib import Path

import lxml.html
import nbformat
import openpyxl
import pandas as pd
import pytest
from IPython.core.interactiveshell import InteractiveShell
from IPython.utils.capture import capture_output

from helpers import storage
from helpers.annotate.evidence import find_evidence
from helpers.annotate.lexicon import build_lexicon
from helpers.annotate.mentions import find_mentions
from helpers.present import answers, figures, listing, tables
from helpers.present.references import write_references
from helpers.present.report import render_report
from helpers.present.workbook import write_workbook
from helpers.records.references import parse_references
from helpers.schemas import TABLES
from helpers.tabulate.counts import count_gene_mode

ROOT = Path(__file__).resolve().parents[1]
HOSTILE = (
    "<script>alert(1)</script>",
    '=HYPERLINK("http://evil.example","x")',
    "<b>unbalanced <i>",
    "$\\frac{ $$ \\begin{",
    "\u202eright to left",
    "\x07\x1b[31m\x0b\ufffe control",
    "@SUM(A1)",
    "+1+1",
    "-2+3",
    "{{7*7}} {% raw %}",
    "](javascript:alert(1)) [x](javascript:alert(2)) ![y](http://evil.example/z.png)",
    "</td></tr></table><h1>Broken",
    "&lt;script&gt;alert(3)&lt;/script&gt;",
    '" onmouseover="alert(4)',
    "| pipe | cell ` `` ```",
    "# heading\n# heading",
)
CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ufffe\uffff]")
Frames = dict[str, pd.DataFrame]


@pytest.fixture(scope="module")
def hostile() -> Frames:
    """Synthetic records, one per piece of hostile text, through parsing, tagging and counting."""
    records = [
        {
            "id": f"h{i}",
            "type": "article-journal",
            "title": f"{text} GPX4 inhibits ferroptosis",
            "abstract": f"{text} Silencing GPX4 promoted ferroptosis in cisplatin-resistant cells {text}.",
            "container-title": f"{text} Journal",
            "author": [{"family": f"{text} Evil", "given": "A"}],
            "issued": {"date-parts": [[2018 + i % 6]]},
            "DOI": f"10.1000/h{i}",
        }
        for i, text in enumerate(HOSTILE)
    ]
    content = json.dumps(records).encode()
    articles = parse_references(content, name="h.json", source_name="hostile").articles
    lexicon = build_lexicon(storage.read_terms())
    mentions = find_mentions(articles, lexicon)
    evidence = find_evidence(articles, mentions, lexicon)
    pairs = count_gene_mode(articles, mentions, evidence)
    return {"articles": articles, "mentions": mentions, "evidence": evidence, "gene_mode": pairs}


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, hostile: Frames) -> Path:
    """A project folder that holds these tables as a run."""
    shutil.copytree(ROOT / "data" / "raw" / "terms", tmp_path / "data" / "raw" / "terms")
    monkeypatch.setenv("ATLAS_HOME", str(tmp_path))
    for name, frame in hostile.items():
        storage.write_table("hostile", name, frame)
    return tmp_path


def outputs_of(hostile: Frames) -> list[nbformat.NotebookNode]:
    """What a notebook shows of these records: tables, sentences, and text, as its kernel would send it."""
    InteractiveShell.instance()
    with capture_output() as shown:
        tables.show_table(
            hostile["articles"][["record_id", "title", "journal", "authors"]], caption=HOSTILE[0]
        )
        tables.show_table(hostile["gene_mode"][["gene", "mode", "n", "records"]])
        listing.show_evidence(hostile["evidence"], hostile["articles"])
        for title in hostile["articles"]["title"]:
            answers.say(title)
    return [nbformat.v4.new_output("display_data", output.data) for output in shown.outputs]


def report_of(hostile: Frames, home: Path) -> str:
    path = home / "04_genes_by_mode.ipynb"
    cell = nbformat.v4.new_code_cell("show()", outputs=outputs_of(hostile))
    nbformat.write(nbformat.v4.new_notebook(cells=[nbformat.v4.new_markdown_cell("# Which?"), cell]), path)
    dossier = home / "07_target_dossier_GPX4.ipynb"
    shutil.copy(path, dossier)
    index = render_report([path, dossier], run="hostile", folder=home / "report")
    return "".join(page.read_text(encoding="utf-8") for page in sorted(index.parent.glob("*.html")))


def test_every_record_is_kept(hostile: Frames) -> None:
    """Nothing is lost for its looks, and each is evidence for the pair it names."""
    assert len(hostile["articles"]) == len(HOSTILE)
    pairs = hostile["gene_mode"].set_index(["gene", "mode"])
    assert pairs.loc[("GPX4", "ferroptosis"), "n"] == len(HOSTILE)
    assert pairs.loc[("GPX4", "ferroptosis"), "direction"] == "inhibits"


def test_control_characters_do_not_pass_the_door(hostile: Frames) -> None:
    """No text of a record holds a character that a page cannot show or that turns the text round."""
    text = hostile["articles"].to_csv() + hostile["evidence"].to_csv()
    assert not CONTROL.search(text.replace("\r", ""))


def test_nothing_acts_in_a_page(hostile: Frames, home: Path) -> None:
    """No script, handler, outside image or script address stands in any page; the text itself does."""
    html = report_of(hostile, home)
    pages = re.split("<!doctype html>", html, flags=re.IGNORECASE)[1:]
    assert len(pages) == 2
    for page in pages:
        tree = lxml.html.fromstring(page)
        assert len(tree.findall(".//script")) == 1
        for element in tree.iter():
            handlers = [name for name in element.attrib if name.lower().startswith("on")]
            assert not handlers
        links = [link for _, _, link, _ in tree.iterlinks()]
        assert not [link for link in links if link.lower().startswith(("javascript:", "vbscript:"))]
        assert not [image for image in tree.iter("img") if not image.get("src", "").startswith("data:")]
        assert all(head.text_content() != "Broken" for head in tree.iter("h1", "h2", "h3"))
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in html
    assert "alert(1)</script> GPX4" not in html
    assert "{{7*7}}" in html
    assert not CONTROL.search(html)


def test_a_table_cell_stays_one_cell(hostile: Frames) -> None:
    """Markup in a title opens or closes no row."""
    frame = hostile["articles"][["record_id", "title"]]
    tree = lxml.html.fromstring(tables.table_html(frame))
    assert len(tree.findall(".//tbody/tr")) == len(frame)
    assert {len(row.findall("td")) for row in tree.findall(".//tbody/tr")} == {2}


def test_a_spreadsheet_runs_nothing(hostile: Frames, tmp_path: Path, home: Path) -> None:
    """No cell of a CSV begins as a formula, none of the workbook is one; what is read back is what was."""
    path = storage.table_path("hostile", "articles")
    cells = pd.read_csv(path, dtype="str", keep_default_na=False)
    first = cells.map(lambda value: value[:1])
    assert not first.isin(["=", "+", "-", "@", "\t", "\r"]).any(axis=None)
    assert storage.read_table("hostile", "articles")["title"].equals(hostile["articles"]["title"])
    book = openpyxl.load_workbook(write_workbook(hostile, tmp_path / "t.xlsx"))
    kinds = {cell.data_type for sheet in book for row in sheet.iter_rows() for cell in row}
    assert "f" not in kinds
    addresses = [cell.hyperlink.target for sheet in book for row in sheet for cell in row if cell.hyperlink]
    assert addresses
    assert all(address.startswith(("https://doi.org/", "https://pubmed.ncbi")) for address in addresses)


def test_reference_lists_hold_one_entry_per_record(hostile: Frames, tmp_path: Path) -> None:
    """No title ends an entry early or begins another: each format reads back to the same titles."""
    paths = write_references(hostile["articles"], tmp_path, evidence=hostile["evidence"])
    wanted = sorted(hostile["articles"]["doi"])
    for path in paths.values():
        again = parse_references(path.read_bytes(), name=path.name, source_name="again").articles
        assert sorted(again["doi"]) == wanted, path.name


def test_a_figure_writes_hostile_names_as_they_are(tmp_path: Path) -> None:
    """Names are drawn, not set as mathematics; the SVG is well-formed and holds no script."""
    pairs = TABLES["gene_mode"].empty()[["mode", "n", "direction", "records"]]
    rows = [{"mode": text, "n": 1, "direction": "inhibits", "records": "doi:10.1/x"} for text in HOSTILE[:4]]
    modes = storage.read_terms()["modes"]
    years = pd.DataFrame({"mode": ["ferroptosis"], "year": [2020], "n": [1]})
    pairs = pd.DataFrame(rows, columns=pairs.columns)
    figure = figures.draw_profile(pairs, years, modes, name="$\\frac{ <script>")
    figures.save_figure(figure, tmp_path, "hostile", table=pairs, caption=HOSTILE[0])
    svg = ET.parse(tmp_path / "hostile.svg")
    assert not [element for element in svg.iter() if element.tag.endswith("script")]
