"""The independent written test: `tests/data/written_test/`, by writers who had seen no training text.

It measures and never trains, tunes or certifies. Each entity has its normal form beside it, in `values`.
"""

import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from models.errors import TrainingDataError
from models.taxonomy import LABELS, ROLES
from training.example import TEST_ONLY_PARTS, Example, Source
from training.markup import parse_markup
from training.sources.authored import FORMS

WRITTEN_TEST_FOLDER = Path(__file__).parents[2] / "tests" / "data" / "written_test"
KINDS = ("plain", "code_mixed", "hard")
_FIELDS = {"id", "labels", "role", "form", "kind", "pair", "text", "values"}


def read(_data_root: Path) -> Iterator[Example]:
    """Yield every text of the test; its `scheme` is its kind: plain, code_mixed or hard."""
    for path in sorted(WRITTEN_TEST_FOLDER.glob("*.toml")):
        for table in tomllib.loads(path.read_text(encoding="utf-8"))["example"]:
            try:
                yield _example(table, language=path.stem)
            except TrainingDataError as error:
                raise TrainingDataError(f"{path.name}, {table.get('id', 'no id')}: {error}") from error


def _example(table: dict[str, Any], language: str) -> Example:
    if set(table) != _FIELDS:
        raise TrainingDataError(f"fields must be {sorted(_FIELDS)}, found {sorted(table)}")
    for field, allowed in (("role", ROLES), ("form", FORMS), ("kind", KINDS)):
        if table[field] not in allowed:
            raise TrainingDataError(f"{field} {table[field]!r} is none of {', '.join(allowed)}")
    for label in table["labels"]:
        if label not in LABELS:
            raise TrainingDataError(f"{label!r} is not a label of the taxonomy")
    text, spans = parse_markup(table["text"].strip())
    entities = sum(span.kind == "entity" for span in spans)
    if entities != len(table["values"]):
        raise TrainingDataError(f"{entities} entities, {len(table['values'])} values")
    return Example(
        text=text,
        labels=frozenset(table["labels"]),
        known=frozenset(LABELS),
        role=table["role"],
        language=language,
        source=SOURCE.name,
        key=table["id"],
        scheme=table["kind"],
        pair=table["pair"],
        spans=spans,
    )


SOURCE = Source(
    name="written_test",
    folder="",
    read=read,
    parts=TEST_ONLY_PARTS,
    measure="labels",
    register="messages",
)
