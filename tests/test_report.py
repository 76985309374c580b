"""The report is one page that needs nothing from outside, and nothing from a record can act in it."""

from __future__ import annotations

import itertools
import re
from html.parser import HTMLParser
from pathlib import Path

import lxml.html
import nbformat
import pandas as pd
import pytest
import synthetic_tables as synthetic
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output
from synthetic_corpus import make_articles

from helpers import storage
from helpers.annotate.evidence import find_evidence
from helpers.annotate.lexicon import build_lexicon
from helpers.annotate.mentions import find_mentions
from helpers.errors import UsageError
from helpers.present import body, links, report, tables
from helpers.present.panels import evidence_panels, mark_words

PNG = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
BOTH_WAYS = (
    "At first TFEB promoted autophagy in lung cells. After two days, TFEB inhibited autophagy in these cells."
)
EVIL = '<script>alert(1)</script><img src=x onerror="alert(2)"><b>open =HYPERLINK("http://x") $5 & $6'
PARAMETERS = 'run: str = "seed"  # name of the run\nmodes: list[str] = []  # mode ids; empty: all'


def notebook(folder: Path, name: str, title: str, outputs: list[object], *, given: str = "demo") -> Path:
    """An executed notebook as papermill leaves it: random ids, times and all."""
    pair = synthetic.gene_mode(4, 3)[["gene", "mode", "n", "ic", "records"]]
    table = tables.table_html(pair, caption="Pairs")
    cells = [
        new_markdown_cell(f"# {title}\n\n## Question\nWhich target?"),
        new_code_cell(PARAMETERS, metadata={"tags": ["parameters"]}),
        new_code_cell(f'run = "{given}"', metadata={"tags": ["injected-parameters"]}),
        new_code_cell("secret_import()", metadata={"tags": ["remove-cell"]}),
        new_markdown_cell("## Analysis\n\n#### Too deep\n\nSee [nothing](#nowhere)."),
        new_code_cell(
            "draw()",
            outputs=[
                new_output(
                    "display_data",
                    {"image/png": PNG, "text/plain": "Heat"},
                    metadata={"image/png": {"alt": "Heat map of 4 genes"}},
                ),
                new_output("display_data", {"text/html": table, "text/plain": "x"}),
                *outputs,
            ],
            metadata={"papermill": {"start_time": "2026-11-20T00:00:00"}},
        ),
    ]
    node = new_notebook(cells=cells, metadata={"papermill": {"parameters": {"run": given}}})
    path = folder / f"{name}.ipynb"
    path.parent.mkdir(parents=True, exist_ok=True)
    nbformat.write(node, path)
    return path


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project folder with one synthetic run."""
    monkeypatch.setenv("ATLAS_HOME", str(tmp_path))
    storage.raw("terms").mkdir(parents=True)
    synthetic.modes().to_csv(storage.raw("terms", "modes.csv"), index=False)
    pairs = synthetic.gene_mode(4, 3)
    rows = []
    for pair in pairs.itertuples():
        for record in pair.records.split("|"):
            rows.append({"record_id": record, "gene": pair.gene, "mode": pair.mode})
    template = synthetic.evidence(5).iloc[0].drop(["record_id", "gene", "mode"]).to_dict()
    claims = pd.DataFrame(rows).assign(**template).assign(text=f"GENE1 blocks apoptosis {EVIL}")
    storage.write_table("demo", "evidence", claims)
    storage.write_table(
        "demo", "articles", synthetic.articles(sorted(claims["record_id"].unique()), title=EVIL)
    )
    storage.write_table("demo", "mentions", synthetic.mentions(claims.drop_duplicates("record_id")))
    return tmp_path


def render(home: Path, *, where: str = "report", outputs: list[object] | None = None, **kwargs: int) -> Path:
    folder = home / "notebooks"
    books = [
        notebook(folder, "00_summary", "What does this run show?", outputs or []),
        notebook(folder, "04_genes_by_mode", "Which target belongs to which mode?", []),
        notebook(folder, "07_target_dossier_GENE1", "GENE1: what do the records say?", []),
    ]
    return report.render_report(books, run="demo", folder=home / where, **kwargs)


class Loads(HTMLParser):
    """Collects what a browser would load, and every tag and attribute."""

    def __init__(self) -> None:
        super().__init__()
        self.loads: list[str] = []
        self.tags: list[str] = []
        self.handlers: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        for name, value in attrs:
            if name in ("src", "srcset", "poster", "background") or (tag == "link" and name == "href"):
                self.loads.append(value or "")
            if name.startswith("on"):
                self.handlers.append(name)


def test_page_loads_nothing_from_outside(home: Path) -> None:
    """Every resource of the page is in the page, and its policy forbids any other."""
    page = render(home).read_text(encoding="utf-8")
    seen = Loads()
    seen.feed(page)
    assert all(load.startswith("data:image/png;base64,") for load in seen.loads)
    assert "@import" not in page
    assert "url(" not in page
    policy = lxml.html.fromstring(page).xpath('//meta[@http-equiv="Content-Security-Policy"]/@content')
    assert policy[0].startswith("default-src 'none'; img-src data:;")


def test_record_text_cannot_act(home: Path) -> None:
    """A title with a script, an event handler and an open tag is text in the report."""
    output = [
        new_output("display_data", {"text/html": f"<p>{EVIL}</p>", "text/plain": "x"}),
        new_output("display_data", {"text/markdown": EVIL, "text/plain": "x"}),
        new_output(
            "display_data",
            {"text/html": '<a href="javascript:alert(1)">x</a><svg onload=alert(1)>', "text/plain": "x"},
        ),
        new_output("display_data", {"application/javascript": "alert(1)", "text/plain": "js"}),
    ]
    page = render(home, outputs=output).read_text(encoding="utf-8")
    seen = Loads()
    seen.feed(page)
    assert seen.tags.count("script") == 1
    assert seen.handlers == []
    assert "javascript:" not in page
    assert "&lt;script&gt;alert(1)" in page
    tree = lxml.html.fromstring(page)
    assert len(tree.xpath("//main")) == 1
    assert len(tree.xpath("//body/footer")) == 1


def test_counts_lead_to_their_sentences(home: Path) -> None:
    """Each count links to a list in the page; each record there to PubMed, with the sentence."""
    tree = lxml.html.parse(str(render(home))).getroot()
    counts = tree.xpath('//table//a[starts-with(@href, "#ev-")]')
    assert counts
    for link in counts:
        target = tree.xpath("//ol[@id=$name]", name=link.get("href")[1:])
        assert len(target) == 1
        items = target[0].xpath("./li")
        assert len(items) == min(int(link.text_content()), 15)
        assert all(item.xpath("./q") and item.xpath('.//a[contains(@href, "pubmed")]') for item in items)


def test_count_without_a_pair_leads_to_its_own_records(home: Path) -> None:
    """A mode's count opens the records that name it, those that name no gene among them."""
    frame = pd.DataFrame({"mode": ["cuproptosis"], "n": [2], "records": ["pmid:1000001|doi:10.1/x"]})
    output = new_output("display_data", {"text/html": tables.table_html(frame), "text/plain": "x"})
    tree = lxml.html.parse(str(render(home, outputs=[output]))).getroot()
    (link,) = tree.xpath('//main//a[@href="#ev-of-cuproptosis"]')
    assert link.text_content() == "2"
    assert len(tree.xpath('//ol[@id="ev-of-cuproptosis"]/li//a')) >= 2


