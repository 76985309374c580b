"""One request on the wire: its whole answer by a deadline, whatever its status; no redirect is followed."""

from __future__ import annotations

import http.client
import socket
import ssl
import threading
from contextlib import suppress
from email.message import Message
from functools import cache
from typing import Any
from urllib.request import (
    HTTPErrorProcessor,
    HTTPHandler,
    HTTPSHandler,
    ProxyHandler,
    Request,
    build_opener,
)

from helpers.fetch.faults import Fault

LARGEST_BODY = 512 * 1024 * 1024
Answer = tuple[int, Message, bytes]


def exchange(request: Request, *, timeout: float, deadline: float, direct: bool) -> Answer:
    """Status, headers and whole body of the answer; `direct` passes by the proxies of the environment.

    Raises TimeoutError after `timeout` seconds without a byte or `deadline` seconds in all, IncompleteRead
    for a body that is short, and whatever the connection raises.
    """
    cut = _Cut(deadline)
    proxies = ProxyHandler({}) if direct else ProxyHandler()
    opener = build_opener(_AnyStatus, proxies, _Http(cut), _Https(cut))
    try:
        with opener.open(request, timeout=timeout) as response:
            answer = response.status, response.headers, _read(response)
    except Exception:
        if not cut.done:
            raise
    else:
        if not cut.done:
            return answer
    finally:
        cut.cancel()
    raise TimeoutError


def failure(error: Exception) -> Fault:
    """What an exception of `exchange` amounts to, in own words: its text may hold what must not be shown."""
    cause = getattr(error, "reason", None)
    cause = cause if isinstance(cause, Exception) else error
    if isinstance(cause, TimeoutError):
        return Fault("slow", "no whole answer in time", slow=True)
    if isinstance(cause, http.client.IncompleteRead):
        return Fault("truncated", "the answer broke off")
    if isinstance(cause, ssl.SSLCertVerificationError):
        return Fault("tls", "its certificate could not be verified", retry=False)
    if isinstance(cause, socket.gaierror):
        return Fault("unreachable", "its address was not found, as on a machine that is offline")
    if isinstance(cause, ConnectionRefusedError):
        return Fault("unreachable", "the connection was refused, as by a firewall or a wrong proxy")
    if isinstance(cause, OverflowError):
        return Fault("size", f"the answer is larger than {LARGEST_BODY >> 20} MB", retry=False)
    if isinstance(cause, (OSError, http.client.HTTPException)):
        if str(cause).startswith("Tunnel connection failed"):
            return Fault("unreachable", "the proxy named in the environment refused the connection")
        return Fault("connection", f"the connection failed ({type(cause).__name__})")
    return Fault("client", f"the request could not be made ({type(cause).__name__})", retry=False)


class _Cut:
    """Ends connections when time is up: a timeout alone starts anew with every byte that trickles in."""

    def __init__(self, seconds: float) -> None:
        self.done = False
        self.sockets: list[socket.socket] = []
        self.timer = threading.Timer(seconds, self._end)
        self.timer.daemon = True
        self.timer.start()

    def _end(self) -> None:
        self.done = True
        for held in self.sockets:
            with suppress(OSError):  # it may be closed already
                # Not the method of an SSL socket, which would pull its state away from the reading thread.
                socket.socket.shutdown(held, socket.SHUT_RDWR)

    def cancel(self) -> None:
        self.timer.cancel()

    def connection(self, kind: type[http.client.HTTPConnection]) -> Any:
        """The kind of connection, its socket known here once it is open."""
        sockets = self.sockets

        class Connection(kind):  # type: ignore[misc, valid-type]
            def connect(self) -> None:
                super().connect()
                sockets.append(self.sock)

        return Connection


class _Http(HTTPHandler):
    def __init__(self, cut: _Cut) -> None:
        super().__init__()
        self.cut = cut

    def http_open(self, req: Request) -> http.client.HTTPResponse:
        return self.do_open(self.cut.connection(http.client.HTTPConnection), req)


class _Https(HTTPSHandler):
    def __init__(self, cut: _Cut) -> None:
        super().__init__()
        self.cut = cut

    def https_open(self, req: Request) -> http.client.HTTPResponse:
        kind = self.cut.connection(http.client.HTTPSConnection)
        return self.do_open(kind, req, context=_trust())


@cache
def _trust() -> ssl.SSLContext:
    """The machine's certificates, read once: reading them takes longer than many an answer."""
    context = ssl.create_default_context()
    context.set_alpn_protocols(["http/1.1"])
    return context


class _AnyStatus(HTTPErrorProcessor):
    """Hands on every answer as it came: no redirect is followed, no status raises."""

    def http_response(self, request: Request, response: http.client.HTTPResponse) -> http.client.HTTPResponse:
        """The response itself."""
        return response

    https_response = http_response


def _read(response: http.client.HTTPResponse) -> bytes:
    body = bytearray()
    while chunk := response.read1(1 << 17):
        body += chunk
        if len(body) > LARGEST_BODY:
            raise OverflowError
    length = response.headers.get("Content-Length")
    if length and length.isdigit() and int(length) != len(body):
        raise http.client.IncompleteRead(b"")
    return bytes(body)
