"""Notebooks: what there is, what each asks for, and one execution through papermill."""

from __future__ import annotations

import ast
import hashlib
import json
import logging
import os
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import yaml

from helpers import storage
from helpers.errors import RunError, UsageError, nearest
from helpers.run.kernels import Usage, measured_manager

PARAMETERS_TAG = "parameters"
CELL_SECONDS = 3600  # a cell that takes longer hangs
HEADINGS = ("Question", "Parameters", "Data", "Analysis", "Answer", "Limits", "Files written")


@dataclass(frozen=True)
class Parameter:
    """One parameter of a notebook: name, annotated type, default value, help text."""

    name: str
    type: str
    default: Any
    help: str

    def check(self, value: Any, *, where: str) -> None:
        """Nothing; raises UsageError if the value is not of the annotated type."""
        kinds: dict[str, tuple[type, ...]] = {
            "str": (str,),
            "int": (int,),
            "float": (int, float),
            "bool": (bool,),
            "list": (list,),
            "None": (type(None),),
        }
        allowed = [kind for part in self.type.split("|") for kind in kinds[part.strip().split("[")[0]]]
        wrong_bool = isinstance(value, bool) and bool not in allowed
        if wrong_bool or not isinstance(value, tuple(allowed)):
            raise UsageError(f"{where}: {self.name} is {value!r}, it takes {self.type}: {self.help}.")

    def parse(self, text: str) -> Any:
        """Value of a `-p name value` text: as written for text, comma-separated for lists, else YAML."""
        if self.type.startswith("list"):
            return [part.strip() for part in text.strip("[]").split(",") if part.strip()]
        if text.strip().lower() in ("none", "null") and "None" in self.type:
            return None
        if self.type.startswith("str"):
            return text
        value = yaml.safe_load(text)
        self.check(value, where=f"-p {self.name}")
        return value


@dataclass(frozen=True)
class Cell:
    """One cell of a source notebook: kind (code, markdown), source, tags."""

    kind: str
    source: str
    tags: tuple[str, ...]


@dataclass(frozen=True)
class Notebook:
    """One source notebook: its path and what can be read from its cells without running it."""

    path: Path

    @property
    def name(self) -> str:
        """File name without its ending, e.g. 04_genes_by_mode."""
        return self.path.stem

    @cached_property
    def cells(self) -> tuple[Cell, ...]:
        """Its cells, read as plain JSON: nbformat's validation costs a second and a half of import."""
        content = json.loads(self.path.read_text(encoding="utf-8"))
        return tuple(
            Cell(cell["cell_type"], "".join(cell["source"]), tuple(cell["metadata"].get("tags", [])))
            for cell in content["cells"]
        )

    @cached_property
    def title(self) -> str:
        """The question: text of the first heading."""
        first = next((cell.source for cell in self.cells if cell.kind == "markdown"), "")
        return first.splitlines()[0].lstrip("# ").strip() if first else self.name

    @cached_property
    def parameters(self) -> tuple[Parameter, ...]:
        """Parameters of the tagged cell, from lines `name: type = literal  # help`."""
        cells = [cell for cell in self.cells if PARAMETERS_TAG in cell.tags]
        if len(cells) != 1:
            raise UsageError(
                f"{self.path}: {len(cells)} cells are tagged {PARAMETERS_TAG!r}, there must be one."
            )
        lines = cells[0].source.splitlines()
        found = []
        for item in ast.parse(cells[0].source).body:
            if not (isinstance(item, ast.AnnAssign) and isinstance(item.target, ast.Name) and item.value):
                raise UsageError(
                    f"{self.path}: parameters line {item.lineno} is not `name: type = value  # help`."
                )
            comment = lines[(item.end_lineno or 1) - 1].rpartition("#")[2].strip()
            default = ast.literal_eval(item.value)
            found.append(Parameter(item.target.id, ast.unparse(item.annotation), default, comment))
        return tuple(found)

    @cached_property
    def code(self) -> str:
        """Code of all cells but the parameters: what decides, with them, what the notebook does."""
        cells = (cell for cell in self.cells if cell.kind == "code" and PARAMETERS_TAG not in cell.tags)
        return "\n\n".join(cell.source for cell in cells)

    @cached_property
    def reads(self) -> tuple[str, ...]:
        """Tables of the run it reads: the literal names in `read_table(run, "...")`."""
        return self._calls("read_table")

    @cached_property
    def figures(self) -> tuple[str, ...]:
        """Figures it saves: the literal names in `save_figure(figure, folder, "...", ...)`."""
        return self._literals("save_figure", 2)

    @cached_property
    def writes(self) -> tuple[str, ...]:
        """Tables of the run it writes: the literal names in `write_table(run, "...", frame)`."""
        return self._calls("write_table")

    def _calls(self, function: str) -> tuple[str, ...]:
        return self._literals(function, 1, first="run")

    def _literals(self, function: str, position: int, *, first: str | None = None) -> tuple[str, ...]:
        """Literal texts at one position of a function's calls, optionally only after a given first name."""
        names: dict[str, None] = {}
        for node in ast.walk(ast.parse(self.code)):
            if not (isinstance(node, ast.Call) and len(node.args) > position):
                continue
            called = getattr(node.func, "attr", getattr(node.func, "id", ""))
            begins = first is None or getattr(node.args[0], "id", None) == first
            value = node.args[position]
            if called == function and begins and isinstance(value, ast.Constant):
                names[str(value.value)] = None
        return tuple(names)

    def check_parameters(self, given: Mapping[str, Any], *, where: str) -> None:
        """Nothing; raises UsageError for a name this notebook does not have, or a value of the wrong type."""
        known = {parameter.name: parameter for parameter in self.parameters}
        for name, value in given.items():
            if name not in known:
                raise UsageError(f"{where}: {self.name} has no parameter {name!r}: {nearest(name, known)}")
            known[name].check(value, where=where)


