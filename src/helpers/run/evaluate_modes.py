"""Modes found against the Hallmarks of Cancer labels, and the MeSH terms of cell death."""

from __future__ import annotations

import csv
from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from helpers.annotate.lexicon import Lexicon
from helpers.annotate.mentions import find_mentions
from helpers.annotate.modes import NARROWER
from helpers.run.evaluate_genes import SHOWN, count_agreement
from helpers.run.hallmarks import MODES
from helpers.schemas import ARTICLES

WHY = (
    "A label means evidence of the hallmark: many sentences that report a mode as a side observation carry none "
    "(false positives), and some that state it as an aim or in the methods do (false negatives)."
)
_Key = tuple[str, int]  # record, sentence


def evaluate_modes(path: Path, lexicon: Lexicon) -> dict[str, Any]:
    """Figures per mode at document and sentence level, assertion "finding" against the labels.

    A label means evidence of the hallmark in the sentence, so that a bare mention is not labelled.
    """
    sentences, labels = _read_sentences(path)
    texts = {record: "\n".join(parts) for record, parts in sentences.items()}
    rows = [{"record_id": record, "abstract": text} for record, text in texts.items()]
    mentions = find_mentions(pd.DataFrame(rows, columns=ARTICLES.names), lexicon)
    own = (mentions["kind"] == "mode") & (mentions["rule"] != NARROWER)
    mentions = mentions[own & (mentions["assertion"] == "finding")]
    starts = {record: _starts(parts) for record, parts in sentences.items()}
    found: dict[str, dict[_Key, str]] = {mode: {} for mode in MODES}
    for record, concept, start, text in zip(
        *(mentions[c] for c in ("record_id", "concept", "start", "text")), strict=True
    ):
        for mode, under in MODES.items():
            if concept in under:
                found[mode].setdefault((record, bisect_right(starts[record], start) - 1), text)
    return {mode: _compare(mode, found[mode], labels, sentences) for mode in MODES}


def _read_sentences(path: Path) -> tuple[dict[str, list[str]], dict[_Key, str]]:
    """(record -> sentences, (record, sentence) -> labels) of the corpus."""
    rows: dict[str, list[tuple[int, str, str]]] = defaultdict(list)
    with path.open(encoding="utf-8", errors="replace", newline="") as file:
        for row in csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE):
            rows[f"pmid:{row['pmid']}"].append((int(row["sentence"]), row["text"], row["labels"] or ""))
    ordered = {record: sorted(parts) for record, parts in sorted(rows.items())}
    labels = {(r, i): label for r, parts in ordered.items() for i, (_, _, label) in enumerate(parts)}
    return {r: [text for _, text, _ in parts] for r, parts in ordered.items()}, labels


def _starts(parts: list[str]) -> list[int]:
    starts, at = [], 0
    for part in parts:
        starts.append(at)
        at += len(part) + 1
    return starts


def _compare(
    mode: str,
    found: Mapping[_Key, str],
    labels: Mapping[_Key, str],
    sentences: Mapping[str, list[str]],
) -> dict[str, Any]:
    """Agreement of one mode by document and by sentence, and the sentences it fails on."""
    mark = f"Resisting cell death--{mode.capitalize()}"
    gold = {key for key, label in labels.items() if mark in label}
    gold_documents = {record for record, _ in gold}
    found_documents = {record for record, _ in found}
    wrong = Counter({key: 1 for key in found if key not in gold})
    missed = Counter({key: 1 for key in gold if key not in found})
    return {
        "documents": count_agreement(
            len(gold_documents & found_documents), len(found_documents), len(gold_documents)
        ),
        "sentences": count_agreement(len(gold & found.keys()), len(found), len(gold)),
        "why_they_remain": WHY,
        "false_positives": _examples(wrong, sentences),
        "false_negatives": _examples(missed, sentences),
    }


def _examples(keys: Counter[_Key], sentences: Mapping[str, list[str]]) -> list[dict[str, Any]]:
    return [
        {"record": record, "sentence": number, "text": sentences[record][number]}
        for record, number in sorted(keys)[:SHOWN]
    ]


def evaluate_mesh(path: Path, lexicon: Lexicon) -> dict[str, Any]:
    """How many terms of the MeSH cell-death subtree are found as a mode, and which are not.

    Descriptors that name no mode of death (Drug Resistance, Ferritins, Cell Death itself, its reversal) are
    left out.
    """
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter="\t"))
    terms = sorted({r["TermName"] for r in rows if r["DescriptorUI"] in lexicon.mesh})
    records = [{"record_id": f"local:{i}", "title": f"On {term}."} for i, term in enumerate(terms)]
    mentions = find_mentions(pd.DataFrame(records, columns=ARTICLES.names), lexicon)
    found = set(mentions.loc[mentions["kind"] == "mode", "record_id"])
    lost = [term for i, term in enumerate(terms) if f"local:{i}" not in found]
    return {"n": len(terms), "found": len(terms) - len(lost), "not_found": lost}
