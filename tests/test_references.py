"""Reference files of other programs are read whole: every entry is a record or is listed with its reason."""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from helpers.errors import ParseError
from helpers.records.parsed import ParsedRecords
from helpers.records.references import decode, parse_references, plain
from helpers.schemas import split_list

CSL_NAMES = [
    "id", "type", "title", "author", "family", "given", "literal", "issued", "date-parts", "raw", "ISSN", "DOI",
    "PMID", "page", "volume", "keyword", "abstract", "language", "custom", "summary", "mesh", "note",
    "publication_types", "article_kind", "container-title", "original-title",
]  # fmt: skip
RIS = """TY  - JOUR
AU  - Example, Ada
AU  - Muster, Max
TI  - Synthetic silencing of gene X induces ferroptosis
JO  - Journal of Synthetic Tests
SN  - 0028-0836
PY  - 2021
DA  - 2021/03/04/
VL  - 12
IS  - 3
SP  - 100
EP  - 109
DO  - https://doi.org/10.1000/SYN.1
KW  - ferroptosis
KW  - resistance
AB  - First line
      and second line.
ER  -
"""
ENDNOTE = """%0 Journal Article
%A 张三 %A 李四
%+ 某某大学医学院;
%T 合成基因通过抑制铁死亡促进肿瘤耐药
%J 合成测试杂志
%D 2020
%V 5
%N 01
%K 铁死亡;耐药;肿瘤
%X 目的 探讨合成基因。
方法 采用合成数据。
%P 49-51
%@ 0028-0836
%U https://link.cnki.net/doi/10.1000/syn.2
%W CNKI

%0 Thesis
%A 王五
%T 合成论文
%D 2019
%W CNKI
"""
REFWORKS = """RT Journal Article
SR 1
A1 张三;李四;
AD 某某大学;
T1 合成基因与细胞凋亡
JF 合成测试杂志
YR 2022
IS 02
vo 7
OP 1-12
K1 细胞凋亡;自噬
AB 合成摘要。
SN 0028-0836
LA 中文;
LK https://doi.org/10.1000/syn.3
DS CNKI
"""
NOTEEXPRESS = """{Reference Type}: Journal Article
{Title}: 合成基因与失巢凋亡
{Translated Title}: A synthetic gene and anoikis
{Author}: 张三
{Author}: 李四
{Translated Author}: ZHANG San
{Journal}: 合成测试杂志
{ISBN/ISSN}: 0028-0836
{Year}: 2020
{Volume}: 5
{Issue}: 1
{Pages}: 49-51
{Keywords}: 失巢凋亡
{Keywords}:  转移
{Abstract}: 目的 探讨。
结论 合成。
{DOI}: 10.1000/syn.4
{Database Provider}: 北京万方数据股份有限公司
{Language}: chi
"""
ESTUDY = """DataType: 1
Title-题名: 合成基因与焦亡
Author-作者: 张三;李四;
Source-刊名: 合成测试杂志
Year-年: 2013
PubTime-出版时间: 2013-04-01
Keyword-关键词: 焦亡;合成
Summary-摘要: 合成摘要。
Period-期: 07
Page-页码: 161
Organ-机构: 某某大学;
"""
BIBTEX = r"""@article{one,
  title = {The {ATF5} gene and na{\"i}ve cells},
  author = {K{\"o}gel, Donat and Ada Example and van der Berg, Jan},
  journal = {Synthetic Tests}, year = 2020, month = feb, volume = 3, pages = {1--9},
  doi = {10.1000/syn.5}, keywords = {apoptosis, autophagy}
}
@comment{nothing to see}
@book{two, title = {A synthetic book}, author = {Muster, Max}, year = {2001}}
@article{broken, title = {No end, author = {X}
"""
NBIB = """PMID- 11
OWN - NLM
IS  - 1476-4687 (Electronic)
IS  - 0028-0836 (Linking)
VI  - 9
DP  - 2020 Feb 3
DEP - 20191212
TI  - A synthetic review of necroptosis.
LID - 10.1000/syn.6 [doi]
AB  - Some words about
      necroptosis.
FAU - Example, Ada
LA  - eng
PT  - Journal Article
PT  - Review
MH  - *Necroptosis/drug effects
MH  - Humans
OT  - *necroptosis
OAB - 合成摘要
OABL- chi
JT  - Synthetic tests
TA  - Synth Tests
JID - 0410462
PMC - PMC123
PMID- 12
TI  - A withdrawn synthetic paper.
PT  - Retracted Publication
RIN - Synth Tests. 2021;1:1. PMID: 13
"""
PUBMED_CSV = (
    "PMID,Title,Authors,Citation,First Author,Journal/Book,Publication Year,Create Date,PMCID,NIHMS ID,DOI"
    "\r\n"
    '21,"Synthetic title, with a comma","Example A, Muster M.","Synth Tests. 2024 Oct 25;7(2):41-50. '
    'doi: 10.1000/syn.7. eCollection 2024.",Example A,Synth Tests,2024,2024/11/14,PMC77,,10.1000/syn.7\r\n'
    "22,too few cells\r\n"
)
PAPER = """# 合成基因在铁死亡中的作用

张三, 李四*

某某大学, 北京

收稿日期: 2025年1月5日; 发布日期: 2026年2月9日

摘要

合成基因抑制铁死亡。本文系统综述合成基因。

关键词

铁死亡, 耐药性

Role of a Synthetic Gene in Ferroptosis

San Zhang, Si Li*

Published: February 9, 2026

Abstract

A synthetic gene inhibits ferroptosis, and its

*通讯作者。

文章引用: 张三, 李四. 合成基因在铁死亡中的作用[J]. 合成测试杂志, 2026, 16(2): 17-24. DOI: 10.1000/syn.8

loss kills cells.

Keywords

Ferroptosis, Drug Resistance

1. 引言

这个基因属于 **bZIP** 家族的重要成

员, 参与 NF- κ B 信号[1]。

2. 自噬

合成基因调节自噬[2]。

参考文献

- [1] Example, A. (2020) Pyroptosis of Synthetic Cells. *Journal*, **1**, 1-2. <https://doi.org/10.1000/other>
- [2] Muster, M. (2021) Cuproptosis. *Journal*, **2**, 3-4.
"""


