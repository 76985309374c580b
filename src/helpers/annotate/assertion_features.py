"""What a sentence looks like around a death mode: the features the assertion model weighs.

They are few, and none is a gene, a drug or a disease, so that a model of 900 abstracts on cancer holds
elsewhere: classes of words (change, measurement, result, aim, background ...) in the sentence and in the one
before it, the verb before the mention and its tense, the place in the abstract, and how often the record names
the mode.

All mentions of many texts are read at once: a matrix with a row per mention and a column per feature.
"""

from __future__ import annotations

import re
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from helpers.annotate.arrays import distinct
from helpers.annotate.assertion_words import AROUND, MARKS, SENTENCE, VERBS, Marks, read_words
from helpers.annotate.compiled import compiled

Ints = npt.NDArray[np.int64]
Codes = npt.NDArray[np.uint32]
Bools = npt.NDArray[np.bool_]

SHORT = "short text"
PARTS = ("", "aim", "method", "finding")
_ORDINALS = ("first", "second", "third", "last")
_PHRASES = ("as seen by", "here we result", "purpose", "shown before", "we result", "was measured", "whether")
_SEEN_AS, _HERE, _PURPOSE, _BEFORE, _WE, _MEASURED, _WHETHER = (1 << i for i in range(7))  # of _PHRASES
_ANTI_PRO = re.compile(r"anti|pro(?!gram)", re.IGNORECASE)
_REACH = 6  # words on either side of a mention that count

_OF_SENTENCE = (
    *(f"has={name}" for name in SENTENCE),
    *_PHRASES,
    *("past only", "present only"),
    *(f"part={name}" for name in PARTS[1:]),
)
_SIDES = (
    *(f"left={name}" for name in (*AROUND, *VERBS)),
    "near=change",
    *(f"right={name}" for name in AROUND),
    *("joined left", "joined right", "cells", "that before"),
)
NAMES = (
    *_OF_SENTENCE,
    *(f"before: {name}" for name in _OF_SENTENCE),
    *(*_SIDES, "anti or pro"),
    *(f"place={fifth}" for fifth in range(5)),
    *(*_ORDINALS, SHORT, "early result"),
    *(f"named in {n}" for n in range(1, 5)),
    *("named later", "not later", "named before", "not before"),
)
_COLUMN = {name: i for i, name in enumerate(NAMES)}
_OPENING = len(SENTENCE) - len(AROUND)  # bit of the first class that counts beside the mention


class Sentences(NamedTuple):
    """Sentences of texts: start and end as offsets in the texts joined, part of the abstract (number in PARTS).

    Those of text i are bounds[i]:bounds[i + 1].
    """

    start: Ints
    end: Ints
    part: Ints
    bounds: Ints


class Spans(NamedTuple):
    """Mentions of modes: start and end as offsets in the texts joined, number of the mode, number of the sentence."""

    start: Ints
    end: Ints
    mode: Ints
    sentence: Ints


def is_placed(name: str) -> bool:
    """True if the feature tells of the place in a text, or of the sentence before."""
    return name.startswith(("before: ", "place=")) or name in _ORDINALS


def read_features(
    joined: str, codes: Codes, sentences: Sentences, spans: Spans
) -> tuple[Bools, Bools, Bools]:
    """(features of each mention, whether a word of denial is in its sentence, whether Chinese is).

    joined: the texts; codes: their code points. A text of three sentences or less has no beginning and end: it has
    the feature SHORT in place of these.
    """
    text = np.searchsorted(sentences.bounds, spans.sentence, side="right") - 1
    index = spans.sentence - sentences.bounds[text]
    n = np.diff(sentences.bounds)[text]
    later, short = index > 0, n <= 3
    which = distinct(np.concatenate([spans.sentence, spans.sentence[later] - 1]))
    words = read_words(codes, sentences.start[which], sentences.end[which])
    whole, phrases = _read_sentences(words.bits, words.bounds, MARKS)
    told = _of_sentences(whole, phrases, sentences.part[which])
    at = np.searchsorted(which, spans.sentence)
    sides = _read_sides(
        codes, *words, sentences.start[spans.sentence], at, spans.start, spans.end, MARKS,
        _OPENING, len(AROUND), len(VERBS),
    )  # fmt: skip
    own, before = told[at], told[at - later] & (later & ~short)[:, None]
    here, we = own[:, _COLUMN["here we result"]], own[:, _COLUMN["we result"]].copy()
    own[:, _COLUMN["we result"]] = False  # alone it tells nothing in cross-validation
    early = (index * 3 < n) & (we | own[:, _COLUMN["has=here"]])
    announced = (index * 5 < 2 * (n - 1)) & here  # sets no scene, however early
    affixed = np.array([_ANTI_PRO.match(joined, start) is not None for start in spans.start.tolist()], bool)
    features = np.concatenate(
        [
            *(own, before, _unpack(sides, len(_SIDES)), affixed[:, None]),
            _places(index, n) & ~(short | announced)[:, None],
            np.stack([short, early], axis=1),
            _counts(text, spans),
        ],
        axis=1,
    )
    return features, (whole[at] & MARKS.denies) > 0, (whole[at] & MARKS.chinese) > 0


def _unpack(bits: Ints, n: int) -> Bools:
    """A column for each of the first n bits."""
    return (bits[:, None] >> np.arange(n) & 1).astype(np.bool_)


def _of_sentences(whole: Ints, phrases: Ints, part: Ints) -> Bools:
    """Features of sentences, by what any of their words is."""
    past, present = (whole & MARKS.past) > 0, (whole & MARKS.present) > 0
    parts = (part[:, None] == np.arange(1, len(PARTS))).astype(np.bool_)
    tense = np.stack([past & ~present, present & ~past], axis=1)
    return np.concatenate(
        [_unpack(whole, len(SENTENCE)), _unpack(phrases, len(_PHRASES)), tense, parts], axis=1
    )


