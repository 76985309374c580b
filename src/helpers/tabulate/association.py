"""How strongly two concepts go together: expected count, Information Component, exact tests.

Expected counts are stratified by publication year, E = sum over years of n_row,y * n_col,y / N_y: a
record from before a mode had its name cannot name it, and an unstratified expectation would invent gaps.
The pairs tested are those whose two concepts are each named by at least `min_records` records, whether
or not any record names both: the choice looks at the margins only, so that q keeps its meaning. p and
q come from a test stratified by year like the expected count. Fisher's test on the pooled table stands
beside it for comparison with other work: it takes a gene and a mode that both rose in the same years
for associated, and its q does not hold the false-discovery rate (see `permutation`).
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy import special, stats
from statsmodels.stats.multitest import multipletests

from helpers.tabulate.oddsratio import measure_odds_ratio
from helpers.tabulate.votes import Array

LEVEL = 0.95
# Counts whose chances differ by less than this factor (in logs) are ties, as in R's fisher.test.
_TIE = 1e-7


def measure_expected(row_year: Array, col_year: Array, n_year: Array) -> Array:
    """Expected joint counts, rows × columns, stratified by year.

    row_year and col_year are concepts × years counts (fractional counts allowed), n_year the records.
    """
    share = np.divide(col_year, n_year, out=np.zeros_like(col_year), where=n_year > 0)
    return np.asarray(row_year @ share.T)


def measure_variance(row_year: Array, col_year: Array, n_year: Array) -> Array:
    """Variance of the joint counts if the two were independent within each year (Mantel-Haenszel)."""
    n = np.where(n_year > 1, n_year, np.nan)
    left = row_year * (n - row_year)
    right = col_year * (n - col_year) / (n**2 * (n - 1))
    return np.asarray(np.nan_to_num(left) @ np.nan_to_num(right).T)


def measure_ic(observed: Array, expected: Array, *, level: float = LEVEL) -> tuple[Array, Array, Array]:
    """Information Component log2((O+1/2)/(E+1/2)) and its credible bounds.

    The bounds are quantiles of the Gamma(O+1/2, E+1/2) posterior of the ratio of observed to expected:
    Norén, Hopstadius, Bate 2013, Stat Methods Med Res 22:57.
    """
    shape, rate = np.asarray(observed, float) + 0.5, np.asarray(expected, float) + 0.5
    tail = (1 - level) / 2
    low, high = (np.log2(special.gammaincinv(shape, part) / rate) for part in (tail, 1 - tail))
    return np.log2(shape / rate), low, high


def measure_ic_margins(
    observed: Array, expected: Array, n_row: Array, n_col: Array, n_total: int, *, level: float = LEVEL
) -> tuple[Array, Array]:
    """Credible bounds of the Information Component, given how often each of the two concepts is named.

    Given the margins, a joint count varies less than a Poisson count: its variance is close to
    1/(1/a + 1/b + 1/c + 1/d), a to d the cells of the 2×2 table (Cornfield 1956, Proc Third Berkeley Symp
    4:135). The Gamma posterior of `measure_ic` gets that variance, in proportion: its shape and rate times
    1 + a/b + a/c + a/d, half a record added to each cell. Where both concepts are rare nothing changes.
    """
    a, b, c = (np.asarray(cell, float) + 0.5 for cell in (observed, n_row - observed, n_col - observed))
    d = np.asarray(n_total - n_row - n_col + observed, float) + 0.5
    scale = 1 + a / b + a / c + a / d
    tail, rate = (1 - level) / 2, (np.asarray(expected, float) + 0.5) * scale
    low, high = (np.log2(special.gammaincinv(a * scale, part) / rate) for part in (tail, 1 - tail))
    return low, high


def measure_fisher(n: Array, n_row: Array, n_col: Array, n_total: int) -> Array:
    """Two-sided p of Fisher's exact test for many 2×2 tables at once, as scipy.stats.fisher_exact.

    The arrays are of one length: joint records, records of each concept; n_total is one number.
    """
    # Most pairs of a corpus are rare and share their table with many others: each is computed once.
    tables = pd.DataFrame({"n": n, "row": n_row, "col": n_col}).astype("int64")
    place = tables.groupby(["n", "row", "col"], sort=False).ngroup().to_numpy()
    distinct = tables[~tables.duplicated()]
    columns = (distinct[name].to_numpy() for name in ("n", "row", "col"))
    return np.asarray(_fisher(np.stack(list(columns)), n_total)[place])


def _fisher(tables: Array, n_total: int) -> Array:
    n, n_row, n_col = tables
    low, high = np.maximum(0, n_row + n_col - n_total), np.minimum(n_row, n_col)
    centre = ((n_row + 1) * (n_col + 1)) // (n_total + 2)
    bar = _log_chance(n, n_row, n_col, n_total) + _TIE
    lower = n < centre
    # On the far side of the centre, the first count (seen from the centre) at most as likely as n.
    near, far = centre.copy(), np.where(lower, high + 1, low - 1)
    while (unsettled := np.abs(far - near) > 1).any():
        middle = np.where(unsettled, (near + far) // 2, near)
        rare = _log_chance(middle, n_row, n_col, n_total) <= bar
        far = np.where(unsettled & rare, middle, far)
        near = np.where(unsettled & ~rare, middle, near)
    far = np.where(_log_chance(near, n_row, n_col, n_total) <= bar, near, far)
    upper_from, lower_to = np.where(lower, far, n), np.where(lower, n, far)
    table = (n_total, n_col, n_row)
    p = stats.hypergeom.sf(upper_from - 1, *table) + stats.hypergeom.cdf(lower_to, *table)
    return np.minimum(1.0, np.where(upper_from <= lower_to, 1.0, p))


def _log_chance(k: Array, n_row: Array, n_col: Array, n_total: int) -> Array:
    """Log of the hypergeometric chance of k, but for a constant of the margins."""
    cells = (k, n_row - k, n_col - k, n_total - n_row - n_col + k)
    return -np.asarray(sum(special.gammaln(cell + 1.0) for cell in cells))


def measure_stratified(n: Array, expected: Array, variance: Array) -> Array:
    """Two-sided mid-p of a joint count against independence within each publication year.

    Given the margins, the count is a sum of hypergeometric counts, one a year, hence of independent
    yes/no draws; a binomial of the same mean and variance gives its tails (Ehm 1991, Stat Probab Lett
    11:7). The smaller tail is doubled; the count itself weighs half in it, which keeps the
    false-discovery rate close to q where counts are small (mid-p: Lancaster 1961, JASA 56:223).
    """
    n, expected = np.asarray(n, float), np.asarray(expected, float)
    ratio = np.divide(variance, expected, out=np.zeros_like(expected), where=expected > 0)
    size = np.maximum(expected / np.clip(1 - ratio, 1e-9, 1), n)
    chance = np.divide(expected, size, out=np.zeros_like(expected), where=size > 0)
    upper = (_at_least(n, size, chance) + _at_least(n + 1, size, chance)) / 2
    lower = (_at_least(size - n, size, 1 - chance) + _at_least(size - n + 1, size, 1 - chance)) / 2
    p = np.minimum(1.0, 2 * np.minimum(upper, lower))
    # Where the margins leave one possible count, nothing was tested.
    return np.where(np.asarray(variance) > 0, p, 1.0)


def _at_least(k: Array, size: Array, chance: Array) -> Array:
    """Chance of k or more of a binomial whose size need not be whole."""
    tail = special.betainc(np.maximum(k, 1e-9), np.maximum(size - k + 1, 1e-9), chance)
    return np.where(k <= 0, 1.0, np.where(k >= size + 1, 0.0, tail))


def adjust(p: Array) -> Array:
    """Benjamini-Hochberg q of the p values that are not missing; the others stay missing."""
    q = np.full(len(p), np.nan)
    tested = ~np.isnan(p)
    if tested.any():
        q[tested] = multipletests(p[tested], method="fdr_bh")[1]
    return q


def measure_association(
    n: Array, row_year: Array, col_year: Array, n_year: Array, *, min_records: int = 3
) -> pd.DataFrame:
    """All pairs in long form, row-major: row, col (codes), n, n_row, n_col, expected, ic, ic_low, ic_high,
    ic_low_margins, ic_high_margins, p, q, p_fisher, q_fisher, odds_ratio, or_low, or_high.

    n is the rows × columns matrix of joint counts, row_year and col_year the yearly margins, n_year the
    records of each year. p and q are missing for pairs not tested; the odds ratio is missing below
    min_records joint records (too few).
    """  # noqa: D205
    expected = measure_expected(row_year, col_year, n_year).ravel()
    variance = measure_variance(row_year, col_year, n_year).ravel()
    rows, cols = (codes.ravel() for codes in np.indices(n.shape))
    joint, n_row, n_col = n.ravel(), row_year.sum(axis=1)[rows], col_year.sum(axis=1)[cols]
    tested = (n_row >= min_records) & (n_col >= min_records)
    total = int(n_year.sum())
    p, p_fisher = np.full(len(joint), np.nan), np.full(len(joint), np.nan)
    p[tested] = measure_stratified(joint[tested], expected[tested], variance[tested])
    p_fisher[tested] = measure_fisher(joint[tested], n_row[tested], n_col[tested], total)
    enough = joint >= min_records
    ratio = np.full((3, len(joint)), np.nan)
    ratio[:, enough] = measure_odds_ratio(joint[enough], n_row[enough], n_col[enough], total)
    ic, ic_low, ic_high = measure_ic(joint, expected)
    columns = {"row": rows, "col": cols, "n": joint, "n_row": n_row, "n_col": n_col, "expected": expected}
    low, high = measure_ic_margins(joint, expected, n_row, n_col, total)
    columns |= {"ic": ic, "ic_low": ic_low, "ic_high": ic_high}
    columns |= {"ic_low_margins": low, "ic_high_margins": high}
    columns |= {"p": p, "q": adjust(p), "p_fisher": p_fisher, "q_fisher": adjust(p_fisher)}
    columns |= dict(zip(("odds_ratio", "or_low", "or_high"), ratio, strict=True))
    return pd.DataFrame(columns)
