"""Counts: one record is one vote, and every record is accounted for."""

from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from synthetic_corpus import make_articles, make_evidence, make_mentions, make_modes

from helpers.schemas import ARTICLE_METRICS, JOURNAL_METRICS, split_list
from helpers.tabulate.compare import compare_runs
from helpers.tabulate.counts import (
    count_flow,
    count_gene_mode,
    count_genes,
    count_modes,
    select_articles,
)
from helpers.tabulate.exclusions import measure_exclusions
from helpers.tabulate.gaps import find_gaps
from helpers.tabulate.journals import match_metrics, summarise_journals
from helpers.tabulate.mode_pairs import count_mode_pairs
from helpers.tabulate.permutation import check_permutation
from helpers.tabulate.rankings import measure_agreement, rank_genes
from helpers.tabulate.sensitivity import measure_sensitivity, summarise_sensitivity
from helpers.tabulate.trends import count_trends, find_first_records

NO_EVIDENCE = make_evidence([])


def small_corpus() -> tuple[pd.DataFrame, pd.DataFrame]:
    articles = make_articles(
        [
            {"year": 2019, "journal": "A"},
            {"year": 2020, "journal": "A", "article_kind": "review"},
            {"year": 2020, "journal": "B"},
            {"year": 2021, "journal": "B", "retraction": "retracted"},
            {"year": 2021, "journal": "B", "retraction": "notice", "article_kind": "other"},
            {"year": None, "journal": "C", "retraction": "concern"},
        ]
    )
    mentions = make_mentions(
        [
            (0, "gene", "ATF5", 0),
            (0, "gene", "ATF5", 1),
            (0, "gene", "BCL2", 1),
            (0, "mode", "apoptosis", 1),
            (0, "mode", "apoptosis", 2),
            (1, "gene", "ATF5", 0),
            (1, "mode", "apoptosis", 3),
            (1, "mode", "necroptosis", 3, "negated"),
            (2, "mode", "cuproptosis", 0),
            (3, "gene", "ATF5", 0),
            (3, "mode", "apoptosis", 0),
            (5, "gene", "IL6", 0),
            (5, "therapy", "trastuzumab", 0),
        ]
    )
    return articles, mentions


def row(table: pd.DataFrame, **key: str) -> pd.Series:
    for name, value in key.items():
        table = table[table[name] == value]
    assert len(table) == 1
    return table.iloc[0]


def test_a_record_votes_once_however_often_it_names_the_pair() -> None:
    """Two mentions of gene and mode in one record are one vote, with hand-counted companions."""
    articles, mentions = small_corpus()
    pair = row(count_gene_mode(articles, mentions, NO_EVIDENCE), gene="ATF5", mode="apoptosis")
    assert (pair.n, pair.n_primary, pair.n_review, pair.n_sentence) == (2, 1, 1, 1)
    assert pair.n_fractional == pytest.approx(0.5 + 1)
    assert (pair.n_gene, pair.n_mode, pair.journals) == (2, 2, 1)
    assert (pair.first_year, pair.last_year) == (2019, 2020)
    assert split_list(pair.records) == ["local:00000", "local:00001"]


def test_expected_count_is_stratified_by_year() -> None:
    """E of ATF5 and apoptosis by hand: 1*1/1 in 2019, 1*1/2 in 2020, nothing without a year."""
    articles, mentions = small_corpus()
    pair = row(count_gene_mode(articles, mentions, NO_EVIDENCE), gene="ATF5", mode="apoptosis")
    assert pair.expected == pytest.approx(1.5)


def test_a_mode_only_negated_gets_no_vote() -> None:
    """A denial of necroptosis is no record of necroptosis."""
    articles, mentions = small_corpus()
    table = count_gene_mode(articles, mentions, NO_EVIDENCE)
    assert "necroptosis" not in set(table["mode"])


def test_retracted_papers_and_notices_never_vote_even_when_handed_in() -> None:
    """The counts drop them by themselves, and the selection lists them."""
    articles, mentions = small_corpus()
    assert row(count_genes(articles, mentions, NO_EVIDENCE), gene="ATF5").n == 2
    kept, flow = select_articles(articles)
    assert len(kept) == 4
    assert flow.loc[flow["why"] == "retracted", "records"].tolist() == ["local:00003"]
    assert flow.loc[flow["why"] == "retraction notice", "records"].tolist() == ["local:00004"]


