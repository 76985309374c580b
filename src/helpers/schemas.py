"""The columns of every table, in one place; `data/processed/README.md` is generated from it.

Identifiers are text. Dates are ISO text of the precision known. Missing is missing, never 0 or "".
A list in a column is text joined by "|", in document order; `split_list` and `join_list` convert.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import pandas as pd

from helpers.errors import SchemaError

TEXT, INT, FLOAT, BOOL, LIST = "text", "int", "float", "bool", "list"
_DTYPES = {TEXT: "str", LIST: "str", INT: "Int64", FLOAT: "float64", BOOL: "boolean"}

SEPARATOR = "|"


@dataclass(frozen=True)
class Column:
    """One column: its type, whether it may be missing, its meaning, and its allowed values."""

    name: str
    kind: str
    meaning: str
    optional: bool = False
    values: tuple[str, ...] = ()


@dataclass(frozen=True)
class Table:
    """One table: its columns, its key (sorted by it), and what it holds."""

    name: str
    holds: str
    key: tuple[str, ...]
    columns: tuple[Column, ...]

    @property
    def names(self) -> list[str]:
        """Column names in order."""
        return [column.name for column in self.columns]

    def empty(self) -> pd.DataFrame:
        """Frame without rows, with this table's columns and types."""
        return conform(pd.DataFrame(columns=self.names), self)


def conform(frame: pd.DataFrame, table: Table) -> pd.DataFrame:
    """Frame with exactly this table's columns in order, typed, sorted by key, freshly numbered.

    Raises SchemaError naming every fault at once: unknown or absent columns, missing values in
    required columns, values outside the allowed set, and repeated keys.
    """
    faults: list[str] = []
    if unknown := [name for name in frame.columns if name not in table.names]:
        faults.append(f"unknown columns {', '.join(map(str, unknown))}")
    absent = [c.name for c in table.columns if c.name not in frame.columns and not c.optional]
    if absent:
        faults.append(f"absent columns {', '.join(absent)}")
    if faults:
        raise SchemaError(f"table {table.name}: {'; '.join(faults)}.")
    typed = {c.name: _typed(frame, c, table.name) for c in table.columns}
    result = pd.DataFrame(typed, index=frame.index)
    for column in table.columns:
        values = result[column.name]
        if not column.optional and (missing := int(values.isna().sum())):
            faults.append(f"{missing} rows without {column.name}")
        if column.values:
            bad = sorted(set(values.dropna().unique()) - set(column.values))
            if bad:
                faults.append(f"{column.name} has {', '.join(bad[:3])}, allowed: {', '.join(column.values)}")
    repeated = result.duplicated(list(table.key))
    if repeated.any():
        first = result.loc[repeated, list(table.key)].iloc[0].tolist()
        faults.append(f"{int(repeated.sum())} rows repeat the key {'+'.join(table.key)} (first: {first})")
    if faults:
        raise SchemaError(f"table {table.name}: {'; '.join(faults)}.")
    return result.sort_values(list(table.key), kind="stable", na_position="last").reset_index(drop=True)


def _typed(frame: pd.DataFrame, column: Column, table: str) -> pd.Series[Any]:
    if column.name not in frame.columns:
        return pd.Series([None] * len(frame), index=frame.index, dtype=_DTYPES[column.kind])
    try:
        return frame[column.name].astype(_DTYPES[column.kind])
    except (TypeError, ValueError) as error:
        raise SchemaError(f"table {table}: column {column.name} is not {column.kind}: {error}.") from None


def split_list(value: Any) -> list[str]:
    """Items of a list column's value; a missing value gives []."""
    return value.split(SEPARATOR) if isinstance(value, str) and value else []


def join_list(items: Iterable[str]) -> str | None:
    """Text for a list column, duplicates dropped, first order kept; no items gives None (missing)."""
    kept = list(dict.fromkeys(item.replace(SEPARATOR, "/") for item in items if item))
    return SEPARATOR.join(kept) or None


