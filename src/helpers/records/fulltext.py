"""The full text of one paper (Markdown or plain text, English or Chinese), as the draft of one article.

The paper's own abstract and body go into `abstract`, the abstract first and each paragraph a line, its
abstract in another language into `other_abstracts`: both are the record's own words, so that a sentence of
the body is found, shown and linked like any other. The reference list is left out: its titles are claims of
other papers.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise

from bibtexparser.customization import InvalidName, getnames

from helpers.errors import ParseError
from helpers.records.exports import Draft, Entry

_HEADINGS = {
    "abstract": re.compile(r"(?:摘\s*要|abstract|summary)\s*(?:[:：]\s*(.*))?", re.IGNORECASE),
    "keywords": re.compile(r"(?:关键[词字]|key\s?words?)\s*(?:[:：]\s*(.*))?", re.IGNORECASE),
    "body": re.compile(
        r"(?:[\dI]+[.、]?\s*)?(?:引\s*言|前\s*言|绪\s*论|背\s*景|introduction|background)", re.IGNORECASE
    ),
    "references": re.compile(
        r"(?:\d+[.、]?\s*)?"
        r"(?:参\s*考\s*文\s*献|references?(?: and notes)?|bibliography|literature cited)\s*[:：]?",
        re.IGNORECASE,
    ),
    "aside": re.compile(
        r"subject\(s\)|conflict of interest.*|(?:pubmed )?disclaimer|linkout.*|full text: .*|"
        r"acknowledge?ments?|funding|致\s*谢|基金项目.*|利益冲突.*",
        re.IGNORECASE,
    ),
}  # fmt: skip
_FURNITURE = re.compile(
    r"\*?\s*(?:通[讯信]作者|corresponding author|文章引用|copyright\b|this work is licensed|open access\b)|"
    r"<?https?://\S+>?$",
    re.IGNORECASE,
)
# GB/T 7714 and Chinese journals' "cite this article": [J]. Journal, 2026, 16(2): 1717-1724
_CITED = re.compile(
    r"\[J\]\.?\s*(?P<journal>[^,，.\[\]]+)[,，]\s*(?P<year>\d{4})[,，]\s*(?P<volume>\w+)\s*"
    r"(?:\((?P<issue>[^)]+)\))?\s*[:：]\s*(?P<pages>[\w–-]+)"
)
_PUBLISHED = re.compile(
    r"(?:发布日期|出版日期|刊出日期|published(?: online)?)\s*[:：]?\s*([^;；\n]{4,40})", re.IGNORECASE
)
_NUMBERED = re.compile(r"\d+(?:\.\d+)*\.?\s+\S.{0,80}")
_ENDS = tuple("。！？.!?:：;；…”\"'’)）]")
_HAN = re.compile(r"[\u4e00-\u9fff]")
_REVIEWS = re.compile(
    r"\bthis (?:article|paper|work)\b[^.]{0,40}\breviews?\b|\b(?:this|present) review\b|本文[^。]{0,12}综述",
    re.IGNORECASE,
)


@dataclass
class _Section:
    kind: str
    lines: list[str] = field(default_factory=list)


def looks_like_full_text(text: str) -> bool:
    """Whether a line of the text is an abstract's heading."""
    return any(_heading(_bare(line))[0] == "abstract" for line in text.split("\n"))


def iter_full_text(text: str, name: str) -> Iterator[Entry]:
    """The one entry of a paper's full text. Raises ParseError if no title stands before the abstract."""
    lines = [_bare(line) for line in text.split("\n")]
    sections = _sections(lines)
    fronts = [now for now, after in pairwise(sections) if (now.kind, after.kind) == ("front", "abstract")]
    heads = [head for front in fronts if (head := _title_and_authors(front.lines))[0]]
    if not heads:
        raise ParseError(
            f"{name}: has an abstract but no title in front of it: put the title in the first line."
        )
    own = _join([line for part in sections if part.kind == "body" for line in part.lines])
    abstracts = [_join(part.lines) for part in sections if part.kind == "abstract"]
    chinese = len(_HAN.findall(own or abstracts[0])) > 0.2 * len(own or abstracts[0])
    first = next((one for one in abstracts if bool(_HAN.search(one)) == chinese), abstracts[0])
    english = next((head for head in heads if not _HAN.search(head[0])), None)
    front_text = "\n".join(
        line for part in sections if part.kind in ("front", "abstract") for line in part.lines
    )
    draft: Draft = {
        "title": (english or heads[0])[0],
        "vernacular_title": heads[0][0] if english and english is not heads[0] else None,
        "authors": (english or heads[0])[1],
        "abstract_text": "\n".join(part for part in (first, own) if part),
        "has_body": bool(own),
        "other_abstracts": [
            {"language": "chi" if _HAN.search(one) else "eng", "type": "Publisher", "text": one}
            for one in abstracts
            if one is not first
        ],
        "languages": ["chi" if chinese else "eng"],
        "keywords": [word for part in sections if part.kind == "keywords" for word in _keywords(part.lines)],
        "types": ["Journal Article", *(["Review"] if any(_REVIEWS.search(one) for one in abstracts) else [])],
        **_facts("\n".join(lines), front_text),
        "note": _note(sections, bool(own)),
    }  # fmt: skip
    yield "whole file", draft


