"""An output path -> the writer of its suffix; the file takes its name only when it is complete."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from models.errors import InputError
from serving.files.screen import ScreenedRow, Writer
from serving.files.write_csv import CsvWriter
from serving.files.write_html import HtmlWriter
from serving.files.write_jsonl import JsonlWriter
from serving.files.write_parquet import ParquetWriter
from serving.files.write_xlsx import XlsxWriter

SUFFIXES = (".jsonl", ".csv", ".xlsx", ".parquet")


def partial_path(path: Path) -> Path:
    """Return where an output is written until it is complete."""
    return path.with_name(f"{path.name}.partial")


@contextmanager
def open_output(path: Path, columns: Sequence[str]) -> Iterator[Writer]:
    """Open a writer beside the path, renamed to it on leaving; after an exception it stays `.partial`.

    Args:
        path: ends in one of `SUFFIXES`.
        columns: names of the input's own columns; JSONL needs none.
    """
    partial = partial_path(path)
    writer = _writer(path, partial, columns)
    try:
        yield writer
    finally:
        writer.close()
    partial.replace(path)


@contextmanager
def open_page(path: Path) -> Iterator[Writer]:
    """Open a writer of an HTML page beside the path, renamed to it on leaving."""
    partial = partial_path(path)
    writer = HtmlWriter(partial)
    try:
        yield writer
    finally:
        writer.close()
    partial.replace(path)


class Both:
    """Two writers that get the same rows; neither is closed by this one."""

    def __init__(self, first: Writer, second: Writer) -> None:
        self._writers = (first, second)

    def write(self, rows: Sequence[ScreenedRow]) -> None:
        """Hand the rows to both."""
        for writer in self._writers:
            writer.write(rows)

    def close(self) -> None:
        """Leave both open: they belong to whoever opened them."""


def _writer(path: Path, partial: Path, columns: Sequence[str]) -> Writer:
    match path.suffix.lower():
        case ".jsonl":
            return JsonlWriter(partial.open("w", encoding="utf-8", newline="\n"), closes=True)
        case ".csv":
            return CsvWriter(partial, columns)
        case ".xlsx":
            return XlsxWriter(partial, columns)
        case ".parquet":
            return ParquetWriter(partial, columns)
        case _:
            raise InputError(f"{path} has an unknown suffix: expected one of {', '.join(SUFFIXES)}")
