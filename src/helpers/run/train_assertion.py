"""Train the assertion model: `python -m helpers.run.train_assertion ../shared/evaldata`.

Reads `hallmarks/sentences.tsv` (columns pmid, sentence, text, labels) below the folder, prints document-level
figures from a ten-fold cross-validation by document, and writes `annotate/assertion_weights.py`. A sentence
that names apoptosis, autophagy or necrosis is a finding if the corpus labels it so. Deterministic.
"""

from __future__ import annotations

import csv
import hashlib
import re
import sys
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
from scipy.optimize import minimize

from helpers import storage
from helpers.annotate.assertion import read_parts
from helpers.annotate.assertion_features import mention_features, record_features, sentence_features

PENALTY, MIN_COUNT, FOLDS, CUT = 10.0, 4, 10, 0.46
TERMS = {
    "apoptosis": re.compile(r"(?<!modulator of )apopto|programmed cell death", re.IGNORECASE),
    "autophagy": re.compile(r"autophag|mitophag", re.IGNORECASE),
    "necrosis": re.compile(r"necro(?:sis|tic|pto)", re.IGNORECASE),
}
_TRAP = re.compile(r"necrosis factor|apoptosis[- ]inducing (?:factor|ligand)", re.IGNORECASE)

Matrix = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Abstract:
    """One document: its sentences and the labels of each."""

    pmid: str
    sentences: tuple[str, ...]
    labels: tuple[str, ...]

    def labelled(self, mode: str) -> set[int]:
        """Numbers of the sentences labelled with a mode."""
        mark = f"Resisting cell death--{mode.capitalize()}"
        return {i for i, label in enumerate(self.labels) if mark in label}


@dataclass(frozen=True)
class Example:
    """One sentence naming a mode: its features, and whether the corpus calls it a finding."""

    abstract: int
    mode: str
    sentence: int
    features: frozenset[str]
    finding: bool


def read_hallmarks(folder: Path) -> list[Abstract]:
    """Abstracts of `hallmarks/sentences.tsv`, by PMID."""
    rows: dict[str, list[tuple[int, str, str]]] = defaultdict(list)
    with (folder / "hallmarks" / "sentences.tsv").open(
        encoding="utf-8", errors="replace", newline=""
    ) as file:
        for row in csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE):
            rows[row["pmid"]].append((int(row["sentence"]), row["text"], row["labels"] or ""))
    result = []
    for pmid in sorted(rows):
        ordered = sorted(rows[pmid])
        result.append(Abstract(pmid, tuple(t for _, t, _ in ordered), tuple(x for _, _, x in ordered)))
    return result


def find_examples(abstracts: Sequence[Abstract]) -> list[Example]:
    """Every sentence that names a mode, with its features."""
    return [example for i, abstract in enumerate(abstracts) for example in _examples(i, abstract)]


def _examples(number: int, abstract: Abstract) -> Iterator[Example]:
    text = "\n".join(abstract.sentences)
    spans, at = [], 0
    for sentence in abstract.sentences:
        spans.append((at, at + len(sentence)))
        at += len(sentence) + 1
    parts = read_parts(text, spans)
    for mode, term in TERMS.items():
        hits: dict[int, list[tuple[int, int]]] = {}
        for i, sentence in enumerate(abstract.sentences):
            masked = _TRAP.sub(lambda match: "X" * len(match[0]), sentence)
            if found := [match.span() for match in term.finditer(masked)]:
                hits[i] = found
        for i, places in hits.items():
            sentence = abstract.sentences[i]
            features = sentence_features(sentence, parts[i], i, len(spans)) | record_features(list(hits), i)
            for start, end in places:
                features |= mention_features(sentence[:start], sentence[end:])
            yield Example(number, mode, i, frozenset(features), i in abstract.labelled(mode))


