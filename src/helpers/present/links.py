"""Where a record, and a count of records, leads: addresses and anchors made from ids alone."""

from __future__ import annotations

import re
from html import escape
from urllib.parse import quote

_SAFE = re.compile(r"[^A-Za-z0-9]+")


def record_url(record_id: str) -> str | None:
    """PubMed or DOI address of a record id; None for a record known by its hash only."""
    kind, _, value = record_id.partition(":")
    if kind == "pmid" and value.isdigit():
        return f"https://pubmed.ncbi.nlm.nih.gov/{value}/"
    if kind == "doi" and value:
        return f"https://doi.org/{quote(value, safe='/.()-_:;')}"
    return None


def record_link(record_id: str) -> str:
    """HTML link of a record id, its text e.g. `PMID 123`; plain escaped text where there is no address."""
    kind, _, value = record_id.partition(":")
    text = {"pmid": f"PMID {value}", "doi": f"doi:{value}"}.get(kind, record_id)
    url = record_url(record_id)
    return f'<a href="{escape(url)}">{escape(text)}</a>' if url else escape(text)


def anchor(*parts: str) -> str:
    """Anchor of the list of records behind a count, e.g. `ev-GPX4-ferroptosis`."""
    return "-".join(["ev", *(_SAFE.sub("_", part) for part in parts)])


def dossier_page(label: str) -> str:
    """File name of a dossier's page."""
    return f"dossier-{_SAFE.sub('_', label)}.html"