def test_no_link_in_the_page_leads_nowhere(home: Path) -> None:
    """In-page links have their targets, page links their files, ids are unique."""
    index = render(home)
    for path in index.parent.glob("*.html"):
        tree = lxml.html.parse(str(path)).getroot()
        ids = tree.xpath("//@id")
        assert len(ids) == len(set(ids))
        for target in tree.xpath("//a/@href"):
            if target.startswith("#"):
                assert target[1:] in ids
            elif not target.startswith("http"):
                assert (index.parent / target).exists()


def test_cut_evidence_is_said_and_no_link_is_left_dangling(home: Path) -> None:
    """Past the limit the page says what it leaves out and where it is; every link still arrives."""
    tree = lxml.html.parse(str(render(home, evidence_rows=10))).getroot()
    said = tree.xpath('string(//section[@id="evidence"]/p)')
    assert "10 of " in said
    assert "tables/evidence.csv" in said
    ids = set(tree.xpath("//@id"))
    assert all(link[1:] in ids for link in tree.xpath('//a/@href[starts-with(., "#")]'))


def test_same_notebooks_give_the_same_page(home: Path) -> None:
    """Cell ids, times and the injected cell's random id do not reach the page."""
    first = render(home).read_bytes()
    again = render(home, where="again").read_bytes()
    assert first == again
    assert b"2026-11-20T" not in first


def test_code_is_folded_and_marked_cells_are_gone(home: Path) -> None:
    """Code stands in closed folds; removed cells and the injected parameters do not stand at all."""
    page = render(home).read_text(encoding="utf-8")
    assert "secret_import" not in page
    tree = lxml.html.fromstring(page)
    assert tree.xpath('//details[@class="code"]//code[text()="draw()"]')
    assert not tree.xpath("//details[@open]")
    rows = [[cell.text_content() for cell in row] for row in tree.xpath("(//main//table)[1]/tbody/tr")]
    assert rows == [["run", "demo", "name of the run"], ["modes", "–", "mode ids; empty: all"]]


def test_page_is_accessible_in_its_bones(home: Path) -> None:
    """Language, title, main, one h1, headings without a jump, scope on headings, alt on images."""
    for path in render(home).parent.glob("*.html"):
        tree = lxml.html.parse(str(path)).getroot()
        assert tree.get("lang") == "en"
        assert tree.findtext(".//title")
        assert len(tree.xpath("//main")) == len(tree.xpath("//h1")) == 1
        headings = tree.xpath("//header//h1 | //main//*[self::h2 or self::h3 or self::h4 or self::h5]")
        levels = [int(heading.tag[1]) for heading in headings]
        assert all(b - a <= 1 for a, b in itertools.pairwise(levels))
        assert all(th.get("scope") and th.text_content().strip() for th in tree.xpath("//th"))
        assert all(image.get("alt") for image in tree.xpath("//img"))
    assert "Heat map of 4 genes" in path.read_text(encoding="utf-8")


