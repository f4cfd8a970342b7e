"""What became of the rows of an uploaded file -> CSV, XLSX or JSONL, in parts as they are written."""

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import partial
from io import RawIOBase, TextIOWrapper
from typing import Any, Final, Literal

from models.long_text import readable
from models.screening import DISCLAIMER_EN, DISCLAIMER_TH, Document, Screening, ScreeningError
from serving.files.row import Row
from serving.files.screen import ScreenedRow, Writer
from serving.files.write_csv import CsvWriter
from serving.files.write_jsonl import JsonlWriter
from serving.reports.told import without_words
from serving.reports.upload_reading import OF_FILE, Choice
from serving.store.home import Store
from serving.store.uploads.results import ResultRow, read_results
from serving.store.uploads.upload import Upload

Form = Literal["csv", "xlsx", "jsonl"]
MEDIA_TYPES: Final[dict[Form, str]] = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "jsonl": "application/x-ndjson",
}
OUR_COLUMNS: Final = ("scamscreen_row", "scamscreen_case")
_FIRST, _SHOWS, _REACHED, _STATE, _PEOPLE_SAY = IN_WORDS = (
    "scamscreen_first",
    "scamscreen_shows",
    "scamscreen_contacts",
    "scamscreen_state",
    "scamscreen_people_say",
)
"""What of a row a person reads first: how urgent it is, what it shows, who can be reached by a flagged text,
how far the work on it is, and the labels that a person gave it. Programs read JSONL, which has none of it."""
_DISCLAIMER: Final = "scamscreen_disclaimer"
_TEXT: Final = "text"
_ROWS_AT_ONCE: Final = 200
_BETWEEN: Final = ", "
_CONTACT: Final = "contact_in_flagged_text"


@dataclass(frozen=True, slots=True)
class Names:
    """What codes are called in the language of who reads a file.

    Attributes:
        term: of a code of the taxonomy.
        none: said where a person gave no label.
    """

    priorities: Mapping[str, str]
    states: Mapping[str, str]
    term: Callable[[str], str]
    none: str


def results(store: Store, upload: Upload, form: Form, names: Names, *, with_words: bool) -> Iterator[bytes]:
    """Yield a file of all rows of an upload, in order, with their newest records.

    Nothing of it is written to the disk.

    Args:
        store: an open one.
        upload: whose rows.
        form: of the file.
        names: of codes.
        with_words: with what people wrote: the rows' own columns, and what the records quote.
    """
    choice = Choice.from_dict(upload.choice) if upload.choice else Choice(_TEXT)
    ours = OUR_COLUMNS if form == "jsonl" else (*OUR_COLUMNS, *IN_WORDS)
    own = [name for name in choice.columns if name not in ours] if with_words else []
    written = _Written()
    writer = _writer(form, written, (*ours, *own))
    try:
        for rows in _batches(store, upload):
            writer.write([_screened(row, choice, form, names, with_words=with_words) for row in rows])
            yield written.taken()
    finally:
        writer.close()
    yield written.taken()


def _batches(store: Store, upload: Upload) -> Iterator[list[ResultRow]]:
    asked = partial(read_results, keyring=store.keyring, serial=upload.serial, limit=_ROWS_AT_ONCE)
    after = 0
    while rows := store.database.read(partial(asked, after=after)):
        yield rows
        after = rows[-1].number


def _writer(form: Form, file: "_Written", columns: tuple[str, ...]) -> Writer:
    match form:
        case "csv":
            return CsvWriter(file, columns)  # type: ignore[arg-type]  # all that it does is write
        case "xlsx":
            from serving.files.write_xlsx import XlsxWriter  # openpyxl: what no start need wait for

            return XlsxWriter(file, columns)  # type: ignore[arg-type]
        case "jsonl":
            lines = TextIOWrapper(file, encoding="utf-8", newline="\n")  # type: ignore[type-var]
            return JsonlWriter(lines, closes=True)


def _screened(row: ResultRow, choice: Choice, form: Form, names: Names, *, with_words: bool) -> ScreenedRow:
    told = _told(row)
    columns: dict[str, Any] = {}
    text = readable(row.text) if with_words and row.text else ""
    if with_words:
        columns |= told.get("columns", {})
        columns[choice.text] = text
    columns |= {OUR_COLUMNS[0]: row.number, OUR_COLUMNS[1]: row.case_ref or None}
    name = _name(row, choice, told) if with_words else row.report_id or str(row.number)
    record = _record(row, name, with_words=with_words)
    if form == "jsonl":  # the other forms have a column of their own for it
        columns[_DISCLAIMER] = f"{DISCLAIMER_EN} {DISCLAIMER_TH}"
    else:
        columns |= _in_words(row, record, names)
    document = replace(record, id=name) if isinstance(record, ScreeningError) else Document(name, text)
    return ScreenedRow(Row(document, columns, text_column=""), record)  # the text is told as a column, too


def _in_words(row: ResultRow, record: Screening | ScreeningError, names: Names) -> dict[str, str | None]:
    """Return what a person reads first of a row."""
    cells = {_STATE: names.states.get(row.status), _PEOPLE_SAY: None}
    if row.said is not None:
        cells[_PEOPLE_SAY] = _BETWEEN.join(map(names.term, row.said)) or names.none
    if isinstance(record, ScreeningError):
        return cells
    contacts = (one for one in record.entities if one.party == _CONTACT and one.value)
    return {
        **cells,
        _FIRST: names.priorities[record.priority],
        _SHOWS: _BETWEEN.join(map(names.term, (*record.flags, *record.context_labels))),
        _REACHED: _BETWEEN.join(dict.fromkeys(f"{names.term(one.type)}: {one.value}" for one in contacts)),
    }


def _told(row: ResultRow) -> dict[str, Any]:
    details: dict[str, Any] = json.loads(row.details) if row.details else {}
    told: dict[str, Any] = details.get(OF_FILE, {})
    return told


def _name(row: ResultRow, choice: Choice, told: dict[str, Any]) -> str:
    """Return the id that the row has in its file, or else its number."""
    given = told.get("columns", {}).get(choice.id) if choice.id else None
    return str(given) if given not in (None, "") else str(row.number)


def _record(row: ResultRow, name: str, *, with_words: bool) -> Screening | ScreeningError:
    if not row.report_id:
        return ScreeningError(name, row.code, row.message)
    if row.is_purged:
        return ScreeningError(name, "purged", "the words of this report were removed")
    if row.record is None:
        return ScreeningError(name, "not_screened", "this report is not screened yet")
    record: dict[str, Any] = json.loads(row.record)
    if "error" in record:
        return ScreeningError(name, **record["error"])
    return replace(Screening.from_dict(record if with_words else without_words(record)), id=name)


class _Written(RawIOBase):
    """A file that keeps what is written until somebody takes it; it cannot be read or sought."""

    def __init__(self) -> None:
        super().__init__()
        self._parts: list[bytes] = []

    def writable(self) -> bool:
        return True

    def write(self, content: Any) -> int:  # noqa: ANN401 (any buffer, as in the base)
        self._parts.append(bytes(content))
        return len(content)

    def close(self) -> None:
        """Leave what was written to who takes it."""

    def taken(self) -> bytes:
        """Return what was written since the last time."""
        content = b"".join(self._parts)
        self._parts.clear()
        return content
