"""The rows of the vocabulary tables as (spelling, concept, source) triples."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

import pandas as pd

from helpers.annotate.variants import CJK, name_spellings, symbol_spellings
from helpers.schemas import split_list

KINDS = ("gene", "mode", "therapy")
GENE, MODE, THERAPY = range(3)
# Where a term comes from, in falling order of trust.
SOURCES = (
    "symbol",
    "curated alias",
    "curated name",
    "alias",
    "previous symbol",
    "full name",
    "other name",
    "second alias",
    "second name",
    "term",
    "abbreviation",
    "mask",
    "species",
)
(SYMBOL, CURATED_ALIAS, CURATED_NAME, ALIAS, PREVIOUS, NAME, OTHER_NAME, SECOND_ALIAS, SECOND_NAME) = range(9)
TERM, ABBREVIATION, MASK, SPECIES_WORD = range(9, 13)
NAMES = frozenset({CURATED_NAME, NAME, OTHER_NAME, SECOND_NAME})
SYMBOLIC = frozenset({SYMBOL, CURATED_ALIAS, ALIAS, PREVIOUS, SECOND_ALIAS})

Row = tuple[str, int, int]  # spelling, concept, source
_LONGEST_NAME = 70
_PSEUDO = re.compile(
    r"pseudogene|^(?:tRNA|transfer RNA|RNA, [0-9A-Z])|^uncharacterized|long intergenic non-protein"
)
_EMPTY_NAME = re.compile(
    r"uncharacteri[sz]ed|hypothetical|cDNA|similar to|^protein [A-Z0-9]+$|epididymis|proliferation-inducing|"
    r"^testi[cs]|tumor antigen|sequence-? ?tag|^novel |"
    r"open reading frame|antigen MLAA|self-ligand|mutant|truncated"
)


def merge_genes(panel: pd.DataFrame, genes: pd.DataFrame) -> pd.DataFrame:
    """The full frame, with the panel's genes that it does not hold."""
    extra = panel[~panel["hgnc_id"].isin(genes["hgnc_id"]) & ~panel["gene"].isin(genes["gene"])]
    return pd.concat([genes, extra], ignore_index=True)


def gene_rows(
    frame: pd.DataFrame,
    index: Mapping[tuple[int, str], int],
    *,
    curated: bool = False,
    second: bool = False,
) -> Iterator[Row]:
    """Every spelling of every term of a GENES frame; `curated` for the panel, `second` for gene_info."""
    alias, name, previous = ALIAS, OTHER_NAME, PREVIOUS
    if curated:
        alias, name = CURATED_ALIAS, CURATED_NAME
    elif second:
        alias, name, previous = SECOND_ALIAS, SECOND_NAME, SECOND_ALIAS
    for gene, full, aliases, former, names in zip(
        frame["gene"], frame["name"], frame["aliases"], frame["previous"], frame["names"], strict=True
    ):
        concept = index.get((GENE, gene))
        if concept is None:  # a panel row renamed in the full table
            continue
        if _PSEUDO.search(full):  # written in no other way, and its names are those of its parent
            yield gene, concept, SYMBOL
            continue
        yield from ((form, concept, SYMBOL) for form in symbol_spellings(gene))
        for source, items in ((alias, aliases), (previous, former)):
            for item in split_list(items):
                forms = name_spellings(item) if item.count(" ") > 1 else symbol_spellings(item)
                yield from ((form, concept, source) for form in forms)
        yield from ((form, concept, NAME if not second else SECOND_NAME) for form in name_spellings(full))
        for item in split_list(names):
            if len(item) > _LONGEST_NAME or _EMPTY_NAME.search(item):
                continue
            forms = symbol_spellings(item) if curated and " " not in item else name_spellings(item)
            yield from ((form, concept, name) for form in forms)


def mode_rows(frame: pd.DataFrame, index: Mapping[tuple[int, str], int]) -> Iterator[Row]:
    """Labels, synonyms and abbreviations of the modes, English and Chinese."""
    for row in frame.to_dict("records"):
        concept = index[MODE, row["mode"]]
        yield from ((t, concept, TERM) for t in [row["label"], *split_list(row["synonyms"])])
        yield from ((t, concept, TERM) for t in [row["label_zh"], *split_list(row["synonyms_zh"])])
        yield from ((t, concept, ABBREVIATION) for t in split_list(row["abbreviations"]))


def therapy_rows(frame: pd.DataFrame, index: Mapping[tuple[int, str], int]) -> Iterator[Row]:
    """Labels and synonyms of the therapies; those of three letters match in exact case."""
    for row in frame.to_dict("records"):
        concept = index[THERAPY, row["therapy"]]
        terms = [row["therapy"], row["label"], *split_list(row["label_zh"]), *split_list(row["synonyms"])]
        yield from ((t, concept, TERM if len(t) > 3 or CJK.search(t) else ABBREVIATION) for t in terms)


def mesh_modes(
    modes: pd.DataFrame, concepts: Sequence[str], kinds: Sequence[int]
) -> dict[str, tuple[int, ...]]:
    """MeSH descriptor id -> the modes that name it."""
    number = {c: i for i, c in enumerate(concepts) if kinds[i] == MODE}
    mesh: dict[str, tuple[int, ...]] = {}
    for mode, uis in zip(modes["mode"], modes["mesh_ui"], strict=True):
        for ui in split_list(uis):
            mesh[ui] = (*mesh.get(ui, ()), number[mode])
    return mesh


def wider_modes(
    modes: pd.DataFrame, concepts: Sequence[str], kinds: Sequence[int]
) -> dict[int, tuple[int, ...]]:
    """Mode -> its parent, that one's parent and so on; modes without parent are left out."""
    number = {c: i for i, c in enumerate(concepts) if kinds[i] == MODE}
    parents = {m: p for m, p in zip(modes["mode"], modes["parent"], strict=True) if isinstance(p, str)}
    wider: dict[int, tuple[int, ...]] = {}
    for mode in parents:
        chain: list[int] = []
        above = parents.get(mode)
        while above in number and number[above] not in chain:
            chain.append(number[above])
            above = parents.get(above)
        wider[number[mode]] = tuple(chain)
    return wider
