"""Assertion measured on the Hallmarks corpus and on a small synthetic corpus of its shape."""

from __future__ import annotations

from pathlib import Path

import pytest

from helpers import storage
from helpers.annotate.lexicon import build_lexicon
from helpers.errors import UsageError
from helpers.run import train_assertion as train
from helpers.run.evaluate_assertion import evaluate_assertion, format_assertion
from helpers.run.hallmarks import MODES, find_examples, read_hallmarks

KEYWORDS = {"apoptosis": 0.82, "autophagy": 0.90, "necrosis": 0.86}
LABEL = "Resisting cell death--Apoptosis"
SYNTHETIC = [
    ("1", 0, "Apoptosis is a well known process in tumours .", ""),
    ("1", 1, "Drug X was given .", ""),
    ("1", 2, "We found that drug X significantly induced apoptosis by 40 % .", LABEL),
    ("2", 0, "Drug Y was given to cells .", ""),
    ("2", 1, "It did not induce apoptosis .", LABEL),
    ("3", 0, "Anoikis rose in detached cells .", ""),
]


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    """A synthetic folder of the shape of evaldata, with three abstracts."""
    (tmp_path / "hallmarks").mkdir()
    lines = ["pmid\tsentence\ttext\tlabels", *("\t".join(map(str, row)) for row in SYNTHETIC)]
    (tmp_path / "hallmarks" / "sentences.tsv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return tmp_path


def test_denial_is_told_apart_from_finding(corpus: Path) -> None:
    """Both lines are given: a labelled denial is missed under finding and found under finding or negated."""
    figures = evaluate_assertion(corpus)
    shipped = figures["shipped"]
    assert shipped["finding"]["documents"]["apoptosis"]["missed"] == 1
    assert shipped["finding or negated"]["documents"]["apoptosis"]["missed"] == 0
    assert list(figures["errors"]["false_negatives"]["reasons"]) == [
        "denied: labelled as evidence, classed negated here"
    ]
    assert [line.split(",")[1] for line in format_assertion(figures)] == [
        ' "finding" (denials apart)',
        ' "finding or negated" (as the corpus labels denials)',
    ] * 2


def test_limits_tell_what_denials_and_unlabelled_abstracts_cost(corpus: Path) -> None:
    """No assertion finds a document that only denies the mode; an abstract without any label counts as no error."""
    with (corpus / "hallmarks" / "sentences.tsv").open("a", encoding="utf-8") as file:
        file.write("4\t0\tWe found that drug Z significantly induced apoptosis by 40 % .\t\n")
    figures = evaluate_assertion(corpus)
    ceiling = figures["limits"]["ceiling"]["apoptosis"]
    assert (ceiling["hit"], ceiling["wrong"], ceiling["missed"]) == (1, 0, 1)
    assert figures["limits"]["labelled abstracts"]["apoptosis"]["wrong"] == 0
    assert figures["errors"]["false_positives"]["reasons"] == {
        "in an abstract without a label of any hallmark": 1
    }


def test_mentions_are_those_the_annotation_finds(corpus: Path) -> None:
    """Examples come from the vocabulary; anoikis, which the corpus does not label, is no apoptosis."""
    examples = find_examples(read_hallmarks(corpus), build_lexicon(storage.read_terms()))
    assert [(e.sentence, e.labelled, e.denied) for e in examples if e.about in MODES] == [
        (0, False, False),
        (2, True, False),
        (1, True, True),
    ]


def test_absent_corpus_is_named(tmp_path: Path) -> None:
    """A folder without the corpus is refused by the name of the file."""
    with pytest.raises(UsageError, match=r"sentences\.tsv"):
        evaluate_assertion(tmp_path)


@pytest.mark.evaldata
def test_model_holds_on_documents_it_was_not_trained_on(evaldata: Path) -> None:
    """Cross-validated by document it beats keywords for each mode, and the shipped weights are current."""
    from helpers.annotate.assertion_weights import WEIGHTS

    figures = evaluate_assertion(evaldata)
    for how in ("shipped", "cross-validated"):
        documents = figures[how]["finding or negated"]["documents"]
        assert all(documents[mode]["f1"] > KEYWORDS[mode] for mode in KEYWORDS)
    errors = figures["errors"]
    assert all(errors[kind]["reasons"] and errors[kind]["examples"] for kind in errors if kind != "not_named")
    abstracts = read_hallmarks(evaldata)
    names, _ = train.vectors(find_examples(abstracts, build_lexicon(storage.read_terms())))
    assert set(WEIGHTS) == {name for name in names if not name.startswith("about ")}
