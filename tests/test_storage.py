"""Tables are written whole, read back equal, and harmless in a spreadsheet."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpers import storage
from helpers.errors import SchemaError, UsageError
from helpers.schemas import BOOL, FLOAT, FLOW, GAPS, INT, TEXT, Column, Table, conform, join_list, split_list

SYNTHETIC = Table(
    "synthetic",
    "A table of tests.",
    ("key",),
    (
        Column("key", TEXT, "key"),
        Column("n", INT, "number", optional=True),
        Column("kind", TEXT, "kind", optional=True, values=("a", "b")),
    ),
)


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("ATLAS_HOME", str(tmp_path))
    return tmp_path


def flow_row(name: str) -> pd.DataFrame:
    return pd.DataFrame({"step": [1], "name": [name], "n_in": [2], "n_out": [1], "dropped": [1]})


def test_a_table_reads_back_as_written() -> None:
    """Types, missing values and text survive the CSV."""
    written = storage.write_table("mine", "flow", flow_row('a, "quoted"\nline'))
    pd.testing.assert_frame_equal(storage.read_table("mine", "flow"), written)


@given(
    st.text(st.characters(blacklist_categories=["Cs"], blacklist_characters="\x00"), min_size=1, max_size=30)
)
def test_any_text_survives_the_csv(text: str) -> None:
    """Whatever a title holds comes back, formula or not."""
    path = storage.root() / "any.csv"
    storage.write_bytes(path, storage.to_csv(conform(flow_row(text), FLOW)))
    assert storage.from_csv(path, FLOW)["name"].tolist() == [text]


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "'=1"])
def test_a_formula_is_not_run_by_a_spreadsheet(text: str) -> None:
    """A cell that would be a formula starts with an apostrophe in the file, and reads back as it was."""
    content = storage.to_csv(conform(flow_row(text), FLOW)).decode()
    assert f"'{text}" in content
    path = storage.write_bytes(storage.root() / "t.csv", content.encode())
    assert storage.from_csv(path, FLOW)["name"].tolist() == [text]


def test_the_same_table_is_the_same_bytes_in_any_row_order() -> None:
    """Rows are sorted by key before they are written."""
    rows = pd.concat([flow_row("a").assign(step=step) for step in (2, 1, 3)], ignore_index=True)
    first = storage.to_csv(conform(rows, FLOW))
    assert storage.to_csv(conform(rows.iloc[::-1], FLOW)) == first


EVERYTHING = Table(
    "everything",
    "One column of each kind.",
    ("key",),
    (
        Column("key", TEXT, "key"),
        Column("text", TEXT, "text", optional=True),
        Column("whole", INT, "whole number", optional=True),
        Column("number", FLOAT, "number", optional=True),
        Column("truth", BOOL, "truth value", optional=True),
    ),
)


def everything() -> pd.DataFrame:
    rows: list[tuple[object, ...]] = [
        ("a", "-1,5", 2**62, -1.5, True),
        ("b", 'he said ""', -3, float("inf"), False),
        ("c", None, None, None, None),
        ("d", "two\r\nlines", 0, 1e-300, True),
        ("e", "x" * 3_000_000, 1, 0.1 + 0.2, None),
    ]
    return conform(pd.DataFrame(rows, columns=EVERYTHING.names), EVERYTHING)


def test_every_kind_of_value_survives_the_csv(home: Path) -> None:
    """Whole numbers beyond 2**53, infinities, truth values, blanks, and texts longer than a reader's block."""
    path = storage.write_bytes(home / "t.csv", storage.to_csv(everything()))
    read = storage.from_csv(path, EVERYTHING)
    pd.testing.assert_frame_equal(read.drop(columns="number"), everything().drop(columns="number"))
    assert read["number"].tolist()[:2] == [-1.5, float("inf")]
    assert read["number"].tolist()[3:] == [1e-300, 0.3]


def test_the_bytes_are_those_of_pandas() -> None:
    """Quoting, numbers and blanks are written as pandas writes them, only faster."""
    frame = everything().drop(index=3)
    expected = frame.to_csv(index=False, lineterminator="\n", float_format="%.6g")
    assert storage.to_csv(frame).decode() == expected.replace('"-1,5"', '"\'-1,5"')


