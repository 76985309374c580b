"""The vocabulary files: complete, free of contradictions, and in agreement with HGNC and MeSH."""

from __future__ import annotations

import csv
import gzip
import io
import re
import shutil
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from helpers import storage
from helpers.errors import SchemaError
from helpers.schemas import split_list

Terms = dict[str, pd.DataFrame]

MAIN_MODES = (
    "apoptosis",
    "autophagy",
    "ferroptosis",
    "pyroptosis",
    "necroptosis",
    "cuproptosis",
    "anoikis",
    "necrosis",
    "parthanatos",
    "immunogenic",
)
# Descriptors of the MeSH file that are no mode of death, and why.
NOT_A_MODE = {
    "D016923": "Cell Death: the root, names no mode",
    "D000079404": "Regulated Cell Death: an umbrella, names no mode",
    "D000091442": "Cell Death Reversal: recovery from a beginning death",
    "D005293": "Ferritins: a protein",
    "D018432": "Drug Resistance, Multiple: not a death",
    "D019008": "Drug Resistance, Neoplasm: not a death",
}
NFE2L2_TARGETS = (
    "NQO1 HMOX1 FTH1 FTL HERC2 SLC40A1 ABCB6 FECH PIR MT1G SLC7A11 GCLC GCLM GSS GSR GPX4 AIFM2 MGST1 "
    "ALDH1A1 ALDH3A1 G6PD"
).split()
ATF5_PARTNERS = (
    "ATF5 BCL2 MCL1 EGR1 TP53 TP63 BMF BAX HSPA1A HSPB1 HSPD1 HSPE1 HSPA9 LONP1 CREB3L2 USP9X RELA NFKB1 "
    "NFKBIA MTOR EP300 CREBBP BIRC5 MYC ABL1 BCR"
).split()


@pytest.fixture(scope="module")
def terms() -> Terms:
    """The five files as the program reads them."""
    return storage.read_terms()


@pytest.fixture(scope="module")
def hgnc(evaldata: Path) -> dict[str, dict[str, str]]:
    """Rows of the HGNC complete set by symbol."""
    path = evaldata / "gene-nomenclature" / "hgnc_complete_set_2024-10-18.txt.gz"
    text = gzip.decompress(path.read_bytes()).decode("utf-8")
    return {row["symbol"]: row for row in csv.DictReader(io.StringIO(text), delimiter="\t")}


def mode_terms(row: Any) -> list[str]:
    """Every term of one mode."""
    lists = ("synonyms", "synonyms_zh", "abbreviations")
    return [row["label"], row["label_zh"], *(term for name in lists for term in split_list(row[name]))]


def gene_terms(row: dict[str, Any]) -> set[str]:
    """Every term of one gene, in lower case."""
    lists = [term for name in ("aliases", "previous", "names") for term in split_list(row[name])]
    return {term.casefold() for term in (row["gene"], row["name"], *lists)}


@pytest.fixture(scope="module")
def owners(terms: Terms) -> dict[str, set[str]]:
    """Genes by lower-case term."""
    found: dict[str, set[str]] = defaultdict(set)
    for row in terms["genes"].to_dict("records"):
        for term in gene_terms(row):
            found[term].add(row["gene"])
    return found


def lineage(modes: pd.DataFrame, mode: str) -> Iterator[str]:
    """The mode and its parents, nearest first; raises AssertionError where a mode is its own ancestor."""
    parent = dict(zip(modes["mode"], modes["parent"], strict=True))
    seen: list[str] = []
    current: str | None = mode
    while isinstance(current, str):
        assert current not in seen, f"{mode} is its own ancestor"
        seen.append(current)
        current = parent[current]
    yield from seen


def test_files_hold_at_least_what_was_promised(terms: Terms) -> None:
    """Modes 24, genes 650, therapies 160, ambiguous terms 150, cues 250."""
    least = {"modes": 24, "genes": 650, "therapies": 160, "ambiguous": 150, "cues": 250}
    assert {name: len(terms[name]) for name in least if len(terms[name]) < least[name]} == {}


def test_no_term_belongs_to_two_modes(terms: Terms) -> None:
    """A mention could not be decided otherwise."""
    seen: dict[str, str] = {}
    for _, row in terms["modes"].iterrows():
        for term in mode_terms(row):
            assert seen.setdefault(term.casefold(), row["mode"]) == row["mode"], term


