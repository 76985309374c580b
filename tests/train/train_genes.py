"""Weights of the gene classifier, trained on the PubTator files of an evaldata folder.

`.venv/bin/python tests/train/train_genes.py ../shared/evaldata` prints document-level figures by
cross-validation over documents (a document that stands in two corpora is in one fold) and writes
data/raw/terms/gene_weights.csv. Logistic regression with L2 penalty, deterministic.
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

FOLDS, PENALTY, MIN_DOCUMENTS, KEPT = 5, 2.0, 3, 0.02


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
    """(features, candidates, gold sizes) of every candidate gene of every document with a human gene."""
    ids = dict(zip(lexicon.genes["gene"], lexicon.genes["ncbi_gene"], strict=True))
    human = set(ids.values())
    features, rows, sizes = [], [], []
    for corpus, documents in read_corpora(folder):
        documents = [d for d in documents if d.gene_ids & human]
        sizes += [(corpus, d.pmid, len(d.gene_ids & human)) for d in documents]
        texts = [t for d in documents for t in (d.title, d.abstract)]
        numbers = np.arange(len(documents)).repeat(2)
        batch = gather_terms(scan(texts, lexicon), numbers, np.ones(len(documents), dtype=bool), lexicon)
        meanings = list_meanings(batch, lexicon)
        found, described = features_of(batch, meanings, Numbers({}, learn=True), lexicon)
        features += described
        for i, (record, gene) in enumerate(zip(found.record.tolist(), found.gene.tolist(), strict=True)):
            document, terms = documents[record], meanings.term[found.of == i]
            gold = ids[lexicon.concepts[gene]] in document.gene_ids
            rows.append((corpus, document.pmid, gene, gold, tuple(batch.pattern[terms].tolist())))
    candidates = pd.DataFrame(rows, columns=["corpus", "pmid", "gene", "gold", "patterns"])
    return features, candidates, pd.DataFrame(sizes, columns=["corpus", "pmid", "n"])


def vectorise(features: list[set[str]]) -> tuple[csr_matrix, list[str]]:
    """Binary matrix, and the feature of each column; features of few candidates are left out."""
    counts = Counter(f for described in features for f in described)
    names = sorted(f for f, n in counts.items() if n >= MIN_DOCUMENTS)
    column = {name: i for i, name in enumerate(names)}
    indices = [sorted(column[f] for f in described if f in column) for described in features]
    pointers = np.concatenate([[0], np.cumsum([len(i) for i in indices])])
    flat = np.array([i for row in indices for i in row], dtype=np.int32)
    return csr_matrix((np.ones(len(flat)), flat, pointers), shape=(len(features), len(names))), names


def fit(matrix: csr_matrix, gold: np.ndarray) -> np.ndarray:
    """Weights, the bias last, of L2-penalised logistic regression."""
    signs = np.where(gold, 1.0, -1.0)
    transposed = matrix.T.tocsr()

    def loss(weights: np.ndarray) -> tuple[float, np.ndarray]:
        margin = signs * (matrix @ weights[:-1] + weights[-1])
        chance = 1 / (1 + np.exp(np.clip(margin, -35, 35)))
        value = np.logaddexp(0, -margin).sum() + PENALTY / 2 * (weights[:-1] @ weights[:-1])
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


def report(candidates: pd.DataFrame, sizes: pd.DataFrame, scores: np.ndarray) -> float:
    """Threshold with the best mean F1 over corpora; the figures are printed."""
    best = (0.0, 0.0, "")
    for threshold in np.arange(-1.2, 0.6, 0.1):
        values, lines = [], []
        for corpus, group in sizes.groupby("corpus"):
            inside = (candidates["corpus"] == corpus).to_numpy() & (scores > threshold)
            right = int((inside & candidates["gold"].to_numpy()).sum())
            precision, recall = right / inside.sum(), right / group["n"].sum()
            values.append(2 * precision * recall / (precision + recall))
            lines.append(f"{corpus}: P {precision:.3f} R {recall:.3f} F1 {values[-1]:.3f}")
        if sum(values) > best[0]:
            best = (sum(values), float(threshold), "\n".join(lines))
    print(f"threshold {best[1]:.1f}\n{best[2]}")
    return round(best[1], 2)


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
    features, candidates, sizes = collect(folder, lexicon)
    matrix, names = vectorise(features)
    gold = candidates["gold"].to_numpy()
    folds = np.array([int(hashlib.sha256(p.encode()).hexdigest(), 16) % FOLDS for p in candidates["pmid"]])
    scores = np.zeros(len(gold))
    for fold in range(FOLDS):
        weights = fit(matrix[folds != fold], gold[folds != fold])
        scores[folds == fold] = matrix[folds == fold] @ weights[:-1] + weights[-1]
    print(f"{len(gold)} candidates, {len(names)} features, {FOLDS}-fold cross-validation over documents:")
    threshold = report(candidates, sizes, keep_best(candidates, scores))
    weights = fit(matrix, gold)
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
