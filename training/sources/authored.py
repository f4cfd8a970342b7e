"""Texts written for this project, with inline span markup.

`training/authored/<language>.toml`; in `mixed.toml`, texts of two languages or in another script than their
own, each names its main language itself.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from models.errors import TrainingDataError
from models.taxonomy import ENTITY_TYPES
from training.example import Example, Source
from training.written import read_tables, written_example

AUTHORED_FOLDER = Path(__file__).parents[1] / "authored"
PARTS = (0.76, 0.10, 0.06, 0.08)  # most for training: no other source has these labels or languages
MIXED = "mixed"
UNEVEN_TYPES = frozenset({"PERSON", "ORGANISATION", "JOB_TITLE", "DATE", "ID_DOCUMENT"})
EVEN_FROM = 4001
"""The rounds before left out some mentions of these types; the later one marks every one."""


def read(_data_root: Path) -> Iterator[Example]:
    """Yield every written text; a minimal pair shares its `aligned` value."""
    for path in sorted(AUTHORED_FOLDER.glob("*.toml")):
        yield from read_file(path)


def read_file(path: Path) -> Iterator[Example]:
    """Yield the examples of one file; see `read_tables` for errors."""
    yield from read_tables(path, _example)


def _example(table: dict[str, Any], stem: str) -> Example:
    language = table.pop("language", "") if stem == MIXED else stem
    if not language:
        raise TrainingDataError("a text of mixed.toml names its main language")
    return written_example(
        table, source=SOURCE.name, language=language, scheme="scheme", own_fields=frozenset({"scheme"})
    )


def complete_types(key: str) -> frozenset[str]:
    """Return the entity types of which every mention is marked in the written text of a key."""
    number = int(key.rpartition("-")[2])
    return SOURCE.entity_types if number >= EVEN_FROM else SOURCE.entity_types - UNEVEN_TYPES


SOURCE = Source(
    name="authored",
    folder="",
    read=read,
    parts=PARTS,
    measure="labels",
    register="messages",
    entity_types=frozenset(ENTITY_TYPES),
)
