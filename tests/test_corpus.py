"""The whole of PubMed as a corpus: order, versions, deletions, resuming, and the same result everywhere."""

from __future__ import annotations

import gzip
import hashlib
import multiprocessing
import os
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from helpers import storage
from helpers.annotate.evidence import find_evidence
from helpers.annotate.lexicon import Lexicon, build_lexicon
from helpers.annotate.mentions import find_mentions
from helpers.errors import ParseError, RunError, UsageError
from helpers.run.cluster import map_tasks
from helpers.run.corpus import (
    annotate_corpus,
    build_corpus,
    order_parts,
    read_annotations,
    read_corpus,
)
from helpers.run.corpus_index import read_index
from helpers.run.whole import build

TITLES = ("GPX4 inhibits ferroptosis", "BCL2 inhibits apoptosis", "A bird sings", "MLKL drives necroptosis")


def article(pmid: int, title: str, *, version: int = 1, year: int = 2020, mesh: str = "") -> str:
    heading = (
        f'<MeshHeadingList><MeshHeading><DescriptorName UI="D000001" MajorTopicYN="N">{mesh}'
        "</DescriptorName></MeshHeading></MeshHeadingList>"
        if mesh
        else ""
    )
    return (
        f'<PubmedArticle><MedlineCitation Status="MEDLINE"><PMID Version="{version}">{pmid}</PMID><Article>'
        f"<Journal><JournalIssue><PubDate><Year>{year}</Year></PubDate></JournalIssue><Title>J</Title></Journal>"
        f"<ArticleTitle>{title}</ArticleTitle><Abstract><AbstractText>{title} in cancer cells resistant to "
        "cisplatin.</AbstractText></Abstract><Language>eng</Language><PublicationTypeList>"
        '<PublicationType UI="D016428">Journal Article</PublicationType></PublicationTypeList></Article>'
        f"{heading}</MedlineCitation></PubmedArticle>"
    )


def deletion(*pmids: int, version: int = 1) -> str:
    inner = "".join(f'<PMID Version="{version}">{pmid}</PMID>' for pmid in pmids)
    return f"<DeleteCitation>{inner}</DeleteCitation>"


def write(folder: Path, name: str, *items: str) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{name}.xml.gz"
    text = f'<?xml version="1.0"?><PubmedArticleSet>{"".join(items)}</PubmedArticleSet>'
    path.write_bytes(gzip.compress(text.encode(), mtime=0))
    return path


@pytest.fixture
def files(tmp_path: Path) -> list[Path]:
    """Six files of forty synthetic records; the last withdraws one and revises another."""
    made = [
        write(
            tmp_path / "xml",
            f"pubmed26n{998 + number:04d}",
            *(article(100 * number + n + 1, TITLES[n % 4], year=2015 + number) for n in range(40)),
        )
        for number in range(6)
    ]
    made.append(write(tmp_path / "xml", "pubmed26n1004", article(3, "Revised"), deletion(5)))
    return made


@pytest.fixture(scope="module")
def lexicon() -> Lexicon:
    return build_lexicon(storage.read_terms())


def titles(folder: Path) -> dict[str, str]:
    frame = read_corpus(folder)
    return dict(zip(frame["pmid"], frame["title"], strict=True))


def contents(folder: Path) -> dict[str, str]:
    """Digest of every file of a corpus; what is not a final name shows here too."""
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def test_files_are_taken_in_number_order(tmp_path):
    """1000 comes after 999, whatever the alphabet or the shell says."""
    names = ["pubmed26n1000", "pubmed26n0999", "pubmed25n1500", "pubmed26n10000", "extra"]
    parts = order_parts([write(tmp_path, name) for name in names])
    assert list(parts) == ["pubmed25n1500", "pubmed26n0999", "pubmed26n1000", "pubmed26n10000", "extra"]


def test_later_file_replaces_and_deletion_withdraws(tmp_path):
    """A PMID counts once: the latest file's row, none after a deletion, again after a new delivery."""
    build_corpus(
        [
            write(tmp_path, "pubmed26n0001", article(1, "old"), article(2, "gone"), article(3, "back")),
            write(tmp_path, "pubmed26n0002", article(1, "new"), deletion(2, 3)),
            write(tmp_path, "pubmed26n0003", article(3, "again")),
        ],
        tmp_path / "corpus",
        workers=1,
    )
    assert titles(tmp_path / "corpus") == {"1": "new", "3": "again"}
    index = read_index(tmp_path / "corpus")
    assert (index["rows"], index["live"]) == (5, 2)
    assert (index["withdrawn"], index["superseded"]) == (2, 1)