def read(text: str | bytes, name: str = "file.txt") -> ParsedRecords:
    content = text if isinstance(text, bytes) else text.encode()
    return parse_references(content, name=name, source_name="synthetic")


def only(text: str | bytes) -> pd.Series[Any]:
    articles = read(text).articles
    assert len(articles) == 1
    return articles.iloc[0]


def test_ris_entry_is_read_with_all_its_fields() -> None:
    """Dates, pages, lists and the wrapped abstract arrive in their one form."""
    row = only(RIS)
    assert row["record_id"] == "doi:10.1000/syn.1"
    assert (row["pub_date"], row["year"], row["volume"], row["issue"], row["pages"]) == (
        "2021-03-04", 2021, "12", "3", "100-109",
    )  # fmt: skip
    assert split_list(row["authors"]) == ["Example, Ada", "Muster, Max"]
    assert split_list(row["keywords"]) == ["ferroptosis", "resistance"]
    assert row["abstract"] == "First line and second line."
    assert (row["issn"], row["abstract_kind"], row["source"]) == ("0028-0836", "abstract", "synthetic")


def test_ris_entry_without_end_loses_no_neighbour() -> None:
    """Two entries whose first lacks ER are two records."""
    broken = RIS.replace("ER  -\n", "") + RIS.replace("SYN.1", "SYN.9")
    assert read(broken).articles["doi"].tolist() == ["10.1000/syn.1", "10.1000/syn.9"]


def test_ris_with_one_space_before_the_dash_is_read() -> None:
    """Not every program keeps to two."""
    pd.testing.assert_frame_equal(read(RIS.replace("  -", " -")).articles, read(RIS).articles)


