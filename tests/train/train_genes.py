"""Weights of the gene classifier, trained on the PubTator files of an evaldata folder.

`.venv/bin/python tests/train/train_genes.py ../shared/evaldata` prints document-level figures by
cross-validation over documents (a document that stands in two corpora is in one fold), mean of several ways of
folding, and writes data/raw/terms/gene_weights.csv. Logistic regression with L2 penalty, deterministic.
Documents without a human gene are learned from as well, with less weight: they teach what speaks of an orthologue.
"""

from __future__ import annotations

import hashlib
import math
import re
import sys
from collections import Counter
from pathlib import Path

import numpy as np
import pandas as pd
from scipy.optimize import minimize
from scipy.sparse import csr_matrix

from helpers import storage
from helpers.annotate.candidates import list_meanings
from helpers.annotate.classify import features_of
from helpers.annotate.features import Numbers
from helpers.annotate.lexicon import Lexicon
from helpers.annotate.occurrences import gather_terms
from helpers.annotate.scan import scan
from helpers.run.evaluate import read_corpora, read_lexicon

FOLDS, SEEDS, PENALTY, MIN_DOCUMENTS, KEPT = 5, 4, 2.0, 3, 0.02
NO_HUMAN_GENE = 0.3  # weight of a candidate in a document without a human gene
OF_NAMES = ("g=", "t=")  # features of one gene or term: such a document teaches nothing about them
THRESHOLDS = np.arange(-1.2, 0.6, 0.1)


def count_words(folder: Path, lexicon: Lexicon) -> dict[str, float]:
    """Class of frequency (log2 of texts) of each lower-case word that is also a term of the lexicon."""
    texts = [d.title + " " + d.abstract for _, docs in read_corpora(folder, gold=False) for d in docs]
    lines = (folder / "hallmarks" / "sentences.tsv").read_text(encoding="utf-8").split("\n")
    texts += [line.split("\t")[2] for line in lines[1:] if line.count("\t") > 2]
    counts: Counter[str] = Counter()
    for text in texts:
        counts.update(set(re.findall(r"(?<![A-Za-z0-9-])[a-z]{2,}(?![A-Za-z0-9-])", text)))
    terms = {pattern.strip() for pattern in lexicon.patterns}
    return {
        f"word:{w}": float(min(6, int(math.log2(n + 1))))
        for w, n in sorted(counts.items())
        if w.encode() in terms and n > 1
    }


def collect(folder: Path, lexicon: Lexicon) -> tuple[list[set[str]], pd.DataFrame, pd.DataFrame]:
    """(features, candidates, gold sizes) of every candidate gene of every document; `n` human genes each has."""
    ids = dict(zip(lexicon.genes["gene"], lexicon.genes["ncbi_gene"], strict=True))
    human = set(ids.values())
    features, rows, sizes = [], [], []
    for corpus, documents in read_corpora(folder):
        sizes += [(corpus, d.pmid, len(d.gene_ids & human)) for d in documents]
        texts = [t for d in documents for t in (d.title, d.abstract)]
        numbers = np.arange(len(documents)).repeat(2)
        batch = gather_terms(scan(texts, lexicon), numbers, np.ones(len(documents), dtype=bool), lexicon)
        meanings = list_meanings(batch, lexicon)
        found, described = features_of(batch, meanings, Numbers({}, learn=True), lexicon)
        features += [
            names if documents[record].gene_ids & human else {n for n in names if not n.startswith(OF_NAMES)}
            for record, names in zip(found.record.tolist(), described, strict=True)
        ]
        for i, (record, gene) in enumerate(zip(found.record.tolist(), found.gene.tolist(), strict=True)):
            document, terms = documents[record], meanings.term[found.of == i]
            gold = ids[lexicon.concepts[gene]] in document.gene_ids
            rows.append((corpus, document.pmid, gene, gold, tuple(batch.pattern[terms].tolist())))
    candidates = pd.DataFrame(rows, columns=["corpus", "pmid", "gene", "gold", "patterns"])
    documents = pd.DataFrame(sizes, columns=["corpus", "pmid", "n"])
    return features, candidates.merge(documents, on=["corpus", "pmid"], validate="many_to_one"), documents


