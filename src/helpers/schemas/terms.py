"""Tables of the vocabulary, curated by hand in data/raw/terms/."""

from __future__ import annotations

from helpers.schemas.table import FLOAT, INT, LIST, TEXT, Column, Table

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
        Column("hgnc_id", TEXT, "HGNC:<n>; missing in a lexicon made from NCBI Gene", optional=True),
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
GENE_WEIGHTS = Table(
    "gene_weights",
    "Weights of the classifier that decides whether a term names a gene (made by tests/train/train_genes.py).",
    ("feature",),
    (
        Column("feature", TEXT, "feature of a term in a record; word:<w> classes the frequency of a word"),
        Column("weight", FLOAT, "log odds it adds, or the class"),
    ),
)
TERMS: dict[str, Table] = {
    table.name: table for table in (MODES, GENES, THERAPIES, AMBIGUOUS, CUES, GENE_WEIGHTS)
}
