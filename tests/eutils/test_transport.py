"""Every row of the table of error shapes, waits, redirects, overrides and the shared rate limit."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path

import pytest

from eutils.faults import Faults
from eutils.records import Library
from eutils.server import Server
from helpers.errors import FetchError, UsageError
from helpers.fetch.endpoints import EUTILS, resolve
from helpers.fetch.entrez import entrez_call, fetch_records, search_page
from helpers.fetch.faults import Fault, seconds_to_wait, sniff
from helpers.fetch.transport import Patience, ask

OVERCOME = [
    *(
        "429",
        "429-wait",
        "200-rate",
        "proxy",
        "500",
        "502",
        "503",
        "html",
        "empty",
        "error-200",
        "error-json",
    ),
    *("unknown-error", "transient-400", "slow-records", "slow-records-400", "docsum", "drop", "truncated"),
    *("short", "garbled"),
]
FATAL = {
    "bad-key": "key",
    "414": "size",
    "too-many": "size",
    "history": "history",
    "history-400": "history",
    "history-json": "history",
    "cap": "cap",
    "invalid-uid": "ids",
    "redirect": "redirect",
    "redirect-307": "redirect",
}


@pytest.mark.parametrize("fault", OVERCOME)
def test_passing_fault_is_overcome(fault: str, server: Server, library: Library, patience: Patience) -> None:
    """A fault that passes costs one more try and nothing else."""
    pmids = sorted(library.records)[:5]
    server.state.faults.script = [fault]
    found = fetch_records(pmids, patience=patience)
    assert sorted(found.records) == pmids
    assert server.state.tools() == ["efetch", "efetch"]


@pytest.mark.parametrize("fault", OVERCOME)
def test_search_overcomes_the_same_faults(fault: str, server: Server, patience: Patience) -> None:
    """A search meets them as a fetch does, in JSON."""
    server.state.faults.script = [fault]
    page = search_page('"ferroptosis"[tiab]', patience=patience)
    assert page.count == len(page.ids) > 10
    assert len(server.state.seen) == 2


@pytest.mark.parametrize("fault", FATAL)
def test_fatal_fault_is_told_at_once(
    fault: str, server: Server, library: Library, patience: Patience, sleeps: list[float]
) -> None:
    """What asking again cannot help is not asked again."""
    server.state.faults.script = [fault]
    answer = ask(EUTILS, entrez_call("efetch", db="pubmed", id="1", retmode="xml"), patience=patience)
    assert isinstance(answer, Fault)
    assert answer.kind == FATAL[fault]
    assert len(server.state.seen) == 1
    assert sleeps == []


def test_service_that_stays_down_is_a_fetch_error_in_own_words(
    server: Server, patience: Patience, sleeps: list[float]
) -> None:
    """After eight tries the user reads service, question and fault, and none of the failure's body."""
    server.state.faults.script = ["500"] * 8
    with pytest.raises(FetchError) as caught:
        search_page("x", patience=patience)
    assert str(caught.value).startswith(
        "NCBI E-utilities, esearch.fcgi: a web page came instead of data (HTTP 500)"
    )
    assert "/internal/path" not in str(caught.value)
    assert len(server.state.seen) == 8
    assert len(sleeps) == 7


def test_waits_grow_and_jitter(server: Server, patience: Patience, sleeps: list[float]) -> None:
    """Waits double from one second to sixteen, each with up to a second of jitter."""
    server.state.faults.script = ["503"] * 7
    server.state.faults.script = ["502"] * 7
    search_page("x", patience=patience)
    for wait, floor in zip(sleeps, (1, 2, 4, 8, 16, 16, 16), strict=True):
        assert floor <= wait <= floor + 1
    assert len({wait % 1 for wait in sleeps}) > 1


def test_retry_after_is_honoured(server: Server, patience: Patience, sleeps: list[float]) -> None:
    """The service may ask for a longer wait than the own one."""
    server.state.faults.script = ["429-wait"]
    search_page("x", patience=patience)
    assert sleeps[0] >= 2