NONE_STATED, CONFLICTING = "none stated", "conflicting"
MODE_EFFECTS = ("promotes", "inhibits", NONE_STATED, CONFLICTING)
THERAPY_EFFECTS = ("resistance", "sensitising", NONE_STATED, CONFLICTING)
ASSERTIONS = ("finding", "aim/background", "negated")
RETRACTIONS = ("none", "retracted", "notice", "concern", "corrected", "unknown")
FIELDS = ("title", "abstract", "other_abstract", "keyword", "mesh")
GAP_CLASSES = ("understudied", "untested", "too early to say")
METRIC_COLUMNS = (
    Column("metric", TEXT, "name of the metric: CiteScore, SJR, SNIP, JIF, 2yr_mean_citedness, RCR"),
    Column("metric_year", INT, "year the value describes"),
    Column("value", FLOAT, "value as published", optional=True),
    Column("quartile", TEXT, "Q1 (best) to Q4, as published", optional=True, values=("Q1", "Q2", "Q3", "Q4")),
    Column("percentile", FLOAT, "0 to 100, highest is best, as published", optional=True),
    Column("source", TEXT, "file or service the value comes from"),
)

ARTICLES = Table(
    "articles",
    "One row per record: bibliographic facts and the text that is annotated.",
    ("record_id",),
    (
        Column("record_id", TEXT, "pmid:<PMID>, else doi:<DOI>, else local:<hash>"),
        Column("title", TEXT, "title as plain text, inline markup flattened", optional=True),
        Column(
            "abstract", TEXT, "abstract as plain text; labelled parts start with 'LABEL: '", optional=True
        ),
        Column(
            "abstract_kind",
            TEXT,
            "abstract (the record's own) or summary (written by this project)",
            optional=True,
            values=("abstract", "summary"),
        ),
        Column(
            "other_abstracts",
            TEXT,
            "JSON list of {language, type, text}: abstracts in other languages",
            optional=True,
        ),
        Column("vernacular_title", TEXT, "title in the original language", optional=True),
        Column("authors", LIST, "Family, Given; collective names as given", optional=True),
        Column("journal", TEXT, "full journal title", optional=True),
        Column("journal_abbreviation", TEXT, "ISO abbreviation", optional=True),
        Column("nlm_id", TEXT, "NLM unique id of the journal", optional=True),
        Column("issn", LIST, "ISSNs of the journal as NNNN-NNNX", optional=True),
        Column("issn_l", TEXT, "linking ISSN", optional=True),
        Column("volume", TEXT, "volume", optional=True),
        Column("issue", TEXT, "issue", optional=True),
        Column("pages", TEXT, "pages or article number", optional=True),
        Column("pub_date", TEXT, "publication date: YYYY, YYYY-MM or YYYY-MM-DD", optional=True),
        Column("year", INT, "earlier of print and electronic publication year", optional=True),
        Column("language", LIST, "ISO 639-2 codes (eng, chi)", optional=True),
        Column("publication_types", LIST, "PubMed publication types", optional=True),
        Column(
            "article_kind",
            TEXT,
            "primary, review (any kind of review or meta-analysis) or other (editorial, "
            "comment, erratum, book)",
            values=("primary", "review", "other"),
        ),
        Column("retraction", TEXT, "retraction state", values=RETRACTIONS),
        Column("mesh", LIST, "MeSH descriptors; missing means not indexed, not none", optional=True),
        Column("mesh_ui", LIST, "MeSH descriptor ids, same order", optional=True),
        Column("keywords", LIST, "author keywords", optional=True),
        Column("pmid", TEXT, "PubMed id", optional=True),
        Column("pmcid", TEXT, "PubMed Central id, PMC...", optional=True),
        Column("doi", TEXT, "DOI, lower case, no prefix", optional=True),
        Column("source", TEXT, "corpus or snapshot the record comes from"),
        Column("note", TEXT, "known inconsistency of the source, as noted by the curator", optional=True),
    ),
)

