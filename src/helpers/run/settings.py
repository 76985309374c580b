"""A run as its YAML says it: name, notebooks, dossiers and parameters, checked before anything runs."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import pandas as pd
import yaml

from helpers import storage
from helpers.errors import UsageError, nearest
from helpers.run.notebooks import Notebook, find_notebooks

# Parameters whose values are names of the vocabulary, and the table that holds those names.
VOCABULARY = {
    "gene": "genes",
    "genes": "genes",
    "query_genes": "genes",
    "dossiers": "genes",
    "mode": "modes",
    "modes": "modes",
    "query_modes": "modes",
    "therapy": "therapies",
    "therapies": "therapies",
}
SKIPPED_BY_DEFAULT = ("07_target_dossier", "08_compare_runs", "09_explore")


@dataclass(frozen=True)
class Settings:
    """One run: its name, the notebooks in it, the genes that get a dossier, and all parameters."""

    name: str
    notebooks: tuple[str, ...]
    dossiers: tuple[str, ...] = ()
    parameters: Mapping[str, Any] = field(default_factory=dict)


def read_settings(path: Path, overrides: Mapping[str, str] | None = None) -> Settings:
    """The run a YAML file describes, with `-p` overrides applied and every name checked.

    Raises UsageError for a file that is not a run, and for unknown notebooks, parameters, genes,
    modes or therapies, each with the nearest valid names.
    """
    return make_settings(read_yaml(path), where=str(path), default_name=path.stem, overrides=overrides or {})


def read_yaml(path: Path) -> dict[str, Any]:
    """Mapping in a YAML file; raises UsageError if the file is absent or is no mapping."""
    if not path.is_file():
        there = ", ".join(sorted(str(p.relative_to(storage.root())) for p in _run_files())) or "none"
        fault = "is a folder" if path.is_dir() else "does not exist"
        raise UsageError(f"{path} {fault}; run files here: {there}.")
    try:
        content = yaml.load(path.read_text(encoding="utf-8"), Loader=_NoRepeats)
    except OSError as error:
        raise UsageError(f"{path} cannot be read: {error.strerror}.") from None
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        mark = getattr(error, "problem_mark", None)
        place = f" line {mark.line + 1}" if mark else ""
        raise UsageError(f"{path}{place} is not YAML: {getattr(error, 'problem', error)}.") from None
    if not isinstance(content, dict):
        raise UsageError(f"{path} does not hold `name: value` lines; see notebooks/runs/example.yml.")
    return {str(key): value for key, value in content.items()}


class _NoRepeats(yaml.SafeLoader):
    """YAML reader that refuses a key that stands twice, which YAML else settles without a word."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        seen: set[str] = set()
        for key, _ in node.value:
            if str(key.value) in seen:
                raise yaml.constructor.ConstructorError(
                    problem=f"{key.value!r} stands there twice", problem_mark=key.start_mark
                )
            seen.add(str(key.value))
        return super().construct_mapping(node, deep)


def _run_files() -> list[Path]:
    return sorted((storage.root() / "notebooks" / "runs").glob("*.yml"))


def make_settings(
    content: Mapping[str, Any], *, where: str, default_name: str, overrides: Mapping[str, str]
) -> Settings:
    """The run a mapping describes; see `read_settings`."""
    notebooks = find_notebooks()
    content = {**content}
    name = str(content.pop("name", default_name))
    chosen = content.pop("notebooks", None)
    dossiers = content.pop("dossiers", None) or []
    known = {parameter.name: parameter for book in notebooks.values() for parameter in book.parameters}
    known.pop("run", None)
    for key, text in overrides.items():
        if key == "name":
            name = text
        elif key == "dossiers":
            dossiers = text
        else:
            require(key, known, "parameter", where="-p")
            content[key] = known[key].parse(text)
    for key, value in content.items():
        require(key, known, "parameter", where=where)
        known[key].check(value, where=where)
    for first, last in (("first_year", "last_year"), ("query_first_year", "query_last_year")):
        low, high = content.get(first), content.get(last)
        if low is not None and high is not None and low > high:
            raise UsageError(f"{where}: {first} is {low}, after {last}, {high}: exchange them.")
    storage.run_folder(name)
    books = _choose(chosen, notebooks, where)
    content["dossiers"] = _names(dossiers, where, "dossiers")
    vocabulary = Vocabulary()
    for key, value in content.items():
        vocabulary.check({key: value}, "-p" if key in overrides else where)
    _check_paths(content, where, fetched=(name, str(content.get("snapshot") or "")))
    genes = tuple(content.pop("dossiers"))
    return Settings(name, books, genes, content)


