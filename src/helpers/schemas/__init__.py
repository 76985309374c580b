"""The columns of every table, in one place; `data/processed/README.md` is generated from it.

Identifiers are text. Dates are ISO text of the precision known. Missing is missing, never 0 or "".
"""

from __future__ import annotations

from helpers.schemas import analysis, records, statistics
from helpers.schemas.analysis import (
    ARTICLE_METRICS,
    COMPARE,
    CORPUS_FLOW,
    FLOW,
    GAPS,
    GENE_JOURNAL,
    GENE_MODE,
    JOURNAL_METRICS,
    MODE_JOURNAL,
    TRENDS,
)
from helpers.schemas.records import (
    ARTICLES,
    ASSERTIONS,
    CONFLICTING,
    EVIDENCE,
    FIELDS,
    FULL_TEXT,
    GAP_CLASSES,
    HISTOLOGY,
    MENTIONS,
    METRIC_COLUMNS,
    MODE_EFFECTS,
    NONE_STATED,
    RETRACTIONS,
    SEARCHES,
    THERAPY_EFFECTS,
    front_lengths,
)
from helpers.schemas.table import (
    BOOL,
    FLOAT,
    INT,
    LIST,
    SEPARATOR,
    TEXT,
    Column,
    Table,
    conform,
    from_columns,
    join_list,
    split_list,
    text_array,
)
from helpers.schemas.terms import AMBIGUOUS, CUES, GENES, MODES, TERMS, THERAPIES

TABLES: dict[str, Table] = {
    table.name: table
    for module in (records, analysis, statistics)
    for table in vars(module).values()
    if isinstance(table, Table)
}

__all__ = [
    "AMBIGUOUS",
    "ARTICLES",
    "ARTICLE_METRICS",
    "ASSERTIONS",
    "BOOL",
    "COMPARE",
    "CONFLICTING",
    "CORPUS_FLOW",
    "CUES",
    "EVIDENCE",
    "FIELDS",
    "FLOAT",
    "FLOW",
    "FULL_TEXT",
    "GAPS",
    "GAP_CLASSES",
    "GENES",
    "GENE_JOURNAL",
    "GENE_MODE",
    "HISTOLOGY",
    "INT",
    "JOURNAL_METRICS",
    "LIST",
    "MENTIONS",
    "METRIC_COLUMNS",
    "MODES",
    "MODE_EFFECTS",
    "MODE_JOURNAL",
    "NONE_STATED",
    "RETRACTIONS",
    "SEARCHES",
    "SEPARATOR",
    "TABLES",
    "TERMS",
    "TEXT",
    "THERAPIES",
    "THERAPY_EFFECTS",
    "TRENDS",
    "Column",
    "Table",
    "conform",
    "from_columns",
    "front_lengths",
    "join_list",
    "split_list",
    "text_array",
]
