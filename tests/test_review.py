"""The review sheet: drawn by seed, marked by a person, read back into precision."""

from __future__ import annotations

import pandas as pd
import pytest

from helpers.annotate.review import MARKS, read_marks, sample_evidence
from helpers.errors import SchemaError, UsageError
from helpers.schemas import ARTICLES, EVIDENCE, MENTIONS, conform


def _evidence(n: int = 40) -> pd.DataFrame:
    """Synthetic evidence: every third row states nothing."""
    rows = [
        {
            "record_id": f"pmid:{i}", "gene": "GPX4", "mode": "ferroptosis", "scope": scope, "field": "title",
            "sentence": 0, "effect_on_mode": "none stated" if i % 3 == 0 else "inhibits",
            "effect_on_therapy": "none stated", "assertion": "finding", "confidence": "high", "text": "Text.",
        }
        for i in range(n)
        for scope in ("sentence", "article")
    ]  # fmt: skip
    return conform(pd.DataFrame(rows), EVIDENCE)


def _articles(n: int = 40) -> pd.DataFrame:
    rows = [
        {
            "record_id": f"pmid:{i}",
            "title": f"Title {i}",
            "pmid": str(i),
            "article_kind": "primary",
            "retraction": "none",
            "source": "synthetic",
        }
        for i in range(n)
    ]
    return conform(pd.DataFrame(rows), ARTICLES)


def test_same_seed_draws_the_same_rows() -> None:
    """A sheet can be drawn again; another seed gives another sheet."""
    first, again, other = (
        sample_evidence(_evidence(), _articles(), MENTIONS.empty(), n=10, seed=s) for s in (1, 1, 2)
    )
    pd.testing.assert_frame_equal(first, again)
    assert first["record_id"].tolist() != other["record_id"].tolist()


def test_half_of_the_sheet_states_a_direction() -> None:
    """Sentence rows only, half of them with a direction, each with title, link and blank marks."""
    sheet = sample_evidence(_evidence(), _articles(), MENTIONS.empty(), n=10, seed=0)
    assert len(sheet) == 10
    assert (sheet["effect_on_mode"] == "inhibits").sum() == 5
    assert sheet["link"].str.startswith("https://pubmed").all()
    assert sheet[list(MARKS)].isna().all().all()


def test_a_sheet_of_therapy_effects_holds_them_alone() -> None:
    """Rows that state the effect asked for; a gene of a sentence once, however many modes it names."""
    evidence = _evidence()
    evidence["effect_on_therapy"] = ["resistance"] * 10 + ["none stated"] * (len(evidence) - 10)
    evidence = pd.concat([evidence, evidence.assign(mode="apoptosis")])
    sheet = sample_evidence(evidence, _articles(), MENTIONS.empty(), stating="effect_on_therapy")
    assert len(sheet) == 5
    assert set(sheet["effect_on_therapy"]) == {"resistance"}
    with pytest.raises(UsageError, match="stating is 'therapy'"):
        sample_evidence(evidence, _articles(), MENTIONS.empty(), stating="therapy")


def test_a_row_shows_the_words_taken_for_the_gene() -> None:
    """gene_named is the text of the mention, so that a symbol wrongly read is seen."""
    evidence = _evidence(3).assign(gene_start=7)
    mention = {
        "record_id": "pmid:1",
        "kind": "gene",
        "concept": "GPX4",
        "field": "title",
        "sentence": 0,
        "start": 7,
    }
    mentions = conform(pd.DataFrame([mention | {"end": 11, "text": "PHGPx", "rule": "alias"}]), MENTIONS)
    sheet = sample_evidence(evidence, _articles(3), mentions)
    assert sheet["gene_named"].dropna().to_dict() == {1: "PHGPx"}


def test_small_evidence_is_drawn_whole() -> None:
    """Fewer rows than asked for are all drawn; none gives a sheet without rows."""
    assert len(sample_evidence(_evidence(3), _articles(3), MENTIONS.empty(), n=50)) == 3
    assert len(sample_evidence(EVIDENCE.empty(), ARTICLES.empty(), MENTIONS.empty(), n=50)) == 0


def test_marks_give_precision_with_wilson_interval() -> None:
    """8 of 10 right is 0.80 with the Wilson interval 0.49 to 0.94; blanks are not counted."""
    sheet = sample_evidence(_evidence(), _articles(), MENTIONS.empty(), n=12, seed=0)
    sheet["gene_right"] = ["yes"] * 8 + ["no"] * 2 + [None, " "]
    sheet["effect_on_mode_right"] = ["1"] * 12
    marks = read_marks(sheet).set_index(["question", "class"])
    gene = marks.loc[("gene_right", "all")]
    assert (gene["marked"], gene["right"]) == (10, 8)
    assert gene["precision"] == pytest.approx(0.8)
    assert (gene["low"], gene["high"]) == pytest.approx((0.4902, 0.9433), abs=1e-4)
    assert marks.loc[("effect_on_mode_right", "inhibits"), "marked"] == 6
    assert marks.loc[("mode_right", "all"), "marked"] == 0


def test_mark_that_is_neither_is_refused() -> None:
    """A mark that cannot be read is named with its row and column; so is an absent column."""
    sheet = sample_evidence(_evidence(), _articles(), MENTIONS.empty(), n=4, seed=0)
    with pytest.raises(SchemaError, match="gene_right is absent"):
        read_marks(sheet.drop(columns="gene_right"))
    sheet["gene_right"] = ["yes", "perhaps", "no", None]
    with pytest.raises(SchemaError, match="row 3, column gene_right: 'perhaps'"):
        read_marks(sheet)
