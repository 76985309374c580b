"""The command line: one sentence and exit code 2 for a user's mistake, never a traceback."""

from __future__ import annotations

import shutil
from pathlib import Path

import nbformat
import pytest
from click.testing import CliRunner, Result

from helpers import storage
from helpers.__main__ import main
from helpers.run.notebooks import find_notebooks

ROOT = Path(__file__).resolve().parents[1]


def atlas(*arguments: str) -> Result:
    return CliRunner().invoke(main, list(arguments))


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Synthetic project with the real vocabulary and two small notebooks."""
    shutil.copytree(ROOT / "data" / "raw" / "terms", tmp_path / "data" / "raw" / "terms")
    (tmp_path / "notebooks" / "runs").mkdir(parents=True)
    write_notebook(tmp_path, "01_first", "x = n + 1")
    (tmp_path / "mine.yml").write_text("name: mine\n")
    monkeypatch.setenv("ATLAS_HOME", str(tmp_path))
    return tmp_path


def write_notebook(home: Path, name: str, code: str) -> None:
    cells = [
        nbformat.v4.new_markdown_cell("# What is it?\n\n## Question"),
        nbformat.v4.new_code_cell('run: str = "mine"  # name of the run\nn: int = 1  # a number'),
        nbformat.v4.new_code_cell(code),
    ]
    cells[1].metadata["tags"] = ["parameters"]
    node = nbformat.v4.new_notebook(cells=cells)
    node.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3", "language": "python"}
    nbformat.write(node, home / "notebooks" / f"{name}.ipynb")


def test_list_shows_every_notebook_with_its_parameters() -> None:
    """`atlas list` names each notebook, its question, and each parameter with type, default and help."""
    result = atlas("list")
    assert result.exit_code == 0
    for book in find_notebooks().values():
        assert f"{book.name}: {book.title}" in result.output
        for parameter in book.parameters:
            assert f"{parameter.name}: {parameter.type} = {parameter.default!r}" in result.output


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["run", "absent.yml"], ["absent.yml does not exist"]),
        (["run", "notebooks/runs/seed.yml", "-p", "topp", "3"], ["topp", "did you mean top"]),
        (["run", "notebooks/runs/seed.yml", "-p", "top", "many"], ["top is 'many'", "takes int"]),
        (["run", "notebooks/runs/seed.yml", "-p", "dossiers", "GPX44"], ["GPX44", "GPX4"]),
        (
            ["run", "notebooks/runs/seed.yml", "-p", "query_modes", "feroptosis"],
            ["feroptosis", "ferroptosis"],
        ),
        (["run", "notebooks/runs/seed.yml", "-p", "name", "../x"], ["run name '../x'"]),
        (["run", "notebooks/runs/seed.yml", "--upto", "05_journal"], ["'05_journal'", "05_journals"]),
        (["run", "notebooks/runs/seed.yml", "-p", "sources", "sede"], ["source 'sede'", "seed"]),
        (["run", "notebooks"], ["notebooks is a folder"]),
        (["report", "no-such-run"], ["no-such-run", "has no executed notebooks"]),
        (["import", "absent.ris"], ["absent.ris does not exist"]),
        (["batch", "absent.yml"], ["absent.yml does not exist"]),
        (["compare", "no-such-run", "seed"], ["no-such-run"]),
    ],
)
def test_a_mistake_is_one_sentence_and_exit_code_2(
    arguments: list[str], words: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Unknown names and bad values are answered before anything runs."""
    monkeypatch.chdir(ROOT)
    result = atlas(*arguments)
    assert result.exit_code == 2
    assert result.output.startswith("atlas: ")
    assert len(result.output.strip().splitlines()) == 1
    assert all(word in result.output for word in words), result.output


@pytest.mark.parametrize(
    "error", [OSError(28, "No space left on device"), PermissionError(13, "Permission denied")]
)
def test_a_full_disk_or_a_locked_folder_is_one_sentence(
    home: Path, monkeypatch: pytest.MonkeyPatch, error: OSError
) -> None:
    """What the system refuses is told with its word, exit code 1, without a traceback."""

    def refuse(*_: object, **__: object) -> None:
        raise error

    monkeypatch.setattr(storage, "write_json", refuse)
    result = atlas("run", str(home / "mine.yml"), "--quiet", "--no-report")
    assert result.exit_code == 1
    assert str(error.strerror) in result.output
    assert len(result.output.strip().splitlines()) == 1


def test_ctrl_c_says_that_nothing_is_lost(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A run stopped by its user ends with one sentence and the exit code shells expect."""

    def stop(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(storage, "write_json", stop)
    result = atlas("run", str(home / "mine.yml"), "--quiet", "--no-report")
    assert result.exit_code == 130
    assert result.output.strip() == "atlas: stopped; the same command goes on where it was."


def test_a_run_executes_and_is_then_unchanged(home: Path) -> None:
    """The second call redoes nothing: the executed notebook keeps its bytes."""
    assert atlas("run", str(home / "mine.yml"), "--quiet", "--no-report").exit_code == 0
    executed = home / "data" / "processed" / "mine" / "notebooks" / "01_first.ipynb"
    before = executed.read_bytes()
    assert atlas("run", str(home / "mine.yml"), "--quiet", "--no-report").exit_code == 0
    assert executed.read_bytes() == before


def test_a_failing_notebook_leaves_its_copy_and_one_line(home: Path) -> None:
    """Notebook, cell and cause are named; the executed copy stands beside, not under the final name."""
    write_notebook(home, "01_first", 'raise ValueError("no copper")')
    result = atlas("run", str(home / "mine.yml"), "--quiet", "--no-report")
    folder = home / "data" / "processed" / "mine" / "notebooks"
    assert result.exit_code == 1
    assert "01_first, cell" in result.output
    assert "ValueError: no copper" in result.output
    assert (folder / "01_first.failed.ipynb").exists()
    assert not (folder / "01_first.ipynb").exists()


def test_import_copies_the_file_as_received(home: Path) -> None:
    """A reference file is checked, counted and kept byte for byte."""
    ris = home / "my.ris"
    ris.write_text("TY  - JOUR\nTI  - A synthetic title\nPY  - 2020\nDO  - 10.1000/synthetic\nER  - \n")
    result = atlas("import", str(ris), "--as", "mine")
    assert result.exit_code == 0
    assert "my.ris: 1 records, 0 skipped (A synthetic title)" in result.output
    assert (home / "data" / "raw" / "corpora" / "mine" / "my.ris").read_bytes() == ris.read_bytes()


def test_import_never_overwrites_raw_data(home: Path) -> None:
    """The same name with other content is refused."""
    ris = home / "my.ris"
    text = "TY  - JOUR\nTI  - A synthetic title\nPY  - 2020\nER  - \n"
    ris.write_text(text)
    assert atlas("import", str(ris), "--as", "mine").exit_code == 0
    ris.write_text(text.replace("2020", "2021"))
    result = atlas("import", str(ris), "--as", "mine")
    assert result.exit_code == 2
    assert "other content" in result.output


def test_a_part_of_a_run_leaves_the_report_alone(home: Path) -> None:
    """`--upto` runs its notebooks and renders no page, so that the report of the whole run stays."""
    page = storage.run_folder("mine", "report") / "index.html"
    page.parent.mkdir(parents=True)
    page.write_text("the whole report")
    result = atlas("run", str(home / "mine.yml"), "--quiet", "--upto", "01")
    assert result.exit_code == 0, result.output
    assert page.read_text() == "the whole report"
    assert (storage.run_folder("mine", "notebooks") / "01_first.ipynb").exists()
