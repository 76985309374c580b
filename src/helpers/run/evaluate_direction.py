"""How right direction is, measured on sentences that people annotated.

Direction: FerrDb (a driver promotes ferroptosis, a suppressor inhibits it). The rules were written while
reading these sentences, so the figures are those of a training set; nothing is fitted to single rows.
Therapy: CIViCmine's predictive relations name gene and drug but no direction; counted is how many are read as
resistance or sensitising, and how many pairs that are not predictive are.
"""

from __future__ import annotations

import re
import tarfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pandas as pd

from helpers import storage
from helpers.annotate.claims import Reader
from helpers.annotate.cues import Cues
from helpers.annotate.lexicon import Lexicon, build_lexicon
from helpers.annotate.mentions import find_mentions
from helpers.annotate.sentences import split_sentences
from helpers.errors import UsageError
from helpers.run.ferrdb import Claim, read_ferrdb
from helpers.schemas import ARTICLES

SHOWN = 30


def evaluate_direction(folder: Path, lexicon: Lexicon | None = None) -> dict[str, Any]:
    """Figures of direction: `ferrdb` (n, stated, precision, coverage, wrong_way, not_stated) and `civicmine`.

    lexicon: tells the other genes of a sentence; the shipped panel if None. Raises UsageError when a file is absent.
    """
    lexicon = lexicon or build_lexicon(storage.read_terms())
    return {"ferrdb": _measure_ferrdb(folder, lexicon), "civicmine": _measure_civicmine(folder, lexicon.cues)}


def format_direction(direction: dict[str, Any]) -> list[str]:
    """Lines that tell the figures of direction and therapy."""
    ferrdb, therapy = direction["ferrdb"], direction["civicmine"]
    return [
        f"direction, FerrDb: {ferrdb['stated']} of {ferrdb['n']} stated (coverage {ferrdb['coverage']:.3f}), "
        f"precision {ferrdb['precision']:.3f}, {len(ferrdb['wrong_way'])} the wrong way",
        f"therapy, CIViCmine: of {therapy['n_predictive']} predictive genes {therapy['resistance']} read as "
        f"resistance, {therapy['sensitising']} as sensitising; of {therapy['n_not_predictive']} others "
        f"{therapy['stated_though_not_predictive']}",
    ]


def _measure_ferrdb(folder: Path, lexicon: Lexicon) -> dict[str, Any]:
    claims = read_ferrdb(folder)
    rows = [{"record_id": f"local:{i:05d}", "abstract": claim.text} for i, claim in enumerate(claims)]
    mentions = find_mentions(pd.DataFrame(rows, columns=ARTICLES.names), lexicon)
    named: dict[str, list[tuple[str, str, int, int]]] = {row["record_id"]: [] for row in rows}
    for record, kind, concept, start, end in zip(
        *(mentions[c] for c in ("record_id", "kind", "concept", "start", "end")), strict=True
    ):
        named[record].append((kind, concept, start, end))
    outcome: Counter[str] = Counter()
    wrong: list[dict[str, Any]] = []
    silent: list[dict[str, Any]] = []
    for claim, row in zip(claims, rows, strict=True):
        sign, rule = _read_claim(claim, named[row["record_id"]], lexicon.cues)
        entry = {
            "gene": claim.gene,
            "gold": _word(claim.sign),
            "pmid": claim.pmid,
            "rule": rule,
            "text": claim.text,
        }
        outcome["right" if sign == claim.sign else "wrong" if sign else "silent"] += 1
        if sign == -claim.sign:
            wrong.append(entry)
        elif not sign:
            silent.append(entry)
    stated = outcome["right"] + outcome["wrong"]
    return {
        "n": len(claims),
        "stated": stated,
        "right": outcome["right"],
        "precision": outcome["right"] / max(1, stated),
        "coverage": stated / max(1, len(claims)),
        "wrong_way": wrong,
        "not_stated": silent[:SHOWN],
    }


def _word(sign: int) -> str:
    return "promotes" if sign > 0 else "inhibits"


