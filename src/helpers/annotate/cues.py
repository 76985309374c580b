"""Words of direction: which way a verb, noun or adjective moves the thing it stands beside.

Words are kept as lemmas and inflected here. A cue knows its sign (+1 raises, -1 lowers) and its part of
speech: verb, noun ("inhibition of X"), agent ("inhibitor of X"), state ("sensitive to X"). Rows of the
cue table (cues.csv) are added to those named here, so that a user can teach a word.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

VERB, ING, PAST, NOUN, AGENT, STATE, CHINESE = "verb", "ing", "past", "noun", "agent", "state", "chinese"

_RAISING = """
induce promote enhance trigger increase facilitate accelerate exacerbate aggravate potentiate augment
boost elevate mediate activate initiate elicit evoke restore sensitize sensitise resensitize resensitise
cause drive stimulate amplify intensify worsen favor favour strengthen upregulate heighten raise
reactivate prompt provoke contribute lead result produce reinforce execute unleash enable engage
instigate deteriorate ensure permit allow maintain retain confer acquire impart endow predispose
expedite stabilize stabilise improve overexpress express synergize recover spark fuel propel precipitate
culminate evidence restart
"""
_LOWERING = """
inhibit suppress block prevent reduce decrease attenuate alleviate ameliorate abolish abrogate protect
reverse rescue repress limit mitigate impair diminish lower dampen restrain counteract antagonize
antagonise curb hinder resist evade escape avoid delay overcome weaken downregulate relieve blunt lessen
hamper impede ablate eliminate negate nullify neutralize neutralise inactivate silence deplete delete
disrupt degrade destabilize destabilise sequester quench halt stop oppose constrain interfere
circumvent thwart deactivate safeguard save compromise disable obstruct retard minimize minimise decline
drop shield avert desensitize desensitise bypass obviate combat withstand tolerate restrict lack lose
knock supress downmodulate counter mute extinguish preclude forestall cancel
"""
_RAISING_NOUNS = """
induction promotion enhancement activation stimulation elevation upregulation facilitation potentiation
augmentation acceleration exacerbation aggravation initiation restoration accumulation amplification
increment occurrence onset execution sensitization sensitisation sensitivity susceptibility
vulnerability stabilization reactivation proneness improvement
"""
_LOWERING_NOUNS = """
inhibition suppression reduction attenuation blockade blockage prevention protection repression
depletion deficiency impairment loss downregulation abrogation abolition amelioration alleviation
mitigation evasion resistance insensitivity tolerance diminution ablation silencing knockdown knockout
deletion inactivation disruption degradation destabilization avoidance reversal interference destruction
antagonism refractoriness desensitization restriction defense defence ubiquitination ubiquitylation
defect defects
"""
_RAISING_AGENTS = """
inducer promoter activator driver agonist enhancer stimulator mediator executor facilitator executioner
contributor
"""
_LOWERING_AGENTS = """
inhibitor suppressor antagonist blocker repressor antibody antagomir protector degrader brake gatekeeper
checkpoint guardian
"""
_RAISING_STATES = "sensitive susceptible vulnerable prone hypersensitive responsive"
_LOWERING_STATES = "resistant insensitive refractory tolerant unresponsive invulnerable defective"
# Verb forms that are nouns after "a(n)", "the" or an adjective, and before "in" or "of".
NOUN_OR_VERB = frozenset(
    f"{word}{ending}"
    for word in (
        "increase",
        "decrease",
        "escape",
        "trigger",
        "drop",
        "decline",
        "block",
        "lack",
        "silence",
    )
    for ending in ("", "s")
)
# What was done to a gene: these stand beside its name.
_LOSS = """
knockdown knockdowns silencing silenced knockout deletion deleted deficiency deficient depletion
depleted loss null ablation ablated inhibition inhibitor inhibitors inhibited suppression suppressed
downregulation downregulated sirna sirnas shrna shrnas sgrna rnai kd ko dko ckd cko haploinsufficiency
knocking lacking lack absence blockade blocking antagonist antagonists inactivation inactivated
degradation disruption inhibiting suppressing silence degrader degraders knocked interference antibody
antibodies blockage abrogation low decreased reduced lower defective impairment insufficiency
dysfunction antisense antagomir antagomirs aso protac destabilization decrease removal reduction
ubiquitination ubiquitylation abolition abolishment repression attenuation depleting deprivation
targeting defect inactive sequestration neutralizing neutralization repressor absent without
hypermethylation hypermethylated
"""
_GAIN = """
overexpression overexpressed overexpressing activation activated activator activators agonist agonists
upregulation upregulated elevated high ectopic forced exogenous enforced reconstitution reexpression
increased increase mimic mimics plasmid oe enhanced transfection induction overproduction stabilization
accumulation higher restoration amplification elevation recombinant activating overexpress
administration supplementation augmentation knockin stabilizing
"""
_CHINESE_RAISING = """
促进 诱导 增强 激活 提高 加速 触发 引发 上调 诱发 增加 升高 加剧 加重 导致 引起
启动 介导 刺激 推动 致使 促使 敏感性 增敏 促
"""
_CHINESE_LOWERING = """
抑制 减少 阻断 降低 减轻 抵抗 逃避 避免 阻止 拮抗 减弱 削弱 阻碍 保护 逆转 缓解
下调 规避 防止 限制 抗性 耐受 逃逸 抵御 对抗
"""
_CHINESE_LOSS = """
沉默 敲低 敲除 敲减 敲降 干扰 缺失 缺乏 抑制剂 低表达 失活 耗竭 拮抗剂 下调 抑制
"""
_CHINESE_LINKS = """
被 受 由 通过 经 经由 而 但 但是 然而 不能 未能 未见 未 不 无法 没有 是否 可以
能够 可 能 也 还 均 显著 明显 进一步 从而 进而 后 表达 水平 的 对 和 与 及 或
活性 基因 蛋白 信号 通路 细胞 靶向 作用 介导的 抗 促
"""
_CHINESE_GAIN = """
过表达 高表达 激动剂 外源性 过量表达 上调 激活
"""

# Words of a cue table that are read by the grammar itself, or stand beside too much to mean anything alone.
_NOT_ALONE = frozenset(
    """more less fewer greater higher stronger weaker dependent initiator undergo undergoes undergoing
