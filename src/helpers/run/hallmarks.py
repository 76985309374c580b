"""The Hallmarks of Cancer corpus as examples: mentions of a death mode or another hallmark, labelled or not.

A label of the corpus (Baker et al. 2016, Bioinformatics 32:432) means evidence of the hallmark in the sentence.
"""

from __future__ import annotations

import csv
import re
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from helpers.annotate.assertion import read_parts
from helpers.annotate.assertion_features import NAMES, Sentences, Spans, read_features
from helpers.annotate.denial import is_denied
from helpers.annotate.lexicon import Lexicon
from helpers.annotate.mentions import find_mentions
from helpers.annotate.modes import NARROWER
from helpers.annotate.normalise import code_points
from helpers.annotate.sentences import split_sentences
from helpers.errors import UsageError
from helpers.schemas import ARTICLES

Span = tuple[int, int]

# The labels of the corpus, and the modes of the vocabulary that fall under each by what they are called. Anoikis and
# the permeability transition are kinds of apoptosis and necrosis, but the corpus labels neither as one (0 of 5).
MODES = {
    "apoptosis": {"apoptosis", "intrinsic-apoptosis", "extrinsic-apoptosis", "eryptosis"},
    "autophagy": {
        "autophagy",
        "autophagy-dependent",
        "mitophagy",
        "lipophagy",
        "ferritinophagy",
        "xenophagy",
        "chaperone-mediated-autophagy",
        "er-phagy",
        "autosis",
    },
    "necrosis": {"necrosis", "necroptosis"},
}
# Other hallmarks: words that name one, and the labels that stand for it.
_OTHERS = {
    "metastasis": (r"metasta\w*", "--Metastasis"),
    "invasion": (r"inva[sd]\w*|migrat\w*", "--Invasion"),
    "angiogenesis": (r"angiogen\w*|microvess\w*|neovascul\w*", "Inducing angiogenesis"),
    "mutation": (r"muta[tn]\w*", "--Mutation"),
    "inflammation": (r"inflamm\w*", "Inflammation"),
    "oxidative stress": (r"oxidative|ROS|reactive oxygen", "Oxidative stress"),
    "cell cycle": (r"cell[- ]cycle|G1|G2|S[- ]phase|cyclin\w*", "Cell cycle"),
    "proliferation": (r"proliferat\w*", "Sustaining prolif"),
    "glycolysis": (r"glycoly\w*|lactate|Warburg|glucose", "Glycolysis"),
    "immortality": (r"immortal\w*|telomer\w*", "Immortalization"),
    "senescence": (r"senescen\w*", "Senescence"),
    "DNA damage": (r"DNA[- ](?:damage|break\w*|adduct\w*)|adducts?|strand breaks?", "DNA damage"),
    "DNA repair": (r"repair", "DNA repair"),
    "immunity": (r"immun[eo](?!histo|blot|reac|prec|fluor|stain|cyto|assay)\w*", "mmun[eo]"),
    "receptors": (r"receptors?", "Receptors"),
    "contact inhibition": (r"contact inhibition", "contact inhibition"),
}
_OTHER_WORDS = {
    name: re.compile(rf"\b(?:{words})\b", re.IGNORECASE if words.islower() else 0)
    for name, (words, _) in _OTHERS.items()
}
_OTHER_LABELS = {name: re.compile(label) for name, (_, label) in _OTHERS.items()}


@dataclass(frozen=True)
class Abstract:
    """One document: its sentences and the labels of each."""

    pmid: str
    sentences: tuple[str, ...]
    labels: tuple[str, ...]

    @property
    def text(self) -> str:
        """The sentences, each on a line."""
        return "\n".join(self.sentences)

    @property
    def starts(self) -> list[int]:
        """Where each sentence begins in the text."""
        starts, at = [], 0
        for sentence in self.sentences:
            starts.append(at)
            at += len(sentence) + 1
        return starts

    def labelled(self, about: str) -> set[int]:
        """Numbers of the sentences labelled with a mode or another hallmark."""
        if about in _OTHER_LABELS:
            return {i for i, label in enumerate(self.labels) if _OTHER_LABELS[about].search(label)}
        mark = f"Resisting cell death--{about.capitalize()}"
        return {i for i, label in enumerate(self.labels) if mark in label}


