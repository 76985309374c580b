"""Growth of modes and genes over the years, standout years, and the first record of each pair."""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy import stats
from statsmodels.stats.proportion import proportion_confint

from helpers.schemas import TRENDS, conform
from helpers.schemas.statistics import FIRST_RECORDS
from helpers.tabulate.votes import Array, Votes, cast_votes, pair_votes

MIN_YEARS = 3
BURST_LEVEL = 0.01
_Z = stats.norm.ppf(0.975)


def count_trends(
    articles: pd.DataFrame, mentions: pd.DataFrame, *, current_year: int | None, min_records: int = 5
) -> pd.DataFrame:
    """TRENDS: a row per mode or gene and year of the slice; records without a year are left out.

    Growth is that of a Poisson regression of the yearly count on the year, with the year's records as
    exposure (share * (1+growth) each year); where counts scatter more than Poisson, the interval is
    widened by the Pearson dispersion. Fitted are the complete years (before `current_year`) after the
    concept's first record, that first year too when it is the slice's first: a first year is above zero by
    definition and would pull growth down. Missing when fewer than `min_records` records or three years
    are left. A burst year has more records than the trend of the other years foretells (chance below
    0.01 over all years fitted).
    """
    votes = cast_votes(articles[articles["year"].notna()], mentions)
    running = np.inf if current_year is None else current_year
    parts = [
        _trend_rows(votes, kind, names, votes.per_year(matrix), running, min_records)
        for kind, names, matrix in (("gene", votes.genes, votes.gene), ("mode", votes.modes, votes.mode))
    ]
    return conform(pd.concat(parts, ignore_index=True), TRENDS)


def find_running_year(searches: pd.DataFrame, articles: pd.DataFrame) -> int | None:
    """Year still incomplete in these records: that of the latest search (SEARCHES), else of the newest record."""
    searched = searches["searched"].dropna()
    if len(searched):
        return int(searched.max()[:4])
    newest = articles["year"].max()
    return None if pd.isna(newest) else int(newest)


def _trend_rows(
    votes: Votes, kind: str, names: pd.Index[str], counts: Array, current_year: float, min_records: int
) -> pd.DataFrame:
    years = np.array(votes.years, dtype=int)
    total = votes.n_year
    used = _fitted_years(counts, years, current_year)
    growth, low, high = measure_growth(counts, total, years, used, min_records=min_records)
    burst = find_bursts(counts, total, years, used, min_records=min_records)
    share_low, share_high = proportion_confint(counts, total[None, :], method="wilson")
    shape = counts.shape
    return pd.DataFrame(
        {
            "kind": kind,
            "concept": np.repeat(names, shape[1]),
            "year": np.tile(years, shape[0]),
            "n": counts.astype(int).ravel(),
            "n_year": np.tile(total.astype(int), shape[0]),
            "share": (counts / total).ravel() if counts.size else np.empty(0),
            "share_low": np.ravel(share_low),
            "share_high": np.ravel(share_high),
            "growth": np.repeat(growth, shape[1]),
            "growth_low": np.repeat(low, shape[1]),
            "growth_high": np.repeat(high, shape[1]),
            "burst": burst.ravel(),
            "complete": np.tile(years < current_year, shape[0]),
        }
    )


def _fitted_years(counts: Array, years: Array, current_year: float) -> Array:
    """Concepts × years, 1 for the years a fit uses."""
    seen = np.cumsum(counts, axis=1)
    after_first = np.concatenate([seen[:, :1] > 0, seen[:, :-1] > 0], axis=1) if counts.size else seen > 0
    return np.asarray(after_first & (years < current_year)[None, :], dtype=float)


def fit_growth(counts: Array, total: Array, years: Array, used: Array) -> tuple[Array, Array, Array]:
    """Slope per year of the log share, its variance, and the fitted counts (concepts × years).

    Maximum likelihood of a Poisson regression with intercept and exposure `total`, many at once: given
    a concept's sum, its counts are multinomial with chances proportional to total*exp(slope*year), which
    leaves one unknown, found by Newton's method. statsmodels' GLM gives the same (a test holds them
    together) at 2 ms a concept.
    """
    time = np.asarray(years, dtype=float) - np.mean(years) if len(years) else np.zeros(0)
    weight = total[None, :] * used
    held = counts * used
    records = held.sum(axis=1)
    goal = held @ time
    slope = np.zeros(len(counts))
    spread = np.ones(len(counts))
    chance = weight
    for _ in range(50):
        logits = np.where(weight > 0, np.log(np.maximum(weight, 1e-300)) + slope[:, None] * time, -np.inf)
        top = np.where(np.isfinite(logits).any(axis=1), logits.max(axis=1, initial=-1e300), 0.0)
        chance = np.exp(logits - top[:, None])
        chance = chance / np.maximum(chance.sum(axis=1, keepdims=True), 1e-300)
        mean = chance @ time
        spread = np.maximum(chance @ time**2 - mean**2, 1e-12)
        step = np.clip((goal / np.maximum(records, 1e-300) - mean) / spread, -0.5, 0.5)
        slope = slope + step
        if not len(step) or np.abs(step).max() < 1e-10:
            break
    return slope, 1 / np.maximum(records * spread, 1e-300), records[:, None] * chance


