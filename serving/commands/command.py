"""What all commands share: where each is added, and how it ends."""

import argparse
from typing import Final, TypeAlias

from models.errors import ScamScreenError

Commands: TypeAlias = "argparse._SubParsersAction[argparse.ArgumentParser]"
"""The commands of `scamscreen`, or those below one of them."""
DONE: Final = 0
EXPECTED_ERROR: Final = 1
FAULTY: Final = 1
"""Not all of the store is as it should be; a line for each fault was written."""
WRONG_USAGE: Final = 2
INTERRUPTED: Final = 130


class UsageError(ScamScreenError):
    """The command was given arguments it cannot follow."""
