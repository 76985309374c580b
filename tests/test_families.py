"""Lists and ranges are written out with the stem of their first member."""

from __future__ import annotations

import numpy as np
import pytest

from helpers.annotate.families import find_lists, find_members


def listed(text: str) -> list[str]:
    """Members of the lists in a text, written out."""
    codes = np.frombuffer(text.encode("utf-32-le"), dtype=np.uint32)
    return [name for name, _, _ in find_lists(text, codes, np.array([0]), np.array([len(text)]))]


@pytest.mark.parametrize(
    ("text", "first", "members"),
    [
        ("caspase-3/-7/-9 were", "caspase-3", ["caspase-7", "caspase-9"]),
        ("BCL-2 and -XL", "BCL-2", ["BCL-XL"]),
        ("Smad1/5/8", "Smad1", ["Smad5", "Smad8"]),
        ("NPHP1-4", "NPHP1", ["NPHP2", "NPHP3", "NPHP4"]),
        ("ATG5-12", "ATG5", ["ATG12"]),
        ("SMAD2-4 complex", "SMAD2", ["SMAD4"]),
        ("Notch-1, -3, and -4", "Notch-1", ["Notch-3", "Notch-4"]),
        ("IKKalpha/beta", "IKKalpha", ["IKKbeta"]),
        ("CDKN2A/B", "CDKN2A", ["CDKN2B"]),
        ("miR-200a/b/c", "miR-200a", ["miR-200b", "miR-200c"]),
        ("IL-17A/F", "IL-17A", ["IL-17F"]),
        ("PKC alpha, epsilon, and zeta", "PKC alpha", ["PKC epsilon", "PKC zeta"]),
        ("TGF-β1 and -β2", "TGF-β1", ["TGF-β2"]),
    ],
)
def test_members_are_written_out(text: str, first: str, members: list[str]) -> None:
    """Each further member carries the stem of the first."""
    found = list(find_members(text, 0, len(first)))
    assert [name for name, _, _ in found] == members
    assert all(text[start:end] in name or "-" in text for name, start, end in found)


@pytest.mark.parametrize(
    "text",
    ["IL-1 and 20 patients", "IL-6 and a mouse", "IL-6, 12 h later", "IL-1-3000", "ERK1/p38", "p70-75"],
)
def test_what_is_no_list_gives_no_member(text: str) -> None:
    """Counts, times and words after a term are no members."""
    first = text.split(" ")[0].split(",")[0].split("/")[0][:4]
    assert list(find_members(text, 0, len(first))) == []


def test_bracketed_short_form_takes_the_number_after_it() -> None:
    """interleukin (IL)-6 is IL-6."""
    text = "interleukin (IL)-6 and tumour necrosis factor (TNF)-α"
    assert listed(text) == ["IL-6", "TNF-α"]


@pytest.mark.parametrize(
    ("text", "members"),
    [
        ("NPHP1-2", ["NPHP1", "NPHP2"]),
        ("NPHP1-4 genes", ["NPHP1", "NPHP2", "NPHP3", "NPHP4"]),
        ("freac-1 to freac-3.", ["freac-1", "freac-2", "freac-3"]),
        ("AKR1C1-AKR1C3 and", ["AKR1C1", "AKR1C2", "AKR1C3"]),
        ("days 1-5", []),
        ("aged 3-12 years, IL6-2000", []),
        ("BRCA1-PALB2", []),
    ],
)
def test_ranges_name_every_member(text: str, members: list[str]) -> None:
    """A range without a stem of its own, or with the same stem twice, names all from first to last."""
    assert listed(text) == members


@pytest.mark.parametrize(
    ("text", "members"),
    [
        ("caspases 3 and 9", ["caspase 3", "caspase 9"]),
        ("caspases-3, -7 and -9", ["caspase-3", "caspase-7", "caspase-9"]),
        ("synapsins I and II", ["synapsin I", "synapsin II"]),
        ("cathepsins B and L", ["cathepsin B", "cathepsin L"]),
        ("the caspases and", []),
    ],
)
def test_plurals_name_their_members(text: str, members: list[str]) -> None:
    """ "Caspases 3 and 9" are caspase 3 and caspase 9."""
    assert listed(text) == members
