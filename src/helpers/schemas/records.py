"""Tables of records: articles, what they name, and what they claim."""

from __future__ import annotations

import pandas as pd

from helpers.schemas.table import FLOAT, INT, LIST, TEXT, Column, Table

# Kind of an abstract that the body of the paper follows, one paragraph a line.
FULL_TEXT = "full text"
# Rule of a mention of necrosis that tells of dead tissue in a specimen: kept, and no vote for the mode.
HISTOLOGY = "histology"
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
            "abstract (the record's own), full text (abstract and body of an imported paper) or summary (written by "
            "this project)",
            optional=True,
            values=("abstract", FULL_TEXT, "summary"),
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
        Column(
            "keywords",
            LIST,
            "author keywords; those of another indexer end with its name in brackets",
            optional=True,
        ),
        Column("pmid", TEXT, "PubMed id", optional=True),
        Column("pmcid", TEXT, "PubMed Central id, PMC...", optional=True),
        Column("doi", TEXT, "DOI, lower case, no prefix", optional=True),
        Column("source", TEXT, "corpus or snapshot the record comes from"),
        Column("note", TEXT, "known inconsistency of the source, as noted by the curator", optional=True),
    ),
)
SET_ASIDE = Table(
    "set_aside",
    "Retracted papers and retraction notices: listed, never counted.",
    ("record_id",),
    ARTICLES.columns,
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
        Column(
            "rule",
            TEXT,
            "rule that decided, e.g. symbol, alias, abbreviation, full name, context; histology: "
            "necrosis as a finding in a specimen, which casts no vote",
        ),
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

SEARCHES = Table(
    "searches",
    "Searches of PubMed behind the run: as asked, as PubMed took it, when, and how complete.",
    ("snapshot",),
    (
        Column("snapshot", TEXT, "folder under data/raw/pubmed that holds the records"),
        Column("query", TEXT, "query as sent", optional=True),
        Column("translation", TEXT, "query as PubMed took it", optional=True),
        Column("warnings", LIST, "what PubMed did not take as written", optional=True),
        Column("searched", TEXT, "day of the search (UTC), ISO date"),
        Column("count", INT, "records PubMed counted"),
        Column("planned", INT, "PMIDs listed"),
        Column("fetched", INT, "records on disk"),
        Column("missing", LIST, "PMIDs listed for which no record came", optional=True),
        Column("withdrawn", LIST, "PMIDs withdrawn from PubMed since", optional=True),
        Column("added", INT, "records the last update added"),
        Column("changed", INT, "records the last update refreshed"),
        Column("gone", INT, "records the last update found withdrawn"),
        Column("sentence", TEXT, "the search in words, for a methods section"),
    ),
)


def front_lengths(articles: pd.DataFrame) -> dict[str, int]:
    """Record id -> how many characters of `abstract` stand before the body of the paper, for full texts alone."""
    full = articles[articles["abstract_kind"] == FULL_TEXT]
    texts = zip(full["record_id"], full["abstract"], strict=True)
    return {record: len(text.partition("\n")[0]) for record, text in texts}
