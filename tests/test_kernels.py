"""What a notebook's kernel used is read before it ends."""

from __future__ import annotations

import multiprocessing
import os
import sys
import time
from collections.abc import Callable
from pathlib import Path

import nbformat
import pytest

from helpers.errors import RunError
from helpers.run import notebooks
from helpers.run.kernels import Usage, read_usage
from helpers.run.notebooks import Notebook, execute

linux = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="peak memory is read from /proc")


@linux
def test_a_living_process_tells_what_it_used() -> None:
    """This process holds some memory and has used some processor time."""
    used = read_usage(os.getpid())
    assert used.peak_mb is not None
    assert used.peak_mb > 10
    assert used.cpu_seconds is not None
    assert used.cpu_seconds > 0


def test_a_process_that_is_gone_tells_nothing() -> None:
    """No such process is no error: the figures are missing, not 0."""
    assert read_usage(2**22 + 1) == Usage(None, None)


@linux
def test_an_executed_notebook_tells_the_peak_of_its_kernel(tmp_path: Path) -> None:
    """A notebook that holds 200 MB for a moment has a peak above that."""
    cells = [
        nbformat.v4.new_code_cell(
            "run: str = 'x'  # name\ntop: int = 1  # rows", metadata={"tags": ["parameters"]}
        ),
        nbformat.v4.new_code_cell("held = b'x' * 200_000_000\ndel held"),
    ]
    path = tmp_path / "99_synthetic.ipynb"
    nbformat.write(nbformat.v4.new_notebook(cells=cells, metadata={"kernelspec": KERNEL}), path)
    used = execute(Notebook(path), {"run": "x"}, tmp_path / "out.ipynb")
    assert used.peak_mb is not None
    assert 200 < used.peak_mb < 2000


@pytest.mark.parametrize(
    ("code", "cause"),
    [
        ("raise ValueError('no copper')", "ValueError: no copper"),
        ("import os, signal\nos.kill(os.getpid(), signal.SIGKILL)", "Kernel died"),
        ("import time\ntime.sleep(60)", "timed out"),
    ],
)
def test_whatever_stops_a_notebook_is_told_with_its_cell(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, code: str, cause: str
) -> None:
    """Item, notebook, cell and cause stand in one line; the copy stands beside, not under the final name."""
    monkeypatch.setattr(notebooks, "CELL_SECONDS", 4)
    sources = ["top: int = 1  # rows", "1", code, "2"]
    cells = [nbformat.v4.new_code_cell(source) for source in sources]
    cells[0].metadata["tags"] = ["parameters"]
    path = tmp_path / "99_synthetic.ipynb"
    nbformat.write(nbformat.v4.new_notebook(cells=cells, metadata={"kernelspec": KERNEL}), path)
    with pytest.raises(RunError) as caught:
        execute(Notebook(path), {}, tmp_path / "BCL2.ipynb")
    message = str(caught.value)
    assert message.startswith("BCL2 (99_synthetic), cell 3: ")
    assert cause in message
    assert "\n" not in message
    assert sorted(tmp_path.iterdir()) == [path, tmp_path / "BCL2.failed.ipynb"]


KERNEL = {"name": "python3", "display_name": "Python 3", "language": "python"}


def _execute(path: Path, parameters: dict[str, str]) -> None:
    execute(Notebook(path), parameters, path.with_name("out.ipynb"))


@linux
def test_a_kernel_ends_with_a_run_that_is_killed(tmp_path: Path) -> None:
    """A run killed with -9 leaves neither its kernel nor the process the kernel was forked from."""
    number = tmp_path / "number"
    cells = [
        nbformat.v4.new_code_cell("path: str = ''  # file", metadata={"tags": ["parameters"]}),
        nbformat.v4.new_code_cell(
            "import os, pathlib, time\n"
            "pathlib.Path(path).write_text(f'{os.getpid()} {os.getppid()}')\n"
            "time.sleep(60)"
        ),
    ]
    path = tmp_path / "99_synthetic.ipynb"
    nbformat.write(nbformat.v4.new_notebook(cells=cells, metadata={"kernelspec": KERNEL}), path)
    run = multiprocessing.get_context("spawn").Process(target=_execute, args=(path, {"path": str(number)}))
    run.start()
    assert _within(30, lambda: number.exists() and " " in number.read_text())
    run.kill()
    run.join()
    left = [Path("/proc", one, "exe") for one in number.read_text().split()]
    assert _within(10, lambda: not any(_runs(link) for link in left))


def _within(seconds: float, test: Callable[[], bool]) -> bool:
    end = time.monotonic() + seconds
    while not (held := test()) and time.monotonic() < end:
        time.sleep(0.1)
    return held


def _runs(link: Path) -> bool:
    """True if the program of a process can be read: one that ended has none, waited for or not."""
    try:
        return bool(link.readlink())
    except OSError:
        return False
