"""Target × therapy × mode, and pairs of modes, by hand."""

from __future__ import annotations

import pandas as pd
import pytest
from scipy import stats
from synthetic_corpus import make_articles, make_evidence, make_mentions

from helpers.tabulate.mode_pairs import count_mode_pairs
from helpers.tabulate.therapy import count_therapies


def test_a_target_with_a_therapy_and_no_mode_has_its_row() -> None:
    """IL6 and trastuzumab without a death mode: the mode is missing, the resistance counted."""
    articles = make_articles([{"year": 2012}, {"year": 2024}, {"year": 2024, "retraction": "retracted"}])
    pair = {"gene": "IL6", "therapies": "trastuzumab|cisplatin", "effect_on_therapy": "resistance"}
    rows = [
        {**pair, "record_id": "local:00000"},
        {**pair, "record_id": "local:00000", "sentence": 1, "scope": "article", "therapies": "trastuzumab"},
        {**pair, "record_id": "local:00001", "mode": "apoptosis", "effect_on_mode": "inhibits"},
        {**pair, "record_id": "local:00001"},
        {**pair, "record_id": "local:00002"},
    ]
    table = count_therapies(articles, make_evidence(rows))
    silent = table[table["mode"].isna()].set_index("therapy")
    assert silent.loc["trastuzumab", ["n", "n_sentence", "n_resistance"]].tolist() == [1, 1, 1]
    assert silent.loc["trastuzumab", "records"] == "local:00000"
    linked = table[table["mode"] == "apoptosis"].iloc[0]
    assert (linked["n"], linked["direction"], linked["therapy_direction"]) == (1, "inhibits", "resistance")


def test_resistance_to_one_therapy_is_not_laid_to_another() -> None:
    """A record says resistance of one drug; the other, in a sentence without a claim, is given none."""
    pair = {"record_id": "local:00000", "gene": "MDM2"}
    rows = [
        {**pair, "sentence": 0, "therapies": "nivolumab", "effect_on_therapy": "resistance"},
        {**pair, "sentence": 1, "therapies": "idasanutlin"},
        {
            **pair,
            "sentence": 2,
            "scope": "article",
            "therapies": "nivolumab|idasanutlin|cisplatin",
            "effect_on_therapy": "resistance",
        },
    ]
    table = count_therapies(make_articles([{"year": 2024}]), make_evidence(rows)).set_index("therapy")
    told = table["therapy_direction"].to_dict()
    assert told == {"nivolumab": "resistance", "idasanutlin": "none stated", "cisplatin": "resistance"}


def test_a_target_links_therapy_and_mode_only_where_sentences_name_it_with_each() -> None:
    """ATF5 has a sentence with each; BMF is only named in a record that names a drug elsewhere."""
    pair = {"record_id": "local:00000", "gene": "ATF5"}
    rows = [
        {**pair, "sentence": 0, "therapies": "cisplatin", "effect_on_therapy": "resistance"},
        {**pair, "sentence": 1, "mode": "anoikis"},
        {**pair, "sentence": 0, "mode": "anoikis", "scope": "article", "therapies": "cisplatin|imatinib"},
        {**pair, "gene": "BMF", "sentence": 1, "mode": "anoikis"},
        {
            **pair,
            "gene": "BMF",
            "sentence": 1,
            "mode": "anoikis",
            "scope": "article",
            "therapies": "cisplatin",
        },
    ]
    table = count_therapies(make_articles([{"year": 2024}]), make_evidence(rows))
    linked = table.set_index(["gene", "therapy"])[["n", "n_linked"]].apply(tuple, axis=1).to_dict()
    assert linked == {
        ("ATF5", "cisplatin"): (1, 1),
        ("ATF5", "imatinib"): (1, 0),
        ("BMF", "cisplatin"): (1, 0),
    }
    assert table.set_index(["gene", "therapy"])["linked"]["ATF5", "cisplatin"] == "local:00000"


def test_negated_evidence_names_no_therapy() -> None:
    """A denial gives no row."""
    row = {"record_id": "local:00000", "gene": "IL6", "therapies": "x", "assertion": "negated"}
    assert count_therapies(make_articles([{"year": 2012}]), make_evidence([row])).empty


def test_mode_pairs_by_hand() -> None:
    """Three modes in eight records of one year: counts, expectation, shared targets and their test."""
    articles = make_articles([{"year": 2020}] * 8)
    modes = {"apoptosis": [0, 1, 2, 3], "ferroptosis": [2, 3, 4, 5], "necroptosis": [6]}
    genes = {"TP53": [0, 1, 2, 3, 4, 5], "GPX4": [2, 3, 4, 5], "MLKL": [6, 7, 0], "CASP3": [0, 1, 3]}
    named = [(i, "mode", m) for m, ids in modes.items() for i in ids]
    named += [(i, "gene", g) for g, ids in genes.items() for i in ids]
    table = count_mode_pairs(articles, make_mentions(named), min_records=3).set_index(["mode_a", "mode_b"])
    assert len(table) == 3
    pair = table.loc[("apoptosis", "ferroptosis")]
    assert (pair["n"], pair["n_a"], pair["n_b"]) == (2, 4, 4)
    assert pair["expected"] == pytest.approx(2.0)
    assert pair["records"] == "local:00002|local:00003"
    assert (pair["genes_a"], pair["genes_b"], pair["genes_shared"], pair["shared"]) == (2, 2, 1, "TP53")
    assert pair["genes_p"] == pytest.approx(stats.fisher_exact([[1, 1], [1, 1]]).pvalue)
    assert table.loc[("apoptosis", "necroptosis"), "n"] == 0
    assert pd.isna(table.loc[("apoptosis", "necroptosis"), "p"])


def test_a_mode_and_its_broader_mode_are_no_pair() -> None:
    """A kind of apoptosis is always named with apoptosis: that says nothing, and is left out on request."""
    articles = make_articles([{"year": 2020}] * 6)
    named = [(i, "mode", m) for i in range(4) for m in ("apoptosis", "extrinsic-apoptosis")]
    named += [(i, "mode", "ferroptosis") for i in (2, 3, 4)]
    modes = pd.DataFrame(
        {"mode": ["apoptosis", "extrinsic-apoptosis", "ferroptosis"], "parent": [None, "apoptosis", None]}
    )
    mentions = make_mentions(named)
    assert len(count_mode_pairs(articles, mentions)) == 3
    pairs = count_mode_pairs(articles, mentions, modes=modes)
    assert pairs[["mode_a", "mode_b"]].to_numpy().tolist() == [
        ["apoptosis", "ferroptosis"],
        ["extrinsic-apoptosis", "ferroptosis"],
    ]
    assert pairs["records"].tolist() == ["local:00002|local:00003"] * 2
