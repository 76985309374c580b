"""Simulation: planted links and planted gaps come back at the stated rates, intervals cover as they say.

All data are synthetic: records in years that grow, genes and modes named at given rates, some pairs
joined more often than chance (links) or less often (gaps).
"""

from __future__ import annotations

import numpy as np
import pytest

from helpers.tabulate.association import (
    adjust,
    measure_expected,
    measure_ic,
    measure_ic_margins,
    measure_stratified,
    measure_variance,
)
from helpers.tabulate.oddsratio import measure_odds_ratio
from helpers.tabulate.trends import measure_growth

SEEDS = range(20)
N_YEAR = np.array([300, 500, 800, 1200, 2200])
GENES, MODES, PLANTED = 200, 10, 30
LINK, GAP = 2.5, 0.15


def simulate(seed: int) -> tuple[np.ndarray, ...]:
    """Joint counts, yearly margins, the planted factor of each pair (1: none), and its true odds ratio.

    Shares of genes and modes differ between years. Sixty genes are each tied to one mode: where the
    record names the mode, the gene is named at its share times the factor (2.5: link, 0.15: gap), and
    elsewhere so much less or more that its share stays as it was. So the factor is the true ratio of the
    joint share to that expected from the yearly shares; the odds ratio is that of all years together.
    """
    random = np.random.default_rng(seed)
    year = np.repeat(np.arange(len(N_YEAR)), N_YEAR)
    gene_share = (0.01 + 0.09 * random.random(GENES)) * random.uniform(0.5, 1.5, (len(N_YEAR), GENES))
    gene_share[:, : 2 * PLANTED] = np.maximum(gene_share[:, : 2 * PLANTED], 0.06)
    mode_share = random.uniform(0.05, 0.2, MODES) * random.uniform(0.7, 1.3, (len(N_YEAR), MODES))
    modes = random.random((len(year), MODES)) < mode_share[year]
    factor = np.ones((GENES, MODES))
    chance = gene_share[year]
    for gene in range(2 * PLANTED):
        mode, value = random.integers(MODES), LINK if gene < PLANTED else GAP
        factor[gene, mode] = value
        share = mode_share[year, mode]
        elsewhere = (1 - value * share) / (1 - share)
        chance[:, gene] *= np.where(modes[:, mode], value, elsewhere)
    genes = random.random((len(year), GENES)) < chance
    by_year = (year[:, None] == np.arange(len(N_YEAR))).astype(float)
    genes, modes = genes.astype(float), modes.astype(float)
    both = factor * (N_YEAR[:, None, None] * gene_share[:, :, None] * mode_share[:, None, :]).sum(axis=0)
    gene_only = (N_YEAR @ gene_share)[:, None] - both
    mode_only = (N_YEAR @ mode_share)[None, :] - both
    odds_ratio = both * (N_YEAR.sum() - both - gene_only - mode_only) / (gene_only * mode_only)
    return genes.T @ modes, genes.T @ by_year, modes.T @ by_year, factor, odds_ratio


@pytest.fixture(scope="module")
def runs() -> list[dict[str, np.ndarray]]:
    """q, bounds of IC and odds ratio, expectation, planted factor and true odds ratio of each pair, per seed."""
    results = []
    for seed in SEEDS:
        joint, gene_year, mode_year, factor, odds_ratio = simulate(seed)
        margins = (gene_year, mode_year, N_YEAR.astype(float))
        expected, variance = measure_expected(*margins), measure_variance(*margins)
        q = adjust(measure_stratified(joint.ravel(), expected.ravel(), variance.ravel()))
        _, low, high = (bound.ravel() for bound in measure_ic(joint, expected))
        rows, cols = (
            sums.sum(axis=1)[codes.ravel()]
            for sums, codes in zip((gene_year, mode_year), np.indices(joint.shape), strict=True)
        )
        _, or_low, or_high = measure_odds_ratio(joint.ravel(), rows, cols, int(N_YEAR.sum()))
        given = measure_ic_margins(joint.ravel(), expected.ravel(), rows, cols, int(N_YEAR.sum()))
        results.append({"q": q, "low": low, "high": high, "or_low": or_low, "or_high": or_high})
        results[-1] |= dict(zip(("low_margins", "high_margins"), given, strict=True))
        results[-1] |= {"expected": expected.ravel(), "factor": factor.ravel(), "or": odds_ratio.ravel()}
    return results


def share_found(runs: list[dict[str, np.ndarray]], called: list[np.ndarray], factor: float) -> float:
    """Mean share of the pairs of one planted factor that are called."""
    return float(np.mean([c[run["factor"] == factor].mean() for c, run in zip(called, runs, strict=True)]))


def share_false(runs: list[dict[str, np.ndarray]], called: list[np.ndarray]) -> float:
    """Mean share of the called pairs that were not planted."""
    false = [(c & (run["factor"] == 1)).sum() / max(c.sum(), 1) for c, run in zip(called, runs, strict=True)]
    return float(np.mean(false))


