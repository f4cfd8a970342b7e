"""Reads .txt: one text a line."""

from collections.abc import Iterator

from serving.files.lines import MAX_LINE_CHARS, TextFile, without_trailing
from serving.files.row import Row, RowMaker, Source

TEXT_COLUMN = "text"


def read_txt(file: TextFile, maker: RowMaker) -> Source:
    """Return the lines of a file as rows; a blank line between others is a row, too."""

    def rows() -> Iterator[Row]:
        for number, line in enumerate(_lines(file), start=1):
            text = line.removesuffix("\n")
            if len(text) > MAX_LINE_CHARS:
                message = f"the line has more than {MAX_LINE_CHARS:,} characters: split it"
                yield maker.broken(number, message, code="text_too_long")
            else:
                yield maker.row(number, {TEXT_COLUMN: text})

    return Source(file.name, (TEXT_COLUMN,), sum(1 for _ in _lines(file)), rows, file.note)


def _lines(file: TextFile) -> Iterator[str]:
    return without_trailing(file.lines(), lambda line: not line.strip())
