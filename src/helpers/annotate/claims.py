"""What one sentence claims of the genes, modes and therapies it names: the sentence rows of EVIDENCE."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from helpers.annotate.assertion import BACKGROUND, FINDING, NEGATED
from helpers.annotate.cues import Cues
from helpers.annotate.direction import read_direction
from helpers.annotate.response import Mark, find_responses
from helpers.annotate.sentences import split_sentences
from helpers.annotate.words import GENE, MODE, NAME, OTHER, RESPONSE, WORD, Reading, Words
from helpers.schemas import CONFLICTING, NONE_STATED, join_list

TRUST = {FINDING: 2, BACKGROUND: 1, NEGATED: 0}
_ON_MODE = {1: "promotes", -1: "inhibits", 0: NONE_STATED}
_ON_THERAPY = {1: "resistance", -1: "sensitising", 0: NONE_STATED}
_NOT_READ = Reading(0, 0.0, "")

Mention = tuple[str, str, int, int, str | None]  # kind, concept, start, end, assertion
Row = dict[str, Any]


class Sentences:
    """Sentences of one record's fields, split when first asked for.

    plain: assertion of each sentence that names a gene and a therapy but no mode, by record, field and number.
    """

    def __init__(
        self,
        record: str,
        texts: Mapping[tuple[str, str], str],
        plain: Mapping[tuple[str, str, int], str],
    ) -> None:
        self.record, self.texts, self.plain = record, texts, plain
        self._spans: dict[str, Sequence[tuple[int, int]]] = {}

    def field(self, name: str) -> str:
        """Text of a field; blank if the record has none."""
        return self.texts.get((self.record, name), "")

    def spans(self, name: str) -> Sequence[tuple[int, int]]:
        """Offsets of a field's sentences; keywords and MeSH headings are one."""
        if name not in self._spans:
            text = self.field(name)
            whole = ((0, len(text)),)
            self._spans[name] = whole if name in ("keyword", "mesh") else split_sentences(text) or whole
        return self._spans[name]

    def span(self, name: str, number: int) -> tuple[int, int]:
        """Offsets of one sentence."""
        spans = self.spans(name)
        return spans[min(number, len(spans) - 1)]

    def text(self, name: str, number: int) -> str:
        """Text of one sentence."""
        start, end = self.span(name, number)
        return self.field(name)[start:end]


def read_claims(
    name: str, number: int, mentions: Sequence[Mention], sentences: Sentences, cues: Cues
) -> list[Row]:
    """One row per gene and mode of the sentence, or per gene if it names a therapy but no mode.

    name, number: field and number of the sentence.
    """
    genes, modes = by_concept(mentions, "gene"), by_concept(mentions, "mode")
    therapies = sorted(by_concept(mentions, "therapy"))
    if not genes or not (modes or therapies):
        return []
    start, _ = sentences.span(name, number)
    text = sentences.text(name, number)
    reader = Reader(text, [(k, c, a - start, b - start) for k, c, a, b, _ in mentions], cues)
    plain = None if modes else sentences.plain[sentences.record, name, number]
    rows = []
    named: list[str | None] = [*sorted(modes)] or [None]
    for gene in sorted(genes):
        on_therapy = reader.on_therapy(gene)
        for mode in named:
            on_mode = reader.on_mode(gene, mode) if mode else _NOT_READ
            assertion = plain or strongest(m[4] for m in modes[mode or ""])
            stated = bool(on_mode.sign or on_therapy.sign) and assertion != NEGATED
            rows.append(
                {
                    "record_id": sentences.record,
                    "gene": gene,
                    "mode": mode,
                    "scope": "sentence",
                    "field": name,
                    "sentence": number,
                    "effect_on_mode": _effect(on_mode, _ON_MODE, assertion),
                    "effect_on_therapy": _effect(on_therapy, _ON_THERAPY, assertion),
                    "therapies": join_list(therapies),
                    "assertion": assertion,
                    "confidence": "high" if stated else "medium",
                    "text": text,
                    "gene_start": genes[gene][0][2],
                    "mode_start": modes[mode][0][2] if mode else None,
                }
            )
    return rows


