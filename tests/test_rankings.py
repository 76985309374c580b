"""Rankings: each weighting by hand, Kendall's tau by scipy, the finding in one sentence."""

from __future__ import annotations

import pandas as pd
import pytest
from scipy import stats
from synthetic_corpus import make_articles, make_mentions

from helpers.errors import UsageError
from helpers.tabulate.rankings import measure_agreement, rank_genes


def corpus() -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    """A in 5 reviews of Q3 journals, B in 4 primary papers of Q1 journals, C in 3 of both, D once."""
    kinds = ["review"] * 5 + ["primary"] * 4 + ["primary", "review", "primary", "primary"]
    genes = ["A"] * 5 + ["B"] * 4 + ["C"] * 3 + ["D"]
    articles = make_articles({"year": 2020, "article_kind": kind} for kind in kinds)
    mentions = make_mentions(
        [(i, "gene", g) for i, g in enumerate(genes)] + [(i, "mode", "ferroptosis") for i in range(13)]
    )
    quartiles = ["Q3"] * 5 + ["Q1"] * 4 + ["Q1", "Q3", None]
    metrics = pd.DataFrame(
        {
            "record_id": [f"local:{i:05d}" for i in range(12)],
            "metric": "CiteScore",
            "value": 1.0,
            "quartile": quartiles,
            "percentile": [40.0] * 5 + [90.0] * 4 + [90.0, 40.0, None],
        }
    )
    return articles, mentions, metrics


def test_each_weighting_by_hand() -> None:
    """Scores and ranks of A, B and C under all records, primary, Q1 and percentile; D is too rare."""
    table = rank_genes(*corpus()).set_index(["weighting", "gene"])
    assert set(table.index.get_level_values("gene")) == {"A", "B", "C"}
    scores = {w: table.loc[w, "score"].tolist() for w in ("all", "primary", "q1", "percentile")}
    assert scores["all"] == [5, 4, 3]
    assert scores["primary"] == [0, 4, 2]
    assert scores["q1"] == [0, 4, 1]
    assert scores["percentile"] == pytest.approx([2.0, 3.6, 1.3])
    assert table.loc["primary", "rank"].tolist() == [3, 1, 2]
    assert table.loc["primary", "shift"].tolist() == [-2, 1, 1]


def test_a_weighting_without_any_figure_is_left_out() -> None:
    """No RCR in the corpus: no ranking by RCR, rather than one of zeros."""
    assert "rcr" not in set(rank_genes(*corpus())["weighting"])
    articles, mentions, _ = corpus()
    assert set(rank_genes(articles, mentions)["weighting"]) == {"all", "primary"}


def test_agreement_is_kendall_s_tau_and_says_whether_the_answer_changes() -> None:
    """Primary papers put B before A: tau is scipy's, and the sentence names the change."""
    table = measure_agreement(rank_genes(*corpus()), top=2).set_index("weighting")
    row = table.loc["primary"]
    assert row["tau"] == pytest.approx(stats.kendalltau([5, 4, 3], [0, 4, 2]).statistic)
    assert row["changes"]
    assert row["kept"] == 1
    assert row["movers"].split("|")[0] == "A:1:3"
    assert row["sentence"].startswith(
        "Counting only primary research changes the leading targets: 1 of the first 2"
    )
    assert "B leads instead of A" in row["sentence"]
    assert table.loc["q1", "coverage"] == pytest.approx(11 / 12)


def test_two_targets_are_too_few_to_compare() -> None:
    """With two genes the sentence says too few and tau is missing."""
    articles, mentions, metrics = corpus()
    few = mentions[mentions["concept"] != "C"]
    row = measure_agreement(rank_genes(articles, few, metrics)).iloc[0]
    assert pd.isna(row["tau"])
    assert row["sentence"].startswith("Too few targets (2)")


def test_an_unknown_mode_is_refused_with_the_nearest_name() -> None:
    """A typing error in the mode is answered, not ranked."""
    with pytest.raises(UsageError, match="ferroptosis"):
        rank_genes(*corpus(), mode="feroptosis")
