"""Direction: each claim is a sentence with its gene, its mode, and what a biologist would read."""

from __future__ import annotations

import re

import pytest

from helpers.annotate.cues import build_cues, inflect
from helpers.annotate.direction import mark, read_direction
from helpers.annotate.words import Words

CUES = build_cues()
MODES = re.compile(r"ferropto\w+|apopto\w+|autophagy|anoikis|凋亡", re.IGNORECASE)
OTHERS = re.compile(r"GPX4|SLC7A11|KEAP1|NRF2|FSP1|miR-\d+|CX43|p53")


def _read(sentence: str, gene: str) -> int:
    genes = [m.span() for m in re.finditer(re.escape(gene), sentence)]
    assert genes, gene
    marks = mark(genes, "G") + mark([m.span() for m in MODES.finditer(sentence)], "M")
    taken = [m[:2] for m in marks]
    others = [m.span() for m in OTHERS.finditer(sentence)]
    marks += mark([o for o in others if not any(o[0] < b and a < o[1] for a, b in taken)], "g")
    return read_direction(Words(sentence, marks, CUES)).sign


@pytest.mark.parametrize(
    "sentence",
    [
        "X1 promotes ferroptosis in liver cells.",
        "X1 is required for erastin-induced ferroptosis.",
        "Silencing X1 protected cells from ferroptosis.",
        "Ferroptosis was blocked by X1 knockdown.",
        "X1-deficient cells were resistant to ferroptosis.",
        "X1-/- mice showed less hepatocyte apoptosis.",
        "X1-mediated ferroptosis was prevented by ferrostatin-1.",
        "Cells lacking X1 were no longer sensitised to ferroptosis.",
        "Loss of X1 made cells unable to undergo ferroptosis.",
        "Knockdown of GPX4, X1 and FSP1 attenuated ferroptosis.",
        "miR-1 inhibits ferroptosis by targeting X1.",
        "NRF2 suppresses ferroptosis by downregulating X1.",
        "X1 is a positive regulator of ferroptosis.",
        "The X1 inhibitor zileuton protected neurons from glutamate-induced ferroptosis.",
        "Ferroptosis was attenuated when X1 was silenced.",
        "X1 negatively regulates SLC7A11 and thereby promotes ferroptosis.",
        "X1 overexpression increased sensitivity to ferroptosis.",
        "X1 functions as a ferroptosis inducer.",
        "Ferroptosis induced by X1 was abolished by ferrostatin-1.",
        "siX1 cells showed decreased ferroptosis.",
        "Inhibition of X1 activation reduced ferroptosis.",
        "X1 exerts a pro-apoptotic effect.",
        "Erastin promoted apoptosis by upregulating the tumor suppressor X1.",
        "Treatment reduced the pro-apoptotic factor X1.",
        "Inhibition of autophagy by dominant negative (DN) X1.",
        "Apoptosis was increased by agonistic anti-X1 antibody.",
        "FSP1 prevents X1 from inducing ferroptosis.",
        "The peptide lowered apoptosis by targeting the GPX4 inhibitor (X1), FSP1 inhibitors and a phosphatase.",
        "X1 and KEAP1 double knockout abolished apoptosis.",
    ],
)
def test_gene_promotes_the_mode(sentence: str) -> None:
    """The gene raises the mode, plainly, in the passive, or because its loss lowers it."""
    assert _read(sentence, "X1") == 1


@pytest.mark.parametrize(
    "sentence",
    [
        "Silencing X1 promoted ferroptosis.",
        "X1 inhibits ferroptosis.",
        "X1 confers anoikis resistance.",
        "X1 confers resistance to ferroptosis.",
        "Ferroptosis was induced by X1 silencing.",
        "X1 knockdown sensitized cells to ferroptosis.",
        "Erastin induces ferroptosis via inhibiting X1.",
        "Downregulation of X1 triggers apoptosis.",
        "X1 protects hepatocytes against ferroptosis.",
        "X1 is a negative regulator of ferroptosis.",
        "X1 negatively regulates ferroptosis.",
        "Blocking the upregulation of X1 enhanced ferroptosis.",
        "Depletion of X1 or FSP1 increases the vulnerability of cells to ferroptosis.",
        "X1 acts as a suppressor of ferroptosis.",
        "These data show inhibitory effects of X1 on RSL3-induced ferroptosis.",
        "X1 depletion reversed the inhibition of ferroptosis.",
        "Tumour cells with high X1 expression showed resistance to erastin-induced ferroptosis.",
        "X1, by activating NRF2, suppresses ferroptosis.",
        "X1-/- mice showed increased apoptosis.",
        "Anti-ferroptotic effects of metformin were abolished by X1 silencing.",
        "CircRNA1 inhibits ferroptosis via the miR-5/X1 axis.",
        "X1 promotes tumour growth by inhibiting ferroptosis.",
        "miR-7 promotes ferroptosis by targeting X1.",
        "Interference with X1 function increases apoptosis.",
        "Dominant-negative X1 induces apoptosis.",
        "X1 is overexpressed in carcinoma and interference with its function increases apoptosis.",
        "The degradation of X1 drives ferroptosis.",
        "X1-mediated ferroptosis resistance supports metastasis.",
        "The drug decreased the anti-apoptotic proteins p53 and X1.",
        "X1, an anti-apoptotic protein, was lower in treated cells.",
        "We highlight targets such as NRF2, X1, SLC7A11, and GPX4, in ferroptosis resistance.",
        "The drug inhibited activity of Src and its downstream mediator X1 with increased apoptosis.",
        "miR-203 decreases the anti-apoptotic factor X1 and sensitizes to apoptosis.",
        "X1-mediated autophagy defects were seen.",
        "X1(-/-) cells showed increased apoptosis.",
        "Induction of apoptosis by X1 knockdown was seen.",
        "X1 prevents KEAP1 from inducing ferroptosis.",
        "Transcripts of anti-apoptotic X1, pro-apoptotic FSP1 and others were seen.",
        "Autophagy is negatively regulated by X1.",
        "When X1 was depleted with two shRNAs, apoptosis rose threefold.",
        "Ferroptosis was reduced in cells that overexpressed X1.",
        "Knockdown of X1 made the cells undergo ferroptosis.",
        "X1 depletion resulted in impaired growth of the cells, and apoptosis induction.",
        "Hypermethylation of X1 promoted ferroptosis.",
    ],
)
def test_gene_inhibits_the_mode(sentence: str) -> None:
    """The gene lowers the mode, plainly, in the passive, in a list, or because its loss raises it."""
    assert _read(sentence, "X1") == -1


