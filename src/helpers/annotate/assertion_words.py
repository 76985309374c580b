"""Words of a sentence as bits: the classes they belong to, and whether they open or fill a phrase.

Which class a word is of is told by patterns when the word is first met, and remembered by its hash.
"""

from __future__ import annotations

import re
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from helpers.annotate.compiled import compiled

Ints = npt.NDArray[np.int64]
Codes = npt.NDArray[np.uint32]
Hashes = npt.NDArray[np.uint64]

_CLASSES = {
    "change": r"induc\w+|increas\w+|promot\w+|enhanc\w+|trigger\w*|activat\w+|inhibit\w*|suppress\w*|reduc\w+|"
    r"decreas\w+|block\w*|prevent\w*|attenuat\w+|abrogat\w+|protect\w*|caus\w+|lead\w*|led|result(?:s|ed|ing)|undergo\w*|underwent|"
    r"elevat\w+|higher|lower|mediat\w+|sensiti\w+|resist\w+|potentiat\w+|augment\w+|abolish\w*|restor\w+|rescu\w+|"
    r"stimulat\w+|accompanied|via|through|due|contribut\w+",
    "measure": r"assay\w*|measured|determined|evaluated|assessed|examined|analy[sz]ed|detected|stain\w*|investigated|"
    r"studied|performed|used|using|tested|cytometr\w+|quantif\w+|monitored|counted|recorded",
    "list": r"involved|related|associated|regulat\w+|genes?|proteins?|pathways?|markers?|roles?|process\w*|responses?|"
    r"signal\w*|including|such",
    "hedge": r"may|might|could|suggest\w*|possibl\w+|potential\w*|likely|appear\w*|propose\w*",
    "past": r"was|were|did|had|induced|increased|showed|revealed|resulted|inhibited|demonstrated|observed|found|caused|"
    r"led|triggered|exhibited|decreased|reduced|enhanced|suppressed|underwent|confirmed",
    "present": r"is|are|has|have|can|plays?|remains?",
    "we": r"we|our",
    "result": r"shows?|showed|shown|found|demonstrat\w+|reveal\w*|suggest\w*|indicat\w+|confirm\w*|conclu\w+|observed|"
    r"significant\w*|results?|findings|data|collectively|together|identif\w+",
    "aim": r"aim\w*|purpose|goal|objectives?|hypothes\w+|investigat\w+|explor\w+|whether|examin\w+|evaluat\w+|"
    r"assess\w*|determin\w+|elucidat\w+|stud(?:y|ied)|analy[sz]ed?|measured|tested|understand|clarify|"
    r"asked|wondered|sought",
    "known": r"previous\w*|known|reported|poorly|unclear|unknown|recent\w*|implicated|accumulating|emerging|elusive|"
    r"understood|controversial|thought|believed|considered|well|important|major|many|several|various",
    "number": r"%|fold|dose|significant\w*|percent\w*|p",
    "and": r",|and|or",
    "unclear": r"unclear|unknown|poorly|elusive|controversial|remains?|understood|little",
    "here": r"here|herein",
    "assay": r"tunel|annexin|caspases?|parp|cytometr\w+|hoechst|dapi|fragment\w+|ladder\w*|lc",
    "raised": r"induced|increased|promoted|enhanced|triggered|activated|caused|led|elicited|underwent|exhibited|"
    r"augmented|accelerated|stimulated|potentiated|resulted|elevated|showed",
    "raises": r"induces|increases|promotes|enhances|triggers|activates|causes|leads|elicits|undergoes|results",
    "raise": r"induce|increase|promote|enhance|trigger|activate|cause|lead|elicit|undergo",
    "raising": r"(?:induc|increas|promot|enhanc|trigger|activat|caus|lead|elicit|undergo|result)ing",
    "raise noun": r"induction|activation|promotion|enhancement|onset|occurrence|initiation|evidence|levels?|rates?|"
    r"number|percentage|proportion|amount|extent",
    "lowered": r"inhibited|decreased|reduced|suppressed|blocked|prevented|attenuated|abrogated|abolished|impaired|"
    r"rescued|protected|evaded|resisted|diminished|delayed",
    "lowers": r"inhibits|decreases|reduces|suppresses|blocks|prevents|attenuates|abrogates|protects|confers",
    "lower": r"inhibit|decrease|reduce|suppress|block|prevent|attenuate|abrogate|protect|evade|resist|confer",
    "lowering": r"(?:inhibit|decreas|reduc|suppress|block|prevent|attenuat|protect|evad|escap)ing",
    "lower noun": r"inhibition|reduction|suppression|prevention|protection|resistance|sensitivity|susceptibility|"
    r"escape|evasion",
}  # fmt: skip
_COMPILED = {name: re.compile(pattern, re.IGNORECASE) for name, pattern in _CLASSES.items()}
AROUND = ("change", "measure", "list")
VERBS = (
    *("raised", "raises", "raise", "raising", "raise noun"),
    *("lowered", "lowers", "lower", "lowering", "lower noun"),
)
# Of the classes the first count for the sentence, those from AROUND on for the words beside the mention.
SENTENCE = (
    *("hedge", "past", "present", "we", "result", "aim", "known", "number", "unclear", "here", "assay"),
    *AROUND,
)
_ORDER = (*SENTENCE, *VERBS, "and")
# Words that open or fill a phrase, as further bits of a word.
_MARKS = {
    # "as determined by TUNEL" says how a result was seen; it is neither aim nor measurement.
    "seen": "analysed analyzed assessed confirmed demonstrated detected determined evaluated evidenced examined "
    "indicated judged measured monitored quantified revealed shown tested",
    "as": "as As",
    "study": "study",
    "this": "Here here Herein herein This this present current Our our",
    "now": "Here here now",
    "to": "to To",
    "purpose": "",  # by pattern
    "our": "we We",
    "before": "previously recently",
    "report": "report describe provide determined",
    "have": "has have",
    "been": "been",
    "told": "known reported shown described implicated suggested demonstrated proposed associated linked found "
    "characterized characterised established recognized recognised considered seen regarded viewed",
    "were": "was were",
    "whether": "whether",
    "that": "that",
}
_PURPOSE = re.compile(
    r"examine|determine|evaluate|assess|elucidate|investigate|explore|study|test|understand|clarify|analy[sz]e"
)
_CELLS = frozenset("cell cells nuclei death index rate rates bodies".split())
_DENIES = frozenset(
    "not t cannot neither nor never no without independent independently rather instead absence lack fail failed "
    "fails failure unable unchanged unaffected unaltered absent".split()
)  # "didn't" is the words "didn" and "t"
_WORD_BITS = {name: 1 << i for i, name in enumerate([*_ORDER, *_MARKS, "cells", "denies", "chinese"])}


