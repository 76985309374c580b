"""What a run reads from disk: corpora of reference files, fetched snapshots, journal metric files."""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from helpers import storage
from helpers.annotate.lexicon import Lexicon, build_lexicon
from helpers.errors import UsageError, nearest
from helpers.records.merge import merge_articles
from helpers.records.metrics import parse_journal_metrics
from helpers.records.parsed import ParsedRecords
from helpers.records.pubmed import parse_pubmed
from helpers.records.references import parse_references
from helpers.schemas import JOURNAL_METRICS, conform


@dataclass(frozen=True)
class Corpus:
    """Records of a run before selection: articles, merges, what was skipped, and a count per source."""

    articles: pd.DataFrame
    merges: pd.DataFrame
    skipped: pd.DataFrame
    sources: pd.DataFrame


def source_files(name: str) -> list[Path]:
    """Files of a source: a corpus folder under data/raw/corpora, or a snapshot under data/raw/pubmed.

    Raises UsageError with the nearest names for a source that is not there.
    """
    for kind in ("corpora", "pubmed"):
        folder = storage.raw(kind, name)
        if name and folder.is_dir() and folder.parent == storage.raw(kind):
            files = sorted(
                path for path in folder.rglob("*") if path.is_file() and not path.name.startswith(".")
            )
            xml = [path for path in files if path.name.endswith((".xml", ".xml.gz"))]
            return xml if kind == "pubmed" else files
    there = [
        path.name for kind in ("corpora", "pubmed") for path in storage.raw(kind).glob("*") if path.is_dir()
    ]
    raise UsageError(
        f"source {name!r} is not under data/raw/corpora or data/raw/pubmed: {nearest(name, there)}"
    )


def read_corpus(sources: Sequence[str]) -> Corpus:
    """All records of the sources, merged by PMID, DOI, then title and year; nothing dropped unlisted."""
    if not sources:
        raise UsageError("sources is empty: name a folder under data/raw/corpora, e.g. sources: [seed].")
    parsed = [(name, path, read_file(path, source=name)) for name in sources for path in source_files(name)]
    articles, merges = merge_articles([records.articles for _, _, records in parsed])
    skipped = [
        (name, path.name, where, why) for name, path, records in parsed for where, why in records.skipped
    ]
    counts = [
        (name, path.name, len(records.articles), len(records.skipped), len(records.deleted), records.books)
        for name, path, records in parsed
    ]
    return Corpus(
        articles,
        merges,
        pd.DataFrame(skipped, columns=["source", "file", "where", "why"]),
        pd.DataFrame(counts, columns=["source", "file", "records", "skipped", "deleted", "books"]),
    )


def read_file(path: Path, *, source: str) -> ParsedRecords:
    """Records of one file: PubMed XML by its root element, else a reference file by its content."""
    if path.name.endswith((".xml", ".xml.gz")):
        return parse_pubmed(path, source_name=source)
    return parse_references(path.read_bytes(), name=path.name, source_name=source)


def read_journal_metrics(files: Iterable[str]) -> pd.DataFrame:
    """Journal metrics of the shipped table and of the user's files, one JOURNAL_METRICS frame.

    `files` are paths, relative ones from the project root. A row stated by two files is kept from the later.
    """
    shipped = sorted(storage.raw("journals").glob("*.csv"))
    paths = [*shipped, *(storage.root() / name for name in files)]
    frames = []
    for path in paths:
        if not path.is_file():
            raise UsageError(f"metric file {path} does not exist: give a path from the project root.")
        frames.append(parse_journal_metrics(path.read_bytes(), name=path.name))
    together = pd.concat(frames, ignore_index=True) if frames else JOURNAL_METRICS.empty()
    return conform(together.drop_duplicates(list(JOURNAL_METRICS.key), keep="last"), JOURNAL_METRICS)


def read_lexicon(which: str) -> tuple[Lexicon, str]:
    """The lexicon and a sentence that says which: "panel", "full", or "auto" (full where it was built)."""
    path = storage.raw("cache", "lexicon", "genes.csv")
    if which not in ("auto", "panel", "full"):
        raise UsageError(f"lexicon {which!r}: {nearest(which, ('auto', 'panel', 'full'))}")
    if which == "full" and not path.exists():
        raise UsageError("the full gene lexicon is not there yet: atlas lexicon build makes it.")
    terms = storage.read_terms()
    if which == "panel" or not path.exists():
        return build_lexicon(terms), f"the shipped panel of {len(terms['genes']):,} human genes"
    genes = pd.read_csv(path, dtype="str", keep_default_na=False, na_values=[""])
    source = genes["source"].iloc[0] if len(genes) else "an empty file"
    return build_lexicon(terms, genes=genes), f"the full lexicon of {len(genes):,} human genes ({source})"


def import_files(paths: Sequence[Path], *, name: str) -> pd.DataFrame:
    """One row per file (file, records, skipped, first titles), after copying it to data/raw/corpora/<name>/.

    Every file is parsed first; raises UsageError or ParseError before anything is copied. A file already
    there under the same name with other content is refused: raw data are never overwritten.
    """
    storage.run_folder(name)
    folder = storage.raw("corpora", name)
    rows = []
    for path in paths:
        if not path.is_file():
            raise UsageError(f"{path} does not exist or is no file.")
        records = read_file(path, source=name)
        target = folder / path.name
        if target.exists() and storage.sha256(target) != storage.sha256(path):
            raise UsageError(
                f"{target.relative_to(storage.root())} is there with other content: rename {path.name}."
            )
        titles = records.articles["title"].dropna().head(3).tolist()
        rows.append((path.name, len(records.articles), len(records.skipped), "; ".join(titles)))
    for path in paths:
        folder.mkdir(parents=True, exist_ok=True)
        partial = folder / f".{path.name}.part"
        shutil.copyfile(path, partial)
        partial.replace(folder / path.name)
    return pd.DataFrame(rows, columns=["file", "records", "skipped", "titles"])
