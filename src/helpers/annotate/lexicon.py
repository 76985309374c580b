"""The vocabulary compiled for matching: terms, the concepts they may mean, and one automaton."""

from __future__ import annotations

import gzip
import io
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
from ahocorasick_rs import AhoCorasick, BytesAhoCorasick

from helpers.annotate.cues import Cues, build_cues
from helpers.annotate.normalise import GREEK, fold
from helpers.annotate.variants import CJK, name_spellings, symbol_spellings
from helpers.errors import ParseError
from helpers.schemas import GENES, conform, join_list, split_list

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
)
(SYMBOL, CURATED_ALIAS, CURATED_NAME, ALIAS, PREVIOUS, NAME, OTHER_NAME, SECOND_ALIAS, SECOND_NAME) = range(9)
TERM, ABBREVIATION, MASK = range(9, 12)
NAMES = frozenset({CURATED_NAME, NAME, OTHER_NAME, SECOND_NAME})

_AS_LATIN = bytes.maketrans(bytes(GREEK.values()), b"abgdezhtiklmnxoprstufcyw"[: len(GREEK)])
_BEFORE_GREEK = re.compile(rb"(?<=[a-z0-9])([\xe1-\xf8])")

_LONGEST_NAME = 70
_PSEUDO = re.compile(
    r"pseudogene|^(?:tRNA|transfer RNA|RNA, [0-9A-Z])|^uncharacterized|long intergenic non-protein"
)
_EMPTY_NAME = re.compile(
    r"uncharacteri[sz]ed|hypothetical|cDNA|similar to|^protein [A-Z0-9]+$|epididymis|proliferation-inducing|"
    r"^testi[cs]|tumor antigen|sequence-? ?tag|^novel |open reading frame|antigen MLAA|self-ligand|mutant|truncated"
)

_Row = tuple[str, int, int]  # spelling, concept, source


@dataclass(frozen=True)
class Lexicon:
    """Terms in folded form with the concepts they may mean; picklable, the automaton is rebuilt.

    patterns: folded terms; first: entries of pattern i are first[i]:first[i+1] of `concept` and
    `source`; hard: punctuation marks a match of the pattern may hold;
    plain: the pattern may match in lower case without a digit;
    hides: the pattern is a gene or a mask; concepts: ids; kinds: kind of
    each concept; exact: entry -> the spellings that alone match; chinese: Chinese terms and concepts;
    mesh: MeSH descriptor id -> concepts; contexts: (pattern, concept) -> folded context words;
    never: (pattern, concept) pairs that never match; genes: the GENES frame behind it;
    cues: words of direction.
    """

    patterns: tuple[bytes, ...]
    first: npt.NDArray[np.int32]
    concept: npt.NDArray[np.int32]
    source: npt.NDArray[np.uint8]
    hard: npt.NDArray[np.uint8]
    plain: npt.NDArray[np.bool_]
    hides: npt.NDArray[np.bool_]
    concepts: tuple[str, ...]
    kinds: npt.NDArray[np.uint8]
    exact: Mapping[int, frozenset[str]]
    chinese: tuple[tuple[str, int], ...]
    mesh: Mapping[str, tuple[int, ...]]
    contexts: Mapping[tuple[int, int], tuple[bytes, ...]]
    genes: pd.DataFrame
    automata: tuple[Any, Any] = field(default=(None, None), repr=False, compare=False)
    cues: Cues = field(default_factory=build_cues, repr=False, compare=False)

    def __getstate__(self) -> dict[str, Any]:
        """Everything but the automata, which do not pickle."""
        return {**self.__dict__, "automata": (None, None)}

    def __setstate__(self, state: dict[str, Any]) -> None:
        """Restore and build the automata anew."""
        self.__dict__.update(state)
        object.__setattr__(self, "automata", _automata(self.patterns, self.chinese))


def _automata(patterns: Sequence[bytes], chinese: Sequence[tuple[str, int]]) -> tuple[Any, Any]:
    words = [term for term, _ in chinese]
    return BytesAhoCorasick(list(patterns)), AhoCorasick(words) if words else None


