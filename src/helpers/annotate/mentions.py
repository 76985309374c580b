"""Genes, modes and therapies named in articles: the MENTIONS table."""

from __future__ import annotations

import json
from collections.abc import Sequence

import numpy as np
import pandas as pd
import pyarrow as pa

from helpers.annotate.arrays import distinct
from helpers.annotate.assertion import FINDING, classify_mentions, read_parts
from helpers.annotate.assertion_features import Sentences, Spans
from helpers.annotate.genes import choose_genes
from helpers.annotate.lexicon import Lexicon
from helpers.annotate.modes import Field, Found, find_modes
from helpers.annotate.scan import Hits, Ints, scan
from helpers.annotate.sentences import find_sentences
from helpers.annotate.vocabulary import GENE, KINDS, MODE
from helpers.collector import paused_collector
from helpers.schemas import MENTIONS, from_columns, text_array

_WHOLE = frozenset({"keyword", "mesh"})  # fields that are no sentences
# Columns of ARTICLES that mentions and evidence are found in.
READ = ("record_id", "title", "abstract", "abstract_kind", "other_abstracts", "keywords", "mesh", "mesh_ui")


def read_fields(articles: pd.DataFrame) -> list[Field]:
    """(record id, field, text) of each text that is searched; mention offsets count in these texts.

    keyword is the list as it stands in the table, other_abstract the texts of all other abstracts
    joined by line feeds.
    """
    fields: list[Field] = []
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
    documents = np.array([numbers[r] for r, _, _ in fields], dtype=np.int64)
    found = find_modes(articles, fields, hits, documents, lexicon)
    chosen = np.ones(len(numbers), dtype=np.bool_)
    if not all_genes:
        others = found.rows[0, lexicon.kinds[found.rows[1]] != GENE]
        named = {found.fields[n][0] for n in distinct(others).tolist()}
        found.rows = found.rows[:, [found.fields[n][0] in named for n in found.rows[0].tolist()]]
        chosen = np.array([record in named for record in numbers], dtype=np.bool_)
    genes = choose_genes(hits, documents, chosen, lexicon)
    return _to_frame(found, hits, genes, lexicon)


def _to_frame(
    found: Found, hits: Hits, genes: tuple[Ints, Ints, Ints, Ints], lexicon: Lexicon
) -> pd.DataFrame:
    """MENTIONS frame of the terms found and the genes chosen, with their sentences and the assertion of modes.

    genes: place and end in the joined texts, concept, and rule of each.
    """
    place, stop, gene, of_gene = genes
    text = np.searchsorted(hits.folded.starts, place, side="right") - 1
    base = hits.folded.starts[text]
    field, concept, start, end, rule = np.concatenate(
        [found.rows, np.stack([text, gene, place - base, stop - base, of_gene])], axis=1
    )
    room = int(start.max(initial=0)) + 1
    _, first = np.unique((field * len(lexicon.concepts) + concept) * room + start, return_index=True)
    field, concept, start, end, rule = (column[first] for column in (field, concept, start, end, rule))
    named = distinct(field)
    ids, kinds = [found.fields[n][0] for n in named.tolist()], [found.fields[n][1] for n in named.tolist()]
    at = np.searchsorted(named, field)
    order = np.lexsort((start, _ranks(kinds)[at], _concept_ranks(lexicon)[concept], _ranks(ids)[at]))
    field, concept, start, end, rule, at = (c[order] for c in (field, concept, start, end, rule, at))
    sentence, assertion = _place(found, hits, field, concept, start, end, lexicon)
    columns = {
        "record_id": text_array(ids).take(at),
        "kind": text_array(KINDS).take(lexicon.kinds[concept]),
        "concept": _concept_names(lexicon).take(concept),
        "field": text_array(kinds).take(at),
        "start": start,
        "end": end,
        "text": _written(found, hits, field, start, end),
        "rule": text_array(found.rules).take(rule),
        "sentence": sentence,
        "assertion": assertion,
    }
    return from_columns(columns, MENTIONS)


def _written(found: Found, hits: Hits, field: Ints, start: Ints, end: Ints) -> list[str]:
    """Each term as it stands in its field."""
    text, last = hits.folded.joined, len(hits.folded.starts) - 1
    base = hits.folded.starts[np.minimum(field, last)]
    written = [text[a:b] for a, b in zip((base + start).tolist(), (base + end).tolist(), strict=True)]
    for i in np.flatnonzero(field >= last).tolist():  # in MeSH headings
        written[i] = found.fields[field[i]][2][start[i] : end[i]]
    return written


def _ranks(names: Sequence[str]) -> Ints:
    """Rank of each name among them, in the order of characters."""
    rank = {name: n for n, name in enumerate(sorted(set(names)))}
    return np.array([rank[name] for name in names], dtype=np.int64)


def _concept_names(lexicon: Lexicon) -> pa.Array:
    """The concepts as a text array; remembered."""
    known: pa.Array | None = lexicon.memory.get("concept names")
    if known is None:
        known = lexicon.memory["concept names"] = text_array(lexicon.concepts)
    return known


def _concept_ranks(lexicon: Lexicon) -> Ints:
    """Rank of each concept by kind and id; remembered."""
    known: Ints | None = lexicon.memory.get("concept ranks")
    if known is None:
        kinds = [KINDS[kind] for kind in lexicon.kinds.tolist()]
        order = sorted(range(len(kinds)), key=list(zip(kinds, lexicon.concepts, strict=True)).__getitem__)
        known = lexicon.memory["concept ranks"] = np.empty(len(kinds), dtype=np.int64)
        known[order] = np.arange(len(kinds))
    return known


def _place(
    found: Found, hits: Hits, field: Ints, concept: Ints, start: Ints, end: Ints, lexicon: Lexicon
) -> tuple[Ints, list[str | None]]:
    """Number of the sentence of each mention, and the assertion of those of modes."""
    folded = hits.folded
    texts = np.array(
        [n for n in distinct(field).tolist() if found.fields[n][1] not in _WHOLE], dtype=np.int64
    )
    number, begin, stop = find_sentences(
        folded.joined, folded.codes, folded.starts[texts], folded.starts[texts + 1] - 1
    )
    bounds = np.searchsorted(number, np.arange(len(texts) + 1))
    cut = np.isin(field, texts)
    row = np.searchsorted(texts, field[cut])
    at = np.full(len(field), -1)
    at[cut] = np.maximum(
        bounds[row], np.searchsorted(begin, folded.starts[field[cut]] + start[cut], side="right") - 1
    )
    sentence = np.zeros(len(field), dtype=np.int64)
    sentence[cut] = at[cut] - bounds[row]
    modal = lexicon.kinds[concept] == MODE
    assertion: list[str | None] = [FINDING if yes else None for yes in modal.tolist()]
    told = np.flatnonzero(modal & cut)
    base = folded.starts[field[told]]
    spans = Spans(base + start[told], base + end[told], concept[told], at[told])
    titles = np.array([found.fields[n][1] == "title" for n in texts.tolist()], dtype=np.bool_)
    whole = titles | ~np.isin(texts, field[told])
    parts = read_parts(folded.joined, folded.codes, begin, stop, bounds, whole)
    sentences = Sentences(begin, stop, parts, bounds)
    classes = classify_mentions(folded.joined, folded.codes, sentences, spans, titles)
    for i, value in zip(told.tolist(), classes, strict=True):
        assertion[i] = value
    return sentence, assertion
