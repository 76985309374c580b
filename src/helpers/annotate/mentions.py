"""Genes, modes and therapies named in articles: the MENTIONS table."""

from __future__ import annotations

import json
from bisect import bisect_right
from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from helpers.annotate.assertion import classify_mentions
from helpers.annotate.genes import choose_genes
from helpers.annotate.lexicon import Lexicon
from helpers.annotate.scan import Bools, Hits, Ints, scan
from helpers.annotate.sentences import split_sentences
from helpers.annotate.variants import FIRST_CJK
from helpers.annotate.vocabulary import ABBREVIATION, GENE, KINDS, MODE, THERAPY
from helpers.collector import paused_collector
from helpers.schemas import MENTIONS, SEPARATOR, from_columns

_Field = tuple[str, str, str]  # record id, field, text
_Key = tuple[str, str, int]  # kind, concept, start
_Rest = tuple[int, str, str]  # end, text, rule
_Row = tuple[Any, ...]  # as _COLUMNS
_COLUMNS = ("record_id", "kind", "concept", "field", "start", "end", "text", "rule", "sentence", "assertion")
_GENE, _MODE = KINDS[GENE], KINDS[MODE]
NARROWER = "narrower mode"  # rule of a mode that is mentioned by one of its kinds


def read_fields(articles: pd.DataFrame) -> list[_Field]:
    """(record id, field, text) of each text that is searched; mention offsets count in these texts.

    keyword is the list as it stands in the table, other_abstract the texts of all other abstracts
    joined by line feeds.
    """
    fields: list[_Field] = []
    columns = ("record_id", "title", "abstract", "other_abstracts", "keywords")
    for record, title, abstract, others, keywords in zip(
        *(articles[column].tolist() for column in columns), strict=True
    ):
        if isinstance(title, str):
            fields.append((record, "title", title))
        if isinstance(abstract, str):
            fields.append((record, "abstract", abstract))
        if isinstance(others, str):
            text = "\n".join(item["text"] for item in json.loads(others))
            fields.append((record, "other_abstract", text))
        if isinstance(keywords, str):
            fields.append((record, "keyword", keywords))
    return fields


@paused_collector()
def find_mentions(articles: pd.DataFrame, lexicon: Lexicon, *, all_genes: bool = True) -> pd.DataFrame:
    """MENTIONS frame: every gene, mode and therapy named, where, and by which rule.

    Genes are decided per record (one sense per term); modes carry the assertion of their sentence. Without
    `all_genes` the genes of records that name neither mode nor therapy are left out: they give no evidence.
    """
    fields = read_fields(articles)
    numbers = {record: n for n, record in enumerate(dict.fromkeys([r for r, _, _ in fields]))}
    hits = scan([text for _, _, text in fields], lexicon)
    found = _Found(lexicon)
    documents = np.array([numbers[r] for r, _, _ in fields], dtype=np.int64)
    _add_modes(found, hits, documents, fields, lexicon)
    _add_chinese(found, hits, fields, lexicon)
    _add_mesh(found, articles, lexicon)
    chosen = np.ones(len(numbers), dtype=np.bool_)
    if not all_genes:
        found.drop_lone_genes()
        named = {record for record, _ in found.fields}
        chosen = np.array([record in named for record in numbers], dtype=np.bool_)
    _add_genes(found, hits, documents, chosen, fields, lexicon)
    return _to_frame(found, {(r, f): text for r, f, text in fields})


class _Found:
    """Terms found: for each field of a record, (kind, concept, start) -> (end, text, rule)."""

    def __init__(self, lexicon: Lexicon) -> None:
        self._wider = lexicon.wider
        self.fields: dict[tuple[str, str], dict[_Key, _Rest]] = {}
        if "names" not in lexicon.memory:
            kinds = [KINDS[kind] for kind in lexicon.kinds.tolist()]
            lexicon.memory["names"] = list(zip(kinds, lexicon.concepts, strict=True))
        self._names: list[tuple[str, str]] = lexicon.memory["names"]

    def add(self, concept: int, field: _Field, start: int, end: int, rule: str) -> None:
        """Take note of a term, and of the modes it is a kind of; of several rules for one place the first stays."""
        record, name, text = field
        held = self.fields.get((record, name))
        if held is None:
            held = self.fields[record, name] = {}
        held.setdefault((*self._names[concept], start), (end, text[start:end], rule))
        for wider in self._wider.get(concept, ()):
            held.setdefault((*self._names[wider], start), (end, text[start:end], NARROWER))

    def drop_lone_genes(self) -> None:
        """Forget the records for which only genes were noted."""
        kept = {record for (record, _), held in self.fields.items() if any(key[0] != _GENE for key in held)}
        self.fields = {place: held for place, held in self.fields.items() if place[0] in kept}


def _add_genes(
    found: _Found, hits: Hits, documents: Ints, chosen: Bools, fields: list[_Field], lexicon: Lexicon
) -> None:
    """Genes in Latin letters, of the chosen records."""
    bases = hits.folded.starts.tolist()
    for start, end, gene, rule in choose_genes(hits, documents, chosen, lexicon):
        number = bisect_right(bases, start) - 1
        base = bases[number]
        found.add(gene, fields[number], start - base, end - base, rule)


