"""Texts that nobody has labelled yet, from a labelled dataset's folder or a file that bulk commands read."""

import logging
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import Any, Final

import pyarrow as pa
import pyarrow.parquet as pq

from models.errors import DocumentError, TrainingDataError
from models.language_tag import known_tag
from models.validation import validate_text
from training.labelled.dataset import TEXTS_FILE
from training.labelled.read_csv import csv_table
from training.labelled.read_xlsx import xlsx_table
from training.labelled.row import UNKNOWN_LANGUAGE, language_of
from training.sources.tables import read_json_lines, read_lines, read_text

logger = logging.getLogger(__name__)

TEXT_COLUMNS: Final = ("text", "message", "content", "body", "ข้อความ")


@dataclass(frozen=True, slots=True)
class PoolText:
    """A text with its key in the pool, its language (BCP-47 primary tag) and its group, "" if none."""

    key: str
    text: str
    language: str
    group: str = ""


def read_pool(path: Path) -> list[PoolText]:
    """Return the texts of a pool in order; those that cannot be screened are left out and counted in the log.

    Args:
        path: a labelled dataset's folder, or a file: JSONL, CSV, TSV, XLSX, Parquet, TXT (a text a line). Of
            its columns one has a usual name of the text; `key` or `id`, `language` and `group` are read.

    Raises:
        TrainingDataError: the file cannot be read, no column is the text, or nothing can be screened.
    """
    file = path / TEXTS_FILE if path.is_dir() else path
    if not file.is_file():
        raise TrainingDataError(f"expected a pool of texts, found no file {file.name}")
    rows = list(_rows(file))
    texts = [text for number, row in enumerate(rows, start=1) if (text := _pool_text(row, number))]
    if not texts:
        raise TrainingDataError(f"{file.name}: expected texts, found none that can be screened")
    if len(texts) < len(rows):
        logger.warning("%s: %d rows without a text that can be screened", file.name, len(rows) - len(texts))
    return texts


def _pool_text(row: Mapping[str, Any], number: int) -> PoolText | None:
    try:
        text = validate_text(row["text"])
    except DocumentError:
        return None
    language = language_of(text, known_tag(row.get("language")) or UNKNOWN_LANGUAGE)
    key = next((str(row[name]) for name in ("key", "id") if row.get(name) not in (None, "")), str(number))
    return PoolText(key, text, language, str(row.get("group") or ""))


def _rows(file: Path) -> Iterator[Mapping[str, Any]]:
    """Yield the rows of a file, each with its text under `text`."""
    match file.suffix.lower():
        case ".txt":
            yield from ({"text": line} for line in read_lines(file) if line.strip())
        case ".jsonl":
            yield from _with_text(file.name, *_json_table(file))
        case ".csv" | ".tsv":
            yield from _with_text(file.name, *_csv_table(file))
        case ".xlsx":
            columns, rows = xlsx_table(file, "")
            yield from _with_text(file.name, columns, (row for _, row in rows))
        case ".parquet":
            yield from _with_text(file.name, *_parquet_table(file))
        case suffix:
            raise TrainingDataError(
                f"{file.name}: expected .jsonl, .csv, .tsv, .xlsx, .parquet or .txt, "
                f"found {suffix or 'no suffix'}"
            )


def _with_text(
    name: str, columns: Sequence[str], rows: Iterable[Mapping[str, Any]]
) -> Iterator[Mapping[str, Any]]:
    """Yield the rows of a file with the text under `text`.

    Raises:
        TrainingDataError: no column, or several, have a usual name of the text.
    """
    found = [column for column in columns if column.strip().casefold() in TEXT_COLUMNS]
    if len(found) != 1:
        usual = ", ".join(TEXT_COLUMNS)
        raise TrainingDataError(f"{name}: expected one column named {usual}, found {len(found)}")
    for row in rows:
        yield {**row, "text": row.get(found[0])}


def _json_table(file: Path) -> tuple[list[str], Iterator[Mapping[str, Any]]]:
    rows = read_json_lines(file, ())
    first = next(rows, None)
    return ([*first], chain([first], rows)) if first else ([], rows)


def _csv_table(file: Path) -> tuple[list[str], Iterator[Mapping[str, Any]]]:
    content = read_text(file)
    delimiter = "\t" if "\t" in content.split("\n", 1)[0] else ","
    columns, rows = csv_table(file.name, content, delimiter)
    return columns, (row for _, row in rows)


def _parquet_table(file: Path) -> tuple[list[str], Iterator[Mapping[str, Any]]]:
    try:
        table = pq.ParquetFile(file)
    except (pa.ArrowInvalid, OSError):
        raise TrainingDataError(f"{file.name}: expected a Parquet file") from None
    return table.schema_arrow.names, _parquet_rows(table, file.name)


def _parquet_rows(table: pq.ParquetFile, name: str) -> Iterator[Mapping[str, Any]]:
    try:
        for batch in table.iter_batches(batch_size=1024):
            yield from batch.to_pylist()
    except (pa.ArrowInvalid, OSError):
        raise TrainingDataError(f"{name}: expected a Parquet file that can be read to its end") from None
