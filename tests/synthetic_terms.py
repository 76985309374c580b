"""A small synthetic vocabulary of the shape read_terms gives, for tests."""

from __future__ import annotations

import pandas as pd

from helpers.schemas import TERMS, conform

_GENES = [
    ("ATF5", "1", "22809", "activating transcription factor 5", None, None, None),
    ("BCL2", "2", "596", "BCL2 apoptosis regulator", "Bcl-2", None, None),
    ("BCL2L1", "3", "598", "BCL2 like 1", "Bcl-xL|BCL-XL", None, None),
    ("CASP3", "4", "836", "caspase 3", "CPP32", None, "caspase-3"),
    ("CASP7", "5", "840", "caspase 7", None, None, "caspase-7"),
    ("CASP9", "6", "842", "caspase 9", None, None, "caspase-9"),
    ("TNF", "7", "7124", "tumor necrosis factor", "TNF-alpha|TNFA", None, "tumor necrosis factor alpha"),
    ("TNFSF10", "8", "8743", "TNF superfamily member 10", "TRAIL", None, None),
    ("CAT", "9", "847", "catalase", None, None, None),
    ("TP53", "10", "7157", "tumor protein p53", "p53", None, None),
    ("IL6", "11", "3569", "interleukin 6", "IL-6", None, None),
    ("MDM2", "12", "4193", "MDM2 proto-oncogene", None, None, None),
    ("TTN", "13", "7273", "titin", None, None, None),
    ("VCP", "14", "7415", "valosin containing protein", "p97", None, None),
    ("GEMIN4", "15", "50628", "gem nuclear organelle associated protein 4", "p97", None, None),
    ("AIFM1", "16", "9131", "apoptosis inducing factor mitochondria associated 1", "AIF", None, None),
]
_MODES = [
    ("apoptosis", "apoptosis", "凋亡", "apoptotic", None, None, "D017209"),
    ("autophagy", "autophagy", "自噬", "autophagic", None, None, "D001343"),
    ("autophagy-dependent", "autophagic cell death", "自噬性细胞死亡", None, None, "ADCD", None),
    ("necrosis", "necrosis", "坏死", "necrotic", None, None, "D009336"),
    ("netosis", "NETosis", "中性粒细胞胞外诱捕网", None, None, "NETs", None),
]
_AMBIGUOUS = [
    ("TTN-AS1", "gene", "TTN", "mask", None),
    ("tumor necrosis", "mode", "necrosis", "context", "xenograft"),
    ("apoptosis-inducing factor", "mode", "apoptosis", "mask", None),
    ("CAT", "gene", "CAT", "exact", None),
    ("NETs", "mode", "netosis", "context", "neutrophil"),
    ("凋亡抑制蛋白", "mode", "apoptosis", "mask", None),
]


def synthetic_terms() -> dict[str, pd.DataFrame]:
    """Frames modes, genes, therapies, ambiguous, cues; no weights."""
    genes = pd.DataFrame(
        _GENES, columns=["gene", "hgnc_id", "ncbi_gene", "name", "aliases", "previous", "names"]
    ).assign(source="synthetic")
    genes["hgnc_id"] = "HGNC:" + genes["hgnc_id"]
    columns = ["mode", "label", "label_zh", "synonyms", "synonyms_zh", "abbreviations", "mesh_ui"]
    modes = pd.DataFrame(_MODES, columns=columns).assign(colour="#000000", source="synthetic")
    therapies = pd.DataFrame(
        [("cisplatin", "cisplatin", "顺铂", "drug", "DDP|CDDP")],
        columns=["therapy", "label", "label_zh", "kind", "synonyms"],
    ).assign(source="synthetic")
    ambiguous = pd.DataFrame(_AMBIGUOUS, columns=["term", "kind", "concept", "rule", "context"])
    frames = {
        "genes": genes,
        "modes": modes,
        "therapies": therapies,
        "ambiguous": ambiguous.assign(reason="x"),
    }
    frames = {name: conform(frame, TERMS[name]) for name, frame in frames.items()}
    return {**frames, "cues": TERMS["cues"].empty()}
