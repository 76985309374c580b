"""Sentences of titles and abstracts as offsets, by punctuation alone: English and Chinese.

Abbreviations (e.g., et al., Fig.), initials and species names (E. coli), decimals and gene names in lower
case (p53, miR-21) are what goes wrong in PubMed text; each has its rule here. Line feeds always end a
sentence, since they separate the labelled parts of an abstract. A compiled loop finds where sentences may end;
what needs a list of words (abbreviations) is decided by pattern at the few places where one may stand.
"""

from __future__ import annotations

import re
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from helpers.annotate.compiled import compiled
from helpers.annotate.normalise import code_points

Ints = npt.NDArray[np.int64]
Codes = npt.NDArray[np.uint32]
Kinds = npt.NDArray[np.uint16]

# Words that start a sentence and are no name: they end one even after an initial or an abbreviation.
_OPENER = (
    r"(?:The|We|In|Our|This|These|Those|It|However|Here|Moreover|Furthermore|Additionally|Thus|Therefore|"
    r"Although|To|As|At|By|For|From|On|When|While|Both|All|An|A|Among|After|Further|Finally|Interestingly|"
    r"Importantly|Notably|Collectively|Results|Methods|Conclusions?|RESULTS|METHODS|CONCLUSIONS?|They|Their|"
    r"There|No|Its|Using|Based|Taken|Together|Since|Because|Cells|Treatment|Knockdown|Overexpression)"
)
_NEVER = re.compile(
    r"(?:\b(?:e\.g|i\.e|vs|viz|cf|Fig|Figs|Eq|Eqs|Ref|Refs|Tab|Suppl|approx|ca|Dr|Prof|St|resp|Nos?|nos?|pp|"
    r"vol|ver|incl|Mr|Mrs|Ph\.D)|\b[ap]\.m)$"
)
_UNLESS_OPENER = re.compile(
    r"(?:(?<![A-Za-z0-9-])[A-Z]|\bet\s+al|\betc|\b(?:sp|spp|subsp|var|Inc|Ltd|Co|Corp|U\.S|i\.p|i\.v|s\.c|p\.o))$"
)
# The last two characters of each abbreviation, to pass over most words without a search.
_LAST_TWO = frozenset(
    ".g .e vs iz cf ig gs Eq qs ef fs ab pp ox ca Dr of St sp No no os ol er cl Mr rs .D .m al tc ar nc td Co rp .S"
    " .p .v .c .o".split()
)
_OPENS = re.compile(rf"{_OPENER}\b")
_OPENS_BARE = re.compile(rf"{_OPENER}\s")


(
    _LOWER,
    _CAPITAL,
    _DIGIT,
    _SPACE,
    _CHINESE,
    _CLOSE,
    _WIDE_CLOSE,
    _OPEN,
    _STOP,
    _WIDE_STOP,
    _SEMI,
    _LINE_FEED,
    _BRACKET,
) = (1 << i for i in range(13))
_SURE, _UNLESS_ABBREVIATED, _IF_OPENER = 0, 1, 2  # how sure an end is


def _kinds() -> Kinds:
    """Kinds of each code point below 65,536, as bits; those above are of none."""
    kinds = np.zeros(65536, dtype=np.uint16)
    characters = {
        _LOWER: "abcdefghijklmnopqrstuvwxyz",
        _CAPITAL: "ABCDEFGHIJKLMNOPQRSTUVWXYZ",
        _DIGIT: "0123456789",
        _SPACE: "".join(c for c in map(chr, range(0x3001)) if c.isspace()),
        _CLOSE: "\"'”’)]",
        _WIDE_CLOSE: "”’」』）",
        _OPEN: "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789\"'“‘([",
        _STOP: ".!?",
        _WIDE_STOP: "。！？；",
        _SEMI: ";!?",
        _LINE_FEED: "\n",
        _BRACKET: ")]）",
    }
    for kind, held in characters.items():
        kinds[[ord(c) for c in held]] |= kind
    for first, last in ((0x3400, 0x9FFF), (0xF900, 0xFAFF)):
        kinds[first : last + 1] |= _CHINESE | _OPEN
    for first, last in ((0x391, 0x3C9), (0xC0, 0xDE)):  # Greek, accented capitals
        kinds[first : last + 1] |= _OPEN
    return kinds