MENTIONS = Table(
    "mentions",
    "One row per term found: where it stands and which rule decided.",
    ("record_id", "kind", "concept", "field", "start"),
    (
        Column("record_id", TEXT, "record"),
        Column("kind", TEXT, "kind of concept", values=("gene", "mode", "therapy")),
        Column("concept", TEXT, "HGNC symbol, mode id or therapy id"),
        Column("field", TEXT, "field of the record", values=FIELDS),
        Column("sentence", INT, "sentence number within the field, from 0"),
        Column("start", INT, "first character, offset in the field's text"),
        Column("end", INT, "one past the last character"),
        Column("text", TEXT, "matched text as written"),
        Column("rule", TEXT, "rule that decided, e.g. symbol, alias, abbreviation, full name, context"),
        Column(
            "assertion",
            TEXT,
            "what the sentence does with the term (modes)",
            optional=True,
            values=ASSERTIONS,
        ),
    ),
)

EVIDENCE = Table(
    "evidence",
    "One row per record, gene and mode (and per sentence naming both): what is claimed, and the sentence. "
    "A gene named with a therapy but no mode has a row with mode missing.",
    ("record_id", "gene", "mode", "scope", "field", "sentence"),
    (
        Column("record_id", TEXT, "record"),
        Column("gene", TEXT, "HGNC symbol"),
        Column("mode", TEXT, "mode id; missing where no mode is named", optional=True),
        Column(
            "scope",
            TEXT,
            "sentence: both named in one sentence; article: both named in the record",
            values=("sentence", "article"),
        ),
        Column("field", TEXT, "field of the sentence shown", values=FIELDS),
        Column("sentence", INT, "number of the sentence shown within its field, from 0"),
        Column(
            "effect_on_mode", TEXT, "the gene's effect on the mode, knock-downs reversed", values=MODE_EFFECTS
        ),
        Column(
            "effect_on_therapy",
            TEXT,
            "the gene's effect on response to the therapies",
            values=THERAPY_EFFECTS,
        ),
        Column("therapies", LIST, "therapy ids named with the gene in this scope", optional=True),
        Column("assertion", TEXT, "finding, aim/background or negated", values=ASSERTIONS),
        Column(
            "confidence",
            TEXT,
            "high: direction stated in the sentence; medium: named in one sentence; low: named in one record",
            values=("high", "medium", "low"),
        ),
        Column("text", TEXT, "the sentence"),
        Column("gene_start", INT, "offset of the gene in the field's text", optional=True),
        Column("mode_start", INT, "offset of the mode in the field's text", optional=True),
    ),
)

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
        Column("odds_ratio", FLOAT, "conditional odds ratio; missing when too few", optional=True),
        Column("or_low", FLOAT, "95 % bound", optional=True),
        Column("or_high", FLOAT, "95 % bound", optional=True),
        Column("p", FLOAT, "Fisher exact, two-sided; missing when not tested", optional=True),
        Column("q", FLOAT, "Benjamini-Hochberg over the tested pairs", optional=True),
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

