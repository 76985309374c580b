"""A run file is checked before anything runs, and a mistake is answered with the nearest names."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from helpers.errors import UsageError
from helpers.run.notebooks import find_notebooks
from helpers.run.settings import read_settings

ROOT = Path(__file__).resolve().parents[1]


@pytest.fixture
def run_file(tmp_path: Path) -> Path:
    return tmp_path / "mine.yml"


def refused(path: Path, text: str, *, overrides: dict[str, str] | None = None) -> str:
    path.write_text(text, encoding="utf-8")
    with pytest.raises(UsageError) as caught:
        read_settings(path, overrides)
    assert caught.value.exit_code == 2
    return str(caught.value)


def test_the_seed_run_is_valid_and_names_its_dossiers() -> None:
    """The default run has all notebooks of the report and five dossiers."""
    settings = read_settings(ROOT / "notebooks" / "runs" / "seed.yml")
    assert settings.name == "seed"
    assert settings.dossiers == ("NFE2L2", "ATF5", "MDM2", "ERBB2", "IL6")
    assert [name[:2] for name in settings.notebooks] == ["00", "01", "02", "03", "04", "05", "06"]


def test_every_run_file_in_the_repository_is_valid() -> None:
    """Each YAML of a run that is shipped can be read."""
    for path in sorted((ROOT / "notebooks" / "runs").glob("*.yml")):
        if "items" not in path.read_text():
            assert read_settings(path).notebooks


def test_an_unknown_parameter_is_answered_with_the_nearest(run_file: Path) -> None:
    """A misspelt parameter is refused with the name meant."""
    message = refused(run_file, "min_record: 3\n")
    assert "min_record" in message
    assert "min_records" in message


def test_an_unknown_gene_is_answered_with_the_nearest(run_file: Path) -> None:
    """A gene that is not in the vocabulary is refused with symbols close to it."""
    assert "NFE2L2" in refused(run_file, "dossiers: [NFE2L22]\n")


def test_an_unknown_mode_is_answered_with_the_nearest(run_file: Path) -> None:
    """A mode that is not in the vocabulary is refused with ids close to it."""
    assert "ferroptosis" in refused(run_file, "query_modes: [feroptosis]\n")


def test_an_unknown_notebook_is_answered_with_the_nearest(run_file: Path) -> None:
    """A notebook that does not exist is refused with names close to it."""
    assert "03_annotate" in refused(run_file, "notebooks: [03_anotate]\n")


def test_a_value_of_the_wrong_type_is_refused(run_file: Path) -> None:
    """Text where a number belongs is refused with what the parameter takes."""
    assert re.search(r"min_records is 'three', it takes int", refused(run_file, "min_records: three\n"))


def test_true_is_not_a_number(run_file: Path) -> None:
    """YAML's `true` is not taken for 1."""
    assert "it takes int" in refused(run_file, "min_records: true\n")


def test_a_file_that_is_no_yaml_names_the_line(run_file: Path) -> None:
    """A syntax error is one sentence with the line."""
    assert re.search(r"line \d", refused(run_file, "a: [1\nb: 2\n"))


def test_an_absent_file_lists_those_there(tmp_path: Path) -> None:
    """A path that does not exist is answered with the run files that do."""
    with pytest.raises(UsageError, match=r"seed\.yml"):
        read_settings(tmp_path / "nothing.yml")


def test_a_run_name_cannot_leave_its_folder(run_file: Path) -> None:
    """Output goes under data/processed only: a name with a path in it is refused."""
    assert "run name" in refused(run_file, "name: ../elsewhere\n")


def test_overrides_are_cast_by_annotation(run_file: Path) -> None:
    """`-p` text becomes the annotated type, and text stays as written (007, 1E5)."""
    run_file.write_text("name: mine\n")
    settings = read_settings(run_file, {"min_records": "4", "metric": "007", "sources": "seed, mine"})
    assert settings.parameters == {"min_records": 4, "metric": "007", "sources": ["seed", "mine"]}


