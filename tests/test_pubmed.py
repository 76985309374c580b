"""PubMed XML to articles: each trap of the format is one claim."""

from __future__ import annotations

import gzip
import io
import json

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import etree

from helpers.errors import ParseError
from helpers.records import pubmed_tables
from helpers.records.pubmed import Deletion, PubmedRecord, iter_pubmed, parse_pubmed
from helpers.records.pubmed_elements import Parsed
from helpers.records.pubmed_kernel import take_records
from helpers.records.pubmed_rows import read_article
from helpers.records.pubmed_sections import read_sections
from helpers.records.pubmed_tables import TableReader
from helpers.records.pubmed_values import NAMES
from helpers.schemas import ARTICLES, split_list

HEAD = (
    '<?xml version="1.0" encoding="utf-8"?>\n<!DOCTYPE PubmedArticleSet PUBLIC '
    '"-//NLM//DTD PubMedArticle, 1st January 2025//EN" '
    '"https://dtd.nlm.nih.gov/ncbi/pubmed/out/pubmed_250101.dtd">\n'
)
JOURNAL = (
    '<Journal><ISSN IssnType="Electronic">1476-4687</ISSN><JournalIssue CitedMedium="Internet">'
    "<Volume>7</Volume><Issue>2</Issue>{date}</JournalIssue><Title>Journal of Tests</Title>"
    "<ISOAbbreviation>J. Tests</ISOAbbreviation></Journal>"
)
DATE = "<PubDate><Year>2024</Year><Month>Mar</Month><Day>05</Day></PubDate>"
TYPES = (
    '<PublicationTypeList><PublicationType UI="D016428">Journal Article</PublicationType>'
    "</PublicationTypeList>"
)


def citation(
    pmid: int | str = 1,
    *,
    title: str = "GPX4 blocks ferroptosis.",
    date: str = DATE,
    article: str = "",
    after: str = "",
    data: str = "",
    types: str = TYPES,
    version: int = 1,
) -> str:
    """One synthetic PubmedArticle; `article` goes after the title, `after` behind Article."""
    return (
        '<PubmedArticle><MedlineCitation Status="MEDLINE" Owner="NLM">'
        f'<PMID Version="{version}">{pmid}</PMID><Article PubModel="Print">{JOURNAL.format(date=date)}'
        f"<ArticleTitle>{title}</ArticleTitle>{article}<Language>eng</Language>{types}</Article>"
        "<MedlineJournalInfo><MedlineTA>J Tests</MedlineTA><NlmUniqueID>0410462</NlmUniqueID>"
        f"<ISSNLinking>0028-0836</ISSNLinking></MedlineJournalInfo>{after}</MedlineCitation>"
        f"<PubmedData><PublicationStatus>ppublish</PublicationStatus>{data}</PubmedData></PubmedArticle>"
    )


def document(*records: str) -> bytes:
    return f"{HEAD}<PubmedArticleSet>\n{chr(10).join(records)}\n</PubmedArticleSet>\n".encode()


def read(*records: str):
    return parse_pubmed(document(*records), source_name="test.xml")


def only(record: str):
    parsed = read(record)
    assert not parsed.skipped
    assert len(parsed.articles) == 1
    return parsed.articles.iloc[0]


def test_italic_gene_in_title_is_kept():
    """Text after the first inline tag belongs to the title."""
    assert only(citation(title="Loss of <i>GPX4</i> kills <b>HT<sub>1080</sub></b> cells.")).title == (
        "Loss of GPX4 kills HT1080 cells."
    )


@pytest.mark.parametrize(
    ("markup", "plain"),
    [
        ("10<sup>-3</sup> M", "10^-3 M"),
        ("10<sup>6</sup> cells", "10^6 cells"),
        ("Fe<sup>2+</sup>", "Fe2+"),
        ("CD4<sup>+</sup> cells", "CD4+ cells"),
        ("p53<sup>-/-</sup> mice", "p53-/- mice"),
        ("CO<sub>2</sub>", "CO2"),
        (
            '<mml:math xmlns:mml="http://www.w3.org/1998/Math/MathML"><mml:msup><mml:mn>10</mml:mn>'
            "<mml:mn>5</mml:mn></mml:msup></mml:math>",
            "10^5",
        ),
    ],
)
def test_only_exponents_keep_a_mark(markup, plain):
    """A whole number raised over a digit gets a caret; all other raised and lowered text is written flat."""
    assert only(citation(title=markup)).title == plain


