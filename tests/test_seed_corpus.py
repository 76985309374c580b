"""The seed corpus holds what its five documents say, in our own words, and nothing else."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from helpers import storage
from helpers.records.metrics import parse_journal_metrics
from helpers.records.references import parse_references
from helpers.schemas import JOURNAL_METRICS, split_list

PATH = Path(__file__).resolve().parents[1] / "data" / "raw" / "corpora" / "seed" / "seed.csl.json"
METRICS = PATH.parents[2] / "journals" / "seed_metrics.csv"
NFE2L2_TARGETS = [
    "NQO1",
    "HMOX1",
    "FTH1",
    "FTL",
    "HERC2",
    "SLC40A1",
    "ABCB6",
    "FECH",
    "PIR",
    "MT1G",
    "SLC7A11",
    "GCLC",
    "GCLM",
    "GSS",
    "GSR",
    "GPX4",
    "AIFM2",
    "MGST1",
    "ALDH1A1",
    "ALDH3A1",
    "G6PD",
]
# What the ATF5 review says of the paper it cites under each number: words the summary must hold.
CITED_FOR = {
    8: ("ATF5", "BIRC5"), 11: ("ATF5", "apoptosis", "neurons"), 12: ("CREB3L2", "ATF5", "MCL1", "apoptosis"),
    13: ("ATF5", "apoptosis"), 14: ("ATF5", "HSPD1", "LONP1"), 15: ("ATF5", "HSPB1"), 16: ("ATF5", "glioma"),
    17: ("ATF5", "Breast"), 18: ("ATF5", "leukaemia"), 19: ("ATF5", "radiotherapy"), 20: ("ATF5", "chemotherapy"),
    22: ("ATF5", "TP53", "apoptosis"), 23: ("ATF5", "EGR1", "apoptosis"), 24: ("ATF5", "EGR1", "JAK"),
    26: ("ATF5", "RELA", "BAX", "apoptosis"), 27: ("HSPA1A", "apoptosis"),
    28: ("HSPA1A", "ATF5", "BCL2", "EGR1", "apoptosis"), 29: ("ATF5", "BCL2", "apoptosis"),
    30: ("SKOV-3", "ATF5", "BCL2", "apoptosis"), 31: ("ATF5", "BCL2", "BAX", "paclitaxel", "apoptosis"),
    33: ("CREB3L2", "ATF5", "MCL1", "apoptosis"), 36: ("ATF5", "autophagy"),
    37: ("ATF5", "MTOR", "autophagy", "imatinib"), 39: ("anoikis",), 40: ("ATF5", "BMF", "anoikis"),
    41: ("Ferroptosis",), 46: ("ATF5", "ferroptosis"), 48: ("ATF5", "apoptosis"),
    50: ("ATF5", "USP9X", "MCL1", "BCL2", "navitoclax", "apoptosis"),
}  # fmt: skip


@pytest.fixture(scope="module")
def items() -> dict[str, dict[str, Any]]:
    return {item["id"]: item for item in json.loads(PATH.read_text(encoding="utf-8"))}


@pytest.fixture(scope="module")
def articles() -> pd.DataFrame:
    parsed = parse_references(PATH.read_bytes(), name=PATH.name, source_name="seed")
    assert parsed.skipped == []
    return parsed.articles


def test_there_are_55_records_with_title_authors_date_and_language(articles: pd.DataFrame) -> None:
    """Five papers and the fifty references of one of them."""
    assert len(articles) == 55
    assert articles[["title", "authors", "pub_date", "year", "language", "journal"]].notna().all().all()


def test_every_reference_number_is_there_once(items: dict[str, dict[str, Any]]) -> None:
    """[1] to [50] of the ATF5 review."""
    numbers = [item["custom"].get("reference_number") for item in items.values()]
    assert sorted(number for number in numbers if number) == list(range(1, 51))


def test_pmid_stands_only_where_a_document_gives_it(articles: pd.DataFrame) -> None:
    """No identifier was looked up or guessed."""
    assert articles["pmid"].dropna().tolist() == ["38281981"]
    assert articles["pmcid"].dropna().tolist() == ["PMC11555182"]
    without = articles.loc[articles["doi"].isna() & articles["pmid"].isna(), "title"]
    assert sorted(title[:12] for title in without) == ["Activation o", "Interference", "Knock-Down o"]


def test_facts_of_the_five_papers(items: dict[str, dict[str, Any]]) -> None:
    """As the documents give them."""
    facts = {
        key: (item.get("volume"), item.get("page") or item.get("number"), item["issued"]["date-parts"][0])
        for key, item in items.items()
        if not key.startswith("atf5-ref")
    }
    assert facts == {
        "nfe2l2-2024": ("7", "41", [2024, 10, 25]),
        "atf5-2026": ("16", "1717-1724", [2026, 2, 9]),
        "cuproptosis-2024": ("72", "101018", [2024, 1]),
        "il6-trastuzumab-2012": (None, None, [2012, 8, 24]),
        "mdm2-2024": ("31", "17", [2024, 1, 29]),
    }


def test_year_is_the_earlier_of_print_and_electronic(articles: pd.DataFrame) -> None:
    """The cuproptosis review went online in November 2023."""
    row = articles[articles["doi"] == "10.1016/j.drup.2023.101018"].iloc[0]
    assert (row["pub_date"], row["year"]) == ("2024-01", 2023)


def test_kinds_of_article(items: dict[str, dict[str, Any]], articles: pd.DataFrame) -> None:
    """Each kind is stated with what it rests on; the editorial is neither primary nor review."""
    assert articles["article_kind"].value_counts().to_dict() == {"primary": 30, "review": 24, "other": 1}
    assert articles.loc[articles["article_kind"] == "other", "title"].str.startswith("Editorial:").all()
    assert all(
        re.match("title|document|context", item["custom"]["article_kind_basis"]) for item in items.values()
    )


def test_summaries_are_marked_and_short(articles: pd.DataFrame) -> None:
    """A summary stands where a fetched record has its abstract, and says so."""
    assert set(articles["abstract_kind"].dropna()) == {"summary"}
    sentences = articles["abstract"].dropna().str.count(r"\.(?:\s|$)")
    assert sentences.between(1, 7).all()
    assert (sentences <= 4).mean() > 0.95


@pytest.mark.parametrize("number", sorted(CITED_FOR))
def test_summary_says_what_the_review_cites_the_paper_for(
    items: dict[str, dict[str, Any]], number: int
) -> None:
    """Genes, mode and therapy of each citation."""
    summary = items[f"atf5-ref-{number:02d}"]["custom"]["summary"]
    assert [word for word in CITED_FOR[number] if word not in summary] == []


def test_nfe2l2_summary_names_all_targets(items: dict[str, dict[str, Any]]) -> None:
    """Twenty targets, GCL as its two subunits."""
    summary = items["nfe2l2-2024"]["custom"]["summary"]
    assert [gene for gene in NFE2L2_TARGETS if gene not in summary] == []
    assert "ferroptosis resistance" in summary


def test_untested_modes_of_atf5_are_not_in_its_summaries(items: dict[str, dict[str, Any]]) -> None:
    """That nothing is known of a pair is a note, no evidence; four modes are claimed."""
    texts = [item["title"] + " " + item["custom"].get("summary", "") for item in items.values()]
    for text in texts:
        if "ATF5" in text:
            assert not re.search("necroptosis|pyroptosis|cuproptosis", text, re.IGNORECASE)
    review = items["atf5-2026"]["custom"]
    assert all(mode in review["summary"] for mode in ("apoptosis", "autophagy", "anoikis", "ferroptosis"))
    assert all(mode in review["note"] for mode in ("necroptosis", "pyroptosis", "cuproptosis"))


def test_cuproptosis_and_il6_records_name_no_gene_or_no_mode(items: dict[str, dict[str, Any]]) -> None:
    """They must not be lost for it."""
    assert not re.search(r"\b[A-Z][A-Z0-9]{2,}\b", items["cuproptosis-2024"]["custom"]["summary"])
    summary = items["il6-trastuzumab-2012"]["custom"]["summary"]
    assert all(word in summary for word in ("IL6", "PTEN", "ERBB2", "resistance to trastuzumab"))
    assert not re.search(r"\w+(?:ptosis|phagy)\b|necrosis|anoikis", summary)


@pytest.mark.parametrize(
    ("key", "words"),
    [
        ("nfe2l2-2024", ("'7 '", "2024/1/1", "铁变态反应", "GCL")),
        ("atf5-2026", ("MLT-1", "阿诺伊基斯", "铁依赖型细胞坏死", "EGR1")),
        ("atf5-ref-39", ("10.1016/j.drup.2024.101099",)),
        ("il6-trastuzumab-2012", ("xenographs", "no volume, pages or DOI")),
        ("mdm2-2024", ("mdl-38281981", "no DOI")),
    ],
)
def test_inconsistencies_of_the_sources_are_noted(
    items: dict[str, dict[str, Any]], key: str, words: tuple[str, ...]
) -> None:
    """Noted, not silently mended."""
    assert [word for word in words if word not in items[key]["custom"]["note"]] == []


def test_misprinted_doi_is_kept_as_printed(items: dict[str, dict[str, Any]]) -> None:
    """The correction stands in the note."""
    assert items["atf5-ref-39"]["DOI"] == "10.1016/j.drug.2024.101099"


def test_no_eight_words_are_copied_from_a_document(items: dict[str, dict[str, Any]], seeds: Path) -> None:
    """Every summary and note is our own wording."""

    def words(text: str) -> list[str]:
        return re.findall(r"[a-z0-9]+", re.sub(r"</?[a-z]+>", "", text.lower()))

    def runs(text: str) -> set[tuple[str, ...]]:
        found = words(text)
        return {tuple(found[at : at + 8]) for at in range(len(found) - 7)}

    documents = set().union(*(runs(path.read_text(encoding="utf-8")) for path in seeds.iterdir()))
    for key, item in items.items():
        own = item["custom"].get("summary", "") + " " + item["custom"].get("note", "")
        assert not runs(own) & documents, key


def test_journal_ids_are_those_of_the_source(items: dict[str, dict[str, Any]], evaldata: Path) -> None:
    """NLM ids and ISSNs agree with NLM's journal list."""
    listed = pd.read_csv(evaldata / "journal-metrics" / "pubmed-journals.tsv", sep="\t", dtype="str")
    by_id = listed.set_index("NlmId")
    for item in items.values():
        if nlm_id := item["custom"].get("nlm_id"):
            issns = set(by_id.loc[nlm_id, ["ISSN (Print)", "ISSN (Online)"]].dropna())
            assert issns <= set(item["ISSN"].split(", "))
        if item.get("ISSN"):
            assert item["custom"]["journal_source"]


