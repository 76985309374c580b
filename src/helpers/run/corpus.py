"""The whole of PubMed as a corpus: files to Parquet, annotated, and queried without Entrez."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from helpers.annotate.lexicon import Lexicon
from helpers.annotate.mentions import READ, find_mentions
from helpers.collector import settled_objects
from helpers.errors import AtlasError, RunError, UsageError
from helpers.records.pubmed_tables import load_compiled
from helpers.run.cluster import map_tasks
from helpers.run.corpus_files import code_digest, lexicon_digest, part_path, read_manifest, sweep, to_articles
from helpers.run.corpus_index import live_rows, read_index, write_index
from helpers.run.corpus_parts import AnnotateTask, Annotator, BuildTask, annotate_part, build_part
from helpers.run.corpus_query import parse_query
from helpers.schemas import ARTICLES, EVIDENCE, MENTIONS, conform

Progress = Callable[[int, int, str], None]  # done, of how many, the part that ended

_NUMBERED = re.compile(r"pubmed(\d+)n(\d+)")
_ENDING = re.compile(r"\.xml(\.gz)?$")


def build_corpus(
    xml_paths: Iterable[Path],
    folder: Path,
    *,
    workers: int | None = None,
    scheduler: str | None = None,
    progress: Progress | None = None,
) -> pd.DataFrame:
    """One row per file in number order: part, records, books, deletions, skipped (place, reason), fresh.

    Makes `folder` a corpus of exactly these PubMed XML files, baseline and updates alike: an .md5 beside a
    file is checked, an unchanged file is not read again, later versions and deletions are respected. Totals
    stand in index.json. `workers` and `scheduler` as in `map_tasks`. Raises UsageError for unusable names;
    RunError, when all other files are done, naming each that failed.
    """
    parts = order_parts(xml_paths)
    folder = folder.resolve()
    folder.mkdir(parents=True, exist_ok=True)
    code = code_digest("records", "schemas")
    tasks = [BuildTask(path.resolve(), part, folder, code) for part, path in parts.items()]
    if any(read_manifest(folder, "articles", part) is None for part in parts):
        load_compiled()  # once, not in each process
    outcomes = map_tasks(build_part, tasks, workers=workers, scheduler=scheduler)
    made, failed = _gather(outcomes, len(tasks), progress)
    sweep(folder)
    names = [part for part in parts if part in made]
    write_index(folder, names)
    _report(failed, len(tasks), "build")
    columns = ["records", "books", "deletions", "skipped", "fresh"]
    return pd.DataFrame([{"part": name, **{c: made[name][c] for c in columns}} for name in names])


def annotate_corpus(
    folder: Path,
    lexicon: Lexicon,
    *,
    all_genes: bool = True,
    workers: int | None = None,
    scheduler: str | None = None,
    progress: Progress | None = None,
) -> pd.DataFrame:
    """One row per part: part, records, mentions, evidence, fresh.

    Mentions and evidence are written beside each part; what the same code made of the same articles with the
    same lexicon is not made again. Without `all_genes` evidence is the same, but genes of records that name
    neither mode nor therapy are not looked for, so that they must not be counted over all records. `workers`
    and `scheduler` as in `map_tasks`. Raises RunError, when all other parts are done, naming each that failed.
    """
    folder = folder.resolve()
    names = read_index(folder)["parts"]
    annotator = Annotator(lexicon, lexicon_digest(lexicon), code_digest("annotate", "schemas"), all_genes)
    tasks = [AnnotateTask(part, folder) for part in names]
    if any(read_manifest(folder, "evidence", part) is None for part in names):
        _prepare(lexicon)  # once, not in each process
    with settled_objects():
        outcomes = map_tasks(annotate_part, tasks, context=annotator, workers=workers, scheduler=scheduler)
        made, failed = _gather(outcomes, len(tasks), progress)
    sweep(folder)
    _report(failed, len(tasks), "annotate")
    columns = ["records", "mentions", "evidence", "fresh"]
    return pd.DataFrame([{"part": name, **{c: made[name][c] for c in columns}} for name in names])


def _prepare(lexicon: Lexicon) -> None:
    """Nothing; compiled code is loaded, and what is remembered of a lexicon made, for forked processes to share."""
    text = "BCL2 (B-cell lymphoma 2) suppresses apoptosis."
    find_mentions(pd.DataFrame([{"record_id": "local:0", "title": text}], columns=list(READ)), lexicon)


def read_corpus(
    folder: Path, query: str = "", *, first_year: int | None = None, last_year: int | None = None
) -> pd.DataFrame:
    """ARTICLES frame of the corpus's records that the query matches (language: see `corpus_query`).

    Without a query and years, all of it. Raises UsageError if there is no corpus or the query is unreadable.
    """
    test = parse_query(query)
    tables = [
        _matching(table, test, first_year, last_year)
        for part in read_index(folder)["parts"]
        for table in _live_tables(folder, part)
    ]
    together = pa.concat_tables(tables) if tables else None
    return conform(to_articles(together), ARTICLES) if together is not None else ARTICLES.empty()


def read_annotations(folder: Path, articles: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """MENTIONS and EVIDENCE that `annotate_corpus` made of these records (a frame of `read_corpus`).

    Raises UsageError if a part that holds one of the records is not annotated.
    """
    found: dict[str, list[pa.Table]] = {"mentions": [], "evidence": []}
    for part, records in articles.groupby("source")["record_id"]:
        if read_manifest(folder, "evidence", str(part)) is None:
            raise UsageError(f"part {part} of {folder} is not annotated: atlas corpus annotate does it.")
        for name, tables in found.items():
            ids = pa.array(records.tolist(), pa.string())
            tables.append(
                pq.read_table(part_path(folder, name, str(part)), filters=pc.field("record_id").isin(ids))
            )
    frames = []
    for table, tables in ((MENTIONS, found["mentions"]), (EVIDENCE, found["evidence"])):
        frames.append(conform(pa.concat_tables(tables).to_pandas(), table) if tables else table.empty())
    return frames[0], frames[1]


def order_parts(xml_paths: Iterable[Path]) -> dict[str, Path]:
    """Part name -> file, in number order (pubmed26n0999 before pubmed26n1000), other names after, by name.

    Raises UsageError for no file, a file that is missing or no .xml(.gz), and two files of one name.
    """
    parts: dict[str, Path] = {}
    for path in xml_paths:
        part = _ENDING.sub("", path.name)
        if part == path.name or not path.is_file():
            raise UsageError(f"{path} is no file named *.xml or *.xml.gz.")
        if part in parts and parts[part].resolve() != path.resolve():
            raise UsageError(f"{parts[part]} and {path} bear one name: a corpus takes each number once.")
        parts[part] = path
    if not parts:
        raise UsageError("no PubMed file given: name them, e.g. --xml 'pubmed/*.xml.gz'.")
    return dict(sorted(parts.items(), key=lambda item: _number(item[0])))


def _number(part: str) -> tuple[bool, int, int, str]:
    match = _NUMBERED.fullmatch(part)
    return (False, int(match[1]), int(match[2]), part) if match else (True, 0, 0, part)


def _gather(
    outcomes: Iterator[Any], total: int, progress: Progress | None
) -> tuple[dict[str, dict[str, Any]], dict[str, AtlasError]]:
    made: dict[str, dict[str, Any]] = {}
    failed: dict[str, AtlasError] = {}
    for task, manifest, error in outcomes:
        if error is None:
            made[task.part] = manifest
        else:
            failed[task.part] = error
        if progress:
            progress(len(made) + len(failed), total, task.part)
    return made, failed


def _report(failed: dict[str, AtlasError], total: int, verb: str) -> None:
    if failed:
        listed = "; ".join(str(failed[part]) for part in sorted(failed, key=_number)[:10])
        raise RunError(
            f"{len(failed)} of {total} files failed, the rest is done: {listed} "
            f"Mend them and run atlas corpus {verb} again."
        )


def _live_tables(folder: Path, part: str) -> Iterator[pa.Table]:
    """Rows of a part that count, a row group at a time."""
    live, start = live_rows(folder, part), 0
    with pq.ParquetFile(part_path(folder, "articles", part)) as file:
        for number in range(file.num_row_groups):
            table = file.read_row_group(number, columns=ARTICLES.names)
            inside = live[(live >= start) & (live < start + len(table))] - start
            start += len(table)
            yield table if len(inside) == len(table) else table.take(pa.array(inside))


def _matching(table: pa.Table, test: Any, first_year: int | None, last_year: int | None) -> pa.Table:
    mask = test(table)
    if first_year is not None:
        mask = pc.and_(mask, pc.fill_null(pc.greater_equal(table["year"], first_year), False))
    if last_year is not None:
        mask = pc.and_(mask, pc.fill_null(pc.less_equal(table["year"], last_year), False))
    return table.filter(mask)
