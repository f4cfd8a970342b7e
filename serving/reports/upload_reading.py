"""The rows of an uploaded file -> reports, by the columns that somebody chose."""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any, BinaryIO, Final

from pydantic import ValidationError

from models.errors import InputError
from models.language_tag import known_tag
from models.screening import ScreeningError
from serving.clock import ZONE
from serving.files.preview import Preview, preview
from serving.files.reading import ReadOptions, open_content
from serving.files.row import Row, Source
from serving.files.unpacked import check_unpacked
from serving.schemas.fields import MAX_FIELD_CHARS
from serving.schemas.reports import MAX_REPORT_CHARS, ReportIn
from serving.store.uploads.upload import Kind

MOST_ROWS: Final = 200_000
MOST_COLUMNS: Final = 100
MOST_NAME_CHARS: Final = 100
CHANNEL: Final = "file"
OTHERS_TOO_LONG: Final = "the row has other columns of more"
NO_TEXT: Final = "the row has no text: expected one in its text column"
_EMPTY: Final = (None, "")
_SHORT_CHARS: Final = 200
_THE_FILE: Final = "the file"  # its own name may hold words of people
_LAST_COMMON_YEAR: Final = 2400  # later ones are of the Buddhist era
_BUDDHIST_YEARS: Final = 543


@dataclass(frozen=True, slots=True)
class Choice:
    """How a file is read.

    Attributes:
        text: the column that is screened.
        id: of the row's own number.
        language: of its language tag.
        received_at: of when it was received: ISO 8601; without an offset a time of Bangkok.
        source: of where it was seen: a platform or an address.
        encoding: of a text file; None: it tells.
        columns: all names, once the file was looked through.
    """

    text: str = field(repr=False)
    id: str | None = field(default=None, repr=False)
    language: str | None = field(default=None, repr=False)
    received_at: str | None = field(default=None, repr=False)
    source: str | None = field(default=None, repr=False)
    encoding: str | None = None
    columns: tuple[str, ...] = field(default=(), repr=False)

    def to_dict(self) -> dict[str, Any]:
        """Return it as JSON."""
        return asdict(self)

    @classmethod
    def from_dict(cls, told: Mapping[str, Any]) -> "Choice":
        """Return what `to_dict` made JSON of."""
        return cls(**{**told, "columns": tuple(told["columns"])})


@dataclass(frozen=True, slots=True)
class FileRow:
    """A row that is a report.

    Attributes:
        told: JSON for the details of the report: its number in the file, and its other columns.
        chars: how many letters are stored of it.
    """

    report: ReportIn = field(repr=False)
    told: Mapping[str, Any] = field(repr=False)
    chars: int


@dataclass(frozen=True, slots=True)
class Refused:
    """A row that cannot be read; `message` quotes nothing of it."""

    code: str
    message: str


def look(kind: Kind, open_bytes: Callable[[], BinaryIO], encoding: str | None) -> Preview:
    """Return how an uploaded file begins.

    Raises:
        InputError: it is not what its ending says, of unclear encoding, too large once unpacked, or its names
            of columns are none.
    """
    if kind == "xlsx":
        check_unpacked(_THE_FILE, open_bytes)
    found = preview(_THE_FILE, f".{kind}", open_bytes, encoding)
    _check_columns(found.columns)
    return found


def opened_source(kind: Kind, open_bytes: Callable[[], BinaryIO], choice: Choice) -> Source:
    """Return the rows of an uploaded file; of a text file they are counted.

    Raises:
        InputError: it cannot be read.
    """
    if kind == "xlsx":
        check_unpacked(_THE_FILE, open_bytes)
    options = ReadOptions(text_column=None if kind == "txt" else choice.text, encoding=choice.encoding)
    source = open_content(_THE_FILE, f".{kind}", open_bytes, options)
    _check_columns(source.columns)
    if source.total is not None and source.total > MOST_ROWS:
        raise InputError(f"{_THE_FILE} has over {MOST_ROWS:,} rows: split it")
    return source


def read_rows(source: Source, choice: Choice) -> Iterator[tuple[int, FileRow | Refused]]:
    """Yield the number of every row, from 1, with the report that it is, or why it is none.

    Raises:
        InputError: the file turns out to be damaged, or has too many rows.
    """
    for number, row in enumerate(source.rows(), start=1):
        if number > MOST_ROWS:
            raise InputError(f"{_THE_FILE} has over {MOST_ROWS:,} rows: split it")
        yield number, _read(number, row, choice)


def _read(number: int, row: Row, choice: Choice) -> FileRow | Refused:
    if isinstance(row.document, ScreeningError):
        return Refused(row.document.code, row.document.message)
    if not row.text.strip():
        return Refused("empty_text", NO_TEXT)
    if len(row.text) > MAX_REPORT_CHARS:
        return Refused("text_too_long", f"the text has more than {MAX_REPORT_CHARS:,} characters: split it")
    others = {
        name: value for name, value in row.columns.items() if name != row.text_column and value not in _EMPTY
    }
    others_chars = len(json.dumps(others))
    if others_chars > MAX_REPORT_CHARS:
        return Refused(
            "row_too_long", f"{OTHERS_TOO_LONG} than {MAX_REPORT_CHARS:,} characters: leave some out"
        )
    source = _cell(row, choice.source)
    is_address = "://" in source
    try:
        report = ReportIn.model_validate(
            {
                "text": row.text,
                "language": known_tag(_cell(row, choice.language)),
                "received_at": _moment(_cell(row, choice.received_at)),
                "channel": CHANNEL,
                "platform": "" if is_address else source[:_SHORT_CHARS],
                "source_url": source[:MAX_FIELD_CHARS] if is_address else None,
            }
        )
    except ValidationError:
        return Refused("unreadable_row", "the row is not as a report may be")
    return FileRow(report, {"row": number, "columns": others}, len(row.text) + others_chars)


def _cell(row: Row, column: str | None) -> str:
    value = None if column is None else row.columns.get(column)
    return "" if value is None else str(value).strip()


def _moment(cell: str) -> str | None:
    """Return a time with its offset, as ISO 8601; None of what is no time."""
    try:
        said = datetime.fromisoformat(cell)
        if said.year > _LAST_COMMON_YEAR:
            said = said.replace(year=said.year - _BUDDHIST_YEARS)
        return (said if said.tzinfo else said.replace(tzinfo=ZONE)).isoformat()
    except ValueError:
        return None


def _check_columns(columns: Sequence[str]) -> None:
    if len(columns) > MOST_COLUMNS:
        raise InputError(f"{_THE_FILE} has over {MOST_COLUMNS} columns: leave out those that nobody needs")
    if any(len(column) > MOST_NAME_CHARS for column in columns):
        raise InputError(f"{_THE_FILE} has no header: expected short names of its columns first")