def _enough(counts: Array, used: Array, min_records: int) -> Array:
    """Which concepts can be fitted: enough records and years, and not all records in one year."""
    held = counts * used
    spread_out = (used.sum(axis=1) >= MIN_YEARS) & ((held > 0).sum(axis=1) >= 2)
    return np.asarray(spread_out & (held.sum(axis=1) >= min_records))


def measure_growth(
    counts: Array, total: Array, years: Array, used: Array, *, min_records: int
) -> tuple[Array, Array, Array]:
    """Yearly growth of the share per concept with its 95 % bounds; missing where too few."""
    result = np.full((3, len(counts)), np.nan)
    enough = _enough(counts, used, min_records)
    if not enough.any():
        return result[0], result[1], result[2]
    chosen, part = counts[enough], used[enough]
    slope, variance, fitted = fit_growth(chosen, total, years, part)
    error = np.sqrt(variance * _dispersion(chosen, fitted, part))
    result[:, enough] = np.expm1(np.stack([slope, slope - _Z * error, slope + _Z * error]))
    return result[0], result[1], result[2]


def _dispersion(counts: Array, fitted: Array, used: Array) -> Array:
    """Pearson dispersion of each concept, at least 1."""
    part = np.divide(
        (counts - fitted) ** 2, fitted, out=np.zeros_like(fitted), where=(fitted > 0) & (used > 0)
    )
    return np.asarray(np.maximum(1.0, part.sum(axis=1) / np.maximum(used.sum(axis=1) - 2, 1)))


def find_bursts(counts: Array, total: Array, years: Array, used: Array, *, min_records: int) -> Array:
    """Concepts × years, true where a year has more records than the trend of the other years foretells.

    Each year is set against a negative binomial with the mean and variance (Poisson, dispersion and the
    uncertainty of the fit) which the fit without that year foretells, at 0.01 shared among the years.
    """
    burst = np.zeros(counts.shape, dtype=bool)
    for column in range(counts.shape[1]):
        others = used.copy()
        others[:, column] = 0
        tried = np.flatnonzero(
            _enough(counts, others, min_records) & (used[:, column] > 0) & (counts[:, column] >= MIN_YEARS)
        )
        if not len(tried):
            continue
        chance = _surprise(counts[tried], total, years, others[tried], column)
        burst[tried, column] = chance < BURST_LEVEL / used[tried].sum(axis=1)
    return burst


def _surprise(counts: Array, total: Array, years: Array, others: Array, column: int) -> Array:
    """Chance of at least the observed count in one year, foretold from the other years."""
    slope, variance, fitted = fit_growth(counts, total, years, others)
    time = np.asarray(years, dtype=float)
    records = (counts * others).sum(axis=1)
    exposure = total[None, :] * others * np.exp(np.clip(slope[:, None] * (time - time[column]), -50, 50))
    mean = np.maximum(total[column] * records / np.maximum(exposure.sum(axis=1), 1e-12), 1e-9)
    centre = (fitted @ time) / np.maximum(records, 1e-12)
    scale = _dispersion(counts, fitted, others)
    error = scale * (1 / records + variance * (time[column] - centre) ** 2)
    excess = np.maximum((scale - 1) * mean + error * mean**2, 1e-9 * mean**2)
    size = mean**2 / excess
    return np.asarray(stats.nbinom.sf(counts[:, column] - 1, size, size / (size + mean)))


def find_first_records(articles: pd.DataFrame, mentions: pd.DataFrame) -> pd.DataFrame:
    """FIRST_RECORDS: the earliest counted record of each pair, by year, then date, then record id."""
    votes = cast_votes(articles, mentions)
    pairs = pair_votes(votes.gene, votes.mode)
    found = votes.articles[["record_id", "year", "pub_date"]].iloc[pairs["row"]].reset_index(drop=True)
    found["gene"] = votes.genes[pairs["left"]]
    found["mode"] = votes.modes[pairs["right"]]
    found = found.sort_values(["gene", "mode", "year", "pub_date", "record_id"], na_position="last")
    by = found.groupby(["gene", "mode"], sort=True)
    first = found.drop_duplicates(["gene", "mode"]).set_index(["gene", "mode"])
    first = first.rename(columns={"year": "first_year"}).assign(n=by.size())
    return conform(first.reset_index(), FIRST_RECORDS)