@pytest.mark.parametrize(
    "sentence",
    [
        "X1 knockdown did not induce ferroptosis.",
        "X1 had no effect on ferroptosis.",
        "X1 regulates ferroptosis.",
        "We asked whether X1 promotes ferroptosis.",
        "X1 and ferroptosis were studied in rats.",
        "The role of X1 in ferroptosis is unclear.",
        "Cells were treated with X1 and a ferroptosis inhibitor.",
        "Non-apoptotic functions of X1 are known.",
        "Inhibition of X1 and autophagy enhanced senescence.",
        "X1 expression was inhibited, and apoptosis was determined by flow cytometry.",
        "The drug increased the expression of X1 and markers and increased apoptosis.",
        "The drug reduced apoptosis and up-regulated X1.",
        "The drug induced p38 and decreased antiapoptotic proteins after X1 rose.",
        "We aimed to explore the effects of X1 on ferroptosis.",
        "In X1-treated cells the drug reduced apoptosis.",
        "The drug limits autophagy as measured by X1 expression.",
        "The drug reduced apoptosis through the interaction with X1.",
        "Treatment reduced the anti-apoptotic X1 target survivin.",
        "Apoptosis was increased and the expression of X1 and Tbx5 transcription factors fell.",
        "Blocking autophagy enhances growth via activation of X1.",
        "p53 induces apoptosis independent of X1.",
        "Western blot for cleaved X1 showing an increase in apoptosis.",
        "X1 knockdown failed to suppress autophagy.",
        "Knockdown of KEAP1 in X1-/- cells restored apoptosis.",
        "The mutant restored autophagy in X1-/- fibroblasts.",
        "Weight fell through activation of X1-mediated growth and increased autophagy.",
        "The drug caused greater activation of X1, more GPX4 and increased apoptosis.",
        "KEAP1 is related to X1 and enhanced autophagy.",
        "The drug lowered the factor X1, which induces other genes, and reduced apoptosis.",
        "The drug induced autophagy, and no increase in X1 was seen.",
        "Methylation of X1 promotes ferroptosis.",
        "Mutants in genes encoding X1 showed increased apoptosis.",
        "X1(ki/ki) fibroblasts retained high rates of autophagy.",
        "X1 was raised in cells that also expressed the autophagy marker GPX4.",
    ],
)
def test_nothing_is_stated(sentence: str) -> None:
    """A denial, a question, an unsigned verb or a bare co-mention states no direction."""
    assert _read(sentence, "X1") == 0


@pytest.mark.parametrize(
    ("sentence", "gene", "sign"),
    [
        ("下调X1促进细胞凋亡", "X1", -1),
        ("X1可抑制细胞凋亡", "X1", -1),
        ("X1通过上调B2的表达抑制细胞凋亡", "B2", -1),
        ("沉默X1的表达后，细胞凋亡显著增加", "X1", -1),
        ("X1缺失抑制凋亡", "X1", 1),
        ("凋亡被X1抑制", "X1", -1),
        ("X1诱导细胞凋亡", "X1", 1),
        ("X1未能诱导凋亡", "X1", 0),
    ],
)
def test_chinese_is_read_by_the_same_grammar(sentence: str, gene: str, sign: int) -> None:
    """下调 X1 促进凋亡 means that X1 inhibits apoptosis."""
    assert _read(sentence, gene) == sign


def test_both_directions_in_one_sentence_conflict() -> None:
    """A sentence that says both is not averaged away."""
    text = "X1 promotes apoptosis, whereas X1 inhibits apoptosis in neurons."
    genes, modes = ([m.span() for m in re.finditer(word, text)] for word in ("X1", "apoptosis"))
    reading = read_direction(Words(text, mark(genes, "G") + mark(modes, "M"), CUES))
    assert (reading.sign, reading.rule) == (0, "conflicting")


def test_each_gene_of_a_chain_has_its_own_sign() -> None:
    """The suppressor and the suppressed of one clause point opposite ways."""
    text = "X1 inhibits anoikis by repressing the death factor GPX4."
    assert (_read(text, "X1"), _read(text, "GPX4")) == (-1, 1)


def test_a_user_teaches_a_word() -> None:
    """A row of the cue table makes an unknown verb known."""
    text = "X1 frobnicates ferroptosis."
    marks = [(0, 2, "G"), (15, 26, "M")]
    taught = build_cues([{"cue": "frobnicates", "role": "decrease"}])
    assert read_direction(Words(text, marks, CUES)).sign == 0
    assert read_direction(Words(text, marks, taught)).sign == -1


def test_verbs_are_inflected() -> None:
    """Forms of a verb are derived from its lemma."""
    assert set(inflect("reduce")) == {"reduce", "reduces", "reduced", "reducing"}
    assert set(inflect("amplify")) == {"amplify", "amplifies", "amplified", "amplifying"}
    assert "conferred" in inflect("confer")
