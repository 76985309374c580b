"""Train the assertion model: `python -m helpers.run.train_assertion ../shared/evaldata`.

Reads `hallmarks/sentences.tsv` (columns pmid, sentence, text, labels) below the folder, prints document-level
figures from a ten-fold cross-validation by document, and writes `annotate/assertion_weights.py`. A mention of
apoptosis, autophagy or necrosis, as `find_mentions` finds it, is a finding if the corpus labels its sentence so.
Sentences that name another hallmark (metastasis, senescence, ...) are read the same way and count for less: how
a finding is told differs little from one process to the next, and they are ten times as many. Deterministic.
"""

from __future__ import annotations

import hashlib
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from pathlib import Path

import numpy as np
import numpy.typing as npt
from scipy.optimize import minimize
from scipy.sparse import csr_matrix

from helpers import storage
from helpers.annotate.assertion_features import SHORT, is_placed
from helpers.annotate.lexicon import build_lexicon
from helpers.run.hallmarks import MODES, Abstract, Example, find_examples, read_hallmarks

PENALTY, MIN_COUNT, FOLDS, OTHERS, SMOOTH = 10.0, 8, 10, 0.3, 6
FLAT = 0.001  # F1 by which thresholds do not differ
GRID = np.round(np.arange(-1.5, 1.01, 0.05), 2)

Vector = npt.NDArray[np.float64]
Called = npt.NDArray[np.bool_]
Counts = dict[str, float]


def fit(x: csr_matrix, y: Called, weight: Vector) -> Vector:
    """Weights and, last, intercept of the L2-penalised logistic regression."""
    sign = np.where(y, 1.0, -1.0)

    def loss(weights: Vector) -> tuple[float, Vector]:
        margin = sign * (x @ weights[:-1] + weights[-1])
        slope = -sign * weight / (1.0 + np.exp(margin))
        value = (weight * np.logaddexp(0.0, -margin)).sum() + PENALTY / 2 * (weights[:-1] ** 2).sum()
        return float(value), np.append(x.T @ slope + PENALTY * weights[:-1], slope.sum())

    result: Vector = minimize(loss, np.zeros(x.shape[1] + 1), jac=True, method="L-BFGS-B").x
    return result


def fit_placed(names: Sequence[str], x: csr_matrix, y: Called, weight: Vector) -> Vector:
    """Weights as `fit` gives, but a text too short to have a beginning and end counts as the mean place does."""
    weights = fit(x, y, weight)
    other = np.array([name.startswith("about ") for name in names], dtype=np.float64)
    of_modes = x @ other == 0
    if SHORT in names and of_modes.any():
        placed = np.array([is_placed(name) for name in names])
        weights[names.index(SHORT)] = (x @ (weights[:-1] * placed))[of_modes].mean()
    return weights


def vectors(examples: Sequence[Example]) -> tuple[list[str], csr_matrix]:
    """Names of the features and the matrix of the examples; a hallmark that is no death mode has one of its own."""
    counts = Counter(feature for example in examples for feature in example.features)
    names = sorted(name for name, count in counts.items() if count >= MIN_COUNT)
    names += sorted({f"about {e.about}" for e in examples} - {f"about {mode}" for mode in MODES})
    column = {name: i for i, name in enumerate(names)}
    cells = [
        (i, column[feature])
        for i, example in enumerate(examples)
        for feature in sorted({*example.features, f"about {example.about}"})
        if feature in column
    ]
    rows, columns = np.array(cells, dtype=np.int64).reshape(-1, 2).T
    return names, csr_matrix((np.ones(len(cells)), (rows, columns)), shape=(len(examples), len(names)))


def weigh(examples: Sequence[Example]) -> Vector:
    """How much each example counts: a sentence once however often it names a mode, denials not at all."""
    several = Counter((e.abstract, e.about, e.sentence) for e in examples)
    return np.array(
        [
            (not e.denied) * (1.0 if e.about in MODES else OTHERS) / several[e.abstract, e.about, e.sentence]
            for e in examples
        ]
    )


def score_unseen(abstracts: Sequence[Abstract], examples: Sequence[Example]) -> Vector:
    """Log odds of a finding for each example, by a model trained without the documents of its fold."""
    names, x = vectors(examples)
    gold, weight, folds = _gold(examples), weigh(examples), assign_folds(abstracts, examples)
    odds = np.zeros(len(examples))
    for fold in range(FOLDS):
        train = (folds != fold) & (weight > 0)
        weights = fit_placed(names, x[train], gold[train], weight[train])
        odds[folds == fold] = x[folds == fold] @ weights[:-1] + weights[-1]
    return odds


def assign_folds(abstracts: Sequence[Abstract], examples: Sequence[Example]) -> npt.NDArray[np.int_]:
    """Fold of each example, by its document."""
    return np.array(
        [int(hashlib.md5(abstracts[e.abstract].pmid.encode()).hexdigest(), 16) % FOLDS for e in examples]
    )


