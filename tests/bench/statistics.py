"""Time and memory of the gene × mode statistics at the size of a million records.

Synthetic: 1,000,000 records over 40 years, 20,000 genes with Zipf-like fame, 20 modes, a third of them
coined late. Run alone (`python tests/bench/statistics.py`) or by `bench.py --only statistics`.
"""

from __future__ import annotations

import resource
import sys
import time
from pathlib import Path
from typing import Any

# As a script its own folder would come first on the path and hide the standard library's `statistics`.
sys.path = [place for place in sys.path if Path(place or ".").resolve() != Path(__file__).resolve().parent]

import numpy as np  # noqa: E402
import pandas as pd  # noqa: E402

from helpers.schemas import ARTICLES, EVIDENCE, MENTIONS  # noqa: E402
from helpers.tabulate.counts import count_gene_mode  # noqa: E402
from helpers.tabulate.gaps import find_gaps  # noqa: E402
from helpers.tabulate.trends import count_trends  # noqa: E402

YEARS = 40


def make_corpus(records: int, genes: int, modes: int, seed: int = 0) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Synthetic ARTICLES and MENTIONS: about 2.5 genes and 1.2 modes a record."""
    random = np.random.default_rng(seed)
    growth = np.exp(np.linspace(0, 2, YEARS))
    year = random.choice(YEARS, records, p=growth / growth.sum())
    ids = pd.Series([f"pmid:{n}" for n in range(records)], dtype="str")
    articles = pd.DataFrame({name: pd.Series(None, index=ids.index, dtype="str") for name in ARTICLES.names})
    articles["record_id"], articles["year"] = ids, pd.array(1987 + year, dtype="Int64")
    kinds = np.array(["primary", "review"], dtype=object)[(random.random(records) < 0.2).astype(int)]
    articles["article_kind"], articles["retraction"], articles["source"] = kinds, "none", "synthetic"
    articles["journal"] = pd.Series(random.integers(0, 2000, records), dtype="str")
    gene, mode = _draw(random, records, genes, 2.5), _draw(random, records, modes, 1.2)
    coined = np.where(np.arange(modes) % 3 == 2, random.integers(5, 35, modes), 0)
    named = year[mode[0]] >= coined[mode[1]]
    mode = (mode[0][named], mode[1][named])
    mentions = pd.concat([_mentions(ids, *gene, "gene", "G"), _mentions(ids, *mode, "mode", "m")])
    mentions["assertion"] = pd.Series(None, index=mentions.index, dtype="str")
    return articles, mentions.reset_index(drop=True)


def _draw(random: Any, records: int, concepts: int, mean: float) -> tuple[Any, Any]:
    per_record = random.poisson(mean, records)
    fame = 1 / np.arange(1, concepts + 1) ** 0.9
    return np.repeat(np.arange(records), per_record), random.choice(
        concepts, per_record.sum(), p=fame / fame.sum()
    )


def _mentions(ids: pd.Series, rows: Any, concepts: Any, kind: str, prefix: str) -> pd.DataFrame:
    names = pd.Series([f"{prefix}{n:05d}" for n in range(int(concepts.max()) + 1)], dtype="str")
    frame = pd.DataFrame({"record_id": ids.take(rows).array, "kind": kind})
    frame["concept"] = names.take(concepts).array
    frame["field"], frame["sentence"] = "abstract", rows % 5
    frame["start"], frame["end"], frame["text"], frame["rule"] = np.arange(len(rows)), 0, "x", "synthetic"
    return frame


def measure(records: int = 1_000_000, genes: int = 20_000, modes: int = 20) -> dict[str, float]:
    """Seconds of each table, and peak memory of the process in MB."""
    articles, mentions = make_corpus(records, genes, modes)
    vocabulary = pd.DataFrame({"mode": [f"m{n:05d}" for n in range(modes)]})
    vocabulary = vocabulary.assign(
        label=vocabulary["mode"], year_coined=pd.array([None] * modes, dtype="Int64")
    )
    assert set(mentions.columns) == set(MENTIONS.names)
    result: dict[str, float] = {"records": records, "genes": genes, "modes": modes, "mentions": len(mentions)}
    start, used = time.perf_counter(), time.process_time()
    gene_mode = count_gene_mode(articles, mentions, EVIDENCE.empty())
    result["gene_mode_s"] = round(time.perf_counter() - start, 2)
    result["gene_mode_cpu_s"] = round(time.process_time() - used, 2)
    result["pairs"] = len(gene_mode)
    start = time.perf_counter()
    result["gaps"] = len(find_gaps(articles, mentions, gene_mode, vocabulary))
    result["gaps_s"] = round(time.perf_counter() - start, 2)
    start = time.perf_counter()
    count_trends(articles, mentions, current_year=1987 + YEARS - 1)
    result["trends_s"] = round(time.perf_counter() - start, 2)
    result["peak_mb"] = round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
    for name, value in result.items():
        print(f"  {name:16} {value:>12,}", flush=True)
    return result


if __name__ == "__main__":
    sizes = [int(argument) for argument in sys.argv[1:]] or [1_000_000]
    for size in sizes:
        measure(size)