def _pairs() -> npt.NDArray[np.bool_]:
    """For two ASCII characters, the first times 128 and the second: whether an abbreviation may end in them."""
    pairs = np.zeros(128 * 128, dtype=np.bool_)
    pairs[[ord(pair[0]) * 128 + ord(pair[1]) for pair in _LAST_TWO]] = True
    return pairs


_KINDS, _PAIRS = _kinds(), _pairs()


@lru_cache(maxsize=1 << 13)
def split_sentences(text: str) -> tuple[tuple[int, int], ...]:
    """(start, end) of each sentence in order, without surrounding spaces; no sentence for blank text.

    Offsets count characters of `text`; every character that is not a space lies in exactly one sentence. The
    last few thousand texts are remembered: evidence is read from the same sentences as mentions.
    """
    codes = code_points(text)
    _, starts, ends = find_sentences(text, codes, np.zeros(1, np.int64), np.array([len(text)]))
    return tuple(zip(starts.tolist(), ends.tolist(), strict=True))


def find_sentences(joined: str, codes: Codes, first: Ints, after: Ints) -> tuple[Ints, Ints, Ints]:
    """(number of its text, start, end) of each sentence of many texts, as `split_sentences` finds them.

    joined: holds all texts; codes: its code points; first, after: where each text begins and ends in it, in
    order. Offsets count in `joined`.
    """
    number, stop, end, sure = _find_ends(codes, first, after, _KINDS, _PAIRS)
    keep = np.ones(len(sure), dtype=np.bool_)
    for i in np.flatnonzero(sure).tolist():
        start, finish, text = int(stop[i]), int(end[i]), int(number[i])
        if sure[i] == _IF_OPENER:
            keep[i] = _OPENS_BARE.match(joined, finish, int(after[text])) is not None
        else:
            keep[i] = not _abbreviated(joined, int(first[text]), start, finish)
    return _trim(codes, first, after, number[keep], end[keep], _KINDS)


def _abbreviated(joined: str, first: int, stop: int, after: int) -> bool:
    """True if the full stop at `stop` belongs to an abbreviation or initial; the text begins at `first`."""
    before = joined[max(first, stop - 9) : stop]
    if _NEVER.search(before):
        return True
    return bool(_UNLESS_OPENER.search(before)) and not _OPENS.match(joined, after)


@compiled
def _find_ends(
    codes: Codes, first: Ints, after: Ints, kinds: Kinds, pairs: npt.NDArray[np.bool_]
) -> tuple[Ints, Ints, Ints, Ints]:
    """(number of the text, the stop, where the next sentence may begin, how sure) of each end within the texts."""
    room = len(codes) + 1
    found = np.empty((4, room), np.int64)
    n = 0
    for text in range(len(first)):
        begin, last = first[text], after[text]
        i = begin
        while i < last:
            kind = _kind(codes, i, kinds)
            if not kind & (_STOP | _WIDE_STOP | _LINE_FEED | _SEMI):
                i += 1
                continue
            end, sure = _end_of(codes, i, begin, last, kind, kinds)
            if end < 0:
                i += 1
                continue
            if sure == _SURE and codes[i] == 46 and i > begin:
                before = _kind(codes, i - 1, kinds)
                earlier = _kind(codes, i - 2, kinds) if i - 2 >= begin else 0
                initial = (
                    before & _CAPITAL
                    and not earlier & (_LOWER | _CAPITAL | _DIGIT)
                    and not (i - 2 >= begin and codes[i - 2] == 45)
                )
                if initial or (
                    i - 2 >= begin
                    and codes[i - 1] < 128
                    and codes[i - 2] < 128
                    and pairs[codes[i - 2] * 128 + codes[i - 1]]
                ):
                    sure = _UNLESS_ABBREVIATED
            found[0, n], found[1, n], found[2, n], found[3, n] = text, i, end, sure
            n += 1
            i = end
    return found[0, :n].copy(), found[1, :n].copy(), found[2, :n].copy(), found[3, :n].copy()