FLOW = Table(
    "flow",
    "What went into each step, what came out and why the rest did not (PRISMA-like).",
    ("step",),
    (
        Column("step", INT, "order of the step, from 1"),
        Column("name", TEXT, "step"),
        Column("n_in", INT, "records in"),
        Column("n_out", INT, "records out"),
        Column("dropped", INT, "n_in - n_out"),
        Column("why", TEXT, "reason", optional=True),
        Column("records", LIST, "record ids dropped", optional=True),
    ),
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

TABLES: dict[str, Table] = {
    table.name: table
    for table in (
        ARTICLES,
        MENTIONS,
        EVIDENCE,
        GENE_MODE,
        GAPS,
        TRENDS,
        JOURNAL_METRICS,
        ARTICLE_METRICS,
        MODE_JOURNAL,
        GENE_JOURNAL,
        FLOW,
        COMPARE,
    )
}

# The tables curated by hand in data/raw/terms/, one CSV file each.
MODES = Table(
    "modes",
    "Modes of cell death.",
    ("mode",),
    (
        Column("mode", TEXT, "id, lower case"),
        Column("label", TEXT, "preferred English label"),
        Column("label_zh", TEXT, "preferred Chinese label"),
        Column("synonyms", LIST, "English synonyms and inflected forms", optional=True),
        Column("synonyms_zh", LIST, "Chinese synonyms", optional=True),
        Column("abbreviations", LIST, "abbreviations; matched in exact case", optional=True),
        Column("mesh_ui", LIST, "MeSH descriptor ids", optional=True),
        Column("parent", TEXT, "broader mode", optional=True),
        Column("year_coined", INT, "year the name appeared", optional=True),
        Column("colour", TEXT, "hex colour, the same in every figure"),
        Column("source", TEXT, "where name and year come from"),
    ),
)
GENES = Table(
    "genes",
    "Human genes that matter for cell death and drug resistance.",
    ("gene",),
    (
        Column("gene", TEXT, "HGNC approved symbol"),
        Column("hgnc_id", TEXT, "HGNC:<n>"),
        Column("ncbi_gene", TEXT, "NCBI Gene id"),
        Column("name", TEXT, "HGNC approved name"),
        Column("aliases", LIST, "HGNC alias symbols", optional=True),
        Column("previous", LIST, "HGNC previous symbols", optional=True),
        Column("names", LIST, "protein and gene names in use", optional=True),
        Column("roles", LIST, "known roles as mode:promotes or mode:inhibits", optional=True),
        Column("source", TEXT, "where the row comes from"),
    ),
)
THERAPIES = Table(
    "therapies",
    "Anticancer drugs, classes and modalities.",
    ("therapy",),
    (
        Column("therapy", TEXT, "id: preferred English name, lower case"),
        Column("label", TEXT, "preferred label"),
        Column("label_zh", TEXT, "Chinese label", optional=True),
        Column("kind", TEXT, "kind", values=("drug", "class", "modality")),
        Column("parent", TEXT, "class or modality it belongs to", optional=True),
        Column("synonyms", LIST, "synonyms, brand and code names", optional=True),
        Column("targets", LIST, "HGNC symbols of its targets", optional=True),
        Column("source", TEXT, "where the row comes from"),
    ),
)
AMBIGUOUS = Table(
    "ambiguous",
    "Terms that need context or must not match.",
    ("term", "concept"),
    (
        Column("term", TEXT, "text as written"),
        Column("kind", TEXT, "what it could be taken for", values=("gene", "mode", "therapy")),
        Column("concept", TEXT, "concept it could be taken for; * for any"),
        Column(
            "rule",
            TEXT,
            "never: does not match; context: matches only when one of the context words is in the "
            "record; mask: hides the text from all matching; exact: matches in this spelling and case only",
            values=("never", "context", "mask", "exact"),
        ),
        Column("context", LIST, "words, one of which must be in the record", optional=True),
        Column("reason", TEXT, "why"),
    ),
)
CUES = Table(
    "cues",
    "Words of direction, perturbation, negation and assertion.",
    ("cue", "role"),
    (
        Column("cue", TEXT, "word or phrase, lower case"),
        Column(
            "role",
            TEXT,
            "what it does",
            values=(
                "increase",
                "decrease",
                "loss",
                "gain",
                "negation",
                "resistance",
                "sensitivity",
                "aim",
                "background",
                "finding",
            ),
        ),
        Column("language", TEXT, "language", values=("eng", "chi")),
        Column("note", TEXT, "remark", optional=True),
    ),
)
TERMS: dict[str, Table] = {table.name: table for table in (MODES, GENES, THERAPIES, AMBIGUOUS, CUES)}