def test_metrics_are_facts_of_named_sources() -> None:
    """The shipped table fits its schema, both ways of reading it agree, and every row names its source."""
    table = storage.from_csv(METRICS, JOURNAL_METRICS)
    pd.testing.assert_frame_equal(parse_journal_metrics(METRICS.read_bytes(), name=METRICS.name), table)
    assert set(table["metric"]) == {"CiteScore", "SJR", "SNIP", "JIF"}
    scopus = table[table["metric"] != "JIF"]
    assert scopus["metric_year"].between(2011, 2020).all()
    assert scopus["source"].str.contains("CC0").all()
    assert scopus["quartile"].isna().all()


def test_the_one_impact_factor_is_the_document_s_own() -> None:
    """4.6 and Q1 for 2024, as the NFE2L2 document reports; no other Clarivate figure is shipped."""
    table = storage.from_csv(METRICS, JOURNAL_METRICS)
    row = table[table["metric"] == "JIF"]
    assert len(row) == 1
    assert row.iloc[0][["journal", "value", "quartile", "metric_year"]].tolist() == [
        "Cancer Drug Resistance",
        4.6,
        "Q1",
        2024,
    ]
    assert "10.20517/cdr.2024.123" in row.iloc[0]["source"]


def test_journals_without_a_metric_stay_without(articles: pd.DataFrame) -> None:
    """Six journals have none; nothing is imputed."""
    table = storage.from_csv(METRICS, JOURNAL_METRICS)
    known = {issn for issns in table["issn"].dropna() for issn in split_list(issns)}
    without = {row.journal for row in articles.itertuples() if not known & set(split_list(row.issn))}
    assert without == {
        "临床医学进展", "iScience", "Chinese Journal of Pathophysiology", "Signal Transduction and Targeted Therapy",
        "Cancer Research Communications", "Chemistry & Biology",
    }  # fmt: skip


@pytest.mark.evaldata
def test_metric_values_equal_the_public_table(evaldata: Path) -> None:
    """Value by value."""
    table = storage.from_csv(METRICS, JOURNAL_METRICS)
    public = pd.read_csv(
        evaldata / "journal-metrics" / "pubmed-metrics.tsv.gz", sep="\t", dtype={"journal_nlm_id": "str"}
    ).set_index(["journal_nlm_id", "year", "metric"])["value"]
    for row in table[table["metric"] != "JIF"].itertuples():
        assert public[(row.nlm_id, row.metric_year, row.metric)] == row.value


def test_every_raw_file_has_its_provenance() -> None:
    """data/raw/README.md names each file, and no file that is not there."""
    root = PATH.parents[2]
    text = (root / "README.md").read_text(encoding="utf-8")
    kept = [path for folder in ("corpora/seed", "journals", "terms") for path in (root / folder).glob("*.*")]
    names = {path.relative_to(root).as_posix() for path in kept}
    named = set(re.findall(r"`((?:corpora/seed|journals|terms)/[\w.-]+)`", text))
    assert names == named