@compiled
def _kind(codes: Codes, i: int, kinds: Kinds) -> int:
    """Kinds of one character."""
    return int(kinds[codes[i]]) if codes[i] < 0x10000 else 0


@compiled
def _spaces_end(codes: Codes, i: int, last: int, kinds: Kinds) -> int:
    """Position of the next character that is no space, or the end."""
    while i < last and _kind(codes, i, kinds) & _SPACE:
        i += 1
    return i


@compiled
def _end_of(codes: Codes, i: int, begin: int, last: int, kind: int, kinds: Kinds) -> tuple[int, int]:
    """(where the next sentence begins if one ends with the stop at i, how sure); -1 if none does."""
    at = i + 1
    if kind & _WIDE_STOP:
        while at < last and _kind(codes, at, kinds) & _WIDE_CLOSE:
            at += 1
        return _spaces_end(codes, at, last, kinds), _SURE
    if kind & _STOP:
        while at < last and _kind(codes, at, kinds) & _CLOSE:
            at += 1
        following = _spaces_end(codes, at, last, kinds)
        if following > at and _opens(codes, following, last, kinds):
            return following, _SURE
    if codes[i] == 46:  # a full stop without a space, before a word that opens a sentence
        if i - 2 < begin or i + 1 >= last or not _kind(codes, i + 1, kinds) & _CAPITAL:
            return -1, _SURE
        before, earlier = _kind(codes, i - 1, kinds), _kind(codes, i - 2, kinds)
        narrow = codes[i - 1] < 128 and codes[i - 2] < 128
        if narrow and before & (_LOWER | _BRACKET | _DIGIT) and earlier & (_LOWER | _BRACKET):
            return i + 1, _IF_OPENER
    if kind & _SEMI and i > begin and (_kind(codes, i - 1, kinds) & _CHINESE or codes[i - 1] == 0xFF09):
        following = _spaces_end(codes, i + 1, last, kinds)
        if following < last:
            return following, _SURE
    if kind & _LINE_FEED:
        return _spaces_end(codes, i + 1, last, kinds), _SURE
    return -1, _SURE


@compiled
def _opens(codes: Codes, i: int, last: int, kinds: Kinds) -> bool:
    """True if a sentence may begin there.

    With a capital, a digit, an opening bracket or quote, a Greek letter, a Chinese character, or the name of a
    gene or RNA that starts in lower case (p53, miR-21, lncRNA, mTOR, c-Myc, siRNA).
    """
    if i >= last:
        return False
    if _kind(codes, i, kinds) & _OPEN:
        return True
    at = i
    while at < last and at < i + 5 and _kind(codes, at, kinds) & _LOWER:
        at += 1
    small = at - i
    if 1 <= small <= 4 and at < last and _kind(codes, at, kinds) & (_CAPITAL | _DIGIT):
        return True
    if small == 1 and at + 1 < last and codes[at] == 45 and _kind(codes, at + 1, kinds) & _CAPITAL:
        return True
    if i + 3 <= last and codes[i] == 108 and codes[i + 1] == 110 and codes[i + 2] == 99:  # lnc
        return True
    circ = i + 4 <= last and codes[i] == 99 and codes[i + 1] == 105 and codes[i + 2] == 114
    return bool(circ and codes[i + 3] == 99)


@compiled
def _trim(
    codes: Codes, first: Ints, after: Ints, number: Ints, ends: Ints, kinds: Kinds
) -> tuple[Ints, Ints, Ints]:
    """(number of its text, start, end) of each stretch between the ends that holds more than spaces."""
    found = np.empty((3, len(first) + len(ends)), np.int64)
    n, at = 0, 0
    for text in range(len(first)):
        start = first[text]
        while start < after[text]:
            stop = after[text]
            if at < len(ends) and number[at] == text:
                stop = ends[at]
                at += 1
            begin, last = _spaces_end(codes, start, stop, kinds), stop
            while last > begin and _kind(codes, last - 1, kinds) & _SPACE:
                last -= 1
            if begin < last:
                found[0, n], found[1, n], found[2, n] = text, begin, last
                n += 1
            start = stop
    return found[0, :n].copy(), found[1, :n].copy(), found[2, :n].copy()
