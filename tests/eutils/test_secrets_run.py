"""A whole run, and one that fails, as if live: the canary key is sent, and stands in no file and no output."""

from __future__ import annotations

import gzip
import os
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import pytest

from eutils.faults import Faults
from eutils.records import make_library
from eutils.server import Server

ROOT = Path(__file__).resolve().parents[2]
KEY, EMAIL = b"canary-key-5e1d8b", b"canary.run@example.org"
RUN = """\
name: canary
query: '"synthetic record"[tiab]'
sources: []
nlm_catalog: true
notebooks: [01_fetch_pubmed, 02_build_corpus]
"""
# Python reads this module first in each process, kernels too: the loopback server passes for the live one.
AS_IF_LIVE = """\
import os
from helpers.fetch import endpoints
object.__setattr__(endpoints.EUTILS, "base", os.environ["CANARY_SERVER"])
"""

pytestmark = pytest.mark.slow


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A project folder of its own, whose run file asks the service."""
    home = tmp_path / "home"
    shutil.copytree(ROOT / "notebooks", home / "notebooks")
    for part in ("terms", "journals"):
        shutil.copytree(ROOT / "data" / "raw" / part, home / "data" / "raw" / part)
    (home / "canary.yml").write_text(RUN, encoding="utf-8")
    (tmp_path / "sitecustomize.py").write_text(AS_IF_LIVE, encoding="utf-8")
    return home


def run(home: Path, server: Server, *more: str) -> subprocess.CompletedProcess[bytes]:
    """`atlas run` with key and address in the environment, and no override of E-utilities."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("ATLAS_")}
    environment |= {
        "ATLAS_HOME": str(home),
        "CANARY_SERVER": f"{server.state.base}/entrez/eutils/",
        "NCBI_API_KEY": KEY.decode(),
        "NCBI_EMAIL": EMAIL.decode(),
        "PYTHONPATH": str(home.parent),
    }
    command = [sys.executable, "-m", "helpers", "run", str(home / "canary.yml"), *more]
    return subprocess.run(command, env=environment, cwd=home, capture_output=True, check=False)


def everything(folder: Path) -> Iterator[tuple[Path, bytes]]:
    """Every file under a folder, hidden ones too, and what is packed in it."""
    for path in folder.rglob("*"):
        if not path.is_file():
            continue
        data = path.read_bytes()
        yield path, gzip.decompress(data) if data[:2] == b"\x1f\x8b" else data
        if zipfile.is_zipfile(BytesIO(data)):
            with zipfile.ZipFile(BytesIO(data)) as packed:
                for name in packed.namelist():
                    yield path / name, packed.read(name)


def assert_clean(home: Path, ended: subprocess.CompletedProcess[bytes], server: Server) -> None:
    """Key and address were sent, in bodies only, and stand nowhere else."""
    sent = [seen for seen in server.state.seen if "/entrez/" in seen.url]
    assert sent
    assert {(seen.fields["api_key"].encode(), seen.fields["email"].encode()) for seen in sent} == {
        (KEY, EMAIL)
    }
    assert not [seen for seen in sent if KEY.decode() in seen.url + seen.headers]
    for secret in (KEY, EMAIL):
        assert secret not in ended.stdout + ended.stderr
        assert [path for path, data in everything(home) if secret in data] == []


def test_run_as_if_live_leaves_no_secret(home: Path) -> None:
    """Search, fetch with faults that repeat the key, journals, the notebooks that ask, report and exports."""
    faults = Faults(script=["429", None, "unknown-error", "proxy", None, "429"])
    with Server(make_library(60), faults=faults) as server:
        ended = run(home, server)
    assert ended.returncode == 0, ended.stderr[-2000:]
    kinds = {path.name for path, _ in everything(home / "data" / "processed" / "canary")}
    assert {"run.json", "index.html", "tables.xlsx", "01_fetch_pubmed.ipynb"} <= kinds
    assert_clean(home, ended, server)


def test_run_that_fails_leaves_no_secret(home: Path) -> None:
    """The refusal of a key repeats it; neither message nor the notebook kept of the failure does."""
    with Server(make_library(60), faults=Faults(script=["bad-key"] * 20)) as server:
        ended = run(home, server, "--upto", "01_fetch_pubmed")
    assert ended.returncode == 1
    assert b"the API key is not valid: correct or unset NCBI_API_KEY" in ended.stderr
    assert [path for path, _ in everything(home) if path.name == "01_fetch_pubmed.failed.ipynb"]
    assert_clean(home, ended, server)
