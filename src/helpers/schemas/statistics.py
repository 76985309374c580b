"""Tables of the statistics behind the results: rankings, sensitivity, checks, therapies, mode pairs."""

from __future__ import annotations

from helpers.schemas.records import MODE_EFFECTS, THERAPY_EFFECTS
from helpers.schemas.table import BOOL, FLOAT, INT, LIST, TEXT, Column, Table

COUNTINGS = ("full", "fractional", "sentence", "no reviews")
COUNT_ONLY = "count only"  # what an exclusion changes when it decides nothing
WEIGHTINGS = ("all", "primary", "q1", "percentile", "rcr")
_GENE, _MODE = Column("gene", TEXT, "HGNC symbol"), Column("mode", TEXT, "mode id")
_RECORDS = Column("records", LIST, "record ids behind the row", optional=True)
_YEARS = (
    Column("first_year", INT, "first year", optional=True),
    Column("last_year", INT, "last year", optional=True),
)
_ASSOCIATION = (
    Column("expected", FLOAT, "expected n, stratified by publication year"),
    Column("ic", FLOAT, "Information Component, log2((n+0.5)/(expected+0.5))"),
    Column("ic_low", FLOAT, "2.5 % bound of its credible interval"),
    Column("ic_high", FLOAT, "97.5 % bound"),
)
_TESTS = (
    Column("ic_low_margins", FLOAT, "2.5 % bound given the counts of both, narrower where they are large"),
    Column("ic_high_margins", FLOAT, "97.5 % bound likewise"),
    Column("odds_ratio", FLOAT, "conditional odds ratio; missing when too few", optional=True),
    Column("or_low", FLOAT, "95 % bound", optional=True),
    Column("or_high", FLOAT, "95 % bound", optional=True),
    Column(
        "p", FLOAT, "two-sided mid-p, stratified by publication year; missing when not tested", optional=True
    ),
    Column("q", FLOAT, "Benjamini-Hochberg of p over the tested pairs", optional=True),
    Column("p_fisher", FLOAT, "Fisher exact on the pooled table, blind to years", optional=True),
    Column("q_fisher", FLOAT, "Benjamini-Hochberg of p_fisher", optional=True),
)
_THERAPY = (
    Column("n_resistance", INT, "records saying the gene gives resistance"),
    Column("n_sensitising", INT, "records saying the gene sensitises"),
    Column("n_therapy_conflicting", INT, "records saying both"),
    Column("therapy_direction", TEXT, "summary of the effect over records", values=THERAPY_EFFECTS),
)

