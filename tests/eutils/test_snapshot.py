"""A snapshot is complete or says what is missing, and resumes at any point to the same bytes."""

from __future__ import annotations

import errno
import json
import os
import random
import signal
import subprocess
import sys
import time
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from filelock import FileLock

from eutils.records import Library, make_library
from eutils.server import Server
from helpers.errors import FetchError, IncompleteError, UsageError
from helpers.fetch.batches import read_batch
from helpers.fetch.manifest import read_rows
from helpers.fetch.snapshot import Snapshot, fetch_snapshot, read_snapshot, snapshot_files
from helpers.fetch.transport import Patience
from helpers.records.pubmed import parse_pubmed

NOW = datetime(2026, 11, 10, 12, 0, tzinfo=UTC)
QUERY = '"synthetic record"[tiab]'


def contents(folder: Path) -> dict[str, bytes]:
    """Every file of a snapshot but the log of times and the lock."""
    files = (path for path in folder.rglob("*") if path.is_file())
    return {str(p.relative_to(folder)): p.read_bytes() for p in files if p.name not in ("log.jsonl", ".lock")}


def pmids_in(snapshot: Snapshot) -> list[int]:
    """PMIDs of all records in the files, with repeats if there were any."""
    return [pmid for row in read_rows(snapshot.folder) for pmid in read_batch(snapshot.folder, row).records]


def take(folder: Path, patience: Patience, **more: object) -> Snapshot:
    """The synthetic records as a snapshot in a folder."""
    given = {
        "query": QUERY,
        "snapshot": "s",
        "folder": folder,
        "patience": patience,
        "quiet": True,
        "now": NOW,
    }
    return fetch_snapshot(**(given | more))  # type: ignore[arg-type]


def test_snapshot_holds_every_record_once(
    server: Server, library: Library, patience: Patience, tmp_path: Path
) -> None:
    """Counts agree, files hold 200 records each, and the parser reads them all."""
    snapshot = take(tmp_path, patience)
    assert pmids_in(snapshot) == sorted(library.records)
    assert (snapshot.count, snapshot.planned, snapshot.fetched) == (650, 650, 650)
    assert [path.name for path in snapshot_files(tmp_path)] == [f"{n:06d}.xml.gz" for n in range(1, 5)]
    parsed = [parse_pubmed(path, source_name="s") for path in snapshot.files]
    assert sum(len(part.articles) for part in parsed) == 650
    assert not [row for part in parsed for row in part.skipped]


