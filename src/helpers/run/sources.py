"""What a run reads from disk: corpora of reference files, fetched snapshots, journal metric files."""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from helpers import storage
from helpers.annotate.lexicon import Lexicon, build_lexicon, parse_gene_table
from helpers.annotate.packing import pack_lexicon, unpack_lexicon
from helpers.errors import ParseError, UsageError, nearest
from helpers.fetch.genes import fetch_gene_lexicon
from helpers.fetch.snapshot import snapshot_files
from helpers.records.merge import merge_articles
from helpers.records.metrics import parse_journal_metrics
from helpers.records.parsed import ParsedRecords
from helpers.records.pubmed import parse_pubmed
from helpers.records.references import parse_references
from helpers.run.corpus import read_corpus
from helpers.run.corpus_files import code_digest
from helpers.schemas import JOURNAL_METRICS, conform, split_list


@dataclass(frozen=True)
class Gathered:
    """Records of a run before selection.

    `articles` (ARTICLES), `merges` (which records were one paper), `skipped` (source, file, where, why),
    `files` (source, files, records, skipped, books), `withdrawn` (records withdrawn from PubMed since).
    """

    articles: pd.DataFrame
    merges: pd.DataFrame
    skipped: pd.DataFrame
    files: pd.DataFrame
    withdrawn: int

    @property
    def identified(self) -> dict[str, int]:
        """Records read from each source."""
        return dict(zip(self.files["source"], self.files["records"].astype(int), strict=True))


def source_files(name: str) -> list[Path]:
    """Files of a source: a corpus folder under data/raw/corpora, or a snapshot under data/raw/pubmed.

    Raises UsageError with the nearest names for a source that is not there.
    """
    corpora, snapshots = storage.raw("corpora"), storage.raw("pubmed")
    if name in _folders(corpora):
        files = sorted(path for path in (corpora / name).rglob("*") if path.is_file())
        if not (files := [path for path in files if not path.name.startswith(".")]):
            raise UsageError(f"source {name!r} holds no file: atlas import FILE --as {name} adds one.")
        return files
    if name in _folders(snapshots):
        return snapshot_files(snapshots / name)
    there = [*_folders(corpora), *_folders(snapshots)]
    raise UsageError(
        f"source {name!r} is not under data/raw/corpora or data/raw/pubmed: {nearest(name, there)}"
    )


def _folders(parent: Path) -> list[str]:
    return sorted(path.name for path in parent.iterdir() if path.is_dir()) if parent.is_dir() else []


def read_sources(
    sources: Sequence[str], searches: pd.DataFrame, *, corpus: str = "", corpus_query: str = ""
) -> Gathered:
    """All records of the sources, of the run's searches and of a corpus, merged; nothing dropped unlisted.

    `corpus` names a corpus built by `atlas corpus build`, `corpus_query` the words its records must hold.
    Records withdrawn from PubMed since they were fetched are listed among the skipped.
    """
    names = list(dict.fromkeys([*sources, *searches["snapshot"]]))
    if not names and not corpus:
        raise UsageError("the run has neither sources nor a query: give one, e.g. sources: [seed].")
    parsed = [(name, path, read_file(path, source=name)) for name in names for path in source_files(name)]
    if corpus:
        found = read_corpus(find_corpus(corpus), corpus_query)
        if found.empty:  # the other sources alone would pass for an answer
            raise UsageError(f"no record of corpus {corpus!r} matches {corpus_query!r}: widen the query.")
        parsed.append((corpus, Path(corpus_query), ParsedRecords(found, [], [], 0)))
    articles, merges = merge_articles([records.articles for _, _, records in parsed])
    skipped = [
        (name, path.name, where, why) for name, path, records in parsed for where, why in records.skipped
    ]
    withdrawn = {pmid: row.snapshot for row in searches.itertuples() for pmid in split_list(row.withdrawn)}
    gone = articles["pmid"].isin(withdrawn)
    if gone.all():
        what = " or ".join([*map(repr, filter(None, searches["query"])), *map(str, sources)])
        raise UsageError(f"no record is left to read of {what}: widen the query, or name other sources.")
    skipped += [(withdrawn[p], "", f"PMID {p}", "withdrawn from PubMed") for p in articles.loc[gone, "pmid"]]
    counts = [
        (name, path.name, len(records.articles), len(records.skipped), records.books)
        for name, path, records in parsed
    ]
    files = pd.DataFrame(counts, columns=["source", "file", "records", "skipped", "books"])
    return Gathered(
        articles[~gone].reset_index(drop=True),
        merges,
        pd.DataFrame(skipped, columns=["source", "file", "where", "why"]),
        files.groupby("source", sort=False)
        .agg(
            files=("file", "size"),
            records=("records", "sum"),
            skipped=("skipped", "sum"),
            books=("books", "sum"),
        )
        .reset_index(),
        int(gone.sum()),
    )


