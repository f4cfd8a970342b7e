"""CSV, as spreadsheets write it: the first row names the columns."""

import csv
import io
from collections.abc import Iterator
from pathlib import Path

from models.errors import TrainingDataError
from training.labelled.mapping import LabelMapping
from training.labelled.raw import RawRow
from training.labelled.table_rows import check_columns, rows_of_table

_NO_LIMIT = 2**31 - 1


def read_csv(path: Path, mapping: LabelMapping) -> Iterator[RawRow]:
    """Yield what the rows of a CSV file say; they are counted as a spreadsheet does, the header is row 1.

    Raises:
        TrainingDataError: the file is in another encoding, a column is missing, or a row is broken.
    """
    columns, rows = csv_table(path.name, _decoded(path, mapping.encoding), mapping.delimiter)
    check_columns(path.name, columns, mapping)
    yield from rows_of_table(path.name, rows, mapping)


def csv_table(
    name: str, content: str, delimiter: str
) -> tuple[list[str], Iterator[tuple[int, dict[str, str]]]]:
    """Return the columns of a table, and the number and the cells of each row that is not blank.

    Args:
        name: of the file, for messages.
        content: of the file.
        delimiter: one character.

    Raises:
        TrainingDataError: a row is broken; the message says which.
    """
    csv.field_size_limit(_NO_LIMIT)  # what is too long for a text is told with its row
    table = csv.reader(io.StringIO(content, newline=""), delimiter=delimiter, strict=True)
    rows = _rows(table, name)
    columns = [column.strip() for column in next(rows, (1, []))[1]]
    return columns, _cells(rows, columns, name)


def _cells(
    rows: Iterator[tuple[int, list[str]]], columns: list[str], name: str
) -> Iterator[tuple[int, dict[str, str]]]:
    for number, row in rows:
        if any(row[len(columns) :]):
            raise TrainingDataError(
                f"{name}, row {number}: it has more cells than the header: put texts that hold the "
                "delimiter in quotation marks"
            )
        if any(row):
            yield number, dict.fromkeys(columns, "") | dict(zip(columns, row, strict=False))


def _rows(table: Iterator[list[str]], name: str) -> Iterator[tuple[int, list[str]]]:
    """Yield the rows with the numbers that a spreadsheet shows."""
    number = 0
    try:
        for number, row in enumerate(table, start=1):
            yield number, row
    except csv.Error:
        raise TrainingDataError(
            f"{name}, row {number + 1}: broken, often a quotation mark that is never closed: save it anew "
            "from the spreadsheet"
        ) from None


def _decoded(path: Path, encoding: str) -> str:
    try:
        content = path.read_bytes()
    except OSError as error:
        raise TrainingDataError(f"{path}: {error.strerror}") from None
    try:
        return content.decode(encoding)
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        raise TrainingDataError(
            f"{path.name}, line {line}: it is not {encoding}: save it as UTF-8, or say the encoding in "
            '[file] of the mapping ("utf-16", "cp874" of Thai, "gb18030" of Chinese Windows)'
        ) from None  # the error holds bytes of the text
    except LookupError:
        raise TrainingDataError(f"[file] encoding of the mapping: Python knows no {encoding!r}") from None
