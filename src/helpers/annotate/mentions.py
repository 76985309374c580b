"""Genes, modes and therapies named in articles: the MENTIONS table."""

from __future__ import annotations

import json
from collections.abc import Sequence
from itertools import pairwise

import numpy as np
import pandas as pd

from helpers.annotate.arrays import distinct
from helpers.annotate.assertion import FINDING, classify_mentions, read_parts
from helpers.annotate.assertion_features import Sentences, Spans
from helpers.annotate.genes import choose_genes
from helpers.annotate.histology import is_histology
from helpers.annotate.lexicon import Lexicon
from helpers.annotate.normalise import Folded
from helpers.annotate.scan import Hits, Ints, scan
from helpers.annotate.sentences import find_sentences
from helpers.annotate.variants import FIRST_CJK
from helpers.annotate.vocabulary import ABBREVIATION, GENE, KINDS, MODE, SOURCES, THERAPY
from helpers.collector import paused_collector
from helpers.schemas import HISTOLOGY, MENTIONS, SEPARATOR, from_columns

_Field = tuple[str, str, str]  # record id, field, text
_WHOLE = frozenset({"keyword", "mesh"})  # fields that are no sentences
NARROWER = "narrower mode"  # rule of a mode that is mentioned by one of its kinds
# Columns of ARTICLES that mentions and evidence are found in.
READ = ("record_id", "title", "abstract", "abstract_kind", "other_abstracts", "keywords", "mesh", "mesh_ui")
# Rules of genes by the source of the term, those of orthologues after.
_RULES = [*SOURCES, *(f"orthologue, {source}" for source in SOURCES)]


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
    found = _Found(fields, lexicon)
    documents = np.array([numbers[r] for r, _, _ in fields], dtype=np.int64)
    _add_modes(found, hits, documents, lexicon)
    _add_chinese(found, hits, lexicon)
    _add_mesh(found, articles, lexicon)
    chosen = np.ones(len(numbers), dtype=np.bool_)
    if not all_genes:
        named = found.drop_lone_genes()
        chosen = np.array([record in named for record in numbers], dtype=np.bool_)
    start, end, gene, rule = choose_genes(hits, documents, chosen, lexicon)
    return _to_frame(found, hits, (start, end, gene, rule), lexicon)


class _Found:
    """Terms found one by one, as (number of the field, concept, start, end, number of the rule).

    fields: those of the articles' texts, then the MeSH headings in which a term was found. Of several rules for
    one place the first stays.
    """

    def __init__(self, fields: list[_Field], lexicon: Lexicon) -> None:
        self.fields, self.rules = [*fields], [*_RULES]
        self.rows: list[tuple[int, int, int, int, int]] = []
        self._wider, self._kinds = lexicon.wider, lexicon.kinds
        self._necrosis = lexicon.concepts.index("necrosis") if "necrosis" in lexicon.concepts else -1
        self._numbers = {rule: number for number, rule in enumerate(self.rules)}

    def add(self, concept: int, field: int, start: int, end: int, rule: str) -> None:
        """Take note of a term, and of the modes it is a kind of."""
        if concept == self._necrosis and is_histology(self.fields[field][2], start, end):
            rule = HISTOLOGY
        self.rows.append((field, concept, start, end, self._number(rule)))
        for wider in self._wider.get(concept, ()):
            self.rows.append((field, wider, start, end, self._number(NARROWER)))

    def drop_lone_genes(self) -> set[str]:
        """The records of which a mode or therapy was noted; what was noted of others is forgotten."""
        named = {self.fields[row[0]][0] for row in self.rows if self._kinds[row[1]] != GENE}
        self.rows = [row for row in self.rows if self.fields[row[0]][0] in named]
        return named

    def _number(self, rule: str) -> int:
        number = self._numbers.setdefault(rule, len(self.rules))
        if number == len(self.rules):
            self.rules.append(rule)
        return number