def test_only_the_records_own_pmid_counts():
    """PMIDs of comments, references and deletions are never taken for the record's."""
    record = citation(
        7,
        after='<CommentsCorrectionsList><CommentsCorrections RefType="CommentIn"><PMID Version="1">99</PMID>'
        "</CommentsCorrections></CommentsCorrectionsList>",
        data="<ReferenceList><Reference><Citation>x</Citation><ArticleIdList>"
        '<ArticleId IdType="pubmed">98</ArticleId><ArticleId IdType="doi">10.1000/cited</ArticleId>'
        "</ArticleIdList></Reference></ReferenceList>",
    )
    row = only(record)
    assert (row.record_id, row.pmid) == ("pmid:7", "7")
    assert row.isna()["doi"], "a cited paper's DOI is not the record's"


def test_labelled_abstract_parts_keep_labels_and_copyright_stays_out():
    """Labels stand before their part, parts on lines of their own; empty parts and copyright are dropped."""
    row = only(
        citation(
            article='<Abstract><AbstractText Label="AIM" NlmCategory="OBJECTIVE">To test.</AbstractText>'
            '<AbstractText Label="RESULTS:">p&#x2009;&lt;&#160;0.05 in <i>ATF5</i>.</AbstractText>'
            '<AbstractText Label="UNLABELLED">Last.</AbstractText><AbstractText Label="FUNDING"/>'
            "<CopyrightInformation>© Somebody</CopyrightInformation></Abstract>"
        )
    )
    assert row.abstract == "AIM: To test.\nRESULTS: p < 0.05 in ATF5.\nLast."
    assert row.abstract_kind == "abstract"


def test_missing_abstract_and_mesh_are_missing():
    """Nothing is made up: absent text, MeSH and keywords are missing values, not empty text."""
    row = only(citation())
    absent = row.isna()
    assert absent[
        ["abstract", "abstract_kind", "mesh", "mesh_ui", "keywords", "other_abstracts", "note"]
    ].all()


def test_abstracts_in_other_languages_keep_their_language():
    """OtherAbstract goes to its own column as JSON and never stands in for the abstract."""
    row = only(
        citation(
            after='<OtherAbstract Type="Publisher" Language="chi"><AbstractText>铁死亡。</AbstractText>'
            "</OtherAbstract>"
            '<OtherAbstract Type="plain-language-summary" Language="eng"><AbstractText>Cells die.'
            "</AbstractText></OtherAbstract>"
        )
    )
    assert json.loads(row.other_abstracts) == [
        {"language": "chi", "type": "Publisher", "text": "铁死亡。"},
        {"language": "eng", "type": "plain-language-summary", "text": "Cells die."},
    ]
    assert row.isna()["abstract"]


@pytest.mark.parametrize(
    ("inside", "date"),
    [
        ("<Year>2024</Year><Month>Mar</Month><Day>5</Day>", "2024-03-05"),
        ("<Year>2024</Year><Month>03</Month>", "2024-03"),
        ("<Year>2024</Year>", "2024"),
        ("<Year>2000</Year><Season>Spring</Season>", "2000"),
        ("<MedlineDate>1998 Dec-1999 Jan</MedlineDate>", "1998-12"),
        ("<MedlineDate>2000 Spring</MedlineDate>", "2000"),
        ("<MedlineDate>2013 Jan-Mar</MedlineDate>", "2013-01"),
        ("<MedlineDate>1978-1979</MedlineDate>", "1978"),
        ("<MedlineDate>2019 Sep/Oct</MedlineDate>", "2019-09"),
        ("<Year>2024</Year><Month>Feb</Month><Day>31</Day>", "2024-02"),
    ],
)
def test_every_shape_of_publication_date_is_read(inside, date):
    """Dates keep the precision they state; ranges give their start, seasons their year."""
    row = only(citation(date=f"<PubDate>{inside}</PubDate>"))
    assert (row.pub_date, row.year) == (date, int(date[:4]))


@pytest.mark.parametrize(
    ("electronic", "date"),
    [
        ("<Year>2023</Year><Month>11</Month><Day>20</Day>", "2023-11-20"),
        ("<Year>2024</Year><Month>06</Month><Day>01</Day>", "2024-03-05"),
    ],
)
def test_year_is_the_earlier_of_issue_and_electronic_date(electronic, date):
    """One policy: the earlier of PubDate and ArticleDate decides date and year."""
    row = only(citation(article=f'<ArticleDate DateType="Electronic">{electronic}</ArticleDate>'))
    assert (row.pub_date, row.year) == (date, int(date[:4]))


