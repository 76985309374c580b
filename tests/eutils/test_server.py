"""The loopback server answers as NCBI does: its XML is read by Bio.Entrez, its limits are NCBI's."""

from __future__ import annotations

import io
import json
from typing import Any
from urllib.parse import urlencode
from urllib.request import Request, build_opener

import pytest
from Bio import Entrez

from eutils.records import Library, make_library
from eutils.server import Server
from eutils.test_plan import Numbers


def ask(server: Server, tool: str, **fields: str) -> bytes:
    """The body of an answer, whatever its status."""
    from helpers.fetch.wire import _AnyStatus

    request = Request(f"{server.state.base}/entrez/eutils/{tool}.fcgi", data=urlencode(fields).encode())
    with build_opener(_AnyStatus).open(request, timeout=10) as response:
        body: bytes = response.read()
    return body


def read(body: bytes) -> Any:
    """The answer as Bio.Entrez reads it, every tag checked against NCBI's DTD."""
    return Entrez.read(io.BytesIO(body), validate=True)


def test_records_are_valid_pubmed_xml(server: Server, library: Library) -> None:
    """Articles and books alike; editorials, notices, retracted and foreign ones among them."""
    content = read(ask(server, "efetch", db="pubmed", id=",".join(map(str, library.records))))
    assert len(content["PubmedArticle"]) + len(content["PubmedBookArticle"]) == len(library.records)
    types = {
        str(t)
        for a in content["PubmedArticle"]
        for t in a["MedlineCitation"]["Article"]["PublicationTypeList"]
    }
    assert types >= {"Review", "Editorial", "Retracted Publication", "Retraction of Publication"}
    assert any("OtherAbstract" in a["MedlineCitation"] for a in content["PubmedArticle"])
    assert any("Abstract" not in a["MedlineCitation"]["Article"] for a in content["PubmedArticle"])


def test_other_answers_are_valid_too(server: Server, library: Library) -> None:
    """esearch, einfo, elink, esummary and the NLM Catalog in XML."""
    pmid = str(sorted(library.records)[300])
    assert int(read(ask(server, "esearch", db="pubmed", term="ferroptosis"))["Count"]) > 0
    assert "pubmed" in read(ask(server, "einfo"))["DbList"]
    assert read(ask(server, "einfo", db="pubmed"))["DbInfo"][0]["Count"] == str(len(library.records))
    assert read(ask(server, "elink", dbfrom="pubmed", db="pubmed", id=pmid))[0]["IdList"] == [pmid]
    assert read(ask(server, "esummary", db="pubmed", id=pmid))[0]["Id"] == pmid
    assert read(ask(server, "efetch", db="nlmcatalog", id="1,2", retmode="xml"))["NLMCatalogRecord"][1]
    assert json.loads(ask(server, "elink", dbfrom="pubmed", id=pmid, retmode="json"))["linksets"][0][
        "ids"
    ] == [pmid]
    assert json.loads(ask(server, "einfo", retmode="json"))["einforesult"]["dblist"]


def test_search_is_capped_as_pubmed_caps_it() -> None:
    """9,999 ids at most, a page over the edge clamped without a word, past it an error with a raw line feed."""
    with Server(Numbers(12_000)) as server:

        def page(start: int, size: int) -> Any:
            body = ask(server, "esearch", term="x", retstart=str(start), retmax=str(size), retmode="json")
            return json.loads(body, strict=False)["esearchresult"]

        assert (page(0, 1_000_000)["count"], len(page(0, 1_000_000)["idlist"])) == ("12000", 9_999)
        assert len(page(9_500, 500)["idlist"]) == 499
        assert "cannot be larger than 9998" in page(9_999, 1)["ERROR"]
        body = ask(server, "esearch", term="x", retstart="9999", retmode="json")
        with pytest.raises(ValueError, match="control character"):
            json.loads(body)


def test_history_works_and_expires(server: Server) -> None:
    """A session gives its records until it is forgotten."""
    found = read(ask(server, "esearch", db="pubmed", term="ferroptosis", usehistory="y"))
    body = ask(server, "efetch", db="pubmed", WebEnv=found["WebEnv"], query_key="1", retmax="5")
    assert len(read(body)["PubmedArticle"]) + len(read(body)["PubmedBookArticle"]) == 5
    server.state.sessions.clear()
    assert b"Unable to obtain query" in ask(
        server, "efetch", db="pubmed", WebEnv=found["WebEnv"], query_key="1"
    )


def test_unbalanced_query_fails_in_the_backend(server: Server) -> None:
    """As PubMed's does, in HTTP 200."""
    assert b"Search Backend failed" in ask(server, "esearch", term="((", retmode="json")
    assert b"<ERROR>" in ask(server, "esearch", term="((ferroptosis)")


def test_same_seed_gives_the_same_library() -> None:
    """Two servers with one seed hold the same records."""
    assert make_library(200, seed=3).records == make_library(200, seed=3).records
    assert make_library(200, seed=3).records != make_library(200, seed=4).records
