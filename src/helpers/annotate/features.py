"""What speaks for and against a term naming a gene, as features of a linear classifier.

A feature is a word ("rank:only", "n=protein", "sp:H"); the weights stand in data/raw/terms/gene_weights.csv
and are made by tests/train/train_genes.py with the functions of this package. Here: the features of a record
(its species), and of a term and gene as such, whatever the record; `surroundings` holds those of a term in
its record.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from helpers.annotate.lexicon import Lexicon
from helpers.annotate.species import MAMMALIAN_OR_VIRAL, SPECIES
from helpers.annotate.vocabulary import ALIAS, CURATED_ALIAS, CURATED_NAME, OTHER_NAME, SYMBOL

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
_UNIT = 1000  # weights have three decimals, so that as integers they add up exactly in any order


class Numbers:
    """Numbers of features, and their weights in thousandths; 0 is any feature without weight.

    In training (`learn`) every feature that is asked for gets a number.
    """

    def __init__(self, weights: Mapping[str, float], *, learn: bool = False) -> None:
        self.names = ["", *weights]
        self.weights = [0, *(round(weight * _UNIT) for weight in weights.values())]
        self.learn = learn
        self.tables: dict[str, tuple[Any, Any]] = {}  # of `neighbours`
        self._totals: dict[frozenset[str], int] = {}
        self._number = {name: i for i, name in enumerate(self.names)}

    def number(self, name: str) -> int:
        """Number of a feature."""
        known = self._number.get(name, 0)
        if known or not self.learn:
            return known
        self._number[name] = len(self.names)
        self.names.append(name)
        self.weights.append(0)
        return len(self.names) - 1

    def weight(self, name: str, default: float = 0.0) -> int:
        """Weight of a feature."""
        known = self._number.get(name)
        return round(default * _UNIT) if known is None else self.weights[known]

    def total(self, names: frozenset[str]) -> int:
        """Sum of the weights of some features."""
        return sum([self.weights[self._number[name]] for name in names if name in self._number])

    def known_total(self, names: frozenset[str]) -> int:
        """Sum of the weights of features met before together; for sets that are few."""
        if names not in self._totals:
            self._totals[names] = self.total(names)
        return self._totals[names]

    def among(self, start: str) -> dict[str, int]:
        """Number of each feature that begins so, by the rest of its name."""
        return {name[len(start) :]: i for name, i in self._number.items() if name.startswith(start)}


def numbers_of(lexicon: Lexicon) -> Numbers:
    """Numbers and weights of the lexicon's classifier."""
    known: Any = lexicon.memory.get("numbers")
    if known is None:
        known = lexicon.memory["numbers"] = Numbers(lexicon.weights)
    numbers: Numbers = known
    return numbers


@lru_cache(maxsize=1 << 14)
def species_features(told: bytes, in_title: int) -> frozenset[str]:
    """Which species the record speaks of, and how much; `told` are the species named in order.

    A record that names neither people nor an animal is taken to speak of people.
    """
    species = [SPECIES[number] for number in told]
    counts = Counter(species)
    human = counts["human"]
    other = sum(n for which, n in counts.items() if which != "human" and which not in MAMMALIAN_OR_VIRAL)
    if not human and not other:
        features = set(HUMAN_RECORD)
    else:
        if not human or not other:
            balance = "H" if human else "N"
        else:
            balance = "Hn" if human > 2 * other else "hN" if other > 2 * human else "hn"
        features = {f"sp:{balance}", f"spM:{max(counts, key=counts.__getitem__)}"}
    features.update(f"sp#{which}{1 if n == 1 else 2 if n < 4 else 4}" for which, n in counts.items() if n)
    features.update(f"spT:{which}" for which in species[:in_title])
    return frozenset(features)


def length_class(n: int) -> str:
    """Length of a term in classes."""
    if n < 5:
        return str(n)
    return "5-6" if n < 7 else "7-10" if n < 11 else "11-20" if n < 21 else "21+"


def term_features(pattern: int, source: int, gene: int, shape: str, lexicon: Lexicon) -> frozenset[str]:
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
    ]
    if source != SYMBOL:  # how far its other names mislead
        features.append(f"g={lexicon.concepts[gene]}")
    last = term.rsplit(" ", 1)[-1]
    features += [f"end:{last[-3:]}", f"last:{last if ' ' in term else ''}"]
    if len(meanings) > 1:
        more_popular = sum(popularity(g, lexicon) > popularity(gene, lexicon) for g in meanings)
        features.append(f"poprank:{min(3, more_popular)}")
    return frozenset(features + [f"name:{key}" for key in _NAME_KEYS if key in lexicon.full_names[gene]])


def popularity(gene: int, lexicon: Lexicon) -> int:
    """Class of the number of full names a gene has: much studied genes have many; 0 for no gene."""
    if gene + 1 >= len(lexicon.names.genes):
        return 0
    return int(lexicon.names.genes[gene + 1] - lexicon.names.genes[gene]).bit_length()
