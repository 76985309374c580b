"""What happens to a death mode in a sentence: the verb, noun or state that governs it, and its sign."""

from __future__ import annotations

import re

from helpers.annotate.agents import agent_after, agent_before, as_agent
from helpers.annotate.clauses import begins_clause, is_listed_adjective, turned_by_keeping
from helpers.annotate.cues import AGENT, CHINESE, ING, NOUN, PAST, STATE, VERB
from helpers.annotate.words import ADVERB, BE, BREAKS, DENIED, GENE, NOTHING, STOPS, WORD, Reading, Words

FLIPPING = frozenset(
    "fail failed fails failing failure unable inability loses lost longer insufficient 无法".split()
)
DENYING = frozenset("not never neither nor cannot without 不 未 未能 不能 没有 未见".split())
LESS = frozenset("less lower reduced decreased diminished impaired poorly".split())
_NEED = frozenset(
    "required essential necessary indispensable crucial critical needed requires requirement "
    "prerequisite vital".split()
)
_REGULATE = re.compile(r"regulat|modulat|control|affect|influenc|govern|alter|associated|correlated|related")
_LOWERS = "protective inhibitory suppressive negative negatively inversely defensive obstructive"
_ROLE = dict.fromkeys(_LOWERS.split(), -1) | dict.fromkeys("positive positively stimulatory".split(), 1)
_MEASURED = frozenset(
    "determined recorded assessed examined measured evaluated investigated studied analyzed analysed tested monitored "
    "quantified detected explored assayed".split()
)
_EFFECTLESS = frozenset("effect effects difference differences change changes impact influence".split())
_EFFECT = frozenset("effect effects role activity function property properties action actions 作用".split())
_OF = frozenset("of to in against from for on toward towards by".split())
_STANDING = frozenset(
    "resistance sensitivity susceptibility vulnerability evasion escape suppression inhibition insensitivity "
    "tolerance 抵抗 抗性 耐受 敏感性 逃逸".split()
)
# "X-/- mice showed less apoptosis"
_AMOUNT = {"less": -1, "fewer": -1, "more": 1}
_MAKING = frozenset("make makes made".split())
_SHOWING = frozenset(
    "show showed shows shown had have has exhibit exhibited exhibits display displayed displays".split()
)
_REACH = 12  # words from a noun to what it governs
# After a comma these open a clause of what follows from the one before.
_CONCLUDING = frozenset("indicating suggesting demonstrating showing revealing implying confirming".split())
_CAUSED = frozenset("induced mediated triggered stimulated dependent elicited provoked driven".split())


def read_mode(words: Words, mode: int, gene: int) -> Reading:
    """What the sentence says happens to the mode word at `mode`."""
    if read := _prefix(words, mode):
        sign, start, after = read
        own = Reading(sign, 0.75, "prefix")
    else:
        if words.window(mode - 2, mode) == ["non", "-"] or words.window(mode - 1, mode) == ["non"]:
            return Reading(0, 0.0, "non")
        sign, after = noun_head(words, mode)
        start = mode
        own = NOTHING
        if after > mode + 1:
            standing = words.text[after - 1] in _STANDING
            own = Reading(sign, 0.65 if standing else 0.2, "head")
    agent = agent_after(words, after - 1)
    left = _left(words, start, gene)
    if agent and not left.rule.startswith("sens"):
        return as_agent(words, mode, gene, agent)
    right = _right(words, after, gene)
    if DENIED in (left, right):
        return DENIED
    rule = own.rule if own.sign else ""
    if left.rule.endswith("verb") or left.rule in ("state", "agent"):
        return Reading(sign * left.sign, left.weight, rule + left.rule)
    if right.sign:
        return Reading(sign * (left.sign or 1) * right.sign, right.weight, rule + left.rule + right.rule)
    if left.sign:
        return Reading(sign * left.sign, left.weight * 0.8, rule + left.rule)
    return own


def noun_head(words: Words, mode: int) -> tuple[int, int]:
    """Sign of the noun the mode stands before ("ferroptosis resistance"), and the position after it."""
    n = len(words.text)
    i = mode + 1
    while i < min(n, mode + 4) and words.text[i] in ("-", "cell", "death", "cells", "process", "的"):
        i += 1
    cue = words.cue[i] if i < n else None
    noun = cue and (cue.part in (NOUN, STATE) or (cue.part == ING and words.text[i - 1] == "-"))
    if cue and (noun or words.text[i] in _STANDING):
        return cue.sign, i + 1
    return 1, mode + 1


def _prefix(words: Words, mode: int) -> tuple[int, int, int] | None:
    """Sign, first and next position of "anti-ferroptotic effects"; None without such a prefix."""
    for prefix, sign in (("anti", -1), ("pro", 1), ("抗", -1), ("促", 1)):
        if words.window(mode - 2, mode) == [prefix, "-"] or words.window(mode - 1, mode) == [prefix]:
            start = mode - (2 if words.text[mode - 1] == "-" else 1)
            after = mode + 1
            while after < len(words.text) and after < mode + 4 and words.text[after] in _EFFECT:
                after += 1
            return sign, start, after
    return None


