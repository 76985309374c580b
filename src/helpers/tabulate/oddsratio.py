"""Conditional odds ratios of many 2×2 tables at once.

scipy.stats.contingency.odds_ratio gives the same numbers (a test holds the two together) at 1 to 10 ms
a table; a corpus has a hundred thousand tables, so all are solved together here.
"""

from __future__ import annotations

import numpy as np
from scipy.special import gammaln, ndtri

from helpers.tabulate.votes import Array

_CELLS = 2_000_000  # largest block of probabilities held at once
_STEPS, _TOLERANCE = 60, 1e-9


def measure_odds_ratio(n: Array, n_row: Array, n_col: Array, n_total: int, *, level: float = 0.95) -> Array:
    """Array of 3 × tables: conditional maximum-likelihood odds ratio, lower and upper bound.

    The bounds are those of the exact conditional test (noncentral hypergeometric, each tail half of
    1 - level): 0 or infinity where the count is the least or most the margins allow.
    """
    n, n_row, n_col = (np.asarray(a, dtype=np.int64) for a in (n, n_row, n_col))
    low, high = np.maximum(0, n_row + n_col - n_total), np.minimum(n_row, n_col)
    # Counts further than this from n have no weight at any odds ratio looked at.
    reach = np.ceil(12 * np.sqrt(n + 4.0) + 20).astype(np.int64)
    first, last = np.maximum(low, n - reach), np.minimum(high, n + reach)
    result = np.empty((3, len(n)))
    width = last - first + 1
    order = np.argsort(width, kind="stable")
    start = 0
    while start < len(n):
        stop = min(len(n), start + max(1, _CELLS // int(width[order[start]])))
        stop = min(stop, start + max(1, _CELLS // int(width[order[stop - 1]])))
        block = order[start:stop]
        result[:, block] = _solve_block(
            n[block], n_row[block], n_col[block], n_total, first[block], last[block], (1 - level) / 2
        )
        start = stop
    result[0] = np.where(n == low, 0.0, np.where(n == high, np.inf, result[0]))
    result[1] = np.where(n == low, 0.0, result[1])
    result[2] = np.where(n == high, np.inf, result[2])
    result[:, low == high] = np.nan
    return result


def _solve_block(
    n: Array, n_row: Array, n_col: Array, n_total: int, first: Array, last: Array, tail: float
) -> Array:
    k = first[:, None] + np.arange(int((last - first).max()) + 1)[None, :]
    k = np.minimum(k, last[:, None])
    weight = _log_choose(n_row[:, None], k) + _log_choose(n_total - n_row[:, None], n_col[:, None] - k)
    weight[:, 1:][k[:, 1:] == k[:, :-1]] = -np.inf
    offset = (k - n[:, None]).astype(float)
    at_least, at_most = (offset >= 0).astype(float), (offset <= 0).astype(float)
    above, below = n > first, n < last
    guess, error = _woolf(n, n_row, n_col, n_total)
    reach = ndtri(1 - tail) * error
    result = np.full((3, len(n)), np.nan)
    for line, rows, value, goal, rising, start in (
        (0, above & below, offset, 0.0, True, guess),
        (1, above, at_least, tail, True, guess - reach),
        (2, below, at_most, tail, False, guess + reach),
    ):
        if rows.any():
            result[line, rows] = _root(
                weight[rows], offset[rows], value[rows], goal, rising=rising, start=start[rows]
            )
    return np.asarray(np.exp(result))


def _woolf(n: Array, n_row: Array, n_col: Array, n_total: int) -> tuple[Array, Array]:
    """Log of the plain odds ratio and its standard error, half a record added to each cell."""
    cells = np.stack([n, n_row - n, n_col - n, n_total - n_row - n_col + n]) + 0.5
    return np.log(cells[0] * cells[3] / cells[1] / cells[2]), np.sqrt((1 / cells).sum(axis=0))


def _log_choose(n: Array, k: Array) -> Array:
    return np.asarray(gammaln(n + 1.0) - gammaln(k + 1.0) - gammaln(n - k + 1.0))


def _root(weight: Array, offset: Array, value: Array, goal: float, *, rising: bool, start: Array) -> Array:
    """Log odds ratio at which the mean of `value` equals `goal`: Newton steps kept inside a bracket."""
    log_odds = start
    left, right = np.full(len(weight), -60.0), np.full(len(weight), 60.0)
    for _ in range(_STEPS):
        logits = weight + log_odds[:, None] * offset
        chance = np.exp(logits - logits.max(axis=1, keepdims=True))
        chance /= chance.sum(axis=1, keepdims=True)
        mean = (chance * value).sum(axis=1)
        slope = (chance * value * offset).sum(axis=1) - mean * (chance * offset).sum(axis=1)
        above = (mean > goal) if rising else (mean < goal)
        left, right = np.where(above, left, log_odds), np.where(above, log_odds, right)
        with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
            # The log of a tail is close to straight in the log odds, the tail itself is not.
            step = log_odds - ((mean - goal) / slope if goal == 0 else np.log(mean / goal) * mean / slope)
        settled = np.abs(step - log_odds) < _TOLERANCE
        if settled.all():
            break
        inside = np.isfinite(step) & (step > left) & (step < right)
        log_odds = np.where(settled, log_odds, np.where(inside, step, (left + right) / 2))
    return log_odds
