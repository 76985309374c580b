"""Journals: joined by identifier, nearest year, nothing imputed; distributions with honest intervals."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy import stats
from synthetic_corpus import make_articles, make_mentions

from helpers.schemas import JOURNAL_METRICS, MODE_JOURNAL, conform
from helpers.tabulate.journal_tests import compare_metrics, compare_modes, measure_cliff
from helpers.tabulate.journals import match_metrics, summarise_journals


def make_metrics(rows: list[dict]) -> pd.DataFrame:
    default = {"journal": "synthetic", "metric": "CiteScore", "metric_year": 2020, "source": "synthetic"}
    return conform(
        pd.DataFrame([{**default, **row} for row in rows], columns=JOURNAL_METRICS.names), JOURNAL_METRICS
    )


def test_the_nearest_year_is_taken_and_its_distance_shown() -> None:
    """2024 gets 2020 at -4; 2017 lies between 2016 and 2018 and gets the earlier; 2011 gets 2016 at +5."""
    articles = make_articles({"issn_l": "1111-1111", "year": y} for y in (2024, 2017, 2011))
    metrics = make_metrics(
        [{"journal_key": "1111-1111", "metric_year": y, "value": float(y)} for y in (2016, 2018, 2020)]
    )
    matched, unmatched = match_metrics(articles, metrics)
    assert matched["metric_year"].tolist() == [2020, 2016, 2016]
    assert matched["year_distance"].tolist() == [-4, -1, 5]
    assert unmatched.empty


@pytest.mark.parametrize(
    ("article", "journal", "by"),
    [
        ({"issn_l": "1111-1111"}, {"journal_key": "1111-1111"}, "issn_l"),
        ({"issn": "2222-2222|3333-3333"}, {"journal_key": "1111-1111", "issn": "3333-3333"}, "issn"),
        ({"issn": "1111-1111"}, {"journal_key": "1111-1111"}, "issn"),
        ({"nlm_id": "9000001"}, {"journal_key": "1111-1111", "nlm_id": "9000001"}, "nlm_id"),
        ({"nlm_id": "9000001"}, {"journal_key": "nlm:9000001"}, "nlm_id"),
    ],
)
def test_journals_join_by_issn_l_then_any_issn_then_nlm_id(article: dict, journal: dict, by: str) -> None:
    """Each identifier is enough, and the one that matched is told."""
    matched, _ = match_metrics(
        make_articles([{"year": 2020, **article}]), make_metrics([{**journal, "value": 1.0}])
    )
    assert matched["matched_by"].tolist() == [by]


def test_the_better_identifier_decides_before_the_nearer_year() -> None:
    """A journal that shares an ISSN does not outweigh the ISSN-L, though its year is nearer."""
    articles = make_articles([{"issn_l": "1111-1111", "issn": "1111-1111|2222-2222", "year": 2020}])
    metrics = make_metrics(
        [
            {"journal_key": "2222-2222", "metric_year": 2020, "value": 9.0},
            {"journal_key": "1111-1111", "metric_year": 2015, "value": 1.0},
        ]
    )
    assert match_metrics(articles, metrics)[0]["value"].tolist() == [1.0]


def test_titles_never_match_and_unmatched_journals_are_listed_with_reasons() -> None:
    """The same title without a common identifier stays unmatched; each journal says why."""
    articles = make_articles(
        [
            {"journal": "Cell Death", "year": 2020, "issn_l": "5555-5555", "issn": "5555-5555"},
            {"journal": "Cell Death", "year": 2021, "issn_l": "5555-5555", "issn": "5555-5555"},
            {"journal": "No Number", "year": 2020},
            {"journal": "No Year", "issn_l": "1111-1111", "issn": "1111-1111"},
            {"year": 2020},
        ]
    )
    metrics = make_metrics([{"journal_key": "1111-1111", "journal": "Cell Death", "value": 1.0}])
    matched, unmatched = match_metrics(articles, metrics)
    assert matched.empty
    listed = unmatched.set_index("journal")
    assert listed.loc["Cell Death", "n"] == 2
    assert "ISSN" in listed.loc["Cell Death", "reason"]
    assert listed.loc["No Number", "reason"].startswith("the records give no ISSN")
    assert listed.loc["No Year", "reason"] == "the records have no publication year"
    assert unmatched["n"].sum() == 5


def test_each_metric_is_matched_by_itself() -> None:
    """SJR of 2019 and CiteScore of 2018 both come to one record of 2020."""
    metrics = make_metrics(
        [
            {
                "journal_key": "1111-1111",
                "metric": "SJR",
                "metric_year": 2019,
                "value": 2.0,
                "quartile": "Q1",
            },
            {"journal_key": "1111-1111", "metric": "CiteScore", "metric_year": 2018, "value": 7.0},
        ]
    )
    matched, _ = match_metrics(make_articles([{"issn_l": "1111-1111", "year": 2020}]), metrics)
    assert dict(zip(matched["metric"], matched["value"], strict=True)) == {"CiteScore": 7.0, "SJR": 2.0}


def with_values(values: list[float | None], modes: list[str]) -> tuple[pd.DataFrame, ...]:
    articles = make_articles([{"year": 2020}] * len(values))
    mentions = make_mentions((i, "mode", mode) for i, mode in enumerate(modes))
    ids = [i for i, v in enumerate(values) if v is not None]
    metrics = pd.DataFrame(
        {
            "record_id": [f"local:{i:05d}" for i in ids],
            "metric": "CiteScore",
            "value": [values[i] for i in ids],
            "quartile": ["Q1" if values[i] > 5 else "Q2" for i in ids],
        }
    )
    return articles, mentions, metrics


def test_distribution_by_hand_with_coverage() -> None:
    """Values 1, 3, 8 and one without: median 3, quartiles 2 and 5.5, coverage 3/4, a third in Q1."""
    frames = with_values([1.0, 3.0, 8.0, None], ["apoptosis"] * 4)
    row = summarise_journals(*frames, kind="mode").iloc[0]
    assert (row["n"], row["n_matched"], row["coverage"]) == (4, 3, 0.75)
    assert (row["median"], row["q25"], row["q75"]) == (3.0, 2.0, 5.5)
    assert row["share_q1"] == pytest.approx(1 / 3)


def test_too_few_values_give_coverage_and_no_median() -> None:
    """Two values are too few: the numbers are missing, not shown."""
    row = summarise_journals(*with_values([1.0, 3.0], ["apoptosis"] * 2), kind="mode").iloc[0]
    assert row["n_matched"] == 2
    assert row[["median", "median_low", "q25", "share_q1"]].isna().all()


@pytest.mark.parametrize("n", [10, 25, 41])
def test_median_interval_is_the_percentile_bootstrap(n: int) -> None:
    """Bounds agree with scipy's bootstrap of the median, for odd and even n."""
    values = np.random.default_rng(n).gamma(2, 3, n)
    row = summarise_journals(*with_values(list(values), ["apoptosis"] * n), kind="mode").iloc[0]
    reference = stats.bootstrap(
        (values,), np.median, method="percentile", n_resamples=20_000, rng=np.random.default_rng(1)
    ).confidence_interval
    spread = np.ptp(values)
    assert row["median_low"] == pytest.approx(reference.low, abs=0.06 * spread)
    assert row["median_high"] == pytest.approx(reference.high, abs=0.06 * spread)


