"""One way to ask a web service: timeout, whole body, told apart from errors, tried again with patience.

Secrets (`NCBI_API_KEY`, `NCBI_EMAIL`) are read from the environment when a request leaves and live
only in frames that raise nothing, so that no file, log, exception, traceback or URL holds them.
A loopback server can stand in for each service (`ATLAS_EUTILS_URL` and others); no key goes there.
"""

from __future__ import annotations

import logging
import os
import re
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from urllib.parse import urlencode, urlsplit
from urllib.request import Request

from tenacity import RetryCallState, Retrying, retry_if_result, stop_after_attempt, wait_exponential_jitter
from tenacity.stop import stop_base

from helpers.errors import FetchError, UsageError
from helpers.fetch import limiter
from helpers.fetch.endpoints import KEYED_PER_SECOND, Call, Endpoint, resolve
from helpers.fetch.faults import Fault, sniff
from helpers.fetch.wire import Answer, exchange, failure

TOOL = "cell-death-target-atlas"
_LOG = logging.getLogger(__name__)
# Tries to reach a service that never answered this process: whoever is offline should not wait a minute.
FIRST_TRIES = 3
_REACHED: set[str] = set()
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
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
    missing or impossible e-mail address or an override that is not loopback.
    """
    base, loopback = resolve(endpoint)
    if endpoint.ncbi and not loopback and not _EMAIL.fullmatch(_secret("NCBI_EMAIL")):
        fault = "holds no address" if _secret("NCBI_EMAIL") else "is not set"
        raise UsageError(
            f"NCBI asks for an e-mail address with each request, and NCBI_EMAIL {fault}: export "
            "NCBI_EMAIL=you@institute.org (and NCBI_API_KEY for ten requests a second instead of three)."
        )
    retrying = Retrying(
        stop=_StopWhen(patience.tries, slow_tries, endpoint.name not in _REACHED),
        wait=_wait,
        retry=retry_if_result(lambda result: isinstance(result, Fault) and result.retry),
        sleep=patience.sleep,
        retry_error_callback=_last,
    )
    answer: bytes | Fault = retrying(_attempt, endpoint, call, base, loopback, check, patience)
    return answer


class _StopWhen(stop_base):
    """Stops after `tries` answers, after `slow_tries` that were too slow, or soon if there never was any."""

    def __init__(self, tries: int, slow_tries: int | None, never_reached: bool) -> None:
        self.all_tries = stop_after_attempt(tries)
        self.slow_left = slow_tries
        self.never_reached = never_reached

    def __call__(self, retry_state: RetryCallState) -> bool:
        fault = _last(retry_state)
        if self.slow_left is not None and isinstance(fault, Fault) and fault.slow:
            self.slow_left -= 1
            if self.slow_left <= 0:
                return True
        if self.never_reached and isinstance(fault, Fault) and fault.kind == "unreachable":
            return retry_state.attempt_number >= FIRST_TRIES
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
        _REACHED.add(endpoint.name)
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
        keyed = endpoint.ncbi and bool(_secret("NCBI_API_KEY"))
        rate = KEYED_PER_SECOND if keyed else endpoint.per_second
    return 1.1 / rate


def _exchange(
    endpoint: Endpoint, call: Call, base: str, loopback: bool, patience: Patience
) -> Answer | Fault | None:
    """Status, headers and whole body; a Fault if there was none; None if the user interrupted.

    The only frame that knows the secrets: it raises nothing, and the frames below it end here.
    """
    try:
        request = _request(endpoint, call, base, loopback)
        return exchange(request, timeout=patience.timeout, deadline=patience.deadline, direct=loopback)
    except KeyboardInterrupt:
        return None
    except Exception as error:  # nothing may leave this frame with the key in it
        return failure(error)


def _secret(name: str) -> str:
    """The variable's value without the blanks and line ends that copying brings along."""
    return os.environ.get(name, "").strip()


def _request(endpoint: Endpoint, call: Call, base: str, loopback: bool) -> Request:
    headers = {"User-Agent": f"{TOOL}/1", "Accept-Encoding": "identity"}
    if not endpoint.ncbi:
        query = "?" + urlencode(call.fields, safe=",:|") if call.fields else ""
        return Request(base + call.path + query, headers=headers)
    fields = [*call.fields, ("tool", TOOL)]
    if not loopback:
        fields.append(("email", _secret("NCBI_EMAIL")))
        if key := _secret("NCBI_API_KEY"):
            fields.append(("api_key", key))
    return Request(base + call.path, data=urlencode(fields).encode(), headers=headers, method="POST")
