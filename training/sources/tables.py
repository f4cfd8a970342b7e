"""Readers of the files of public sets: CSV, JSON, plain lines, BIO. Errors never repeat a text."""

import csv
import io
import json
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, TypeVar

from models.errors import TrainingDataError
from training.example import MarkedSpan

Value = TypeVar("Value")

_LONGEST_FIELD_CHARS = 10_000_000


def read_text(path: Path, encoding: str = "utf-8-sig") -> str:
    """Return the whole file, line ends as they are.

    Raises:
        TrainingDataError: the file is absent or not in this encoding.
    """
    try:
        return path.read_bytes().decode(encoding)
    except FileNotFoundError as error:
        message = f"expected the file {path.parent.name}/{path.name}; its data card says how to get it"
        raise TrainingDataError(message) from error
    except UnicodeDecodeError as error:
        # `from None`: a UnicodeDecodeError carries the bytes of the text
        raise TrainingDataError(f"{path.name}: expected {encoding}, not so at byte {error.start}") from None


def read_lines(path: Path, encoding: str = "utf-8-sig") -> Iterator[str]:
    r"""Yield every line, blank ones too; only `\n` and `\r\n` end a line, and a last empty one is dropped."""
    lines = read_text(path, encoding).split("\n")
    if not lines[-1]:
        lines.pop()
    for line in lines:
        yield line.removesuffix("\r")


def read_csv(
    path: Path,
    columns: Iterable[str],
    encoding: str = "utf-8-sig",
    delimiter: str = ",",
    quoted: bool = True,
) -> Iterator[dict[str, str]]:
    """Yield the rows by column name; a short row has "" in the columns it lacks.

    Args:
        path: a table whose first line names its columns.
        columns: must be among them; others are left out.
        encoding: of the file.
        delimiter: one character.
        quoted: False where quotation marks are ordinary characters.

    Raises:
        TrainingDataError: the file or a column is missing, or the table is broken.
    """
    wanted = tuple(columns)
    csv.field_size_limit(_LONGEST_FIELD_CHARS)
    table = csv.DictReader(
        io.StringIO(read_text(path, encoding), newline=""),
        delimiter=delimiter,
        quoting=csv.QUOTE_MINIMAL if quoted else csv.QUOTE_NONE,
        restval="",
    )
    try:
        found = table.fieldnames or ()
        for column in wanted:
            if column not in found:
                message = f"{path.name}: expected the columns {', '.join(wanted)}, found {len(found)} others"
                raise TrainingDataError(f"{message} without {column!r}")
        for row in table:
            yield {column: row[column] for column in wanted}
    except csv.Error as error:
        raise TrainingDataError(f"{path.name}, line {table.line_num}: expected a table row") from error


def read_json_lines(path: Path, fields: Iterable[str]) -> Iterator[dict[str, Any]]:
    """Yield the object of each line; blank lines and `//` comments are skipped.

    Raises:
        TrainingDataError: the file is absent, or a line is not an object with these fields.
    """
    wanted = tuple(fields)
    for number, line in enumerate(read_lines(path), start=1):
        if line.strip() and not line.startswith("//"):
            try:
                row = json.loads(line)
            except json.JSONDecodeError as error:
                message = f"{path.name}, line {number}: expected one JSON object, broken at {error.pos}"
                raise TrainingDataError(message) from None
            yield _with_fields(row, wanted, f"{path.name}, line {number}")


def read_json(path: Path, fields: Iterable[str]) -> Iterator[dict[str, Any]]:
    """Yield the objects of a JSON array, or of several arrays one after another in one file.

    Raises:
        TrainingDataError: the file is absent, or does not hold arrays of objects with these fields.
    """
    wanted = tuple(fields)
    rest = read_text(path).strip()
    decoder = json.JSONDecoder()
    number = 0
    while rest:
        try:
            rows, end = decoder.raw_decode(rest)
        except json.JSONDecodeError as error:
            message = f"{path.name}: expected JSON, broken at line {error.lineno}"
            raise TrainingDataError(message) from None
        if not isinstance(rows, list):
            raise TrainingDataError(f"{path.name}: expected a JSON array, found {type(rows).__name__}")
        for row in rows:
            number += 1
            yield _with_fields(row, wanted, f"{path.name}, object {number}")
        rest = rest[end:].lstrip()


def _with_fields(row: object, wanted: tuple[str, ...], where: str) -> dict[str, Any]:
    if not isinstance(row, dict) or any(field not in row for field in wanted):
        raise TrainingDataError(f"{where}: expected an object with the fields {', '.join(wanted)}")
    return row


def look_up(table: Mapping[str, Value], code: str, where: str) -> Value:
    """Return `table[code]`.

    Raises:
        TrainingDataError: no such code; the message says `where` and which codes were expected.
    """
    if code not in table:
        raise TrainingDataError(f"{where}: expected one of {', '.join(table)}, found something else")
    return table[code]


def read_bio(path: Path) -> Iterator[list[tuple[str, str]]]:
    """Yield sentences as [(word, tag), ...] from `word<TAB>tag` lines with blank lines between sentences.

    Raises:
        TrainingDataError: the file is absent or a line is not `word<TAB>tag`.
    """
    sentence: list[tuple[str, str]] = []
    for number, line in enumerate(read_lines(path), start=1):
        if line.strip():
            word, tab, tag = line.rpartition("\t")
            if not tab:
                raise TrainingDataError(f"{path.name}, line {number}: expected word, tab, tag")
            sentence.append((word, tag))
        elif sentence:
            yield sentence
            sentence = []
    if sentence:
        yield sentence


def join_bio(
    sentence: Iterable[tuple[str, str]], types: Mapping[str, str]
) -> tuple[str, tuple[MarkedSpan, ...]]:
    """Return the words joined by spaces, and a span for each `B-X I-X ...` run whose X is in `types`.

    An `I-X` that continues nothing opens a span of its own.

    Args:
        sentence: (word, tag) pairs.
        types: tag name without `B-` or `I-` -> entity type; other tags leave no span.
    """
    text = ""
    spans: list[MarkedSpan] = []
    previous = ""
    for word, tag in ((word.strip(), tag.strip()) for word, tag in sentence):
        if not word:
            continue
        start = len(text) + 1 if text else 0
        text = f"{text} {word}" if text else word
        prefix, _, name = tag.partition("-")
        if name in types:
            if prefix == "I" and name == previous:
                start = spans.pop().start
            spans.append(MarkedSpan("entity", types[name], start, len(text)))
        previous = name
    return text, tuple(spans)
