"""Which services are asked, where they answer, and the loopback servers that may stand in for them."""

from __future__ import annotations

import ipaddress
import os
from dataclasses import dataclass
from urllib.parse import urlsplit

from helpers.errors import UsageError


@dataclass(frozen=True)
class Endpoint:
    """A service: where it answers, how often a second it may be asked, and what its environment is called.

    `override` names the variable that sends requests to a loopback server instead; `ncbi` adds tool,
    e-mail and key to each request and always POSTs.
    """

    name: str
    base: str
    override: str
    per_second: float
    ncbi: bool = False


EUTILS = Endpoint(
    "NCBI E-utilities", "https://eutils.ncbi.nlm.nih.gov/entrez/eutils/", "ATLAS_EUTILS_URL", 3, ncbi=True
)
KEYED_PER_SECOND = 10.0


@dataclass(frozen=True)
class Call:
    """One question to a service: path below its base and form fields, without secrets."""

    path: str
    fields: tuple[tuple[str, str], ...] = ()


def resolve(endpoint: Endpoint) -> tuple[str, bool]:
    """Base URL of a service and whether it is a loopback stand-in.

    Raises UsageError if the override names anything but a loopback address.
    """
    override = os.environ.get(endpoint.override)
    if not override:
        return endpoint.base, False
    try:
        parts = urlsplit(override)
        host, _ = parts.hostname or "", parts.port
    except ValueError:
        parts, host = urlsplit(""), ""
    if parts.scheme not in ("http", "https") or not _is_loopback(host):
        raise UsageError(
            f"{endpoint.override} names host {host or 'none'!r}, not this machine: it is for tests and takes "
            f"loopback addresses only, like http://127.0.0.1:8080/; unset it to reach {endpoint.name}."
        )
    return override.rstrip("/") + "/", True


def _is_loopback(host: str) -> bool:
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
