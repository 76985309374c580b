"""One run: its notebooks in order, its report, and run.json, which says what was done with what."""

from __future__ import annotations

import json
import os
import platform
import subprocess
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout
from tqdm import tqdm

from helpers import storage
from helpers.errors import RunError, UsageError, nearest
from helpers.fetch.progress import name_terminal
from helpers.run.graph import Outcome, Task, digests, folder_digest, notebook_task, run_tasks
from helpers.run.notebooks import Notebook, execute, find_notebooks, needs_of, order, writer_of
from helpers.run.settings import Settings
from helpers.run.sources import corpus_folder

DOSSIER = "07_target_dossier"
SUMMARY = "00_summary"
VERSIONS = (
    "biopython",
    "lxml",
    "matplotlib",
    "numpy",
    "pandas",
    "papermill",
    "scipy",
    "seaborn",
    "statsmodels",
)


def run_once(
    settings: Settings, *, quiet: bool = False, report: bool = True, upto: Iterable[str] = ()
) -> Path:
    """Path of the report's index.html (or of the run's folder without one), everything stale made anew.

    Raises RunError, after the rest of the run, naming every notebook that failed.
    """
    name_terminal(quiet=quiet)
    tasks = plan_tasks(settings)
    if chosen := tuple(upto):
        tasks = _with_needs(tasks, chosen)
    folder = storage.run_folder(settings.name)
    folder.mkdir(parents=True, exist_ok=True)
    lock = FileLock(folder / ".run.lock")
    try:
        with lock.acquire(timeout=0 if report else 600):
            return _run_locked(settings, tasks, quiet=quiet, report=report)
    except Timeout:
        raise UsageError(
            f"run {settings.name!r} is being made by another process: wait for it to end."
        ) from None


def _run_locked(settings: Settings, tasks: list[Task], *, quiet: bool, report: bool) -> Path:
    path = storage.run_folder(settings.name, "run.json")
    before, record = _read_states(path), run_record(settings)
    # Notebooks read parameters and versions from it for the methods text; times and states follow at the end.
    storage.write_json(path, record)

    def finish(stage: str, made: Sequence[Task], outcome: Outcome) -> None:
        record[stage] = _states(made, outcome, before)
        record["finished"] = datetime.now(UTC).isoformat(timespec="seconds")
        storage.write_json(path, record)
        if outcome.failed:
            raise RunError("; ".join(outcome.failed.values()))

    finish("notebooks", tasks, show_progress(tasks, quiet=quiet))
    if not report:
        return path.parent
    pages = report_tasks(settings.name, tasks)
    finish("report", pages, show_progress(pages, quiet=quiet, unit="step"))
    return pages[0].leaves[0]


def plan_tasks(settings: Settings) -> list[Task]:
    """Tasks of a run in order: its notebooks, each after those whose tables it reads, then its dossiers."""
    books = find_notebooks()
    chosen = {name: books[name] for name in order(books) if name in settings.notebooks}
    made = [*chosen.values(), *([books[DOSSIER]] if settings.dossiers else [])]
    needs = needs_of({book.name: book for book in made})
    tasks = [_task(settings, book, needs[name]) for name, book in chosen.items()]
    return tasks + [_task(settings, books[DOSSIER], needs[DOSSIER], gene=gene) for gene in settings.dossiers]


def _task(settings: Settings, book: Notebook, after: Iterable[str], *, gene: str | None = None) -> Task:
    names = {parameter.name for parameter in book.parameters}
    given = {key: value for key, value in settings.parameters.items() if key in names}
    parameters = {"run": settings.name, **given} | ({"gene": gene} if gene else {})
    inputs = inputs_of(settings.parameters)
    return notebook_task(
        settings.name, book, parameters, after=sorted(after), inputs=inputs, label=gene or ""
    )


def inputs_of(parameters: Mapping[str, Any]) -> Callable[[], Any]:
    """Function that digests the raw files a run reads: vocabulary, corpora, snapshots, user files."""

    def digest() -> Any:
        snapshot = parameters.get("snapshot")
        folders = [storage.raw("terms"), storage.raw("journals"), storage.raw("cache", "lexicon")]
        names = [*parameters.get("sources", ["seed"]), *([snapshot] if snapshot else [])]
        folders += [storage.raw(kind, name) for kind in ("corpora", "pubmed") for name in names]
        folders += [storage.root() / name for name in parameters.get("metric_files", [])]
        if corpus := parameters.get("corpus"):
            folders.append(corpus_folder(str(corpus)) / "index.json")
        if based_on := parameters.get("based_on"):
            folders.append(storage.run_folder(str(based_on), "tables"))
        # An update asks the service each time: what it will answer is not known from any file.
        asks = datetime.now(UTC).isoformat() if parameters.get("fetch_mode") == "update" else ""
        return [folder_digest(folder for folder in folders if folder.exists()), asks]

    return digest


