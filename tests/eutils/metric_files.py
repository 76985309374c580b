"""Synthetic journal metric files in the shape of SCImago's yearly CSV and of a JCR export.

The journals are real, so that records match them by ISSN; every figure is drawn at random and says
nothing of them. Some journals are left out of each file, as in life.
"""

from __future__ import annotations

import random
from pathlib import Path

from eutils.facts import JOURNALS, Journal

SCIMAGO_YEARS = (2008, 2014, 2020, 2024)
JCR_YEAR = 2023
_HEADER = (
    'Rank;Sourceid;Title;Type;Issn;SJR;"SJR Best Quartile";"H index";"Total Docs. ({year})";Country;Publisher'
)


def write_metric_files(folder: Path) -> list[Path]:
    """Paths of the files written: one SCImago CSV per year, and one JCR export."""
    folder.mkdir(parents=True, exist_ok=True)
    made = {f"synthetic scimagojr {year}.csv": _scimago(year) for year in SCIMAGO_YEARS}
    made[f"synthetic jcr {JCR_YEAR}.csv"] = _jcr()
    for name, text in made.items():
        (folder / name).write_text(text, encoding="utf-8", newline="")
    return [folder / name for name in made]


def _scimago(year: int) -> str:
    """Semicolons, decimal commas, ISSNs without hyphens in one cell, best quartile: as SCImago writes it."""
    lines = [_HEADER.format(year=year)]
    for rank, (journal, level) in enumerate(_levels(f"sjr-{year}", JOURNALS[:-1]), start=1):
        issns = ", ".join(issn.replace("-", "") for issn in (journal.print_issn, journal.online_issn) if issn)
        value = f"{0.4 + 9 * level**2:.3f}".replace(".", ",")
        title = f"{journal.title} (synthetic values)"
        lines.append(
            f'{rank};{9_000_000 + rank};"{title}";journal;"{issns}";{value};{_quartile(level)};'
            f'{rank};{100 * rank};Nowhere;"Synthetic"'
        )
    return "\n".join(lines) + "\n"


def _jcr() -> str:
    """Commas, decimal points, two ISSN columns, quartile and percentile; a line of its own above the header."""
    lines = [
        f"Synthetic values in the shape of Journal Citation Reports {JCR_YEAR}",
        f"Journal name,ISSN,eISSN,{JCR_YEAR} JIF,JIF Quartile,JIF Percentile",
    ]
    for journal, level in _levels("jif", JOURNALS[2:]):
        value = f"{1 + 30 * level**2:.1f}"
        cells = (journal.print_issn or "N/A", journal.online_issn or "N/A", value, _quartile(level))
        lines.append(f'"{journal.title}",{",".join(cells)},{100 * level:.1f}')
    return "\n".join(lines) + "\n"


def _levels(seed: str, journals: tuple[Journal, ...]) -> list[tuple[Journal, float]]:
    """Journals with their place between 0 and 1 at random, highest first; equal seeds give equal places."""
    draw = random.Random(seed.split("-")[0])
    wobble = random.Random(seed)
    places = [min(0.99, max(0.02, draw.random() + wobble.uniform(-0.05, 0.05))) for _ in journals]
    return sorted(zip(journals, places, strict=True), key=lambda item: (-item[1], item[0].nlm_id))


def _quartile(level: float) -> str:
    return f"Q{4 - min(3, int(4 * level))}"