@pytest.mark.parametrize("cell", ["1.5", "x", "12345678901234567890"])
def test_a_cell_of_another_kind_is_refused_with_the_file(home: Path, cell: str) -> None:
    """A word or a fraction where a whole number belongs is an error that names file and value."""
    path = storage.write_bytes(home / "t.csv", f"key,whole\na,{cell}\n".encode())
    with pytest.raises(SchemaError, match=rf"t\.csv.*{cell}"):
        storage.from_csv(path, EVERYTHING)


def test_a_failed_write_leaves_the_old_file(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file is replaced only by a whole one, and no part is left behind."""
    path = storage.write_bytes(home / "x" / "f", b"old")
    monkeypatch.setattr("os.replace", lambda *args: (_ for _ in ()).throw(OSError("disk full")))
    with pytest.raises(OSError, match="disk full"):
        storage.write_bytes(path, b"new")
    assert path.read_bytes() == b"old"
    assert [p.name for p in path.parent.iterdir()] == ["f"]


def test_an_unknown_table_is_answered_with_the_nearest() -> None:
    """A misspelt table name names the one meant."""
    with pytest.raises(UsageError, match="gene_mode"):
        storage.read_table("mine", "gene_modes")


def test_an_absent_table_says_how_to_make_it() -> None:
    """A table that no run has made yet is answered with the command that makes it."""
    with pytest.raises(UsageError, match=r"atlas run notebooks/runs/mine\.yml"):
        storage.read_table("mine", "gaps")


def test_a_table_of_another_version_says_how_to_make_it_anew(home: Path) -> None:
    """A column that came with an update is absent from tables written before it."""
    path = storage.table_path("mine", "flow")
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("step\n1\n")
    with pytest.raises(SchemaError) as caught:
        storage.read_table("mine", "flow")
    assert "absent columns" in str(caught.value)
    assert str(caught.value).endswith("atlas run notebooks/runs/mine.yml makes it anew.")


@pytest.mark.parametrize("name", ["../x", "a/b", "", ".hidden", "x" * 65])
def test_a_run_name_is_a_plain_folder_name(name: str) -> None:
    """No run name leads out of data/processed."""
    with pytest.raises(UsageError, match="run name"):
        storage.run_folder(name)


def test_all_faults_of_a_table_are_named_at_once() -> None:
    """A frame with a bad value, a missing key and a repeated one is refused with all three."""
    frame = pd.DataFrame({"key": ["x", "x", None], "n": [1, 2, 3], "kind": ["a", "c", None]})
    with pytest.raises(SchemaError) as caught:
        conform(frame, SYNTHETIC)
    for part in ("1 rows without key", "kind has c, allowed: a, b", "repeat the key"):
        assert part in str(caught.value)


def test_unknown_and_absent_columns_are_refused() -> None:
    """A frame with other columns than declared is refused."""
    with pytest.raises(SchemaError, match="unknown columns z"):
        conform(pd.DataFrame({"key": ["x"], "z": [1]}), SYNTHETIC)
    with pytest.raises(SchemaError, match="absent columns"):
        conform(pd.DataFrame({"gene": ["x"]}), GAPS)


def test_lists_keep_their_order_and_drop_repeats() -> None:
    """A list column joins and splits without loss; a separator inside an item cannot split it."""
    assert join_list(["b", "a", "b"]) == "b|a"
    assert split_list("b|a") == ["b", "a"]
    assert join_list(["a|b"]) == "a/b"
    assert join_list([]) is None
    assert split_list(None) == []


def test_a_bad_vocabulary_row_is_refused_with_file_line_and_reason(home: Path) -> None:
    """A curated file with a blank, a wrong kind and a repeated key names each line."""
    folder = home / "terms"
    folder.mkdir()
    header = "cue,role,language,note\n"
    (folder / "cues.csv").write_text(f"{header}induces,increase,eng,\n,loss,eng,\nlowers,decrese,eng,\n")
    with pytest.raises(SchemaError) as caught:
        storage.read_curated(folder / "cues.csv", storage.TERMS["cues"])
    message = str(caught.value)
    assert "cues.csv" in message
    assert "line 3: cue is blank" in message
    assert "line 4: role 'decrese': did you mean decrease" in message
