"""Tables of results: counts, association, gaps, trends, journals, flow, comparison."""

from __future__ import annotations

from helpers.schemas.records import GAP_CLASSES, METRIC_COLUMNS, MODE_EFFECTS, THERAPY_EFFECTS
from helpers.schemas.table import BOOL, FLOAT, INT, LIST, TEXT, Column, Table

GENE_MODE = Table(
    "gene_mode",
    "One row per gene and mode named together in at least one counted record; one record is one vote.",
    ("gene", "mode"),
    (
        Column("gene", TEXT, "HGNC symbol"),
        Column("mode", TEXT, "mode id"),
        Column("n", INT, "records naming both"),
        Column("n_primary", INT, "of them primary research"),
        Column("n_review", INT, "of them reviews"),
        Column("n_sentence", INT, "of them naming both in one sentence"),
        Column("n_fractional", FLOAT, "sum of 1/k, k = genes the record names"),
        Column("n_gene", INT, "records naming the gene"),
        Column("n_mode", INT, "records naming the mode"),
        Column("expected", FLOAT, "expected n, stratified by publication year"),
        Column("ic", FLOAT, "Information Component, log2((n+0.5)/(expected+0.5))"),
        Column("ic_low", FLOAT, "2.5 % bound of its credible interval"),
        Column("ic_high", FLOAT, "97.5 % bound"),
        Column("ic_low_margins", FLOAT, "2.5 % bound given n_gene and n_mode, narrower where they are large"),
        Column("ic_high_margins", FLOAT, "97.5 % bound likewise"),
        Column("odds_ratio", FLOAT, "conditional odds ratio; missing when too few", optional=True),
        Column("or_low", FLOAT, "95 % bound", optional=True),
        Column("or_high", FLOAT, "95 % bound", optional=True),
        Column(
            "p",
            FLOAT,
            "two-sided mid-p, stratified by publication year; missing when not tested",
            optional=True,
        ),
        Column("q", FLOAT, "Benjamini-Hochberg of p over the tested pairs", optional=True),
        Column("p_fisher", FLOAT, "Fisher exact on the pooled table, blind to years", optional=True),
        Column("q_fisher", FLOAT, "Benjamini-Hochberg of p_fisher", optional=True),
        Column("n_promotes", INT, "records saying the gene promotes the mode"),
        Column("n_inhibits", INT, "records saying the gene inhibits the mode"),
        Column("n_mode_conflicting", INT, "records saying both"),
        Column("n_resistance", INT, "records saying the gene gives resistance"),
        Column("n_sensitising", INT, "records saying the gene sensitises"),
        Column("n_therapy_conflicting", INT, "records saying both"),
        Column("direction", TEXT, "summary of the effect on the mode over records", values=MODE_EFFECTS),
        Column(
            "therapy_direction", TEXT, "summary of the effect on therapy over records", values=THERAPY_EFFECTS
        ),
        Column("first_year", INT, "first year", optional=True),
        Column("last_year", INT, "last year", optional=True),
        Column("journals", INT, "number of journals"),
        Column(
            "metric_median", FLOAT, "median of the run's metric over records that have one", optional=True
        ),
        Column("n_q1", INT, "records in a Q1 journal (year-matched); missing metric is not Q1"),
        Column("n_percentile", FLOAT, "sum of journal percentile/100 over records that have one"),
        Column(
            "n_rcr", FLOAT, "sum of the Relative Citation Ratio over records that have one", optional=True
        ),
        Column("records", LIST, "record ids behind the row"),
    ),
)

GAPS = Table(
    "gaps",
    "One row per gene and mode with fewer joint records than chance expects, or none.",
    ("gene", "mode"),
    (
        Column("gene", TEXT, "HGNC symbol"),
        Column("mode", TEXT, "mode id"),
        Column("observed", INT, "records naming both"),
        Column("expected", FLOAT, "expected, stratified by publication year"),
        Column("ic_high", FLOAT, "upper bound of the Information Component"),
        Column("n_gene", INT, "records naming the gene", optional=True),
        Column("n_mode", INT, "records naming the mode", optional=True),
        Column("n_since", INT, "records naming the gene since the mode had its name", optional=True),
        Column("n_negated", INT, "records naming both, the mode only to deny it", optional=True),
        Column("class", TEXT, "class of gap", values=GAP_CLASSES),
        Column("reason", TEXT, "why, in words"),
    ),
)

