"""Genes, modes and therapies are found where they stand, and traps are not."""

from __future__ import annotations

import json
from typing import Any

import pandas as pd
import pytest
from synthetic_terms import synthetic_terms

from helpers import storage
from helpers.annotate.lexicon import Lexicon, build_lexicon
from helpers.annotate.mentions import find_mentions, read_fields
from helpers.schemas import ARTICLES, MENTIONS, conform


@pytest.fixture(scope="module")
def lexicon() -> Lexicon:
    return build_lexicon(synthetic_terms())


@pytest.fixture(scope="module")
def shipped() -> Lexicon:
    return build_lexicon(storage.read_terms())


def article(**fields: Any) -> pd.DataFrame:
    return pd.DataFrame([{"record_id": "pmid:1", **fields}], columns=ARTICLES.names)


def concepts(lexicon: Lexicon, kind: str, **fields: Any) -> set[str]:
    mentions = find_mentions(article(**fields), lexicon)
    return set(mentions.loc[mentions["kind"] == kind, "concept"])


def test_every_mention_stands_where_its_offsets_say(lexicon: Lexicon) -> None:
    """Text, start and end agree in every field."""
    articles = article(
        title="ATF5 and TNF-α in apoptosis",
        abstract="Results: IL-6 and caspase-3/-7. No p53.\nCisplatin (DDP) caused necrosis.",
        other_abstracts=json.dumps([{"language": "chi", "type": "", "text": "ATF5抑制自噬性细胞死亡"}]),
        keywords="autophagy|MDM2",
    )
    texts = {(record, field): text for record, field, text in read_fields(articles)}
    mentions = find_mentions(articles, lexicon)
    assert len(mentions) > 10
    for row in mentions.itertuples():
        assert texts[row.record_id, row.field][row.start : row.end] == row.text


def test_mode_in_a_keyword_is_a_finding_and_a_gene_has_no_assertion(lexicon: Lexicon) -> None:
    """A keyword is taken at its word, even after a text that denies the mode."""
    articles = article(abstract="ATF5 did not induce autophagy.", keywords="No autophagy")
    mentions = find_mentions(articles, lexicon)
    told = dict(
        zip(
            mentions[["kind", "field"]].itertuples(index=False, name=None), mentions["assertion"], strict=True
        )
    )
    assert told["mode", "abstract"] == "negated"
    assert told["mode", "keyword"] == "finding"
    assert pd.isna(told["gene", "abstract"])


def test_tumor_necrosis_factor_is_no_necrosis(lexicon: Lexicon) -> None:
    """The gene hides the mode within its name."""
    assert concepts(lexicon, "mode", title="Tumor necrosis factor was measured") == set()
    assert concepts(lexicon, "gene", title="Tumor necrosis factor was measured") == {"TNF"}


def test_gene_within_a_mode_is_found(shipped: Lexicon) -> None:
    """TRAIL-induced apoptosis names TRAIL and apoptosis."""
    title = "TRAIL-induced apoptosis of glioma cells needs caspase-8"
    assert "TNFSF10" in concepts(shipped, "gene", title=title)
    assert concepts(shipped, "mode", title=title) == {"extrinsic-apoptosis", "apoptosis"}


@pytest.mark.parametrize(
    "trap",
    [
        "Tumor necrosis factor levels rose",
        "TNF-related apoptosis-inducing ligand was added",
        "Apoptosis-inducing factor moved to the nucleus",
        "Programmed cell death protein 1 blockade",
        "Programmed death-ligand 1 expression",
        "Autophagy related 5 (ATG5) was lost",
        "Tumor necrosis\nfactor levels rose",
        "Necrotising pancreatitis after surgery",
        "肾小管坏死的诊断",
    ],
)
def test_traps_name_no_mode(shipped: Lexicon, trap: str) -> None:
    """Names of genes that hold the name of a mode are not the mode."""
    assert concepts(shipped, "mode", title=trap) == set()


@pytest.mark.parametrize(
    ("title", "mode"),
    [
        ("Death by mitotic\ncatastrophe", "mitotic-catastrophe"),
        ("Cuprop\u00adtosis of cells", "cuproptosis"),
        ("Ferro\u200bptosis of cells", "ferroptosis"),
        ("Disulfide\u2011dependent cell death", "disulfidptosis"),
        ("腫瘤細胞的鐵死亡", "ferroptosis"),
    ],
)
def test_line_breaks_and_unseen_characters_hide_no_mode(shipped: Lexicon, title: str, mode: str) -> None:
    """A line break is a space; soft hyphens and zero-width characters are nothing."""
    assert mode in concepts(shipped, "mode", title=title)


