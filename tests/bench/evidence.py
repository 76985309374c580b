"""XML.gz to evidence with the full gene lexicon, on one and two cores, beside what users write today.

`python tests/bench/evidence.py WAY EVALDATA WORKERS FILE...` measures one way in its process.
"""

from __future__ import annotations

import json
import re
import shutil
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

# As a script its own folder would come first on the path and hide the standard library's `statistics`.
_HERE = Path(__file__).resolve().parent
sys.path = [place for place in sys.path if Path(place or ".").resolve() != _HERE]
sys.path.append(str(_HERE))

from parsing import measured, run_way  # noqa: E402

MODES = {
    "apoptosis": r"apopto\w+", "ferroptosis": r"ferropto\w+", "necroptosis": r"necropto\w+",
    "pyroptosis": r"pyropto\w+", "cuproptosis": r"cupropto\w+", "autophagy": r"autophag\w+",
    "necrosis": r"necro\w+", "anoikis": r"anoikis",
}  # fmt: skip


def gene_file(evaldata: Path) -> Path:
    """The HGNC complete set in evaldata."""
    return next(
        path for path in sorted((evaldata / "gene-nomenclature").rglob("*")) if "hgnc" in path.name.lower()
    )


def full_lexicon(evaldata: Path) -> Any:
    """Lexicon of all human genes."""
    from helpers import storage
    from helpers.annotate.lexicon import build_lexicon, parse_gene_table

    path = gene_file(evaldata)
    return build_lexicon(storage.read_terms(), genes=parse_gene_table(path.read_bytes(), name=path.name))


def by_atlas(paths: list[Path], lexicon: Any, workers: int, *, all_genes: bool = True) -> int:
    """A corpus built and annotated: articles, mentions and evidence on disk."""
    from helpers.run.corpus import annotate_corpus, build_corpus

    folder = Path(tempfile.mkdtemp(prefix="atlas-bench-"))
    try:
        build_corpus(paths, folder, workers=workers)
        made = annotate_corpus(folder, lexicon, all_genes=all_genes, workers=workers)
        return int(made["records"].sum())
    finally:
        shutil.rmtree(folder)


def by_atlas_evidence(paths: list[Path], lexicon: Any, workers: int) -> int:
    """The same without the genes of records that name neither mode nor therapy: the evidence is the same."""
    return by_atlas(paths, lexicon, workers, all_genes=False)


def _names(evaldata: Path) -> dict[str, str]:
    """Every symbol and alias of HGNC, lower case, to its symbol: the dictionary everybody builds."""
    import pandas as pd

    table = pd.read_csv(gene_file(evaldata), sep="\t", dtype=str)
    names: dict[str, str] = {}
    for symbol, *others in (
        table[["symbol", "alias_symbol", "prev_symbol"]].fillna("").itertuples(index=False)
    ):
        for name in [symbol, *"|".join(others).split("|")]:
            if len(name) > 1:
                names.setdefault(name.lower(), symbol)
    return names


def dictionary(evaldata: Path) -> Any:
    """pyahocorasick automaton of all names."""
    import ahocorasick

    automaton = ahocorasick.Automaton()
    for name, symbol in {**_names(evaldata), **{mode: mode for mode in MODES}}.items():
        automaton.add_word(name, (len(name), symbol))
    automaton.make_automaton()
    return automaton


def by_pubmed_parser(paths: list[Path], automaton: Any, workers: int) -> int:
    """pubmed_parser, a pyahocorasick dictionary of genes and modes, pairs by sentence, one process."""
    import pubmed_parser

    records = 0
    pairs: list[tuple[str, str, str]] = []
    for path in paths:
        for article in pubmed_parser.parse_medline_xml(str(path)):
            records += 1
            for sentence in re.split(r"(?<=[.!?]) ", f"{article['title']} {article['abstract']}".lower()):
                found = set()
                for end, (length, symbol) in automaton.iter(sentence):
                    before, after = sentence[end - length : end - length + 1], sentence[end + 1 : end + 2]
                    if not before.isalnum() and not after.isalnum():
                        found.add(symbol)
                modes = found & MODES.keys()
                pairs += [(article["pmid"], gene, mode) for gene in found - modes for mode in modes]
    return records


def one_regex(evaldata: Path) -> re.Pattern[str]:
    """One alternation of gene symbols."""
    symbols = sorted({name for name in _names(evaldata).values() if len(name) > 2}, key=len, reverse=True)
    return re.compile(r"\b(?:" + "|".join(map(re.escape, symbols[:20_000])) + r")\b")


def by_pandas(paths: list[Path], genes: re.Pattern[str], workers: int) -> int:
    """pubmed_parser into pandas, one str.contains per mode, one regex of all symbols over what is left."""
    import pandas as pd
    import pubmed_parser

    records = 0
    for path in paths:
        frame = pd.DataFrame(pubmed_parser.parse_medline_xml(str(path)))
        text = frame["title"] + " " + frame["abstract"]
        records += len(frame)
        for pattern in MODES.values():
            text[text.str.contains(pattern, case=False, regex=True)].str.findall(genes)
    return records


WAYS: dict[str, tuple[Callable[[Path], Any], Callable[[list[Path], Any, int], int]]] = {
    "atlas": (full_lexicon, by_atlas),
    "atlas_evidence": (full_lexicon, by_atlas_evidence),
    "pubmed_parser_dictionary": (dictionary, by_pubmed_parser),
    "pandas_regex": (one_regex, by_pandas),
}


def measure(make: Callable[..., list[Path]], sizes: list[int], evaldata: Path) -> dict[str, Any]:
    """For each size: wall seconds, records/s and peak memory of each way; making the lexicon is told apart.

    What users write today is measured at the smallest size, one core up to 100,000 records.
    """
    result: dict[str, Any] = {}
    here = Path(__file__)
    for size in sizes:
        paths = make(size, per_file=max(500, min(30_000, size // 4)))
        small = make(1_000)
        ways = {
            f"{way}_{cores}_core{'s' * (cores > 1)}": (way, paths, cores)
            for way in ("atlas", "atlas_evidence")
            for cores in ((1, 2) if size <= 100_000 else (2,))
        }
        if size == sizes[0]:
            ways["pubmed_parser_dictionary"] = ("pubmed_parser_dictionary", paths, 1)
            ways["pandas_regex"] = ("pandas_regex", small[:1], 1)
        rows = {}
        for name, (way, files, workers) in ways.items():
            row = run_way(here, way, files, str(evaldata), str(workers))
            row["records_per_s"] = round(row["records"] / row["wall_s"])
            row["us_per_record"] = round(1e6 * row["wall_s"] / row["records"], 1)
            rows[name] = row
            print(
                f"  evidence {size:>9,} {name:26} {row['records_per_s']:>8,} records/s"
                f"  peak {row['peak_mb']:,} MB in all",
                flush=True,
            )
        result[str(size)] = rows
    return result


if __name__ == "__main__":
    way, evaldata_folder, count = sys.argv[1], Path(sys.argv[2]), int(sys.argv[3])
    files = [Path(argument) for argument in sys.argv[4:]]
    prepare, work = WAYS[way]
    start = time.perf_counter()
    prepared = prepare(evaldata_folder)
    if way.startswith("atlas"):
        from helpers.records.pubmed_tables import load_compiled

        load_compiled()
    lexicon_s = round(time.perf_counter() - start, 2)
    print(json.dumps({**measured(lambda: work(files, prepared, count)), "lexicon_s": lexicon_s}))
