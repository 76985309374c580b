"""The sentences under the figures: each computed from the table its figure is drawn from.

Every function gives plain text with light Markdown. Names that come from records are escaped by `say`.
"""

from __future__ import annotations

import html
from collections.abc import Iterable, Mapping

import pandas as pd
from IPython.display import Markdown, display

from helpers.schemas import split_list

ALPHA = 0.05


def say(text: str) -> None:
    """Nothing; shows the text as Markdown, with markup in it made harmless."""
    display(Markdown(html.escape(text, quote=False).replace("$", r"\$")))  # type: ignore[no-untyped-call]


def count_of(n: int, noun: str) -> str:
    """Number and noun in the right form: "1 record", "2 records", "no record"."""
    plural = noun[:-1] + "ies" if noun.endswith("y") and noun[-2] not in "aeo" else f"{noun}s"
    return f"no {noun}" if n == 0 else f"{n:,} {noun if n == 1 else plural}"


def listed(items: Iterable[str], *, most: int = 8) -> str:
    """Items as a phrase, "a, b and c"; beyond `most`, the number left out."""
    names = list(items)
    if len(names) > most:
        return f"{', '.join(names[:most])} and {len(names) - most:,} more"
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}" if names else "none"


def label_of(modes: pd.DataFrame) -> dict[str, str]:
    """English label of each mode id, lower case."""
    return dict(zip(modes["mode"], modes["label"].str.lower(), strict=True))


def answer_read(tables: Mapping[str, pd.DataFrame]) -> str:
    """Which tables are read, and how large they are."""
    sizes = listed(f"{name} ({count_of(len(table), 'row')})" for name, table in tables.items())
    return f"Read: {sizes}."


def answer_flow(flow: pd.DataFrame) -> str:
    """How many records went in, how many came out of the last step, and the largest loss."""
    first, last = flow.iloc[0], flow.iloc[-1]
    lost = flow[flow["dropped"] > 0]
    losses = [
        f"{count_of(int(row.dropped), 'record')} at “{row.name_}” ({row.why})"
        for row in lost.rename(columns={"name": "name_"}).itertuples()
    ]
    went, came = count_of(int(first["n_in"]), "record"), int(last["n_out"])
    start = f"{went} went in and {came:,} came out of the last step"
    return f"{start}: {listed(losses)} did not." if losses else f"{start}; none was set aside."


def describe_flow(flow: pd.DataFrame) -> str:
    """Text alternative of the flow diagram: each step with its numbers."""
    return "Flow diagram. " + " ".join(
        f"{row.name_}: {row.n_in:,} in, {row.n_out:,} out."
        for row in flow.rename(columns={"name": "name_"}).itertuples()
    )


def answer_searches(searches: pd.DataFrame) -> str:
    """What was searched and how complete it is."""
    if searches.empty:
        return "No query was given: the records of this run come from its other sources."
    return " ".join(searches["sentence"])


def answer_metrics(articles: pd.DataFrame, article_metrics: pd.DataFrame, unmatched: pd.DataFrame) -> str:
    """For how many records a journal metric is known, and which journals have none."""
    known = article_metrics["record_id"].nunique()
    text = f"A journal metric is known for {known:,} of {count_of(len(articles), 'record')}"
    if unmatched.empty:
        return f"{text}; every journal has one."
    names = listed(unmatched["journal"].dropna(), most=12)
    return f"{text}. {count_of(len(unmatched), 'journal')} without one: {names}."


def answer_mentions(articles: pd.DataFrame, mentions: pd.DataFrame, evidence: pd.DataFrame) -> str:
    """How many genes, modes and therapies are named, and how many sentences link them."""
    kinds = mentions.groupby("kind")
    parts = []
    for kind, noun in (("gene", "gene"), ("mode", "mode"), ("therapy", "therapy")):
        if kind in kinds.groups:
            rows = kinds.get_group(kind)
            in_records = count_of(rows["record_id"].nunique(), "record")
            parts.append(f"{count_of(rows['concept'].nunique(), noun)} in {in_records}")
    sentences, directed = count_sentences(evidence[evidence["mode"].notna()])
    return (
        f"The {len(articles):,} records name {listed(parts) if parts else 'nothing'}. "
        f"{count_of(sentences, 'sentence').capitalize()} {'links' if sentences == 1 else 'link'} "
        f"a gene with a mode, and {directed:,} of them state a direction."
    )


def count_sentences(evidence: pd.DataFrame) -> tuple[int, int]:
    """Number of sentences behind evidence rows, and of those that state a direction towards a mode.

    A sentence that names twenty genes with a mode is twenty rows and one sentence.
    """
    own = evidence[evidence["scope"] == "sentence"]
    stated = own[own["effect_on_mode"].isin(["promotes", "inhibits"])]
    place = ["record_id", "field", "sentence"]
    return len(own.drop_duplicates(place)), len(stated.drop_duplicates(place))


