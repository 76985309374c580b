"""What speaks for and against a term naming a gene in a record, as features of a linear classifier.

A feature is a word ("rank:only", "n=protein", "sp:H"); the weights stand in data/raw/terms/gene_weights.csv
and are made by tests/train/train_genes.py with the functions of this module. Three groups: of the record
(its species), of the term and gene as such (remembered between records), and of the term in the record.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import NamedTuple

from helpers.annotate.abbreviations import find_long_form, is_short_form
from helpers.annotate.coverage import coverage
from helpers.annotate.lexicon import Lexicon
from helpers.annotate.species import MAMMALIAN_OR_VIRAL
from helpers.annotate.vocabulary import ALIAS, CURATED_ALIAS, CURATED_NAME, OTHER_NAME

_NEXT = re.compile(r"\s*([A-Za-z]+|[^\sA-Za-z])")
_LETTERS_LAST = re.compile(r"[A-Za-z]+\Z")
_REACH = 24  # characters looked back for the word before
_NAME_KEYS = (
    "pseudogene",
    "antisense",
    "microRNA",
    "receptor",
    "like",
    "ribosomal",
    "subunit",
    "olfactory",
    "factor",
    "immunoglobulin",
    "long intergenic",
    "open reading",
    "family with",
    "zinc finger",
    "T cell receptor",
)
# A curated term counts as an ordinary one: the panel is no corpus of usage.
_PLAIN = {CURATED_ALIAS: ALIAS, CURATED_NAME: OTHER_NAME}
# What a record of human genes looks like: put in place of its own to ask whether a term is an orthologue.
HUMAN_RECORD = frozenset({"sp:H", "spM:human", "sp#human2"})


class Place(NamedTuple):
    """Where a term stands: offsets in the joined texts, and the term as written (or written out)."""

    start: int
    end: int
    written: str


@dataclass(frozen=True)
class Record:
    """One record to decide on.

    text: the joined texts of the batch; start, end: the record's part of it; title_end: end of its first
    field; haystack: the record folded; places: pattern -> where it stands; entries: pattern ->
    (source, gene) it may mean; signals: (place, species) in order.
    """

    text: str
    start: int
    end: int
    title_end: int
    haystack: bytes
    places: Mapping[int, Sequence[Place]]
    entries: Mapping[int, Sequence[tuple[int, int]]]
    signals: tuple[Sequence[int], Sequence[str]]

    @cached_property
    def words(self) -> frozenset[bytes]:
        """Folded words of the record."""
        return frozenset(self.haystack.split())


def species_features(record: Record) -> set[str]:
    """Which species the record speaks of, and how much."""
    places, species = record.signals
    counts = Counter(species)
    human = counts["human"]
    other = sum(n for which, n in counts.items() if which != "human" and which not in MAMMALIAN_OR_VIRAL)
    if not human and not other:
        balance = "none"
    elif not human or not other:
        balance = "H" if human else "N"
    else:
        balance = "Hn" if human > 2 * other else "hN" if other > 2 * human else "hn"
    features = {f"sp:{balance}", f"spM:{max(counts, key=counts.__getitem__) if species else 'none'}"}
    features.update(f"sp#{which}{1 if n == 1 else 2 if n < 4 else 4}" for which, n in counts.items() if n)
    features.update(f"spT:{s}" for p, s in zip(places, species, strict=True) if p < record.title_end)
    return features


@lru_cache(maxsize=1 << 16)
def shape_of(written: str) -> str:
    """Class of spelling: U capitals, l lower case, T title case, M mixed; 9 with digit, w with space."""
    letters = [c for c in written if c.isalpha()]
    capitals = sum(c.isupper() for c in letters)
    if not letters:
        shape = "none"
    elif capitals == len(letters):
        shape = "U"
    elif not capitals:
        shape = "l"
    else:
        shape = "T" if capitals == 1 and letters[0].isupper() else "M"
    digit = "9" if any(c.isdigit() for c in written) else ""
    return shape + digit + ("w" if " " in written else "")


def length_class(n: int) -> str:
    """Length of a term in classes."""
    if n < 5:
        return str(n)
    return "5-6" if n < 7 else "7-10" if n < 11 else "11-20" if n < 21 else "21+"


def term_features(pattern: int, source: int, gene: int, shape: str, lexicon: Lexicon) -> list[str]:
    """Features of the term in this spelling and of the gene as one meaning of it, whatever the record."""
    term = lexicon.patterns[pattern][1:-1].decode("latin-1")
    first, last = lexicon.first[pattern], lexicon.first[pattern + 1]
    genes = lexicon.concept[first:last].tolist()
    sources = [
        _PLAIN.get(s, s) for s, g in zip(lexicon.source[first:last].tolist(), genes, strict=True) if g >= 0
    ]
    meanings = {g for g in genes if g >= 0}
    source, size, common = _PLAIN.get(source, source), length_class(len(term)), lexicon.common[pattern]
    rank = "worse" if source != min(sources) else "best" if sources.count(source) == 1 else "tie"
    rank = "only" if len(meanings) == 1 else rank
    features = [
        f"shape:{shape}",
        f"len:{size}",
        f"toks:{min(4, term.count(' ') + 1)}",
        f"shapelen:{shape}{size}",
        f"bg:{common}",
        f"bgshape:{common}{shape}",
        f"t={term}",
        f"src:{source}",
        f"srcshape:{source}{shape}",
        f"srclen:{source}{size}",
        f"amb:{len(meanings) if len(meanings) < 3 else '3+'}",
        f"rank:{rank}",
        f"srcrank:{source}{rank}",
        f"pop:{popularity(gene, lexicon)}",
        f"g={lexicon.concepts[gene]}",
    ]
    last = term.rsplit(" ", 1)[-1]
    features += [f"end:{last[-3:]}", f"last:{last if ' ' in term else ''}"]
    if len(meanings) > 1:
        more_popular = sum(popularity(g, lexicon) > popularity(gene, lexicon) for g in meanings)
        features.append(f"poprank:{min(3, more_popular)}")
    return features + [f"name:{key}" for key in _NAME_KEYS if key in lexicon.full_names[gene]]


def popularity(gene: int, lexicon: Lexicon) -> int:
    """Class of the number of full names a gene has: much studied genes have many; 0 for no gene."""
    if gene + 1 >= len(lexicon.names):
        return 0
    return int(lexicon.names[gene + 1] - lexicon.names[gene]).bit_length()


def place_features(record: Record, pattern: int) -> set[str]:
    """Features of where the term stands: how often, in the title, between which words."""
    places = record.places[pattern]
    n = len(places)
    features = {f"n:{n if n < 3 else '3-4' if n < 5 else '5+'}"}
    text = record.text
    for start, end, _ in places:
        if start < record.title_end:
            features.add("title")
        if before := word_before(text[max(record.start, start - _REACH) : start]):
            features.add(f"p={before.lower()}")
        if after := _NEXT.match(text, end, record.end):
            features.add(f"n={after[1].lower()}")
    return features


def word_before(text: str) -> str:
    """Last word of Latin letters, or last character if that is no letter; blank for blank text."""
    last = text.rsplit(None, 1)[-1:]
    if not last:
        return ""
    token = last[0]
    if not ("a" <= token[-1] <= "z" or "A" <= token[-1] <= "Z"):
        return token[-1]
    if token.isascii() and token.isalpha():
        return token
    return str(_LETTERS_LAST.findall(token)[0])


def meaning_features(
    record: Record, pattern: int, gene: int, support: Mapping[int, int], lexicon: Lexicon
) -> set[str]:
    """Features of how well the gene fits the rest of the record: other terms, words of its names."""
    others = support[gene] - 1
    entries = record.entries[pattern]
    rival = max([support[g] for _, g in entries if g != gene]) - 1 if len(entries) > 1 else -1
    key = lexicon.patterns[pattern]
    cover = int(5 * coverage(gene, record.words, lexicon, but=key.strip()) + 1e-9)
    features = {
        f"sup:{min(3, others)}",
        f"many:{len(record.entries).bit_length()}",
        f"riv:{'-' if rival < 0 else '<' if rival < others else '=' if rival == others else '>'}",
        f"cov:{cover}",
        f"covlen:{cover}{length_class(len(key) - 2)}",
    }
    symbol = lexicon.concepts[gene]
    if any(place.written == symbol for place in record.places[pattern]):
        features.add("exact")
    return features


def find_definition(record: Record, pattern: int) -> tuple[int, int] | None:
    """(start, end) of the long form where the record defines the term as an abbreviation."""
    for place in record.places[pattern]:
        if place.start <= record.start or record.text[place.start - 1] != "(":
            continue
        if record.text.find(")", place.end, place.end + 15) < 0 or not is_short_form(place.written):
            continue
        found = find_long_form(record.text, place.start - 1, place.written)
        return found if found and found[0] >= record.start else None
    return None


def definition_features(
    record: Record, pattern: int, gene: int, long_form: tuple[int, int], lexicon: Lexicon
) -> set[str]:
    """Whether the long form of the abbreviation is a name of the gene."""
    start, end = long_form
    inside: set[int] = set()
    whole: set[int] = set()
    for other, places in record.places.items():
        for place in places if other != pattern else ():
            if start - 1 <= place.start and place.end <= end + 1:
                genes = {g for _, g in record.entries.get(other, ())}
                inside |= genes
                if abs(place.start - start) <= 1 and abs(place.end - end) <= 1:
                    whole |= genes
    if gene in inside:
        agreement = "full" if gene in whole else "in"
    else:
        agreement = "other" if whole else "otherin" if inside else "unknown"
    words = frozenset(re.findall(rb"[a-z0-9]{3,}", record.text[start:end].lower().encode("utf-8")))
    return {f"def:{agreement}", f"defcov:{int(4 * coverage(gene, words, lexicon))}"}


def add_up(features: Iterable[str], weights: Mapping[str, float]) -> float:
    """Sum of the weights of the features; a feature without weight counts nothing.

    The sum is exact, so that it does not hang on the order of a set.
    """
    return math.fsum([weights[feature] for feature in features if feature in weights])
