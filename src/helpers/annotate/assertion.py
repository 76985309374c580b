"""What a sentence does with a death mode it names: reports a finding, sets the scene, or denies it.

`finding` is a claim of the record itself; `aim/background` is a question, a method, or what others already
showed; `negated` is a mode said not to happen or not to be concerned. Denial is read by rules; finding and
aim/background are told apart by a logistic model over the features of `assertion_features`, trained by
`python -m helpers.run.train_assertion` on sentences of the Hallmarks of Cancer corpus (Baker et al. 2016,
Bioinformatics 32:432); its weights stand in `assertion_weights`. Chinese sentences are read by cue words.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from functools import cache
from itertools import repeat
from operator import getitem
from typing import NamedTuple

from helpers.annotate.assertion_features import (
    NAMES,
    Held,
    context_features,
    may_deny,
    mention_features,
    record_features,
)
from helpers.annotate.assertion_weights import INTERCEPT, THRESHOLD, WEIGHTS

_UNIT = 10_000  # weights have four decimals
_BYTES = (len(NAMES) + 7) // 8
FINDING, BACKGROUND, NEGATED = "finding", "aim/background", "negated"

# A label that opens a part of a structured abstract, and the part it stands for.
_LABEL = re.compile(
    r"\s*(?P<label>[A-Z][A-Za-z/& ,'’]{2,60}?)\s?[:：]"
    r"|\s*(?P<bare>[A-Z]{3,}(?:[ /&]+(?:AND )?[A-Z]{3,}){0,3})\s+(?=[A-Z][a-z])"
    r"|\s*[【\[]?(?P<chinese>目的|背景|方法|结果|结论)[】\]：:]"
)
_LABEL_STARTS = frozenset("【[目背方结")  # of a Chinese label; others hold a colon or start with capitals
_PART = re.compile(
    r"(?P<aim>background|objective|aim|purpose|introduction|context|goal|hypothes|rationale|question|目的|背景)"
    r"|(?P<method>method|material|design|patients|setting|subjects|procedure|experimental|participants|方法)"
    r"|(?P<finding>result|finding|conclusion|interpretation|discussion|significance|implication|结果|结论)",
    re.IGNORECASE,
)
_CHINESE = re.compile(r"[\u3400-\u9fff]")
_CHINESE_AIM = re.compile(
    r"旨在|探讨|为了|是否|目的|尚不清楚|不明|有待|既往|已知|综述|据报道|评估|检测|方法|采用"
)
# "ATF5 在铜死亡中的作用尚属空白": nobody studied it, so that the record says nothing of it.
_CHINESE_UNSTUDIED = re.compile(
    r"(?:属|是|为|处于|存在)[^，。,;；]{0,4}空白|未见(?:相关)?报道|(?:尚无|缺乏|没有)(?:相关)?(?:研究|报道)|尚未(?:被)?(?:研究|报道|探索)"
)
# A denial holds to the next clause; the words between it and the mode are few.
_DENIAL_BEFORE = re.compile(
    r"(?:(?<!with or )(?<!whether or )(?<!vs )(?<!versus )\b"
    r"(?:(?:did|does|do|was|were|is|are|has|have|had|could|can|would)(?: not|n[’']t)|cannot|neither|"
    r"nor|never|no|without|"
    r"independent(?:ly)? of|rather than|instead of|absence of|lack of|fail(?:ed|s|ure)? to|unable to|not)\b|"
    r"未(?:能|见|引起|诱导|发生)|不(?:影响|能|会|依赖|诱导|引起|发生)|没有|而非)"
    r"(?P<gap>[^.;:,，；。]{0,45})$",
    re.IGNORECASE,
)
_DENIAL_AFTER = re.compile(
    r"[- ]?(?:independent\b(?! (?:of|from)\b)|"
    r"(?!(?:and|but|or|that|which|who) (?:was|were|is|are|did|does|do|has|have|had) )"
    r"(?:\w+ ){0,2}(?:was|were|is|are|did|does|do|has|have|had) (?:not|never)\b"
    r"(?! (?:only|the only|fully|well|completely|yet|clear|known|understood|associated|related|correlated|dependent|"
    r"depend|due|(?:be )?(?:inhibit|block|prevent|suppress|reduc|decreas|abolish|attenuat|revers|rescue)\w*)\b))",
    re.IGNORECASE,
)
# "not only apoptosis but also", "did not prevent apoptosis", "not fully understood": the mode is not denied; it is by
# "no increase in apoptosis".
_NO_DENIAL = re.compile(
    r"\b(?:(?:prevent|block|inhibit|suppress|protect|rescue|abolish|attenuate|affect|reduc|decreas|diminish|abrogate|"
    r"reverse|escap|evad|resist|delay)\w*|only|merely|just|other|overcome|understood|clear|known|unknown|but|because|"
    r"due|however|that|through|via|by|which|(?<!increase )(?<!change )(?<!changes )(?<!difference )(?<!differences )in|"
    r"whether|between|from|during|after|upon|following|despite|when|while|although)\b",
    re.IGNORECASE,
)

# "attenuated drug-induced apoptosis but not autophagy": autophagy went on.
_SPARED = re.compile(
    r"\b(?:prevent|block|inhibit|suppress|rescu|abolish|attenuat|reduc|abrogat|revers|impair)\w*\b"
    r"[^.;:,]*\bbut not\b[^.;:,]*$",
    re.IGNORECASE,
)


class Context(NamedTuple):
    """What is read of a text once, for all mentions in it: the part each sentence stands in, and what was held."""

    parts: list[str]
    held: Held


def read_context(text: str, sentences: Sequence[tuple[int, int]], *, field: str) -> Context:
    """Context of a text; a title has no parts."""
    return Context(read_parts(text, sentences) if field != "title" else [""] * len(sentences), {})


def classify_mentions(
    text: str,
    sentences: Sequence[tuple[int, int]],
    spans: Sequence[tuple[int, int]],
    *,
    field: str,
    concepts: Sequence[int] | None = None,
    context: Context | None = None,
) -> list[str]:
    """One assertion (finding, aim/background, negated) per span of a mode mention.

    `text` is the field's text, `sentences` its `split_sentences`, `spans` the (start, end) offsets of the
    mentions in `text`, ascending; `concepts` their modes. Keywords and MeSH headings read as finding.
    """
    if field in ("keyword", "mesh") or not spans:
        return [FINDING] * len(spans)
    sentences = sentences or [(0, len(text))]
    places = _places(sentences, spans)
    named: dict[int, list[int]] = defaultdict(list)
    for concept, at in zip(concepts or repeat(0), places, strict=False):
        named[concept].append(at)
    parts, held = context or read_context(text, sentences, field=field)
    some_chinese = not text.isascii() and bool(_CHINESE.search(text))
    result = []
    for (start, end), at, concept in zip(spans, places, concepts or repeat(0), strict=False):
        first, last = sentences[at]
        before, after = text[first:start], text[end:last]
        chinese = some_chinese and bool(_CHINESE.search(text, first, last))
        if (chinese or may_deny(text, sentences, parts, at, held)) and (
            is_denied(before, after) or _CHINESE_UNSTUDIED.search(text, first, last)
        ):
            result.append(NEGATED)
        elif field == "title":
            result.append(FINDING)
        elif chinese:
            result.append(
                BACKGROUND
                if parts[at] in ("aim", "method") or _CHINESE_AIM.search(text, first, last)
                else FINDING
            )
        else:
            features = (
                context_features(text, sentences, parts, at, held)
                | mention_features(before, text[start:end], after)
                | record_features(named[concept], at)
            )
            result.append(FINDING if score(features) >= THRESHOLD else BACKGROUND)
    return result


def score(features: int) -> float:
    """Log odds of a finding, by the trained weights."""
    total = sum(map(getitem, _totals(), features.to_bytes(_BYTES, "little")))
    return INTERCEPT + total / _UNIT


@cache
def _totals() -> list[list[int]]:
    """For each eight features in turn, the sum of their weights for each byte; whole, so that sums are exact."""
    weights = [round(WEIGHTS.get(name, 0.0) * _UNIT) for name in NAMES] + [0] * 7
    return [
        [sum(weights[8 * i + bit] for bit in range(8) if byte >> bit & 1) for byte in range(256)]
        for i in range(_BYTES)
    ]


def is_denied(before: str, after: str) -> bool:
    """True if the words before or after a mention, within its sentence, deny it."""
    denial = _DENIAL_BEFORE.search(before[-80:])
    if denial and not _NO_DENIAL.search(denial["gap"]):
        return not _SPARED.search(before[-200:])
    return bool(_DENIAL_AFTER.match(after))


def read_parts(text: str, sentences: Sequence[tuple[int, int]]) -> list[str]:
    """Part of the abstract (aim, method, finding, or blank) each sentence stands in."""
    parts: list[str] = []
    part = ""
    for start, end in sentences:
        head = text[start : min(end, start + 80)]
        marked = ":" in head or "：" in head or head[:3].isupper() or head[0] in _LABEL_STARTS
        label = _LABEL.match(head) if marked else None
        if label:
            known = _PART.search(label["label"] or label["bare"] or label["chinese"])
            part = known.lastgroup or "" if known else part
        parts.append(part)
    return parts


def _places(sentences: Sequence[tuple[int, int]], spans: Sequence[tuple[int, int]]) -> list[int]:
    """Number of the sentence each span stands in."""
    places, at = [], 0
    for start, _ in spans:
        while at + 1 < len(sentences) and sentences[at + 1][0] <= start:
            at += 1
        places.append(at)
    return places