def _left(words: Words, mode: int, gene: int) -> Reading:
    """Governing words before the mode: nouns are multiplied up to and including the first verb."""
    sign, rule, linked, commas, role = 1, "", mode, 0, False
    i = mode - 1
    if words.window(mode - 1, mode) == [","] and begins_clause(words, mode + 1):
        i = -1  # "when X was depleted, apoptosis rose": the mode begins a clause
    while i >= max(0, mode - 26):
        word, kind, cue = words.text[i], words.kinds[i], words.cue[i]
        if kind == GENE and i == gene:
            return _own(words, i, sign, rule, standing=words.text[linked] in _STANDING)
        if kind == WORD and (word in STOPS or (word == "," and words.text[i + 1] in _CONCLUDING)):
            break
        if _is_compound(words, i) and (cue is not None or _REGULATE.match(word)):
            i = _before_compound(words, i)
            continue
        if word == ",":
            commas += 1
        elif kind != WORD or words.window(i + 1, i + 2) == ["-"]:
            pass
        elif word in _EFFECTLESS and "no" in words.window(i - 2, i):
            return DENIED
        elif word in _ROLE and not rule and _EFFECT & set(words.window(i + 1, i + 3)):
            sign, rule, role = sign * _ROLE[word], "noun", True
        elif (word in _SHOWING or word.startswith(("undergo", "underw"))) and FLIPPING & set(
            words.window(i - 3, i)
        ):
            return Reading(-sign, 0.8, "unableverb")
        elif word == "undergo" and _MAKING & set(words.window(i - 5, i)):
            return Reading(sign, 0.8, "madeverb")
        elif word in _AMOUNT and _SHOWING & set(words.window(i - 3, i)):
            return _denied_or(words, i, Reading(sign * _AMOUNT[word], 0.8, "amountverb"))
        elif word in _NEED:
            return _denied_or(words, i, Reading(sign, 0.8, "needverb"))
        elif _REGULATE.match(word) and not rule:
            signed = _ROLE.get(words.text[i - 1], 0) if i else 0
            return Reading(sign * signed, 0.9, "regulateverb") if signed else Reading(0, 0.0, "regulate")
        elif cue is None:
            pass
        elif cue.part == STATE:
            turned = -1 if LESS & set(words.window(i - 2, i)) else 1
            named = "sensverb" if rule == "" else "state"
            return _denied_or(words, i, Reading(sign * cue.sign * turned, 0.85, named))
        elif cue.part == AGENT:
            if _links(words, i, linked):
                return agent_before(words, i, gene, sign * cue.sign)
        elif cue.part == NOUN and words.kinds[i - 1] == GENE and i >= 1:
            return _own(words, gene, sign, rule)  # what was done to the gene, not what it does
        elif cue.part == NOUN:
            if _links(words, i, linked):
                sign, rule, linked = sign * cue.sign, rule + "noun", i
        elif _takes_other_object(words, i, mode) or (
            _is_caused_by(words, i, mode, cue.part) and _another_cue(words, i)
        ):
            pass
        elif word.startswith("express") and words.window(mode + 1, mode + 2) in (["marker"], ["markers"]):
            return DENIED  # "cells expressing the autophagic marker X": a label of the cells
        elif is_listed_adjective(words, i, mode, cue.part):
            pass
        else:
            named = "sensverb" if "sensiti" in word else rule + "verb"
            sign *= turned_by_keeping(words, i, gene)
            return _denied_or(words, i, Reading(sign * cue.sign, 1.0 - 0.04 * commas, named))
        i -= 1
    standing = rule and words.text[linked] in _STANDING
    return Reading(sign, 0.8 if standing or role else 0.55, rule) if rule else NOTHING


def _denied_or(words: Words, i: int, reading: Reading) -> Reading:
    """The reading, turned or denied by the words before position i."""
    turned = denial(words, i)
    return Reading(reading.sign * turned, reading.weight, reading.rule) if turned else DENIED


def denial(words: Words, verb: int) -> int:
    """1 plain, -1 turned ("the cells failed to induce"), 0 denied ("did not induce")."""
    for i in range(verb - 1, max(-1, verb - 5), -1):
        word = words.text[i]
        if word in (",", ";", "and", "，", "only"):
            break
        if word in FLIPPING:
            return 0 if word.startswith("fail") and _is_perturbation(words, i - 1) else -1
        if word in DENYING or (word == "t" and words.window(i - 1, i) in (["'"], ["’"])):
            return 1 if "only" in words.window(i, verb + 3) else 0
    return 0 if words.window(verb - 1, verb) == ["no"] else 1


