"""Denial of a death mode: "did not induce apoptosis", "apoptosis was unchanged", "未诱导凋亡".

What nobody studied is denied too: a record that says so says nothing of the mode.
"""

from __future__ import annotations

import re

# A denial holds to the next clause; the words between it and the mode are few, and the nearest denial decides.
_BEFORE = re.compile(
    r".*(?:(?<!with or )(?<!whether or )(?<!vs )(?<!versus )(?<!presence or )(?<!presence and )\b"
    r"(?:cannot|neither|(?P<none>nor|no)|never|without|independent(?:ly)? (?:of|from)|rather than|instead of|not|"
    r"unchanged (?:rates?|levels?|numbers?|amounts?|frequenc(?:y|ies)|percentages?) of|(?P<lack>absence of|lack of)|"
    r"fail(?:ed|s|ure)? to|unable to)\b|n[’']t\b|"
    r"未(?:能|见|引起|诱导|发生|导致|出现|观察到|检测到)|不(?:影响|能|会|依赖|诱导|引起|发生|参与|是)|并非|没有|而非)"
    r"(?P<gap>[^.;:,，；。]{0,45})$",
    re.IGNORECASE | re.DOTALL,
)
_AFTER = re.compile(
    r"[- ]?(?:independent\b(?! (?:of|from)\b)|(?:\([^()]*\) )?"
    r"(?:(?:(?:and|or) \w+ )(?=were|are|did|do|have)|"
    r"(?:(?!(?:and|or|but|that|which|who|whereas|while|although|though|when|if|as|in|by|through|via)\b)\w+ ){0,2})(?:"
    r"(?:was|were|is|are|remain(?:s|ed)?|stayed) (?:\w+ )?(?:unchanged|unaffected|unaltered|absent)\b|"
    r"(?:was|were|is|are|did|does|do|has|have|had)(?: also| still)? (?:not|never|neither)\b"
    r"(?! (?:yet |been )*(?:only|the only|fully|well|completely|yet|clear|known|understood|elucidated|clarified|"
    r"characteri[sz]ed|associated|related|correlated|dependent|depend|due|"
    r"(?:be )?(?:inhibit|block|prevent|suppress|reduc|decreas|abolish|attenuat|revers|rescue)\w*)\b)))|"
    r"[^，。；,.;]{0,8}(?:无|没有|未见|未)(?:明显|显著|统计学)*的?(?:影响|变化|改变|差异)|"
    r"[^。；]{0,12}差异(?:无|没有)(?:显著|统计学)",
    re.IGNORECASE,
)
# "the role of ferroptosis in sarcoma has not yet been studied"
_UNSTUDIED = re.compile(
    r"(?: (?!(?:and|or|but|that|which|who|whose|whereas|while|has|have|had)\b)[\w-]+){0,6} (?:has|have|had) "
    r"(?:not|never) (?:yet )?been (?:\w+ly )?(?:studied|investigated|explored|examined|looked|addressed|reported)\b",
    re.IGNORECASE,
)
# "not only apoptosis but also", "did not prevent apoptosis", "not fully understood": the mode is not denied; it is by
# "no increase in apoptosis" and "no role in apoptosis".
_OF_ANOTHER = re.compile(
    r"\b(?:(?:prevent|block|inhibit|suppress|protect|rescue|abolish|attenuate|reduc|decreas|diminish|abrogate|"
    r"reverse|escap|evad|resist|delay)\w*|only|merely|just|other|longer|overcome|understood|clear|known|unknown|but|"
    r"because|due|however|that|through|via|(?<!accompanied )by|which|(?<!increase )(?<!change )(?<!changes )"
    r"(?<!difference )(?<!differences )(?<!involved )(?<!implicated )(?<!role )(?<!participate )in|"
    r"whether|between|from|during|after|upon|following|despite|when|while|although)\b|"
    r"而是|但|却|仅|抑制|阻止|阻断|逆转|减少|减轻|降低",
    re.IGNORECASE,
)
# "was not due to apoptosis", "not mediated by apoptosis": another mode killed.
_NOT_BY = re.compile(
    r" (?:be |been )?(?:(?:due|attributable) to|because of|"
    r"(?:(?:mediated|caused|explained|driven) )?(?:by|via|through)) ",
    re.IGNORECASE,
)
# "lack of Rb sensitized cells to ferroptosis": what is lacking is not the mode.
_LACKING = re.compile(
    r" (?:[\w/-]+ ){1,4}(?:sensiti[sz]|le(?:d|ads) |induce|cause|promote|trigger|result|accelerate|increase|enhance|"
    r"render|ma[dk]e)",
    re.IGNORECASE,
)
# "no autophagy inhibition", "neither growth nor apoptosis was blocked": the mode went on.
_HINDRANCE = re.compile(
    r"[- ](?:inhibition|suppression|reduction|blockade|impairment|defects?|resistance|inhibitors?)\b",
    re.IGNORECASE,
)
_HINDERED = re.compile(
    r"(?: (?!(?:was|were|is|are|when|if|after|that|which)\b)[\w-]+){0,6} (?:was|were|is|are) (?:\w+ly )?"
    r"(?:inhibit|block|prevent|suppress|abolish|attenuat|revers|rescue)",
    re.IGNORECASE,
)
# "attenuated drug-induced apoptosis but not autophagy": autophagy went on.
_SPARED = re.compile(
    r"\b(?:prevent|block|inhibit|suppress|rescu|abolish|attenuat|reduc|abrogat|revers|impair)\w*\b"
    r"[^.;:,]*\bbut not\b[^.;:,]*$",
    re.IGNORECASE,
)


def is_denied(before: str, after: str) -> bool:
    """True if the words before or after a mention, within its sentence, deny it."""
    denial = _BEFORE.match(before[-80:])
    if denial and _holds(denial, after):
        return not _SPARED.search(before[-200:])
    return bool(_AFTER.match(after) or _UNSTUDIED.match(after))


def _holds(denial: re.Match[str], after: str) -> bool:
    """True if a denial before a mention concerns it, by the words between and after."""
    gap = denial["gap"]
    if _OF_ANOTHER.search(gap) and not _NOT_BY.fullmatch(gap):
        return False
    if _HINDRANCE.match(after) or (denial["none"] and _HINDERED.match(after)):
        return False
    return not (denial["lack"] and _LACKING.match(gap))
