"""The full text of a Chinese review, imported as a file, gives the modes of its target by their Chinese names."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from helpers import storage
from helpers.annotate.evidence import find_evidence
from helpers.annotate.lexicon import build_lexicon
from helpers.annotate.mentions import find_mentions
from helpers.run.sources import read_file
from helpers.tabulate.counts import count_gene_mode

ATF5 = "doi:10.12677/acm.2026.162564"
Frames = tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]


@pytest.fixture(scope="module")
def imported(seeds: Path) -> Frames:
    """Articles, mentions and evidence of the ATF5 review's full text."""
    document = next(iter(sorted(seeds.glob("001_*.txt"))))
    articles = read_file(document, source="mine").articles
    lexicon = build_lexicon(storage.read_terms())
    mentions = find_mentions(articles, lexicon)
    return articles, mentions, find_evidence(articles, mentions, lexicon)


def test_the_text_is_one_record_with_its_own_identity(imported: Frames) -> None:
    """Title, DOI, year, journal and language are those the document states."""
    articles, _, _ = imported
    assert articles["record_id"].tolist() == [ATF5]
    row = articles.iloc[0]
    assert (row["year"], row["language"], row["journal"]) == (2026, "chi", "临床医学进展")
    assert row["vernacular_title"] == "ATF5在抵抗癌细胞死亡中的机制及其作为治疗靶点的价值"


@pytest.mark.parametrize(
    ("mode", "name"),
    [("apoptosis", "凋亡"), ("autophagy", "自噬"), ("anoikis", "失巢凋亡"), ("ferroptosis", "铁死亡")],
)
def test_the_four_modes_are_found_by_their_chinese_names(imported: Frames, mode: str, name: str) -> None:
    """Each mode is named in Chinese, and a sentence of the paper links it with ATF5 and says how."""
    _, mentions, evidence = imported
    named = mentions[(mentions["kind"] == "mode") & (mentions["concept"] == mode)]
    assert named["text"].str.contains(name).any()
    rows = evidence[(evidence["gene"] == "ATF5") & (evidence["mode"] == mode)]
    claims = rows[(rows["scope"] == "sentence") & (rows["assertion"] == "finding")]
    assert claims["text"].str.contains("ATF5").any()
    assert claims["effect_on_mode"].isin(["inhibits", "promotes"]).any()


@pytest.mark.parametrize("mode", ["necroptosis", "pyroptosis", "cuproptosis"])
def test_what_the_review_calls_unstudied_is_no_evidence(imported: Frames, mode: str) -> None:
    """The modes said to be a blank field give no direction, and no sentence that links them with the gene."""
    articles, mentions, evidence = imported
    rows = evidence[(evidence["gene"] == "ATF5") & (evidence["mode"] == mode)]
    assert not rows["effect_on_mode"].isin(["inhibits", "promotes", "conflicting"]).any()
    assert "finding" not in set(rows.loc[rows["scope"] == "sentence", "assertion"])
    pairs = count_gene_mode(articles, mentions, evidence)
    own = pairs[(pairs["gene"] == "ATF5") & (pairs["mode"] == mode)]
    assert (own["n_sentence"] == 0).all()
    assert (own["direction"] == "none stated").all()


def test_the_reference_list_is_not_taken_for_the_paper(imported: Frames) -> None:
    """Claims in titles of cited papers are not claims of the review."""
    articles, _, _ = imported
    assert "Interference with Its Function" not in articles["abstract"].iloc[0]
    assert "reference list (50 entries) is left out" in articles["note"].iloc[0]


PAPER = """ABC study of a target
Jane Doe, John Roe

Abstract
GPX4 was studied in tumours, where ferroptosis matters.

Introduction
Others study necroptosis of neurons. MDM2 is an oncogene of sarcomas.

Results
We found that ATF5 inhibits anoikis in these cells. MDM2 was not changed.
"""


def test_the_body_votes_by_sentence(tmp_path: Path) -> None:
    """Title, keywords and abstract vote for what they name; the body for what one sentence names together."""
    file = tmp_path / "paper.txt"
    file.write_text(PAPER, encoding="utf-8")
    articles = read_file(file, source="mine").articles
    assert articles["abstract_kind"].tolist() == ["full text"]
    lexicon = build_lexicon(storage.read_terms())
    mentions = find_mentions(articles, lexicon)
    assert {"MDM2", "necroptosis"} <= set(mentions["concept"])
    evidence = find_evidence(articles, mentions, lexicon)
    pairs = set(zip(evidence["gene"], evidence["mode"], strict=True))
    assert {("GPX4", "ferroptosis"), ("ATF5", "anoikis")} <= pairs
    assert "MDM2" not in set(evidence["gene"])
    assert "necroptosis" not in set(evidence["mode"])
    counted = count_gene_mode(articles, mentions, evidence)
    assert set(zip(counted["gene"], counted["mode"], strict=True)) == pairs
