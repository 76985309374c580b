"""Soak: 50,000 records through a server that meets every fifth request with a fault; nothing lost, nothing twice.

Run by hand: .venv/bin/python tests/eutils/soak.py. It prints its figures, and fails if any record is
missing, stands there twice, or differs from what a calm server gives.
"""

from __future__ import annotations

import argparse
import resource
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests"))

from eutils.faults import Faults  # noqa: E402
from eutils.pubmed_xml import write_record  # noqa: E402
from eutils.records import make_library  # noqa: E402
from eutils.server import Server  # noqa: E402
from helpers.fetch.batches import read_batch  # noqa: E402
from helpers.fetch.manifest import read_rows  # noqa: E402
from helpers.fetch.snapshot import fetch_snapshot  # noqa: E402
from helpers.fetch.transport import Patience  # noqa: E402

QUERY = '"synthetic record"[tiab]'


def main() -> None:
    """Prints the figures; raises AssertionError on any loss."""
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    options.add_argument("--records", type=int, default=50_000)
    options.add_argument("--faults", type=float, default=0.2)
    given = options.parse_args()
    library = make_library(given.records, seed=11)
    waited: list[float] = []
    patience = Patience(tries=12, sleep=waited.append, per_second=1e6)
    with tempfile.TemporaryDirectory() as folder, Server(library, faults=Faults(rate=given.faults)) as server:
        started = time.monotonic()
        snapshot = fetch_snapshot(QUERY, snapshot="soak", folder=Path(folder) / "soak", patience=patience)
        took = time.monotonic() - started
        pmids: list[int] = []
        different = 0
        for row in read_rows(snapshot.folder):
            records = read_batch(snapshot.folder, row).records
            pmids += records
            different += sum(write_record(library.records[p]).encode() != r for p, r in records.items())
        size = sum(path.stat().st_size for path in snapshot.files)
        played = server.state.faults.played
    print(f"records: {len(library.records):,} served, {len(pmids):,} fetched, {len(set(pmids)):,} distinct")
    print(
        f"lost {len(set(library.records) - set(pmids))}, twice {len(pmids) - len(set(pmids))}, altered {different}"
    )
    print(f"requests {len(server.state.seen):,}, of them {sum(played.values())} met by a fault: ", end="")
    print(", ".join(f"{n} {name}" for name, n in sorted(played.items())))
    print(
        f"{took:.1f} s for the fetch ({len(pmids) / took:,.0f} records/s without waits and rate limit), ",
        end="",
    )
    print(f"{len(waited)} waits of {sum(waited):.0f} s in all skipped, {size / 1e6:.0f} MB on disk, ", end="")
    print(f"peak {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB (server included)")
    assert sorted(pmids) == sorted(library.records)
    assert not different
    assert not snapshot.missing


if __name__ == "__main__":
    main()