def test_retry_after_is_read_as_seconds_or_date_and_bounded() -> None:
    """Both forms of the header count; nonsense counts as none; nobody waits longer than five minutes."""
    soon = format_datetime(datetime.now(UTC) + timedelta(seconds=20))
    assert seconds_to_wait("7") == 7
    assert 15 < seconds_to_wait(soon) <= 20
    assert seconds_to_wait("86400") == 300
    assert (
        seconds_to_wait("soon")
        == seconds_to_wait(None)
        == seconds_to_wait("Mon, 01 Jan 2001 00:00:00 GMT")
        == 0
    )


def test_words_of_an_error_inside_a_record_are_no_error() -> None:
    """An abstract may say anything; only an error document is one."""
    body = b"<?xml version='1.0'?><PubmedArticleSet><x>API rate limit exceeded <ERROR>no</ERROR></x></PubmedArticleSet>"
    assert sniff(200, body) is None


# What each answer that projects recorded from NCBI amounts to here; None goes on to the caller's own check.
RECORDED = {
    "rate_limit_429": "rate",
    "rate_limit_old_form": "rate",
    "esearch_retstart_over_9998_json": "cap",
    "esearch_nothing_found_json": None,
    "esearch_empty_term_json": "query",
    "esearch_bad_syntax": "backend",
    "esearch_expired_webenv": "history",
    "efetch_expired_history": "history",
    "efetch_malformed_id": "ids",
    "efetch_nonexistent_id": None,
    "esearch_phrase_not_found_xml": None,
    "uri_too_long": "size",
}


@pytest.mark.evaldata
def test_recorded_answers_of_ncbi_are_told_apart(evaldata: Path) -> None:
    """Real bodies, not those of the loopback server, which has them from the same facts."""
    met = set()
    for line in (evaldata / "eutils" / "errors.jsonl").read_text(encoding="utf-8").splitlines():
        held = json.loads(line)
        if held["case"] not in RECORDED:
            continue  # an excerpt, or a form never asked for here
        met.add(held["case"])
        after = held.get("headers", {}).get("Retry-After")
        fault = sniff(held["http"] or 200, (held["body"] or "").encode(), retry_after=after)
        assert (fault.kind if fault else None) == RECORDED[held["case"]], held["case"]
        assert (fault.wait if fault else 0) == float(after or 0)
    assert met == set(RECORDED)


def test_slow_answer_ends_at_the_deadline(server: Server, sleeps: list[float]) -> None:
    """Bytes that trickle in do not hold a fetch up for ever."""
    server.state.faults.script = ["slow-bytes"]
    hasty = Patience(sleep=sleeps.append, per_second=100_000, timeout=5, deadline=0.3)
    page = search_page('"ferroptosis"[tiab]', patience=hasty)
    assert page.count > 0
    assert len(server.state.seen) == 2


def test_silence_ends_at_the_timeout(server: Server, sleeps: list[float]) -> None:
    """A server that says nothing is given up after the timeout."""
    server.state.delay = 0.5
    hasty = Patience(tries=2, sleep=sleeps.append, per_second=100_000, timeout=0.1)
    with pytest.raises(FetchError, match="no whole answer in time"):
        search_page("x", patience=hasty)


def test_redirect_is_not_followed(server: Server, patience: Patience) -> None:
    """Neither a 302 nor a 307 takes the request, and with it the key, anywhere else."""
    for fault in ("redirect", "redirect-307"):
        server.state.faults.script = [fault]
        with pytest.raises(FetchError, match="redirected the request"):
            search_page("x", patience=patience)
    assert not [seen for seen in server.state.seen if "elsewhere" in seen.url]


def test_every_eutils_request_is_a_post_without_query(
    server: Server, library: Library, patience: Patience
) -> None:
    """Nothing stands in a URL, so nothing can leak from one."""
    search_page("ferroptosis", patience=patience)
    fetch_records(sorted(library.records)[:3], patience=patience)
    assert {seen.method for seen in server.state.seen} == {"POST"}
    assert not [seen for seen in server.state.seen if "?" in seen.url]
    assert {seen.fields["tool"] for seen in server.state.seen} == {"cell-death-target-atlas"}


