"""What commands tell whoever runs them, beside what they were asked for."""

import sys

from serving.commands.table import visible


def say(message: str) -> None:
    """Write a line to the standard error."""
    sys.stderr.write(f"scamscreen: {visible(message)}\n")
