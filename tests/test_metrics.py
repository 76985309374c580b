"""Journal metric files are read by their columns, as published, with source and year in every row."""

from __future__ import annotations

import csv
import gzip
import io
import json
import re
from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd
import pytest

from helpers.errors import ParseError, SchemaError
from helpers.records.metrics import parse_journal_metrics
from helpers.schemas import JOURNAL_METRICS, split_list
from helpers.storage import to_csv

SCIMAGO = """Rank;Sourceid;Title;Type;Issn;SJR;SJR Best Quartile;H index;Total Docs. (2019);Categories
1;101;Synthetic Reviews;journal;"00280836, 14764687";37,461;Q1;452;114;"Cell Biology (Q1); Oncology (Q2)"
2;102;Synthetic Letters;journal;0092867X;;-;12;71;Oncology
3;103;Synthetic Proceedings;conference;-;0.101;Q4;1;2;Oncology
"""
JCR_2021 = """Journal Citation Reports 2022
Selected: SCIE
Journal name,JCR Abbreviation,Publisher,ISSN,eISSN,Category,Total Citations,2021 JIF,JIF Quartile,JIF Percentile
Synthetic Cell,SYN CELL,X,0028-0836,1476-4687,CELL BIOLOGY,"1,234",9.9,Q2,70.1
Synthetic Cell,SYN CELL,X,0028-0836,1476-4687,ONCOLOGY,"1,234",9.9,Q1,91.5
Synthetic New,SYN NEW,X,N/A,1474-1768,ONCOLOGY,5,N/A,N/A,N/A
Synthetic Small,SYN SMALL,X,1474-175X,,ONCOLOGY,5,<0.1,Q4,1.2
Copyright (c) 2022 Clarivate
"""
JCR_2016 = """"Journal Data Filtered By:  Selected JCR Year: 2016 Selected Editions: SCIE"
"Rank","Full Journal Title","ISSN","Total Cites","Journal Impact Factor","Average Journal Impact Factor Percentile"
"1","SYNTHETIC CELL","0028-0836","100","3.25","88.0"
"""
TIDY = "journal_nlm_id\tyear\tmetric\tvalue\n0410462\t2019\tCiteScore\t51.0\n0410462\t2019\tSJR\t14.05\n"
OPENALEX: list[dict[str, Any]] = [
    {"id": "https://openalex.org/S1", "display_name": "Synthetic Cell", "issn_l": "0028-0836",
     "issn": ["1476-4687", "0028-0836"], "summary_stats": {"2yr_mean_citedness": 12.5, "h_index": 9},
     "updated_date": "2025-03-04T00:00:00"},
    {"id": "https://openalex.org/S2", "display_name": "Renamed", "issn_l": None, "issn": ["1474-175X"],
     "summary_stats": {"2yr_mean_citedness": 0.0}, "updated_date": "2025-03-04"},
]  # fmt: skip


def read(text: str | bytes, name: str = "file.csv", year: int | None = None) -> pd.DataFrame:
    content = text if isinstance(text, bytes) else text.encode()
    return parse_journal_metrics(content, name=name, year=year)


def test_scimago_decimal_comma_and_several_issns() -> None:
    """Year from a header, several ISSNs without hyphen in one cell, blank values left out."""
    frame = read(SCIMAGO).set_index("journal")
    row = frame.loc["Synthetic Reviews"]
    assert (row["value"], row["quartile"], row["metric_year"], row["metric"]) == (37.461, "Q1", 2019, "SJR")
    assert split_list(row["issn"]) == ["0028-0836", "1476-4687"]
    assert row["journal_key"] == "0028-0836"
    assert "Synthetic Letters" not in frame.index
    assert frame.loc["Synthetic Proceedings", "journal_key"] == "scopus:103"


def test_two_journals_with_one_issn_are_both_kept() -> None:
    """SCImago gives some journals a neighbour's ISSN; the second is keyed by its own."""
    twin = '4;104;Synthetic Twin;journal;"00280836, 1474175X";0,5;Q3;1;1;Oncology\n'
    frame = read(SCIMAGO + twin).set_index("journal")
    assert frame.loc["Synthetic Twin", "journal_key"] == "1474-175X"
    assert frame.loc["Synthetic Reviews", "journal_key"] == "0028-0836"


def test_scimago_year_may_stand_in_the_file_name() -> None:
    """Older files name no year in their columns; none at all is refused."""
    bare = SCIMAGO.replace("Total Docs. (2019)", "Total Docs.")
    assert read(bare, "scimagojr 2021  Subject Area.csv")["metric_year"].tolist() == [2021, 2021]
    assert read(bare, year=2018)["metric_year"].tolist() == [2018, 2018]
    with pytest.raises(SchemaError, match="give the metric year"):
        read(bare)


