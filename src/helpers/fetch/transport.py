"""One way to ask a web service: timeout, whole body, told apart from errors, tried again with patience.

Secrets (`NCBI_API_KEY`, `NCBI_EMAIL`) are read from the environment when a request leaves and live
only in frames that raise nothing, so that no file, log, exception, traceback or URL holds them.
A loopback server can stand in for each service (`ATLAS_EUTILS_URL` and others); no key goes there.
"""

from __future__ import annotations

import http.client
import logging
import os
import ssl
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from email.message import Message
from urllib.parse import urlencode, urlsplit
from urllib.request import HTTPErrorProcessor, OpenerDirector, ProxyHandler, Request, build_opener

from tenacity import RetryCallState, Retrying, retry_if_result, stop_after_attempt, wait_exponential_jitter
from tenacity.stop import stop_base

from helpers.errors import FetchError, UsageError
from helpers.fetch import limiter
from helpers.fetch.endpoints import KEYED_PER_SECOND, Call, Endpoint, resolve
from helpers.fetch.faults import Fault, sniff

TOOL = "cell-death-target-atlas"
LARGEST_BODY = 512 * 1024 * 1024
_LOG = logging.getLogger(__name__)
_BACKOFF = wait_exponential_jitter(initial=1, max=16, jitter=1)


@dataclass(frozen=True)
class Patience:
    """How long to go on asking: tries, seconds without a byte, seconds for a whole answer.

    `sleep` replaces the wait between tries in tests; `per_second` the rate limit, on loopback only.
    """

    tries: int = 8
    timeout: float = 60.0
    deadline: float = 300.0
    sleep: Callable[[float], None] = field(default=time.sleep, repr=False)
    per_second: float | None = None


PATIENT = Patience()


def send(
    endpoint: Endpoint,
    call: Call,
    *,
    check: Callable[[bytes], Fault | None] | None = None,
    patience: Patience = PATIENT,
) -> bytes:
    """The body of a good answer; raises FetchError naming service, question and fault after all tries."""
    answer = ask(endpoint, call, check=check, patience=patience)
    if isinstance(answer, Fault):
        raise FetchError(describe(endpoint, call, answer))
    return answer


def describe(endpoint: Endpoint, call: Call, fault: Fault) -> str:
    """The sentence a user reads of a fault that remained."""
    advice = "; try again later" if fault.retry else ""
    return f"{endpoint.name}, {call.path}: {fault.text}{advice}."


def ask(
    endpoint: Endpoint,
    call: Call,
    *,
    check: Callable[[bytes], Fault | None] | None = None,
    patience: Patience = PATIENT,
    slow_tries: int | None = None,
) -> bytes | Fault:
    """The body of a good answer, else the last Fault.

    `check` looks at a body that passed the general tests. With `slow_tries`, that many faults of
    slowness end the tries early, so that the caller can ask for less. Raises UsageError for a
    missing e-mail address or an override that is not loopback.
    """
    base, loopback = resolve(endpoint)
    if endpoint.ncbi and not loopback and not os.environ.get("NCBI_EMAIL"):
        raise UsageError(
            "NCBI asks for an e-mail address with each request: set NCBI_EMAIL=you@institute.org "
            "in the environment (and NCBI_API_KEY for ten requests a second instead of three)."
        )
    retrying = Retrying(
        stop=_StopWhen(patience.tries, slow_tries),
        wait=_wait,
        retry=retry_if_result(lambda result: isinstance(result, Fault) and result.retry),
        sleep=patience.sleep,
        retry_error_callback=_last,
    )
    answer: bytes | Fault = retrying(_attempt, endpoint, call, base, loopback, check, patience)
    return answer


class _StopWhen(stop_base):
    """Stops after `tries` answers, or after `slow_tries` that were too slow."""

    def __init__(self, tries: int, slow_tries: int | None) -> None:
        self.all_tries = stop_after_attempt(tries)
        self.slow_left = slow_tries

    def __call__(self, retry_state: RetryCallState) -> bool:
        fault = _last(retry_state)
        if self.slow_left is not None and isinstance(fault, Fault) and fault.slow:
            self.slow_left -= 1
            if self.slow_left <= 0:
                return True
        return self.all_tries(retry_state)


def _last(state: RetryCallState) -> bytes | Fault:
    assert state.outcome is not None
    answer: bytes | Fault = state.outcome.result()
    return answer


def _wait(state: RetryCallState) -> float:
    fault = _last(state)
    asked = fault.wait if isinstance(fault, Fault) else 0.0
    return max(_BACKOFF(state), asked)


