# ruff: noqa: E501 -- literal XML and word lists
"""A loopback server that answers as NCBI's E-utilities do (and iCite, OpenAlex, PubTator beside them).

`with Server(library) as server: ...` sets the environment variables that send the package there.
Run as a program, it serves until stopped: python -m eutils.server --records 25000
"""

from __future__ import annotations

import json
import os
import re
import threading
import time
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any
from urllib.parse import parse_qs, urlsplit

import numpy as np

from eutils import answers
from eutils.answers import Gene, make_genes
from eutils.facts import JOURNALS
from eutils.faults import REPLIES, Faults
from eutils.pubmed_xml import write_set
from eutils.records import Library, make_record
from eutils.search import Hits, Searcher, SyntaxFault

OVERRIDES = {
    "ATLAS_EUTILS_URL": "/entrez/eutils/",
    "ATLAS_ICITE_URL": "/icite/",
    "ATLAS_OPENALEX_URL": "/openalex/",
    "ATLAS_PUBTATOR_URL": "/pubtator/",
}


@dataclass(frozen=True)
class Seen:
    """One request as the server saw it."""

    moment: float
    method: str
    url: str
    fields: dict[str, str]
    headers: str


@dataclass
class State:
    """What the server knows and what it has been asked."""

    library: Library
    faults: Faults
    genes: dict[int, Gene]
    seen: list[Seen] = field(default_factory=list)
    sessions: dict[str, Hits] = field(default_factory=dict)
    lock: threading.Lock = field(default_factory=threading.Lock)
    base: str = ""
    delay: float = 0.0

    def __post_init__(self) -> None:
        self.searcher = Searcher(self.library)

    def tools(self) -> list[str]:
        """Tools asked for, in order."""
        return [urlsplit(seen.url).path.rsplit("/", 1)[-1].removesuffix(".fcgi") for seen in self.seen]


class Server:
    """The server as a context manager, with the environment that leads to it."""

    def __init__(
        self, library: Library, *, faults: Faults | None = None, genes: int = 300, port: int = 0
    ) -> None:
        self.state = State(library, faults or Faults(), make_genes(genes))
        handler = type("Handler", (_Handler,), {"state": self.state})
        self.http = ThreadingHTTPServer(("127.0.0.1", port), handler)
        self.http.daemon_threads = True
        self.state.base = f"http://127.0.0.1:{self.http.server_address[1]}"
        self.thread = threading.Thread(target=self.http.serve_forever, args=(0.01,), daemon=True)
        self.before: dict[str, str | None] = {}

    def environment(self) -> dict[str, str]:
        """Variables that send the package's requests here."""
        return {name: self.state.base + path for name, path in OVERRIDES.items()}

    def __enter__(self) -> Server:
        self.thread.start()
        self.before = {name: os.environ.get(name) for name in OVERRIDES}
        os.environ.update(self.environment())
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.http.shutdown()
        self.http.server_close()
        for name, value in self.before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value


