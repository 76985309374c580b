"""Text folded for matching, with the way back to every character of the original.

Many texts are folded in one pass over arrays: one byte per character (Greek letters have bytes of
their own, accents and width are dropped, every kind of dash and space is one), lower case, spelled-out
Greek letters become the letter, hyphens before digits and Greek letters vanish ("IL-6" = "IL6",
"TNF-alpha" = "TNFα"), all else that is neither letter nor digit becomes one space.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from helpers.annotate.compiled import compiled

Bytes = npt.NDArray[np.uint8]
Numbers = npt.NDArray[np.int32]
Codes = npt.NDArray[np.uint32]
Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]
Rows = npt.NDArray[np.uint16]

_SPACE, _DASH, _FILLER, _DOT, _HARD = 0x20, 0x2D, 0x01, 0x2E, 0x02
GREEK = dict(
    zip("αβγδεζηθικλμνξοπρστυφχψω", range(0xE1, 0xE1 + 24), strict=True)  # one byte each, above ASCII
)
# Spelled-out letters that are folded; "eta", "mu", "nu", "pi" and "chi" stand inside too many words.
_SPELLED = {
    "alpha": "α",
    "beta": "β",
    "gamma": "γ",
    "delta": "δ",
    "epsilon": "ε",
    "kappa": "κ",
    "lambda": "λ",
    "sigma": "σ",
    "omega": "ω",
    "zeta": "ζ",
    "theta": "θ",
}
_SOFT = " \t\r\n'’`+*_/ʹ′®™"  # separators a term may run across
_UNSEEN = "\u00ad\u200b\u200c\u200d\u2060\ufeff"  # soft hyphen, zero width: no part of a word


def _fold_character(code: int) -> int:
    """Folded byte of one code point."""
    character = chr(code)
    if character in _UNSEEN:
        return _FILLER
    if "\ud800" <= character <= "\udfff":
        return _HARD
    plain = unicodedata.normalize("NFKD", character)
    plain = "".join(c for c in plain if not unicodedata.combining(c)).casefold() or character
    first = {"ß": "b", "ς": "σ", "ϵ": "ε", "ϕ": "φ", "µ": "μ"}.get(character, plain[0])
    if first in GREEK:
        return GREEK[first]
    if first.isascii() and first.isalnum():
        return ord(first)
    if unicodedata.category(character) == "Pd" or character in "-\u2212":
        return _DASH
    if character == ".":
        return _DOT
    if character in _SOFT or unicodedata.category(character) == "Zs":
        return _SPACE
    return _HARD


def _tables() -> tuple[Bytes, Bools]:
    """Folded byte and upper-case flag of each code point below 65,536."""
    fold = np.full(65536, _HARD, dtype=np.uint8)
    upper = np.zeros(65536, dtype=np.bool_)
    for code in [*range(0x600), *range(0x1E00, 0x2200), *range(0x2460, 0x2500), *range(0x3000, 0x3001)]:
        fold[code] = _fold_character(code)
        upper[code] = chr(code).isupper()
    for code in range(0xFF01, 0xFF5F):  # full-width ASCII of Chinese text
        fold[code] = _fold_character(code - 0xFEE0)
        upper[code] = chr(code - 0xFEE0).isupper()
    return fold, upper


FOLD, UPPER = _tables()
_WORD, _DIGIT, _JOINS = 1, 2, 4  # kinds of bytes: of a word; digit; a hyphen before it vanishes
_KINDS = np.zeros(256, dtype=np.uint8)
_KINDS[[_FILLER, *range(0x61, 0x7B)]] = _WORD  # a filler stands within a spelled-out Greek letter
_KINDS[0x30:0x3A] = _WORD | _DIGIT | _JOINS
_KINDS[list(GREEK.values())] = _WORD | _JOINS
_SPELLED_OUT = np.array(
    [[*word[::-1].encode(), *[0] * (10 - len(word))] for word in _SPELLED], dtype=np.uint8
)
_SPELLED_LETTER = np.array([GREEK[letter] for letter in _SPELLED.values()], dtype=np.uint8)
_SURE = 4  # letters that each spelled-out letter has at the least
# For each of the last letters, the last first, and each byte: rows of `_SPELLED_OUT` that have it there, as bits.
_ENDS = np.zeros((_SURE, 256), dtype=np.uint16)
for _row, _spelled in enumerate(_SPELLED_OUT):
    _ENDS[np.arange(_SURE), _spelled[:_SURE]] |= 1 << _row


@dataclass(frozen=True)
class Folded:
    """Many texts folded into one haystack that starts and ends with a space.

    text: the haystack; origin: position in the joined originals of each of its bytes; starts: where
    each text begins in the joined originals (one more than texts: the last is the total); codes: code points
    of the joined originals.
    """

    text: bytes
    origin: Numbers
    starts: Ints
    joined: str
    codes: Codes

    @cached_property
    def edges(self) -> Ints:
        """Where each text begins in the haystack (one more than texts: the last is its end)."""
        return np.searchsorted(self.origin[1:-1], self.starts.astype(np.int32)) + 1

    def holds(self, words: Iterable[bytes], first: int, after: int) -> bool:
        """True if one of the folded words stands in one of the texts [first, after)."""
        begin, end = self.edges[first] - 1, self.edges[after] + 1
        return any(self.text.find(word, begin, end) >= 0 for word in words)

    def part(self, text: int) -> bytes:
        """Haystack of one of the texts, between spaces."""
        return self.text[self.edges[text] - 1 : self.edges[text + 1] + 1]


def code_points(text: str) -> Codes:
    """The code point of each character."""
    return np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype=np.uint32)


def fold(texts: Sequence[str]) -> Folded:
    """The texts folded together; every position leads back through `origin`."""
    joined = "\n".join([*texts, ""]) if texts else ""
    lengths = np.fromiter(map(len, texts), dtype=np.int64, count=len(texts)) + 1
    starts = np.concatenate([np.zeros(1, dtype=np.int64), np.cumsum(lengths)])
    codes = code_points(joined)
    text, origin = _squeeze(_fold_all(codes, FOLD, _SPELLED_OUT, _SPELLED_LETTER, _ENDS), _KINDS)
    return Folded(text.tobytes(), origin, starts, joined, codes)


@compiled
def _fold_all(codes: Codes, fold: Bytes, spelled: Bytes, letters: Bytes, ends: Rows) -> Bytes:
    """Folded byte of each character; a spelled-out Greek letter is one byte and fillers.

    fold: table by code point; spelled: the spelled-out letters backwards, a row each, 0 after the end; letters:
    what they stand for; ends: which of them end in which letters.
    """
    line = np.empty(len(codes), np.uint8)
    for i in range(len(codes)):
        line[i] = fold[min(codes[i], np.uint32(0xFFFF))]
    last = 0  # end of the last spelled-out letter
    for i in range(3, len(codes)):
        rows = ends[0, line[i]] & ends[1, line[i - 1]]
        if not rows or not rows & ends[2, line[i - 2]] & ends[3, line[i - 3]]:
            continue
        for row in range(len(spelled)):
            n = 0
            while n <= i - last and spelled[row, n] == line[i - n]:
                n += 1
            if spelled[row, n] == 0:
                line[i - n + 1] = letters[row]
                line[i - n + 2 : i + 1] = _FILLER
                last = i + 1
                break
    return line


@compiled
def _squeeze(line: Bytes, kinds: Bytes) -> tuple[Bytes, Numbers]:
    """Haystack and origins of its bytes: fillers and joining hyphens dropped, separators one space."""
    text, origin = np.empty(len(line) + 2, np.uint8), np.empty(len(line) + 2, np.int32)
    text[0], origin[0] = _SPACE, 0
    n = 1
    before, kind = np.uint8(0), kinds[line[0]] if len(line) else np.uint8(0)
    for i in range(len(line)):
        byte, after = line[i], kinds[line[i + 1]] if i + 1 < len(line) else np.uint8(0)
        dash = (byte == _DASH) & (after & _JOINS != 0)
        joins = (before != 0) & (dash | (byte == _DOT) & (before & after & _DIGIT != 0))
        text[n], origin[n] = byte if kind else _SPACE, i
        # Without a branch; of a run of separators the first stays.
        n += (byte != _FILLER) & (kind | before != 0) & ~joins
        before, kind = kind, after
    text[n], origin[n] = _SPACE, len(line)
    return text[: n + 1], origin[: n + 1]


@compiled
def count_hard(codes: Codes, first: Ints, after: Ints, fold: Bytes) -> Ints:
    """How many marks that no term runs across stand in each range [first, after) of the code points."""
    counts = np.zeros(len(first), np.int64)
    for number in range(len(first)):
        for i in range(first[number], after[number]):
            byte = fold[min(codes[i], 0xFFFF)]
            counts[number] += byte in (_HARD, _DOT)
    return counts


def fold_keys(terms: Sequence[str]) -> tuple[list[bytes], list[int]]:
    """Folded form of each term between spaces (b"" without letters), and its count of hard marks."""
    folded = fold(terms)
    hard = count_hard(folded.codes, folded.starts[:-1], folded.starts[1:] - 1, FOLD)
    keys = [folded.text[a:b].strip() for a, b in pairwise(folded.edges.tolist())]
    return [b" " + key + b" " if key else b"" for key in keys], hard.tolist()


# Short words of English that terms begin or end with once their hyphens are spaces: "AN-11", "BDNF-AS", "A-catenin".
_FUNCTION_WORDS = frozenset(b"a an and are as at be by for if in is it no of on or s so to we".split())
OPENS, CLOSES = 1, 2


def function_words(key: bytes) -> int:
    """Whether a folded term of several words opens and closes with a word that may be English, as bits."""
    words = key.split()
    if len(words) < 2:
        return 0
    return OPENS * (words[0] in _FUNCTION_WORDS) + CLOSES * (words[-1] in _FUNCTION_WORDS)