def _attempt(
    endpoint: Endpoint,
    call: Call,
    base: str,
    loopback: bool,
    check: Callable[[bytes], Fault | None] | None,
    patience: Patience,
) -> bytes | Fault:
    """One try: body or Fault. An interrupt is raised anew here, where no frame above holds a secret."""
    service = f"{endpoint.name}-{urlsplit(base).netloc}"
    limiter.wait_turn(service, _interval(endpoint, loopback, patience))
    answer = _exchange(endpoint, call, base, loopback, patience)
    if answer is None:
        raise KeyboardInterrupt
    if not isinstance(answer, Fault):
        status, headers, body = answer
        if headers.get("X-RateLimit-Remaining") == "0":
            limiter.hold(service, _interval(endpoint, loopback, patience))
        answer = sniff(status, body, retry_after=headers.get("Retry-After")) or (
            check(body) if check else None
        )
        if answer is None:
            return body
    if answer.kind == "rate" and patience.sleep is time.sleep:
        limiter.hold(service, answer.wait)
    _LOG.info("%s, %s: %s", endpoint.name, call.path, answer.text)
    return answer


def _interval(endpoint: Endpoint, loopback: bool, patience: Patience) -> float:
    """Seconds between requests, a tenth more than the limit demands: arrival jitters."""
    if loopback:
        rate = patience.per_second or float(os.environ.get("ATLAS_LOOPBACK_RATE", endpoint.per_second))
    else:
        keyed = endpoint.ncbi and os.environ.get("NCBI_API_KEY")
        rate = KEYED_PER_SECOND if keyed else endpoint.per_second
    return 1.1 / rate


def _exchange(
    endpoint: Endpoint, call: Call, base: str, loopback: bool, patience: Patience
) -> tuple[int, Message, bytes] | Fault | None:
    """Status, headers and whole body; a Fault if there was none; None if the user interrupted.

    The only frame that knows the secrets: it raises nothing, and the frames below it end here.
    """
    try:
        request = _request(endpoint, call, base, loopback)
        with _opener(loopback).open(request, timeout=patience.timeout) as response:
            return response.status, response.headers, _read(response, patience.deadline)
    except KeyboardInterrupt:
        return None
    except TimeoutError:
        return Fault("slow", "no whole answer in time", slow=True)
    except http.client.IncompleteRead:
        return Fault("truncated", "the answer broke off")
    except ssl.SSLCertVerificationError:
        return Fault("tls", "its certificate could not be verified", retry=False)
    except (OSError, http.client.HTTPException) as error:
        if isinstance(getattr(error, "reason", None), TimeoutError):
            return Fault("slow", "no connection in time", slow=True)
        if isinstance(getattr(error, "reason", None), ssl.SSLCertVerificationError):
            return Fault("tls", "its certificate could not be verified", retry=False)
        return Fault("connection", f"the connection failed ({type(error).__name__})")
    except Exception as error:  # nothing may leave this frame with the key in it
        return Fault("client", f"the request could not be made ({type(error).__name__})", retry=False)


def _request(endpoint: Endpoint, call: Call, base: str, loopback: bool) -> Request:
    headers = {"User-Agent": f"{TOOL}/1", "Accept-Encoding": "identity"}
    if not endpoint.ncbi:
        query = "?" + urlencode(call.fields, safe=",:|") if call.fields else ""
        return Request(base + call.path + query, headers=headers)
    fields = [*call.fields, ("tool", TOOL)]
    if not loopback:
        fields.append(("email", os.environ.get("NCBI_EMAIL", "")))
        if key := os.environ.get("NCBI_API_KEY"):
            fields.append(("api_key", key))
    return Request(base + call.path, data=urlencode(fields).encode(), headers=headers, method="POST")


class _AnyStatus(HTTPErrorProcessor):
    """Hands on every answer as it came: no redirect is followed, no status raises."""

    def http_response(self, request: Request, response: http.client.HTTPResponse) -> http.client.HTTPResponse:
        """The response itself."""
        return response

    https_response = http_response


def _opener(loopback: bool) -> OpenerDirector:
    return build_opener(_AnyStatus, ProxyHandler({})) if loopback else build_opener(_AnyStatus)


def _read(response: http.client.HTTPResponse, seconds: float) -> bytes:
    """The whole body; raises TimeoutError past the deadline, IncompleteRead when it is short."""
    end = time.monotonic() + seconds
    body = bytearray()
    while chunk := response.read1(1 << 17):
        body += chunk
        if time.monotonic() > end:
            raise TimeoutError
        if len(body) > LARGEST_BODY:
            raise http.client.HTTPException
    length = response.headers.get("Content-Length")
    if length and length.isdigit() and int(length) != len(body):
        raise http.client.IncompleteRead(b"")
    return bytes(body)
