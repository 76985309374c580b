"""Text folded for matching, with the way back to every character of the original.

Many texts are folded in one pass over arrays: one byte per character (Greek letters have bytes of
their own, accents and width are dropped, every kind of dash and space is one), lower case, spelled-out
Greek letters become the letter, hyphens before digits and Greek letters vanish ("IL-6" = "IL6",
"TNF-alpha" = "TNFα"), all else that is neither letter nor digit becomes one space.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

import numpy as np
import numpy.typing as npt
from ahocorasick_rs import BytesAhoCorasick

Bytes = npt.NDArray[np.uint8]
Codes = npt.NDArray[np.uint32]
Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]

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


_FOLD, _UPPER = _tables()
_WORD = np.zeros(256, dtype=np.bool_)
_WORD[[*range(0x30, 0x3A), *range(0x61, 0x7B), *GREEK.values()]] = True
_DIGIT = np.zeros(256, dtype=np.bool_)
_DIGIT[0x30:0x3A] = True
_JOINS = _DIGIT.copy()  # a hyphen before one of these vanishes
_JOINS[list(GREEK.values())] = True
_WORD_OR_FILLER = _WORD.copy()  # a filler stands within a spelled-out Greek letter
_WORD_OR_FILLER[_FILLER] = True
_SPACED = bytes(byte if _WORD[byte] else _SPACE for byte in range(256))
_FOLD_ASCII = _FOLD[:256].tobytes()
_UPPER_ASCII = _UPPER[:256].tobytes()
_IS_WORD_OR_FILLER = _WORD_OR_FILLER.tobytes()
_SPELLED_OUT = BytesAhoCorasick([word.encode() for word in _SPELLED])
_FILLED = [bytes([GREEK[letter], *[_FILLER] * (len(word) - 1)]) for word, letter in _SPELLED.items()]
_IS_HARD = bytes(byte in (_HARD, _DOT) for byte in range(256))


@dataclass(frozen=True)
class Folded:
    """Many texts folded into one haystack that starts and ends with a space.

    text: the haystack; origin: position in the joined originals of each of its bytes; starts: where
    each text begins in the joined originals (one more than texts: the last is the total); codes: code points
    of the joined originals; upper, hard:
    running counts over the joined originals of capitals and of punctuation that no term runs across
    (`upper[b] - upper[a]` counts those in `[a, b)`).
    """

    text: bytes
    origin: npt.NDArray[np.int32]
    starts: Ints
    joined: str
    codes: Codes
    upper: npt.NDArray[np.int32]
    hard: npt.NDArray[np.int32]

    @cached_property
    def edges(self) -> Ints:
        """Where each text begins in the haystack (one more than texts: the last is its end)."""
        return np.searchsorted(self.origin[1:-1], self.starts.astype(np.int32)) + 1

    def part(self, text: int) -> bytes:
        """Haystack of one of the texts, between spaces."""
        return self.text[self.edges[text] - 1 : self.edges[text + 1] + 1]


def _running(flags: Bools) -> npt.NDArray[np.int32]:
    counts = np.zeros(len(flags) + 1, dtype=np.int32)
    np.cumsum(flags, out=counts[1:])
    return counts


def fold(texts: Sequence[str]) -> Folded:
    """The texts folded together; every position leads back through `origin`."""
    joined = "\n".join([*texts, ""]) if texts else ""
    lengths = np.fromiter(map(len, texts), dtype=np.int64, count=len(texts)) + 1
    starts = np.concatenate([np.zeros(1, dtype=np.int64), np.cumsum(lengths)])
    codes = np.frombuffer(joined.encode("utf-32-le", "surrogatepass"), dtype=np.uint32)
    folded, upper = _fold_all(joined, codes)
    text, origin = _squeeze(_write_greek(folded))
    return Folded(
        text=text,
        origin=origin,
        starts=starts,
        joined=joined,
        codes=codes,
        upper=_running(upper),
        hard=_running(np.frombuffer(folded.translate(_IS_HARD), dtype=np.bool_)),
    )


def _fold_all(joined: str, codes: Codes) -> tuple[bytes, Bools]:
    """Folded byte, and whether it is a capital, of each character."""
    single = joined.encode("latin-1", "replace")  # one byte each; all but ASCII is seen to below
    folded = single.translate(_FOLD_ASCII)
    upper = np.frombuffer(single.translate(_UPPER_ASCII), dtype=np.bool_)
    if joined.isascii():
        return folded, upper
    others = np.flatnonzero(codes > 0x7F)
    which = np.minimum(codes[others], 0xFFFF)
    line, upper = np.frombuffer(folded, dtype=np.uint8).copy(), upper.copy()
    line[others], upper[others] = _FOLD[which], _UPPER[which]
    return line.tobytes(), upper


def _write_greek(folded: bytes) -> bytes:
    """The folded bytes with spelled-out Greek letters as one byte and fillers."""
    line = bytearray(folded)
    for word, start, end in _SPELLED_OUT.find_matches_as_indexes(folded):
        line[start:end] = _FILLED[word]
    return bytes(line)


def _squeeze(spelled: bytes) -> tuple[bytes, npt.NDArray[np.int32]]:
    """Haystack and origins of its bytes: fillers and joining hyphens dropped, separators one space."""
    folded = np.frombuffer(spelled, dtype=np.uint8)
    word = np.frombuffer(spelled.translate(_IS_WORD_OR_FILLER), dtype=np.bool_)
    keep = word.copy()
    keep[1:] |= word[:-1]  # of a run of separators the first stays
    if len(folded) > 2:
        inner = folded[1:-1]
        marks = np.flatnonzero((inner == _DASH) | (inner == _DOT)) + 1
        before, after = folded[marks - 1], folded[marks + 1]
        dash = folded[marks] == _DASH
        joint = np.where(dash, _WORD_OR_FILLER[before] & _JOINS[after], _DIGIT[before] & _DIGIT[after])
        keep[marks[joint]] = False
    keep &= folded != _FILLER
    origin = np.flatnonzero(keep)
    line = folded[origin].tobytes().translate(_SPACED)
    edges = np.empty(len(origin) + 2, dtype=np.int32)
    edges[0], edges[1:-1], edges[-1] = 0, origin, len(folded)
    return b" " + line + b" ", edges


def fold_keys(terms: Sequence[str]) -> tuple[list[bytes], list[int]]:
    """Folded form of each term between spaces (b"" without letters), and its count of hard marks."""
    folded = fold(terms)
    hard = folded.hard[folded.starts[1:] - 1] - folded.hard[folded.starts[:-1]]
    keys = [folded.text[a:b].strip() for a, b in pairwise(folded.edges.tolist())]
    return [b" " + key + b" " if key else b"" for key in keys], hard.tolist()


def starts_or_ends_in_a(key: bytes) -> bool:
    """True if the first or last word of a folded term is "a", which may be the article."""
    return key.startswith(b" a ") or key.endswith(b" a ")
