"""Questions to Entrez and their checked answers."""

from __future__ import annotations

import warnings

import pytest

from eutils.records import Library
from eutils.server import Server
from helpers.errors import FetchError
from helpers.fetch.endpoints import EUTILS, Call
from helpers.fetch.entrez import entrez_call, fetch_records, fetch_summaries, search_page
from helpers.fetch.transport import Patience, send


def test_bio_entrez_builds_the_request_and_stays_as_it_was() -> None:
    """Its functions are used, nothing is sent, nothing is warned of, and the module is left untouched."""
    from Bio import Entrez

    opened = Entrez._open
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        call = entrez_call("efetch", db="pubmed", id=[3, 1], retmode="xml")
    assert call == Call("efetch.fcgi", (("db", "pubmed"), ("id", "3,1"), ("retmode", "xml")))
    assert Entrez._open is opened
    assert Entrez.email is None


def test_search_tells_what_was_not_taken_as_written(server: Server, patience: Patience) -> None:
    """An unknown field and a phrase outside the index broaden a search; both are told."""
    page = search_page('ferroptosis[nofield] OR "zzqqxx nowhere"[tiab]', patience=patience)
    assert page.count > 0
    assert page.warnings == (
        "field not known, its word was searched in all fields: nofield",
        'phrase not in the index, its words were searched apart: "zzqqxx nowhere"',
    )


def test_nothing_found_is_an_answer_without_warning(server: Server, patience: Patience) -> None:
    """No hit is no failure."""
    page = search_page("zzqqxxnotaword", patience=patience)
    assert (page.count, page.ids, page.warnings) == (0, (), ())


def test_empty_term_is_refused_at_once(server: Server, patience: Patience) -> None:
    """The service's own reason is told in a sentence."""
    with pytest.raises(FetchError, match="the query is empty"):
        search_page(" ", patience=patience)
    assert len(server.state.seen) == 1


def test_search_short_of_its_own_count_is_asked_again(server: Server, patience: Patience) -> None:
    """499 ids where 500 were promised are not taken for all."""
    server.state.faults.script = ["missing-record"] * 2
    page = search_page('"ferroptosis"[tiab]', retmax=50, patience=patience)
    assert len(page.ids) == 50
    assert len(server.state.seen) == 3


def test_page_past_the_cap_is_read_despite_its_raw_line_feed(server: Server, patience: Patience) -> None:
    """Strict JSON fails there; the reason still arrives."""
    fields = (("db", "pubmed"), ("term", "ferroptosis"), ("retstart", "9999"), ("retmode", "json"))
    with pytest.raises(FetchError, match="beyond the first 9,999"):
        send(EUTILS, Call("esearch.fcgi", fields), patience=patience)


def test_slow_batch_is_halved(server: Server, library: Library, patience: Patience) -> None:
    """After two timeouts the batch is asked for in halves, and the records are the same."""
    pmids = sorted(library.records)[:8]
    whole = fetch_records(pmids, patience=patience)
    server.state.seen.clear()
    server.state.faults.script = ["slow-records", "slow-records-400"]
    assert fetch_records(pmids, patience=patience) == whole
    assert [len(seen.fields["id"].split(",")) for seen in server.state.seen] == [8, 8, 4, 4]


def test_record_too_slow_alone_is_a_fetch_error(server: Server, library: Library, patience: Patience) -> None:
    """Halving ends at one record, which then has all the tries."""
    server.state.faults.script = ["slow-records"] * 100
    with pytest.raises(FetchError, match="took too long"):
        fetch_records(sorted(library.records)[:2], patience=patience)
    assert [len(seen.fields["id"].split(",")) for seen in server.state.seen] == [2, 2] + [1] * 8


def test_record_left_out_is_asked_for_again_alone(
    server: Server, library: Library, patience: Patience
) -> None:
    """A gap that passes leaves no gap; only what is missing is asked for again."""
    pmids = sorted(library.records)[:20]
    server.state.faults.script = ["missing-record"]
    assert sorted(fetch_records(pmids, patience=patience).records) == pmids
    assert [seen.fields["id"] for seen in server.state.seen][1:] == [str(pmids[0])]


def test_record_nobody_asked_for_is_left_out(server: Server, library: Library, patience: Patience) -> None:
    """A stranger in the answer is dropped, the one it displaced asked for again."""
    pmids = sorted(library.records)[:20]
    server.state.faults.script = ["wrong-record"]
    assert sorted(fetch_records(pmids, patience=patience).records) == pmids


def test_record_that_does_not_exist_is_missing_after_three_asks(
    server: Server, library: Library, patience: Patience
) -> None:
    """Unknown PMIDs are left out by NCBI without a word; the caller sees which."""
    pmids = [*sorted(library.records)[:3], 999_999_999]
    assert sorted(fetch_records(pmids, patience=patience).records) == pmids[:3]
    assert len(server.state.seen) == 3


def test_summaries_come_per_id_with_their_errors(
    server: Server, library: Library, patience: Patience
) -> None:
    """A deleted record is told from a known one."""
    known = min(library.records)
    found = fetch_summaries([known, 999_999_999], db="pubmed", patience=patience)
    assert "error" not in found[known]
    assert found[999_999_999]["error"] == "cannot get document summary"


def test_more_than_500_json_summaries_are_refused_as_ncbi_refuses_them(
    server: Server, patience: Patience
) -> None:
    """The limit is NCBI's; nobody runs into it silently."""
    with pytest.raises(FetchError, match="too many ids"):
        fetch_summaries(range(1, 502), db="gene", patience=patience)