def test_dossier_is_a_page_of_its_own_with_its_genes_evidence(home: Path) -> None:
    """The index links the dossier, the dossier links back and holds its gene's sentences only."""
    index = render(home)
    assert lxml.html.parse(str(index)).xpath('//nav//a[@href="dossier-GENE1.html"]')
    page = lxml.html.parse(str(index.parent / "dossier-GENE1.html")).getroot()
    assert page.xpath('//header//a[@href="index.html"]')
    lists = page.xpath("//section[@id='evidence']/details/summary")
    assert lists
    assert all(summary.text_content().startswith("GENE1 ×") for summary in lists)


def test_contents_list_every_notebook(home: Path) -> None:
    """The table of contents has the questions in order, then the evidence."""
    tree = lxml.html.parse(str(render(home))).getroot()
    entries = [link.text_content() for link in tree.xpath("//nav/ol//a")]
    assert entries == [
        "What does this run show?",
        "Which target belongs to which mode?",
        "Evidence: the sentences",
    ]


def test_run_without_notebooks_is_refused(home: Path) -> None:
    """Nothing executed is an error with the way out, not an empty page."""
    with pytest.raises(UsageError, match=r"atlas run notebooks/runs/demo\.yml"):
        report.render_report([], run="demo", folder=home)


def test_big_run_stays_one_quick_page() -> None:
    """25,000 pairs of record and mode give a page part of under 4 MB."""
    claims = synthetic.evidence(25_000, genes=60, n_modes=20)
    panels = evidence_panels(
        claims,
        synthetic.articles(sorted(claims["record_id"].unique())),
        synthetic.mentions(claims.iloc[:0]),
        labels={},
        limit=report.EVIDENCE_ROWS,
    )
    assert panels.shown == report.EVIDENCE_ROWS < panels.total
    assert len(panels.html) < 4_000_000


def test_a_record_that_disagrees_with_itself_is_shown_with_both_sentences() -> None:
    """A synthetic record that says both shows a sentence of each direction, and that they conflict."""
    articles = make_articles([{"abstract": BOTH_WAYS, "title": "Synthetic"}])
    lexicon = build_lexicon(storage.read_terms())
    mentions = find_mentions(articles, lexicon)
    html = evidence_panels(
        find_evidence(articles, mentions, lexicon), articles, mentions, labels={}, limit=10
    ).html
    for word, effect in (("promoted", "promotes"), ("inhibited", "inhibits")):
        quoted = f"{word} <mark>autophagy</mark>"
        assert html.count(quoted) == 1
        assert html.index(quoted) < html.index(f'<span class="badge">{effect}</span>')
    assert html.count('<span class="badge">conflicting</span>') == 1


def test_marked_words_are_escaped_and_marked_once() -> None:
    """Words found are marked, the rest of the sentence escaped, overlaps left alone."""
    html = mark_words("GPX4 <i> blocks ferroptosis by GPX4", {"GPX4", "ferroptosis", "PX4 <i"})
    assert html == "<mark>GPX4</mark> &lt;i&gt; blocks <mark>ferroptosis</mark> by GPX4"


@pytest.mark.parametrize(
    ("record", "url"),
    [
        ("pmid:123", "https://pubmed.ncbi.nlm.nih.gov/123/"),
        ("doi:10.1/a<b>", "https://doi.org/10.1/a%3Cb%3E"),
        ("pmid:1/../x", None),
        ("local:abc", None),
    ],
)
def test_addresses_are_built_from_well_formed_ids_only(record: str, url: str | None) -> None:
    """A PMID is digits, a DOI is quoted, anything else has no address."""
    assert links.record_url(record) == url
    assert "<b>" not in links.record_link(record)


def test_cleaning_keeps_tables_and_drops_what_acts() -> None:
    """Tables, links and embedded images stay; scripts, styles, outside images and handlers go."""
    kept = body.clean(
        '<table class="atlas"><tr><td data-v="3">3</td></tr></table><img src="http://x/y.png">'
        '<img src="data:image/png;base64,AA==" alt="a">'
        '<a href="data:text/html,x">d</a><style>p{}</style><iframe src="x"></iframe><p style="x" onclick="y">t</p>'
    )
    assert 'data-v="3"' in kept
    assert "http://x" not in kept
    assert 'src="data:image/png;base64,AA=="' in kept
    assert "data:text" not in kept
    assert not re.search(r"style|onclick|iframe", kept)


def test_a_wide_figure_scrolls_on_a_phone_and_a_small_one_does_not() -> None:
    """By the width the image states; words shrunk to a phone's width cannot be read."""
    wide, small = (f'<img src="data:image/png;base64,AA==" width="{width}" alt="a">' for width in (685, 330))
    tree = lxml.html.fragment_fromstring(wide + small, create_parent="div")
    body._mend(tree)
    assert [image.get("class") for image in tree.iter("img")] == ["wide", None]
