"""A path or the standard input -> the `Source` of its rows, by the suffix of its name."""

import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from models.errors import InputError
from serving.files.lines import text_file
from serving.files.read_csv import DELIMITERS, read_csv
from serving.files.read_jsonl import read_jsonl
from serving.files.read_txt import TEXT_COLUMN, read_txt
from serving.files.row import RowMaker, Source

SUFFIXES = (".txt", ".csv", ".tsv", ".xlsx", ".jsonl", ".parquet")
STDIN = "-"


@dataclass(frozen=True, slots=True)
class ReadOptions:
    """How inputs are read; None leaves it to the file.

    Attributes:
        text_column: name of the column to screen.
        encoding: of text files.
        language: BCP-47 primary tag of documents that name none.
    """

    text_column: str | None = None
    encoding: str | None = None
    language: str | None = None


def open_source(path: Path, options: ReadOptions, *, id_prefix: str = "") -> Source:
    """Look at a file and return its rows as a stream.

    Raises:
        InputError: the file is empty, not what its suffix says, of unknown encoding, or has no text column.
    """
    if path.stat().st_size == 0:
        raise InputError(f"{path} is empty")
    if path.suffix.lower() == ".parquet":
        from serving.files.read_parquet import read_parquet  # pyarrow: what no start need wait for

        maker = RowMaker(TEXT_COLUMN, id_prefix, options.language)
        return _not_empty(read_parquet(path, maker, text_column=options.text_column))

    def open_bytes() -> BinaryIO:
        return path.open("rb")

    return open_content(str(path), path.suffix.lower(), open_bytes, options, id_prefix=id_prefix)


def open_content(
    name: str, suffix: str, open_bytes: Callable[[], BinaryIO], options: ReadOptions, *, id_prefix: str = ""
) -> Source:
    """Look at what need not be a file and return its rows as a stream.

    Args:
        name: what messages call it.
        suffix: one of `SUFFIXES`, but for Parquet.
        open_bytes: opens it from its start; seekable.
        options: how it is read.
        id_prefix: put before ids and row numbers.

    Raises:
        InputError: it is not what its suffix says, of unknown encoding, or has no text column.
    """
    maker = RowMaker(TEXT_COLUMN, id_prefix, options.language)
    match suffix:
        case ".txt":
            source = read_txt(text_file(name, open_bytes, options.encoding), maker)
        case ".csv" | ".tsv":
            source = read_csv(
                text_file(name, open_bytes, options.encoding),
                maker,
                delimiter=DELIMITERS[suffix],
                text_column=options.text_column,
            )
        case ".jsonl":
            file = text_file(name, open_bytes, options.encoding)
            source = read_jsonl(file, maker, text_column=options.text_column)
        case ".xlsx":
            from serving.files.read_xlsx import read_xlsx  # openpyxl: the same

            source = read_xlsx(name, open_bytes, maker, text_column=options.text_column)
        case _:
            raise InputError(f"{name} has an unknown suffix: expected one of {', '.join(SUFFIXES)}")
    return _not_empty(source)


@contextmanager
def spooled(stream: BinaryIO) -> Iterator[BinaryIO]:
    """Copy a stream to a nameless temporary file, since inputs are looked at before they are read."""
    with tempfile.TemporaryFile() as spool:
        shutil.copyfileobj(stream, spool)
        spool.flush()
        yield spool


def open_spool(spool: BinaryIO, options: ReadOptions, *, id_prefix: str = "") -> Source:
    """Return the rows of the standard input: JSONL if its first line starts with "{", else one text a line.

    Raises:
        InputError: nothing came, or its encoding cannot be told.
    """

    def open_bytes() -> BinaryIO:
        again = os.fdopen(os.dup(spool.fileno()), "rb")
        again.seek(0)
        return again

    file = text_file("standard input", open_bytes, options.encoding)
    maker = RowMaker(TEXT_COLUMN, id_prefix, options.language)
    if next(file.lines(), "").startswith("{"):
        return _not_empty(read_jsonl(file, maker, text_column=options.text_column))
    return _not_empty(read_txt(file, maker))


def _not_empty(source: Source) -> Source:
    if source.total == 0:
        raise InputError(f"{source.name} is empty: expected at least one row")
    return source
