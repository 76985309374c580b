"""Modes and therapies named in texts, keywords and MeSH headings, and the rule that found each."""

from __future__ import annotations

import numpy as np
import pandas as pd

from helpers.annotate.arrays import spread
from helpers.annotate.candidates import entry_flags
from helpers.annotate.histology import is_histology
from helpers.annotate.lexicon import Lexicon
from helpers.annotate.scan import Hits, Ints
from helpers.annotate.variants import FIRST_CJK
from helpers.annotate.vocabulary import ABBREVIATION, GENE, MODE, SOURCES, THERAPY
from helpers.schemas import HISTOLOGY, SEPARATOR

Field = tuple[str, str, str]  # record id, field, text
NARROWER = "narrower mode"  # rule of a mode that is mentioned by one of its kinds
# Rules of genes by the source of the term, those of orthologues after.
_RULES = [*SOURCES, *(f"orthologue, {source}" for source in SOURCES)]


class Found:
    """Modes and therapies, a column of `rows` each: number of the field, concept, start, end, number of the rule.

    fields: those of the articles' texts, then the MeSH headings in which a mode was found; rules: those of genes,
    then those met. Of several rules for one place the first counts.
    """

    def __init__(self, fields: list[Field]) -> None:
        self.fields, self.rules = [*fields], [*_RULES]
        self.rows = np.zeros((5, 0), dtype=np.int64)
        self._numbers = {rule: number for number, rule in enumerate(self.rules)}

    def add(self, rows: Ints) -> None:
        """Take note of more, behind those known."""
        self.rows = np.concatenate([self.rows, rows], axis=1)

    def number(self, rule: str) -> int:
        """Number of a rule."""
        number = self._numbers.setdefault(rule, len(self.rules))
        if number == len(self.rules):
            self.rules.append(rule)
        return number


def find_modes(
    articles: pd.DataFrame, fields: list[Field], hits: Hits, documents: Ints, lexicon: Lexicon
) -> Found:
    """Modes and therapies of the articles: in Latin letters, in Chinese, as MeSH descriptors; wider modes last.

    fields: texts of the articles, in which `hits` are; documents: the record of each text, rising.
    """
    found = Found(fields)
    found.add(_find_latin(found, hits, documents, lexicon))
    found.add(_find_chinese(found, hits, lexicon))
    found.add(_find_mesh(found, articles, lexicon))
    _mark_histology(found, lexicon)
    found.add(_find_wider(found, lexicon))
    return found


def _find_latin(found: Found, hits: Hits, documents: Ints, lexicon: Lexicon) -> Ints:
    """Modes and therapies in Latin letters, as rows of field, concept, start, end, rule."""
    of_gene, ruled = entry_flags(lexicon)
    modal = np.flatnonzero(lexicon.modal[hits.pattern])
    number, entry = spread(*(lexicon.first[hits.pattern[modal] + n].astype(np.int64) for n in (0, 1)))
    at, concept = modal[number], lexicon.concept[entry].astype(np.int64)
    keep = (concept >= 0) & ~of_gene[entry]
    bounds = np.searchsorted(documents, np.arange(int(documents.max(initial=-1)) + 2)).tolist()
    for i in np.flatnonzero(keep & ruled[entry]).tolist():
        field, start, end = (int(column[at[i]]) for column in (hits.text, hits.start, hits.end))
        exact = lexicon.exact.get(int(entry[i]))
        words = lexicon.contexts.get((int(hits.pattern[at[i]]), int(concept[i])))
        first, after = bounds[documents[field] : documents[field] + 2]
        keep[i] = (not exact or found.fields[field][2][start:end] in exact) and (
            not words or hits.folded.holds(words, first, after)
        )
    at, concept, entry = at[keep], concept[keep], entry[keep]
    rules = np.array([found.number("term"), found.number("abbreviation")])
    rule = rules[(lexicon.source[entry] == ABBREVIATION).astype(np.int64)]
    return np.stack([hits.text[at], concept, hits.start[at], hits.end[at], rule])


def _find_chinese(found: Found, hits: Hits, lexicon: Lexicon) -> Ints:
    """Chinese terms; they need no word boundary."""
    automaton, rule = lexicon.automaton, found.number("Chinese term")
    rows: list[tuple[int, int, int, int, int]] = []
    if automaton is None or not len(hits.folded.codes):
        return _rows(rows)
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
                rows.append((field, concept, start, end, rule))
    return _rows(rows)


def _find_mesh(found: Found, articles: pd.DataFrame, lexicon: Lexicon) -> Ints:
    """Modes among the MeSH descriptors; offsets count in the record's `mesh` text."""
    rows = []
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
                rows.append((field, concept, start, start + len(name), found.number(f"MeSH {ui}")))
            start += len(name) + 1
    return _rows(rows)


def _rows(rows: list[tuple[int, int, int, int, int]]) -> Ints:
    """The rows as `Found` holds them."""
    return np.array(rows, dtype=np.int64).reshape(-1, 5).T


def _mark_histology(found: Found, lexicon: Lexicon) -> None:
    """Give necrosis of a specimen a rule of its own."""
    for i in np.flatnonzero(found.rows[1] == _necrosis(lexicon)).tolist():
        field, _, start, end, _ = found.rows[:, i].tolist()
        if is_histology(found.fields[field][2], start, end):
            found.rows[4, i] = found.number(HISTOLOGY)


def _necrosis(lexicon: Lexicon) -> int:
    """Number of the concept, -1 where the vocabulary has none; remembered."""
    known: int | None = lexicon.memory.get("necrosis")
    if known is None:
        places = [i for i, concept in enumerate(lexicon.concepts) if concept == "necrosis"]
        known = lexicon.memory["necrosis"] = places[0] if places else -1
    return known


def _find_wider(found: Found, lexicon: Lexicon) -> Ints:
    """The modes that those found are kinds of."""
    rule, more = found.number(NARROWER), [found.rows[:, :0]]
    for narrow, wider in lexicon.wider.items():
        for concept in wider:
            kind = found.rows[:, found.rows[1] == narrow]
            kind[1], kind[4] = concept, rule
            more.append(kind)
    return np.concatenate(more, axis=1)