def corpus_folder(name: str) -> Path:
    """Folder of a corpus, data/processed/corpora/<name>; raises UsageError for a name that is no folder name."""
    storage.run_folder(name)
    return storage.run_folder("corpora", name)


def find_corpus(name: str) -> Path:
    """Folder of a corpus that was built; raises UsageError with the nearest names if there is none."""
    folder = corpus_folder(name)
    if not folder.is_dir():
        parent = folder.parent
        there = [path.name for path in parent.iterdir() if path.is_dir()] if parent.is_dir() else []
        others = f" ({nearest(name, there)})" if there else ""
        raise UsageError(f"corpus {name!r} was not built{others}: atlas corpus build makes one.")
    return folder


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


def read_lexicon(which: str) -> Lexicon:
    """The lexicon: "panel" (shipped), "full" (built by `atlas lexicon build`), "auto" (full where built).

    Compiled once for given terms, genes and code, and kept under data/raw/cache/compiled; a kept one that
    fits no more is removed, one that cannot be read is made anew.
    """
    terms = storage.read_terms()
    genes = _full_genes(which)
    kind = "panel" if genes is None else "full"
    path = storage.raw("cache", "compiled", f"{kind}-{_digest_sources(genes is not None)}.npz")
    if path.is_file():
        try:
            return unpack_lexicon(path.read_bytes(), terms, name=path.name)
        except (ParseError, OSError):
            pass  # damaged: compiled again below
    lexicon = build_lexicon(terms) if genes is None else build_lexicon(terms, genes=genes)
    try:
        storage.write_bytes(path, pack_lexicon(lexicon))
        for other in path.parent.glob(f"{kind}-*.npz"):
            if other != path:
                other.unlink(missing_ok=True)
    except OSError:
        pass  # a folder that cannot be written costs time, not the run
    return lexicon


def _digest_sources(full: bool) -> str:
    """Hash of all that a compiled lexicon hangs on: terms, gene table and the code that compiles."""
    digest = hashlib.sha256(code_digest("annotate").encode())
    paths = sorted(storage.raw("terms").glob("*.csv"))
    for path in [*paths, storage.raw("cache", "lexicon", "genes.csv")] if full else paths:
        digest.update(path.name.encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()[:20]


def describe_lexicon(which: str) -> str:
    """Which gene lexicon that is, in words for a methods section."""
    genes = _full_genes(which)
    if genes is None:
        return f"the shipped panel of {len(storage.read_terms()['genes']):,} human genes"
    return f"a full lexicon of {len(genes):,} human genes ({genes['source'].iloc[0]})"


def _full_genes(which: str) -> pd.DataFrame | None:
    """The full gene table, or None where the panel is asked for or nothing else is there."""
    if which not in ("auto", "panel", "full"):
        raise UsageError(f"lexicon {which!r}: {nearest(which, ('auto', 'panel', 'full'))}")
    path = storage.raw("cache", "lexicon", "genes.csv")
    if which == "full" and not path.exists():
        raise UsageError("the full gene lexicon is not there yet: atlas lexicon build makes it.")
    if which == "panel" or not path.exists():
        return None
    genes = pd.read_csv(path, dtype="str", keep_default_na=False, na_values=[""])
    if genes.empty:
        raise UsageError(f"{path} holds no gene: build it anew, atlas lexicon build.")
    return genes


def import_files(paths: Sequence[Path], *, name: str) -> pd.DataFrame:
    """One row per file (file, records, skipped, first titles), after copying it to data/raw/corpora/<name>/.

    Every file is parsed first; raises UsageError or ParseError, also for a file without a record, before
    anything is copied. A file already
    there under the same name with other content is refused: raw data are never overwritten.
    """
    storage.run_folder(name)
    folder = storage.raw("corpora", name)
    rows = []
    for path in paths:
        if not path.is_file():
            raise UsageError(f"{path} does not exist or is no file.")
        records = read_file(path, source=name)
        if not len(records.articles):
            where, why = next(iter(records.skipped), (path.name, "is empty"))
            raise UsageError(f"{path} holds no readable record: {where}: {why}.")
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


def build_gene_lexicon(hgnc: Path | None = None) -> tuple[Path, int]:
    """Path and number of genes of the full lexicon, from NCBI Gene through Entrez or from an HGNC file.

    Raises UsageError for an absent file, FetchError if NCBI Gene does not answer.
    """
    if hgnc is None:
        path = fetch_gene_lexicon(refresh=True)
        return path, len(pd.read_csv(path, usecols=["gene"], dtype="str"))
    if not hgnc.is_file():
        raise UsageError(f"{hgnc} does not exist: give an HGNC complete set (.txt or .txt.gz).")
    genes = parse_gene_table(hgnc.read_bytes(), name=hgnc.name)
    path = storage.raw("cache", "lexicon", "genes.csv")
    storage.write_bytes(path, storage.to_csv(genes))
    return path, len(genes)
