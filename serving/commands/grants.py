"""The commands `scamscreen organisations grant|ungrant|grants`: who may read whose reports."""

import argparse
from collections.abc import Callable
from typing import Final

from sqlalchemy import Connection

from serving.clock import now_ms
from serving.commands.command import DONE
from serving.commands.office import Office, day, opened, write_table
from serving.store.access.grants import end_reading, grant_reading, listed_grants
from serving.store.organisations import organisation_named
from serving.terminal import say

_COLUMNS: Final = ("owner", "reader", "words", "since")


def grant(options: argparse.Namespace) -> int:
    """Let an organisation read the reports of another."""

    def granted(connection: Connection, office: Office, owner_id: int, reader_id: int) -> None:
        grant_reading(
            connection,
            office.keyring,
            owner_id,
            reader_id,
            with_words=options.pii,
            by=office.by,
            now_ms=now_ms(),
        )

    _change(options, granted)
    words = "also the words in them, with the scope pii" if options.pii else "not the words in them"
    say(f"keys of {options.reader} with the scope review read the reports of {options.owner}, {words}")
    return DONE


def ungrant(options: argparse.Namespace) -> int:
    """Let an organisation read the reports of another no longer."""

    def ended(connection: Connection, office: Office, owner_id: int, reader_id: int) -> None:
        end_reading(connection, office.keyring, owner_id, reader_id, by=office.by, now_ms=now_ms())

    _change(options, ended)
    say(f"{options.reader} reads the reports of {options.owner} no longer, as of now")
    return DONE


def list_grants(_: argparse.Namespace) -> int:
    """Write who may read whose reports."""
    with opened() as office:
        grants = office.database.read(listed_grants)
    write_table(
        _COLUMNS,
        ((one.owner, one.reader, "yes" if one.with_words else "no", day(one.granted_ms)) for one in grants),
    )
    return DONE


def _change(options: argparse.Namespace, change: Callable[[Connection, Office, int, int], None]) -> None:
    with opened() as office:

        def changed(connection: Connection) -> None:
            owner_id = organisation_named(connection, options.owner)
            change(connection, office, owner_id, organisation_named(connection, options.reader))

        office.database.write(changed)
