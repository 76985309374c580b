"""The corpus commands: files by pattern, a progress bar, a sentence on what was made."""

from __future__ import annotations

import glob
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tqdm import tqdm

from helpers import storage
from helpers.errors import UsageError
from helpers.run.corpus import Progress, annotate_corpus, build_corpus
from helpers.run.corpus_index import read_index
from helpers.run.sources import corpus_folder, find_corpus, read_lexicon

_SHOWN = 10  # flawed places told on the terminal


def build(pattern: str, *, name: str, workers: int | None, scheduler: str | None, quiet: bool) -> str:
    """What was built, in a sentence, then the places that could not be read, a line each."""
    paths = [Path(path) for path in sorted(glob.glob(pattern))]
    if not paths:
        raise UsageError(
            f"no file matches {pattern!r}: give the pattern in quotes, e.g. 'pubmed/pubmed*.xml.gz'."
        )
    folder = corpus_folder(name)
    with _bar(quiet) as tell:
        rows = build_corpus(paths, folder, workers=workers, scheduler=scheduler, progress=tell)
    listed = [f"{place}: {why}" for row in rows.itertuples() for place, why in row.skipped]
    fresh, index = int(rows["fresh"].sum()), read_index(folder)
    head = (
        f"{folder.relative_to(storage.root())}: {index['live']:,} records of {len(rows):,} files "
        f"({index['superseded']:,} revised later and {index['withdrawn']:,} withdrawn left out), {fresh:,} files "
        f"parsed now, {len(listed):,} flawed places"
    )
    if len(listed) > _SHOWN:
        more = f"the others stand under {(folder / 'manifest' / 'articles').relative_to(storage.root())}"
        listed[_SHOWN:] = [f"{len(listed) - _SHOWN:,} more: {more}"]
    return "\n  ".join([head, *listed])


def annotate(
    lexicon: str, *, all_genes: bool, name: str, workers: int | None, scheduler: str | None, quiet: bool
) -> str:
    """What was annotated, in a sentence."""
    folder = find_corpus(name)
    terms = read_lexicon(lexicon)
    with _bar(quiet) as tell:
        rows = annotate_corpus(
            folder, terms, all_genes=all_genes, workers=workers, scheduler=scheduler, progress=tell
        )
    mentions, evidence = int(rows["mentions"].sum()), int(rows["evidence"].sum())
    return f"{folder.relative_to(storage.root())}: {mentions:,} mentions, {evidence:,} rows of evidence"


@contextmanager
def _bar(quiet: bool) -> Iterator[Progress]:
    """Progress callback that moves a bar of files done."""
    with tqdm(disable=quiet, unit="file") as bar:

        def tell(done: int, total: int, part: str) -> None:
            bar.total = total
            bar.set_description(part, refresh=False)
            bar.update(done - bar.n)

        yield tell
