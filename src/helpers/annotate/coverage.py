"""How much of a gene's names stands in a text, by the rarity of their words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from helpers.annotate.lexicon import Lexicon

_Shares = dict[tuple[bytes, frozenset[bytes]], float]


def coverage(gene: int, words: frozenset[bytes], lexicon: Lexicon, *, but: bytes = b"") -> float:
    """Largest share (by rarity) of the words of one of the gene's names that stand among `words`.

    The word `but`, the term itself, is passed over in the names.
    """
    held, totals, shares = _names(gene, lexicon)
    present = words.intersection(held)
    if not present:
        return 0.0
    key = (but, present)
    share: float | None = shares.get(key)
    if share is None:
        share = shares[key] = _largest_share(present, but, held, totals, lexicon.rarity)
    return share


def name_words(gene: int, lexicon: Lexicon) -> Iterable[bytes]:
    """Words of the gene's names that coverage looks for."""
    return _names(gene, lexicon)[0]


def _names(gene: int, lexicon: Lexicon) -> tuple[dict[bytes, list[int]], list[int], _Shares]:
    """As `_weigh_names`, remembered."""
    known: tuple[dict[bytes, list[int]], list[int], _Shares] | None = lexicon.memory.get(gene)
    if known is None:
        known = lexicon.memory[gene] = _weigh_names(gene, lexicon)
    return known


def _largest_share(
    present: Iterable[bytes],
    but: bytes,
    held: Mapping[bytes, Sequence[int]],
    totals: Sequence[int],
    rarity: Mapping[bytes, int],
) -> float:
    """Largest share of a name that the words present make up, `but` passed over."""
    shared: dict[int, int] = {}
    for word in present:
        weight = rarity[word]
        for name in held[word] if word != but else ():
            shared[name] = shared.get(name, 0) + weight
    without = held.get(but, ())
    shares = [
        weight / (totals[name] - rarity[but] if name in without else totals[name])
        for name, weight in shared.items()
    ]
    return max(shares, default=0.0)


def _weigh_names(gene: int, lexicon: Lexicon) -> tuple[dict[bytes, list[int]], list[int], _Shares]:
    """(word -> numbers of the gene's names that hold it, sum of the rarities of each name's words, {})."""
    numbers = lexicon.name_patterns[lexicon.names[gene] : lexicon.names[gene + 1]].tolist()
    names = {frozenset(w for w in lexicon.patterns[n].split() if w in lexicon.rarity) for n in numbers}
    names.discard(frozenset())
    held: dict[bytes, list[int]] = {}
    totals: list[int] = []
    for name in names:
        total = sum(lexicon.rarity[word] for word in name)
        for word in name:
            if lexicon.rarity[word]:
                held.setdefault(word, []).append(len(totals))
        totals.append(total)
    return held, totals, {}
