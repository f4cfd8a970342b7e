"""How much a workbook may unpack to, for those that come from anybody: a small file can hold gigabytes."""

import struct
from collections.abc import Callable, Sequence
from io import SEEK_END
from typing import BinaryIO, Final
from zipfile import BadZipFile, ZipFile, ZipInfo

from models.errors import InputError
from serving.files.xml_bounds import MOST_OF_A_PART, MOST_OF_A_ROW, MOST_OF_SHARED, check_elements

MOST_BYTES: Final = 512_000_000
MOST_SHARED_BYTES: Final = 256_000_000
"""Of texts that many cells share, which openpyxl holds in memory."""
_MOST_OTHER_BYTES: Final = 32_000_000  # of what else it reads as a whole
_MOST_TIMES: Final = 50
_FEW_BYTES: Final = 50_000_000  # whatever they came from
_MOST_PARTS: Final = 10_000
_MOST_DIRECTORY_BYTES: Final = 4_000_000  # what `zipfile` makes objects of takes ten times as much
_END: Final = struct.Struct("<4s4H2LH")  # APPNOTE.TXT, 4.3.16; its sixth field is the length of the directory
_LARGE_END: Final = struct.Struct("<4sQ2H2L4Q")  # 4.3.14; its ninth
_LOCATOR_BYTES: Final = 20
_END_SIGN, _LARGE_SIGN, _LOCATOR_SIGN = b"PK\x05\x06", b"PK\x06\x06", b"PK\x06\x07"
_MOST_COMMENT_BYTES: Final = 65_535
_READ_AS_A_WHOLE: Final = (".xml", ".rels", ".vml")
_SHEETS, _SHARED = "xl/worksheets/", "sharedstrings"


def check_unpacked(name: str, open_bytes: Callable[[], BinaryIO]) -> None:
    """Look at how large a workbook says that its parts are, which `zipfile` holds it to, then at their tags.

    Raises:
        InputError: it is no workbook, or holds too much.
    """
    with open_bytes() as file:
        if _directory_bytes(file) > _MOST_DIRECTORY_BYTES:
            raise InputError(f"{name} has far more parts than a list of texts: save it as .csv")
        with _archive(name, file) as archive:
            _check_sizes(name, archive.infolist(), packed=file.seek(0, SEEK_END))
            for part in archive.infolist():
                _check_part(name, archive, part)


def _archive(name: str, file: BinaryIO) -> ZipFile:
    try:
        return ZipFile(file)
    except (BadZipFile, struct.error, ValueError, NotImplementedError, OSError) as error:
        raise InputError(f"{name} is not an Excel workbook: save it as .xlsx or .csv") from error


def _check_sizes(name: str, parts: Sequence[ZipInfo], *, packed: int) -> None:
    sheets = shared = others = pictures = 0
    for part in parts:
        if part.filename.startswith(_SHEETS):
            sheets += part.file_size
        elif _SHARED in part.filename.lower():
            shared += part.file_size
        elif part.filename.endswith(_READ_AS_A_WHOLE):
            others += part.file_size
        else:
            pictures += part.file_size
    unpacked = sheets + shared + others + pictures
    if (
        unpacked > MOST_BYTES
        or shared > MOST_SHARED_BYTES
        or others > _MOST_OTHER_BYTES
        or len(parts) > _MOST_PARTS
        or unpacked > max(_FEW_BYTES, _MOST_TIMES * packed)
    ):
        raise InputError(f"{name} unpacks to far more than a list of texts: save it as .csv")


def _check_part(name: str, archive: ZipFile, part: ZipInfo) -> None:
    """Look at the tags of a part, of a picture too: the workbook says which of them is read as what."""
    is_shared = _SHARED in part.filename.lower()
    has_rows = part.filename.startswith(_SHEETS)
    most = MOST_OF_SHARED if is_shared else MOST_OF_A_ROW if has_rows else MOST_OF_A_PART
    try:
        with archive.open(part) as content:
            check_elements(name, content, most, has_rows=has_rows)
    except (BadZipFile, NotImplementedError, RuntimeError, OSError) as error:
        raise InputError(f"{name} is damaged or locked by a password: save it again without one") from error


def _directory_bytes(file: BinaryIO) -> int:
    """Return how long the list of parts says that it is, as `zipfile` finds it; 0 where there is none."""
    most = _END.size + _MOST_COMMENT_BYTES + _LOCATOR_BYTES + _LARGE_END.size
    file.seek(max(0, file.seek(0, SEEK_END) - most))
    tail = file.read()
    at = tail.rfind(_END_SIGN)
    if at < 0:
        return 0
    if len(tail) - at < _END.size:  # within the true one, to hide it
        return _MOST_DIRECTORY_BYTES + 1
    locator_at = at - _LOCATOR_BYTES
    large_at = locator_at - _LARGE_END.size
    if (
        large_at >= 0
        and tail.startswith(_LOCATOR_SIGN, locator_at)
        and tail.startswith(_LARGE_SIGN, large_at)
    ):
        return int(_LARGE_END.unpack_from(tail, large_at)[8])
    return int(_END.unpack_from(tail, at)[5])