underwent support supported supporting supports kill killed killing kills target targeted targets
antiapoptotic proapoptotic antiautophagic antiferroptotic proferroptotic cytoprotective prosurvival
accumulated sustained impaired arrest arrests arrested arresting crispr nan""".split()
)


@dataclass(frozen=True)
class Cue:
    """Sign (+1, -1) and part of speech of a word."""

    sign: int
    part: str


@dataclass(frozen=True)
class Cues:
    """Words by lower-case form: `moves` act on a mode, `done` says what was done to a gene."""

    moves: Mapping[str, Cue]
    done: Mapping[str, int]

    @cached_property
    def cutter(self) -> re.Pattern[str]:
        """Pattern that cuts Chinese text at words of direction, negation and connection."""
        known = {word for word in (*self.moves, *self.done, *_CHINESE_LINKS.split()) if not word.isascii()}
        return re.compile("(" + "|".join(sorted(map(re.escape, known), key=lambda w: (-len(w), w))) + ")")


def inflect(lemma: str) -> dict[str, str]:
    """Forms of a regular English verb and their parts of speech."""
    if lemma.endswith("y") and lemma[-2] not in "aeiou":
        return {lemma: VERB, lemma[:-1] + "ies": VERB, lemma[:-1] + "ied": PAST, lemma + "ing": ING}
    stem = lemma[:-1] if lemma.endswith("e") else lemma
    stem += lemma[-1] if lemma in ("stop", "drop", "confer", "permit") else ""
    third = lemma + ("es" if lemma.endswith(("s", "x", "ch", "sh", "o")) else "s")
    return {lemma: VERB, third: VERB, stem + "ed": PAST, stem + "ing": ING}


def build_cues(rows: Iterable[Mapping[str, Any]] = ()) -> Cues:
    """Cues from this module and the rows (cue, role) of a cue table."""
    moves: dict[str, Cue] = {}
    for lemmas, sign in ((_RAISING, 1), (_LOWERING, -1)):
        for lemma in lemmas.split():
            for form, part in inflect(lemma).items():
                moves.setdefault(form, Cue(sign, part))
    moves |= {"led": Cue(1, PAST), "drove": Cue(1, PAST), "driven": Cue(1, PAST), "overcame": Cue(-1, PAST),
              "arrested": Cue(-1, PAST), "lost": Cue(-1, PAST), "withstood": Cue(-1, PAST), "rose": Cue(1, PAST),
              "fell": Cue(-1, PAST)}  # fmt: skip
    for words, sign, part in (
        (_RAISING_NOUNS, 1, NOUN), (_LOWERING_NOUNS, -1, NOUN), (_RAISING_AGENTS, 1, AGENT),
        (_LOWERING_AGENTS, -1, AGENT), (_RAISING_STATES, 1, STATE), (_LOWERING_STATES, -1, STATE),
        (_CHINESE_RAISING, 1, CHINESE), (_CHINESE_LOWERING, -1, CHINESE),
    ):  # fmt: skip
        for word in words.split():
            moves[word] = Cue(sign, part)
            if part in (AGENT, NOUN):
                moves.setdefault(word + "s", Cue(sign, part))
    done = dict.fromkeys((_LOSS + " " + _CHINESE_LOSS).split(), -1)
    done |= dict.fromkeys((_GAIN + " " + _CHINESE_GAIN).split(), 1)
    _extend(moves, done, rows)
    return Cues(moves, done)


def _extend(moves: dict[str, Cue], done: dict[str, int], rows: Iterable[Mapping[str, Any]]) -> None:
    """Add the single words of a cue table that are new."""
    for row in rows:
        word, role = str(row["cue"]), row["role"]
        if not word.isalpha() or word in _NOT_ALONE:
            continue
        if role in ("loss", "gain"):
            done.setdefault(word, -1 if role == "loss" else 1)
        elif role in ("increase", "decrease") and word not in moves:
            noun = word.endswith(("ion", "ance", "ment", "ity", "sis"))
            part = PAST if word.endswith("ed") else ING if word.endswith("ing") else NOUN if noun else VERB
            part = CHINESE if not word.isascii() else part
            moves[word] = Cue(1 if role == "increase" else -1, part)