def by_concept(mentions: Iterable[Mention], kind: str) -> dict[str, list[Mention]]:
    """Mentions of one kind by concept."""
    result: dict[str, list[Mention]] = defaultdict(list)
    for mention in mentions:
        if mention[0] == kind:
            result[mention[1]].append(mention)
    return result


def strongest(assertions: Iterable[str | None]) -> str:
    """The most trusted of several assertions; a missing one counts as finding."""
    return max((value or FINDING for value in assertions), key=TRUST.__getitem__, default=FINDING)


def _effect(reading: Reading, names: Mapping[int, str], assertion: str) -> str:
    if assertion == NEGATED:
        return NONE_STATED
    return CONFLICTING if reading.rule == "conflicting" else names[reading.sign]


_AFFIX = re.compile(
    r"(?P<before>(?:anti|pro|抗|促)-?)?.+?(?P<after>-(?:resistant|inducing|sensitive))?", re.IGNORECASE
)


def _core(text: str, start: int, end: int) -> tuple[int, int]:
    """Offsets of a mode's name without "anti-", "pro-" and "-resistant", which are read as words."""
    match = _AFFIX.fullmatch(text, start, end)
    if match is None:
        return start, end
    return (match.end("before") if match["before"] else start), (
        match.start("after") if match["after"] else end
    )


class Reader:
    """Readings of one sentence for any pair of its concepts; the words are cut once.

    mentions: (kind, concept, start, end), offsets in the sentence.
    """

    def __init__(self, text: str, mentions: Sequence[tuple[str, str, int, int]], cues: Cues) -> None:
        by_kind: dict[str, list[tuple[int, int]]] = defaultdict(list)
        for kind, _, start, end in mentions:
            by_kind[kind].append((start, end))
        self.responses: list[Mark] = find_responses(text, by_kind["mode"], by_kind["therapy"])
        firm = [*by_kind["gene"], *((r.start, r.end) for r in self.responses)]
        marks = [
            (*_core(text, a, b), f"{kind}:{concept}") if kind == "mode" else (a, b, f"{kind}:{concept}")
            for kind, concept, a, b in mentions
            if kind != "therapy" or not any(a < end and start < b for start, end in firm)
        ]
        marks += [(r.start, r.end, f"{RESPONSE}{i}") for i, r in enumerate(self.responses)]
        self.words = Words(text, marks, cues)

    def _as(self, gene: str, target: str) -> Words:
        """The words with this gene and target marked."""
        own = f"gene:{gene}"

        def label(kind: str) -> str:
            if kind == own:
                return GENE
            if kind == target:
                return MODE
            return OTHER if kind.startswith("gene:") else WORD if kind.startswith(RESPONSE) else NAME

        return self.words.relabel(label)

    def on_mode(self, gene: str, mode: str) -> Reading:
        """Effect of the gene on the mode."""
        return read_direction(self._as(gene, f"mode:{mode}"))

    def on_therapy(self, gene: str) -> Reading:
        """Effect of the gene on the response to therapy: +1 resistance, -1 sensitising.

        Nothing is read of a gene that only names its drugs ("resistance to EGFR inhibitors").
        """
        if not self.responses or self.words.only_names_drugs(f"gene:{gene}"):
            return _NOT_READ
        best, signs = _NOT_READ, set()
        for i, mark in enumerate(self.responses):
            words = self._as(gene, f"{RESPONSE}{i}")
            reading = read_direction(words, predicate=mark.predicate, stative=True)
            if reading.sign:
                reading = Reading(reading.sign * mark.sign, reading.weight, reading.rule)
                signs.add((reading.sign, reading.weight >= 0.5))
                best = max(best, reading, key=lambda r: r.weight)
        if {(1, True), (-1, True)} <= signs and best.weight < 0.7:
            return Reading(0, best.weight, "conflicting")
        return best
