"""Texts that nobody has labelled yet, from a labelled dataset's folder or a file that bulk commands read."""

import csv
import io
import logging
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import Any, Final

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq

from models.errors import DocumentError, TrainingDataError
from models.language import UNDETERMINED, detect
from models.language_tag import known_tag
from models.validation import validate_text
from training.sources.tables import read_json_lines, read_lines, read_text

logger = logging.getLogger(__name__)

TEXT_COLUMNS: Final = ("text", "message", "content", "body", "ข้อความ")
TEXTS_FILE: Final = "texts.jsonl"
"""What a labelled dataset's folder holds its rows in."""
_LONGEST_FIELD_CHARS: Final = 10_000_000


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
            its columns one has a usual name of the text; `key` or `id`,
            `language` and `group` are read.

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
    told = known_tag(row.get("language")) or UNDETERMINED.tag
    language = detect(text).tag if told == UNDETERMINED.tag else told
    key = next((str(row[name]) for name in ("key", "id") if row.get(name) not in (None, "")), str(number))
    return PoolText(key, text, language, str(row.get("group") or ""))


def _rows(file: Path) -> Iterator[Mapping[str, Any]]:
    """Yield the rows of a file, each with its text under `text`."""
    match file.suffix.lower():
        case ".txt":
            yield from ({"text": line} for line in read_lines(file) if line.strip())
        case ".jsonl":
            yield from _with_text(read_json_lines(file, ()), file.name)
        case ".csv" | ".tsv":
            yield from _with_text(_read_csv(file), file.name)
        case ".xlsx":
            yield from _with_text(_read_xlsx(file), file.name)
        case ".parquet":
            yield from _with_text(_read_parquet(file), file.name)
        case suffix:
            raise TrainingDataError(
                f"{file.name}: expected .jsonl, .csv, .tsv, .xlsx, .parquet or .txt, "
                f"found {suffix or 'no suffix'}"
            )


def _with_text(rows: Iterable[Mapping[str, Any]], name: str) -> Iterator[Mapping[str, Any]]:
    """Yield the rows with the text under `text`; the first row decides which column is the text.

    Raises:
        TrainingDataError: no column, or several, have a usual name of the text.
    """
    every = iter(rows)
    first = next(every, None)
    if first is None:
        return
    columns = [column for column in first if column.strip().casefold() in TEXT_COLUMNS]
    if len(columns) != 1:
        usual = ", ".join(TEXT_COLUMNS)
        raise TrainingDataError(f"{name}: expected one column named {usual}, found {len(columns)}")
    for row in chain([first], every):
        yield {**row, "text": row.get(columns[0])}


def _read_csv(file: Path) -> Iterator[Mapping[str, Any]]:
    csv.field_size_limit(_LONGEST_FIELD_CHARS)
    content = read_text(file)
    delimiter = "\t" if "\t" in content.split("\n", 1)[0] else ","
    table = csv.DictReader(io.StringIO(content, newline=""), delimiter=delimiter, restval="")
    try:
        for row in table:
            yield {name: value for name, value in row.items() if name is not None}
    except csv.Error as error:
        raise TrainingDataError(f"{file.name}, line {table.line_num}: expected a table row") from error


def _read_xlsx(file: Path) -> Iterator[Mapping[str, Any]]:
    try:
        workbook = openpyxl.load_workbook(file, read_only=True, data_only=True)
    except Exception as error:  # openpyxl lets through whatever its parsers raise
        raise TrainingDataError(f"{file.name}: expected an Excel workbook (.xlsx)") from error
    rows = workbook.worksheets[0].iter_rows(values_only=True)
    header = [str(cell or "") for cell in next(rows, ())]
    for row in rows:
        yield dict(zip(header, row, strict=False))
    workbook.close()


def _read_parquet(file: Path) -> Iterator[Mapping[str, Any]]:
    try:
        for batch in pq.ParquetFile(file).iter_batches(batch_size=1024):
            yield from batch.to_pylist()
    except (pa.ArrowInvalid, OSError) as error:
        raise TrainingDataError(
            f"{file.name}: expected a Parquet file that can be read to its end"
        ) from error
