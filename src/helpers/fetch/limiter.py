"""A rate limit that all threads and all processes of a user share, as NCBI counts per address and key.

The next free moment of each service stands in a file under the temporary folder, guarded by a lock
file; a caller takes that moment, writes the one after it, and sleeps outside the lock.
"""

from __future__ import annotations

import getpass
import re
import tempfile
import time
from pathlib import Path

from filelock import FileLock

# A moment further ahead than this was written by a clock since set back; it is not waited for.
_FURTHEST = 900.0


def wait_turn(service: str, interval: float) -> float:
    """Seconds slept until this caller's turn; turns of one service lie `interval` seconds apart."""
    path, lock = _files(service)
    with lock:
        now = time.time()
        turn = max(now, _read(path, now))
        path.write_text(repr(turn + interval))
    if turn > now:
        time.sleep(turn - now)
    return turn - now


def hold(service: str, seconds: float) -> None:
    """Nobody's turn comes for `seconds` from now: the service asked everyone to wait."""
    path, lock = _files(service)
    with lock:
        now = time.time()
        path.write_text(repr(max(_read(path, now), now + seconds)))


def _files(service: str) -> tuple[Path, FileLock]:
    folder = Path(tempfile.gettempdir()) / f"cell-death-atlas-{_plain(getpass.getuser())}"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    path = folder / f"{_plain(service)}.next"
    return path, FileLock(path.with_suffix(".lock"), thread_local=False)


def _plain(name: str) -> str:
    return re.sub(r"[^A-Za-z0-9.-]", "_", name)


def _read(path: Path, now: float) -> float:
    try:
        moment = float(path.read_text())
    except (OSError, ValueError):
        return now
    return moment if moment - now < _FURTHEST else now