def test_more_precise_of_two_equal_dates_is_taken():
    """2024 and 2024-06-01 do not contradict each other: the day is kept."""
    article = (
        '<ArticleDate DateType="Electronic"><Year>2024</Year><Month>06</Month><Day>01</Day></ArticleDate>'
    )
    assert (
        only(citation(date="<PubDate><Year>2024</Year></PubDate>", article=article)).pub_date == "2024-06-01"
    )


def test_journal_identifiers_make_an_issn_set():
    """ISSN and linking ISSN form the set that metrics are joined on, with NLM id and both names."""
    row = only(citation())
    assert (row.issn, row.issn_l, row.nlm_id) == ("1476-4687|0028-0836", "0028-0836", "0410462")
    assert (row.journal, row.journal_abbreviation) == ("Journal of Tests", "J. Tests")
    assert (row.volume, row.issue) == ("7", "2")


def test_record_without_journal_or_issn_is_read():
    """Old records lack a Journal element; they are records all the same."""
    bare = '<MedlineCitation Status="AFU" Owner="NLM"><PMID Version="1">5</PMID></MedlineCitation>'
    row = only(f"<PubmedArticle>{bare}</PubmedArticle>")
    assert row.record_id == "pmid:5"
    assert row.isna()[["title", "journal", "issn", "year"]].all()
    assert row.retraction == "unknown", "a stub without publication type says nothing of retraction"


def link(kind: str) -> str:
    return (
        f'<CommentsCorrectionsList><CommentsCorrections RefType="{kind}"><RefSource>x</RefSource>'
        "</CommentsCorrections></CommentsCorrectionsList>"
    )


def types(name: str, identifier: str) -> str:
    return (
        f'<PublicationTypeList><PublicationType UI="{identifier}">{name}</PublicationType>'
        "</PublicationTypeList>"
    )


@pytest.mark.parametrize(
    ("record", "state"),
    [
        (citation(), "none"),
        (citation(types=types("Retracted Publication", "D016441")), "retracted"),
        (citation(after=link("RetractionIn")), "retracted"),
        (citation(after=link("RetractedandRepublishedIn")), "retracted"),
        (citation(types=types("Retraction Notice", "D016440")), "notice"),
        (citation(after=link("RetractionOf")), "notice"),
        (citation(types=types("Expression of Concern", "D000075742")), "notice"),
        (citation(after=link("ExpressionOfConcernIn")), "concern"),
        (citation(after=link("ErratumIn")), "corrected"),
        (citation(after=link("Cites")), "none"),
        (citation(after=link("CommentIn")), "none"),
        (citation(after=link("RetractionIn") + link("ErratumIn")), "retracted"),
        (citation(types=""), "unknown"),
    ],
)
def test_retraction_state_has_six_values(record, state):
    """State follows publication types and links; the gravest link wins, a notice is not itself retracted."""
    assert only(record).retraction == state


def test_doi_comes_from_the_id_list_then_from_a_valid_location():
    """ArticleIdList first; ELocationID only where ValidYN is not N; DOIs in lower case."""
    ids = (
        '<ArticleIdList><ArticleId IdType="doi">10.1000/ABC.1</ArticleId>'
        '<ArticleId IdType="pmc">PMC77</ArticleId></ArticleIdList>'
    )
    location = (
        '<ELocationID EIdType="doi" ValidYN="N">10.1000/wrong</ELocationID>'
        '<ELocationID EIdType="doi" ValidYN="Y">10.1000/right</ELocationID>'
    )
    assert only(citation(article=location, data=ids)).doi == "10.1000/abc.1"
    assert only(citation(article=location, data=ids)).pmcid == "PMC77"
    assert only(citation(article=location)).doi == "10.1000/right"


def test_keywords_of_all_lists_are_kept_with_owner():
    """Author keywords stand as they are, those of other indexers name their owner; markup is flattened."""
    row = only(
        citation(
            after='<KeywordList Owner="NOTNLM"><Keyword MajorTopicYN="N"><i>GPX4</i> loss</Keyword>'
            '<Keyword MajorTopicYN="N">iron</Keyword></KeywordList>'
            '<KeywordList Owner="NASA"><Keyword MajorTopicYN="N">Gravity</Keyword></KeywordList>'
        )
    )
    assert split_list(row.keywords) == ["GPX4 loss", "iron", "Gravity [NASA]"]


def test_mesh_descriptors_and_ids_run_in_parallel():
    """Descriptors are kept without qualifiers, their ids in the same order."""
    heading = (
        '<MeshHeading><DescriptorName UI="{}" MajorTopicYN="N">{}</DescriptorName>'
        '<QualifierName UI="Q000378" MajorTopicYN="Y">metabolism</QualifierName></MeshHeading>'
    )
    two = heading.format("D000079403", "Ferroptosis") + heading.format("D006801", "Humans")
    row = only(citation(after=f"<MeshHeadingList>{two}</MeshHeadingList>"))
    assert (row.mesh, row.mesh_ui) == ("Ferroptosis|Humans", "D000079403|D006801")


