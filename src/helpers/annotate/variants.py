"""The spellings under which a term of the vocabulary is looked for in folded text."""

from __future__ import annotations

import re
from collections.abc import Iterator

CJK = re.compile(r"[\u3400-\u9fff\uf900-\ufaff]")
FIRST_CJK = 0x3400  # code point; no Chinese character stands below
_GREEK_AT = {"A": "α", "B": "β", "G": "γ", "D": "δ", "E": "ε", "K": "κ", "Z": "ζ", "T": "θ"}
# GSK3B, TGFB1, IFNG, NFKB1: a Greek letter written as a Latin one before a number or at the end.
_GREEK_SYMBOL = re.compile(r"^([A-Z]{2,}[0-9]*|[A-Z]+[0-9]+R?)([ABGDEKZT])([0-9]{0,2})$")
_INHIBITOR_OF_KAPPA_B = re.compile(r"^IKB([ABDEGZ])$")
_BOUNDARY = re.compile(r"(?<=[A-Za-zα-ω])[-\s]?(?=[0-9])|(?<=[0-9])(?=[A-Za-zα-ω])")
_BEFORE_NUMBER = re.compile(r"(?<=[A-Za-zα-ω])[-\s]?(?=[0-9])")
_HAS_NUMBER = re.compile(r"[A-Za-zα-ω][-\s]?[0-9]|[0-9][A-Za-z]")
_PREFIXED = re.compile(r"[A-Z]{2,6}[0-9]{0,2}[A-Z]?")  # hTERT, hXPC: h for human
_LABEL = re.compile(r"\b(?:class|family|member|subunit|type)\b")
_JOINED = re.compile(r"(?<=[A-Za-z0-9α-ω])[-\s](?=[A-Za-z0-9α-ω])")
_PARENTHESIS = re.compile(r"\s*[(\[][^()\[\]]*[)\]]")
_TAIL = re.compile(
    r"(?:,? (?:homolog|homologue|ortholog)(?: [0-9]+)?|(?<!binding)(?<!associated)(?<!related)(?<!containing)"
    r"(?<!interacting)(?<!like)(?<!domain)(?<!finger)(?<!membrane)(?<!transmembrane)(?<!family)(?<!repeat)"
    r"(?<!specific)(?<!ribosomal)(?<!nuclear)(?<!mitochondrial)(?<!heavy chain)(?<!type)(?<!class)"
    r"(?<!factor)(?<!inducible)(?<!regulated)(?<!dependent)(?<!responsive) (?:gene|protein))$",
    re.IGNORECASE,
)
_TAIL_WORD = re.compile(r"gene|protein|homolog|ortholog", re.IGNORECASE)
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


# A name in the order of the nomenclature, and the order in which papers write it.
_REORDERED = (
    (
        re.compile(r"^collagen type (\w+) alpha 1 chain$"),
        ("type {0} collagen", "collagen {0}", "collagen type {0}"),
    ),
    (re.compile(r"^collagen type (\w+) alpha (\d) chain$"), ("alpha{1}({0}) collagen", "alpha{1}({0})")),
    (
        re.compile(r"^integrin subunit (alpha|beta) (\w+)$"),
        ("{0} {1} integrin", "integrin {0} {1}", "{0}{1} integrin", "integrin {0}{1}"),
    ),
    (re.compile(r"^hemoglobin subunit (\w+)(?: \d)?$"), ("{0} globin", "hemoglobin {0}", "{0}-hemoglobin")),
    (
        re.compile(r"^(\w+) (alpha|beta|gamma|delta) (\d)$"),
        ("{1} {0} {2}", "{0} {1}{2}", "{1}{2} {0}", "{0}-{2}"),
    ),
    (re.compile(r"^(.+) subunit (.+)$"), ("{0} {1}", "{0} {1} subunit", "{1} subunit of {0}")),
    (re.compile(r"^(.+) receptor type (\w+)$"), ("{0} receptor {1}", "type {1} {0} receptor")),
    (re.compile(r"^(.+) receptor (\w+)$"), ("receptor {1} for {0}", "{0} {1} receptor")),
    (re.compile(r"^(.+) receptor$"), ("receptor for {0}", "{0}-receptor")),
    (re.compile(r"^solute carrier family \d+ member \w+$"), ()),
)


def symbol_spellings(term: str) -> Iterator[str]:
    """A symbol as given, without its hyphens, with a space before its number, and with Greek letters."""
    yield term
    if _JOINED.search(term):
        yield _JOINED.sub("", term)
    if _PREFIXED.fullmatch(term):
        yield f"h{term}"
    spaced = _BOUNDARY.sub(" ", term)
    if spaced != term and len(term) > 2:
        yield spaced
        first = _BEFORE_NUMBER.sub(" ", term, count=1)
        if first != spaced:
            yield first
    if match := _INHIBITOR_OF_KAPPA_B.match(term):
        letter = _GREEK_AT[match[1]]
        yield from (f"{stem}{letter}" for stem in ("IκB", "IκB ", "I κB", "I κ B", "I κ B "))
    match = _GREEK_SYMBOL.match(term)
    if match:
        stem, letter, number = match.groups()
        yield f"{stem}{_GREEK_AT[letter]}{number}"
        yield f"{stem} {_GREEK_AT[letter]}{number}"
        if number:
            yield f"{stem}{_GREEK_AT[letter]} {number}"


def name_spellings(name: str) -> Iterator[str]:
    """A full name as given, without brackets and tails, uninverted, American and British."""
    plain = _PARENTHESIS.sub("", name).strip() if ")" in name or "]" in name else name.strip()
    forms = [name, plain]
    if ", " in plain:
        forms += _uninverted(plain)
    for pattern, orders in _REORDERED:
        match = pattern.match(plain)
        if match:
            forms += [order.format(*match.groups()) for order in orders]
    if _TAIL_WORD.search(name):
        forms += [short for form in forms if (short := _TAIL.sub("", form)) != form and " " in short]
    for form in list(forms):
        low = form.lower()
        forms += [low.replace(old, new) for old, new in _SPELLINGS if old in low and new not in low]
        numbered = _NUMBERED.match(form)
        if numbered:
            forms.append(f"{numbered[1]} {_ROMAN[numbered[2]]}")
    for form in list(forms):
        if _HAS_NUMBER.search(form):
            forms += [_BOUNDARY.sub(" ", form), _BEFORE_NUMBER.sub("", form)]
    yield from (form for form in dict.fromkeys(forms) if len(form) > 2)


def _uninverted(name: str) -> list[str]:
    """Forms of "caspase 3, apoptosis-related" and "tubulin, beta" without their comma."""
    head, rest = name.split(", ", 1)
    forms = [name.replace(",", "")]
    if len(rest.split()) <= 2 and not _LABEL.search(rest):
        forms += [f"{rest} {head}", f"{head} {rest}"]
    if " " in head and re.search(r"[0-9α-ω]$|alpha|beta", head):
        forms.append(head)
    return forms
