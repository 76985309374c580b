"""PubMed XML of any size for measuring: the real records of evaldata, repeated with new ids.

Title and abstract of each copy end in its number, so that nothing remembered of a text helps with the next copy.
"""

from __future__ import annotations

import re
from pathlib import Path

from isal import igzip

from helpers.errors import ParseError
from helpers.records.pubmed_stream import split_pubmed

ROOT = Path(__file__).resolve().parents[2]
_PMID = re.compile(rb"(<PMID[^>]*>)\d+")
_END_OF_TEXT = re.compile(rb"</(?:ArticleTitle|AbstractText)>")
_HEAD = (
    b'<?xml version="1.0" encoding="utf-8"?>\n<!DOCTYPE PubmedArticleSet PUBLIC "-//NLM//DTD PubMedArticle, '
    b'1st January 2025//EN" "https://dtd.nlm.nih.gov/ncbi/pubmed/out/pubmed_250101.dtd">\n<PubmedArticleSet>\n'
)


def real_records(evaldata: Path) -> list[bytes]:
    """Bytes of every PubmedArticle in the folder that all readers compared here survive.

    A record without a Journal (there is one kind) stops pubmed_parser, so such records are left out.
    """
    found = []
    for path in sorted((evaldata / "pubmed-xml").rglob("*")):
        if path.name.endswith((".xml", ".xml.gz")):
            try:
                pieces = list(split_pubmed(path, source_name=path.name, faults=[]))
            except ParseError:  # answers of other services lie there too
                continue
            found += [p.raw for p in pieces if p.kind == "PubmedArticle" and b"<Journal>" in p.raw]
    return found


def write_sample(records: list[bytes], folder: Path, *, size: int, per_file: int = 30_000) -> list[Path]:
    """Gzip files as NLM numbers them, `size` records in all, PMIDs counted from 1."""
    folder.mkdir(parents=True, exist_ok=True)
    paths = []
    for number, first in enumerate(range(0, size, per_file), start=1):
        path = folder / f"pubmed26n{number:04d}.xml.gz"
        with igzip.open(path, "wb", compresslevel=2) as file:
            file.write(_HEAD)
            for pmid in range(first + 1, min(first + per_file, size) + 1):
                record = records[(pmid * 7919) % len(records)]  # an order that mixes the sources
                record = _PMID.sub(rb"\g<1>%d" % pmid, record, count=1)
                file.write(_END_OF_TEXT.sub(rb" Copy %d.\g<0>" % pmid, record) + b"\n")
            file.write(b"</PubmedArticleSet>\n")
        paths.append(path)
    return paths
