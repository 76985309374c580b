"""The spellings under which a term of the vocabulary is looked for in folded text."""

from __future__ import annotations

import re
from collections.abc import Iterator

CJK = re.compile(r"[\u3400-\u9fff\uf900-\ufaff]")
_GREEK_AT = {"A": "α", "B": "β", "G": "γ", "D": "δ", "E": "ε", "K": "κ", "Z": "ζ", "T": "θ"}
# GSK3B, TGFB1, IFNG, NFKB1: a Greek letter written as a Latin one before a number or at the end.
_GREEK_SYMBOL = re.compile(r"^([A-Z]{2,}[0-9]*|[A-Z]+[0-9]+)([ABGDEKZT])([0-9]{0,2})$")
_BOUNDARY = re.compile(r"(?<=[A-Za-zα-ω])[-\s]?(?=[0-9])|(?<=[0-9])(?=[A-Za-zα-ω])")
_JOINED = re.compile(r"(?<=[A-Za-z0-9α-ω])[-\s](?=[A-Za-z0-9α-ω])")
_PARENTHESIS = re.compile(r"\s*[(\[][^()\[\]]*[)\]]")
_TAIL = re.compile(
    r"(?:,? (?:homolog|homologue|ortholog|gene|protein|pseudogene)(?: [0-9]+)?|-like protein)$", re.IGNORECASE
)
_SPELLINGS = (
    ("tumor", "tumour"),
    ("tumour", "tumor"),
    ("leukemia", "leukaemia"),
    ("estrogen", "oestrogen"),
    ("hemoglobin", "haemoglobin"),
    ("heme ", "haem "),
    ("fiber", "fibre"),
    ("homeo", "homoeo"),
    ("sulf", "sulph"),
)
_ROMAN = {"1": "I", "2": "II", "3": "III", "4": "IV", "5": "V"}
_NUMBERED = re.compile(r"^(.*[a-z]{3}(?: type| subtype| class| factor)?) ([1-5])$")


def symbol_spellings(term: str) -> Iterator[str]:
    """A symbol as given, without its hyphens, with a space before its number, and with Greek letters."""
    yield term
    if _JOINED.search(term):
        yield _JOINED.sub("", term)
    spaced = _BOUNDARY.sub(" ", term)
    if spaced != term and len(term) > 2:
        yield spaced
        first = re.sub(r"(?<=[A-Za-zα-ω])[-\s]?(?=[0-9])", " ", term, count=1)
        if first != spaced:
            yield first
    match = _GREEK_SYMBOL.match(term)
    if match:
        stem, letter, number = match.groups()
        yield f"{stem}{_GREEK_AT[letter]}{number}"
        yield f"{stem} {_GREEK_AT[letter]}{number}"
        if number:
            yield f"{stem}{_GREEK_AT[letter]} {number}"


def name_spellings(name: str) -> Iterator[str]:
    """A full name as given, without brackets and tails, uninverted, American and British."""
    plain = _PARENTHESIS.sub("", name).strip()
    forms = [name, plain]
    if ", " in plain:
        head, rest = plain.split(", ", 1)
        if len(rest.split()) <= 2 and not re.search(r"\b(?:class|family|member|subunit|type)\b", rest):
            forms.append(f"{rest} {head}")
            forms.append(f"{head} {rest}")
        if re.search(r"[0-9α-ω]$|alpha|beta", head) and " " in head:
            forms.append(head)
        forms.append(plain.replace(",", ""))
    for form in list(forms):
        short = _TAIL.sub("", form)
        if short != form and (" " in short or len(short) > 5):
            forms.append(short)
    for form in list(forms):
        low = form.lower()
        forms += [low.replace(old, new) for old, new in _SPELLINGS if old in low and new not in low]
        numbered = _NUMBERED.match(form)
        if numbered:
            forms.append(f"{numbered[1]} {_ROMAN[numbered[2]]}")
        spaced = _BOUNDARY.sub(" ", form)
        if spaced != form:
            forms.append(spaced)
    yield from dict.fromkeys(form for form in forms if len(form) > 2)
