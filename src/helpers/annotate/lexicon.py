"""The vocabulary compiled for matching: terms, the concepts they may mean, and the trie of them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
from ahocorasick_rs import AhoCorasick

from helpers.annotate.ambiguous import apply_ambiguous, chinese_terms
from helpers.annotate.coverage import NameWords, weigh_names
from helpers.annotate.cues import Cues, build_cues
from helpers.annotate.genetable import parse_gene_table
from helpers.annotate.normalise import GREEK, fold_keys, function_words
from helpers.annotate.species import SPECIES_WORDS
from helpers.annotate.trie import Trie, build_trie
from helpers.annotate.variants import CJK
from helpers.annotate.vocabulary import (
    ABBREVIATION,
    GENE,
    MASK,
    MODE,
    NAMES,
    SPECIES_WORD,
    SYMBOLIC,
    THERAPY,
    Row,
    gene_rows,
    merge_genes,
    mesh_modes,
    mode_rows,
    therapy_rows,
    wider_modes,
)

__all__ = ["Lexicon", "build_lexicon", "parse_gene_table"]

_AS_LATIN = bytes.maketrans(bytes(GREEK.values()), b"abgdezhtiklmnxoprstufcyw"[: len(GREEK)])
_BEFORE_GREEK = re.compile(rb"(?<=[a-z0-9])([\xe1-\xf8])")


@dataclass(frozen=True)
class Lexicon:
    """Terms in folded form with the concepts they may mean; picklable.

    patterns: folded terms. first: entries of pattern i are first[i]:first[i+1] of `concept` and
    `source`. hard: punctuation marks a match may hold. hides: the pattern is a gene or a mask.
    english: it opens or closes with a word that may be English (bits). modal: it may be a mode or therapy;
    modes: a mode.
    common: how common the pattern is as a lower-case word (0 rare to 6). species: number of the species
    the pattern speaks for, or -1. concepts: ids; kinds: kind of each;
    full_names: approved names of the genes. exact: entry -> the spellings
    that alone match. contexts: (pattern, concept) -> folded words one of which the record must hold.
    chinese: Chinese terms and concepts. mesh: MeSH descriptor id -> concepts. wider: mode -> the modes
    it is a kind of. names: words of the full names of concepts. weights: of the gene classifier. genes: the
    GENES frame behind it. trie: of the patterns; automaton: of the Chinese terms. cues: words of direction.
    memory: what the steps of finding mentions have worked out once.
    """

    patterns: tuple[bytes, ...]
    first: npt.NDArray[np.int32]
    concept: npt.NDArray[np.int32]
    source: npt.NDArray[np.uint8]
    hard: npt.NDArray[np.uint8]
    hides: npt.NDArray[np.bool_]
    english: npt.NDArray[np.uint8]
    modal: npt.NDArray[np.bool_]
    modes: npt.NDArray[np.bool_]
    common: npt.NDArray[np.uint8]
    species: npt.NDArray[np.int8]
    concepts: tuple[str, ...]
    kinds: npt.NDArray[np.uint8]
    full_names: tuple[str, ...]
    exact: Mapping[int, frozenset[str]]
    contexts: Mapping[tuple[int, int], tuple[bytes, ...]]
    chinese: tuple[tuple[str, int], ...]
    mesh: Mapping[str, tuple[int, ...]]
    wider: Mapping[int, tuple[int, ...]]
    names: NameWords
    weights: Mapping[str, float]
    genes: pd.DataFrame
    trie: Trie = field(repr=False, compare=False)
    automaton: Any = field(default=None, repr=False, compare=False)
    cues: Cues = field(default_factory=build_cues, repr=False, compare=False)
    memory: dict[Any, Any] = field(default_factory=dict, repr=False, compare=False)

    def __getstate__(self) -> dict[str, Any]:
        """Everything but the automaton, which does not pickle, and the memory."""
        return {**self.__dict__, "automaton": None, "memory": {}}

    def __setstate__(self, state: dict[str, Any]) -> None:
        """Restore and build the automaton anew."""
        self.__dict__.update(state)
        object.__setattr__(self, "automaton", build_automaton(self.chinese))


def build_automaton(chinese: Sequence[tuple[str, int]]) -> Any:
    """Automaton of the Chinese terms; None if there are none."""
    return AhoCorasick([term for term, _ in chinese]) if chinese else None


def build_lexicon(
    terms: Mapping[str, pd.DataFrame],
    *,
    genes: pd.DataFrame | None = None,
    second: pd.DataFrame | None = None,
) -> Lexicon:
    """Compiled vocabulary of `terms` (as `storage.read_terms` gives them).

    genes: a full GENES frame (HGNC) the panel is merged over; second: a further GENES frame (NCBI
    gene_info) whose terms are added to genes already known by HGNC id, with less trust.
    """
    panel = terms["genes"]
    full = panel if genes is None else merge_genes(panel, genes)
    concepts: list[str] = []
    kinds: list[int] = []
    rows: list[Row] = []
    for kind, names in (
        (GENE, full["gene"]),
        (MODE, terms["modes"]["mode"]),
        (THERAPY, terms["therapies"]["therapy"]),
    ):
        concepts += names.tolist()
        kinds += [kind] * len(names)
    index = {(kind, concept): i for i, (kind, concept) in enumerate(zip(kinds, concepts, strict=True))}
    rows += gene_rows(panel, index, curated=True)
    if genes is not None:
        rows += gene_rows(genes, index)
    if second is not None:
        by_id = dict(zip(full["hgnc_id"], full["gene"], strict=True))
        known = second[second["hgnc_id"].isin(by_id)]
        rows += gene_rows(known.assign(gene=known["hgnc_id"].map(by_id)), index, second=True)
    rows += mode_rows(terms["modes"], index)
    rows += therapy_rows(terms["therapies"], index)
    return _compile(rows, concepts, kinds, terms, full)


def _compile(
    rows: Iterable[Row],
    concepts: Sequence[str],
    kinds: Sequence[int],
    terms: Mapping[str, pd.DataFrame],
    genes: pd.DataFrame,
) -> Lexicon:
    rows = list(dict.fromkeys(rows))
    chinese = chinese_terms(rows, terms["ambiguous"])
    latin = [row for row in rows if not CJK.search(row[0])]
    keys, hard = fold_keys([t for t, _, _ in latin])
    entries: dict[bytes, dict[int, int]] = {}
    allowed: dict[bytes, int] = {}
    exact: dict[tuple[bytes, int], set[str] | None] = {}
    for (term, concept, source), key, marks in _with_latin_greek(latin, keys, hard):
        if len(key) < 4 or (key[1:-1].isdigit() and kinds[concept] == GENE):
            continue
        held = entries.setdefault(key, {})
        held[concept] = min(source, held.get(concept, MASK))
        allowed[key] = max(marks, allowed.get(key, 0))
        spellings = exact.setdefault((key, concept), set())
        if source == ABBREVIATION and spellings is not None:
            spellings.add(term)
        else:
            exact[key, concept] = None  # some other spelling matches in any case
    contexts = apply_ambiguous(terms["ambiguous"], entries, allowed, exact, concepts, kinds)
    for key in fold_keys([word for word, _ in SPECIES_WORDS])[0]:
        entries.setdefault(key, {}).setdefault(-1, SPECIES_WORD)
        allowed.setdefault(key, 0)
    patterns = tuple(sorted(entries))
    flat = [(c, s) for key in patterns for c, s in sorted(entries[key].items(), key=lambda e: (e[1], e[0]))]
    first = np.concatenate([[0], np.cumsum([len(entries[key]) for key in patterns])]).astype(np.int32)
    sources = np.array([s for _, s in flat], dtype=np.uint8)
    entry_concepts = np.array([c for c, _ in flat], dtype=np.int32)
    entry_kinds = np.where(entry_concepts >= 0, np.array(kinds)[entry_concepts], -1)
    number = {key: i for i, key in enumerate(patterns)}
    numbered_exact = {
        entry: frozenset(spellings)
        for (key, concept), spellings in exact.items()
        if spellings and (i := number.get(key)) is not None
        for entry in range(first[i], first[i + 1])
        if flat[entry][0] == concept
    }
    weights, trie = _weights(terms), build_trie(patterns)
    return Lexicon(
        patterns=patterns,
        first=first,
        concept=entry_concepts,
        source=sources,
        hard=np.array([allowed[key] for key in patterns], dtype=np.uint8),
        hides=_any(first, (entry_kinds == GENE) | (sources == MASK)),
        modal=_any(first, entry_kinds > GENE),
        modes=_any(first, entry_kinds == MODE),
        english=np.array([function_words(key) for key in patterns], dtype=np.uint8),
        common=_common(number, weights, first, sources),
        species=_species(number),
        concepts=tuple(concepts),
        kinds=np.array(kinds, dtype=np.uint8),
        full_names=tuple(genes["name"]),
        exact=numbered_exact,
        contexts={(number[key], c): words for (key, c), words in contexts.items() if key in number},
        chinese=chinese,
        mesh=mesh_modes(terms["modes"], concepts, kinds),
        wider=wider_modes(terms["modes"], concepts, kinds),
        names=weigh_names(patterns, *_names(first, entry_concepts, sources, len(concepts)), trie),
        weights=weights,
        genes=genes,
        trie=trie,
        automaton=build_automaton(chinese),
        cues=build_cues(terms["cues"].to_dict("records") if "cues" in terms else ()),
    )


def _weights(terms: Mapping[str, pd.DataFrame]) -> dict[str, float]:
    """Weights of the gene classifier by feature; none without the table `gene_weights`."""
    frame = terms.get("gene_weights")
    return {} if frame is None else dict(zip(frame["feature"], frame["weight"].tolist(), strict=True))


def _common(
    number: Mapping[bytes, int],
    weights: Mapping[str, float],
    first: npt.NDArray[np.int32],
    source: npt.NDArray[np.uint8],
) -> npt.NDArray[np.uint8]:
    """Per pattern: class of its frequency as a word, from the weights' `word:` rows; 0 unless a symbol."""
    common = np.zeros(len(number), dtype=np.uint8)
    for feature, value in weights.items():
        pattern = number.get(f" {feature[5:]} ".encode()) if feature.startswith("word:") else None
        if pattern is not None and set(source[first[pattern] : first[pattern + 1]]) <= SYMBOLIC:
            common[pattern] = int(value)
    return common