@pytest.mark.parametrize(
    "url",
    [
        *(
            "https://example.org/",
            "http://192.0.2.1/",
            "http://127.0.0.1@example.org/",
            "http://localhost.example.org/",
        ),
        *(
            "ftp://127.0.0.1/",
            "//127.0.0.1/",
            "127.0.0.1:80",
            "http://[::ffff:192.0.2.1]/",
            "http://0.0.0.0/",
            "http://[x/",
        ),
    ],
)
def test_override_that_is_not_loopback_is_refused(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The override is for tests on this machine; nothing else is ever reached through it."""
    monkeypatch.setenv("ATLAS_EUTILS_URL", url)
    with pytest.raises(UsageError, match="ATLAS_EUTILS_URL"):
        search_page("x")


@pytest.mark.parametrize(
    "url", ["http://127.0.0.1:1/", "http://127.8.8.8/x", "http://localhost:1", "http://[::1]:1/"]
)
def test_loopback_override_is_taken(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every address of this machine itself will do."""
    monkeypatch.setenv("ATLAS_EUTILS_URL", url)
    assert resolve(EUTILS) == (url.rstrip("/") + "/", True)


def test_live_service_needs_an_email(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the address NCBI asks for nothing is sent, and the message says what to set."""
    monkeypatch.delenv("ATLAS_EUTILS_URL", raising=False)
    monkeypatch.delenv("NCBI_EMAIL", raising=False)
    with pytest.raises(UsageError, match="NCBI_EMAIL"):
        search_page("x")


@pytest.mark.parametrize("email", ["someone", "@", "a@b", "a b@c.org", " "])
def test_address_that_can_be_none_is_refused_without_showing_it(
    email: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The message says what is wrong and what to do; the value stays where it is."""
    monkeypatch.delenv("ATLAS_EUTILS_URL", raising=False)
    monkeypatch.setenv("NCBI_EMAIL", email)
    with pytest.raises(UsageError, match="NCBI_EMAIL") as caught:
        search_page("x")
    assert not email.strip() or f" {email} " not in str(caught.value)


_ASKING = """
from concurrent.futures import ThreadPoolExecutor
from helpers.fetch.entrez import search_page
with ThreadPoolExecutor(2) as pool:
    list(pool.map(lambda n: search_page('"ferroptosis"[tiab]', retmax=1), range(4)))
"""


def _most_in_a_second(moments: list[float]) -> int:
    return max(sum(start <= moment < start + 1 for moment in moments) for start in moments)


@pytest.mark.parametrize(("rate", "limit"), [(None, 3), ("10", 10)])
def test_rate_limit_holds_over_threads_and_processes(rate: str | None, limit: int, server: Server) -> None:
    """Three processes of two threads together start no more requests a second than NCBI allows one user."""
    environment = os.environ | {"PYTHONPATH": str(Path(__file__).parents[2] / "src")}
    if rate:
        environment["ATLAS_LOOPBACK_RATE"] = rate
    children = [subprocess.Popen([sys.executable, "-c", _ASKING], env=environment) for _ in range(3)]
    assert [child.wait(60) for child in children] == [0, 0, 0]
    moments = sorted(seen.moment for seen in server.state.seen)
    assert len(moments) == 12
    # Moments of arrival: on a busy machine one may come late, so that a second holds one more.
    assert _most_in_a_second(moments) <= limit + 1
    assert moments[-1] - moments[0] > 11 * 1.1 / limit - 0.5


def test_a_key_raises_the_rate_to_ten(monkeypatch: pytest.MonkeyPatch) -> None:
    """Three requests a second without a key, ten with one, each with a tenth to spare."""
    from helpers.fetch.transport import PATIENT, _interval

    monkeypatch.delenv("NCBI_API_KEY", raising=False)
    assert _interval(EUTILS, False, PATIENT) == pytest.approx(1.1 / 3)
    monkeypatch.setenv("NCBI_API_KEY", "x")
    assert _interval(EUTILS, False, PATIENT) == pytest.approx(0.11)


def test_faults_by_chance_are_counted() -> None:
    """The server's own bookkeeping: about a fifth of requests at a rate of a fifth."""
    faults = Faults(rate=0.2)
    played = [faults.next() for _ in range(2000)]
    assert sum(faults.played.values()) == sum(fault is not None for fault in played)
    assert 330 < sum(faults.played.values()) < 470
