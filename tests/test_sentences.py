"""Sentences: each claim is a sentence of the kind PubMed holds."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpers.annotate.sentences import split_sentences


def _pieces(text: str) -> list[str]:
    return [text[start:end] for start, end in split_sentences(text)]


@pytest.mark.parametrize(
    "text",
    [
        "Several genes (e.g. GPX4) protect cells.",
        "Cells die, i.e. Caspase-3 is cleaved.",
        "Treated vs. Untreated cells differed.",
        "Dixon et al. (2012) coined the word.",
        "See Fig. 3 and Figs. 4 for the blot.",
        "Lysates of E. coli were used.",
        "The dose was 2.5 mg and P < .001 was significant.",
        "Strain No. 5 was grown.",
        "Reported by J. Smith in 2004.",
    ],
)
def test_abbreviation_or_decimal_does_not_end_a_sentence(text: str) -> None:
    """Abbreviations, initials, species names and decimals keep a sentence whole."""
    assert _pieces(text) == [text]


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("It depends on p53. The cells died.", 2),
        ("Cells died. p53 was induced. miR-21 fell. c-Myc rose.", 4),
        ("Apoptosis rose. 5-FU was given. (Data not shown.) α-Tubulin was blotted.", 4),
        ("Infected with hepatitis C. The cells died.", 2),
        ("This was seen by Smith et al. However, others disagree.", 2),
        ("Did cells die? Yes! They did.", 3),
        ("It induced apoptosis.The cells died.", 2),
        ("BACKGROUND: Cells die.\nMETHODS: We looked.\nRESULTS: They died.", 3),
        ("AIM: to see\nRESULTS: seen", 2),
    ],
)
def test_sentence_ends_where_a_reader_ends_it(text: str, count: int) -> None:
    """A stop before a capital, digit, bracket, Greek letter or lower-case gene name ends a sentence."""
    assert len(_pieces(text)) == count


def test_chinese_stops_end_sentences_without_spaces() -> None:
    """。；！？ and a semicolon between Chinese characters end a sentence."""
    text = "ATF5可抑制细胞凋亡。下调ATF5促进凋亡；其机制不明;需要研究！P<0.05。"
    assert _pieces(text) == [
        "ATF5可抑制细胞凋亡。",
        "下调ATF5促进凋亡；",
        "其机制不明;",
        "需要研究！",
        "P<0.05。",
    ]


def test_english_semicolon_does_not_end_a_sentence() -> None:
    """A semicolon joins clauses in English."""
    assert len(_pieces("Apoptosis rose; autophagy fell.")) == 1


def test_offsets_point_into_the_text() -> None:
    """Offsets are those of the text as given, spaces left out."""
    text = "  Cells died. They  did. "
    assert split_sentences(text) == ((2, 13), (14, 24))


def test_blank_text_has_no_sentence() -> None:
    """Blank text gives no sentence and no error."""
    assert split_sentences("") == split_sentences(" \n ") == ()


@given(st.text(alphabet="abcABC 12.;!?。；\n()\"'凋亡", max_size=80))
def test_every_visible_character_lies_in_exactly_one_sentence(text: str) -> None:
    """Nothing is lost or counted twice, whatever the text."""
    covered = [i for start, end in split_sentences(text) for i in range(start, end)]
    assert len(covered) == len(set(covered))
    assert {i for i, c in enumerate(text) if not c.isspace()} <= set(covered)
