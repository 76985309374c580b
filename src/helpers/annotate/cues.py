"""Words of direction: which way a verb, noun or adjective moves the thing it stands beside.

The words are kept as lemmas and inflected here. A cue knows its sign (+1 raises, -1 lowers) and its part of
speech: verb, noun ("inhibition of X", "X inhibition"), agent ("X inhibitor"), state ("sensitive to X").
Rows of the cue table (cues.csv) are added to those named here, so a user can teach a word.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

VERB, ING, PAST, NOUN, AGENT, STATE = "verb", "ing", "past", "noun", "agent", "state"

# Verbs that raise what they act on.
RAISING = """induce promote enhance trigger increase facilitate accelerate exacerbate aggravate potentiate augment
boost elevate mediate activate initiate elicit evoke restore sensitize sensitise resensitize cause drive
stimulate amplify intensify worsen favor favour strengthen upregulate heighten raise reactivate prompt provoke
contribute lead result produce reinforce execute support unleash enable undergo engage instigate deteriorate
ensure permit allow maintain retain confer acquire impart endow predispose expedite stabilize stabilise improve
overexpress express synergize recover rescue2 spark fuel propel precipitate culminate""".split()
# Verbs that lower what they act on.
LOWERING = """inhibit suppress block prevent reduce decrease attenuate alleviate ameliorate abolish abrogate protect
reverse rescue repress limit mitigate impair diminish lower dampen restrain counteract antagonize antagonise curb
hinder resist evade escape avoid delay overcome weaken downregulate relieve blunt lessen hamper impede ablate
eliminate negate nullify neutralize neutralise inactivate silence deplete delete disrupt degrade
destabilize destabilise sequester quench halt arrest stop oppose constrain interfere circumvent thwart
deactivate safeguard save compromise disable obstruct retard minimize minimise decline drop shield
desensitize desensitise bypass obviate combat withstand tolerate restrict lack lose knock ablate
inhibite2 supress silent2 downmodulate desist counter mute extinguish preclude forestall""".split()
IRREGULAR = {
    "led": ("lead", PAST), "drove": ("drive", PAST), "driven": ("drive", PAST), "overcame": ("overcome", PAST),
    "overcoming": ("overcome", ING), "arose": ("", ""), "lost": ("lose", PAST), "withstood": ("withstand", PAST),
    "undergone": ("undergo", PAST), "underwent": ("undergo", PAST), "undergoes": ("undergo", VERB),
}  # fmt: skip
RAISING_NOUNS = """induction promotion enhancement increase activation stimulation elevation upregulation facilitation
potentiation augmentation acceleration exacerbation aggravation initiation restoration accumulation amplification
increment rise trigger occurrence onset execution sensitization sensitisation sensitivity susceptibility vulnerability
stabilization phosphorylation2 reactivation proneness contribution improvement""".split()
LOWERING_NOUNS = """inhibition suppression reduction decrease attenuation blockade blockage prevention protection
repression depletion deficiency impairment loss downregulation abrogation abolition amelioration alleviation
mitigation evasion escape resistance insensitivity tolerance protection decline diminution ablation silencing
knockdown knockout deletion inactivation disruption degradation destabilization avoidance reversal interference
knockdowns destruction antagonism refractoriness desensitization restriction inhibitions defense defence
ubiquitination ubiquitylation""".split()
RAISING_AGENTS = "inducer promoter activator driver agonist enhancer stimulator mediator trigger executor facilitator executioner mimic".split()
LOWERING_AGENTS = "inhibitor suppressor antagonist blocker repressor antibody antagomir protector degrader antagomirs brake gatekeeper checkpoint".split()
RAISING_STATES = (
    "sensitive susceptible vulnerable prone sensitized sensitised hypersensitive responsive".split()
)
LOWERING_STATES = (
    "resistant insensitive refractory protected tolerant unresponsive invulnerable defective".split()
)
# What was done to a gene: these stand beside its name.
LOSS = """knockdown knockdowns silencing silenced knockout knock-out deletion deleted deficiency deficient depletion
depleted loss null ablation ablated inhibition inhibitor inhibitors inhibited suppression suppressed downregulation
downregulated sirna sirnas shrna shrnas sgrna rnai kd ko dko ckd cko haploinsufficiency knocking lacking lack absence blockade
blocking antagonist antagonists inactivation inactivated degradation disruption inhibiting suppressing silence
degrader degraders knocked interference antibody antibodies blockage abrogation low decreased reduced lower defective
impairment insufficiency dysfunction antisense antagomir antagomirs aso protac destabilizing destabilization decrease
reduction ubiquitination ubiquitylation inhibitory abolition abolishment repression dominant-negative dysregulation2
attenuation antisense-oligonucleotide depleting deprivation targeting defect inactive mutant2 kn-down neutralizing
neutralization loss-of-function""".split()
GAIN = """overexpression overexpressed overexpressing activation activated activator activators agonist agonists
upregulation upregulated elevated high ectopic forced exogenous enforced reconstitution reexpression re-expression
increased increase mimic mimics plasmid oe enhanced transfection induction overproduction stabilization accumulation
higher restoration amplification elevation recombinant gain activating overexpress administration supplementation
augmentation knockin knock-in gain-of-function stabilizing""".split()
PREPOSITION_STOPS = frozenset(
    "by via through thereby whereas while but although however when upon after which whose who if".split()
)


@dataclass(frozen=True)
class Cue:
    """Sign (+1, -1) and part of speech of a word."""

    sign: int
    part: str


@dataclass(frozen=True)
class Cues:
    """Words by lower-case form: `moves` act on a mode, `states` were done to a gene."""

    moves: Mapping[str, Cue] = field(default_factory=dict)
    perturbations: Mapping[str, int] = field(default_factory=dict)


def inflect(lemma: str) -> dict[str, str]:
    """Forms of a regular English verb and their parts of speech."""
    stem = lemma[:-1] if lemma.endswith("e") else lemma
    if lemma.endswith("y") and lemma[-2] not in "aeiou":
        return {lemma: VERB, lemma[:-1] + "ies": VERB, lemma[:-1] + "ied": PAST, lemma + "ing": ING}
    doubled = lemma + lemma[-1] if lemma in _DOUBLING else stem
    third = lemma + ("es" if lemma.endswith(("s", "x", "ch", "sh", "o")) else "s")
    return {lemma: VERB, third: VERB, doubled + "ed": PAST, doubled + "ing": ING}


_DOUBLING = frozenset(["stop", "drop", "confer", "spur", "permit", "curb2", "trap"])


def build_cues(rows: Iterable[Mapping[str, Any]] = ()) -> Cues:
    """Cues from this module and the rows (cue, role) of a cue table."""
    moves: dict[str, Cue] = {}
    for lemmas, sign in ((RAISING, 1), (LOWERING, -1)):
        for lemma in lemmas:
            for form, part in inflect(lemma.rstrip("2")).items():
                moves.setdefault(form, Cue(sign, part))
    for form, (lemma, part) in IRREGULAR.items():
        if lemma:
            moves[form] = Cue(moves[lemma].sign, part)
    for words, sign, part in (
        (RAISING_NOUNS, 1, NOUN), (LOWERING_NOUNS, -1, NOUN), (RAISING_AGENTS, 1, AGENT),
        (LOWERING_AGENTS, -1, AGENT), (RAISING_STATES, 1, STATE), (LOWERING_STATES, -1, STATE),
    ):  # fmt: skip
        for word in words:
            base = word.rstrip("2")
            moves[base] = Cue(sign, part)
            if part in (AGENT, NOUN) and not base.endswith("s"):
                moves.setdefault(base + "s", Cue(sign, part))
    perturbations = {w: -1 for w in LOSS if not w.endswith("2")} | {w: 1 for w in GAIN}
    return Cues(*_extended(moves, perturbations, rows))


def _extended(
    moves: dict[str, Cue], perturbations: dict[str, int], rows: Iterable[Mapping[str, Any]]
) -> tuple[dict[str, Cue], dict[str, int]]:
    """Both maps with the single-word English rows of a cue table added where they are new."""
    for row in rows:
        word, role = str(row["cue"]), row["role"]
        if role in ("loss", "gain"):
            perturbations.setdefault(word, -1 if role == "loss" else 1)
        elif role in ("increase", "decrease") and word not in moves:
            sign = 1 if role == "increase" else -1
            part = NOUN if word.endswith(("ion", "ance", "ment", "ity", "sis")) else VERB
            moves[word] = Cue(sign, PAST if word.endswith("ed") else ING if word.endswith("ing") else part)
    return moves, perturbations
