"""A batch: one notebook over many items, each to a page, with an index; only what changed is redone."""

from __future__ import annotations

import hashlib
import itertools
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pandas as pd
from tqdm import tqdm

from helpers import storage
from helpers.errors import AtlasError, RunError, UsageError
from helpers.run.graph import Outcome, Task, digests, helpers_hash, run_tasks
from helpers.run.items import SUBJECTS, items_digest
from helpers.run.notebooks import Notebook, content_hash, execute, find_notebooks
from helpers.run.settings import Vocabulary, read_yaml, require
from helpers.run.steps import make_tables

KEYS = ("name", "run", "notebook", "items", "grid", "csv")


@dataclass(frozen=True)
class Batch:
    """A batch as its YAML says it: items are parameters of the notebook, one mapping each.

    `refused` gives the cause, by label, for those of the items that name what does not exist.
    """

    name: str
    notebook: str
    items: tuple[Mapping[str, Any], ...]
    refused: Mapping[str, str] = field(default_factory=dict)


def read_batch(path: Path) -> Batch:
    """The batch a YAML file describes.

    An item with a gene, mode, therapy or query that cannot be is refused, and the others are made. Raises
    UsageError, naming the file and the nearest valid names, for all else: a notebook or parameter that does
    not exist, a value of the wrong type, an item that stands there twice, and for a batch of refused items.
    """
    content = read_yaml(path)
    for key in content:
        require(key, KEYS, "key", where=str(path))
    books = find_notebooks()
    notebook = str(content.get("notebook", "07_target_dossier"))
    require(notebook, books, "notebook", where=str(path))
    given = [name for name in ("items", "grid", "csv") if content.get(name)]
    if len(given) != 1:
        raise UsageError(f"{path}: give one of items, grid or csv, not {' and '.join(given) or 'none'}.")
    run = str(content.get("run", "seed"))
    items = tuple({"run": run} | item for item in _items(content, books[notebook], path))
    for place, item in enumerate(items, start=1):
        books[notebook].check_parameters(item, where=f"{path}, item {place}")
    name = str(content.get("name", path.stem))
    storage.run_folder(name)
    labels = labels_of(items)
    if repeated := [label for label, n in Counter(labels).items() if n > 1]:
        raise UsageError(f"{path}: {repeated[0]} stands there twice.")
    vocabulary, refused = Vocabulary(), dict[str, str]()
    for place, (item, label) in enumerate(zip(items, labels, strict=True), start=1):
        try:
            vocabulary.check(item, f"{path}, item {place}")
        except UsageError as error:
            refused[label] = str(error)
    if len(refused) == len(items):
        raise UsageError(next(iter(refused.values())))
    return Batch(name, notebook, items, refused)


def _items(content: Mapping[str, Any], book: Notebook, path: Path) -> list[dict[str, Any]]:
    if grid := content.get("grid"):
        if not (isinstance(grid, dict) and all(isinstance(values, list) for values in grid.values())):
            raise UsageError(
                f"{path}: grid is {grid!r}; give a list per parameter, {{gene: [NFE2L2, ATF5]}}."
            )
        return [dict(zip(grid, values, strict=True)) for values in itertools.product(*grid.values())]
    if csv := content.get("csv"):
        file = storage.root() / str(csv)
        if not file.is_file():
            raise UsageError(f"{path}: csv {csv!r} does not exist: give a path from the project root.")
        known = {parameter.name: parameter for parameter in book.parameters}
        rows = _csv_rows(file)
        for name in rows[0]:
            require(name, known, "parameter", where=str(file))
        return [{name: known[name].parse(value) for name, value in row.items()} for row in rows]
    if not isinstance(content["items"], list):
        raise UsageError(f"{path}: items is {content['items']!r}; give a list, [NFE2L2, ATF5].")
    # A bare name is the value of the notebook's subject, its first parameter after `run`.
    subject = next(parameter.name for parameter in book.parameters if parameter.name != "run")
    return [item if isinstance(item, dict) else {subject: str(item)} for item in content["items"]]


def _csv_rows(file: Path) -> list[dict[str, str]]:
    """Rows of a CSV of items, at least one; raises UsageError for a file that is no such table."""
    try:
        rows = pd.read_csv(file, dtype="str", keep_default_na=False, encoding="utf-8-sig").to_dict("records")
    except (OSError, ValueError) as error:  # pandas' parser errors are ValueErrors
        raise UsageError(f"{file} is not a readable CSV in UTF-8: {str(error).strip()}.") from None
    if not rows:
        raise UsageError(f"{file} holds no item: one row per item below a row of parameter names.")
    return [{str(name): str(value) for name, value in row.items()} for row in rows]


def labels_of(items: Sequence[Mapping[str, Any]]) -> list[str]:
    """File name of each item; the run is part of it where the items are of several runs."""
    several = len({item["run"] for item in items}) > 1
    labels = [(str(item["run"]), label_of(item)) for item in items]
    return [f"{run}_{label}" if several and label != run else label for run, label in labels]


