"""PubMed XML taken apart into the bytes of its records, and put together again.

Records keep the very bytes NCBI sent. A set is written in ascending PMID order, so that a batch that
had to be asked for in halves, or whose records came in another order, gives the same file.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from xml.parsers import expat

from helpers.errors import ParseError

_RECORDS = ("PubmedArticle", "PubmedBookArticle")
_ROOT = "PubmedArticleSet"
_CLOSE = b"</PubmedArticleSet>\n"


@dataclass(frozen=True)
class RecordSet:
    """Records of one answer by PMID, and the bytes before them (XML declaration, DOCTYPE)."""

    head: bytes
    records: dict[int, bytes] = field(repr=False)


@dataclass
class _Reader:
    """State of one pass of expat; handlers note where records begin and end."""

    body: bytes
    parser: expat.XMLParserType
    depth: int = 0
    begin: int = 0
    root_at: int = -1
    pmid: str | None = None
    version: int = 1
    found: dict[int, tuple[int, bytes]] = field(default_factory=dict)

    def start(self, name: str, attributes: dict[str, str]) -> None:
        self.depth += 1
        if self.depth > 4:
            return
        if self.depth == 1:
            if name != _ROOT:
                raise ParseError(f"the root element is {name}, not {_ROOT}")
            self.root_at = self.parser.CurrentByteIndex
        elif self.depth == 2:
            self.begin, self.pmid = self.parser.CurrentByteIndex, None
        elif self.depth == 4 and name == "PMID" and self.pmid is None:
            self.pmid, self.version = "", int(attributes.get("Version", "1") or 1)
            self.parser.CharacterDataHandler = self.text

    def text(self, data: str) -> None:
        self.pmid = (self.pmid or "") + data

    def end(self, name: str) -> None:
        if self.depth == 4 and name == "PMID":
            self.parser.CharacterDataHandler = None
        elif self.depth == 2 and name in _RECORDS:
            self.keep()
        self.depth -= 1

    def keep(self) -> None:
        at = self.parser.CurrentByteIndex
        stop = self.body.index(b">", at) + 1
        pmid = (self.pmid or "").strip()
        if not pmid.isdigit():
            raise ParseError(f"the record at byte {self.begin} has no PMID")
        held = self.found.get(int(pmid))
        if held is None or held[0] < self.version:
            self.found[int(pmid)] = (self.version, self.body[self.begin : stop])

    def refuse(self, *_: object) -> None:
        raise ParseError("the XML declares entities of its own, which PubMed never does")


def split_set(body: bytes) -> RecordSet:
    """The records of a PubmedArticleSet, each as its own bytes, the highest version of a PMID kept.

    Raises ParseError for anything that is not a whole, well-formed PubmedArticleSet.
    """
    parser = expat.ParserCreate()
    reader = _Reader(body, parser)
    parser.StartElementHandler = reader.start
    parser.EndElementHandler = reader.end
    parser.EntityDeclHandler = reader.refuse
    parser.buffer_text = True
    try:
        parser.Parse(body, True)
    except expat.ExpatError as error:
        raise ParseError(
            f"not well-formed at byte {parser.ErrorByteIndex}: {expat.ErrorString(error.code)}"
        ) from None
    head = body[: reader.root_at].strip()
    return RecordSet(head, {pmid: record for pmid, (_, record) in reader.found.items()})


def join_set(head: bytes, records: Mapping[int, bytes]) -> bytes:
    """A PubmedArticleSet of the records in ascending PMID order, one after another on lines of their own."""
    parts = [head, b"<PubmedArticleSet>", *(records[pmid] for pmid in sorted(records))]
    return b"\n".join(part for part in parts if part) + b"\n" + _CLOSE
