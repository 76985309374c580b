"""Which way a gene moves a death mode, read from one sentence.

The sign is the product of two readings: what happens to the mode (the verb, noun or state that governs it:
"suppressed", "resistance to", "was induced") and what was done to the gene ("knockdown of", "-deficient",
"by downregulating", "overexpression"). "Silencing X promoted ferroptosis" is (-1)(+1): X inhibits it; so is
"ferroptosis was induced by X silencing" and "A induces ferroptosis via inhibiting X". A denied verb states
nothing; "failed to", "unable to" and "no longer" turn the sign.
"""

from __future__ import annotations

from collections.abc import Sequence

from helpers.annotate.bearers import only_bears
from helpers.annotate.clauses import acted_on_by_third, opens_clause, stands_beside
from helpers.annotate.cues import VERB
from helpers.annotate.moved import noun_head, read_mode
from helpers.annotate.perturbed import read_gene
from helpers.annotate.predicate import read_predicate, said_of_gene
from helpers.annotate.unstated import (
    follows_from,
    follows_loss,
    is_aside,
    is_asked,
    is_measured,
    sets_scene,
    yields_to_another,
)
from helpers.annotate.words import BE, BREAKS, GENE, MODE, OTHER, VIA, WORD, Reading, Words

# "X-mediated ferroptosis": what the participle says of X.
_PARTICIPLE = {"induced": 1, "mediated": 1, "triggered": 1, "dependent": 1, "driven": 1, "dependently": 1,
               "stimulated": 1, "enhanced": 1, "activated": 1, "initiated": 1, "promoted": 1, "inhibited": -1,
               "suppressed": -1, "elicited": 1, "evoked": 1, "protected": -1}  # fmt: skip
_ELLIPTIC = frozenset(
    "knockdown silencing overexpression deletion knockout depletion deficiency inhibition loss inactivation "
    "ablation activation upregulation downregulation".split()
)
_KINDS = frozenset(
    "protein proteins gene genes factor factors effector effectors member members molecule molecules regulator such as "
    "regulators like including family ( ) bcl 2 蛋白 基因 因子".split()
)
_LISTING = frozenset("and or , / both the expression level levels protein mrna of - p".split())
# Below these weights a reading is not stated; on FerrDb 0.5 gives up 3 % of coverage.
_SURE, _SURE_OF_RESPONSE = 0.5, 0.3
_TIES = ("associat", "correlat", "relat", "predict", "marker", "biomarker", "indicat", "mechanism", "cause", "link",
         "role", "involv", "part", "responsib", "important", "depend", "attribut", "determin", "product",
         "connect", "implicat", "underl", "与", "相关")  # fmt: skip
_LINKS = VIA | frozenset("被 由 when upon after in with following under of".split())
_RNA = ("mir", "microrna", "let", "circ", "lnc")


def read_direction(words: Words, *, predicate: bool = False, stative: bool = False) -> Reading:
    """Effect of the gene words on the mode words; opposite readings give sign 0 and the rule "conflicting".

    predicate: the mode word is itself said of the gene or the cells ("resistant", "sensitised"), so that no
    verb governs it; stative: without a verb the word counts as said ("associated with resistance").
    """
    totals = {1: 0.0, -1: 0.0}
    best = Reading(0, 0.0, "nothing")
    genes = words.find(GENE)
    for mode in words.find(MODE):
        readings = [_read_pair(words, gene, mode, predicate, stative) for gene in genes]
        for gene, reading in zip(genes, readings, strict=True):
            if not reading.sign:
                continue
            weight = reading.weight
            if any(min(gene, mode) < other < max(gene, mode) for other in genes):
                weight *= 0.5  # a nearer mention of the gene says more
            elif gene > mode > genes[0] and not _LINKS & set(words.text[mode:gene]):
                weight *= 0.4  # the gene of the next clause
            totals[reading.sign] = max(totals[reading.sign], weight)
            if weight > best.weight:
                best = Reading(reading.sign, weight, reading.rule)
    if best.weight < (_SURE_OF_RESPONSE if stative else _SURE):
        return Reading(0, best.weight, "unsure")
    if totals[1] and totals[-1] and abs(totals[1] - totals[-1]) < 0.05:
        return Reading(0, totals[1], "conflicting")
    return best


