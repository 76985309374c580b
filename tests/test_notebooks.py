"""The source notebooks keep their form: one question, fixed headings, no code that belongs in a helper."""

from __future__ import annotations

import ast
import json
import re
from pathlib import Path
from typing import Any

import nbformat
import pytest

from helpers.run.notebooks import HEADINGS, PARAMETERS_TAG, find_notebooks, needs_of, order, writer_of
from helpers.schemas import TABLES

BOOKS = find_notebooks()
PATHS = [book.path for book in BOOKS.values()]
each = pytest.mark.parametrize("path", PATHS, ids=lambda path: path.stem)


def read(path: Path) -> Any:
    return nbformat.read(path, as_version=4)


def code_cells(path: Path) -> list[Any]:
    return [cell for cell in read(path).cells if cell.cell_type == "code"]


@each
def test_the_title_is_a_question(path: Path) -> None:
    """The first cell's heading ends with a question mark."""
    assert BOOKS[path.stem].title.endswith("?")


@each
def test_the_headings_are_those_of_every_notebook(path: Path) -> None:
    """Question, Parameters, Data, Analysis, Answer, Limits, Files written, in this order."""
    lines = [
        line for cell in read(path).cells if cell.cell_type == "markdown" for line in cell.source.splitlines()
    ]
    assert tuple(line[3:] for line in lines if line.startswith("## ")) == HEADINGS


@each
def test_no_function_path_or_loop_stands_in_a_notebook(path: Path) -> None:
    """What needs a definition, a loop, an `if` or path arithmetic belongs in a helper with a test."""
    tree = ast.parse("\n".join(cell.source for cell in code_cells(path)))
    kinds = {type(node) for node in ast.walk(tree)}
    assert not kinds & {ast.FunctionDef, ast.ClassDef, ast.Lambda, ast.For, ast.While, ast.If, ast.Try}
    assert "pathlib" not in ast.unparse(tree)
    assert "import os" not in ast.unparse(tree)


@each
def test_a_notebook_is_short(path: Path) -> None:
    """At most 30 code cells of at most 30 lines."""
    cells = code_cells(path)
    assert len(cells) <= 30
    assert max(len(cell.source.splitlines()) for cell in cells) <= 30


@each
def test_parameters_are_annotated_literals_with_help(path: Path) -> None:
    """One tagged cell; every line has a type, a literal and a help text."""
    book = BOOKS[path.stem]
    assert sum(PARAMETERS_TAG in cell.tags for cell in book.cells) == 1
    assert book.parameters[0].name == "run"
    for parameter in book.parameters:
        assert len(parameter.help) > 8, parameter.name
        parameter.check(parameter.default, where=path.stem)


@each
def test_committed_outputs_are_those_of_one_run_from_top_to_bottom(path: Path) -> None:
    """Strict nbval compares outputs only of executed cells: counts run 1..n and no output is an error."""
    cells = code_cells(path)
    assert [cell.execution_count for cell in cells] == list(range(1, len(cells) + 1))
    assert all(output.output_type != "error" for cell in cells for output in cell.outputs)


@each
def test_no_time_stamp_or_machine_path_is_committed(path: Path) -> None:
    """Timing metadata is stripped, so that an unchanged re-run gives no diff, and no path of a machine shows."""
    content = json.loads(path.read_text(encoding="utf-8"))
    assert "papermill" not in content["metadata"]
    assert all("execution" not in cell["metadata"] for cell in content["cells"])
    assert not re.search(r"(?<![\w.])/(home|root|Users|work|tmp)/", path.read_text(encoding="utf-8"))


def test_every_table_read_is_written_by_one_notebook() -> None:
    """No notebook waits for a table that nobody writes, and every table is declared."""
    writers = writer_of(BOOKS)
    read_tables = {table for book in BOOKS.values() for table in book.reads}
    assert read_tables <= set(writers)
    assert set(writers) <= set(TABLES)


def test_the_order_follows_the_tables() -> None:
    """Each notebook comes after those whose tables it reads; the summary comes last of the report."""
    names = order(BOOKS)
    needs = needs_of(BOOKS)
    assert all(names.index(before) < names.index(name) for name in names for before in needs[name])
    assert names.index("00_summary") > names.index("06_gaps_and_trends")
