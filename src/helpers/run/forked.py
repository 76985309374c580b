"""Kernels forked from one process that has the libraries loaded, so that a notebook starts at once.

Each notebook still runs in a process of its own; what it saves is the second and a half that importing
pandas and matplotlib takes. Where the system has no fork server, kernels start as usual.
"""

from __future__ import annotations

import multiprocessing
import os
from functools import cache
from typing import Any

from jupyter_client.manager import AsyncKernelManager
from jupyter_client.provisioning.local_provisioner import LocalProvisioner

from helpers.run.cluster import end_with_parent

PRELOADED = [
    "ipykernel.kernelapp",
    "ipykernel.ipkernel",
    "matplotlib_inline.backend_inline",
    "pandas",
    "helpers.present.figures",
    "helpers.present.dossiers",
    "helpers.present.listing",
    "helpers.run.steps",
    "helpers.tabulate.dossier",
]


@cache
def _context() -> Any:
    """Start method whose server process has imported what every notebook imports."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(PRELOADED)
    return context


def kernel_manager() -> type[AsyncKernelManager]:
    """Kernel manager class: of forked kernels where this system has a fork server, else the usual one."""
    forks = "forkserver" in multiprocessing.get_all_start_methods()
    return ForkedKernelManager if forks else AsyncKernelManager


def _serve(argv: list[str], environment: dict[str, str], folder: str | None) -> None:
    """Be a kernel: in a session of its own, silent on the runner's terminal."""
    os.setsid()
    os.environ.clear()
    os.environ.update(environment)
    if folder:
        os.chdir(folder)
    silent = os.open(os.devnull, os.O_RDWR)
    for stream in (0, 1, 2):
        os.dup2(silent, stream)
    end_with_parent()  # the fork server waits for its kernels: all would outlive a killed run
    from ipykernel.kernelapp import launch_new_instance

    launch_new_instance(argv=argv)


class _Handle:
    """What the provisioner asks of a process, answered by a forked one."""

    stdin = stdout = stderr = None

    def __init__(self, process: Any) -> None:
        self.process = process
        self.pid = process.pid

    def poll(self) -> int | None:
        exitcode: int | None = self.process.exitcode
        return exitcode

    def wait(self) -> int | None:
        self.process.join()
        return self.poll()

    def send_signal(self, number: int) -> None:
        if self.poll() is None:
            os.kill(self.pid, number)

    def terminate(self) -> None:
        self.process.terminate()

    def kill(self) -> None:
        self.process.kill()


class ForkedProvisioner(LocalProvisioner):
    """Provisioner whose kernels are forked, not started from nothing."""

    async def launch_kernel(self, cmd: list[str], **kwargs: Any) -> Any:
        """Connection facts of a kernel forked for `cmd` (python -m ipykernel_launcher ...)."""
        arguments = cmd[cmd.index("ipykernel_launcher") + 1 :]
        environment = kwargs.get("env") or dict(os.environ)
        process = _context().Process(
            target=_serve, args=(arguments, environment, kwargs.get("cwd")), daemon=True
        )
        process.start()
        self.process = _Handle(process)  # type: ignore[assignment]
        self.pid, self.pgid = process.pid, None
        return self.connection_info


class ForkedKernelManager(AsyncKernelManager):
    """Kernel manager that forks its kernels."""

    async def _async_pre_start_kernel(self, **kw: Any) -> Any:
        self.kernel_id = self.kernel_id or kw.get("kernel_id", "forked")
        self.provisioner = ForkedProvisioner(
            kernel_id=self.kernel_id, kernel_spec=self.kernel_spec, parent=self
        )
        return await super()._async_pre_start_kernel(**kw)
