"""Genes that are named as agents: "a suppressor of ferroptosis", "a ferroptosis inducer"."""

from __future__ import annotations

from helpers.annotate.cues import AGENT
from helpers.annotate.words import BREAKS, Reading, Words


def agent_after(words: Words, mode: int) -> int:
    """Sign of "ferroptosis inhibitor"; 0 when no agent follows."""
    i = mode + 1
    if i < len(words.text) and words.text[i] == "-":
        i += 1
    cue = words.cue[i] if i < len(words.text) else None
    return cue.sign if cue and cue.part == AGENT else 0


def as_agent(words: Words, mode: int, gene: int, sign: int) -> Reading:
    """The gene is the agent only if the sentence says so: "X is a ferroptosis suppressor", "X as ..."."""
    if gene < mode and mode - gene <= 12:
        link = words.text[gene + 1 : mode]
        if {"is", "as", "are", "was", "be"} & set(link) and not {"by", "with", "using", "like"} & set(link):
            return Reading(sign, 0.8, "agent")
        if link[:1] == [","] and link[1:2] in (["a"], ["an"], ["the"]):
            return Reading(sign, 0.7, "agent")
    if mode < gene <= mode + 3 and words.text[mode + 1] != "-":
        return Reading(sign, 0.5, "apposition")
    return Reading(0, 0.0, "agent of another")


def agent_before(words: Words, agent: int, gene: int, sign: int) -> Reading:
    """Reading of "X is a suppressor of ferroptosis": the gene must be said to be the agent."""
    if gene > agent:
        return Reading(sign, 0.4, "noun") if gene - agent <= 8 else Reading(0, 0.0, "agent of another")
    link = words.text[gene + 1 : agent]
    if BREAKS & set(link):
        return Reading(0, 0.0, "agent of another")
    said = {"is", "as", "are", "was", "be"} & set(link) or (link[:1] == [","] and len(link) <= 6)
    return Reading(sign, 0.8 if said else 0.3, "agent")
