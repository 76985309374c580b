"""What a sentence looks like around a death mode: the features the assertion model weighs.

They are few, and none is a gene, a drug or a disease, so that a model of 900 abstracts on cancer holds
elsewhere: classes of words (change, measurement, result, aim, background ...) in the sentence and in the one
before it, the verb before the mention and its tense, the place in the abstract, and how often the record names
the mode.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache

SHORT = "short text"
_ORDINALS = ("first", "second", "third", "last")
_WORD = re.compile(r"[A-Za-z]+|%|[,;]|[\u3400-\u9fff]+")
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
_PURPOSE = re.compile(
    r"examine|determine|evaluate|assess|elucidate|investigate|explore|study|test|understand|clarify|analy[sz]e"
)
_HERE = frozenset("Here here Herein herein This this present current Our our".split())
_AS = ("as", "As")
_NEWLY = frozenset("Here here now".split())
_REPORT = frozenset("report describe provide determined".split())
# "as determined by TUNEL" says how a result was seen; it is neither aim nor measurement.
_SEEN = frozenset(
    "analysed analyzed assessed confirmed demonstrated detected determined evaluated evidenced examined indicated "
    "judged measured monitored quantified revealed shown tested".split()
)
_TOLD = frozenset(
    "known reported shown described implicated suggested demonstrated proposed associated linked found "
    "characterized characterised established recognized recognised considered".split()
)
_CELLS = frozenset("cell cells nuclei death index rate rates bodies".split())
_ANTI_PRO = re.compile(r"anti|pro(?!gram)", re.IGNORECASE)
_AROUND = ("change", "measure", "list")
_VERBS = (
    "raised",
    "raises",
    "raise",
    "raising",
    "raise noun",
    "lowered",
    "lowers",
    "lower",
    "lowering",
    "lower noun",
)
_SENTENCE = (
    *_AROUND,
    *("hedge", "past", "present", "we", "result", "aim", "known", "number", "unclear", "here", "assay"),
)
# Which classes count where, and the names of their features.
_NAMES = {
    where: {name: f"{where}={name}" for name in names}
    for where, names in {
        "has": _SENTENCE,
        "left": (*_AROUND, *_VERBS),
        "near": ("change",),
        "right": _AROUND,
    }.items()
}


@lru_cache(maxsize=65536)
def _classes(word: str) -> frozenset[str]:
    """Classes a word belongs to."""
    return frozenset(name for name, pattern in _COMPILED.items() if pattern.fullmatch(word))


def _near(words: Iterable[str], name: str) -> set[str]:
    """Features of the classes of the words, those that `name` asks for."""
    told = _NAMES[name]
    return {told[c] for c in frozenset[str]().union(*map(_classes, words)) & told.keys()}


def context_features(
    text: str, sentences: Sequence[tuple[int, int]], parts: Sequence[str], at: int, held: dict[int, set[str]]
) -> set[str]:
    """Features of sentence number `at`, of its place and of the sentence before; `held` keeps those of sentences.

    A text of three sentences or less has no beginning and end: it has the feature SHORT in place of these.
    """
    n, short = len(sentences), len(sentences) <= 3
    for i in range(at if short else max(0, at - 1), at + 1):
        if i not in held:
            start, end = sentences[i]
            held[i] = _sentence(text[start:end], parts[i])
    announced = at * 5 < 2 * (n - 1) and "here we result" in held[at]  # sets no scene, however early
    found = held[at] | ({SHORT} if short else set() if announced else _place(at, n))
    if at * 3 < n and found & {"we result", "has=here"}:
        found.add("early result")
    found.discard("we result")  # alone it tells nothing in cross-validation
    if at and not short:
        found |= set(map(_before, held[at - 1]))
    return found


def is_placed(feature: str) -> bool:
    """True if the feature tells of the place in a text, or of the sentence before."""
    return feature.startswith(("before: ", "place=")) or feature in _ORDINALS


@lru_cache(maxsize=1024)
def _before(feature: str) -> str:
    """Name of the feature when the sentence before has it."""
    return f"before: {feature}"


def _sentence(sentence: str, part: str) -> set[str]:
    """Features of the sentence: word classes, phrases, part of the abstract."""
    words = _WORD.findall(sentence)
    seen = [i for i, word in enumerate(words) if word in _SEEN and i and words[i - 1] in _AS]
    own = [i for i, word in enumerate(words) if word == "study" and i and words[i - 1] in _HERE]
    told = any("result" in _classes(word) for i in own for word in words[i + 1 : i + 4])
    for i in sorted(seen + own, reverse=True):
        del words[i]  # "this study" is no aim
    found = _near(set(words), "has")
    if seen:
        found.add("as seen by")
    if told:
        found.add("here we result")
    if "has=past" in found and "has=present" not in found:
        found.add("past only")
    if "has=present" in found and "has=past" not in found:
        found.add("present only")
    found |= _phrases(words)
    if "whether" in words:
        found.add("whether")
    if part:
        found.add(f"part={part}")
    return found


def _phrases(words: Sequence[str]) -> set[str]:
    """Features of words that follow one another: "to examine", "has been reported", "in this study we found"."""
    found = set()
    for i, word in enumerate(words):
        if word in ("to", "To"):
            if i + 1 < len(words) and _PURPOSE.fullmatch(words[i + 1]):
                found.add("purpose")
        elif word in ("we", "We"):
            if "previously" in words[i + 1 : i + 4] or "recently" in words[i + 1 : i + 4]:
                found.add("shown before")
            elif any("result" in _classes(w) or w in _REPORT for w in words[i + 1 : i + 5]):
                found.add("we result")
                if _HERE & set(words[max(0, i - 5) : i]) or _NEWLY & set(words[i + 1 : i + 4]):
                    found.add("here we result")
        elif word in ("has", "have"):
            after = words[i + 1 : i + 7]
            if "been" in after and _TOLD & set(after[after.index("been") :]):
                found.add("shown before")
        elif word in ("was", "were") and any("measure" in _classes(w) for w in words[i + 1 : i + 4]):
            found.add("was measured")
    return found


def _place(index: int, n_sentences: int) -> set[str]:
    """Features of the place in the abstract."""
    found = {f"place={min(4, int(index / (n_sentences - 1) * 5))}"}
    found |= {
        name for name, true in (("first", index == 0), ("second", index == 1), ("third", index == 2)) if true
    }
    if index == n_sentences - 1:
        found.add("last")
    return found


def mention_features(before: str, own: str, after: str) -> set[str]:
    """Features of a mention as written, and of the words on either side within its sentence."""
    left, right = _WORD.findall(before[-120:])[-6:], _WORD.findall(after[:100])[:6]
    found = _near(left, "left") | _near(left[-3:], "near") | _near(right, "right")
    if left and "and" in _classes(left[-1]):
        found.add("joined left")
    if right and "and" in _classes(right[0]):
        found.add("joined right")
    if right and right[0].lower() in _CELLS:
        found.add("cells")
    if " that " in before:
        found.add("that before")
    if _ANTI_PRO.match(own):
        found.add("anti or pro")
    return found


def record_features(sentences: Sequence[int], at: int) -> set[str]:
    """Features of where else the record names the mode; `sentences` are the numbers of those that do."""
    distinct = sorted(set(sentences))
    found = {f"named in {min(4, len(distinct))}"}
    found.add("named later" if distinct[-1] > at else "not later")
    found.add("named before" if distinct[0] < at else "not before")
    return found