class Marks(NamedTuple):
    """Bits of the words that phrases are made of."""

    past: int
    present: int
    result: int
    measure: int
    comma: int
    seen: int
    seen_as: int
    study: int
    this: int
    now: int
    to: int
    purpose: int
    our: int
    earlier: int
    report: int
    have: int
    been: int
    told: int
    were: int
    whether: int
    that: int
    cells: int
    denies: int
    chinese: int


_NAMED = {"comma": "and", "seen_as": "as", "earlier": "before"}  # what a mark is called above
MARKS = Marks(*(_WORD_BITS[_NAMED.get(name, name)] for name in Marks._fields))


class Words(NamedTuple):
    """Words, and the marks %,; of sentences in order: their bits and offsets.

    Those of sentence i are bounds[i]:bounds[i + 1].
    """

    bits: Ints
    start: Ints
    end: Ints
    bounds: Ints


_ROOM = 1 << 17
_hashes: Hashes = np.zeros(_ROOM, dtype=np.uint64)  # of the words met, each in a slot of its own
_bits: Ints = np.zeros(_ROOM, dtype=np.int64)  # of the word in the slot
_MOST = _ROOM // 2  # words that are remembered; then all are forgotten


def read_words(codes: Codes, starts: Ints, ends: Ints) -> Words:
    """Words of the sentences at [start, end) of a text of these code points; a run of Chinese counts as one."""
    bits, start, end, bounds, hashes = _cut(codes, starts, ends, _hashes, _bits, MARKS.chinese)
    unknown = np.flatnonzero(bits < 0).tolist()
    if unknown and np.count_nonzero(_hashes) + len(unknown) > _MOST:
        _hashes[:] = 0
    met: dict[str, int] = {}
    for i in unknown:
        word = codes[start[i] : end[i]].astype(np.uint8).tobytes().decode("ascii")
        if word not in met:
            met[word] = _class_word(word)
            if len(met) < _MOST:
                _remember(_hashes, _bits, hashes[i], met[word])
        bits[i] = met[word]
    return Words(bits, start, end, bounds)


