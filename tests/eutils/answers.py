# ruff: noqa: E501 -- literal XML and word lists
"""Bodies of esearch, esummary, elink and einfo, and of the Gene and NLM Catalog databases, as NCBI writes them."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any
from xml.sax.saxutils import escape

from eutils.facts import JOURNALS, OTHER_GENES, PLANTED, Journal
from eutils.records import Record
from eutils.search import Hits

CAP = 9999
_ESEARCH = (
    '<?xml version="1.0" encoding="UTF-8" ?>\n<!DOCTYPE eSearchResult PUBLIC "-//NLM//DTD esearch 20060628//EN" '
    '"https://eutils.ncbi.nlm.nih.gov/eutils/dtd/20060628/esearch.dtd">\n'
)
_BEYOND = (
    "Search Backend failed: Exception:\n'retstart' cannot be larger than 9998. For PubMed, ESearch can only retrieve "
    "the first 9,999 records matching the query."
)


def search_json(hits: Hits, start: int, size: int, session: str | None) -> bytes:
    """esearch in JSON; past the cap an error whose text holds a raw line feed, as NCBI's does."""
    if start >= CAP:
        text = json.dumps(
            {"header": {"type": "esearch", "version": "0.3"}, "esearchresult": {"ERROR": _BEYOND}}
        )
        return text.replace("\\n", "\n").encode()
    ids = _page(hits, start, size)
    result: dict[str, Any] = {
        "count": str(len(hits.pmids)), "retmax": str(len(ids)), "retstart": str(start), "idlist": ids,
        "translationset": [], "querytranslation": hits.translation,
    }  # fmt: skip
    if session:
        result |= {"querykey": "1", "webenv": session}
    if hits.fields_not_found:
        result["errorlist"] = {"phrasesnotfound": [], "fieldsnotfound": hits.fields_not_found}
    if hits.phrases_not_found or not len(hits.pmids):
        result["warninglist"] = {
            "phrasesignored": [],
            "quotedphrasesnotfound": hits.phrases_not_found,
            "outputmessages": [] if len(hits.pmids) else ["No items found."],
        }
    return json.dumps({"header": {"type": "esearch", "version": "0.3"}, "esearchresult": result}).encode()


def search_xml(hits: Hits, start: int, size: int, session: str | None) -> bytes:
    """esearch in XML."""
    if start >= CAP:
        return f"{_ESEARCH}<eSearchResult><ERROR>{_BEYOND}</ERROR></eSearchResult>".encode()
    ids = "".join(f"<Id>{uid}</Id>" for uid in _page(hits, start, size))
    history = f"<QueryKey>1</QueryKey><WebEnv>{session}</WebEnv>" if session else ""
    fields = "".join(f"<FieldNotFound>{escape(f)}</FieldNotFound>" for f in hits.fields_not_found)
    phrases = "".join(
        f"<QuotedPhraseNotFound>{escape(p)}</QuotedPhraseNotFound>" for p in hits.phrases_not_found
    )
    nothing = "" if len(hits.pmids) else "<OutputMessage>No items found.</OutputMessage>"
    lists = (f"<ErrorList>{fields}</ErrorList>" if fields else "") + (
        f"<WarningList>{phrases}{nothing}</WarningList>" if phrases or nothing else ""
    )
    return (
        f"{_ESEARCH}<eSearchResult><Count>{len(hits.pmids)}</Count><RetMax>{size}</RetMax><RetStart>{start}</RetStart>"
        f"{history}<IdList>{ids}</IdList><TranslationSet/><QueryTranslation>{escape(hits.translation)}"
        f"</QueryTranslation>{lists}</eSearchResult>"
    ).encode()


def _page(hits: Hits, start: int, size: int) -> list[str]:
    """Newest first, clamped at the cap without a word."""
    newest = hits.pmids[::-1][start : min(start + size, CAP)]
    return [str(uid) for uid in newest.tolist()]


