"""The `atlas` command: arguments in, exit codes out, nothing else."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

import click

from helpers.errors import AtlasError, UsageError


class _OneSentence(click.Group):
    """Group that reports a user's mistake in one sentence, never as a traceback."""

    def invoke(self, ctx: click.Context) -> object:
        try:
            return super().invoke(ctx)
        except AtlasError as error:
            click.echo(f"atlas: {error}", err=True)
            sys.exit(error.exit_code)
        except KeyboardInterrupt:
            click.echo("atlas: stopped; the same command goes on where it was.", err=True)
            sys.exit(130)
        except OSError as error:  # a full disk, a folder that must not be written
            place = f"{error.filename}: " if error.filename else ""
            click.echo(f"atlas: {place}{error.strerror or error}; nothing half-written is left.", err=True)
            sys.exit(1)


@click.group(cls=_OneSentence, context_settings={"help_option_names": ["-h", "--help"]})
def main() -> None:
    r"""From PubMed records to target tables, figures and reports.

    \b
    atlas list                               notebooks, their parameters and help
    atlas run notebooks/runs/seed.yml        run the notebooks, render the report
    atlas run my.yml -p first_year 2015      the same with one parameter changed
    atlas import my.ris --as mine            add a reference file as a corpus
    """


@main.command("list")
def list_command() -> None:
    """List the notebooks with their parameters."""
    from helpers.run.notebooks import find_notebooks

    for book in find_notebooks().values():
        click.secho(f"{book.name}: {book.title}", bold=True)
        for parameter in book.parameters:
            click.echo(f"    {parameter.name}: {parameter.type} = {parameter.default!r}  {parameter.help}")


def _pairs(values: tuple[tuple[str, str], ...]) -> dict[str, str]:
    return dict(values)


@main.command("run")
@click.argument("settings_file", metavar="RUN.yml", type=click.Path(path_type=Path))
@click.option("-p", "overrides", nargs=2, multiple=True, metavar="NAME VALUE", help="Change one parameter.")
@click.option("--quiet", is_flag=True, help="No progress bar.")
@click.option("--no-report", is_flag=True, help="Run the notebooks only.")
@click.option(
    "--upto", multiple=True, metavar="NOTEBOOK", help="Only this notebook and those it needs; no report."
)
def run_command(
    settings_file: Path,
    overrides: tuple[tuple[str, str], ...],
    quiet: bool,
    no_report: bool,
    upto: tuple[str, ...],
) -> None:
    """Run the notebooks of RUN.yml and render the report; what is unchanged is not redone."""
    from helpers import storage
    from helpers.run.once import run_once
    from helpers.run.settings import read_settings

    settings = read_settings(settings_file, _pairs(overrides))
    made = run_once(settings, quiet=quiet, report=not (no_report or upto), upto=upto)
    click.echo(made.relative_to(storage.root()))


@main.command("report")
@click.argument("run")
def report_command(run: str) -> None:
    """Render the report of RUN anew from its executed notebooks."""
    from helpers import storage
    from helpers.present.report import render_report

    pages = sorted(storage.run_folder(run, "notebooks").glob("[0-9]*.ipynb"))
    pages = [page for page in pages if not page.name.endswith(".failed.ipynb")]
    if not pages:
        raise UsageError(
            f"run {run!r} has no executed notebooks: atlas run notebooks/runs/{run}.yml makes them."
        )
    made = render_report(pages, run=run, folder=storage.run_folder(run, "report"))
    click.echo(made.relative_to(storage.root()))