def test_every_mode_has_a_known_parent_or_none(terms: Terms) -> None:
    """The tree of modes has no loop and no loose end."""
    modes = terms["modes"]
    assert set(modes["parent"].dropna()) <= set(modes["mode"])
    for mode in modes["mode"]:
        list(lineage(modes, mode))


def test_every_mode_has_a_dated_source(terms: Terms) -> None:
    """A year of coining agrees with a year in the source; a missing one is explained there."""
    for _, row in terms["modes"].iterrows():
        if pd.isna(row["year_coined"]):
            assert "no year" in row["source"], row["mode"]
        else:
            assert re.search(rf"\b{row['year_coined']}\b", row["source"]), row["mode"]


@pytest.mark.parametrize(
    ("term", "mode"),
    [
        ("细胞凋亡", "apoptosis"),
        ("凋亡", "apoptosis"),
        ("自噬", "autophagy"),
        ("失巢凋亡", "anoikis"),
        ("阿诺伊基斯", "anoikis"),
        ("铁死亡", "ferroptosis"),
        ("铁依赖型细胞坏死", "ferroptosis"),
        ("铁变态反应", "ferroptosis"),
        ("坏死性凋亡", "necroptosis"),
        ("程序性坏死", "necroptosis"),
        ("焦亡", "pyroptosis"),
        ("铜死亡", "cuproptosis"),
        ("双硫死亡", "disulfidptosis"),
        ("pro-apoptotic", "apoptosis"),
        ("antiapoptotic", "apoptosis"),
        ("pyroptotic", "pyroptosis"),
        ("programmed necrosis", "necroptosis"),
        ("programmed cell death type I", "apoptosis"),
        ("LDCD", "lysosome-dependent"),
    ],
)
def test_term_names_its_mode(terms: Terms, term: str, mode: str) -> None:
    """Inflected, Chinese and mistranslated forms lead to the right mode."""
    modes = terms["modes"]
    row = modes[modes["mode"] == mode].iloc[0]
    assert term in mode_terms(row)


@pytest.mark.evaldata
def test_every_mesh_term_of_a_mapped_descriptor_is_listed(terms: Terms, evaldata: Path) -> None:
    """All entry terms of MeSH stand with the mode of their descriptor or a child of it."""
    modes = terms["modes"]
    by_ui = {ui: row["mode"] for _, row in modes.iterrows() for ui in split_list(row["mesh_ui"])}
    held: dict[str, set[str]] = defaultdict(set)
    for _, row in modes.iterrows():
        for mode in lineage(modes, row["mode"]):
            held[mode] |= {term.casefold() for term in mode_terms(row)}
    mesh = pd.read_csv(evaldata / "mesh" / "celldeath_subtree_terms.tsv", sep="\t")
    uis = set(mesh["DescriptorUI"])
    assert uis - set(by_ui) == set(NOT_A_MODE) & uis, "a descriptor is neither a mode nor said not to be one"
    assert set(by_ui) <= uis, "a MeSH id that the file does not hold"
    mapped = mesh[mesh["DescriptorUI"].isin(by_ui)]
    absent = [
        (ui, term)
        for ui, term in zip(mapped["DescriptorUI"], mapped["TermName"], strict=True)
        if term.casefold() not in held[by_ui[ui]]
    ]
    assert absent == []


def lab(colours: list[str], *, deuteranopic: bool) -> np.ndarray:
    """CIE Lab (D65) of hex colours; for deuteranopia by Machado, Oliveira, Fernandes 2009, severity 1."""
    rgb = np.array([[int(c[i : i + 2], 16) / 255 for i in (1, 3, 5)] for c in colours])
    linear = np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)
    if deuteranopic:
        matrix = [
            [0.367322, 0.860646, -0.227968],
            [0.280085, 0.672501, 0.047413],
            [-0.01182, 0.04294, 0.968881],
        ]
        linear = np.clip(linear @ np.array(matrix).T, 0, 1)
    to_xyz = [[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]]
    xyz = linear @ np.array(to_xyz).T / [0.95047, 1.0, 1.08883]
    f = np.where(xyz > 0.008856, np.cbrt(xyz), 7.787 * xyz + 16 / 116)
    return np.stack([116 * f[:, 1] - 16, 500 * (f[:, 0] - f[:, 1]), 200 * (f[:, 1] - f[:, 2])], axis=1)


