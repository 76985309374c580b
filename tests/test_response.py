"""Direction towards a therapy: invented sentences, and what a biologist would read of one gene in each."""

from __future__ import annotations

import re

import pytest

from helpers.annotate.claims import Reader
from helpers.annotate.cues import build_cues

CUES = build_cues()
TERMS = {
    "gene": r"ABC1|XYZ2|QRS3|KLM4|Abc1",
    "mode": r"ferroptosis|apoptosis",
    "therapy": r"onconib|cisplatin|tyrosine kinase inhibitor|TKI|radiotherapy",
}


def _read(sentence: str, gene: str = "ABC1") -> int:
    """+1 resistance, -1 sensitising, 0 none stated."""
    mentions = [
        (kind, match[0].upper() if kind == "gene" else match[0], *match.span())
        for kind, pattern in TERMS.items()
        for match in re.finditer(pattern, sentence)
    ]
    return Reader(sentence, mentions, CUES).on_therapy(gene).sign


@pytest.mark.parametrize(
    "sentence",
    [
        "Onconib, marketed as onconib, increased the sensitivity of ABC1-mutant lung cancer cells to cisplatin.",
        "A polyphenol enhanced cisplatin sensitivity in ovarian cancer cells with acquired ABC1 K42M mutation.",
        "The mixture improved the sensitivity of leukemia cells carrying QRS3 or ABC1 mutations to onconib.",
        "We used two ABC1 V12E-mutant melanoma lines highly sensitive to onconib.",
        "The lectin sensitized ABC1(+) cells to radiotherapy.",
        "In ABC1-amplified tumours a peptide reversed resistance to cisplatin.",
    ],
)
def test_whose_response_it_is_says_nothing_of_the_gene(sentence: str) -> None:
    """A gene that only tells which cells or patients is no cause of what a drug does to them."""
    assert _read(sentence) == 0


@pytest.mark.parametrize(
    ("sentence", "sign"),
    [
        ("ABC1-mutant cells were resistant to cisplatin.", 1),
        ("Patients with ABC1 K42M mutations are resistant to onconib.", 1),
        ("The ABC1 K42M mutation confers resistance to onconib.", 1),
        ("High expression of ABC1 was associated with a poor response to cisplatin.", 1),
        ("ABC1 loss was associated with a better response to cisplatin.", 1),
        ("ABC1 expression is required for the induction of chemosensitivity to cisplatin.", -1),
        (
            "Activation of XYZ2 and inhibition of ABC1 is required for the induction of sensitivity to cisplatin.",
            1,
        ),
    ],
)
def test_what_bearers_do_is_a_claim(sentence: str, sign: int) -> None:
    """Mutants that are resistant, poor responders, and what is required for a response are claims."""
    assert _read(sentence) == sign


@pytest.mark.parametrize(
    "sentence",
    [
        "Loss of XYZ2 could overcome receptor ABC1 (ABC1)-TKI resistance by inducing ferroptosis.",
        "Onconib, an oral multi-ABC1 and QRS3 family tyrosine kinase inhibitor, confers resistance in a variant.",
        "Anti-ABC1 therapy induced resistance.",
    ],
)
def test_a_target_that_names_its_drug_is_no_claim(sentence: str) -> None:
    """ "ABC1-TKI resistance" is resistance to a drug, not to or by the gene."""
    assert _read(sentence) == 0


@pytest.mark.parametrize(
    "sentence",
    [
        "XYZ2 reduced sensitivity to onconib, which is known to act by targeting the transporter ABC1.",
        "Blocking XYZ2, which is regulated by ABC1 and QRS3 signalling, increases the sensitivity to cisplatin.",
        "ABC1 was more active in small tumours, and a QRS3 inhibitor enhanced the sensitivity to onconib.",
        "Silenced XYZ2 enhances cisplatin sensitivity through ABC1 in hepatoma.",
        "The aim was to determine the involvement of ABC1 in resistance to cisplatin.",
        "Cisplatin and ABC1 were studied in children with refractory or relapsed disease.",
        "After siRNA treatment of ABC1, the dye is sensitive to acid.",
        "Restoring ABC1 might help patients who acquired resistance to cisplatin.",
        "Onconib was given for cancers with an ABC1 gene mutation, and the mechanisms of acquired resistance are open.",
        "The ABC1 ligand XYZ2 increased resistance to cisplatin.",
        "A variant of ABC1 may predict the efficacy of cisplatin.",
        "ABC1 codes for the ultraviolet irradiation resistance associated gene, and cisplatin was given.",
    ],
)
def test_what_is_said_in_passing_is_no_claim(sentence: str) -> None:
    """Relative clauses, clauses of another subject, aims, attributes and names state nothing of the gene."""
    assert _read(sentence) == 0


def test_the_other_gene_keeps_its_claim() -> None:
    """In the same sentences the gene that acts is read."""
    passing = "Blocking XYZ2, which is regulated by ABC1 and QRS3 signalling, increases the sensitivity to cisplatin."
    assert _read(passing, "XYZ2") == 1
    assert _read("Silenced XYZ2 enhances cisplatin sensitivity through ABC1 in hepatoma.", "XYZ2") == 1
    assert _read("Loss of XYZ2 overcomes ABC1-TKI resistance.", "XYZ2") == 1
