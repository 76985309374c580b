"""Genes, modes and therapies named in articles: the MENTIONS table."""

from __future__ import annotations

import json
from bisect import bisect_left, bisect_right
from collections import defaultdict
from typing import Any

import numpy as np
import pandas as pd

from helpers.annotate.assertion import classify_mentions
from helpers.annotate.genes import choose_genes
from helpers.annotate.lexicon import Lexicon
from helpers.annotate.scan import Hits, scan
from helpers.annotate.sentences import split_sentences
from helpers.annotate.variants import CJK
from helpers.annotate.vocabulary import ABBREVIATION, GENE, KINDS
from helpers.schemas import MENTIONS, conform, split_list

_Row = dict[str, Any]
_Field = tuple[str, str, str]  # record id, field, text


def read_fields(articles: pd.DataFrame) -> list[_Field]:
    """(record id, field, text) of each text that is searched; mention offsets count in these texts.

    keyword is the list as it stands in the table, other_abstract the texts of all other abstracts
    joined by line feeds.
    """
    fields: list[_Field] = []
    for record, title, abstract, others, keywords in zip(
        articles["record_id"],
        articles["title"],
        articles["abstract"],
        articles["other_abstracts"],
        articles["keywords"],
        strict=True,
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


def find_mentions(articles: pd.DataFrame, lexicon: Lexicon) -> pd.DataFrame:
    """MENTIONS frame: every gene, mode and therapy named, where, and by which rule.

    Genes are decided per record (one sense per term); modes carry the assertion of their sentence.
    """
    fields = read_fields(articles)
    numbers = {record: n for n, record in enumerate(dict.fromkeys(r for r, _, _ in fields))}
    hits = scan([text for _, _, text in fields], lexicon)
    rows = _latin_rows(hits, [numbers[r] for r, _, _ in fields], fields, lexicon)
    rows += _chinese_rows(fields, lexicon)
    rows += _mesh_rows(articles, lexicon)
    _place_in_sentences(rows, {(r, f): text for r, f, text in fields})
    frame = pd.DataFrame(rows, columns=MENTIONS.names)
    frame = frame.drop_duplicates(list(MENTIONS.key))
    return conform(frame, MENTIONS)


def _row(lexicon: Lexicon, concept: int, field: _Field, start: int, end: int, rule: str) -> _Row:
    record, name, text = field
    return {
        "record_id": record,
        "kind": KINDS[lexicon.kinds[concept]],
        "concept": lexicon.concepts[concept],
        "field": name,
        "sentence": 0,
        "start": start,
        "end": end,
        "text": text[start:end],
        "rule": rule,
        "assertion": None,
    }


def _latin_rows(hits: Hits, documents: list[int], fields: list[_Field], lexicon: Lexicon) -> list[_Row]:
    """Rows of terms in Latin letters."""
    starts, ends, texts = hits.start.tolist(), hits.end.tolist(), hits.text.tolist()
    bases = hits.folded.starts.tolist()
    rows = []
    for named in choose_genes(hits, documents, lexicon):
        number = bisect_right(bases, named.start) - 1
        base = bases[number]
        span = named.start - base, named.end - base
        rows.append(_row(lexicon, named.gene, fields[number], *span, named.rule))
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
            rows.append(_row(lexicon, concept, field, starts[hit], ends[hit], rule))
    return rows


def in_context(
    lexicon: Lexicon, pattern: int, concept: int, hits: Hits, documents: list[int], text: int
) -> bool:
    """True unless the term needs a context word and the record has none."""
    words = lexicon.contexts.get((pattern, concept))
    if not words:
        return True
    first, last = bisect_left(documents, documents[text]), bisect_right(documents, documents[text])
    return any(word in hits.folded.part(n) for n in range(first, last) for word in words)


def _chinese_rows(fields: list[_Field], lexicon: Lexicon) -> list[_Row]:
    """Rows of Chinese terms; they need no word boundary."""
    automaton = lexicon.automata[1]
    rows: list[_Row] = []
    if automaton is None:
        return rows
    for field in fields:
        text = field[2]
        if text.isascii() or not CJK.search(text):
            continue
        reach, last = -1, (-1, -1)
        found = automaton.find_matches_as_indexes(text, overlapping=True)
        for term, start, end in sorted(found, key=lambda hit: (hit[1], -hit[2])):
            if end <= reach and (start, end) != last:  # within a longer term
                continue
            reach, last = end, (start, end)
            if lexicon.chinese[term][1] < 0:
                continue
            rows.append(_row(lexicon, lexicon.chinese[term][1], field, start, end, "Chinese term"))
    return rows


def _mesh_rows(articles: pd.DataFrame, lexicon: Lexicon) -> list[_Row]:
    """Rows of modes among the MeSH descriptors; offsets count in the record's `mesh` text."""
    rows: list[_Row] = []
    for record, names, uis in zip(articles["record_id"], articles["mesh"], articles["mesh_ui"], strict=True):
        if not isinstance(uis, str) or not isinstance(names, str):
            continue
        start = 0
        for name, ui in zip(split_list(names), split_list(uis), strict=False):
            for concept in lexicon.mesh.get(ui, ()):
                field = (record, "mesh", names)
                rows.append(_row(lexicon, concept, field, start, start + len(name), f"MeSH {ui}"))
            start += len(name) + 1
    return rows


def _place_in_sentences(rows: list[_Row], texts: dict[tuple[str, str], str]) -> None:
    """Fill in sentence numbers, and for modes the assertion of their sentence."""
    groups: dict[tuple[str, str], list[_Row]] = defaultdict(list)
    for row in rows:
        groups[row["record_id"], row["field"]].append(row)
    for key, group in groups.items():
        sentences: list[tuple[int, int]] = []
        if key[1] not in ("mesh", "keyword"):
            sentences = split_sentences(texts[key])
            starts = [start for start, _ in sentences]
            for row in group:
                row["sentence"] = max(0, bisect_right(starts, row["start"]) - 1)
        modes = sorted((r for r in group if r["kind"] == "mode"), key=lambda r: (r["start"], r["end"]))
        if modes:
            assertions = classify_mentions(
                texts.get(key, ""),
                sentences,
                [(r["start"], r["end"]) for r in modes],
                field=key[1],
                concepts=[r["concept"] for r in modes],
            )
            for row, assertion in zip(modes, assertions, strict=True):
                row["assertion"] = assertion