def test_authors_keep_order_suffix_and_groups():
    """Superseded names are dropped, groups kept, two people of one name stay two."""
    row = only(
        citation(
            article='<AuthorList CompleteYN="Y"><Author ValidYN="Y"><LastName>Wang</LastName>'
            "<ForeName>Wei</ForeName><Initials>W</Initials><AffiliationInfo><Affiliation>A, a@b.c"
            "</Affiliation></AffiliationInfo></Author>"
            '<Author ValidYN="N"><LastName>Wnag</LastName><ForeName>Wei</ForeName></Author>'
            '<Author ValidYN="Y"><LastName>Wang</LastName><ForeName>Wei</ForeName></Author>'
            '<Author ValidYN="Y"><LastName>Doe</LastName><Initials>J</Initials><Suffix>Jr</Suffix></Author>'
            '<Author ValidYN="Y"><CollectiveName>Death Group</CollectiveName></Author></AuthorList>'
        )
    )
    assert split_list(row.authors) == ["Wang, Wei", "Wang, Wei", "Doe, J, Jr", "Death Group"]


def test_translated_title_keeps_its_original():
    """VernacularTitle has its own column; PubMed's placeholder title is missing."""
    row = only(citation(title="[Not Available].", article="<VernacularTitle>Zelltod</VernacularTitle>"))
    assert row.vernacular_title == "Zelltod"
    assert row.isna()["title"]


def test_pages_fall_back_to_start_and_end_then_to_the_article_number():
    """MedlinePgn, else StartPage and EndPage, else the publisher's item id."""
    assert (
        only(
            citation(
                article="<Pagination><StartPage>1</StartPage><EndPage>9</EndPage><MedlinePgn>1-9</MedlinePgn></Pagination>"
            )
        ).pages
        == "1-9"
    )
    assert (
        only(citation(article="<Pagination><StartPage>1</StartPage><EndPage>9</EndPage></Pagination>")).pages
        == "1-9"
    )
    assert only(citation(article='<ELocationID EIdType="pii" ValidYN="Y">e12</ELocationID>')).pages == "e12"


BOOK = (
    '<PubmedBookArticle><BookDocument><PMID Version="1">20301340</PMID><ArticleIdList>'
    '<ArticleId IdType="bookaccession">NBK1</ArticleId></ArticleIdList><Book><Publisher><PublisherName>P'
    "</PublisherName></Publisher><BookTitle>Book of Death</BookTitle><PubDate><Year>1993</Year></PubDate>"
    '<AuthorList Type="editors"><Author><LastName>Ed</LastName></Author></AuthorList></Book>'
    "<ArticleTitle>A chapter</ArticleTitle><Language>eng</Language>"
    '<AuthorList Type="authors"><Author><LastName>Au</LastName></Author></AuthorList>'
    '<PublicationType UI="D016454">Review</PublicationType><Abstract><AbstractText>Text.</AbstractText>'
    "</Abstract><ContributionDate><Year>2004</Year><Month>2</Month></ContributionDate></BookDocument></PubmedBookArticle>"
)


def test_book_chapters_are_counted_and_kept_as_other():
    """A chapter is a record of kind other: its own title, authors and date, the book as its journal."""
    parsed = read(citation(1), BOOK)
    row = parsed.articles.set_index("pmid").loc["20301340"]
    assert parsed.books == 1
    assert (row.article_kind, row.title, row.journal) == ("other", "A chapter", "Book of Death")
    assert (row.authors, row.pub_date, row.abstract) == ("Au", "2004-02", "Text.")


def test_deletions_are_listed_and_never_become_records():
    """DeleteCitation gives PMIDs; a record withdrawn further down in the same file is left out."""
    parsed = read(
        citation(1),
        citation(2),
        '<DeleteCitation><PMID Version="1">2</PMID><PMID Version="1">77</PMID></DeleteCitation>',
    )
    assert parsed.deleted == ["2", "77"]
    assert parsed.articles["pmid"].tolist() == ["1"]


def test_highest_version_then_latest_revision_wins():
    """Of several deliveries of a PMID one row stays."""
    revised = "<DateRevised><Year>{}</Year><Month>1</Month><Day>1</Day></DateRevised>"

    def dated(year: int, **given) -> str:
        return citation(**given).replace("<Article ", revised.format(year) + "<Article ")

    parsed = read(
        dated(2020, pmid=1, title="Second.", version=2),
        dated(2024, pmid=1, title="First.", version=1),
        dated(2024, pmid=3, title="New."),
        dated(2021, pmid=3, title="Old."),
    )
    assert parsed.articles.set_index("pmid")["title"].to_dict() == {"1": "Second.", "3": "New."}


