"""What every reader of records gives back."""

from __future__ import annotations

from dataclasses import dataclass, field

import pandas as pd


@dataclass(frozen=True)
class ParsedRecords:
    """The records of one source, and everything in it that is not one.

    articles  frame with the columns of ARTICLES
    deleted   PMIDs the source declares withdrawn
    skipped   (place, reason) of each entry that gave no record of its own, in the order of the source
    books     entries that are books or chapters; counted here whether or not they gave a record
    """

    articles: pd.DataFrame
    deleted: list[str] = field(default_factory=list)
    skipped: list[tuple[str, str]] = field(default_factory=list)
    books: int = 0