def test_members_of_a_list_are_written_out(lexicon: Lexicon) -> None:
    """caspase-3/-7/-9 names three genes, BCL-2 and -XL two."""
    assert concepts(lexicon, "gene", title="Cleaved caspase-3/-7/-9") == {"CASP3", "CASP7", "CASP9"}
    assert concepts(lexicon, "gene", title="Loss of BCL-2 and -XL") == {"BCL2", "BCL2L1"}


def test_a_family_is_no_gene(lexicon: Lexicon) -> None:
    """Caspases as such name none."""
    assert concepts(lexicon, "gene", title="Activation of caspases") == set()


def test_masked_term_hides_the_gene(lexicon: Lexicon) -> None:
    """TTN-AS1 is an antisense RNA, not TTN."""
    assert concepts(lexicon, "gene", title="LncRNA TTN-AS1 drives growth") == set()
    assert concepts(lexicon, "gene", title="TTN was mutated") == {"TTN"}


def test_exact_term_needs_its_case(lexicon: Lexicon) -> None:
    """The cat is no catalase."""
    assert concepts(lexicon, "gene", title="The Cat sat") == set()
    assert concepts(lexicon, "gene", title="CAT activity") == {"CAT"}


def test_context_word_decides(lexicon: Lexicon) -> None:
    """NETs are a mode beside neutrophils only."""
    assert concepts(lexicon, "mode", title="Grading of pancreatic NETs") == set()
    assert concepts(lexicon, "mode", title="NETs", abstract="Neutrophil counts.") == {"netosis"}


def test_abbreviation_of_a_mode_matches_in_its_case_only(lexicon: Lexicon) -> None:
    """nets is no abbreviation."""
    assert concepts(lexicon, "mode", title="Fishing nets and neutrophils") == set()


def test_ambiguous_symbol_takes_the_gene_named_elsewhere(lexicon: Lexicon) -> None:
    """p97 alone is undecided, beside valosin containing protein it is VCP."""
    assert concepts(lexicon, "gene", title="p97 was bound") == set()
    assert concepts(lexicon, "gene", title="p97 (valosin containing protein)") == {"VCP"}


def test_chinese_terms_take_the_longest(lexicon: Lexicon) -> None:
    """自噬性细胞死亡 is death by autophagy, not autophagy; 凋亡抑制蛋白 is a protein."""
    other = json.dumps([{"language": "chi", "text": "诱导自噬性细胞死亡，凋亡抑制蛋白升高"}])
    assert concepts(lexicon, "mode", other_abstracts=other) == {"autophagy-dependent"}


def test_mesh_descriptor_gives_its_mode(lexicon: Lexicon) -> None:
    """MeSH ids decide, whatever the order."""
    assert concepts(lexicon, "mode", mesh="Humans|Apoptosis", mesh_ui="D006801|D017209") == {"apoptosis"}


def test_therapy_is_found_by_synonym(lexicon: Lexicon) -> None:
    """DDP is cisplatin; ddp is not."""
    assert concepts(lexicon, "therapy", title="Resistance to DDP") == {"cisplatin"}
    assert concepts(lexicon, "therapy", title="Resistance to ddp") == set()


def test_article_after_a_symbol_is_no_greek_letter(lexicon: Lexicon) -> None:
    """TNF-a is TNF-alpha; in 'TNF a novel' the letter is an article."""
    mentions = find_mentions(article(title="TNF a novel target"), lexicon)
    assert mentions["text"].tolist() == ["TNF"]
    assert find_mentions(article(title="TNF-a rose"), lexicon)["text"].tolist() == ["TNF-a"]


def test_record_without_text_has_no_mentions(lexicon: Lexicon) -> None:
    """Missing fields are missing, and the frame keeps its columns."""
    assert find_mentions(article(), lexicon).empty
    assert find_mentions(article().iloc[:0], lexicon).empty


def test_mouse_gene_is_marked_as_orthologue(shipped: Lexicon) -> None:
    """A gene of a mouse study is named, and told apart by its rule."""
    articles = article(
        title="Atf5 in mice",
        abstract="Atf5 null mice were made. Mouse and rat neurons, murine cells and mice of both sexes.",
    )
    mentions = find_mentions(articles, shipped)
    assert set(mentions["concept"]) == {"ATF5"}
    assert mentions["rule"].str.startswith("orthologue").all()


