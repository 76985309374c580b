"""FerrDb evidence sentences with their gene found in them: what direction is measured on.

FerrDb (Zhou and Bao 2020, Database baaa021) keeps sentences for genes that drive ferroptosis and genes that
suppress it. A row counts if its sentences name the gene: by symbol, by an alias or name of the HGNC file, by
the "Symbol_or_reported_abbr" column, or by what the remark says stands in the article.
"""

from __future__ import annotations

import csv
import gzip
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from helpers.errors import UsageError

_REMARK = re.compile(r"(.+?) in (?:the )?(?:article|paper)")
_MIR = re.compile(r"MIR(\d+)([A-Z]?)\d*(?:-\d+)?")
_GLUED = r"(?<![A-Za-z0-9])(?:si|sh|sg|p-|circ|lncRNA-)?"


@dataclass(frozen=True)
class Claim:
    """One row: +1 for a driver, -1 for a suppressor, the gene, its sentences, the paper, a pattern of its names."""

    sign: int
    gene: str
    text: str
    pmid: str
    names: re.Pattern[str]

    def spans(self) -> list[tuple[int, int]]:
        """Offsets of the gene in the text."""
        return [match.span(1) for match in self.names.finditer(self.text)]


def read_ferrdb(folder: Path) -> list[Claim]:
    """Claims of `ferrdb/driver.csv` and `ferrdb/suppressor.csv` whose sentences name the gene.

    Raises UsageError when a file is absent.
    """
    synonyms = _read_names(folder)
    claims = []
    for name, sign in (("driver", 1), ("suppressor", -1)):
        path = folder / "ferrdb" / f"{name}.csv"
        if not path.exists():
            raise UsageError(f"{path} is absent: name a folder of the shape evaldata has.")
        with path.open(encoding="utf-8", errors="replace", newline="") as file:
            for row in csv.DictReader(file):
                names = [*_reported(row), *synonyms.get(row["HGNC_ID"], [])]
                pattern = _pattern(names)
                if pattern and pattern.search(row["Evidence"]):
                    claims.append(Claim(sign, names[0], row["Evidence"], row["PMID"], pattern))
    return claims


def _reported(row: dict[str, str]) -> list[str]:
    """Names the row itself gives its gene."""
    symbol = row.get("Symbol_or_reported_abbr") or row.get("Symbol") or ""
    names = [symbol]
    if remark := _REMARK.match(row["Remark"]):
        names.append(remark[1])
    if mir := _MIR.fullmatch(symbol):
        stem = f"miR-{mir[1]}{mir[2].lower()}"
        names += [stem + end for end in ("-3p", "-5p", "a-3p", "a-5p", "b-3p", "b-5p", "a", "b", "c", "")]
    return names


def _read_names(folder: Path) -> dict[str, list[str]]:
    """HGNC id -> symbol, name, aliases, previous symbols and names."""
    found = sorted((folder / "gene-nomenclature").glob("hgnc_complete_set*"))
    if not found:
        raise UsageError(f"{folder / 'gene-nomenclature'} holds no hgnc_complete_set file.")
    content = found[-1].read_bytes()
    text = (gzip.decompress(content) if found[-1].suffix == ".gz" else content).decode("utf-8", "replace")
    names: dict[str, list[str]] = {}
    with io.StringIO(text) as file:
        for row in csv.DictReader(file, delimiter="\t"):
            lists = (row[c] for c in ("alias_symbol", "prev_symbol", "alias_name", "prev_name"))
            more = [item for value in lists for item in value.strip('"').split("|") if item]
            names[row["hgnc_id"]] = [row["symbol"], row["name"], *more]
    return names


def _pattern(names: list[str]) -> re.Pattern[str] | None:
    """Pattern of the names in any case, with or without hyphens and spaces between their parts."""
    forms = {r"[\s\-‐‑‒–—−]?".join(map(re.escape, _pieces(name))) for name in names if len(name.strip()) > 1}
    ordered = sorted((form for form in forms if form), key=lambda form: (-len(form), form))
    if not ordered:
        return None
    return re.compile(rf"{_GLUED}({'|'.join(ordered)})(?![A-Za-z0-9])(?!-AS)", re.IGNORECASE)


def _pieces(name: str) -> Iterator[str]:
    for part in re.split(r"[\s\-‐‑–_/]+", name):
        yield from re.findall(r"\d+|[^\d]+", part)
