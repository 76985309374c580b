"""The harness counts right, on a tiny synthetic folder of the shape of evaldata."""

from __future__ import annotations

from pathlib import Path

import pytest
from test_lexicon import HGNC

from helpers.errors import ParseError, UsageError
from helpers.run.evaluate import evaluate, format_figures
from helpers.run.evaluate_genes import count_agreement
from helpers.run.evaluate_page import format_errors
from helpers.run.pubtator import read_pubtator

CORPUS = """1|t|MDM2 and TP53 in patients with carcinoma
1|a|Human MDM2 protein binds the TP53 protein.
1\t0\t4\tMDM2\tGene\t4193
1\t9\t13\tTP53\tGene\t7157

2|t|Brca1 in mice
2|a|Mouse gene.
2\t0\t5\tBrca1\tGene\t12189(Tax:10090)

3|t|A gene without a name in the text
3|a|Nothing.
3\t2\t6\tgene\tGene\t7124,836
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Synthetic folder of the shape of evaldata."""
    for part in ("gene-corpora", "gene-nomenclature", "hallmarks", "mesh"):
        (tmp_path / part).mkdir()
    (tmp_path / "gene-corpora" / "any_name.PubTator").write_text(CORPUS, encoding="utf-8")
    (tmp_path / "gene-corpora" / "species.PubTator").write_text("9|t|A mouse\n9|a|\n", encoding="utf-8")
    (tmp_path / "gene-nomenclature" / "hgnc_complete_set_x.txt").write_text(HGNC, encoding="utf-8")
    (tmp_path / "hallmarks" / "sentences.tsv").write_text(
        "pmid\tsentence\ttext\tlabels\n"
        "1\t0\tWe found that the drug induced apoptosis of tumour cells .\tResisting cell death--Apoptosis\n"
        "2\t0\tNothing of the kind .\t\n",
        encoding="utf-8",
    )
    (tmp_path / "mesh" / "terms.tsv").write_text(
        "DescriptorUI\tDescriptorName\tTermName\nD017209\tApoptosis\tApoptosis, Classic\nD1\tOther\tOther\n",
        encoding="utf-8",
    )
    return tmp_path


def test_documents_with_a_human_gene_are_measured(folder: Path) -> None:
    """Two documents count; the gene sets are compared, not the mentions."""
    figures = evaluate(folder)
    assert list(figures["genes"]) == ["any_name"]
    human = figures["genes"]["any_name"]["human"]
    assert (human["n"], human["found"], human["right"]) == (4, 2, 2)
    assert human["f1"] == pytest.approx(2 * 2 / (2 + 4), abs=1e-4)
    missed = figures["genes"]["any_name"]["false_negatives"]
    assert {row["gene"] for row in missed} == {"TNF", "CASP3"}
    assert figures["genes"]["any_name"]["orthologues"]["n"] == 1


def test_modes_and_mesh_are_measured(folder: Path) -> None:
    """A labelled sentence that names the mode is right; MeSH terms of no mode are left out."""
    figures = evaluate(folder)
    assert figures["modes"]["apoptosis"]["documents"]["n"] == 1
    assert figures["mesh"] == {"n": 1, "found": 1, "not_found": []}
    assert "genes, any_name" in format_figures(figures)


def test_agreement_of_nothing_is_zero() -> None:
    """No division by zero."""
    assert count_agreement(0, 0, 0)["f1"] == 0


def test_folder_without_corpora_is_refused(tmp_path: Path) -> None:
    """The message names the missing part."""
    with pytest.raises(UsageError, match="gene-"):
        evaluate(tmp_path)


def test_file_without_documents_is_refused(tmp_path: Path) -> None:
    """A file that is no PubTator is named."""
    path = tmp_path / "x.PubTator"
    path.write_text("nothing\n", encoding="utf-8")
    with pytest.raises(ParseError, match=r"x\.PubTator"):
        read_pubtator(path)


def test_ids_of_other_taxa_and_lists_are_read(folder: Path) -> None:
    """An id with its taxon in brackets is the id; several ids are several."""
    documents = read_pubtator(folder / "gene-corpora" / "any_name.PubTator")
    assert [sorted(d.gene_ids) for d in documents] == [["4193", "7157"], ["12189"], ["7124", "836"]]


def test_page_of_errors_holds_terms_and_reasons_but_no_sentence() -> None:
    """Synthetic figures become tables; a bar in a term does not break its row."""
    gene = {"gene": "G1", "text": "a|b", "documents": 2, "reason": "known"}
    genes = {
        "false_positives": [gene],
        "false_negatives": [],
        "false_positive_reasons": {"known": 2},
        "false_negative_reasons": {},
    }
    error = {"mode": "apoptosis", "pmid": "1", "reason": "denied", "text": "a sentence of the corpus"}
    errors = {
        kind: {"reasons": {"denied": 1}, "examples": [error]}
        for kind in ("false_positives", "false_negatives")
    }
    claim = {"gene": "G2", "pmid": "2", "gold": "promotes", "rule": "verb", "text": "another sentence"}
    page = format_errors(
        {
            "genes": {"synthetic": genes},
            "assertion": {"errors": errors, "why_they_remain": "Because."},
            "direction": {"ferrdb": {"wrong_way": [claim], "not_stated": []}},
        }
    )
    assert "| G1 | a/b | 2 | known |" in page
    assert "| 2 | known |" in page
    assert "| apoptosis | 1 | denied |" in page
    assert "| G2 | 2 | promotes | verb |" in page
    assert "sentence" not in page.replace("sentences of Hallmarks", "")
