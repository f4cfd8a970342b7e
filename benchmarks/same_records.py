"""Whether the records of a run are those of another: every row once, and the same but for rounding."""

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

AGREEMENT = 0.0051
"""Probabilities of one text differ by at most 0.005 whatever its batch; records give four decimals."""


@dataclass(frozen=True, slots=True)
class Check:
    """A run's records beside the local run's.

    Attributes:
        rows: records found.
        missing: rows without a record.
        double: records of a row that has one already.
        identical: records that are the same to the byte.
        different: records that differ in more than probabilities by `AGREEMENT`.
    """

    rows: int
    missing: int
    double: int
    identical: int
    different: int

    @property
    def is_right(self) -> bool:
        """Whether every row is there once, as the local run has it."""
        return not (self.missing or self.double or self.different)


def compared(local: Path, parts: Sequence[Path]) -> Check:
    """Return how the records in some JSONL files compare with those of the local run, id by id."""
    found = [line for part in parts for line in part.read_text(encoding="utf-8").splitlines()]
    expected = {json.loads(line)["id"]: line for line in local.read_text(encoding="utf-8").splitlines()}
    ids = Counter(json.loads(line)["id"] for line in found)
    same = [line == expected.get(json.loads(line)["id"]) for line in found]
    return Check(
        rows=len(found),
        missing=len(expected.keys() - ids.keys()),
        double=sum(count - 1 for count in ids.values()),
        identical=sum(same),
        different=sum(
            not _agree(json.loads(line), json.loads(expected[json.loads(line)["id"]]))
            for line, is_same in zip(found, same, strict=True)
            if not is_same
        ),
    )


def _agree(found: object, expected: object) -> bool:
    """Whether two records are equal but for numbers that differ by at most `AGREEMENT`."""
    match found, expected:
        case (float() | int(), float() | int()):
            return abs(found - expected) <= AGREEMENT
        case (dict(), dict()):
            return found.keys() == expected.keys() and all(_agree(found[key], expected[key]) for key in found)
        case (list(), list()):
            return len(found) == len(expected) and all(map(_agree, found, expected))
        case _:
            return bool(found == expected)
