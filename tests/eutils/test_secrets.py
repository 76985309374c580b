"""A canary key and address appear in no file, log, message, traceback, URL or notebook output."""

from __future__ import annotations

import logging
import traceback
from dataclasses import replace
from pathlib import Path

import pytest

from eutils.faults import REPLIES
from eutils.records import Library
from eutils.server import Server
from eutils.test_snapshot import take
from helpers.errors import AtlasError
from helpers.fetch import batches, catalog, endpoints, entrez, genes, services, transport, wire
from helpers.fetch.transport import Patience

KEY, EMAIL = "canary-key-7f3a9c", "canary.address@example.org"


@pytest.fixture
def live(server: Server, monkeypatch: pytest.MonkeyPatch) -> Server:
    """The server as if it were the live service: no override, so that key and address are sent to it."""
    monkeypatch.delenv("ATLAS_EUTILS_URL")
    monkeypatch.setenv("NCBI_API_KEY", KEY)
    monkeypatch.setenv("NCBI_EMAIL", EMAIL)
    stand_in = replace(endpoints.EUTILS, base=f"{server.state.base}/entrez/eutils/")
    for module in (entrez, catalog):
        monkeypatch.setattr(module, "EUTILS", stand_in)
    # The live rate would make the test slow; it is tested elsewhere.
    monkeypatch.setattr(transport, "_interval", lambda *_: 0.0)
    return server


def assert_clean(text: str) -> None:
    """Neither secret stands in a text."""
    assert KEY not in text
    assert EMAIL not in text


def files_under(folder: Path) -> str:
    """All bytes under a folder, decompressed where they are compressed."""
    import gzip

    parts = []
    for path in folder.rglob("*"):
        if path.is_file():
            data = path.read_bytes()
            parts.append((gzip.decompress(data) if path.suffix == ".gz" else data).decode(errors="replace"))
    return "\n".join(parts)


def test_key_and_address_reach_the_service_in_the_body_only(
    live: Server, patience: Patience, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """They are sent with each request, never in a URL or header, and stay in no file and no log."""
    caplog.set_level(logging.DEBUG)
    live.state.faults.rate = 0.3
    snapshot = take(tmp_path, patience)
    genes.fetch_gene_lexicon(folder=tmp_path / "lexicon", patience=patience, quiet=True)
    catalog.fetch_journal_ids(["0028-0836"], folder=tmp_path / "catalog", patience=patience, quiet=True)
    services.fetch_citations(["1"], folder=tmp_path / "icite", patience=patience, quiet=True)
    entrezs = [seen for seen in live.state.seen if "/entrez/" in seen.url]
    assert entrezs
    assert all((seen.fields["api_key"], seen.fields["email"]) == (KEY, EMAIL) for seen in entrezs)
    for seen in live.state.seen:
        assert_clean(seen.url + seen.headers)
    assert all(KEY not in seen.fields.values() for seen in live.state.seen if "/entrez/" not in seen.url)
    assert_clean(files_under(tmp_path))
    assert caplog.text
    assert_clean(caplog.text)
    assert_clean(repr(snapshot) + str(snapshot.describe()) + snapshot.sentence())


def _with_locals(error: BaseException) -> str:
    """A traceback as the most talkative tool prints it: every frame's locals, causes and contexts included."""
    return "".join(
        traceback.TracebackException.from_exception(error, capture_locals=True, compact=False).format()
    )


@pytest.mark.parametrize("fault", [*REPLIES, "drop", "truncated", "short", "garbled"])
def test_no_failure_shows_them(fault: str, live: Server, library: Library, sleeps: list[float]) -> None:
    """Not even a refusal that repeats the key, in a traceback with locals, with every chained exception."""
    live.state.faults.script = [fault] * 50
    with pytest.raises(AtlasError) as caught:
        entrez.fetch_records(sorted(library.records)[:2], patience=Patience(tries=2, sleep=sleeps.append))
    shown = _with_locals(caught.value)
    assert "fetch_records" in shown
    assert_clean(shown)
    assert caught.value.__context__ is None


def test_interrupt_in_the_middle_of_a_request_shows_none(
    live: Server, library: Library, patience: Patience, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Ctrl-C while an answer is read leaves a traceback without the frames that know the key."""

    def interrupt(*_: object) -> bytes:
        raise KeyboardInterrupt

    monkeypatch.setattr(wire, "_read", interrupt)
    with pytest.raises(KeyboardInterrupt) as caught:
        entrez.fetch_records(sorted(library.records)[:2], patience=patience)
    assert_clean(_with_locals(caught.value))
    assert "interrupt" not in [frame.name for frame in caught.traceback]


def test_incomplete_fetch_shows_none(live: Server, sleeps: list[float], tmp_path: Path) -> None:
    """The error that comes back through the pool of threads is clean as well."""
    live.state.faults.script = [None] + ["bad-key"] * 50
    with pytest.raises(batches.IncompleteError) as caught:
        take(tmp_path, Patience(tries=2, sleep=sleeps.append))
    assert "the API key is not valid" in str(caught.value)
    assert_clean(_with_locals(caught.value) + files_under(tmp_path))


def test_loopback_override_gets_no_key(
    server: Server, patience: Patience, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A test server is never told the user's key or address."""
    monkeypatch.setenv("NCBI_API_KEY", KEY)
    monkeypatch.setenv("NCBI_EMAIL", EMAIL)
    entrez.search_page("ferroptosis", patience=patience)
    for seen in server.state.seen:
        assert_clean(str(seen))


def test_key_is_read_when_the_request_leaves(
    live: Server, patience: Patience, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A key set or unset later in a session counts from then on."""
    entrez.search_page("ferroptosis", patience=patience)
    monkeypatch.delenv("NCBI_API_KEY")
    entrez.search_page("ferroptosis", patience=patience)
    assert ["api_key" in seen.fields for seen in live.state.seen] == [True, False]
