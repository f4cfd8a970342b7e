"""The sealed chunks of an upload -> a binary stream; no more than two of them are open at once."""

from collections import OrderedDict
from collections.abc import Callable
from io import SEEK_CUR, SEEK_END, BufferedReader, RawIOBase
from typing import Final

from sqlalchemy import select

from serving.store.errors import NotFoundError
from serving.store.home import Store
from serving.store.tables import UPLOAD_CHUNK
from serving.store.uploads.upload import CHUNK_BYTES, Upload, place_of_chunk

_OPEN_AT_ONCE: Final = 2  # a workbook is read from its end, then on
_BUFFER_BYTES: Final = 65_536


def open_upload(
    store: Store, upload: Upload, before_chunk: Callable[[], None] = lambda: None
) -> BufferedReader:
    """Open the bytes of a file from their start; nothing of them is written anywhere.

    Reading it raises NotFoundError if a chunk is gone, as after the upload was stopped.

    Args:
        store: where its chunks are.
        upload: which.
        before_chunk: called before each is read; may raise.
    """
    chunk = select(UPLOAD_CHUNK.c.sealed).where(UPLOAD_CHUNK.c.upload_serial == upload.serial)

    def read_chunk(number: int) -> bytes:
        before_chunk()
        of_number = chunk.where(UPLOAD_CHUNK.c.number == number)
        sealed = store.database.read(lambda connection: connection.execute(of_number).scalar())
        if sealed is None:
            raise NotFoundError("a part of the upload is gone")
        return store.keyring.open(sealed, place_of_chunk(upload.id, number))

    return BufferedReader(_SealedFile(read_chunk, upload.size), _BUFFER_BYTES)


class _SealedFile(RawIOBase):
    """Reads chunks as they are needed."""

    def __init__(self, read_chunk: Callable[[int], bytes], size: int) -> None:
        super().__init__()
        self._read_chunk, self._size = read_chunk, size
        self._place = 0
        self._open: OrderedDict[int, bytes] = OrderedDict()

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._place

    def seek(self, offset: int, whence: int = 0) -> int:
        start = {SEEK_CUR: self._place, SEEK_END: self._size}.get(whence, 0)
        if start + offset < 0:
            raise ValueError("a place before the beginning of a file")
        self._place = start + offset
        return self._place

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]  # any buffer, in the base
        if self._place >= self._size:
            return 0
        number, start = divmod(self._place, CHUNK_BYTES)
        part = self._chunk(number)[start : start + len(buffer)]
        buffer[: len(part)] = part
        self._place += len(part)
        return len(part)

    def _chunk(self, number: int) -> bytes:
        if number in self._open:
            self._open.move_to_end(number)
            return self._open[number]
        if len(self._open) == _OPEN_AT_ONCE:
            self._open.popitem(last=False)
        content = self._open[number] = self._read_chunk(number)
        return content
