"""A program that answers as Tesseract 5 does, and says whatever a test wants it to read."""

import sys
from collections.abc import Sequence
from pathlib import Path

_PROGRAM = """#!{python}
import os, sys, time
options = sys.argv[1:]
if "--version" in options:
    print("tesseract 5.3.0\\n leptonica-1.82.0")
elif "--list-langs" in options:
    print('List of available languages in "/data/" ({n}):', *{data!r}, sep="\\n")
elif "osd" in options:
    sys.stdin.buffer.read()
    print("Rotate: 0\\nScript: {script}\\nScript confidence: 20.00" if {script!r} else "Too few characters.")
    sys.exit(not {script!r})
else:
    sys.stdin.buffer.read()
    {then}
    sys.stdout.buffer.write({text!r}.encode())
"""


def write_tesseract(
    folder: Path, text: str, *, data: Sequence[str] = ("eng", "osd"), script: str = "", then: str = "pass"
) -> Path:
    """Write the program `tesseract` into a folder.

    Args:
        folder: where it goes.
        text: what it reads in every image.
        data: names of the languages it has.
        script: that it sees.
        then: statement of Python that it runs before it answers.
    """
    program = folder / "tesseract"
    program.write_text(
        _PROGRAM.format(
            python=sys.executable, n=len(data), data=list(data), script=script, then=then, text=text
        ),
        encoding="utf-8",
    )
    program.chmod(0o700)
    return program