def _class_word(word: str) -> int:
    """Classes and marks of a word, as bits."""
    bits = 0
    for name in _ORDER:
        if _COMPILED[name].fullmatch(word):
            bits |= _WORD_BITS[name]
    for name, words in _MARKS.items():
        if word in words.split():
            bits |= _WORD_BITS[name]
    bits |= _WORD_BITS["purpose"] if _PURPOSE.fullmatch(word) else 0
    bits |= _WORD_BITS["cells"] if word.lower() in _CELLS else 0
    return bits | (_WORD_BITS["denies"] if word.lower() in _DENIES else 0)


@compiled
def _cut(
    codes: Codes, starts: Ints, ends: Ints, hashes: Hashes, known: Ints, chinese: int
) -> tuple[Ints, Ints, Ints, Ints, Hashes]:
    """(bits, start, end, bounds, hash) of the words; the bits of a word not yet known are -1."""
    room = 0
    for i in range(len(starts)):
        room += ends[i] - starts[i]
    found, hashed = np.empty((3, room), np.int64), np.empty(room, np.uint64)
    bounds = np.zeros(len(starts) + 1, np.int64)
    n = 0
    for i in range(len(starts)):
        at = starts[i]
        while at < ends[i]:
            begin, code = at, codes[at]
            at += 1
            if 0x3400 <= code <= 0x9FFF:
                while at < ends[i] and 0x3400 <= codes[at] <= 0x9FFF:
                    at += 1
                found[0, n], found[1, n], found[2, n] = chinese, begin, at
                n += 1
                continue
            letters = 97 <= (code | 32) <= 122
            if not letters and code not in (37, 44, 59):
                continue
            value = _hash(np.uint64(14695981039346656037), code)
            while letters and at < ends[i] and 97 <= (codes[at] | 32) <= 122:
                value = _hash(value, codes[at])
                at += 1
            slot = _slot(hashes, value)
            found[0, n] = known[slot] if hashes[slot] == value else -1
            found[1, n], found[2, n], hashed[n] = begin, at, value
            n += 1
        bounds[i + 1] = n
    return found[0, :n].copy(), found[1, :n], found[2, :n], bounds, hashed


@compiled
def _hash(value: np.uint64, code: np.uint32) -> np.uint64:
    """Hash of a word with one character more (FNV-1a, by characters)."""
    return (value ^ np.uint64(code)) * np.uint64(1099511628211)


@compiled
def _slot(hashes: Hashes, value: np.uint64) -> np.int64:
    """Slot of a hash: where it is, or is to be."""
    slot = np.int64(value >> np.uint64(47))
    while hashes[slot] != 0 and hashes[slot] != value:
        slot = (slot + 1) % len(hashes)
    return slot


@compiled
def _remember(hashes: Hashes, known: Ints, value: np.uint64, bits: int) -> None:
    """Keep the bits of a word."""
    slot = _slot(hashes, value)
    hashes[slot], known[slot] = value, bits
