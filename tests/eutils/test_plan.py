"""The list of ids a query matches: past the cap, complete, held once, frozen."""

from __future__ import annotations

import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from eutils.records import Library
from eutils.server import Server
from helpers.errors import FetchError, IncompleteError, UsageError
from helpers.fetch.plan import freeze_plan, plan_pmids, plan_search, read_plan
from helpers.fetch.transport import Patience

NOW = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)


class Numbers(Library):
    """Records that are only PMIDs: enough to search, far more than could be written as XML."""

    def __init__(self, n: int, seed: int = 1) -> None:
        super().__init__(seed, {})
        draw = np.random.default_rng(seed)
        # As dense as PubMed is: a crowded early stretch, then thinner.
        crowd = draw.choice(2_000_000, n // 3, replace=False)
        rest = draw.choice(40_000_000, n - n // 3, replace=False) + 2_000_000
        self.pmids = np.unique(np.concatenate([crowd, rest]) + 1)

    def columns(self) -> dict[str, Any]:
        """Ids and one word for all."""
        return {"pmid": self.pmids, "words": [" x "] * len(self.pmids)}


def test_hits_past_the_cap_are_all_planned(patience: Patience) -> None:
    """25,000 hits, of which PubMed shows 9,999, come out complete, ascending, each once."""
    numbers = Numbers(25_000)
    with Server(numbers) as server:
        plan = plan_search("x", patience=patience, quiet=True, now=NOW)
        asked = [seen.fields["term"] for seen in server.state.seen]
    assert np.array_equal(plan.pmids, numbers.pmids)
    assert plan.count == len(numbers.pmids) == sum(count for _, _, count in plan.parts)
    assert all(low <= high and count <= 9_999 for low, high, count in plan.parts)
    assert asked[0] == "x"
    assert asked[1].startswith("(x) AND 1:")
    assert len(asked) < 25


def test_exactly_the_cap_needs_no_split(patience: Patience) -> None:
    """9,999 hits come in one answer, 10,000 do not."""
    for n, single in ((9_999, True), (10_000, False)):
        numbers = Numbers(n)
        with Server(numbers) as server:
            plan = plan_search("x", patience=patience, quiet=True)
            assert (len(server.state.seen) == 1) is single
        assert len(plan.pmids) == n


_HALF_A_MILLION = """
import re
from pathlib import Path
from helpers.fetch.plan import plan_search
from helpers.fetch.transport import Patience
def peak():
    return int(re.search(r"VmHWM:\\s+(\\d+)", Path("/proc/self/status").read_text())[1])
before = peak()
plan = plan_search("x", patience=Patience(per_second=100_000), quiet=True)
print(len(plan.pmids), plan.pmids.dtype, peak() - before)
"""


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="reads /proc")
def test_half_a_million_hits_are_not_held_twice() -> None:
    """500,000 ids take 2 MB; the peak while planning leaves no room for a list of Python numbers (20 MB)."""
    numbers = Numbers(500_000)
    with Server(numbers):
        done = subprocess.run(
            [sys.executable, "-c", _HALF_A_MILLION], capture_output=True, text=True, check=True, timeout=60
        )
    n, kind, peak = done.stdout.split()
    assert (int(n), kind) == (len(numbers.pmids), "uint32")
    assert 0 < int(peak) < 16_000  # kilobytes


def test_strict_query_refuses_what_was_not_taken_as_written(server: Server, patience: Patience) -> None:
    """The message shows the query, what was not understood, how PubMed read it, and the way out."""
    with pytest.raises(UsageError) as caught:
        plan_search("ferroptosis[titel]", strict=True, patience=patience, quiet=True)
    for part in ("ferroptosis[titel]", "field not known", "strict_query", "PubMed read it as"):
        assert part in str(caught.value)
    assert plan_search("ferroptosis[titel]", patience=patience, quiet=True).warnings


@pytest.mark.parametrize("query", ["x) OR (y", "(x", "x)", '"x', '("x) AND (y")('])
def test_unpaired_brackets_and_quotes_are_refused_unasked(
    query: str, server: Server, patience: Patience
) -> None:
    """PubMed's backend fails on them, and each part of a split search would mean something else."""
    with pytest.raises(UsageError, match="without its partner"):
        plan_search(query, patience=patience, quiet=True)
    assert server.state.seen == []


def test_bracket_inside_quotes_is_text(server: Server, patience: Patience) -> None:
    """Only brackets that group must be paired."""
    assert plan_search('"synthetic record"[tiab] OR "b) c"[tiab]', patience=patience, quiet=True).count == 650


def test_limit_refuses_before_anything_is_fetched(server: Server, patience: Patience) -> None:
    """A query that matches more than the user meant to fetch is told in numbers."""
    with pytest.raises(UsageError, match=r"matches \d+ records, more than the limit of 10"):
        plan_search('"resistance"[tiab]', limit=10, patience=patience, quiet=True)
    assert server.state.tools() == ["esearch"]


def test_ids_outside_the_range_are_asked_for_again(patience: Patience) -> None:
    """A part that answers for another range is not believed."""
    from helpers.fetch.entrez import search_page

    with Server(Numbers(100)), pytest.raises(FetchError, match="outside the range"):
        search_page("x", within=range(1, 2), patience=patience)


def test_parts_that_hold_less_than_promised_are_an_error(
    patience: Patience, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A count that does not come together is never passed over."""
    numbers = Numbers(12_000)
    with Server(numbers) as server:
        search = server.state.searcher.search

        def fewer(term: str) -> Any:
            hits = search(term)
            hits.pmids = hits.pmids if term == "x" else hits.pmids[::2]
            return hits

        monkeypatch.setattr(server.state.searcher, "search", fewer)
        with pytest.raises(IncompleteError, match="12,000 records but its parts hold"):
            plan_search("x", patience=patience, quiet=True)


def test_frozen_plan_is_read_back(server: Server, patience: Patience, tmp_path: Path) -> None:
    """Query, translation, warnings, count, parts, time and ids survive the disk."""
    plan = plan_search("ferroptosis[titel]", patience=patience, quiet=True, now=NOW)
    freeze_plan(plan, tmp_path)
    again = read_plan(tmp_path)
    assert again is not None
    assert np.array_equal(again.pmids, plan.pmids)
    assert {**vars(again), "pmids": 0} == {**vars(plan), "pmids": 0}
    assert again.searched == "2026-11-20T12:00:00Z"


def test_changed_list_is_noticed(server: Server, patience: Patience, tmp_path: Path) -> None:
    """A PMID list edited by hand no longer is the plan."""
    freeze_plan(plan_search("ferroptosis", patience=patience, quiet=True), tmp_path)
    (tmp_path / "pmids.txt").write_text("1\n")
    with pytest.raises(FetchError, match="was changed since"):
        read_plan(tmp_path)


def test_list_of_pmids_is_a_plan_and_bad_ones_are_named() -> None:
    """Text or numbers, each once, ascending; anything else is refused by name."""
    assert plan_pmids(["12", 7, "pmid:12"]).pmids.tolist() == [7, 12]
    with pytest.raises(UsageError, match="'PMC12'"):
        plan_pmids([1, "PMC12"])
