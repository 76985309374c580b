"""Sentences of a title or abstract as offsets, by punctuation alone: English and Chinese, one regex pass.

Abbreviations (e.g., et al., Fig.), initials and species names (E. coli), decimals and gene names in lower
case (p53, miR-21) are what goes wrong in PubMed text; each has its rule here. Line feeds always end a
sentence, since they separate the labelled parts of an abstract.
"""

from __future__ import annotations

import re
from functools import lru_cache

CJK = r"\u3400-\u9fff\uf900-\ufaff"
# What may follow a full stop and a space: a capital, a digit, an opening bracket or quote, a Greek letter,
# a Chinese character, or a gene or RNA name that starts in lower case (p53, miR-21, lncRNA, mTOR, c-Myc).
_START = rf"(?=[A-Z0-9\"'“‘(\[\u0391-\u03c9À-Þ{CJK}]|[a-z]{{1,4}}[A-Z0-9]|[a-z]-[A-Z]|circ|lnc|siRNA)"
# Words that start a sentence and are no name: they end one even after an initial or an abbreviation.
_OPENER = (
    r"(?:The|We|In|Our|This|These|Those|It|However|Here|Moreover|Furthermore|Additionally|Thus|Therefore|"
    r"Although|To|As|At|By|For|From|On|When|While|Both|All|An|A|Among|After|Further|Finally|Interestingly|"
    r"Importantly|Notably|Collectively|Results|Methods|Conclusions?|RESULTS|METHODS|CONCLUSIONS?|They|Their|"
    r"There|No|Its|Using|Based|Taken|Together|Since|Because|Cells|Treatment|Knockdown|Overexpression)"
)
# Every alternative starts with the character class, which lets the regex engine skip to the next stop.
_BOUNDARY = re.compile(
    rf"[.!?。！？；;\n](?:(?<=[。！？；])[”’」』）]*\s*|(?<=[.!?])[\"'”’)\]]*\s+{_START}"
    rf"|(?<=[a-z)\]][a-z)\]0-9]\.)(?={_OPENER}\s)|(?<=[{CJK}）][;!?])\s*(?=\S)|(?<=\n)\s*)"
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


@lru_cache(maxsize=1 << 13)
def split_sentences(text: str) -> tuple[tuple[int, int], ...]:
    """(start, end) of each sentence in order, without surrounding spaces; no sentence for blank text.

    Offsets count characters of `text`; every character that is not a space lies in exactly one sentence. The
    last few thousand texts are remembered: evidence is read from the same sentences as mentions.
    """
    spans: list[tuple[int, int]] = []
    start = 0
    for match in _BOUNDARY.finditer(text):
        if text[match.start()] == "." and _abbreviated(text, match.start(), match.end()):
            continue
        _append(spans, text, start, match.end())
        start = match.end()
    _append(spans, text, start, len(text))
    return tuple(spans)


def _abbreviated(text: str, stop: int, after: int) -> bool:
    """True if the full stop at `stop` belongs to an abbreviation or initial."""
    before = text[max(0, stop - 9) : stop]
    if before[-2:] not in _LAST_TWO and not before[-1:].isupper():
        return False
    if _NEVER.search(before):
        return True
    return bool(_UNLESS_OPENER.search(before)) and not _OPENS.match(text, after)


def _append(spans: list[tuple[int, int]], text: str, start: int, end: int) -> None:
    """Append the span if anything but spaces stands in it."""
    while start < end and text[start].isspace():
        start += 1
    while start < end and text[end - 1].isspace():
        end -= 1
    if start < end:
        spans.append((start, end))
