"""A sentence as words with their kinds and cues, cut once and read for any gene and mode it names."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from helpers.annotate.cues import NOUN, NOUN_OR_VERB, VERB, Cue, Cues

GENE, OTHER, MODE, WORD, NAME = "G", "g", "M", "w", "x"
RESPONSE = "response:"  # words of response to therapy, which are words of direction too
_TOKEN = re.compile(r"[^\W_]+|[^\w\s]|_")
_CHINESE_RUN = re.compile(r"[\u3400-\u9fff]")
_DASH = str.maketrans(dict.fromkeys("‐‑‒–—−－", "-"))
_PREFIX = frozenset("down up over knock re de dys hyper".split())
_AMBIGUOUS = NOUN_OR_VERB | {"acquired"}  # their neighbours tell what they are
_JOINED = _PREFIX | {"null"}  # what `_join_prefixes` looks for, but for words that begin with "knock"
_DETERMINER = frozenset("a an the this significant marked further dramatic dose such its".split())
BE = frozenset(
    "was were is are be been being get gets got remained remains became become becomes 被 受".split()
)
VIA = frozenset("by via through 通过 经 经由".split())
BREAKS = frozenset(
    "; : furthermore moreover additionally whereas while but although which who though ； ： 而 但 但是 然而".split()
)
STOPS = BREAKS | VIA | frozenset("that when upon after because since if 。 ，".split())
_DRUGS = frozenset(
    "inhibitor inhibitors antagonist antagonists agonist agonists tki tkis targeted antibody antibodies".split()
)
_BEFORE_ACQUIRED = frozenset("of and or with to for in the an against overcome overcoming , (".split())
# Between a target and the drug: "EGFR/HER2 family tyrosine kinase inhibitor".
_BEFORE_DRUGS = frozenset("( ) - / and or , family tyrosine kinase kinases receptor receptors dual".split())
ADVERB = re.compile(
    r".+ly$|further|also|then|could|can|may|might|would|will|able|to|do|does|did|可|能|可以|能够|显著|明显|也|还|均|进一步"
)


@dataclass(frozen=True)
class Reading:
    """Sign of an effect (+1 raises the mode, -1 lowers it, 0 not stated), how sure, and the rule."""

    sign: int
    weight: float
    rule: str


NOTHING = Reading(0, 0.0, "nothing")
DENIED = Reading(0, 0.0, "denied")


class Words:
    """Lower-case words of a sentence; each gene, mode and therapy named is one word.

    marks: (start, end, label) of the named things, offsets in the sentence. kinds: WORD, or the label.
    """

    __slots__ = ("cue", "done", "kinds", "text")

    def __init__(self, sentence: str, marks: Sequence[tuple[int, int, str]], cues: Cues) -> None:
        self.text: list[str] = []
        self.kinds: list[str] = []
        plain = sentence.translate(_DASH)
        at = 0
        for start, end, label in sorted(marks):
            if start < at:
                continue
            self._add(plain[at:start], cues)
            self.text.append(plain[start:end].lower())
            self.kinds.append(label)
            at = end
        self._add(plain[at:], cues)
        self._join_prefixes()
        moves, done = cues.moves.get, cues.done.get
        self.cue: list[Cue | None] = list(map(moves, self.text))
        self.done: list[int] = [done(word, 0) for word in self.text]
        for i, kind in enumerate(self.kinds):
            if kind != WORD:
                self.done[i] = 0
                if not kind.startswith(RESPONSE):
                    self.cue[i] = None
        for i, cue in enumerate(self.cue):
            if cue is not None and self.text[i] in _AMBIGUOUS:
                self.cue[i] = self._told_apart(i, cue)

    def relabel(self, label: Callable[[str], str]) -> Words:
        """The same words with other kinds; words that name nothing stay WORD."""
        other = Words.__new__(Words)
        other.text, other.cue, other.done = self.text, self.cue, self.done
        other.kinds = [kind if kind == WORD else label(kind) for kind in self.kinds]
        return other

    def find(self, kind: str) -> list[int]:
        """Positions of the words of a kind."""
        return [i for i, k in enumerate(self.kinds) if k == kind]

    def only_names_drugs(self, kind: str) -> bool:
        """True if every mention of the kind names a drug: "X inhibitor", "X/Y family kinase antagonist", "anti-X"."""
        return all(self._names_drug(i) for i in self.find(kind))

    def _names_drug(self, at: int) -> bool:
        if self.window(at - 2, at) == ["anti", "-"] or _DRUGS & set(self.window(at + 1, at + 4)):
            return True
        for text, kind in zip(self.text[at + 1 :], self.kinds[at + 1 :], strict=True):
            if not _DRUGS.isdisjoint(text.split()):
                return True
            if kind == WORD and text not in _BEFORE_DRUGS:
                break
        return False

    def window(self, start: int, end: int) -> list[str]:
        """Words from start to end, clipped to the sentence."""
        return self.text[start if start > 0 else 0 : end if end > 0 else 0]

    def _add(self, text: str, cues: Cues) -> None:
        tokens = _TOKEN.findall(text.lower())
        if not text.isascii() and _CHINESE_RUN.search(text):
            tokens = [piece for token in tokens for piece in _cut_chinese(token, cues)]
        self.text += tokens
        self.kinds += [WORD] * len(tokens)

    def _join_prefixes(self) -> None:
        """Write down-regulated, over-expression, knock down, null mutant as one word."""
        words, kinds = self.text, self.kinds
        if _JOINED.isdisjoint(words) and not any("knock" in word for word in words):
            return
        i = 0
        while i < len(words) - 2:
            if words[i] in _PREFIX and words[i + 1] == "-" and kinds[i] == kinds[i + 2] == WORD:
                words[i : i + 3] = [words[i] + words[i + 2]]
                kinds[i : i + 3] = [WORD]
            elif words[i].startswith("knock") and words[i + 1] in ("down", "out", "in"):
                words[i : i + 2] = ["knockdown" if words[i] == "knock" else words[i]]
                kinds[i : i + 2] = [WORD]
            elif words[i] == "null" and "mutant" in words[i + 1] + words[i + 2]:
                after = i + (3 if words[i + 1] == "-" else 2)
                words[i:after], kinds[i:after] = ["null"], [WORD]
            elif words[i] in ("down", "up") and words[i + 1] in ("regulated", "regulation", "regulating"):
                words[i : i + 2] = [words[i] + words[i + 1]]
                kinds[i : i + 2] = [WORD]
            i += 1

    def _told_apart(self, i: int, cue: Cue) -> Cue | None:
        """Cue of "increase" and the like, told noun or verb by their neighbours; none for an adjective."""
        after = self.text[i + 1] if i + 1 < len(self.text) else ""
        before = self.text[i - 1] if i else ""
        if self.text[i] == "acquired":
            return None if i == 0 or before in _BEFORE_ACQUIRED else cue  # "innate and acquired resistance"
        noun = after in ("in", "of", "from") or before in _DETERMINER or before.endswith("al")
        return Cue(cue.sign, NOUN if noun and before != "to" else VERB)


def _cut_chinese(token: str, cues: Cues) -> list[str]:
    """A run of Chinese characters cut at the words of direction, negation and connection; any other as it is."""
    if not _CHINESE_RUN.search(token):
        return [token]
    return [piece for piece in cues.cutter.split(token) if piece]
