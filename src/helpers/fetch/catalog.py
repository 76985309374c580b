"""Journal identifiers from the NLM Catalog through Entrez, for records that lack ISSN-L or NLM id."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pandas as pd
from lxml import etree

from helpers.errors import UsageError
from helpers.fetch.endpoints import EUTILS
from helpers.fetch.entrez import entrez_call, search_page
from helpers.fetch.faults import Fault
from helpers.fetch.replies import fetch_replies
from helpers.fetch.transport import PATIENT, Patience, send
from helpers.schemas import join_list, split_list

_ISSN = re.compile(r"\d{4}-\d{3}[\dX]")
_NLM_ID = re.compile(r"[0-9A-Z]{5,12}")
COLUMNS = ("asked", "issn_l", "nlm_id", "issn", "journal", "abbreviation", "source")


def fetch_journal_ids(
    ids: Sequence[str],
    *,
    folder: Path | None = None,
    refresh: bool = False,
    quiet: bool | None = None,
    patience: Patience = PATIENT,
) -> pd.DataFrame:
    """One row per ISSN or NLM id the catalogue knows: ISSN-L, NLM id, ISSNs, title, abbreviation.

    Columns asked, issn_l, nlm_id, issn, journal, abbreviation, source. Of several catalogue records
    with one ISSN the one in use by PubMed (with a MEDLINE abbreviation) counts. Raises UsageError for
    an id that is neither, IncompleteError if the service fails on the way.
    """
    if bad := [name for name in ids if not _ISSN.fullmatch(name) and not _NLM_ID.fullmatch(name)]:
        raise UsageError(f"journal id {bad[0]!r} is neither an ISSN (NNNN-NNNX) nor an NLM id.")

    def fetch(part: Sequence[str]) -> dict[str, Any]:
        clauses = [f'"{name}"[{"issn" if _ISSN.fullmatch(name) else "nlmid"}]' for name in part]
        page = search_page(
            f"({' OR '.join(clauses)}) AND ncbijournals[filter]", db="nlmcatalog", patience=patience
        )
        return _match(part, _fetch_catalog(page.ids, patience)) if page.ids else {}

    replies = fetch_replies(
        "nlmcatalog", EUTILS, list(ids), fetch, size=50, folder=folder, refresh=refresh, quiet=quiet
    )
    rows = [
        {"asked": name, **entry, "issn": join_list(entry["issn"]), "source": f"NLM Catalog, retrieved {day}"}
        for name, (day, entry) in replies.items()
        if entry
    ]
    return pd.DataFrame(rows, columns=list(COLUMNS)).sort_values("asked", ignore_index=True)


def fill_journal_ids(articles: pd.DataFrame, journals: pd.DataFrame) -> pd.DataFrame:
    """ARTICLES with missing issn_l and nlm_id filled from `fetch_journal_ids`, nothing overwritten."""
    known = journals.set_index("asked")
    filled = articles.copy()
    keys = [
        next((k for k in (*split_list(row.issn), row.nlm_id, row.issn_l) if k in known.index), None)
        for row in articles.itertuples()
    ]
    for column in ("issn_l", "nlm_id"):
        values = pd.Series(keys, index=articles.index).map(known[column])
        filled[column] = filled[column].where(filled[column].notna(), values)
    return filled


def _fetch_catalog(uids: Sequence[int], patience: Patience) -> list[dict[str, Any]]:
    call = entrez_call("efetch", db="nlmcatalog", id=list(uids), retmode="xml")
    return _records(send(EUTILS, call, check=_check, patience=patience))


def _check(body: bytes) -> Fault | None:
    try:
        _records(body)
    except etree.XMLSyntaxError:
        return Fault("truncated", "not a whole NLM Catalog answer")
    return None


def _records(body: bytes) -> list[dict[str, Any]]:
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    root = etree.fromstring(body, parser)
    return [_entry(record) for record in root.iter("NLMCatalogRecord")]


def _entry(record: Any) -> dict[str, Any]:
    title = (
        "".join(record.find("TitleMain/Title").itertext())
        if record.find("TitleMain/Title") is not None
        else None
    )
    return {
        "nlm_id": record.findtext("NlmUniqueID"),
        "journal": title.rstrip(". ") if title else None,
        "abbreviation": record.findtext("MedlineTA"),
        "issn": [
            node.text for node in record.findall("ISSN") if node.text and node.get("ValidYN", "Y") == "Y"
        ],
        "issn_l": record.findtext("ISSNLinking"),
    }


def _match(asked: Sequence[str], entries: Sequence[dict[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for entry in sorted(entries, key=lambda e: (e["abbreviation"] is None, str(e["nlm_id"]))):
        for name in {*entry["issn"], entry["issn_l"], entry["nlm_id"]}.intersection(asked):
            found.setdefault(name, entry)
    return found
