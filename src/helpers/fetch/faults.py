"""What an answer of a web service is worth, told from its bytes before anything parses them.

A status code alone misleads: NCBI answers 200 with an error inside, and 400 where a second try
succeeds. Bodies of failures are never passed on: NCBI's refusal of a bad key repeats the key, and
backend errors hold internal paths. A Fault therefore carries this module's own words.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

_LONGEST_WAIT = 300.0
_XML_ERROR = re.compile(rb"<ERROR[^>]*>(.*?)</ERROR>", re.DOTALL | re.IGNORECASE)
_HTML = re.compile(
    rb"\s*(<\?xml[^>]*>\s*)?(<!--.*?-->\s*)*<(!doctype\s+html|html)\b", re.IGNORECASE | re.DOTALL
)


@dataclass(frozen=True)
class Fault:
    """Why an answer is unusable, in own words.

    `retry` says that asking again may help, `slow` that asking for less may; `wait` is in seconds.
    """

    kind: str
    text: str
    retry: bool = True
    slow: bool = False
    wait: float = 0.0


# Phrases of E-utilities error texts, first match wins, with what they mean here.
_SAID = (
    (rb"rate limit exceeded", Fault("rate", "too many requests")),
    (
        rb"api key invalid",
        Fault("key", "the API key is not valid: correct or unset NCBI_API_KEY", retry=False),
    ),
    (rb"error forwarding request", Fault("proxy", "its front end could not reach the service behind it")),
    (rb"too many uids", Fault("size", "too many ids in one request", retry=False)),
    (
        rb"external viewer error|status: timeout",
        Fault("slow", "the records took too long to write", slow=True),
    ),
    (rb"retstart", Fault("cap", "a page beyond the first 9,999 hits was asked for", retry=False)),
    (
        rb"unable to obtain query|cannot retrieve history|out of range",
        Fault("history", "its search session has expired: search again", retry=False),
    ),
    (rb"empty term", Fault("query", "the query is empty", retry=False)),
    (rb"id list is empty|invalid uid", Fault("ids", "it knows none of the ids as ids", retry=False)),
    (rb"docsum backend failed", Fault("backend", "its summary backend failed")),
    (
        rb"search backend failed",
        Fault("backend", "its search backend failed; a query with unbalanced brackets does that too"),
    ),
)


def sniff(status: int, body: bytes, *, retry_after: str | None = None) -> Fault | None:
    """The Fault an answer amounts to, or None if its body can go on to the caller's own check.

    `status` is the HTTP status, `retry_after` the header of that name (seconds or an HTTP date).
    """
    wait = seconds_to_wait(retry_after)
    if 300 <= status < 400:
        return Fault("redirect", f"it redirected the request (HTTP {status}), which is refused", retry=False)
    said = _error_text(body)
    if said is not None:
        return _with(_reason(said, status), wait)
    if status == 429:
        return Fault("rate", "too many requests (HTTP 429)", wait=wait)
    if status == 414:
        return Fault("size", "the request was too long (HTTP 414)", retry=False)
    if status in (404, 410):
        return Fault("absent", f"nothing of that name (HTTP {status})", retry=False)
    if _HTML.match(body[:4096]):
        return Fault("html", f"a web page came instead of data (HTTP {status})", wait=wait)
    if status >= 500 or status in (400, 408):
        return Fault("http", f"HTTP {status}", wait=wait)
    if status != 200:
        return Fault("http", f"HTTP {status}", retry=False)
    if not body.strip():
        return Fault("empty", "an empty answer")
    return None


def seconds_to_wait(header: str | None) -> float:
    """Seconds a Retry-After header asks for (number or HTTP date), at most 300; 0 if absent or unreadable."""
    if not header:
        return 0.0
    if header.strip().isdigit():
        return min(float(header), _LONGEST_WAIT)
    try:
        moment = parsedate_to_datetime(header)
    except ValueError:
        return 0.0
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return min(max((moment - datetime.now(UTC)).total_seconds(), 0.0), _LONGEST_WAIT)


def read_json(body: bytes) -> Any:
    """The parsed JSON; raw line feeds inside strings are let pass, as NCBI sends them. Raises ValueError."""
    return json.loads(body.decode("utf-8", errors="replace"), strict=False)


def check_json(body: bytes) -> Fault | None:
    """Fault for a body that is not whole JSON, else None."""
    try:
        read_json(body)
    except ValueError:
        return Fault("truncated", "the answer is not whole JSON")
    return None


def _error_text(body: bytes) -> bytes | None:
    """The error an answer declares, as far as it declares one; text of records is never taken for it."""
    start = body[:4096].lstrip()
    if start[:1] == b"{":
        return _json_error(body) if b'"error"' in start[:400].lower() else None
    if b"<PubmedArticleSet" in start:
        return None
    if found := _XML_ERROR.search(body[:20000]):
        return found.group(1)
    return b"docsum backend failed" if b"DocSum Backend failed" in start else None


def _json_error(body: bytes) -> bytes | None:
    try:
        content = read_json(body)
    except ValueError:
        return b"unreadable"
    inner = content.get("esearchresult")
    said = content.get("error") or (inner.get("ERROR") if isinstance(inner, dict) else None)
    return str(said).encode() if said else None


def _reason(said: bytes, status: int) -> Fault:
    folded = said.lower()
    for pattern, fault in _SAID:
        if re.search(pattern, folded):
            return fault
    return Fault("error", f"an error it does not explain (HTTP {status})")


def _with(fault: Fault, wait: float) -> Fault:
    return Fault(fault.kind, fault.text, fault.retry, fault.slow, wait)
