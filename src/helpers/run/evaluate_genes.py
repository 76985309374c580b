"""Genes found against genes annotated: document-level sets of human NCBI Gene ids, micro-averaged."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

import pandas as pd

from helpers.annotate.lexicon import Lexicon
from helpers.annotate.mentions import find_mentions
from helpers.annotate.scan import scan
from helpers.run.pubtator import Annotated
from helpers.schemas import ARTICLES

SHOWN = 30  # errors listed per task

# What became of the place where an error stands.
OTHER_SPECIES = "annotated as a gene of another species"
OTHER_GENE = "annotated as another human gene: a family's member, or another sense"
UNMARKED = "annotated as no gene: a reagent, read-out or disease, or passed over"
TAKEN_FOR_OTHER = "taken for another human gene: a family's member, or another sense"
TAKEN_FOR_ORTHOLOGUE = "taken for an orthologue's"
NOT_CHOSEN = "a known term, thought to be no gene here"
UNKNOWN = "no term of the lexicon: families, lists, words in another order"


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
    symbols = {number: symbol for symbol, number in ids.items()}
    human = set(ids.values())
    tagged = _tagged(documents, lexicon, ids)
    right = n_found = wanted = 0
    wrong: list[_Error] = []
    missed: list[_Error] = []
    for document in documents:
        gold = document.gene_ids & human
        if not gold:
            continue
        tags = tagged[document.pmid]
        named: dict[str, str] = {}
        for tag in tags:
            if not tag.orthologue:
                named.setdefault(tag.gene, tag.text)
        right += len(gold & named.keys())
        n_found += len(named)
        wanted += len(gold)
        for number in named.keys() - gold:
            wrong.append((symbols[number], named[number], _why_wrong(document, tags, number, human)))
        for number in gold - named.keys():
            text = next(text for _, _, text, genes in document.genes if number in genes)
            missed.append((symbols[number], text, _why_missed(document, tags, number, lexicon, symbols)))
    return {
        "human": count_agreement(right, n_found, wanted),
        "orthologues": _orthologues(documents, tagged, human),
        "false_positives": _most(wrong),
        "false_negatives": _most(missed),
        "false_positive_reasons": _reasons(wrong),
        "false_negative_reasons": _reasons(missed),
    }


class _Tag(NamedTuple):
    """A gene found: offsets in title and abstract together, NCBI Gene id, text, whether an orthologue's."""

    start: int
    end: int
    gene: str
    text: str
    orthologue: bool


_Error = tuple[str, str, str]  # gene, text, reason


def _tagged(
    documents: Sequence[Annotated], lexicon: Lexicon, ids: Mapping[str, str]
) -> dict[str, list[_Tag]]:
    """Genes found by document, in reading order."""
    mentions = find_mentions(to_articles(documents), lexicon)
    mentions = mentions[mentions["kind"] == "gene"]
    shift = {f"pmid:{d.pmid}": len(d.title) + 1 for d in documents}
    tagged: dict[str, list[_Tag]] = defaultdict(list)
    columns = ("record_id", "field", "start", "end", "concept", "text", "rule")
    for record, field, start, end, gene, text, rule in zip(*(mentions[c] for c in columns), strict=True):
        base = shift[record] if field == "abstract" else 0
        tag = _Tag(start + base, end + base, ids[gene], text, rule.startswith("orthologue"))
        tagged[record.removeprefix("pmid:")].append(tag)
    return tagged


def _why_wrong(document: Annotated, tags: Sequence[_Tag], number: str, human: set[str]) -> str:
    """What the annotators made of the places where a gene was found that they do not list."""
    over: set[str] = set()
    for tag in tags:
        if tag.gene == number:
            for start, end, _, genes in document.genes:
                over |= genes if tag.start < end and start < tag.end else frozenset()
    return (OTHER_GENE if over & human else OTHER_SPECIES) if over else UNMARKED


def _why_missed(
    document: Annotated, tags: Sequence[_Tag], number: str, lexicon: Lexicon, symbols: Mapping[str, str]
) -> str:
    """What was made of the places where the annotators list a gene that was not found."""
    spans = [(start, end, text) for start, end, text, genes in document.genes if number in genes]
    over = [tag for tag in tags if any(tag.start < end and start < tag.end for start, end, _ in spans)]
    if any(not tag.orthologue for tag in over):
        return TAKEN_FOR_OTHER
    if over:
        return TAKEN_FOR_ORTHOLOGUE
    patterns = scan([text for _, _, text in spans], lexicon).pattern.tolist()
    meant = {int(gene) for p in patterns for gene in lexicon.concept[lexicon.first[p] : lexicon.first[p + 1]]}
    return NOT_CHOSEN if any(lexicon.concepts[g] == symbols[number] for g in meant if g >= 0) else UNKNOWN


def _most(errors: Sequence[_Error]) -> list[dict[str, Any]]:
    """The errors met most, each with its commonest reason; ties in order of their names."""
    reasons: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    for gene, text, reason in errors:
        reasons[gene, text][reason] += 1
    ranked = sorted(reasons.items(), key=lambda item: (-item[1].total(), item[0]))[:SHOWN]
    return [
        {"gene": gene, "text": text, "documents": why.total(), "reason": min(why, key=lambda r: (-why[r], r))}
        for (gene, text), why in ranked
    ]


def _reasons(errors: Sequence[_Error]) -> dict[str, int]:
    """How many errors each reason explains, the commonest first."""
    counts = Counter(reason for _, _, reason in errors)
    return dict(sorted(counts.items(), key=lambda item: (-item[1], item[0])))


def _orthologues(
    documents: Sequence[Annotated], tagged: Mapping[str, Sequence[_Tag]], human: set[str]
) -> dict[str, Any]:
    """What became of the annotated mentions of genes of other species."""
    counts = {"n": 0, "as_human": 0, "as_orthologue": 0}
    for document in documents:
        for start, end, _, genes in document.genes:
            if not genes or genes & human:
                continue
            over = [t.orthologue for t in tagged.get(document.pmid, ()) if t.start < end and start < t.end]
            counts["n"] += 1
            counts["as_orthologue"] += bool(over) and all(over)
            counts["as_human"] += bool(over) and not all(over)
    return counts
