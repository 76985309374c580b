"""One PubMed record as a row of the articles table."""

from __future__ import annotations

from functools import lru_cache
from typing import Any, NamedTuple

from helpers.records import pubmed_fields as read
from helpers.records.fields import article_kind, normalise_doi, normalise_pmid
from helpers.records.pubmed_elements import Parsed
from helpers.schemas import SEPARATOR, join_list


class PubmedRecord(NamedTuple):
    """One record: its ARTICLES row, and what decides between two deliveries of one PMID."""

    row: dict[str, Any]
    version: int = 1
    revised: str = ""
    book: bool = False


def version_of(pmid: Any) -> int:
    """Version a PMID element states; 1 where it states none."""
    version = pmid.get("Version") or ""
    return int(version) if version.isdecimal() else 1


def read_article(parsed: Parsed) -> PubmedRecord:
    """Record of a PubmedArticle, or of a MedlineCitation standing alone as in old files."""
    row: dict[str, Any] = {"pmid": None, "note": parsed.note}
    found: dict[str, Any] = {}
    citation = [parsed.element] if parsed.kind == "MedlineCitation" else []
    for child in citation or parsed.element:
        if child.tag in ("MedlineCitation", "PubmedData"):
            for part in child:
                read_child(part, row, found)
    return finish_record(row, found)


def read_child(child: Any, row: dict[str, Any], found: dict[str, Any]) -> None:
    """Take a child of MedlineCitation, Article or PubmedData into the row, or into what it is made from."""
    tag = child.tag
    if tag == "PMID":
        row["pmid"], found["version"] = normalise_pmid(child.text), version_of(child)
    elif tag == "Article":
        for part in child:
            read_article_child(part, row, found)
    elif tag == "DateRevised":
        found["revised"] = read.date_in(child)
    elif tag == "MedlineJournalInfo":
        _journal_info(child, row, found)
    elif tag == "MeshHeadingList":
        _mesh(child, row)
    elif tag == "KeywordList":
        found.setdefault("keywords", []).extend(_keywords(child))
    elif tag == "CommentsCorrectionsList":
        found.setdefault("links", []).extend(link.get("RefType") for link in child)
    elif tag == "OtherAbstract":
        if text := read.abstract_of(child):
            other = (child.get("Language", "eng"), child.get("Type"), text)
            found.setdefault("other_abstracts", []).append(other)
    elif tag == "OtherID" and child.get("Source") == "NLM":
        found.setdefault("other_ids", []).append(child.text)
    elif tag == "ArticleIdList":
        found["ids"] = read.ids_of(child)


def read_article_child(child: Any, row: dict[str, Any], found: dict[str, Any]) -> None:
    """Take a child of Article (or of a book's document) into the row, or into what it is made from."""
    tag = child.tag
    if tag == "Journal":
        _journal(child, row, found)
    elif tag == "ArticleTitle":
        row["title"] = read.title_of(child)
    elif tag == "Abstract":
        row["abstract"] = read.abstract_of(child)
    elif tag == "AuthorList":
        _authors(child, found)
    elif tag == "Pagination":
        row["pages"] = read.pages_of(child)
    elif tag == "ELocationID" and child.get("ValidYN") != "N":
        found.setdefault(child.get("EIdType"), child.text)
    elif tag == "Language":
        found.setdefault("language", []).append(child.text)
    elif tag == "PublicationTypeList":
        found["types"] = [(item.text, item.get("UI")) for item in child]
    elif tag == "VernacularTitle":
        row["vernacular_title"] = read.title_of(child)
    elif tag == "ArticleDate":
        found["electronic"] = read.earlier(found.get("electronic"), read.date_in(child))


def _journal(journal: Any, row: dict[str, Any], found: dict[str, Any]) -> None:
    for child in journal:
        tag = child.tag
        if tag == "ISSN":
            found["issn"] = read.issn_of(child.text)
        elif tag == "Title":
            row["journal"] = read.text_of(child)
        elif tag == "ISOAbbreviation":
            row["journal_abbreviation"] = read.text_of(child)
        elif tag == "JournalIssue":
            for part in child:
                if part.tag == "PubDate":
                    found["issue_date"] = read.date_in(part)
                elif part.tag == "Volume":
                    row["volume"] = read.text_of(part)
                elif part.tag == "Issue":
                    row["issue"] = read.text_of(part)


def _journal_info(info: Any, row: dict[str, Any], found: dict[str, Any]) -> None:
    for child in info:
        if child.tag == "NlmUniqueID":
            row["nlm_id"] = read.text_of(child)
        elif child.tag == "ISSNLinking":
            row["issn_l"] = read.issn_of(child.text)
        elif child.tag == "MedlineTA" and not row.get("journal_abbreviation"):
            row["journal_abbreviation"] = read.text_of(child)


