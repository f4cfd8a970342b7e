"""Rows of a table, by the columns that a mapping names -> what they say of texts."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any

from models.errors import TrainingDataError
from training.labelled.codes import nearest
from training.labelled.mapping import LabelMapping
from training.labelled.raw import RawAnnotation, RawRow, spans_in, value_at, word, words


def rows_of_table(
    name: str, rows: Iterable[tuple[int, Mapping[str, Any]]], mapping: LabelMapping
) -> Iterator[RawRow]:
    """Yield what the rows of a table say.

    Args:
        name: of the file.
        rows: number of each row as a person counts them, and its cells by column.
        mapping: which column is what.
    """
    for number, cells in rows:
        role, spans = word(_cell(cells, mapping, "role")), spans_in(_cell(cells, mapping, "spans"))
        if mapping.annotator_columns:
            annotations = tuple(
                RawAnnotation(annotator, words(value_at(cells, column), mapping.separator), role, spans)
                for annotator, column in mapping.annotator_columns.items()
            )
        else:
            labels = words(_cell(cells, mapping, "labels"), mapping.separator)
            annotator = word(_cell(cells, mapping, "annotator"))
            annotations = (RawAnnotation(annotator, labels, role, spans),)
        yield RawRow(
            where=f"{name}, row {number}",
            number=str(number),
            key=word(_cell(cells, mapping, "key")),
            text=_text(_cell(cells, mapping, "text")),
            language=word(_cell(cells, mapping, "language")),
            group=word(_cell(cells, mapping, "group")),
            annotations=annotations,
        )


def check_columns(name: str, found: Collection[str], mapping: LabelMapping) -> None:
    """Check that a table has the columns that a mapping names.

    Raises:
        TrainingDataError: one is not there; the message names the most like it.
    """
    labels = mapping.annotator_columns.values() or [mapping.column("labels")]
    for column in dict.fromkeys((mapping.column("text"), *labels, *mapping.columns.values())):
        if column not in found and column.split(".")[0] not in found:
            near = nearest(column, found)
            hint = f"did you mean {near!r}? " if near else ""
            raise TrainingDataError(
                f"{name}: no column {column!r} among its {len(found)}: {hint}[columns] of the mapping says "
                "which is what"
            )


def _text(cell: object) -> object:
    """Return a cell as a text: a spreadsheet takes one of digits alone for a number."""
    return word(cell) if isinstance(cell, int | float) else cell


def _cell(cells: Mapping[str, Any], mapping: LabelMapping, name: str) -> Any:  # noqa: ANN401 - a cell
    return value_at(cells, mapping.column(name))
