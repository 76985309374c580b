"""What a sentence looks like around a death mode: the features the assertion model weighs.

They are few, and none is a gene, a drug or a disease, so that a model of 900 abstracts on cancer holds
elsewhere: classes of words (change, measurement, result, aim, background ...) in the sentence and in the one
before it, the verb before the mention and its tense, the place in the abstract, and how often the record names
the mode.

Features are bits of one number, since a mention has some twenty of a hundred; `names_of` tells their names.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from helpers.annotate.assertion_words import (
    AIMING,
    AND,
    AROUND,
    AS,
    BEEN,
    DENYING,
    EARLIER,
    HAVE,
    MEASURE,
    NOW,
    OF_CELLS,
    OPENERS,
    OUR,
    REPORT,
    RESULT,
    SEEN,
    SENTENCE,
    STUDY,
    THIS,
    TO,
    TOLD,
    VERBS,
    WHETHER,
    any_of,
    read_words,
)

SHORT = "short text"
_ORDINALS = ("first", "second", "third", "last")
_ANTI_PRO = re.compile(r"anti|pro(?!gram)", re.IGNORECASE)
_OPENING = len(SENTENCE) - len(AROUND)  # bit of the first class that counts beside the mention

_OF_SENTENCE = (
    *(f"has={name}" for name in SENTENCE),
    *("as seen by", "here we result", "past only", "present only", "purpose", "shown before", "we result"),
    *("was measured", "whether", "part=aim", "part=method", "part=finding"),
)
_SHIFT = len(_OF_SENTENCE)
NAMES = (
    *_OF_SENTENCE,
    *(f"before: {name}" for name in _OF_SENTENCE),
    *(f"left={name}" for name in (*AROUND, *VERBS)),
    *("near=change", *(f"right={name}" for name in AROUND)),
    *("joined left", "joined right", "cells", "that before", "anti or pro"),
    *(f"place={fifth}" for fifth in range(5)),
    *(*_ORDINALS, SHORT, "early result"),
    *(f"named in {n}" for n in range(1, 5)),
    *("named later", "not later", "named before", "not before"),
)
_BITS = {name: 1 << i for i, name in enumerate(NAMES)}
_ALL_OF_SENTENCE = (1 << len(SENTENCE)) - 1
_LEFT, _NEAR, _RIGHT = (NAMES.index(f"{where}=change") for where in ("left", "near", "right"))
_ALL_LEFT, _ALL_RIGHT = (1 << len(AROUND) + len(VERBS)) - 1, (1 << len(AROUND)) - 1
_PAST, _PRESENT = _BITS["has=past"], _BITS["has=present"]
_WE_RESULT, _HERE_WE_RESULT = _BITS["we result"], _BITS["here we result"]
_EARLY = _WE_RESULT | _BITS["has=here"]


def names_of(features: int) -> frozenset[str]:
    """Names of the features."""
    return frozenset(name for name, bit in _BITS.items() if features & bit)


def is_placed(name: str) -> bool:
    """True if the feature tells of the place in a text, or of the sentence before."""
    return name.startswith(("before: ", "place=")) or name in _ORDINALS


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
    words = read_words(sentence)
    whole = any_of(words)
    denies, found = bool(whole & DENYING), 0
    if whole & (SEEN | STUDY):
        seen = [i for i, word in enumerate(words) if word & SEEN and i and words[i - 1] & AS]
        own = [i for i, word in enumerate(words) if word & STUDY and i and words[i - 1] & THIS]
        if seen:
            found |= _BITS["as seen by"]
        if any(any_of(words[i + 1 : i + 4]) & RESULT for i in own):
            found |= _HERE_WE_RESULT
        for i in sorted(seen + own, reverse=True):
            del words[i]  # "this study" is no aim
        whole = any_of(words)
    found |= whole & _ALL_OF_SENTENCE
    if found & _PAST and not found & _PRESENT:
        found |= _BITS["past only"]
    if found & _PRESENT and not found & _PAST:
        found |= _BITS["present only"]
    if whole & OPENERS:
        found |= _phrases(words)
    if whole & WHETHER:
        found |= _BITS["whether"]
    return found | (_BITS[f"part={part}"] if part else 0), denies


def _phrases(words: Sequence[int]) -> int:
    """Features of words that follow one another: "to examine", "has been reported", "in this study we found"."""
    found = 0
    for i, word in enumerate(words):
        if not word & OPENERS:
            continue
        after = words[i + 1 : i + 7]
        if word & TO:
            if after and after[0] & AIMING:
                found |= _BITS["purpose"]
        elif word & OUR:
            if any_of(after[:3]) & EARLIER:
                found |= _BITS["shown before"]
            elif any_of(after[:4]) & (RESULT | REPORT):
                found |= _WE_RESULT
                if any_of(words[max(0, i - 5) : i]) & THIS or any_of(after[:3]) & NOW:
                    found |= _HERE_WE_RESULT
        elif word & HAVE:
            been = next((j for j, w in enumerate(after) if w & BEEN), len(after))
            if any_of(after[been:]) & TOLD:
                found |= _BITS["shown before"]
        elif any_of(after[:3]) & MEASURE:
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
    left = read_words(before[-120:])[-6:]
    right = read_words(after[:100])[:6]
    found = (any_of(left) >> _OPENING & _ALL_LEFT) << _LEFT
    found |= (any_of(left[-3:]) >> _OPENING & 1) << _NEAR
    found |= (any_of(right) >> _OPENING & _ALL_RIGHT) << _RIGHT
    if left and left[-1] & AND:
        found |= _BITS["joined left"]
    if right and right[0] & AND:
        found |= _BITS["joined right"]
    if right and right[0] & OF_CELLS:
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
