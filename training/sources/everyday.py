"""Harmless messages of an ordinary day, written for this project to certify eight languages.

`training/everyday/<language>.toml`. No public set has benign messages in these languages, labelled text by
text; they certify and do nothing else.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from models.errors import TrainingDataError
from training.example import Example, Source
from training.written import read_tables, written_example

EVERYDAY_FOLDER = Path(__file__).parents[1] / "everyday"
CERTIFY_ONLY = (0.0, 0.0, 1.0, 0.0)


def read(_data_root: Path) -> Iterator[Example]:
    """Yield every message; its `scheme` is its form."""
    for path in sorted(EVERYDAY_FOLDER.glob("*.toml")):
        yield from read_tables(path, _example)


def _example(table: dict[str, Any], language: str) -> Example:
    if table.get("labels"):
        raise TrainingDataError("an everyday message has no label")
    return written_example(
        table, source=SOURCE.name, language=language, scheme="form", own_fields=frozenset()
    )


SOURCE = Source(
    name="everyday",
    folder="",
    read=read,
    parts=CERTIFY_ONLY,
    measure="false_alarms",
    register="messages",
)
