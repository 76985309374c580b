"""Gaps: what nobody tested, what is credibly rare, and what it is too early to say."""

from __future__ import annotations

import pandas as pd
import pytest
from synthetic_corpus import make_articles, make_evidence, make_mentions, make_modes

from helpers.tabulate.counts import count_gene_mode
from helpers.tabulate.gaps import find_gaps


def gaps_of(years: list[int], named: list[tuple], coined: dict[str, int | None], **limits) -> pd.DataFrame:
    articles, mentions = make_articles({"year": y} for y in years), make_mentions(named)
    pairs = count_gene_mode(articles, mentions, make_evidence([]))
    return find_gaps(articles, mentions, pairs, make_modes(coined), **limits).set_index(["gene", "mode"])


def test_a_frequent_gene_never_named_with_a_named_mode_is_untested() -> None:
    """Ten records of the gene, a mode known all along, none names both."""
    named = [(i, "gene", "ATF5") for i in range(10)] + [(10, "mode", "necroptosis")]
    gap = gaps_of([2020] * 11, named, {"necroptosis": 2005}).loc[("ATF5", "necroptosis")]
    assert gap["class"] == "untested"
    assert (gap["observed"], gap["n_gene"], gap["n_mode"]) == (0, 10, 1)
    assert gap["expected"] == pytest.approx(10 / 11)
    assert "too few records" in gap["reason"]


def test_a_mode_no_record_names_is_untested_for_every_frequent_gene() -> None:
    """The reason says that the slice never names the mode."""
    gap = gaps_of([2020] * 6, [(i, "gene", "ATF5") for i in range(6)], {"methuosis": 2008})
    assert gap.loc[("ATF5", "methuosis"), "class"] == "untested"
    assert "at all" in gap.loc[("ATF5", "methuosis"), "reason"]


def test_a_mode_coined_after_the_gene_s_records_is_too_early_to_say() -> None:
    """Two of twelve records appeared since the mode had its name: too few to call it untested."""
    years = [2010] * 10 + [2022, 2023, 2023]
    named = [(i, "gene", "ATF5") for i in range(12)] + [(12, "mode", "cuproptosis")]
    gap = gaps_of(years, named, {"cuproptosis": 2022}).loc[("ATF5", "cuproptosis")]
    assert (gap["class"], gap["n_since"]) == ("too early to say", 2)
    assert "2022" in gap["reason"]


def test_fewer_records_than_chance_expects_is_understudied() -> None:
    """One joint record where chance expects 25: the interval lies below 0."""
    named = [(i, "gene", "TP53") for i in range(50)] + [(i, "mode", "ferroptosis") for i in range(49, 100)]
    gap = gaps_of([2020] * 100, named, {"ferroptosis": 2012}).loc[("TP53", "ferroptosis")]
    assert (gap["class"], gap["observed"]) == ("understudied", 1)
    assert gap["ic_high"] < 0
    assert gap["expected"] == pytest.approx(25.5)


def test_a_pair_as_frequent_as_chance_is_no_gap() -> None:
    """Half the records name each, a quarter both."""
    named = [(i, "gene", "TP53") for i in range(0, 100, 2)]
    named += [(i, "mode", "apoptosis") for i in range(0, 100, 4)] + [
        (i, "mode", "apoptosis") for i in range(1, 100, 4)
    ]
    assert gaps_of([2020] * 100, named, {"apoptosis": 1972}).empty


def test_rare_genes_are_not_listed() -> None:
    """Below the threshold of records a gene has no gaps; the threshold is a parameter."""
    named = [(i, "gene", "XIAP") for i in range(4)] + [(4, "mode", "necroptosis")]
    assert gaps_of([2020] * 5, named, {"necroptosis": 2005}).empty
    assert len(gaps_of([2020] * 5, named, {"necroptosis": 2005}, min_gene_records=4)) == 1


def test_a_record_that_denies_the_link_is_told_and_does_not_close_the_gap() -> None:
    """A review saying that nothing is known keeps the pair untested, and the reason mentions it."""
    named = [(i, "gene", "ATF5") for i in range(8)]
    named += [
        (0, "mode", "pyroptosis", 0, "negated"),
        (9, "mode", "pyroptosis"),
        (9, "mode", "x", 1, "negated"),
    ]
    named += [(1, "mode", "x", 0, "negated"), (1, "mode", "x", 1, "finding")]
    table = gaps_of([2020] * 10, named, {"pyroptosis": 1992, "x": None})
    gap = table.loc[("ATF5", "pyroptosis")]
    assert (gap["class"], gap["n_negated"]) == ("untested", 1)
    assert "1 record denies" in gap["reason"]
    assert ("ATF5", "x") not in table.index


def test_fame_before_the_mode_had_its_name_expects_nothing() -> None:
    """Fame in early years adds nothing to what is expected of a late mode."""
    years = [1990] * 100 + [2023] * 10
    named = [(i, "gene", "BCL2") for i in range(100)] + [(i, "gene", "BCL2") for i in (100, 101, 102)]
    named += [(i, "mode", "cuproptosis") for i in range(103, 108)]
    gap = gaps_of(years, named, {"cuproptosis": 2022}).loc[("BCL2", "cuproptosis")]
    assert gap["expected"] == pytest.approx(3 * 5 / 10)
    assert gap["class"] == "untested"