def choose_threshold(abstracts: Sequence[Abstract], examples: Sequence[Example], odds: Vector) -> float:
    """Threshold with the best F1 over the documents of all modes, denials counted as the corpus counts them.

    One for all modes, since most modes of the vocabulary have no labels. The curve is averaged over 0.3 on either
    side, for it is rough: a document more or less moves it. Of thresholds as good the lowest, which misses least.
    """
    best_odds: dict[tuple[str, int], float] = defaultdict(lambda: -np.inf)
    labelled = {mode: {i for i, a in enumerate(abstracts) if a.labelled(mode)} for mode in MODES}
    for example, value in zip(examples, odds, strict=True):
        if example.about in MODES:
            key = example.about, example.abstract
            best_odds[key] = max(best_odds[key], np.inf if example.denied else value)
    top = np.array(list(best_odds.values()))
    gold = np.array([i in labelled[mode] for mode, i in best_odds], dtype=np.bool_)
    curve = [2 * (gold & (top >= t)).sum() / max(1, gold.sum() + (top >= t).sum()) for t in GRID]
    window = np.ones(2 * SMOOTH + 1) / (2 * SMOOTH + 1)
    smooth = np.convolve(np.pad(np.array(curve), SMOOTH, mode="edge"), window, "valid")
    return float(GRID[np.flatnonzero(smooth >= smooth.max() - FLAT)[0]])


def cross_validate(abstracts: Sequence[Abstract], examples: Sequence[Example]) -> Vector:
    """How far above the threshold each example is, by models and thresholds that saw other documents only."""
    odds, folds = score_unseen(abstracts, examples), assign_folds(abstracts, examples)
    above = np.zeros(len(examples))
    for fold in range(FOLDS):
        others = [e for e, f in zip(examples, folds, strict=True) if f != fold]
        threshold = choose_threshold(abstracts, others, odds[folds != fold])
        above[folds == fold] = odds[folds == fold] - threshold
    return above


def call(examples: Sequence[Example], above: Vector, *, denied: bool) -> Called:
    """Which examples are findings, by their distance from the threshold; a denial is one if `denied`."""
    said_not = np.array([e.denied for e in examples], dtype=np.bool_)
    result: Called = np.where(said_not, denied, above >= 0)
    return result


def document_figures(
    abstracts: Sequence[Abstract], examples: Sequence[Example], called: Iterable[bool]
) -> dict[str, Counts]:
    """Precision, recall and F1 per mode over documents."""
    found = _found(examples, called)
    gold = {mode: {i for i, a in enumerate(abstracts) if a.labelled(mode)} for mode in MODES}
    return {mode: figures(gold[mode], {i for i, _ in found[mode]}) for mode in MODES}


def sentence_figures(
    abstracts: Sequence[Abstract], examples: Sequence[Example], called: Iterable[bool]
) -> dict[str, Counts]:
    """Precision, recall and F1 per mode over sentences."""
    found = _found(examples, called)
    gold = {mode: {(i, j) for i, a in enumerate(abstracts) for j in a.labelled(mode)} for mode in MODES}
    return {mode: figures(gold[mode], found[mode]) for mode in MODES}


def _found(examples: Sequence[Example], called: Iterable[bool]) -> Mapping[str, set[tuple[int, int]]]:
    found: dict[str, set[tuple[int, int]]] = defaultdict(set)
    for example, yes in zip(examples, called, strict=True):
        if yes:
            found[example.about].add((example.abstract, example.sentence))
    return found


def figures(gold: AbstractSet[object], found: AbstractSet[object]) -> Counts:
    """Precision, recall, F1 and the counts behind them."""
    hit, wrong, missed = len(gold & found), len(found - gold), len(gold - found)
    precision, recall = hit / max(1, hit + wrong), hit / max(1, hit + missed)
    f1 = 2 * hit / max(1, 2 * hit + wrong + missed)
    return {"precision": precision, "recall": recall, "f1": f1, "hit": hit, "wrong": wrong, "missed": missed}


def _gold(examples: Sequence[Example]) -> Called:
    return np.array([e.labelled for e in examples])


def write_weights(abstracts: Sequence[Abstract], examples: Sequence[Example]) -> Path:
    """The path of the weights module, once written; what the model learns of other hallmarks' rates is left out."""
    names, x = vectors(examples)
    weight = weigh(examples)
    weights = fit_placed(names, x[weight > 0], _gold(examples)[weight > 0], weight[weight > 0])
    threshold = choose_threshold(abstracts, examples, score_unseen(abstracts, examples))
    lines = ['"""Weights of the assertion model; written by `python -m helpers.run.train_assertion`."""', ""]
    lines += [
        f"THRESHOLD = {threshold:.4f}",
        f"INTERCEPT = {weights[-1]:.4f}",
        "WEIGHTS: dict[str, float] = {",
    ]
    lines += [
        f'    "{name}": {value:.4f},'
        for name, value in zip(names, weights[:-1], strict=True)
        if not name.startswith("about ")
    ]
    path = storage.root() / "src" / "helpers" / "annotate" / "assertion_weights.py"
    return storage.write_bytes(path, ("\n".join([*lines, "}"]) + "\n").encode())


def main() -> None:
    """Cross-validate, print, and write the weights."""
    abstracts = read_hallmarks(Path(sys.argv[1]))
    examples = find_examples(abstracts, build_lexicon(storage.read_terms()))
    above = cross_validate(abstracts, examples)
    for denied, name in ((False, "finding"), (True, "finding or negated")):
        called = call(examples, above, denied=denied)
        for mode, row in document_figures(abstracts, examples, called).items():
            print(f"{name}, {mode}: " + ", ".join(f"{key} {value:.3f}" for key, value in row.items()))
    print(write_weights(abstracts, examples))


if __name__ == "__main__":
    main()