@dataclass(frozen=True)
class Example:
    """One mention of a mode or hallmark: its features, whether it is denied, and whether its sentence is labelled."""

    abstract: int
    about: str
    sentence: int
    features: frozenset[str]
    labelled: bool
    denied: bool


def read_hallmarks(folder: Path) -> list[Abstract]:
    """Abstracts of `hallmarks/sentences.tsv`, by PMID; UsageError when it is absent."""
    path = folder / "hallmarks" / "sentences.tsv"
    if not path.exists():
        raise UsageError(f"{path} is absent: name a folder of the shape evaldata has.")
    rows: dict[str, list[tuple[int, str, str]]] = defaultdict(list)
    with path.open(encoding="utf-8", errors="replace", newline="") as file:
        for row in csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE):
            rows[row["pmid"]].append((int(row["sentence"]), row["text"], row["labels"] or ""))
    result = []
    for pmid in sorted(rows):
        ordered = sorted(rows[pmid])
        result.append(Abstract(pmid, tuple(t for _, t, _ in ordered), tuple(x for _, _, x in ordered)))
    return result


def find_modes(abstracts: Sequence[Abstract], lexicon: Lexicon) -> pd.DataFrame:
    """Mentions of modes in the abstracts, with the columns `abstract` (number), `about` and `at` (sentence) added.

    `about` is the label the mode falls under; modes under none are left out.
    """
    rows = [{"record_id": f"pmid:{a.pmid}", "abstract": a.text} for a in abstracts]
    mentions = find_mentions(pd.DataFrame(rows, columns=ARTICLES.names), lexicon)
    label = {concept: mode for mode, concepts in MODES.items() for concept in concepts}
    mentions = mentions.assign(about=mentions["concept"].map(label))
    own = (mentions["kind"] == "mode") & (mentions["rule"] != NARROWER)
    mentions = mentions[own & mentions["about"].notna()]
    number = {f"pmid:{a.pmid}": i for i, a in enumerate(abstracts)}
    starts = [a.starts for a in abstracts]
    mentions = mentions.assign(abstract=mentions["record_id"].map(number))
    at = [
        bisect_right(starts[i], s) - 1 for i, s in zip(mentions["abstract"], mentions["start"], strict=True)
    ]
    return mentions.assign(at=at)


def find_examples(abstracts: Sequence[Abstract], lexicon: Lexicon) -> list[Example]:
    """Every mention of a mode, and of the other hallmarks, with its features."""
    found: dict[int, dict[str, list[Span]]] = {
        i: {name: [m.span() for m in words.finditer(a.text)] for name, words in _OTHER_WORDS.items()}
        for i, a in enumerate(abstracts)
    }
    modes = find_modes(abstracts, lexicon)
    for i, about, start, end in zip(*(modes[c] for c in ("abstract", "about", "start", "end")), strict=True):
        found[i].setdefault(about, []).append((start, end))
    return [example for i, spans in found.items() for example in _examples(i, abstracts[i], spans)]


def _examples(number: int, abstract: Abstract, found: Mapping[str, Sequence[Span]]) -> Iterator[Example]:
    text, starts = abstract.text, abstract.starts
    codes = code_points(text)
    begin, stop = np.array(split_sentences(text), dtype=np.int64).T
    bounds = np.array([0, len(begin)])
    sentences = Sentences(
        begin, stop, read_parts(text, codes, begin, stop, bounds, np.zeros(1, bool)), bounds
    )
    for about, spans in sorted(found.items()):
        labelled = abstract.labelled(about)
        start, end = np.array(sorted(spans), dtype=np.int64).reshape(-1, 2).T
        at = np.maximum(np.searchsorted(begin, start, side="right") - 1, 0)
        features, _, _ = read_features(text, codes, sentences, Spans(start, end, at * 0, at))
        for row, own, first, last in zip(features, at.tolist(), start.tolist(), end.tolist(), strict=True):
            line = bisect_right(starts, first) - 1
            names = frozenset(NAMES[i] for i in np.flatnonzero(row).tolist())
            denied = is_denied(text[begin[own] : first], text[last : stop[own]])
            yield Example(number, about, line, names, line in labelled, denied)