def fit(x: Matrix, y: Matrix) -> Matrix:
    """Weights and, last, intercept of the L2-penalised logistic regression."""
    sign = np.where(y > 0, 1.0, -1.0)

    def loss(weights: Matrix) -> tuple[float, Matrix]:
        margin = sign * (x @ weights[:-1] + weights[-1])
        slope = -sign / (1.0 + np.exp(margin))
        value = np.logaddexp(0.0, -margin).sum() + PENALTY / 2 * (weights[:-1] ** 2).sum()
        return float(value), np.append(x.T @ slope + PENALTY * weights[:-1], slope.sum())

    result: Matrix = minimize(loss, np.zeros(x.shape[1] + 1), jac=True, method="L-BFGS-B").x
    return result


def vectors(examples: Sequence[Example]) -> tuple[list[str], Matrix, Matrix]:
    """Feature names, matrix and gold of the examples."""
    counts: dict[str, int] = defaultdict(int)
    for example in examples:
        for feature in example.features:
            counts[feature] += 1
    names = sorted(name for name, count in counts.items() if count >= MIN_COUNT)
    x = np.array([[float(name in e.features) for name in names] for e in examples])
    return names, x, np.array([float(e.finding) for e in examples])


def cross_validate(abstracts: Sequence[Abstract], examples: Sequence[Example]) -> npt.NDArray[np.bool_]:
    """For each example, whether a model trained without its document calls it a finding."""
    _, x, y = vectors(examples)
    folds = np.array(
        [int(hashlib.md5(abstracts[e.abstract].pmid.encode()).hexdigest(), 16) % FOLDS for e in examples]
    )
    called = np.zeros(len(examples), dtype=np.bool_)
    for fold in range(FOLDS):
        weights = fit(x[folds != fold], y[folds != fold])
        odds = x[folds == fold] @ weights[:-1] + weights[-1]
        called[folds == fold] = odds >= _threshold()
    return called


def _threshold() -> float:
    return float(np.log(CUT / (1 - CUT)))


def document_figures(
    abstracts: Sequence[Abstract], examples: Sequence[Example], called: npt.NDArray[np.bool_]
) -> dict[str, dict[str, float]]:
    """Precision, recall and F1 per mode over documents, by `called`; denied mentions are left in."""
    result = {}
    for mode in TERMS:
        gold = {i for i, a in enumerate(abstracts) if a.labelled(mode)}
        found = {e.abstract for e, yes in zip(examples, called, strict=True) if yes and e.mode == mode}
        result[mode] = figures(len(gold & found), len(found - gold), len(gold - found))
    return result


def figures(hit: int, wrong: int, missed: int) -> dict[str, float]:
    """Precision, recall, F1 and the counts behind them."""
    precision, recall = hit / max(1, hit + wrong), hit / max(1, hit + missed)
    f1 = 2 * hit / max(1, 2 * hit + wrong + missed)
    return {"precision": precision, "recall": recall, "f1": f1, "hit": hit, "wrong": wrong, "missed": missed}


def write_weights(examples: Sequence[Example]) -> Path:
    """The path of the weights module, once written."""
    names, x, y = vectors(examples)
    weights = fit(x, y)
    lines = ['"""Weights of the assertion model; written by `python -m helpers.run.train_assertion`."""', ""]
    lines += [
        f"THRESHOLD = {_threshold():.4f}",
        f"INTERCEPT = {weights[-1]:.4f}",
        "WEIGHTS: dict[str, float] = {",
    ]
    lines += [f'    "{name}": {weight:.4f},' for name, weight in zip(names, weights[:-1], strict=True)]
    path = storage.root() / "src" / "helpers" / "annotate" / "assertion_weights.py"
    return storage.write_bytes(path, ("\n".join([*lines, "}"]) + "\n").encode())


def main() -> None:
    """Cross-validate, print, and write the weights."""
    abstracts = read_hallmarks(Path(sys.argv[1]))
    examples = find_examples(abstracts)
    for mode, row in document_figures(abstracts, examples, cross_validate(abstracts, examples)).items():
        print(f"{mode}: " + ", ".join(f"{name} {value:.3f}" for name, value in row.items()))
    print(write_weights(examples))


if __name__ == "__main__":
    main()