def test_separator_in_a_name_does_not_split_it():
    """The list separator inside a value is replaced."""
    author = '<AuthorList><Author ValidYN="Y"><CollectiveName>A|B</CollectiveName></Author></AuthorList>'
    assert split_list(only(citation(article=author)).authors) == ["A/B"]


# --- streams and damage


def test_gzip_plain_path_and_file_give_the_same_rows(tmp_path):
    """The form of the source makes no difference, nor does a gzip file of several members."""
    raw = document(*(citation(number) for number in range(1, 40)))
    expected = parse_pubmed(raw, source_name="s").articles
    path = tmp_path / "a.xml.gz"
    path.write_bytes(gzip.compress(raw[:5000]) + gzip.compress(raw[5000:]))
    (tmp_path / "a.xml").write_bytes(raw)
    for source in (path, tmp_path / "a.xml", io.BytesIO(raw), path.read_bytes()):
        parsed = parse_pubmed(source, source_name="s")
        assert parsed.articles.equals(expected)
        assert not parsed.skipped


@pytest.mark.parametrize("kind", ["plain", "gzip"])
def test_truncated_file_keeps_its_whole_records(kind):
    """What stands before the cut is read; the cut is listed with its byte."""
    raw = document(*(citation(number) for number in range(1, 400)))
    cut = gzip.compress(raw) if kind == "gzip" else raw
    parsed = parse_pubmed(cut[: len(cut) * 2 // 3], source_name="t.xml")
    assert 200 < len(parsed.articles) < 399
    assert parsed.skipped
    assert all(where.startswith("t.xml: byte ") for where, _ in parsed.skipped)


def test_cut_between_two_records_is_noticed():
    """A file that ends without its closing tag may lack records, even where the last one is whole."""
    raw = document(citation(1), citation(2))
    parsed = parse_pubmed(raw[: raw.rindex(b"</PubmedArticleSet>")], source_name="t.xml")
    assert len(parsed.articles) == 2
    assert "end before </PubmedArticleSet>" in parsed.skipped[0][1]


def test_broken_record_is_listed_with_its_byte_and_the_others_kept():
    """One record that is not well-formed costs itself alone."""
    broken = citation(2, title="a <i>b</ArticleTitle>").replace(
        "</ArticleTitle></ArticleTitle>", "</ArticleTitle>"
    )
    raw = document(citation(1), broken, citation(3))
    parsed = parse_pubmed(raw, source_name="t.xml")
    assert parsed.articles["pmid"].tolist() == ["1", "3"]
    [(where, why)] = parsed.skipped
    assert raw.index(b"a <i>b") < int(where.split()[-1]) < raw.index(b">3</PMID>")
    assert "PMID 2" in why


def test_record_that_never_ends_does_not_swallow_the_next():
    """Where a record breaks off and another begins, the second is read."""
    raw = document(citation(1)[:300], citation(2))
    parsed = parse_pubmed(raw, source_name="t.xml")
    assert parsed.articles["pmid"].tolist() == ["2"]
    assert len(parsed.skipped) == 1


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"   ",
        b'{"error":"API rate limit exceeded"}',
        b"<html><body>WWW Error 500</body></html>",
        b'<?xml version="1.0"?><eFetchResult><ERROR>x</ERROR></eFetchResult>',
        b"PMID- 123\nTI  - A title",
        HEAD.encode() + b"<PubmedArticleSet><PubmedArticle><MedlineCitation>",
    ],
)
def test_what_is_not_pubmed_xml_is_refused_with_name_and_byte(raw):
    """An empty table is never the answer to a failure."""
    with pytest.raises(ParseError, match=r"bad\.xml: byte \d+"):
        parse_pubmed(raw, source_name="bad.xml")


def test_empty_set_is_an_empty_table():
    """A set without records is no failure."""
    for raw in (document(), b"<PubmedArticleSet/>", b"<PubmedArticleSet></PubmedArticleSet>"):
        parsed = parse_pubmed(raw, source_name="none.xml")
        assert len(parsed.articles) == 0
        assert parsed.skipped == []


