"""What speaks for and against a term naming a gene in a record, as features of a linear classifier.

A feature is a word ("rank:only", "n=protein", "sp:H"); the weights stand in data/raw/terms/gene_weights.csv
and are made by tests/train/train_genes.py with the functions of this module.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from helpers.annotate.abbreviations import find_long_form, is_short_form
from helpers.annotate.lexicon import Lexicon
from helpers.annotate.species import MAMMALIAN_OR_VIRAL
from helpers.annotate.vocabulary import ALIAS, CURATED_ALIAS, CURATED_NAME, OTHER_NAME

_NEXT = re.compile(r"\s*([A-Za-z]+|[^\sA-Za-z])")
_PREVIOUS = re.compile(r"([A-Za-z]+|[^\sA-Za-z])\s*\Z")
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
_NEAR, _AFTER = 80, 60  # characters within which a word of species is near


@dataclass(frozen=True)
class Place:
    """Where a term stands: offsets in the joined texts, and the term as written (or written out)."""

    start: int
    end: int
    written: str


@dataclass(frozen=True)
class Record:
    """One record to decide on.

    text: the joined texts of the batch; start, end: the record's part of it; title_end: end of its first
    field; words: folded words of the record; places: pattern -> where it stands; entries: pattern ->
    (source, gene) it may mean; signals: (place, species) in order.
    """

    text: str
    start: int
    end: int
    title_end: int
    words: frozenset[bytes]
    places: Mapping[int, Sequence[Place]]
    entries: Mapping[int, Sequence[tuple[int, int]]]
    signals: tuple[Sequence[int], Sequence[str]]


def describe_genes(record: Record, lexicon: Lexicon) -> dict[int, tuple[set[str], list[int]]]:
    """Gene -> (features, patterns that may mean it, the most trusted first)."""
    shared = _species_features(record)
    support = Counter(gene for entries in record.entries.values() for gene in {g for _, g in entries})
    described: dict[int, list[tuple[int, list[str], int]]] = {}
    for pattern, entries in record.entries.items():
        common = _term_features(record, pattern, lexicon)
        long_form = _long_form(record, pattern)
        for source, gene in entries:
            features = common + _entry_features(record, pattern, source, gene, support, lexicon)
            if long_form:
                features += _definition_features(record, pattern, gene, long_form, lexicon)
            described.setdefault(gene, []).append((source, features, pattern))
    return {gene: _merge(shared, terms) for gene, terms in described.items()}


def _merge(shared: set[str], terms: list[tuple[int, list[str], int]]) -> tuple[set[str], list[int]]:
    """All features of the most trusted term, of the others those of their surroundings."""
    terms.sort(key=lambda term: term[0])
    features = shared.union(terms[0][1])
    for _, others, _ in terms[1:]:
        features.update(f for f in others if f.startswith(("p=", "n=", "t=", "near", "def", "title")))
    return features, [pattern for _, _, pattern in terms]


def _species_features(record: Record) -> set[str]:
    """Which species the record speaks of."""
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
    features = {f"sp:{balance}", f"spM:{counts.most_common(1)[0][0] if counts else 'none'}"}
    features.update(f"sp#{which}{1 if n == 1 else 2 if n < 4 else 4}" for which, n in counts.items())
    features.update(f"spT:{s}" for p, s in zip(places, species, strict=True) if p < record.title_end)
    return features


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


def _term_features(record: Record, pattern: int, lexicon: Lexicon) -> list[str]:
    """Features of the term and its surroundings, whichever gene it means."""
    places = record.places[pattern]
    term = lexicon.patterns[pattern][1:-1].decode("latin-1")
    shape = Counter(shape_of(place.written) for place in places).most_common(1)[0][0]
    size, n, common = length_class(len(term)), len(places), lexicon.common[pattern]
    features = [
        f"shape:{shape}",
        f"len:{size}",
        f"toks:{min(4, term.count(' ') + 1)}",
        f"shapelen:{shape}{size}",
        f"n:{n if n < 3 else '3-4' if n < 5 else '5+'}",
        f"bg:{common}",
        f"bgshape:{common}{shape}",
        f"t={term}",
    ]
    for place in places:
        features += _surroundings(record, place)
    return features


def _surroundings(record: Record, place: Place) -> list[str]:
    """The words beside the term and the words of species around it."""
    text, features = record.text, []
    if place.start < record.title_end:
        features.append("title")
    if before := _PREVIOUS.search(text, max(record.start, place.start - 24), place.start):
        features.append(f"p={before[1].lower()}")
    if after := _NEXT.match(text, place.end, record.end):
        features.append(f"n={after[1].lower()}")
    places, species = record.signals
    if not places:
        return [*features, "prev=-"]
    at, following = bisect_left(places, place.start), bisect_left(places, place.end)
    features.append(f"prev={species[at - 1] if at else '-'}")
    first = max(text.rfind(". ", record.start, place.start), text.rfind("\n", record.start, place.start))
    last = text.find(". ", place.end, record.end)
    last = record.end if last < 0 else last
    if at and places[at - 1] >= max(first, place.start - _NEAR):
        features.append(f"near={species[at - 1]}")
    if following < len(places) and places[following] < min(last, place.end + _AFTER):
        features.append(f"nearA={species[following]}")
    sentence = range(bisect_left(places, first), bisect_right(places, last))
    features += {f"sent={species[n]}" for n in sentence}
    return features


def _entry_features(
    record: Record, pattern: int, source: int, gene: int, support: Mapping[int, int], lexicon: Lexicon
) -> list[str]:
    """Features of the gene as one meaning of the term among others."""
    entries = record.entries[pattern]
    source = _PLAIN.get(source, source)
    sources = [_PLAIN.get(s, s) for s, _ in entries]
    genes = {g for _, g in entries}
    size = length_class(len(lexicon.patterns[pattern]) - 2)
    best = min(sources)
    rank = "worse" if source != best else "best" if sources.count(best) == 1 else "tie"
    rank = "only" if len(genes) == 1 else rank
    shape = shape_of(record.places[pattern][0].written)
    others = support[gene] - 1
    rival = max((support[g] - 1 for g in genes if g != gene), default=-1)
    cover = int(5 * coverage(gene, record.words, lexicon, but=lexicon.patterns[pattern].strip()))
    symbol = lexicon.concepts[gene]
    features = [
        f"src:{source}",
        f"srcshape:{source}{shape}",
        f"srclen:{source}{size}",
        f"amb:{len(genes) if len(genes) < 3 else '3+'}",
        f"rank:{rank}",
        f"srcrank:{source}{rank}",
        f"sup:{min(3, others)}",
        f"riv:{'-' if rival < 0 else '<' if rival < others else '=' if rival == others else '>'}",
        f"cov:{cover}",
        f"covlen:{cover}{size}",
        f"pop:{popularity(gene, lexicon)}",
        f"g={symbol}",
    ]
    if len(genes) > 1:
        more_popular = sum(popularity(g, lexicon) > popularity(gene, lexicon) for g in genes)
        features.append(f"poprank:{min(3, more_popular)}")
    if any(place.written == symbol for place in record.places[pattern]):
        features.append("exact")
    full_name = lexicon.full_names[gene]
    return features + [f"name:{key}" for key in _NAME_KEYS if key in full_name]


def popularity(gene: int, lexicon: Lexicon) -> int:
    """Class of the number of full names a gene has: much studied genes have many."""
    return int(lexicon.names[gene + 1] - lexicon.names[gene]).bit_length()


def coverage(gene: int, words: frozenset[bytes], lexicon: Lexicon, *, but: bytes = b"") -> float:
    """Largest share (by rarity) of the words of one of the gene's names that stand among `words`."""
    best = 0.0
    for pattern in lexicon.name_patterns[lexicon.names[gene] : lexicon.names[gene + 1]].tolist():
        total = found = 0.0
        for word in lexicon.patterns[pattern].split():
            weight = lexicon.rarity.get(word, 0.0) if word != but else 0.0
            total += weight
            found += weight if word in words else 0.0
        if total and found / total > best:
            best = found / total
    return best


