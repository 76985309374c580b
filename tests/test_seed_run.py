"""What must be true of the default run: 55 real records, from CSL-JSON to tables, figures and report."""

from __future__ import annotations

import json
import shlex
import shutil
import subprocess
from pathlib import Path

import pandas as pd
import pytest
from filelock import FileLock

from helpers import storage
from helpers.run.once import run_once
from helpers.run.settings import read_settings
from helpers.schemas import split_list

ROOT = Path(__file__).resolve().parents[1]
SETTINGS = ROOT / "notebooks" / "runs" / "seed.yml"
NFE2L2 = "doi:10.20517/cdr.2024.123"
ATF5 = "doi:10.12677/acm.2026.162564"
CUPROPTOSIS = "doi:10.1016/j.drup.2023.101018"
MDM2 = "pmid:38281981"
TARGETS = (
    "NQO1 HMOX1 FTH1 FTL HERC2 SLC40A1 ABCB6 FECH PIR MT1G SLC7A11 GCLC GCLM GSS GSR GPX4 AIFM2 MGST1 "
    "ALDH1A1 ALDH3A1 G6PD"
).split()


@pytest.fixture(scope="session")
def seed() -> Path:
    """Folder of the seed run in this checkout, made anew where something changed."""
    storage.run_folder("seed").mkdir(parents=True, exist_ok=True)
    with FileLock(storage.run_folder("seed") / ".test.lock"):
        return run_once(read_settings(SETTINGS), quiet=True).parents[1]


@pytest.fixture(scope="session")
def tables(seed: Path) -> dict[str, pd.DataFrame]:
    return {
        path.stem: storage.read_table("seed", path.stem) for path in sorted((seed / "tables").glob("*.csv"))
    }


@pytest.fixture
def gene_mode(tables: dict[str, pd.DataFrame]) -> pd.DataFrame:
    return tables["gene_mode"].set_index(["gene", "mode"])


def claims(tables: dict[str, pd.DataFrame], record: str, gene: str) -> pd.DataFrame:
    evidence = tables["evidence"]
    return evidence[(evidence["record_id"] == record) & (evidence["gene"] == gene)]


def test_the_seed_has_55_records_and_none_is_lost(tables: dict[str, pd.DataFrame]) -> None:
    """Every record stays in articles, and each step of the flow adds up."""
    assert len(tables["articles"]) == 55
    flow = tables["flow"]
    assert (flow["n_in"] - flow["n_out"] == flow["dropped"]).all()
    listed = flow["records"].map(lambda value: len(split_list(value)))
    assert (listed == flow["dropped"]).all()


@pytest.mark.parametrize("gene", ["NFE2L2", *TARGETS])
def test_nfe2l2_and_its_targets_stand_under_ferroptosis(tables: dict[str, pd.DataFrame], gene: str) -> None:
    """NFE2L2 and each named target is linked to ferroptosis by the paper, with direction resistance."""
    rows = claims(tables, NFE2L2, gene)
    rows = rows[(rows["mode"] == "ferroptosis") & (rows["scope"] == "article")]
    assert len(rows) == 1
    assert rows["effect_on_mode"].item() == "inhibits"


@pytest.mark.parametrize("gene", ["NFE2L2", *TARGETS])
def test_nfe2l2_and_its_targets_give_resistance(tables: dict[str, pd.DataFrame], gene: str) -> None:
    """The paper's claim reads as resistance in the table of pairs."""
    gene_mode = tables["gene_mode"].set_index(["gene", "mode"])
    assert gene_mode.loc[(gene, "ferroptosis"), "therapy_direction"] == "resistance"


def test_the_impact_factor_the_document_reports_is_joined(tables: dict[str, pd.DataFrame]) -> None:
    """Cancer Drug Resistance has 4.6, Q1, 2024, as the NFE2L2 document itself says."""
    rows = tables["article_metrics"].query("record_id == @NFE2L2 and metric == 'JIF'")
    assert rows[["value", "quartile", "metric_year"]].to_numpy().tolist() == [[4.6, "Q1", 2024]]


@pytest.mark.parametrize("mode", ["apoptosis", "autophagy", "anoikis", "ferroptosis"])
def test_atf5_stands_under_four_modes_with_the_references_behind(gene_mode: pd.DataFrame, mode: str) -> None:
    """The review's four modes are found, each backed by the review and by at least one of its references."""
    records = split_list(gene_mode.loc[("ATF5", mode), "records"])
    assert ATF5 in records
    assert len(records) >= 2


@pytest.mark.parametrize("gene", ["BCL2", "MCL1", "EGR1", "TP53", "BMF", "BAX", "HSPA1A"])
def test_atf5_partners_are_named_with_apoptosis_or_anoikis(gene_mode: pd.DataFrame, gene: str) -> None:
    """Partners of ATF5 in the review stand in the table."""
    assert (gene, "apoptosis") in gene_mode.index or (gene, "anoikis") in gene_mode.index


@pytest.mark.parametrize("mode", ["necroptosis", "pyroptosis", "cuproptosis"])
def test_what_the_review_calls_unstudied_is_a_gap(tables: dict[str, pd.DataFrame], mode: str) -> None:
    """ATF5 with necroptosis, pyroptosis and cuproptosis is untested, as the review says."""
    gaps = tables["gaps"].query("gene == 'ATF5' and mode == @mode")
    assert gaps["class"].tolist() == ["untested"]
    assert gaps["observed"].tolist() == [0]


