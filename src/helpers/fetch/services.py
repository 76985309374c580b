"""Optional services beside PubMed, each off by default: iCite, OpenAlex sources, PubTator3.

All go through the one transport and are kept with their day under data/raw/cache. None is sent a key:
OpenAlex takes one only inside the URL, and what is asked here (single sources) is free without.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from helpers.errors import FetchError
from helpers.fetch.endpoints import Call, Endpoint
from helpers.fetch.faults import Fault, check_json, read_json
from helpers.fetch.replies import fetch_replies, shape_error
from helpers.fetch.transport import PATIENT, Patience, ask, describe, send
from helpers.schemas import ARTICLE_METRICS, JOURNAL_METRICS, conform, join_list

ICITE = Endpoint("iCite", "https://icite.od.nih.gov/", "ATLAS_ICITE_URL", per_second=3)
OPENALEX = Endpoint("OpenAlex", "https://api.openalex.org/", "ATLAS_OPENALEX_URL", per_second=10)
PUBTATOR = Endpoint(
    "PubTator3", "https://www.ncbi.nlm.nih.gov/research/pubtator3-api/", "ATLAS_PUBTATOR_URL", per_second=3
)
ICITE_FIELDS = "pmid,year,relative_citation_ratio,nih_percentile,citation_count,provisional"
_GENE_ID = re.compile(r"\d+")


def fetch_citations(
    pmids: Sequence[str],
    *,
    folder: Path | None = None,
    refresh: bool = False,
    quiet: bool | None = None,
    patience: Patience = PATIENT,
) -> pd.DataFrame:
    """ARTICLE_METRICS rows `RCR` (Relative Citation Ratio, with NIH percentile) and `citations` per PMID.

    A paper too new for an RCR has no such row. Source: NIH iCite (Hutchins et al. 2016, PLoS Biol
    14:e1002541). Raises IncompleteError if the service fails on the way.
    """

    def fetch(part: Sequence[str]) -> dict[str, Any]:
        call = Call("api/pubs", (("pmids", ",".join(part)), ("fl", ICITE_FIELDS)))
        content = read_json(send(ICITE, call, check=check_json, patience=patience))
        items = content.get("data") if isinstance(content, dict) else None
        if not isinstance(items, list) or any("pmid" not in item for item in items):
            raise shape_error(ICITE, call)
        return {str(item["pmid"]): item for item in items}

    replies = fetch_replies(
        "icite", ICITE, list(pmids), fetch, size=200, folder=folder, refresh=refresh, quiet=quiet
    )
    rows = [row for pmid, (day, item) in replies.items() if item for row in _citation_rows(pmid, day, item)]
    return conform(pd.DataFrame(rows, columns=ARTICLE_METRICS.names), ARTICLE_METRICS)


def _citation_rows(pmid: str, day: str, item: dict[str, Any]) -> Iterator[dict[str, Any]]:
    shared = {
        "record_id": f"pmid:{pmid}",
        "metric_year": int(item.get("year") or day[:4]),
        "source": f"iCite, retrieved {day}",
        "matched_by": "pmid",
    }
    ratio = item.get("relative_citation_ratio", item.get("rcr"))
    if ratio is not None:
        yield shared | {"metric": "RCR", "value": float(ratio), "percentile": item.get("nih_percentile")}
    if item.get("citation_count") is not None:
        yield shared | {"metric": "citations", "value": float(item["citation_count"])}


def fetch_citedness(
    issns: Sequence[str],
    *,
    folder: Path | None = None,
    refresh: bool = False,
    quiet: bool | None = None,
    patience: Patience = PATIENT,
) -> pd.DataFrame:
    """JOURNAL_METRICS rows `2yr_mean_citedness` per journal, for the year of retrieval.

    OpenAlex's own measure, not the Journal Impact Factor; its 0 (renamed titles) is taken as missing.
    Raises IncompleteError if the service fails on the way.
    """

    def fetch(part: Sequence[str]) -> dict[str, Any]:
        call = Call(f"sources/issn:{part[0]}")
        answer = ask(OPENALEX, call, check=check_json, patience=patience)
        if isinstance(answer, Fault):
            if answer.kind == "absent":
                return {}
            raise FetchError(describe(OPENALEX, call, answer))
        source = read_json(answer)
        if not isinstance(source.get("summary_stats"), dict):
            raise shape_error(OPENALEX, call)
        kept = ("display_name", "issn_l", "issn", "summary_stats")
        return {part[0]: {key: source.get(key) for key in kept}}

    replies = fetch_replies(
        "openalex", OPENALEX, list(issns), fetch, size=1, folder=folder, refresh=refresh, quiet=quiet
    )
    rows = {}
    for issn, (day, source) in replies.items():
        if source and source["summary_stats"].get("2yr_mean_citedness"):
            row = _citedness_row(issn, day, source)
            rows[row["journal_key"]] = row
    return conform(pd.DataFrame(list(rows.values()), columns=JOURNAL_METRICS.names), JOURNAL_METRICS)


def _citedness_row(issn: str, day: str, source: dict[str, Any]) -> dict[str, Any]:
    return {
        "journal_key": source.get("issn_l") or issn,
        "journal": source.get("display_name") or issn,
        "issn": join_list(source.get("issn") or [issn]),
        "metric": "2yr_mean_citedness",
        "metric_year": int(day[:4]),
        "value": float(source["summary_stats"]["2yr_mean_citedness"]),
        "source": f"OpenAlex, retrieved {day}",
    }


PUBTATOR_COLUMNS = ("record_id", "ncbi_gene", "field", "start", "end", "text", "source")


def fetch_pubtator_genes(
    pmids: Sequence[str],
    *,
    folder: Path | None = None,
    refresh: bool = False,
    quiet: bool | None = None,
    patience: Patience = PATIENT,
) -> pd.DataFrame:
    """Genes PubTator3 finds in title and abstract, a second opinion beside the dictionary.

    Columns record_id, ncbi_gene (one row per id), field, start, end (offsets in PubTator's text of the
    field), text, source. Source: Wei et al. 2024, Nucleic Acids Res 52:W540. Raises IncompleteError if
    the service fails on the way.
    """

    def fetch(part: Sequence[str]) -> dict[str, Any]:
        call = Call("publications/export/biocjson", (("pmids", ",".join(part)),))
        content = read_json(send(PUBTATOR, call, check=check_json, patience=patience))
        documents = content.get("PubTator3") if isinstance(content, dict) else None
        if not isinstance(documents, list):
            raise shape_error(PUBTATOR, call)
        return {str(document.get("pmid") or document["id"]): _genes(document) for document in documents}

    replies = fetch_replies(
        "pubtator", PUBTATOR, list(pmids), fetch, size=100, folder=folder, refresh=refresh, quiet=quiet
    )
    rows = [
        (f"pmid:{pmid}", *gene, f"PubTator3, retrieved {day}")
        for pmid, (day, genes) in replies.items()
        for gene in genes or []
    ]
    frame = pd.DataFrame(rows, columns=list(PUBTATOR_COLUMNS))
    return frame.sort_values(["record_id", "field", "start", "ncbi_gene"], ignore_index=True)


def _genes(document: dict[str, Any]) -> list[tuple[str, str, int, int, str]]:
    """NCBI Gene id, field, start, end and text of each gene of a BioC document."""
    found = []
    for passage in document.get("passages", []):
        infons = passage.get("infons", {})
        name = str(infons.get("type") or infons.get("section_type") or "").casefold()
        if name not in ("title", "abstract"):
            continue
        for note in passage.get("annotations", []):
            if note.get("infons", {}).get("type") != "Gene":
                continue
            start = int(note["locations"][0]["offset"]) - int(passage["offset"])
            end = start + int(note["locations"][0]["length"])
            for gene in _GENE_ID.findall(str(note["infons"].get("identifier"))):
                found.append((gene, name, start, end, str(note["text"])))
    return found
