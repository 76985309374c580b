"""Assertion: finding, aim or background, denial of a death mode."""

from __future__ import annotations

import pytest

from helpers.annotate.assertion import classify_mentions
from helpers.annotate.sentences import split_sentences

ABSTRACT = (
    "Apoptosis is a well known form of cell death in many tumors. "
    "However, its role in glioma is poorly understood. "
    "To evaluate whether drug X kills cells, apoptosis was measured by flow cytometry. "
    "Cell lines were cultured and stained. "
    "Drug X reduced viability. "
    "We found that drug X significantly increased apoptosis in glioma cells. "
    "These results show that drug X induced apoptosis."
)


def _classes(text: str, term: str, *, field: str = "abstract") -> list[str]:
    spans, at = [], text.lower().find(term)
    while at >= 0:
        spans.append((at, at + len(term)))
        at = text.lower().find(term, at + 1)
    return classify_mentions(text, split_sentences(text), spans, field=field)


def test_background_and_method_are_told_from_findings() -> None:
    """What others knew and what was measured set the scene; what was found is a finding."""
    assert _classes(ABSTRACT, "apoptosis") == ["aim/background"] * 2 + ["finding"] * 2


@pytest.mark.parametrize(
    "sentence",
    [
        "Drug X did not induce apoptosis.",
        "Cell death was independent of apoptosis.",
        "Death occurred by an apoptosis-independent route.",
        "Cells died by necrosis rather than apoptosis.",
        "Apoptosis was not observed.",
        "The compound failed to induce apoptosis.",
        "There was no evidence of apoptosis.",
        "药物X未诱导apoptosis",
    ],
)
def test_denied_mode_is_negated(sentence: str) -> None:
    """A mode said not to happen, or not to be concerned, is negated."""
    assert _classes(sentence, "apoptosis") == ["negated"]


@pytest.mark.parametrize(
    "sentence",
    [
        "Drug X induced not only apoptosis but also autophagy.",
        "Drug Y did not prevent apoptosis.",
        "Drug Y attenuated the drug X-induced necrosis but not apoptosis.",
        "Drug X induced apoptosis independent of p53.",
        "Tumours with apoptosis vs no apoptosis were compared.",
        "If stress cannot be overcome apoptosis follows.",
        "Apoptosis was not fully understood.",
        "Tumours with or without apoptosis were compared.",
        "不同死亡模式如apoptosis",
    ],
)
def test_not_beside_a_mode_is_no_denial(sentence: str) -> None:
    """A "not" that denies something else leaves the mode standing."""
    assert "negated" not in _classes(sentence, "apoptosis")


def test_result_told_early_is_a_finding() -> None:
    """ "In this study, we demonstrated that" reports a finding wherever it stands."""
    text = "Glioma kills. We demonstrated that drug X induced apoptosis in cells. More follows. And more. And so on."
    assert _classes(text, "apoptosis") == ["finding"]


def test_labelled_parts_decide() -> None:
    """The same claim is background under OBJECTIVE and a finding under RESULTS."""
    claim = "Drug X and apoptosis in cells."
    text = "\n".join(
        [f"OBJECTIVE: {claim}", "METHODS: Blots.", "METHODS: More.", "RESULTS: Seen.", f"CONCLUSION: {claim}"]
    )
    assert _classes(text, "apoptosis") == ["aim/background", "finding"]


def test_title_and_keywords_are_findings() -> None:
    """A title claims; a keyword is taken at its word."""
    assert _classes("Drug X induces apoptosis", "apoptosis", field="title") == ["finding"]
    assert _classes("apoptosis|glioma", "apoptosis", field="keyword") == ["finding"]
    assert _classes("No apoptosis in glioma", "apoptosis", field="title") == ["negated"]


def test_chinese_aim_is_background() -> None:
    """旨在探讨 is an aim, 结果表明 a finding."""
    text = "本文旨在探讨细胞凋亡的机制。结果表明X诱导凋亡。"
    assert _classes(text, "凋亡") == ["aim/background", "finding"]


def test_no_mention_gives_no_class() -> None:
    """No spans, no classes."""
    assert classify_mentions("Text.", [(0, 5)], [], field="abstract") == []