class _Handler(BaseHTTPRequestHandler):
    state: State

    def log_message(self, format: str, *args: Any) -> None:
        """Nothing: tests read `state.seen`."""

    def do_GET(self) -> None:
        self.answer(parse_qs(urlsplit(self.path).query))

    def do_POST(self) -> None:
        length = int(self.headers.get("Content-Length", "0"))
        fields = parse_qs(urlsplit(self.path).query) | parse_qs(self.rfile.read(length).decode())
        self.answer(fields)

    def answer(self, lists: dict[str, list[str]]) -> None:
        fields = {name: ",".join(values) for name, values in lists.items()}
        state = self.state
        with state.lock:
            state.seen.append(Seen(time.monotonic(), self.command, self.path, fields, str(self.headers)))
        fault = state.faults.next()
        if state.delay:
            time.sleep(state.delay)
        try:
            if fault in REPLIES:
                status, headers, body = REPLIES[fault]
                body = body.replace(b"{key}", fields.get("api_key", "192.0.2.1").encode())
                headers = {k: v.replace("{elsewhere}", state.base + "/elsewhere") for k, v in headers.items()}
                self.reply(status, body, headers)
            elif fault == "drop":
                self.close_connection = True
            else:
                self.played(fault, *self.right(fields, fault))
        except (BrokenPipeError, ConnectionResetError):
            pass

    def played(self, fault: str | None, status: int, body: bytes) -> None:
        """The right answer, with a fault of the wire played on it."""
        if fault == "truncated":
            self.reply(status, body[: len(body) // 2])
        elif fault == "short":
            self.reply(status, body[: len(body) // 2], length=len(body))
        elif fault == "garbled":
            self.reply(status, body[: len(body) // 2] + b"<<<" + body[len(body) // 2 :])
        elif fault == "slow-bytes":
            self.reply(status, b"", length=len(body))
            for start in range(0, min(len(body), 200)):
                self.wfile.write(body[start : start + 1])
                self.wfile.flush()
                time.sleep(0.05)
        else:
            self.reply(status, body)

    def reply(
        self, status: int, body: bytes, headers: dict[str, str] | None = None, *, length: int | None = None
    ) -> None:
        self.send_response(status)
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body) if length is None else length))
        self.end_headers()
        self.wfile.write(body)

    def right(self, fields: dict[str, str], fault: str | None) -> tuple[int, bytes]:
        path = urlsplit(self.path).path
        if path.startswith("/entrez/eutils/"):
            tool = path.rsplit("/", 1)[-1].removesuffix(".fcgi")
            with self.state.lock:
                return _TOOLS[tool](self.state, fields, fault)
        for prefix, service in _SERVICES.items():
            if path.startswith(prefix):
                return service(self.state, path.removeprefix(prefix), fields)
        return 404, b"not found"


def _esearch(state: State, fields: dict[str, str], fault: str | None) -> tuple[int, bytes]:
    db, term = fields.get("db", "pubmed"), fields.get("term", "")
    start, size = int(fields.get("retstart", "0")), int(fields.get("retmax", "20"))
    as_json = fields.get("retmode") == "json"
    try:
        hits = _hits(state, db, term)
    except SyntaxFault as error:
        said = f"Search Backend failed: {error}"
        if as_json:
            return 200, json.dumps({"esearchresult": {"ERROR": said}}).encode()
        return 200, f"<eSearchResult><ERROR>{said}</ERROR></eSearchResult>".encode()
    session = None
    if fields.get("usehistory") == "y":
        session = f"MCID_{len(state.sessions) + 1}"
        state.sessions[session] = hits
    if fault == "missing-record":
        size = max(size - 1, 0)
    write = answers.search_json if as_json else answers.search_xml
    return 200, write(hits, start, size, session)


def _hits(state: State, db: str, term: str) -> Hits:
    if db == "pubmed":
        return state.searcher.search(term)
    if db == "gene":
        uids = np.array(sorted(state.genes))
        if span := re.search(r"(\d+):(\d+)\[UID\]", term):
            uids = uids[(uids >= int(span.group(1))) & (uids <= int(span.group(2)))]
        return Hits(uids, term)
    asked = set(re.findall(r'"?([\dXx]{4}-[\dXx]{4})"?\[issn\]', term)) | set(
        re.findall(r'"?(\w+)"?\[nlmid\]', term)
    )
    found = [
        i + 1
        for i, j in enumerate(JOURNALS)
        if asked & {j.print_issn, j.online_issn, j.linking_issn, j.nlm_id}
    ]
    return Hits(np.array(found, dtype=np.int64), term)


def _efetch(state: State, fields: dict[str, str], fault: str | None) -> tuple[int, bytes]:
    asked = _asked(state, fields)
    if isinstance(asked, bytes):
        return 400, asked
    if not asked or any(not uid.isdigit() or uid == "0" for uid in asked):
        return (
            400,
            b"<eFetchResult><ERROR>ID list is empty! Possibly it has no correct IDs.</ERROR></eFetchResult>",
        )
    if fields.get("db") == "nlmcatalog":
        return 200, answers.catalog([JOURNALS[int(uid) - 1] for uid in asked])
    records = [state.library.records[int(uid)] for uid in asked if int(uid) in state.library.records]
    if fault == "missing-record":
        records = records[1:]
    if fault == "wrong-record" and records:
        stranger = make_record(999_999_001, records[0].published, state.library.seed)
        records = [*records[1:], stranger]
    if fields.get("shuffle_order", "") or state.faults.rate:
        records = records[::-1]
    return 200, write_set(records)


def _asked(state: State, fields: dict[str, str]) -> list[str] | bytes:
    if "WebEnv" not in fields:
        return [uid.strip() for uid in fields.get("id", "").split(",") if uid.strip()]
    hits = state.sessions.get(fields["WebEnv"])
    if hits is None:
        return b"<eFetchResult><ERROR>Unable to obtain query #1</ERROR></eFetchResult>"
    start, size = int(fields.get("retstart", "0")), int(fields.get("retmax", "20"))
    if start >= answers.CAP:
        return b"<eFetchResult><ERROR>Search backend cannot retrieve history data: 'retstart' cannot be larger than 9998</ERROR></eFetchResult>"
    return [str(uid) for uid in hits.pmids[::-1][start : min(start + size, answers.CAP)].tolist()]


def _esummary(state: State, fields: dict[str, str], fault: str | None) -> tuple[int, bytes]:
    asked = [uid for uid in fields.get("id", "").split(",") if uid]
    as_json = fields.get("retmode") == "json"
    if as_json and len(asked) > 500:
        return REPLIES["too-many"][0], REPLIES["too-many"][2]
    if fault == "missing-record":
        asked = asked[1:]
    if fields.get("db") == "gene":
        return 200, answers.gene_summaries(asked, state.genes)
    return 200, answers.pubmed_summaries(asked, state.library.records, as_json)


def _elink(state: State, fields: dict[str, str], fault: str | None) -> tuple[int, bytes]:
    asked = [uid for uid in fields.get("id", "").split(",") if uid]
    link = fields.get("linkname", "pubmed_pubmed")
    return 200, answers.links(
        fields.get("dbfrom", "pubmed"), asked, state.library.records, link, fields.get("retmode") == "json"
    )


def _einfo(state: State, fields: dict[str, str], fault: str | None) -> tuple[int, bytes]:
    return 200, answers.info(fields.get("db"), len(state.library.records), fields.get("retmode") == "json")


_TOOLS = {"esearch": _esearch, "efetch": _efetch, "esummary": _esummary, "elink": _elink, "einfo": _einfo}


def _icite(state: State, path: str, fields: dict[str, str]) -> tuple[int, bytes]:
    data = []
    for text in fields.get("pmids", "").split(","):
        record = state.library.records.get(int(text))
        if record is not None:
            fresh = record.published.year >= 2026
            data.append(
                {"pmid": record.pmid, "year": record.published.year, "citation_count": record.shape % 90,
                 "relative_citation_ratio": None if fresh else round(record.shape / 400, 2),
                 "nih_percentile": None if fresh else record.shape / 10, "provisional": fresh}
            )  # fmt: skip
    return 200, json.dumps({"meta": {"total": len(data)}, "data": data}).encode()


def _openalex(state: State, path: str, fields: dict[str, str]) -> tuple[int, bytes]:
    issn = path.removeprefix("sources/issn:")
    for journal in JOURNALS:
        known = [text for text in (journal.print_issn, journal.online_issn) if text]
        if issn in known:
            cited = 0 if journal.nlm_id == "9815369" else 3.5 + len(journal.title) / 10
            return 200, json.dumps(
                {"id": "https://openalex.org/S1", "display_name": journal.title, "issn_l": journal.linking_issn, "issn": known,
                 "summary_stats": {"2yr_mean_citedness": cited, "h_index": 100}}
            ).encode()  # fmt: skip
    return 404, b"<!doctype html><html><title>404</title></html>"


def _pubtator(state: State, path: str, fields: dict[str, str]) -> tuple[int, bytes]:
    documents = []
    for text in fields.get("pmids", "").split(","):
        record = state.library.records.get(int(text))
        if record is not None:
            at = record.title.index(record.genes[0])
            gene = {"infons": {"identifier": "2879", "type": "Gene"}, "text": record.genes[0],
                    "locations": [{"offset": at, "length": len(record.genes[0])}]}  # fmt: skip
            drug = {
                "infons": {"identifier": "D000", "type": "Chemical"},
                "text": "x",
                "locations": [{"offset": 0, "length": 1}],
            }
            passages = [
                {"infons": {"type": "title"}, "offset": 0, "text": record.title, "annotations": [gene, drug]},
                {
                    "infons": {"type": "abstract"},
                    "offset": len(record.title) + 1,
                    "text": "",
                    "annotations": [],
                },
            ]
            documents.append({"id": text, "pmid": record.pmid, "passages": passages})
    return 200, json.dumps({"PubTator3": documents}).encode()


_SERVICES = {"/icite/": _icite, "/openalex/": _openalex, "/pubtator/": _pubtator}


def main() -> None:
    """Serves a library until interrupted; prints the variables to set."""
    import argparse

    from eutils.records import make_library

    options = argparse.ArgumentParser(description="Loopback E-utilities over synthetic records.")
    options.add_argument("--records", type=int, default=25_000)
    options.add_argument("--faults", type=float, default=0.0, help="share of requests met by a fault")
    options.add_argument("--port", type=int, default=8765)
    given = options.parse_args()
    with Server(make_library(given.records), faults=Faults(rate=given.faults), port=given.port) as server:
        for name, value in server.environment().items():
            print(f"export {name}={value}")
        try:
            server.thread.join()
        except KeyboardInterrupt:
            print()


if __name__ == "__main__":
    main()