def test_bare_accession_number_is_a_pmid_only_in_pubmed() -> None:
    """Another database's number would join two strangers."""
    pubmed = RIS.replace("VL  -", "AN  - 38281981\nDB  - PubMed\nVL  -")
    assert only(pubmed)["pmid"] == "38281981"
    assert pd.isna(only(pubmed.replace("PubMed", "Synthetic Index"))["pmid"])


def test_text_outside_entries_is_listed() -> None:
    """What stands before the first or after the last entry is named by its line."""
    parsed = read("Provider: synthetic\n\n" + RIS + "stray words\n")
    assert len(parsed.articles) == 1
    assert [place for place, _ in parsed.skipped] == ["line 1", "line 3"]
    assert "stray words" in parsed.skipped[1][1]


def test_cnki_endnote_authors_in_one_line_are_parted() -> None:
    """CNKI's EndNote export: several authors per line, wrapped abstract, DOI in the link, a thesis."""
    articles = read(ENDNOTE).articles
    row = articles[articles["doi"] == "10.1000/syn.2"].iloc[0]
    assert split_list(row["authors"]) == ["张三", "李四"]
    assert split_list(row["keywords"]) == ["铁死亡", "耐药", "肿瘤"]
    assert row["abstract"] == "目的 探讨合成基因。 方法 采用合成数据。"
    assert (row["language"], row["issn"], row["pages"]) == ("chi", "0028-0836", "49-51")
    assert set(articles["publication_types"]) == {"Journal Article", "Academic Dissertation"}


def test_cnki_refworks_export_is_read() -> None:
    """Semicolon lists, a lower-case tag and the DOI in the link."""
    row = only(REFWORKS)
    assert (row["doi"], row["volume"], row["year"], row["language"]) == ("10.1000/syn.3", "7", 2022, "chi")
    assert split_list(row["authors"]) == ["张三", "李四"]
    assert split_list(row["keywords"]) == ["细胞凋亡", "自噬"]


def test_wanfang_noteexpress_keeps_both_titles() -> None:
    """The translation becomes the title, as in PubMed, the original the vernacular title."""
    row = only(NOTEEXPRESS)
    assert (row["title"], row["vernacular_title"]) == ("A synthetic gene and anoikis", "合成基因与失巢凋亡")
    assert row["abstract"] == "目的 探讨。 结论 合成。"
    assert split_list(row["keywords"]) == ["失巢凋亡", "转移"]


def test_cnki_estudy_export_is_read() -> None:
    """Fields carry an English and a Chinese label; the first date is the most exact."""
    row = only(ESTUDY)
    assert (row["title"], row["year"], row["issue"], row["pages"]) == ("合成基因与焦亡", 2013, "07", "161")
    assert split_list(row["authors"]) == ["张三", "李四"]


def test_bibtex_accents_names_and_broken_entries() -> None:
    """LaTeX becomes Unicode, names family first, an unclosed entry is named by its key."""
    parsed = read(BIBTEX)
    row = parsed.articles[parsed.articles["doi"] == "10.1000/syn.5"].iloc[0]
    assert row["title"] == "The ATF5 gene and naïve cells"
    assert split_list(row["authors"]) == ["Kögel, Donat", "Example, Ada", "van der Berg, Jan"]
    assert (row["pub_date"], row["pages"]) == ("2020-02", "1-9")
    assert split_list(row["keywords"]) == ["apoptosis", "autophagy"]
    assert parsed.books == 1
    assert [place for place, _ in parsed.skipped] == ["line 9 (broken)"]


def test_nbib_ids_types_retraction_and_unparted_records() -> None:
    """Records without a blank line between them are two; the DOI comes from LID, the linking ISSN from IS."""
    articles = read(NBIB).articles.set_index("pmid")
    row = articles.loc["11"]
    assert (row["doi"], row["issn_l"], row["nlm_id"], row["pmcid"]) == (
        "10.1000/syn.6", "0028-0836", "0410462", "PMC123",
    )  # fmt: skip
    assert (row["pub_date"], row["year"], row["article_kind"]) == ("2020-02-03", 2019, "review")
    assert split_list(row["mesh"]) == ["Necroptosis", "Humans"]
    assert json.loads(row["other_abstracts"])[0] == {"language": "chi", "text": "合成摘要", "type": None}
    assert articles["retraction"].tolist() == ["none", "retracted"]


