"""The task graph of a run: which notebook must be executed anew, decided by content, carried by doit.

What decides is a key over the notebook's cells, its parameters, the helpers' code and the bytes of
every table and raw file it reads. The key stands beside the executed notebook, written after it, so
that a run killed at any moment resumes where it was.
"""

from __future__ import annotations

import hashlib
import json
import os
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from helpers import storage
from helpers.errors import AtlasError
from helpers.run.kernels import Usage
from helpers.run.notebooks import Notebook, content_hash, execute

WORKERS = 2  # measured: as fast as anything on two cores; the work is in kernel processes


@dataclass(frozen=True)
class Task:
    """One thing to make: its name, the tasks before it, what decides, what it does and leaves."""

    name: str
    after: tuple[str, ...]
    decides: Callable[[], Any]
    make: Callable[[], Any]
    leaves: tuple[Path, ...]
    stamp: Path


@dataclass
class Outcome:
    """What became of each task: seconds if made, else unchanged, failed (with its error) or skipped.

    `usage` is what the kernels of executed notebooks used.
    """

    seconds: dict[str, float] = field(default_factory=dict)
    usage: dict[str, Usage] = field(default_factory=dict)
    unchanged: list[str] = field(default_factory=list)
    failed: dict[str, str] = field(default_factory=dict)
    skipped: list[str] = field(default_factory=list)


def notebook_task(
    run: str,
    book: Notebook,
    parameters: Mapping[str, Any],
    *,
    after: Iterable[str],
    inputs: Callable[[], Any],
    label: str = "",
) -> Task:
    """Task that executes one notebook into data/processed/<run>/notebooks/."""
    name = f"{book.name}_{label}" if label else book.name
    output = storage.run_folder(run, "notebooks", f"{name}.ipynb")
    tables = [storage.table_path(run, table) for table in book.writes]
    figures = [storage.run_folder(run, "figures", f"{figure}.svg") for figure in book.figures]
    reads = [storage.table_path(run, table) for table in book.reads if table not in book.writes]

    def decides() -> Any:
        return [content_hash(book), dict(parameters), helpers_hash(), inputs(), digests(reads)]

    return Task(
        name,
        tuple(after),
        decides,
        lambda: execute(book, parameters, output),
        (output, *tables, *figures),
        output.with_suffix(".key"),
    )


def run_tasks(
    tasks: Sequence[Task], *, report: Callable[[str, str], None], workers: int = WORKERS
) -> Outcome:
    """What became of the tasks, made in order of need; one failure stops only its followers.

    `report(event, task)` is told "start", "done", "unchanged", "failed" or "skipped".
    """
    from doit.cmd_base import ModuleTaskLoader
    from doit.doit_cmd import DoitMain

    outcome = Outcome()
    folder = tasks[0].stamp.parent
    folder.mkdir(parents=True, exist_ok=True)
    _sweep(folder)
    loader = {
        "DOIT_CONFIG": {
            "backend": "sqlite3",
            "dep_file": str(folder / f".doit.db-{os.getpid()}"),
            "verbosity": 0,
            "continue": True,
            "reporter": _quiet_reporter(outcome, report),
            "num_process": workers,
            "par_type": "thread",
        },
        "task_all": lambda: (_doit_task(task, outcome) for task in tasks),
    }
    try:
        DoitMain(ModuleTaskLoader(loader)).run(["run"])
    finally:
        for left in folder.glob(f".doit.db-{os.getpid()}*"):
            left.unlink()
    return outcome


def _sweep(folder: Path) -> None:
    """Nothing; removes doit's files of processes that were killed."""
    for left in folder.glob(".doit.db-*"):
        number = left.name.split("-")[1]
        try:
            os.kill(int(number), 0)
        except ProcessLookupError:
            left.unlink(missing_ok=True)
        except (ValueError, OSError):  # not ours to judge
            continue


