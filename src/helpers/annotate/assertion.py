"""What a sentence does with a death mode it names: reports a finding, sets the scene, or denies it.

`finding` is a claim of the record itself; `aim/background` is a question, a method, or what others
already showed; `negated` is a mode said not to happen or not to be concerned.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

FINDING, BACKGROUND, NEGATED = "finding", "aim/background", "negated"

# A label that opens a part of a structured abstract, and the part it stands for.
_LABEL = re.compile(
    r"\s*(?P<label>[A-Z][A-Za-z/& ,'’]{2,60}?)\s?[:：]|\s*(?P<bare>[A-Z]{3,}(?:[ /&]+(?:AND )?[A-Z]{3,}){0,3})\s+(?=[A-Z][a-z])"
    r"|\s*[【\[]?(?P<chinese>目的|背景|方法|结果|结论)[】\]：:]"
)
_PART = re.compile(
    r"(?P<aim>background|objective|aim|purpose|introduction|context|goal|hypothes|rationale|question|目的|背景)"
    r"|(?P<method>method|material|design|patients|setting|subjects|procedure|experimental|participants|方法)"
    r"|(?P<finding>result|finding|conclusion|interpretation|discussion|significance|implication|结果|结论)",
    re.IGNORECASE,
)
_AIM = re.compile(
    r"\b(?:aim(?:s|ed)?|purpose|goal|objective|hypothesi[sz]ed?|hypothesis|investigat(?:e|ed|es|ing)|to (?:explore|"
    r"examine|determine|evaluate|assess|elucidate|clarify|test|study|analy[sz]e|identify|understand|verify|know)|"
    r"explor(?:ed|es)|examined|evaluated|assessed|analy[sz]ed|measured|studied|tested|detected by|determined (?:by|"
    r"using)|monitored|quantified|was used|were used|we asked|sought to|whether|were performed|was performed)\b"
    r"|旨在|探讨|为了|是否",
    re.IGNORECASE,
)
_RESULT = re.compile(
    r"\b(?:we (?:found|show|showed|demonstrate|demonstrated|report|observed|identified|reveal|revealed|confirmed|"
    r"conclude|provide)|(?:results?|data|findings|study|analys[ei]s|experiments?) (?:also )?(?:show|suggest|"
    r"demonstrate|indicate|reveal|confirm|provide)(?:s|ed)?|significantly|in conclusion|taken together|collectively|"
    r"resulted in|found that|revealed that|showed that|indicat(?:e|ed|es|ing) that)\b|结果(?:表明|显示)|发现",
    re.IGNORECASE,
)
_KNOWN = re.compile(
    r"\b(?:previous(?:ly)?|known to|well[- ]known|reported|poorly understood|remains? (?:unclear|unknown|elusive|to be)|"
    r"little is known|not (?:fully|well|completely) (?:understood|known)|have been (?:shown|implicated|reported)|"
    r"has been (?:shown|implicated|reported)|is a (?:form|type|kind) of|accumulating|increasing evidence|"
    r"emerging evidence|recent studies|unclear|unknown)\b|尚不清楚|既往|已知",
    re.IGNORECASE,
)
# A denial holds to the next clause; the words between it and the mode are few.
_DENIAL_BEFORE = re.compile(
    r"(?:\b(?:not|n't|cannot|neither|nor|never|no|without|independent(?:ly)? of|rather than|instead of|absence of|lack of|"
    r"fail(?:ed|s|ure)? to|unable to|no evidence (?:of|for)|distinct from|different from|other than|unrelated to)\b|"
    r"未(?:能|见|引起|诱导|发生)?|不(?:影响|能|会|依赖)?|无)"
    r"(?P<gap>[^.;:,，；。]{0,60})$",
    re.IGNORECASE,
)
_DENIAL_AFTER = re.compile(
    r"^[- ]?(?:independent\b|(?:\w+ ){0,3}(?:was|were|is|are|did|does|do|has|have|had) (?:not|never)\b)",
    re.IGNORECASE,
)
# "not only apoptosis but also", "could not prevent apoptosis": the mode does happen.
_NO_DENIAL = re.compile(
    r"\b(?:only|prevent|block|inhibit|suppress|protect|rescue|abolish|attenuate|reduce|affect by|merely|just|"
    r"understood|clear|known|unknown|but|because|due|however)\w*\b",
    re.IGNORECASE,
)


def classify_mentions(
    text: str,
    sentences: Sequence[tuple[int, int]],
    spans: Sequence[tuple[int, int]],
    *,
    field: str,
    concepts: Sequence[str] | None = None,
) -> list[str]:
    """One assertion (finding, aim/background, negated) per span of a mode mention.

    `text` is the field's text, `sentences` its `split_sentences`, `spans` the (start, end) offsets of the
    mentions in `text`, ascending; `concepts` their mode ids. Keywords and MeSH headings always read as finding.
    """
    if field in ("keyword", "mesh") or not spans:
        return [FINDING] * len(spans)
    parts = _parts(text, sentences) if field != "title" else [""] * len(sentences)
    result: list[str] = []
    at = 0
    for start, end in spans:
        while at + 1 < len(sentences) and sentences[at][1] <= start:
            at += 1
        first, last = sentences[at] if sentences else (0, len(text))
        if is_denied(text[first:start], text[end:last]):
            result.append(NEGATED)
        elif field == "title":
            result.append(FINDING)
        else:
            result.append(_sentence_class(text[first:last], parts[at], at, len(sentences)))
    return result


def is_denied(before: str, after: str) -> bool:
    """True if the words before or after a mention, within its sentence, deny it."""
    denial = _DENIAL_BEFORE.search(before)
    if denial and not _NO_DENIAL.search(denial["gap"]):
        return True
    return bool(_DENIAL_AFTER.match(after))


def _parts(text: str, sentences: Sequence[tuple[int, int]]) -> list[str]:
    """Part of the abstract (aim, method, finding, or blank) each sentence stands in."""
    parts: list[str] = []
    part = ""
    for start, end in sentences:
        label = _LABEL.match(text, start, min(end, start + 80))
        if label:
            known = _PART.search(label["label"] or label["bare"] or label["chinese"])
            part = known.lastgroup or "" if known else part
        parts.append(part)
    return parts


def _sentence_class(sentence: str, part: str, index: int, n_sentences: int) -> str:
    """Finding or aim/background, from the part of the abstract, the cues, and the position."""
    if part == "finding":
        return FINDING
    if part in ("aim", "method"):
        return BACKGROUND
    if _RESULT.search(sentence):
        return FINDING
    if _AIM.search(sentence) or (_KNOWN.search(sentence) and index < n_sentences / 2):
        return BACKGROUND
    return BACKGROUND if index < 2 and n_sentences > 4 else FINDING
