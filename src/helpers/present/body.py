"""One executed notebook to one clean piece of HTML: code folded, text from outside harmless."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import lxml.html
import nbformat
import nh3

from helpers.present.panels import Listed
from helpers.present.tables import table_html

TEMPLATES = Path(__file__).parent / "templates"
LIST_ROWS = 3000  # records written at most in a page's lists of records
DROPPED = {"remove-cell", "remove-in-report", "injected-parameters"}
_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")  # what no XML tree can hold
_PHONE = 600  # pixels; a figure wider than this would shrink to unreadable words on a phone
_HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
_TAGS = set(
    """h1 h2 h3 h4 h5 h6 a abbr b blockquote br caption cite code dd details div dl dt em figcaption
    figure hr i img li mark ol p pre q s small span strong sub summary sup table tbody td tfoot th thead
    tr u ul""".split()
)
_ATTRIBUTES = {
    "*": {"class", "id", "title", "lang"},
    "a": {"href", "data-records", "data-title"},
    "img": {"src", "alt", "width"},
    "td": {"data-v", "colspan", "rowspan"},
    "th": {"scope", "colspan", "rowspan"},
    "details": {"data-key"},
    "ol": {"start"},
}


@dataclass(frozen=True)
class Body:
    """A notebook's title, its HTML without the title, and its headings as (id, text)."""

    name: str
    title: str
    html: str
    headings: tuple[tuple[str, str], ...]


def read_body(
    path: Path,
    *,
    resolves: Callable[[str], bool],
    name: str | None = None,
    lists: dict[str, Listed] | None = None,
) -> Body:
    """The executed notebook as a piece of a page, its headings two levels below the page's.

    Args:
        path: executed notebook.
        resolves: whether an in-page anchor or a relative page exists; links to others become text.
        name: prefix of the heading ids; the file's name unless given.
        lists: filled with the lists of records that counts in the notebook stand for, by anchor.
    """
    name = name or path.stem
    node = nbformat.read(path, as_version=4)  # type: ignore[no-untyped-call]
    raw, _ = _exporter().from_notebook_node(_prepare(node))
    tree = lxml.html.fragment_fromstring(clean(raw), create_parent="div")
    title, headings = _number_headings(tree, name)
    _mend(tree)
    _mend_links(tree, resolves, lists if lists is not None else {})
    html = lxml.html.tostring(tree, encoding="unicode")
    return Body(name, title or name, html, tuple(headings))


def clean(html: str) -> str:
    """The HTML with only the tags and attributes a report needs; no script, style, form or outside image."""
    return nh3.clean(
        _CONTROLS.sub("", html),
        tags=_TAGS,
        attributes=_ATTRIBUTES,
        attribute_filter=_keep,
        clean_content_tags={"script", "style", "template", "iframe", "object", "svg", "math"},
        url_schemes={"http", "https", "mailto", "data"},
        link_rel="noopener noreferrer",
    )


def _keep(tag: str, attribute: str, value: str) -> str | None:
    """Images from the page itself only; links to the web, to a mail address or within the report only."""
    if attribute == "src" and not value.startswith("data:image/png;base64,"):
        return None
    if attribute == "href" and value.lower().lstrip().startswith("data:"):
        return None
    return value


@cache
def _exporter() -> Any:
    from nbconvert.exporters import HTMLExporter  # 0.6 s of import that drawing need not pay

    return HTMLExporter(  # type: ignore[no-untyped-call]
        template_name="atlas", extra_template_basedirs=[str(TEMPLATES)], exclude_anchor_links=True
    )


def _prepare(node: Any) -> Any:
    """The notebook without cells of no use to a reader, its parameters as a table."""
    given = node.metadata.get("papermill", {}).get("parameters", {}) or {}
    cells = []
    for cell in node.cells:
        tags = set(cell.metadata.get("tags", []))
        if tags & DROPPED:
            continue
        if "parameters" in tags:
            table = parameters_html(cell.source, given)
            cell.outputs = [nbformat.v4.new_output("display_data", {"text/html": table})]  # type: ignore[no-untyped-call]
            cell.source = ""
        if "remove-input" in tags:
            cell.source = ""
        cells.append(cell)
    node.cells = cells
    return node


def parameters_html(source: str, given: dict[str, Any]) -> str:
    """Table of parameters: name, value of this run (the default where none was given), meaning."""
    import pandas as pd

    lines = source.splitlines()
    rows = []
    for item in ast.parse(source).body:
        if isinstance(item, ast.AnnAssign) and isinstance(item.target, ast.Name) and item.value is not None:
            name = item.target.id
            value = given.get(name, ast.literal_eval(item.value))
            meaning = lines[(item.end_lineno or 1) - 1].rpartition("#")[2].strip()
            rows.append({"parameter": name, "value": _written(value), "meaning": meaning})
    return table_html(pd.DataFrame(rows, columns=["parameter", "value", "meaning"]))


def _written(value: Any) -> str:
    """A parameter's value as a reader writes it."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return ", ".join(map(str, value)) or "–"
    return "–" if value is None or value == "" else str(value)


def _number_headings(tree: Any, name: str) -> tuple[str, list[tuple[str, str]]]:
    """Title of the notebook, taken out; the other headings from h3 down, without a jump, with ids."""
    title, headings = "", []
    level, used = 2, set()
    for element in list(tree.iter(*_HEADINGS)):
        text = " ".join(element.text_content().split())
        if not title:
            title = text
            element.getparent().remove(element)
            continue
        level = min(max(3, int(element.tag[1]) + 1), level + 1, 6)
        element.tag = f"h{level}"
        slug = f"{name}-{re.sub(r'[^a-z0-9]+', '-', text.lower()).strip('-') or 'part'}"
        while slug in used:
            slug += "-"
        used.add(slug)
        element.set("id", slug)
        if level == 3:
            headings.append((slug, text))
    return title, headings


def _mend(tree: Any) -> None:
    """Scope on headings of tables; on images alternative text, and a class for those a phone must scroll."""
    for head in tree.iter("th"):
        if not (head.text_content() or "").strip():
            head.tag = "td"
        elif not head.get("scope"):
            head.set("scope", "col" if _in_head(head) else "row")
    for image in list(tree.iter("img")):
        if not image.get("src"):
            image.drop_tag()
            continue
        image.set("alt", image.get("alt") or "Figure; its numbers are in the table beside it.")
        width = image.get("width") or ""
        if width.isdigit() and int(width) > _PHONE:
            image.set("class", "wide")


def _mend_links(tree: Any, resolves: Callable[[str], bool], lists: dict[str, Listed]) -> None:
    """Gather the lists of records that counts carry with them; links that lead nowhere become text."""
    for link in list(tree.iter("a")):
        target = link.get("href") or ""
        records = tuple((link.attrib.pop("data-records", None) or "").split())
        title = link.attrib.pop("data-title", None) or ""
        if target.startswith(("http://", "https://", "mailto:")) or resolves(target):
            continue
        if not records or sum(len(listed.records) for listed in lists.values()) > LIST_ROWS:
            link.drop_tag()
            continue
        listed = Listed(title, records, link.text_content())
        name, n = target[1:], 1
        while lists.get(name, listed) != listed:
            n += 1
            name = f"{target[1:]}-{n}"
        lists[name] = listed
        link.set("href", f"#{name}")


def _in_head(element: Any) -> bool:
    return any(parent.tag == "thead" for parent in element.iterancestors())
