"""The loopback server as a fixture, and waits that take no time."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from eutils.faults import Faults
from eutils.records import Library, make_library
from eutils.server import Server
from helpers.fetch.transport import Patience


@pytest.fixture(scope="session")
def made() -> Library:
    """Six hundred synthetic records and fifty off topic, made once."""
    return make_library(600, seed=7, off_topic=50)


@pytest.fixture
def library(made: Library) -> Library:
    """The same records, for a test to change as it likes."""
    return Library(made.seed, dict(made.records))


@pytest.fixture
def server(library: Library) -> Iterator[Server]:
    """The server over the library, the environment leading to it."""
    with Server(library, faults=Faults()) as running:
        yield running


@pytest.fixture
def sleeps() -> list[float]:
    """Waits a test went through without waiting."""
    return []


@pytest.fixture
def patience(sleeps: list[float]) -> Patience:
    """Full patience, no waiting, no rate limit."""
    return Patience(sleep=sleeps.append, per_second=100_000, timeout=5)