def _with_needs(tasks: list[Task], names: tuple[str, ...]) -> list[Task]:
    """Tasks of the notebooks named, by name or number, and of those they need; UsageError for others."""
    by_name = {task.name: task for task in tasks}
    wanted: set[str] = set()
    queue = []
    for name in names:
        found = [task for task in by_name if task == name or task.startswith(f"{name}_")]
        if not found:
            raise UsageError(f"--upto: notebook {name!r} is not in this run: {nearest(name, by_name)}")
        queue += found
    while queue:
        name = queue.pop()
        if name not in wanted:
            wanted.add(name)
            queue += by_name[name].after
    return [task for task in tasks if task.name in wanted]


def show_progress(tasks: Sequence[Task], *, quiet: bool, unit: str = "notebook") -> Outcome:
    """What became of the tasks, with a bar of those done and the names of those under way."""
    running: list[str] = []
    with tqdm(total=len(tasks), disable=quiet, unit=unit, leave=False) as bar:

        def tell(event: str, name: str) -> None:
            if event == "start":
                running.append(name)
            else:
                if name in running:
                    running.remove(name)
                bar.update()
            bar.set_description(", ".join(running) or "done")

        return run_tasks(tasks, report=tell)


def report_tasks(run: str, tasks: Sequence[Task]) -> list[Task]:
    """Tasks that make the report's pages and the exports beside it from the executed notebooks of `tasks`."""
    folder = storage.run_folder(run, "report")
    executed = {task.name: storage.run_folder(run, "notebooks", f"{task.name}.ipynb") for task in tasks}
    pages = [executed[task] for task in sorted(executed)]
    stamps = [task.stamp for task in tasks]
    written = [table for table, book in writer_of(find_notebooks()).items() if book in executed]

    def render() -> None:
        from helpers.present.report import render_report

        render_report(pages, run=run, folder=folder)

    def export() -> None:
        from helpers.present.exports import write_exports

        write_exports(run, names=written)

    def decides() -> Any:
        return digests(stamps)

    return [
        Task("report", (), decides, render, (folder / "index.html",), folder / ".report.key"),
        Task("exports", ("report",), decides, export, (folder / "tables.xlsx",), folder / ".exports.key"),
    ]


def run_record(settings: Settings) -> dict[str, Any]:
    """What run.json says before anything ran: parameters, versions, commit, checksums of the inputs."""
    files, _ = inputs_of(settings.parameters)()
    root = str(storage.root())
    return {
        "name": settings.name,
        "parameters": dict(settings.parameters),
        "notebooks_chosen": list(settings.notebooks),
        "dossiers": list(settings.dossiers),
        "python": platform.python_version(),
        "versions": {name: version(name) for name in VERSIONS}
        | {"atlas": version("cell-death-target-atlas")},
        "commit": _commit(),
        "inputs": {
            str(Path(path).relative_to(root)) if path.startswith(root) else Path(path).name: digest
            for path, digest in files.items()
        },
        "started": datetime.now(UTC).isoformat(timespec="seconds"),
    }


def _commit() -> str | None:
    if os.environ.get("ATLAS_HOME"):
        return None
    command = ["git", "-C", str(storage.root()), "rev-parse", "HEAD"]
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=False)
    except OSError:
        return None
    return done.stdout.strip() or None


def _read_states(path: Path) -> dict[str, Any]:
    """State of each notebook and step in a run.json, by name; none where there is no such file."""
    try:
        record = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return {**record.get("notebooks", {}), **record.get("report", {})}


def _states(tasks: Sequence[Task], outcome: Outcome, before: Mapping[str, Any]) -> dict[str, Any]:
    """Status of each task; seconds and what its kernel used are those of the time it was last made."""
    states: dict[str, Any] = {}
    for task in tasks:
        if task.name in outcome.failed:
            states[task.name] = {"status": "failed", "cause": outcome.failed[task.name]}
        elif task.name in outcome.seconds:
            used = asdict(outcome.usage[task.name]) if task.name in outcome.usage else {}
            states[task.name] = {"status": "done", "seconds": round(outcome.seconds[task.name], 2), **used}
        elif task.name in outcome.unchanged:
            states[task.name] = {**before.get(task.name, {}), "status": "unchanged"}
        else:
            states[task.name] = {"status": "skipped", "cause": "what it needs failed"}
    return states


def compare(before: str, after: str) -> Path:
    """Path of the page that says what changed from run `before` to run `after`.

    The comparison's table stands among those of `after`. Raises UsageError for a run not made yet.
    """
    from helpers.present.report import render_report

    book = find_notebooks()["08_compare_runs"]
    for run in (before, after):
        for name in ("articles", "mentions", "gene_mode", "gaps"):
            storage.read_table(run, name)
    executed = storage.run_folder(after, "notebooks", f"08_compare_runs_{before}.ipynb")
    execute(book, {"run": after, "before": before}, executed)
    return render_report(
        [executed], run=after, folder=storage.run_folder(after, "report", f"compare-{before}")
    )
