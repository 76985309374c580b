"""The cases a gene tagger is asked for, each in invented sentences, with the shipped panel: which genes are named."""

from __future__ import annotations

import pandas as pd
import pytest

from helpers import storage
from helpers.annotate.lexicon import Lexicon, build_lexicon
from helpers.annotate.mentions import find_mentions
from helpers.schemas import ARTICLES

CASES = {
    "Greek letters": [
        ("TNFα and IFN-γ raised IL-1β in the cells.", "TNF IFNG IL1B"),
        ("Blocking TGF-beta1 or TGFβ2 restored cell death.", "TGFB1 TGFB2"),
        ("HIF1α and HIF-2alpha bound the promoter.", "HIF1A EPAS1"),
        ("IκBα was degraded by IKKβ.", "NFKBIA IKBKB"),
        ("PKCδ and casein kinase 2 alpha phosphorylate it.", "PRKCD CSNK2A1"),
    ],
    "ranges and lists": [
        ("Cleaved caspase-3/-7/-9 appeared.", "CASP3 CASP7 CASP9"),
        ("Caspases 3, 8 and 9 were active.", "CASP3 CASP8 CASP9"),
        ("BCL-2 and -XL protect the cells.", "BCL2 BCL2L1"),
        ("MMP-2 and -9 were secreted.", "MMP2 MMP9"),
        ("HDAC1/2/3 were lost.", "HDAC1 HDAC2 HDAC3"),
        ("ERK1/2 and AKT1/2 were phosphorylated.", "MAPK3 MAPK1 AKT1 AKT2"),
        ("RIPK1 and 3 form the necrosome with MLKL.", "RIPK1 RIPK3 MLKL"),
        ("miR-200a/b/c target ZEB1.", "MIR200A MIR200B MIR200C ZEB1"),
        ("Deletion of ATG5-12 blocks autophagy.", "ATG5 ATG12"),
        ("The SMAD2-4 complex binds; SIRT1-3 were profiled.", "SMAD2 SMAD4 SIRT1 SIRT2 SIRT3"),
        ("Bands of p70-75 were seen.", ""),
    ],
    "full names": [
        ("Receptor-interacting serine/threonine kinase 3 drives necroptosis.", "RIPK3"),
        ("Glutathione peroxidase 4 and solute carrier family 7 member 11 protect.", "GPX4 SLC7A11"),
        ("Mixed lineage kinase domain-like protein is phosphorylated.", "MLKL"),
        ("The nuclear factor erythroid 2-related factor 2 pathway is on.", "NFE2L2"),
    ],
    "families": [
        ("Caspases and kinases were active; BH3-only proteins rose.", ""),
        ("Gasdermins form pores, and histone deacetylases close chromatin.", ""),
        ("Sirtuins, cathepsins and metalloproteinases were measured.", ""),
        ("Members of the gasdermin family are cut.", ""),
        ("The Bcl-2 family and the TNF superfamily were compared.", ""),
        ("MCL-1, a BCL-2 family member, was stable.", "MCL1"),
        ("EGF-like repeats and an Src homology 2 domain were found.", ""),
    ],
    "abbreviations defined in the text": [
        ("Programmed death ligand 1 (PD-L1) and its receptor PD-1.", "CD274 PDCD1"),
        ("Aortic regurgitation (AR) was graded in patients; AR was severe.", ""),
        ("Catalytic antioxidant treatment (CAT) was given; CAT helped.", ""),
        ("Mean arterial pressure (MAP) rose; MAP fell later.", ""),
    ],
    "cell lines": [
        ("HeLa, MCF-7, PC3, SKOV3, A549, HCT116, U2OS and K562 cells were used.", ""),
        ("Jurkat, HL-60, LNCaP, T24, Caco-2, SK-BR-3, BT-474 and RAW264.7 cells.", ""),
        ("ES-2, OVCAR3, MIA PaCa-2 and BxPC-3 cells were grown.", ""),
    ],
    "species": [
        ("Rats, mice, zebrafish and C57BL/6 mice; Sprague-Dawley rats.", ""),
        ("Escherichia coli and Saccharomyces cerevisiae; HIV-1 and HBV.", ""),
    ],
    "words that are symbols": [
        ("The cat sat with the rest of the set; we met at the camp and got an impact.", ""),
        ("The clock, the pig, the mice and a step in a bid to bad.", ""),
        ("The CI was 95% and the OR 2.1, HR 1.5 and SD 3.", ""),
        ("We used BDNF as a marker and DICER1 as a control.", "BDNF DICER1"),
        ("Cells in G1 were seen at 2 h as a whole; the protein's role is open.", ""),
    ],
    "mutants": [
        ("p53 R175H and KRAS G12D drive growth; BRAF(V600E) too.", "TP53 KRAS BRAF"),
        ("EGFR T790M and FLT3-ITD were found.", "EGFR FLT3"),
        ("PTEN-null, RB1-deficient and TP53-mutated tumours grew.", "PTEN RB1 TP53"),
        ("KRASG12D, BRAFV600E and JAK2V617F are common.", "KRAS BRAF JAK2"),
    ],
    "reagents": [
        ("YC-1 lowered HIF-1α; trichostatin A (TSA) and TSA alone did not.", "HIF1A"),
        ("Ferric ammonium citrate (FAC) and then FAC with ferrostatin-1 were added.", ""),
        ("Annexin V-FITC/PI staining and TUNEL were done.", ""),
        ("HRP-conjugated IgG and BSA were added.", ""),
        ("GAPDH served as loading control, and RIPK3 was normalised to ACTB.", "RIPK3"),
    ],
    "antisense transcripts and pseudogenes": [
        ("TTN-AS1 rose, ATF5-AS1 fell.", "TTN-AS1"),
        ("The GPX4 pseudogene is silent.", ""),
        ("PTENP1 acts as a sponge.", "PTENP1"),
    ],
}  # fmt: skip


@pytest.fixture(scope="module")
def shipped() -> Lexicon:
    """The lexicon of the shipped panel."""
    return build_lexicon(storage.read_terms())


@pytest.mark.parametrize("case", CASES)
def test_named_cases(shipped: Lexicon, case: str) -> None:
    """Every gene of every sentence, no other; orthologues do not count."""
    texts = [text for text, _ in CASES[case]]
    rows = [{"record_id": f"local:{i}", "abstract": text} for i, text in enumerate(texts)]
    mentions = find_mentions(pd.DataFrame(rows, columns=ARTICLES.names), shipped)
    genes = mentions[(mentions["kind"] == "gene") & ~mentions["rule"].str.startswith("orthologue")]
    for i, (text, named) in enumerate(CASES[case]):
        found = set(genes.loc[genes["record_id"] == f"local:{i}", "concept"])
        assert found == set(named.split()), text
