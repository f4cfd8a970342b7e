"""How much a workbook may unpack to, for those that come from anybody: a small file can hold gigabytes."""

import struct
from collections.abc import Callable
from typing import BinaryIO, Final
from zipfile import BadZipFile, ZipFile

from models.errors import InputError

MOST_BYTES: Final = 512_000_000
MOST_SHARED_BYTES: Final = 256_000_000
"""Of texts that many cells share, which openpyxl holds in memory."""
_MOST_OTHER_BYTES: Final = 32_000_000  # of what else it reads as a whole
_MOST_TIMES: Final = 50
_FEW_BYTES: Final = 50_000_000  # whatever they came from
_MOST_PARTS: Final = 10_000
_READ_AS_A_WHOLE: Final = (".xml", ".rels", ".vml")
_SHEETS, _SHARED = "xl/worksheets/", "sharedstrings"


def check_unpacked(name: str, open_bytes: Callable[[], BinaryIO]) -> None:
    """Look at what a workbook says of its parts; `zipfile` unpacks no more than that of any.

    Raises:
        InputError: it is no workbook, or holds too much.
    """
    sheets = shared = others = pictures = 0
    with open_bytes() as file:
        try:
            with ZipFile(file) as archive:
                parts = archive.infolist()
        except (BadZipFile, struct.error, ValueError, NotImplementedError, OSError) as error:
            raise InputError(f"{name} is not an Excel workbook: save it as .xlsx or .csv") from error
        packed = file.seek(0, 2)
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
