"""What was done to a gene in a sentence: knocked down, deficient, inhibited, overexpressed, or nothing."""

from __future__ import annotations

from helpers.annotate.clauses import keeps_from
from helpers.annotate.cues import AGENT, CHINESE, ING, NOUN, PAST, VERB
from helpers.annotate.words import ADVERB, BE, GENE, MODE, NAME, OTHER, STOPS, WORD, Words

_BESIDE = frozenset(
    "expression level levels gene genes protein proteins mrna activity function signaling signalling "
    "pathway axis ( ) / or the of a an both either its s - + \" [ ] “ ” ' ’ endogenous genetic "
    "pharmacological pharmacologic chemical stable intracellular cellular mitochondrial hepatic tumor "
    "cancer cells cell human mouse novel specific lncrna circrna mirna mir exosomal nuclear wild type "
    "total system enzyme receptor transporter transcription factor transcriptional translation "
    "production abundance content contents down out direct in vivo vitro cytosolic double triple "
    "表达 水平 基因 蛋白 的 活性 信号 通路 对 和 与 及 或 、 靶基因 其".split()
)
_AFTER = _BESIDE - frozenset("the of a an both either its in out down 对 和 与 及 或 、".split())
_STATE_PAST = frozenset("silenced depleted deleted overexpressed ablated knocked".split())
_NAMED_STATE = frozenset("silencing overexpressing targeting knockdown silence overexpress".split())
_CARRIERS = frozenset(
    "cells cell mice mouse tumors tumor tumours group hepatocytes macrophages neurons rats animals fibroblasts".split()
)
_PREPOSITIONS = frozenset(
    "in with from to on for upon when after under at between into during within as".split()
)
_NOUN_LINK = frozenset("of in to for the both either on".split())
_UNSIGNED = ("regulat", "modulat", "control", "affect", "alter", "influenc")
_MUTATED = frozenset("mutants methylation".split())
_MEETING = ("interact", "bind", "associat", "relat", "correlat")  # "through interaction with X"
_AGONISTIC = frozenset("agonist agonistic activating stimulating stimulatory".split())
_NAMED_AGENTS = frozenset("agonist antagonist antibody antagomir blocker degrader".split())
_CHINESE_AFTER = frozenset(
    "沉默 敲低 敲除 敲减 敲降 干扰 缺失 缺乏 抑制剂 低表达 失活 耗竭 过表达 高表达 激动剂".split()
)


def read_gene(words: Words, gene: int) -> tuple[int, str]:
    """(sign, how): +1 or -1 for what was done to the gene word, 0 where that is open; how is "" if nothing is."""
    if _AGONISTIC & set(words.window(gene - 4, gene)):
        return 1, "of"  # "agonistic anti-X antibody"
    after, how_after = _after(words, gene)
    subject = _is_subject(words, gene)
    if how_after and how_after != "noun":
        return after, how_after
    before, how_before = (1, "") if subject else _before(words, gene)
    if how_after and how_before and how_before != "unsigned":
        near = words.window(gene - 4, gene)
        acted_on = not {"and", "or", ",", "/"} & set(near) and any(words.done[max(0, gene - 4) : gene])
        return (after * before, "both") if acted_on else (after, "noun")
    if how_after:
        return after, how_after
    return before, how_before


def _is_subject(words: Words, gene: int) -> bool:
    """True if a finite verb of direction follows the gene and a comma or clause opens before it."""
    cue = words.cue[gene + 1] if gene + 1 < len(words.text) else None
    opened = gene == 0 or words.text[gene - 1] in (",", "that", ".", "，", "that")
    return bool(cue and cue.part in (VERB, PAST) and opened)


def _after(words: Words, gene: int) -> tuple[int, str]:
    """Perturbation after the gene: "X knockdown", "X-deficient", "X inhibitor", "X was silenced"."""
    after = words.window(gene + 1, gene + 5)
    if ["-", "/", "-"] in (after[:3], after[1:] if after[:1] == ["("] else []):
        return -1, "null"
    if after[:1] == ["("] and after[2:3] == ["/"] and after[1] == after[3]:
        return 0, "unsigned"  # "X(KE/KE)": two alleles that may do more or less
    be = False
    for i in range(gene + 1, min(len(words.text), gene + 9)):
        word, kind = words.text[i], words.kinds[i]
        if kind in (MODE, NAME):
            break
        if kind in (OTHER, GENE) or word in _AFTER or word.isdigit():
            continue
        if word == "," and words.text[i - 1] == ")" and "(" not in words.text[gene:i]:
            break  # "the EGFR inhibitor (X), PI3K inhibitors": a list of others
        if word in ("and", "or", ",") and i + 1 < len(words.text) and words.kinds[i + 1] in (OTHER, GENE):
            continue
        if word == "and" and words.window(i + 1, i + 2)[0:1] and words.text[i + 1] in _AFTER:
            continue
        if word in BE:
            be = True
            continue
        if words.done[i]:
            return _perturbation_after(words, i, be=be)
        if be and ADVERB.fullmatch(word):
            continue
        break
    return 1, ""


