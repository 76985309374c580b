"""Places where the term of a gene does not speak of that gene.

It names another one ("ATF5-AS1", "PTEN pseudogene"), a family or a part of proteins called after the gene ("the
Bcl-2 family", "EGF-like repeats", "Src homology 2 domain"), or what a blot or a PCR was related to ("GAPDH served
as loading control").
"""

from __future__ import annotations

import re

import numpy as np

from helpers.annotate.lexicon import Lexicon
from helpers.annotate.occurrences import Batch, Bools, Ints

_TAIL = re.compile(
    r"-AS[123]\b|\spseudogenes?\b|-like\b|\shomology\s(?:domain|region|[0-9])|"
    r"(?:\s(?:gene|protein|receptor|kinase))?[-\s](?:super)?famil(?:y|ies)\b"
)
# What a tail begins with: a hyphen or a space, and two letters.
_STARTS = np.array(
    [
        (ord(join) << 21 | ord(word[0])) << 21 | ord(word[1])
        for join, words in (("-", "AS like fa su"), (" ", "ps ho ge pr re ki fa su"))
        for word in words.split()
    ]
)
_STANDARDS = "GAPDH ACTB ACTG1 TUBB TUBA1A TUBA1B HPRT1 B2M TBP LMNB1 VCL PPIA RPLP0".split()
_STANDARD = r"(?:loading|internal|endogenous|housekeeping|reference|normali[sz]ation|control)"
_CONTROL = rf"{_STANDARD}\s(?:controls?|genes?|standards?|proteins?)\b"
_BEFORE = re.compile(
    rf"(?:\bnormali[sz]ed\s(?:to|with|against|by)|\brelative\sto|\b{_CONTROL})[^.;]{{0,40}}\Z", re.IGNORECASE
)
_AFTER = re.compile(rf"[^.;]{{0,50}}?\b{_CONTROL}", re.IGNORECASE)
_REACH = 90  # characters looked at before the name of a standard


def is_passing(batch: Batch, place: Ints, gene: Ints, lexicon: Lexicon) -> Bools:
    """Whether each place (a number in the batch) of a gene does not speak of it."""
    text, codes, last = batch.texts.joined, batch.texts.codes, len(batch.texts.codes) - 1
    found = np.zeros(len(place), dtype=np.bool_)
    end = batch.end[place]
    join, first, second = (codes[np.minimum(end + n, last)].astype(np.int64) for n in range(3))
    may_be = np.isin((join << 21 | first) << 21 | second, _STARTS)
    for i in np.flatnonzero(may_be).tolist():
        found[i] = _TAIL.match(text, int(end[i])) is not None
    for i in np.flatnonzero(np.isin(gene, _standards(lexicon)) & ~found).tolist():
        start = int(batch.start[place[i]])
        before = text[max(0, start - _REACH) : start].rsplit("\n", 1)[-1]
        found[i] = bool(_AFTER.match(text, int(end[i])) or _BEFORE.search(before))
    return found


def _standards(lexicon: Lexicon) -> Ints:
    """Numbers of the genes that blots and PCRs are related to; remembered."""
    known: Ints | None = lexicon.memory.get("standards")
    if known is None:
        numbers = [lexicon.concepts.index(gene) for gene in _STANDARDS if gene in lexicon.concepts]
        known = lexicon.memory["standards"] = np.array(numbers, dtype=np.int64)
    return known
