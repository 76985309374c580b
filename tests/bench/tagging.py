"""Tagging with the full gene lexicon beside a plain dictionary by pyahocorasick and by flashtext.

All three read the same abstracts (the Hallmarks corpus, 1,500 characters on average) in one process. The
dictionaries look symbols, aliases and names up as they stand; they do not decide what is a gene.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import ahocorasick
import pandas as pd
from flashtext import KeywordProcessor

from helpers import storage
from helpers.annotate.lexicon import Lexicon
from helpers.annotate.mentions import find_mentions
from helpers.annotate.packing import pack_lexicon, unpack_lexicon
from helpers.annotate.scan import scan
from helpers.annotate.sentences import split_sentences
from helpers.run.evaluate import read_lexicon
from helpers.run.evaluate_modes import _read_sentences
from helpers.schemas import ARTICLES, split_list

BATCH, REPEATS = 500, 10


def measure(evaldata: Path) -> dict[str, Any]:
    """Abstracts per second and core of each way, and seconds to build and load the lexicon."""
    start = time.process_time()
    lexicon = read_lexicon(evaldata)
    built = time.process_time() - start
    packed, terms = pack_lexicon(lexicon), storage.read_terms()
    start = time.process_time()
    unpack_lexicon(packed, terms, name="bench")
    loaded = time.process_time() - start
    sentences, _ = _read_sentences(evaldata / "hallmarks" / "sentences.tsv")
    texts = [" ".join(parts) for parts in sentences.values()]
    plain = _plain_terms(lexicon)
    batches = [texts[at : at + BATCH] for at in range(0, len(texts), BATCH)]
    articles = list(map(_articles, batches))  # as parsing leaves them
    ways: dict[str, tuple[Callable[[Any], object], Sequence[Any]]] = {
        "find_mentions": (lambda batch: find_mentions(batch, lexicon), articles),
        "scan only": (lambda batch: scan(batch, lexicon), batches),
        "pyahocorasick dictionary": (_pyahocorasick(plain), batches),
        "flashtext dictionary": (_flashtext(plain), batches),
    }
    report: dict[str, Any] = {
        "abstracts": len(texts),
        "characters": sum(map(len, texts)) // len(texts),
        "terms": len(lexicon.patterns),
        "build_s": round(built, 2),
        "load_s": round(loaded, 2),
    }
    for name, (way, given) in ways.items():
        report[name] = round(len(texts) / _seconds(way, given))
        print(f"  {name}: {report[name]:,} abstracts/s", flush=True)
    print(f"  lexicon: built in {built:.1f} s, loaded in {loaded:.1f} s", flush=True)
    return report


def _seconds(way: Callable[[Any], object], batches: Sequence[Any]) -> float:
    """Least processor time of some passes over all texts, given in batches."""
    best = float("inf")
    for _ in range(REPEATS):
        split_sentences.cache_clear()  # no pass may find the sentences of the one before
        start = time.process_time()
        for batch in batches:
            way(batch)
        best = min(best, time.process_time() - start)
    return best


def _articles(texts: list[str]) -> pd.DataFrame:
    rows = [{"record_id": f"local:{i}", "abstract": text} for i, text in enumerate(texts)]
    return pd.DataFrame(rows, columns=ARTICLES.names)


def _plain_terms(lexicon: Lexicon) -> dict[str, str]:
    """Lower-case symbol, alias or name -> gene."""
    terms: dict[str, str] = {}
    columns = ["gene", "name", "aliases", "previous", "names"]
    for gene, name, *lists in lexicon.genes[columns].itertuples(index=False, name=None):
        for term in (gene, name, *(item for value in lists for item in split_list(value))):
            terms.setdefault(term.lower(), gene)
    return terms


def _pyahocorasick(terms: dict[str, str]) -> Callable[[list[str]], object]:
    automaton = ahocorasick.Automaton()
    for term, gene in terms.items():
        automaton.add_word(term, (len(term), gene))
    automaton.make_automaton()

    def tag(batch: list[str]) -> list[list[tuple[int, str]]]:
        found = []
        for text in batch:
            low = text.lower()
            hits = []
            for end, (length, gene) in automaton.iter(low):
                start = end - length + 1
                before = low[start - 1 : start]
                after = low[end + 1 : end + 2]
                if not before.isalnum() and not after.isalnum():
                    hits.append((start, gene))
            found.append(hits)
        return found

    return tag


def _flashtext(terms: dict[str, str]) -> Callable[[list[str]], object]:
    processor = KeywordProcessor(case_sensitive=False)
    for term, gene in terms.items():
        processor.add_keyword(term, gene)
    return lambda batch: [processor.extract_keywords(text, span_info=True) for text in batch]
