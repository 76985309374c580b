"""Single values of a bibliographic record in the one form the tables use, and rows made into a frame."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from calendar import monthrange
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

import pandas as pd
from stdnum import issn as stdnum_issn

from helpers.schemas import ARTICLES, conform

_MONTHS = {
    name: number
    for number, name in enumerate("jan feb mar apr may jun jul aug sep oct nov dec".split(), start=1)
}
_YEAR = r"(?<!\d)(?P<year>1[5-9]\d\d|20\d\d)"
_MONTH = r"(?P<month>1[0-2]|0?[1-9])(?!\d)"
_NAME = r"(?P<month>[A-Za-z]{3,9})\.?"
_DAY = r"(?P<day>3[01]|[12]\d|0?[1-9])(?!\d)"
_DATES = tuple(
    re.compile(pattern)
    for pattern in (
        rf"{_YEAR}\s*[-/.年]\s*{_MONTH}(?:\s*[-/.月]\s*{_DAY})?",  # 2024-01-29, 2024/1/29 0:00, 2026年2月9日
        rf"{_YEAR}(?P<month>0[1-9]|1[0-2]){_DAY}",  # 20240129
        rf"{_YEAR}[\s,/-]+{_NAME}(?:[\s,/-]+{_DAY}(?![-/]))?",  # 2024 Jan 29, 2024 Jan-Feb
        rf"(?:(?<!\d){_DAY}\s+)?{_NAME},?\s+{_YEAR}",  # 29 January 2024, January 2024
        rf"{_NAME}\s+{_DAY},?\s+{_YEAR}",  # January 29, 2024
        rf"{_YEAR}(?!\d)",
    )
)

# C0 but tab and line feed, DEL, C1, orders of writing direction, half characters and what is none.
_CONTROLS = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]"
)
_DOI = re.compile(r"10\.\d{4,9}/\S+")
_NOTICES = {
    "published erratum", "retraction of publication", "retraction notice", "expression of concern",
}  # fmt: skip
_REVIEWS = {
    "review", "systematic review", "meta-analysis", "scoping review", "network meta-analysis",
    "review article", "mini-review", "minireview",
}  # fmt: skip
_OTHERS = {
    "editorial", "comment", "letter", "news", "newspaper article", "biography", "autobiography",
    "interview", "personal narrative", "bibliography", "portrait", "obituary", "book", "chapter",
    "introductory journal article", "erratum", "corrigendum", "guideline", "practice guideline",
}  # fmt: skip

# What makes a record without PMID and DOI this record.
_LOCAL = ("title", "vernacular_title", "year", "authors", "journal", "volume", "pages")
# ISO 639-1 codes and names to the bibliographic ISO 639-2 codes PubMed uses.
_LANGUAGES = {
    "ar": "ara", "bg": "bul", "cs": "cze", "da": "dan", "de": "ger", "el": "gre", "en": "eng",
    "es": "spa", "et": "est", "fa": "per", "fi": "fin", "fr": "fre", "he": "heb", "hr": "hrv",
    "hu": "hun", "it": "ita", "ja": "jpn", "ko": "kor", "nl": "dut", "no": "nor", "pl": "pol",
    "pt": "por", "ro": "rum", "ru": "rus", "sk": "slo", "sl": "slv", "sr": "srp", "sv": "swe",
    "tr": "tur", "uk": "ukr", "vi": "vie", "zh": "chi",
    "chinese": "chi", "中文": "chi", "汉语": "chi", "zho": "chi", "english": "eng", "英文": "eng",
    "french": "fre", "fra": "fre", "german": "ger", "deu": "ger", "italian": "ita",
    "japanese": "jpn", "korean": "kor", "polish": "pol", "portuguese": "por", "russian": "rus",
    "spanish": "spa", "turkish": "tur",
}  # fmt: skip


def article_frame(rows: Sequence[Mapping[str, Any]]) -> pd.DataFrame:
    """ARTICLES frame of row dicts; keys a row lacks are missing values.

    Fills record_id (pmid, else DOI, else local hash), year (from pub_date), article_kind (from the
    publication types) and retraction (unknown) where a row does not give them. List columns take the
    text made by `join_list`. Raises SchemaError for unknown keys, bad values or two rows of one id.
    """
    return conform(pd.DataFrame([complete_row(row) for row in rows], columns=_columns(rows)), ARTICLES)


def _columns(rows: Sequence[Mapping[str, Any]]) -> list[str]:
    extra = {name for row in rows for name in row} - set(ARTICLES.names)
    return [*ARTICLES.names, *sorted(extra)]


def _clean(value: Any) -> Any:
    return (_CONTROLS.sub("", value) or None) if isinstance(value, str) else value


def complete_row(row: Mapping[str, Any]) -> dict[str, Any]:
    """The row with "" made missing, and record_id, year, article_kind and retraction filled in.

    Control characters and orders to write from right to left are taken out of its texts: no page, sheet
    or XML can hold the former, and the latter would turn round what stands after them.
    """
    full: dict[str, Any] = {name: _clean(value) for name, value in row.items()}
    if full.get("year") is None and full.get("pub_date"):
        full["year"] = int(full["pub_date"][:4])
    if full.get("article_kind") is None:
        full["article_kind"] = article_kind((full.get("publication_types") or "").split("|"))
    full["retraction"] = full.get("retraction") or "unknown"
    full["record_id"] = full.get("record_id") or record_id(
        pmid=full.get("pmid"),
        doi=full.get("doi"),
        parts=[full.get(name) for name in _LOCAL],
    )
    return full


def record_id(*, pmid: str | None, doi: str | None, parts: Iterable[Any] = ()) -> str:
    """`pmid:<PMID>`, else `doi:<DOI>`, else `local:<hash>` of the normalised parts."""
    if pmid:
        return f"pmid:{pmid}"
    if doi:
        return f"doi:{doi}"
    text = "\n".join(normalise_title(str(part)) for part in parts if part is not None)
    return f"local:{hashlib.sha256(text.encode()).hexdigest()[:16]}"


def normalise_title(title: str) -> str:
    """Title for exact comparison: compatibility forms unified, case, punctuation, accents and spaces gone."""
    text = unicodedata.normalize("NFKD", title).casefold()
    return "".join(character for character in text if character.isalnum())


def iso_date(text: str | None) -> str | None:
    """YYYY, YYYY-MM or YYYY-MM-DD, whatever the text states; None if it holds no year.

    A range gives its start; a season or a numeric day/month order that cannot be told gives the year.
    """
    if not text:
        return None
    for pattern in _DATES:
        if match := pattern.search(text):
            found = match.groupdict()
            if date := date_of(found["year"], found.get("month"), found.get("day")):
                if "month" in found and len(date) == 4:
                    continue
                return date
    return None


def date_of(
    year: str | int | None, month: str | int | None = None, day: str | int | None = None
) -> str | None:
    """ISO text of the precision its parts allow; months may be numbers or English names."""
    if not year or not re.fullmatch(r"\d{4}", str(year)):
        return None
    name = str(month or "").strip(" .").casefold()
    number = int(name) if name.isdecimal() else _MONTHS.get(name[:3], 0)
    if not 1 <= number <= 12:
        return str(year)
    days = str(day or "").strip()
    if days.isdecimal() and 1 <= int(days) <= monthrange(int(year), number)[1]:
        return f"{year}-{number:02d}-{int(days):02d}"
    return f"{year}-{number:02d}"


def normalise_doi(text: str | None) -> str | None:
    """DOI in lower case without resolver, prefix or trailing punctuation; None if there is none."""
    match = _DOI.search((text or "").strip())
    if not match:
        return None
    doi = match.group().rstrip(".,;:'\"<>").lower()
    while doi.endswith(")") and doi.count("(") < doi.count(")"):
        doi = doi[:-1]
    return doi


def normalise_issn(text: str | None) -> str | None:
    """ISSN as NNNN-NNNX with a valid check digit (python-stdnum); None otherwise."""
    compact = re.sub(r"[^0-9Xx]", "", text or "").upper()
    return str(stdnum_issn.format(compact)) if stdnum_issn.is_valid(compact) else None


def find_issns(text: str | None) -> list[str]:
    """Every valid ISSN in the text, in order, as NNNN-NNNX; hyphens may be absent."""
    found = re.findall(r"(?<![\dXx])\d{4}[-‐–—]?\d{3}[\dXx](?![\dXx])", text or "")
    return list(dict.fromkeys(issn for item in found if (issn := normalise_issn(item))))


def normalise_pmid(text: str | int | None) -> str | None:
    """PMID as digits without leading zeros; None for anything else."""
    digits = re.fullmatch(r"\s*(?:PMID:?\s*)?0*([1-9]\d{0,8})(?:\.0)?\s*", str(text or ""), re.IGNORECASE)
    return digits.group(1) if digits else None


def normalise_pmcid(text: str | None) -> str | None:
    """PubMed Central id as PMC<digits>; None if there is none."""
    match = re.search(r"\bPMC\s?(\d+)", text or "", re.IGNORECASE)
    return f"PMC{match.group(1)}" if match else None


def language_code(text: str | None) -> str | None:
    """ISO 639-2 code as PubMed writes it (eng, chi), from a code, locale or name; None if unknown."""
    name = (text or "").strip().casefold().replace("_", "-")
    base = name.split("-")[0].split(";")[0].strip()
    if base in _LANGUAGES:
        return _LANGUAGES[base]
    return base if re.fullmatch(r"[a-z]{3}", base) else None


def article_kind(publication_types: Collection[str]) -> str:
    """`review`, `other` (notice, editorial, comment, letter, news, guideline, book) or `primary`.

    Notices come first, then reviews of any kind (a review printed as a letter is a review), then the rest.
    Record without publication types: primary, for nothing says otherwise.
    """
    types = {item.strip().casefold() for item in publication_types}
    if types & _NOTICES:
        return "other"
    if types & _REVIEWS:
        return "review"
    return "other" if types & _OTHERS else "primary"
