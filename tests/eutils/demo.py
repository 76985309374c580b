"""`make demo-live`: a live-shaped run over a loopback E-utilities server, from search to report.

Starts the server with 25,000 matching synthetic records (and 2,000 that do not match), runs every
notebook on what is fetched from it, and stops it. Journal metrics come from synthetic files in the shape
of SCImago's and JCR's and, as Relative Citation Ratios and citedness, from the same server. Nothing leaves
this machine; all records are synthetic and say so in their titles.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path
from urllib.parse import urlsplit

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests"))

from eutils.faults import Faults  # noqa: E402
from eutils.metric_files import write_metric_files  # noqa: E402
from eutils.records import make_library  # noqa: E402
from eutils.server import Server  # noqa: E402
from helpers.storage import raw, root  # noqa: E402

NAME = "demo-live"
RUN = f"""\
# Synthetic records from a loopback server: shows the path of a live run, says nothing about biology.
name: {NAME}
query: '("drug resistance"[tiab] OR "resistant"[tiab]) AND 2005:2026[pdat]'
sources: []
icite: true
openalex: true
metric: JIF
dossiers: [GPX4, BCL2, NFE2L2]
"""


def main() -> int:
    """Exit code of the run."""
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    options.add_argument("--records", type=int, default=25_000, help="records that match the query")
    options.add_argument("--faults", type=float, default=0.02, help="share of requests met by a fault")
    options.add_argument(
        "--rate", type=float, default=20.0, help="requests a second (live: 3, or 10 with a key)"
    )
    given = options.parse_args()
    for old in (raw("pubmed", NAME), raw("cache", "loopback")):
        shutil.rmtree(old, ignore_errors=True)
    metric_files = [
        path.relative_to(root()) for path in write_metric_files(raw("cache", "loopback", "journals"))
    ]
    started = time.monotonic()
    library = make_library(given.records, seed=1, off_topic=given.records * 2 // 25)
    with (
        tempfile.TemporaryDirectory() as folder,
        Server(library, faults=Faults(rate=given.faults)) as server,
    ):
        print(f"Serving {len(library.records):,} synthetic records at {server.state.base}")
        path = Path(folder) / f"{NAME}.yml"
        path.write_text(
            RUN + f"metric_files: {json.dumps([str(p) for p in metric_files])}\n", encoding="utf-8"
        )
        environment = os.environ | server.environment() | {"ATLAS_LOOPBACK_RATE": str(given.rate)}
        done = subprocess.run([sys.executable, "-m", "helpers", "run", str(path)], env=environment, cwd=ROOT)
        asked = Counter(_service(seen.url) for seen in server.state.seen)
        tools = ", ".join(f"{n:,} {tool}" for tool, n in sorted(asked.items()))
        faults = sum(server.state.faults.played.values())
    print(f"{tools}; {faults} faults overcome; {time.monotonic() - started:.0f} s in all")
    if done.returncode:
        print(f"The run ended with exit code {done.returncode}.", file=sys.stderr)
    return done.returncode


def _service(url: str) -> str:
    """Name of the E-utility asked, or of the service beside it."""
    parts = urlsplit(url).path.strip("/").split("/")
    return parts[-1].removesuffix(".fcgi") if parts[0] == "entrez" else parts[0]


if __name__ == "__main__":
    sys.exit(main())