def _long_form(record: Record, pattern: int) -> tuple[int, int] | None:
    """(start, end) of the long form where the record defines the term as an abbreviation."""
    for place in record.places[pattern]:
        if place.start <= record.start or record.text[place.start - 1] != "(":
            continue
        if not record.text.find(")", place.end, place.end + 15) >= 0 or not is_short_form(place.written):
            continue
        found = find_long_form(record.text, place.start - 1, place.written)
        return found if found and found[0] >= record.start else None
    return None


def _definition_features(
    record: Record, pattern: int, gene: int, long_form: tuple[int, int], lexicon: Lexicon
) -> list[str]:
    """Whether the long form of the abbreviation is a name of the gene."""
    start, end = long_form
    inside: set[int] = set()
    whole: set[int] = set()
    for other, places in record.places.items():
        if other == pattern:
            continue
        for place in places:
            if start - 1 <= place.start and place.end <= end + 1:
                genes = {g for _, g in record.entries[other]}
                inside |= genes
                if abs(place.start - start) <= 1 and abs(place.end - end) <= 1:
                    whole |= genes
    if gene in inside:
        agreement = "full" if gene in whole else "in"
    else:
        agreement = "other" if whole else "otherin" if inside else "unknown"
    words = frozenset(re.findall(rb"[a-z0-9]{3,}", record.text[start:end].lower().encode("utf-8")))
    return [f"def:{agreement}", f"defcov:{int(4 * coverage(gene, words, lexicon))}"]


def score(features: Iterable[str], weights: Mapping[str, float]) -> float:
    """Log odds that the gene is named."""
    return weights.get("bias", 0.0) + sum(weights.get(feature, 0.0) for feature in features)
