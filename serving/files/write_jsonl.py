"""Writes JSONL: the record of a row, with the row's other columns under `input`."""

import json
from collections.abc import Sequence
from typing import TextIO

from serving.files.screen import ScreenedRow


class JsonlWriter:
    """Writes one object a line to an open text file, which it closes only if told so."""

    def __init__(self, file: TextIO, *, closes: bool) -> None:
        self._file = file
        self._closes = closes

    def write(self, rows: Sequence[ScreenedRow]) -> None:
        """Append the rows."""
        for screened in rows:
            self._file.write(json_line(screened) + "\n")
        self._file.flush()

    def close(self) -> None:
        """Write what is left."""
        if self._closes:
            self._file.close()


def json_line(screened: ScreenedRow) -> str:
    """Return one row as JSON without a line end."""
    content = {**screened.record.to_dict(), "input": screened.row.other_columns}
    return json.dumps(content, ensure_ascii=False)
