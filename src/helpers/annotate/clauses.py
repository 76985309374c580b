"""Who acts on what in a sentence of several clauses: side by side, kept from acting, in a clause of its own."""

from __future__ import annotations

from itertools import pairwise

from helpers.annotate.cues import ING, PAST, VERB
from helpers.annotate.words import BE, STOPS, VIA, Words

_KEEPING = ("prevent", "block", "stop", "keep", "inhibit", "preclude", "restrain", "hinder")
_CARRIERS = frozenset("cell cells mice tumors tumours lines neurons animals macrophages".split())
_CAUSAL = VIA | frozenset(
    "led lead leads resulted results thereby thus which that hence therefore to then subsequently mediated".split()
)


def keeps_from(words: Words, verb: int) -> int:
    """Position of "from" in "prevents X from inducing"; -1 for any other verb."""
    if not words.text[verb].startswith(_KEEPING):
        return -1
    for i in range(verb + 2, min(len(words.text) - 1, verb + 8)):
        if words.text[i] == "from":
            cue = words.cue[i + 1]
            return i if cue and cue.part == ING else -1
        if words.text[i] in STOPS or words.text[i] == ",":
            break
    return -1


def turned_by_keeping(words: Words, verb: int, gene: int) -> int:
    """-1 for the A of "A prevents B from inducing ferroptosis", 1 for B and for any other verb."""
    if words.window(verb - 1, verb) != ["from"]:
        return 1
    keeping = [i for i in range(max(0, verb - 9), verb) if keeps_from(words, i) == verb - 1]
    return -1 if keeping and gene < keeping[-1] else 1


def is_listed_adjective(words: Words, i: int, mode: int, part: str) -> bool:
    """True for "leads to impaired growth, and apoptosis": the participle belongs to the first noun alone."""
    between = words.text[i + 1 : mode]
    listed = any(pair == (",", "and") for pair in pairwise(between))
    return part == PAST and words.window(i - 1, i) in (["in"], ["to"]) and listed


def begins_clause(words: Words, at: int) -> bool:
    """True if a finite verb stands at the position: "rose", "was"."""
    word, cue = words.window(at, at + 1), words.cue[at] if at < len(words.cue) else None
    return bool(word) and (word[0] in BE or bool(cue and cue.part in (VERB, PAST)))


def opens_clause(words: Words, mode: int, gene: int) -> bool:
    """True for "ferroptosis ... a drug that X"; False for "ferroptosis was lower in cells that overexpressed X"."""
    return any(
        words.text[i] in ("that", "which") and words.text[i - 1] not in _CARRIERS
        for i in range(mode + 1, gene)
    )


def stands_beside(words: Words, gene: int, mode: int, how: str) -> bool:
    """True where gene and mode are told side by side of something else.

    "More activation of X and increased apoptosis", "A is related to X and enhanced apoptosis", and "X, which
    moves Y, and reduced apoptosis".
    """
    if words.window(gene + 1, gene + 3) == [",", "which"]:
        return any(pair == (",", "and") for pair in pairwise(words.text[gene + 3 : mode]))
    mediating = words.window(gene + 1, gene + 3) == ["-", "mediated"]
    if how not in ("of", "unsigned") and not mediating:
        return False
    for i in range(gene + 2, mode):
        if words.text[i - 1] == "and" and (cue := words.cue[i]) and cue.part == PAST:
            return how == "unsigned" or not any(
                _is_finite(words, j) for j in range(gene + (3 if mediating else 1), i - 1)
            )
    return False


def _is_finite(words: Words, i: int) -> bool:
    cue = words.cue[i]
    return words.text[i] in BE or words.text[i].endswith("ed") or bool(cue and cue.part in (VERB, PAST))


def acted_on_by_third(words: Words, gene: int, mode: int) -> bool:
    """True for "the drug raised X and increased apoptosis": a third acts on both, side by side."""
    at = next((i for i in range(gene - 1, max(-1, gene - 8), -1) if words.cue[i]), -1)
    acting = words.cue[at] if at >= 0 else None
    if acting is None or acting.part not in (PAST, VERB):
        return False
    if gene > mode:
        return at > mode and words.text[at - 1] == "and"
    between = range(gene + 1, mode)
    linked = any(words.text[i] in _CAUSAL or ((cue := words.cue[i]) and cue.part == ING) for i in between)
    return not linked and bool({"and", ","} & {words.text[i] for i in between})
