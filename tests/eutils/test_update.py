"""An update adds, refreshes and buries; what it did is told; killed, it is finished."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from eutils.records import Library
from eutils.server import Server
from eutils.test_snapshot import contents, pmids_in, take
from helpers.errors import IncompleteError
from helpers.fetch import update
from helpers.fetch.batches import read_batch
from helpers.fetch.manifest import read_rows
from helpers.fetch.snapshot import fetch_snapshot
from helpers.fetch.transport import Patience

LATER = datetime(2026, 11, 18, 12, 0, tzinfo=UTC)
LATEST = datetime(2026, 11, 25, 12, 0, tzinfo=UTC)


@pytest.fixture
def moved(server: Server, library: Library, patience: Patience, tmp_path: Path) -> dict[str, list[int]]:
    """A snapshot taken, then PubMed moved on: 250 records new, two revised, two withdrawn, one changed its words."""
    take(tmp_path, patience)
    held = sorted(library.records)
    library.revise(held[5], date(2026, 11, 15))
    library.revise(held[450], date(2026, 11, 16))
    library.withdraw(held[9])
    library.withdraw(held[601])
    new = library.add(250, date(2026, 11, 14))
    return {"added": new, "changed": [held[5], held[450]], "gone": [held[9], held[601]]}


def test_update_adds_refreshes_and_buries(
    moved: dict[str, list[int]], library: Library, patience: Patience, tmp_path: Path
) -> None:
    """Exactly what moved is reported; afterwards the files hold PubMed as it is, each record once."""
    snapshot = take(tmp_path, patience, mode="update", now=LATER)
    changes = snapshot.changes
    assert {"added": [*changes.added], "changed": [*changes.changed], "gone": [*changes.gone]} == moved
    assert changes.left == ()
    assert sorted(pmids_in(snapshot)) == sorted(library.records)
    assert len(pmids_in(snapshot)) == len(library.records)
    assert snapshot.tombstones == tuple(moved["gone"])
    assert (snapshot.searched, snapshot.updates) == ("2026-11-18T12:00:00Z", 1)
    assert snapshot.count == snapshot.fetched == snapshot.planned == len(library.records)
    assert snapshot.missing == ()
    text = (tmp_path / "tombstones.csv").read_text()
    assert text == "pmid,reason,seen\n" + "".join(
        f"{p},deleted_or_merged,2026-11-18\n" for p in moved["gone"]
    )


def test_refreshed_record_is_the_new_one(
    moved: dict[str, list[int]], patience: Patience, tmp_path: Path
) -> None:
    """A retraction that came after the first fetch stands in the files after the update."""
    take(tmp_path, patience, mode="update", now=LATER)
    records = {p: r for row in read_rows(tmp_path) for p, r in read_batch(tmp_path, row).records.items()}
    assert all(b"Retracted Publication" in records[pmid] for pmid in moved["changed"])


def test_update_asks_only_for_what_may_have_changed(
    moved: dict[str, list[int]], server: Server, patience: Patience, tmp_path: Path
) -> None:
    """The window starts three days before the last search; the hundreds of unchanged records are not fetched."""
    server.state.seen.clear()
    take(tmp_path, patience, mode="update", now=LATER)
    terms = [seen.fields.get("term", "") for seen in server.state.seen]
    assert any(term.endswith('("2026/11/07"[crdt] : "3000"[crdt])') for term in terms)
    assert any(term.endswith('("2026/11/07"[lr] : "3000"[lr])') for term in terms)
    asked = {
        pmid for seen in server.state.seen if "efetch" in seen.url for pmid in seen.fields["id"].split(",")
    }
    assert len(asked) < 300


def test_update_of_nothing_changes_nothing(server: Server, patience: Patience, tmp_path: Path) -> None:
    """Where PubMed did not move, the files stay as they were."""
    take(tmp_path, patience)
    before = {name: data for name, data in contents(tmp_path).items() if name.startswith("batches")}
    snapshot = take(tmp_path, patience, mode="update", now=LATER)
    assert snapshot.changes == update.Changes()
    assert {n: d for n, d in contents(tmp_path).items() if n.startswith("batches")} == before


def test_second_update_starts_where_the_first_searched(
    moved: dict[str, list[int]], library: Library, server: Server, patience: Patience, tmp_path: Path
) -> None:
    """Updates follow one another; tombstones add up."""
    take(tmp_path, patience, mode="update", now=LATER)
    gone = sorted(library.records)[20]
    library.withdraw(gone)
    server.state.seen.clear()
    snapshot = take(tmp_path, patience, mode="update", now=LATEST)
    assert any('"2026/11/15"[crdt]' in seen.fields.get("term", "") for seen in server.state.seen)
    assert (snapshot.updates, snapshot.changes.gone, len(snapshot.changes.added)) == (2, (gone,), 0)
    assert set(snapshot.tombstones) == {*moved["gone"], gone}


def test_record_that_left_the_query_is_kept_and_listed(
    server: Server, library: Library, patience: Patience, tmp_path: Path
) -> None:
    """A record PubMed still has is no tombstone only because the query does not find it any more."""
    from dataclasses import replace

    take(tmp_path, patience)
    pmid = sorted(library.records)[3]
    library.records[pmid] = replace(library.records[pmid], title="Reworded")
    library.version += 1
    snapshot = take(tmp_path, patience, mode="update", now=LATER)
    assert snapshot.changes.left == (pmid,)
    assert snapshot.changes.gone == snapshot.tombstones == ()
    assert pmid in pmids_in(snapshot)


def test_absence_from_one_answer_is_not_proof_of_withdrawal(
    server: Server, library: Library, patience: Patience, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Only a record that has no summary either is buried."""
    take(tmp_path, patience)
    pmid = sorted(library.records)[3]
    right = server.state.searcher.search
    kept = library.records[pmid]
    library.withdraw(pmid)
    monkeypatch.setattr(update, "fetch_summaries", lambda uids, **_: {uid: {"uid": str(uid)} for uid in uids})
    assert right is not None
    snapshot = take(tmp_path, patience, mode="update", now=LATER)
    assert snapshot.changes.gone == ()
    assert kept.pmid in pmids_in(snapshot)