def test_pubmed_csv_citation_gives_volume_and_pages() -> None:
    """The CSV has no such columns, its Citation has; a row of another length is listed with its line."""
    parsed = read(PUBMED_CSV)
    row = parsed.articles.iloc[0]
    assert (row["pmid"], row["title"], row["volume"], row["issue"], row["pages"], row["pub_date"]) == (
        "21", "Synthetic title, with a comma", "7", "2", "41-50", "2024-10-25",
    )  # fmt: skip
    assert split_list(row["authors"]) == ["Example A", "Muster M"]
    assert [place for place, _ in parsed.skipped] == ["line 3"]


def test_csl_json_of_zotero_and_of_crossref() -> None:
    """Ids hidden in Zotero's note, Crossref's lists and JATS markup are understood; non-items are listed."""
    zotero = [
        {"id": "a", "type": "article-journal", "title": "On <i>X</i>", "note": "PMID: 31\nPMCID: PMC9",
         "author": [{"family": "Berg", "given": "J", "non-dropping-particle": "van den"},
                    {"literal": "A Group"}],
         "issued": {"date-parts": [["2020", "3"]]}},
        "not an item",
        {"id": "b", "type": "chapter", "title": "A chapter"},
        {"id": "c", "type": "article-journal"},
    ]  # fmt: skip
    parsed = read(json.dumps(zotero))
    row = parsed.articles.set_index("pmid").loc["31"]
    assert (row["title"], row["pmcid"], row["pub_date"]) == ("On X", "PMC9", "2020-03")
    assert split_list(row["authors"]) == ["van den Berg, J", "A Group"]
    assert parsed.books == 1
    assert [place for place, _ in parsed.skipped] == ["entry 2", "entry 4 (c)"]
    crossref = {"message": {"items": [
        {"title": ["T of X"], "container-title": ["J"], "DOI": "10.1000/Y", "type": "journal-article",
         "published": {"date-parts": [[2019]]}, "ISSN": ["0028-0836"],
         "abstract": "<jats:p>Words, p<0.05.</jats:p>"},
    ]}}  # fmt: skip
    row = only(json.dumps(crossref))
    assert (row["title"], row["journal"], row["year"], row["abstract"]) == (
        "T of X",
        "J",
        2019,
        "Words, p<0.05.",
    )


# Any JSON a program may write under the names CSL uses.
JUNK = st.recursive(
    st.none() | st.booleans() | st.integers(0, 3000) | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(CSL_NAMES), inner, max_size=3)
    ),
    max_leaves=6,
)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.dictionaries(st.sampled_from(CSL_NAMES), JUNK, max_size=6) | JUNK, min_size=1, max_size=4))
def test_no_csl_item_is_lost_however_odd(items: list[Any]) -> None:
    """Each item is a record, or is listed with its reason; none stops the others."""
    parsed = read(json.dumps(items))
    assert len(parsed.articles) + len(parsed.skipped) == len(items)


@settings(max_examples=40, deadline=None)
@given(st.lists(st.sampled_from([RIS, RIS.replace("ER  -\n", ""), "stray\n", "\n"]), min_size=1, max_size=6))
def test_no_ris_entry_is_lost_in_any_order(parts: list[str]) -> None:
    """Entries are numbered apart; each is a record or, being the same paper, a listed repeat."""
    text = "".join(part.replace("SYN.1", f"SYN.{n}") for n, part in enumerate(parts))
    wanted = text.count("TY  -")
    if wanted:
        assert len(read(text).articles) == wanted


