"""Shared fixtures; no test reaches a network beyond this machine."""

from __future__ import annotations

from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]


@pytest.fixture(autouse=True)
def _loopback_only(socket_allow_loopback: None) -> None:
    """Sockets reach loopback addresses only."""


@pytest.fixture
def socket_allow_loopback() -> None:
    """Restrict sockets for the test through pytest-socket."""
    from pytest_socket import socket_allow_hosts

    socket_allow_hosts(["127.0.0.1", "localhost", "::1"], allow_unix_socket=True)


@pytest.fixture(scope="session")
def evaldata() -> Path:
    """Folder of measuring data by others; skips, saying so, where it is absent."""
    folder = ROOT.parent / "shared" / "evaldata"
    if not folder.is_dir():
        pytest.skip("../shared/evaldata is absent: nothing to measure against")
    return folder


@pytest.fixture(scope="session")
def seeds() -> Path:
    """Folder of the five seed documents; skips, saying so, where it is absent."""
    folder = ROOT.parent / "shared" / "seeds"
    if not folder.is_dir():
        pytest.skip("../shared/seeds is absent")
    return folder