@pytest.mark.parametrize(
    "moment",
    [
        *("update._find_changes", "update._write_changes", "update.apply_changes", "update.bury"),
        *("apply.write_batch", "apply.write_rows", "apply.settle"),
    ],
)
def test_update_cut_short_at_any_step_is_finished(
    moment: str,
    moved: dict[str, list[int]],
    library: Library,
    patience: Patience,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Stopped before any of its steps, the next start in any mode finishes the same update."""

    def stop(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(f"helpers.fetch.{moment}", stop)
        with pytest.raises(KeyboardInterrupt):
            take(tmp_path, patience, mode="update", now=LATER)
    snapshot = take(tmp_path, patience, mode="resume")
    assert sorted(pmids_in(snapshot)) == sorted(library.records)
    assert len(snapshot.changes.added) == 250
    assert snapshot.tombstones == tuple(moved["gone"])
    assert snapshot.updates == 1


@pytest.mark.parametrize("kept", [0, 3])
def test_records_of_an_update_survive_a_damaged_manifest(
    kept: int, moved: dict[str, list[int]], library: Library, patience: Patience, tmp_path: Path
) -> None:
    """The plan names what the first search found; what updates added since is known from their own lists."""
    take(tmp_path, patience, mode="update", now=LATER)
    manifest = tmp_path / "manifest.jsonl"
    lines = manifest.read_bytes().splitlines(keepends=True)
    manifest.write_bytes(b"".join(lines[:kept]) + lines[kept][:50])
    snapshot = take(tmp_path, patience)
    assert sorted(pmids_in(snapshot)) == sorted(library.records)
    assert set(moved["added"]) < set(pmids_in(snapshot))
    assert take(tmp_path, patience) == snapshot


def test_batch_without_a_record_left_is_mended_without_asking(
    server: Server, library: Library, patience: Patience, tmp_path: Path
) -> None:
    """Where all records of a batch were withdrawn its file holds none, and NCBI is not asked for no ids."""
    wanted = sorted(library.records)[:2]
    given = {"query": None, "pmids": wanted}
    take(tmp_path, patience, **given)
    for pmid in wanted:
        library.withdraw(pmid)
    snapshot = take(tmp_path, patience, mode="update", now=LATER, **given)
    assert (snapshot.fetched, snapshot.tombstones) == (0, tuple(wanted))
    snapshot.files[0].write_bytes(b"damaged")
    server.state.seen.clear()
    assert take(tmp_path, patience, **given).fetched == 0
    assert server.state.seen == []


def test_outage_during_an_update_leaves_the_snapshot_usable(
    moved: dict[str, list[int]], server: Server, library: Library, patience: Patience, tmp_path: Path
) -> None:
    """Until an update is whole, the files are those before it; then it is finished, not begun anew."""
    before = {n: d for n, d in contents(tmp_path).items() if not n.startswith("updates")}
    server.state.faults.script = [None] * 5 + ["503"] * 100
    with pytest.raises(IncompleteError):
        take(tmp_path, patience, mode="update", now=LATER)
    assert {n: d for n, d in contents(tmp_path).items() if not n.startswith("updates")} == before
    server.state.faults.script = []
    server.state.seen.clear()
    snapshot = take(tmp_path, patience, mode="update", now=LATEST)
    assert "esearch" not in server.state.tools()
    assert snapshot.searched == "2026-11-18T12:00:00Z"
    assert sorted(pmids_in(snapshot)) == sorted(library.records)


def test_list_of_pmids_is_updated_by_fetching_it_again(
    server: Server, library: Library, patience: Patience, tmp_path: Path
) -> None:
    """Without a query there is no search; the listed records are compared with PubMed's."""
    wanted = sorted(library.records)[:30]

    def again(mode: str) -> object:
        return fetch_snapshot(
            snapshot="s", pmids=wanted, folder=tmp_path, mode=mode, patience=patience, quiet=True
        ).changes

    again("new")
    library.revise(wanted[4], date(2026, 11, 15))
    library.withdraw(wanted[6])
    assert again("update") == update.Changes(changed=(wanted[4],), gone=(wanted[6],))
    assert "esearch" not in server.state.tools()
