"""Genes that only say whose response a sentence tells of: "EGFR-mutant cells", "tumours with a KRAS mutation"."""

from __future__ import annotations

import re

from helpers.annotate.cues import VERB
from helpers.annotate.predicate import is_adjective
from helpers.annotate.words import BE, WORD, Reading, Words

_MARKED = frozenset(
    "mutant mutated mutation mutations positive driven amplified rearranged addicted itd fusion fusions "
    "rearrangement rearrangements amplification".split()
)
_BEARING = frozenset(
    "with carrying carry carried harboring harbouring harbor harbour bearing bear expressing having".split()
)
_BEARERS = frozenset(
    "cell cells line lines tumor tumors tumour tumours cancer cancers carcinoma carcinomas adenocarcinoma nsclc sclc "
    "melanoma melanomas glioma gliomas leukemia leukaemia patients patient disease mice model models xenografts "
    "xenograft crc gbm pdac aml cll gist hcc clones cohort cases 细胞 患者 肿瘤".split()
)
_CHANGE = re.compile(r"[a-z]\d{2,4}(?:[a-z*]|fs)|del\d*|ins\d*")
_FILLER = re.compile(r"[-()/,+]|exon|\d+|wild|type|or|and|activating|gene|oncogene")
_PLACING = frozenset("in of for against on to from among".split())


def only_bears(words: Words, gene: int, mode: int, state: Reading, *, predicate: bool) -> bool:
    """True if something else moves the response of the gene's bearers, or an attribute describes them.

    "A drug sensitised EGFR-mutant cells" and "two KRAS-mutant lines sensitive to ..." state nothing of the gene;
    "EGFR-mutant cells were resistant" does.
    """
    if not _names_bearers(words, gene):
        return False
    if predicate and is_adjective(words.text[mode]):
        between = range(gene + 1, mode)
        return gene < mode and not any(words.cue[i] or words.text[i] in BE for i in between)
    moved = predicate or "verb" in state.rule or state.rule == "stated"
    return moved and (gene == mode + 1 or _is_placed(words, gene))


def _names_bearers(words: Words, gene: int) -> bool:
    """True for "EGFR-mutant lung cancer", "CD133(+) cells", "cells carrying KRAS mutations": whose response it is."""
    at, changed = gene + 1, False
    while at < min(len(words.text), gene + 8) and (
        words.kinds[at] != WORD or _FILLER.fullmatch(words.text[at]) or _CHANGE.fullmatch(words.text[at])
    ):
        changed |= bool(_CHANGE.fullmatch(words.text[at]))
        at += 1
    signed = words.window(gene + 1, gene + 4) == ["(", "+", ")"] or words.window(gene + 1, gene + 2) == ["+"]
    marked = bool(_MARKED & set(words.window(at, at + 1))) or "mutant" in words.window(gene - 2, gene)
    if not (marked or signed or changed):
        return False
    following = words.window(at, at + 6)
    until = next((i for i, word in enumerate(following) if word in _PLACING or word in BE), len(following))
    if _BEARERS & set(following[:until]):
        return True
    before = [i for i in range(max(0, gene - 8), gene) if words.text[i] in _BEARING]
    return any(_BEARERS & set(words.window(i - 3, i)) for i in before)


def _is_placed(words: Words, gene: int) -> bool:
    """True if a preposition governs the noun phrase the gene stands in: "in the EGFR-mutant cells"."""
    for i in range(gene - 1, max(-1, gene - 14), -1):
        if words.text[i] in _PLACING:
            return True
        if words.text[i] in BE or words.text[i] in ",;:" or ((cue := words.cue[i]) and cue.part == VERB):
            return False
    return False
