"""XML.gz to the articles table: this reader against gunzip + expat alone and pubmed_parser, process by process.

`python tests/bench/parsing.py WAY FILE...` prints records, seconds and peak memory of one way in its process.
"""

from __future__ import annotations

import gzip
import importlib
import json
import os
import resource
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any
from xml.parsers import expat

# As a script its own folder would come first on the path and hide the standard library's `statistics`.
_HERE = Path(__file__).resolve().parent
sys.path = [place for place in sys.path if Path(place or ".").resolve() != _HERE]


def by_expat(paths: list[Path]) -> int:
    """Gunzip and expat without a handler: the floor for anything that parses all of the XML."""
    for path in paths:
        parser = expat.ParserCreate()
        with gzip.open(path) as file:
            while block := file.read(1 << 20):
                parser.Parse(block, False)
        parser.Parse(b"", True)
    return 0


def by_atlas(paths: list[Path]) -> int:
    """Articles as Arrow tables of some thousand rows, as a corpus writes them."""
    from helpers.records.pubmed_tables import TableReader

    return sum(len(table) for path in paths for table in TableReader(path, source_name=path.name).tables())


def by_atlas_frame(paths: list[Path]) -> int:
    """One checked and sorted ARTICLES frame per file, as a run reads its sources."""
    from helpers.records.pubmed import parse_pubmed

    return sum(len(parse_pubmed(path, source_name=path.name).articles) for path in paths)


def by_pubmed_parser(paths: list[Path]) -> int:
    """pubmed_parser, each record a dict."""
    import pubmed_parser

    return sum(1 for path in paths for _ in pubmed_parser.parse_medline_xml(str(path)))


WAYS: dict[str, Callable[[list[Path]], int]] = {
    "expat": by_expat,
    "atlas": by_atlas,
    "atlas_frame": by_atlas_frame,
    "pubmed_parser": by_pubmed_parser,
}


NEEDS = {
    "atlas": "helpers.records.pubmed_tables",
    "atlas_frame": "helpers.records.pubmed",
    "pubmed_parser": "pubmed_parser",
}


def run_way(script: Path, way: str, paths: list[Path], *options: str) -> dict[str, Any]:
    """Seconds (CPU and wall) and peak memory of one way, measured in a process of its own."""
    command = [sys.executable, str(script), way, *options, *map(str, paths)]
    answer = subprocess.run(command, capture_output=True, text=True)
    if answer.returncode:
        raise SystemExit(f"{way} failed:\n{answer.stderr}")
    result: dict[str, Any] = json.loads(answer.stdout.splitlines()[-1])
    return result


def measured(work: Callable[[], int]) -> dict[str, Any]:
    """Records, wall and CPU seconds and peak MB of the work in this process and its children, all together.

    What processes share counts once: their proportional set sizes are added up, four times a second.
    """
    together, over = [0], threading.Event()

    def watch() -> None:
        while not over.wait(0.25):
            together[0] = max(together[0], sum(map(_share, [os.getpid(), *_children()])))

    watcher = threading.Thread(target=watch, daemon=True)
    watcher.start()
    wall, cpu = time.perf_counter(), _cpu_seconds()
    records = work()
    result = {
        "records": records,
        "wall_s": round(time.perf_counter() - wall, 2),
        "cpu_s": round(_cpu_seconds() - cpu, 2),
    }
    over.set()
    watcher.join()
    return {**result, "peak_mb": round(max(_own_peak(), together[0]) / 1024)}


def _cpu_seconds() -> float:
    """Processor time of this process and of its children that have ended."""
    return sum(os.times()[:4])


def _children() -> list[int]:
    """Processes this one has started, by Linux's /proc."""
    found = []
    for path in Path("/proc/self/task").glob("*/children"):
        try:
            found += [int(number) for number in path.read_text().split()]
        except OSError:
            continue
    return found


def _share(number: int) -> int:
    """Memory of a process in KB, its pages divided by how many share them; 0 where that is not told."""
    try:
        lines = Path(f"/proc/{number}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) for line in lines if line.startswith("Pss:")), 0)


def _own_peak() -> int:
    """Peak memory of this program in KB; `getrusage` would count that of the process it was started from."""
    status = Path("/proc/self/status")
    if not status.exists():
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return next(int(line.split()[1]) for line in status.read_text().splitlines() if line.startswith("VmHWM"))


def measure(make: Callable[[int], list[Path]], sizes: list[int]) -> dict[str, Any]:
    """For each size: seconds, records/s and peak memory of each way, and the pace relative to expat."""
    result: dict[str, Any] = {}
    for size in sizes:
        paths = make(size)
        ways = ["expat", "atlas", "atlas_frame"] + (["pubmed_parser"] if size <= 10_000 else [])
        rows = {way: run_way(Path(__file__), way, paths) for way in ways}
        for way, row in rows.items():
            row["records_per_s"] = round(size / row["cpu_s"])
            row["pace_of_expat"] = round(rows["expat"]["cpu_s"] / row["cpu_s"], 2)
            assert way == "expat" or row["records"] == size, (way, row)
        result[str(size)] = rows
        if size == sizes[0]:
            result["two_cores_of_one"] = _scaling(paths)
            print(f"  two processes of expat at once do {result['two_cores_of_one']:.2f} times what one does")
        for way, row in rows.items():
            print(
                f"  parse {size:>9,} {way:14} {row['records_per_s']:>8,} records/s per core"
                f"  {row['pace_of_expat']:.2f} of expat  peak {row['peak_mb']:,} MB",
                flush=True,
            )
    return result


def _scaling(paths: list[Path]) -> float:
    """How many times as much this machine does in two processes at once as in one, by gunzip and expat."""
    command = [sys.executable, str(Path(__file__)), "expat", *map(str, paths)]
    seconds = []
    for count in (1, 2):
        running = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(count)]
        answers = [json.loads(process.communicate()[0].splitlines()[-1]) for process in running]
        seconds.append(max(float(answer["wall_s"]) for answer in answers))
    return round(2 * seconds[0] / seconds[1], 2)


if __name__ == "__main__":
    files = [Path(argument) for argument in sys.argv[2:]]
    importlib.import_module(NEEDS.get(sys.argv[1], "gzip"))  # the second of start-up is nobody's pace
    if sys.argv[1] == "atlas":
        importlib.import_module("helpers.records.pubmed_tables").load_compiled()
    print(json.dumps(measured(lambda: WAYS[sys.argv[1]](files))))
