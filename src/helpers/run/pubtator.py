"""Annotated corpora in PubTator format: texts, and the gene ids people gave them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from helpers.errors import ParseError

_TEXT = re.compile(r"([^|\t]+)\|([ta])\|(.*)")
_TAXON = re.compile(r"\(.*?\)")


@dataclass(frozen=True)
class Annotated:
    """One document: its id, title, abstract, and (start, end, text, gene ids) of each gene annotation."""

    pmid: str
    title: str
    abstract: str
    genes: tuple[tuple[int, int, str, frozenset[str]], ...]

    @property
    def gene_ids(self) -> frozenset[str]:
        """NCBI Gene ids of the document."""
        return frozenset(i for *_, ids in self.genes for i in ids)


def read_pubtator(path: Path) -> list[Annotated]:
    """Documents of a file in order; raises ParseError naming the file when it holds none."""
    blocks = path.read_text(encoding="utf-8").strip().split("\n\n")
    documents = [document for block in blocks if (document := _parse_block(block))]
    if not documents:
        raise ParseError(f"{path}: no document in PubTator format (id|t|title).")
    return documents


def _parse_block(block: str) -> Annotated | None:
    pmid, texts, genes = "", {"t": "", "a": ""}, []
    for line in block.split("\n"):
        if match := _TEXT.match(line):
            pmid, texts[match[2]] = match[1], match[3]
            continue
        fields = line.split("\t")
        if len(fields) > 5 and fields[4] == "Gene" and fields[1].isdigit():
            ids = frozenset(i for i in re.split(r"[,;|]", _TAXON.sub("", fields[5])) if i.isdigit())
            genes.append((int(fields[1]), int(fields[2]), fields[3], ids))
    return Annotated(pmid, texts["t"], texts["a"], tuple(genes)) if pmid else None


def has_gene_gold(documents: list[Annotated]) -> bool:
    """True if any document has a gene id."""
    return any(document.gene_ids for document in documents)
