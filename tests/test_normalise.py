"""Text folded for matching leads back to every character."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpers.annotate.normalise import GREEK, fold, fold_keys


def folded(text: str) -> str:
    """Haystack of one text, its Greek bytes as letters."""
    letters = {code: letter for letter, code in GREEK.items()}
    return "".join(letters.get(b, chr(b)) for b in fold([text]).part(0)).strip()


@pytest.mark.parametrize(
    ("text", "same"),
    [
        ("IL-6", "IL6"),
        ("TNF-alpha", "TNFα"),
        ("TGF-β1", "TGFbeta1"),
        ("NF-κB", "nf-kappaB"),
        ("caspase‑3", "Caspase-3"),
        ("Nkx2.5", "NKX2-5"),
        ("ＡＴＦ５", "atf5"),
        ("p38\u2009MAPK", "p38 MAPK"),
        ("naïve", "naive"),
    ],
)
def test_spellings_of_one_name_fold_alike(text: str, same: str) -> None:
    """Hyphens before numbers, Greek letters, width, accents and thin spaces make no difference."""
    assert folded(text) == folded(same)


def test_hyphen_between_words_stays_a_boundary() -> None:
    """IL-6-induced still holds the term IL-6."""
    assert folded("IL-6-induced") == "il6 induced"


def test_chinese_characters_are_boundaries() -> None:
    """A symbol between Chinese characters stands alone."""
    assert folded("抑制ATF5表达") == "atf5"


@given(st.lists(st.text(max_size=40), max_size=5))
def test_every_folded_letter_leads_back_to_its_own_text(texts: list[str]) -> None:
    """Origins rise, and each text's part of the haystack comes from that text."""
    result = fold(texts)
    assert all(a <= b for a, b in zip(result.origin[:-1].tolist(), result.origin[1:].tolist(), strict=True))
    for n, text in enumerate(texts):
        first, last = result.edges[n], result.edges[n + 1]
        for at in range(first, last):
            if result.text[at] != 0x20:
                place = int(result.origin[at] - result.starts[n])
                assert 0 <= place < len(text)


def test_hard_marks_of_terms_are_counted() -> None:
    """Points and brackets bar a term from running across; hyphens, slashes and spaces do not."""
    assert fold_keys(["Bax. BCL2", "IL-6/STAT3 axis", "p(65)."]) == (
        [b" bax bcl2 ", b" il6 stat3 axis ", b" p 65 "],
        [1, 0, 3],
    )