def test_jcr_header_below_a_preamble() -> None:
    """The column's year goes before the preamble's; of several categories the best quartile is kept."""
    frame = read(JCR_2021).set_index("journal")
    row = frame.loc["Synthetic Cell"]
    assert (row["value"], row["quartile"], row["percentile"], row["metric_year"]) == (9.9, "Q1", 91.5, 2021)
    assert split_list(row["issn"]) == ["0028-0836", "1476-4687"]
    assert "Synthetic New" not in frame.index
    assert frame.loc["Synthetic Small", "value"] == 0.1


def test_older_jcr_header_is_known_too() -> None:
    """Other names, the year in the preamble, no quartile: it stays missing."""
    row = read(JCR_2016).iloc[0]
    assert (row["value"], row["percentile"], row["metric_year"], row["metric"]) == (3.25, 88.0, 2016, "JIF")
    assert pd.isna(row["quartile"])


def test_jcr_workbook_reads_as_its_csv() -> None:
    """JCR exports Excel as well."""
    book = openpyxl.Workbook()
    for row in csv.reader(io.StringIO(JCR_2021)):
        book.active.append([float(cell) if re.fullmatch(r"\d+\.\d+", cell) else cell for cell in row])
    content = io.BytesIO()
    book.save(content)
    pd.testing.assert_frame_equal(read(content.getvalue()), read(JCR_2021))
    with pytest.raises(ParseError, match="not a readable Excel workbook"):
        read(content.getvalue()[:200])


@pytest.mark.parametrize("pack", [bytes, gzip.compress])
def test_tidy_scopus_table_is_keyed_by_nlm_id(pack: Any) -> None:
    """The public table has no ISSN and no quartile; gzip is unpacked."""
    frame = read(pack(TIDY.encode()))
    assert frame["journal_key"].unique().tolist() == ["nlm:0410462"]
    assert frame.set_index("metric")["value"].to_dict() == {"CiteScore": 51.0, "SJR": 14.05}
    assert frame["quartile"].isna().all()


@pytest.mark.parametrize("shape", ["list", "page", "lines"])
def test_openalex_sources_in_every_shape(shape: str) -> None:
    """A list, a page of results, or one per line; a mean citedness of 0 is missing."""
    text = {
        "list": json.dumps(OPENALEX),
        "page": json.dumps({"meta": {}, "results": OPENALEX}),
        "lines": "\n".join(map(json.dumps, OPENALEX)),
    }[shape]
    frame = read(text, "sources.json")
    assert frame["journal_key"].tolist() == ["0028-0836"]
    assert frame.loc[0, ["metric", "metric_year", "value"]].tolist() == ["2yr_mean_citedness", 2025, 12.5]
    assert split_list(frame.loc[0, "issn"]) == ["0028-0836", "1476-4687"]


def test_own_table_comes_back_as_written() -> None:
    """The shipped table is read by the same reader."""
    frame = read(JCR_2021)
    pd.testing.assert_frame_equal(read(to_csv(frame)), frame)


@pytest.mark.parametrize(
    ("content", "error", "message"),
    [
        (b"a,b\n1,2\n", SchemaError, "looked for SCImago"),
        (b"Journal name,2021 JIF\nX,1\n", SchemaError, "ISSN or eISSN"),
        (b'{"results": [{"id": 1}]}', SchemaError, "looked for summary_stats"),
        (b'{"results": [', ParseError, "line 1"),
        (b"", ParseError, "is empty"),
    ],
)
def test_unknown_file_says_what_was_looked_for(content: bytes, error: type[Exception], message: str) -> None:
    """The reader does not guess."""
    with pytest.raises(error, match=message) as caught:
        parse_journal_metrics(content, name="my metrics.csv")
    assert str(caught.value).startswith("my metrics.csv: ")


@pytest.mark.evaldata
def test_real_scimago_files_are_read_whole(evaldata: Path) -> None:
    """Every line with a value or a quartile is a row, and quartiles hold about a quarter each."""
    for path in sorted((evaldata / "journal-metrics" / "scimago").glob("*.csv")):
        frame = parse_journal_metrics(path.read_bytes(), name=path.name)
        table = pd.read_csv(path, sep=";", dtype="str")
        stated = table["SJR"].notna() | table["SJR Best Quartile"].str.startswith("Q", na=False)
        assert len(frame) == stated.sum()
        assert frame["metric_year"].unique().tolist() == [2020 if "2020" in path.name else 2021]
        assert frame["quartile"].value_counts(normalize=True).between(0.2, 0.3).all()
        assert list(frame.columns) == JOURNAL_METRICS.names
