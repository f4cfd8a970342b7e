"""How many elements the XML of a workbook may have: what takes four bytes there takes a hundred here."""

import re
import zlib
from typing import IO, Final
from zipfile import BadZipFile

from models.errors import InputError

MOST_OF_A_ROW: Final = 1_000_000
"""Tags from one row to the next, and before the first and after the last: they are let go with the row."""
MOST_OF_SHARED: Final = 20_000_000
"""Tags of the texts that cells share: those of 1,048,576 rows of a few columns."""
MOST_OF_A_PART: Final = 1_000_000
"""Tags of whatever else is read, all of it held: formats of cells, above all."""
MOST_TAG_BYTES: Final = 65_536
_ROW: Final = re.compile(rb"<(?:[\w.-]+:)?row[\s/>]")
_LONG_TAG: Final = re.compile(rb"<[^<>]{%d}" % MOST_TAG_BYTES)  # of tags, none holds another
_CHUNK_BYTES: Final = 1_000_000
_MARKS: Final = (b"\xff\xfe", b"\xfe\xff")  # of UTF-16


def check_elements(name: str, part: IO[bytes], most: int, *, has_rows: bool) -> None:
    """Look through a part before a parser does, up to where any parser stops.

    Args:
        name: what the workbook is called.
        part: XML, or a picture, as `ZipFile.open` gives it.
        most: tags that it may have; with `has_rows`, from one row to the next.
        has_rows: whether it is let go row by row.

    Raises:
        InputError: it has too many, one is too long, or there is a document type, as in no workbook.
    """
    tags, tail, is_wide = 0, b"", None
    while chunk := _next(name, part):
        if is_wide is None:  # a parser takes it for UTF-16; so do we, with no look at rows
            is_wide = b"\0" in chunk[:2] or chunk[:2] in _MARKS
        text = chunk if is_wide else chunk.partition(b"\0")[0]
        window = tail + text
        if not is_wide and (b"<!DOCTYPE" in window or _LONG_TAG.search(window)):
            raise InputError(f"{name} is not as Excel writes a workbook: save it again, or as .csv")
        counted = len(tail)
        for row in _ROW.finditer(window) if has_rows else ():
            if row.end() <= len(tail):  # it was met in the chunk before
                continue
            _check(name, tags + window.count(b"<", counted, row.start()), most)
            tags, counted = 0, max(counted, row.start())
        tags += window.count(b"<", counted)
        _check(name, tags, most)
        if len(text) < len(chunk):
            return
        tail = window[-MOST_TAG_BYTES:]


def _check(name: str, tags: int, most: int) -> None:
    if tags > most:
        raise InputError(f"{name} holds far more than a list of texts: save it as .csv")


def _next(name: str, part: IO[bytes]) -> bytes:
    try:
        return part.read(_CHUNK_BYTES)
    except (BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, RuntimeError) as error:
        raise InputError(f"{name} is damaged and cannot be read to its end: save it again") from error
