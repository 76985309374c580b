"""What leaving out retracted, concern-flagged or corrected records changes, pair by pair."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from helpers.schemas import conform, join_list
from helpers.schemas.statistics import COUNT_ONLY, EXCLUSIONS, EXCLUSIONS_SUMMARY
from helpers.tabulate.association import measure_expected, measure_ic
from helpers.tabulate.votes import Votes, cast_votes, drop_excluded, pair_votes

TREATMENT = {
    "retracted": "left out of every count",
    "concern": "kept and flagged",
    "corrected": "kept and flagged",
}
VANISHES, MOVES = "rests on them alone", "association decided by them"


def measure_exclusions(articles: pd.DataFrame, mentions: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """EXCLUSIONS and EXCLUSIONS_SUMMARY for each retraction state but "none".

    articles and mentions are those of the whole corpus, the retracted records too (a slice handed in
    without them shows nothing for them). Each state is compared alone: all records that count, with and
    without those of the state. A pair's association is decided by them when the lower bound of its
    Information Component crosses 0. Retraction notices carry no findings and are not compared.
    """
    rows, summary = [], []
    for state, treatment in TREATMENT.items():
        # Retracted records vote here, and only here, to show what they would have changed.
        flagged = articles["retraction"] == state
        pool = articles.assign(retraction=articles["retraction"].mask(flagged, "unknown"))
        pool = drop_excluded(pool)
        inside = pool["record_id"].isin(articles.loc[flagged, "record_id"]).to_numpy()
        changed = _changes(pool, mentions, inside) if inside.any() else []
        rows += [{"state": state, **row} for row in changed]
        moves = [row["change"] for row in changed]
        summary.append(
            {
                "state": state,
                "treatment": treatment,
                "n": int(flagged.sum()),
                "pairs": len(changed),
                "vanished": moves.count(VANISHES),
                "moved": moves.count(MOVES),
                "records": join_list(sorted(articles.loc[flagged, "record_id"])),
            }
        )
    table = conform(pd.DataFrame(rows, columns=EXCLUSIONS.names), EXCLUSIONS)
    return table, conform(pd.DataFrame(summary), EXCLUSIONS_SUMMARY)


def _changes(
    pool: pd.DataFrame, mentions: pd.DataFrame, inside: np.ndarray[Any, Any]
) -> list[dict[str, Any]]:
    """Rows of the pairs that the records `inside` name."""
    votes = cast_votes(pool, mentions)
    ids = votes.articles["record_id"].to_numpy(dtype=object)
    pairs = pair_votes(votes.gene, votes.mode)
    touched = pairs[inside[pairs["row"]]]
    with_them = _measured(votes, np.ones(len(pool)))
    without = _measured(votes, (~inside).astype(float))
    rows = []
    for (gene, mode), part in touched.groupby(["left", "right"]):
        before, after = (float(measured[0][gene, mode]) for measured in (with_them, without))
        low, low_after = (float(measured[1][gene, mode]) for measured in (with_them, without))
        moved = (low > 0) != (low_after > 0)
        rows.append(
            {
                "gene": votes.genes[gene],
                "mode": votes.modes[mode],
                "n_with": before,
                "n_without": after,
                "ic_low_with": low,
                "ic_low_without": low_after if after else np.nan,
                "change": VANISHES if not after else MOVES if moved else COUNT_ONLY,
                "records": join_list(ids[part["row"]]),
            }
        )
    return rows


def _measured(votes: Votes, kept: Any) -> tuple[Any, Any]:
    """Joint counts and lower bounds of the IC, genes × modes, over the records with weight 1 in `kept`."""
    genes, modes = (matrix.multiply(kept[:, None]).tocsr() for matrix in (votes.gene, votes.mode))
    n_year = np.bincount(votes.stratum, weights=kept, minlength=len(votes.years))
    joint = np.asarray((genes.T @ modes).todense(), dtype=float)
    expected = measure_expected(votes.per_year(genes), votes.per_year(modes), n_year)
    return joint, measure_ic(joint, expected)[1]
