"""Assertion: finding, aim or background, denial of a death mode."""

from __future__ import annotations

import numpy as np
import pytest
from one_text import classify_text

from helpers.annotate import assertion_words
from helpers.annotate.assertion import score
from helpers.annotate.assertion_features import NAMES, Sentences, Spans, read_features
from helpers.annotate.assertion_weights import INTERCEPT, WEIGHTS
from helpers.annotate.assertion_words import MARKS, read_words
from helpers.annotate.normalise import code_points
from helpers.annotate.sentences import split_sentences


def _features(text: str, at: int) -> set[str]:
    """Features of a mention at the start of sentence number `at` of a text."""
    codes = code_points(text)
    start, end = np.array(split_sentences(text), dtype=np.int64).T
    sentences = Sentences(start, end, np.zeros_like(start), np.array([0, len(start)]))
    one = np.array([at])
    row, _, _ = read_features(text, codes, sentences, Spans(start[one], start[one], np.zeros_like(one), one))
    return {NAMES[i] for i in np.flatnonzero(row[0])}


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
    return classify_text(text, split_sentences(text), spans, field=field)


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
        "There was no increase in apoptosis after drug X.",
        "Drug X did not cause any change in the number of apoptosis events.",
        "There was little or no apoptosis.",
        "Apoptosis and necrosis were not observed.",
        "药物X未诱导apoptosis",
        "Drug X did not inhibit growth and did not induce apoptosis.",
        "Death was neither blocked by zVAD nor accompanied by apoptosis.",
        "Death was not due to apoptosis.",
        "Drug X didn't induce apoptosis.",
        "Apoptosis has not yet been looked at in sarcoma.",
        "The role of apoptosis in sarcoma has never been studied.",
        "Drug X is not involved in apoptosis.",
        "Drug X did not affect apoptosis.",
        "Apoptosis remained unchanged after drug X.",
        "Markers of apoptosis (cleaved caspase-3) were unaltered.",
        "Drug X left unchanged rates of growth and apoptosis.",
        "Apoptosis was also not observed in these cells.",
        "敲低ATG5后apoptosis水平未见明显变化。",
        "Apoptosis was neither induced nor blocked by drug X.",
        "This death could not be explained by apoptosis.",
        "两组apoptosis率比较，差异无统计学意义。",
        "细胞死亡并非由apoptosis引起。",
        "该药物对apoptosis无明显影响。",
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
        "Apoptosis was not inhibited by drug Y.",
        "Apoptosis did not depend on p53.",
        "Drug X caused apoptosis that was not seen before.",
        "Stress comes earlier than apoptosis and does not harm memory.",
        "There was no decrease in apoptosis.",
        "There was no change in BCL2 during apoptosis.",
        "Cells could not escape apoptosis.",
        "We asked whether or not drug X induces apoptosis.",
        "Lack of RB1 sensitized the cells to the induction of apoptosis.",
        "Cells without drug X were no longer sensitised to apoptosis.",
        "No apoptosis inhibition was seen.",
        "Drug X induced apoptosis whereas autophagy was not seen.",
        "Drug X induced apoptosis but autophagy was not seen.",
        "Growth remained unchanged and apoptosis rose.",
        "Neither growth arrest nor induction of apoptosis due to drug X was blocked.",
        "The role of apoptosis in sarcoma has not yet been clear.",
        "How drug X induces apoptosis has not been elucidated.",
        "Drug X induced apoptosis but autophagy has not been studied.",
        "Tumours with or without apoptosis were compared.",
        "不同死亡模式如apoptosis",
        "细胞死亡不是焦亡而是apoptosis",
        "药物X不能抑制apoptosis",
        "The mutant lost its ability to trigger apoptosis.",
    ],
)
def test_not_beside_a_mode_is_no_denial(sentence: str) -> None:
    """A "not" that denies something else leaves the mode standing."""
    assert "negated" not in _classes(sentence, "apoptosis")


def test_result_told_early_is_a_finding() -> None:
    """ "In this study, we demonstrated that" reports a finding wherever it stands."""
    text = "Glioma kills. We demonstrated that drug X induced apoptosis in cells. More follows. And more. And so on."
    assert _classes(text, "apoptosis") == ["finding"]


REST = " More was done. It was tested in mice. Tumours shrank. Survival rose. Drug X is promising."


@pytest.mark.parametrize(
    "opening",
    [
        "In this study, we report that drug X triggers apoptosis in glioma cells.",
        "This study shows that drug X triggers apoptosis in glioma cells.",
        "We now report that drug X triggers apoptosis in glioma cells.",
    ],
)
def test_announced_result_is_a_finding_in_the_second_sentence(opening: str) -> None:
    """What a study says it shows sets no scene, however early it stands."""
    assert _classes(f"Glioma is deadly. {opening}{REST}", "apoptosis") == ["finding"]


