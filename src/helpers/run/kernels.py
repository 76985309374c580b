"""What a notebook's kernel used: its peak memory and processor time, read from the system before it ends."""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class Usage:
    """Peak resident memory in MB (2**20 bytes) and processor seconds; None where the system tells neither."""

    peak_mb: int | None = None
    cpu_seconds: float | None = None


def read_usage(pid: int) -> Usage:
    """What a living process has used so far, from Linux's /proc; nothing known on other systems."""
    folder = Path("/proc") / str(pid)
    try:
        status = (folder / "status").read_text()
        times = (folder / "stat").read_text().rpartition(")")[2].split()
    except OSError:
        return Usage()
    peak = re.search(r"^VmHWM:\s+(\d+) kB", status, re.MULTILINE)
    ticks = int(times[11]) + int(times[12])  # utime and stime, proc_pid_stat(5), counted after the name
    return Usage(round(int(peak[1]) / 1024) if peak else None, round(ticks / os.sysconf("SC_CLK_TCK"), 2))


def measured_manager(told: Callable[[Usage], None]) -> type:
    """Kernel manager class for nbclient that calls `told` with the kernel's usage before it shuts down.

    Kernels are forked from a process with the libraries loaded where the system can (`forked`).
    """
    from helpers.run.forked import kernel_manager

    base = kernel_manager()

    class MeasuredManager(base):  # type: ignore[misc, valid-type]
        async def shutdown_kernel(self, now: bool = False, restart: bool = False) -> None:
            pid = getattr(self.provisioner, "pid", None)
            if pid:
                told(read_usage(pid))
            finish: Any = super().shutdown_kernel  # typed as if it were not async
            await finish(now=now, restart=restart)

    return MeasuredManager
