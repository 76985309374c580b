"""Trends: Poisson growth equals statsmodels', bursts stand out, the running year waits."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm
from hypothesis import given, settings
from hypothesis import strategies as st
from statsmodels.stats.proportion import proportion_confint
from synthetic_corpus import make_articles, make_mentions

from helpers.schemas import SEARCHES
from helpers.tabulate.trends import (
    count_trends,
    find_bursts,
    find_first_records,
    find_running_year,
    fit_growth,
    measure_growth,
)

YEARS = np.arange(2010, 2022)
TOTAL = np.linspace(100, 300, len(YEARS)).round()
ALL = np.ones((1, len(YEARS)))


@settings(max_examples=25, deadline=None)
@given(st.lists(st.integers(0, 40), min_size=len(YEARS), max_size=len(YEARS)))
def test_growth_equals_poisson_regression_of_statsmodels(counts: list[int]) -> None:
    """Slope and standard error of many concepts at once are those of a GLM with exposure."""
    if sum(counts) < 5 or np.count_nonzero(counts) < 2:
        return
    slope, variance, fitted = fit_growth(np.array([counts], float), TOTAL, YEARS, ALL)
    design = sm.add_constant(YEARS - YEARS.mean())
    fit = sm.GLM(np.array(counts), design, family=sm.families.Poisson(), exposure=TOTAL).fit(tol=1e-12)
    assert slope[0] == pytest.approx(fit.params[1], abs=1e-6)
    assert np.sqrt(variance[0]) == pytest.approx(fit.bse[1], rel=1e-4)
    assert fitted[0] == pytest.approx(fit.fittedvalues, rel=1e-4, abs=1e-6)


def test_interval_widens_where_counts_scatter_more_than_poisson() -> None:
    """The same sum and slope, scattered, gives a wider interval."""
    even = np.full((1, 12), 10.0)
    uneven = np.array([[2.0, 18.0] * 6])
    total = np.full(12, 100.0)
    wide, narrow = (measure_growth(c, total, YEARS, ALL, min_records=5) for c in (uneven, even))
    assert (wide[2] - wide[1])[0] > 1.5 * (narrow[2] - narrow[1])[0]


def test_a_doubling_share_grows_100_percent_a_year() -> None:
    """Counts 4, 8, 16, 32 over years of equal size."""
    counts = np.array([[4.0, 8.0, 16.0, 32.0]])
    growth = measure_growth(counts, np.full(4, 1000.0), np.arange(4), np.ones((1, 4)), min_records=5)[0]
    assert growth[0] == pytest.approx(1.0)


def test_one_year_far_above_the_trend_is_a_burst() -> None:
    """Ten a year, then sixty, then ten: the sixty stand out, nothing else does."""
    counts = np.full((1, 12), 10.0)
    counts[0, 6] = 60
    burst = find_bursts(counts, np.full(12, 100.0), YEARS, ALL, min_records=5)
    assert burst[0].tolist() == [False] * 6 + [True] + [False] * 5


def corpus(per_year: dict[int, tuple[int, int]]) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Records and how many of them name ferroptosis, by year."""
    articles = make_articles({"year": y} for y, (n, _) in per_year.items() for _ in range(n))
    named, start = [], 0
    for n, k in per_year.values():
        named += [(start + i, "mode", "ferroptosis") for i in range(k)]
        start += n
    return articles, make_mentions(named)


def test_the_running_year_is_marked_and_does_not_pull_the_growth() -> None:
    """An empty running year leaves the growth at zero and is marked incomplete."""
    shares = dict.fromkeys(range(2018, 2026), (20, 5)) | {2026: (20, 0)}
    table = count_trends(*corpus(shares), current_year=2026).set_index("year")
    assert table["complete"].tolist() == [True] * 8 + [False]
    assert table["growth"].iloc[0] == pytest.approx(0, abs=1e-9)
    low, high = proportion_confint(5, 20, method="wilson")
    assert (table.loc[2020, "share_low"], table.loc[2020, "share_high"]) == pytest.approx((low, high))


def test_too_few_records_have_no_growth_but_keep_their_counts() -> None:
    """Four records: counted each year, growth missing."""
    table = count_trends(*corpus({2018: (5, 1), 2019: (5, 1), 2020: (5, 1), 2021: (5, 1)}), current_year=2026)
    assert table["growth"].isna().all()
    assert table["n"].tolist() == [1, 1, 1, 1]


def test_the_year_of_the_first_record_is_not_fitted() -> None:
    """A mode that starts inside the slice is fitted from the year after its first record."""
    shares = {2010: (50, 0), 2011: (50, 1), 2012: (50, 8), 2013: (50, 8), 2014: (50, 8)}
    table = count_trends(*corpus(shares), current_year=2026)
    assert table["growth"].iloc[0] == pytest.approx(0, abs=1e-9)


def test_records_without_a_year_are_left_out_of_the_trend() -> None:
    """A record without a year adds to no year."""
    articles = make_articles([{"year": 2020}, {"year": None}])
    mentions = make_mentions([(0, "mode", "apoptosis"), (1, "mode", "apoptosis")])
    assert count_trends(articles, mentions, current_year=2026)["n"].sum() == 1


def test_first_record_is_by_year_then_date_then_id() -> None:
    """Of three records of a pair the earliest date wins; a record without a year comes last."""
    articles = make_articles(
        [
            {"year": None},
            {"year": 2020, "pub_date": "2020-05"},
            {"year": 2020, "pub_date": "2020-03-01"},
            {"year": 2021, "pub_date": "2021"},
        ]
    )
    named = [(i, kind, name) for i in range(4) for kind, name in (("gene", "A"), ("mode", "x"))]
    first = find_first_records(articles, make_mentions(named)).iloc[0]
    assert (first["record_id"], first["first_year"], first["n"]) == ("local:00002", 2020, 4)


def test_the_running_year_is_that_of_the_latest_search_else_of_the_newest_record() -> None:
    """A search of 2025 makes 2025 incomplete though a record is dated 2026; without one the newest year counts."""
    articles = make_articles([{"year": 2024}, {"year": 2026}, {}])
    none = SEARCHES.empty()
    searches = pd.DataFrame({"searched": ["2024-12-31", "2025-03-01"]})
    assert find_running_year(searches, articles) == 2025
    assert find_running_year(none, articles) == 2026
    assert find_running_year(none, articles.iloc[2:]) is None