def vectorise(features: list[set[str]]) -> tuple[csr_matrix, list[str]]:
    """Binary matrix, and the feature of each column; features of few candidates are left out."""
    counts = Counter(f for described in features for f in described)
    names = sorted(f for f, n in counts.items() if n >= MIN_DOCUMENTS)
    column = {name: i for i, name in enumerate(names)}
    indices = [sorted(column[f] for f in described if f in column) for described in features]
    pointers = np.concatenate([[0], np.cumsum([len(i) for i in indices])])
    flat = np.array([i for row in indices for i in row], dtype=np.int32)
    return csr_matrix((np.ones(len(flat)), flat, pointers), shape=(len(features), len(names))), names


def fit(matrix: csr_matrix, gold: np.ndarray, share: np.ndarray) -> np.ndarray:
    """Weights, the bias last, of L2-penalised logistic regression; share: how much each candidate counts."""
    signs = np.where(gold, 1.0, -1.0)
    transposed = matrix.T.tocsr()

    def loss(weights: np.ndarray) -> tuple[float, np.ndarray]:
        margin = signs * (matrix @ weights[:-1] + weights[-1])
        chance = share / (1 + np.exp(np.clip(margin, -35, 35)))
        value = (share * np.logaddexp(0, -margin)).sum() + PENALTY / 2 * (weights[:-1] @ weights[:-1])
        slope = -signs * chance
        return value, np.append(transposed @ slope + PENALTY * weights[:-1], slope.sum())

    found = minimize(
        loss, np.zeros(matrix.shape[1] + 1), jac=True, method="L-BFGS-B", options={"maxiter": 400}
    )
    return found.x


def keep_best(candidates: pd.DataFrame, scores: np.ndarray) -> np.ndarray:
    """Scores, lowered out of reach for genes that are the best meaning of none of their terms."""
    best: dict[tuple[str, str, int], float] = {}
    keys = list(zip(candidates["corpus"], candidates["pmid"], candidates["patterns"], strict=True))
    for (corpus, pmid, patterns), score in zip(keys, scores, strict=True):
        for p in patterns:
            best[corpus, pmid, p] = max(score, best.get((corpus, pmid, p), -99.0))
    kept = [
        any(s >= best[c, d, p] for p in patterns) for (c, d, patterns), s in zip(keys, scores, strict=True)
    ]
    return np.where(kept, scores, -99.0)


def agree(candidates: pd.DataFrame, documents: pd.DataFrame, accepted: np.ndarray) -> pd.DataFrame:
    """Precision, recall and F1 of each corpus, over its documents with a human gene."""
    inside = candidates[accepted & (candidates["n"] > 0)]
    found, right = (rows.groupby("corpus").size() for rows in (inside, inside[inside["gold"]]))
    wanted = documents.groupby("corpus")["n"].sum()
    figures = {"precision": right / found, "recall": right / wanted, "F1": 2 * right / (found + wanted)}
    return pd.DataFrame(figures).fillna(0.0)


def find_threshold(candidates: pd.DataFrame, documents: pd.DataFrame, scores: np.ndarray) -> float:
    """Threshold with the best mean F1 over corpora."""
    return float(max(THRESHOLDS, key=lambda least: agree(candidates, documents, scores > least)["F1"].mean()))


