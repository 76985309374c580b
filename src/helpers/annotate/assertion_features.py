"""What a sentence looks like around a death mode: the features the assertion model weighs.

They are few, and none is a gene, a drug or a disease, so that a model of 900 abstracts on cancer holds
elsewhere: classes of words (change, measurement, result, aim, background ...) in the sentence and in the one
before it, the verb before the mention and its tense, the place in the abstract, and how often the record names
the mode.

Features are bits of one number, since a mention has some twenty of a hundred; `names_of` tells their names.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache, reduce
from operator import or_

SHORT = "short text"
_ORDINALS = ("first", "second", "third", "last")
_WORD = re.compile(r"[A-Za-z]+|[%,;]|[\u3400-\u9fff]+")
_APART = str.maketrans(
    {chr(code): " " for code in range(128) if not (chr(code).isalpha() or chr(code) in "%,;")}
)
_CLASSES = {
    "change": r"induc\w+|increas\w+|promot\w+|enhanc\w+|trigger\w*|activat\w+|inhibit\w*|suppress\w*|reduc\w+|"
    r"decreas\w+|block\w*|prevent\w*|attenuat\w+|abrogat\w+|protect\w*|caus\w+|lead\w*|led|result(?:s|ed|ing)|undergo\w*|underwent|"
    r"elevat\w+|higher|lower|mediat\w+|sensiti\w+|resist\w+|potentiat\w+|augment\w+|abolish\w*|restor\w+|rescu\w+|"
    r"stimulat\w+|accompanied|via|through|due|contribut\w+",
    "measure": r"assay\w*|measured|determined|evaluated|assessed|examined|analy[sz]ed|detected|stain\w*|investigated|"
    r"studied|performed|used|using|tested|cytometr\w+|quantif\w+|monitored",
    "list": r"involved|related|associated|regulat\w+|genes?|proteins?|pathways?|markers?|roles?|process\w*|responses?|"
    r"signal\w*|including|such",
    "hedge": r"may|might|could|suggest\w*|possibl\w+|potential\w*|likely|appear\w*|propose\w*",
    "past": r"was|were|did|had|induced|increased|showed|revealed|resulted|inhibited|demonstrated|observed|found|caused|"
    r"led|triggered|exhibited|decreased|reduced|enhanced|suppressed|underwent|confirmed",
    "present": r"is|are|has|have|can|plays?|remains?",
    "we": r"we|our",
    "result": r"shows?|showed|shown|found|demonstrat\w+|reveal\w*|suggest\w*|indicat\w+|confirm\w*|conclu\w+|observed|"
    r"significant\w*|results?|findings|data|collectively|together|identif\w+",
    "aim": r"aim\w*|purpose|goal|objectives?|hypothes\w+|investigat\w+|explor\w+|whether|examin\w+|evaluat\w+|"
    r"assess\w*|determin\w+|elucidat\w+|stud(?:y|ied)|analy[sz]ed?|measured|tested|understand|clarify",
    "known": r"previous\w*|known|reported|poorly|unclear|unknown|recent\w*|implicated|accumulating|emerging|elusive|"
    r"understood|controversial|thought|believed|considered|well|important|major|many|several|various",
    "number": r"%|fold|dose|significant\w*|percent\w*|p",
    "and": r",|and|or",
    "unclear": r"unclear|unknown|poorly|elusive|controversial|remains?|understood|little",
    "here": r"here|herein",
    "assay": r"tunel|annexin|caspases?|parp|cytometr\w+|hoechst|dapi|fragment\w+|ladder\w*|lc",
    "raised": r"induced|increased|promoted|enhanced|triggered|activated|caused|led|elicited|underwent|exhibited|"
    r"augmented|accelerated|stimulated|potentiated|resulted|elevated|showed",
    "raises": r"induces|increases|promotes|enhances|triggers|activates|causes|leads|elicits|undergoes|results",
    "raise": r"induce|increase|promote|enhance|trigger|activate|cause|lead|elicit|undergo",
    "raising": r"(?:induc|increas|promot|enhanc|trigger|activat|caus|lead|elicit|undergo|result)ing",
    "raise noun": r"induction|activation|promotion|enhancement|onset|occurrence|initiation|evidence|levels?|rates?|"
    r"number|percentage|proportion|amount|extent",
    "lowered": r"inhibited|decreased|reduced|suppressed|blocked|prevented|attenuated|abrogated|abolished|impaired|"
    r"rescued|protected|evaded|resisted|diminished|delayed",
    "lowers": r"inhibits|decreases|reduces|suppresses|blocks|prevents|attenuates|abrogates|protects|confers",
    "lower": r"inhibit|decrease|reduce|suppress|block|prevent|attenuate|abrogate|protect|evade|resist|confer",
    "lowering": r"(?:inhibit|decreas|reduc|suppress|block|prevent|attenuat|protect|evad|escap)ing",
    "lower noun": r"inhibition|reduction|suppression|prevention|protection|resistance|sensitivity|susceptibility|"
    r"escape|evasion",
}  # fmt: skip
_COMPILED = {name: re.compile(pattern, re.IGNORECASE) for name, pattern in _CLASSES.items()}
_AROUND = ("change", "measure", "list")
_VERBS = (
    *("raised", "raises", "raise", "raising", "raise noun"),
    *("lowered", "lowers", "lower", "lowering", "lower noun"),
)
# Of the classes the first count for the sentence, those from _AROUND on for the words beside the mention.
_SENTENCE = (
    *("hedge", "past", "present", "we", "result", "aim", "known", "number", "unclear", "here", "assay"),
    *_AROUND,
)
_ORDER = (*_SENTENCE, *_VERBS, "and")
# Words that open or fill a phrase, as further bits of a word.
_MARKS = {
    # "as determined by TUNEL" says how a result was seen; it is neither aim nor measurement.
    "seen": "analysed analyzed assessed confirmed demonstrated detected determined evaluated evidenced examined "
    "indicated judged measured monitored quantified revealed shown tested",
    "as": "as As",
    "study": "study",
    "this": "Here here Herein herein This this present current Our our",
    "now": "Here here now",
    "to": "to To",
    "purpose": "",  # by pattern
    "our": "we We",
    "before": "previously recently",
    "report": "report describe provide determined",
    "have": "has have",
    "been": "been",
    "told": "known reported shown described implicated suggested demonstrated proposed associated linked found "
    "characterized characterised established recognized recognised considered",
    "were": "was were",
    "whether": "whether",
}
_PURPOSE = re.compile(
    r"examine|determine|evaluate|assess|elucidate|investigate|explore|study|test|understand|clarify|analy[sz]e"
)
_CELLS = frozenset("cell cells nuclei death index rate rates bodies".split())
_DENIES = frozenset(
    "not t cannot neither nor never no without independent independently rather instead absence lack fail failed "
    "fails failure unable".split()
)  # "didn't" is the words "didn" and "t"
_ANTI_PRO = re.compile(r"anti|pro(?!gram)", re.IGNORECASE)
_WORD_BITS = {name: 1 << i for i, name in enumerate([*_ORDER, *_MARKS, "cells", "denies"])}
(_RESULT, _MEASURE, _AND, _SEEN, _AS, _STUDY, _THIS, _NOW, _TO, _AIMING, _OUR, _EARLIER, _REPORT, _HAVE, _BEEN, _TOLD,
 _WERE, _WHETHER, _OF_CELLS, _DENYING) = (
    _WORD_BITS[name]
    for name in ("result", "measure", "and", *_MARKS, "cells", "denies")
)  # fmt: skip
_OPENERS = _TO | _OUR | _HAVE | _WERE
_OPENING = len(_SENTENCE) - len(_AROUND)  # bit of the first class that counts beside the mention

_OF_SENTENCE = (
    *(f"has={name}" for name in _SENTENCE),
    *("as seen by", "here we result", "past only", "present only", "purpose", "shown before", "we result"),
    *("was measured", "whether", "part=aim", "part=method", "part=finding"),
)
_SHIFT = len(_OF_SENTENCE)
NAMES = (
    *_OF_SENTENCE,
    *(f"before: {name}" for name in _OF_SENTENCE),
    *(f"left={name}" for name in (*_AROUND, *_VERBS)),
    *("near=change", *(f"right={name}" for name in _AROUND)),
    *("joined left", "joined right", "cells", "that before", "anti or pro"),
    *(f"place={fifth}" for fifth in range(5)),
    *(*_ORDINALS, SHORT, "early result"),
    *(f"named in {n}" for n in range(1, 5)),
    *("named later", "not later", "named before", "not before"),
)
_BITS = {name: 1 << i for i, name in enumerate(NAMES)}
_ALL_OF_SENTENCE = (1 << len(_SENTENCE)) - 1
_LEFT, _NEAR, _RIGHT = (NAMES.index(f"{where}=change") for where in ("left", "near", "right"))
_ALL_LEFT, _ALL_RIGHT = (1 << len(_AROUND) + len(_VERBS)) - 1, (1 << len(_AROUND)) - 1
_PAST, _PRESENT = _BITS["has=past"], _BITS["has=present"]
_WE_RESULT, _HERE_WE_RESULT = _BITS["we result"], _BITS["here we result"]
_EARLY = _WE_RESULT | _BITS["has=here"]


def names_of(features: int) -> frozenset[str]:
    """Names of the features."""
    return frozenset(name for name, bit in _BITS.items() if features & bit)


def is_placed(name: str) -> bool:
    """True if the feature tells of the place in a text, or of the sentence before."""
    return name.startswith(("before: ", "place=")) or name in _ORDINALS


@lru_cache(maxsize=65536)
def _word(word: str) -> int:
    """Classes and marks of a word, as bits."""
    bits = 0
    for name in _ORDER:
        if _COMPILED[name].fullmatch(word):
            bits |= _WORD_BITS[name]
    for name, words in _MARKS.items():
        if word in words.split():
            bits |= _WORD_BITS[name]
    bits |= _AIMING if _PURPOSE.fullmatch(word) else 0
    bits |= _OF_CELLS if word.lower() in _CELLS else 0
    return bits | (_DENYING if word.lower() in _DENIES else 0)


def _cut(text: str) -> list[str]:
    """Words and marks of a text in order."""
    if not text.isascii():
        return _WORD.findall(text)
    # as the pattern cuts it, in a third of the time
    return text.replace(",", " , ").replace(";", " ; ").replace("%", " % ").translate(_APART).split()


def _any(words: Iterable[int]) -> int:
    """All that any of the words is."""
    return reduce(or_, words, 0)


Held = dict[int, tuple[int, bool]]  # by sentence: features; whether it may deny something


def context_features(
    text: str, sentences: Sequence[tuple[int, int]], parts: Sequence[str], at: int, held: Held
) -> int:
    """Features of sentence number `at`, of its place and of the sentence before; `held` keeps those of sentences.

    A text of three sentences or less has no beginning and end: it has the feature SHORT in place of these.
    """
    n, short = len(sentences), len(sentences) <= 3
    own, _ = _read(text, sentences, parts, at, held)
    announced = at * 5 < 2 * (n - 1) and own & _HERE_WE_RESULT  # sets no scene, however early
    found = own & ~_WE_RESULT  # alone it tells nothing in cross-validation
    if short:
        found |= _BITS[SHORT]
    elif not announced:
        found |= _place(at, n)
    if at * 3 < n and own & _EARLY:
        found |= _BITS["early result"]
    if at and not short:
        found |= _read(text, sentences, parts, at - 1, held)[0] << _SHIFT
    return found


def may_deny(
    text: str, sentences: Sequence[tuple[int, int]], parts: Sequence[str], at: int, held: Held
) -> bool:
    """True if an English word of denial stands in sentence number `at`; `held` keeps what was read."""
    return _read(text, sentences, parts, at, held)[1]


def _read(
    text: str, sentences: Sequence[tuple[int, int]], parts: Sequence[str], at: int, held: Held
) -> tuple[int, bool]:
    """Features of one sentence, and whether it may deny something."""
    if at not in held:
        start, end = sentences[at]
        held[at] = _sentence(text[start:end], parts[at])
    return held[at]


def _sentence(sentence: str, part: str) -> tuple[int, bool]:
    """Features of the sentence (word classes, phrases, part of the abstract), and whether it may deny something."""
    words = list(map(_word, _cut(sentence)))
    whole = _any(words)
    denies, found = bool(whole & _DENYING), 0
    if whole & (_SEEN | _STUDY):
        seen = [i for i, word in enumerate(words) if word & _SEEN and i and words[i - 1] & _AS]
        own = [i for i, word in enumerate(words) if word & _STUDY and i and words[i - 1] & _THIS]
        if seen:
            found |= _BITS["as seen by"]
        if any(_any(words[i + 1 : i + 4]) & _RESULT for i in own):
            found |= _HERE_WE_RESULT
        for i in sorted(seen + own, reverse=True):
            del words[i]  # "this study" is no aim
        whole = _any(words)
    found |= whole & _ALL_OF_SENTENCE
    if found & _PAST and not found & _PRESENT:
        found |= _BITS["past only"]
    if found & _PRESENT and not found & _PAST:
        found |= _BITS["present only"]
    if whole & _OPENERS:
        found |= _phrases(words)
    if whole & _WHETHER:
        found |= _BITS["whether"]
    return found | (_BITS[f"part={part}"] if part else 0), denies


def _phrases(words: Sequence[int]) -> int:
    """Features of words that follow one another: "to examine", "has been reported", "in this study we found"."""
    found = 0
    for i, word in enumerate(words):
        if not word & _OPENERS:
            continue
        after = words[i + 1 : i + 7]
        if word & _TO:
            if after and after[0] & _AIMING:
                found |= _BITS["purpose"]
        elif word & _OUR:
            if _any(after[:3]) & _EARLIER:
                found |= _BITS["shown before"]
            elif _any(after[:4]) & (_RESULT | _REPORT):
                found |= _WE_RESULT
                if _any(words[max(0, i - 5) : i]) & _THIS or _any(after[:3]) & _NOW:
                    found |= _HERE_WE_RESULT
        elif word & _HAVE:
            been = next((j for j, w in enumerate(after) if w & _BEEN), len(after))
            if _any(after[been:]) & _TOLD:
                found |= _BITS["shown before"]
        elif _any(after[:3]) & _MEASURE:
            found |= _BITS["was measured"]
    return found


def _place(index: int, n_sentences: int) -> int:
    """Features of the place in the abstract."""
    found = _BITS[f"place={min(4, int(index / (n_sentences - 1) * 5))}"]
    if index < 3:
        found |= _BITS[_ORDINALS[index]]
    return found | (_BITS["last"] if index == n_sentences - 1 else 0)


def mention_features(before: str, own: str, after: str) -> int:
    """Features of a mention as written, and of the words on either side within its sentence."""
    left = list(map(_word, _cut(before[-120:])[-6:]))
    right = list(map(_word, _cut(after[:100])[:6]))
    found = (_any(left) >> _OPENING & _ALL_LEFT) << _LEFT
    found |= (_any(left[-3:]) >> _OPENING & 1) << _NEAR
    found |= (_any(right) >> _OPENING & _ALL_RIGHT) << _RIGHT
    if left and left[-1] & _AND:
        found |= _BITS["joined left"]
    if right and right[0] & _AND:
        found |= _BITS["joined right"]
    if right and right[0] & _OF_CELLS:
        found |= _BITS["cells"]
    if " that " in before:
        found |= _BITS["that before"]
    if _ANTI_PRO.match(own):
        found |= _BITS["anti or pro"]
    return found


def record_features(sentences: Sequence[int], at: int) -> int:
    """Features of where else the record names the mode; `sentences` are the numbers of those that do."""
    distinct = set(sentences)
    found = _BITS[f"named in {min(4, len(distinct))}"]
    found |= _BITS["named later" if max(distinct) > at else "not later"]
    return found | _BITS["named before" if min(distinct) < at else "not before"]