def test_the_same_seed_gives_the_same_bounds() -> None:
    """Two calls agree to the last digit."""
    frames = with_values(list(np.random.default_rng(0).gamma(2, 3, 30)), ["apoptosis"] * 30)
    pd.testing.assert_frame_equal(*(summarise_journals(*frames, kind="mode") for _ in range(2)))


def test_modes_are_compared_by_records_that_name_one_mode_only() -> None:
    """Kruskal-Wallis and effect are scipy's; a record of two modes is left out and counted."""
    random = np.random.default_rng(3)
    low, high = random.normal(3, 1, 12), random.normal(6, 1, 12)
    articles, mentions, metrics = with_values([*low, *high, 50.0], ["a"] * 12 + ["b"] * 12 + ["a"])
    mentions = pd.concat([mentions, make_mentions([(24, "mode", "b", 5)])], ignore_index=True)
    overall, pairs = compare_modes(articles, mentions, metrics)
    test = overall.iloc[0]
    assert (test["n"], test["n_shared"], test["modes"]) == (24, 1, 2)
    assert test["p"] == pytest.approx(stats.kruskal(low, high).pvalue)
    pair = pairs.iloc[0]
    assert pair["delta"] == pytest.approx(np.sign(low[:, None] - high[None, :]).mean())
    assert pair["size"] == "large"
    assert pair["p_adjusted"] == pytest.approx(test["p"], rel=1e-6)


def test_cliff_s_delta_by_hand() -> None:
    """Of six pairs the first is higher in one, lower in four, equal in one: -1/2."""
    assert measure_cliff(np.array([1.0, 3.0]), np.array([2.0, 3.0, 4.0])) == pytest.approx(-0.5)


def test_too_few_modes_leave_the_comparison_missing() -> None:
    """One mode with enough records cannot be compared."""
    overall, pairs = compare_modes(*with_values([1.0] * 6, ["a"] * 6))
    assert overall["p"].isna().all()
    assert pairs.empty


def test_metrics_agree_as_far_as_they_order_the_modes_alike() -> None:
    """The metric itself and one of the same order: tau 1; reversed: -1; two shared modes: too few to say."""
    medians = {
        "CiteScore": [1.0, 2.0, 3.0],
        "SJR": [0.1, 0.2, 0.3],
        "JIF": [9.0, 8.0, 7.0],
        "RCR": [1.0, 2.0, None],
    }
    rows = [
        {"metric": metric, "mode": mode, "median": value, "n": 10, "n_matched": 5}
        for metric, values in medians.items()
        for mode, value in zip("abc", values, strict=True)
    ]
    table = conform(pd.DataFrame(rows, columns=MODE_JOURNAL.names).assign(coverage=0.5), MODE_JOURNAL)
    agreement = compare_metrics(table, "CiteScore").set_index("metric")
    assert agreement["tau"].dropna().to_dict() == {"CiteScore": 1.0, "SJR": 1.0, "JIF": -1.0}
    assert agreement["highest"].to_dict() == {"CiteScore": "c", "SJR": "c", "JIF": "a", "RCR": "b"}
    assert agreement["shared"].to_dict() == {"CiteScore": 3, "SJR": 3, "JIF": 3, "RCR": 2}
    assert (agreement["coverage"] == 0.5).all()


def test_no_metric_gives_no_agreement() -> None:
    """Without a row of MODE_JOURNAL there is nothing to compare."""
    assert compare_metrics(MODE_JOURNAL.empty(), "CiteScore").empty
