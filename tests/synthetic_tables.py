"""Synthetic tables for tests of figures, report and exports; no row of them is real."""

from __future__ import annotations

import numpy as np
import pandas as pd

from helpers import schemas

MODE_IDS = (
    "apoptosis autophagy ferroptosis necroptosis pyroptosis anoikis cuproptosis necrosis disulfidptosis "
    "panoptosis parthanatos entosis netosis lysosome-dependent immunogenic mitotic-catastrophe mpt-necrosis "
    "oxeiptosis alkaliptosis paraptosis"
).split()
LONG = {"lysosome-dependent": "lysosome-dependent cell death", "mpt-necrosis": "MPT-driven necrosis"}
GENE_IDS = [f"GENE{i}" for i in range(1, 59)] + ["LONGSYMBOL-AS1", "H2AC21"]


def modes(n: int = 20) -> pd.DataFrame:
    """MODES frame of n modes with distinct colours."""
    hues = [f"#{37 * i % 200 + 30:02x}{91 * i % 180 + 40:02x}{151 * i % 190 + 30:02x}" for i in range(n)]
    ids = MODE_IDS[:n]
    frame = {
        "mode": ids,
        "label": [LONG.get(mode, mode) for mode in ids],
        "label_zh": ids,
        "colour": hues,
        "source": "synthetic",
    }
    return schemas.conform(pd.DataFrame(frame), schemas.MODES)


def gene_mode(genes: int = 60, n_modes: int = 20, *, scale: float = 60, seed: int = 1) -> pd.DataFrame:
    """GENE_MODE frame with counts that fall from gene to gene and mode to mode."""
    random = np.random.default_rng(seed)
    rows = []
    for i, gene in enumerate(GENE_IDS[:genes]):
        for j, mode in enumerate(MODE_IDS[:n_modes]):
            n = int(random.poisson(scale * np.exp(-i / 12 - j / 4)))
            if n == 0 and (i, j) != (0, 0):
                continue
            n = max(n, 1)
            expected = max(n * random.uniform(0.4, 2), 0.05)
            ic = float(np.log2((n + 0.5) / (expected + 0.5)))
            q = float(min(1, 2 * np.exp(-abs(ic) * np.sqrt(n)))) if n >= 3 else None
            records = [f"pmid:{k}" for k in sorted(random.choice(5000, n, replace=False) + 1_000_000)]
            rows.append(_pair(gene, mode, n, expected, ic, q, records))
    return schemas.conform(pd.DataFrame(rows), schemas.GENE_MODE)


def _pair(
    gene: str, mode: str, n: int, expected: float, ic: float, q: float | None, records: list[str]
) -> dict[str, object]:
    tested = q is not None
    row: dict[str, object] = {
        "gene": gene,
        "mode": mode,
        "n": n,
        "expected": expected,
        "ic": ic,
        "ic_low": ic - 1.5 / n**0.5,
        "ic_high": ic + 1.2 / n**0.5,
        "ic_low_margins": ic - 1.2 / n**0.5,
        "ic_high_margins": ic + 1.2 / n**0.5,
        "odds_ratio": 2**ic if tested else None,
        "or_low": 2 ** (ic - 1) if tested else None,
        "or_high": 2 ** (ic + 1) if tested else None,
        "p": q,
        "q": q,
        "direction": "promotes",
        "therapy_direction": "resistance",
        "records": "|".join(records),
    }
    for column in schemas.GENE_MODE.columns:
        if column.name not in row and not column.optional:
            row[column.name] = {"int": n, "float": float(n)}.get(column.kind, "none stated")
    return row