def test_comments_and_cdata_that_look_like_records_mislead_nobody():
    """Text in comments and CDATA is text: a commented-out record is none, a tag in CDATA ends nothing."""
    hidden = "<!-- " + citation(9).replace("--", "") + " -->"
    cdata = citation(2, title="<![CDATA[a </PubmedArticle> & <PubmedArticle> b]]>")
    inner = citation(3, title="c<!-- </ArticleTitle></PubmedArticle> -->d")
    parsed = read(citation(1), hidden, cdata, citation(4), inner, citation(5))
    titles = parsed.articles.set_index("pmid")["title"]
    assert sorted(titles.index) == ["1", "2", "3", "4", "5"]
    assert titles["2"] == "a </PubmedArticle> & <PubmedArticle> b"
    assert titles["3"] == "cd"
    assert not parsed.skipped


def test_cdata_in_references_does_not_end_the_trim_early():
    """Parts are cut away unread only where nothing in them could mislead."""
    data = (
        '<History/><ArticleIdList><ArticleId IdType="doi">10.1000/own</ArticleId></ArticleIdList>'
        "<ReferenceList><Reference><Citation><![CDATA[</ReferenceList></PubmedArticle>]]></Citation>"
        "</Reference></ReferenceList>"
    )
    assert only(citation(data=data)).doi == "10.1000/own"


def test_entity_bombs_and_external_entities_stay_inert(tmp_path):
    """Declared entities are never expanded and no file is read; the record is kept."""
    secret = tmp_path / "secret.txt"
    secret.write_text("TOP-SECRET")
    lol = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
    head = (
        f'<?xml version="1.0"?><!DOCTYPE PubmedArticleSet [<!ENTITY l0 "lol">{lol}'
        f'<!ENTITY ext SYSTEM "{secret.as_uri()}">]>'
    )
    raw = f"{head}<PubmedArticleSet>{citation(1, title='a &l9; &ext; b')}</PubmedArticleSet>".encode()
    row = parse_pubmed(raw, source_name="bomb.xml").articles.iloc[0]
    assert row.title == "a &l9; &ext; b"
    assert "entities" in row.note


def test_html_entities_and_control_characters_are_mended_and_told():
    """Flaws that old exports have cost nothing and are written in the note."""
    parsed = read(citation(1, title="TGF-&beta; and \x0bmore"), citation(2))
    row = parsed.articles.set_index("pmid").loc["1"]
    assert row.title == "TGF-β and more"
    assert "control characters" in row.note


def test_files_put_one_after_the_other_are_one_source():
    """Several saved sets in one file are read through."""
    raw = document(citation(1)) + document(citation(2)) + b"<!-- saved --->".replace(b"--->", b"-->")
    parsed = parse_pubmed(raw, source_name="two.xml")
    assert parsed.articles["pmid"].tolist() == ["1", "2"]
    assert parsed.skipped == []


def test_text_between_records_is_listed():
    """Nothing that is no record is passed over in silence."""
    parsed = read(citation(1), "<Unheard>of</Unheard>", citation(2))
    assert len(parsed.articles) == 2
    assert "Unheard" in parsed.skipped[0][1]


@pytest.mark.parametrize("encoding", ["utf-16", "iso-8859-1", "utf-8-sig"])
def test_encoding_of_the_declaration_is_followed(encoding):
    """Bytes are read in the encoding they claim."""
    name = encoding.removesuffix("-sig")
    text = document(citation(1, title="Müller")).decode().replace("utf-8", name, 1)
    assert parse_pubmed(text.encode(encoding), source_name="e.xml").articles["title"][0] == "Müller"


def test_lone_record_and_old_citation_set_are_read():
    """A saved single record and NLM's MedlineCitationSet are PubMed XML too."""
    lone = parse_pubmed(citation(4).encode(), source_name="one.xml")
    assert lone.articles["pmid"].tolist() == ["4"]
    inner = citation(5)
    inner = inner[inner.index("<MedlineCitation") : inner.index("<PubmedData>")]
    old = parse_pubmed(f"<MedlineCitationSet>{inner}</MedlineCitationSet>".encode(), source_name="old.xml")
    assert old.articles["pmid"].tolist() == ["5"]


def test_records_split_over_blocks_are_whole():
    """A stream that hands out a few bytes at a time gives the same records."""

    class Slow(io.BytesIO):
        def read(self, size: int | None = -1) -> bytes:
            return super().read(777)

    raw = document(*(citation(number) for number in range(1, 30)))
    slow = parse_pubmed(Slow(raw), source_name="s").articles
    assert slow.equals(parse_pubmed(raw, source_name="s").articles)


