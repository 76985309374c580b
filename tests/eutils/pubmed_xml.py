# ruff: noqa: E501 -- literal XML and word lists
"""Synthetic records written as PubMed XML (DTD pubmed_250101), with the variety real records show."""

from __future__ import annotations

from datetime import date
from xml.sax.saxutils import escape

from eutils.facts import JOURNALS, MESH, MODES
from eutils.records import Record

HEAD = (
    '<?xml version="1.0" ?>\n'
    '<!DOCTYPE PubmedArticleSet PUBLIC "-//NLM//DTD PubMedArticle, 1st January 2025//EN" '
    '"https://dtd.nlm.nih.gov/ncbi/pubmed/out/pubmed_250101.dtd">\n'
)
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_TYPES = {
    "article": (("D016428", "Journal Article"),),
    "review": (("D016428", "Journal Article"), ("D016454", "Review")),
    "editorial": (("D016421", "Editorial"),),
    "notice": (("D016440", "Retraction of Publication"),),
}
_ELECTRONIC, _PUBMED, _ENTREZ = ' DateType="Electronic"', ' PubStatus="pubmed"', ' PubStatus="entrez"'
_LABELS = ("BACKGROUND", "METHODS", "RESULTS", "CONCLUSIONS")


def write_set(records: list[Record]) -> bytes:
    """A PubmedArticleSet as efetch gives it."""
    body = "\n".join(write_record(record) for record in records)
    return f"{HEAD}<PubmedArticleSet>\n{body}\n</PubmedArticleSet>\n".encode()


def write_record(record: Record) -> str:
    """One PubmedArticle or PubmedBookArticle."""
    return _book(record) if record.is_book else _article(record)


def _article(r: Record) -> str:
    journal = JOURNALS[r.journal]
    issn, kind = (journal.online_issn, "Electronic") if journal.online_issn else (journal.print_issn, "Print")
    types = _TYPES[r.kind] + ((("D016441", "Retracted Publication"),) if r.retracted else ())
    foreign = journal.language != "eng"
    title = f"[{r.title}]." if foreign else f"{_italic(r)}."
    return (
        f'<PubmedArticle><MedlineCitation Status="{"MEDLINE" if r.shape < 600 else "PubMed-not-MEDLINE"}" Owner="NLM">'
        f'<PMID Version="{r.version}">{r.pmid}</PMID>{_day("DateRevised", r.revised)}'
        f'<Article PubModel="Print-Electronic"><Journal><ISSN IssnType="{kind}">{issn}</ISSN>'
        f'<JournalIssue CitedMedium="Internet"><Volume>{r.published.year - 1990}</Volume><Issue>{r.published.month}</Issue>'
        f"{_pub_date(r)}</JournalIssue><Title>{escape(journal.title)}</Title>"
        f"<ISOAbbreviation>{escape(journal.abbreviation)}</ISOAbbreviation></Journal>"
        f"<ArticleTitle>{escape(title) if foreign else title}</ArticleTitle>"
        f"<Pagination><StartPage>{r.shape}</StartPage><EndPage>{r.shape + 9}</EndPage></Pagination>"
        f'<ELocationID EIdType="doi" ValidYN="Y">10.5555/synthetic.{r.pmid}</ELocationID>{_abstract(r)}'
        f'<AuthorList CompleteYN="Y">{_authors(r)}</AuthorList><Language>{journal.language}</Language>'
        f"<PublicationTypeList>{''.join(_type(*t) for t in types)}</PublicationTypeList>"
        f"{'<VernacularTitle>合成记录的标题。</VernacularTitle>' if foreign else ''}"
        f"{_day('ArticleDate', r.published, _ELECTRONIC)}</Article>"
        f"<MedlineJournalInfo><Country>United States</Country><MedlineTA>{escape(journal.abbreviation)}</MedlineTA>"
        f"<NlmUniqueID>{journal.nlm_id}</NlmUniqueID><ISSNLinking>{journal.linking_issn}</ISSNLinking></MedlineJournalInfo>"
        f"<CitationSubset>IM</CitationSubset>{_corrections(r)}{_mesh(r)}{_other_abstract(r, foreign)}{_keywords(r)}"
        f"</MedlineCitation><PubmedData><History>{_day('PubMedPubDate', r.created, _PUBMED)}"
        f"{_day('PubMedPubDate', r.created, _ENTREZ)}</History><PublicationStatus>ppublish</PublicationStatus>"
        f'<ArticleIdList><ArticleId IdType="pubmed">{r.pmid}</ArticleId>'
        f'<ArticleId IdType="doi">10.5555/synthetic.{r.pmid}</ArticleId></ArticleIdList></PubmedData></PubmedArticle>'
    )


def _book(r: Record) -> str:
    return (
        f'<PubmedBookArticle><BookDocument><PMID Version="1">{r.pmid}</PMID><ArticleIdList>'
        f'<ArticleId IdType="bookaccession">NBK{r.pmid % 100000}</ArticleId></ArticleIdList><Book><Publisher>'
        f"<PublisherName>Synthetic Press</PublisherName></Publisher><BookTitle>A synthetic book</BookTitle>"
        f"<PubDate><Year>{r.published.year}</Year></PubDate></Book><ArticleTitle>{escape(r.title)}</ArticleTitle>"
        f'<Language>eng</Language><AuthorList Type="authors" CompleteYN="Y">{_authors(r)}</AuthorList>'
        f'<PublicationType UI="D016454">Review</PublicationType>{_abstract(r)}</BookDocument><PubmedBookData><History>'
        f"{_day('PubMedPubDate', r.created, _PUBMED)}</History><PublicationStatus>ppublish</PublicationStatus>"
        f'<ArticleIdList><ArticleId IdType="pubmed">{r.pmid}</ArticleId></ArticleIdList></PubmedBookData></PubmedBookArticle>'
    )


