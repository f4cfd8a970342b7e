"""The inputs named on a command line -> the files that are read: a folder stands for the files in it."""

from collections.abc import Callable, Sequence
from pathlib import Path

from models.errors import InputError
from serving.files.reading import STDIN, SUFFIXES

_NOT_DATA = (".", "_")


def expanded(names: Sequence[str], note: Callable[[str], None]) -> list[str]:
    """Return the names with each folder replaced by the files in it that can be read, sorted by name.

    Folders in the folder, files of other suffixes, and names that start with a dot or an underscore are left
    out, as tools for partitioned data do; `note` is told how many.

    Raises:
        InputError: a folder has no file that can be read.
    """
    files: list[str] = []
    for name in names:
        if name == STDIN or not Path(name).is_dir():
            files.append(name)
            continue
        inside = list(Path(name).iterdir())
        found = sorted(str(path) for path in inside if _is_data(path))
        if not found:
            raise InputError(f"{name} has no file to read: expected one ending in {', '.join(SUFFIXES)}")
        files += found
        if left_out := len(inside) - len(found):
            note(f"{name}: {len(found):,} files are read, {left_out:,} other files and folders are left out")
    return files


def _is_data(path: Path) -> bool:
    return path.is_file() and path.suffix.lower() in SUFFIXES and not path.name.startswith(_NOT_DATA)