def test_higher_version_stays_though_a_later_file_revises_the_lower(tmp_path):
    """Versions of one record stand in different files: the highest counts, deleting a lower one is nothing."""
    build_corpus(
        [
            write(tmp_path, "pubmed26n0001", article(1, "v2", version=2)),
            write(tmp_path, "pubmed26n0002", article(1, "v1 revised", version=1), deletion(1, version=1)),
        ],
        tmp_path / "corpus",
        workers=1,
    )
    assert titles(tmp_path / "corpus") == {"1": "v2"}


def test_twice_in_one_file_counts_once(tmp_path):
    """Within a file the highest version wins, then the last; a deletion acts on what stands before it."""
    build_corpus(
        [
            write(
                tmp_path,
                "pubmed26n0001",
                article(1, "v2", version=2),
                article(1, "v1", version=1),
                article(2, "first"),
                article(2, "second"),
                article(3, "gone"),
                deletion(3),
                deletion(4),
                article(4, "after"),
            )
        ],
        tmp_path / "corpus",
        workers=1,
    )
    assert titles(tmp_path / "corpus") == {"1": "v2", "2": "second", "4": "after"}


def test_nothing_is_made_twice_and_a_changed_file_is_made_again(files, tmp_path):
    """Content decides: a second build reads no file, a changed one is the only one read."""
    corpus = tmp_path / "corpus"
    assert build_corpus(files, corpus, workers=1)["fresh"].all()
    before = contents(corpus)
    assert not build_corpus(files, corpus, workers=1)["fresh"].any()
    assert contents(corpus) == before
    write(tmp_path / "xml", "pubmed26n1004", article(3, "Revised twice"))
    again = build_corpus(files, corpus, workers=1)
    assert again.loc[again["fresh"], "part"].tolist() == ["pubmed26n1004"]
    assert titles(corpus)["3"] == "Revised twice"
    assert "5" in titles(corpus)


def test_wrong_md5_stops_that_file_alone_and_is_named(files, tmp_path):
    """A file that differs from its .md5 does not enter; the others do, and the error names it."""
    for path in files:
        md5 = hashlib.md5(path.read_bytes()).hexdigest()
        path.with_name(f"{path.name}.md5").write_text(f"MD5({path.name})= {md5}\n")
    bad = files[1]
    bad.with_name(f"{bad.name}.md5").write_text(f"MD5({bad.name})= {'0' * 32}\n")
    with pytest.raises(RunError, match=r"1 of 7 files failed.*pubmed26n0999\.xml\.gz: its MD5 differs"):
        build_corpus(files, tmp_path / "corpus", workers=1)
    assert len(titles(tmp_path / "corpus")) == 199
    bad.with_name(f"{bad.name}.md5").unlink()
    assert build_corpus(files, tmp_path / "corpus", workers=1)["fresh"].sum() == 1
    assert len(titles(tmp_path / "corpus")) == 239


def test_truncated_file_is_kept_as_far_as_it_goes_and_told(tmp_path):
    """Whole records of a damaged file count; the damage is listed with its byte."""
    path = write(tmp_path, "pubmed26n0001", *(article(n, f"title {n}") for n in range(1, 500)))
    path.write_bytes(path.read_bytes()[:-2000])
    [skipped] = build_corpus([path], tmp_path / "corpus", workers=1)["skipped"]
    assert any("byte" in where for where, _ in skipped)
    assert 100 < len(titles(tmp_path / "corpus")) < 499


def test_build_command_tells_where_a_file_is_damaged(tmp_path, monkeypatch):
    """The terminal names file and byte of what could not be read, not only how many places."""
    monkeypatch.setenv("ATLAS_HOME", str(tmp_path))
    path = write(tmp_path, "pubmed26n0001", *(article(n, f"title {n}") for n in range(1, 500)))
    path.write_bytes(path.read_bytes()[:-2000])
    told = build(str(path), name="damaged", workers=1, scheduler=None, quiet=True)
    assert "flawed places\n  pubmed26n0001: byte " in told