def require(name: str, valid: Collection[str], what: str, *, where: str) -> None:
    """Nothing; raises UsageError with the nearest valid names if the name is not among them."""
    if name not in valid:
        raise UsageError(f"{where}: {what} {name!r} does not exist: {nearest(name, valid)}")


def _names(value: Any, where: str, key: str) -> list[str]:
    if isinstance(value, str):
        value = [part.strip() for part in value.split(",") if part.strip()]
    if not isinstance(value, list):
        raise UsageError(f"{where}: {key} is {value!r}; give a list of names.")
    return [str(item) for item in value]


def _choose(chosen: Any, notebooks: Mapping[str, Notebook], where: str) -> tuple[str, ...]:
    if chosen is None:
        return tuple(name for name in notebooks if name not in SKIPPED_BY_DEFAULT)
    names: list[str] = []
    for item in _names(chosen, where, "notebooks"):
        match = [name for name in notebooks if item in (name, name.split("_")[0])]
        if not match:
            require(item, notebooks, "notebook", where=where)
        names += match
    if not names:
        raise UsageError(f"{where}: notebooks is empty: name one, or leave the line out for all.")
    return tuple(names)


def _check_paths(content: Mapping[str, Any], where: str, *, fetched: tuple[str, ...]) -> None:
    """Nothing; raises UsageError for a source, corpus or metric file that is absent and that no fetch will make.

    A query over a corpus is read here too: a slip in it is told before anything runs.
    """
    parents = [storage.raw("corpora"), storage.raw("pubmed")]
    there = {path.name for parent in parents if parent.is_dir() for path in parent.iterdir() if path.is_dir()}
    for source in content.get("sources", []):
        require(str(source), {*there, *fetched} - {""}, "source", where=where)
    if corpus := str(content.get("corpus") or ""):
        # Imported for such runs only: reading a corpus takes a second to load.
        from helpers.run.corpus_query import parse_query
        from helpers.run.sources import find_corpus

        find_corpus(corpus)
        parse_query(str(content.get("corpus_query") or ""))
    for name in content.get("metric_files", []):
        if not (storage.root() / str(name)).is_file():
            raise UsageError(
                f"{where}: metric file {name!r} does not exist: give a path from the project root."
            )


class Vocabulary:
    """The names a run may use of genes, modes and therapies; read once, when a name is first checked."""

    @cached_property
    def _terms(self) -> dict[str, pd.DataFrame]:
        return storage.read_terms()

    @cached_property
    def _valid(self) -> dict[str, set[str]]:
        names = {table: set(self._terms[table].iloc[:, 0]) for table in set(VOCABULARY.values())}
        return {**names, "genes": names["genes"] | full_lexicon_symbols()}

    def check(self, parameters: Mapping[str, Any], where: str) -> None:
        """Nothing; raises UsageError for a gene, mode or therapy that the vocabulary does not hold."""
        for key, value in parameters.items():
            if key not in VOCABULARY or not value:
                continue
            table = VOCABULARY[key]
            names: Sequence[str] = [value] if isinstance(value, str) else value
            what = key.removesuffix("s").removeprefix("query_")
            for name in names:
                valid = self._valid[table]
                if name not in valid and (meant := _meant(str(name), self._terms[table])):
                    raise UsageError(
                        f"{where}: {what} {name!r} is listed as {' or '.join(meant)}: write that."
                    )
                require(name, valid, what, where=where)


def _meant(name: str, table: pd.DataFrame) -> list[str]:
    """Ids of the vocabulary that list the name among their other names, whatever its case."""
    folded = name.casefold()
    columns = [column for column in table.columns[:-1] if table[column].dtype == "str"]
    hit = pd.Series(False, index=table.index)
    for column in columns:
        hit |= ("|" + table[column].str.casefold() + "|").str.contains(f"|{folded}|", regex=False, na=False)
    return sorted(table.loc[hit, table.columns[0]].head(3))


def full_lexicon_symbols() -> set[str]:
    """Symbols of the full gene lexicon, empty where none has been built (`atlas lexicon build`)."""
    path = storage.raw("cache", "lexicon", "genes.csv")
    if not path.exists():
        return set()
    with path.open(encoding="utf-8") as file:
        next(file)
        return {line.split(",", 1)[0] for line in file}
