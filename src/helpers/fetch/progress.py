"""The progress bar of a fetch, where somebody looks: a terminal, JupyterLab, or the terminal of `atlas run`.

A kernel that `atlas run` starts has no terminal of its own, and what it prints ends up in the executed
notebook, which must come out the same each time. `atlas run` therefore names its terminal in
`ATLAS_TERMINAL`, and the bar goes there, one line below the bar of the notebooks.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import Any

from tqdm import tqdm

TERMINAL = "ATLAS_TERMINAL"
# Set by Jupyter's server for the kernels of notebooks that are open in it.
LAB = "JPY_SESSION_NAME"


def name_terminal(*, quiet: bool) -> None:
    """Nothing; tells the kernels this process will start where their bars go: to its terminal or nowhere."""
    os.environ.pop(TERMINAL, None)
    os.environ.pop(LAB, None)  # a run started from a notebook must not write bars into its own notebooks
    if not quiet and sys.stderr.isatty() and hasattr(os, "ttyname"):
        os.environ[TERMINAL] = os.ttyname(sys.stderr.fileno())


@contextmanager
def progress(
    total: int, *, unit: str, desc: str, initial: int = 0, quiet: bool | None
) -> Iterator[tqdm[Any]]:
    """Bar with rate and time left; `quiet` None shows it where somebody looks, False on standard error."""
    with ExitStack() as stack:
        given: dict[str, Any] = {"disable": True}
        if quiet is False or (quiet is None and (sys.stderr.isatty() or LAB in os.environ)):
            given = {"file": sys.stderr}
        elif quiet is None and (name := os.environ.get(TERMINAL)):
            try:
                terminal = stack.enter_context(open(name, "w", encoding="utf-8"))
                given = {"file": terminal, "position": 1, "leave": False}
            except OSError:
                pass  # closed since; nobody looks
        yield stack.enter_context(
            tqdm(total=total, initial=initial, unit=f" {unit}", desc=desc, dynamic_ncols=True, **given)
        )
