"""Which gene, if any, each term of a record stands for."""

from __future__ import annotations

from collections import defaultdict

from helpers.annotate.lexicon import GENE, NAMES, SOURCES, SYMBOL, Lexicon
from helpers.annotate.scan import Hits


def choose_genes(hits: Hits, documents: list[int], lexicon: Lexicon) -> list[tuple[int, int, str]]:
    """(hit, concept, rule) of each hit that names a gene; documents: the record of each text."""
    texts, patterns, places = hits.text.tolist(), hits.pattern.tolist(), hits.place.tolist()
    starts, ends = hits.start.tolist(), hits.end.tolist()
    joined = hits.folded.joined
    candidates = []
    sure: dict[int, set[int]] = defaultdict(set)
    for hit, pattern in enumerate(patterns):
        written = joined[places[hit] : places[hit] + ends[hit] - starts[hit]]
        entries = [
            (int(lexicon.source[e]), int(lexicon.concept[e]))
            for e in range(lexicon.first[pattern], lexicon.first[pattern + 1])
            if lexicon.concept[e] >= 0
            and lexicon.kinds[lexicon.concept[e]] == GENE
            and (e not in lexicon.exact or written in lexicon.exact[e])
        ]
        if not entries:
            continue
        best = min(source for source, _ in entries)
        concepts = [c for source, c in entries if source == best]
        if best not in NAMES and not _looks_like_symbol(written, best):
            continue
        candidates.append((hit, best, concepts))
        if len(concepts) == 1:
            sure[documents[texts[hit]]].add(concepts[0])
    chosen = []
    for hit, best, concepts in candidates:
        known = [c for c in concepts if c in sure[documents[texts[hit]]]]
        if len(concepts) == 1 or len(known) == 1:
            chosen.append((hit, (known or concepts)[0], SOURCES[best]))
    return chosen


def _looks_like_symbol(written: str, source: int) -> bool:
    """True if the text is written as symbols are: capitals or a digit, long enough for its source."""
    if sum(c.isupper() for c in written) >= 2 or any(c.isdigit() for c in written):
        return len(written) > 2 or source == SYMBOL
    return len(written) > 3 and not written.islower()
