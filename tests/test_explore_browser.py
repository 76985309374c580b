"""Notebook 09 in a real JupyterLab: opened in headless Chromium, controls moved, a cell clicked."""

from __future__ import annotations

import os
import secrets
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from conftest import ROOT
from synthetic_run import make_run

from helpers.schemas import TABLES, conform
from helpers.storage import to_csv

pytestmark = [
    pytest.mark.slow,
    # A browser on a busy machine may be slow beyond any patience; it is asked for by its own command.
    pytest.mark.skipif(
        not os.environ.get("ATLAS_BROWSER"), reason="make browser runs the notebook in Chromium"
    ),
]

CHROMIUM, DRIVER = "/usr/bin/chromium", "/usr/bin/chromedriver"
FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--window-size=1500,1500",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
)
PATIENCE = 120


def wait_for(find: Callable[[], Any], what: str, *, seconds: float = PATIENCE) -> Any:
    """What `find` gives once it is not empty."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        try:
            if found := find():
                return found
        except Exception:  # an element that went stale between finding and asking
            found = None
        time.sleep(0.1)
    raise AssertionError(f"waited {seconds:.0f} s in vain for {what}")


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project folder that holds the notebook and the tables of a synthetic run called seed."""
    home = tmp_path_factory.mktemp("home")
    (home / "data").mkdir()
    (home / "data" / "raw").symlink_to(ROOT / "data" / "raw")
    (home / "notebooks").mkdir()
    shutil.copy(ROOT / "notebooks" / "09_explore.ipynb", home / "notebooks")
    tables = home / "data" / "processed" / "seed" / "tables"
    tables.mkdir(parents=True)
    for name, frame in make_run(600, 60, 10).items():
        (tables / f"{name}.csv").write_bytes(to_csv(conform(frame, TABLES[name])))
    return home


