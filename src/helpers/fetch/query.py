"""A PubMed query from the vocabulary: modes AND genes AND drug resistance AND cancer AND years.

Every word carries its field tag, because an untagged one is searched through automatic term mapping,
which changes with each MeSH year. Terms that another one finds anyway are left out, so that the query
stays short: `"apoptotic"[tiab]` finds every "apoptotic cell death".
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

import pandas as pd

from helpers.errors import UsageError, nearest
from helpers.schemas import split_list

RESISTANCE = (
    '"Drug Resistance, Neoplasm"[mh]',
    *(
        f'"{term}"[tiab]'
        for term in (
            "drug resistance",
            "drug resistant",
            "multidrug resistance",
            "acquired resistance",
            "therapy resistance",
            "therapeutic resistance",
            "treatment resistance",
            "chemoresistance",
            "chemoresistant",
            "radioresistance",
            "radioresistant",
            "immunotherapy resistance",
            "endocrine resistance",
            "chemosensitivity",
        )
    ),
)
CANCER = (
    '"Neoplasms"[mh]',
    *(
        f'"{term}"[tiab]'
        for term in (
            *("cancer", "cancers", "tumor", "tumors", "tumour", "tumours", "carcinoma", "leukemia"),
            *("leukaemia", "lymphoma", "melanoma", "glioma", "glioblastoma", "sarcoma", "myeloma"),
        )
    ),
)
# Shorter names of genes and abbreviations of modes mean too many other things to search for.
SHORTEST = 3
_WORDS = re.compile(r"[^\W_]+")
# Inverted names, characters of the query language, and scripts PubMed's English text does not hold.
_UNSEARCHABLE = re.compile(r'[,"()\[\]:*]|[\u2e80-\u9fff]')


def build_query(
    terms: Mapping[str, pd.DataFrame],
    *,
    modes: Sequence[str] = (),
    genes: Sequence[str] = (),
    therapies: Sequence[str] = (),
    resistance: bool = True,
    cancer: bool = True,
    first_year: int | None = None,
    last_year: int | None = None,
) -> str:
    """A PubMed query with every tag pinned; groups are joined by AND, the terms of a group by OR.

    `terms` are the vocabulary frames (`storage.read_terms`); `modes`, `genes`, `therapies` their ids,
    none meaning no such group. `resistance` and `cancer` add the groups of those names.

    Raises UsageError for an unknown id, for years the wrong way round, or if nothing would be asked.
    """
    never = _never(terms["ambiguous"]) if "ambiguous" in terms else set()
    groups = [
        _group(_mode_terms(terms["modes"], modes)),
        _group(_gene_terms(terms["genes"], genes, never)),
        _group(_therapy_terms(terms["therapies"], therapies)),
        _group(RESISTANCE if resistance else ()),
        _group(CANCER if cancer else ()),
        years(first_year, last_year),
    ]
    if not any(groups[:4]):
        raise UsageError(
            "a query needs at least one of modes, genes, therapies or resistance: none is given."
        )
    return " AND ".join(group for group in groups if group)


def years(first: int | None, last: int | None) -> str:
    """The clause for publication years, both included, "" for no bound; raises UsageError if reversed."""
    if first is None and last is None:
        return ""
    if first is not None and last is not None and first > last:
        raise UsageError(f"years {first} to {last}: the first year comes after the last.")
    low, high = (str(first) if first is not None else "1800"), (str(last) if last is not None else "3000")
    return f'("{low}"[pdat] : "{high}"[pdat])'


def _mode_terms(frame: pd.DataFrame, ids: Sequence[str]) -> list[str]:
    found: list[str] = []
    for row in _chosen(frame, "mode", ids):
        # A label with capitals is an abbreviation, which MeSH does not use for a heading.
        if isinstance(row["mesh_ui"], str) and row["label"] == row["label"].lower():
            found.append(f'"{row["label"]}"[mh:noexp]')
        short = [name for name in split_list(row["abbreviations"]) if len(name) > SHORTEST]
        found += _tagged([row["label"], *split_list(row["synonyms"]), *short])
    return found


def _gene_terms(frame: pd.DataFrame, ids: Sequence[str], never: set[str]) -> list[str]:
    found: list[str] = []
    for row in _chosen(frame, "gene", ids):
        names = [n for column in ("aliases", "previous", "names") for n in split_list(row[column])]
        kept = [n for n in names if len(n) >= SHORTEST and n.casefold() not in never]
        found += _tagged([row["gene"], *kept])
    return found


def _therapy_terms(frame: pd.DataFrame, ids: Sequence[str]) -> list[str]:
    found: list[str] = []
    for row in _chosen(frame, "therapy", ids):
        names = [name for name in split_list(row["synonyms"]) if len(name) >= SHORTEST]
        found += _tagged([row["label"], *names])
    return found


def _chosen(frame: pd.DataFrame, key: str, ids: Sequence[str]) -> Iterable[dict[str, str]]:
    rows = {row[key]: row for row in frame.to_dict("records")}
    folded = {name.casefold(): name for name in rows}
    for name in ids:
        if name.casefold() not in folded:
            raise UsageError(f"{key} {name!r} is not in the vocabulary: {nearest(name, rows)}")
        yield rows[folded[name.casefold()]]


def _tagged(names: Iterable[str]) -> list[str]:
    """Names tagged for title and abstract, without those a shorter one of them finds anyway."""
    spelled: dict[tuple[str, ...], str] = {}
    for name in names:
        words = tuple(_WORDS.findall(name.casefold()))
        if words and not _UNSEARCHABLE.search(name):
            spelled.setdefault(words, name)
    return [f'"{n}"[tiab]' for words, n in spelled.items() if not any(_inside(w, words) for w in spelled)]


def _inside(part: tuple[str, ...], whole: tuple[str, ...]) -> bool:
    size = len(part)
    return size < len(whole) and any(whole[i : i + size] == part for i in range(len(whole) - size + 1))


def _never(ambiguous: pd.DataFrame) -> set[str]:
    """Spellings of genes that must not match, or only with context: useless in a query."""
    rows = ambiguous[(ambiguous["kind"] == "gene") & ambiguous["rule"].isin(["never", "context"])]
    return {term.casefold() for term in rows["term"]}


def _group(parts: Sequence[str]) -> str:
    return f"({' OR '.join(dict.fromkeys(parts))})" if parts else ""
