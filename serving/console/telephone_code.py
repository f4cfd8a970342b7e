"""The secret of a telephone's codes as a QR code that a page draws itself."""

from dataclasses import dataclass, field
from itertools import groupby
from typing import Final

import pyotp
import segno

_BORDER: Final = 4  # of empty modules, as ISO/IEC 18004 wants
_GROUP: Final = 4


@dataclass(frozen=True, slots=True)
class TelephoneCode:
    """What a person needs once.

    Attributes:
        secret: to be typed where no camera is, in groups.
        modules: width and height of the square.
        path: its dark modules, as the data of an SVG path.
    """

    secret: str = field(repr=False)
    modules: int
    path: str = field(repr=False)


def telephone_code(uri: str) -> TelephoneCode:
    """Return what a page shows of a provisioning URI (`require_code`)."""
    secret = pyotp.parse_uri(uri).secret
    rows = [list(row) for row in segno.make(uri, error="m", micro=False).matrix_iter(border=_BORDER)]
    groups = [secret[first : first + _GROUP] for first in range(0, len(secret), _GROUP)]
    path = "".join(_runs(row, y) for y, row in enumerate(rows))
    return TelephoneCode(" ".join(groups), len(rows), path)


def _runs(row: list[int], y: int) -> str:
    drawn, x = "", 0
    for is_dark, run in groupby(row):
        width = len(list(run))
        if is_dark:
            drawn += f"M{x} {y}h{width}v1h-{width}z"
        x += width
    return drawn