def pubmed_summaries(asked: list[str], records: dict[int, Record], as_json: bool) -> bytes:
    """esummary of db=pubmed; ids nobody knows carry an error of their own."""
    if as_json:
        result: dict[str, Any] = {"uids": asked}
        for uid in asked:
            result[uid] = _summary(records.get(int(uid)), uid)
        return json.dumps({"header": {"type": "esummary", "version": "0.3"}, "result": result}).encode()
    items = "".join(
        f'<DocSum><Id>{uid}</Id><Item Name="Title" Type="String">{escape(records[int(uid)].title)}</Item></DocSum>'
        if int(uid) in records
        else f"<ERROR>UID={uid}: cannot get document summary</ERROR>"
        for uid in asked
    )
    head = '<!DOCTYPE eSummaryResult PUBLIC "-//NLM//DTD esummary v1 20041029//EN" "https://eutils.ncbi.nlm.nih.gov/eutils/dtd/20041029/esummary-v1.dtd">'
    return (
        f'<?xml version="1.0" encoding="UTF-8" ?>\n{head}\n<eSummaryResult>{items}</eSummaryResult>'.encode()
    )


def _summary(record: Record | None, uid: str) -> dict[str, Any]:
    if record is None:
        return {"uid": uid, "error": "cannot get document summary"}
    journal = JOURNALS[record.journal]
    return {
        "uid": uid, "pubdate": record.published.isoformat(), "title": record.title, "source": journal.abbreviation,
        "issn": journal.print_issn, "essn": journal.online_issn, "nlmuniqueid": journal.nlm_id, "pubtype": [record.kind],
    }  # fmt: skip


def links(source: str, asked: list[str], records: dict[int, Record], link: str, as_json: bool) -> bytes:
    """elink cmd=neighbor: one link set per id asked for, empty where a record has no neighbour."""
    ordered = sorted(records)
    found = {uid: _neighbours(int(uid), records, ordered) for uid in asked}
    if as_json:
        sets = [
            {"dbfrom": source, "ids": [uid]}
            | (
                {"linksetdbs": [{"dbto": "pubmed", "linkname": link, "links": found[uid]}]}
                if found[uid]
                else {}
            )
            for uid in asked
        ]
        return json.dumps({"header": {"type": "elink", "version": "0.3"}, "linksets": sets}).encode()
    text = "".join(
        f"<LinkSet><DbFrom>{source}</DbFrom><IdList><Id>{uid}</Id></IdList>{_link_set(found[uid], link)}</LinkSet>"
        for uid in asked
    )
    head = '<!DOCTYPE eLinkResult PUBLIC "-//NLM//DTD elink 20101123//EN" "https://eutils.ncbi.nlm.nih.gov/eutils/dtd/20101123/elink.dtd">'
    return f'<?xml version="1.0" encoding="UTF-8" ?>\n{head}\n<eLinkResult>{text}</eLinkResult>'.encode()


def _link_set(uids: list[str], link: str) -> str:
    if not uids:
        return ""
    items = "".join(f"<Link><Id>{uid}</Id></Link>" for uid in uids)
    return f"<LinkSetDb><DbTo>pubmed</DbTo><LinkName>{link}</LinkName>{items}</LinkSetDb>"


def _neighbours(uid: int, records: dict[int, Record], ordered: list[int]) -> list[str]:
    if uid not in records:
        return []
    genes = set(records[uid].genes)
    place = ordered.index(uid)
    around = ordered[max(place - 50, 0) : place + 50]
    return [str(other) for other in around if other != uid and genes & set(records[other].genes)]


