"""Which species are spoken of around the places where a term stands: "in mice, Bax fell; in patients, BAX rose".

Of a place: the species its sentence speaks of; where it speaks of none, the one last spoken of before. A record
that speaks of no species is taken to speak of people. Sentences are told by punctuation alone here, since a wrong
border costs little and every place of a gene is asked for.
"""

from __future__ import annotations

from itertools import product

import numpy as np

from helpers.annotate.compiled import compiled
from helpers.annotate.features import Numbers
from helpers.annotate.normalise import Codes
from helpers.annotate.occurrences import Batch, Ints
from helpers.annotate.species import MAMMALIAN_OR_VIRAL, SPECIES

# Kinds of species, as bits; EARLIER: not the sentence speaks of it, but one before (or none at all).
HUMAN, RODENT, OTHER, EARLIER = 1, 2, 4, 8
_KINDS = {"human": HUMAN, "mouse": RODENT, "rat": RODENT, **dict.fromkeys(MAMMALIAN_OR_VIRAL, 0)}
_KIND = np.array([_KINDS.get(species, OTHER) for species in SPECIES], dtype=np.int64)
# The feature of each set of kinds: "around:h", "around:hr<" (of which one was spoken of before the sentence).
NAMES = tuple(
    "around:" + "".join(letter for letter, held in zip("<orh", bits, strict=True) if held)
    for bits in product((0, 1), repeat=4)
)


def species_around(batch: Batch) -> Ints:
    """Kinds of species spoken of around each place of the batch, as bits."""
    place, species = batch.signals
    kind = _KIND[species]
    place, kind = place[kind > 0], kind[kind > 0]
    borders = _borders(batch.texts.codes)
    told = np.zeros(len(borders) + 1, dtype=np.int64)
    np.bitwise_or.at(told, np.searchsorted(borders, place, side="right"), kind)
    around = told[np.searchsorted(borders, batch.start, side="right")]
    silent = np.flatnonzero(around == 0)
    record = batch.record[batch.term[silent]]
    bounds = np.searchsorted(place, batch.record_start)
    before = np.searchsorted(place, batch.start[silent]) - 1
    known = before >= bounds[record]
    around[silent] = np.where(bounds[record] == bounds[record + 1], HUMAN, EARLIER)
    around[silent[known]] |= kind[before[known]]
    return around


def around_scores(numbers: Numbers) -> Ints:
    """Weight of each set of kinds."""
    return np.array([numbers.weight(name) for name in NAMES], dtype=np.int64)


@compiled
def _borders(codes: Codes) -> Ints:
    """Where a sentence may begin: after a line feed, or a stop and spaces before a capital or bracket."""
    found = np.empty(len(codes) + 1, np.int64)
    n = 0
    for i in range(len(codes)):
        code = codes[i]
        if code == 10:
            found[n] = i + 1
            n += 1
        elif code == 32 and i > 0:
            before, after = codes[i - 1], codes[i + 1] if i + 1 < len(codes) else 10
            stop = before == 46 or before == 59 or before == 63 or before == 33
            if stop and (65 <= after <= 90 or after == 40):
                found[n] = i + 1
                n += 1
    return found[:n].copy()