def parse_gene_table(content: bytes, *, name: str) -> pd.DataFrame:
    """GENES frame of an HGNC complete set or an NCBI gene_info file, plain or gzipped.

    Rows without symbol or NCBI Gene id are left out; of HGNC, withdrawn entries too. Raises ParseError naming the file
    when it is neither.
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
    full = panel if genes is None else _merge_genes(panel, genes)
    concepts: list[str] = []
    kinds: list[int] = []
    rows: list[_Row] = []
    for kind, names in (
        (GENE, full["gene"]),
        (MODE, terms["modes"]["mode"]),
        (THERAPY, terms["therapies"]["therapy"]),
    ):
        concepts += names.tolist()
        kinds += [kind] * len(names)
    index = {(kind, concept): i for i, (kind, concept) in enumerate(zip(kinds, concepts, strict=True))}
    rows += _gene_rows(panel, index, curated=True)
    if genes is not None:
        rows += _gene_rows(genes, index)
    if second is not None:
        by_id = dict(zip(full["hgnc_id"], full["gene"], strict=True))
        known = second[second["hgnc_id"].isin(by_id)]
        rows += _gene_rows(known.assign(gene=known["hgnc_id"].map(by_id)), index, second=True)
    rows += _mode_rows(terms["modes"], index)
    rows += _therapy_rows(terms["therapies"], index)
    return _compile(rows, concepts, kinds, terms, full)


def _merge_genes(panel: pd.DataFrame, genes: pd.DataFrame) -> pd.DataFrame:
    """The full frame, with the panel's genes that it does not hold."""
    extra = panel[~panel["hgnc_id"].isin(genes["hgnc_id"]) & ~panel["gene"].isin(genes["gene"])]
    return pd.concat([genes, extra], ignore_index=True)


def _gene_rows(
    frame: pd.DataFrame,
    index: Mapping[tuple[int, str], int],
    *,
    curated: bool = False,
    second: bool = False,
) -> Iterator[_Row]:
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


def _mode_rows(frame: pd.DataFrame, index: Mapping[tuple[int, str], int]) -> Iterator[_Row]:
    for row in frame.to_dict("records"):
        concept = index[MODE, row["mode"]]
        yield from ((t, concept, TERM) for t in [row["label"], *split_list(row["synonyms"])])
        yield from ((t, concept, TERM) for t in [row["label_zh"], *split_list(row["synonyms_zh"])])
        yield from ((t, concept, ABBREVIATION) for t in split_list(row["abbreviations"]))


def _therapy_rows(frame: pd.DataFrame, index: Mapping[tuple[int, str], int]) -> Iterator[_Row]:
    for row in frame.to_dict("records"):
        concept = index[THERAPY, row["therapy"]]
        terms = [row["therapy"], row["label"], *split_list(row["label_zh"]), *split_list(row["synonyms"])]
        yield from ((t, concept, TERM if len(t) > 3 or CJK.search(t) else ABBREVIATION) for t in terms)


def _keys(terms: Sequence[str]) -> tuple[list[bytes], list[int]]:
    """Folded form of each term between spaces (b"" without letters), and its count of hard marks."""
    folded = fold(terms)
    edges = np.searchsorted(folded.origin[1:-1], folded.starts) + 1
    hard = folded.hard[folded.starts[1:] - 1] - folded.hard[folded.starts[:-1]]
    text = folded.text
    keys = [text[a:b].strip() for a, b in zip(edges[:-1].tolist(), edges[1:].tolist(), strict=True)]
    return [b" " + key + b" " if key else b"" for key in keys], hard.tolist()


def _compile(
    rows: Iterable[_Row],
    concepts: Sequence[str],
    kinds: Sequence[int],
    terms: Mapping[str, pd.DataFrame],
    genes: pd.DataFrame,
) -> Lexicon:
    rows = list(dict.fromkeys(rows))
    chinese = _chinese(rows, terms["ambiguous"])
    latin = [row for row in rows if not CJK.search(row[0])]
    keys, hard = _keys([t for t, _, _ in latin])
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
    contexts = _apply_ambiguous(terms["ambiguous"], entries, allowed, exact, concepts, kinds)
    patterns = tuple(sorted(entries))
    flat = [(c, s) for key in patterns for c, s in sorted(entries[key].items(), key=lambda e: (e[1], e[0]))]
    first = np.concatenate([[0], np.cumsum([len(entries[key]) for key in patterns])]).astype(np.int32)
    sources = np.array([s for _, s in flat], dtype=np.uint8)
    entry_concepts = np.array([c for c, _ in flat], dtype=np.int32)
    number = {key: i for i, key in enumerate(patterns)}
    numbered_exact = {
        entry: frozenset(spellings)
        for i, key in enumerate(patterns)
        for entry in range(first[i], first[i + 1])
        if (spellings := exact.get((key, flat[entry][0])))
    }
    return Lexicon(
        patterns=patterns,
        first=first,
        concept=entry_concepts,
        source=sources,
        hard=np.array([allowed[key] for key in patterns], dtype=np.uint8),
        plain=_plain(patterns, first, sources),
        hides=_hides(first, entry_concepts, sources, kinds),
        concepts=tuple(concepts),
        kinds=np.array(kinds, dtype=np.uint8),
        exact=numbered_exact,
        chinese=chinese,
        mesh=_mesh(terms["modes"], concepts, kinds),
        contexts={(number[key], c): words for (key, c), words in contexts.items()},
        genes=genes,
        automata=_automata(patterns, chinese),
        cues=build_cues(terms["cues"].to_dict("records") if "cues" in terms else ()),
    )


