"""Sentences that name a gene beside a death mode and say nothing of its effect: questions, settings, measurements."""

from __future__ import annotations

from itertools import pairwise

from helpers.annotate.cues import ING, PAST, VERB
from helpers.annotate.words import BE, GENE, NAME, OTHER, VIA, WORD, Words

# "to explore the effects of X on ferroptosis": a question, unless an answer follows.
_ASKING = ("explor", "investigat", "examin", "determin", "assess", "evaluat", "study", "studied", "elucidat", "test",
           "clarif", "analy", "探讨", "研究")  # fmt: skip
_ASKED = frozenset(
    "effect effects role roles impact influence function functions mechanism mechanisms involvement contribution "
    "作用 影响".split()
)
_ANSWERS = frozenset(
    "that found showed shown show shows demonstrated demonstrate demonstrates revealed reveal reveals identified "
    "confirmed observed 发现 表明".split()
)
# "ferroptosis, as measured by X", "as evidenced by X": X is what was looked at.
_SEEN = frozenset(
    "measured assessed determined evaluated evidenced indicated judged monitored quantified shown demonstrated "
    "detected confirmed revealed reflected".split()
)
# "in X-treated cells": X is where it happens.
_GIVEN = frozenset("treated pretreated stimulated exposed challenged primed".split())
_MAKING_GOOD = ("restor", "rescu", "reconstitut")
_APART = frozenset("independent independently regardless irrespective".split())
_REASONS = frozenset("because since as".split())
_LISTED = frozenset(", and or ( ) - / the cleaved total phosphorylated".split())
# "Western blot for X, Y and Z".
_BLOTS = frozenset(
    "blot blots blotting immunoblot immunoblots immunoblotting immunofluorescence "
    "immunohistochemistry staining pcr".split()
)


def is_asked(words: Words, gene: int, mode: int) -> bool:
    """True for "whether", and for "to explore the effects of X on ferroptosis" where no word brings the answer."""
    left, right = min(gene, mode), max(gene, mode)
    if "whether" in words.text[:right] or "是否" in words.text:
        return True
    for i in range(left - 1, max(-1, left - 16), -1):
        if words.text[i] in _ANSWERS or words.text[i] == "we":
            return False
        if words.text[i] in _ASKED and any(w.startswith(_ASKING) for w in words.window(i - 5, i)):
            return not _ANSWERS & set(words.text[left:right])
    return False


def sets_scene(words: Words, gene: int, mode: int) -> bool:
    """True for "in X-treated cells", "independent of X" and "X ligand", where something else acts.

    So it is for "in X-/- cells" when another gene was changed in them, or their loss was made good.
    """
    if "in" in words.window(gene - 2, gene) and words.window(gene + 1, gene + 4) == ["-", "/", "-"]:
        if gene > mode:
            return any(word.startswith(_MAKING_GOOD) for word in words.text[:gene])
        return any(words.kinds[i] == OTHER and _is_changed(words, i) for i in range(mode))
    if words.window(gene + 1, gene + 2) in (["ligand"], ["ligands"]):
        return True
    if _APART & set(words.window(gene - 3, gene)):
        return True
    after = words.window(gene + 1, gene + 3)
    return after[:1] == ["-"] and after[-1] in _GIVEN and "in" in words.window(gene - 2, gene)


def _is_changed(words: Words, other: int) -> bool:
    """True for "knockdown of Y", "silencing Y", "Y knockdown"."""
    before = words.window(other - 2, other)
    near = before[:1] if before[-1:] == ["of"] else before[-1:]
    at = other - 2 if before[-1:] == ["of"] else other - 1
    return bool((near and words.done[at]) or any(words.done[other + 1 : other + 2]))


def is_aside(words: Words, gene: int, mode: int) -> bool:
    """True for "A, which is regulated by X, raises": said of A in passing."""
    opening = [
        i for i in range(max(1, gene - 10), gene) if words.text[i] == "which" and words.text[i - 1] == ","
    ]
    if not opening or "," not in words.text[gene:mode]:
        return False
    return words.text[opening[-1] + 1] in BE and "," not in words.text[opening[-1] : gene]


def yields_to_another(words: Words, gene: int, mode: int) -> bool:
    """True for "X was active, and a Y inhibitor raised ...": another subject begins a clause of its own."""
    for i in range(gene + 2, mode - 2):
        if words.text[i] != "and" or words.text[i - 1] != ",":
            continue
        spoken = any(
            words.text[j] in BE or ((c := words.cue[j]) and c.part in (VERB, PAST)) for j in range(gene, i)
        )
        for j in range(i + 1, min(i + 6, mode)):
            if words.kinds[j] == GENE or (words.cue[j] and not words.done[j] and not named(words, i, j)):
                break
            cue = words.cue[j]
            if cue and cue.part in (VERB, PAST) and named(words, i, j):
                return spoken
    return False


def named(words: Words, start: int, end: int) -> bool:
    """True if another gene or a therapy is named between two positions."""
    return any(kind in (OTHER, NAME) for kind in words.kinds[start + 1 : end])


def is_measured(words: Words, gene: int, mode: int) -> bool:
    """True for "ferroptosis, as measured by X" and "Western blot for X ... ferroptosis"."""
    if _is_blotted(words, gene):
        return True
    between = words.text[mode + 1 : gene]
    return any(
        between[i] == "as" and between[i + 1] in _SEEN and between[i + 2] in ("by", "through", "from")
        for i in range(len(between) - 2)
    )


def _is_blotted(words: Words, gene: int) -> bool:
    """True for "Western blot for X" and the further genes of the list."""
    for i in range(gene - 1, max(0, gene - 24), -1):
        if words.text[i] in ("for", "of"):
            return words.text[i - 1] in _BLOTS
        listed = words.kinds[i] in (GENE, OTHER) or words.text[i] in _LISTED or words.text[i].isdigit()
        if not listed and (words.kinds[i] != WORD or words.cue[i]):
            return False
    return False


def follows_from(words: Words, gene: int, mode: int) -> bool:
    """True where a gene after the mode stands in a clause of its own.

    "Apoptosis rose, as X knockdown ..." gives a reason; in "blocking autophagy enhances growth via X" the mode's
    fate is the cause, and X what follows.
    """
    between = words.text[mode + 1 : gene]
    if any(a == "," and b in _REASONS for a, b in pairwise(between)):
        return True
    if not any((cue := words.cue[i]) and cue.part == ING for i in range(max(0, mode - 3), mode)):
        return False
    for i in range(mode + 1, gene):
        if words.text[i] in VIA:
            return False
        cue = words.cue[i]
        if cue and cue.part == VERB:
            return words.text[i - 1] not in ("and", ",", "to", "that", "which", "or")
    return False


def follows_loss(words: Words, mode: int) -> bool:
    """True for "A knockdown induces ferroptosis via X": whether X rises or falls is left open."""
    for i in range(mode):
        cue = words.cue[i]
        finite = cue is not None and (cue.part == VERB or (cue.part == PAST and words.kinds[i + 1] != OTHER))
        if words.done[i] < 0 and not finite and OTHER in words.kinds[max(0, i - 3) : i + 4]:
            return True
    return False