def answer_review(precision: pd.DataFrame) -> str:
    """Precision of the evidence as a person marked it, or how to mark it."""
    rows = precision[(precision["class"] == "all") & (precision["marked"].astype(int) > 0)]
    if rows.empty:
        return (
            "No marked sheet was given: mark `review_sheet.xlsx` in the run's folder "
            "and give its path as `marked` to see the precision here."
        )
    parts = [
        f"{row['question'].removesuffix('_right').replace('_', ' ')} in {row['right']:,} of {row['marked']:,} "
        f"({row['precision']:.0%}, 95 % interval {row['low']:.0%} to {row['high']:.0%})"
        for row in rows.to_dict("records")
    ]
    return f"Marked by a person as right: {listed(parts)}."


def answer_heatmap(gene_mode: pd.DataFrame, modes: pd.DataFrame) -> str:
    """The pair with most records, and the gene named with most modes."""
    if gene_mode.empty:
        return "No record names both a gene and a mode."
    label = label_of(modes)
    top = gene_mode.sort_values(["n", "gene", "mode"], ascending=[False, True, True]).iloc[0]
    per_gene = gene_mode.groupby("gene").agg(modes=("mode", "nunique"), n=("n", "sum")).reset_index()
    wide = per_gene.sort_values(["modes", "n", "gene"], ascending=[False, False, True]).iloc[0]
    own = gene_mode[gene_mode["gene"] == wide["gene"]].sort_values(["n", "mode"], ascending=[False, True])
    names = listed(f"{label[mode]} ({n})" for mode, n in zip(own["mode"], own["n"], strict=True))
    return (
        f"{count_of(gene_mode['gene'].nunique(), 'gene')} are named "
        f"with {count_of(gene_mode['mode'].nunique(), 'mode')}. The best documented pair is "
        f"{top['gene']} and {label[top['mode']]} ({count_of(int(top['n']), 'record')}); "
        f"{wide['gene']} is named with most modes: {names}."
    )


def answer_association(gene_mode: pd.DataFrame, min_records: int) -> str:
    """How many pairs were tested, and which stand out after correction."""
    tested = gene_mode[gene_mode["q"].notna()]
    if tested.empty:
        return f"Too few: no gene and mode are each named by the {min_records} records a test needs."
    hits = tested[(tested["q"] < ALPHA) & (tested["ic"] > 0)].sort_values(
        ["ic_low", "gene"], ascending=[False, True]
    )
    were = "was" if len(tested) == 1 else "were"
    text = (
        f"{count_of(len(tested), 'pair')} whose gene and mode are each named by at least {min_records} records "
        f"{were} tested"
    )
    if hits.empty:
        return f"{text}; none is named together more often than chance at q < {ALPHA}."
    names = listed(f"{row.gene} × {row.mode} (IC {row.ic:.1f})" for row in hits.itertuples())
    verb = "is" if len(hits) == 1 else "are"
    return f"{text}; {len(hits):,} {verb} named together more often than chance at q < {ALPHA}: {names}."


def answer_directions(gene_mode: pd.DataFrame, evidence: pd.DataFrame) -> str:
    """How many records state a direction, and the targets most often said to give resistance."""
    stated = gene_mode[(gene_mode["n_promotes"] + gene_mode["n_inhibits"]) > 0]
    parts = [
        f"A direction towards a mode is stated for {len(stated):,} of {count_of(len(gene_mode), 'pair')}"
    ]
    for effect, words in (("resistance", "said to give resistance"), ("sensitising", "said to sensitise")):
        rows = evidence[(evidence["effect_on_therapy"] == effect) & (evidence["assertion"] != "negated")]
        counts = (
            rows.groupby("gene")["record_id"]
            .nunique()
            .sort_index()
            .sort_values(ascending=False, kind="stable")
        )
        if len(counts):
            names = listed(f"{gene} ({n})" for gene, n in counts.head(6).items())
            parts.append(f"most often {words}: {names}")
    return "; ".join(parts) + "."


def answer_trends(trends: pd.DataFrame, modes: pd.DataFrame, *, kind: str = "mode") -> str:
    """Which modes (or, with kind "gene", targets) grow, with interval, and which years stand out."""
    label = label_of(modes)
    noun = "mode" if kind == "mode" else "target"
    per_mode = trends[trends["kind"] == kind].drop_duplicates("concept")
    known = per_mode[per_mode["growth"].notna()].sort_values(["growth", "concept"], ascending=[False, True])
    rising = known[known["growth_low"] > 0]
    few = len(per_mode) - len(known)
    rest = f" For {count_of(few, noun)} the records are too few." if few else ""
    if known.empty:
        return f"Too few records in any {noun} to estimate growth.{rest}"
    parts = [
        f"{label.get(row.concept, row.concept)} ({row.growth:+.0%} a year, "
        f"95 % interval {row.growth_low:+.0%} to {row.growth_high:+.0%})"
        for row in rising.itertuples()
    ]
    found = (
        f"The share of records rises for {listed(parts)}."
        if parts
        else f"No {noun}'s share of records clearly rises."
    )
    return f"{found} {_bursts(trends[trends['kind'] == kind], label)}{rest}"