def test_colours_are_hex_and_each_its_own(terms: Terms) -> None:
    """One colour per mode."""
    colours = terms["modes"]["colour"]
    assert colours.str.fullmatch("#[0-9A-F]{6}").all()
    assert colours.is_unique


@pytest.mark.parametrize("deuteranopic", [False, True])
def test_main_modes_differ_to_every_eye(terms: Terms, deuteranopic: bool) -> None:
    """The ten main modes stay apart by at least 10 units of Lab, also without the green cone."""
    modes = terms["modes"].set_index("mode")
    points = lab([modes.loc[mode, "colour"] for mode in MAIN_MODES], deuteranopic=deuteranopic)
    apart = np.linalg.norm(points[:, None] - points[None], axis=2)[np.triu_indices(len(points), 1)]
    assert apart.min() >= 10


def test_gene_ids_are_unique_and_well_formed(terms: Terms) -> None:
    """One row per gene, one id of each kind per row."""
    genes = terms["genes"]
    assert genes["hgnc_id"].str.fullmatch(r"HGNC:\d+").all()
    assert genes["ncbi_gene"].str.fullmatch(r"\d+").all()
    assert genes["hgnc_id"].is_unique
    assert genes["ncbi_gene"].is_unique


@pytest.mark.evaldata
def test_every_gene_agrees_with_hgnc(terms: Terms, hgnc: dict[str, dict[str, str]]) -> None:
    """Symbol approved, ids and name equal, aliases and previous symbols a part of HGNC's."""
    wrong = []
    for row in terms["genes"].to_dict("records"):
        fact = hgnc.get(row["gene"], {})
        agrees = (
            fact.get("status") == "Approved"
            and fact["hgnc_id"] == row["hgnc_id"]
            and fact["entrez_id"] == row["ncbi_gene"]
            and fact["name"] == row["name"]
            and set(split_list(row["aliases"])) <= set(fact["alias_symbol"].split("|"))
            and set(split_list(row["previous"])) <= set(fact["prev_symbol"].split("|"))
        )
        if not agrees:
            wrong.append(row["gene"])
    assert wrong == []


def test_name_of_two_genes_is_listed_as_ambiguous(terms: Terms, owners: dict[str, set[str]]) -> None:
    """A term either has one gene or a row that says what it means."""
    ruled = set(terms["ambiguous"]["term"].str.casefold())
    assert {term: genes for term, genes in owners.items() if len(genes) > 1 and term not in ruled} == {}


def test_gene_name_is_no_name_of_a_mode_or_therapy(terms: Terms, owners: dict[str, set[str]]) -> None:
    """A gene may not swallow the word for a death or a drug."""
    others = {term.casefold() for _, row in terms["modes"].iterrows() for term in mode_terms(row)}
    for _, row in terms["therapies"].iterrows():
        names = [row["therapy"], row["label"], row["label_zh"], *split_list(row["synonyms"])]
        others |= {name.casefold() for name in names if isinstance(name, str)}
    ruled = set(terms["ambiguous"]["term"].str.casefold())
    assert (set(owners) & others) - ruled == set()


@pytest.mark.parametrize(
    ("name", "gene"),
    [
        ("HER2", "ERBB2"),
        ("HER-2/neu", "ERBB2"),
        ("NRF2", "NFE2L2"),
        ("survivin", "BIRC5"),
        ("p53", "TP53"),
        ("NF-κB", "NFKB1"),
        ("p65", "RELA"),
        ("Bcl-xL", "BCL2L1"),
        ("cIAP1", "BIRC2"),
        ("caspase-3", "CASP3"),
        ("beclin 1", "BECN1"),
        ("LC3", "MAP1LC3B"),
        ("p62", "SQSTM1"),
        ("xCT", "SLC7A11"),
        ("P-gp", "ABCB1"),
        ("MDR1", "ABCB1"),
        ("BCRP", "ABCG2"),
        ("PD-1", "PDCD1"),
        ("PD-L1", "CD274"),
        ("TRAIL", "TNFSF10"),
        ("Fas", "FAS"),
        ("HSP70", "HSPA1A"),
        ("热休克蛋白70", "HSPA1A"),
        ("IL-6", "IL6"),
        ("白介素-6", "IL6"),
        ("FSP1", "AIFM2"),
        ("HO-1", "HMOX1"),
        ("tumor necrosis factor", "TNF"),
        ("miR-21", "MIR21"),
        ("mtHSP70", "HSPA9"),
    ],
)
def test_name_in_use_leads_to_its_gene(owners: dict[str, set[str]], name: str, gene: str) -> None:
    """The names biologists write give the right symbol, and no other."""
    assert owners[name.casefold()] == {gene}


