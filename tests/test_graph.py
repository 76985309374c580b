"""What is unchanged is not redone; what is decides is content, not clocks."""

from __future__ import annotations

import os
import sys
import threading
import time
from pathlib import Path

import pytest

from helpers.errors import RunError
from helpers.run.graph import Outcome, Task, is_unchanged, run_tasks


def write_task(folder: Path, name: str, decides: list[object], *, after: tuple[str, ...] = ()) -> Task:
    """Synthetic task that writes what decides into one file."""
    leaf = folder / f"{name}.txt"
    return Task(
        name,
        after,
        lambda: list(decides),
        lambda: leaf.write_text(str(decides)),
        (leaf,),
        folder / f"{name}.key",
    )


def run(tasks: list[Task], *, workers: int = 0) -> Outcome:
    return run_tasks(tasks, report=lambda event, name: None, workers=workers)


def test_a_second_run_redoes_nothing(tmp_path: Path) -> None:
    """Tasks whose content did not change are skipped, touched or not."""
    tasks = [write_task(tmp_path, "one", [1]), write_task(tmp_path, "two", [2], after=("one",))]
    assert set(run(tasks).seconds) == {"one", "two"}
    os.utime(tmp_path / "one.txt")
    assert run(tasks).unchanged == ["one", "two"]


def test_what_killed_runs_left_of_doit_is_swept(tmp_path: Path) -> None:
    """Files of processes that are gone are removed, those of a run at work stay."""
    for number in (2**22 + 1, os.getppid()):
        (tmp_path / f".doit.db-{number}").write_text("synthetic")
    run([write_task(tmp_path, "one", [1])])
    assert [path.name for path in tmp_path.glob(".doit.db-*")] == [f".doit.db-{os.getppid()}"]


def test_a_change_redoes_one_task(tmp_path: Path) -> None:
    """Only the task whose content changed is made again."""
    run([write_task(tmp_path, "one", [1]), write_task(tmp_path, "two", [2])])
    outcome = run([write_task(tmp_path, "one", [1]), write_task(tmp_path, "two", [3])])
    assert outcome.unchanged == ["one"]
    assert set(outcome.seconds) == {"two"}


def test_a_deleted_result_is_made_again(tmp_path: Path) -> None:
    """A task whose file is gone is not taken for done."""
    task = write_task(tmp_path, "one", [1])
    run([task])
    (tmp_path / "one.txt").unlink()
    assert not is_unchanged(task)


def test_an_altered_result_is_made_again(tmp_path: Path) -> None:
    """A task whose file was edited by hand is made again."""
    task = write_task(tmp_path, "one", [1])
    run([task])
    (tmp_path / "one.txt").write_text("edited")
    assert not is_unchanged(task)


@pytest.mark.parametrize("workers", [0, 2])
def test_a_failure_stops_only_its_followers(tmp_path: Path, workers: int) -> None:
    """Tasks that do not need the failed one are still made; its followers are skipped and named."""

    def fail() -> None:
        raise RunError("bad, cell 3: ValueError: no")

    bad = Task("bad", (), lambda: 1, fail, (tmp_path / "bad.txt",), tmp_path / "bad.key")
    tasks = [bad, write_task(tmp_path, "after", [1], after=("bad",)), write_task(tmp_path, "free", [2])]
    outcome = run(tasks, workers=workers)
    assert outcome.failed == {"bad": "bad, cell 3: ValueError: no"}
    assert outcome.skipped == ["after"]
    assert set(outcome.seconds) == {"free"}


def test_a_killed_run_keeps_what_was_done(tmp_path: Path) -> None:
    """The stamp is written with each task, so that a kill loses only the task under way."""

    def kill() -> None:
        raise KeyboardInterrupt

    done = write_task(tmp_path, "one", [1])
    killed = Task("two", ("one",), lambda: 2, kill, (tmp_path / "two.txt",), tmp_path / "two.key")
    with pytest.raises((KeyboardInterrupt, SystemExit)):
        run([done, killed])
    assert is_unchanged(done)
    assert not list(tmp_path.glob(".doit*"))


def test_tasks_side_by_side_leave_standard_output_alone(tmp_path: Path) -> None:
    """What is printed after parallel tasks reaches the terminal: no thread leaves a captured stream behind."""
    overlap, entered = threading.Barrier(2, timeout=20), list[str]()

    def task(name: str) -> Task:
        def make() -> None:
            entered.append(name)
            overlap.wait()
            # The first to begin ends first: captured streams would then be restored in the wrong order.
            time.sleep(0 if entered[0] == name else 0.3)
            (tmp_path / name).write_text(name)

        return Task(name, (), lambda: [name], make, (tmp_path / name,), tmp_path / f"{name}.key")

    before = sys.stdout, sys.stderr
    outcome = run([task("one"), task("two")], workers=2)
    assert set(outcome.seconds) == {"one", "two"}
    assert (sys.stdout, sys.stderr) == before


def test_a_failure_is_told_in_one_line(tmp_path: Path) -> None:
    """Any exception of a step is named with the step, its kind and its first line."""

    def make() -> None:
        raise KeyError("gene\nand much more")

    task = Task("exports", (), lambda: [], make, (), tmp_path / "exports.key")
    assert run([task]).failed["exports"].startswith("exports: KeyError: 'gene")
    assert "\n" not in run([task]).failed["exports"]
