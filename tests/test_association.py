"""Association: hand-computed cases, agreement with scipy and statsmodels, and properties."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from scipy import stats
from scipy.stats.contingency import odds_ratio
from statsmodels.stats.contingency_tables import StratifiedTable

from helpers.tabulate.association import (
    adjust,
    measure_association,
    measure_expected,
    measure_fisher,
    measure_ic,
    measure_room,
    measure_stratified,
    measure_variance,
)
from helpers.tabulate.oddsratio import measure_odds_ratio


def test_expected_count_by_hand() -> None:
    """Two years, 10 and 20 records: 2*5/10 + 4*10/20 = 3."""
    expected = measure_expected(np.array([[2.0, 4.0]]), np.array([[5.0, 10.0]]), np.array([10.0, 20.0]))
    assert expected == pytest.approx(np.array([[3.0]]))


def test_a_mode_named_late_is_not_expected_in_earlier_papers() -> None:
    """A gene of the 1990s and a mode of the 2020s: nothing is expected, though both are frequent."""
    n_year = np.array([100.0, 100.0])
    assert measure_expected(np.array([[50.0, 0.0]]), np.array([[0.0, 50.0]]), n_year)[0, 0] == 0


def test_information_component_by_hand_and_by_scipy() -> None:
    """IC of 7 against 2 expected, its bounds from scipy's Gamma distribution."""
    ic, low, high = measure_ic(np.array([7.0]), np.array([2.0]))
    assert ic[0] == pytest.approx(np.log2(7.5 / 2.5))
    bounds = np.log2(stats.gamma.ppf([0.025, 0.975], 7.5, scale=1 / 2.5))
    assert [low[0], high[0]] == pytest.approx(bounds)


def test_room_by_hand() -> None:
    """Years expecting 1 and 2 records, the gene in 0.2 of both, the mode in 0.5 and 0.25: 0.2, 1/3, variance."""
    row, col, n_year = np.array([[2.0, 8.0]]), np.array([[5.0, 10.0]]), np.array([10.0, 40.0])
    assert measure_expected(row, col, n_year) == pytest.approx(np.array([[3.0]]))
    variance = measure_variance(row, col, n_year)[0, 0]
    assert measure_room(row, col, n_year)[:, 0, 0] == pytest.approx([0.2, (0.5 + 0.25 * 2) / 3, variance])


def test_bounds_narrow_where_a_concept_takes_up_much_of_the_records() -> None:
    """A hundred against a hundred: shares near 0 leave the Gamma bounds, a half of all records takes 3 in 10 off."""
    n = np.array([100.0])
    _, low, high = measure_ic(n, n)
    _, low0, high0 = measure_ic(n, n, np.array([[1e-9], [1e-9], [100.0]]))
    _, low5, high5 = measure_ic(n, n, np.array([[1e-9], [0.5], [50.0]]))
    assert [low0[0], high0[0]] == pytest.approx([low[0], high[0]], rel=1e-6)
    assert (high5 - low5)[0] == pytest.approx((high - low)[0] * 0.5**0.5, rel=0.05)


def test_count_without_room_to_vary_keeps_the_gamma_bounds() -> None:
    """A record alone in its year names both: nothing could have differed, so nothing was learnt."""
    one = np.array([[1.0]])
    room = measure_room(one, one, one[0])
    assert room[:, 0, 0].tolist() == [1.0, 1.0, 0.0]
    found, plain = (measure_ic(one, one, given) for given in (room, None))
    assert np.allclose(found, plain)


def test_room_of_nothing_expected_is_none() -> None:
    """A year without records and a concept that none names divide nothing by nothing."""
    room = measure_room(np.array([[0.0, 2.0]]), np.array([[0.0, 0.0]]), np.array([0.0, 10.0]))
    assert room.tolist() == [[[0.0]], [[0.0]], [[0.0]]]


def test_ic_of_nothing_expected_and_nothing_seen_is_zero() -> None:
    """The half record added to both keeps an empty pair at 0 with a wide interval."""
    ic, low, high = measure_ic(np.zeros(1), np.zeros(1))
    assert ic[0] == 0
    assert low[0] < -5
    assert high[0] > 2


@st.composite
def tables(draw: st.DrawFn) -> tuple[int, int, int, int]:
    total = draw(st.integers(2, 400))
    row, col = draw(st.integers(1, total)), draw(st.integers(1, total))
    low, high = max(0, row + col - total), min(row, col)
    assume(low < high)
    return draw(st.integers(low, high)), row, col, total


@settings(max_examples=150, deadline=None)
@given(tables())
def test_fisher_equals_scipy(table: tuple[int, int, int, int]) -> None:
    """The p of many tables at once is that of scipy's fisher_exact, one by one."""
    n, row, col, total = table
    reference = stats.fisher_exact([[n, row - n], [col - n, total - row - col + n]]).pvalue
    assert measure_fisher([n], [row], [col], total)[0] == pytest.approx(reference, rel=1e-6)


@settings(max_examples=60, deadline=None)
@given(tables())
def test_odds_ratio_equals_scipy(table: tuple[int, int, int, int]) -> None:
    """Conditional odds ratio and interval are scipy's, also where they are 0 or infinite."""
    n, row, col, total = table
    reference = odds_ratio([[n, row - n], [col - n, total - row - col + n]])
    interval = reference.confidence_interval(0.95)
    found = measure_odds_ratio(*(np.array([a]) for a in (n, row, col)), total)[:, 0]
    wanted = [reference.statistic, interval.low, interval.high]
    assert found == pytest.approx(wanted, rel=1e-5, abs=1e-12)


