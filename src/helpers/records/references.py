"""Reference files of other programs and databases, read into articles.

Formats are told from content, never from the file name: CSL-JSON (Zotero, Crossref, our seed corpus),
RIS, NBIB/MEDLINE, BibTeX, PubMed CSV, the exports of CNKI and Wanfang (EndNote, RefWorks, NoteExpress,
E-Study), PubMed XML, and the full text of one paper as Markdown or plain text.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable
from typing import Any

from charset_normalizer import from_bytes

from helpers.errors import ParseError
from helpers.records import fields
from helpers.records.exports import Entry, iter_bibtex, iter_csl, iter_nbib, iter_pubmed_csv
from helpers.records.fulltext import iter_full_text, looks_like_full_text
from helpers.records.parsed import ParsedRecords
from helpers.records.pubmed import parse_pubmed
from helpers.records.tagged import iter_endnote, iter_estudy, iter_noteexpress, iter_refworks, iter_ris
from helpers.schemas import FULL_TEXT, join_list

_BOMS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
# The first pattern found decides; a format with a rare opening stands before one with a common opening.
_FORMATS: tuple[tuple[str, str, Callable[[str, str], Iterable[Entry]]], ...] = (
    ("NoteExpress", r"^\{Reference Type\}\s*:", iter_noteexpress),
    ("E-Study", r"^(?:DataType|Title-题名)\s*:", iter_estudy),
    ("NBIB/MEDLINE", r"^PMID- *\d", iter_nbib),
    ("RIS", r"^TY {1,2}- ?[A-Z]", iter_ris),
    ("EndNote", r"^%[0AT] \S", iter_endnote),
    ("RefWorks", r"^RT \S", iter_refworks),
    ("BibTeX", r"^\s*@\w+\s*[{(]", iter_bibtex),
    ("CSL-JSON", r"\A\s*[\[{]", iter_csl),
    ("PubMed CSV", r"\A\s*\"?PMID\"?,\"?Title\"?,", iter_pubmed_csv),
)
_XML = re.compile(rb"\A\s*(?:\xef\xbb\xbf)?\s*<(?:\?xml|!DOCTYPE|Pubmed)")
_REVIEW_TITLE = re.compile(
    r"\b(?:systematic|scoping|narrative|literature|critical|umbrella|mini-?)?\s*review\b|\bmeta-?analysis\b|综述|研究进展|meta\s*分析",
    re.IGNORECASE,
)
_OTHER_TITLE = re.compile(
    r"^(?:editorial|comment(?:ary)?|erratum|corrigendum|correction|retraction|news)\b\s*(?:[:.]|to\b|on\b)",
    re.IGNORECASE,
)
_HAN = re.compile(r"[\u4e00-\u9fff]")
_KANA = re.compile(r"[\u3040-\u30ff]")


def parse_references(content: bytes, *, name: str, source_name: str) -> ParsedRecords:
    """ParsedRecords of a reference file: one row per record, every entry that gave none listed.

    name is the file as the user knows it (for messages), source_name goes into the `source` column.
    An entry that repeats an earlier one of the same file fills that one's blanks and is listed as skipped.
    Raises ParseError, naming file and place, for content of no known format or without a single entry.
    """
    if content[:2] == b"\x1f\x8b" or _XML.match(content):
        return parse_pubmed(content, source_name=source_name)
    text = decode(content, name=name)
    rows: dict[str, dict[str, Any]] = {}
    skipped: list[tuple[str, str]] = []
    books = 0
    for place, draft in _reader(text, name)(text, name):
        if isinstance(draft, str):
            skipped.append((place, draft))
            continue
        books += bool(draft.get("book"))
        row = fields.complete_row(_row(draft, source_name))
        if not (row["title"] or row["pmid"] or row["doi"]):
            skipped.append((place, "has neither title nor PMID nor DOI"))
        elif (known := rows.setdefault(row["record_id"], row)) is not row:
            skipped.append((place, f"repeats {row['record_id']}{_fill(known, row)}"))
    if not rows and not skipped:
        raise ParseError(f"{name}: holds no record: choose another file.")
    return ParsedRecords(fields.article_frame(list(rows.values())), [], skipped, books)


def decode(content: bytes, *, name: str) -> str:
    """Text with line feeds only: UTF-8 or UTF-16 by its mark, else UTF-8, GB18030, Big5 or Windows-1252.

    Which of the last three is told by charset-normalizer. Raises ParseError with the byte that fits none.
    """
    if not content.strip():
        raise ParseError(f"{name}: is empty: choose another file.")
    encoding = next((codec for mark, codec in _BOMS if content.startswith(mark)), "utf-8")
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError as error:
        best = None if encoding != "utf-8" or _is_damaged_utf8(content) else _guess(content)
        if best is None:
            raise ParseError(
                f"{name}: byte {error.start} ({content[error.start]:#04x}) is not {encoding} text: "
                "save the file as UTF-8 and import it again."
            ) from None
        text = best
    if "\x00" in text:
        raise ParseError(f"{name}: is a binary file: export the references as RIS, NBIB or CSL-JSON.")
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _guess(content: bytes) -> str | None:
    best = from_bytes(content, cp_isolation=["gb18030", "big5", "cp1252"]).best()
    return None if best is None else str(best)


def _is_damaged_utf8(content: bytes) -> bool:
    """Whether most letters beyond ASCII are sound UTF-8: then a bad byte is damage, not another encoding."""
    text = content.decode("utf-8", errors="replace")
    broken = text.count("\ufffd")
    sound = sum(character > "\x7f" for character in text) - broken
    return sound > 3 * broken


def _reader(text: str, name: str) -> Callable[[str, str], Iterable[Entry]]:
    start = text[:50_000]
    for _, pattern, reader in _FORMATS:
        if re.search(pattern, start, re.MULTILINE):
            return reader
    if looks_like_full_text(text):
        return iter_full_text
    known = ", ".join(label for label, _, _ in _FORMATS)
    raise ParseError(
        f"{name}: is none of the formats read here ({known}, PubMed XML, or a paper's full text with an "
        f"abstract heading); it begins with {start.strip()[:40]!r}."
    )


def _abstract_kind(draft: dict[str, Any], abstract: str | None) -> str | None:
    if abstract:
        return FULL_TEXT if draft.get("has_body") else "abstract"
    return "summary" if draft.get("summary") else None


def _row(draft: dict[str, Any], source: str) -> dict[str, Any]:
    """ARTICLES row of a reader's draft: ids, dates and lists in their one form, what does not fit noted."""
    title = plain(draft.get("title"))
    abstract = draft.get("abstract_text") or plain(draft.get("abstract"))
    dates = [date for text in draft.get("dates", ()) if (date := fields.iso_date(text))]
    types = list(draft.get("types", ()))
    issns = fields.find_issns(draft.get("issn"))
    languages = [code for item in draft.get("languages", ()) if (code := fields.language_code(item))]
    summary = draft.get("summary")
    row = {
        "title": title,
        "abstract": abstract or summary,
        "abstract_kind": _abstract_kind(draft, abstract),
        "other_abstracts": _other_abstracts(draft),
        "authors": join_list(_clean(item) for item in draft.get("authors", ())),
        "issn": join_list(issns),
        "issn_l": fields.normalise_issn(draft.get("issn_l")),
        "pub_date": dates[0] if dates else None,
        "year": min(int(date[:4]) for date in dates) if dates else None,
        "language": join_list(languages) or _language(title, draft.get("vernacular_title")),
        "publication_types": join_list(types),
        "article_kind": draft.get("article_kind") or _kind(types, title or ""),
        "retraction": draft.get("retraction"),
        "mesh": join_list(draft.get("mesh", ())),
        "keywords": join_list(_clean(plain(item) or "") for item in draft.get("keywords", ())),
        "pmid": fields.normalise_pmid(draft.get("pmid")),
        "pmcid": fields.normalise_pmcid(draft.get("pmcid")),
        "doi": fields.normalise_doi(draft.get("doi")),
        "source": source,
    }
    for name in ("vernacular_title", "journal", "journal_abbreviation", "nlm_id", "volume", "issue", "pages"):
        row[name] = _clean(plain(draft.get(name)) or "") or None
    row["note"] = _note(draft, row)
    return row


