"""The conda environment, the lock and pyproject.toml name the same dependencies."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import yaml

ROOT = Path(__file__).resolve().parents[1]


def pyproject_requirements() -> list[str]:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    extras = project["optional-dependencies"]
    return [*project["dependencies"], *(line for extra in sorted(extras) for line in extras[extra])]


def name_of(requirement: str) -> str:
    return re.split(r"[<>=!~\[; ]", requirement)[0].lower().replace("_", "-")


def test_environment_yml_names_what_pyproject_names() -> None:
    """Every requirement stands in environment.yml with the same bounds, and nothing more but python and pip."""
    content = yaml.safe_load((ROOT / "environment.yml").read_text())
    listed = [item for item in content["dependencies"] if isinstance(item, str)]
    through_pip = next(item["pip"] for item in content["dependencies"] if isinstance(item, dict))
    given = {item.replace(" ", "") for item in [*listed, *through_pip]} - {"pip", "--editable."}
    python = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["requires-python"]
    # The oldest Python supported, in the form that Binder reads.
    wanted = {item.replace(" ", "") for item in pyproject_requirements()} | {python.replace(">=", "python=")}
    assert given == wanted


def test_the_lock_pins_every_requirement_with_a_hash() -> None:
    """requirements.lock holds each requirement, pinned, and only hashed lines."""
    lock = (ROOT / "requirements.lock").read_text()
    pinned = {m.group(1).lower().replace("_", "-") for m in re.finditer(r"^([\w.-]+)==", lock, re.M)}
    assert {name_of(item) for item in pyproject_requirements()} <= pinned
    assert lock.count("--hash=sha256:") >= len(pinned)