def test_finished_snapshot_needs_no_network(
    server: Server, patience: Patience, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The same call again, with the service gone, gives the same snapshot and touches no byte."""
    first = take(tmp_path, patience)
    before = contents(tmp_path)
    monkeypatch.setenv("ATLAS_EUTILS_URL", "http://127.0.0.1:9/")
    for mode in ("new", "resume"):
        assert take(tmp_path, patience, mode=mode) == first
    assert contents(tmp_path) == before


def test_two_fetches_give_the_same_bytes_whatever_went_wrong(
    made: Library, patience: Patience, tmp_path: Path
) -> None:
    """Faults, order of records and halved batches leave no trace in the files."""
    with Server(made) as server:
        take(tmp_path / "calm", patience)
        server.state.faults.rate = 0.6
        take(tmp_path / "stormy", replace(patience, tries=60))
        assert sum(server.state.faults.played.values()) > 3
    assert contents(tmp_path / "calm") == contents(tmp_path / "stormy")


_CHILD = """
import sys
from datetime import UTC, datetime
from pathlib import Path
from helpers.fetch.snapshot import fetch_snapshot
from helpers.fetch.transport import Patience
patience = Patience(sleep=lambda seconds: None, per_second=60)
fetch_snapshot(sys.argv[2], snapshot="s", folder=Path(sys.argv[1]), patience=patience, quiet=True,
               now=datetime(2026, 11, 10, 12, 0, tzinfo=UTC))
"""


def test_killed_at_any_moment_it_resumes_to_the_same_bytes(patience: Patience, tmp_path: Path) -> None:
    """SIGKILL at random moments, again and again, then one start to the end: as if nothing had been."""
    draw = random.Random(5)
    with Server(make_library(1_600, seed=7)) as server:
        take(tmp_path / "whole", patience)
        asked = len(server.state.seen)
        kills = 0
        for _ in range(6):
            child = subprocess.Popen([sys.executable, "-c", _CHILD, str(tmp_path / "cut"), QUERY])
            until = len(server.state.seen) + draw.randrange(1, 5)
            while len(server.state.seen) < until and child.poll() is None:
                time.sleep(0.005)
            time.sleep(draw.random() * 0.03)
            child.send_signal(signal.SIGKILL)
            if child.wait() == 0:
                break
            kills += 1
        snapshot = take(tmp_path / "cut", patience)
    assert kills >= 3
    assert snapshot.fetched == 1_600
    assert contents(tmp_path / "cut") == contents(tmp_path / "whole")
    assert len(server.state.seen) > asked


def test_torn_line_and_stray_file_are_cleared_up(server: Server, patience: Patience, tmp_path: Path) -> None:
    """What a kill leaves half-written is neither trusted nor kept."""
    take(tmp_path, patience)
    before = contents(tmp_path)
    manifest = tmp_path / "manifest.jsonl"
    manifest.write_bytes(manifest.read_bytes()[:-40])
    (tmp_path / "batches" / ".000003.xml.gz.x.part").write_bytes(b"half")
    take(tmp_path, patience)
    assert contents(tmp_path) == before


@pytest.mark.parametrize("line", [b"{}\n", b"[]\n", b"\xff\n", b'{"batch":2,"asked":[1]}\n'])
def test_foreign_line_of_the_manifest_is_passed_over(
    line: bytes, server: Server, patience: Patience, tmp_path: Path
) -> None:
    """What is no row of a batch is none, and goes."""
    take(tmp_path, patience)
    before = contents(tmp_path)
    manifest = tmp_path / "manifest.jsonl"
    manifest.write_bytes(line + manifest.read_bytes())
    take(tmp_path, patience)
    assert contents(tmp_path) == before


def test_damaged_plan_is_told_by_name(server: Server, patience: Patience, tmp_path: Path) -> None:
    """A plan that cannot be read is an error in one sentence, for nothing after it could be trusted."""
    take(tmp_path, patience)
    for text in ("{", "[]", "{}"):
        (tmp_path / "plan.json").write_text(text)
        with pytest.raises(FetchError, match=r"plan\.json is damaged: remove .* and fetch anew"):
            take(tmp_path, patience)


def test_damaged_file_is_fetched_again(server: Server, patience: Patience, tmp_path: Path) -> None:
    """A file whose hash is not the manifest's is asked for anew, and only that one."""
    snapshot = take(tmp_path, patience)
    before = contents(tmp_path)
    damaged = bytearray(snapshot.files[2].read_bytes())
    damaged[-1] ^= 1
    snapshot.files[2].write_bytes(damaged)
    snapshot.files[3].unlink()
    server.state.seen.clear()
    take(tmp_path, patience)
    assert contents(tmp_path) == before
    assert server.state.tools() == ["efetch", "efetch"]


def test_outage_says_how_much_stands_and_the_next_start_goes_on(
    server: Server, library: Library, patience: Patience, tmp_path: Path
) -> None:
    """An error in the middle names what is there, what failed and what to do."""
    server.state.faults.script = [None, None, None] + ["503"] * 200
    with pytest.raises(IncompleteError, match=r"of 650 records stand in .*: HTTP 503; .*Start it again"):
        take(tmp_path, patience)
    server.state.faults.script = []
    assert pmids_in(take(tmp_path, patience)) == sorted(library.records)


def test_records_ncbi_has_none_of_are_listed(
    server: Server, library: Library, patience: Patience, tmp_path: Path
) -> None:
    """A gap that stays is named, in the snapshot, in its description and in its sentence."""
    wanted = [*sorted(library.records)[:3], 999_999_991]
    snapshot = take(tmp_path, patience, query=None, pmids=wanted)
    assert snapshot.missing == (999_999_991,)
    assert (snapshot.planned, snapshot.fetched) == (4, 3)
    assert snapshot.describe()["missing"] == [999_999_991]
    assert "3 were fetched; 1 had none" in snapshot.sentence()


def test_resume_asks_again_for_what_was_missing(
    server: Server, library: Library, patience: Patience, tmp_path: Path
) -> None:
    """A record that comes late is taken in; a start of mode new leaves a finished snapshot alone."""
    (late,) = sorted(library.records)[7:8]
    record = library.records.pop(late)
    wanted = [*sorted(library.records)[:20], late]
    assert take(tmp_path, patience, query=None, pmids=wanted).missing == (late,)
    library.records[late] = record
    assert take(tmp_path, patience, query=None, pmids=wanted).missing == (late,)
    snapshot = take(tmp_path, patience, query=None, mode="resume")
    assert (snapshot.missing, snapshot.fetched) == ((), 21)


def test_description_is_json_and_names_no_path(server: Server, patience: Patience, tmp_path: Path) -> None:
    """What goes into run.json can be written as JSON and does not tell where on the machine it lies."""
    snapshot = take(tmp_path, patience)
    text = json.dumps(snapshot.describe())
    assert str(tmp_path) not in text
    assert snapshot.describe()["searched"] == "2026-11-10T12:00:00Z"
    assert snapshot.sentence() == (
        f"PubMed was searched through NCBI Entrez on 2026-11-10 (UTC) with the query {QUERY}, "
        "which PubMed counted as 650 records; 650 were fetched."
    )


def test_snapshot_of_another_query_is_not_overwritten(
    server: Server, patience: Patience, tmp_path: Path
) -> None:
    """The name is taken, and the message says by what."""
    take(tmp_path, patience)
    with pytest.raises(UsageError, match="already holds the query"):
        take(tmp_path, patience, query="something else")
    with pytest.raises(UsageError, match="already holds the query"):
        take(tmp_path, patience, query=None, pmids=[1])


def test_usage_mistakes_are_told(server: Server, patience: Patience, tmp_path: Path) -> None:
    """Neither query nor PMIDs, both, an unknown mode, a bad name, nothing to resume, nothing to read."""
    for given in ({"query": None}, {"query": " "}, {"pmids": [1]}):
        with pytest.raises(UsageError, match="give one of the two"):
            take(tmp_path / "x", patience, **given)
    with pytest.raises(UsageError, match="did you mean update"):
        take(tmp_path, patience, mode="updat")
    with pytest.raises(UsageError, match=r"\.\./s"):
        fetch_snapshot("x", snapshot="../s")
    with pytest.raises(UsageError, match="was never started"):
        take(tmp_path / "y", patience, mode="resume")
    with pytest.raises(FetchError, match="no snapshot stands"):
        read_snapshot(tmp_path / "z")
    assert server.state.seen == []


def test_second_process_on_the_same_snapshot_is_refused(
    server: Server, patience: Patience, tmp_path: Path
) -> None:
    """Two writers would spoil one another's manifest."""
    tmp_path.mkdir(exist_ok=True)
    with FileLock(tmp_path / ".lock"), pytest.raises(UsageError, match="another process is fetching"):
        take(tmp_path, patience)


def test_snapshot_lands_under_data_raw_by_name(
    server: Server, patience: Patience, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without a folder it is data/raw/pubmed/<snapshot>."""
    monkeypatch.setenv("ATLAS_HOME", str(tmp_path))
    snapshot = fetch_snapshot('"ferroptosis"[tiab]', snapshot="mine", patience=patience, quiet=True)
    assert snapshot.folder == tmp_path / "data" / "raw" / "pubmed" / "mine"


def test_bar_is_quiet_where_nobody_looks(
    server: Server, patience: Patience, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    """Without a terminal no bar is drawn unless asked for; then it shows rate and time left."""
    take(tmp_path / "a", patience, quiet=None)
    assert capfd.readouterr().err == ""
    take(tmp_path / "b", patience, quiet=False)
    shown = capfd.readouterr().err
    assert "Fetching: 100%" in shown
    assert "records/s" in shown


def test_folder_that_cannot_be_written_is_told_in_a_sentence(
    server: Server, patience: Patience, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A full disk names the folder and the way out; once there is room the fetch goes on to the same bytes."""
    take(tmp_path / "whole", patience)

    def full(*_: object, **__: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with monkeypatch.context() as patch:
        patch.setattr("helpers.fetch.batches.append_row", full)
        with pytest.raises(FetchError, match=r"cut cannot be written \(No space left on device\): make room"):
            take(tmp_path / "cut", patience)
    assert take(tmp_path / "cut", patience).fetched == 650
    assert contents(tmp_path / "cut") == contents(tmp_path / "whole")
