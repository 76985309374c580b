"""The review sheet of a run: offered as a workbook, read back into precision."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from helpers import storage
from helpers.annotate.review import MARKS, read_marks
from helpers.errors import UsageError
from helpers.present.workbook import read_review, write_review


def offer_review(run: str, sheet: pd.DataFrame) -> Path:
    """Path of the run's review_sheet.xlsx; one that somebody has begun to mark is left as it is."""
    return write_review(sheet, storage.run_folder(run, "review_sheet.xlsx"), questions=MARKS)


def read_marked(path: str) -> pd.DataFrame:
    """Precision per question and class of a marked sheet, a path from the project root; empty for no path.

    Columns: question, class, marked, right, precision, low, high (Wilson 95 %). Raises UsageError for an
    absent file, ParseError or SchemaError for a file that is no such sheet.
    """
    if not path:
        return pd.DataFrame(columns=["question", "class", "marked", "right", "precision", "low", "high"])
    file = storage.root() / path
    if not file.is_file():
        raise UsageError(f"marked sheet {path!r} does not exist: give a path from the project root.")
    return read_marks(read_review(file))