def test_build_command_counts_what_the_corpus_holds(files, tmp_path, monkeypatch):
    """Records revised or withdrawn by a later file are told apart from those that count."""
    monkeypatch.setenv("ATLAS_HOME", str(tmp_path))
    told = build(str(files[0].parent / "*.xml.gz"), name="whole", workers=1, scheduler=None, quiet=True)
    assert "239 records of 7 files (1 revised later and 1 withdrawn left out), 7 files parsed now" in told


def test_half_written_part_is_never_under_its_final_name(files, tmp_path, monkeypatch):
    """A build that dies while writing leaves no part that looks whole, and the next one completes it."""
    from helpers.records.pubmed_tables import TableReader

    def dies(reader):
        raise MemoryError("synthetic")

    with monkeypatch.context() as patch:
        patch.setattr(TableReader, "_flush", dies)
        with pytest.raises(RunError, match="synthetic"):
            build_corpus(files, tmp_path / "corpus", workers=1)
    assert not list((tmp_path / "corpus").rglob("pubmed*.parquet"))
    build_corpus(files, tmp_path / "corpus", workers=1)
    assert len(titles(tmp_path / "corpus")) == 239


@pytest.mark.parametrize(
    ("name", "message"), [("notes.txt", "no file named"), ("missing.xml.gz", "no file named")]
)
def test_unusable_names_are_refused_before_anything_runs(tmp_path, name, message):
    """Only PubMed XML files that exist are taken."""
    (tmp_path / "notes.txt").write_text("x")
    with pytest.raises(UsageError, match=message):
        build_corpus([tmp_path / name], tmp_path / "corpus")
    with pytest.raises(UsageError, match="no PubMed file"):
        build_corpus([], tmp_path / "corpus")
    with pytest.raises(UsageError, match="holds no corpus"):
        read_corpus(tmp_path / "corpus")


def test_processes_give_the_same_bytes_as_one(files, tmp_path, lexicon):
    """Two processes and this process write identical corpora."""
    for workers in (1, 2):
        corpus = tmp_path / f"corpus{workers}"
        build_corpus(files, corpus, workers=workers)
        annotate_corpus(corpus, lexicon, workers=workers)
    assert contents(tmp_path / "corpus1") == contents(tmp_path / "corpus2")


def test_corpus_annotations_equal_the_plain_functions(files, tmp_path, lexicon):
    """Mentions and evidence of a corpus are those of find_mentions and find_evidence over its articles."""
    corpus = tmp_path / "corpus"
    build_corpus(files, corpus, workers=1)
    made = annotate_corpus(corpus, lexicon, workers=1)
    assert made["evidence"].sum() > 100
    assert not annotate_corpus(corpus, lexicon, workers=1)["fresh"].any()
    articles = read_corpus(corpus, "ferroptosis[tiab]", first_year=2016)
    mentions, evidence = read_annotations(corpus, articles)
    expected = find_mentions(articles, lexicon)
    assert mentions.equals(expected)
    assert evidence.equals(find_evidence(articles, expected, lexicon))


def test_evidence_alone_is_the_same_evidence(files, tmp_path, lexicon):
    """Without the genes of records that name neither mode nor therapy, evidence and all else stay as they are."""
    corpus = tmp_path / "corpus"
    build_corpus(files, corpus, workers=1)
    annotate_corpus(corpus, lexicon, workers=1)
    articles = read_corpus(corpus)
    mentions, evidence = read_annotations(corpus, articles)
    made = annotate_corpus(corpus, lexicon, all_genes=False, workers=1)
    assert made["fresh"].all()
    fewer, same = read_annotations(corpus, articles)
    assert same.equals(evidence)
    named = mentions.loc[mentions["kind"] != "gene", "record_id"].unique()
    assert fewer.equals(mentions[mentions["record_id"].isin(named)].reset_index(drop=True))


def test_unannotated_part_is_named(files, tmp_path):
    """Missing annotations are an error, not an empty table."""
    build_corpus(files, tmp_path / "corpus", workers=1)
    with pytest.raises(UsageError, match="is not annotated"):
        read_annotations(tmp_path / "corpus", read_corpus(tmp_path / "corpus"))


def _die_once(item: Path, context: None) -> int:
    """Kills its process the first time it runs."""
    if not item.exists():
        item.write_text("died")
        os._exit(9)
    return len(item.name)


