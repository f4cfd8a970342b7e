"""One service per SQLite file: a lock that ends with its holder, however that dies.

The lock is on a file of its own: SQLite would lose its locks if we closed another handle of the database.
Commands that only read may run beside the service.
"""

import os
from pathlib import Path
from typing import Final

from models.errors import InputError
from serving.store.engine import Database

_SUFFIX: Final = ".service"


class SoleService:
    """The right to be the one service that works on a store, until it is closed."""

    def __init__(self, database: Database) -> None:
        """Take the right; a PostgreSQL may have several services.

        Raises:
            InputError: another service has it.
        """
        self._held: int | None = None
        if not database.is_sqlite or os.name != "posix":
            return
        file = Path(str(database.writer.url.database))
        held = os.open(file.with_name(file.name + _SUFFIX), os.O_RDWR | os.O_CREAT, 0o600)
        try:
            _lock(held)
        except OSError:
            os.close(held)
            raise InputError(
                f"another service works on {file}: end it first, or use PostgreSQL for several at once"
            ) from None
        self._held = held

    def close(self) -> None:
        """Give the right up."""
        if self._held is not None:
            os.close(self._held)
            self._held = None


def _lock(held: int) -> None:
    import fcntl  # not on Windows

    fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