@pytest.fixture(scope="module")
def address(home: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Address of the notebook in a JupyterLab of its own, on a free loopback port, behind a token."""
    pytest.importorskip("jupyterlab", reason="jupyterlab is not installed (extra `lab`)")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    token, own = secrets.token_hex(16), tmp_path_factory.mktemp("jupyter")
    names = ("JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR", "JUPYTERLAB_SETTINGS_DIR")
    names += ("JUPYTERLAB_WORKSPACES_DIR", "IPYTHONDIR")
    environment = {**os.environ, **{name: str(own / name.lower()) for name in names}, "ATLAS_HOME": str(home)}
    command = [
        sys.executable,
        "-m",
        "jupyterlab",
        "--no-browser",
        "--ServerApp.ip=127.0.0.1",
        f"--port={port}",
    ]
    command += [f"--IdentityProvider.token={token}", f"--ServerApp.root_dir={home / 'notebooks'}"]
    command += ["--ServerApp.port_retries=0", "--LabApp.expose_app_in_browser=True"]
    command += ["--LabApp.extension_manager=readonly", "--allow-root"]
    quiet = own / "jupyterlab_settings_dir" / "@jupyterlab" / "apputils-extension"
    quiet.mkdir(parents=True)
    asks_nothing = '{"fetchNews": "false", "checkForUpdates": false}'
    (quiet / "notification.jupyterlab-settings").write_text(asks_nothing, encoding="utf-8")
    log = own / "log"
    with log.open("wb") as file:
        server = subprocess.Popen(command, env=environment, stdout=file, stderr=file)
    try:
        site = f"http://127.0.0.1:{port}"
        wait_for(
            lambda: urllib.request.urlopen(f"{site}/api?token={token}").status == 200, "JupyterLab to start"
        )
        yield f"{site}/lab/tree/09_explore.ipynb?token={token}"
    finally:
        server.terminate()
        try:
            server.wait(20)
        except subprocess.TimeoutExpired:
            server.kill()


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """A headless Chromium that reaches this machine only."""
    for program in (CHROMIUM, DRIVER):
        if not Path(program).exists():
            pytest.skip(f"{program} is absent (Debian packages chromium and chromium-driver)")
    webdriver = pytest.importorskip("selenium.webdriver", reason="selenium is not installed (extra `dev`)")
    options = webdriver.ChromeOptions()
    options.binary_location = CHROMIUM
    for flag in FLAGS:
        options.add_argument(flag)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    driver = webdriver.Chrome(options=options, service=webdriver.ChromeService(DRIVER))
    try:
        yield driver
    finally:
        driver.quit()


@pytest.fixture(scope="module")
def page(browser: Any, address: str) -> Any:
    """The page once every cell has run and the explorer stands there."""
    browser.get(address)
    wait_for(lambda: css(browser, ".jp-Notebook .jp-CodeCell"), "the notebook to open")
    wait_for(lambda: is_idle(browser), "the kernel")
    browser.execute_script("window.jupyterapp.commands.execute('runmenu:run-all')")
    try:
        wait_for(lambda: css(browser, ".atlas-explore .grid button"), "the explorer", seconds=60)
    except AssertionError:
        shoot(browser, "failed")
        faults = "return [...document.querySelectorAll('[data-mime-type$=error], [data-mime-type$=stderr]')]"
        print(browser.execute_script(f"{faults}.map(e => e.innerText)"), browser.get_log("browser"))
        raise
    return browser


def is_idle(browser: Any) -> bool:
    """Whether the kernel waits for work; a question which kernel to take is answered on the way."""
    for button in css(browser, ".jp-Dialog .jp-mod-accept"):
        button.click()
    session = "window.jupyterapp?.shell.currentWidget?.sessionContext?.session"
    return bool(browser.execute_script(f"return {session}?.kernel?.status === 'idle'"))


def css(browser: Any, selector: str) -> Any:
    """Elements of a CSS selector."""
    return browser.find_elements("css selector", selector)


def show(browser: Any, selector: str) -> Any:
    """The first element of a selector, scrolled to."""
    element = css(browser, selector)[0]
    browser.execute_script("arguments[0].scrollIntoView({block: 'center'})", element)
    time.sleep(0.2)
    return element


def grid(browser: Any) -> str:
    """HTML of the grid as it stands."""
    return str(css(browser, ".atlas-explore .grid")[0].get_attribute("outerHTML"))


def shoot(browser: Any, name: str) -> None:
    """A screenshot into the folder ATLAS_SHOTS, if that is set."""
    if folder := os.environ.get("ATLAS_SHOTS"):
        browser.save_screenshot(str(Path(folder) / f"{name}.png"))


def test_a_control_moved_changes_the_figure(page: Any) -> None:
    """The notebook runs in JupyterLab, and the grid follows the year slider and the view."""
    before = grid(page)
    shoot(page, "opened")
    show(page, ".atlas-explore .grid")
    shoot(page, "heat")
    handle = css(page, ".noUi-handle-lower")[-1]  # the last slider is that of the years
    page.execute_script("arguments[0].scrollIntoView({block: 'center'})", handle)
    for _ in range(5):
        handle.send_keys("\ue014")  # arrow right
    wait_for(lambda: "2005 to 2026" in css(page, ".atlas-explore p")[0].text, "the years to be counted")
    wait_for(lambda: grid(page) != before, "the grid to follow the years")
    counts = grid(page)
    next(b for b in css(page, ".widget-toggle-button") if "dot" in b.text).click()
    wait_for(lambda: 'class="dot"' in grid(page), "the dot plot")
    assert counts != grid(page)
    shoot(page, "dots")


def test_a_gene_is_typed(page: Any) -> None:
    """A symbol typed among the genes, with Enter, leaves its row only; taken back, all return."""
    field = css(page, "input[placeholder*='type a gene']")[0]
    page.execute_script("arguments[0].scrollIntoView({block: 'center'})", field)
    field.send_keys("GENE7\ue007")
    wait_for(lambda: len(css(page, ".atlas-explore .grid tbody tr")) == 1, "the one row")
    assert css(page, ".atlas-explore .grid tbody th")[0].text == "GENE7"
    css(page, ".jupyter-widget-tag-close, .jupyter-widget-tag i")[0].click()
    wait_for(lambda: len(css(page, ".atlas-explore .grid tbody tr")) > 1, "all rows again")


def test_a_click_on_a_cell_shows_its_sentences(page: Any) -> None:
    """The clicked pair's sentences come with links to PubMed and DOI; markup of records stays text."""
    show(page, ".atlas-explore .grid button").click()
    items = wait_for(lambda: css(page, ".atlas-explore ol li"), "the sentences")
    links = [link.get_attribute("href") for link in items[0].find_elements("tag name", "a")]
    assert any(link.startswith("https://pubmed.ncbi.nlm.nih.gov/") for link in links)
    assert any(link.startswith("https://doi.org/") for link in links)
    assert "<script>alert(1)</script>" in items[0].text
    shoot(page, "sentences")


def test_an_export_is_saved_and_offered(page: Any, home: Path) -> None:
    """The button writes the run file and offers it for download."""
    button = next(b for b in css(page, ".jupyter-button") if "YAML" in b.text)
    page.execute_script("arguments[0].click()", button)
    wait_for(lambda: css(page, ".atlas-explore a[download='selection.yml']"), "the download link")
    assert "based_on: seed" in (home / "data/processed/seed/explore/selection.yml").read_text()


def test_the_console_holds_no_error(page: Any) -> None:
    """Nothing was asked of another host, and no script failed."""
    severe = [entry["message"] for entry in page.get_log("browser") if entry["level"] == "SEVERE"]
    assert severe == []


def test_the_search_of_a_batch_page_is_there(tmp_path: Path) -> None:
    """The script of the index page runs through: the field it shows is no longer hidden."""
    from helpers.present.gallery import render_gallery

    page = render_gallery("synthetic", {}, about={}, failed={"G1": "no such gene"}, folder=tmp_path)
    profile = f"--user-data-dir={tmp_path / 'profile'}"
    done = subprocess.run(
        [CHROMIUM, *FLAGS, profile, "--dump-dom", page.as_uri()],
        capture_output=True,
        text=True,
        timeout=PATIENCE,
    )
    assert '<p class="search"><label>Search' in done.stdout