def _species(number: Mapping[bytes, int]) -> npt.NDArray[np.int8]:
    """Per pattern: number of the species it is a word for, or -1."""
    species = np.full(len(number), -1, dtype=np.int8)
    for key, (_, which) in zip(fold_keys([w for w, _ in SPECIES_WORDS])[0], SPECIES_WORDS, strict=True):
        species[number[key]] = which
    return species


def _names(
    first: npt.NDArray[np.int32],
    concept: npt.NDArray[np.int32],
    source: npt.NDArray[np.uint8],
    n_concepts: int,
) -> tuple[npt.NDArray[np.int32], npt.NDArray[np.int32]]:
    """(bounds per concept, patterns): the full names each concept has."""
    pattern = np.repeat(np.arange(len(first) - 1), np.diff(first))
    chosen = np.isin(source, list(NAMES))
    order = np.argsort(concept[chosen], kind="stable")
    bounds = np.searchsorted(concept[chosen][order], np.arange(n_concepts + 1))
    return bounds.astype(np.int32), pattern[chosen][order].astype(np.int32)


def _with_latin_greek(
    rows: Sequence[Row], keys: Sequence[bytes], hard: Sequence[int]
) -> Iterator[tuple[Row, bytes, int]]:
    """The rows, and each that holds a Greek letter again with its Latin stand-in (TNF-a, TGFb1)."""
    for row, key, marks in zip(rows, keys, hard, strict=True):
        yield row, key, marks
        if len(key) > 5 and max(key) > 0x7F:
            yield row, key.translate(_AS_LATIN), marks
            apart = _BEFORE_GREEK.sub(rb" \1", key)
            if apart != key:
                yield row, apart.translate(_AS_LATIN), marks


def _any(first: npt.NDArray[np.int32], flags: npt.NDArray[np.bool_]) -> npt.NDArray[np.bool_]:
    """Per pattern: true if any of its entries is flagged."""
    result: npt.NDArray[np.bool_] = np.logical_or.reduceat(flags, first[:-1])
    return result