def info(db: str | None, count: int, as_json: bool) -> bytes:
    """einfo: the databases, or one database."""
    names = ("pubmed", "gene", "nlmcatalog")
    if as_json:
        inner: dict[str, Any] = (
            {"dblist": names} if db is None else {"dbinfo": [{"dbname": db, "count": str(count)}]}
        )
        return json.dumps({"header": {"type": "einfo", "version": "0.3"}, "einforesult": inner}).encode()
    head = '<!DOCTYPE eInfoResult PUBLIC "-//NLM//DTD einfo 20130322//EN" "https://eutils.ncbi.nlm.nih.gov/eutils/dtd/20130322/einfo.dtd">'
    if db is None:
        inner_xml = f"<DbList>{''.join(f'<DbName>{name}</DbName>' for name in names)}</DbList>"
    else:
        inner_xml = (
            f"<DbInfo><DbName>{db}</DbName><MenuName>{db}</MenuName><Description>synthetic</Description>"
            f"<DbBuild>1</DbBuild><Count>{count}</Count><LastUpdate>2026/11/01</LastUpdate>"
            "<FieldList></FieldList><LinkList></LinkList></DbInfo>"
        )
    return f'<?xml version="1.0" encoding="UTF-8" ?>\n{head}\n<eInfoResult>{inner_xml}</eInfoResult>'.encode()


@dataclass(frozen=True)
class Gene:
    """A gene as NCBI Gene summarises it; `replaced_by` marks a record that is no longer current."""

    uid: int
    symbol: str
    official: bool = True
    replaced_by: int = 0


def make_genes(n: int) -> dict[int, Gene]:
    """The symbols the records use, then filler ones; a few unofficial, a few replaced."""
    planted = (gene for effects in PLANTED.values() for genes in effects.values() for gene in genes)
    symbols = list(dict.fromkeys((*planted, *OTHER_GENES)))
    symbols += [f"SYNTH{number}" for number in range(n - len(symbols))]
    return {
        1000 + i: Gene(1000 + i, symbol, official=i % 50 != 49, replaced_by=2 if i % 200 == 199 else 0)
        for i, symbol in enumerate(symbols[:n])
    }


def gene_summaries(asked: list[str], genes: dict[int, Gene]) -> bytes:
    """esummary of db=gene in JSON."""
    result: dict[str, Any] = {"uids": asked}
    for uid in asked:
        gene = genes.get(int(uid))
        if gene is None:
            result[uid] = {"uid": uid, "error": "cannot get document summary"}
            continue
        result[uid] = {
            "uid": uid, "name": gene.symbol, "description": f"synthetic description of {gene.symbol}",
            "status": "1" if gene.replaced_by else "", "currentid": str(gene.replaced_by) if gene.replaced_by else "",
            "otheraliases": f"{gene.symbol}-ALT, s{gene.symbol}",
            "otherdesignations": f"{gene.symbol} protein|synthetic factor {gene.uid}",
            "nomenclaturesymbol": gene.symbol if gene.official else "",
            "nomenclaturename": f"synthetic name of {gene.symbol}" if gene.official else "",
            "nomenclaturestatus": "Official" if gene.official else "",
            "organism": {"scientificname": "Homo sapiens", "commonname": "human", "taxid": 9606},
        }  # fmt: skip
    return json.dumps({"header": {"type": "esummary", "version": "0.3"}, "result": result}).encode()


def catalog(journals: list[Journal]) -> bytes:
    """efetch of db=nlmcatalog."""
    head = '<!DOCTYPE NLMCatalogRecordSet PUBLIC "-//NLM//DTD NLMCatalogRecordSet, 1st June 2017//EN" "https://www.nlm.nih.gov/databases/dtd/nlmcatalogrecordset_170601.dtd">'
    body = "".join(_catalog_record(journal) for journal in journals)
    return f'<?xml version="1.0" encoding="UTF-8" ?>\n{head}\n<NLMCatalogRecordSet>{body}</NLMCatalogRecordSet>'.encode()


def _catalog_record(j: Journal) -> str:
    issns = "".join(
        f'<ISSN ValidYN="Y" IssnType="{kind}">{issn}</ISSN>'
        for kind, issn in (("Print", j.print_issn), ("Electronic", j.online_issn))
        if issn
    )
    return (
        f"<NLMCatalogRecord><NlmUniqueID>{j.nlm_id}</NlmUniqueID><TitleMain><Title>{escape(j.title)}.</Title></TitleMain>"
        f"<MedlineTA>{escape(j.abbreviation)}</MedlineTA>{issns}<ISSNLinking>{j.linking_issn}</ISSNLinking></NLMCatalogRecord>"
    )
