"""Gene tables as their providers give them, read into GENES frames."""

from __future__ import annotations

import gzip
import io
from collections.abc import Sequence
from typing import Any

import pandas as pd

from helpers.errors import ParseError
from helpers.schemas import GENES, conform, join_list


def parse_gene_table(content: bytes, *, name: str) -> pd.DataFrame:
    """GENES frame of an HGNC complete set or an NCBI gene_info file, plain or gzipped.

    Rows without symbol or NCBI Gene id are left out; of HGNC, withdrawn entries too.
    Raises ParseError naming the file when it is neither.
    """
    try:
        text = gzip.decompress(content) if content[:2] == b"\x1f\x8b" else content
        header = text[: text.index(b"\n")].decode("utf-8")
    except (OSError, EOFError, ValueError) as error:
        raise ParseError(f"{name}: not a readable gene table: {error}.") from None
    if header.startswith("hgnc_id\tsymbol"):
        return _parse_hgnc(text, name)
    if header.startswith("#tax_id\tGeneID\tSymbol"):
        return _parse_gene_info(text, name)
    raise ParseError(
        f"{name}: neither an HGNC complete set (hgnc_id, symbol, ...) "
        "nor NCBI gene_info (#tax_id, GeneID, ...)."
    )


def _read_tsv(text: bytes, columns: Sequence[str], name: str) -> pd.DataFrame:
    try:
        return pd.read_csv(
            io.BytesIO(text), sep="\t", dtype="str", usecols=list(columns), na_filter=False, encoding="utf-8"
        )
    except (ValueError, UnicodeDecodeError) as error:
        raise ParseError(f"{name}: not a readable gene table: {error}.") from None


def _parse_hgnc(text: bytes, name: str) -> pd.DataFrame:
    columns = [
        "hgnc_id",
        "symbol",
        "name",
        "status",
        "alias_symbol",
        "alias_name",
        "prev_symbol",
        "prev_name",
    ]
    frame = _read_tsv(text, [*columns, "entrez_id"], name)
    frame = frame[(frame["status"] == "Approved") & (frame["symbol"] != "") & (frame["entrez_id"] != "")]
    names = frame["alias_name"] + "|" + frame["prev_name"]
    return _genes_frame(frame, "symbol", "hgnc_id", "entrez_id", "alias_symbol", "prev_symbol", names, name)


def _parse_gene_info(text: bytes, name: str) -> pd.DataFrame:
    columns = ["#tax_id", "GeneID", "Symbol", "Synonyms", "dbXrefs", "description", "Other_designations"]
    frame = _read_tsv(text, columns, name).replace("-", "")
    frame = frame[(frame["#tax_id"] == "9606") & (frame["Symbol"] != "")].copy()
    frame["hgnc_id"] = frame["dbXrefs"].str.extract(r"(HGNC:[0-9]+)", expand=False)
    frame = frame.dropna(subset=["hgnc_id"]).rename(columns={"description": "name"}).assign(previous="")
    return _genes_frame(
        frame, "Symbol", "hgnc_id", "GeneID", "Synonyms", "previous", frame["Other_designations"], name
    )


def _genes_frame(
    frame: pd.DataFrame,
    symbol: str,
    hgnc_id: str,
    ncbi: str,
    alias: str,
    previous: str,
    names: Any,
    source: str,
) -> pd.DataFrame:
    result = pd.DataFrame(
        {
            "gene": frame[symbol],
            "hgnc_id": frame[hgnc_id],
            "ncbi_gene": frame[ncbi],
            "name": frame["name"].str.strip('"').where(frame["name"] != "", frame[symbol]),
            "aliases": [_clean_list(v) for v in frame[alias]],
            "previous": [_clean_list(v) for v in frame[previous]],
            "names": [_clean_list(v) for v in names],
            "roles": None,
            "source": source,
        }
    )
    return conform(result.drop_duplicates("gene"), GENES)


def _clean_list(value: str) -> str | None:
    return join_list(item.strip() for item in value.strip('"').split("|")) if value else None
