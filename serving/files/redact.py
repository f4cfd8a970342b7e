"""Sources -> rows -> records -> texts without what identifies people, as JSONL or CSV.

Only ids and texts are written: whatever else stands in a row may name people too.
"""

import csv
import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Final, Protocol, TextIO

from models.redaction import Redacted, Redactor
from models.screening import ScreeningError
from serving.files.flat import without_formula
from serving.files.row import Source
from serving.files.screen import chunks, screen_chunk
from serving.files.writing import partial_path

if TYPE_CHECKING:  # as in serving.files.screen
    from models.screener import Screener

SUFFIXES: Final = (".jsonl", ".csv")


class RedactedWriter(Protocol):
    """Takes redacted texts, in order."""

    def write(self, name: str, redacted: Redacted | ScreeningError) -> None:
        """Append one text, or why there is none."""


def redact_sources(
    sources: Sequence[Source], screener: "Screener", redactor: Redactor, writer: RedactedWriter
) -> int:
    """Redact all rows of the sources in order; return how many there were."""
    count = 0
    for chunk in chunks(chain.from_iterable(source.rows() for source in sources)):
        for screened in screen_chunk(chunk, screener, "balanced"):
            record = screened.record
            if isinstance(record, ScreeningError):
                writer.write(record.id, record)
            else:
                writer.write(record.id, redactor.redact(screened.row.text, record.entities))
            count += 1
    return count


@contextmanager
def opened(output: Path | None, terminal: TextIO) -> Iterator[RedactedWriter]:
    """Open a writer for a path, which takes its name when it is complete, or of JSONL to `terminal`."""
    if output is None:
        yield _Jsonl(terminal)
        return
    partial = partial_path(output)
    if output.suffix.lower() == ".csv":
        with partial.open("w", encoding="utf-8-sig", newline="") as file:
            yield _Csv(file)
    else:
        with partial.open("w", encoding="utf-8", newline="\n") as file:
            yield _Jsonl(file)
    partial.replace(output)


class _Jsonl:
    def __init__(self, file: TextIO) -> None:
        self._file = file

    def write(self, name: str, redacted: Redacted | ScreeningError) -> None:
        self._file.write(json.dumps(redacted_record(name, redacted), ensure_ascii=False) + "\n")


class _Csv:
    def __init__(self, file: TextIO) -> None:
        self._csv = csv.writer(file)
        self._csv.writerow(["id", "text", "error_code"])

    def write(self, name: str, redacted: Redacted | ScreeningError) -> None:
        text, code = ("", redacted.code) if isinstance(redacted, ScreeningError) else (redacted.text, "")
        self._csv.writerow([without_formula(name), without_formula(text), code])


def redacted_record(name: str, redacted: Redacted | ScreeningError) -> dict[str, object]:
    """Return a redacted text as a JSON object."""
    if isinstance(redacted, ScreeningError):
        return redacted.to_dict()
    return {
        "schema": 1,
        "id": name,
        "text": redacted.text,
        "redactions": [
            {"type": one.type, "start": one.start, "end": one.end, "replacement": one.replacement}
            for one in redacted.redactions
        ],
    }