def test_plain_claim_in_the_second_sentence_sets_the_scene() -> None:
    """Without such an announcement the place decides."""
    text = f"Glioma is deadly. Loss of control over apoptosis is a hallmark of it.{REST}"
    assert _classes(text, "apoptosis") == ["aim/background"]


def test_as_determined_by_an_assay_is_no_aim() -> None:
    """ "as determined by" tells how the result was seen."""
    told = "Drug X induced apoptosis in cells, as determined by TUNEL staining."
    found = _features(told, 0)
    assert "as seen by" in found
    assert "has=aim" not in found
    text = f"Glioma is deadly. Drug X was given to cells. Viability fell. {told} Mice lived longer."
    assert _classes(text, "apoptosis") == ["finding"]


def test_sentence_before_counts() -> None:
    """The features of the sentence before stand beside the sentence's own."""
    text = "We aimed to see more. Cells died. It was apoptosis. All agree. Fine."
    assert {"before: has=aim", "second"} <= _features(text, 1)


@pytest.mark.parametrize(
    "text",
    [
        "Apoptosis is an old and orderly form of cell death.",
        "Apoptosis (type I cell death) is a regulated process.",
        "apoptosis（I型死亡）是研究较多的一种细胞死亡方式。",
    ],
)
def test_what_a_mode_is_is_background(text: str) -> None:
    """A definition says nothing of what happened, wherever it stands."""
    assert _classes(text, "apoptosis") == ["aim/background"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Drug X inhibits apoptosis in cells.", "finding"),
        ("Glioma is deadly. Drug X induced apoptosis in cells.", "finding"),
        ("We investigated apoptosis in heart failure.", "aim/background"),
        ("Apoptosis has been recognized to be controlled by many genes.", "aim/background"),
        ("We asked if apoptosis differs between the sexes.", "aim/background"),
        ("For apoptosis, TUNEL-positive nuclei were counted in ten fields.", "aim/background"),
    ],
)
def test_text_of_a_sentence_or_two_has_no_beginning(text: str, expected: str) -> None:
    """A short text is read by its words alone: its first sentence is not held for background."""
    assert _classes(text, "apoptosis") == [expected]


def test_labelled_parts_decide() -> None:
    """The same claim is background under OBJECTIVE and a finding under RESULTS."""
    claim = "Drug X and apoptosis in cells."
    text = "\n".join(
        [f"OBJECTIVE: {claim}", "METHODS: Blots.", "METHODS: More.", "RESULTS: Seen.", f"CONCLUSION: {claim}"]
    )
    assert _classes(text, "apoptosis") == ["aim/background", "finding"]


def test_title_is_a_finding() -> None:
    """A title claims."""
    assert _classes("Drug X induces apoptosis", "apoptosis", field="title") == ["finding"]
    assert _classes("No apoptosis in glioma", "apoptosis", field="title") == ["negated"]


def test_chinese_aim_is_background() -> None:
    """旨在探讨 is an aim, 结果表明 a finding."""
    text = "本文旨在探讨细胞凋亡的机制。结果表明X诱导凋亡。"
    assert _classes(text, "凋亡") == ["aim/background", "finding"]


def test_no_mention_gives_no_class() -> None:
    """No spans, no classes."""
    assert classify_text("Text.", [(0, 5)], [], field="abstract") == []


def test_every_weight_has_its_feature() -> None:
    """A weight whose feature no text can have would be a fault of training."""
    assert set(WEIGHTS) <= set(NAMES)
    features = np.zeros((2, len(NAMES)), dtype=np.bool_)
    features[1, NAMES.index("has=known")] = True
    assert score(features).tolist() == pytest.approx([INTERCEPT, INTERCEPT + WEIGHTS["has=known"]])


def test_words_are_cut_and_classed_alike_whatever_was_met_before(monkeypatch: pytest.MonkeyPatch) -> None:
    """Letters, the marks %,; and runs of Chinese are words; what a full table forgets is classed again."""
    text = "We found 5% more, 凋亡增加 here; we induced p53-apoptosis."
    codes, whole = code_points(text), np.array([[0], [len(text)]])
    words = read_words(codes, *whole)
    written = [text[a:b] for a, b in zip(words.start, words.end, strict=True)]
    assert written == "We found % more , 凋亡增加 here ; we induced p apoptosis".split()
    assert words.bounds.tolist() == [0, 12]
    of_kind = [[written[i] for i in np.flatnonzero(words.bits & kind)] for kind in (MARKS.our, MARKS.chinese)]
    assert of_kind == [["We", "we"], ["凋亡增加"]]
    monkeypatch.setattr(assertion_words, "_MOST", 3)
    for _ in range(3):
        assert read_words(codes, *whole).bits.tolist() == words.bits.tolist()
        other = code_points("quite other words that fill the table up")
        read_words(other, np.array([0]), np.array([len(other)]))
