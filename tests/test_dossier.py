"""A dossier holds all rows about one concept, and is empty, not an error, where no record names it."""

from __future__ import annotations

import pandas as pd
import pytest
from synthetic_run import make_run

from helpers import storage
from helpers.errors import UsageError
from helpers.present import captions, dossiers, figures
from helpers.schemas import TABLES
from helpers.tabulate.dossier import find_subject, select_dossier

Frames = dict[str, pd.DataFrame]


@pytest.fixture(scope="module")
def terms() -> Frames:
    return storage.read_terms()


@pytest.fixture(scope="module")
def tables() -> Frames:
    """Synthetic run of 60 records; the tables it does not make are empty."""
    empty = {name: TABLES[name].empty() for name in ("gene_mode", "target_therapy", "gaps")}
    return empty | make_run(60, 8, 4)


def test_one_subject_is_asked_for() -> None:
    """Exactly one of gene, mode and therapy."""
    assert find_subject(mode="ferroptosis") == ("mode", "ferroptosis")
    for given in ({}, {"gene": "GPX4", "mode": "ferroptosis"}):
        with pytest.raises(UsageError, match="about one gene, mode or therapy"):
            find_subject(**given)


def test_records_are_those_naming_the_concept(tables: Frames, terms: Frames) -> None:
    """Every record that mentions it and no other."""
    mentions = tables["mentions"]
    gene = mentions.loc[mentions["kind"] == "gene", "concept"].iloc[0]
    dossier = select_dossier("gene", gene, tables, terms)
    named = set(mentions.loc[(mentions["kind"] == "gene") & (mentions["concept"] == gene), "record_id"])
    assert set(dossier.articles["record_id"]) == named
    assert set(dossier.evidence["gene"]) <= {gene}
    assert len(dossier.articles) > 0


def test_a_gene_that_no_record_names_has_an_honest_page(tables: Frames, terms: Frames) -> None:
    """The page says so; its sentences, legend and figure can all be made."""
    dossier = select_dossier("gene", "ZEB1", tables, terms)
    assert dossier.articles.empty
    said = dossiers.answer_data("ZEB1", dossier.articles, dossier.evidence)
    assert said.startswith("No record of this run names ZEB1")
    answer = dossiers.answer_dossier("gene", "ZEB1", dossier.pairs, dossier.gaps, terms["modes"])
    assert answer == "No record names ZEB1 with a mode."
    assert "n = no record" in captions.caption_profile("ZEB1", dossier.pairs)
    assert figures.draw_profile(dossier.pairs, dossier.years, terms["modes"], name="ZEB1") is not None


def test_a_conflict_is_told_with_its_counts(tables: Frames, terms: Frames) -> None:
    """Where records differ, the answer says in how many the effect is which."""
    said = {"n_promotes": 3, "n_inhibits": 2, "n_mode_conflicting": 1, "direction": "conflicting"}
    pair = pd.DataFrame([{"gene": "TFEB", "mode": "autophagy", "n": 6, **said}])
    answer = dossiers.answer_dossier("gene", "TFEB", pair, tables["gaps"].head(0), terms["modes"])
    assert "(6 records, conflicting: promotes in 3, inhibits in 2, both in 1)" in answer


@pytest.mark.parametrize(
    ("kind", "name", "near"), [("gene", "GPX44", "GPX4"), ("mode", "feroptosis", "ferroptosis")]
)
def test_an_unknown_name_is_answered_with_the_nearest(
    tables: Frames, terms: Frames, kind: str, name: str, near: str
) -> None:
    """Neither in a record nor in the vocabulary: a mistake."""
    with pytest.raises(UsageError, match=near):
        select_dossier(kind, name, tables, terms)


def test_a_title_tells_who_it_is(terms: Frames) -> None:
    """Symbol with its ids, mode with its Chinese name, and an unknown therapy by its id."""
    assert "HGNC:4556" in dossiers.title_dossier("gene", "GPX4", terms)
    assert "铁死亡" in dossiers.title_dossier("mode", "ferroptosis", terms)
    assert dossiers.figure_name("therapy", "../x y") == "dossier_therapy_-x-y"