def _add_modes(found: _Found, hits: Hits, documents: Ints, lexicon: Lexicon) -> None:
    """Modes and therapies in Latin letters."""
    edges = np.flatnonzero(np.diff(documents, prepend=-1, append=-1)).tolist()
    bounds = list(pairwise(edges))  # of the texts of each record
    modal = np.flatnonzero(lexicon.modal[hits.pattern])
    columns = (hits.pattern[modal], hits.text[modal], hits.start[modal], hits.end[modal])
    for pattern, field, start, end in zip(*(column.tolist() for column in columns), strict=True):
        for entry in range(lexicon.first[pattern], lexicon.first[pattern + 1]):
            concept = int(lexicon.concept[entry])
            if concept < 0 or lexicon.kinds[concept] == GENE:
                continue
            exact = lexicon.exact.get(entry)
            if exact and found.fields[field][2][start:end] not in exact:
                continue
            words = lexicon.contexts.get((pattern, concept))  # one of which the record must hold
            if words and not _in_context(words, hits.folded, range(*bounds[documents[field]])):
                continue
            rule = "abbreviation" if lexicon.source[entry] == ABBREVIATION else "term"
            found.add(concept, field, start, end, rule)


def _in_context(words: Sequence[bytes], folded: Folded, texts: range) -> bool:
    """True if one of the texts holds one of the folded words."""
    edges = folded.edges
    return any(folded.text.find(word, edges[n] - 1, edges[n + 1] + 1) >= 0 for n in texts for word in words)


def _add_chinese(found: _Found, hits: Hits, lexicon: Lexicon) -> None:
    """Chinese terms; they need no word boundary."""
    automaton = lexicon.automaton
    if automaton is None or not len(hits.folded.codes):
        return
    highest = np.maximum.reduceat(hits.folded.codes, hits.folded.starts[:-1])
    for field in np.flatnonzero(highest >= FIRST_CJK).tolist():
        text = found.fields[field][2]
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
        listed = uis.split(SEPARATOR)
        if lexicon.mesh.keys().isdisjoint(listed):
            continue
        start, field = 0, len(found.fields)
        found.fields.append((record, "mesh", names))
        for name, ui in zip(names.split(SEPARATOR), listed, strict=False):
            for concept in lexicon.mesh.get(ui, ()):
                found.add(concept, field, start, start + len(name), f"MeSH {ui}")
            start += len(name) + 1


def _to_frame(
    found: _Found, hits: Hits, genes: tuple[Ints, Ints, Ints, Ints], lexicon: Lexicon
) -> pd.DataFrame:
    """MENTIONS frame of the terms found and the genes chosen, with their sentences and the assertion of modes.

    genes: place and end in the joined texts, concept, and rule of each.
    """
    place, stop, gene, of_gene = genes
    text = np.searchsorted(hits.folded.starts, place, side="right") - 1
    base = hits.folded.starts[text]
    rows = np.array(found.rows, dtype=np.int64).reshape(-1, 5).T
    field, concept, start, end, rule = np.concatenate(
        [rows, np.stack([text, gene, place - base, stop - base, of_gene])], axis=1
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
    spans = zip(field.tolist(), start.tolist(), end.tolist(), strict=True)
    columns = {
        "record_id": [ids[n] for n in at.tolist()],
        "kind": [KINDS[n] for n in lexicon.kinds[concept].tolist()],
        "concept": [lexicon.concepts[n] for n in concept.tolist()],
        "field": [kinds[n] for n in at.tolist()],
        "start": start,
        "end": end,
        "text": [found.fields[n][2][a:b] for n, a, b in spans],
        "rule": [found.rules[n] for n in rule.tolist()],
        "sentence": sentence,
        "assertion": assertion,
    }
    return from_columns(columns, MENTIONS)


def _ranks(names: Sequence[str]) -> Ints:
    """Rank of each name among them, in the order of characters."""
    rank = {name: n for n, name in enumerate(sorted(set(names)))}
    return np.array([rank[name] for name in names], dtype=np.int64)


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
    found: _Found, hits: Hits, field: Ints, concept: Ints, start: Ints, end: Ints, lexicon: Lexicon
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
