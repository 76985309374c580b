"""A batch: items as a list, a grid or a CSV; what fails is listed last, what is unchanged is not redone."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import nbformat
import pandas as pd
import pytest

from helpers import storage
from helpers.errors import RunError, UsageError
from helpers.run import batch as module
from helpers.run.batch import find_leftovers, label_of, labels_of, read_batch, run_batch
from helpers.run.notebooks import Notebook
from helpers.run.steps import write_table
from helpers.schemas import TABLES

ROOT = Path(__file__).resolve().parents[1]


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Synthetic project: the real vocabulary and notebooks, and a run whose tables are empty."""
    shutil.copytree(ROOT / "data" / "raw" / "terms", tmp_path / "data" / "raw" / "terms")
    (tmp_path / "notebooks").symlink_to(ROOT / "notebooks")
    monkeypatch.setenv("ATLAS_HOME", str(tmp_path))
    for name, table in TABLES.items():
        write_table("synthetic", name, table.empty())
    return tmp_path


@pytest.fixture
def executed(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Genes whose notebook was executed; a stand-in for papermill that fails for BCL2."""
    genes: list[str] = []

    def execute(book: Notebook, parameters: Mapping[str, Any], output: Path) -> None:
        genes.append(str(parameters["gene"]))
        if parameters["gene"] == "BCL2":
            raise RunError("BCL2, cell 4: ValueError: no copper")
        cell = nbformat.v4.new_code_cell("1")
        title = {"text/markdown": f"# {parameters['gene']}: what is said?"}
        cell.outputs = [nbformat.v4.new_output("display_data", title)]
        output.parent.mkdir(parents=True, exist_ok=True)
        nbformat.write(nbformat.v4.new_notebook(cells=[cell]), output)

    monkeypatch.setattr(module, "execute", execute)
    return genes


def batch_file(home: Path, text: str) -> Path:
    path = home / "targets.yml"
    path.write_text(f"name: mine\nrun: synthetic\n{text}", encoding="utf-8")
    return path


def test_a_list_a_grid_and_a_csv_give_the_same_items(home: Path) -> None:
    """Three ways to say it."""
    (home / "t.csv").write_text("\ufeffgene\nNFE2L2\nATF5\n", encoding="utf-8")
    ways = ("items: [NFE2L2, ATF5]", "grid: {gene: [NFE2L2, ATF5]}", "csv: t.csv")
    items = [read_batch(batch_file(home, way)).items for way in ways]
    assert items[0] == items[1] == items[2]
    assert [item["gene"] for item in items[0]] == ["NFE2L2", "ATF5"]


def test_a_grid_is_every_combination(home: Path) -> None:
    """Two genes and two runs are four items."""
    grid = "grid: {gene: [NFE2L2, ATF5], run: [a, b]}"
    items = read_batch(batch_file(home, grid)).items
    assert labels_of(items) == ["a_NFE2L2", "b_NFE2L2", "a_ATF5", "b_ATF5"]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("items: NFE2L2", "items is 'NFE2L2'; give a list"),
        ("items: []", "give one of items, grid or csv, not none"),
        ("items: [ATF5]\ncsv: t.csv", "not items and csv"),
        ("items: [ATF5, ATF5]", "ATF5 stands there twice"),
        ("items: [ATF55]", "did you mean ATF5"),
        ("items: [NRF2]", "'NRF2' is listed as NFE2L2"),
        ("items: [{gen: ATF5}]", "did you mean gene"),
        ("grid: {gene: ATF5}", "give a list per parameter"),
        ("grid: [ATF5]", "give a list per parameter"),
        ("csv: absent.csv", "does not exist"),
        ("csv: bad.csv", "not a readable CSV"),
        ("csv: latin.csv", "not a readable CSV"),
        ("csv: none.csv", "holds no item"),
        ("csv: other.csv", "parameter 'colour' does not exist"),
        ("notebook: 07_target\nitems: [ATF5]", "did you mean 07_target_dossier"),
        ("itms: [ATF5]", "did you mean items"),
        ("items: [ATF5]\nitems: [MDM2]", "'items' stands there twice"),
        ("name: ../x\nitems: [ATF5]", "stands there twice"),
    ],
)
def test_a_mistake_is_told_before_anything_runs(home: Path, text: str, words: str) -> None:
    """One sentence names the file, the value and the way out."""
    (home / "bad.csv").write_text('gene\n"ATF5\n')
    (home / "latin.csv").write_bytes("gene\nATF5é\n".encode("latin-1"))
    (home / "none.csv").write_text("gene\n")
    (home / "other.csv").write_text("gene,colour\nATF5,red\n")
    with pytest.raises(UsageError) as caught:
        read_batch(batch_file(home, text))
    assert words in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_failing_item_stops_no_other_and_is_listed_last(home: Path, executed: list[str]) -> None:
    """The others get their page, the index lists the failure, the error names item, cell and cause."""
    with pytest.raises(RunError, match="1 of 3 items failed, the rest are done:\n  BCL2, cell 4: ValueError"):
        run_batch(read_batch(batch_file(home, "items: [NFE2L2, BCL2, ATF5]")), quiet=True)
    report = storage.run_folder("mine", "report")
    assert {path.name for path in report.glob("*.html")} == {"NFE2L2.html", "ATF5.html", "index.html"}
    index = (report / "index.html").read_text(encoding="utf-8")
    assert "no copper" in index
    assert sorted(executed) == ["ATF5", "BCL2", "NFE2L2"]


def test_a_gene_that_does_not_exist_stops_no_other(home: Path, executed: list[str]) -> None:
    """One wrong symbol in a hundred: the others are made, it is listed with what may be meant."""
    batch = read_batch(batch_file(home, "items: [NFE2L2, ATF55, {gene: '', mode: feroptosis}]"))
    with pytest.raises(RunError) as caught:
        run_batch(batch, quiet=True)
    first, *causes = str(caught.value).splitlines()
    assert first == "2 of 3 items failed, the rest are done:"
    assert "item 2: gene 'ATF55' does not exist: did you mean ATF5" in causes[0]
    assert "item 3: mode 'feroptosis' does not exist: did you mean ferroptosis" in causes[1]
    assert executed == ["NFE2L2"]
    index = (storage.run_folder("mine", "report") / "index.html").read_text(encoding="utf-8")
    assert "<b>ATF55</b>" in index


def test_a_run_that_cannot_be_made_stops_no_other(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """One page per run, each with a query of its own: the run without tables is listed, the other is made."""

    def execute(book: Notebook, parameters: Mapping[str, Any], output: Path) -> None:
        output.parent.mkdir(parents=True, exist_ok=True)
        nbformat.write(nbformat.v4.new_notebook(), output)

    monkeypatch.setattr(module, "execute", execute)
    text = "notebook: 00_summary\nitems: [{run: synthetic}, {run: absent}]"
    batch = read_batch(batch_file(home, text))
    assert labels_of(batch.items) == ["synthetic", "absent"]
    with pytest.raises(
        RunError, match="1 of 2 items failed, the rest are done:\n  absent: run 'absent' has no"
    ):
        run_batch(batch, quiet=True)
    report = storage.run_folder("mine", "report")
    assert {path.name for path in report.glob("*.html")} == {"synthetic.html", "index.html"}
    with pytest.raises(UsageError, match="run 'absent' has no table"):
        run_batch(read_batch(batch_file(home, "notebook: 00_summary\nitems: [{run: absent}]")), quiet=True)


def test_only_what_is_not_done_is_done_again(home: Path, executed: list[str]) -> None:
    """Nothing changed: nothing runs. A page lost, a failed or a new item: only that one runs."""
    batch = read_batch(batch_file(home, "items: [NFE2L2, ATF5]"))
    index = run_batch(batch, quiet=True)
    before = index.read_bytes()
    executed.clear()
    run_batch(batch, quiet=True)
    assert (executed, index.read_bytes()) == ([], before)
    (index.parent / "ATF5.html").unlink()
    run_batch(batch, quiet=True)
    assert executed == ["ATF5"]
    executed.clear()
    run_batch(read_batch(batch_file(home, "items: [NFE2L2, ATF5, MDM2]")), quiet=True)
    assert executed == ["MDM2"]
    assert "MDM2.html" in index.read_text(encoding="utf-8")


def test_an_unchanged_batch_loads_no_code_of_pages(
    home: Path, executed: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """What draws and renders takes seconds to load: a batch with nothing to do ends without it."""
    batch = read_batch(batch_file(home, "items: [NFE2L2, ATF5]"))
    index = run_batch(batch, quiet=True)
    for module_name in [name for name in sys.modules if name.startswith("helpers.present")]:
        monkeypatch.setitem(sys.modules, module_name, None)
    assert run_batch(batch, quiet=True) == index
    index.unlink()
    with pytest.raises(RunError, match=r"but not their list: index: ModuleNotFoundError.*helpers\.present"):
        run_batch(batch, quiet=True)


def test_pages_of_items_taken_off_the_list_are_told_and_kept(home: Path, executed: list[str]) -> None:
    """Those this batch made, and no page put there by hand; listed again, nothing is made anew."""
    whole = read_batch(batch_file(home, "items: [NFE2L2, ATF5, MDM2]"))
    report = run_batch(whole, quiet=True).parent
    (report / "notes.html").write_text("mine", encoding="utf-8")
    assert find_leftovers(whole) == []
    less = read_batch(batch_file(home, "items: [NFE2L2]"))
    run_batch(less, quiet=True)
    assert find_leftovers(less) == [report / "ATF5.html", report / "MDM2.html"]
    assert "ATF5" not in (report / "index.html").read_text(encoding="utf-8")
    executed.clear()
    run_batch(whole, quiet=True)
    assert executed == []


def test_a_changed_gene_redoes_one_dossier(home: Path, executed: list[str]) -> None:
    """A new row about one gene redoes its dossier and no other."""
    batch = read_batch(batch_file(home, "items: [NFE2L2, ATF5]"))
    run_batch(batch, quiet=True)
    executed.clear()
    blank = {"text": "x", "list": "x", "int": 0, "float": 0.0, "bool": False}
    row = {c.name: c.values[0] if c.values else blank[c.kind] for c in TABLES["gaps"].columns}
    write_table("synthetic", "gaps", pd.DataFrame([row | {"gene": "ATF5"}]))
    run_batch(batch, quiet=True)
    assert executed == ["ATF5"]


@pytest.mark.parametrize(
    ("item", "label"),
    [
        ({"run": "seed", "gene": "ATF5"}, "ATF5"),
        ({"run": "seed", "gene": "", "mode": "ferroptosis"}, "ferroptosis"),
        ({"run": "seed", "gene": "", "therapy": "CAR-T"}, "CAR-T"),
    ],
)
def test_a_label_is_the_item_s_own_name(item: dict[str, str], label: str) -> None:
    """Where nothing is lost by it."""
    assert label_of(item) == label


def test_a_label_never_leaves_its_folder_and_stays_its_own() -> None:
    """What a file name cannot hold becomes a hyphen and a hash."""
    labels = {label_of({"run": "seed", "therapy": name}) for name in ("../../x", "x", "x y", "x/y", "顺铂")}
    assert len(labels) == 5
    assert not any("/" in label or label.startswith(".") for label in labels)
