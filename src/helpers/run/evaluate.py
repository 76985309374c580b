"""How right the tags are: genes and modes measured on corpora that people annotated.

`evaluate(folder)` reads any folder with gene-corpora/*.PubTator, gene-nomenclature/ (the HGNC complete
set, and NCBI gene_info if there), hallmarks/sentences.tsv and mesh/*.tsv; other file names do not matter.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from helpers import storage
from helpers.annotate.genetable import parse_gene_table
from helpers.annotate.lexicon import Lexicon, build_lexicon
from helpers.errors import UsageError
from helpers.run.evaluate_assertion import evaluate_assertion, format_assertion
from helpers.run.evaluate_direction import evaluate_direction, format_direction
from helpers.run.evaluate_genes import evaluate_genes
from helpers.run.evaluate_modes import evaluate_mesh, evaluate_modes
from helpers.run.evaluate_page import format_errors
from helpers.run.pubtator import Annotated, has_gene_gold, read_pubtator


def evaluate(folder: Path) -> dict[str, Any]:
    """Figures by task: genes per corpus, modes at document and sentence level, coverage of MeSH.

    Each has precision, recall and F1 with their counts, and the 30 most frequent false positives and
    negatives. Raises UsageError naming the folder when a part of it is absent.
    """
    lexicon = read_lexicon(folder)
    genes = {name: evaluate_genes(documents, lexicon) for name, documents in read_corpora(folder)}
    return {
        "folder": folder.name,
        "lexicon": {"genes": len(lexicon.genes), "terms": len(lexicon.patterns)},
        "genes": genes,
        "modes": evaluate_modes(_file(folder, "hallmarks", "sentences.tsv"), lexicon),
        "mesh": evaluate_mesh(_file(folder, "mesh", "*.tsv"), lexicon),
        **_claims(folder, lexicon),
    }


def _claims(folder: Path, lexicon: Lexicon) -> dict[str, Any]:
    """Figures of direction and assertion; none for a folder without ferrdb/."""
    if not (folder / "ferrdb").is_dir():
        return {}
    return {
        "direction": evaluate_direction(folder, lexicon),
        "assertion": evaluate_assertion(folder, lexicon),
    }


def evaluate_command(folder: Path) -> str:
    """The table of figures, printed and given back, after writing data/processed/evaluation.json and .md."""
    figures = evaluate(folder)
    path = storage.write_json(storage.root() / "data" / "processed" / "evaluation.json", figures)
    storage.write_bytes(path.with_suffix(".md"), format_errors(figures).encode())
    text = f"{format_figures(figures)}\nwritten to {path.relative_to(storage.root())}, the errors to evaluation.md"
    print(text)
    return text


def format_figures(figures: dict[str, Any]) -> str:
    """Table of precision, recall and F1 of every task."""
    rows = [("task", "n", "precision", "recall", "F1")]
    for corpus, result in figures["genes"].items():
        rows.append(_line(f"genes, {corpus}", result["human"]))
    for mode, result in figures["modes"].items():
        rows.append(_line(f"{mode}, documents, finding", result["documents"]))
        rows.append(_line(f"{mode}, sentences, finding", result["sentences"]))
    widths = [max(len(row[i]) for row in rows) for i in range(5)]
    lines = ["  ".join(cell.ljust(w) for cell, w in zip(row, widths, strict=True)).rstrip() for row in rows]
    for corpus, result in figures["genes"].items():
        other = result["orthologues"]
        lines.append(
            f"{corpus}: of {other['n']} mentions of genes of other species, {other['as_human']} taken for human, "
            f"{other['as_orthologue']} marked as orthologue"
        )
        for kind in ("positive", "negative"):
            reasons = "; ".join(f"{n} {why}" for why, n in result[f"false_{kind}_reasons"].items())
            lines.append(f"{corpus}, false {kind}s: {reasons}")
    if "direction" in figures:
        lines += format_direction(figures["direction"]) + format_assertion(figures["assertion"])
    mesh = figures["mesh"]
    lines.append(f"MeSH terms of cell death found: {mesh['found']} of {mesh['n']}")
    return "\n".join(lines)


def _line(name: str, counts: dict[str, Any]) -> tuple[str, str, str, str, str]:
    return (
        name,
        str(counts["n"]),
        f"{counts['precision']:.3f}",
        f"{counts['recall']:.3f}",
        f"{counts['f1']:.3f}",
    )


def read_corpora(folder: Path, *, gold: bool = True) -> list[tuple[str, list[Annotated]]]:
    """(name, documents) of every PubTator file with gene ids, or of those without when not `gold`."""
    files = sorted((folder / "gene-corpora").glob("*.PubTator"))
    if not files:
        raise UsageError(
            f"{folder / 'gene-corpora'} holds no *.PubTator file: name a folder of annotated corpora."
        )
    corpora = [(path.stem, read_pubtator(path)) for path in files]
    return [(name, documents) for name, documents in corpora if has_gene_gold(documents) == gold]


def read_lexicon(folder: Path, *, trained: bool = True) -> Lexicon:
    """Full lexicon from the HGNC file (and gene_info, if there) of the folder over the shipped panel."""
    hgnc = _file(folder, "gene-nomenclature", "hgnc_complete_set*")
    info = sorted((folder / "gene-nomenclature").glob("*gene_info*"))
    terms = storage.read_terms()
    if not trained:
        terms = {name: frame for name, frame in terms.items() if name != "gene_weights"}
    return build_lexicon(
        terms,
        genes=parse_gene_table(hgnc.read_bytes(), name=hgnc.name),
        second=parse_gene_table(info[-1].read_bytes(), name=info[-1].name) if info else None,
    )


def _file(folder: Path, part: str, pattern: str) -> Path:
    found = sorted((folder / part).glob(pattern))
    if not found:
        raise UsageError(f"{folder / part} holds no {pattern}: name a folder of the shape evaldata has.")
    return found[-1]