def _add_modes(found: _Found, hits: Hits, documents: Ints, fields: list[_Field], lexicon: Lexicon) -> None:
    """Modes and therapies in Latin letters."""
    starts, ends, texts = hits.start.tolist(), hits.end.tolist(), hits.text.tolist()
    modal = np.flatnonzero(lexicon.modal[hits.pattern])
    for hit, pattern in zip(modal.tolist(), hits.pattern[modal].tolist(), strict=True):
        for entry in range(lexicon.first[pattern], lexicon.first[pattern + 1]):
            concept = int(lexicon.concept[entry])
            if concept < 0 or lexicon.kinds[concept] == GENE:
                continue
            field = fields[texts[hit]]
            exact = lexicon.exact.get(entry)
            if exact and field[2][starts[hit] : ends[hit]] not in exact:
                continue
            if not in_context(lexicon, pattern, concept, hits, documents, texts[hit]):
                continue
            rule = "abbreviation" if lexicon.source[entry] == ABBREVIATION else "term"
            found.add(concept, field, starts[hit], ends[hit], rule)


def in_context(lexicon: Lexicon, pattern: int, concept: int, hits: Hits, documents: Ints, text: int) -> bool:
    """True unless the term needs a context word and the record has none."""
    words = lexicon.contexts.get((pattern, concept))
    if not words:
        return True
    first, last = np.searchsorted(documents, documents[text] + np.arange(2))
    return any(word in hits.folded.part(n) for n in range(first, last) for word in words)


def _add_chinese(found: _Found, hits: Hits, fields: list[_Field], lexicon: Lexicon) -> None:
    """Chinese terms; they need no word boundary."""
    automaton = lexicon.automaton
    places = np.flatnonzero(hits.folded.codes >= FIRST_CJK)
    numbers = np.unique(np.searchsorted(hits.folded.starts, places, side="right") - 1)
    for field in [fields[n] for n in numbers.tolist()] if automaton is not None else ():
        text = field[2]
        reach, reach_of_modes, last = -1, -1, (-1, -1)
        terms = automaton.find_matches_as_indexes(text, overlapping=True)
        for term, start, end in sorted(terms, key=lambda hit: (hit[1], -hit[2])):
            concept = lexicon.chinese[term][1]
            kind = int(lexicon.kinds[concept]) if concept >= 0 else GENE
            hidden = reach_of_modes if kind == MODE else reach
            if end <= hidden and (start, end) != last:  # within a longer term; a therapy hides no mode
                continue
            reach, last = max(reach, end), (start, end)
            if kind != THERAPY:
                reach_of_modes = max(reach_of_modes, end)
            if concept >= 0:
                found.add(concept, field, start, end, "Chinese term")


def _add_mesh(found: _Found, articles: pd.DataFrame, lexicon: Lexicon) -> None:
    """Modes among the MeSH descriptors; offsets count in the record's `mesh` text."""
    for record, names, uis in zip(
        *(articles[column].tolist() for column in ("record_id", "mesh", "mesh_ui")), strict=True
    ):
        if not isinstance(uis, str) or not isinstance(names, str):
            continue
        start = 0
        for name, ui in zip(names.split(SEPARATOR), uis.split(SEPARATOR), strict=False):
            for concept in lexicon.mesh.get(ui, ()):
                found.add(concept, (record, "mesh", names), start, start + len(name), f"MeSH {ui}")
            start += len(name) + 1


def _to_frame(found: _Found, texts: dict[tuple[str, str], str]) -> pd.DataFrame:
    """MENTIONS frame of the terms found, with their sentences and the assertion of modes."""
    records: dict[str, list[_Row]] = {}
    for (record, field), held in found.fields.items():
        text = texts.get((record, field), "")
        sentences = () if field in ("mesh", "keyword") else split_sentences(text)
        starts = [start for start, _ in sentences] or [0]
        assertions = _assertions(held, field, text, sentences)
        rows = [
            (
                record,
                kind,
                concept,
                field,
                start,
                end,
                written,
                rule,
                max(0, bisect_right(starts, start) - 1),
                assertions.get((start, end, concept)) if kind == _MODE else None,
            )
            for (kind, concept, start), (end, written, rule) in held.items()
        ]
        if record in records:
            records[record] += rows
        else:
            records[record] = rows
    # Rows begin with the table's key, so that they sort by it.
    ordered = [row for record in sorted(records) for row in sorted(records[record])]
    columns = zip(*ordered, strict=True) if ordered else ((),) * len(_COLUMNS)
    return from_columns(dict(zip(_COLUMNS, columns, strict=True)), MENTIONS)


def _assertions(
    held: dict[_Key, _Rest], field: str, text: str, sentences: Sequence[tuple[int, int]]
) -> dict[tuple[int, int, str], str]:
    """(start, end, concept) -> assertion of the modes in one field."""
    modes = sorted([(at, rest[0], concept) for (kind, concept, at), rest in held.items() if kind == _MODE])
    if not modes:
        return {}
    spans, concepts = [(start, end) for start, end, _ in modes], [concept for _, _, concept in modes]
    assertions = classify_mentions(text, sentences, spans, field=field, concepts=concepts)
    return dict(zip(modes, assertions, strict=True))