def test_pool_outlives_a_worker_that_dies(tmp_path):
    """Items in hand of a dead process run again in a fresh pool; each comes out once."""
    items = [tmp_path / f"item{n}" for n in range(4)]
    items[0].write_text("died")
    outcomes = list(map_tasks(_die_once, items[:2], workers=2))
    assert sorted(item.name for item, _, _ in outcomes) == ["item0", "item1"]
    assert all(error is None for _, _, error in outcomes)


def _wait(item: Path, context: None) -> None:
    item.write_text(str(os.getpid()))
    time.sleep(60)


def _pool_of_two(folder: Path) -> None:
    list(map_tasks(_wait, [folder / "one", folder / "two"], workers=2))


def test_pool_ends_with_a_command_that_is_killed(tmp_path):
    """Processes of a command killed with -9 end with it: none stays behind and holds its memory."""
    command = multiprocessing.get_context("spawn").Process(target=_pool_of_two, args=(tmp_path,))
    command.start()
    assert _within(30, lambda: len([path for path in tmp_path.iterdir() if path.read_text()]) == 2)
    numbers = [int(path.read_text()) for path in tmp_path.iterdir()]
    command.kill()
    command.join()
    assert _within(10, lambda: not any(_alive(number) for number in numbers))


def _within(seconds: float, test: Callable[[], bool]) -> bool:
    end = time.monotonic() + seconds
    while not (held := test()) and time.monotonic() < end:
        time.sleep(0.1)
    return held


def _alive(number: int) -> bool:
    """True for a process that runs; one that ended but that nobody has waited for does not."""
    try:
        state = Path(f"/proc/{number}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state != "Z"


def _fail(item: int, context: None) -> int:
    if item % 2:
        raise ParseError(f"item {item}: synthetic.")
    return item


def test_failing_item_stops_no_other():
    """Every item comes out, with its result or its error, from this process and from a pool."""
    for workers in (1, 2):
        outcomes = sorted(map_tasks(_fail, range(4), workers=workers), key=lambda outcome: outcome[0])
        assert [result for _, result, _ in outcomes] == [0, None, 2, None]
        assert [str(error) for _, _, error in outcomes if error] == [
            "item 1: synthetic.",
            "item 3: synthetic.",
        ]


def _add(item: int, context: dict[str, int]) -> int:
    return item + context["addend"]


class _Unpicklable(dict[str, int]):
    def __reduce__(self) -> str:
        raise TypeError("a copy was made")


@pytest.mark.skipif(sys.platform != "linux", reason="processes are forked on Linux alone")
def test_processes_share_one_lexicon():
    """The context lies once in memory: it is not written, sent and read again for each process."""
    outcomes = map_tasks(_add, [1, 2, 3], context=_Unpicklable(addend=10), workers=2)
    assert sorted(result for _, result, _ in outcomes) == [11, 12, 13]


@pytest.mark.slow
def test_dask_cluster_with_a_worker_killed_half_way_gives_the_same_bytes(files, tmp_path, lexicon):
    """A LocalCluster that loses a worker in mid-run ends with the corpus of the single process."""
    distributed = pytest.importorskip("distributed")
    build_corpus(files, tmp_path / "one", workers=1)
    annotate_corpus(tmp_path / "one", lexicon, workers=1)
    with distributed.LocalCluster(
        n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None, host="127.0.0.1"
    ) as cluster:
        killed = []

        def kill(done: int, total: int, part: str) -> None:
            if done == 2 and len(killed) < 2:
                worker = next(iter(cluster.workers.values()))
                os.kill(worker.pid if hasattr(worker, "pid") else worker.process.pid, 9)
                killed.append(part)
                time.sleep(0.2)

        address = cluster.scheduler_address
        build_corpus(files, tmp_path / "many", scheduler=address, progress=kill)
        annotate_corpus(tmp_path / "many", lexicon, scheduler=address, progress=kill)
        assert len(killed) == 2
    assert contents(tmp_path / "many") == contents(tmp_path / "one")


def test_absent_scheduler_is_refused(files, tmp_path):
    """A scheduler that does not answer is named."""
    pytest.importorskip("distributed")
    with pytest.raises(UsageError, match="no Dask scheduler answers at nonsense"):
        build_corpus(files, tmp_path / "corpus", scheduler="nonsense://127.0.0.1:1")
    with pytest.raises(UsageError, match=r"at nonsense: give tcp://HOST:PORT\."):
        build_corpus(files, tmp_path / "corpus", scheduler="nonsense")
