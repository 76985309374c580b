"""Documents that can fail: commands, tree, notebook table and data dictionary say what is."""

from __future__ import annotations

import re
import shlex
import subprocess
from pathlib import Path

import pytest
import yaml
from click.testing import CliRunner

from helpers.__main__ import main
from helpers.run.notebooks import find_notebooks
from helpers.schemas import TABLES
from helpers.storage import dictionary

ROOT = Path(__file__).resolve().parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
CONTRIBUTING = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")


def commands(text: str) -> list[str]:
    blocks = re.findall(r"```sh\n(.*?)```", text, re.S)
    lines = [line.split(" #")[0].strip() for block in blocks for line in block.splitlines()]
    return [line for line in lines if line and not line.startswith(("export ", "#"))]


COMMANDS = commands(README)
MAKE = sorted(
    {*(c for c in COMMANDS if c.startswith("make ")), *re.findall(r"^\| `(make [a-z-]+)`", README, re.M)}
)
ATLAS = [c for c in COMMANDS if "bin/atlas" in c]


def test_every_command_of_the_readme_is_of_a_kind_that_is_tested() -> None:
    """make, atlas, papermill: nothing else stands in a command block."""
    known = ("make ", ".venv/bin/atlas ", ".venv/bin/papermill ")
    assert [c for c in COMMANDS if not c.startswith(known)] == []
    assert len(COMMANDS) >= 7


@pytest.mark.parametrize("command", MAKE)
def test_a_make_command_names_a_target_that_exists(command: str) -> None:
    """`make -n` resolves it, and `make help` explains it."""
    dry = subprocess.run([*shlex.split(command), "-n"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert dry.returncode == 0, dry.stderr
    shown = subprocess.run(["make", "help"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    assert command.split()[0] + " " + command.split()[1] in shown


@pytest.mark.parametrize("command", ATLAS)
def test_an_atlas_command_takes_its_arguments(command: str) -> None:
    """The sub-command exists and knows each option used."""
    words = shlex.split(command)[1:]
    # `corpus build` and `lexicon build` are commands within a group.
    path = [word for word in words[:2] if word in {"corpus", "lexicon", "build", "annotate"}] or words[:1]
    shown = CliRunner().invoke(main, [*path, "--help"])
    assert shown.exit_code == 0
    for option in (word for word in words if word.startswith("-")):
        assert option in shown.output


def test_the_readme_says_what_of_container_and_binder_was_not_checked() -> None:
    """A user learns before trying what was not built."""
    text = README.partition("## In a container, or on Binder")[2].partition("\n## ")[0]
    untried = text.partition("\nNot checked: ")[2]
    assert all(name in untried for name in ("python:3.11-slim", "docker", "podman", "conda", "Binder"))


def test_the_commands_table_names_every_atlas_command() -> None:
    """The README lists what `atlas --help` lists."""
    listed = set(re.findall(r"^\| `atlas ([a-z]+)", README, re.M))
    assert listed == set(main.commands)


def test_the_notebook_table_is_true() -> None:
    """Each notebook stands in the README with its own question."""
    rows = dict(re.findall(r"^\| (\d\d_\w+) \| (.+?) \|$", README, re.M))
    assert rows == {name: book.title for name, book in find_notebooks().items()}


def test_the_tree_is_true() -> None:
    """Each path of the README's tree exists, and the tree is short."""
    tree = re.search(r"## Where things are\n\n```\n(.*?)```", README, re.S)
    assert tree
    lines = tree.group(1).strip().splitlines()
    assert len(lines) <= 15
    for line in lines:
        assert (ROOT / line.split()[0]).exists(), line


def test_the_data_dictionary_is_generated() -> None:
    """data/processed/README.md is what `atlas dictionary` prints."""
    text = (ROOT / "data" / "processed" / "README.md").read_text(encoding="utf-8")
    assert text == dictionary(TABLES), "stale: atlas dictionary > data/processed/README.md"


def test_links_inside_the_repository_lead_somewhere() -> None:
    """Relative links and images of README and CONTRIBUTING exist."""
    for text in (README, CONTRIBUTING):
        for target in re.findall(r"\]\((?!https?:)([^)#]+)\)", text):
            assert (ROOT / target).exists(), target


def test_contributing_tells_the_three_recipes_in_three_steps() -> None:
    """Add a death mode, a notebook, a journal metric: three numbered steps each."""
    for title in ("Add a death mode", "Add a notebook", "Add a journal metric"):
        section = CONTRIBUTING.split(f"## {title}\n")[1].split("\n## ")[0]
        assert re.findall(r"^(\d)\. ", section, re.M) == ["1", "2", "3"]


def test_every_dependency_has_its_reason() -> None:
    """CONTRIBUTING names each runtime dependency of pyproject.toml with why it was chosen."""
    import tomllib

    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    names = {re.split(r"[<>=!~\[; ]", line)[0].lower() for line in project["dependencies"]}
    section = CONTRIBUTING.split("## Dependencies\n")[1].lower()
    assert {name for name in names if name not in section} == set()


def test_the_example_run_names_only_what_exists() -> None:
    """Each key of example.yml is a parameter of some notebook, or one of name, dossiers, notebooks."""
    content = yaml.safe_load((ROOT / "notebooks" / "runs" / "example.yml").read_text())
    known = {p.name for book in find_notebooks().values() for p in book.parameters}
    assert set(content) <= known | {"name", "dossiers", "notebooks"}


def test_the_citation_file_has_what_citation_managers_need() -> None:
    """CITATION.cff is YAML with title, authors, version and licence, the version that of the package."""
    import tomllib

    citation = yaml.safe_load((ROOT / "CITATION.cff").read_text())
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    assert citation["version"] == project["version"]
    assert {"title", "authors", "license", "message", "cff-version"} <= set(citation)