def test_planted_links_and_gaps_are_called_and_q_holds(runs: list) -> None:
    """At q below 0.05 over 95 % of links and gaps come back, and 3 to 5 % of the calls are false."""
    called = [run["q"] < 0.05 for run in runs]
    assert share_found(runs, called, LINK) > 0.95
    assert share_found(runs, called, GAP) > 0.95
    assert 0.03 < share_false(runs, called) < 0.05


def test_planted_gaps_are_found_and_false_ones_are_rare(runs: list) -> None:
    """An upper bound below 0 finds over 95 % of the gaps, and under 2.5 % of the pairs without one."""
    called = [run["high"] < 0 for run in runs]
    assert share_found(runs, called, GAP) > 0.95
    assert share_found(runs, called, 1.0) < 0.025


@pytest.mark.parametrize(("factor", "most"), [(1.0, 0.975), (LINK, 0.99), (GAP, 0.97)])
def test_ic_interval_covers_the_true_ratio(runs: list, factor: float, most: float) -> None:
    """Where chance expects 5 records or more, the 95 % interval holds the true ratio 93 times in 100 or more.

    The published interval takes the joint count for a Poisson count; given the margins it varies less, so that
    links, which fill much of a mode, are covered 98 times in 100.
    """
    inside = []
    for run in runs:
        truth, chosen = np.log2(run["factor"]), (run["factor"] == factor) & (run["expected"] >= 5)
        inside.append(((run["low"] <= truth) & (truth <= run["high"]))[chosen])
    assert 0.93 <= np.concatenate(inside).mean() <= most


@pytest.mark.parametrize("factor", [1.0, LINK, GAP])
def test_ic_interval_given_the_margins_covers_as_stated_in_each_class(runs: list, factor: float) -> None:
    """Given the margins, 93 to 97 in 100 at chance, for links and for gaps alike."""
    inside = []
    for run in runs:
        truth, chosen = np.log2(run["factor"]), (run["factor"] == factor) & (run["expected"] >= 5)
        inside.append(((run["low_margins"] <= truth) & (truth <= run["high_margins"]))[chosen])
    assert 0.93 <= np.concatenate(inside).mean() <= 0.97


def test_interval_given_the_margins_is_the_published_one_where_both_are_rare() -> None:
    """In a million records a pair of two rare concepts has the same interval either way."""
    n, expected = np.array([0.0, 3.0, 8.0]), np.array([2.0, 1.0, 2.0])
    _, low, high = measure_ic(n, expected)
    given = measure_ic_margins(n, expected, np.full(3, 4000.0), np.full(3, 4000.0), 1_000_000)
    assert np.allclose((low, high), given, atol=0.01)


def test_ic_interval_covers_as_stated_over_all_pairs(runs: list) -> None:
    """Over all pairs, links and gaps among them, coverage lies between 93 and 97 in 100."""
    inside = []
    for run in runs:
        truth = np.log2(run["factor"])
        inside.append(((run["low"] <= truth) & (truth <= run["high"]))[run["expected"] >= 5])
    assert 0.93 <= np.concatenate(inside).mean() <= 0.97


@pytest.mark.parametrize("factor", [1.0, LINK, GAP])
def test_odds_ratio_interval_covers_the_true_odds_ratio(runs: list, factor: float) -> None:
    """The exact conditional interval covers 95 times in 100 or more (never less, by its making), up to 98."""
    inside = []
    for run in runs:
        chosen = (run["factor"] == factor) & (run["expected"] >= 5)
        inside.append(((run["or_low"] <= run["or"]) & (run["or"] <= run["or_high"]))[chosen])
    assert 0.945 <= np.concatenate(inside).mean() <= 0.985


@pytest.mark.parametrize(
    ("expected", "ratio"), [(e, r) for e in (5.0, 10.0, 40.0) for r in (0.5, 1.0, 2.0, 4.0) if e * r >= 5]
)
def test_ic_coverage_at_each_ratio(expected: float, ratio: float) -> None:
    """Poisson counts around ratio × expected: coverage 93 to 97 %, half a percent more for their steps."""
    counts = np.random.default_rng(1).poisson(ratio * expected, 20_000)
    _, low, high = measure_ic(counts, np.full(20_000, expected))
    truth = np.log2((ratio * expected + 0.5) / (expected + 0.5))
    assert 0.925 <= ((low <= truth) & (truth <= high)).mean() <= 0.975


@pytest.mark.parametrize("growth", [-0.05, 0.0, 0.2])
def test_growth_interval_covers_the_true_growth(growth: float) -> None:
    """Poisson counts of 2,000 concepts over 12 years: the 95 % interval covers 93 to 97 times in 100."""
    random = np.random.default_rng(5)
    years, total = np.arange(12), np.linspace(500, 1500, 12)
    counts = random.poisson(0.02 * total * (1 + growth) ** years, (2000, 12)).astype(float)
    _, low, high = measure_growth(counts, total, years, np.ones_like(counts), min_records=5)
    assert 0.93 <= ((low <= growth) & (growth <= high)).mean() <= 0.975
