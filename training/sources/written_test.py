"""The independent written test: `tests/data/written_test/`, by writers who had seen no training text.

It measures and never trains, tunes or certifies. Each entity has its normal form beside it, in `values`.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from models.errors import TrainingDataError
from models.taxonomy import ENTITY_TYPES
from training.example import TEST_ONLY_PARTS, Example, Source
from training.written import read_tables, written_example

WRITTEN_TEST_FOLDER = Path(__file__).parents[2] / "tests" / "data" / "written_test"
KINDS = ("plain", "code_mixed", "hard")


def read(_data_root: Path) -> Iterator[Example]:
    """Yield every text of the test; its `scheme` is its kind: plain, code_mixed or hard."""
    for path in sorted(WRITTEN_TEST_FOLDER.glob("*.toml")):
        yield from read_tables(path, _example)


def _example(table: dict[str, Any], language: str) -> Example:
    example = written_example(
        table,
        source=SOURCE.name,
        language=language,
        scheme="kind",
        choices={"kind": KINDS},
        own_fields=frozenset({"kind", "values"}),
    )
    entities = sum(span.kind == "entity" for span in example.spans)
    if entities != len(table["values"]):
        raise TrainingDataError(f"{entities} entities, {len(table['values'])} values")
    return example


SOURCE = Source(
    name="written_test",
    folder="",
    read=read,
    parts=TEST_ONLY_PARTS,
    measure="labels",
    register="messages",
    entity_types=frozenset(ENTITY_TYPES),
)
