"""Tables of a run for a notebook: read if made, else made first by the notebooks before it."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import Any

import pandas as pd
from filelock import FileLock

from helpers import storage
from helpers.errors import RunError, UsageError
from helpers.run.notebooks import find_notebooks, writer_of


def read_table(run: str, name: str) -> pd.DataFrame:
    """One table of the run; a table not there yet is made by running the notebooks that lead to it.

    So every notebook works alone, opened in JupyterLab or by plain papermill. The run's settings are
    those of `notebooks/runs/<run>.yml`. Raises UsageError if there is no such file.
    """
    if not storage.table_path(run, name).exists():
        make_tables(run, name)
    return storage.read_table(run, name)


def make_tables(run: str, *names: str) -> None:
    """Nothing, once the notebooks that write these tables have run (in a process of its own)."""
    settings = storage.root() / "notebooks" / "runs" / f"{run}.yml"
    if not settings.exists():
        raise UsageError(
            f"run {run!r} has no table {names[0]!r} and no {settings.name} in notebooks/runs to make it by."
        )
    writers = writer_of(find_notebooks())
    wanted = sorted({writers[name] for name in names})
    folder = storage.run_folder(run)
    folder.mkdir(parents=True, exist_ok=True)
    with FileLock(folder / ".making.lock"):
        if all(storage.table_path(run, name).exists() for name in names):
            return
        command = [sys.executable, "-m", "helpers", "run", str(settings), "--quiet", "--no-report"]
        done = subprocess.run(
            [*command, *(part for name in wanted for part in ("--upto", name))],
            capture_output=True,
            text=True,
            check=False,
        )
    if done.returncode:
        last = (done.stderr.strip() or done.stdout.strip()).splitlines()[-1:]
        raise RunError(f"the notebooks before {', '.join(names)} failed: {' '.join(last)}")


def write_table(run: str, name: str, frame: pd.DataFrame) -> pd.DataFrame:
    """The frame as written to the run's folder: checked against its schema, sorted, saved whole."""
    return storage.write_table(run, name, frame)


def read_record(run: str) -> dict[str, Any]:
    """What run.json says of the run: parameters, versions, inputs; made from the run's settings if absent."""
    path = storage.run_folder(run, "run.json")
    if not path.exists():
        make_tables(run, "articles")
    record: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return record
