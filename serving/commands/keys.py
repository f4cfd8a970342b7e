"""The commands `scamscreen keys`: which programs may ask the service what."""

import argparse
import sys
from typing import Final

from sqlalchemy import Connection

from serving.clock import DAY_MS, HOUR_MS, now_ms
from serving.commands.command import DONE
from serving.commands.office import day, opened, write_table
from serving.store.access import credentials
from serving.store.access.credentials import API_KEY, NewKey
from serving.store.organisations import add_actor, checked_name, organisation_named
from serving.terminal import say

_COLUMNS: Final = ("id", "name", "organisation", "scopes", "limits", "created", "expires", "state")


def create_key(options: argparse.Namespace) -> int:
    """Make a key for a program and write it to the standard output."""
    name = checked_name(options.name)
    now = now_ms()
    with opened() as office:

        def created(connection: Connection) -> NewKey:
            organisation_id = organisation_named(connection, options.organisation)
            owner = credentials.key_owner(connection, organisation_id, name) or add_actor(
                connection, organisation_id, name, kind="machine", role=API_KEY, now_ms=now
            )
            return credentials.create_key(
                connection,
                office.keyring,
                owner,
                options.scopes,
                by=office.by,
                now_ms=now,
                expires_ms=now + options.expires * DAY_MS if options.expires else None,
                limits=options.limits or "",
            )

        _show(office.database.write(created), office.place)
    return DONE


def list_keys(options: argparse.Namespace) -> int:
    """Write what keys there are, without their secrets."""
    with opened() as office:

        def listed(connection: Connection) -> list[credentials.ListedKey]:
            only = organisation_named(connection, options.organisation) if options.organisation else None
            return credentials.listed_keys(connection, now_ms=now_ms(), organisation_id=only)

        keys = office.database.read(listed)
    write_table(
        _COLUMNS,
        (
            (
                key.id,
                key.name,
                key.organisation,
                key.scopes,
                key.limits or "-",
                day(key.created_ms),
                day(key.expires_ms),
                key.state,
            )
            for key in keys
        ),
    )
    return DONE


def revoke_key(options: argparse.Namespace) -> int:
    """End a key."""
    with opened() as office:
        office.database.write(
            lambda connection: credentials.revoke_key(
                connection, office.keyring, options.id, by=office.by, now_ms=now_ms()
            )
        )
    say(f"{options.id} is revoked: a running service refuses it within a second")
    return DONE


def rotate_key(options: argparse.Namespace) -> int:
    """Replace a key and write the new one to the standard output."""
    with opened() as office:
        new = office.database.write(
            lambda connection: credentials.rotate_key(
                connection,
                office.keyring,
                options.id,
                by=office.by,
                now_ms=now_ms(),
                overlap_ms=options.overlap * HOUR_MS,
            )
        )
        _show(new, office.place)
    ends = f"works for {options.overlap} more hours" if options.overlap else "is revoked"
    say(f"{options.id} {ends}")
    return DONE


def _show(key: NewKey, place: str) -> None:
    sys.stdout.write(f"{key.token}\n")
    say(f"this is the key {key.id} to the store {place}: keep it, it is not shown again")
