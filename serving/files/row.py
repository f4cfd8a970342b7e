"""One row of an input: the document to screen, or why there is none, and the row's own columns."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from models.screening import Document, ScreeningError
from serving.files.values import JsonValue, json_value, whole_characters

UNREADABLE = "\udcff"  # stands where bytes could not be decoded; never leaves the readers


@dataclass(frozen=True, slots=True)
class Row:
    """One row of an input.

    Attributes:
        document: what to screen, or the error that takes its place.
        columns: the row's own columns in their order, the text included.
        text_column: which of them is the text.
        warnings: codes for its record: what of the row was left aside.
    """

    document: Document | ScreeningError
    columns: Mapping[str, JsonValue]
    text_column: str
    warnings: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        """The text as received; empty when it could not be read."""
        return self.document.text if isinstance(self.document, Document) else ""

    @property
    def other_columns(self) -> dict[str, JsonValue]:
        """All columns but the text."""
        return {name: value for name, value in self.columns.items() if name != self.text_column}


@dataclass(frozen=True, slots=True)
class Source:
    """An input that was looked at and can be read, again and again.

    Attributes:
        name: as the user gave it.
        columns: names of all columns any row may have.
        total: number of rows, or None where only reading them all would tell.
        rows: opens the input and streams its rows.
        note: one line the user should see (a guessed encoding), or None.
    """

    name: str
    columns: tuple[str, ...]
    total: int | None
    rows: Callable[[], Iterator[Row]]
    note: str | None = None


@dataclass(frozen=True, slots=True)
class RowMaker:
    """Makes the rows of one input.

    Attributes:
        text_column: the column to screen.
        id_prefix: put before ids and row numbers, so that they stay apart when several files are read.
        language: of documents that name none, or None to detect it.
    """

    text_column: str
    id_prefix: str = ""
    language: str | None = None

    def row(
        self,
        number: int,
        columns: Mapping[str, object],
        *,
        language: str | None = None,
        received_at: datetime | None = None,
        warnings: tuple[str, ...] = (),
    ) -> Row:
        """Return the row with this number, counted from 1; a row without a readable text becomes an error."""
        text = columns.get(self.text_column)
        if text is None:
            return self.broken(number, "the row has no text: expected one in its text column", columns)
        if not isinstance(text, str):
            return self.broken(number, f"expected text in the text column, found {_kind(text)}", columns)
        if UNREADABLE in text:
            return self.broken(
                number, "the text has bytes that are not valid in the file's encoding", columns
            )
        document = Document(self._id(number, columns), text, language or self.language, received_at)
        return Row(document, _json_columns(columns), self.text_column, warnings)

    def broken(
        self,
        number: int,
        message: str,
        columns: Mapping[str, object] | None = None,
        *,
        code: str = "unreadable_row",
    ) -> Row:
        """Return an error in the place of a row; the message must hold nothing of its content."""
        known = columns or {}
        error = ScreeningError(id=self._id(number, known), code=code, message=message)
        return Row(error, _json_columns(known), self.text_column)

    def _id(self, number: int, columns: Mapping[str, object]) -> str:
        given = columns.get("id")
        if isinstance(given, str | int) and not isinstance(given, bool) and str(given).strip():
            return f"{self.id_prefix}{whole_characters(str(given))}"
        return f"{self.id_prefix}{number}"


def _json_columns(columns: Mapping[str, object]) -> dict[str, JsonValue]:
    return {whole_characters(name): json_value(value) for name, value in columns.items()}


def _kind(value: object) -> str:
    match value:
        case bool():
            return "true or false"
        case int() | float():
            return "a number"
        case list() | tuple():
            return "a list"
        case dict():
            return "an object"
        case _:
            return f"a {type(value).__name__}"