def _bare(line: str) -> str:
    """The line without Markdown and without the spaces that PDF extraction puts around Greek letters."""
    text = re.sub(r"!\[[^\]]*\]\([^)]*\)", "", line)
    text = re.sub(r"\[([^\]]+)\]\([^)\s]+\)", r"\1", text)
    text = re.sub(r"^\s*(?:#+|>)\s*", "", text)
    text = re.sub(r"(\*\*|__)(\S(?:.*?\S)?)\1", r"\2", text)
    text = re.sub(r"(?<![\w*])\*([^*\s](?:[^*]*[^*\s])?)\*(?![\w*])", r"\1", text)
    text = re.sub(r"(?<=[A-Za-z]-)\s+(?=[α-ω])", "", text)
    text = re.sub(
        r"(?<=[α-ω])\s+(?=-|[A-Z]\b)|(?<=\b[A-Z])\s+(?=[α-ω]\s*[A-Z]\b)|(?<=κB)\s+(?=[α-ω]\b)", "", text
    )
    return " ".join(text.split())


def _heading(line: str) -> tuple[str, str]:
    """Kind of section a line opens ("" for none) and the text that follows on the same line."""
    for kind, pattern in _HEADINGS.items():
        if match := pattern.fullmatch(line):
            return kind, (match.group(1) or "") if pattern.groups else ""
    return "", ""


def _sections(lines: list[str]) -> list[_Section]:
    """The text cut at its headings; what follows a line of keywords is front matter again."""
    sections = [_Section("front")]
    for line in lines:
        kind, rest = _heading(line)
        current = sections[-1]
        if kind == "references" and any(part.kind == "body" for part in sections):
            sections.append(_Section(kind))
        elif current.kind == "references":
            current.lines.append(line)
        elif kind and _opens(kind, {part.kind for part in sections}, current.kind):
            sections.append(_Section(kind, [rest] if rest else []))
        elif line:
            if current.kind == "keywords" and current.lines:
                current = _Section("body" if _NUMBERED.fullmatch(line) else "front")
                sections.append(current)
            current.lines.append(line)
    return sections


def _opens(kind: str, seen: set[str], current: str) -> bool:
    """Whether a heading cuts the text here: within the body only asides do, before the abstract none do."""
    if kind == "references" or (kind == "aside" and "abstract" not in seen):
        return False
    return current != "body" or kind == "aside"


def _title_and_authors(lines: list[str]) -> tuple[str, list[str]]:
    """The line before the first line of names, and these names; else the first line."""
    kept = [line for line in lines if line and not _FURNITURE.match(line)]
    for title, below in pairwise(kept):
        if names := _names(below):
            return title, names
    return (kept[0], []) if kept else ("", [])


def _names(line: str) -> list[str]:
    listed = re.split(r"\bet al\b", line)[0]
    separator = r"[;；]" if re.search(r"[;；]", listed) else r"[,，、]|\band\b"
    names = [re.sub(r"[*†‡§#\d\s]+$|^\s+", "", name).strip(" .") for name in re.split(separator, listed)]
    names = [name for name in names if name]
    single = len(names) == 1 and listed == line
    if not names or (single and not re.fullmatch(r"[\u4e00-\u9fff]{2,4}", names[0])):
        return []
    if not all(
        re.fullmatch(r"[\u4e00-\u9fff·]{2,6}|[A-Z][\w'’.-]*(?:,? [\w'’.-]+){1,3}", name) for name in names
    ):
        return []
    try:
        return [name if _HAN.search(name) or "," in name else getnames([name])[0] for name in names]
    except InvalidName:
        return names


def _keywords(lines: list[str]) -> list[str]:
    return [word.strip(" .") for word in re.split(r"[,，;；、]", " ".join(lines)) if word.strip(" .")]


def _facts(text: str, front: str) -> Draft:
    """Journal, volume, issue, pages, dates and ids, as far as the front matter states them."""
    cited = _CITED.search(text)
    facts: Draft = {key: value for key, value in cited.groupdict().items() if key != "year"} if cited else {}
    published = _PUBLISHED.search(front)
    dates = [published.group(1)] if published else ([cited["year"]] if cited else [front])
    doi = re.search(r"\bdoi\s*[:：]\s*(10\.\S+)", text, re.IGNORECASE) or re.search(
        r"doi\.org/(10\.\S+)", front
    )
    pmid = re.search(r"\bPMID\s*[:：]?\s*(\d{4,9})|\bmdl-(\d{4,9})", text)
    facts |= {"dates": dates, "doi": doi.group(1) if doi else None}
    return facts | {"pmid": next((group for group in pmid.groups() if group), None) if pmid else None}


def _join(lines: list[str]) -> str:
    """Paragraphs, one per line; those a page break has cut in two are put together again."""
    parts: list[str] = []
    open_ended = False
    for line in lines:
        if not line or _FURNITURE.match(line):
            continue
        heading = bool(_NUMBERED.fullmatch(line)) and not line.endswith(_ENDS)
        if open_ended and not heading:
            glue = "" if _HAN.match(line) or _HAN.match(parts[-1][-1]) else " "
            parts[-1] += glue + line
        else:
            parts.append(line)
        open_ended = not heading and not line.endswith(_ENDS)
    return "\n".join(parts)


def _note(sections: list[_Section], body: bool) -> str | None:
    if not body:
        return None
    listed = sum(
        bool(re.match(r"[-*\s]*(?:\[\d+\]|\d+\.)\s", line))
        for part in sections
        if part.kind == "references"
        for line in part.lines
    )
    return (
        f"Full text: abstract and body stand in abstract; the reference list ({listed} entries) is left out."
    )
