"""What a sentence does with a death mode it names: reports a finding, sets the scene, or denies it.

`finding` is a claim of the record itself; `aim/background` is a question, a method, or what others already
showed; `negated` is a mode said not to happen or not to be concerned. Denial is read by rules; finding and
aim/background are told apart by a logistic model over the features of `assertion_features`, trained by
`python -m helpers.run.train_assertion` on sentences of the Hallmarks of Cancer corpus (Baker et al. 2016,
Bioinformatics 32:432); its weights stand in `assertion_weights`. Chinese sentences are read by cue words.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from helpers.annotate.assertion_features import NAMES, PARTS, Sentences, Spans, read_features
from helpers.annotate.assertion_weights import INTERCEPT, THRESHOLD, WEIGHTS
from helpers.annotate.compiled import compiled
from helpers.annotate.denial import is_denied
from helpers.annotate.normalise import code_points
from helpers.annotate.sentences import find_sentences

Ints = npt.NDArray[np.int64]
Codes = npt.NDArray[np.uint32]
Bools = npt.NDArray[np.bool_]
Vector = npt.NDArray[np.float64]

_UNIT = 10_000  # weights have four decimals
FINDING, BACKGROUND, NEGATED = "finding", "aim/background", "negated"

# A label that opens a part of a structured abstract, and the part it stands for.
_LABEL = re.compile(
    r"\s*(?P<label>[A-Z][A-Za-z/& ,'’]{2,60}?)\s?[:：]"
    r"|\s*(?P<bare>[A-Z]{3,}(?:[ /&]+(?:AND )?[A-Z]{3,}){0,3})\s+(?=[A-Z][a-z])"
    r"|\s*[【\[]?(?P<chinese>目的|背景|方法|结果|结论)[】\]：:]"
)
_PART = re.compile(
    r"(?P<aim>background|objective|aim|purpose|introduction|context|goal|hypothes|rationale|question|目的|背景)"
    r"|(?P<method>method|material|design|patients|setting|subjects|procedure|experimental|participants|方法)"
    r"|(?P<finding>result|finding|conclusion|interpretation|discussion|significance|implication|结果|结论)",
    re.IGNORECASE,
)
_CHINESE_AIM = re.compile(
    r"旨在|探讨|为了|是否|目的|尚不清楚|不明|有待|既往|已知|综述|据报道|评估|检测|方法|采用"
)
# "Ferroptosis is a form of death", "铜死亡是近年来发现的一种细胞死亡方式": what the mode is, not what happened.
_DEFINITION = re.compile(
    r"(?: ?\([^()]*\))? (?:is|are) (?:an?|one)\b(?: (?!in\b|by\b|after\b)[\w,-]+){0,6} "
    r"(?:forms?|types?|kinds?|modes?|process|mechanisms?|pathways?)\b(?! by)|"
    r"(?:[（(][^）)]*[)）])?(?:是|为|作为)[^，。,;；]{0,12}一[种类个]"
)
# "ATF5 在铜死亡中的作用尚属空白": nobody studied it, so that the record says nothing of it.
_CHINESE_UNSTUDIED = re.compile(
    r"(?:属|是|为|处于|存在)[^，。,;；]{0,4}空白|未见(?:相关)?报道|(?:尚无|缺乏|没有)(?:相关)?(?:研究|报道)|尚未(?:被)?(?:研究|报道|探索)"
)


def classify_mentions(
    joined: str, codes: Codes, sentences: Sentences, spans: Spans, titles: Bools
) -> list[str]:
    """One assertion (finding, aim/background, negated) per mention of a mode in texts that are joined.

    codes: code points of the joined texts; titles: which of the texts are titles, where what is not denied is a
    finding.
    """
    if not len(spans.start):
        return []
    features, may_deny, chinese = read_features(joined, codes, sentences, spans)
    finding = score(features) >= THRESHOLD
    text = np.searchsorted(sentences.bounds, spans.sentence, side="right") - 1
    finding |= titles[text]
    result = [FINDING if yes else BACKGROUND for yes in finding.tolist()]
    defined = (_may_define(codes, spans.end) | chinese) & ~titles[text]
    for i in np.flatnonzero(may_deny | chinese | defined).tolist():
        start, end = int(spans.start[i]), int(spans.end[i])
        first, last = int(sentences.start[spans.sentence[i]]), int(sentences.end[spans.sentence[i]])
        if defined[i] and _DEFINITION.match(joined, end, last):
            result[i] = BACKGROUND
        elif not (may_deny[i] or chinese[i]):
            continue
        elif is_denied(joined[first:start], joined[end:last]) or _CHINESE_UNSTUDIED.search(
            joined, first, last
        ):
            result[i] = NEGATED
        elif chinese[i] and not titles[text[i]]:
            scene = PARTS[sentences.part[spans.sentence[i]]] in ("aim", "method")
            result[i] = BACKGROUND if scene or _CHINESE_AIM.search(joined, first, last) else FINDING
    return result


def _may_define(codes: Codes, ends: Ints) -> Bools:
    """Whether each English mention may be defined: "is", "are" or a bracket follows."""
    second, third = (codes[np.minimum(ends + n, len(codes) - 1)] for n in (1, 2))
    verb = ((second == ord("i")) & (third == ord("s"))) | ((second == ord("a")) & (third == ord("r")))
    found: Bools = verb | (second == ord("(")) | (codes[np.minimum(ends, len(codes) - 1)] == ord("("))
    return found


def classify_sentences(
    texts: Sequence[str], titles: Sequence[bool], places: Sequence[tuple[int, int]]
) -> list[str]:
    """One assertion (finding, aim/background) per sentence, for sentences that name no mode.

    places: number of the text and of the sentence in it; titles: which texts are titles.
    """
    if not places:
        return []
    joined = "\n".join([*texts, ""])
    codes = code_points(joined)
    ends = np.cumsum([len(text) + 1 for text in texts])
    number, start, end = find_sentences(joined, codes, np.append(0, ends[:-1]), ends - 1)
    bounds = np.searchsorted(number, np.arange(len(texts) + 1))
    text, sentence = np.array(places, dtype=np.int64).T
    at = np.minimum(bounds[text] + sentence, bounds[text + 1] - 1)
    title = np.array(titles)
    sentences = Sentences(start, end, read_parts(joined, codes, start, end, bounds, title), bounds)
    each = np.arange(len(at))  # each as if it were the only one that names its mode
    found = classify_mentions(joined, codes, sentences, Spans(start[at], start[at], each, at), title)
    return [BACKGROUND if value == NEGATED else value for value in found]


def score(features: Bools) -> Vector:
    """Log odds of a finding of each row of features, by the trained weights."""
    weights = np.array([round(WEIGHTS.get(name, 0.0) * _UNIT) for name in NAMES], dtype=np.float64)
    odds: Vector = INTERCEPT + (features @ weights) / _UNIT  # whole weights, so that sums are exact
    return odds


def read_parts(joined: str, codes: Codes, starts: Ints, ends: Ints, bounds: Ints, whole: Bools) -> Ints:
    """Part of the abstract each sentence of the texts stands in, as a number in PARTS; none where a text is `whole`."""
    part = np.full(len(starts), -1, dtype=np.int64)
    part[bounds[:-1][np.diff(bounds) > 0]] = 0
    may_open = _may_open(codes, starts, ends) & ~np.repeat(whole, np.diff(bounds))
    for i in np.flatnonzero(may_open).tolist():
        start = int(starts[i])
        if label := _LABEL.match(joined, start, min(int(ends[i]), start + 80)):
            known = _PART.search(label["label"] or label["bare"] or label["chinese"])
            if known:
                part[i] = PARTS.index(known.lastgroup or "")
    told = np.flatnonzero(part >= 0)
    return part[told[np.searchsorted(told, np.arange(len(part)), side="right") - 1]]


@compiled
def _may_open(codes: Codes, starts: Ints, ends: Ints) -> Bools:
    """Whether each sentence may open with a label: it begins in capitals or Chinese, or a colon is near."""
    found = np.zeros(len(starts), np.bool_)
    for i in range(len(starts)):
        last = min(ends[i], starts[i] + 80)
        small = False
        for at in range(starts[i], min(last, starts[i] + 3)):
            small = small or 97 <= codes[at] <= 122
        found[i] = not small or codes[starts[i]] > 0x3000
        for at in range(starts[i], last):
            found[i] = found[i] or codes[at] == 58 or codes[at] == 0xFF1A
    return found
