"""A library of synthetic PubMed records: seeded, plausible in shape, invented in content.

Each record is made from its PMID and the seed alone, so two servers with one seed hold the same library.
"""

from __future__ import annotations

import random
import re
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from itertools import accumulate

import numpy as np

from eutils.facts import (
    CANCERS,
    CELLS,
    DRUGS,
    FAMILY_NAMES,
    FAMOUS,
    HOME_JOURNALS,
    JOURNALS,
    MODES,
    OTHER_GENES,
    PARTNER_DRUGS,
    PARTNER_MODES,
    PLANTED,
    PLANTED_GAPS,
)

FIRST_YEAR, LAST_DAY = 2005, date(2026, 11, 1)
PLANTED_SHARE = 0.4  # records about a gene planted for their first mode
_PLANTED_GENES = (gene for effects in PLANTED.values() for genes in effects.values() for gene in genes)
# The famous ones first, the rest in an arbitrary order; how often each is named falls as in a real corpus.
_OBSCURE = sorted(
    {*OTHER_GENES, *_PLANTED_GENES} - set(FAMOUS), key=lambda gene: random.Random(gene).random()
)
_ALL_GENES = [*FAMOUS, *_OBSCURE]
_FAME = list(accumulate(1 / (place + 4) ** 0.8 for place in range(len(_ALL_GENES))))
_WORD = re.compile(r"[^\W_]+")


@dataclass(frozen=True)
class Record:
    """One synthetic record, before it is written as XML."""

    pmid: int
    published: date
    created: date
    revised: date
    journal: int
    kind: str
    title: str
    sentences: tuple[str, ...]
    genes: tuple[str, ...]
    modes: tuple[str, ...]
    drug: str
    authors: tuple[str, ...]
    retracted: bool = False
    version: int = 1
    shape: int = 0

    @property
    def is_book(self) -> bool:
        """Whether PubMed would deliver it as a book."""
        return self.kind == "book"

    def words(self) -> str:
        """Title, abstract, keywords and headings as lower-case words between single spaces."""
        parts = (self.title, *self.sentences, *self.modes)
        return f" {' '.join(_WORD.findall(' '.join(parts).casefold()))} "


def make_record(pmid: int, published: date, seed: int, *, on_topic: bool = True) -> Record:
    """The record of a PMID; off-topic ones name no resistance and no mode."""
    draw = random.Random(f"{seed}-{pmid}")
    modes = _modes(draw, published.year) if on_topic else ()
    effect, gene = _gene(draw, modes)
    others = (_background(draw, modes) for _ in range(draw.choice((0, 0, 1, 1, 2))))
    genes = tuple(dict.fromkeys((gene, *others)))
    drug, cancer, cell = _drug(draw, gene), draw.choice(CANCERS), draw.choice(CELLS)
    kind = draw.choices(("article", "review", "editorial", "book", "notice"), (84, 13, 1.5, 0.7, 0.8))[0]
    created = min(published + timedelta(days=draw.randrange(0, 40)), LAST_DAY)
    sentences = (
        _sentences(draw, gene, genes, modes, effect, drug, cancer, cell, on_topic)
        if draw.random() > 0.06
        else ()
    )
    return Record(
        pmid=pmid,
        published=published,
        created=created,
        revised=min(created + timedelta(days=draw.randrange(0, 400)), LAST_DAY),
        journal=_journal(draw, modes),
        kind=kind,
        title=_title(draw, gene, modes, drug, cancer, pmid, on_topic),
        sentences=sentences,
        genes=genes,
        modes=modes,
        drug=drug,
        authors=tuple(draw.choice(FAMILY_NAMES) for _ in range(draw.randrange(1, 7))),
        retracted=kind == "article" and draw.random() < 0.006,
        version=2 if draw.random() < 0.01 else 1,
        shape=draw.randrange(1000),
    )


def _modes(draw: random.Random, year: int) -> tuple[str, ...]:
    """None in one record of twelve; two in one of three, the second often the partner of the first."""
    if draw.random() < 0.08:
        return ()
    known = [name for name, (_, since, _) in MODES.items() if since <= year]
    weights = [
        MODES[name][2] * (1 + 0.15 * (year - MODES[name][1]) * (MODES[name][1] > 2006)) for name in known
    ]
    first = draw.choices(known, weights)[0]
    if draw.random() > 0.33:
        return (first,)
    partner = PARTNER_MODES.get(first)
    if partner not in known or draw.random() < 0.4:
        partner = draw.choices(known, weights)[0]
    return tuple(dict.fromkeys((first, partner)))


def _gene(draw: random.Random, modes: tuple[str, ...]) -> tuple[str, str]:
    """What the record says of its first mode, and the gene it says it of: a planted one in two of five."""
    if modes and draw.random() < PLANTED_SHARE:
        effect = draw.choice(("inhibits", "promotes"))
        gene = draw.choice(PLANTED[modes[0]][effect])
        if not _is_gap(gene, modes):
            return effect, gene
    return draw.choices(("inhibits", "promotes", "none"), (1, 1, 3))[0], _background(draw, modes)


def _background(draw: random.Random, modes: tuple[str, ...]) -> str:
    """Any gene, the famous ones more often, none that is planted as never named with these modes."""
    while _is_gap(gene := draw.choices(_ALL_GENES, cum_weights=_FAME)[0], modes):
        pass
    return gene


def _is_gap(gene: str, modes: tuple[str, ...]) -> bool:
    return any((gene, mode) in PLANTED_GAPS for mode in modes)