def find_notebooks() -> dict[str, Notebook]:
    """Source notebooks by name, in order of their number."""
    return {path.stem: Notebook(path) for path in sorted((storage.root() / "notebooks").glob("[0-9]*.ipynb"))}


def order(notebooks: Mapping[str, Notebook]) -> list[str]:
    """Names in an order in which each reads only tables already written; raises UsageError on a circle."""
    needs = needs_of(notebooks)
    waiting, done = list(notebooks), []
    while waiting:
        ready = [name for name in waiting if not needs[name] & set(waiting)]
        if not ready:
            raise UsageError(f"notebooks {', '.join(waiting)} wait for one another's tables.")
        # The summary comes last though its number is first: it is the page for those who open one page.
        done.append(next((name for name in ready if not name.startswith("00")), ready[0]))
        waiting.remove(done[-1])
    return done


def needs_of(notebooks: Mapping[str, Notebook]) -> dict[str, set[str]]:
    """Names of the notebooks whose tables each one reads."""
    writers = writer_of(notebooks)
    return {
        name: {writers[table] for table in book.reads if table in writers} - {name}
        for name, book in notebooks.items()
    }


def writer_of(notebooks: Mapping[str, Notebook]) -> dict[str, str]:
    """Name of the notebook that writes each table; raises UsageError if two write the same."""
    writers: dict[str, str] = {}
    for name, book in notebooks.items():
        for table in book.writes:
            if writers.setdefault(table, name) != name:
                raise UsageError(
                    f"table {table!r} is written by {writers[table]} and by {name}; one must own it."
                )
    return writers


def execute(book: Notebook, parameters: Mapping[str, Any], output: Path) -> Usage:
    """What the kernel used to execute the notebook into `output`, which is there only when every cell ran.

    On failure the executed copy stands beside it as `<name>.failed.ipynb` and RunError names
    notebook, cell and cause.
    """
    import papermill  # 1 s of import that an unchanged run need not pay
    from nbclient.exceptions import CellTimeoutError, DeadKernelError
    from papermill.exceptions import PapermillExecutionError
    from traitlets.config import Config

    book.check_parameters(parameters, where=book.name)
    output.parent.mkdir(parents=True, exist_ok=True)
    partial = output.with_name(f".{output.stem}.part.ipynb")
    failed = output.with_name(f"{output.stem}.failed.ipynb")
    failed.unlink(missing_ok=True)
    # Shutdown may miss its message and wait 4 s; plain TCP warning is noise on one machine; so is a
    # kernel's word on the interrupt that ends it, while what a cell raises comes by message, not by log.
    config = Config(
        KernelManager={"transport_encryption": "auto", "shutdown_wait_time": 1.0},
        NotebookClient={"extra_arguments": ["--IPKernelApp.log_level=50"]},
    )
    logging.getLogger("papermill").setLevel(logging.ERROR)
    os.environ.setdefault("PYDEVD_DISABLE_FILE_VALIDATION", "1")
    used = [Usage()]
    try:
        papermill.execute_notebook(
            str(book.path),
            str(partial),
            parameters=dict(parameters),
            progress_bar=False,
            config=config,
            kernel_name="python3",
            kernel_manager_class=measured_manager(used.append),
            execution_timeout=CELL_SECONDS,
        )
    except PapermillExecutionError as error:
        cause = f"{error.ename}: {error.evalue}"
    except (CellTimeoutError, DeadKernelError, TimeoutError, RuntimeError) as error:
        cause = str(error)
    else:
        os.replace(partial, output)
        return used[-1]
    name = output.stem if output.stem.startswith(book.name) else f"{output.stem} ({book.name})"
    cause = next(iter(cause.splitlines()), "no reason given")
    if not partial.exists():
        raise RunError(f"{name}: {cause}")
    place = _stopped_at(partial)
    os.replace(partial, failed)
    raise RunError(f"{name}, cell {place}: {cause} (see {_shown(failed)})")


def _stopped_at(partial: Path) -> int:
    """Number, among the code cells, of the last one begun: as JupyterLab shows it beside the cell."""
    cells = json.loads(partial.read_text(encoding="utf-8"))["cells"]
    begun = [cell["metadata"].get("papermill", {}).get("start_time") for cell in cells if "outputs" in cell]
    return sum(time is not None for time in begun)


def _shown(path: Path) -> str:
    return str(path.relative_to(storage.root())) if path.is_relative_to(storage.root()) else str(path)


def content_hash(book: Notebook) -> str:
    """Hex SHA-256 of all cells' sources: code, parameters and prose, but not outputs."""
    content = [(cell.kind, cell.source, cell.tags) for cell in book.cells]
    return hashlib.sha256(json.dumps(content).encode()).hexdigest()