def test_full_text_becomes_one_record_without_its_references() -> None:
    """Both abstracts and the body are annotated, the titles of the papers cited are not."""
    row = only(PAPER)
    assert (row["title"], row["vernacular_title"]) == (
        "Role of a Synthetic Gene in Ferroptosis", "合成基因在铁死亡中的作用",
    )  # fmt: skip
    assert (row["doi"], row["journal"], row["volume"], row["issue"], row["pages"], row["pub_date"]) == (
        "10.1000/syn.8", "合成测试杂志", "16", "2", "17-24", "2026-02-09",
    )  # fmt: skip
    assert split_list(row["authors"]) == ["Zhang, San", "Li, Si"]
    assert (row["language"], row["article_kind"], row["abstract_kind"]) == ("chi", "review", "full text")
    assert "bZIP 家族的重要成员, 参与 NF-κB 信号[1]。" in row["abstract"]
    assert "合成基因调节自噬" in row["abstract"]
    assert "Pyroptosis" not in row["abstract"]
    assert "Cuproptosis" not in row["abstract"]
    assert (
        json.loads(row["other_abstracts"])[0]["text"]
        == "A synthetic gene inhibits ferroptosis, and its loss kills cells."
    )
    assert split_list(row["keywords"]) == ["铁死亡", "耐药性", "Ferroptosis", "Drug Resistance"]
    assert "2 entries" in row["note"]


@pytest.mark.parametrize(
    "text", [RIS, ENDNOTE, REFWORKS, NOTEEXPRESS, ESTUDY, BIBTEX, NBIB, PUBMED_CSV, PAPER]
)
@pytest.mark.parametrize("change", ["crlf", "bom", "utf-16"])
def test_line_ends_and_marks_change_nothing(text: str, change: str) -> None:
    """A file saved on Windows, or as UTF-16, gives the same table."""
    plain_lines = text.replace("\r\n", "\n")
    changed = {
        "crlf": plain_lines.replace("\n", "\r\n").encode(),
        "bom": b"\xef\xbb\xbf" + plain_lines.encode(),
        "utf-16": plain_lines.encode("utf-16"),
    }[change]
    pd.testing.assert_frame_equal(read(changed).articles, read(text).articles)


@pytest.mark.parametrize("text", [ENDNOTE, REFWORKS, NOTEEXPRESS, ESTUDY, PAPER.replace("κ", "k")])
def test_gb18030_is_told_from_utf8(text: str) -> None:
    """Chinese databases still export in GB18030."""
    pd.testing.assert_frame_equal(read(text.encode("gb18030")).articles, read(text).articles)


def test_windows_1252_is_not_taken_for_chinese() -> None:
    """A single accent in an English file stays an accent."""
    assert (
        decode("TY  - JOUR\nAU  - Müller, José\nTI  - Résistance\n".encode("cp1252"), name="x").count("ü")
        == 1
    )


def test_damaged_utf8_is_not_guessed_at() -> None:
    """One bad byte in a Chinese UTF-8 file must not turn the whole of it into other characters."""
    damaged = ENDNOTE.encode().replace("合成摘要".encode(), b"") + b"%X \xe5\xff\n"
    with pytest.raises(ParseError, match=r"byte \d+ \(0xe5\) is not utf-8 text"):
        read(damaged)


def test_repeated_entry_fills_blanks_and_is_listed() -> None:
    """One file twice in one file is one record."""
    second = RIS.replace("VL  - 12\n", "").replace("AB  -", "LA  - eng\nAB  -")
    parsed = read(RIS + second)
    assert len(parsed.articles) == 1
    assert parsed.articles.loc[0, "language"] == "eng"
    assert parsed.skipped == [("line 19", "repeats doi:10.1000/syn.1 and gave it language")]


def test_bad_ids_are_noted_not_lost() -> None:
    """A wrong check digit is kept in words."""
    row = only(RIS.replace("0028-0836", "0028-0837"))
    assert pd.isna(row["issn"])
    assert row["note"] == "ISSN '0028-0837' as given is not valid."