def _drug(draw: random.Random, gene: str) -> str:
    if gene in PARTNER_DRUGS and draw.random() < 0.5:
        return draw.choice(PARTNER_DRUGS[gene])
    return draw.choices(DRUGS, range(len(DRUGS), 0, -1))[0]


def _journal(draw: random.Random, modes: tuple[str, ...]) -> int:
    home = HOME_JOURNALS.get(modes[0]) if modes else None
    return draw.choice(home) if home and draw.random() < 0.3 else draw.randrange(len(JOURNALS))


def _title(
    draw: random.Random, gene: str, modes: tuple[str, ...], drug: str, cancer: str, pmid: int, on_topic: bool
) -> str:
    if not on_topic:
        return f"Synthetic record {pmid}: {gene} expression in healthy donors"
    if modes and draw.random() < 0.7:
        return f"Synthetic record {pmid}: {gene} and {MODES[modes[0]][0]} in {drug}-resistant {cancer}"
    return f"Synthetic record {pmid}: {gene} in drug resistance of {cancer}"


_EFFECT = {
    "inhibits": ("Silencing of {g} promoted {m} in {cell} cells.", "{g} overexpression suppressed {m} in {cell} cells.",
                 "{g} inhibits {m} in {c}.", "Knockdown of {g} induced {m} and restored sensitivity to {d}."),
    "promotes": ("{g} promotes {m} in {cell} cells.", "Knockdown of {g} reduced {m} in {cell} cells.",
                 "Overexpression of {g} triggered {m} in {c}.", "Loss of {g} blocked {m} in {cell} cells."),
    "none": ("{m} was not affected by {g} in {cell} cells.", "{g} and {m} were measured in {cell} cells."),
}  # fmt: skip
_THERAPY = {
    "inhibits": (
        "{g} confers resistance to {d} in {c}.",
        "High {g} expression was associated with {d} resistance.",
    ),
    "promotes": ("{g} sensitised {cell} cells to {d}.", "Loss of {g} conferred resistance to {d}."),
    "none": ("The response to {d} was recorded in {c}.",),
}


def _sentences(
    draw: random.Random, gene: str, genes: tuple[str, ...], modes: tuple[str, ...], effect: str,
    drug: str, cancer: str, cell: str, on_topic: bool,
) -> tuple[str, ...]:  # fmt: skip
    if not on_topic:
        return (f"Expression of {gene} was measured in synthetic donors.", "No claim is made.")
    words = {"g": gene, "d": drug, "c": cancer, "cell": cell}
    found = [f"Drug resistance limits the treatment of {cancer}.", f"Here the role of {gene} was studied."]
    for mode in modes:
        sentence = draw.choice(_EFFECT[effect]).format(m=MODES[mode][0], **words)
        found.append(sentence[0].upper() + sentence[1:])
    found.append(draw.choice(_THERAPY[effect]).format(**words))
    found += [f"{other} was measured as well." for other in genes[1:]]
    found.append(f"In all, {draw.randrange(10, 400)} synthetic samples were analysed (p < 0.05).")
    return tuple(found)


@dataclass
class Library:
    """Records by PMID with what a search needs, and the changes a test makes to them."""

    seed: int
    records: dict[int, Record]
    version: int = 0
    _columns: dict[str, object] = field(default_factory=dict)

    def columns(self) -> dict[str, object]:
        """Arrays over the records in ascending PMID order: pmid, year, created, revised, words."""
        if self._columns.get("version") != self.version:
            ordered = [self.records[pmid] for pmid in sorted(self.records)]
            self._columns = {
                "version": self.version,
                "pmid": np.array([r.pmid for r in ordered], dtype=np.int64),
                "published": np.array([r.published for r in ordered], dtype="datetime64[D]"),
                "created": np.array([r.created for r in ordered], dtype="datetime64[D]"),
                "revised": np.array([r.revised for r in ordered], dtype="datetime64[D]"),
                "words": [r.words() for r in ordered],
                "modes": [r.modes for r in ordered],
            }
        return self._columns

    def add(self, n: int, day: date) -> list[int]:
        """PMIDs of n new on-topic records that entered PubMed on a day."""
        start = max(self.records) + 1
        new = range(start, start + n)
        for pmid in new:
            made = make_record(pmid, day, self.seed)
            self.records[pmid] = replace(made, created=day, revised=day)
        self.version += 1
        return list(new)

    def revise(self, pmid: int, day: date) -> None:
        """Retracts a record on a day, as PubMed learns of it later."""
        self.records[pmid] = replace(self.records[pmid], revised=day, retracted=True)
        self.version += 1

    def withdraw(self, pmid: int) -> None:
        """Removes a record, as PubMed does with duplicates."""
        del self.records[pmid]
        self.version += 1


def make_library(n: int, *, seed: int = 1, off_topic: int = 0) -> Library:
    """n on-topic records from 2005 to 2026, more in later years, and some off-topic ones among them."""
    draw = random.Random(seed)
    total = n + off_topic
    span = (LAST_DAY - date(FIRST_YEAR, 1, 1)).days
    off = set(draw.sample(range(total), off_topic))
    records, pmid = {}, 15_600_000
    step = 25_000_000 // max(total, 1)
    for index in range(total):
        pmid += draw.randrange(1, max(2 * step, 2))
        day = date(FIRST_YEAR, 1, 1) + timedelta(days=int(span * (index / total) ** 0.6))
        records[pmid] = make_record(pmid, day, seed, on_topic=index not in off)
    return Library(seed, records)
