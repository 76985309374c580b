"""The sentences and legends under the figures: computed, right by hand, and honest where there is nothing."""

from __future__ import annotations

import pandas as pd
import pytest
import synthetic_tables as synthetic

from helpers.present import answers, captions, findings
from helpers.schemas import TABLES
from helpers.schemas.statistics import TARGET_THERAPY
from helpers.tabulate.journal_tests import compare_metrics

MODES = synthetic.modes(20)


def empty(name: str) -> pd.DataFrame:
    return TABLES[name].empty()


@pytest.mark.parametrize(
    ("n", "noun", "text"),
    [
        (0, "record", "no record"),
        (1, "gene", "1 gene"),
        (1200, "record", "1,200 records"),
        (2, "therapy", "2 therapies"),
    ],
)
def test_numbers_agree_with_their_nouns(n: int, noun: str, text: str) -> None:
    """Plural, singular and none."""
    assert answers.count_of(n, noun) == text


@pytest.mark.parametrize(
    ("items", "text"),
    [
        ([], "none"),
        (["a"], "a"),
        (["a", "b", "c"], "a, b and c"),
        (list("abcdefghij"), "a, b, c, d, e, f, g, h and 2 more"),
    ],
)
def test_lists_read_as_phrases(items: list[str], text: str) -> None:
    """What is left out is counted."""
    assert answers.listed(items) == text


def test_the_best_documented_pair_is_named_by_hand() -> None:
    """Three pairs: the one with most records, and the gene with most modes."""
    rows = [("A", "ferroptosis", 3, "r1|r2|r3"), ("A", "apoptosis", 1, "r1"), ("B", "apoptosis", 2, "r1|r4")]
    pairs = pd.DataFrame(rows, columns=["gene", "mode", "n", "records"])
    text = answers.answer_heatmap(pairs, MODES)
    assert text.startswith(
        "2 genes are named with 2 modes. The best documented pair is A and ferroptosis (3 records)"
    )
    assert "A is named with most modes: ferroptosis (3) and apoptosis (1)." in text
    assert answers.records_behind(pairs) == 4


def test_associations_above_chance_are_those_below_q() -> None:
    """A pair below q whose IC is negative is no association."""
    frame = pd.DataFrame(
        {
            "gene": list("ABCD"),
            "mode": ["m"] * 4,
            "q": [0.01, 0.2, 0.001, None],
            "ic": [2.0, 1.0, -1.0, 3.0],
            "ic_low": [1.0] * 4,
        }
    )
    text = answers.answer_association(frame, 3)
    assert text == (
        "3 pairs whose gene and mode are each named by at least 3 records were tested; 1 is named together more "
        "often than chance at q < 0.05: "
        "A × m (IC 2.0)."
    )


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (lambda: answers.answer_heatmap(empty("gene_mode"), MODES), "No record names both"),
        (lambda: answers.answer_association(empty("gene_mode"), 3), "Too few"),
        (lambda: findings.answer_shared(empty("gene_mode"), MODES), "No record names both"),
        (lambda: answers.answer_gaps(empty("gaps"), MODES), "No gene has enough records"),
        (lambda: answers.answer_trends(empty("trends"), MODES), "Too few records"),
        (lambda: answers.answer_journals(empty("mode_journal"), MODES, "SJR"), "Too few records with a SJR"),
        (lambda: answers.answer_trends(empty("trends"), MODES, kind="gene"), "Too few records in any target"),
        (lambda: answers.answer_first_records(empty("first_records"), MODES), "No record with a publication"),
        (
            lambda: findings.answer_exclusions(empty("exclusions_summary"), empty("exclusions")),
            "No record is known to be retracted",
        ),
        (
            lambda: findings.answer_metric_panels(
                empty("mode_journal"), empty("metric_agreement"), MODES, "SJR"
            ),
            "Too few records with the value of a metric",
        ),
        (lambda: answers.answer_searches(empty("searches")), "No query was given"),
        (lambda: answers.answer_compare(empty("compare")), "do not differ"),
        (
            lambda: answers.answer_mentions(empty("articles"), empty("mentions"), empty("evidence")),
            "name nothing",
        ),
        (lambda: findings.answer_sensitivity(empty("sensitivity"), empty("permutation")), "Too few records"),
        (lambda: findings.answer_mode_map(empty("mode_mode"), MODES), "No record names two modes"),
        (
            lambda: findings.answer_therapies(TARGET_THERAPY.empty(), MODES, synthetic.therapies()),
            "No record names a therapy",
        ),
        (lambda: findings.answer_rankings(empty("rank_agreement")), "Too few records to rank"),
        (
            lambda: captions.caption_heatmap(empty("articles"), empty("gene_mode")),
            "n = 0 records, no year known",
        ),
        (lambda: captions.caption_gaps(empty("gaps")), ""),
    ],
)
def test_nothing_is_said_honestly(text: object, words: str) -> None:
    """An empty table gives a sentence, never an error or an invented number."""
    assert words in text()  # type: ignore[operator]


