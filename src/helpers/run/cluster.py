"""One task over many items: in this process, on all cores, or on a Dask cluster the user names.

A task is a module-level function `task(item, context)`; the context (a lexicon, say) travels once to each
worker, also to one that joins or is restarted later. Tasks must be safe to run twice: a worker that dies
costs only the items it had in hand, which run again elsewhere.
"""

from __future__ import annotations

import gc
import importlib
import multiprocessing
import os
import re
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from typing import Any, TypeVar

from helpers.errors import AtlasError, RunError, UsageError

Item = TypeVar("Item")
Result = TypeVar("Result")
Outcome = tuple[Item, Result | None, AtlasError | None]

_RESTARTS = 2
_ADDRESS = re.compile(r"(\w+://)?[^/]+:\d+|inproc://.+")
_context: Any = None


def map_tasks(
    task: Callable[[Item, Any], Result],
    items: Sequence[Item],
    *,
    context: Any = None,
    workers: int | None = None,
    scheduler: str | None = None,
) -> Iterator[Outcome[Item, Result]]:
    """(item, result, error) of every item as it ends; one failing item stops no other.

    `workers`: processes on this machine, default one per core, 1 for this process itself. `scheduler`:
    address of a Dask scheduler (tcp://host:8786) whose workers see the same files and have this package.
    Raises RunError if workers keep dying, UsageError if the scheduler does not answer.
    """
    if scheduler:
        return _on_cluster(task, items, context, scheduler)
    workers = min(workers or os.cpu_count() or 1, len(items))
    return _on_cores(task, items, context, workers) if workers > 1 else _here(task, items, context)


def _here(task: Callable[[Any, Any], Any], items: Sequence[Any], context: Any) -> Iterator[Outcome[Any, Any]]:
    for item in items:
        try:
            yield item, task(item, context), None
        except AtlasError as error:
            yield item, None, error


def _install(context: Any) -> None:
    global _context
    _context = context


def _start(context: Any) -> None:
    _install(context)
    end_with_parent()


def end_with_parent() -> None:
    """Nothing; from now on this process ends when the one that started it does, even by kill -9.

    Nothing else tells a waiting process that nobody will ask again: it would hold its memory for good.
    """
    if parent := multiprocessing.parent_process():
        threading.Thread(target=_end_after, args=(parent,), daemon=True).start()


def _end_after(parent: Any) -> None:
    parent.join()
    os._exit(1)


def _call(task: Callable[[Any, Any], Any], item: Any) -> tuple[Any, AtlasError | None]:
    """Result and error of a task in a worker, where the context already lies."""
    try:
        return task(item, _context), None
    except AtlasError as error:
        return None, error


def _on_cores(
    task: Callable[[Any, Any], Any], items: Sequence[Any], context: Any, workers: int
) -> Iterator[Outcome[Any, Any]]:
    """Outcomes from a pool of processes, started anew when one of them dies.

    On Linux they are forked, so that all share one lexicon in memory and start at once; elsewhere forking is
    not safe, and each takes a copy.
    """
    left = dict(enumerate(items))
    method = multiprocessing.get_context("fork" if sys.platform == "linux" else "spawn")
    for _ in range(_RESTARTS + 1):
        gc.freeze()  # a collection in a worker would write to, and so copy, every page of what it shares
        with ProcessPoolExecutor(workers, method, initializer=_start, initargs=(context,)) as pool:
            try:
                futures = {pool.submit(_call, task, item): number for number, item in left.items()}
                for future in as_completed(futures):
                    result, error = future.result()
                    yield left.pop(futures[future]), result, error
                return
            except BrokenProcessPool:
                continue
            finally:
                pool.shutdown(cancel_futures=True)
                gc.unfreeze()
    raise RunError(
        f"a worker process died {_RESTARTS + 1} times with {len(left)} of {len(items)} items left (out of "
        "memory?): what is done is kept, run the command again, with fewer --workers."
    )


def _on_cluster(
    task: Callable[[Any, Any], Any], items: Sequence[Any], context: Any, scheduler: str
) -> Iterator[Outcome[Any, Any]]:
    """Outcomes from the workers of a Dask scheduler."""
    if not _ADDRESS.fullmatch(scheduler):  # Dask would report it, then hang for 40 s and print a traceback
        raise UsageError(f"no Dask scheduler answers at {scheduler}: give tcp://HOST:PORT.")
    try:
        distributed = importlib.import_module("distributed")
    except ImportError:
        raise UsageError("--scheduler needs dask: pip install 'cell-death-target-atlas[cluster]'.") from None

    class Context(distributed.WorkerPlugin):  # type: ignore[name-defined, misc]
        """Puts the context where `_call` finds it, on every worker there is or will be."""

        name = "atlas-context"

        def setup(self, worker: Any) -> None:
            from helpers.run import cluster

            cluster._install(context)

    try:
        client = distributed.Client(scheduler, timeout=20, set_as_default=False)
    except (OSError, TimeoutError, ValueError) as error:
        raise UsageError(f"no Dask scheduler answers at {scheduler}: {error}.") from None
    with client:
        client.register_plugin(Context())
        futures = {client.submit(_call, task, item, pure=False, retries=2): item for item in items}
        for future in distributed.as_completed(list(futures), loop=client.loop):
            item = futures.pop(future)
            try:
                result, failure = future.result()
            except distributed.KilledWorker as killed:
                raise RunError(f"workers keep dying on {item}: {killed}.") from None
            yield item, result, failure
            future.release()
