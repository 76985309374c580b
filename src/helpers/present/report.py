"""Executed notebooks to one HTML page that needs nothing else, and one page per dossier."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import jinja2
import pandas as pd

from helpers import storage
from helpers.errors import UsageError
from helpers.present import style
from helpers.present.body import TEMPLATES, Body, read_body
from helpers.present.links import dossier_page
from helpers.present.panels import Listed, Panels, evidence_panels, record_lists
from helpers.schemas import TABLES

EVIDENCE_ROWS = 3000
_DOSSIER = re.compile(r"\d+_target_dossier_(.+)")


@dataclass(frozen=True)
class Source:
    """What the pages of one run draw on besides its notebooks."""

    run: str
    evidence: pd.DataFrame
    articles: pd.DataFrame
    mentions: pd.DataFrame
    gene_mode: pd.DataFrame
    labels: dict[str, str]


def render_report(
    notebooks: Sequence[Path], *, run: str, folder: Path, evidence_rows: int = EVIDENCE_ROWS
) -> Path:
    """Path of index.html: every notebook of the run on one page, beside it one page per dossier.

    The pages ask for nothing from outside: figures, style and script are in them, and a content
    security policy forbids the rest. Equal notebooks and tables give equal bytes.

    Args:
        notebooks: executed notebooks; those named NN_target_dossier_<label> become pages of their own.
        run: name of the run, whose tables evidence, articles and mentions give the sentences.
        folder: where the pages go.
        evidence_rows: sentences in the page at most; the cut is said.
    """
    if not notebooks:
        raise UsageError(
            f"run {run!r} has no executed notebook: run it first, atlas run notebooks/runs/{run}.yml"
        )
    source = read_source(run)
    dossiers = {m[1]: path for path in notebooks if (m := _DOSSIER.fullmatch(path.stem))}
    rest = sorted((p for p in notebooks if p not in dossiers.values()), key=lambda path: path.stem)
    pages = {label: dossier_page(label) for label in sorted(dossiers)}
    for label, path in sorted(dossiers.items()):
        panels = panels_of(source, 600, [label])
        lists: dict[str, Listed] = {}
        body = read_body(path, resolves=resolver(panels, {"index.html"}), name="dossier", lists=lists)
        title = subject_of(body, label)
        html = page_html([body], source, panels, title=title, pages={}, home="index.html", lists=lists)
        storage.write_bytes(folder / pages[label], html.encode())
    panels = panels_of(source, evidence_rows, None)
    resolves, lists = resolver(panels, set(pages.values())), {}
    bodies = [read_body(path, resolves=resolves, lists=lists) for path in rest]
    title = f"Cell-Death Target Atlas: {run}"
    html = page_html(bodies, source, panels, title=title, pages=pages, home="", lists=lists)
    return storage.write_bytes(folder / "index.html", html.encode())


def subject_of(body: Body, label: str) -> str:
    """Title of a dossier's page: its computed heading about `label`, else the notebook's question."""
    return next((text for _, text in body.headings if text.startswith(label)), body.title)


def read_source(run: str) -> Source:
    """Tables behind a run's pages; a table not made yet is empty."""

    def table(name: str) -> pd.DataFrame:
        path = storage.table_path(run, name)
        return storage.read_table(run, name) if path.exists() else TABLES[name].empty()

    terms = storage.raw("terms", "modes.csv")
    labels = {}
    if terms.exists():
        labels = style.mode_labels(pd.read_csv(terms, dtype="str", usecols=["mode", "label"]))
    return Source(run, table("evidence"), table("articles"), table("mentions"), table("gene_mode"), labels)


def panels_of(source: Source, limit: int, genes: list[str] | None) -> Panels:
    """Folded lists of the run's sentences, of all genes or of those given."""
    return evidence_panels(
        source.evidence,
        source.articles,
        source.mentions,
        labels=source.labels,
        limit=limit,
        genes=genes,
        gene_mode=source.gene_mode,
    )


def resolver(panels: Panels, pages: set[str]) -> Callable[[str], bool]:
    """Function that tells whether an in-page anchor or a relative page exists."""

    def resolves(target: str) -> bool:
        return target[1:] in panels.anchors if target.startswith("#") else target in pages

    return resolves


def page_html(
    bodies: list[Body],
    source: Source,
    panels: Panels,
    *,
    title: str,
    pages: dict[str, str],
    home: str,
    lists: dict[str, Listed] | None = None,
) -> str:
    """HTML of one page: notebooks' bodies, contents, links to other pages, and the lists of sentences."""
    return fill(
        "page.html.j2",
        title=title,
        run=source.run,
        bodies=bodies,
        panels=panels,
        lists=record_lists(lists or {}, source.evidence, source.articles, source.mentions),
        pages=pages,
        home=home,
    )


def fill(template: str, **context: object) -> str:
    """HTML of a template with the report's style and script in it, and a policy that allows only those."""
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(TEMPLATES), autoescape=True, trim_blocks=True, lstrip_blocks=True
    )
    css, script = ((TEMPLATES / name).read_text(encoding="utf-8") for name in ("report.css", "report.js"))
    policy = (
        f"default-src 'none'; img-src data:; style-src '{_digest(css)}'; script-src '{_digest(script)}'; "
        "base-uri 'none'; form-action 'none'"
    )
    return environment.get_template(template).render(css=css, script=script, policy=policy, **context)


def _digest(text: str) -> str:
    """Source expression of a content security policy that allows exactly this text."""
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
