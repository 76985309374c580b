"""The bar shows where somebody looks, and nowhere else."""

from __future__ import annotations

import os
import pty
import select
import sys
import termios
from io import StringIO
from pathlib import Path

import pytest

from eutils.server import Server
from eutils.test_snapshot import take
from helpers.fetch.progress import LAB, TERMINAL, name_terminal
from helpers.fetch.transport import Patience


def read_until(descriptor: int, last: str) -> str:
    """What was written to the other side of a pseudo-terminal, up to some words; the system hands it on late."""
    shown = b""
    while last.encode() not in shown and select.select([descriptor], [], [], 10)[0]:
        shown += os.read(descriptor, 65536)
    return shown.decode()


def test_kernel_of_a_run_shows_its_bar_on_the_terminal_of_the_run(
    server: Server,
    patience: Patience,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
) -> None:
    """Rate and time left go to the terminal named, and nothing to the output, which the notebook keeps."""
    master, slave = pty.openpty()
    termios.tcsetwinsize(slave, (24, 120))  # a bar needs room
    monkeypatch.setenv(TERMINAL, os.ttyname(slave))
    take(tmp_path, patience, quiet=None)
    shown = read_until(master, "records/s")
    os.close(slave)
    os.close(master)
    assert "Planning:" in shown
    assert "Fetching:" in shown
    assert capfd.readouterr().err == ""


def test_terminal_that_was_closed_costs_the_bar_only(
    server: Server, patience: Patience, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A run that outlives its terminal goes on."""
    monkeypatch.setenv(TERMINAL, str(tmp_path / "no" / "terminal"))
    assert take(tmp_path / "s", patience, quiet=None).fetched == 650


def test_open_notebook_shows_the_bar(
    server: Server,
    patience: Patience,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
) -> None:
    """In JupyterLab standard error is no terminal, but somebody looks."""
    monkeypatch.setenv(LAB, "01_fetch_pubmed.ipynb")
    take(tmp_path, patience, quiet=None)
    assert "Fetching: 100%" in capfd.readouterr().err


@pytest.mark.parametrize("quiet", [True, False])
def test_terminal_is_named_only_where_a_bar_is_wanted(quiet: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    """`--quiet` is quiet in kernels too, and a run started from a notebook writes no bar into its own."""
    master, slave = pty.openpty()
    with os.fdopen(slave, "w") as terminal:
        monkeypatch.setattr(sys, "stderr", terminal)
        monkeypatch.setenv(LAB, "x.ipynb")
        monkeypatch.setenv(TERMINAL, "/dev/old")
        name_terminal(quiet=quiet)
        assert os.environ.get(TERMINAL) == (None if quiet else os.ttyname(terminal.fileno()))
        assert LAB not in os.environ
        monkeypatch.setattr(sys, "stderr", StringIO())
        name_terminal(quiet=False)
        assert TERMINAL not in os.environ
    os.close(master)
