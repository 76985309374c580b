"""Gene tables are read as given, and the vocabulary compiles into one automaton."""

from __future__ import annotations

import gzip
import pickle

import pytest
from synthetic_terms import synthetic_terms

from helpers.annotate.lexicon import build_lexicon, parse_gene_table
from helpers.annotate.scan import scan
from helpers.errors import ParseError

HGNC = (
    "hgnc_id\tsymbol\tname\tlocus_group\tlocus_type\tstatus\talias_symbol\talias_name\tprev_symbol\tprev_name\tentrez_id\n"
    'HGNC:1\tABC1\tabc protein 1\tx\tx\tApproved\t"A-1|AONE"\t\tOLD1\t"old abc"\t101\n'
    "HGNC:2\tGONE\tgone\tx\tx\tEntry Withdrawn\t\t\t\t\t\n"
)
INFO = (
    "#tax_id\tGeneID\tSymbol\tSynonyms\tdbXrefs\tdescription\tOther_designations\n"
    "9606\t101\tABC1\tABCX|A-1\tMIM:1|HGNC:HGNC:1\tabc protein 1\tabc family protein\n"
    "10090\t5\tAbc1\t-\t-\tabc\t-\n"
)


def test_hgnc_table_gives_approved_genes() -> None:
    """Aliases, previous symbols and names are kept apart; withdrawn entries are left out."""
    frame = parse_gene_table(gzip.compress(HGNC.encode()), name="hgnc.txt.gz")
    [row] = frame.to_dict("records")
    assert (row["gene"], row["ncbi_gene"], row["aliases"]) == ("ABC1", "101", "A-1|AONE")
    assert (row["previous"], row["names"]) == ("OLD1", "old abc")


def test_gene_info_gives_human_genes_of_hgnc() -> None:
    """Other species are left out."""
    [row] = parse_gene_table(INFO.encode(), name="gene_info").to_dict("records")
    assert (row["hgnc_id"], row["aliases"], row["names"]) == ("HGNC:1", "ABCX|A-1", "abc family protein")


@pytest.mark.parametrize("content", [b"", b"a,b\n1,2\n", b"\x1f\x8bbroken"])
def test_other_files_are_refused_by_name(content: bytes) -> None:
    """The message names the file."""
    with pytest.raises(ParseError, match=r"mine\.txt"):
        parse_gene_table(content, name="mine.txt")


def test_full_table_is_merged_over_the_panel() -> None:
    """Genes of both are known; gene_info adds its terms by HGNC id."""
    terms = synthetic_terms()
    terms["genes"] = terms["genes"][terms["genes"]["gene"] != "ATF5"].copy()
    genes = parse_gene_table(HGNC.replace("HGNC:1\t", "HGNC:999\t").encode(), name="h")
    second = parse_gene_table(INFO.replace("HGNC:1\t", "HGNC:999\t").encode(), name="i")
    lexicon = build_lexicon(terms, genes=genes, second=second)
    assert {"ABC1", "BCL2"} <= set(lexicon.genes["gene"])
    assert b" abcx " in lexicon.patterns


def test_lexicon_survives_pickling() -> None:
    """The automata are rebuilt, the findings the same."""
    lexicon = build_lexicon(synthetic_terms())
    again = pickle.loads(pickle.dumps(lexicon))
    texts = ["ATF5 blocks apoptosis", "IL-6"]
    before, after = scan(texts, lexicon), scan(texts, again)
    assert before.pattern.tolist() == after.pattern.tolist()
    assert before.place.tolist() == after.place.tolist()


def test_lexicon_is_the_same_in_any_order_of_rows() -> None:
    """Patterns are sorted; the order of a table does not matter."""
    terms = synthetic_terms()
    turned = {name: frame.iloc[::-1].reset_index(drop=True) for name, frame in terms.items()}
    assert build_lexicon(terms).patterns == build_lexicon(turned).patterns


@pytest.mark.parametrize(
    "text", ["IL6", "IL-6", "IL 6", "interleukin-6", "interleukin 6", "Il6", "INTERLEUKIN 6"]
)
def test_spellings_of_a_gene_are_one_term(text: str) -> None:
    """Hyphen, space and case make no other gene."""
    lexicon = build_lexicon(synthetic_terms())
    hits = scan([text], lexicon)
    genes = {
        lexicon.concepts[c]
        for p in hits.pattern
        for c in lexicon.concept[lexicon.first[p] : lexicon.first[p + 1]]
    }
    assert genes == {"IL6"}


def test_term_does_not_run_across_a_full_stop() -> None:
    """'tumor necrosis. Factor' is not the gene."""
    lexicon = build_lexicon(synthetic_terms())
    hits = scan(["tumor necrosis. Factor"], lexicon)
    assert b" tumor necrosis factor " not in {lexicon.patterns[p] for p in hits.pattern}
