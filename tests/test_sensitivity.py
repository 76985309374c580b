"""Sensitivity, permutation and exclusions: how much rests on how we count, and on whom."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from synthetic_corpus import frames_from, make_articles, make_mentions

from helpers.tabulate.association import measure_ic
from helpers.tabulate.exclusions import measure_exclusions
from helpers.tabulate.permutation import check_permutation
from helpers.tabulate.sensitivity import measure_sensitivity, summarise_sensitivity


def test_each_counting_by_hand() -> None:
    """Six records: full, fractional, sentence and review-free counts of one pair with expectations."""
    articles = make_articles({"year": 2020, "article_kind": k} for k in ["primary"] * 4 + ["review"] * 2)
    named = [(i, "gene", "A", 0) for i in (0, 1, 4)] + [(i, "gene", "B", 0) for i in (0, 2, 3)]
    named += [(0, "mode", "x", 0), (1, "mode", "x", 1), (4, "mode", "x", 0), (2, "mode", "x", 0)]
    table = measure_sensitivity(articles, make_mentions(named)).set_index(["gene", "counting"])
    assert table.loc[("A", "full"), ["n", "expected"]].tolist() == pytest.approx([3, 3 * 4 / 6])
    assert table.loc[("A", "fractional"), ["n", "expected"]].tolist() == pytest.approx([2.5, 2.5 * 4 / 6])
    # Of five votes for a pair four fall in one sentence.
    assert table.loc[("A", "sentence"), ["n", "expected"]].tolist() == pytest.approx([2, 2 * 4 / 5])
    assert table.loc[("A", "no reviews"), ["n", "expected"]].tolist() == pytest.approx([2, 2 * 3 / 4])
    ic = measure_ic(np.array([3.0]), np.array([2.0]))
    assert table.loc[("A", "full"), ["ic", "ic_low", "ic_high"]].tolist() == pytest.approx([v[0] for v in ic])


def test_summary_counts_what_is_gained_and_lost() -> None:
    """A link that rests on reviews is lost without them; full counting agrees with itself."""
    random = np.random.default_rng(0)
    genes, modes = random.random((400, 6)) < 0.15, random.random((400, 3)) < 0.2
    modes[:60, 0] = genes[:60, 0] = True
    articles, mentions = frames_from(genes, modes, np.full(400, 2020))
    articles.loc[:59, "article_kind"] = "review"
    summary = summarise_sensitivity(measure_sensitivity(articles, mentions)).set_index("counting")
    assert summary.loc["full", ["gained", "lost", "tau"]].tolist() == [0, 0, 1.0]
    assert summary.loc["no reviews", "lost"] >= 1


def test_shuffling_within_years_exposes_a_test_that_is_blind_to_years() -> None:
    """Genes and modes rise together over the years, nothing else links them: Fisher calls, we do not."""
    random = np.random.default_rng(1)
    years = np.repeat(np.arange(2000, 2020), 100)
    late = ((years - 2000) / 20)[:, None]
    genes = random.random((2000, 20)) < 0.01 + 0.3 * late**3 * (np.arange(20) % 2)
    modes = random.random((2000, 6)) < 0.01 + 0.5 * late**3 * (np.arange(6) % 2)
    table = check_permutation(*frames_from(genes, modes, years), shuffles=10).set_index(["test", "level"])
    assert table.loc[("fisher", 0.05), "called"] > 10
    assert table.loc[("fisher", 0.05), "fdr"] > 0.5
    assert table.loc[("stratified", 0.05), "called"] <= 2


def test_shuffling_is_seeded() -> None:
    """The same seed gives the same table."""
    random = np.random.default_rng(2)
    genes, modes = random.random((300, 5)) < 0.2, random.random((300, 3)) < 0.2
    genes[:, 0] |= modes[:, 0]
    frames = frames_from(genes, modes, random.integers(2000, 2010, 300))
    first, second = (check_permutation(*frames, shuffles=3, seed=7) for _ in range(2))
    pd.testing.assert_frame_equal(first, second)
    assert first.set_index(["test", "level"]).loc[("stratified", 0.01), "called"] >= 1


def test_exclusions_show_what_each_state_decides() -> None:
    """A pair resting on one retracted paper, a pair that loses a vote, and an unflagged pair."""
    states = ["retracted", "retracted", "none", "none", "concern", "notice"]
    articles = make_articles({"year": 2020, "retraction": s, "title": "t"} for s in states)
    named = [(0, "gene", "A"), (0, "mode", "x"), (1, "gene", "B"), (1, "mode", "x")]
    named += [
        (2, "gene", "B"),
        (2, "mode", "x"),
        (3, "gene", "C"),
        (3, "mode", "x"),
        (5, "gene", "A"),
        (5, "mode", "x"),
    ]
    table, summary = measure_exclusions(articles, make_mentions(named))
    rows = table.set_index("gene")
    assert rows.index.tolist() == ["A", "B"]
    assert rows.loc["A", ["n_with", "n_without", "change"]].tolist() == [1, 0, "rests on them alone"]
    assert rows.loc["B", ["n_with", "n_without", "change"]].tolist() == [2, 1, "count only"]
    assert rows.loc["A", "records"] == "local:00000"
    counted = summary.set_index("state")
    assert counted.loc["retracted", ["n", "pairs", "vanished"]].tolist() == [2, 2, 1]
    assert counted.loc["retracted", "treatment"] == "left out of every count"
    assert counted.loc["concern", ["n", "pairs"]].tolist() == [1, 0]


def test_exclusions_find_a_link_that_retracted_papers_decide() -> None:
    """Ten retracted papers make the association; without them it is gone."""
    states = ["retracted"] * 10 + ["none"] * 90
    articles = make_articles({"year": 2020, "retraction": s} for s in states)
    named = [(i, "gene", "A") for i in range(14)] + [(i, "mode", "x") for i in [*range(10), *range(40, 60)]]
    named += [(13, "mode", "x")]
    table, summary = measure_exclusions(articles, make_mentions(named))
    assert table.iloc[0]["change"] == "association decided by them"
    assert summary.set_index("state").loc["retracted", "moved"] == 1