def _is_kind(words: Words, gene: int, mode: int) -> int:
    """Sign of "the anti-apoptotic proteins X and Y" and "X, a pro-apoptotic protein"; 0 for anything else."""
    prefix = words.text[mode - 2] if words.window(mode - 1, mode) == ["-"] else words.text[mode - 1 : mode]
    sign = {"anti": -1, "pro": 1, "抗": -1, "促": 1}.get(
        prefix if isinstance(prefix, str) else "".join(prefix), 0
    )
    if not sign:
        return 0
    if gene > mode:
        between = range(mode + 1, gene)
        if words.window(gene + 1, gene + 2) in (["target"], ["targets"]):
            return 0
        first = words.text[mode + 1] in _KINDS or gene == mode + 1
        return sign if first and all(_in_list(words, i) for i in between) else 0
    if mode + 1 < len(words.text) and words.kinds[mode + 1] == OTHER:
        return 0  # "X, pro-apoptotic Bax"
    linked = words.text[gene + 1 : mode - (2 if words.text[mode - 1] == "-" else 1)]
    return (
        sign if 0 < len(linked) <= 3 and set(linked) <= {"(", ",", ";", "an", "a", "the", "is", "are"} else 0
    )


def _names_proteins(words: Words, mode: int) -> bool:
    """True for "decreased antiapoptotic proteins": a kind of protein, of which a gene elsewhere says nothing."""
    before, after = words.window(mode - 2, mode), words.window(mode + 1, mode + 2)
    prefixed = {"anti", "pro"} & set(before[-1:] if before[-1:] != ["-"] else before[:1])
    return bool(prefixed and after) and (words.kinds[mode + 1] in (OTHER, GENE) or after[0] in _KINDS)


def _in_list(words: Words, i: int) -> bool:
    return words.text[i] in _KINDS or words.text[i] in _LISTING or words.kinds[i] in (OTHER, GENE)


def _listed(words: Words, gene: int, mode: int) -> bool:
    """True for "G and apoptosis", "apoptosis, Bax and G": side by side, neither acts on the other."""
    left, right = min(gene, mode), max(gene, mode)
    between = words.text[left + 1 : right]
    joined = {"and", "or", ",", "/"} & set(between)
    return bool(joined) and all(
        word in _LISTING or words.kinds[left + 1 + i] in (OTHER, GENE, MODE) for i, word in enumerate(between)
    )


def _read_pair(words: Words, gene: int, mode: int, predicate: bool, stative: bool) -> Reading:
    """Effect read for one gene word and one mode word."""
    if is_asked(words, gene, mode):
        return Reading(0, 0.0, "asked")
    if kind := _is_kind(words, gene, mode):
        return Reading(kind, 1.0, "kind")
    if sets_scene(words, gene, mode) or is_measured(words, gene, mode) or is_aside(words, gene, mode):
        return Reading(0, 0.0, "setting")
    if _names_proteins(words, mode):
        return Reading(0, 0.0, "kind of others")
    if _listed(words, gene, mode):
        return Reading(0, 0.0, "listed")
    attributive = _attributive(words, gene, mode)
    if attributive is not None:
        return attributive
    state = read_predicate(words, mode) if predicate else read_mode(words, mode, gene)
    if state.sign == 0 and stative and state.rule in ("nothing", "own noun") and _tied(words, gene, mode):
        state = Reading(1, 0.4, "stated")
    if state.sign == 0:
        return state
    if only_bears(words, gene, mode, state, predicate=predicate):
        return Reading(0, 0.0, "bearers")
    reading = _combine(words, gene, mode, state)
    if predicate and not said_of_gene(words, gene, mode, reading):
        return Reading(0, 0.0, "attribute")
    return reading


def _tied(words: Words, gene: int, mode: int) -> bool:
    """True if a word between the two ties them: "associated with", "marker of", "role in"."""
    between = words.text[min(gene, mode) + 1 : max(gene, mode)]
    return len(between) <= 3 or any(word.startswith(_TIES) for word in between)


def _combine(words: Words, gene: int, mode: int, state: Reading) -> Reading:
    """Reading of the mode times what was done to the gene, less sure the further they stand apart."""
    done, how = read_gene(words, gene)
    weight = state.weight
    between = words.text[min(gene, mode) + 1 : max(gene, mode)]
    if gene > mode and between[:1] == ["by"]:
        weight = max(weight, 0.8)  # "induction of apoptosis by X knockdown"
    if how in ("", "passive") and gene < mode:
        again = _elliptic(words, gene, mode)
        done, how = again if again[1] else (done, how)
    if gene > mode and how in ("", "unsigned"):
        if (
            how == "unsigned"
            or not (VIA | {"被", "由"}) & set(between[-6:])
            or "/" in between[-2:]
            or words.window(gene + 1, gene + 2) == ["/"]
            or (how == "" and follows_loss(words, mode))
        ):
            return _axis(words, gene, mode, state) if how == "" else Reading(0, 0.0, "unsigned")
        weight *= 0.7
    if (
        gene > mode
        and "passive" not in state.rule
        and how in ("noun", "of", "after")
        and _undone(words, mode, gene)
    ):
        done = -done
    elif not how and "verb" in state.rule and not _acts(words, gene):
        weight *= 0.8
    elif how == "verb" and acted_on_by_third(words, gene, mode):
        weight *= 0.5
    elif gene > mode and not _LINKS & set(between):
        weight *= 0.6  # "apoptosis rose and Bax fell": side by side
    kinds = words.kinds[min(gene, mode) + 1 : max(gene, mode)]
    apart = sum(1 for word, kind in zip(between, kinds, strict=True) if kind == WORD and word.isalpha())
    weight *= 1.0 - 0.02 * min(apart, 25)
    if BREAKS & set(between) and how != "elliptic":
        weight *= 0.6
    if gene > mode and (opens_clause(words, mode, gene) or follows_from(words, gene, mode)):
        weight *= 0.4
    if gene < mode and stands_beside(words, gene, mode, how):
        weight *= 0.5
    if gene < mode and yields_to_another(words, gene, mode):
        weight *= 0.3
    return Reading(state.sign * done, weight, f"{state.rule}/{how}")


