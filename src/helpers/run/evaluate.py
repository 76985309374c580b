"""How right the tags are: genes and modes measured on annotated corpora.

`evaluate(folder)` reads any folder of the shape described in data/raw/README.md: gene-corpora/*.PubTator,
gene-nomenclature/, hallmarks/sentences.tsv, mesh/.
"""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from helpers import storage
from helpers.annotate.genetable import parse_gene_table
from helpers.annotate.lexicon import Lexicon, build_lexicon
from helpers.errors import UsageError
from helpers.run.pubtator import Annotated, has_gene_gold, read_pubtator


def read_corpora(folder: Path, *, gold: bool = True) -> list[tuple[str, list[Annotated]]]:
    """(name, documents) of every PubTator file with gene ids, or of those without when not `gold`."""
    files = sorted((folder / "gene-corpora").glob("*.PubTator"))
    if not files:
        raise UsageError(
            f"{folder / 'gene-corpora'} holds no *.PubTator file: name a folder of annotated corpora."
        )
    corpora = [(path.stem, read_pubtator(path)) for path in files]
    return [(name, documents) for name, documents in corpora if has_gene_gold(documents) == gold]


def read_lexicon(folder: Path, *, trained: bool = True) -> Lexicon:
    """Full lexicon from the HGNC file (and gene_info, if there) of the folder over the shipped panel."""
    hgnc = sorted((folder / "gene-nomenclature").glob("hgnc_complete_set*"))
    info = sorted((folder / "gene-nomenclature").glob("*gene_info*"))
    if not hgnc:
        raise UsageError(
            f"{folder / 'gene-nomenclature'} holds no hgnc_complete_set file: the lexicon needs one."
        )
    terms = storage.read_terms()
    if not trained:
        terms = {name: frame for name, frame in terms.items() if name != "gene_weights"}
    return build_lexicon(
        terms,
        genes=parse_gene_table(hgnc[-1].read_bytes(), name=hgnc[-1].name),
        second=parse_gene_table(info[-1].read_bytes(), name=info[-1].name) if info else None,
    )
