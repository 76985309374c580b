"""The house keeps its shape: imports go down the layers, network, plotting and papermill each in one room."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

SOURCE = Path(__file__).resolve().parents[1] / "src" / "helpers"
BASE = {"errors", "schemas", "collector"}
# Each room, and the rooms it may import from (itself always).
MAY_IMPORT = {
    "errors": set(),
    "collector": set(),
    "schemas": {"errors"},
    "storage": BASE,
    "fetch": BASE | {"storage"},
    "records": BASE,
    "annotate": BASE,
    "tabulate": BASE,
    "present": BASE | {"storage"},
    "run": BASE | {"storage", "fetch", "records", "annotate", "tabulate", "present"},
    "__main__": BASE | {"storage", "run", "present", "fetch"},
    "__init__": set(),
}
# Libraries that only one room may use.
ONLY_IN = {
    "urllib.request": {"fetch"},
    "http.client": {"fetch"},
    "socket": {"fetch"},
    "requests": {"fetch"},
    "Bio.Entrez": {"fetch"},
    "matplotlib": {"present"},
    "seaborn": {"present"},
    "nbconvert": {"present", "run"},
    "papermill": {"run"},
    "doit": {"run"},
    "dask": {"run"},
    "distributed": {"run"},
}
PURE = {"records", "annotate", "tabulate"}
MODULES = sorted(SOURCE.rglob("*.py"))


def room_of(path: Path) -> str:
    relative = path.relative_to(SOURCE)
    return relative.parts[0] if len(relative.parts) > 1 else relative.stem


def imports_of(path: Path) -> set[str]:
    names = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names |= {node.module} | {f"{node.module}.{alias.name}" for alias in node.names}
    return names


@pytest.mark.parametrize("path", MODULES, ids=lambda p: str(p.relative_to(SOURCE)))
def test_imports_go_down_the_layers(path: Path) -> None:
    """A module imports only from the rooms the map allows."""
    room = room_of(path)
    parts = [name.split(".") for name in imports_of(path) if name.startswith("helpers.")]
    rooms = {part[1] for part in parts if (SOURCE / part[1]).exists() or (SOURCE / f"{part[1]}.py").exists()}
    assert rooms - MAY_IMPORT[room] - {room} == set()


@pytest.mark.parametrize("path", MODULES, ids=lambda p: str(p.relative_to(SOURCE)))
def test_network_plotting_and_papermill_stay_in_one_room(path: Path) -> None:
    """Libraries that reach out, draw or run others are imported only in their room."""
    room = room_of(path)
    for library, rooms in ONLY_IN.items():
        used = {name for name in imports_of(path) if name == library or name.startswith(f"{library}.")}
        assert not used or room in rooms, f"{path.name} imports {library}"


@pytest.mark.parametrize(
    "path", [p for p in MODULES if room_of(p) in PURE], ids=lambda p: str(p.relative_to(SOURCE))
)
def test_the_middle_is_pure(path: Path) -> None:
    """Records, annotate and tabulate open no file to write, run nothing and read no environment."""
    assert not imports_of(path) & {"os", "subprocess", "shutil", "tempfile", "sqlite3"}
    calls = [node for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.Call)]
    names = {getattr(call.func, "attr", getattr(call.func, "id", "")) for call in calls}
    assert not names & {"write_text", "write_bytes", "to_csv", "to_parquet", "savefig", "mkdir", "print"}


@pytest.mark.parametrize("path", MODULES, ids=lambda p: str(p.relative_to(SOURCE)))
def test_public_things_say_what_they_give_and_are_typed(path: Path) -> None:
    """Every public function and class has a docstring, annotated parameters and an annotated result."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    assert ast.get_docstring(tree), f"{path.name} has no docstring"
    for node in tree.body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef) and not node.name.startswith("_"):
            assert ast.get_docstring(node), f"{path.name}: {node.name} has no docstring"
        if isinstance(node, ast.FunctionDef):
            assert node.returns is not None, f"{path.name}: {node.name} has no result type"


@pytest.mark.parametrize("path", MODULES, ids=lambda p: str(p.relative_to(SOURCE)))
def test_modules_stay_small(path: Path) -> None:
    """No module is longer than a reader holds in mind."""
    limit = 300
    assert len(path.read_text(encoding="utf-8").splitlines()) <= limit
