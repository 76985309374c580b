"""Genes found against genes annotated: document-level sets of human NCBI Gene ids, micro-averaged."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import pandas as pd

from helpers.annotate.lexicon import Lexicon
from helpers.annotate.mentions import find_mentions
from helpers.run.pubtator import Annotated
from helpers.schemas import ARTICLES

SHOWN = 30  # errors listed per task
WHY = (
    "False positives: cytokines and markers that the annotators left out as reagents or read-outs, human symbols "
    "in studies of mice and rats, names of diseases that are old names of genes. False negatives: families that "
    "the annotators gave one member's id (PI3K, AMPK), symbols shared by several genes (p21, p65, COX-2), full "
    "names in an order no nomenclature lists, and lists with words between the members."
)


def count_agreement(right: int, found: int, wanted: int) -> dict[str, Any]:
    """Precision, recall and F1 of `right` among `found` and `wanted`, with the counts; 0 where undefined."""
    precision = right / found if found else 0.0
    recall = right / wanted if wanted else 0.0
    f1 = 2 * right / (found + wanted) if found + wanted else 0.0
    return {
        "n": wanted,
        "found": found,
        "right": right,
        "precision": round(precision, 4),
        "recall": round(recall, 4),
        "f1": round(f1, 4),
    }


def to_articles(documents: Iterable[Annotated]) -> pd.DataFrame:
    """ARTICLES-shaped frame of annotated documents (unchecked: only what find_mentions reads is filled)."""
    rows = [{"record_id": f"pmid:{d.pmid}", "title": d.title, "abstract": d.abstract} for d in documents]
    return pd.DataFrame(rows, columns=ARTICLES.names)


def evaluate_genes(documents: Sequence[Annotated], lexicon: Lexicon) -> dict[str, Any]:
    """Figures of one corpus: human genes (those in the lexicon), orthologues, and the errors met most.

    Only documents with a human gene count. `orthologues` counts the annotated mentions of genes of other
    species by what became of them.
    """
    ids = dict(zip(lexicon.genes["gene"], lexicon.genes["ncbi_gene"], strict=True))
    human = set(ids.values())
    mentions = find_mentions(to_articles(documents), lexicon)
    mentions = mentions[mentions["kind"] == "gene"]
    orthologue = mentions["rule"].str.startswith("orthologue")
    found = _by_record(mentions[~orthologue], ids)
    right = n_found = wanted = 0
    wrong: Counter[tuple[str, str]] = Counter()
    missed: Counter[tuple[str, str]] = Counter()
    symbols = {number: symbol for symbol, number in ids.items()}
    for document in documents:
        gold = document.gene_ids & human
        if not gold:
            continue
        named = found.get(f"pmid:{document.pmid}", {})
        right += len(gold & named.keys())
        n_found += len(named)
        wanted += len(gold)
        wrong.update((symbols[i], named[i]) for i in named.keys() - gold)
        missed.update((symbols[i], _written(document, i)) for i in gold - named.keys())
    return {
        "human": count_agreement(right, n_found, wanted),
        "orthologues": _orthologues(documents, mentions, human),
        "why_they_remain": WHY,
        "false_positives": _most(wrong),
        "false_negatives": _most(missed),
    }


def _by_record(mentions: pd.DataFrame, ids: Mapping[str, str]) -> dict[str, dict[str, str]]:
    """Record -> NCBI Gene id -> text of its first mention."""
    found: dict[str, dict[str, str]] = defaultdict(dict)
    for record, gene, text in zip(mentions["record_id"], mentions["concept"], mentions["text"], strict=True):
        found[record].setdefault(ids[gene], text)
    return found


def _written(document: Annotated, number: str) -> str:
    return next((text for _, _, text, genes in document.genes if number in genes), "")


def _most(errors: Counter[tuple[str, str]]) -> list[dict[str, Any]]:
    """The errors met most, ties in order of their names."""
    ranked = sorted(errors.items(), key=lambda item: (-item[1], item[0]))[:SHOWN]
    return [{"gene": gene, "text": text, "documents": n} for (gene, text), n in ranked]


def _orthologues(documents: Sequence[Annotated], mentions: pd.DataFrame, human: set[str]) -> dict[str, Any]:
    """What became of the annotated mentions of genes of other species."""
    tagged: dict[str, list[tuple[int, int, bool]]] = defaultdict(list)
    rows = zip(
        *(mentions[c] for c in ("record_id", "field", "start", "end", "rule")),
        strict=True,
    )
    shift = {f"pmid:{d.pmid}": len(d.title) + 1 for d in documents}
    for record, field, start, end, rule in rows:
        base = shift[record] if field == "abstract" else 0
        tagged[record].append((start + base, end + base, rule.startswith("orthologue")))
    counts = {"n": 0, "as_human": 0, "as_orthologue": 0}
    for document in documents:
        for start, end, _, genes in document.genes:
            if not genes or genes & human:
                continue
            over = [o for a, b, o in tagged[f"pmid:{document.pmid}"] if a < end and start < b]
            counts["n"] += 1
            counts["as_orthologue"] += bool(over) and all(over)
            counts["as_human"] += bool(over) and not all(over)
    return counts