def test_a_mode_without_a_gene_stays_in_its_mode_and_in_the_flow() -> None:
    """The record of cuproptosis names no gene: counted for the mode, listed in the flow."""
    articles, mentions = small_corpus()
    mode = row(count_modes(articles, mentions), mode="cuproptosis")
    assert (mode.n, mode.n_without_gene, mode.records) == (1, 1, "local:00002")
    kept, flow = select_articles(articles)
    steps = count_flow(flow, kept, mentions).set_index("name")
    assert steps.loc["name a gene as well", "records"] == "local:00002"
    assert steps.loc["name a death mode", ["n_in", "n_out"]].tolist() == [4, 3]
    assert steps.loc["name both in one sentence", "n_out"] == 1


def test_a_gene_without_a_mode_is_counted_with_its_direction_on_therapy() -> None:
    """IL6 with trastuzumab and no death mode: one record, no mode, resistance."""
    articles, mentions = small_corpus()
    stated = {"record_id": "local:00005", "gene": "IL6", "effect_on_therapy": "resistance"}
    gene = row(count_genes(articles, mentions, make_evidence([stated])), gene="IL6")
    assert (gene.n, gene.n_without_mode, gene.n_modes, gene.n_resistance) == (1, 1, 0, 1)
    assert gene.therapy_direction == "resistance"


def test_limits_of_years_drop_records_without_a_year_and_say_so() -> None:
    """The record without a year is listed as dropped, not lost."""
    articles, _ = small_corpus()
    kept, flow = select_articles(articles, first_year=2020)
    assert kept["record_id"].tolist() == ["local:00001", "local:00002"]
    last = flow.iloc[-1]
    assert last["records"] == "local:00000|local:00005"
    assert "without a year" in last["why"]


def test_languages_keep_a_record_in_any_of_its_languages() -> None:
    """A record in Chinese and English is kept for either."""
    articles = make_articles([{"language": "chi|eng"}, {"language": "ger"}, {}])
    kept, flow = select_articles(articles, languages=["eng"])
    assert kept["record_id"].tolist() == ["local:00000"]
    assert flow.iloc[-1]["dropped"] == 2


def test_flow_begins_with_the_records_of_each_source() -> None:
    """Seven records read, two of them one paper, one withdrawn, one a retraction notice: four are left."""
    articles = make_articles([{}, {}, {}, {}, {"retraction": "notice"}])
    _, flow = select_articles(articles, identified={"pubmed": 5, "mine": 2}, withdrawn=1)
    assert flow["name"].tolist()[:3] == [
        "identified in pubmed 5, mine 2",
        "each paper once",
        "still in PubMed",
    ]
    assert flow["n_out"].tolist() == [7, 6, 5, 4, 4]
    assert flow["n_in"].tolist() == [7, 7, 6, 5, 4]


def test_directions_are_counted_by_record_and_conflicts_shown() -> None:
    """Three records promote, one inhibits, one states both: promotes 3, inhibits 1, conflicting 1."""
    articles = make_articles([{"year": 2020}] * 5)
    named = [(i, kind, name, 0) for i in range(5) for kind, name in (("gene", "TP53"), ("mode", "apoptosis"))]
    pair = {"gene": "TP53", "mode": "apoptosis"}
    said = [(0, "promotes"), (0, "promotes"), (1, "promotes"), (2, "promotes"), (3, "inhibits")]
    said += [(4, "inhibits"), (4, "promotes")]
    rows = [
        {**pair, "record_id": f"local:{i:05d}", "effect_on_mode": effect, "sentence": place}
        for place, (i, effect) in enumerate(said)
    ]
    table = count_gene_mode(articles, make_mentions(named), make_evidence(rows))
    counted = table.iloc[0]
    assert (counted.n_promotes, counted.n_inhibits, counted.n_mode_conflicting) == (3, 1, 1)
    assert counted.direction == "conflicting"
    agreeing = count_gene_mode(articles, make_mentions(named), make_evidence(rows[:5])).iloc[0]
    assert agreeing.direction == "promotes"


def test_journal_weights_count_only_records_that_have_a_metric() -> None:
    """Q1, percentile and RCR are sums over records with a value; nothing is imputed."""
    articles, mentions = small_corpus()
    metrics = pd.DataFrame(
        {
            "record_id": ["local:00000", "local:00000", "local:00001"],
            "metric": ["CiteScore", "RCR", "CiteScore"],
            "metric_year": 2019,
            "value": [8.0, 2.5, 4.0],
            "quartile": ["Q1", None, "Q2"],
            "percentile": [95.0, None, 60.0],
        }
    )
    table = count_gene_mode(articles, mentions, NO_EVIDENCE, article_metrics=metrics, min_records=2)
    pair = row(table, gene="ATF5", mode="apoptosis")
    assert (pair.n_q1, pair.metric_median, pair.n_rcr) == (1, 6.0, 2.5)
    assert pair.n_percentile == pytest.approx(1.55)
    few = count_gene_mode(articles, mentions, NO_EVIDENCE, article_metrics=metrics)
    assert few["metric_median"].isna().all()


