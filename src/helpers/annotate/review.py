"""The review sheet: evidence a person marks right or wrong, and the precision that follows.

`sample_evidence` draws the rows, `present.tables` writes them as a workbook; the marked sheet, read back as a
frame, goes into `read_marks`. Marks are yes or no (also y, n, 1, 0, true, false, 是, 否); a blank is not counted.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from statsmodels.stats.proportion import proportion_confint

from helpers.errors import SchemaError, UsageError
from helpers.schemas import NONE_STATED

MARKS = ("gene_right", "mode_right", "effect_on_mode_right", "effect_on_therapy_right", "assertion_right")
_EFFECTS = ("effect_on_mode", "effect_on_therapy")
_YES = frozenset(("yes", "y", "1", "1.0", "true", "right", "是", "对"))
_NO = frozenset(("no", "n", "0", "0.0", "false", "wrong", "否", "错"))
_BESIDE = ("row", "text", "gene", "gene_named", "mode", "mode_named")
_EFFECTS_SHOWN = (*_EFFECTS, "therapies", "assertion")
_LAST = ("remark", "title", "record_id", "link", "confidence")


def sample_evidence(
    evidence: pd.DataFrame,
    articles: pd.DataFrame,
    mentions: pd.DataFrame,
    *,
    n: int = 50,
    seed: int = 0,
    stating: str = "",
) -> pd.DataFrame:
    """Frame of at most n sentence rows, half of them stating a direction, with blank columns to mark.

    Columns: row, the sentence and what was read in it (gene_named and mode_named are the words taken for them), the
    columns of `MARKS`, remark, and the record with title and link. stating: "effect_on_mode" or
    "effect_on_therapy" draws from the rows alone that state that effect, a gene of a sentence once where the mode
    does not matter. The same evidence and seed give the same rows, in the order of the evidence table. Raises
    UsageError for another value of `stating`.
    """
    rows = evidence[evidence["scope"] == "sentence"].reset_index(drop=True)
    if stating:
        rows = _stating(rows, stating)
    stated = (rows["effect_on_mode"] != NONE_STATED) | (rows["effect_on_therapy"] != NONE_STATED)
    generator = np.random.default_rng(seed)
    first, second = rows.index[stated].to_numpy(), rows.index[~stated].to_numpy()
    n_first = min(len(first), max(n - n // 2, n - len(second)))
    chosen = np.concatenate(
        [
            generator.choice(first, size=n_first, replace=False),
            generator.choice(second, size=min(len(second), n - n_first), replace=False),
        ]
    )
    sheet = rows.loc[np.sort(chosen)].reset_index(drop=True)
    facts = articles.set_index("record_id")
    sheet["row"] = range(1, len(sheet) + 1)
    sheet["title"] = sheet["record_id"].map(facts["title"])
    sheet["link"] = sheet["record_id"].map(_links(articles))
    for kind in ("gene", "mode"):
        sheet[f"{kind}_named"] = _named(sheet, mentions, kind)
    for column in (*MARKS, "remark"):
        sheet[column] = pd.Series([None] * len(sheet), dtype="str")
    return sheet[[*_BESIDE, *_EFFECTS_SHOWN, *MARKS, *_LAST]]


def _named(sheet: pd.DataFrame, mentions: pd.DataFrame, kind: str) -> list[str | None]:
    """The words of each row that were taken for its gene or mode; None where no place is known."""
    rows = mentions[(mentions["kind"] == kind) & mentions["record_id"].isin(sheet["record_id"])]
    keys = zip(rows["record_id"], rows["field"], rows["start"], strict=True)
    words = dict(zip(keys, rows["text"], strict=True))
    places = zip(sheet["record_id"], sheet["field"], sheet[f"{kind}_start"], strict=True)
    return [words.get(place) for place in places]


def _stating(rows: pd.DataFrame, effect: str) -> pd.DataFrame:
    """The rows that state one effect; of therapy, which does not hang on the mode, one per gene and sentence."""
    if effect not in _EFFECTS:
        raise UsageError(
            f"stating is {effect!r}: give one of {', '.join(_EFFECTS)}, or leave it empty for any."
        )
    rows = rows[rows[effect] != NONE_STATED]
    if effect == "effect_on_therapy":
        rows = rows.drop_duplicates(["record_id", "gene", "field", "sentence"])
    return rows.reset_index(drop=True)


def _links(articles: pd.DataFrame) -> dict[str, str]:
    """Record id -> PubMed or DOI address."""
    links = {}
    for record, pmid, doi in zip(articles["record_id"], articles["pmid"], articles["doi"], strict=True):
        if isinstance(pmid, str):
            links[record] = f"https://pubmed.ncbi.nlm.nih.gov/{pmid}/"
        elif isinstance(doi, str):
            links[record] = f"https://doi.org/{doi}"
    return links


def read_marks(sheet: pd.DataFrame) -> pd.DataFrame:
    """Frame (question, class, marked, right, precision, low, high) of a marked sheet, all and per class.

    class is what the row states: the effect for the effects, the mode for modes, "all" otherwise and in
    total; low and high bound the Wilson 95 % interval. Rows without a mark are not counted. Raises SchemaError
    naming the column or the row whose mark is neither yes nor no.
    """
    if absent := [column for column in MARKS if column not in sheet.columns]:
        raise SchemaError(
            f"review sheet: column {absent[0]} is absent; keep the columns the sheet was written with."
        )
    rows = []
    for question in MARKS:
        marks = [_mark(value, question, row) for row, value in enumerate(sheet[question], start=2)]
        stated = question.removesuffix("_right")
        classes = sheet[stated] if stated in sheet.columns else pd.Series(["all"] * len(sheet))
        known = pd.DataFrame({"class": classes.tolist(), "mark": marks}).dropna()
        rows.append(_precision(question, "all", known["mark"]))
        if stated not in ("gene", "all"):
            rows += [
                _precision(question, str(c), group["mark"]) for c, group in known.groupby("class", sort=True)
            ]
    return pd.DataFrame(rows, columns=["question", "class", "marked", "right", "precision", "low", "high"])


def _mark(value: Any, question: str, row: int) -> bool | None:
    """True, False, or None for a blank cell."""
    if value is None or (isinstance(value, float) and np.isnan(value)) or value is pd.NA:
        return None
    text = str(value).strip().lower()
    if not text:
        return None
    if text in _YES or text in _NO:
        return text in _YES
    raise SchemaError(f"review sheet: row {row}, column {question}: {value!r} is neither yes nor no.")


def _precision(question: str, name: str, marks: pd.Series[Any]) -> tuple[Any, ...]:
    n, right = len(marks), int(marks.astype(bool).sum())
    if not n:
        return question, name, 0, 0, np.nan, np.nan, np.nan
    low, high = proportion_confint(right, n, alpha=0.05, method="wilson")
    return question, name, n, right, right / n, float(low), float(high)
