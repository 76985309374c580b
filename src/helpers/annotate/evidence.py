"""What each record claims of a gene, a death mode and a therapy: the EVIDENCE table.

Sentence rows: a gene and a mode (or a therapy) named in one sentence. Article rows: one per record, gene and
mode, the directions stated in its sentences combined: findings decide, statements of background stand in
where no finding states a direction, denied sentences state nothing, opposite directions are "conflicting".
A record that names no mode gives its genes rows with mode missing where it also names a therapy.

A gene said to lower a mode ("ferroptosis resistance") counts as giving resistance to therapy only at article
scope, and only if the record says of some gene that it gives resistance to therapy.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from helpers.annotate.assertion import BACKGROUND, FINDING, classify_sentences
from helpers.annotate.claims import TRUST, Mention, Row, Sentences, read_claims, strongest
from helpers.annotate.lexicon import Lexicon
from helpers.annotate.mentions import read_fields
from helpers.collector import paused_collector
from helpers.schemas import (
    CONFLICTING,
    EVIDENCE,
    HISTOLOGY,
    NONE_STATED,
    from_columns,
    front_lengths,
    join_list,
)

_ORDER = {"title": 0, "abstract": 1, "other_abstract": 2, "keyword": 3, "mesh": 4}
_Place = tuple[str, int, Mention]  # field, sentence, mention


@dataclass
class _Record:
    """One record's mentions by sentence, and by concept in reading order."""

    sentences: dict[tuple[str, int], list[Mention]] = field(default_factory=lambda: defaultdict(list))
    genes: dict[str, list[_Place]] = field(default_factory=lambda: defaultdict(list))
    modes: dict[str, list[_Place]] = field(default_factory=lambda: defaultdict(list))
    therapies: set[str] = field(default_factory=set)

    def index(self, *, front: int | None = None) -> None:
        """Fill in genes, modes and therapies from the sentences.

        front: of a full text, how many characters stand before its body; of the body only sentences that name both
        a gene and a mode count.
        """
        for (name, number), group in sorted(
            self.sentences.items(), key=lambda item: (_ORDER[item[0][0]], item[0][1])
        ):
            linked = (
                front is None or name != "abstract" or {"gene", "mode"} <= {mention[0] for mention in group}
            )
            for mention in group:
                if mention[0] == "therapy":
                    self.therapies.add(mention[1])
                elif linked or (front is not None and mention[2] < front):
                    kind = self.genes if mention[0] == "gene" else self.modes
                    kind[mention[1]].append((name, number, mention))


@paused_collector()
def find_evidence(articles: pd.DataFrame, mentions: pd.DataFrame, lexicon: Lexicon) -> pd.DataFrame:
    """EVIDENCE frame of the articles, from their MENTIONS; mentions of other records are passed over.

    Only records that name a gene and a mode or therapy are read, and of these only sentences that do.
    """
    ids = articles["record_id"].tolist()
    records = _group(mentions, set(ids))
    chosen = articles[np.array([record in records for record in ids], dtype=bool)]
    texts = {(record, name): text for record, name, text in read_fields(chosen)}
    for record, mesh in zip(chosen["record_id"], chosen["mesh"], strict=True):
        if isinstance(mesh, str):
            texts[record, "mesh"] = mesh
    fronts = front_lengths(chosen)
    plain = _plain_assertions(records, texts)
    rows: list[Row] = []
    for record_id, record in records.items():
        record.index(front=fronts.get(record_id))
        sentences = Sentences(record_id, texts, plain)
        claims: list[Row] = []
        for (name, number), group in record.sentences.items():
            kinds = {mention[0] for mention in group}
            if len(kinds) > 1 and "gene" in kinds and name not in ("keyword", "mesh"):
                claims += read_claims(name, number, group, sentences, lexicon.cues)
        rows += claims
        rows += _article_rows(record, claims, sentences)
    rows.sort(key=_key)
    return from_columns({name: [row[name] for row in rows] for name in EVIDENCE.names}, EVIDENCE)


def _plain_assertions(
    records: Mapping[str, _Record], texts: Mapping[tuple[str, str], str]
) -> dict[tuple[str, str, int], str]:
    """Assertion of each sentence that names a gene and a therapy but no mode, by record, field and number."""
    wanted = [
        (record_id, name, number)
        for record_id, record in records.items()
        for (name, number), group in record.sentences.items()
        if {mention[0] for mention in group} == {"gene", "therapy"} and name not in ("keyword", "mesh")
    ]
    fields = {key: n for n, key in enumerate(dict.fromkeys((record, name) for record, name, _ in wanted))}
    found = classify_sentences(
        [texts[key] for key in fields],
        [name == "title" for _, name in fields],
        [(fields[record, name], number) for record, name, number in wanted],
    )
    return dict(zip(wanted, found, strict=True))