def test_an_empty_corpus_gives_empty_tables() -> None:
    """No records: no rows, no error."""
    articles, mentions = make_articles([]), make_mentions([])
    assert count_gene_mode(articles, mentions, NO_EVIDENCE).empty
    assert count_modes(articles, mentions).empty
    assert count_genes(articles, mentions, NO_EVIDENCE).empty
    kept, flow = select_articles(articles)
    assert count_flow(flow, kept, mentions)["n_out"].eq(0).all()


NAMED = st.lists(
    st.tuples(
        st.integers(0, 7),
        st.sampled_from([("gene", "A"), ("gene", "B"), ("mode", "x"), ("mode", "y")]),
        st.integers(0, 2),
    ),
    max_size=40,
)


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(NAMED, st.lists(st.sampled_from(["none", "retracted", "notice", "concern"]), min_size=8, max_size=8))
def test_pairs_equal_a_plain_loop_over_sets(named: list, states: list[str]) -> None:
    """The sparse counts are those of a loop over sets of names."""
    articles = make_articles({"year": 2000 + i % 3, "retraction": s} for i, s in enumerate(states))
    mentions = make_mentions((i, kind, name, sentence) for i, (kind, name), sentence in named)
    table = count_gene_mode(articles, mentions, NO_EVIDENCE)
    counted = {(r.gene, r.mode): (r.n, r.n_sentence) for r in table.itertuples()}
    expected: dict = {}
    for i, state in enumerate(states):
        if state in ("retracted", "notice"):
            continue
        for g in "AB":
            for m in "xy":
                gs = {s for j, (_, name), s in named if (j, name) == (i, g)}
                ms = {s for j, (_, name), s in named if (j, name) == (i, m)}
                if gs and ms:
                    n, close = expected.get((g, m), (0, 0))
                    expected[g, m] = (n + 1, close + bool(gs & ms))
    assert counted == expected


EMPTY_CASES = {
    "no records": ([], []),
    "nothing named": ([{"year": 2020}] * 4, []),
    "genes only": ([{"year": 2020}] * 4, [(i, "gene", "A") for i in range(4)]),
    "modes only": ([{"year": 2020}] * 4, [(i, "mode", "x") for i in range(4)]),
    "all retracted": ([{"year": 2020, "retraction": "retracted"}], [(0, "gene", "A"), (0, "mode", "x")]),
    "no year": ([{}] * 4, [(i, *named) for i in range(4) for named in (("gene", "A"), ("mode", "x"))]),
    "one record": ([{"year": 2020}], [(0, "gene", "A"), (0, "mode", "x")]),
}


@pytest.mark.parametrize("case", EMPTY_CASES)
def test_every_table_stands_on_the_smallest_corpora(case: str) -> None:
    """No statistic fails where there is little or nothing to count; it leaves rows or numbers out."""
    records, named = EMPTY_CASES[case]
    articles, mentions = make_articles(records), make_mentions(named)
    kept, flow = select_articles(articles)
    pairs = count_gene_mode(kept, mentions, NO_EVIDENCE, article_metrics=ARTICLE_METRICS.empty())
    gaps = find_gaps(kept, mentions, pairs, make_modes({"x": None, "y": 2022}))
    run = {"articles": kept, "mentions": mentions, "gene_mode": pairs, "gaps": gaps}
    assert count_flow(flow, kept, mentions)["n_out"].min() >= 0
    assert compare_runs(run, run).empty
    assert len(measure_exclusions(articles, mentions)[1]) == 3
    assert check_permutation(kept, mentions, shuffles=1)["called"].eq(0).all()
    assert measure_agreement(rank_genes(kept, mentions))["tau"].isna().all()
    assert summarise_sensitivity(measure_sensitivity(kept, mentions))["associated"].sum() == 0
    assert count_mode_pairs(kept, mentions).empty
    assert count_trends(kept, mentions, current_year=2026)["growth"].isna().all()
    assert len(find_first_records(kept, mentions)) == len(pairs)
    assert summarise_journals(kept, mentions, ARTICLE_METRICS.empty(), kind="mode").empty
    assert match_metrics(kept, JOURNAL_METRICS.empty())[1]["n"].sum() == len(kept)