def label_of(item: Mapping[str, Any]) -> str:
    """Name of an item, from its values: letters, digits, hyphens; a hash where that loses something."""
    values = [str(value) for name, value in item.items() if value not in ("", None, []) and name != "run"]
    text = "_".join(values) or str(item["run"])
    plain = re.sub(r"[^A-Za-z0-9.-]+", "-", text).strip("-.")[:60]
    if plain == text:
        return plain
    return f"{plain}-{hashlib.sha256(text.encode()).hexdigest()[:6]}"


def run_batch(batch: Batch, *, quiet: bool = False, workers: int = 2) -> Path:
    """Path of the batch's index page, every stale item made anew, `workers` at a time.

    Raises RunError, after all others are done, listing each item that failed with notebook, cell and cause.
    """
    book = find_notebooks()[batch.notebook]
    report = storage.run_folder(batch.name, "report")
    named = labels_of(batch.items)
    unmade = _make_runs(book, sorted({str(item["run"]) for item in batch.items}))
    failed = {
        label: unmade[str(item["run"])]
        for item, label in zip(batch.items, named, strict=True)
        if item["run"] in unmade
    } | dict(batch.refused)
    kept = [(item, label) for item, label in zip(batch.items, named, strict=True) if label not in failed]
    subjects = items_digest(book, [item for item, _ in kept])
    tasks = [
        _item_task(batch, book, item, label, subject)
        for (item, label), subject in zip(kept, subjects, strict=True)
    ]
    outcome = _with_bar(tasks, quiet=quiet, workers=workers) if tasks else Outcome()
    outcome.failed |= failed
    labels = [label for label in named if label not in outcome.failed]
    executed = {label: storage.run_folder(batch.name, "notebooks", f"{label}.ipynb") for label in labels}
    made = [report / f"{label}.html" for label in labels]

    def render_index() -> None:
        from helpers.present.gallery import render_gallery

        about = {label: _about(item) for item, label in zip(batch.items, named, strict=True)}
        render_gallery(batch.name, executed, about=about, failed=outcome.failed, folder=report)

    index = Task(
        "index",
        (),
        lambda: [helpers_hash(), digests(made), sorted(outcome.failed)],
        render_index,
        (report / "index.html",),
        report / ".index.key",
    )
    unlisted = run_tasks([index], report=lambda event, name: None, workers=0).failed
    if outcome.failed:
        failures = "\n".join(f"  {text}" for _, text in sorted((outcome.failed | unlisted).items()))
        raise RunError(f"{len(outcome.failed)} of {len(named)} items failed, the rest are done:\n{failures}")
    if unlisted:
        raise RunError(f"the pages of {batch.name!r} are made, but not their list: {unlisted['index']}")
    return report / "index.html"


def find_leftovers(batch: Batch) -> list[Path]:
    """Pages that this batch made of items which are no longer among its items, by name.

    They are told, not removed: whoever takes an item off for a while, or wrote into its notebook, keeps it.
    """
    labels = set(labels_of(batch.items))
    found = []
    for stamp in sorted(storage.run_folder(batch.name, "notebooks").glob("*.key")):
        page = storage.run_folder(batch.name, "report", f"{stamp.stem}.html")
        # A run of the same name has stamps there too, but none of them for a page.
        if stamp.stem not in labels and page.exists() and f'"{page.name}"' in stamp.read_text():
            found.append(page)
    return found


def _make_runs(book: Notebook, runs: Sequence[str]) -> dict[str, str]:
    """Cause by run of those whose tables cannot be made; raises it where that is all of them."""
    unmade: dict[str, AtlasError] = {}
    for run in runs:
        try:
            if missing := [name for name in book.reads if not storage.table_path(run, name).exists()]:
                make_tables(run, *missing)
        except AtlasError as error:
            unmade[run] = error
    if len(unmade) == len(runs):
        raise unmade[runs[0]]
    return {run: f"{run}: {error}" for run, error in unmade.items()}


def _item_task(batch: Batch, book: Notebook, item: Mapping[str, Any], label: str, subject: str) -> Task:
    # Figures go to the batch's own folder, not to that of the run it reads.
    into = {"into": batch.name} if any(parameter.name == "into" for parameter in book.parameters) else {}
    executed = storage.run_folder(batch.name, "notebooks", f"{label}.ipynb")
    page = storage.run_folder(batch.name, "report", f"{label}.html")

    def make() -> None:
        # Imported where a page is made: an unchanged batch need not wait for it.
        from helpers.present.gallery import render_page

        execute(book, {**item, **into}, executed)
        render_page(executed, run=str(item["run"]), page=page, about=_about(item))

    return Task(
        label,
        (),
        lambda: [content_hash(book), {**item, **into}, helpers_hash(), subject],
        make,
        (executed, page),
        executed.with_suffix(".key"),
    )


def _about(item: Mapping[str, Any]) -> dict[str, str]:
    """The gene, mode or therapy an item is about, by kind."""
    return {kind: item[kind] for kind in SUBJECTS if item.get(kind)}


def _with_bar(tasks: Sequence[Task], *, quiet: bool, workers: int) -> Outcome:
    with tqdm(total=len(tasks), disable=quiet, unit="item", leave=False) as bar:

        def tell(event: str, name: str) -> None:
            if event == "start":
                bar.set_description(name)
            else:
                bar.update()

        return run_tasks(list(tasks), report=tell, workers=workers)
