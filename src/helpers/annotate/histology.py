"""Necrosis as a finding of pathology: "tumor necrosis was graded", "necrosis was present in 20 % of tumours".

What a pathologist sees in a resected tumour is dead tissue, whatever killed it; it says nothing of necrosis as a
mode of death that a gene brings about. Such a mention is kept and flagged, and casts no vote.
"""

from __future__ import annotations

import re

_REACH = 200  # characters of the sentence that are looked at on either side
_END = re.compile(r"[.;。；](?:\s|$)")
# Words around the term that speak of a specimen.
_BEFORE = re.compile(
    r"\b(?:tumou?r(?:al|ous)?|intra-?tumou?r(?:al)?|histolog\w+|patholog\w+|coagulative|comedo|geographic|confluent|"
    r"h(?:a)?emorrhagic|focal|patchy|central|massive|centri?lobular|bridging|liquefactive|(?:epi)?dermal|skin|wound|peri|"
    r"(?:presence|absence|extent|degree|percentages?|proportions?|amount|areas?|foci|focus|zones?|grade|grading|"
    r"prevalence|scores?|scoring) of(?: (?:the|tumou?r|intratumou?ral|coagulative|focal|extensive|any))*)[- ]$"
    r"|肿瘤(?:组织|中央)?$",
    re.IGNORECASE,
)
_AFTER = re.compile(
    r" (?:regions?|areas?|cores?|foci|zones?|tissue|debris|material|lesions?|lymph nodes?|mass(?:es)?|tubules|"
    r"secretions)\b|"
    r" (?:(?:was|were|is|are) )?(?:graded|scored|assessed|evaluated|estimated|"
    r"(?:present|absent|seen|observed|noted|identified|found|detected|mentioned|recorded|described) in)\b|"
    r" in (?:\d+|one|two|three|four|five|six|seven|eight|nine|ten) (?:of|/|%|\(|cases|patients|tumou?rs|specimens)|"
    r" (?:grad|scor|rates?\b|percentages?\b|fraction)|程度|分级|评分|率",
    re.IGNORECASE,
)
_LISTED = re.compile(
    r"\b(?:mitos[ie]s|mitotic|pleomorphi\w+|(?:vascular|perineural|lymphatic|lymphovascular|capsular|venous|brain) "
    r"invasion|h(?:a)?emorrhage|calcification|fibrosis|cellularity|atypia|tumou?r size)\b",
    re.IGNORECASE,
)
_SPECIMEN = re.compile(
    r"\b(?:patients?|cases|surgery|complications?|specimens?|biops\w+|autops\w+|resect\w+|histolog\w+|histopatholog\w+|"
    r"patholog\w+|clinicopatholog\w+|MRI|CT|"
    r"\w*(?:carcin|sarc|gli|lymph|melan|blast|aden|angi|meningi|semin)omas?|tumou?rs|mitos[ie]s|mitotic|grade[sd]?|"
    r"grading|stage|prognos\w+|surviv\w+|recurrence|TNM)\b|患者|病理|标本|预后|分期|高级别",
    re.IGNORECASE,
)
# An experiment: here necrosis is what was brought about.
_CAUSED = re.compile(
    r"\b(?:induc|trigger|caus|provok|elicit|treat(?:ed|ment|ing)|inject|doses?\b|expos(?:ed|ure)|transfect|knock|silenc|"
    r"xenograft|mice\b|mouse\b|rats?\b|in vitro|cell lines?\b|overexpress|inhibit|MLKL|RIPK?[13]|therapy|"
    r"chemotherap|radiation|irradiat|drugs?\b|administ|vaccin|virus|photo(?!graph|micro)|laser|ablat|hypertherm|heat)\w*|"
    r"诱导|小鼠|裸鼠|细胞系|处理",
    re.IGNORECASE,
)


def is_histology(text: str, start: int, end: int) -> bool:
    """True if the necrosis named at [start, end) of a text is a finding in a specimen, by its own sentence."""
    before, after = text[max(0, start - _REACH) : start], text[end : end + _REACH]
    if ends := [match.end() for match in _END.finditer(before)]:
        before = before[ends[-1] :]
    if ended := _END.search(after):
        after = after[: ended.start()]
    seen = (
        _AFTER.match(after)
        or _BEFORE.search(before[-100:])
        or _LISTED.search(before[-60:] + "|" + after[:60])
    )
    around = f"{before}|{after}"
    return bool(seen and _SPECIMEN.search(around) and not _CAUSED.search(around))
