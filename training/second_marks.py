"""A second reader's entities of the written test, marked without sight of the first's or of a program's.

Writers mark what a text is about and leave mentions of jobs, bodies and days out. What only the second reader
marked is added; where the two differ on a type, the writer's mark stays.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Final

import numpy as np

from models.errors import TrainingDataError
from training.example import MarkedSpan
from training.sources import written_test
from training.sources.tables import read_csv
from training.table import Table

FILE: Final = written_test.WRITTEN_TEST_FOLDER.parent / "written_test_second_marks.csv"
TYPES: Final = frozenset({"PERSON", "ORGANISATION", "JOB_TITLE", "DATE", "ID_DOCUMENT", "NATIONALITY"})
"""What the second reader was asked for: the types writers mark unevenly."""


def read_second_marks(path: Path = FILE) -> Mapping[str, Sequence[MarkedSpan]]:
    """Return id of a text -> the second reader's marks, in reading order; a text without any is left out.

    Raises:
        TrainingDataError: the file or a column is missing; a type or place is none.
    """
    found: dict[str, list[MarkedSpan]] = {}
    for number, row in enumerate(read_csv(path, ("id", "type", "start", "end")), start=2):
        if row["type"] not in TYPES or not (row["start"].isdecimal() and row["end"].isdecimal()):
            raise TrainingDataError(f"{path.name}, line {number}: no mark of {', '.join(sorted(TYPES))}")
        span = MarkedSpan("entity", row["type"], int(row["start"]), int(row["end"]))
        found.setdefault(row["id"], []).append(span)
    return found


def with_second_marks(table: Table, second: Mapping[str, Sequence[MarkedSpan]]) -> Table:
    """Return a table whose texts have the second reader's marks too, where they meet none of the first's."""
    spans = np.empty(len(table), dtype=object)
    for row, (key, marked) in enumerate(zip(table.key, table.spans, strict=True)):
        first = [one for one in marked if one.kind == "entity"]
        missed = [one for one in second.get(str(key), ()) if not any(_meet(one, other) for other in first)]
        spans[row] = (*marked, *missed)
    return replace(table, spans=spans)


def agreement(table: Table, second: Mapping[str, Sequence[MarkedSpan]]) -> dict[str, tuple[int, int, int]]:
    """Return type -> the first reader's marks, those the second has too, and those only the second has."""
    found = {}
    for code in sorted(TYPES):
        n = both = more = 0
        for key, marked in zip(table.key, table.spans, strict=True):
            first = [one for one in marked if one.kind == "entity"]
            own = [one for one in second.get(str(key), ()) if one.code == code]
            n += sum(one.code == code for one in first)
            both += sum(one.code == code and any(_meet(one, other) for other in own) for one in first)
            more += sum(not any(_meet(one, other) for other in first) for one in own)
        found[code] = (n, both, more)
    return found


def _meet(one: MarkedSpan, other: MarkedSpan) -> bool:
    return one.start < other.end and other.start < one.end
