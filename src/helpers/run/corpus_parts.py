"""One PubMed file as one part of a corpus: its articles, then their mentions and evidence, as Parquet.

A part stands under its final name only when whole. The JSON beside it names the input's hash and the code
that made it: a part whose JSON still agrees is not made again.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from helpers import storage
from helpers.annotate.evidence import find_evidence
from helpers.annotate.lexicon import Lexicon
from helpers.annotate.mentions import READ, find_mentions
from helpers.collector import paused_collector
from helpers.errors import AtlasError, ParseError, RunError
from helpers.records.pubmed_tables import RECORDS, TableReader
from helpers.run.corpus_files import (
    DELETIONS,
    PartWriter,
    arrow_schema,
    manifest_path,
    part_path,
    read_manifest,
    to_articles,
)
from helpers.run.corpus_index import survivors
from helpers.schemas import ARTICLES, EVIDENCE, MENTIONS

_ROWS = 2_000  # rows in memory at a time, and of a Parquet row group; more no longer fit in the cache
_MD5 = re.compile(r"\b[0-9a-f]{32}\b", re.IGNORECASE)


class BuildTask(NamedTuple):
    """A PubMed file, the part it becomes, the corpus folder, and the digest of the code that reads it."""

    path: Path
    part: str
    folder: Path
    code: str


def build_part(task: BuildTask, context: None = None) -> dict[str, Any]:
    """Manifest of the part made from one file; "fresh" tells whether it was made now.

    Raises ParseError if the file is no PubMed XML or differs from its .md5, RunError for other mishaps.
    """
    try:
        return _build(task)
    except AtlasError:
        raise
    except Exception as error:
        raise RunError(f"{task.path.name}: {type(error).__name__}: {error}.") from error


@paused_collector()
def _build(task: BuildTask) -> dict[str, Any]:
    digest = _checked_digest(task.path)
    made_by = {"input": task.path.name, "input_sha256": digest, "code": task.code}
    held = read_manifest(task.folder, "articles", task.part)
    if held and all(held.get(key) == value for key, value in made_by.items()):
        return {**held, "fresh": False}
    reader = TableReader(task.path, source_name=task.part)
    articles = _write(part_path(task.folder, "articles", task.part), RECORDS, reader.tables())
    faults = reader.faults
    if faults and not reader.records and not reader.deletions:
        articles.unlink()
        raise ParseError(f"{faults[0][0]}: {faults[0][1]}; the file holds no whole record.")
    columns = list(zip(*reader.deletions, strict=True)) or [(), (), ()]
    deleted = pa.table(
        [pa.array(c, f.type) for c, f in zip(columns, DELETIONS, strict=True)], schema=DELETIONS
    )
    _write(part_path(task.folder, "deletions", task.part), DELETIONS, iter([deleted]))
    counts = {"records": reader.records, "books": reader.books, "deletions": len(reader.deletions)}
    manifest = {**made_by, **counts, "skipped": faults}
    manifest["output_sha256"] = storage.sha256(articles)
    storage.write_json(manifest_path(task.folder, "articles", task.part), manifest)
    return {**manifest, "fresh": True}


def _checked_digest(path: Path) -> str:
    """SHA-256 of the file, after its MD5 agreed with the .md5 beside it, where there is one."""
    sha, md5 = hashlib.sha256(), hashlib.md5(usedforsecurity=False)
    beside = path.with_name(f"{path.name}.md5")
    stated = _MD5.search(beside.read_text(encoding="utf-8", errors="replace")) if beside.exists() else None
    if beside.exists() and not stated:
        raise ParseError(f"{beside}: holds no MD5 sum: fetch it again, or remove it.")
    with path.open("rb") as file:
        while block := file.read(1 << 20):
            sha.update(block)
            if stated:
                md5.update(block)
    if stated and md5.hexdigest() != stated.group().lower():
        raise ParseError(f"{path}: its MD5 differs from {beside.name}: fetch the file again.")
    return sha.hexdigest()


def _write(path: Path, schema: pa.Schema, tables: Iterator[pa.Table]) -> Path:
    with PartWriter(path, schema) as file:
        for table in tables:
            file.write(table)
    return path


class AnnotateTask(NamedTuple):
    """A part of a corpus folder."""

    part: str
    folder: Path


class Annotator(NamedTuple):
    """The lexicon, and the digests of it and of the code, which tell whether annotations still hold.

    all_genes: also of records that name neither mode nor therapy.
    """

    lexicon: Lexicon
    digest: str
    code: str
    all_genes: bool = True


def annotate_part(task: AnnotateTask, annotator: Annotator) -> dict[str, Any]:
    """Manifest of the mentions and evidence of one part; "fresh" tells whether they were made now."""
    try:
        return _annotate(task, annotator)
    except AtlasError:
        raise
    except Exception as error:
        raise RunError(f"{task.part}: {type(error).__name__}: {error}.") from error


def _annotate(task: AnnotateTask, annotator: Annotator) -> dict[str, Any]:
    articles = read_manifest(task.folder, "articles", task.part) or {}
    made_by = {
        "articles": articles.get("output_sha256"),
        "lexicon": annotator.digest,
        "code": annotator.code,
        "all_genes": annotator.all_genes,
    }
    held = read_manifest(task.folder, "evidence", task.part)
    if held and all(held.get(key) == value for key, value in made_by.items()):
        return {**held, "fresh": False}
    counts = {"records": 0, "mentions": 0, "evidence": 0}
    mentions_path, evidence_path = (part_path(task.folder, n, task.part) for n in ("mentions", "evidence"))
    with (
        PartWriter(mentions_path, arrow_schema(MENTIONS)) as mentions_file,
        PartWriter(evidence_path, arrow_schema(EVIDENCE)) as evidence_file,
    ):
        for batch in part_batches(task.folder, task.part, columns=READ):
            mentions = find_mentions(batch, annotator.lexicon, all_genes=annotator.all_genes)
            evidence = find_evidence(batch, mentions, annotator.lexicon)
            mentions_file.write(mentions)
            evidence_file.write(evidence)
            for name, frame in (("records", batch), ("mentions", mentions), ("evidence", evidence)):
                counts[name] += len(frame)
    manifest = {**made_by, **counts}
    storage.write_json(manifest_path(task.folder, "evidence", task.part), manifest)
    return {**manifest, "fresh": True}


def part_batches(
    folder: Path, part: str, *, columns: Sequence[str] = ARTICLES.names, rows: int = _ROWS
) -> Iterator[pd.DataFrame]:
    """ARTICLES frames of a part, one row per PMID, in file order, at most `rows` at a time."""
    path = part_path(folder, "articles", part)
    keep = survivors(folder, part).row
    start = 0
    with pq.ParquetFile(path) as file:
        for batch in file.iter_batches(rows, columns=list(columns)):
            inside = keep[(keep >= start) & (keep < start + len(batch))] - start
            start += len(batch)
            table = pa.Table.from_batches([batch])
            if len(inside) < len(table):
                table = table.take(pa.array(np.sort(inside)))
            if len(table):
                yield to_articles(table)