def test_the_name_defaults_to_the_file_name(run_file: Path) -> None:
    """A run file without a name is named after its file."""
    run_file.write_text("sources: [seed]\n")
    assert read_settings(run_file).name == "mine"


def test_a_second_tagged_cell_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two parameter cells would let the second overwrite what was injected."""
    import nbformat

    (tmp_path / "notebooks").mkdir()
    source = next(iter(find_notebooks().values())).path
    target = tmp_path / "notebooks" / source.name
    shutil.copy(source, target)
    node = nbformat.read(target, as_version=4)
    extra = nbformat.v4.new_code_cell("x: int = 1  # more")
    extra.metadata["tags"] = ["parameters"]
    node.cells.append(extra)
    nbformat.write(node, target)
    monkeypatch.setenv("ATLAS_HOME", str(tmp_path))
    with pytest.raises(UsageError, match="2 cells"):
        _ = find_notebooks()[source.stem].parameters


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("top: 3\ntop: 4\n", "line 2 is not YAML: 'top' stands there twice"),
        ("1: 2\n", "parameter '1' does not exist"),
        ("- seed\n", "does not hold `name: value` lines"),
        ("", "does not hold `name: value` lines"),
        ("dossiers: [NRF2]\n", "'NRF2' is listed as NFE2L2: write that"),
        ("dossiers: [p53]\n", "'p53' is listed as TP53"),
        ("query_modes: [铜死亡]\n", "'铜死亡' is listed as cuproptosis"),
        ("sources: [sede]\n", "did you mean seed"),
        ("metric_files: [absent.csv]\n", "metric file 'absent.csv' does not exist"),
        ("dossiers: {a: 1}\n", "give a list of names"),
        ("mode: feroptosis\n", "did you mean ferroptosis"),
        ("notebooks: []\n", "notebooks is empty"),
        ("first_year: 2021\nlast_year: 2001\n", "first_year is 2021, after last_year, 2001"),
    ],
)
def test_a_mistake_is_told_in_one_sentence(run_file: Path, text: str, words: str) -> None:
    """Whatever a YAML file holds, the answer names what is wrong and the way out."""
    message = refused(run_file, text)
    assert words in message
    assert "\n" not in message


def test_a_folder_is_told_from_an_absent_file(tmp_path: Path) -> None:
    """A path to a folder is called that."""
    with pytest.raises(UsageError, match="is a folder; run files here"):
        read_settings(tmp_path)


def test_a_file_that_must_not_be_read_is_told(run_file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The cause is the system's own word."""
    run_file.write_text("name: mine\n")

    def refuse(path: Path, **_: object) -> str:
        raise PermissionError(13, "Permission denied", str(path))

    monkeypatch.setattr(Path, "read_text", refuse)
    with pytest.raises(UsageError, match=r"mine\.yml cannot be read: Permission denied"):
        read_settings(run_file)


def test_a_mistake_on_the_command_line_is_not_laid_to_the_file(run_file: Path) -> None:
    """An override that names nothing is answered with its place, -p."""
    assert refused(run_file, "name: mine\n", overrides={"query_modes": "x"}).startswith("-p: mode 'x'")


def test_a_corpus_and_a_query_over_it_are_checked(
    run_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A corpus not built and a slip in the query are told before a notebook runs."""
    shutil.copytree(ROOT / "data" / "raw" / "terms", tmp_path / "data" / "raw" / "terms")
    (tmp_path / "notebooks").symlink_to(ROOT / "notebooks")
    monkeypatch.setenv("ATLAS_HOME", str(tmp_path))
    said = refused(run_file, "corpus: pubmd\n")
    assert said == "corpus 'pubmd' was not built: atlas corpus build makes one."
    (tmp_path / "data" / "processed" / "corpora" / "pubmed").mkdir(parents=True)
    assert "(did you mean pubmed?)" in refused(run_file, "corpus: pubmd\n")
    assert "a bracket is not closed" in refused(run_file, "corpus: pubmed\ncorpus_query: (ferroptosis\n")
