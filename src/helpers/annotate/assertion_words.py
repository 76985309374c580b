"""Words of a sentence as bits: the classes they belong to, and whether they open or fill a phrase."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache, reduce
from operator import or_

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
AROUND = ("change", "measure", "list")
VERBS = (
    *("raised", "raises", "raise", "raising", "raise noun"),
    *("lowered", "lowers", "lower", "lowering", "lower noun"),
)
# Of the classes the first count for the sentence, those from AROUND on for the words beside the mention.
SENTENCE = (
    *("hedge", "past", "present", "we", "result", "aim", "known", "number", "unclear", "here", "assay"),
    *AROUND,
)
_ORDER = (*SENTENCE, *VERBS, "and")
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
_WORD_BITS = {name: 1 << i for i, name in enumerate([*_ORDER, *_MARKS, "cells", "denies"])}
(RESULT, MEASURE, AND, SEEN, AS, STUDY, THIS, NOW, TO, AIMING, OUR, EARLIER, REPORT, HAVE, BEEN, TOLD,
 WERE, WHETHER, OF_CELLS, DENYING) = (
    _WORD_BITS[name]
    for name in ("result", "measure", "and", *_MARKS, "cells", "denies")
)  # fmt: skip
OPENERS = TO | OUR | HAVE | WERE


def read_words(text: str) -> list[int]:
    """Classes and marks of each word of a text in order, as bits."""
    return list(map(_word, _cut(text)))


def any_of(words: Iterable[int]) -> int:
    """All that any of the words is."""
    return reduce(or_, words, 0)


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
    bits |= AIMING if _PURPOSE.fullmatch(word) else 0
    bits |= OF_CELLS if word.lower() in _CELLS else 0
    return bits | (DENYING if word.lower() in _DENIES else 0)


def _cut(text: str) -> list[str]:
    """Words and marks of a text in order."""
    if not text.isascii():
        return _WORD.findall(text)
    # as the pattern cuts it, in a third of the time
    return text.replace(",", " , ").replace(";", " ; ").replace("%", " % ").translate(_APART).split()