def _mesh(headings: Any, row: dict[str, Any]) -> None:
    pairs: dict[str, str] = {}
    for heading in headings:
        descriptor = heading[0] if len(heading) else None
        if descriptor is not None and descriptor.text:
            pairs.setdefault(descriptor.text.strip(), descriptor.get("UI") or "")
    row["mesh"] = join_list(pairs)
    row["mesh_ui"] = SEPARATOR.join(pairs.values()) if any(pairs.values()) else None


def _keywords(keywords: Any) -> list[str]:
    """Author keywords as they are; those of another owner (NASA, KIE, PIP) with the owner in brackets."""
    owner = keywords.get("Owner", "NOTNLM")
    mark = "" if owner == "NOTNLM" else f" [{owner}]"
    return [f"{text}{mark}" for keyword in keywords if (text := read.text_of(keyword))]


def _authors(authors: Any, found: dict[str, Any]) -> None:
    """Authors; editors only where no list of authors stands beside them."""
    editors = authors.get("Type") == "editors"
    if not editors or not found.get("authors"):
        found["authors"] = read.authors_of(authors)


def finish_record(row: dict[str, Any], found: dict[str, Any], *, book: bool = False) -> PubmedRecord:
    """The record once all its parts are read."""
    get = found.get
    ids = get("ids") or {}
    date = read.earlier(get("issue_date"), get("electronic"))
    row["record_id"] = f"pmid:{row['pmid']}"
    row["abstract_kind"] = "abstract" if row.get("abstract") else None
    row["other_abstracts"] = read.other_abstracts_as_json(get("other_abstracts", ()))
    row["authors"] = SEPARATOR.join(get("authors", ())) or None
    row["issn"] = join_list(issn for issn in (get("issn"), row.get("issn_l")) if issn)
    row["pages"] = row.get("pages") or get("pii")
    row["pub_date"], row["year"] = date, int(date[:4]) if date else None
    languages = get("language", ())
    row["language"] = languages[0] if len(languages) == 1 else join_list(languages)
    row["doi"] = ids.get("doi") or normalise_doi(get("doi"))
    row["pmcid"] = ids.get("pmcid") or next(filter(None, map(read.pmcid_of, get("other_ids", ()))), None)
    row["keywords"] = join_list(get("keywords", ()))
    links = tuple(link for link in get("links", ()) if link != "Cites")
    row.update(kind_columns(tuple(get("types", ())), links, book))
    return PubmedRecord(row, get("version", 1), get("revised") or "", book)


@lru_cache(4096)
def kind_columns(
    types: tuple[tuple[str | None, str | None], ...], links: tuple[str, ...], book: bool
) -> dict[str, str | None]:
    """Columns that follow from publication types (name, id) and links; records share few combinations."""
    names = [name.strip() for name, _ in types if name]
    ids = [identifier for _, identifier in types if identifier]
    return {
        "publication_types": join_list(names),
        "article_kind": "other" if book else article_kind(names),
        "retraction": read.retraction_state(names + ids, links),
    }


def read_book(parsed: Parsed) -> PubmedRecord:
    """Record of a book or chapter: the book's title stands as journal, a chapter's own date comes first."""
    row: dict[str, Any] = {"pmid": None, "note": parsed.note}
    found: dict[str, Any] = {}
    for part in parsed.element:
        if part.tag == "BookDocument":
            for child in part:
                _book_part(child, row, found)
    row["title"] = row.get("title") or row.get("journal")
    found["issue_date"] = found.get("contributed") or found.get("issue_date")
    return finish_record(row, found, book=True)


def _book_part(child: Any, row: dict[str, Any], found: dict[str, Any]) -> None:
    tag = child.tag
    if tag == "PMID":
        row["pmid"], found["version"] = normalise_pmid(child.text), version_of(child)
    elif tag == "ArticleIdList":
        found["ids"] = read.ids_of(child)
    elif tag == "Book":
        for part in child:
            if part.tag == "BookTitle":
                row["journal"] = read.text_of(part)
            elif part.tag == "PubDate":
                found["issue_date"] = read.date_in(part)
            elif part.tag == "Volume":
                row["volume"] = read.text_of(part)
            elif part.tag == "AuthorList":
                _authors(part, found)
    elif tag == "PublicationType":
        found.setdefault("types", []).append((child.text, child.get("UI")))
    elif tag == "KeywordList":
        found.setdefault("keywords", []).extend(_keywords(child))
    elif tag == "DateRevised":
        found["revised"] = read.date_in(child)
    elif tag == "ContributionDate":
        found["contributed"] = read.date_in(child)
    else:
        read_article_child(child, row, found)