def cross_validate(matrix: csr_matrix, candidates: pd.DataFrame, documents: pd.DataFrame) -> float:
    """Mean over the ways of folding of the best threshold; the figures are printed.

    Printed are those with that threshold, and those with the threshold of each fold set on the others.
    """
    gold, share = candidates["gold"].to_numpy(), share_of(candidates)
    thresholds, figures, strict = [], [], []
    for seed in range(SEEDS):
        folds, of = (fold_of(frame["pmid"], seed) for frame in (candidates, documents))
        scores = np.zeros(len(gold))
        for fold in range(FOLDS):
            held = folds != fold
            weights = fit(matrix[held], gold[held], share[held])
            scores[~held] = matrix[~held] @ weights[:-1] + weights[-1]
        scores = keep_best(candidates, scores)
        thresholds.append(find_threshold(candidates, documents, scores))
        figures.append(agree(candidates, documents, scores > thresholds[-1]))
        accepted = np.zeros(len(gold), dtype=bool)
        for fold in range(FOLDS):
            held = folds != fold
            least = find_threshold(candidates[held], documents[of != fold], scores[held])
            accepted |= ~held & (scores > least)
        strict.append(agree(candidates, documents, accepted))
        none = candidates["n"].to_numpy() == 0
        print(f"seed {seed}: {(accepted & none).sum()} genes found in documents without a human gene")
    for name, tables in (("best threshold", figures), ("threshold set on other folds", strict)):
        print(f"{name}:\n{(sum(tables) / SEEDS).round(3)}")
        spread = [f"{t['F1'].mean():.4f}" for t in tables]
        print(f"mean F1 of the corpora, by way of folding: {', '.join(spread)}")
    return round(float(np.mean(thresholds)), 2)


def share_of(candidates: pd.DataFrame) -> np.ndarray:
    """How much each candidate counts in training."""
    return np.where(candidates["n"] > 0, 1.0, NO_HUMAN_GENE)


def fold_of(pmids: pd.Series, seed: int) -> np.ndarray:
    """Fold of each document, by a hash of its PMID."""
    salt = str(seed or "")
    digests = [hashlib.sha256(f"{salt}{pmid}".encode()).hexdigest() for pmid in pmids]
    return np.array([int(digest, 16) % FOLDS for digest in digests])


def find_hopeless(matrix: csr_matrix, names: list[str], weights: np.ndarray, threshold: float) -> float:
    """Score of bias, species and term below which one in 200 accepted candidates lies."""
    dynamic = re.compile(r"n:|title|p=|n=|sup:|many:|riv:|cov|exact|def")
    early = np.array([not dynamic.match(name) for name in names])
    accepted = (matrix @ weights[:-1] + weights[-1]) >= threshold
    partial = matrix[:, early] @ weights[:-1][early] + weights[-1]
    print(f"hopeless: {np.mean(partial < np.quantile(partial[accepted], 0.005)):.2f} of candidates")
    return float(np.quantile(partial[accepted], 0.005))


def main(folder: Path) -> None:
    """Train, print figures, write the weights."""
    lexicon = read_lexicon(folder, trained=False)
    words = count_words(folder, lexicon)
    from dataclasses import replace

    from helpers.annotate.lexicon import _common

    number = {pattern: i for i, pattern in enumerate(lexicon.patterns)}
    lexicon = replace(lexicon, common=_common(number, words, lexicon.first, lexicon.source))
    features, candidates, documents = collect(folder, lexicon)
    matrix, names = vectorise(features)
    gold = candidates["gold"].to_numpy()
    print(f"{len(gold)} candidates, {len(names)} features, {FOLDS}-fold cross-validation over documents:")
    threshold = cross_validate(matrix, candidates, documents)
    weights = fit(matrix, gold, share_of(candidates))
    rows = [(n, w) for n, w in zip(names, weights[:-1], strict=True) if abs(w) >= KEPT]
    rows += [("bias", weights[-1]), ("threshold", threshold), *words.items()]
    rows += [("hopeless", find_hopeless(matrix, names, weights, threshold))]
    frame = pd.DataFrame(sorted(rows), columns=["feature", "weight"])
    frame["weight"] = frame["weight"].round(3)
    path = storage.raw("terms", "gene_weights.csv")
    storage.write_bytes(path, frame.to_csv(index=False, lineterminator="\n").encode())
    print(f"wrote {path} with {len(frame)} rows")


if __name__ == "__main__":
    main(Path(sys.argv[1] if len(sys.argv) > 1 else "../shared/evaldata"))