def test_title_tells_the_kind_where_types_do_not() -> None:
    """RIS knows articles only; the title's own words decide."""
    assert (
        only(RIS.replace("Synthetic silencing", "A systematic review: silencing"))["article_kind"] == "review"
    )
    assert only(RIS.replace("Synthetic silencing", "Editorial: silencing"))["article_kind"] == "other"
    assert only(REFWORKS.replace("与细胞凋亡", "与细胞凋亡的研究进展"))["article_kind"] == "review"


def test_pubmed_xml_is_handed_to_its_reader() -> None:
    """Plain or gzip, a PubMed file can be imported like any other."""
    xml = (
        b'<?xml version="1.0"?><PubmedArticleSet><PubmedArticle><MedlineCitation Status="MEDLINE">'
        b"<PMID>5</PMID><Article><ArticleTitle>Synthetic</ArticleTitle></Article></MedlineCitation>"
        b"</PubmedArticle></PubmedArticleSet>"
    )
    for content in (xml, gzip.compress(xml)):
        assert read(content).articles["record_id"].tolist() == ["pmid:5"]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "is empty"),
        (b"[]", "holds no record"),
        (b'[{"title": "a",]', "line 1, column 16"),
        (b'{"a": 1}', "holds no list of references"),
        (b"just some words", "is none of the formats read here"),
        (b"a\x00b", "is a binary file"),
        (b"Abstract\n\nWords without a title.", "no title in front of it"),
        (b"\xff\xfe\x00", "byte 2"),
    ],
)
def test_malformed_file_is_named_with_its_place(content: bytes, message: str) -> None:
    """Nothing comes back empty without a word."""
    with pytest.raises(ParseError, match=message) as caught:
        parse_references(content, name="my file.txt", source_name="s")
    assert str(caught.value).startswith("my file.txt: ")


def test_markup_goes_and_inequalities_stay() -> None:
    """Only the tags bibliographies use are markup."""
    assert plain("<b>p</b><0.05 &amp; n>3<br/>next") == "p<0.05 & n>3 next"
    assert plain(" <i></i> ") is None
    assert plain(None) is None


@pytest.mark.evaldata
def test_real_medline_text_is_read_whole(evaldata: Path) -> None:
    """473 real records, none skipped, each with title, journal, date and language."""
    path = evaldata / "pubmed-xml" / "narchd-medline" / "data" / "pubmed_result.txt"
    parsed = parse_references(path.read_bytes(), name=path.name, source_name="real")
    assert (len(parsed.articles), parsed.skipped) == (473, [])
    assert parsed.articles[["title", "journal", "pub_date", "language", "nlm_id"]].notna().all().all()


def test_chinese_full_text_of_the_atf5_review_is_one_record(seeds: Path) -> None:
    """The real paper: facts, both abstracts, the whole body, 50 references left out."""
    path = next(path for path in seeds.iterdir() if "临床医学进展" in path.read_text(encoding="utf-8"))
    row = only(path.read_bytes())
    assert (row["doi"], row["pub_date"], row["pages"]) == (
        "10.12677/acm.2026.162564",
        "2026-02-09",
        "1717-1724",
    )
    assert all(word in row["abstract"] for word in ("自噬", "失巢凋亡", "铁死亡", "EGR1", "MCL1"))
    assert "50 entries" in row["note"]
    assert "Newton, K." not in row["abstract"]


@pytest.mark.parametrize(
    ("marker", "record_id"), [("101018", "doi:10.1016/j.drup.2023.101018"), ("mdl-", "pmid:38281981")]
)
def test_saved_web_pages_of_an_abstract_are_one_record(seeds: Path, marker: str, record_id: str) -> None:
    """A PubMed page and a library page copied as text give title, authors, abstract and id."""
    path = next(path for path in sorted(seeds.iterdir()) if marker in path.read_text(encoding="utf-8"))
    row = only(path.read_bytes())
    assert row["record_id"] == record_id
    assert pd.notna(row["authors"])
    assert pd.notna(row["abstract"])
