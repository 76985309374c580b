"""Words of response that are said of something: "X made cells resistant", "in resistant cells", "sensitises"."""

from __future__ import annotations

from helpers.annotate.moved import DENYING, FLIPPING, LESS
from helpers.annotate.words import DENIED, Reading, Words

# After "resistant": anything but the cells or the cancer that are so.
_NO_BEARERS = frozenset(
    "to against toward towards than and or but when while if in on by after upon via through with without due because "
    "as for from of is are was were that which".split()
)
# Before "resistant": it only says which cells or patients.
_ATTRIBUTING = frozenset("with of against for these those such the".split())
_DONE_BY_HAND = frozenset(
    "silenced knocked deleted depleted inhibited blocked ablated targeted transfected transduced suppressed".split()
)


def read_predicate(words: Words, mode: int) -> Reading:
    """What a predicate ("resistant", "sensitises") says: +1, turned by "less", denied by "not"."""
    window = words.window(mode - 3, mode)
    if DENYING & set(window) or "no" in window:
        return DENIED
    return Reading(-1 if (LESS | FLIPPING) & set(window) else 1, 0.8, "predicate")


def is_adjective(word: str) -> bool:
    """True for "resistant", "refractory", "sensitive"; False for forms of the verb "sensitise"."""
    return word.endswith(("ant", "ory", "ive"))


def said_of_gene(words: Words, gene: int, mode: int, reading: Reading) -> bool:
    """False for "in resistant cells, X ..." and "X ... in resistant cancers": said of the cells alone.

    "X was upregulated in resistant cells" says it of the gene; "X was silenced in resistant cells" does not.
    """
    if gene > mode:
        return reading.rule.endswith("/passive")
    adjective = is_adjective(words.text[mode])
    after = words.text[mode + 1] if mode + 1 < len(words.text) else ""
    if adjective and words.window(mode - 1, mode)[0:1] and words.text[mode - 1] in _ATTRIBUTING:
        return False
    if adjective and after.isalnum() and after not in _NO_BEARERS:
        observed = reading.rule.endswith("/passive") and not _DONE_BY_HAND & set(words.text[gene:mode])
        return observed and "in" in words.window(mode - 5, mode)
    return True
