"""The physical lines of a text file, decoded; no line, however long, is held whole."""

import codecs
import io
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import repeat
from typing import BinaryIO, TypeVar

from serving.files.encoding import HEAD_BYTES, UNREADABLE_HANDLER, Encoding, find_encoding, mark_unreadable

MAX_LINE_CHARS = 2_000_000
BYTE_ORDER_MARK = "\ufeff"
Item = TypeVar("Item")


@dataclass(frozen=True, slots=True)
class TextFile:
    """A text file of known encoding.

    Attributes:
        name: as the user gave it.
        open_bytes: opens it from its start.
        encoding: what its bytes are.
    """

    name: str
    open_bytes: Callable[[], BinaryIO]
    encoding: Encoding

    @property
    def note(self) -> str | None:
        """What the user should know about a guessed encoding."""
        if not self.encoding.guessed:
            return None
        return f"{self.name} is not UTF-8: read as {self.encoding.name} (pass --encoding to choose another)"

    def lines(self, newline: str | None = None) -> Iterator[str]:
        """Yield the lines with their ends; one over `MAX_LINE_CHARS` is cut one character beyond that.

        Bytes that cannot be decoded become `row.UNREADABLE`.

        Args:
            newline: as for `open`; "" keeps the line ends as they are.
        """
        codecs.register_error(UNREADABLE_HANDLER, mark_unreadable)
        with io.TextIOWrapper(
            self.open_bytes(), encoding=self.encoding.name, errors=UNREADABLE_HANDLER, newline=newline
        ) as file:
            line = file.readline(MAX_LINE_CHARS + 1).removeprefix(BYTE_ORDER_MARK)
            while line:
                yield line
                while len(line) > MAX_LINE_CHARS and line[-1] not in "\r\n":
                    line = file.readline(MAX_LINE_CHARS + 1)
                line = file.readline(MAX_LINE_CHARS + 1)


def text_file(name: str, open_bytes: Callable[[], BinaryIO], encoding: str | None) -> TextFile:
    """Return the file with its encoding, found unless given from the first bytes that tell: not all ASCII.

    Raises:
        InputError: the encoding cannot be told.
    """
    with open_bytes() as file:
        head = block = file.read(HEAD_BYTES)
        while block.isascii() and 0 not in block and (following := file.read(HEAD_BYTES)):
            head, block = block + following, following
    return TextFile(name, open_bytes, find_encoding(head, wanted=encoding, name=name))


def without_trailing(items: Iterable[Item], is_blank: Callable[[Item], bool]) -> Iterator[Item]:
    """Yield all items but the blank ones at the end, which are no rows."""
    held = 0
    for item in items:
        if is_blank(item):
            held, blank = held + 1, item
            continue
        if held:
            yield from repeat(blank, held)
            held = 0
        yield item
