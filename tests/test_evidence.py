"""Evidence: what records claim, at sentence and article scope."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

import pandas as pd
import pytest
from one_text import classify_text

from helpers.annotate.cues import Cues, build_cues
from helpers.annotate.evidence import find_evidence
from helpers.annotate.sentences import split_sentences
from helpers.schemas import ARTICLES, EVIDENCE, MENTIONS, conform


@dataclass
class _Words:
    """The part of a lexicon that evidence reads."""

    cues: Cues = field(default_factory=build_cues)


TERMS = {
    "gene": r"NFE2L2|ATF5|GPX4|NQO1|HMOX1|FTH1|G6PD|IL6|PTEN|MDM2",
    "mode": r"ferroptosis|anoikis|apoptosis|autophagy",
    "therapy": r"cisplatin|trastuzumab|imatinib",
}


def _evidence(*records: dict[str, str]) -> pd.DataFrame:
    """Evidence of synthetic records whose mentions are found by plain words."""
    articles = [
        {
            "record_id": f"pmid:{i}",
            "article_kind": "primary",
            "retraction": "none",
            "source": "synthetic",
            **record,
        }
        for i, record in enumerate(records, start=1)
    ]
    mentions: list[dict[str, Any]] = []
    for article in articles:
        for name in ("title", "abstract"):
            mentions += _mentions(article["record_id"], name, article.get(name, ""))
        for match in re.finditer(TERMS["mode"], article.get("keywords", "")):
            mentions.append(_row(article["record_id"], "mode", "keyword", 0, match, "finding"))
    return find_evidence(
        conform(pd.DataFrame(articles), ARTICLES),
        conform(pd.DataFrame(mentions, columns=MENTIONS.names), MENTIONS),
        _Words(),  # type: ignore[arg-type]
    )


def _mentions(record: str, name: str, text: str) -> list[dict[str, Any]]:
    sentences = split_sentences(text)
    rows = []
    for kind, pattern in TERMS.items():
        for match in re.finditer(pattern, text):
            number = next(i for i, (start, end) in enumerate(sentences) if start <= match.start() < end)
            assertion = (
                classify_text(text, sentences, [match.span()], field=name)[0] if kind == "mode" else None
            )
            rows.append(_row(record, kind, name, number, match, assertion))
    return rows


def _row(
    record: str, kind: str, name: str, sentence: int, match: re.Match[str], assertion: str | None
) -> dict[str, Any]:
    return {
        "record_id": record, "kind": kind, "concept": match[0], "field": name, "sentence": sentence,
        "start": match.start(), "end": match.end(), "text": match[0], "rule": "symbol", "assertion": assertion,
    }  # fmt: skip


def _article(frame: pd.DataFrame, gene: str, mode: str | None = None) -> dict[str, Any]:
    rows = frame[(frame["scope"] == "article") & (frame["gene"] == gene)]
    rows = rows[rows["mode"].isna()] if mode is None else rows[rows["mode"] == mode]
    assert len(rows) == 1
    return dict(rows.iloc[0])


def test_every_gene_of_a_list_inhibits_and_gives_resistance() -> None:
    """ "X and its targets A, B and C in ferroptosis resistance" holds for each of them."""
    found = _evidence(
        {
            "title": "NFE2L2 and ferroptosis resistance in cancer therapy",
            "abstract": "NFE2L2 overexpression contributes to drug resistance by inhibiting ferroptosis. We highlight "
            "the involvement of NFE2L2 and its target genes, such as NQO1, HMOX1, FTH1, GPX4, and G6PD, in "
            "ferroptosis resistance.",
        }
    )
    for gene in ("NFE2L2", "NQO1", "HMOX1", "FTH1", "GPX4", "G6PD"):
        row = _article(found, gene, "ferroptosis")
        assert (row["effect_on_mode"], row["effect_on_therapy"]) == ("inhibits", "resistance")


def test_resistance_to_a_mode_is_not_resistance_to_therapy() -> None:
    """Anoikis resistance inhibits anoikis and says nothing of a therapy."""
    row = _article(_evidence({"title": "ATF5 confers anoikis resistance"}), "ATF5", "anoikis")
    assert (row["effect_on_mode"], row["effect_on_therapy"]) == ("inhibits", "none stated")
    assert row["confidence"] == "high"


def test_record_without_a_mode_gives_gene_and_therapy() -> None:
    """A gene with a therapy and no mode has rows with mode missing."""
    found = _evidence(
        {"abstract": "IL6 causes resistance to trastuzumab. Loss of PTEN confers trastuzumab resistance."}
    )
    assert found["mode"].isna().all()
    assert _article(found, "IL6")["effect_on_therapy"] == "resistance"
    assert _article(found, "PTEN")["effect_on_therapy"] == "sensitising"
    assert _article(found, "IL6")["therapies"] == "trastuzumab"


def test_knock_down_that_sensitises_is_resistance() -> None:
    """Silencing that sensitises to a drug means that the gene gives resistance."""
    found = _evidence(
        {"abstract": "Silencing ATF5 sensitized leukemia cells to imatinib and induced apoptosis."}
    )
    row = _article(found, "ATF5", "apoptosis")
    assert (row["effect_on_mode"], row["effect_on_therapy"]) == ("inhibits", "resistance")


def test_opposite_sentences_conflict_at_article_scope() -> None:
    """A record that says both is shown as conflicting, its sentences as they are."""
    found = _evidence({"abstract": "ATF5 inhibits autophagy. After irradiation ATF5 promotes autophagy."})
    assert _article(found, "ATF5", "autophagy")["effect_on_mode"] == "conflicting"
    assert found.loc[found["scope"] == "sentence", "effect_on_mode"].tolist() == ["inhibits", "promotes"]


def test_denied_sentence_states_no_direction() -> None:
    """ "Did not induce" is negated and never counts as promoting."""
    row = _article(_evidence({"abstract": "GPX4 did not induce ferroptosis."}), "GPX4", "ferroptosis")
    assert (row["assertion"], row["effect_on_mode"]) == ("negated", "none stated")


def test_finding_outweighs_background() -> None:
    """Where a finding states a direction, background that says otherwise does not make a conflict."""
    background = "Previous reports suggested that GPX4 promotes ferroptosis but its role is unknown. "
    filler = "Cells were cultured. Cells were washed. Cells were counted. "
    text = (
        background
        + filler
        + "We found that GPX4 inhibited ferroptosis. GPX4 significantly inhibited ferroptosis in mice."
    )
    row = _article(_evidence({"abstract": text}), "GPX4", "ferroptosis")
    assert (row["effect_on_mode"], row["assertion"]) == ("inhibits", "finding")
    assert "found" in row["text"]


def test_named_in_one_record_only_is_low_confidence() -> None:
    """Gene and mode in different sentences give an article row that shows where the gene stands."""
    row = _article(
        _evidence({"title": "MDM2 in glioma", "abstract": "Cells showed apoptosis."}), "MDM2", "apoptosis"
    )
    assert (row["confidence"], row["effect_on_mode"], row["text"]) == ("low", "none stated", "MDM2 in glioma")


def test_mode_among_keywords_counts_for_the_record() -> None:
    """A keyword names the mode of the record, not of a sentence."""
    found = _evidence({"title": "MDM2 in glioma", "keywords": "apoptosis|glioma"})
    assert found["scope"].tolist() == ["article"]


def test_offsets_point_at_gene_and_mode() -> None:
    """gene_start and mode_start count in the field's text."""
    abstract = "Cells died. GPX4 inhibits ferroptosis."
    row = _article(_evidence({"abstract": abstract}), "GPX4", "ferroptosis")
    assert abstract[row["gene_start"] :].startswith("GPX4")
    assert abstract[row["mode_start"] :].startswith("ferroptosis")


