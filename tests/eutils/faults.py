# ruff: noqa: E501 -- literal XML and word lists
"""Faults the loopback server plays: one per row of the table of error shapes, in order or by chance."""

from __future__ import annotations

import random
import threading
from collections import Counter
from dataclasses import dataclass, field

# name: (status, headers, body); bodies have the shape NCBI's have. {key} is where NCBI echoes the key.
REPLIES: dict[str, tuple[int, dict[str, str], bytes]] = {
    "429": (429, {}, b'{"error":"API rate limit exceeded","api-key":"{key}","count":"4","limit":"3"}'),
    "429-wait": (429, {"Retry-After": "2"}, b'{"error":"API rate limit exceeded","count":"11"}'),
    "200-rate": (200, {}, b'{"error":"API rate limit exceeded","count":"11"}'),
    "bad-key": (400, {}, b'{"error":"API key invalid","api-key":"{key}","type":"api","status":"unknown"}'),
    "proxy": (500, {}, b'{"error":"error forwarding request","api-key":"{key}","type":"ip"}'),
    "500": (500, {}, b"<html><head><title>WWW Error 500 Diagnostic</title></head><body>/internal/path</body></html>"),
    "502": (502, {}, b"<html><body><h1>502 Bad Gateway</h1></body></html>"),
    "503": (503, {"Retry-After": "1"}, b"Service Unavailable"),
    "html": (200, {}, b'<?xml version="1.0"?>\n<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0//EN" "x"><html><body/></html>'),
    "empty": (200, {}, b""),
    "slow-records": (
        200, {}, b"<eFetchResult><ERROR> Error: External viewer error: Empty Response. Bytes read: 0 Status: Timeout</ERROR></eFetchResult>",
    ),
    "slow-records-400": (
        400, {}, b"<eFetchResult><ERROR> Error: External viewer error: Empty Response. Bytes read: 0 Status: Timeout</ERROR></eFetchResult>",
    ),
    "error-200": (200, {}, b"<eFetchResult><ERROR>Search Backend failed: address table is empty /internal/path</ERROR></eFetchResult>"),
    "error-json": (200, {}, b'{"esearchresult":{"ERROR":"Search Backend failed: address table is empty"}}'),
    "unknown-error": (200, {}, b"<eFetchResult><ERROR>Something nobody has seen {key}</ERROR></eFetchResult>"),
    "transient-400": (400, {}, b"Bad Request"),
    "414": (414, {}, b"Request-URI Too Long"),
    "history": (200, {}, b"<eFetchResult><ERROR>Unable to obtain query #1</ERROR></eFetchResult>"),
    "history-400": (400, {}, b"<eFetchResult><ERROR>Search backend cannot retrieve history data</ERROR></eFetchResult>"),
    "history-json": (200, {}, b'{"esearchresult":{"ERROR":"Unable to obtain query #1"}}'),
    "cap": (400, {}, b"<eFetchResult><ERROR>'retstart' cannot be larger than 9998.</ERROR></eFetchResult>"),
    "docsum": (200, {}, b'<?xml version="1.0"?><DocumentSummarySet status="OK"><!-- DocSum Backend failed --></DocumentSummarySet>'),
    "invalid-uid": (200, {}, b"<eSummaryResult><ERROR>Invalid uid abc at position= 0</ERROR></eSummaryResult>"),
    "too-many": (200, {}, b'{"error":"Too many UIDs in request. Maximum number of UIDs is 500 for JSON format output."}'),
    "redirect": (302, {"Location": "{elsewhere}"}, b""),
    "redirect-307": (307, {"Location": "{elsewhere}"}, b""),
}  # fmt: skip
# Played on the wire or on the right answer rather than instead of it.
WIRE = ("drop", "truncated", "short", "slow-bytes", "missing-record", "wrong-record", "garbled")
# Those a client gets over by asking again.
PASSING = (
    "429", "429-wait", "200-rate", "proxy", "500", "502", "503", "html", "empty", "slow-records", "error-200",
    "transient-400", "unknown-error", "drop", "truncated", "short", "missing-record", "wrong-record", "garbled",
)  # fmt: skip


@dataclass
class Faults:
    """Which fault meets the next request: a script first, then chance; counts what was played."""

    script: list[str | None] = field(default_factory=list)
    rate: float = 0.0
    kinds: tuple[str, ...] = PASSING
    seed: int = 1
    played: Counter[str] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        self.lock = threading.Lock()
        self.draw = random.Random(self.seed)

    def next(self) -> str | None:
        """The fault of this request, or None."""
        with self.lock:
            if self.script:
                fault = self.script.pop(0)
            else:
                fault = self.draw.choice(self.kinds) if self.draw.random() < self.rate else None
            if fault:
                self.played[fault] += 1
            return fault