def test_genes_of_the_seed_documents_are_in_the_panel(terms: Terms) -> None:
    """The targets named by the five documents of the seed corpus."""
    wanted = {"NFE2L2", "KEAP1", *NFE2L2_TARGETS, *ATF5_PARTNERS, "IL6", "IL6R", "PTEN", "ERBB2", "MDM2"}
    assert wanted - set(terms["genes"]["gene"]) == set()


def test_roles_name_a_mode_and_one_effect(terms: Terms) -> None:
    """Roles read mode:promotes or mode:inhibits, each mode once per gene."""
    modes = set(terms["modes"]["mode"])
    for gene, roles in zip(terms["genes"]["gene"], terms["genes"]["roles"], strict=True):
        pairs = [role.split(":") for role in split_list(roles)]
        assert all(mode in modes and effect in ("promotes", "inhibits") for mode, effect in pairs), gene
        assert len({mode for mode, _ in pairs}) == len(pairs), gene
    assert terms["genes"]["roles"].notna().sum() >= 500


@pytest.mark.evaldata
def test_panel_covers_the_death_gene_sets(
    terms: Terms, evaldata: Path, hgnc: dict[str, dict[str, str]]
) -> None:
    """At least 98 % of the genes another project lists for 14 modes are in the panel."""
    sets = pd.read_csv(evaldata / "celldeath-genes" / "death_genesets.tsv", sep="\t")
    wanted = set(sets["gene"]) & set(hgnc)
    assert len(wanted & set(terms["genes"]["gene"])) / len(wanted) >= 0.98


def test_no_name_belongs_to_two_therapies(terms: Terms) -> None:
    """Ids, labels, brands and code names each lead to one therapy."""
    seen: dict[str, str] = {}
    for _, row in terms["therapies"].iterrows():
        for name in [row["therapy"], row["label"], row["label_zh"], *split_list(row["synonyms"])]:
            if isinstance(name, str):
                assert seen.setdefault(name.casefold(), row["therapy"]) == row["therapy"], name


def test_therapies_hang_on_classes_and_modalities(terms: Terms) -> None:
    """A parent is a class or modality of the table."""
    therapies = terms["therapies"]
    kind = dict(zip(therapies["therapy"], therapies["kind"], strict=True))
    assert {kind.get(parent, parent) for parent in therapies["parent"].dropna()} <= {"class", "modality"}


@pytest.mark.evaldata
def test_therapy_targets_are_approved_symbols(terms: Terms, hgnc: dict[str, dict[str, str]]) -> None:
    """Targets are HGNC symbols."""
    targets = {gene for targets in terms["therapies"]["targets"] for gene in split_list(targets)}
    assert targets - set(hgnc) == set()


@pytest.mark.parametrize(
    ("name", "therapy"),
    [
        ("Herceptin", "trastuzumab"),
        ("赫赛汀", "trastuzumab"),
        ("曲妥珠单抗", "trastuzumab"),
        ("ABT263", "navitoclax"),
        ("伊马替尼", "imatinib"),
        ("紫杉醇", "paclitaxel"),
        ("immune checkpoint inhibitor", "immune checkpoint inhibitor"),
        ("CP-d/n-ATF5-S1", "cp-d/n-atf5"),
    ],
)
def test_name_leads_to_its_therapy(terms: Terms, name: str, therapy: str) -> None:
    """Brands, code names and Chinese names of the seed documents are known."""
    row = terms["therapies"].set_index("therapy").loc[therapy]
    assert name in [row["label"], row["label_zh"], *split_list(row["synonyms"])]