def _doit_task(task: Task, outcome: Outcome) -> dict[str, Any]:
    def make() -> bool:
        started = time.monotonic()
        try:
            made = task.make()
        except AtlasError as error:
            outcome.failed[task.name] = str(error)
            return False
        except Exception as error:  # one broken item must not stop a batch; it is listed with its cause
            cause = next(iter(str(error).splitlines()), "no reason given")
            outcome.failed[task.name] = f"{task.name}: {type(error).__name__}: {cause}"
            return False
        seconds = time.monotonic() - started
        if isinstance(made, Usage):
            outcome.usage[task.name] = made
        storage.write_json(task.stamp, {"key": key_of(task), "leaves": digests(task.leaves)})
        outcome.seconds[task.name] = seconds
        return True

    return {
        "name": task.name,
        "actions": [make],
        # Captured output is swapped in and out per thread, which can leave sys.stdout pointing nowhere.
        "io": {"capture": False},
        "uptodate": [lambda: is_unchanged(task)],
        "task_dep": [f"all:{name}" for name in task.after],
    }


def _quiet_reporter(outcome: Outcome, report: Callable[[str, str], None]) -> type:
    """Reporter class doit can call, which passes on what happens and prints nothing."""
    from doit.reporter import ZeroReporter

    def name_of(task: Any) -> str:
        return str(task.name).partition(":")[2]

    class Reporter(ZeroReporter):  # type: ignore[misc]
        def execute_task(self, task: Any) -> None:
            if task.actions:
                report("start", name_of(task))

        def add_success(self, task: Any) -> None:
            if task.actions:
                report("done", name_of(task))

        def add_failure(self, task: Any, fail: Any) -> None:
            name = name_of(task)
            if not name:
                return
            if name in outcome.failed:
                report("failed", name)
            elif "Unmet" in type(fail).__name__ or "task_dep" in fail.get_msg():
                outcome.skipped.append(name)
                report("skipped", name)
            else:
                outcome.failed[name] = fail.get_msg().strip().splitlines()[-1]
                report("failed", name)

        def skip_uptodate(self, task: Any) -> None:
            if name_of(task):
                outcome.unchanged.append(name_of(task))
                report("unchanged", name_of(task))

    return Reporter


def is_unchanged(task: Task) -> bool:
    """True if what decides is as it was and everything the task left still stands as it left it."""
    try:
        stamp = json.loads(task.stamp.read_text())
    except (OSError, ValueError):
        return False
    left = stamp.get("leaves")
    return bool(stamp.get("key") == key_of(task) and left == digests(task.leaves))


def key_of(task: Task) -> str:
    """Hex SHA-256 of what decides whether the task is made anew."""
    return hashlib.sha256(json.dumps(task.decides(), sort_keys=True, default=str).encode()).hexdigest()


def digests(paths: Iterable[Path]) -> dict[str, str]:
    """SHA-256 of each file by name; executed notebooks count by being there, absent files are 'absent'."""
    return {
        path.name: ("there" if path.suffix == ".ipynb" else _file_hash(path, *_identity(path)))
        if path.exists()
        else "absent"
        for path in paths
    }


def _identity(path: Path) -> tuple[int, int, int]:
    status = path.stat()
    return status.st_ino, status.st_mtime_ns, status.st_size


@cache
def _file_hash(path: Path, inode: int, mtime: int, size: int) -> str:
    """Hash of a file, computed once per state of the file within this process."""
    return storage.sha256(path)


@cache
def helpers_hash() -> str:
    """Hex SHA-256 over all Python files of this package and the lock: a change of code redoes the work."""
    package = Path(__file__).resolve().parents[1]
    files = [
        *sorted(package.rglob("*.py")),
        *sorted(package.rglob("*.j2")),
        storage.root() / "requirements.lock",
    ]
    return hashlib.sha256(b"".join(path.read_bytes() for path in files if path.exists())).hexdigest()


def folder_digest(folders: Iterable[Path]) -> dict[str, str]:
    """SHA-256 of every file under the folders, by path; a fetched snapshot counts by its manifest."""
    found: dict[str, str] = {}
    for folder in folders:
        files = [folder] if folder.is_file() else sorted(path for path in folder.rglob("*") if path.is_file())
        manifests = [path for path in files if path.suffix == ".jsonl"]
        for path in manifests or files:
            found[str(path)] = _file_hash(path, *_identity(path))
    return found