def test_every_full_table_has_its_sentence_and_legend() -> None:
    """Synthetic tables of usual size: each text is one paragraph without a missing value in it."""
    pairs, evidence = synthetic.gene_mode(), synthetic.evidence()
    articles = synthetic.articles(sorted(evidence["record_id"].unique()))
    gaps, trends, flow = synthetic.gaps(pairs), synthetic.trends(), synthetic.flow()
    pairs_of_modes = synthetic.mode_mode()
    texts = [
        answers.answer_heatmap(pairs, MODES),
        answers.answer_association(pairs, 3),
        answers.answer_directions(pairs, evidence),
        findings.answer_shared(pairs, MODES),
        answers.answer_gaps(gaps, MODES),
        answers.answer_trends(trends, MODES),
        answers.answer_flow(flow),
        answers.describe_flow(flow),
        findings.answer_mode_map(pairs_of_modes, MODES),
        captions.caption_heatmap(articles, pairs),
        captions.caption_dots(articles, pairs),
        captions.caption_directions(evidence),
        captions.caption_shared(pairs),
        captions.caption_gaps(gaps),
        captions.caption_intervals(pairs),
        captions.caption_trends(trends, 3),
        captions.caption_flow(flow),
        captions.caption_ranks(synthetic.rankings(), "CiteScore"),
    ]
    for text in texts:
        assert text.endswith(".")
        assert "\n" not in text
        assert not {"nan", "None", "<NA>"} & set(text.replace(",", " ").replace(".", " ").split())


def test_a_sentence_that_names_many_genes_is_one_sentence() -> None:
    """Rows of evidence are not sentences: three genes in one sentence, one in another."""
    rows = [("r1", 0, gene, "inhibits") for gene in "ABC"] + [("r1", 1, "A", "none stated")]
    frame = pd.DataFrame(rows, columns=["record_id", "sentence", "gene", "effect_on_mode"])
    assert answers.count_sentences(frame.assign(scope="sentence", field="abstract")) == (2, 1)


def test_answer_on_metrics_names_the_leader_under_each_and_what_is_absent() -> None:
    """Highest mode per metric, tau with the run's metric, and the usual metrics without values."""
    table = synthetic.mode_journal(5, ("CiteScore", "SJR"))
    agreement = compare_metrics(table, "CiteScore")
    said = findings.answer_metric_panels(table, agreement, synthetic.modes(), "CiteScore")
    tau = agreement.set_index("metric").loc["SJR", "tau"]
    assert f"SJR {tau:.2f} over 3 modes" in said
    assert said.endswith("JCR impact factor, OpenAlex 2-year and RCR (article).")


def test_answer_on_exclusions_says_what_each_state_decides() -> None:
    """Two retracted records behind three pairs, of which one rests on them alone; gene names keep their case."""
    summary = pd.DataFrame(
        {"state": ["retracted", "concern"], "treatment": ["left out", "kept"], "n": [2, 0], "pairs": [3, 0]}
    ).assign(vanished=[1, 0], moved=0)
    rows = pd.DataFrame({"state": "retracted", "gene": ["GPX4", "BAX"], "mode": "ferroptosis"})
    rows["change"] = ["rests on them alone", "count only"]
    assert findings.answer_exclusions(summary, rows) == (
        "Retracted (left out): 2 records in 3 pairs, of which 1 rest on them alone and 0 change their "
        "association: GPX4 with ferroptosis."
    )


def test_answer_on_trends_names_the_years_that_stand_out() -> None:
    """The planted burst of the synthetic trends is said, for modes as for targets."""
    trends = synthetic.trends(6)
    assert "apoptosis 2023" in answers.answer_trends(trends, synthetic.modes())
    genes = trends.assign(kind="gene", concept=trends["concept"].replace("apoptosis", "TP53"))
    assert "TP53 2023" in answers.answer_trends(genes, synthetic.modes(), kind="gene")


def test_answer_on_first_records_names_the_earliest_and_the_newest_pairs() -> None:
    """One pair of 2001, two first named in 2024."""
    rows = pd.DataFrame(
        {"gene": ["BAX", "GPX4", "FDX1"], "mode": ["apoptosis", "ferroptosis", "cuproptosis"]}
    )
    rows = rows.assign(
        first_year=[2001, 2024, 2024], pub_date=["2001", "2024", "2024-02"], record_id="pmid:1"
    )
    said = answers.answer_first_records(rows, synthetic.modes())
    assert "earliest pair is BAX with apoptosis (2001, pmid:1)" in said
    assert "2024: 2 pairs, GPX4 with ferroptosis and FDX1 with cuproptosis" in said


def test_shuffling_is_told_of_the_test_whose_q_is_used() -> None:
    """Fisher's row stands first in the table; the sentence tells the stratified one, with its spread."""
    columns = [
        "test",
        "level",
        "called",
        "threshold",
        "shuffles",
        "called_shuffled",
        "fdr",
        "fdr_low",
        "fdr_high",
    ]
    rows = [
        ("fisher", 0.05, 4, 0.01, 20, 2.0, 0.5, 0.2, 0.8),
        ("stratified", 0.05, 1, 0.01, 20, 0.0, 0.0, 0.0, 0.1),
    ]
    full = pd.DataFrame(
        {"gene": ["A"], "mode": ["apoptosis"], "counting": ["full"], "associated": [True], "as_full": [True]}
    )
    said = findings.answer_sensitivity(full, pd.DataFrame(rows, columns=columns))
    assert "0.0% of the 1 pair called at q ≤ 0.05" in said
    assert "95 % of shuffles: 0.0% to 10.0%" in said
    none = findings.answer_sensitivity(full, pd.DataFrame(rows[:1], columns=columns))
    assert "No pair is called" in none


def test_the_tables_read_are_named_with_their_rows() -> None:
    """One sentence for the Data section; an empty table is told as such."""
    tables = {"articles": pd.DataFrame({"a": range(1200)}), "mentions": empty("mentions")}
    assert answers.answer_read(tables) == "Read: articles (1,200 rows) and mentions (no row)."
