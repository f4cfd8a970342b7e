"""What the commands that look after the store share: an open store, and how they tell what is in it."""

import getpass
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from models.errors import InputError
from serving.clock import now_ms
from serving.settings import Settings
from serving.store.engine import Database
from serving.store.home import keys_made, open_store, place_of
from serving.store.organisations import Actor, local_actors, operator
from serving.store.sealing import Keyring
from serving.terminal import say, visible

_FROM_INPUT: Final = "-"


@dataclass(frozen=True, slots=True)
class Office:
    """An open store.

    Attributes:
        by: in whose name it is changed: whoever has a shell on this machine.
        place: where it is, to be shown.
    """

    database: Database
    keyring: Keyring
    by: Actor
    place: str


@contextmanager
def opened() -> Iterator[Office]:
    """Open the store that the environment names, whether a service runs on it or not.

    Raises:
        InputError: its settings or its key file cannot be used.
        StoreUnavailableError: it does not answer.
    """
    settings = Settings.from_environment()
    has_keys = settings.key_file.exists()
    store = open_store(settings.store, settings.key_file)
    place = place_of(settings.store)
    if not has_keys:
        say(f"began a new store, {place}: a service that runs with other settings knows nothing of it")
        say(keys_made(settings.key_file))
    try:
        local, _ = store.database.write(lambda connection: local_actors(connection, now_ms=now_ms()))
        yield Office(store.database, store.keyring, local, place)
    finally:
        store.database.close()


def operator_of(database: Database) -> Actor:
    """Return whoever runs a command, by the name of their account on this machine."""
    try:
        login = getpass.getuser()
    except (KeyError, OSError):  # an account without a name, as in a container
        login = "unknown"
    return database.write(lambda connection: operator(connection, login, now_ms=now_ms()))


def words_given(given: str) -> str:
    """Return a reason: the words given, or those of the standard input for `-`, seen by no list of processes.

    Raises:
        InputError: there are none.
    """
    if given == _FROM_INPUT and sys.stdin.isatty():
        say("type the words; an empty line and Ctrl-D end them")
    words = sys.stdin.read().strip() if given == _FROM_INPUT else given.strip()
    if not words:
        raise InputError("expected a reason, found nothing")
    return words


def write_table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """Write a table to the standard output, a tab between columns."""
    for row in (head, *rows):
        sys.stdout.write("\t".join(visible(cell) for cell in row) + "\n")


def day(ms: int | None) -> str:
    """Return the day of a time, in UTC, or "-"."""
    return "-" if ms is None else datetime.fromtimestamp(ms / 1000, UTC).date().isoformat()