def test_a_record_without_gene_counts_for_its_mode(tables: dict[str, pd.DataFrame]) -> None:
    """The cuproptosis review names no gene: it is in the mode's count and listed in the flow, not lost."""
    counts = tables["mode_counts"].set_index("mode")
    assert CUPROPTOSIS in split_list(counts.loc["cuproptosis", "records"])
    step = tables["flow"].set_index("name").loc["name a gene as well"]
    assert CUPROPTOSIS in split_list(step["records"])


@pytest.mark.parametrize("gene", ["IL6", "PTEN", "ERBB2"])
def test_trastuzumab_resistance_without_a_mode_is_kept(tables: dict[str, pd.DataFrame], gene: str) -> None:
    """IL6, PTEN and ERBB2 stand with trastuzumab and resistance, with no mode named."""
    evidence = tables["evidence"]
    rows = evidence[(evidence["gene"] == gene) & evidence["therapies"].fillna("").str.contains("trastuzumab")]
    assert rows["mode"].isna().all()
    assert len(rows) > 0
    therapy = tables["target_therapy"].query("gene == @gene and therapy == 'trastuzumab'")
    assert therapy["mode"].isna().all()
    assert len(therapy) == 1


def test_the_il6_loop_gives_resistance(tables: dict[str, pd.DataFrame]) -> None:
    """IL6 mediates trastuzumab resistance; losing PTEN does, so that PTEN itself sensitises."""
    rows = tables["target_therapy"].query("therapy == 'trastuzumab'").set_index("gene")
    assert rows.loc["IL6", "therapy_direction"] == "resistance"
    assert rows.loc["PTEN", "therapy_direction"] == "sensitising"


def test_mdm2_gives_resistance_to_checkpoint_inhibitors(tables: dict[str, pd.DataFrame]) -> None:
    """MDM2 stands with immune checkpoint inhibitors, direction resistance."""
    rows = claims(tables, MDM2, "MDM2")
    assert "resistance" in set(rows["effect_on_therapy"])
    assert rows["therapies"].fillna("").str.contains("immune checkpoint inhibitor").any()


def test_the_mdm2_paper_has_a_metric_with_its_distance_in_years(tables: dict[str, pd.DataFrame]) -> None:
    """The metric of J Biomed Sci nearest to 2024 is that of 2020, four years away."""
    rows = tables["article_metrics"].query("record_id == @MDM2 and metric == 'CiteScore'")
    assert rows[["metric_year", "year_distance"]].to_numpy().tolist() == [[2020, -4]]


def test_journals_without_a_metric_are_listed(tables: dict[str, pd.DataFrame]) -> None:
    """Each record either has a metric or stands behind a journal listed as unmatched."""
    with_metric = set(tables["article_metrics"]["record_id"])
    unmatched = tables["unmatched_journals"]
    without = {record for value in unmatched["records"] for record in split_list(value)}
    assert with_metric | without == set(tables["articles"]["record_id"])
    assert not with_metric & without
    assert unmatched["journal"].notna().all()


def test_the_report_is_one_file_and_each_dossier_a_page(seed: Path) -> None:
    """index.html, five dossier pages, a workbook and reference lists stand in the report folder."""
    names = {path.name for path in (seed / "report").iterdir()}
    assert {"index.html", "tables.xlsx", "references.ris", "references.bib", "references.json"} <= names
    assert {f"dossier-{gene}.html" for gene in ("NFE2L2", "ATF5", "MDM2", "ERBB2", "IL6")} <= names
    html = (seed / "report" / "index.html").read_text(encoding="utf-8")
    assert "<script src" not in html
    assert 'rel="stylesheet"' not in html


def test_run_json_says_what_was_done_with_what(seed: Path) -> None:
    """Parameters, versions, input checksums and a state per notebook."""
    record = json.loads((seed / "run.json").read_text())
    assert record["parameters"]["sources"] == ["seed"]
    assert "data/raw/corpora/seed/seed.csl.json" in record["inputs"]
    assert {state["status"] for state in record["notebooks"].values()} <= {"done", "unchanged"}
    assert {"pandas", "papermill", "biopython"} <= set(record["versions"])


@pytest.mark.slow
def test_a_notebook_runs_by_plain_papermill(
    seed: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The README's papermill line works as it stands, in a project folder of its own."""
    line = next(line for line in (ROOT / "README.md").read_text().splitlines() if "bin/papermill" in line)
    (tmp_path / "data" / "raw").mkdir(parents=True)
    (tmp_path / "data" / "raw" / "terms").symlink_to(ROOT / "data" / "raw" / "terms")
    shutil.copytree(seed / "tables", tmp_path / "data" / "processed" / "seed" / "tables")
    monkeypatch.setenv("ATLAS_HOME", str(tmp_path))
    command = shlex.split(line.replace("out.ipynb", str(tmp_path / "out.ipynb")))
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    assert (tmp_path / "data" / "processed" / "seed" / "figures" / "gene_mode_dots.svg").exists()


@pytest.mark.slow
def test_two_runs_give_the_same_bytes(seed: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Tables, figures, workbook and report of a second run elsewhere equal those of the first."""
    (tmp_path / "data").mkdir()
    shutil.copytree(
        ROOT / "data" / "raw", tmp_path / "data" / "raw", ignore=shutil.ignore_patterns("cache", "pubmed")
    )
    (tmp_path / "notebooks").symlink_to(ROOT / "notebooks")
    shutil.copy(ROOT / "requirements.lock", tmp_path)
    monkeypatch.setenv("ATLAS_HOME", str(tmp_path))
    other = run_once(read_settings(SETTINGS), quiet=True).parents[1]
    compared = 0
    for kind in ("tables", "figures", "report"):
        for path in sorted((other / kind).glob("[!.]*")):
            assert (seed / kind / path.name).read_bytes() == path.read_bytes(), path.name
            compared += 1
    assert compared > 60