def _key(row: Row) -> tuple[str, str, bool, str, str, str, int]:
    """The table's key, a missing mode last."""
    mode = row["mode"]
    return (
        row["record_id"],
        row["gene"],
        mode is None,
        mode or "",
        row["scope"],
        row["field"],
        row["sentence"],
    )


def _group(mentions: pd.DataFrame, among: set[str]) -> dict[str, _Record]:
    """Mentions by record, of records among those given that name a gene and a mode or therapy."""
    ids, kinds = mentions["record_id"].tolist(), mentions["kind"].tolist()
    with_gene = {record for record, kind in zip(ids, kinds, strict=True) if kind == "gene"}
    with_other = {record for record, kind in zip(ids, kinds, strict=True) if kind != "gene"}
    both = with_gene & with_other & among
    specimen = (mentions["rule"] == HISTOLOGY).to_numpy(bool)
    kept = mentions[np.array([record in both for record in ids], dtype=bool) & ~specimen]
    records: dict[str, _Record] = defaultdict(_Record)
    columns = ["record_id", "field", "sentence", "kind", "concept", "start", "end", "assertion"]
    for record, name, sentence, kind, concept, start, end, assertion in zip(
        *(kept[column].tolist() for column in columns), strict=True
    ):
        stated = assertion if isinstance(assertion, str) else None
        records[record].sentences[name, sentence].append((kind, concept, start, end, stated))
    return dict(sorted(records.items()))


def _article_rows(record: _Record, claims: Sequence[Row], sentences: Sentences) -> list[Row]:
    """One row per gene and mode of the record, or per gene if it names a therapy but no mode."""
    if not record.modes and not record.therapies:
        return []
    by_pair: dict[tuple[str, str | None], list[Row]] = defaultdict(list)
    by_gene: dict[str, list[Row]] = defaultdict(list)
    for claim in claims:
        by_pair[claim["gene"], claim["mode"]].append(claim)
        by_gene[claim["gene"]].append(claim)
    resistant = any(claim["effect_on_therapy"] == "resistance" for claim in claims)
    modes: list[str | None] = [*sorted(record.modes)] or [None]
    rows = []
    for gene in sorted(record.genes):
        on_therapy = _combine(by_gene[gene], "effect_on_therapy")
        for mode in modes:
            pair = by_pair[gene, mode]
            on_mode = _combine(pair, "effect_on_mode")
            implied = resistant and on_mode == "inhibits" and on_therapy == NONE_STATED
            stated = on_mode != NONE_STATED or (mode is None and on_therapy != NONE_STATED)
            rows.append(
                _shown(pair, record.genes[gene], record.modes.get(mode or "", []), sentences)
                | {
                    "record_id": sentences.record,
                    "gene": gene,
                    "mode": mode,
                    "scope": "article",
                    "effect_on_mode": on_mode,
                    "effect_on_therapy": "resistance" if implied else on_therapy,
                    "therapies": join_list(sorted(record.therapies)),
                    "confidence": "high" if stated else "medium" if pair else "low",
                }
            )
    return rows


def _shown(
    pair: Sequence[Row], genes: Sequence[_Place], modes: Sequence[_Place], sentences: Sentences
) -> Row:
    """Sentence, offsets and assertion an article row shows: its best claim, else where the gene is named."""
    if pair:
        best = max(pair, key=_rank)
        columns = ("field", "sentence", "text", "gene_start", "mode_start")
        return {column: best[column] for column in columns} | {
            "assertion": strongest(claim["assertion"] for claim in pair)
        }
    name, number, mention = genes[0]
    return {
        "field": name,
        "sentence": number,
        "text": sentences.text(name, number),
        "gene_start": mention[2],
        "mode_start": None,
        "assertion": strongest(place[2][4] for place in modes),
    }


def _rank(claim: Mapping[str, str | int | None]) -> tuple[bool, int, int, int]:
    """Which sentence to show: direction stated, finding, title before abstract, earlier."""
    on_therapy = claim["mode"] is None and claim["effect_on_therapy"] != NONE_STATED
    stated = claim["effect_on_mode"] != NONE_STATED or on_therapy
    return stated, TRUST[str(claim["assertion"])], -_ORDER[str(claim["field"])], -int(claim["sentence"] or 0)


def _combine(claims: Sequence[Row], column: str) -> str:
    """Direction of several sentences: findings decide, background stands in, opposites conflict."""
    for assertion in (FINDING, BACKGROUND):
        stated = {claim[column] for claim in claims if claim["assertion"] == assertion} - {NONE_STATED}
        if stated:
            return str(stated.pop()) if len(stated) == 1 else CONFLICTING
    return NONE_STATED
