"""A selection recounted: equal to the full count where nothing is left out, and to a count of the subset else."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from synthetic_run import make_run

from helpers.errors import UsageError
from helpers.tabulate.counts import count_gene_mode
from helpers.tabulate.prepared import Base, prepare_slices
from helpers.tabulate.sensitivity import measure_sensitivity
from helpers.tabulate.slice import count_slice

ALL = 10_000


@pytest.fixture(scope="module")
def tables() -> dict[str, pd.DataFrame]:
    made = make_run(800, 40, 8, seed=3)
    articles = made["articles"]
    articles.loc[articles.index[:20], "retraction"] = "retracted"
    articles.loc[articles.index[20:40], "year"] = pd.NA
    return made


@pytest.fixture(scope="module")
def base(tables: dict[str, pd.DataFrame]) -> Base:
    return prepare_slices(
        tables["articles"],
        tables["mentions"],
        tables["evidence"],
        article_metrics=tables["article_metrics"],
    )


def assert_same(pairs: pd.DataFrame, expected: pd.DataFrame) -> None:
    """Every column both frames have holds the same values."""
    both = pairs.sort_values(["gene", "mode"]).reset_index(drop=True)
    shared = [name for name in both.columns if name in expected.columns]
    assert len(shared) > 15
    for name in shared:
        left, right = both[name], expected[name]
        if pd.api.types.is_numeric_dtype(right.dtype):
            assert np.allclose(left.astype(float), right.astype(float), equal_nan=True), name
        else:
            assert left.tolist() == right.tolist(), name


def test_everything_counted_equals_the_full_table(tables: dict[str, pd.DataFrame], base: Base) -> None:
    """Without limits each number is that of count_gene_mode, q and directions included."""
    full = count_gene_mode(
        tables["articles"], tables["mentions"], tables["evidence"], article_metrics=tables["article_metrics"]
    )
    assert_same(count_slice(base, top=ALL).pairs, full)


def test_years_and_primary_equal_a_count_of_those_records(
    tables: dict[str, pd.DataFrame], base: Base
) -> None:
    """A limit on years or kind gives what a run of only those records gives."""
    articles = tables["articles"]
    inside = articles["year"].between(2010, 2020).fillna(False).astype(bool)
    for keep, choice in (
        (inside, {"first_year": 2010, "last_year": 2020}),
        (articles["article_kind"] == "primary", {"weighting": "primary"}),
    ):
        expected = count_gene_mode(
            articles[keep], tables["mentions"], tables["evidence"], article_metrics=tables["article_metrics"]
        )
        assert_same(count_slice(base, top=ALL, **choice).pairs, expected)


def test_q1_counts_only_records_of_q1_journals(tables: dict[str, pd.DataFrame], base: Base) -> None:
    """Records without a quartile, or of another, are no part of the universe."""
    metrics = tables["article_metrics"]
    best = set(metrics.loc[metrics["quartile"] == "Q1", "record_id"])
    chosen = count_slice(base, weighting="q1", top=ALL)
    behind = {record for text in chosen.pairs["records"] for record in text.split("|")}
    assert behind
    assert behind <= best
    assert chosen.universe == len(best & set(base.votes.articles["record_id"]))


def test_fractional_counts_equal_those_of_the_sensitivity_table(
    tables: dict[str, pd.DataFrame], base: Base
) -> None:
    """Score, expectation and IC of fractional counting are those of measure_sensitivity."""
    table = measure_sensitivity(tables["articles"], tables["mentions"])
    table = table[table["counting"] == "fractional"]
    pairs = count_slice(base, weighting="fractional", top=ALL).pairs
    both = table.merge(pairs, on=["gene", "mode"], suffixes=("", "_slice"))
    assert len(both) == len(table)
    assert np.allclose(both["n"], both["score"])
    assert np.allclose(both["expected"], both["expected_slice"])
    assert np.allclose(both["ic_low"], both["ic_low_slice"])


def test_percentile_weights_sum_over_the_records_behind_a_pair(
    tables: dict[str, pd.DataFrame], base: Base
) -> None:
    """The score is the sum of percentile/100; q stays that of the same records counted whole."""
    metrics = tables["article_metrics"].set_index("record_id")["percentile"] / 100
    pairs = count_slice(base, weighting="percentile", top=ALL).pairs
    sums = pairs["records"].map(lambda text: sum(metrics[record] for record in text.split("|")))
    assert np.allclose(sums, pairs["score"])
    assert (pairs["score"] < pairs["n"]).all()
    assert pairs["q"].notna().any()


def test_rows_and_columns_are_as_asked(base: Base) -> None:
    """Given genes and modes stand in their order; else the leading ones come first."""
    chosen = count_slice(base, genes=["GENE5", "GENE1"], modes=["necrosis", "apoptosis"])
    assert chosen.genes == ("GENE5", "GENE1")
    assert chosen.modes == ("necrosis", "apoptosis")
    assert set(chosen.pairs["gene"]) <= {"GENE5", "GENE1"}
    led = count_slice(base, top=5)
    assert len(led.genes) == 5
    assert led.genes[0] == "GENE0"
    totals = led.pairs.groupby("gene")["score"].sum().reindex(led.genes)
    assert totals.is_monotonic_decreasing


def test_fewer_rows_do_not_make_a_pair_more_certain(base: Base) -> None:
    """q does not depend on which genes and modes are shown."""
    all_pairs = count_slice(base, top=ALL).pairs.set_index(["gene", "mode"])["q"]
    few = count_slice(base, genes=["GENE2"], modes=["apoptosis"]).pairs.set_index(["gene", "mode"])["q"]
    assert few.iloc[0] == all_pairs[few.index[0]]


def test_the_sentences_of_a_pair_are_those_of_its_records(base: Base) -> None:
    """Evidence of one cell comes from exactly the records counted in it."""
    chosen = count_slice(base, first_year=2012)
    for row in chosen.pairs.head(20).itertuples():
        claims = chosen.read_claims(gene=row.gene, mode=row.mode)
        assert set(claims["record_id"]) == set(row.records.split("|"))
        assert set(claims["gene"]) == {row.gene}
    assert len(chosen.read_claims(limit=7)) == 7
    assert set(chosen.read_claims()["record_id"]) == set(chosen.articles["record_id"])


def test_names_that_do_not_exist_are_refused_with_the_nearest(base: Base) -> None:
    """A gene, mode, weighting or metric the run does not hold raises UsageError with what is near."""
    for wrong, near in (
        ({"genes": ["GENE99x"]}, "GENE"),
        ({"modes": ["apotosis"]}, "apoptosis"),
        ({"weighting": "primry"}, "primary"),
        ({"weighting": "q1", "metric": "CiteScor"}, "CiteScore"),
        ({"first_year": 2020, "last_year": 2010}, "exchange"),
    ):
        with pytest.raises(UsageError, match=near):
            count_slice(base, **wrong)


def test_a_selection_without_records_is_empty_not_an_error(base: Base) -> None:
    """Years before the first record give no pair, no sentence and a universe of 0."""
    chosen = count_slice(base, last_year=1950)
    assert (len(chosen.pairs), len(chosen.claims), chosen.universe) == (0, 0, 0)
    assert chosen.read_claims().empty


def test_weightings_by_journal_need_a_metric(tables: dict[str, pd.DataFrame]) -> None:
    """A run without journal metrics offers only the weightings it can do."""
    bare = prepare_slices(tables["articles"], tables["mentions"], tables["evidence"])
    assert list(bare.weightings) == ["all", "primary", "fractional"]
    with pytest.raises(UsageError, match="no record of the run has the metric"):
        count_slice(bare, weighting="percentile")
