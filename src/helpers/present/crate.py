"""RO-Crate metadata of a run: what each file is, and what made it."""

from __future__ import annotations

import json
import mimetypes
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from rocrate.rocrate import ROCrate

from helpers import storage
from helpers.schemas import TABLES

TYPES = {
    ".ipynb": "application/x-ipynb+json",
    ".ris": "application/x-research-info-systems",
    ".bib": "text/x-bibtex",
}


def write_crate(run_folder: Path, run_record: Mapping[str, Any]) -> Path:
    """Path of ro-crate-metadata.json (RO-Crate 1.1), which describes every file of the run in place.

    The date is the day the run finished as its record says; nothing else varies between equal runs.

    Args:
        run_folder: folder of the run, data/processed/<run>.
        run_record: content of run.json.
    """
    crate = ROCrate(version="1.1")
    name = str(run_record.get("name", run_folder.name))
    crate.name = f"Cell-Death Target Atlas: run {name}"
    crate.description = (
        "Tables, figures, executed notebooks and report of one run of the Cell-Death Target Atlas: target "
        "genes by mode of cell death and journal metrics, from PubMed records."
    )
    finished = str(run_record.get("finished") or run_record.get("started") or "1980-01-01")
    crate.datePublished = finished[:10]
    crate.license = "https://creativecommons.org/licenses/by/4.0/"
    tool = crate.add_jsonld(_software(run_record))
    made = []
    for path in sorted(p for p in run_folder.rglob("*") if _counts(p, run_folder)):
        made.append(
            crate.add_file(dest_path=path.relative_to(run_folder).as_posix(), properties=_about(path))
        )
    crate.add_jsonld(
        {
            "@id": "#run",
            "@type": "CreateAction",
            "name": f"Run {name}",
            "endTime": finished,
            "instrument": {"@id": tool.id},
            "object": [{"@id": f"#input-{i}"} for i, _ in enumerate(_inputs(run_record))],
            "result": [{"@id": entity.id} for entity in made],
        }
    )
    for i, (source, digest) in enumerate(_inputs(run_record)):
        crate.add_jsonld({"@id": f"#input-{i}", "@type": "CreativeWork", "name": source, "sha256": digest})
    metadata = crate.metadata.generate()
    metadata["@graph"] = sorted(metadata["@graph"], key=lambda entity: entity["@id"])
    return storage.write_json(run_folder / "ro-crate-metadata.json", metadata)


def _software(run_record: Mapping[str, Any]) -> dict[str, Any]:
    versions = dict(run_record.get("versions", {}))
    return {
        "@id": "#atlas",
        "@type": "SoftwareApplication",
        "name": "Cell-Death Target Atlas",
        "softwareVersion": versions.pop("atlas", "unknown"),
        "softwareRequirements": [f"{package} {version}" for package, version in sorted(versions.items())],
        "identifier": run_record.get("commit") or "no commit known",
        "description": "Parameters: " + json.dumps(run_record.get("parameters", {}), sort_keys=True),
    }


def _inputs(run_record: Mapping[str, Any]) -> list[tuple[str, str]]:
    return sorted((str(path), str(digest)) for path, digest in dict(run_record.get("inputs", {})).items())


def _counts(path: Path, run_folder: Path) -> bool:
    """Whether a file belongs to the run: no hidden file, no key of the task runner, not this metadata."""
    hidden = any(part.startswith(".") for part in path.relative_to(run_folder).parts)
    own = path.name == "ro-crate-metadata.json"
    return path.is_file() and not hidden and not own and path.suffix != ".key"


def _about(path: Path) -> dict[str, Any]:
    form = TYPES.get(path.suffix) or mimetypes.guess_type(path.name)[0] or "application/octet-stream"
    about: dict[str, Any] = {"name": path.name, "encodingFormat": form}
    if path.name != "run.json":  # it takes the times of each later run
        about |= {"contentSize": str(path.stat().st_size), "sha256": storage.sha256(path)}
    if path.parent.name == "tables" and path.stem in TABLES:
        about["description"] = TABLES[path.stem].holds
    return about