def _acts(words: Words, gene: int) -> bool:
    """True if a verb follows the gene within three words, so that it is the one that acts."""
    after = range(gene + 1, min(len(words.text), gene + 4))
    return any(words.cue[i] is not None or words.text[i] in BE for i in after)


def _undone(words: Words, mode: int, gene: int) -> bool:
    """True for "induced ferroptosis, an effect nullified by X knockdown"."""
    between = words.text[mode + 1 : gene]
    if not {"effect", "effects", "this", "these"} & set(between) or "by" not in between:
        return False
    at = mode + 1 + between.index("by") - 1
    cue = words.cue[at]
    return bool(cue and cue.sign < 0)


def _axis(words: Words, gene: int, mode: int, state: Reading) -> Reading:
    """Reading of "circA inhibits ferroptosis via the miR-B/Y axis": Y goes with circA, miR-B against it."""
    left = mode
    while left < gene and words.text[left] not in VIA:
        left += 1
    chain = [i for i in range(left, min(len(words.text), gene + 6)) if words.kinds[i] in (GENE, OTHER)]
    if left == gene or len(chain) < 2 or not words.text[chain[0]].startswith(_RNA[:3]):
        return Reading(0, 0.0, "after")
    if gene not in chain[:2] or chain[1] - chain[0] > 3:
        return Reading(0, 0.0, "after")
    return Reading(-state.sign if gene == chain[0] else state.sign, 0.5, f"{state.rule}/axis")


def _attributive(words: Words, gene: int, mode: int) -> Reading | None:
    """Reading of "X-mediated ferroptosis" and "ferroptosis induced by X", whatever verb governs the mode."""
    if gene < mode <= gene + 8:
        at, done = gene + 1, 1
        while at < mode and (words.text[at] == "-" or words.done[at]):
            done *= words.done[at] or 1
            at += 1
        sign = _PARTICIPLE.get(words.text[at], 0)
        bound = words.text[at - 1] == "-" or words.text[at] in ("mediated", "dependent", "driven")
        if sign and bound and not _parted(words, at, mode) and not stands_beside(words, gene, mode, ""):
            return Reading(sign * done * noun_head(words, mode)[0], 0.8, "attributive")
    if mode < gene <= mode + 9:
        for i in range(mode + 1, min(mode + 4, gene - 1)):
            passive = words.text[i] in _PARTICIPLE and words.text[i - 1] not in BE
            if passive and words.text[i + 1] in ("by", "upon", "through"):
                if _parted(words, i + 1, gene):
                    return None
                done, _ = read_gene(words, gene)
                return Reading(_PARTICIPLE[words.text[i]] * done, 0.7, "induced by")
    return None


def _parted(words: Words, left: int, right: int) -> bool:
    """True if a clause or a finite verb stands between two positions."""
    for i in range(left + 1, right):
        cue = words.cue[i]
        if words.kinds[i] == WORD and (
            words.text[i] in BREAKS or words.text[i] in VIA or words.text[i] == ","
        ):
            return True
        if cue is not None and cue.part == VERB:
            return True
    return False


def _elliptic(words: Words, gene: int, mode: int) -> tuple[int, str]:
    """A perturbation that names no gene takes the one named before: "X ...; its knockdown inhibits ..."."""
    for i in range(mode - 1, gene, -1):
        if words.kinds[i] == OTHER:
            break
        word = words.text[i]
        if word == "its" and i >= 2 and (words.done[i - 1] or words.done[i - 2]):
            return words.done[i - 1] or words.done[i - 2], "elliptic"  # "interference with its function"
        if word in _ELLIPTIC and words.text[i + 1] not in ("of", "-", "in") and words.text[i - 1] != "-":
            near = words.window(i - 3, i)
            if {"its", ",", "while", "whereas"} & set(near) and not VIA & set(near):
                return words.done[i], "elliptic"
    return 1, ""


def mark(spans: Sequence[tuple[int, int]], label: str) -> list[tuple[int, int, str]]:
    """Marks of one label for `Words`."""
    return [(start, end, label) for start, end in spans]
