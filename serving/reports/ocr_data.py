"""What Tesseract cannot read on this machine: a page says so before somebody sends what nobody reads."""

import shutil
import time
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

_KEPT_SECONDS: Final = 60


@dataclass(frozen=True, slots=True)
class Lacking:
    """What is to be installed.

    Attributes:
        program: Tesseract itself is not there.
        languages: tags of those of which it lacks data.
        packages: of Debian, that have what is lacking.
    """

    program: bool
    languages: tuple[str, ...]
    packages: tuple[str, ...]


def lacking(program: str = "tesseract") -> Lacking:
    """Return what is not installed of all that reports are read with, or was not within the last minute."""
    return _looked_for(program, int(time.monotonic() / _KEPT_SECONDS))


@lru_cache(maxsize=1)
def _looked_for(program: str, _minute: int) -> Lacking:
    """Look; takes some milliseconds, and a process."""
    from serving.reports.ocr_child import DATA, ReadingError, installed  # Pillow: what no start need wait for

    found = shutil.which(program)
    data: frozenset[str] = frozenset()
    if found is not None:
        try:
            data = installed(found)
        except ReadingError:
            found = None
    missing = {tag: [name for name in names if name not in data] for tag, names in DATA.items()}
    packages = [f"tesseract-ocr-{name.replace('_', '-')}" for names in missing.values() for name in names]
    return Lacking(
        program=found is None,
        languages=tuple(tag for tag, names in missing.items() if names),
        packages=tuple(packages if found else ["tesseract-ocr", *packages]),
    )
