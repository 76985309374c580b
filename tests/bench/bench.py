"""Speed and memory of everything that has a target; prints a table and writes data/processed/bench.json.

    python tests/bench/bench.py [--only parsing evidence tagging statistics explore batch]
                                [--sizes 10000 100000] [--full]

Sizes are records made from the real ones in ../shared/evaldata by repeating them with new ids; without that
folder only what needs no real records is measured. Each way runs in a process of its own. `--full` adds
500,000 and 1,000,000 records (about 5 GB in the temporary folder).
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import os
import platform
import sys
import tempfile
from pathlib import Path
from types import ModuleType
from typing import Any

# As a script its own folder would come first on the path and hide the standard library's `statistics`.
_HERE = Path(__file__).resolve().parent
sys.path = [place for place in sys.path if Path(place or ".").resolve() != _HERE]

from helpers import storage  # noqa: E402

SUBJECTS = ("parsing", "evidence", "tagging", "statistics", "explore", "batch")
WITHOUT_RECORDS = ("statistics", "explore", "batch")


def main() -> int:
    """Measure what is asked for; exit code 0."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--only", nargs="+", choices=SUBJECTS, default=SUBJECTS, metavar="SUBJECT")
    parser.add_argument("--sizes", nargs="+", type=int, default=[10_000, 100_000])
    parser.add_argument("--full", action="store_true", help="500,000 and 1,000,000 records too")
    parser.add_argument("--evaldata", type=Path, default=storage.root().parent / "shared" / "evaldata")
    chosen = parser.parse_args()
    sizes = sorted({*chosen.sizes, *((500_000, 1_000_000) if chosen.full else ())})
    target = storage.root() / "data" / "processed" / "bench.json"
    report: dict[str, Any] = json.loads(target.read_text(encoding="utf-8")) if target.exists() else {}
    report["machine"] = {"cores": os.cpu_count(), "python": platform.python_version()}
    with tempfile.TemporaryDirectory(prefix="atlas-bench-") as folder:
        for subject in chosen.only:
            print(subject, flush=True)
            measured = _measure(subject, sizes, chosen.evaldata, Path(folder))
            if measured is not None:
                report[subject] = measured
                storage.write_json(target, report)
    print(f"written to {target.relative_to(storage.root())}")
    return 0


def _measure(subject: str, sizes: list[int], evaldata: Path, folder: Path) -> Any:
    if not (_HERE / f"{subject}.py").exists():
        print(f"  tests/bench/{subject}.py is not there: skipped")
        return None
    if subject not in WITHOUT_RECORDS and not evaldata.is_dir():
        print(f"  {evaldata} is absent, so there are no real records to measure with: skipped")
        return None
    module = _module(subject)
    if subject in WITHOUT_RECORDS:
        return module.measure()
    if subject == "tagging":
        return module.measure(evaldata)
    sample = _module("sample")
    records = sample.real_records(evaldata)

    def make(size: int, per_file: int = 30_000) -> list[Path]:
        place = folder / f"{size}-{per_file}"
        found = sorted(place.glob("*.xml.gz"))
        return found or sample.write_sample(records, place, size=size, per_file=per_file)

    return module.measure(make, sizes) if subject == "parsing" else module.measure(make, sizes, evaldata)


def _module(name: str) -> ModuleType:
    """Module of this folder, loaded under a name of its own."""
    spec = importlib.util.spec_from_file_location(f"bench_{name}", _HERE / f"{name}.py")
    if spec is None or spec.loader is None:
        raise ImportError(name)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


if __name__ == "__main__":
    sys.exit(main())