def _note(draft: dict[str, Any], row: dict[str, Any]) -> str | None:
    """The curator's note, and every value given that could not be used."""
    notes = [draft["note"]] if draft.get("note") else []
    for name in ("issn", "issn_l", "doi", "pmid"):
        if draft.get(name) and not row[name]:
            notes.append(f"{name.upper().replace('_', '-')} {str(draft[name])!r} as given is not valid.")
    return " ".join(notes) or None


def _other_abstracts(draft: dict[str, Any]) -> str | None:
    kept = [item for item in draft.get("other_abstracts", ()) if item.get("text")]
    return json.dumps(kept, ensure_ascii=False) if kept else None


def _kind(types: list[str], title: str) -> str:
    """Kind by publication types; by the title's own words where these say no more than "article"."""
    kind = fields.article_kind(types)
    if kind != "primary":
        return kind
    if _OTHER_TITLE.search(title):
        return "other"
    return "review" if _REVIEW_TITLE.search(title) else kind


def _language(*titles: str | None) -> str | None:
    """`chi` for a title in Han characters without kana; None (not stated) otherwise."""
    text = " ".join(title for title in titles if title)
    return "chi" if _HAN.search(text) and not _KANA.search(text) else None


def _fill(known: dict[str, Any], repeat: dict[str, Any]) -> str:
    filled = [name for name, value in repeat.items() if value is not None and known.get(name) is None]
    known.update({name: repeat[name] for name in filled})
    return f" and gave it {', '.join(filled)}" if filled else ""


_MARKUP = re.compile(
    r"</?(?:i|b|u|em|strong|sub|sup|sc|p|br|span|jats:[a-z-]+)(?:\s[^<>]*)?/?>", re.IGNORECASE
)
_ENTITY = {"&amp;": "&", "&lt;": "<", "&gt;": ">", "&quot;": '"', "&#39;": "'", "&nbsp;": " "}


def plain(value: Any) -> str | None:
    """Text without inline markup and entities, spaces collapsed; None if nothing is left.

    Only the tags that bibliographic records use are taken away, so that `p<0.05` stays whole.
    """
    if value is None:
        return None
    text = _MARKUP.sub(
        lambda tag: (
            " "
            if tag.group()
            .lower()
            .startswith(("<p", "</p", "<br", "<jats:p", "</jats:p", "<jats:title", "</jats:title"))
            else ""
        ),
        str(value),
    )
    for entity, character in _ENTITY.items():
        text = text.replace(entity, character)
    return _clean(text) or None


def _clean(text: str) -> str:
    return " ".join(text.split())