def _places(index: Ints, n: Ints) -> Bools:
    """Features of the place in the text."""
    fifth = np.minimum(4, (index / np.maximum(n - 1, 1) * 5).astype(np.int64))
    ordinals = np.concatenate([index[:, None] == np.arange(3), (index == n - 1)[:, None]], axis=1)
    found: Bools = np.concatenate([fifth[:, None] == np.arange(5), ordinals], axis=1)
    return found


def _counts(text: Ints, spans: Spans) -> Bools:
    """Features of where else the text names the mode."""
    _, group = np.unique(text * (int(spans.mode.max(initial=0)) + 1) + spans.mode, return_inverse=True)
    room = int(spans.sentence.max(initial=0)) + 1
    named = distinct(group * room + spans.sentence)
    of, each = named // room, np.arange(int(group.max(initial=-1)) + 1)
    counts = np.minimum(4, np.bincount(of))
    first = named[np.searchsorted(of, each)] % room
    last = named[np.searchsorted(of, each, side="right") - 1] % room
    later, earlier = last[group] > spans.sentence, first[group] < spans.sentence
    often = counts[group][:, None] == np.arange(1, 5)
    return np.concatenate([often, np.stack([later, ~later, earlier, ~earlier], axis=1)], axis=1)


@compiled
def _any(bits: Ints, first: int, after: int) -> int:
    """All that any of the words is; a place before 0 or behind the last is none."""
    found = 0
    for i in range(max(first, 0), min(after, len(bits))):
        found |= bits[i]
    return found


@compiled
def _read_sentences(bits: Ints, bounds: Ints, marks: Marks) -> tuple[Ints, Ints]:
    """(all that any word of the sentence is, phrases it holds) of each sentence.

    Words that tell how a result was seen ("as shown by") or whose study it is ("this study") are passed over.
    """
    whole, phrases = np.zeros(len(bounds) - 1, np.int64), np.zeros(len(bounds) - 1, np.int64)
    kept = np.empty(len(bits), np.int64)
    for s in range(len(bounds) - 1):
        words = bits[bounds[s] : bounds[s + 1]]
        found, n = 0, 0
        for i in range(len(words)):
            before = words[i - 1] if i else 0
            if words[i] & marks.seen and before & marks.seen_as:
                found |= _SEEN_AS
                continue
            if words[i] & marks.study and before & marks.this:  # "this study" is no aim
                if _any(words, i + 1, i + 4) & marks.result:
                    found |= _HERE
                continue
            kept[n] = words[i]
            n += 1
        whole[s] = _any(kept, 0, n)
        phrases[s] = found | _phrases(kept[:n], marks) | (_WHETHER if whole[s] & marks.whether else 0)
    return whole, phrases


@compiled
def _phrases(words: Ints, marks: Marks) -> int:
    """Phrases of words that follow one another: "to examine", "has been reported", "in this study we found"."""
    found = 0
    for i in range(len(words)):
        if words[i] & marks.to:
            if _any(words, i + 1, i + 2) & marks.purpose:
                found |= _PURPOSE
        elif words[i] & marks.our:
            if _any(words, i + 1, i + 4) & marks.earlier:
                found |= _BEFORE
            elif _any(words, i + 1, i + 5) & (marks.result | marks.report):
                found |= _WE
                if _any(words, i - 5, i) & marks.this or _any(words, i + 1, i + 4) & marks.now:
                    found |= _HERE
        elif words[i] & marks.have:
            been = i + 1
            while been < min(i + 7, len(words)) and not words[been] & marks.been:
                been += 1
            if _any(words, been, i + 7) & marks.told:
                found |= _BEFORE
        elif words[i] & marks.were and _any(words, i + 1, i + 4) & marks.measure:
            found |= _MEASURED
    return found


@compiled
def _read_sides(
    codes: Codes,
    bits: Ints,
    word_start: Ints,
    word_end: Ints,
    bounds: Ints,
    begin: Ints,
    at: Ints,
    starts: Ints,
    ends: Ints,
    marks: Marks,
    opening: int,
    n_around: int,
    n_verbs: int,
) -> Ints:
    """Features of the words on either side of each mention, within its sentence, as bits in the order of _SIDES.

    begin: where the sentence begins; at: its number among those whose words are given; opening: bit of the first
    class that counts here.
    """
    result = np.zeros(len(at), np.int64)
    n_left = n_around + n_verbs
    for i in range(len(at)):
        first, last = bounds[at[i]], bounds[at[i] + 1]
        left = first
        while left < last and word_end[left] <= starts[i]:
            left += 1
        right = left
        while right < last and word_start[right] < ends[i]:
            right += 1
        before, near = _any(bits, max(first, left - _REACH), left), _any(bits, max(first, left - 3), left)
        after = _any(bits, right, min(last, right + _REACH))
        found = before >> opening & ((1 << n_left) - 1)
        found |= (near >> opening & 1) << n_left
        found |= (after >> opening & ((1 << n_around) - 1)) << (n_left + 1)
        flag = n_left + n_around + 1
        if left > first and bits[left - 1] & marks.comma:
            found |= 1 << flag
        if right < last and bits[right] & marks.comma:
            found |= 1 << (flag + 1)
        if right < last and bits[right] & marks.cells:
            found |= 1 << (flag + 2)
        for word in range(first, left):
            within = begin[i] < word_start[word] and word_end[word] < starts[i]
            if (
                within
                and bits[word] & marks.that
                and codes[word_start[word] - 1] == codes[word_end[word]] == 32
            ):
                found |= 1 << (flag + 3)
        result[i] = found
    return result