def evidence(n: int = 400, genes: int = 12, n_modes: int = 8, *, seed: int = 3) -> pd.DataFrame:
    """EVIDENCE frame of n sentences."""
    random = np.random.default_rng(seed)
    gene = [GENE_IDS[i] for i in random.integers(0, genes, n)]
    frame = pd.DataFrame(
        {
            "record_id": [f"pmid:{1_000_000 + k}" for k in random.integers(0, n // 2, n)],
            "gene": gene,
            "mode": [MODE_IDS[i] for i in random.integers(0, n_modes, n)],
            "scope": "sentence",
            "field": "abstract",
            "sentence": random.integers(0, 9, n),
            "effect_on_mode": random.choice(list(schemas.MODE_EFFECTS), n, p=[0.3, 0.3, 0.3, 0.1]),
            "effect_on_therapy": random.choice(list(schemas.THERAPY_EFFECTS), n, p=[0.3, 0.2, 0.4, 0.1]),
            "assertion": random.choice(["finding", "negated"], n, p=[0.9, 0.1]),
            "confidence": random.choice(["high", "medium", "low"], n),
            "text": [f"Silencing of {g} restored sensitivity in resistant cells." for g in gene],
        }
    )
    frame = frame.drop_duplicates(["record_id", "gene", "mode", "scope", "field", "sentence"])
    return schemas.conform(frame, schemas.EVIDENCE)


def articles(records: list[str], *, title: str = "A synthetic record") -> pd.DataFrame:
    """ARTICLES frame of these record ids."""
    frame = pd.DataFrame({"record_id": records}).assign(
        title=title,
        authors="Doe, Jane|Consortium of Tests",
        journal="Journal of Synthetic Data",
        journal_abbreviation="J Synth Data",
        volume="12",
        issue="3",
        pages="101-110",
        pub_date="2020-05",
        year=2020,
        issn="1234-5679",
        language="eng",
        doi=[f"10.1000/{record.partition(':')[2]}" for record in records],
        pmid=[record.removeprefix("pmid:") if record.startswith("pmid:") else None for record in records],
        article_kind="primary",
        retraction="none",
        source="synthetic",
    )
    return schemas.conform(frame, schemas.ARTICLES)


def mentions(evidence_frame: pd.DataFrame) -> pd.DataFrame:
    """MENTIONS frame of the genes and modes in synthetic evidence."""
    parts = []
    for kind in ("gene", "mode"):
        part = evidence_frame[["record_id", kind, "field", "sentence"]].dropna().drop_duplicates()
        part = part.rename(columns={kind: "concept"}).assign(kind=kind, text=part[kind], rule="symbol")
        part["assertion"] = "finding" if kind == "mode" else None
        parts.append(part)
    frame = pd.concat(parts, ignore_index=True)
    frame["start"] = range(len(frame))
    frame["end"] = frame["start"] + frame["text"].str.len()
    return schemas.conform(frame, schemas.MENTIONS)


def article_metrics(records: list[str], *, seed: int = 4) -> pd.DataFrame:
    """ARTICLE_METRICS frame with a CiteScore for four of five records."""
    random = np.random.default_rng(seed)
    keep = random.random(len(records)) < 0.8
    frame = pd.DataFrame(
        {
            "record_id": records,
            "metric": "CiteScore",
            "metric_year": 2019,
            "value": random.lognormal(1.6, 0.6, len(records)).round(2),
            "quartile": "Q1",
            "percentile": 90.0,
            "source": "synthetic",
            "year_distance": 0,
            "matched_by": "issn",
        }
    )
    return schemas.conform(frame[keep], schemas.ARTICLE_METRICS)


def mode_journal(
    n_modes: int = 20, metrics: tuple[str, ...] = ("CiteScore",), *, seed: int = 9
) -> pd.DataFrame:
    """MODE_JOURNAL frame; the last mode has too few values everywhere, the one before it in every second metric."""
    random = np.random.default_rng(seed)
    rows = []
    for k, metric in enumerate(metrics):
        for j, mode in enumerate(MODE_IDS[:n_modes]):
            few = j == n_modes - 1 or (j == n_modes - 2 and k % 2 == 1)
            n, median = 4000 // (j + 1), float(random.lognormal(1.2, 0.5))
            row = {"mode": mode, "metric": metric, "n": n, "n_matched": 1 if few else n // 2}
            row["coverage"] = row["n_matched"] / n
            if not few:
                shares = {"q25": 0.6, "median_low": 0.9, "median": 1, "median_high": 1.1, "q75": 1.7}
                row |= {name: share * median for name, share in shares.items()}
            rows.append(row)
    return schemas.conform(pd.DataFrame(rows), schemas.MODE_JOURNAL)


def trends(n_modes: int = 20, *, first: int = 2000, last: int = 2026) -> pd.DataFrame:
    """TRENDS frame; the last year is incomplete, the last four modes have too few for a growth."""
    rows = []
    for j, mode in enumerate(MODE_IDS[:n_modes]):
        few = j >= n_modes - 4
        for year in range(first + j // 2, last + 1):
            n = max(1, (year - first) * 3 // (j + 1))
            rows.append(
                {
                    "kind": "mode",
                    "concept": mode,
                    "year": year,
                    "n": n,
                    "n_year": 200,
                    "share": n / 200,
                    "growth": None if few else 0.12,
                    "growth_low": None if few else 0.05,
                    "growth_high": None if few else 0.2,
                    "burst": year == last - 3 and j == 0,
                    "complete": year < last,
                }
            )
    return schemas.conform(pd.DataFrame(rows), schemas.TRENDS)


def gaps(pairs: pd.DataFrame, genes: int = 60, n_modes: int = 20) -> pd.DataFrame:
    """GAPS frame of all pairs that the GENE_MODE frame lacks, and of some it has."""
    observed = dict(zip(zip(pairs["gene"], pairs["mode"], strict=True), pairs["n"], strict=True))
    rows = []
    for i, gene in enumerate(GENE_IDS[:genes]):
        for j, mode in enumerate(MODE_IDS[:n_modes]):
            n = int(observed.get((gene, mode), 0))
            expected = 30 * float(np.exp(-i / 15 - j / 5)) + n
            if n > 3 and (i + j) % 4:
                continue
            kind = "too early to say" if expected < 1 else ("untested" if n == 0 else "understudied")
            row = {"gene": gene, "mode": mode, "observed": n, "expected": expected, "ic_high": -0.5}
            for column in schemas.GAPS.columns:
                if column.name not in row and not column.optional:
                    row[column.name] = {"int": n, "float": 0.0}.get(column.kind, "synthetic")
            rows.append(row | {"class": kind, "reason": "synthetic"})
    return schemas.conform(pd.DataFrame(rows), schemas.GAPS)


def flow() -> pd.DataFrame:
    """FLOW frame of four steps."""
    rows = [
        (1, "Records of the run", 25_310, 25_310, None),
        (2, "After removing retracted papers and retraction notices", 25_310, 25_001, "retracted; listed"),
        (3, "Name at least one mode of cell death", 25_001, 18_000, "no mode named; they stay in articles"),
        (4, "Name at least one human gene as well", 18_000, 14_210, "no gene named; counted for the mode"),
    ]
    frame = pd.DataFrame(rows, columns=["step", "name", "n_in", "n_out", "why"])
    return schemas.conform(frame.assign(dropped=frame["n_in"] - frame["n_out"]), schemas.FLOW)


def rankings(genes: int = 40, *, seed: int = 6) -> pd.DataFrame:
    """RANKINGS frame for any mode under three weightings; the weights stay near the first."""
    random = np.random.default_rng(seed)
    base = np.exp(-np.arange(genes) / 10) * 50
    parts = []
    for weighting in ("all", "primary", "q1"):
        score = base if weighting == "all" else base * random.lognormal(0, 0.25, genes)
        rank = pd.Series(score).rank(ascending=False, method="min").astype(int)
        part = pd.DataFrame({"gene": GENE_IDS[:genes], "score": score, "rank": rank})
        parts.append(part.assign(mode="any", weighting=weighting, n_weighted=1))
    frame = pd.concat(parts, ignore_index=True)
    first = frame[frame["weighting"] == "all"].set_index("gene")["rank"]
    return frame.assign(shift=frame["gene"].map(first) - frame["rank"])


def target_therapy(n: int = 120, *, seed: int = 7) -> pd.DataFrame:
    """Rows of TARGET_THERAPY with the columns the figure reads."""
    random = np.random.default_rng(seed)
    rows = {}
    for k in range(n):
        key = (GENE_IDS[random.integers(0, 20)], f"therapy {random.integers(1, 16)}")
        mode = MODE_IDS[random.integers(0, 8)] if k % 5 else None
        direction = str(random.choice(list(schemas.THERAPY_EFFECTS)))
        rows[(*key, mode)] = (2, direction, f"pmid:{k}|pmid:{k + 1}")
    names = ["gene", "therapy", "mode", "n_linked", "therapy_direction", "linked"]
    return pd.DataFrame([(*key, *value) for key, value in rows.items()], columns=names)


def therapies() -> pd.DataFrame:
    """Rows of THERAPIES with the columns the figure reads."""
    names = [f"therapy {k}" for k in range(1, 16)]
    return pd.DataFrame({"therapy": names, "label": [name.capitalize() for name in names]})


def mode_mode(n_modes: int = 20, *, seed: int = 8) -> pd.DataFrame:
    """Rows of MODE_MODE with the columns the figure reads."""
    random = np.random.default_rng(seed)
    rows = []
    for i, a in enumerate(MODE_IDS[:n_modes]):
        for b in MODE_IDS[i + 1 : n_modes]:
            n = int(random.poisson(20 * np.exp(-i / 5)))
            q = float(random.random() ** 3) if n > 2 else None
            first, second = sorted((a, b))
            rows.append((first, second, n, float(random.normal()), q, n // 2, q))
    names = ["mode_a", "mode_b", "n", "ic", "q", "genes_shared", "genes_q"]
    return pd.DataFrame(rows, columns=names)