@main.command("import")
@click.argument("files", metavar="FILE...", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--as", "name", default="imported", show_default=True, help="Name of the corpus.")
def import_command(files: tuple[Path, ...], name: str) -> None:
    """Check reference files (CSL-JSON, RIS, NBIB, BibTeX, CSV, text) and add them as a corpus."""
    from helpers.run.sources import import_files

    rows = import_files(files, name=name)
    for row in rows.itertuples():
        click.echo(f"{row.file}: {row.records} records, {row.skipped} skipped ({row.titles})")
    click.echo(f"Run it: atlas run notebooks/runs/seed.yml -p name {name} -p sources {name}")


@main.command("batch")
@click.argument("batch_file", metavar="BATCH.yml", type=click.Path(path_type=Path))
@click.option("--quiet", is_flag=True, help="No progress bar.")
@click.option(
    "--workers", type=click.IntRange(min=1), default=2, show_default=True, help="Items made at a time."
)
def batch_command(batch_file: Path, quiet: bool, workers: int) -> None:
    """Make one page per item of BATCH.yml and an index; what is unchanged is not redone."""
    from helpers import storage
    from helpers.run.batch import find_leftovers, read_batch, run_batch

    batch = read_batch(batch_file)
    try:
        made = run_batch(batch, quiet=quiet, workers=workers)
        click.echo(made.relative_to(storage.root()))
    finally:
        if left := find_leftovers(batch):
            names = ", ".join(page.name for page in left[:10]) + (", ..." if len(left) > 10 else "")
            click.echo(
                f"Not listed any more, left in {left[0].parent.relative_to(storage.root())}: {names} "
                "(delete them, or list the items again).",
                err=True,
            )


@main.command("compare")
@click.argument("before")
@click.argument("after")
def compare_command(before: str, after: str) -> None:
    """Compare two runs by name: what is new, not observed, re-annotated, and which conclusions moved."""
    from helpers import storage
    from helpers.run.once import compare

    click.echo(compare(before, after).relative_to(storage.root()))


@main.group("lexicon")
def lexicon_group() -> None:
    """The full human gene lexicon."""


@lexicon_group.command("build")
@click.option("--hgnc", type=click.Path(path_type=Path), help="HGNC complete set instead of NCBI Gene.")
def lexicon_build_command(hgnc: Path | None) -> None:
    """Build the full gene lexicon from NCBI Gene through Entrez, or from an HGNC file of yours."""
    from helpers import storage
    from helpers.run.sources import build_gene_lexicon

    path, n = build_gene_lexicon(hgnc)
    click.echo(f"{path.relative_to(storage.root())}: {n:,} genes")


@main.group("corpus")
def corpus_group() -> None:
    """A corpus of the whole of PubMed, from its baseline and update files."""


def _corpus_options(function: Callable[..., None]) -> Callable[..., None]:
    for option in (
        click.option(
            "--name", default="pubmed", show_default=True, help="Folder under data/processed/corpora."
        ),
        click.option("--workers", type=click.IntRange(min=1), help="Processes; all cores by default."),
        click.option("--scheduler", metavar="tcp://HOST:PORT", help="Dask scheduler to use instead."),
        click.option("--quiet", is_flag=True, help="No progress bar."),
    ):
        function = option(function)
    return function


@corpus_group.command("build")
@click.option("--xml", "pattern", required=True, help="Files, e.g. 'pubmed/pubmed*.xml.gz' (quoted).")
@_corpus_options
def corpus_build_command(
    pattern: str, name: str, workers: int | None, scheduler: str | None, quiet: bool
) -> None:
    """Parse PubMed XML files, in number order, to partitioned Parquet; files done before are not redone."""
    from helpers.run.whole import build

    click.echo(build(pattern, name=name, workers=workers, scheduler=scheduler, quiet=quiet))


@corpus_group.command("annotate")
@click.option("--lexicon", default="auto", show_default=True, help="panel, full or auto.")
@click.option("--evidence-only", is_flag=True, help="No genes of records that name no mode and no therapy.")
@_corpus_options
def corpus_annotate_command(
    lexicon: str, evidence_only: bool, name: str, workers: int | None, scheduler: str | None, quiet: bool
) -> None:
    """Tag the genes, modes and therapies of a corpus and gather its evidence, part by part."""
    from helpers.run.whole import annotate

    told = annotate(
        lexicon, all_genes=not evidence_only, name=name, workers=workers, scheduler=scheduler, quiet=quiet
    )
    click.echo(told)


@main.command("dictionary")
def dictionary_command() -> None:
    """Print the data dictionary; data/processed/README.md is its output."""
    from helpers.schemas import TABLES
    from helpers.storage import dictionary

    click.echo(dictionary(TABLES), nl=False)


@main.command("evaluate")
@click.argument("folder", type=click.Path(path_type=Path))
def evaluate_command(folder: Path) -> None:
    """Measure gene, mode and direction calls on FOLDER; writes data/processed/evaluation.json."""
    from helpers.run.evaluate import evaluate_command as evaluate

    evaluate(folder)


if __name__ == "__main__":
    main()
