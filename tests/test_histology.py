"""Necrosis in a specimen is flagged and casts no vote; necrosis that something brings about is a mode of death."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest
from synthetic_terms import synthetic_terms

from helpers.annotate.evidence import find_evidence
from helpers.annotate.histology import is_histology
from helpers.annotate.lexicon import build_lexicon
from helpers.annotate.mentions import find_mentions
from helpers.schemas import ARTICLES, HISTOLOGY, conform
from helpers.tabulate.votes import cast_votes

LEXICON = build_lexicon(synthetic_terms())


def _flagged(sentence: str) -> bool:
    word = next(w for w in ("necrosis", "Necrosis", "necrotic", "Necrotic", "坏死") if w in sentence)
    start = sentence.index(word)
    return is_histology(sentence, start, start + len(word))


@pytest.mark.parametrize(
    "sentence",
    [
        "Tumor necrosis was graded on whole slides of 40 patients.",
        "Tumour necrosis was scored from 0 to 3 in all specimens.",
        "Necrosis was present in 20 % of tumours.",
        "Histologic necrosis predicted survival.",
        "The extent of tumor necrosis was related to stage and MDM2 staining.",
        "Coagulative necrosis was found in 12 cases.",
        "Strong IL6 staining correlated with tumor necrosis, vascular invasion and poor prognosis.",
        "Sections showed 12 mitoses per field, necrosis and marked pleomorphism in all sarcomas.",
        "The percentage of necrosis in the resected specimen was noted.",
        "IL6 was seen around necrotic areas in 9 of 30 carcinomas.",
        "Areas of necrosis were seen in the biopsy.",
        "肿瘤坏死程度与患者预后相关。",
        "Skin necrosis occurred in 4 % of patients after mastectomy.",
        "Bone marrow biopsy showed focal necrosis and fibrosis.",
        "MRI showed a ring-enhancing lesion with central necrosis.",
        "Peri-necrotic palisading cells of glioblastomas stained for CA9.",
        "Meningiomas with necrosis and brain invasion recurred sooner.",
        "Necrotic lymph nodes were seen on CT in 12 patients.",
        "At autopsy the liver showed massive centrilobular necrosis.",
        "Resected metastases contained necrosis in 14 of 40 patients.",
        "Seven of 22 adenomas contained foci of hemorrhagic necrosis.",
        "肿瘤组织坏死在高级别胶质瘤中更常见。",
    ],
)
def test_necrosis_in_a_specimen_is_flagged(sentence: str) -> None:
    """Graded, scored, listed beside mitoses or stage: what the pathologist saw."""
    assert _flagged(sentence)


@pytest.mark.parametrize(
    "sentence",
    [
        "MDM2 loss induced necrosis of tumour cells.",
        "The compound caused tumor necrosis in xenografts.",
        "Necrosis was found in treated cells.",
        "Cells died by necrosis and not by apoptosis.",
        "Silencing IL6 enhanced tumor necrosis in mice.",
        "Necrosis rates were measured after irradiation of patients' tumours.",
        "Necrotic cells release HMGB1.",
        "The presence of necrosis was shown by propidium iodide.",
        "TNF kills fibroblasts by necrosis. Patients were followed for two years.",
        "MLKL is needed for necrosis in human carcinomas.",
        "肿瘤细胞坏死由药物诱导。",
        "Photothermal heating left broad necrotic areas in 4T1 tumours.",
        "Patients given the drug had more tumor necrosis.",
        "Oncolytic virus left large areas of necrosis in the tumours.",
        "MLKL deletion reduced necrotic areas in pancreatic tumours.",
    ],
)
def test_necrosis_brought_about_is_not(sentence: str) -> None:
    """A cause, a treatment, cells in a dish, or a specimen of another sentence: a mode of death."""
    assert not _flagged(sentence)


def _articles(*abstracts: str) -> pd.DataFrame:
    common: dict[str, Any] = {"article_kind": "primary", "retraction": "none", "source": "synthetic"}
    rows = [
        {"record_id": f"pmid:{i}", "abstract": text, **common} for i, text in enumerate(abstracts, start=1)
    ]
    return conform(pd.DataFrame(rows), ARTICLES)


def test_a_flagged_mention_casts_no_vote() -> None:
    """The mention stays with its rule; neither evidence nor counts take it for a mode."""
    articles = _articles(
        "Strong IL6 staining correlated with tumor necrosis, stage and survival of patients.",
        "IL6 induced necrosis in the cells.",
    )
    mentions = find_mentions(articles, LEXICON)
    modes = mentions[mentions["concept"] == "necrosis"]
    assert modes["rule"].tolist() == [HISTOLOGY, "term"]
    evidence = find_evidence(articles, mentions, LEXICON)
    assert set(evidence.loc[evidence["mode"] == "necrosis", "record_id"]) == {"pmid:2"}
    votes = cast_votes(articles, mentions)
    assert votes.mode[:, votes.modes.get_loc("necrosis")].toarray().ravel().tolist() == [0, 1]
