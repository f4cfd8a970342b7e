"""What is to survive a power cut."""

import os
from pathlib import Path


def flush_folder(folder: Path) -> None:
    """Have the names of the files in a folder on the disk, as after one was renamed."""
    if os.name == "posix":
        opened = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(opened)
        finally:
            os.close(opened)