def _bursts(rows: pd.DataFrame, label: dict[str, str]) -> str:
    """The years that stand out from their trend, newest first."""
    burst = rows[rows["burst"].fillna(False).astype(bool)]
    burst = burst.sort_values(["year", "concept"], ascending=[False, True])
    names = [f"{label.get(row.concept, row.concept)} {row.year}" for row in burst.itertuples()]
    return f"Years that stand out from the trend: {listed(names)}." if names else "No year stands out."


def answer_first_records(first_records: pd.DataFrame, modes: pd.DataFrame) -> str:
    """Since when the pairs are known: the earliest, the newest, and how many came in the last year."""
    known = first_records.dropna(subset=["first_year"])
    if known.empty:
        return "No record with a publication year names both a gene and a mode."
    label = label_of(modes)
    known = known.sort_values(["first_year", "pub_date", "gene", "mode"], kind="stable")
    last = int(known["first_year"].max())
    fresh = known[known["first_year"] == last]
    names = [f"{row.gene} with {label[row.mode]}" for row in fresh.itertuples()]
    first = known.iloc[0]
    return (
        f"The earliest pair is {first['gene']} with {label[first['mode']]} ({int(first['first_year'])}, "
        f"{first['record_id']}); first named in {last}: {count_of(len(fresh), 'pair')}, {listed(names, most=5)}."
    )


def answer_gaps(gaps: pd.DataFrame, modes: pd.DataFrame) -> str:
    """Number of gaps by class, and the untested modes of the gene with most of them."""
    if gaps.empty:
        return "No gene has enough records to speak of a gap."
    label = label_of(modes)
    counts = gaps["class"].value_counts().sort_index()
    text = listed(f"{n:,} {name}" for name, n in counts.items())
    untested = gaps[gaps["class"] == "untested"]
    if untested.empty:
        return f"Pairs of gene and mode: {text}."
    # Most expected first: the more a gene's own papers lead one to expect, the odder the silence.
    ranked = (
        untested.groupby("gene")["expected"].sum().sort_index().sort_values(ascending=False, kind="stable")
    )
    gene = ranked.index[0]
    own = untested[untested["gene"] == gene].sort_values(["expected", "mode"], ascending=[False, True])
    names = listed(label[mode] for mode in own["mode"])
    return f"Pairs of gene and mode: {text}. No record names {gene} with {names}."


def answer_journals(mode_journal: pd.DataFrame, modes: pd.DataFrame, metric: str) -> str:
    """Median metric and coverage of the modes with enough values."""
    label = label_of(modes)
    rows = mode_journal[mode_journal["metric"] == metric]
    known = rows[rows["median"].notna()].sort_values(["n_matched", "mode"], ascending=[False, True])
    if known.empty:
        return f"Too few records with a {metric} to compare modes."
    parts = [
        f"{label[row.mode]} {row.median:.1f} ({row.n_matched:,} of {row.n:,} records)"
        for row in known.itertuples()
    ]
    few = len(rows) - len(known)
    return f"Median {metric} of the journals: {listed(parts, most=6)}; for {count_of(few, 'mode')} too few."


def answer_compared(before: str, run: str, earlier: pd.DataFrame, later: pd.DataFrame) -> str:
    """Which runs are compared, and how many records each holds."""
    shared = len(set(earlier["record_id"]) & set(later["record_id"]))
    return f"Run {before} has {len(earlier):,} records, run {run} {len(later):,}; {shared:,} are in both."


def answer_compare(compare: pd.DataFrame) -> str:
    """Number of differences by kind, and the conclusions that moved."""
    if compare.empty:
        return "The two runs do not differ."
    counts = compare.groupby(["kind", "change"]).size()
    parts = [f"{n:,} {kind} {change}" for (kind, change), n in counts.items()]
    kinds = {"significance": "significance of", "gap": "gap class of", "rank": "rank of"}
    moved = [
        f"{words} {listed(compare.loc[compare['kind'] == kind, 'item'], most=5)}"
        for kind, words in kinds.items()
        if (compare["kind"] == kind).any()
    ]
    tail = f" Conclusions that moved: {'; '.join(moved)}." if moved else " No conclusion moved."
    return f"Differences: {listed(parts, most=12)}.{tail}"


def records_behind(frame: pd.DataFrame) -> int:
    """Number of distinct records in a frame's `records` column."""
    return len({record for value in frame["records"] for record in split_list(value)})
