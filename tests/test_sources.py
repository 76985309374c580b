"""What a run reads from disk: corpora and metric files found by name, nothing half-imported, nothing overwritten."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from helpers import storage
from helpers.errors import AtlasError, UsageError
from helpers.run import sources
from helpers.schemas import ARTICLES, SEARCHES

ROOT = Path(__file__).resolve().parents[1]
RIS = "TY  - JOUR\nTI  - A synthetic title\nPY  - 2020\nDO  - 10.1000/{}\nER  - \n"


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Synthetic project with two corpora that share one record."""
    for corpus, numbers in (("one", (1, 2)), ("two", (2, 3))):
        folder = tmp_path / "data" / "raw" / "corpora" / corpus
        folder.mkdir(parents=True)
        (folder / "x.ris").write_text("\n".join(RIS.format(n) for n in numbers))
    monkeypatch.setenv("ATLAS_HOME", str(tmp_path))
    return tmp_path


def test_records_of_two_corpora_are_merged_and_counted(home: Path) -> None:
    """Three papers in four entries; the merge is listed."""
    found = sources.read_sources(["one", "two"], SEARCHES.empty())
    assert found.articles["doi"].tolist() == ["10.1000/1", "10.1000/2", "10.1000/3"]
    assert len(found.merges) > 0
    assert found.files[["source", "records"]].to_numpy().tolist() == [["one", 2], ["two", 2]]


def test_a_run_without_any_source_is_refused(home: Path) -> None:
    """Neither source nor query: the way out is named."""
    with pytest.raises(UsageError, match="neither sources nor a query"):
        sources.read_sources([], SEARCHES.empty())


@pytest.mark.parametrize(
    ("name", "words"), [("tow", "two"), ("bare", "holds no file: atlas import"), ("../one", "one")]
)
def test_a_source_not_there_or_empty_is_refused(home: Path, name: str, words: str) -> None:
    """An empty folder is not taken for a corpus of no records."""
    (home / "data" / "raw" / "corpora" / "bare").mkdir()
    with pytest.raises(UsageError, match=words):
        sources.source_files(name)


def test_one_bad_file_keeps_all_from_being_copied(home: Path) -> None:
    """An import is whole or nothing."""
    (home / "good.ris").write_text(RIS.format(9))
    (home / "bad.json").write_text('{"a":')
    with pytest.raises(AtlasError, match=r"bad\.json"):
        sources.import_files([home / "good.ris", home / "bad.json"], name="new")
    assert not storage.raw("corpora", "new").exists()


def test_an_import_says_what_it_took(home: Path) -> None:
    """Counts and first titles per file; the copy is byte for byte."""
    file = home / "good.ris"
    file.write_text(RIS.format(9))
    rows = sources.import_files([file], name="new")
    assert rows.to_numpy().tolist() == [["good.ris", 1, 0, "A synthetic title"]]
    assert storage.raw("corpora", "new", "good.ris").read_bytes() == file.read_bytes()


def test_a_user_s_metric_goes_before_the_shipped_one(home: Path) -> None:
    """The later file wins for the same journal, metric and year; an absent one is refused by name."""
    shutil.copytree(ROOT / "data" / "raw" / "journals", home / "data" / "raw" / "journals")
    shipped = sources.read_journal_metrics([])
    row = shipped.iloc[[0]].assign(value=99.5)
    (home / "mine.csv").write_bytes(storage.to_csv(row))
    both = sources.read_journal_metrics(["mine.csv"])
    assert len(both) == len(shipped)
    assert (both["value"] == 99.5).sum() == 1
    with pytest.raises(UsageError, match=r"absent\.csv does not exist"):
        sources.read_journal_metrics(["absent.csv"])


def test_which_lexicon_is_said_in_words(home: Path) -> None:
    """The panel unless a full one was built; asking for one that was not built names the command."""
    shutil.copytree(ROOT / "data" / "raw" / "terms", home / "data" / "raw" / "terms")
    assert sources.describe_lexicon("auto").startswith("the shipped panel of ")
    with pytest.raises(UsageError, match="atlas lexicon build"):
        sources.read_lexicon("full")
    with pytest.raises(UsageError, match="did you mean full"):
        sources.read_lexicon("ful")
    with pytest.raises(UsageError, match="give an HGNC complete set"):
        sources.build_gene_lexicon(home / "absent.txt")


def test_a_corpus_not_built_is_refused(home: Path) -> None:
    """With the command that builds one."""
    with pytest.raises(UsageError, match="atlas corpus build makes one"):
        sources.find_corpus("pubmed")


def test_a_file_without_a_record_is_not_imported(home: Path) -> None:
    """A BibTeX entry that is cut off is refused with the reason, and no corpus is made of it."""
    path = home / "cut.bib"
    path.write_text("@article{x,title=")
    with pytest.raises(UsageError, match=r"cut\.bib holds no readable record: "):
        sources.import_files([path], name="cut")
    assert not storage.raw("corpora", "cut").exists()


def test_a_run_without_a_record_names_what_was_asked(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A query that no record of a corpus matches is one sentence, not an error in a later notebook."""
    monkeypatch.setattr(sources, "find_corpus", lambda name: home)
    monkeypatch.setattr(sources, "read_corpus", lambda folder, query: ARTICLES.empty())
    with pytest.raises(UsageError, match="no record of corpus 'pubmed' matches 'synthetic words': widen"):
        sources.read_sources(["one"], SEARCHES.empty(), corpus="pubmed", corpus_query="synthetic words")
