"""How much of a gene's names stands in a text, by the rarity of their words."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from helpers.annotate.compiled import compiled
from helpers.annotate.trie import Trie, words_of

Ints = npt.NDArray[np.int64]
Numbers = npt.NDArray[np.int32]

_SHORTEST = 3  # letters of a word that tells something
_UNIT = 1 << 20  # rarities are whole, so that sums are exact in any order


class NameWords(NamedTuple):
    """The words of the genes' names, each once in a name.

    genes: names of gene g are genes[g]:genes[g + 1]; names: words of name i are names[i]:names[i + 1] of words;
    rarity: of each word of the trie, log of how many names there are for each that holds it.
    """

    genes: Numbers
    names: Numbers
    words: Numbers
    rarity: Numbers


def weigh_names(patterns: Sequence[bytes], genes: Numbers, name_patterns: Numbers, trie: Trie) -> NameWords:
    """The words of the names; genes: bounds of each gene's names in `name_patterns`."""
    distinct, of = np.unique(name_patterns, return_inverse=True)
    spelled = [patterns[number] for number in distinct.tolist()]
    words, starts, ends = words_of(np.frombuffer(b"".join(spelled), dtype=np.uint8), *trie[:3])
    name = np.searchsorted(np.cumsum([len(text) for text in spelled]), starts, side="right")
    n_words = len(trie.begin)
    both = np.unique((name * n_words + words)[ends - starts >= _SHORTEST])
    name, word = both // n_words, (both % n_words).astype(np.int32)
    rarity = [
        round(math.log(len(spelled) / n) * _UNIT) if n else 0 for n in np.bincount(word, minlength=n_words)
    ]
    bounds = np.searchsorted(name, np.arange(len(spelled) + 1))
    counts = np.diff(bounds)[of]
    names = np.concatenate([[0], np.cumsum(counts)]).astype(np.int32)
    at = np.arange(names[-1]) - np.repeat(names[:-1] - bounds[of], counts)
    return NameWords(genes, names, word[at], np.array(rarity, dtype=np.int32))


@compiled
def coverage(
    words: Numbers,
    bounds: Ints,
    texts: Ints,
    wanted: Ints,
    but: Ints,
    genes: Numbers,
    names: Numbers,
    name_words: Numbers,
    rarity: Numbers,
) -> npt.NDArray[np.float64]:
    """For each text and wanted gene: largest share, by rarity, of the words of one of its names that the text holds.

    words: of all texts, text t's are bounds[t]:bounds[t + 1]; texts are in rising order. The word `but`, the
    term itself, is passed over in the names; -1 for none. The other arguments are those of NameWords.
    """
    shares = np.zeros(len(texts), np.float64)
    seen = np.full(len(rarity), -1, np.int32)  # last text that held the word
    before = -1
    for i in range(len(texts)):
        text, gene = texts[i], wanted[i]
        if text != before:
            for at in range(bounds[text], bounds[text + 1]):
                if words[at] >= 0:
                    seen[words[at]] = text
            before = text
        for name in range(genes[gene], genes[gene + 1]):
            held, total = 0, 0
            for at in range(names[name], names[name + 1]):
                word = name_words[at]
                if word != but[i]:
                    total += rarity[word]
                    if seen[word] == text:
                        held += rarity[word]
            if held:
                shares[i] = max(shares[i], held / total)
    return shares
