"""The errors met most, task by task, as a page of Markdown: terms, PMIDs and reasons, no sentence of a corpus."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

_CELL = str.maketrans({"|": "/", "\n": " ", "<": "‹", ">": "›"})


def format_errors(figures: Mapping[str, Any]) -> str:
    """Markdown of the most frequent false positives and negatives of every task, and why they remain."""
    parts = []
    for corpus, found in figures["genes"].items():
        for kind, title in (("positive", "Found, not annotated"), ("negative", "Annotated, not found")):
            parts.append(f"### {title}: genes, {corpus}")
            parts.append(_table(("errors", "why"), found[f"false_{kind}_reasons"].items(), flip=True))
            rows = [(e["gene"], e["text"], e["documents"], e["reason"]) for e in found[f"false_{kind}s"]]
            parts.append(_table(("gene", "written", "documents", "why"), rows))
    if "assertion" in figures:
        errors = figures["assertion"]["errors"]
        for kind, title in (
            ("false_positives", "Called a finding, not labelled"),
            ("false_negatives", "Labelled, not called a finding"),
        ):
            parts.append(f"### {title}: modes, sentences of Hallmarks of Cancer")
            parts.append(_table(("errors", "why"), errors[kind]["reasons"].items(), flip=True))
            parts.append(
                _table(
                    ("mode", "PMID", "why"),
                    [(e["mode"], e["pmid"], e["reason"]) for e in errors[kind]["examples"]],
                )
            )
        parts.append(figures["assertion"]["why_they_remain"])
    if "direction" in figures:
        ferrdb = figures["direction"]["ferrdb"]
        for name, title in (("wrong_way", "The wrong way"), ("not_stated", "Not stated")):
            parts.append(f"### {title}: direction, FerrDb")
            rows = [(e["gene"], e["pmid"], e["gold"], e["rule"]) for e in ferrdb[name]]
            parts.append(_table(("gene", "PMID", "FerrDb says", "rule that read it"), rows))
    return "\n\n".join(parts) + "\n"


def _table(head: Sequence[str], rows: Iterable[Sequence[Any]], *, flip: bool = False) -> str:
    """Table of the rows; `flip` puts the last column first."""
    lines = [list(head), ["---"] * len(head)]
    lines += [[str(cell).translate(_CELL) for cell in (row[::-1] if flip else row)] for row in rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)