def test_large_tables_are_solved_like_small_ones() -> None:
    """A gene of 4,000 records and a mode of 20,000 among 100,000, against scipy."""
    reference = odds_ratio([[900, 3100], [19100, 76900]])
    interval = reference.confidence_interval(0.95)
    found = measure_odds_ratio(np.array([900]), np.array([4000]), np.array([20000]), 100_000)[:, 0]
    assert found == pytest.approx([reference.statistic, interval.low, interval.high], rel=1e-5)
    p = stats.fisher_exact([[900, 3100], [19100, 76900]]).pvalue
    assert measure_fisher([900], [4000], [20000], 100_000)[0] == pytest.approx(p, rel=1e-4)


def test_variance_is_that_of_the_mantel_haenszel_test() -> None:
    """(O-E)^2/V over three years is statsmodels' Cochran-Mantel-Haenszel statistic."""
    layers = [np.array([[5, 15], [10, 70]]), np.array([[9, 21], [11, 159]]), np.array([[2, 8], [30, 60]])]
    row = np.array([[t[0].sum() for t in layers]], float)
    col = np.array([[t[:, 0].sum() for t in layers]], float)
    n_year = np.array([t.sum() for t in layers], float)
    observed = sum(t[0, 0] for t in layers)
    expected, variance = measure_expected(row, col, n_year), measure_variance(row, col, n_year)
    statistic = (observed - expected[0, 0]) ** 2 / variance[0, 0]
    reference = StratifiedTable([t.astype(float) for t in layers]).test_null_odds(correction=False)
    assert statistic == pytest.approx(reference.statistic)


def exact_tail(n: int, layers: list[tuple[int, int, int]]) -> float:
    """Doubled smaller tail, n weighing half, of a sum of hypergeometric counts, by convolution."""
    chance = np.ones(1)
    for row, col, total in layers:
        chance = np.convolve(chance, stats.hypergeom.pmf(np.arange(min(row, col) + 1), total, row, col))
    return min(1.0, 2 * min(chance[:n].sum(), chance[n + 1 :].sum()) + chance[n])


@pytest.mark.parametrize("n", [0, 1, 3, 6, 9, 14, 20])
def test_stratified_p_is_close_to_the_exact_convolution(n: int) -> None:
    """The two-moment binomial stays within 15 % of the exact p, within a factor of three below one in a million."""
    layers = [(4, 3, 40), (10, 20, 100), (20, 30, 200), (15, 5, 60)]
    row, col, total = (np.array([[layer[i] for layer in layers]], float) for i in range(3))
    expected, variance = measure_expected(row, col, total[0]), measure_variance(row, col, total[0])
    found = measure_stratified(np.array([n]), expected[0], variance[0])[0]
    exact = exact_tail(n, layers)
    assert found == pytest.approx(exact, rel=0.15 if exact > 1e-6 else 0.7)


def test_q_is_statsmodels_and_skips_untested_pairs() -> None:
    """Missing p stays missing and does not count among the tests."""
    q = adjust(np.array([0.01, np.nan, 0.02, 0.5]))
    assert q[[0, 2, 3]] == pytest.approx([0.03, 0.03, 0.5])
    assert np.isnan(q[1])


def test_pairs_are_tested_by_their_margins_never_by_their_count() -> None:
    """A pair never named together is tested when gene and mode are frequent; a rare gene is not."""
    n_year = np.array([50.0, 50.0])
    rows, cols = np.array([[10.0, 10.0], [1.0, 1.0]]), np.array([[8.0, 8.0]])
    table = measure_association(np.array([[0.0], [2.0]]), rows, cols, n_year, min_records=3)
    assert table["p"].notna().tolist() == [True, False]
    assert table["odds_ratio"].isna().all()


@settings(max_examples=100, deadline=None)
@given(st.integers(0, 500), st.floats(0, 500))
def test_interval_holds_the_estimate_and_narrows(observed: int, expected: float) -> None:
    """Low < IC < high, and ten times the evidence gives a narrower interval."""
    ic, low, high = (v[0] for v in measure_ic(np.array([observed]), np.array([expected])))
    assert low < ic < high
    _, low10, high10 = (v[0] for v in measure_ic(np.array([observed * 10]), np.array([expected * 10])))
    assert high10 - low10 <= high - low + 1e-12


@settings(max_examples=200, deadline=None)
@given(st.integers(0, 500), st.floats(0, 500), st.floats(0, 1), st.floats(0, 1), st.floats(0, 500))
def test_known_margins_keep_the_estimate_and_never_widen_its_interval(
    observed: int, expected: float, row: float, col: float, variance: float
) -> None:
    """Low < IC < high whatever the room to vary, and no wider than without knowing the margins."""
    pair = np.array([observed]), np.array([expected])
    ic, low, high = (v[0] for v in measure_ic(*pair, np.array([[row], [col], [variance]])))
    plain, widest_low, widest_high = (v[0] for v in measure_ic(*pair))
    assert ic == plain
    assert low < ic < high
    assert high - low <= widest_high - widest_low + 1e-9
