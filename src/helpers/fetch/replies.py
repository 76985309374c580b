"""Replies of optional services kept on disk, one JSON line per id with the day it came.

data/raw/cache/<service>/replies.jsonl holds {"id": ..., "date": ..., "reply": ...}; a reply of null
means that the service knows nothing of the id. The last line of an id counts. Replies of a loopback
stand-in are kept apart, under data/raw/cache/loopback.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from helpers.errors import FetchError, IncompleteError
from helpers.fetch.endpoints import Call, Endpoint, resolve
from helpers.fetch.progress import progress
from helpers.storage import raw

Reply = tuple[str, Any]


def fetch_replies(
    service: str,
    endpoint: Endpoint,
    ids: Sequence[str],
    fetch: Callable[[Sequence[str]], Mapping[str, Any]],
    *,
    size: int,
    folder: Path | None = None,
    refresh: bool = False,
    quiet: bool | None = None,
) -> dict[str, Reply]:
    """Day and reply per id: from the cache where it has one, else from `fetch`, `size` ids at a time.

    Ids `fetch` leaves out are kept as null. Raises IncompleteError if the service fails on the way;
    what came is kept.
    """
    # What a stand-in answers must never be taken for the service's word later.
    stand_in = ("loopback",) if resolve(endpoint)[1] else ()
    path = (folder or raw("cache", *stand_in, service)) / "replies.jsonl"
    held = {} if refresh else dict(_read(path))
    asked = list(dict.fromkeys(ids))
    todo = [name for name in asked if name not in held]
    day = datetime.now(UTC).strftime("%Y-%m-%d")
    with progress(len(todo), unit="ids", desc=service, quiet=quiet) as bar:
        for start in range(0, len(todo), size):
            part = todo[start : start + size]
            try:
                found = fetch(part)
            except FetchError as error:
                raise IncompleteError(
                    f"{service}: {len(todo) - start:,} of {len(asked):,} ids remain: {error} "
                    "Start it again to go on from there."
                ) from None
            held |= {name: (day, found.get(name)) for name in part}
            _append(path, {name: held[name] for name in part})
            bar.update(len(part))
    return {name: held[name] for name in asked}


def _read(path: Path) -> Iterator[tuple[str, Reply]]:
    if path.exists():
        for line in path.read_text(encoding="utf-8").splitlines():
            try:
                row = json.loads(line)
            except ValueError:
                continue  # torn by a kill; the id is asked for again
            yield row["id"], (row["date"], row["reply"])


def _append(path: Path, replies: Mapping[str, Reply]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    torn = path.exists() and path.stat().st_size > 0 and not path.read_bytes().endswith(b"\n")
    lines = [json.dumps({"id": name, "date": day, "reply": reply}) for name, (day, reply) in replies.items()]
    with path.open("a", encoding="utf-8") as file:
        file.write(("\n" if torn else "") + "\n".join(lines) + "\n")


def shape_error(endpoint: Endpoint, call: Call) -> FetchError:
    """The error of an answer that is whole but not of the documented shape."""
    return FetchError(
        f"{endpoint.name}, {call.path}: the answer does not have the documented shape; "
        "the service may have changed."
    )
