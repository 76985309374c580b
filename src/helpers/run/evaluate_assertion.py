"""Assertion measured on the Hallmarks of Cancer corpus, by the shipped model and cross-validated.

A label of the corpus means evidence of the hallmark in the sentence, and "did not induce apoptosis" carries it
too. A denial is `negated` here, so each figure is given twice: `finding` counts mentions read as finding,
`finding or negated` adds denials, which is what the labels mean.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from helpers import storage
from helpers.annotate.assertion import BACKGROUND, FINDING, NEGATED
from helpers.annotate.lexicon import Lexicon, build_lexicon
from helpers.run.hallmarks import MODES, Abstract, Example, find_examples, find_modes, read_hallmarks
from helpers.run.train_assertion import call, cross_validate, document_figures, sentence_figures

SHOWN = 30
UNLABELLED = ("", "NULL")
CLASSES = {"finding": {FINDING}, "finding or negated": {FINDING, NEGATED}}
WHY = (
    "Most false positives are findings on reading: the annotators marked the sentences that bear on a hallmark of "
    "cancer and passed over others that report apoptosis beside something else; more than half of the wrong documents "
    "carry no label of any hallmark. False negatives at document level are denials, which the corpus labels and the "
    "atlas classes negated, and abstracts that name the mode by no word of its own."
)
_STATED = {"has=past", "here we result", "left=raised", "left=lowered", "left=raises", "left=lowers"}


def evaluate_assertion(folder: Path, lexicon: Lexicon | None = None) -> dict[str, Any]:
    """Figures of assertion: `shipped` and `cross-validated`, `finding` and `finding or negated`; `limits`, `errors`.

    Each holds `documents` and `sentences` per mode. shipped: the weights as shipped, a test only on a folder
    they were not trained on. cross-validated: models and thresholds trained on this folder's other documents.
    limits: by document, the best that `finding` can reach while denials are negated (`ceiling`), and `finding`,
    cross-validated, where abstracts without a label of any hallmark are left out (`labelled abstracts`).
    errors: how often each reason, and the 30 most frequent kinds first.
    """
    abstracts = read_hallmarks(folder)
    lexicon = lexicon or build_lexicon(storage.read_terms())
    every = find_examples(abstracts, lexicon)
    examples = [e for e in every if e.about in MODES]
    read = _read(abstracts, lexicon)
    shipped = [read[e.abstract, e.about, e.sentence] for e in examples]
    above = cross_validate(abstracts, every)
    result: dict[str, Any] = {"shipped": {}, "cross-validated": {}}
    for name, classes in CLASSES.items():
        result["shipped"][name] = _figures(abstracts, examples, [bool(found & classes) for found in shipped])
        called = call(every, above, denied=NEGATED in classes)
        kept = [bool(yes) for e, yes in zip(every, called, strict=True) if e.about in MODES]
        result["cross-validated"][name] = _figures(abstracts, examples, kept)
        if name == "finding":
            result["limits"] = _limits(abstracts, examples, kept)
    return {**result, "why_they_remain": WHY, "errors": _errors(abstracts, examples, shipped)}


def format_assertion(assertion: Mapping[str, Any]) -> list[str]:
    """Lines that tell F1 and recall by document, and which is measured how."""
    lines = []
    for how, title in (("shipped", "weights as shipped"), ("cross-validated", "cross-validated")):
        for name in CLASSES:
            rows = assertion[how][name]["documents"]
            told = ", ".join(f"{m} {row['f1']:.3f} (recall {row['recall']:.3f})" for m, row in rows.items())
            meaning = "denials apart" if name == "finding" else "as the corpus labels denials"
            lines.append(f'documents, "{name}" ({meaning}), {title}, F1: {told}')
    return lines


def _figures(abstracts: Sequence[Abstract], examples: Sequence[Example], called: Sequence[bool]) -> Any:
    return {
        "documents": document_figures(abstracts, examples, called),
        "sentences": sentence_figures(abstracts, examples, called),
    }


def _limits(abstracts: Sequence[Abstract], examples: Sequence[Example], called: Sequence[bool]) -> Any:
    right = [not e.denied and bool(abstracts[e.abstract].labelled(e.about)) for e in examples]
    kept = [yes and _is_labelled(abstracts[e.abstract]) for e, yes in zip(examples, called, strict=True)]
    return {
        "ceiling": document_figures(abstracts, examples, right),
        "labelled abstracts": document_figures(abstracts, examples, kept),
    }


def _is_labelled(abstract: Abstract) -> bool:
    """True if a sentence of the abstract has a label of any hallmark."""
    return any(label not in UNLABELLED for label in abstract.labels)


def _read(abstracts: Sequence[Abstract], lexicon: Lexicon) -> dict[tuple[int, str, int], set[str]]:
    """Assertions `find_mentions` gives to each (abstract, mode, sentence)."""
    found: dict[tuple[int, str, int], set[str]] = defaultdict(set)
    modes = find_modes(abstracts, lexicon)
    for i, about, at, value in zip(
        *(modes[c] for c in ("abstract", "about", "at", "assertion")), strict=True
    ):
        found[i, about, at].add(value)
    return found


def _errors(abstracts: Sequence[Abstract], examples: Sequence[Example], read: Sequence[set[str]]) -> Any:
    """Wrong sentences by kind of error: how often each reason, and examples, wrong documents first."""
    found = _documents(examples, [FINDING in classes for classes in read])
    gold = _documents(examples, [e.labelled for e in examples])
    kinds: dict[str, dict[tuple[int, str, int], dict[str, Any]]] = {
        "false_positives": {},
        "false_negatives": {},
    }
    for e, classes in zip(examples, read, strict=True):
        if (FINDING in classes) == e.labelled:
            continue
        key = (e.abstract, e.about, e.sentence)
        abstract = abstracts[e.abstract]
        kinds["false_negatives" if e.labelled else "false_positives"][key] = {
            "pmid": abstract.pmid,
            "mode": e.about,
            "reason": _missed(e, classes) if e.labelled else _wrong(e, abstract),
            "document_wrong": (key[:2] in found) != (key[:2] in gold),
            "text": abstract.sentences[e.sentence],
        }
    return {name: _most_frequent(list(rows.values())) for name, rows in kinds.items()} | {
        "not_named": _not_named(abstracts, examples)
    }


def _documents(examples: Sequence[Example], yes: Iterable[bool]) -> set[tuple[int, str]]:
    return {(e.abstract, e.about) for e, true in zip(examples, yes, strict=True) if true}


def _most_frequent(rows: list[dict[str, Any]]) -> dict[str, Any]:
    reasons = Counter(row["reason"] for row in rows)
    rows = sorted(rows, key=lambda r: (not r["document_wrong"], -reasons[r["reason"]], r["pmid"], r["text"]))
    return {"reasons": dict(reasons.most_common()), "examples": rows[:SHOWN]}


def _wrong(example: Example, abstract: Abstract) -> str:
    """Why a sentence the corpus does not label with the mode is read as a finding."""
    if not _is_labelled(abstract):
        return "in an abstract without a label of any hallmark"
    if abstract.labels[example.sentence] not in UNLABELLED:
        return "a finding labelled with another hallmark only"
    if "anti or pro" in example.features:
        return "a protein or drug called pro- or anti-apoptotic"
    if example.features & _STATED:
        return "a change stated as a result, yet not labelled"
    return "a general statement in the place of a result"


def _missed(example: Example, classes: set[str]) -> str:
    """Why a sentence the corpus labels with the mode is not read as a finding."""
    if classes == {NEGATED}:
        return "denied: labelled as evidence, classed negated here"
    if {"place=0", "part=aim"} & example.features:
        return "labelled in the background or the aim"
    if {"was measured", "part=method", "left=measure"} & example.features:
        return "the measurement is told, with its outcome or without"
    return f"named beside other processes, read as {BACKGROUND}"


def _not_named(abstracts: Sequence[Abstract], examples: Sequence[Example]) -> dict[str, Any]:
    """Labelled sentences that name no term of the mode: by proxies (TUNEL, Bcl-2, Fas) or by the sentence before."""
    named = {(e.abstract, e.about, e.sentence) for e in examples}
    rows = [
        {"pmid": a.pmid, "mode": mode, "text": a.sentences[j]}
        for i, a in enumerate(abstracts)
        for mode in MODES
        for j in sorted(a.labelled(mode))
        if (i, mode, j) not in named
    ]
    return {"n": len(rows), "examples": rows[:SHOWN]}