TRENDS = Table(
    "trends",
    "Records per year of each mode and gene, as share of the year's records.",
    ("kind", "concept", "year"),
    (
        Column("kind", TEXT, "kind of concept", values=("mode", "gene")),
        Column("concept", TEXT, "mode id or HGNC symbol"),
        Column("year", INT, "publication year"),
        Column("n", INT, "records naming it"),
        Column("n_year", INT, "records of the year in the slice"),
        Column("share", FLOAT, "n / n_year", optional=True),
        Column("share_low", FLOAT, "Wilson 95 % bound", optional=True),
        Column("share_high", FLOAT, "Wilson 95 % bound", optional=True),
        Column(
            "growth",
            FLOAT,
            "yearly growth of the share, Poisson regression, e.g. 0.12 = 12 % a year; missing when too few",
            optional=True,
        ),
        Column("growth_low", FLOAT, "95 % bound", optional=True),
        Column("growth_high", FLOAT, "95 % bound", optional=True),
        Column("burst", BOOL, "the year stands out from the concept's own trend"),
        Column("complete", BOOL, "false for the year still running when the records were fetched"),
    ),
)

JOURNAL_METRICS = Table(
    "journal_metrics",
    "One row per journal, metric and year, as its source gives it.",
    ("journal_key", "metric", "metric_year", "source"),
    (
        Column("journal_key", TEXT, "ISSN-L, else first ISSN, else nlm:<NLM unique id>"),
        Column("journal", TEXT, "journal title in the source"),
        Column("issn", LIST, "ISSNs in the source", optional=True),
        Column("nlm_id", TEXT, "NLM unique id", optional=True),
        *METRIC_COLUMNS,
    ),
)

ARTICLE_METRICS = Table(
    "article_metrics",
    "One row per record and metric: the journal's value in the year nearest to publication.",
    ("record_id", "metric"),
    (
        Column("record_id", TEXT, "record"),
        *METRIC_COLUMNS,
        Column(
            "year_distance",
            INT,
            "metric year minus publication year; missing for article-level metrics",
            optional=True,
        ),
        Column("matched_by", TEXT, "identifier that matched", values=("issn_l", "issn", "nlm_id", "pmid")),
    ),
)


def _journal_summary(name: str, concept: str, meaning: str) -> Table:
    return Table(
        name,
        f"Distribution of each journal metric over the records naming a {concept}.",
        (concept, "metric"),
        (
            Column(concept, TEXT, meaning),
            Column("metric", TEXT, "name of the metric"),
            Column("n", INT, "records naming it"),
            Column("n_matched", INT, "of them with a value"),
            Column("coverage", FLOAT, "n_matched / n"),
            Column("median", FLOAT, "median of the values; missing when too few", optional=True),
            Column("median_low", FLOAT, "bootstrap 95 % bound", optional=True),
            Column("median_high", FLOAT, "bootstrap 95 % bound", optional=True),
            Column("q25", FLOAT, "lower quartile", optional=True),
            Column("q75", FLOAT, "upper quartile", optional=True),
            Column("share_q1", FLOAT, "share of matched records in a Q1 journal", optional=True),
        ),
    )


MODE_JOURNAL = _journal_summary("mode_journal", "mode", "mode id")
GENE_JOURNAL = _journal_summary("gene_journal", "gene", "HGNC symbol")

_FLOW_COLUMNS = (
    Column("step", INT, "order of the step, from 1"),
    Column("name", TEXT, "step"),
    Column("n_in", INT, "records in"),
    Column("n_out", INT, "records out"),
    Column("dropped", INT, "n_in - n_out"),
    Column("why", TEXT, "reason", optional=True),
    Column("records", LIST, "record ids dropped", optional=True),
)
CORPUS_FLOW = Table(
    "corpus_flow", "Steps from the sources to the selected articles (PRISMA-like).", ("step",), _FLOW_COLUMNS
)
FLOW = Table(
    "flow",
    "What went into each step, what came out and why the rest did not (PRISMA-like), to the last pair.",
    ("step",),
    _FLOW_COLUMNS,
)

COMPARE = Table(
    "compare",
    "Differences between two runs, record by record and conclusion by conclusion.",
    ("kind", "item"),
    (
        Column(
            "kind",
            TEXT,
            "what differs",
            values=("record", "annotation", "pair", "rank", "significance", "gap"),
        ),
        Column("item", TEXT, "record id, or gene × mode"),
        Column(
            "change",
            TEXT,
            "kind of change",
            values=("new", "not observed", "withdrawn", "re-annotated", "recalculated", "moved"),
        ),
        Column("before", TEXT, "value in the first run", optional=True),
        Column("after", TEXT, "value in the second run", optional=True),
        Column("reason", TEXT, "why, in words"),
    ),
)
