"""What each record claims of a gene, a death mode and a therapy: the EVIDENCE table.

Sentence rows: a gene and a mode named in one sentence. Article rows: one per record, gene and mode; the
directions stated in its sentences are combined: findings decide, statements of background stand in where no
finding states a direction, denied sentences state nothing, and opposite directions give "conflicting".
A record that names no mode gives its genes rows with mode missing where it also names a therapy.

A gene said to give resistance to a mode ("ferroptosis resistance") counts as giving resistance to therapy at
article scope only if the record speaks of resistance to therapy.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from helpers.annotate.assertion import BACKGROUND, FINDING, NEGATED, classify_mentions
from helpers.annotate.cues import Cues
from helpers.annotate.direction import read_direction
from helpers.annotate.lexicon import Lexicon
from helpers.annotate.mentions import read_fields
from helpers.annotate.moved import Reading
from helpers.annotate.response import Mark, find_responses
from helpers.annotate.sentences import split_sentences
from helpers.annotate.words import GENE, MODE, NAME, OTHER, WORD, Words
from helpers.schemas import CONFLICTING, EVIDENCE, NONE_STATED, conform, join_list

_ON_MODE = {1: "promotes", -1: "inhibits", 0: NONE_STATED}
_ON_THERAPY = {1: "resistance", -1: "sensitising", 0: NONE_STATED}
_TRUST = {FINDING: 2, BACKGROUND: 1, NEGATED: 0}
_FIELD_ORDER = {"title": 0, "abstract": 1, "other_abstract": 2, "keyword": 3, "mesh": 4}

_Mention = tuple[str, str, int, int, str | None]  # kind, concept, start, end, assertion
_Key = tuple[str, str, int]  # record, field, sentence


@dataclass
class _Record:
    """Mentions of one record, by sentence."""

    sentences: dict[tuple[str, int], list[_Mention]] = field(default_factory=lambda: defaultdict(list))


def find_evidence(articles: pd.DataFrame, mentions: pd.DataFrame, lexicon: Lexicon) -> pd.DataFrame:
    """EVIDENCE frame of the articles, from their MENTIONS.

    Only records that name a gene and a mode or therapy are read; sentences are split again only where a
    sentence names both.
    """
    records = _group(mentions)
    texts = _texts(articles, records)
    rows: list[dict[str, Any]] = []
    for record, found in records.items():
        rows += _read_record(record, found, texts, lexicon.cues)
    frame = pd.DataFrame(rows, columns=EVIDENCE.names)
    return conform(frame, EVIDENCE)


def _group(mentions: pd.DataFrame) -> dict[str, _Record]:
    """Mentions by record and sentence, of records that name a gene and a mode or therapy."""
    kinds = mentions["kind"]
    with_gene = set(mentions.loc[kinds == "gene", "record_id"])
    with_other = set(mentions.loc[kinds != "gene", "record_id"])
    kept = mentions[mentions["record_id"].isin(with_gene & with_other)]
    records: dict[str, _Record] = defaultdict(_Record)
    columns = ["record_id", "field", "sentence", "kind", "concept", "start", "end", "assertion"]
    for record, name, sentence, kind, concept, start, end, assertion in zip(
        *(kept[column].tolist() for column in columns), strict=True
    ):
        stated = assertion if isinstance(assertion, str) else None
        records[record].sentences[name, sentence].append((kind, concept, start, end, stated))
    return dict(sorted(records.items()))


def _texts(articles: pd.DataFrame, records: Mapping[str, _Record]) -> dict[tuple[str, str], str]:
    """Text of each field of the records."""
    chosen = articles[articles["record_id"].isin(list(records))]
    texts = {(record, name): text for record, name, text in read_fields(chosen)}
    for record, mesh in zip(chosen["record_id"], chosen["mesh"], strict=True):
        if isinstance(mesh, str):
            texts[record, "mesh"] = mesh
    return texts


class _Sentences:
    """Sentence texts and offsets of a record, split when first asked for."""

    def __init__(self, record: str, texts: Mapping[tuple[str, str], str]) -> None:
        self.record, self.texts = record, texts
        self.spans: dict[str, list[tuple[int, int]]] = {}

    def span(self, name: str, sentence: int) -> tuple[int, int]:
        text = self.texts.get((self.record, name), "")
        if name in ("keyword", "mesh"):
            return 0, len(text)
        if name not in self.spans:
            self.spans[name] = split_sentences(text)
        spans = self.spans[name]
        return spans[sentence] if sentence < len(spans) else (0, len(text))

    def text(self, name: str, sentence: int) -> str:
        start, end = self.span(name, sentence)
        return self.texts.get((self.record, name), "")[start:end]


def _read_record(
    record: str, found: _Record, texts: Mapping[tuple[str, str], str], cues: Cues
) -> list[dict[str, Any]]:
    """Sentence rows and article rows of one record."""
    sentences = _Sentences(record, texts)
    rows: list[dict[str, Any]] = []
    has_mode = any(m[0] == "mode" for group in found.sentences.values() for m in group)
    for (name, number), group in found.sentences.items():
        kinds = {m[0] for m in group}
        if "gene" not in kinds or len(kinds) < 2 or name in ("keyword", "mesh"):
            continue
        rows += _read_sentence(record, name, number, group, sentences, cues, has_mode=has_mode)
    return rows + _article_rows(record, found, rows, sentences, has_mode=has_mode)


def _read_sentence(
    record: str,
    name: str,
    number: int,
    group: Sequence[_Mention],
    sentences: _Sentences,
    cues: Cues,
    *,
    has_mode: bool,
) -> list[dict[str, Any]]:
    """One row per gene and mode of the sentence (or per gene, if the record names no mode)."""
    start, _ = sentences.span(name, number)
    text = sentences.text(name, number)
    genes = _by_concept(group, "gene")
    modes = _by_concept(group, "mode")
    therapies = sorted(_by_concept(group, "therapy"))
    if has_mode and not modes and not therapies:
        return []
    shifted = [(k, c, a - start, b - start) for k, c, a, b, _ in group]
    responses = find_responses(
        text,
        [(a, b) for k, _, a, b in shifted if k == "mode"],
        [(a, b) for k, _, a, b in shifted if k == "therapy"],
    )
    reader = _Reader(text, shifted, responses, cues)
    rows = []
    for gene in sorted(genes):
        on_therapy = reader.on_therapy(gene)
        for mode in sorted(modes) if modes else [None]:
            on_mode = reader.on_mode(gene, mode) if mode else Reading(0, 0.0, "")
            assertion = (
                _assertion([m[4] for m in modes[mode]]) if mode else _plain_assertion(sentences, name, number)
            )
            rows.append(
                {
                    "record_id": record,
                    "gene": gene,
                    "mode": mode,
                    "scope": "sentence",
                    "field": name,
                    "sentence": number,
                    "effect_on_mode": _effect(on_mode, _ON_MODE, assertion),
                    "effect_on_therapy": _effect(on_therapy, _ON_THERAPY, assertion),
                    "therapies": join_list(therapies),
                    "assertion": assertion,
                    "confidence": "high"
                    if (on_mode.sign or on_therapy.sign) and assertion != NEGATED
                    else "medium",
                    "text": text,
                    "gene_start": genes[gene][0][2],
                    "mode_start": modes[mode][0][2] if mode else None,
                }
            )
    return rows


def _by_concept(group: Iterable[_Mention], kind: str) -> dict[str, list[_Mention]]:
    result: dict[str, list[_Mention]] = defaultdict(list)
    for mention in group:
        if mention[0] == kind:
            result[mention[1]].append(mention)
    return result


def _assertion(values: Iterable[str | None]) -> str:
    """The most trusted of several assertions."""
    return max((v or FINDING for v in values), key=_TRUST.__getitem__, default=FINDING)


def _plain_assertion(sentences: _Sentences, name: str, number: int) -> str:
    """Assertion of a sentence that names no mode."""
    text = sentences.texts.get((sentences.record, name), "")
    span = sentences.span(name, number)
    found = classify_mentions(text, sentences.spans.get(name, [span]), [(span[0], span[0])], field=name)[0]
    return BACKGROUND if found == NEGATED else found


def _effect(reading: Reading, names: Mapping[int, str], assertion: str) -> str:
    if assertion == NEGATED:
        return NONE_STATED
    return CONFLICTING if reading.rule == "conflicting" else names[reading.sign]


class _Reader:
    """Readings of one sentence for any pair of its concepts; the words are cut once."""

    def __init__(
        self,
        text: str,
        mentions: Sequence[tuple[str, str, int, int]],
        responses: Sequence[Mark],
        cues: Cues,
    ) -> None:
        self.responses = responses
        marks = [(a, b, f"{k}:{c}") for k, c, a, b in mentions]
        marks += [(r.start, r.end, f"response:{i}") for i, r in enumerate(responses)]
        self.words = Words(text, marks, cues)

    def _as(self, gene: str, target: str) -> Words:
        """The words with this gene and target marked."""
        own = f"gene:{gene}"

        def label(kind: str) -> str:
            if kind == own:
                return GENE
            if kind == target:
                return MODE
            return OTHER if kind.startswith("gene:") else WORD if kind.startswith("response:") else NAME

        return self.words.relabel(label)

    def on_mode(self, gene: str, mode: str) -> Reading:
        """Effect of the gene on the mode."""
        return read_direction(self._as(gene, f"mode:{mode}"))

    def on_therapy(self, gene: str) -> Reading:
        """Effect of the gene on the response to therapy: +1 resistance."""
        best = Reading(0, 0.0, "")
        signs = set()
        for i, mark in enumerate(self.responses):
            tokens = self._as(gene, f"response:{i}")
            reading = read_direction(tokens, predicate=mark.predicate, stative=True)
            if reading.sign:
                reading = Reading(reading.sign * mark.sign, reading.weight, reading.rule)
                signs.add((reading.sign, reading.weight >= 0.5))
                best = max(best, reading, key=lambda r: r.weight)
        if {(1, True), (-1, True)} <= signs and best.weight < 0.7:
            return Reading(0, best.weight, "conflicting")
        return best


def _article_rows(
    record: str, found: _Record, rows: Sequence[Mapping[str, Any]], sentences: _Sentences, *, has_mode: bool
) -> list[dict[str, Any]]:
    """One row per gene and mode of the record, or per gene if it names a therapy but no mode."""
    genes: dict[str, list[tuple[str, int, _Mention]]] = defaultdict(list)
    modes: dict[str, list[tuple[str, int, _Mention]]] = defaultdict(list)
    therapies: set[str] = set()
    for (name, number), group in sorted(
        found.sentences.items(), key=lambda item: (_FIELD_ORDER[item[0][0]], item[0][1])
    ):
        for mention in group:
            if mention[0] == "gene":
                genes[mention[1]].append((name, number, mention))
            elif mention[0] == "mode":
                modes[mention[1]].append((name, number, mention))
            else:
                therapies.add(mention[1])
    by_pair: dict[tuple[str, str | None], list[Mapping[str, Any]]] = defaultdict(list)
    by_gene: dict[str, list[Mapping[str, Any]]] = defaultdict(list)
    for row in rows:
        by_pair[row["gene"], row["mode"]].append(row)
        by_gene[row["gene"]].append(row)
    resistant = any(row["effect_on_therapy"] == "resistance" for row in rows)
    result = []
    for gene in sorted(genes):
        wanted: list[str | None] = [*sorted(modes)] if has_mode else [None]
        if not has_mode and not therapies:
            continue
        for mode in wanted:
            result.append(
                _article_row(
                    record,
                    gene,
                    mode,
                    genes[gene],
                    modes.get(mode or "", []),
                    by_pair.get((gene, mode), []),
                    by_gene.get(gene, []),
                    therapies,
                    sentences,
                    resistant=resistant,
                )
            )
    return result


def _article_row(
    record: str,
    gene: str,
    mode: str | None,
    named: Sequence[tuple[str, int, _Mention]],
    mode_named: Sequence[tuple[str, int, _Mention]],
    pair: Sequence[Mapping[str, Any]],
    of_gene: Sequence[Mapping[str, Any]],
    therapies: set[str],
    sentences: _Sentences,
    *,
    resistant: bool,
) -> dict[str, Any]:
    """The record's row for a gene and a mode, with its best sentence."""
    on_mode = _combine(pair, "effect_on_mode")
    on_therapy = _combine(of_gene, "effect_on_therapy")
    if on_therapy == NONE_STATED and resistant and on_mode == "inhibits":
        on_therapy = "resistance"
    if pair:
        best = max(pair, key=_rank)
        name, number, text = best["field"], best["sentence"], best["text"]
        gene_start, mode_start = best["gene_start"], best["mode_start"]
        assertion = _assertion(row["assertion"] for row in pair)
    else:
        name, number, mention = named[0]
        text, gene_start, mode_start = sentences.text(name, number), mention[2], None
        assertion = _assertion(m[4] for _, _, m in mode_named)
    stated = on_mode != NONE_STATED or (mode is None and on_therapy != NONE_STATED)
    return {
        "record_id": record,
        "gene": gene,
        "mode": mode,
        "scope": "article",
        "field": name,
        "sentence": number,
        "effect_on_mode": on_mode,
        "effect_on_therapy": on_therapy,
        "therapies": join_list(sorted(therapies)),
        "assertion": assertion,
        "confidence": "high" if stated and pair else "medium" if pair else "low",
        "text": text,
        "gene_start": gene_start,
        "mode_start": mode_start,
    }


def _rank(row: Mapping[str, Any]) -> tuple[bool, int, int, int]:
    """Which sentence to show: direction stated, finding, title before abstract, earlier."""
    stated = row["effect_on_mode"] != NONE_STATED or (
        row["mode"] is None and row["effect_on_therapy"] != NONE_STATED
    )
    return stated, _TRUST[row["assertion"]], -_FIELD_ORDER[row["field"]], -row["sentence"]


def _combine(rows: Sequence[Mapping[str, Any]], column: str) -> str:
    """Direction of several sentences: findings decide, background stands in, opposites conflict."""
    for assertion in (FINDING, BACKGROUND):
        stated = {row[column] for row in rows if row["assertion"] == assertion} - {NONE_STATED}
        if stated:
            return stated.pop() if len(stated) == 1 else CONFLICTING
    return NONE_STATED
