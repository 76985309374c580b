"""A query over the articles of a corpus, in the part of PubMed's language that needs no server.

    "ferroptosis"[tiab] AND ("drug resistance"[tiab] OR "Drug Resistance, Neoplasm"[mh]) AND 2015:2026[dp]

Words and "phrases" match whole words in title, abstract or MeSH, in any case; * at the end of a word or
phrase matches any ending. Fields: ti, ab, tiab, mh (whole descriptor), ot (keywords), ta (journal), la, pt,
pmid, dp (year or first:last year). AND, OR, NOT are read from left to right as PubMed does; words side by
side mean AND. What PubMed does beyond that (synonym mapping, MeSH explosion) is not done.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from helpers.errors import UsageError, nearest

Test = Callable[[pa.Table], Any]

_TOKEN = re.compile(
    r"""\s*(?:(?P<open>\()|(?P<close>\))|(?P<operator>AND|OR|NOT)(?![\w"*])
    |(?:"(?P<phrase>[^"]*)"|(?P<years>\d{4}\s*:\s*\d{4})|(?P<word>[^\s()"\[\]]+))
     \s*(?:\[(?P<field>[^\]]*)\])?)""",
    re.VERBOSE,
)
_TEXT, _LIST, _WHOLE = "words in a text", "one item of a list", "the whole value"
_FIELDS: dict[str, tuple[tuple[str, ...], str]] = {
    "ti": (("title",), _TEXT),
    "ab": (("abstract",), _TEXT),
    "tiab": (("title", "abstract", "keywords"), _TEXT),
    "all": (("title", "abstract", "keywords", "mesh"), _TEXT),
    "ot": (("keywords",), _LIST),
    "mh": (("mesh",), _LIST),
    "ta": (("journal", "journal_abbreviation"), _WHOLE),
    "la": (("language",), _LIST),
    "pt": (("publication_types",), _LIST),
    "pmid": (("pmid",), _WHOLE),
    "dp": (("year",), _WHOLE),
}
_ALIASES = {
    "title": "ti", "title/abstract": "tiab", "abstract": "ab", "mesh": "mh", "mesh terms": "mh",
    "mh:noexp": "mh", "mesh:noexp": "mh", "pdat": "dp", "date - publication": "dp", "lang": "la",
    "language": "la", "journal": "ta", "publication type": "pt", "all fields": "all", "uid": "pmid",
    "other term": "ot",
}  # fmt: skip


def parse_query(query: str) -> Test:
    """Function from an Arrow table of articles to a mask of the rows the query matches; all for "".

    Raises UsageError naming the place of what cannot be read.
    """
    tokens = _tokens(query)
    if not tokens:
        return lambda table: pa.array([True] * len(table), pa.bool_())
    test, position = _expression(tokens, 0, query)
    if position < len(tokens):
        raise UsageError(f"query {query!r}: a bracket closes that none opened.")
    return test


def _tokens(query: str) -> list[re.Match[str]]:
    tokens, position = [], 0
    while query[position:].strip():
        match = _TOKEN.match(query, position)
        if not match:
            raise UsageError(f"query {query!r}: cannot be read from {query[position:].strip()[:30]!r} on.")
        tokens.append(match)
        position = match.end()
    return tokens


def _expression(tokens: list[re.Match[str]], position: int, query: str) -> tuple[Test, int]:
    """Terms joined from left to right, up to the closing bracket or the end."""
    test, position = _operand(tokens, position, query)
    while position < len(tokens) and not tokens[position]["close"]:
        operator = tokens[position]["operator"] or "AND"
        other, position = _operand(tokens, position + bool(tokens[position]["operator"]), query)
        test = _joined(test, operator, other)
    return test, position


def _joined(left: Test, operator: str, right: Test) -> Test:
    if operator == "OR":
        return lambda table: pc.or_(left(table), right(table))
    if operator == "NOT":
        return lambda table: pc.and_not(left(table), right(table))
    return lambda table: pc.and_(left(table), right(table))


def _operand(tokens: list[re.Match[str]], position: int, query: str) -> tuple[Test, int]:
    if position >= len(tokens) or tokens[position]["operator"] or tokens[position]["close"]:
        raise UsageError(f"query {query!r}: a term is missing beside AND, OR, NOT or a bracket.")
    token = tokens[position]
    if not token["open"]:
        return _term(token, query), position + 1
    test, position = _expression(tokens, position + 1, query)
    if position >= len(tokens):
        raise UsageError(f"query {query!r}: a bracket is not closed.")
    return test, position + 1


def _term(token: re.Match[str], query: str) -> Test:
    text = token["phrase"] if token["phrase"] is not None else token["years"] or token["word"]
    name = (token["field"] or ("dp" if token["years"] else "all")).strip().casefold()
    name = _ALIASES.get(name, name)
    if name not in _FIELDS:
        raise UsageError(f"query {query!r}: field [{token['field']}]: {nearest(name, _FIELDS)}")
    if not text.strip(" *"):
        raise UsageError(f"query {query!r}: a term is empty.")
    columns, way = _FIELDS[name]
    return _year_test(text, query) if name == "dp" else _match_test(columns, _pattern(text, way))


def _pattern(text: str, way: str) -> str:
    """Regular expression (RE2) of a term; any run of spaces or hyphens stands for any other."""
    words = [re.escape(word) for word in re.split(r"[\s\-‐–]+", text.strip().rstrip("*")) if word]
    body = r"[\s\-‐–]+".join(words)
    ending = text.strip().endswith("*")
    if way == _TEXT:
        return rf"(?i)(?:^|[^\pL\pN]){body}" + ("" if ending else r"(?:$|[^\pL\pN])")
    if way == _LIST:
        return rf"(?i)(?:^|\|){body}" + ("" if ending else r"(?:$|\|)")
    return rf"(?i)^{body}" + ("" if ending else "$")


def _match_test(columns: tuple[str, ...], pattern: str) -> Test:
    def test(table: pa.Table) -> Any:
        found = None
        for name in columns:
            hit = pc.fill_null(pc.match_substring_regex(table[name], pattern), False)
            found = hit if found is None else pc.or_(found, hit)
        return found

    return test


def _year_test(text: str, query: str) -> Test:
    years = re.fullmatch(r"(\d{4})(?:\s*:\s*(\d{4}))?", text.strip())
    if not years:
        raise UsageError(f"query {query!r}: {text!r}[dp] is no year or first:last year.")
    first, last = int(years[1]), int(years[2] or years[1])

    def test(table: pa.Table) -> Any:
        year = table["year"]
        inside = pc.and_(pc.greater_equal(year, first), pc.less_equal(year, last))
        return pc.fill_null(inside, False)

    return test
