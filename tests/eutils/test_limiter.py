"""Turns lie apart, a wait asked for holds everyone, a clock set back holds nobody."""

from __future__ import annotations

import tempfile
import threading
import time
from pathlib import Path

import pytest

from helpers.fetch import limiter


@pytest.fixture(autouse=True)
def _own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Turns of this test only."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))


def test_turns_of_threads_lie_an_interval_apart() -> None:
    """Eight threads at once get eight moments, an interval apart."""
    moments: list[float] = []

    def turn() -> None:
        limiter.wait_turn("service", 0.1)
        moments.append(time.monotonic())

    threads = [threading.Thread(target=turn) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    moments.sort()
    assert moments[-1] - moments[0] >= 7 * 0.1 / 2  # half: the first thread may wake late


def test_services_do_not_wait_for_one_another() -> None:
    """Each has its own turns."""
    limiter.wait_turn("one", 10)
    assert limiter.wait_turn("two", 10) == 0


def test_wait_asked_for_holds_everyone() -> None:
    """After a service asked for a pause the next turn comes when it is over."""
    limiter.hold("service", 1)
    assert limiter.wait_turn("service", 0.01) > 0.5


def test_moment_written_by_a_clock_since_set_back_is_not_waited_for(tmp_path: Path) -> None:
    """A turn hours ahead, or an unreadable one, is none."""
    limiter.wait_turn("service", 1)
    (path,) = tmp_path.rglob("*.next")
    for text in (repr(time.time() + 7200), "nonsense", ""):
        path.write_text(text)
        assert limiter.wait_turn("service", 0.001) == 0


def test_turns_are_the_users_own(tmp_path: Path) -> None:
    """The folder is closed to other users of the machine."""
    limiter.wait_turn("ser/../vice", 1)
    (folder,) = tmp_path.iterdir()
    assert folder.stat().st_mode & 0o077 == 0
    assert sorted(path.name for path in folder.iterdir()) == ["ser_.._vice.lock", "ser_.._vice.next"]
