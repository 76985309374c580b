"""Entrez questions and their checked answers: search, fetch, summaries.

`Bio.Entrez` builds each request; our transport sends it, because Bio.Entrez retries without waiting,
has no timeout, does not share its rate limit and puts the key into URLs.
"""

from __future__ import annotations

import threading
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl, urlsplit
from urllib.request import Request

from Bio import Entrez

from helpers.errors import FetchError, ParseError
from helpers.fetch.endpoints import EUTILS, Call
from helpers.fetch.faults import Fault, check_json, read_json
from helpers.fetch.recordset import RecordSet, split_set
from helpers.fetch.transport import PATIENT, Patience, ask, describe, send

# PubMed shows the first 9,999 hits of a search, no more; other databases more, but this is safe for all.
CAP = 9_999
# Answers slower than the patience, after which a batch is asked for in halves.
SLOW_TRIES = 2
# How often records missing from an answer are asked for again.
ASK_AGAIN = 2
_BUILDING = threading.Lock()


def entrez_call(tool: str, **parameters: Any) -> Call:
    """The request `Bio.Entrez.<tool>` builds for the parameters, unsent and without secrets."""
    with _BUILDING:
        opened, Entrez._open = Entrez._open, _unsent  # type: ignore[assignment]
        try:
            request = getattr(Entrez, tool)(**parameters, tool="", email="", api_key="")
        finally:
            Entrez._open = opened
    parts = urlsplit(request.full_url)
    query = request.data.decode() if request.data else parts.query
    return Call(parts.path.rsplit("/", 1)[-1], tuple(parse_qsl(query)))


def _unsent(request: Request) -> Request:
    return request


@dataclass(frozen=True)
class SearchPage:
    """Answer to one search: hits in all, ids of this page, the query as PubMed took it, its warnings."""

    count: int
    ids: tuple[int, ...]
    translation: str
    warnings: tuple[str, ...]


def search_page(
    term: str,
    *,
    db: str = "pubmed",
    retmax: int = CAP,
    within: range | None = None,
    patience: Patience = PATIENT,
) -> SearchPage:
    """One page of hits from the first on, complete up to `retmax`.

    `within` is the range of ids every hit must lie in. Raises FetchError if the service fails or
    refuses the query.
    """
    call = entrez_call("esearch", db=db, term=term, retmax=str(retmax), retstart="0", retmode="json")
    body = send(EUTILS, call, check=lambda body: _check_search(body, retmax, within), patience=patience)
    return _search_page(body)


def _search_page(body: bytes) -> SearchPage:
    result = read_json(body)["esearchresult"]
    return SearchPage(
        int(result["count"]),
        tuple(int(uid) for uid in result.get("idlist", [])),
        str(result.get("querytranslation", "")),
        tuple(_warnings(result)),
    )


def _check_search(body: bytes, retmax: int, within: range | None) -> Fault | None:
    """Fault for a search answer that is not whole, or whose ids are fewer than its count promises."""
    try:
        page = _search_page(body)
    except (ValueError, KeyError, TypeError):
        return Fault("truncated", "not a whole search answer")
    expected = min(page.count, retmax, CAP)
    if len(set(page.ids)) != expected:
        return Fault("short", f"the search promised {expected} ids and gave {len(set(page.ids))}")
    if within is not None and any(uid not in within for uid in page.ids):
        return Fault("wrong", "the search gave ids outside the range asked for")
    return None


_WARNINGS = (
    ("errorlist", "fieldsnotfound", "field not known, its word was searched in all fields: {}"),
    ("errorlist", "phrasesnotfound", "not found: {}"),
    ("warninglist", "phrasesignored", "ignored: {}"),
    ("warninglist", "quotedphrasesnotfound", "phrase not in the index, its words were searched apart: {}"),
    ("warninglist", "outputmessages", "{}"),
)


def _warnings(result: dict[str, Any]) -> Iterable[str]:
    """What PubMed says it did not take as written; that nothing was found is no warning."""
    for group, key, wording in _WARNINGS:
        for text in result.get(group, {}).get(key, []):
            if text != "No items found.":
                yield wording.format(text)


def fetch_records(pmids: Sequence[int], *, patience: Patience = PATIENT) -> RecordSet:
    """PubMed records of the PMIDs; a PMID without one was asked for three times in all.

    Asks in halves after two answers that were too slow. Records nobody asked for are left out.
    Raises FetchError if the service fails.
    """
    found = _fetch(pmids, patience)
    records = dict(found.records)
    for again in range(ASK_AGAIN):
        missing = [pmid for pmid in pmids if pmid not in records]
        if not missing:
            break
        patience.sleep(1.0 + again)
        records |= _fetch(missing, patience).records
    return RecordSet(found.head, {pmid: records[pmid] for pmid in sorted(pmids) if pmid in records})


def _fetch(pmids: Sequence[int], patience: Patience) -> RecordSet:
    if not pmids:  # a batch of which all were withdrawn
        return RecordSet(b"", {})
    call = entrez_call("efetch", db="pubmed", id=list(pmids), retmode="xml")
    sets: list[RecordSet] = []

    def check(body: bytes) -> Fault | None:
        try:
            sets.append(split_set(body))
        except ParseError as error:
            return Fault("truncated", f"not a whole PubMed XML answer: {error}")
        return None

    answer = ask(
        EUTILS, call, check=check, patience=patience, slow_tries=SLOW_TRIES if len(pmids) > 1 else None
    )
    if not isinstance(answer, Fault):
        return sets[-1]
    if not answer.slow or len(pmids) == 1:
        raise FetchError(describe(EUTILS, call, answer))
    half = len(pmids) // 2
    left, right = _fetch(pmids[:half], patience), _fetch(pmids[half:], patience)
    return RecordSet(left.head, left.records | right.records)


def fetch_summaries(
    uids: Sequence[int], *, db: str, patience: Patience = PATIENT
) -> dict[int, dict[str, Any]]:
    """JSON summaries by id; one NCBI has none of holds the key `error`. At most 500 ids (NCBI's limit).

    Raises FetchError if the service fails.
    """
    call = entrez_call("esummary", db=db, id=list(uids), retmode="json")

    def check(body: bytes) -> Fault | None:
        if fault := check_json(body):
            return fault
        content = read_json(body)
        held = content.get("result") if isinstance(content, dict) else None
        if not isinstance(held, dict) or any(str(uid) not in held for uid in uids):
            return Fault("short", "summaries are missing from the answer")
        return None

    result = read_json(send(EUTILS, call, check=check, patience=patience))["result"]
    return {uid: result[str(uid)] for uid in uids}
