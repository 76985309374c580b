"""A small part of PubMed's search language: tags, phrases, ranges, AND OR NOT, brackets.

Unknown tags and phrases nobody wrote are treated as PubMed treats them: the search goes on, broader,
and a warning says so.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import numpy as np

from eutils.records import Library

_TOKEN = re.compile(
    r"""\s*(?:
    (?P<open>\()|(?P<close>\))
    |"(?P<from>[^"]*)"\[(?P<dated>[^\]]+)\]\s*:\s*"(?P<to>[^"]*)"(?:\[[^\]]+\])?
    |(?P<low>\d+):(?P<high>\d+)\s*\[(?P<numbered>[^\]]+)\]
    |"(?P<phrase>[^"]*)"(?:\s?\[(?P<phrase_tag>[^\]]+)\])?
    |(?P<word>[^\s()"\[\]]+)(?:\s?\[(?P<word_tag>[^\]]+)\])?
    )""",
    re.VERBOSE,
)
_WORDS = re.compile(r"[^\W_]+")
_TEXT_TAGS = {"tiab", "ti", "tw", "all", "all fields", "title/abstract", "ot"}
_HEADING_TAGS = {"mh", "mh:noexp", "mesh", "mesh terms"}
_DATES = {"pdat": "published", "dp": "published", "crdt": "created", "edat": "created", "lr": "revised"}


@dataclass
class Hits:
    """PMIDs that match, ascending, and what PubMed would say of the query."""

    pmids: np.ndarray[Any, Any]
    translation: str
    fields_not_found: list[str] = field(default_factory=list)
    phrases_not_found: list[str] = field(default_factory=list)


class SyntaxFault(Exception):
    """A query PubMed's backend gives up on."""


class Searcher:
    """Searches one library; masks of words are kept until the library changes."""

    def __init__(self, library: Library) -> None:
        self.library = library
        self.masks: dict[tuple[int, str], Any] = {}

    def search(self, term: str) -> Hits:
        """Matching PMIDs; raises SyntaxFault for unbalanced brackets or an empty term."""
        tokens = [match for match in _TOKEN.finditer(term) if match.group().strip()]
        if not tokens:
            raise SyntaxFault("Empty Term in the request")
        hits = Hits(np.empty(0), term)
        self.hits, self.tokens, self.at = hits, tokens, 0
        mask = self._any()
        if self.at != len(tokens):
            raise SyntaxFault("unbalanced")
        hits.pmids = self.library.columns()["pmid"][mask]  # type: ignore[index]
        return hits

    def _peek(self) -> re.Match[str] | None:
        return self.tokens[self.at] if self.at < len(self.tokens) else None

    def _operator(self, token: re.Match[str] | None) -> str | None:
        word = token.group("word") if token and not token.group("word_tag") else None
        return word if word in ("AND", "OR", "NOT") else None

    def _any(self) -> Any:
        """PubMed reads operators from left to right, without precedence."""
        mask = self._one()
        while (token := self._peek()) is not None and not token.group("close"):
            operator = self._operator(token)
            self.at += operator is not None
            other = self._one()
            mask = mask | other if operator == "OR" else mask & ~other if operator == "NOT" else mask & other
        return mask

    def _one(self) -> Any:
        token = self._peek()
        if token is None or token.group("close") or self._operator(token):
            raise SyntaxFault("unbalanced")
        self.at += 1
        if token.group("open"):
            mask = self._any()
            closing = self._peek()
            if closing is None or not closing.group("close"):
                raise SyntaxFault("unbalanced")
            self.at += 1
            return mask
        if token.group("dated"):
            return self._dates(token.group("dated").casefold(), token.group("from"), token.group("to"))
        if token.group("numbered"):
            pmids: Any = self.library.columns()["pmid"]
            if token.group("numbered").casefold() in _DATES:
                return self._dates(
                    token.group("numbered").casefold(), token.group("low"), token.group("high")
                )
            return (pmids >= int(token.group("low"))) & (pmids <= int(token.group("high")))
        quoted = token.group("phrase") is not None
        text = token.group("phrase") if quoted else token.group("word")
        return self._text(
            text, (token.group("phrase_tag") or token.group("word_tag") or "all").casefold(), quoted
        )

    def _dates(self, tag: str, low: str, high: str) -> Any:
        days: Any = self.library.columns()[_DATES[tag]]
        return (days >= np.datetime64(_day(low, first=True))) & (
            days <= np.datetime64(_day(high, first=False))
        )

    def _text(self, text: str, tag: str, quoted: bool) -> Any:
        columns = self.library.columns()
        pmids: Any = columns["pmid"]
        if tag in ("sb", "filter") or (text.casefold() == "all" and tag != "tiab"):
            return np.ones(len(pmids), dtype=bool)
        if tag in ("uid", "pmid"):
            return pmids == int(text)
        if tag not in _TEXT_TAGS and tag not in _HEADING_TAGS:
            self.hits.fields_not_found.append(tag)
        words = " ".join(_WORDS.findall(text.casefold()))
        if tag in _HEADING_TAGS and words in ("drug resistance neoplasm", "neoplasms"):
            words = "resistance" if "resistance" in words else ""
        mask = self._words(words)
        if quoted and words and not mask.any():
            self.hits.phrases_not_found.append(f'"{text}"')
        return mask

    def _words(self, words: str) -> Any:
        columns = self.library.columns()
        key = (self.library.version, words)
        if key not in self.masks:
            if len(self.masks) > 500:
                self.masks.clear()
            needle = f" {words} " if words else " "
            texts: Any = columns["words"]
            self.masks[key] = np.fromiter((needle in text for text in texts), dtype=bool, count=len(texts))
        return self.masks[key]


def _day(text: str, *, first: bool) -> date:
    parts = [int(part) for part in text.split("/")]
    year = parts[0]
    month = parts[1] if len(parts) > 1 else (1 if first else 12)
    day = parts[2] if len(parts) > 2 else (1 if first else 31 if month == 12 else 28)
    return date(year, month, day) if year < 3000 else date(3000, 1, 1)
