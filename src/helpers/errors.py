"""The exceptions users meet; each message is one sentence with the value, the place and the way out.

AtlasError             any mistake the command line reports without a traceback
├── UsageError         a name, parameter or path the user gave (exit code 2)
├── SchemaError        a table or row that breaks its declared columns
├── ParseError         bytes that are not the format they claim (file and byte offset)
├── FetchError         a service that did not answer as documented
│   └── IncompleteError    an answer that is short: what is missing is listed
└── RunError           a notebook that failed (notebook, cell, cause)
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable


class AtlasError(Exception):
    """Any mistake the command line reports in one sentence, without a traceback."""

    exit_code = 1


class UsageError(AtlasError):
    """A name, parameter or path the user gave that does not exist or does not fit."""

    exit_code = 2


class SchemaError(AtlasError):
    """A table or row that breaks its declared columns."""


class ParseError(AtlasError):
    """Bytes that are not the format they claim to be."""


class FetchError(AtlasError):
    """A service that did not answer as documented, after all tries."""


class IncompleteError(FetchError):
    """An answer that is short: the message names what is missing."""


class RunError(AtlasError):
    """A notebook that failed: the message names notebook, cell and cause."""


def nearest(value: str, valid: Iterable[str], *, n: int = 3) -> str:
    """Clause that offers the valid names closest to `value`, e.g. `did you mean GPX4, GPX1?`."""
    names = sorted(set(valid))
    folded = {name.casefold(): name for name in reversed(names)}
    close = difflib.get_close_matches(value.casefold(), list(folded), n=n, cutoff=0.5)
    if close:
        return f"did you mean {', '.join(folded[name] for name in close)}?"
    shown = ", ".join(names[:8]) + (", ..." if len(names) > 8 else "")
    return f"valid names: {shown}" if names else "there are no valid names"
