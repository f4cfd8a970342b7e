"""Runs a script of ours that reads what others sent: `python bounded.py CPU_SECONDS SCRIPT ARGUMENTS...`.

It comes last, and neither it nor what it starts takes more memory or time than it may, or writes a file. Like
these scripts it imports nothing of ours.
"""

import os
import runpy
import sys
from typing import Final

MEMORY_BYTES: Final = 1_000_000_000
NICENESS: Final = 10


def main(arguments: list[str]) -> None:
    """Run a script within limits."""
    cpu_seconds, script, *_ = arguments
    _limit_ourselves(int(cpu_seconds))
    sys.argv = arguments[1:]
    runpy.run_path(script, run_name="__main__")


def _limit_ourselves(cpu_seconds: int) -> None:
    """Come last, and take no more than our share; whatever is started from here is limited with us."""
    if sys.platform == "win32":
        return
    import resource

    os.nice(NICENESS)
    for kind, most in (
        (resource.RLIMIT_AS, MEMORY_BYTES),
        (resource.RLIMIT_CPU, cpu_seconds),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(kind, (most, most))


if __name__ == "__main__":
    main(sys.argv[1:])