def _read_claim(claim: Claim, named: list[tuple[str, str, int, int]], cues: Cues) -> tuple[int, str]:
    """Direction read over the claim's sentences, 0 where they state none or conflict, and the rules."""
    own = claim.spans()
    totals = {1: 0.0, -1: 0.0}
    rules = []
    for start, end in split_sentences(claim.text):
        inside = [("gene", "target", a - start, b - start) for a, b in own if start <= a and b <= end]
        if not inside:
            continue
        taken = [(a, b) for _, _, a, b in inside]
        inside += [
            (kind, concept, a - start, b - start)
            for kind, concept, a, b in named
            if start <= a and b <= end and not any(a - start < y and x < b - start for x, y in taken)
        ]
        reading = Reader(claim.text[start:end], inside, cues).on_mode("target", "ferroptosis")
        rules.append(reading.rule)
        if reading.sign:
            totals[reading.sign] = max(totals[reading.sign], reading.weight)
    difference = totals[1] - totals[-1]
    return (0 if abs(difference) < 0.02 else 1 if difference > 0 else -1), "; ".join(rules)


def _measure_civicmine(folder: Path, cues: Cues) -> dict[str, Any]:
    """Genes of sentences that name a drug, by whether the corpus calls them predictive, and what is read."""
    read: Counter[tuple[bool, int]] = Counter()
    examples = []
    for text, entities, predictive in _read_civicmine(folder):
        mentions = [
            ({"gene": "gene", "drug": "therapy"}[kind], name.lower(), start, end)
            for kind, name, start, end in entities
        ]
        if {"gene", "therapy"} - {mention[0] for mention in mentions}:
            continue
        reader = Reader(text, mentions, cues)
        for gene in sorted({name for kind, name, _, _ in mentions if kind == "gene"}):
            sign = reader.on_therapy(gene).sign
            read[gene in predictive, sign] += 1
            if sign:
                effect = "resistance" if sign > 0 else "sensitising"
                examples.append(
                    {"gene": gene, "read": effect, "predictive": gene in predictive, "text": text}
                )
    n = sum(count for (gold, _), count in read.items() if gold)
    stated = read[True, 1] + read[True, -1]
    others = read[False, 1] + read[False, -1]
    return {
        "n_predictive": n,
        "resistance": read[True, 1],
        "sensitising": read[True, -1],
        "none_stated": read[True, 0],
        "coverage": stated / max(1, n),
        "n_not_predictive": sum(count for (gold, _), count in read.items() if not gold),
        "stated_though_not_predictive": others,
        "share_predictive_of_stated": stated / max(1, stated + others),
        "examples": examples[:SHOWN],
    }


def _read_civicmine(folder: Path) -> Iterator[tuple[str, list[tuple[str, str, int, int]], set[str]]]:
    """(sentence, its genes and drugs, genes in a predictive relation) of `civicmine/training.tar.gz`."""
    path = folder / "civicmine" / "training.tar.gz"
    if not path.exists():
        raise UsageError(f"{path} is absent: name a folder of the shape evaldata has.")
    files: dict[str, dict[str, str]] = {}
    with tarfile.open(path) as archive:
        for member in archive:
            stem, _, kind = member.name.rpartition(".")
            if member.isfile() and kind in ("txt", "a1", "a2") and (content := archive.extractfile(member)):
                files.setdefault(stem, {})[kind] = content.read().decode("utf-8", "replace")
    for stem in sorted(files):
        parts = files[stem]
        entities = {}
        for line in parts.get("a1", "").splitlines():
            key, kind, name = line.split("\t")
            label, start, end = kind.split(" ")[:3]
            entities[key] = (label, name, int(start), int(end))
        genes = re.findall(r"^R\d+\tPredictive.*?\bgene:(T\d+)", parts.get("a2", ""), re.MULTILINE)
        known = [entity for entity in entities.values() if entity[0] in ("gene", "drug")]
        yield parts.get("txt", "").strip("\n"), known, {entities[key][1].lower() for key in genes}