MODE_COUNTS = Table(
    "mode_counts",
    "Records per mode; one record is one vote.",
    ("mode",),
    (
        _MODE,
        Column("n", INT, "records naming the mode"),
        Column("n_primary", INT, "of them primary research"),
        Column("n_review", INT, "of them reviews"),
        Column("n_without_gene", INT, "of them naming no gene"),
        *_YEARS,
        _RECORDS,
    ),
)
GENE_COUNTS = Table(
    "gene_counts",
    "Records per gene; one record is one vote.",
    ("gene",),
    (
        _GENE,
        Column("n", INT, "records naming the gene"),
        Column("n_primary", INT, "of them primary research"),
        Column("n_review", INT, "of them reviews"),
        Column("n_without_mode", INT, "of them naming no mode"),
        Column("n_modes", INT, "modes named with it"),
        *_YEARS,
        *_THERAPY,
        _RECORDS,
    ),
)
FIRST_RECORDS = Table(
    "first_records",
    "The first counted record of each gene and mode.",
    ("gene", "mode"),
    (
        _GENE,
        _MODE,
        Column("first_year", INT, "its year", optional=True),
        Column("pub_date", TEXT, "its publication date", optional=True),
        Column("record_id", TEXT, "the record; of several with the same date, the first by id"),
        Column("n", INT, "records naming both since"),
    ),
)
SENSITIVITY = Table(
    "sensitivity",
    "Association of each gene and mode under each way of counting.",
    ("gene", "mode", "counting"),
    (
        _GENE,
        _MODE,
        Column("counting", TEXT, "way of counting", values=COUNTINGS),
        Column("n", FLOAT, "votes for the pair"),
        *_ASSOCIATION,
        Column("rank", INT, "rank of the pair by ic_low, 1 is the strongest"),
        Column("associated", BOOL, "whether ic_low is above 0"),
        Column("as_full", BOOL, "whether full counting says the same of `associated`"),
    ),
)
SENSITIVITY_SUMMARY = Table(
    "sensitivity_summary",
    "How far each way of counting agrees with full counting.",
    ("counting",),
    (
        Column("counting", TEXT, "way of counting", values=COUNTINGS),
        Column("pairs", INT, "pairs compared: those with enough records"),
        Column("associated", INT, "pairs with ic_low above 0"),
        Column("gained", INT, "pairs associated here and not under full counting"),
        Column("lost", INT, "pairs associated under full counting and not here"),
        Column("tau", FLOAT, "Kendall's tau-b of ic with full counting; missing when too few", optional=True),
    ),
)
PERMUTATION = Table(
    "permutation",
    "False-discovery rate seen when gene labels are shuffled within years, beside the q it should match.",
    ("test", "level"),
    (
        Column(
            "test", TEXT, "stratified (p, q) or fisher (p_fisher, q_fisher)", values=("stratified", "fisher")
        ),
        Column("level", FLOAT, "q at or below which a pair is called"),
        Column("called", INT, "pairs called in the data"),
        Column("threshold", FLOAT, "largest p among them", optional=True),
        Column("shuffles", INT, "shuffled corpora"),
        Column("called_shuffled", FLOAT, "mean pairs with a p at or below the threshold when shuffled"),
        Column("fdr", FLOAT, "called_shuffled / called; missing when nothing is called", optional=True),
        Column("fdr_low", FLOAT, "2.5 % bound over the shuffles", optional=True),
        Column("fdr_high", FLOAT, "97.5 % bound", optional=True),
    ),
)
UNMATCHED_JOURNALS = Table(
    "unmatched_journals",
    "Journals for which no metric was found; nothing is imputed.",
    ("journal", "issn"),
    (
        Column("journal", TEXT, "journal title in the records; missing where they name none", optional=True),
        Column("issn", LIST, "their ISSNs", optional=True),
        Column("n", INT, "records"),
        Column("reason", TEXT, "why nothing was found"),
        Column("records", LIST, "record ids"),
    ),
)
JOURNAL_TEST = Table(
    "journal_test",
    "Whether a journal metric differs between modes: Kruskal-Wallis, one row per metric.",
    ("metric",),
    (
        Column("metric", TEXT, "name of the metric"),
        Column("modes", INT, "modes compared"),
        Column("n", INT, "records compared: those naming exactly one of the modes"),
        Column("n_shared", INT, "records left out because they name several modes"),
        Column("h", FLOAT, "Kruskal-Wallis H; missing when too few", optional=True),
        Column("df", INT, "degrees of freedom", optional=True),
        Column("p", FLOAT, "p", optional=True),
        Column("epsilon_squared", FLOAT, "effect size, 0 to 1", optional=True),
    ),
)
JOURNAL_DUNN = Table(
    "journal_dunn",
    "Pairs of modes compared by a journal metric: Dunn's test and Cliff's delta.",
    ("metric", "mode_a", "mode_b"),
    (
        Column("metric", TEXT, "name of the metric"),
        Column("mode_a", TEXT, "mode id"),
        Column("mode_b", TEXT, "mode id"),
        Column("n_a", INT, "records of the first"),
        Column("n_b", INT, "records of the second"),
        Column("median_a", FLOAT, "median of the first"),
        Column("median_b", FLOAT, "median of the second"),
        Column("p", FLOAT, "Dunn's test"),
        Column("p_adjusted", FLOAT, "after Holm's correction over the metric's pairs"),
        Column("delta", FLOAT, "Cliff's delta: above 0 where the first has the higher values"),
        Column("size", TEXT, "size of the effect", values=("negligible", "small", "medium", "large")),
    ),
)
METRIC_AGREEMENT = Table(
    "metric_agreement",
    "How far the order of the modes by median is the same under each metric.",
    ("metric",),
    (
        Column("metric", TEXT, "name of the metric"),
        Column("coverage", FLOAT, "share of the namings of a mode whose record has a value"),
        Column("modes", INT, "modes with a median"),
        Column("highest", TEXT, "mode of the highest median; missing where too few", optional=True),
        Column("median", FLOAT, "its median", optional=True),
        Column("shared", INT, "modes with a median here and under the metric of the run"),
        Column("tau", FLOAT, "Kendall's tau-b of their medians; missing when too few", optional=True),
    ),
)
RANKINGS = Table(
    "rankings",
    "Targets ranked under each weighting of their records.",
    ("mode", "gene", "weighting"),
    (
        Column("mode", TEXT, "mode id; any: records naming any mode"),
        _GENE,
        Column("weighting", TEXT, "weighting", values=WEIGHTINGS),
        Column("score", FLOAT, "sum of the weights of its records"),
        Column("n_known", INT, "of its records, those with the figure the weighting needs"),
        Column("rank", INT, "1 is the highest score; ties share the better rank"),
        Column("shift", INT, "rank under `all` minus this rank: above 0 is a rise"),
    ),
)
RANK_AGREEMENT = Table(
    "rank_agreement",
    "How far each weighting changes the ranking by all records.",
    ("mode", "weighting"),
    (
        Column("mode", TEXT, "mode id; any: records naming any mode"),
        Column("weighting", TEXT, "weighting", values=WEIGHTINGS[1:]),
        Column("genes", INT, "targets ranked"),
        Column("coverage", FLOAT, "share of the records with a metric or RCR", optional=True),
        Column("tau", FLOAT, "Kendall's tau-b with `all`; missing when too few", optional=True),
        Column("p", FLOAT, "its p", optional=True),
        Column("top", INT, "size of the top compared"),
        Column("kept", INT, "targets of that top which stay in it"),
        Column("movers", LIST, "largest movers as gene:rank under all:rank here", optional=True),
        Column("changes", BOOL, "whether the top loses a target or its first place", optional=True),
        Column("sentence", TEXT, "the finding in one sentence"),
    ),
)
TARGET_THERAPY = Table(
    "target_therapy",
    "One row per target, therapy and mode named together: which resistance goes with which mode.",
    ("gene", "therapy", "mode"),
    (
        _GENE,
        Column("therapy", TEXT, "therapy id"),
        Column("mode", TEXT, "mode id; missing where the records name no mode", optional=True),
        Column("n", INT, "records"),
        Column("n_sentence", INT, "of them naming all in one sentence"),
        Column("n_linked", INT, "of them naming gene and therapy in one sentence, and gene and mode in one"),
        *_THERAPY,
        Column("n_promotes", INT, "records saying the gene promotes the mode"),
        Column("n_inhibits", INT, "records saying the gene inhibits the mode"),
        Column("n_mode_conflicting", INT, "records saying both"),
        Column("direction", TEXT, "summary of the effect on the mode", values=MODE_EFFECTS),
        *_YEARS,
        Column("records", LIST, "record ids behind the row"),
        Column("linked", LIST, "record ids behind n_linked", optional=True),
    ),
)
MODE_MODE = Table(
    "mode_mode",
    "Pairs of modes: records naming both, and targets linked to both, each against chance.",
    ("mode_a", "mode_b"),
    (
        Column("mode_a", TEXT, "mode id"),
        Column("mode_b", TEXT, "mode id, after mode_a in the alphabet"),
        Column("n", INT, "records naming both"),
        Column("n_a", INT, "records naming the first"),
        Column("n_b", INT, "records naming the second"),
        *_ASSOCIATION,
        *_TESTS,
        Column("genes_a", INT, "targets named with the first in enough records"),
        Column("genes_b", INT, "targets named with the second in enough records"),
        Column("genes_shared", INT, "targets named with both"),
        Column("genes_expected", FLOAT, "targets expected in both by chance"),
        Column("genes_p", FLOAT, "Fisher exact, two-sided; missing when not tested", optional=True),
        Column("genes_q", FLOAT, "Benjamini-Hochberg over the tested pairs", optional=True),
        Column("shared", LIST, "the shared targets", optional=True),
        _RECORDS,
    ),
)
EXCLUSIONS = Table(
    "exclusions",
    "What leaving out retracted, concern-flagged or corrected records changes, pair by pair.",
    ("state", "gene", "mode"),
    (
        Column("state", TEXT, "retraction state", values=("retracted", "concern", "corrected")),
        _GENE,
        _MODE,
        Column("n_with", INT, "records with those of this state"),
        Column("n_without", INT, "records without them"),
        Column("ic_low_with", FLOAT, "lower bound of the Information Component with them", optional=True),
        Column("ic_low_without", FLOAT, "and without", optional=True),
        Column("change", TEXT, "what moves: the pair vanishes, its association, its count only"),
        Column("records", LIST, "the records of this state behind the pair"),
    ),
)
EXCLUSIONS_SUMMARY = Table(
    "exclusions_summary",
    "Records and pairs touched by each retraction state, and what the atlas does with them.",
    ("state",),
    (
        Column("state", TEXT, "retraction state", values=("retracted", "concern", "corrected")),
        Column("treatment", TEXT, "left out, or kept and flagged"),
        Column("n", INT, "records of this state"),
        Column("pairs", INT, "pairs whose count they change"),
        Column("vanished", INT, "pairs that rest on them alone"),
        Column("moved", INT, "pairs whose association (ic_low above 0) they decide"),
        _RECORDS,
    ),
)
