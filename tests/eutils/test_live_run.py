"""The live path from search to report, over the loopback server: it ends well and loses no record."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest

from eutils.facts import PLANTED, PLANTED_GAPS
from helpers.schemas import split_list
from helpers.schemas.statistics import WEIGHTINGS

ROOT = Path(__file__).resolve().parents[2]
RECORDS = 600

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def done(tmp_path_factory: pytest.TempPathFactory) -> tuple[subprocess.CompletedProcess[str], Path]:
    """The demonstration with 600 records in a project folder of its own: what it said, and the run's folder."""
    home = tmp_path_factory.mktemp("home")
    shutil.copytree(ROOT / "notebooks", home / "notebooks")
    for part in ("terms", "journals"):
        shutil.copytree(ROOT / "data" / "raw" / part, home / "data" / "raw" / part)
    command = [sys.executable, str(ROOT / "tests" / "eutils" / "demo.py"), "--rate", "200", "--records"]
    environment = os.environ | {"ATLAS_HOME": str(home)}
    ended = subprocess.run(
        [*command, str(RECORDS)], env=environment, capture_output=True, text=True, check=False
    )
    return ended, home / "data" / "processed" / "demo-live"


@pytest.fixture(scope="module")
def tables(done: tuple[subprocess.CompletedProcess[str], Path]) -> dict[str, pd.DataFrame]:
    folder = done[1] / "tables"
    return {path.stem: pd.read_csv(path, dtype={"missing": "str"}) for path in folder.glob("*.csv")}


def test_it_ends_with_the_path_of_a_report(done: tuple[subprocess.CompletedProcess[str], Path]) -> None:
    """Exit code 0, the report's path on standard output, and the files there."""
    ended, folder = done
    assert ended.returncode == 0, ended.stderr[-2000:]
    assert "data/processed/demo-live/report/index.html" in ended.stdout.splitlines()
    for name in ("index.html", "tables.xlsx", "references.ris"):
        assert (folder / "report" / name).stat().st_size > 1000


def test_no_record_is_lost_from_search_to_articles(tables: dict[str, pd.DataFrame]) -> None:
    """Planned = fetched + missing; fetched = articles + set aside + withdrawn; the flow adds up at each step."""
    search = tables["searches"].iloc[0]
    missing, withdrawn = (len(split_list(search[name])) for name in ("missing", "withdrawn"))
    assert search["count"] == search["planned"] == RECORDS
    assert search["planned"] == search["fetched"] + missing
    kept, aside = tables["articles"], tables["set_aside"]
    assert search["fetched"] == len(kept) + len(aside) + withdrawn
    assert not set(kept["record_id"]) & set(aside["record_id"])
    flow = tables["flow"]
    assert flow["n_in"].iloc[0] == RECORDS
    assert (flow["n_in"] - flow["dropped"] == flow["n_out"]).all()
    assert (flow["n_in"].iloc[1:].to_numpy() == flow["n_out"].iloc[:-1].to_numpy()).all()


def test_no_pair_is_found_that_no_record_names(tables: dict[str, pd.DataFrame]) -> None:
    """Pairs planted as gaps are counted nowhere; those planted as links are the strongest."""
    counted = tables["gene_mode"]
    assert not PLANTED_GAPS & set(zip(counted["gene"], counted["mode"], strict=True))
    planted = {
        (gene, mode) for mode, effects in PLANTED.items() for genes in effects.values() for gene in genes
    }
    leading = counted.sort_values("ic_low", ascending=False).head(10)
    assert set(zip(leading["gene"], leading["mode"], strict=True)) <= planted


def test_every_metric_and_weighting_is_there(tables: dict[str, pd.DataFrame]) -> None:
    """Synthetic SCImago and JCR files, iCite and OpenAlex give each metric medians and each weighting ranks."""
    known = tables["mode_journal"].dropna(subset=["median"])
    assert set(known["metric"]) >= {"CiteScore", "SJR", "JIF", "2yr_mean_citedness", "RCR"}
    assert set(known.loc[known["share_q1"].notna(), "metric"]) >= {"SJR", "JIF"}
    assert set(tables["rankings"]["weighting"]) == set(WEIGHTINGS)
    assert tables["rank_agreement"]["tau"].notna().all()


def test_run_json_tells_time_and_memory_of_each_step(
    done: tuple[subprocess.CompletedProcess[str], Path],
) -> None:
    """Every notebook and both steps of the report are done, with their seconds; notebooks with their memory."""
    record = json.loads((done[1] / "run.json").read_text())
    assert set(record["report"]) == {"report", "exports"}
    for state in [*record["notebooks"].values(), *record["report"].values()]:
        assert state["status"] == "done"
        assert state["seconds"] > 0
    if sys.platform.startswith("linux"):
        assert all(state["peak_mb"] > 50 for state in record["notebooks"].values())
