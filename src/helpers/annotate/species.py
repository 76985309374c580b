"""Words that tell which species a text speaks of; human genes are told from orthologues by them."""

from __future__ import annotations

import re

SPECIES = [
    "human",
    "mouse",
    "rat",
    "fly",
    "yeast",
    "fish",
    "frog",
    "worm",
    "plant",
    "chick",
    "livestock",
    "virus",
    "bacterium",
    "mammal",
]
MAMMALIAN_OR_VIRAL = frozenset({"mammal", "virus", "bacterium"})  # these speak neither for nor against human
_WORDS = {
    "human": "human|humans|patient|patients|women|men|children|woman|man|homo sapiens|individuals|subjects|families|"
    "family|persons|volunteers|participants|Caucasian|Caucasians|cohort|pedigree|probands|clinical|carcinoma|cancer|"
    "tumor|tumors|autosomal|HeLa|HEK293|HEK 293|HEK293T|MCF7|A549|HepG2|Jurkat|U2OS|U937|HL60|K562|SH SY5Y|Caco2|"
    "HUVEC|HUVECs|PBMC|PBMCs|MDA MB231|LNCaP|PC3 cells|HCT116|THP1|293T|Huh7|SW480|HT29|DU145|T47D",
    "mouse": "mouse|mice|murine|Mus musculus|knockout|null mice|transgenic|MEF|MEFs|NIH 3T3|NIH3T3|C57BL 6|C2C12|"
    "3T3 L1|RAW 264.7|RAW264.7|embryonic fibroblasts|littermates|conditional|ES cells|wild type mice|"
    "deficient mice|Balb c|BALB c",
    "rat": "rat|rats|Rattus|Sprague Dawley|Wistar|PC12|H9c2|INS1|Long Evans",
    "fly": "Drosophila|flies|melanogaster",
    "yeast": "yeast|Saccharomyces|cerevisiae|pombe",
    "fish": "zebrafish|Danio",
    "frog": "Xenopus|oocytes",
    "worm": "elegans|worm|worms|nematode|nematodes",
    "plant": "Arabidopsis|plants|plant|rice|thaliana|maize|tobacco",
    "chick": "chicken|chick|avian",
    "livestock": "bovine|cow|cattle|pig|porcine|pigs|dog|dogs|canine|rabbit|rabbits|hamster|ovine|sheep|monkey|monkeys",
    "virus": "virus|viral|viruses|HIV1|HIV|HCV|HBV|EBV",
    "bacterium": "Escherichia|bacteria|bacterial|E coli|coli|Bacillus",
    "mammal": "mammalian|mammals|vertebrate|vertebrates",
}
SPECIES_WORDS = tuple(
    (word, SPECIES.index(species)) for species, words in _WORDS.items() for word in words.split("|")
)

# "C6 glioma", "T24 cells", "U87 and U251 cell lines": a letter or two and a number before such words is no gene.
_LINE = re.compile(r"(?!CD|IL)[A-Z]{1,2}-?[0-9]{1,3}")
_OF = "rat human mouse murine bladder prostate".split()
_CANCERS = "glioma glioblastoma hepatoma carcinoma adenocarcinoma leukemia leukaemia".split()
WORDS_AFTER_LINE = (*_OF, "cell", *_CANCERS)  # one of which follows the name of a cell line
_LINE_AFTER = re.compile(
    rf"\s(?:(?:{'|'.join(_OF)})\s)?(?:cells?\b|cell lines?\b|(?:{'|'.join(_CANCERS)})s?\b)"
)


def is_cell_line(text: str, start: int, end: int) -> bool:
    """True if the term at `[start, end)` is written and followed as the name of a cell line is."""
    return bool(_LINE.fullmatch(text, start, end) and _LINE_AFTER.match(text, end))