def _is_perturbation(words: Words, at: int) -> bool:
    """True for "X knockdown", "silencing X": their failure to act says nothing; that of X-null cells does."""
    if words.kinds[at] == WORD:
        return bool(words.done[at])
    return any(words.done[max(0, at - 2) : at])


def _is_compound(words: Words, i: int) -> bool:
    """True for the last word of "erastin-induced", which says what caused the mode, not its fate."""
    return i >= 2 and words.text[i - 1] == "-" and words.text[i - 2] not in ("self", "de", "re", "co", "non")


def _before_compound(words: Words, i: int) -> int:
    """Position before "CD- and RSL3-induced", all its hyphenated members skipped."""
    i -= 3
    while i >= 2:
        if words.text[i] in ("/", "-"):
            i -= 2
        elif words.text[i] in ("and", "or", ",") and words.text[i - 1] == "-":
            i -= 3
        else:
            break
    return i


def _links(words: Words, noun: int, target: int) -> bool:
    """True if a noun governs what stands at `target`: "inhibition of", "increase in", no list between."""
    between = words.text[noun + 1 : target]
    if len(between) > _REACH or (words.kinds[target] == WORD and {",", "and", "or"} & set(between)):
        return False
    listed = any(between[i : i + 2] == [",", "and"] for i in range(len(between)))
    return bool(_OF & set(between)) and not listed and not {",", "and", "or"} & set(between[:2])


def _takes_other_object(words: Words, verb: int, mode: int) -> bool:
    """True for "the effect of silencing Y on ferroptosis": the verb acts on another gene."""
    after = words.window(verb + 1, mode)
    named = [j for j in range(verb + 1, min(verb + 3, mode)) if words.kinds[j] != WORD]
    return words.cue[verb] is not None and words.cue[verb].part == ING and bool(named) and "on" in after  # type: ignore[union-attr]


def _is_caused_by(words: Words, verb: int, mode: int, part: str) -> bool:
    """True for "erastin induced ferroptosis", where `induced` may stand for `-induced`."""
    return (
        part == PAST
        and mode - verb <= 4
        and words.text[verb] in _CAUSED
        and verb > 0
        and words.kinds[verb - 1] != GENE
        and words.text[verb - 1] not in BE
        and words.text[verb - 1] not in ("and", "or", ",", "that", "which")
        and not ADVERB.fullmatch(words.text[verb - 1])
        and words.done[verb - 1] == 0
    )


def _another_cue(words: Words, verb: int) -> bool:
    """True if another word of direction stands within six words before, in the same clause."""
    for i in range(verb - 2, max(-1, verb - 8), -1):
        if words.text[i] in STOPS or words.text[i] == ",":
            return False
        cue = words.cue[i]
        if cue and cue.part in (VERB, PAST, ING, NOUN, STATE) and not _is_compound(words, i):
            return words.done[i] == 0 or cue.part in (VERB, PAST, ING)
    return False


def _own(words: Words, gene: int, sign: int, rule: str, *, standing: bool = False) -> Reading:
    """The gene was met before a verb: "the inhibitory effect of X on ferroptosis", "X ... resistance to"."""
    if rule:
        return Reading(sign, 0.75 if standing else 0.6, "own " + rule)
    if _EFFECT & set(words.window(gene - 4, gene)):
        for word in words.window(gene - 6, gene):
            if word in _ROLE:
                return Reading(sign * _ROLE[word], 0.7, "effect of")
    return NOTHING


def _right(words: Words, at: int, gene: int) -> Reading:
    """Governing words after the mode: "was induced", "increased", "did not occur"."""
    be = False
    for i in range(at, min(len(words.text), at + 14)):
        word, cue = words.text[i], words.cue[i]
        if (words.kinds[i] == GENE and not (be and word != "was" and "被" in words.text)) or word in BREAKS:
            break
        if word in (".", "that", "，", ",") and not be:
            break
        if word in BE:
            be = True
        elif be and word in _MEASURED:
            return DENIED  # "apoptosis was determined by ...": a method
        elif word in DENYING and (be or i <= at + 3):
            return DENIED
        elif be and word.startswith("regulated") and words.text[i - 1] in _ROLE:
            return _denied_or(words, i, Reading(_ROLE[words.text[i - 1]], 0.9, "passive"))
        elif cue is None:
            continue
        elif be and cue.part in (PAST, STATE):
            return _denied_or(words, i, Reading(cue.sign, 0.9, "passive"))
        elif cue.part == CHINESE and i <= at + 5:
            return _denied_or(words, i, Reading(cue.sign, 0.8, "passive" if be else "went"))
        elif (
            cue.part == PAST
            and i <= at + 2
            and words.window(i + 1, i + 2) not in (["by"], ["via"], ["through"])
        ):
            return Reading(cue.sign, 0.6, "went")
        elif cue.part in (VERB, ING):
            break
    return NOTHING