def test_stream_gives_records_and_deletions_in_order():
    """`iter_pubmed` keeps the order of the file."""
    raw = document(citation(2), '<DeleteCitation><PMID Version="2">2</PMID></DeleteCitation>', citation(1))
    items = list(iter_pubmed(raw, source_name="s", faults=[]))
    assert [type(item) for item in items] == [PubmedRecord, Deletion, PubmedRecord]
    assert items[1] == Deletion("2", 2)


MARKUP = st.recursive(
    st.text(st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="<>&"), max_size=12)
    | st.sampled_from(
        ["10", "&lt;", "&#x3b2;", "&amp;", "&#160;", "  ", "\u2009", "\n", " 2 ", "-3", "|", "&#124;"]
    ),
    lambda inner: st.builds(
        lambda tag, parts: f"<{tag}>{''.join(parts)}</{tag}>",
        st.sampled_from(["i", "b", "u", "sub", "sup"]),
        st.lists(inner, max_size=3),
    ),
    max_leaves=6,
)
TEXT = st.lists(MARKUP, max_size=5).map("".join)
PLAIN = st.text(st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="<>&"), max_size=10)
LABEL = st.sampled_from(["", ' Label="RESULTS"', ' Label="UNLABELLED"', ' Label="a  b:"', " Label='x'"])


@given(
    title=TEXT,
    parts=st.lists(st.tuples(LABEL, TEXT), max_size=3),
    names=st.lists(st.tuples(PLAIN, PLAIN, st.sampled_from(["", "<Suffix>Jr</Suffix>"])), max_size=3),
    keywords=st.lists(TEXT, max_size=3),
    mesh=st.lists(PLAIN, max_size=3),
)
@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_reading_by_sections_equals_reading_by_tree(title, parts, names, keywords, mesh):
    """Whatever text and markup a record holds, bytes read by pattern and by lxml give one row."""
    abstract = "".join(f"<AbstractText{label}>{text}</AbstractText>" for label, text in parts)
    authors = "".join(
        f'<Author ValidYN="Y"><LastName>{last}</LastName><ForeName>{given}</ForeName>{suffix}</Author>'
        for last, given, suffix in names
    )
    headings = "".join(
        f'<MeshHeading><DescriptorName UI="D000001" MajorTopicYN="N">{name}</DescriptorName></MeshHeading>'
        for name in mesh
    )
    words = "".join(f'<Keyword MajorTopicYN="N">{word}</Keyword>' for word in keywords)
    raw = citation(
        title=title,
        article=f"<Abstract>{abstract}</Abstract><AuthorList>{authors}</AuthorList>",
        after=f'<MeshHeadingList>{headings}</MeshHeadingList><KeywordList Owner="NOTNLM">{words}</KeywordList>',
    ).encode()
    by_tree = read_article(Parsed("PubmedArticle", 0, etree.fromstring(raw)))
    by_sections = read_sections(raw)
    if by_sections is not None:
        assert by_sections == by_tree
    (row,) = table_rows(TableReader(document(raw.decode()), source_name="synthetic"))
    assert row == {name: by_tree.row.get(name) for name in ARTICLES.names} | {"source": "synthetic"}


def table_rows(reader: TableReader) -> list[dict[str, object]]:
    """Rows of all tables, of the columns of ARTICLES."""
    return [row for table in reader.tables() for row in table.select(ARTICLES.names).to_pylist()]


def part(label: str) -> str:
    """One part of an abstract."""
    return f'<AbstractText Label="{label}">Text of it.</AbstractText>'


def author(name: str, after: str) -> str:
    """One author and what stands behind the name."""
    return f'<Author ValidYN="Y"><LastName>{name}</LastName>{after}</Author>'


def other(language: str, text: str, kind: str = "Publisher") -> str:
    """An abstract of another kind."""
    attributes = f'Type="{kind}" Language="{language}"'
    return f"<OtherAbstract {attributes}><AbstractText>{text}</AbstractText></OtherAbstract>"


