"""Comparing runs: each kind of change is told apart, and nothing is called gone that was not seen."""

from __future__ import annotations

import pandas as pd
import pytest
from synthetic_corpus import make_articles, make_evidence, make_mentions, make_modes

from helpers.errors import UsageError
from helpers.tabulate.compare import compare_runs
from helpers.tabulate.counts import count_gene_mode
from helpers.tabulate.gaps import find_gaps


def run_of(records: list[dict], named: list[tuple]) -> dict[str, pd.DataFrame]:
    articles, mentions = make_articles(records), make_mentions(named)
    pairs = count_gene_mode(articles, mentions, make_evidence([]))
    gaps = find_gaps(articles, mentions, pairs, make_modes({"x": None, "y": None}), min_gene_records=2)
    return {"articles": articles, "mentions": mentions, "gene_mode": pairs, "gaps": gaps}


def records(*names: str, **states: str) -> list[dict]:
    return [
        {"record_id": f"pmid:{n}", "title": n, "year": 2020, "retraction": states.get(n, "none")}
        for n in names
    ]


def pair(record: str, gene: str, mode: str) -> list[tuple]:
    return [(f"pmid:{record}", "gene", gene, 0), (f"pmid:{record}", "mode", mode, 0)]


def changes(table: pd.DataFrame, kind: str) -> dict[str, str]:
    return table[table["kind"] == kind].set_index("item")["change"].to_dict()


def test_identical_runs_have_no_differences() -> None:
    """The same tables give no row."""
    run = run_of(records("a", "b"), pair("a", "A", "x") + pair("b", "B", "y"))
    assert compare_runs(run, run).empty


def test_each_fate_of_a_record_is_told_apart() -> None:
    """New, outside the query, retracted, and a title that changed."""
    before = run_of(records("a", "b", "c"), pair("a", "A", "x"))
    after = records("b", "c", "d", b="retracted")
    after[1]["title"] = "corrected title"
    table = compare_runs(before, run_of(after, pair("d", "A", "x")))
    assert changes(table, "record") == {
        "pmid:a": "not observed",
        "pmid:b": "withdrawn",
        "pmid:c": "recalculated",
        "pmid:d": "new",
    }
    assert "nothing says it is gone" in table.set_index("item").loc["pmid:a", "reason"]
    assert "title" in table.set_index("item").loc["pmid:c", "reason"]


def test_the_reason_of_a_pair_follows_its_records() -> None:
    """A pair not observed, one withdrawn, one re-annotated, one new, one only recalculated."""
    before = run_of(
        records("a", "b", "c", "k"),
        pair("a", "A", "x") + pair("b", "B", "x") + pair("c", "C", "x") + pair("k", "K", "x"),
    )
    after = run_of(
        records("b", "c", "k", "d", b="retracted"),
        pair("b", "B", "x") + pair("c", "C", "y") + pair("k", "K", "x") + pair("d", "D", "x"),
    )
    table = compare_runs(before, after)
    assert changes(table, "pair") == {
        "A × x": "not observed",
        "B × x": "withdrawn",
        "C × x": "re-annotated",
        "C × y": "re-annotated",
        "D × x": "new",
        "K × x": "recalculated",
    }
    assert changes(table, "annotation") == {"pmid:c": "re-annotated"}
    note = table[table["kind"] == "annotation"].iloc[0]
    assert (note["before"], note["after"]) == ("mode x", "mode y")


def test_conclusions_that_moved_are_listed() -> None:
    """A gap that closed and a pair that became significant."""
    many = [str(i) for i in range(40)]
    base = [item for name in many[:8] for item in pair(name, "A", "y")]
    base += [(f"pmid:{name}", "mode", "x", 0) for name in many[8:16]]
    before = run_of(records(*many), base)
    linked = base + [(f"pmid:{name}", "gene", "A", 1) for name in many[8:16]]
    table = compare_runs(before, run_of(records(*many), linked))
    gap = table[(table["kind"] == "gap") & (table["item"] == "A × x")].iloc[0]
    assert (gap["before"], gap["after"]) == ("untested", "no gap")
    assert "both in the second run" in gap["reason"]
    significance = table[(table["kind"] == "significance") & (table["item"] == "A × x")].iloc[0]
    assert (significance["before"], significance["after"]) == ("not named together", "q < 0.05")
    assert changes(table, "rank")["A × x"] == "moved"


def test_a_run_without_its_tables_is_refused() -> None:
    """The error names the tables that are missing and what to do."""
    run = run_of(records("a"), pair("a", "A", "x"))
    with pytest.raises(UsageError, match="second run lacks the tables gaps"):
        compare_runs(run, {name: table for name, table in run.items() if name != "gaps"})
