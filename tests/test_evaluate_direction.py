"""Direction measured on sentences that people annotated."""

from __future__ import annotations

import io
import tarfile
from pathlib import Path

import pytest

from helpers.errors import UsageError
from helpers.run.evaluate_direction import evaluate_direction


@pytest.mark.evaldata
def test_direction_is_right_nine_times_in_ten(evaldata: Path) -> None:
    """Stated directions on FerrDb: precision at least 0.90 with coverage at least 0.65, wrong calls listed."""
    figures = evaluate_direction(evaldata)
    ferrdb = figures["ferrdb"]
    assert ferrdb["precision"] >= 0.90
    assert ferrdb["coverage"] >= 0.65
    assert len(ferrdb["wrong_way"]) == ferrdb["stated"] - ferrdb["right"]
    assert all(call["text"] and call["gold"] in ("promotes", "inhibits") for call in ferrdb["wrong_way"])
    assert figures["civicmine"]["share_predictive_of_stated"] > 0.75


def test_folder_of_another_shape_is_refused(tmp_path: Path) -> None:
    """An absent corpus is named."""
    with pytest.raises(UsageError, match="hgnc_complete_set"):
        evaluate_direction(tmp_path)


def test_small_corpora_of_the_same_shape_are_read(tmp_path: Path) -> None:
    """Synthetic FerrDb and CIViCmine files: one right, one wrong way, one silent; one predictive relation."""
    (tmp_path / "gene-nomenclature").mkdir()
    (tmp_path / "gene-nomenclature" / "hgnc_complete_set.txt").write_text(
        "hgnc_id\tsymbol\tname\talias_symbol\tprev_symbol\talias_name\tprev_name\n"
        "HGNC:1\tAAA1\talpha one\tA-1\t\t\t\nHGNC:2\tBBB2\tbeta two\t\t\t\t\n"
    )
    (tmp_path / "ferrdb").mkdir()
    head = "Symbol_or_reported_abbr,HGNC_ID,Evidence,PMID,Remark\n"
    driver = "AAA1,HGNC:1,A1 promotes ferroptosis.,1,_NA_\nBBB2,HGNC:2,BBB2 inhibits ferroptosis.,2,_NA_\n"
    (tmp_path / "ferrdb" / "driver.csv").write_text(head + driver + "BBB2,HGNC:2,It promotes it.,3,_NA_\n")
    (tmp_path / "ferrdb" / "suppressor.csv").write_text(head + "BBB2,HGNC:2,BBB2 and ferroptosis.,4,_NA_\n")
    (tmp_path / "civicmine").mkdir()
    with tarfile.open(tmp_path / "civicmine" / "training.tar.gz", "w:gz") as archive:
        for name, text in (
            ("training/1.txt", "AAA1 confers resistance to cisplatin."),
            ("training/1.a1", "T1\tgene 0 4\tAAA1\nT2\tdrug 27 36\tcisplatin\n"),
            ("training/1.a2", "R1\tPredictive drug:T2 gene:T1\n"),
        ):
            info = tarfile.TarInfo(name)
            info.size = len(text)
            archive.addfile(info, io.BytesIO(text.encode()))
    figures = evaluate_direction(tmp_path)
    ferrdb = figures["ferrdb"]
    assert (ferrdb["n"], ferrdb["stated"], ferrdb["right"]) == (3, 2, 1)
    assert [call["gene"] for call in ferrdb["wrong_way"]] == ["BBB2"]
    assert (figures["civicmine"]["n_predictive"], figures["civicmine"]["resistance"]) == (1, 1)