@pytest.mark.parametrize(
    ("record", "regular"),
    [
        (citation(), True),
        (citation(title="CO<sub>2</sub> and 10<sup>-3</sup> &lt; &#x3b2;\u2009x"), True),
        (citation(title="[Not Available]."), True),
        (citation(title="Not Available"), True),
        (citation(title="[Not Available in time]."), True),
        (
            citation(
                title="CD4<sup>+</sup> at 65<sup>\u2218</sup>, 10<sup>\u2212\u2009+</sup>, 4<sup>2+</sup>"
            ),
            True,
        ),
        (citation(title="5<sup> +2</sup>"), False),
        (citation(title="5<sup>\u0662</sup>"), False),
        (
            citation(article=f"<Abstract>{part('UNLABELLED')}{part('Unassigned')}{part('AIM:')}</Abstract>"),
            True,
        ),
        (citation(article="<Language>eng</Language><Language>nor</Language><Language>eng</Language>"), True),
        (
            citation(article=f"<AuthorList>{author('A', '<Affiliation>X</Affiliation>')}</AuthorList>"),
            True,
        ),
        (citation(after=other("chi", "\u76ee\u7684") + other("eng", "", "plain-language-summary")), True),
        (citation(after=other("chi", "a") + "<GeneralNote>x</GeneralNote>" + other("spa", "b")), True),
        (citation(after="<OtherID Source='NLM'>PMC1</OtherID>"), False),
        (citation(after='<OtherID Source="KIE">1</OtherID><OtherID Source="NLM">PMC17 [x]</OtherID>'), True),
        (citation(after='<OtherID Source="NLM">EMS1</OtherID><OtherID Source="NLM">PMC2</OtherID>'), True),
        (citation(after='<OtherID Source="NLM"> PMC1</OtherID>'), False),
        (citation(after="<ChemicalList/>"), True),
        (citation(title="no &bogus; entity"), False),
        (citation(after="<GeneralNote Owner='X'><![CDATA[</GeneralNote>]]></GeneralNote>"), False),
        (citation(data="<ReferenceList><ReferenceList></ReferenceList></ReferenceList>"), True),
        (citation(article="<Abstract><AbstractText/></Abstract>"), False),
        (citation(article="<Abstract><AbstractText>a</AbstractText></Abstract>" * 2), False),
    ],
)
def test_compiled_code_takes_regular_records_and_leaves_the_others(record, regular):
    """What does not fit exactly is not guessed at: the reader of single records takes it, with the same row."""
    buffer, row = np.frombuffer(record.encode(), np.uint8), np.empty((1, len(NAMES), 2), np.int64)
    arena, numbers = np.empty(1 << 21, np.uint8), np.empty((1, 2), np.int64)
    position, _, taken = take_records(buffer, 0, arena, 0, row, numbers, 0)
    assert (position, taken) == ((len(buffer), 1) if regular else (0, 0))
    source = document(citation(1), record.replace(">1</PMID>", ">2</PMID>"), citation(3))
    faults: list[tuple[str, str]] = []
    single = [item.row for item in iter_pubmed(source, source_name="s", faults=faults)]
    reader = TableReader(source, source_name="s")
    assert table_rows(reader) == [{name: row.get(name) for name in ARTICLES.names} for row in single]
    assert (reader.records, reader.faults) == (len(single), faults)


def test_tables_keep_order_and_tell_where_deletions_stand(monkeypatch):
    """Records read either way stand in the order of the source, over the bounds of tables."""
    monkeypatch.setattr(pubmed_tables, "_ROWS", 4)
    records = [citation(n, title="odd &bogus;" if n % 3 == 0 else f"Title {n}.") for n in range(1, 12)]
    gone = "<DeleteCitation><PMID Version='1'>5</PMID></DeleteCitation>"
    reader = TableReader(document(*records[:6], gone, *records[6:]), source_name="s")
    assert [row["pmid"] for row in table_rows(reader)] == [str(n) for n in range(1, 12)]
    assert (reader.deletions, reader.records, reader.books) == ([(5, 1, 6)], 11, 0)


@pytest.mark.parametrize("flaw", ["b </i> <!-- <x> -->", "b </ArticleTitle><Abstract><AbstractText>c"])
def test_a_broken_record_is_passed_over_and_ends(flaw):
    """A record that is broken before a comment, or in an abstract, costs itself and holds up nothing."""
    source = document(citation(1), citation(2, title=flaw), citation(3))
    faults: list[tuple[str, str]] = []
    rows = [item.row for item in iter_pubmed(source, source_name="s", faults=faults)]
    reader = TableReader(source, source_name="s")
    assert [row["pmid"] for row in table_rows(reader)] == [row["pmid"] for row in rows] == ["1", "3"]
    assert len(faults) == 1
    assert reader.faults == faults


def test_truncated_file_gives_the_same_tables_as_records():
    """Wherever the data end, both ways keep the same records and tell the same flaw."""
    whole = document(
        citation(1), citation(2, data="<ReferenceList><Reference/></ReferenceList>"), citation(3)
    )
    for end in range(700, len(whole), 97):
        faults: list[tuple[str, str]] = []
        rows = [item.row for item in iter_pubmed(whole[:end], source_name="s", faults=faults)]
        reader = TableReader(whole[:end], source_name="s")
        assert [row["pmid"] for row in table_rows(reader)] == [row["pmid"] for row in rows]
        assert reader.faults == faults
