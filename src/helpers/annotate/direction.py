"""Which way a gene moves a death mode, read from one sentence.

The sign is the product of two readings: what happens to the mode (the verb, noun or state that governs it:
"suppressed", "resistance to", "was induced") and what was done to the gene ("knockdown of", "-deficient",
"by downregulating", "overexpression"). "Silencing X promoted ferroptosis" is (-1)(+1): X inhibits it; so is
"ferroptosis was induced by X silencing" and "A induces ferroptosis via inhibiting X". A denied verb states
nothing; "failed to", "unable to" and "no longer" turn the sign.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from helpers.annotate.cues import AGENT, ING, NOUN, PAST, STATE, VERB, Cues

GENE, OTHER, MODE, WORD = "G", "g", "M", "w"
_TOKEN = re.compile(r"[^\W_]+|[^\w\s]|_")
_DASH = str.maketrans({c: "-" for c in "‐‑‒–—−－"})
_JOINED = frozenset("down up over knock re de dys hyper".split())
_BREAKS = frozenset("; : whereas while but however although which who".split())
_VIA = frozenset("by via through".split())
_BE = frozenset("was were is are be been being get gets got".split())
_FLIP = frozenset(
    "fail failed fails failing unable inability lost loses losing lose longer insufficient".split()
)
_VOID = frozenset("not never neither nor t cannot without".split())
_NEED = frozenset(
    "required essential necessary indispensable crucial critical needed key requires requirement".split()
)
_LESS = frozenset("less lower reduced decreased decrease diminished impaired reduce lost poorly".split())
_ADVERBIAL = re.compile(r".+ly$|further|also|then|could|can|may|might|would|will|able|to|markedly")
_AFTER_MODE = frozenset("cell cells death process processes pathway pathways of the - like events event level levels rate in "
                        "rates response responses phenotype activity signaling program and".split())  # fmt: skip
_BESIDE_GENE = frozenset(
    "expression level levels gene genes protein proteins mrna activity function signaling signalling pathway axis ( ) / , "
    "and or the of a an both either its 's ’ s - + \" [ ] “ ” endogenous genetic pharmacological pharmacologic chemical "
    "stable intracellular cellular mitochondrial hepatic tumor cancer cells cell in human mouse novel specific lncrna "
    "circrna mirna mir exosomal nuclear wild type total system enzyme receptor transporter transcription factor "
    "transcriptional post-transcriptional translation production abundance content contents induced".split()
)
_DIRECT = {"induced": 1, "mediated": 1, "triggered": 1, "dependent": 1, "driven": 1, "dependently": 1, "regulated": 1,
           "stimulated": 1, "enhanced": 1, "activated": 1, "initiated": 1, "promoted": 1, "inhibited": -1,
           "suppressed": -1, "elicited": 1, "evoked": 1, "related": 0, "associated": 0, "protected": -1}  # fmt: skip
_ROLE = {"protective": -1, "inhibitory": -1, "suppressive": -1, "negative": -1, "positive": 1, "stimulatory": 1,
         "negatively": -1, "positively": 1, "defensive": -1, "adverse": -1}  # fmt: skip
_REGULATE = re.compile(r"(?:regulat|modulat|control|affect|influenc|govern|alter)")


@dataclass(frozen=True)
class Reading:
    """Sign of an effect (+1 raises the mode, -1 lowers it, 0 not stated), how sure, and the rule that read it."""

    sign: int
    weight: float
    rule: str


NOTHING = Reading(0, 0.0, "nothing")


class Tokens:
    """Words of a sentence in lower case with their kinds; genes and modes are one token each."""

    def __init__(self, sentence: str, marks: Sequence[tuple[int, int, str]]) -> None:
        self.words: list[str] = []
        self.kinds: list[str] = []
        text = sentence.translate(_DASH)
        at = 0
        for start, end, kind in sorted(marks):
            if start < at:
                continue
            self._add(text[at:start])
            self.words.append(text[start:end].lower())
            self.kinds.append(kind)
            at = end
        self._add(text[at:])
        self._join_prefixes()

    def _add(self, text: str) -> None:
        found = _TOKEN.findall(text.lower())
        self.words += found
        self.kinds += [WORD] * len(found)

    def _join_prefixes(self) -> None:
        """Write down-regulated, over-expression, knock-down as one word."""
        words, kinds = self.words, self.kinds
        i = 0
        while i < len(words) - 1:
            if words[i] in _JOINED and kinds[i] == WORD:
                step = 2 if words[i + 1] == "-" and i + 2 < len(words) else 1
                joined = words[i] + words[i + step]
                if (
                    kinds[i + step] == WORD
                    and (step == 2 or words[i] in ("knock", "down", "up"))
                    and joined != "upto"
                ):
                    words[i : i + step + 1] = [joined]
                    kinds[i : i + step + 1] = [WORD]
            i += 1

    def find(self, kind: str) -> list[int]:
        """Positions of the tokens of a kind."""
        return [i for i, k in enumerate(self.kinds) if k == kind]


def read_direction(tokens: Tokens, cues: Cues, *, predicate: bool = False, stative: bool = False) -> Reading:
    """Effect of the gene tokens on the mode tokens; opposite readings of equal weight give sign 0, rule conflicting.

    predicate: the mode token is itself said of the gene or the cells ("resistant", "sensitised"), so no verb
    governs it; stative: without a verb the token counts as said ("associated with resistance").
    """
    totals = {1: 0.0, -1: 0.0}
    best = NOTHING
    for gene in tokens.find(GENE):
        for mode in tokens.find(MODE):
            reading = _read_pair(tokens, gene, mode, cues, predicate, stative)
            if reading.sign:
                totals[reading.sign] = max(totals[reading.sign], reading.weight)
                if reading.weight > best.weight:
                    best = reading
    if totals[1] and totals[-1] and abs(totals[1] - totals[-1]) < 0.1:
        return Reading(0, totals[1], "conflicting")
    return best


def _read_pair(
    tokens: Tokens, gene: int, mode: int, cues: Cues, predicate: bool = False, stative: bool = False
) -> Reading:
    """Effect read for one gene token and one mode token."""
    attributive = _attributive(tokens, gene, mode, cues)
    if attributive is not None:
        return attributive
    state = _predicate(tokens, mode) if predicate else _mode_state(tokens, mode, gene, cues)
    if state.sign == 0 and stative and state.rule in ("nothing", "own noun"):
        state = Reading(1, 0.4, "stated")
    if state.sign == 0:
        return state
    done, how = _gene_state(tokens, gene, cues)
    weight = state.weight
    between = tokens.words[min(gene, mode) + 1 : max(gene, mode)]
    if how == "":
        done, how, weight = _elliptic(tokens, gene, mode, between, weight, cues)
    if gene > mode and how in ("", "unsigned"):
        if how == "unsigned" or not _VIA & set(between[-6:]):
            return Reading(0, 0.0, f"after:{how}")
        weight *= 0.5
    weight *= 1.0 - 0.02 * min(len(between), 25)
    if any(word in _BREAKS for word in between):
        weight *= 0.6
    return Reading(state.sign * done, weight, f"{state.rule}/{how}")


def _predicate(tokens: Tokens, mode: int) -> Reading:
    """What a predicate ("resistant", "sensitises") says of its subject: +1, turned by "less", denied by "not"."""
    window = tokens.words[max(0, mode - 3) : mode]
    if _VOID & set(window) or "no" in window:
        return Reading(0, 0.0, "void")
    return Reading(-1 if (_LESS | _FLIP) & set(window) else 1, 0.8, "predicate")


def _attributive(tokens: Tokens, gene: int, mode: int, cues: Cues) -> Reading | None:
    """Reading of "X-mediated ferroptosis (resistance)" and "ferroptosis induced by X", whatever verb governs it."""
    words = tokens.words
    if gene < mode and mode - gene <= 7:
        after = gene + 1
        if after < mode and words[after] == "-":
            after += 1
        if words[after] in _DIRECT and (
            words[after - 1] == "-" or words[after] in ("mediated", "dependent", "driven")
        ):
            if _boundary_between(tokens, after, mode):
                return None
            sign, _ = _noun_head(tokens, mode, cues)
            direct = _DIRECT[words[after]]
            return Reading(direct * sign, 0.8, "attributive") if direct else None
    if mode < gene <= mode + 9:
        for i in range(mode + 1, min(mode + 4, gene)):
            if (
                words[i] in _DIRECT
                and words[i - 1] not in _BE
                and i + 1 < gene
                and words[i + 1] in ("by", "upon", "through")
            ):
                if any(tokens.kinds[j] == WORD and _cue_verb(words[j], cues) for j in range(i + 2, gene)):
                    return None
                done, _ = _gene_state(tokens, gene, cues)
                return Reading(_DIRECT[words[i]] * done, 0.7, "induced-by")
    return None


def _cue_verb(word: str, cues: Cues) -> bool:
    cue = cues.moves.get(word)
    return cue is not None and cue.part in (VERB,)


def _boundary_between(tokens: Tokens, left: int, right: int) -> bool:
    return any(
        word in _BREAKS or word in _VIA or (tokens.kinds[left + i + 1] == WORD and word == ",")
        for i, word in enumerate(tokens.words[left + 1 : right])
    )


def _noun_head(tokens: Tokens, mode: int, cues: Cues) -> tuple[int, int]:
    """Sign of the noun that the mode stands before ("ferroptosis resistance"), and the position after it."""
    words, n = tokens.words, len(tokens.words)
    i = mode + 1
    while i < min(n, mode + 4) and words[i] in ("-", "cell", "death", "cells", "process"):
        i += 1
    if i < n and tokens.kinds[i] == WORD:
        cue = cues.moves.get(words[i])
        if cue and (cue.part in (NOUN, STATE) or (cue.part == ING and words[i - 1] == "-")):
            return cue.sign, i + 1
    return 1, mode + 1


def _mode_state(tokens: Tokens, mode: int, gene: int, cues: Cues) -> Reading:
    """What happens to the mode in its clause."""
    words = tokens.words
    sign, after = _noun_head(tokens, mode, cues)
    rule = "head" if after > mode + 1 else ""
    agent = _agent_after(tokens, mode, cues)
    if agent:
        return _as_agent(tokens, mode, gene, agent)
    prefix = words[max(0, mode - 2) : mode]
    if prefix[-1:] == ["anti"] or prefix == ["anti", "-"]:
        return Reading(-sign, 0.7, "anti")
    if prefix == ["pro", "-"] or prefix[-1:] == ["pro"]:
        return Reading(sign, 0.7, "pro")
    if prefix == ["non", "-"] or prefix[-1:] == ["non"]:
        return Reading(0, 0.0, "non")
    left = _left_state(tokens, mode, gene, cues)
    right = _right_state(tokens, after, gene, cues)
    if left.rule == "void" or right.rule == "void":
        return Reading(0, 0.0, "void")
    if left.rule.endswith("verb"):
        return Reading(sign * left.sign, left.weight, rule + left.rule)
    if right.sign:
        noun = left.sign if left.sign else 1
        return Reading(sign * noun * right.sign, right.weight, rule + left.rule + right.rule)
    if left.sign:
        return Reading(sign * left.sign, left.weight * 0.8, rule + left.rule)
    if rule:
        return Reading(sign, 0.45, rule)
    return NOTHING


def _agent_after(tokens: Tokens, mode: int, cues: Cues) -> int:
    """Sign of "ferroptosis inhibitor"; 0 when no agent follows."""
    words = tokens.words
    i = mode + 1
    if i < len(words) and words[i] == "-":
        i += 1
    cue = cues.moves.get(words[i]) if i < len(words) and tokens.kinds[i] == WORD else None
    return cue.sign if cue and cue.part == AGENT else 0


def _as_agent(tokens: Tokens, mode: int, gene: int, sign: int) -> Reading:
    """The gene is the agent only if the sentence says so: "X is a ferroptosis suppressor", "X as ..."."""
    if gene < mode and mode - gene <= 12:
        link = tokens.words[gene + 1 : mode]
        if {"is", "as", "are", "was", "be"} & set(link) and not {"by", "with", "using", "like"} & set(link):
            return Reading(sign, 0.8, "agent")
        if link[:1] == [","] and link[1:2] in (["a"], ["an"], ["the"]):
            return Reading(sign, 0.7, "agent")
    if mode < gene <= mode + 3 and tokens.words[mode + 1] != "-":
        return Reading(sign, 0.5, "apposition")
    return Reading(0, 0.0, "agent of another")


def _left_state(tokens: Tokens, mode: int, gene: int, cues: Cues) -> Reading:
    """Governing words before the mode: nouns are multiplied up to and including the first verb."""
    words, kinds = tokens.words, tokens.kinds
    sign, rule, steps, commas = 1, "", 0, 0
    i = mode - 1
    while i >= 0 and steps < 26:
        word, kind = words[i], kinds[i]
        steps += 1
        if kind == GENE and i == gene:
            return _effect_of(tokens, i, sign, rule)
        if kind != WORD:
            i -= 1
            continue
        if (
            word in _BREAKS
            or word in _VIA
            or word in ("that", "when", "upon", "after", "because", "since", "if")
        ):
            break
        cue = cues.moves.get(word)
        if word in _ROLE and not rule:
            sign, rule = sign * _ROLE[word], "role"
        elif word in _LESS and rule == "state":
            sign, rule = -sign, "state"
        elif word in _NEED and not rule:
            negated = _denial(tokens, i)
            return Reading(0, 0.0, "void") if negated == 0 else Reading(sign * negated, 0.8, "needverb")
        elif _REGULATE.match(word) and not rule:
            signed = _ROLE.get(words[i - 1], 0) if i else 0
            return Reading(sign * signed, 0.9, "regulateverb") if signed else Reading(0, 0.0, "regulate")
        elif cue is not None and not (i + 1 < len(words) and words[i + 1] == "-" and cue.part != VERB):
            if (
                i
                and words[i - 1] == "-"
                and kinds[i - 2] == WORD
                and words[i - 2] not in ("self", "de", "re", "co")
            ):
                i -= 3  # "erastin-induced": says what caused it, not what happens to it
                while i > 0 and (words[i] in ("and", "or", "/", "-") or words[i + 1] == "-"):
                    i -= 1
                i += 1 if words[i + 1] not in ("and", "or", "/", "-") else 0
                i = min(i, mode - 1)
                i -= 0
                continue
            if cue.part in (NOUN, AGENT):
                if (
                    rule == ""
                    or words[i + 1] in ("of", "to", "in", "against", "from", "the", "for", "on", "and")
                    or "noun" in rule
                    or rule == "state"
                ):
                    sign, rule = sign * cue.sign, rule + "noun"
            elif cue.part == STATE:
                sign, rule = sign * cue.sign, "state"
            else:
                negated = _denial(tokens, i)
                if negated == 0:
                    return Reading(0, 0.0, "void")
                if _is_caused_by(tokens, i, mode, cue.part) and _another_verb(tokens, i, cues):
                    i -= 2
                    continue
                return Reading(sign * cue.sign * negated, 1.0 - 0.04 * commas, rule + "verb")
        if word == ",":
            commas += 1
        i -= 1
    if not rule:
        return NOTHING
    return Reading(sign, 0.55, rule)


def _is_caused_by(tokens: Tokens, verb: int, mode: int, part: str) -> bool:
    """True for "erastin induced ferroptosis", where `induced` may stand for `-induced`."""
    return (
        part == PAST
        and mode - verb <= 2
        and tokens.words[verb] in ("induced", "mediated", "triggered", "stimulated", "dependent")
        and verb > 0
        and tokens.kinds[verb - 1] == WORD
        and tokens.words[verb - 1] not in _BE
        and not _ADVERBIAL.fullmatch(tokens.words[verb - 1])
    )


def _another_verb(tokens: Tokens, verb: int, cues: Cues) -> bool:
    """True if another verb of direction stands within six words before."""
    for i in range(verb - 2, max(-1, verb - 8), -1):
        if tokens.words[i] in _BREAKS or tokens.words[i] in (",", "that"):
            return False
        cue = cues.moves.get(tokens.words[i]) if tokens.kinds[i] == WORD else None
        if cue and cue.part in (VERB, PAST, ING):
            return True
    return False


def _effect_of(tokens: Tokens, gene: int, sign: int, rule: str) -> Reading:
    """Scan that met the gene itself: "the inhibitory effect of X on ferroptosis", "X as a suppressor of"."""
    words = tokens.words
    if "noun" in rule or rule in ("role", "state"):
        return Reading(sign, 0.6, "own " + rule)
    before = words[max(0, gene - 6) : gene]
    for word in reversed(before):
        if word in _ROLE:
            return Reading(sign * _ROLE[word], 0.6, "effect of")
    return NOTHING


def _right_state(tokens: Tokens, at: int, gene: int, cues: Cues) -> Reading:
    """Governing words after the mode: "was induced", "increased", "did not occur"."""
    words, kinds = tokens.words, tokens.kinds
    be = False
    for i in range(at, min(len(words), at + 14)):
        word = words[i]
        if kinds[i] == GENE or word in _BREAKS or word in (".", "that"):
            break
        if word in _BE:
            be = True
            continue
        if word in _VOID and be:
            return Reading(0, 0.0, "void")
        cue = cues.moves.get(word) if kinds[i] == WORD else None
        if cue is None:
            continue
        if be and cue.part in (PAST, STATE):
            return Reading(cue.sign * (_denial(tokens, i) or 1), 0.9, "passive")
        if cue.part == PAST and i <= at + 2 and not (i + 1 < len(words) and words[i + 1] in _VIA):
            return Reading(cue.sign, 0.6, "went")
        if cue.part in (VERB, ING):
            break
    return NOTHING


def _denial(tokens: Tokens, verb: int) -> int:
    """1 plain, -1 turned ("failed to induce"), 0 denied ("did not induce")."""
    window = tokens.words[max(0, verb - 4) : verb]
    for i in range(len(window) - 1, -1, -1):
        if window[i] in (",", ";", "and"):
            break
        if window[i] in _FLIP:
            return -1
        if window[i] == "only":
            return 1
        if window[i] in _VOID:
            return 1 if "only" in tokens.words[verb - len(window) + i : verb + 3] else 0
    if window[-1:] == ["no"]:
        return 0
    return 1


def _gene_state(tokens: Tokens, gene: int, cues: Cues) -> tuple[int, str]:
    """What was done to the gene (+1, -1) and by which kind of word; "" when nothing is said."""
    sign, how = _after_gene(tokens, gene, cues)
    if how:
        return sign * _outer(tokens, gene, cues), how
    return _before_gene(tokens, gene, cues)


def _outer(tokens: Tokens, gene: int, cues: Cues) -> int:
    """-1 for "reversal of X knockdown"-like frames; else 1."""
    window = tokens.words[max(0, gene - 3) : gene]
    return (
        -1
        if {"abolished", "abrogated", "abolishing", "reversed"} & set(window[-2:]) and "by" in window
        else 1
    )


def _after_gene(tokens: Tokens, gene: int, cues: Cues) -> tuple[int, str]:
    """Perturbation after the gene: "X knockdown", "X-deficient", "X inhibitor", "X was silenced"."""
    words, kinds = tokens.words, tokens.kinds
    be = False
    for i in range(gene + 1, min(len(words), gene + 8)):
        word = words[i]
        if kinds[i] == MODE:
            break
        if kinds[i] == OTHER or word in _BESIDE_GENE or (word.isdigit()):
            continue
        if word in _BE:
            be = True
            continue
        if word in cues.perturbations and kinds[i] == WORD:
            cue = cues.moves.get(word)
            if cue and cue.part == PAST and not be and words[i - 1] != "-":
                return 1, ""  # "X inhibited ferroptosis": the verb of the clause
            if cue and cue.part == VERB and not be:
                return 1, ""
            return cues.perturbations[word], "after"
        if be and _ADVERBIAL.fullmatch(word):
            continue
        break
    glued = words[gene + 1 : gene + 4]
    if glued[:3] == ["-", "/", "-"] or glued[:2] == ["-", "/"]:
        return -1, "null"
    return 1, ""


def _before_gene(tokens: Tokens, gene: int, cues: Cues) -> tuple[int, str]:
    """Perturbation before the gene: "knockdown of X", "inhibiting X", "siX", "low X"."""
    words, kinds = tokens.words, tokens.kinds
    if gene and words[gene - 1] in ("si", "sh", "sg", "anti", "as") or words[max(0, gene - 2) : gene] in (
        ["si", "-"], ["sh", "-"], ["sg", "-"], ["anti", "-"],
    ):  # fmt: skip
        return -1, "si"
    for i in range(gene - 1, max(-1, gene - 16), -1):
        word = words[i]
        if kinds[i] == MODE:
            break
        if kinds[i] in (OTHER, GENE) or word in _BESIDE_GENE or word.isdigit():
            continue
        cue = cues.moves.get(word)
        if word == "targeting" or word == "targets" or word == "targeted":
            return -1, "target"
        if word in cues.perturbations or (cue and cue.part in (VERB, ING, PAST, NOUN, AGENT)):
            if words[i - 1 : i] == ["-"] and word in _DIRECT:
                break
            if words[i + 1 : i + 2] == ["-"]:
                continue
            sign = cues.perturbations.get(word) or (cue.sign if cue else 1)
            if cue and cue.part == VERB and i + 1 < gene and words[i + 1] == "of":
                return sign, "before"
            return sign * _chain(tokens, i, cues), "before"
        if _REGULATE.match(word):
            signed = _ROLE.get(words[i - 1], 0) if i else 0
            return (signed, "before") if signed else (1, "unsigned")
        if _ADVERBIAL.fullmatch(word) or word.endswith(("al", "ic", "ous")):
            continue
        break
    return 1, ""


def _chain(tokens: Tokens, at: int, cues: Cues) -> int:
    """Sign of a further noun or verb right before a perturbation: "blocked the upregulation of X"."""
    words = tokens.words
    i = at - 1
    while i >= 0 and (words[i] in ("the", "of", "an", "a", "-") or _ADVERBIAL.fullmatch(words[i])):
        i -= 1
    if i < 0 or tokens.kinds[i] != WORD:
        return 1
    cue = cues.moves.get(words[i])
    here = cues.moves.get(words[at])
    if cue and here and here.part == NOUN and cue.part in (VERB, PAST, ING, NOUN):
        return cue.sign
    return 1


def _elliptic(
    tokens: Tokens, gene: int, mode: int, between: Sequence[str], weight: float, cues: Cues
) -> tuple[int, str, float]:
    """A perturbation that names no gene takes the one named before: "X ...; its knockdown inhibits ferroptosis"."""
    if gene > mode:
        return 1, "", weight
    for i in range(mode - 1, gene, -1):
        word = tokens.words[i]
        if tokens.kinds[i] == OTHER:
            break
        if word in (
            "knockdown",
            "silencing",
            "overexpression",
            "deletion",
            "knockout",
            "depletion",
            "deficiency",
            "inhibition",
            "loss",
        ):
            near = tokens.words[max(0, i - 3) : i]
            after = tokens.words[i + 1 : i + 2]
            if (
                "its" in near or "," in near or "while" in near or "whereas" in near or "and" in near
            ) and after != ["of"]:
                if cues.moves.get(word) and "by" in near:
                    continue
                return cues.perturbations[word], "elliptic", weight * 0.8
    return 1, "", weight


def iterate_marks(spans: Sequence[tuple[int, int]], kind: str) -> Iterator[tuple[int, int, str]]:
    """Marks of one kind for `Tokens`."""
    for start, end in spans:
        yield start, end, kind