def test_ambiguous_rows_name_known_concepts(terms: Terms) -> None:
    """Modes and therapies exist; a gene looks like a symbol; * is any concept."""
    known = {"mode": set(terms["modes"]["mode"]), "therapy": set(terms["therapies"]["therapy"])}
    for row in terms["ambiguous"].to_dict("records"):
        if row["kind"] == "gene":
            assert re.fullmatch(r"\*|[A-Z][A-Za-z0-9-]*", row["concept"]), row
        else:
            assert row["concept"] == "*" or row["concept"] in known[row["kind"]], row


def test_context_rules_alone_carry_context(terms: Terms) -> None:
    """Words of context stand where they are used."""
    ambiguous = terms["ambiguous"]
    assert (ambiguous["context"].notna() == (ambiguous["rule"] == "context")).all()


def test_rules_of_a_term_do_not_contradict_each_other(terms: Terms) -> None:
    """A term that never matches has no second rule for the same concept in another spelling."""
    rules: dict[tuple[str, str, str], set[str]] = defaultdict(set)
    for row in terms["ambiguous"].to_dict("records"):
        folded = re.sub(r"[\s-]+", " ", row["term"]).casefold()
        rules[folded, row["kind"], row["concept"]].add(row["rule"])
    for (term, kind, _), kept in list(rules.items()):
        assert len(kept | rules.get((term, kind, "*"), set())) == 1, term


@pytest.mark.parametrize(
    ("text", "mode"),
    [
        ("tumor necrosis factor", "necrosis"),
        ("tumour necrosis factor", "necrosis"),
        ("TNF-related apoptosis-inducing ligand", "apoptosis"),
        ("apoptosis-inducing factor", "apoptosis"),
        ("programmed cell death protein 1", "apoptosis"),
        ("X-linked inhibitor of apoptosis", "apoptosis"),
        ("autophagy-related gene 5", "autophagy"),
        ("apoptosis antigen", "apoptosis"),
        ("avascular necrosis", "necrosis"),
        ("ferroptosis suppressor protein 1", "ferroptosis"),
        ("凋亡抑制蛋白", "apoptosis"),
    ],
)
def test_trap_is_hidden_from_mode_matching(terms: Terms, text: str, mode: str) -> None:
    """Names of proteins and diseases that hold the word for a death have a mask."""
    rows = terms["ambiguous"]
    hit = rows[(rows["term"] == text) & (rows["kind"] == "mode") & rows["concept"].isin([mode, "*"])]
    assert hit["rule"].tolist() == ["mask"]


def test_every_role_of_a_cue_has_words_of_both_languages(terms: Terms) -> None:
    """English and Chinese cues exist for each of the ten roles."""
    assert terms["cues"].groupby(["role", "language"]).size().unstack().notna().all(axis=None)


def test_no_cue_both_raises_and_lowers(terms: Terms) -> None:
    """A word that did both would say nothing."""
    cues = terms["cues"].groupby("role")["cue"].agg(set)
    assert cues["increase"] & cues["decrease"] == set()
    assert cues["loss"] & cues["gain"] == set()
    assert cues["resistance"] & cues["sensitivity"] == set()


@pytest.mark.parametrize(
    ("name", "row", "reason"),
    [
        ("modes.csv", "newdeath,,新死亡,,,,,,,#123456,nobody", "label is blank"),
        (
            "therapies.csv",
            "newdrug,newdrug,,pill,,,,nobody",
            "kind 'pill': valid names: class, drug, modality",
        ),
        ("ambiguous.csv", "XYZ,gene,*,sometimes,,why", "rule 'sometimes'"),
        ("cues.csv", " cures,increase,eng,", "cue ' cures' has spaces around it"),
        ("genes.csv", "TP53,HGNC:1,1,a second TP53,,,,,nobody", "gene TP53 stands there twice"),
    ],
)
def test_bad_row_is_refused_with_file_line_and_reason(
    tmp_path: Path, name: str, row: str, reason: str
) -> None:
    """A user who adds a faulty row is told where it stands and what is wrong."""
    folder = tmp_path / "terms"
    shutil.copytree(storage.raw("terms"), folder)
    lines = len((folder / name).read_text(encoding="utf-8").splitlines())
    with (folder / name).open("a", encoding="utf-8") as file:
        file.write(row + "\n")
    with pytest.raises(SchemaError) as refusal:
        storage.read_terms(folder)
    message = str(refusal.value)
    assert str(folder / name) in message
    assert f"line {lines + 1}: " in message
    assert reason in message