def test_species_is_told_by_the_sentence(shipped: Lexicon) -> None:
    """Of a gene that is named in patients and in mice, the mentions in mice are the orthologue's."""
    text = (
        "In mice, Ripk3 loss spared the gut. In patients, RIPK3 was low. Patients with high RIPK3 died early."
    )
    mentions = find_mentions(article(title="A study", abstract=text), shipped)
    told = {
        row.start: row.rule.startswith("orthologue")
        for row in mentions.itertuples()
        if row.field == "abstract"
    }
    assert told == {text.index("Ripk3"): True, text.index("RIPK3"): False, text.rindex("RIPK3"): False}


def test_text_without_a_species_speaks_of_people(shipped: Lexicon) -> None:
    """A title alone names human genes."""
    mentions = find_mentions(article(title="TNF and PIK3CA H1047R signal through IkappaB-alpha"), shipped)
    assert set(mentions["concept"]) == {"TNF", "PIK3CA", "NFKBIA"}
    assert not mentions["rule"].str.startswith("orthologue").any()


@pytest.mark.parametrize("name", ["cathepsin B", "Cathepsin B", "cytochrome c", "cytochrome-c", "annexin V"])
def test_names_that_end_in_a_letter_are_found(shipped: Lexicon, name: str) -> None:
    """Only "a" may be the article; "cathepsin B" is a gene."""
    assert concepts(shipped, "gene", abstract=f"The release of {name} was measured in human cells.")


def test_met_mutations_name_the_gene(shipped: Lexicon) -> None:
    """The words beside MET tell the gene from the verb."""
    assert "MET" in concepts(shipped, "gene", abstract="MET mutations in human lung cancer.")
    assert concepts(shipped, "gene", abstract="Criteria were MET in all patients.") == set()


def test_a_therapy_named_after_a_mode_gives_both(shipped: Lexicon) -> None:
    """ "Ferroptosis inducer" is a therapy, and speaks of ferroptosis; in Chinese too."""
    for text in ("Erastin is a ferroptosis inducer.", "erastin是铁死亡诱导剂。"):
        assert concepts(shipped, "mode", abstract=text) == {"ferroptosis"}
        assert "ferroptosis inducer" in concepts(shipped, "therapy", abstract=text)


def test_a_kind_of_a_mode_counts_for_the_mode(shipped: Lexicon) -> None:
    """Mitophagy is mentioned as autophagy too, by the rule "narrower mode", up to the widest."""
    found = find_mentions(article(title="Mitophagy, autosis and mitochondrial apoptosis"), shipped)
    rules = {
        (row.text, row.concept): row.rule for row in found[found["kind"] == "mode"].itertuples(index=False)
    }
    assert rules["Mitophagy", "mitophagy"] == "term"
    assert rules["Mitophagy", "autophagy"] == "narrower mode"
    assert rules["autosis", "autophagy-dependent"] == rules["autosis", "autophagy"] == "narrower mode"
    assert rules["mitochondrial apoptosis", "apoptosis"] == "narrower mode"


@pytest.mark.parametrize("text", ["C6 glioma cells of the rat", "C6 cells, complement", "the T24 cell line"])
def test_cell_lines_are_no_genes(shipped: Lexicon, text: str) -> None:
    """A letter or two and a number before "cells" name a line."""
    assert concepts(shipped, "gene", abstract=f"{text} were treated.") == set()


def test_mentions_are_built_as_the_table_wants_them(shipped: Lexicon) -> None:
    """The frame needs no further check: columns, types, order and keys fit."""
    articles = article(
        title="TP53, BAX and apoptosis", abstract="BAX drives mitophagy.", keywords="autophagy"
    )
    for found in (find_mentions(articles, shipped), find_mentions(article(), shipped)):
        pd.testing.assert_frame_equal(found, conform(found, MENTIONS))


def test_genes_beside_no_mode_or_therapy_can_be_left_out(lexicon: Lexicon) -> None:
    """All mentions of the other records stay, MeSH modes counting too; no record is half read."""
    articles = pd.concat(
        [
            article(record_id="pmid:1", title="ATF5 and caspase-3/-7 in autophagy"),
            article(record_id="pmid:2", title="ATF5 in neurons", abstract="IL-6 and caspase-3/-7 rose."),
            article(record_id="pmid:3", title="MDM2 and cisplatin"),
        ]
    )
    everything = find_mentions(articles, lexicon)
    assert "pmid:2" in set(everything["record_id"])
    fewer = find_mentions(articles, lexicon, all_genes=False)
    assert fewer.equals(everything[everything["record_id"] != "pmid:2"].reset_index(drop=True))
