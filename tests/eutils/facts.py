# ruff: noqa: E501 -- literal XML and word lists
"""Names the synthetic records are made of: real journals (titles, ISSNs and NLM ids are facts), real gene
symbols and modes of death; every sentence built from them is synthetic."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Journal:
    """A journal as NLM catalogues it."""

    nlm_id: str
    title: str
    abbreviation: str
    print_issn: str
    online_issn: str
    linking_issn: str
    language: str = "eng"


JOURNALS = (
    Journal("101524092", "Cell death & disease", "Cell Death Dis", "", "2041-4889", "2041-4889"),
    Journal(
        "9437445",
        "Cell death and differentiation",
        "Cell Death Differ",
        "1350-9047",
        "1476-5403",
        "1350-9047",
    ),
    Journal("101665035", "Cell death discovery", "Cell Death Discov", "", "2058-7716", "2058-7716"),
    Journal("8711562", "Oncogene", "Oncogene", "0950-9232", "1476-5594", "0950-9232"),
    Journal("2984705R", "Cancer research", "Cancer Res", "0008-5472", "1538-7445", "0008-5472"),
    Journal("7600053", "Cancer letters", "Cancer Lett", "0304-3835", "1872-7980", "0304-3835"),
    Journal("0410462", "Nature", "Nature", "0028-0836", "1476-4687", "0028-0836"),
    Journal("101147698", "Molecular cancer", "Mol Cancer", "", "1476-4598", "1476-4598"),
    Journal(
        "101132535", "Molecular cancer therapeutics", "Mol Cancer Ther", "1535-7163", "1538-8514", "1535-7163"
    ),
    Journal(
        "8709159",
        "Free radical biology & medicine",
        "Free Radic Biol Med",
        "0891-5849",
        "1873-4596",
        "0891-5849",
    ),
    Journal(
        "2985121R",
        "The Journal of biological chemistry",
        "J Biol Chem",
        "0021-9258",
        "1083-351X",
        "0021-9258",
    ),
    Journal("9815369", "Drug resistance updates", "Drug Resist Updat", "1368-7646", "1532-2084", "1368-7646"),
    Journal("101124168", "Nature reviews. Cancer", "Nat Rev Cancer", "1474-175X", "1474-1768", "1474-175X"),
    Journal(
        "7910681",
        "Zhonghua zhong liu za zhi",
        "Zhonghua Zhong Liu Za Zhi",
        "0253-3766",
        "",
        "0253-3766",
        "chi",
    ),
)

# mode: (words as written, first year it is written about, weight)
MODES = {
    "apoptosis": ("apoptosis", 2005, 40),
    "autophagy": ("autophagy", 2005, 16),
    "necroptosis": ("necroptosis", 2008, 6),
    "anoikis": ("anoikis", 2005, 3),
    "pyroptosis": ("pyroptosis", 2014, 7),
    "ferroptosis": ("ferroptosis", 2013, 14),
    "parthanatos": ("parthanatos", 2010, 1),
    "cuproptosis": ("cuproptosis", 2022, 5),
    "disulfidptosis": ("disulfidptosis", 2023, 2),
    "immunogenic": ("immunogenic cell death", 2010, 3),
    "necrosis": ("necrosis", 2005, 4),
}
MESH = {"apoptosis": "D017209", "autophagy": "D001343", "ferroptosis": "D000079403", "pyroptosis": "D000069292",
        "necroptosis": "D000079302", "necrosis": "D009336", "anoikis": "D023102"}  # fmt: skip

# Genes planted more often with a mode, and what the synthetic sentences say of them there.
PLANTED = {
    "ferroptosis": {"inhibits": ("GPX4", "SLC7A11", "NFE2L2", "AIFM2", "FTH1", "GCLC"), "promotes": ("ACSL4", "TFRC", "LPCAT3")},
    "apoptosis": {"inhibits": ("BCL2", "MCL1", "XIAP", "BIRC5", "AKT1", "MDM2"), "promotes": ("TP53", "BAX", "CASP3", "BBC3", "FAS")},
    "autophagy": {"inhibits": ("MTOR", "AKT1"), "promotes": ("BECN1", "ATG5", "ATG7", "ULK1", "SQSTM1")},
    "necroptosis": {"inhibits": ("CASP8", "BIRC2"), "promotes": ("RIPK1", "RIPK3", "MLKL")},
    "pyroptosis": {"inhibits": ("STAT3",), "promotes": ("GSDMD", "GSDME", "CASP1", "NLRP3")},
    "cuproptosis": {"inhibits": ("ATP7B",), "promotes": ("FDX1", "LIAS", "DLAT", "SLC31A1")},
    "anoikis": {"inhibits": ("SRC", "PTK2", "ATF5"), "promotes": ("BMF", "BCL2L11")},
    "parthanatos": {"inhibits": ("MIF",), "promotes": ("PARP1",)},
    "disulfidptosis": {"inhibits": ("RPN1",), "promotes": ("SLC7A11", "NCKAP1")},
    "immunogenic": {"inhibits": ("CD47",), "promotes": ("CALR", "HMGB1")},
    "necrosis": {"inhibits": ("HSPA1A",), "promotes": ("TNF", "PPIF")},
}  # fmt: skip
OTHER_GENES = (
    "EGFR", "ERBB2", "KRAS", "BRAF", "PTEN", "PIK3CA", "MYC", "ABCB1", "ABCG2", "ABCC1", "HIF1A", "VEGFA", "CDKN2A",
    "CDKN1A", "CCND1", "NOTCH1", "CTNNB1", "YAP1", "SOX2", "CD44", "IL6", "CXCL8", "TGFB1", "NFKB1", "JAK2", "MAPK1",
    "MET", "ALK", "AXL", "FGFR1", "IGF1R", "AR", "ESR1", "BRCA1", "BRCA2", "ATM", "CHEK1", "EZH2", "HDAC1", "DNMT1",
    "KEAP1", "HMOX1", "NQO1", "G6PD", "PKM", "LDHA", "SLC2A1", "GSTP1", "TXN", "SOD2", "CD274", "PDCD1", "CTLA4",
    "ATF4", "DDIT3", "HSP90AA1", "HSPA5", "XBP1", "EIF2AK3", "SIRT1", "FOXO3", "FOXM1", "E2F1", "AURKA", "PLK1",
)  # fmt: skip
FAMOUS = ("TP53", "EGFR", "AKT1", "ERBB2", "KRAS", "PTEN", "MYC", "BCL2", "MTOR", "STAT3", "NFE2L2", "GPX4")
# Pairs that no synthetic record names, though the genes are famous: gaps that an analysis must find.
PLANTED_GAPS = frozenset({("EGFR", "pyroptosis"), ("ERBB2", "necroptosis"), ("KRAS", "anoikis"), ("TP53", "immunogenic"),
                          ("MYC", "pyroptosis"), ("PTEN", "necroptosis"), ("BCL2", "ferroptosis"), ("GPX4", "necroptosis")})  # fmt: skip
# Modes that synthetic records name together more often than by chance.
PARTNER_MODES = {"ferroptosis": "autophagy", "autophagy": "apoptosis", "pyroptosis": "necroptosis", "necroptosis": "pyroptosis",
                 "cuproptosis": "ferroptosis", "disulfidptosis": "cuproptosis"}  # fmt: skip
# Drugs with which synthetic records name a gene in every second case.
PARTNER_DRUGS = {"ERBB2": ("trastuzumab", "lapatinib"), "EGFR": ("gefitinib", "erlotinib", "osimertinib"), "BCL2": ("venetoclax",),
                 "MCL1": ("venetoclax",), "BRAF": ("vemurafenib",), "ESR1": ("tamoxifen",), "AR": ("enzalutamide",),
                 "BRCA1": ("olaparib",), "BRCA2": ("olaparib",), "PARP1": ("olaparib",), "ABCB1": ("doxorubicin", "paclitaxel"),
                 "NFE2L2": ("cisplatin",), "GPX4": ("sorafenib",), "SLC7A11": ("sorafenib",), "TP53": ("cisplatin", "doxorubicin"),
                 "MET": ("gefitinib",), "NFKB1": ("bortezomib",), "DNMT1": ("temozolomide",), "AKT1": ("paclitaxel",)}  # fmt: skip
# Journals (their places in JOURNALS) in which a mode stands more often.
HOME_JOURNALS = {
    "ferroptosis": (9, 2),
    "apoptosis": (1, 0),
    "immunogenic": (4,),
    "cuproptosis": (11,),
    "necrosis": (13,),
}
DRUGS = (
    "cisplatin", "doxorubicin", "paclitaxel", "gemcitabine", "5-fluorouracil", "oxaliplatin", "temozolomide",
    "sorafenib", "gefitinib", "erlotinib", "osimertinib", "imatinib", "trastuzumab", "tamoxifen", "vemurafenib",
    "venetoclax", "bortezomib", "olaparib", "lapatinib", "etoposide", "docetaxel", "sunitinib", "enzalutamide",
)  # fmt: skip
CANCERS = (
    "lung cancer", "breast cancer", "hepatocellular carcinoma", "colorectal cancer", "gastric cancer", "glioblastoma",
    "ovarian cancer", "pancreatic cancer", "melanoma", "acute myeloid leukemia", "prostate cancer", "renal cell carcinoma",
)  # fmt: skip
CELLS = (
    "A549",
    "MCF-7",
    "HepG2",
    "HCT116",
    "AGS",
    "U87",
    "SKOV3",
    "PANC-1",
    "A375",
    "HL-60",
    "PC-3",
    "786-O",
)
FAMILY_NAMES = (
    "Testperson",
    "Beispiel",
    "Muster",
    "Ejemplo",
    "Exempel",
    "Voorbeeld",
    "Primer",
    "Esempio",
    "Przyklad",
)