def _chinese(rows: Iterable[_Row], ambiguous: pd.DataFrame) -> tuple[tuple[str, int], ...]:
    """Chinese terms with their concepts; -1 for those that only hide what they hold."""
    masks = ambiguous[ambiguous["rule"].isin(["mask", "never"])]["term"]
    hidden = {(term, -1) for term in masks if CJK.search(term)}
    blocked = {term for term, _ in hidden}
    named = {(t, c) for t, c, _ in rows if CJK.search(t) and t not in blocked}
    return tuple(sorted(named | hidden))


def _with_latin_greek(
    rows: Sequence[_Row], keys: Sequence[bytes], hard: Sequence[int]
) -> Iterator[tuple[_Row, bytes, int]]:
    """The rows, and each that holds a Greek letter again with its Latin stand-in (TNF-a, TGFb1)."""
    for row, key, marks in zip(rows, keys, hard, strict=True):
        yield row, key, marks
        if len(key) > 5 and max(key) > 0x7F:
            yield row, key.translate(_AS_LATIN), marks
            apart = _BEFORE_GREEK.sub(rb" \1", key)
            if apart != key:
                yield row, apart.translate(_AS_LATIN), marks


def _plain(
    patterns: Sequence[bytes], first: npt.NDArray[np.int32], source: npt.NDArray[np.uint8]
) -> npt.NDArray[np.bool_]:
    """Per pattern: true if lower case without a digit may match (a name, a mode, a mask, a Greek letter)."""
    symbolic = np.isin(source, [SYMBOL, CURATED_ALIAS, ALIAS, PREVIOUS, SECOND_ALIAS])
    plain = np.logical_or.reduceat(~symbolic, first[:-1]) if len(patterns) else np.zeros(0, dtype=np.bool_)
    greek = np.fromiter((max(key) > 0x7F for key in patterns), dtype=np.bool_, count=len(patterns))
    result: npt.NDArray[np.bool_] = plain | greek
    return result


def _hides(
    first: npt.NDArray[np.int32],
    concept: npt.NDArray[np.int32],
    source: npt.NDArray[np.uint8],
    kinds: Sequence[int],
) -> npt.NDArray[np.bool_]:
    """Per pattern: true if it is a gene or a mask, which hides every term within it."""
    if not len(concept):
        return np.zeros(0, dtype=np.bool_)
    strong = (np.array(kinds, dtype=np.uint8)[concept] == GENE) | (source == MASK)
    result: npt.NDArray[np.bool_] = np.logical_or.reduceat(strong, first[:-1])
    return result


def _apply_ambiguous(
    frame: pd.DataFrame,
    entries: dict[bytes, dict[int, int]],
    allowed: dict[bytes, int],
    exact: dict[tuple[bytes, int], set[str] | None],
    concepts: Sequence[str],
    kinds: Sequence[int],
) -> dict[tuple[bytes, int], tuple[bytes, ...]]:
    """Context words of (term, concept); never, exact and mask rows are worked into the tables."""
    contexts = {}
    keys, hard = _keys(frame["term"].tolist())
    for row, key, marks in zip(frame.to_dict("records"), keys, hard, strict=True):
        if len(key) < 3 or CJK.search(row["term"]):
            continue
        if row["rule"] == "mask":
            entries.setdefault(key, {})[-1] = MASK
            allowed[key] = max(marks, allowed.get(key, 0))
            continue
        kind = KINDS.index(row["kind"])
        held = entries.get(key, {})
        for concept in [c for c in held if c >= 0 and kinds[c] == kind]:
            if row["concept"] not in ("*", concepts[concept]):
                continue
            if row["rule"] == "never":
                del held[concept]
            elif row["rule"] == "exact":
                spellings = exact.get((key, concept)) or set()
                exact[key, concept] = spellings | {row["term"]}
            else:
                words = _keys(split_list(row["context"]))[0]
                contexts[key, concept] = tuple(word.rstrip() for word in words if word)
        if not held:
            entries.pop(key, None)
    return contexts


def _mesh(modes: pd.DataFrame, concepts: Sequence[str], kinds: Sequence[int]) -> dict[str, tuple[int, ...]]:
    """MeSH descriptor id -> the modes that name it."""
    number = {c: i for i, c in enumerate(concepts) if kinds[i] == MODE}
    mesh: dict[str, tuple[int, ...]] = {}
    for mode, uis in zip(modes["mode"], modes["mesh_ui"], strict=True):
        for ui in split_list(uis):
            mesh[ui] = (*mesh.get(ui, ()), number[mode])
    return mesh