def _perturbation_after(words: Words, i: int, *, be: bool) -> tuple[int, str]:
    """Reading of a perturbation word found after the gene; verbs of the clause are none."""
    word, cue = words.text[i], words.cue[i]
    following = words.text[i + 1] if i + 1 < len(words.text) else ""
    if cue and cue.part == CHINESE:
        chosen = word in _CHINESE_AFTER or following.startswith(("后", "时", "可", "能"))
        return (words.done[i], "after") if chosen else (1, "")
    if not word.isascii():
        return words.done[i], "after"
    if be:
        return (words.done[i], "passive") if cue is None or cue.part in (PAST, NOUN) else (1, "")
    if cue and cue.part in (PAST, VERB, ING) and word not in _NAMED_STATE:
        if words.text[i - 1] == "-" or (following in _CARRIERS and word in _STATE_PAST):
            return words.done[i], "after"
        return 1, ""  # "X inhibited ferroptosis": the verb of the clause
    if following == "of" and cue and cue.part == NOUN and word not in ("knockdown", "knockout", "silencing"):
        return 1, ""  # "DJ-1 inhibition of ferroptosis": the gene acts
    return words.done[i], "noun"


def _before(words: Words, gene: int) -> tuple[int, str]:
    """Perturbation before the gene: "knockdown of X", "inhibiting X", "siX", "low X"."""
    if _is_silencer(words, gene):
        return -1, "si"
    unknown = 0
    for i in range(gene - 1, max(-1, gene - 20), -1):
        word, kind, cue = words.text[i], words.kinds[i], words.cue[i]
        following = words.text[i + 1]
        if kind == MODE:
            break
        if kind != WORD or word in _BESIDE or word in (",", "and", "'") or word.isdigit():
            if (
                word == ","
                and words.kinds[i - 1] == WORD
                and following in ("and", "which", "thereby", "while")
            ):
                break
            continue
        if word.startswith(_UNSIGNED) and not unknown:
            return (-1 if words.window(i - 1, i) == ["negatively"] else 1), (
                "verb" if words.window(i - 1, i) in (["negatively"], ["positively"]) else "unsigned"
            )
        if word in _MUTATED and following in ("in", "of"):
            return 0, "unsigned"  # a mutation may raise or lower what the gene does
        if keeps_from(words, i) > gene:
            return 1, ""  # "prevents X from inducing"
        if words.done[i] or (cue and cue.part in (VERB, ING, PAST, NOUN, AGENT, CHINESE)):
            read = _perturbation_before(words, i, gene, unknown)
            if read is None:
                continue
            return read
        if word in ("targets", "targeted", "target", "靶向") and not unknown:
            return (1, "") if following in ("gene", "genes", "of") else (-1, "verb")
        if word == "with" and words.text[i - 1].startswith("interfer"):
            return -1, "of"
        if word == "negative" and "dominant" in words.window(i - 2, i):
            return -1, "of"
        if word in ("with", "to") and words.text[i - 1].startswith(_MEETING):
            return 1, "unsigned"
        if word in STOPS or word in _PREPOSITIONS:
            break
        if not (ADVERB.fullmatch(word) or word.endswith(("al", "ic", "ous", "ed"))):
            unknown += 1
        if unknown > 4:
            break
    return 1, ""


def _perturbation_before(words: Words, i: int, gene: int, unknown: int) -> tuple[int, str] | None:
    """Reading of a perturbation word found before the gene; None to look further, (1, "") to stop."""
    word, cue = words.text[i], words.cue[i]
    following = words.text[i + 1]
    part = cue.part if cue else NOUN
    sign = words.done[i] or (cue.sign if cue else 1)
    if words.window(i - 1, i) in (["tumor"], ["tumour"]):
        return None  # "the tumor suppressor X"
    if part == AGENT and i == gene - 1 and word not in _NAMED_AGENTS:
        return None  # "the CDK inhibitor X", "its mediator X"
    if part == AGENT and words.window(i + 1, gene + 2) == ["(", words.text[gene], ")"]:
        return None  # "the EGFR inhibitor (X)"
    if part == NOUN and words.window(i - 1, i) == ["no"]:
        return 0, "unsigned"  # "no increase in X"
    if cue and part in (PAST, VERB, ING) and following == "and" and not words.done[i + 2]:
        return 1, ""  # "apoptosis was increased and X ..."
    if following == "-" or (words.window(i - 1, i) == ["-"] and part in (PAST, ING)):
        return None  # "knockdown-induced", "RSL3-induced X degradation"
    linked = (
        following in _NOUN_LINK
        or words.kinds[i + 1] != WORD
        or (following == "(" and "of" in words.window(i, gene))
    )
    if part in (NOUN, AGENT) and not linked and i != gene - 1 and word not in ("without", "low", "high"):
        return None if unknown == 0 else (1, "")
    if unknown and not (following == "of" if part in (NOUN, AGENT) else unknown <= 2):
        return 1, ""
    if part in (NOUN, AGENT):
        return sign * _outer(words, i), "of"
    return sign, "verb"


def _outer(words: Words, at: int) -> int:
    """Sign of a verb right before a perturbation: "blocked the upregulation of X" lowers X."""
    i = at - 1
    while i >= 0 and (words.text[i] in ("the", "of", "an", "a") or ADVERB.fullmatch(words.text[i])):
        i -= 1
    cue = words.cue[i] if i >= 0 else None
    return (
        cue.sign if cue and cue.part in (VERB, PAST, ING, NOUN) and words.text[i] not in ("evidenced",) else 1
    )


def _is_silencer(words: Words, gene: int) -> bool:
    """True for siX, shX, sgX, anti-X."""
    near = words.window(gene - 2, gene)
    silencers = ("si", "sh", "sg", "anti")
    return near[-1:] != [] and (near[-1] in silencers or (near[-1] == "-" and near[0] in silencers))