def test_record_naming_no_gene_or_nothing_else_gives_no_row() -> None:
    """No gene, or a gene alone, is no evidence; the frame still has its columns."""
    found = _evidence({"title": "Cuproptosis and ferroptosis"}, {"title": "GPX4 in cells"})
    assert found.empty
    assert list(found.columns) == EVIDENCE.names


def test_order_of_records_does_not_matter() -> None:
    """The same records in another order give the same frame."""
    records = [{"title": "GPX4 inhibits ferroptosis"}, {"title": "ATF5 inhibits apoptosis"}]
    first = _evidence(*records)
    assert first.equals(conform(first.sample(frac=1, random_state=0), EVIDENCE))


@pytest.mark.parametrize(
    ("sentence", "effect"),
    [
        ("ATF5 promotes autophagy in imatinib-resistant lung cancer cells.", "none stated"),
        ("Knockdown of ATF5 induced apoptosis in cisplatin-resistant ovarian cancer.", "none stated"),
        ("ATF5 was silenced in cisplatin-resistant cells.", "none stated"),
        ("ATF5 was upregulated in cisplatin-resistant ovarian cancer cells.", "resistance"),
        ("ATF5 knockdown re-sensitized resistant cells to cisplatin.", "resistance"),
        ("ATF5 made the cells resistant to cisplatin.", "resistance"),
    ],
)
def test_setting_of_resistant_cells_is_no_claim(sentence: str, effect: str) -> None:
    """What happens in resistant cells says nothing of their response, unless the gene is raised there."""
    found = _evidence({"abstract": sentence})
    assert set(found.loc[found["gene"] == "ATF5", "effect_on_therapy"]) == {effect}


def test_records_that_name_nothing_give_no_evidence() -> None:
    """A corpus without a gene or mode, and one without a record, give an empty table."""
    assert _evidence({"title": "Birds of the marsh"}).empty
    assert find_evidence(ARTICLES.empty(), MENTIONS.empty(), _Words()).empty  # type: ignore[arg-type]
