"""Which way a gene moves the response to therapy, read from one sentence: resistance or sensitising.

Words of response ("chemoresistance", "sensitivity to cisplatin", "resensitised") are read as the thing that is
moved, by the same rules as a death mode. A sentence counts only if it names a therapy or says drug, chemo-,
radio- or therapy resistance; "resistance to ferroptosis" and "insulin resistance" are not responses to therapy.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

_RESPONSE = re.compile(
    r"(?:(?P<resistance>resistances?|refractoriness|insensitivity|non-?respons\w+|tolerance"
    r"|(?:poor|poorer|worse|reduced|impaired|lower) responses?(?= to\b))"
    r"|(?P<resistant>resistant|refractory|insensitive|tolerant)"
    r"|(?P<sensitivity>sensitivity|sensitivities|responsiveness|sensiti[sz]ation|efficacy|cytotoxicity|efficacies"
    r"|(?:better|improved|good|enhanced) responses?(?= to\b))"
    r"|(?P<sensitive>sensitive|responsive)"
    r"|(?P<desensitise>de-?sensiti[sz](?:e[sd]?|ing))"
    r"|(?P<sensitise>(?:re-?|hyper)?sensiti[sz](?:e[sd]?|ing|er|ers)))\b"
    r"|(?P<zh_resistance>耐药性?|抗药性|耐受性|抵抗|抗性|治疗抗性)|(?P<zh_sensitivity>敏感性|增敏|敏感)",
    re.IGNORECASE,
)
_ANY = re.compile(r"resist|sensiti|refractor|efficac|cytotox|respons|toleran|耐|抗|敏感", re.IGNORECASE)
# What the words belong to instead of a therapy.
_NOT_THERAPY = re.compile(r"(?:insulin|leptin|castration|stress|heat|pressure|vascular|wall|glucose|self|immune|salt|"
                          r"cold|assay|diagnostic|specificity|antibiotic|pest)[- ]$", re.IGNORECASE)  # fmt: skip
# "patients that acquired resistance": who they are; "predicts efficacy": it may rise or fall.
_WHO = re.compile(r"\b(?:that|who|which)\s+(?:\w+\s+)?acquired\s+$", re.IGNORECASE)
_PREDICTED = re.compile(r"\bpredict\w*\s+(?:\w+\s+){0,2}$", re.IGNORECASE)
# "multidrug resistance-associated protein", "resistance gene": a name.
_NAME = re.compile(r"[- ](?:(?:associated|related)[- ])?(?:genes?|proteins?)\b", re.IGNORECASE)
_GENERIC = re.compile(
    r"\b(?:multi-?)?drugs?\b|chemo-?(?:therap|resist|sensi)|radio-?(?:therap|resist|sensi)|\btherap(?:y|ies|eutic)|"
    r"\btreatments?[- ](?:resist|fail|respon|outcome|efficac|sensitiv|refract)|\bto (?:\w+ ){0,2}treatments?\b|"
    r"anti-?cancer|耐药|化疗|放疗|治疗",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Mark:
    """A word of response: its place, +1 if it means resistance, -1 sensitivity, and whether it is a predicate."""

    start: int
    end: int
    sign: int
    predicate: bool


def find_responses(
    sentence: str, modes: Sequence[tuple[int, int]], therapies: Sequence[tuple[int, int]]
) -> list[Mark]:
    """Words of response to therapy in a sentence, those about a death mode left out."""
    if not _ANY.search(sentence) or not (therapies or _GENERIC.search(sentence)):
        return []
    marks: list[Mark] = []
    for match in _RESPONSE.finditer(sentence):
        group = match.lastgroup or ""
        start, end = match.start(group), match.end(group)
        before = sentence[max(0, start - 40) : start]
        if _NOT_THERAPY.search(before) or _WHO.search(before):
            continue
        if match[0].startswith("efficac") and _PREDICTED.search(before):
            continue
        if _NAME.match(sentence, end) or _belongs_to_mode(sentence, start, end, modes, therapies):
            continue
        sign = 1 if group in ("resistance", "resistant", "desensitise", "zh_resistance") else -1
        marks.append(Mark(start, end, sign, group in ("resistant", "sensitive", "sensitise", "desensitise")))
    return marks


def _belongs_to_mode(
    sentence: str,
    start: int,
    end: int,
    modes: Sequence[tuple[int, int]],
    therapies: Sequence[tuple[int, int]],
) -> bool:
    """True for "ferroptosis resistance" and "resistance to ferroptosis" without a therapy between."""
    for first, last in modes:
        if 0 <= start - last <= 12 and not re.search(r"[,;.]| and ", sentence[last:start]):
            return True
        between = sentence[end:first]
        tied = 0 <= first - end <= 60 and re.match(r"[\w\s-]{0,30}\b(?:to|against|towards?)\b", between)
        if tied and not any(end <= a < first for a, _ in therapies):
            return True
    return False
