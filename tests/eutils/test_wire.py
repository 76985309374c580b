"""Bytes that trickle, answers that are none, and what a user reads of a connection that fails."""

from __future__ import annotations

import http.client
import os
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from urllib.error import URLError

import pytest

from helpers.errors import FetchError
from helpers.fetch import transport, wire
from helpers.fetch.endpoints import EUTILS
from helpers.fetch.entrez import search_page
from helpers.fetch.transport import Patience

GOOD = b'{"esearchresult":{"count":"0","idlist":[]}}'


@contextmanager
def answering(answer: Callable[[socket.socket], None], monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A bare server that meets each request with `answer`, in place of E-utilities."""
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def meet(client: socket.socket) -> None:
            with client, suppress(OSError):
                client.recv(65536)
                answer(client)
                client.shutdown(socket.SHUT_WR)
                while client.recv(65536):  # closing with bytes unread would reset the connection
                    pass

        def serve() -> None:
            with suppress(OSError):
                while True:
                    threading.Thread(target=meet, args=listening.accept()[:1], daemon=True).start()

        threading.Thread(target=serve, daemon=True).start()
        monkeypatch.setenv("ATLAS_EUTILS_URL", f"http://127.0.0.1:{listening.getsockname()[1]}/")
        yield


def _trickle(start: bytes, more: bytes) -> Callable[[socket.socket], None]:
    def answer(client: socket.socket) -> None:
        client.sendall(start)
        for _ in range(100):
            client.sendall(more)
            time.sleep(0.05)

    return answer


@pytest.mark.parametrize(
    "answer",
    [
        _trickle(b"HTTP/1.1 200 OK\r\n", b"X"),
        _trickle(b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n", b"x"),
        _trickle(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", b"0"),
    ],
)
def test_bytes_that_trickle_end_at_the_deadline_wherever_they_stand(
    answer: Callable[[socket.socket], None], monkeypatch: pytest.MonkeyPatch, sleeps: list[float]
) -> None:
    """In headers, body and chunk sizes alike: each byte renews the timeout, none the deadline."""
    hasty = Patience(tries=1, sleep=sleeps.append, per_second=100_000, timeout=2, deadline=0.3)
    with answering(answer, monkeypatch), pytest.raises(FetchError, match="no whole answer in time"):
        search_page("x", patience=hasty)


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        (b"SSH-2.0-OpenSSH\r\n", "the connection failed"),
        (b"HTTP/1.1 200 OK\r\n" + b"A: b\r\n" * 500 + b"\r\n", "the connection failed"),
        (b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\n\x1f\x8b\x08", "not a whole search answer"),
        (b"HTTP/1.1 403 Forbidden\r\n\r\nno", "HTTP 403"),
    ],
)
def test_what_is_no_answer_is_told_in_own_words(
    sent: bytes, said: str, monkeypatch: pytest.MonkeyPatch, patience: Patience
) -> None:
    """Another protocol, endless headers, compression nobody asked for, a refusal."""
    with answering(lambda client: client.sendall(sent), monkeypatch), pytest.raises(FetchError, match=said):
        search_page("x", patience=patience)


def test_answer_larger_than_any_batch_is_given_up(
    monkeypatch: pytest.MonkeyPatch, patience: Patience, sleeps: list[float]
) -> None:
    """Nothing grows without bound in memory, and it is not asked for again."""
    monkeypatch.setattr(wire, "LARGEST_BODY", 1 << 20)
    body = b"HTTP/1.1 200 OK\r\n\r\n" + b"x" * (3 << 20)
    with (
        answering(lambda client: client.sendall(body), monkeypatch),
        pytest.raises(FetchError, match="larger than 1 MB"),
    ):
        search_page("x", patience=patience)
    assert sleeps == []


@pytest.mark.parametrize(
    ("error", "kind", "words"),
    [
        (URLError(socket.gaierror(-2, "Name or service not known")), "unreachable", "address was not found"),
        (URLError(ConnectionRefusedError(111, "refused")), "unreachable", "connection was refused"),
        (URLError(OSError("Tunnel connection failed: 407 x")), "unreachable", "the proxy"),
        (URLError(TimeoutError()), "slow", "in time"),
        (URLError(ssl.SSLCertVerificationError(1, "x")), "tls", "certificate"),
        (ConnectionResetError(104, "reset"), "connection", "ConnectionResetError"),
        (http.client.RemoteDisconnected("x"), "connection", "RemoteDisconnected"),
        (http.client.IncompleteRead(b""), "truncated", "broke off"),
        (ValueError("secret"), "client", "could not be made"),
    ],
)
def test_each_failure_of_a_connection_has_its_words(error: Exception, kind: str, words: str) -> None:
    """A user offline reads so, and never the text of an exception, which may hold the request."""
    fault = wire.failure(error)
    assert fault.kind == kind
    assert words in fault.text
    assert "secret" not in fault.text
    assert fault.retry is (kind not in ("tls", "client"))


def test_who_is_offline_is_told_after_three_tries(
    monkeypatch: pytest.MonkeyPatch, patience: Patience, sleeps: list[float]
) -> None:
    """A service that never answered is given up soon; one that did is waited for with all patience."""
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    monkeypatch.setenv("ATLAS_EUTILS_URL", f"http://127.0.0.1:{port}/")
    for reached, waits in ((set(), 2), ({EUTILS.name}, 7)):
        monkeypatch.setattr(transport, "_REACHED", reached)
        sleeps.clear()
        with pytest.raises(FetchError, match="the connection was refused"):
            search_page("x", patience=patience)
        assert len(sleeps) == waits


def test_proxy_of_the_environment_is_passed_by_on_loopback(
    monkeypatch: pytest.MonkeyPatch, patience: Patience
) -> None:
    """A stand-in on this machine is reached whatever proxy is set."""
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy"):
        monkeypatch.setitem(os.environ, name, "http://127.0.0.1:9")
    head = b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % len(GOOD)
    with answering(lambda client: client.sendall(head + GOOD), monkeypatch):
        assert search_page("x", patience=patience).count == 0