def _day(tag: str, day: date, attributes: str = "") -> str:
    return f"<{tag}{attributes}><Year>{day.year}</Year><Month>{day.month:02d}</Month><Day>{day.day:02d}</Day></{tag}>"


def _pub_date(r: Record) -> str:
    year, month, style = r.published.year, _MONTHS[r.published.month - 1], r.shape % 25
    if style == 0:
        return f"<PubDate><MedlineDate>{year} {month}-Dec</MedlineDate></PubDate>"
    if style < 3:
        return f"<PubDate><Year>{year}</Year></PubDate>"
    if style < 14:
        return f"<PubDate><Year>{year}</Year><Month>{month}</Month></PubDate>"
    return f"<PubDate><Year>{year}</Year><Month>{r.published.month:02d}</Month><Day>{r.published.day:02d}</Day></PubDate>"


def _italic(r: Record) -> str:
    """Title with its gene in italics in one record of twelve."""
    title = escape(r.title)
    return title.replace(f": {r.genes[0]} ", f": <i>{r.genes[0]}</i> ", 1) if r.shape % 12 == 0 else title


def _abstract(r: Record) -> str:
    if not r.sentences:
        return ""
    if r.shape % 5 or r.is_book:
        return f"<Abstract><AbstractText>{escape(' '.join(r.sentences))}</AbstractText></Abstract>"
    parts: list[list[str]] = [[], [], [], []]
    for place, sentence in enumerate(r.sentences):
        parts[min(place, 3)].append(sentence)
    labelled = "".join(
        f'<AbstractText Label="{label}" NlmCategory="{label}">{escape(" ".join(part))}</AbstractText>'
        for label, part in zip(_LABELS, parts, strict=True)
        if part
    )
    return (
        f"<Abstract>{labelled}<CopyrightInformation>Synthetic, no rights.</CopyrightInformation></Abstract>"
    )


def _authors(r: Record) -> str:
    people = "".join(
        f'<Author ValidYN="Y"><LastName>{name}</LastName><ForeName>Synthetic {chr(65 + i)}</ForeName>'
        f"<Initials>S{chr(65 + i)}</Initials></Author>"
        for i, name in enumerate(r.authors)
    )
    group = (
        "<Author><CollectiveName>Synthetic Study Group</CollectiveName></Author>" if r.shape % 40 == 0 else ""
    )
    return people + group


def _type(ui: str, name: str) -> str:
    return f'<PublicationType UI="{ui}">{name}</PublicationType>'


def _corrections(r: Record) -> str:
    if r.retracted:
        reference = '<CommentsCorrections RefType="RetractionIn"><RefSource>Synthetic. 2026</RefSource></CommentsCorrections>'
    elif r.kind == "notice":
        reference = (
            '<CommentsCorrections RefType="RetractionOf"><RefSource>Synthetic. 2020</RefSource>'
            f'<PMID Version="1">{r.pmid - 1}</PMID></CommentsCorrections>'
        )
    elif r.shape % 97 == 0:
        reference = '<CommentsCorrections RefType="ErratumIn"><RefSource>Synthetic. 2021</RefSource></CommentsCorrections>'
    else:
        return ""
    return f"<CommentsCorrectionsList>{reference}</CommentsCorrectionsList>"


def _mesh(r: Record) -> str:
    if r.shape >= 600:
        return ""
    headings = [
        f'<MeshHeading><DescriptorName UI="{MESH[mode]}" MajorTopicYN="N">{MODES[mode][0].capitalize()}</DescriptorName>'
        f'<QualifierName UI="Q000187" MajorTopicYN="Y">drug effects</QualifierName></MeshHeading>'
        for mode in r.modes
        if mode in MESH
    ]
    headings.append(
        '<MeshHeading><DescriptorName UI="D019008" MajorTopicYN="Y">Drug Resistance, Neoplasm</DescriptorName></MeshHeading>'
        if r.modes
        else '<MeshHeading><DescriptorName UI="D006801" MajorTopicYN="N">Humans</DescriptorName></MeshHeading>'
    )
    return f"<MeshHeadingList>{''.join(headings)}</MeshHeadingList>"


def _other_abstract(r: Record, foreign: bool) -> str:
    if not foreign or not r.sentences:
        return ""
    return '<OtherAbstract Type="Publisher" Language="chi"><AbstractText>合成摘要。</AbstractText></OtherAbstract>'


def _keywords(r: Record) -> str:
    if r.shape % 3:
        return ""
    words = [
        *(MODES[mode][0] for mode in r.modes),
        *(f"<i>{gene}</i>" for gene in r.genes[:1]),
        "drug resistance",
    ]
    items = "".join(f'<Keyword MajorTopicYN="N">{word}</Keyword>' for word in words)
    return f'<KeywordList Owner="NOTNLM">{items}</KeywordList>'
