"""The commands `scamscreen people` and `scamscreen organisations`: who may sign in, and for whom they act."""

import argparse
import getpass
import sys
from typing import Final

from sqlalchemy import Connection

from models.errors import InputError
from serving.clock import now_ms
from serving.commands.command import DONE
from serving.commands.office import Office, day, opened, write_table
from serving.store.access import people
from serving.store.organisations import (
    listed_organisations,
    organisation_named,
    register_organisation,
    set_disabled,
)
from serving.terminal import say

_COLUMNS: Final = ("name", "organisation", "scopes", "code", "created", "state")


def add_person(options: argparse.Namespace) -> int:
    """Add a person; their password is read from the terminal or the standard input."""
    with opened() as office:
        password = people.hashed(office.keyring, options.name, _password())

        def added(connection: Connection) -> str:
            people.add_person(
                connection,
                office.keyring,
                organisation_named(connection, options.organisation),
                name=options.name,
                password=password,
                scopes=options.scopes,
                locale=options.locale,
                by=office.by,
                now_ms=now_ms(),
            )
            return _changed_code(connection, office, options)

        _show_code(office.database.write(added))
    say(f"{options.name} may sign in")
    return DONE


def set_password(options: argparse.Namespace) -> int:
    """Give a person a new password, and with --totp a new secret for their telephone."""
    with opened() as office:
        office.database.read(lambda connection: people.person_named(connection, options.name))
        password = people.hashed(office.keyring, options.name, _password())

        def changed(connection: Connection) -> str:
            people.set_password(
                connection, office.keyring, options.name, password, by=office.by, now_ms=now_ms()
            )
            return _changed_code(connection, office, options)

        _show_code(office.database.write(changed))
    say(f"{options.name} has a new password")
    return DONE


def switch_person(options: argparse.Namespace) -> int:
    """Shut a person out, or let them in again."""
    with opened() as office:
        office.database.write(
            lambda connection: set_disabled(
                connection,
                office.keyring,
                people.person_named(connection, options.name),
                disabled=options.disabled,
                by=office.by,
                now_ms=now_ms(),
            )
        )
    say(f"{options.name} is {'shut out' if options.disabled else 'let in again'}, within a second")
    return DONE


def list_people(options: argparse.Namespace) -> int:
    """Write who may sign in."""
    with opened() as office:

        def listed(connection: Connection) -> list[people.ListedPerson]:
            only = organisation_named(connection, options.organisation) if options.organisation else None
            return people.listed_people(connection, only)

        found = office.database.read(listed)
    write_table(
        _COLUMNS,
        (
            (
                one.name,
                one.organisation,
                one.scopes,
                "yes" if one.has_code else "no",
                day(one.created_ms),
                one.state,
            )
            for one in found
        ),
    )
    return DONE


def add_organisation(options: argparse.Namespace) -> int:
    """Add an organisation."""
    with opened() as office:
        office.database.write(
            lambda connection: register_organisation(
                connection, office.keyring, options.name, options.prefix, by=office.by, now_ms=now_ms()
            )
        )
    say(f"{options.name} was added; its cases are {options.prefix}-YEAR-NUMBER")
    return DONE


def list_organisations(_: argparse.Namespace) -> int:
    """Write what organisations there are."""
    with opened() as office:
        write_table(("name", "prefix"), office.database.read(listed_organisations))
    return DONE


def _password() -> str:
    """Return a password, which no list of processes and no history of a shell shows.

    Raises:
        InputError: typed twice, the second is another.
    """
    if not sys.stdin.isatty():
        return sys.stdin.readline().rstrip("\r\n")
    password = getpass.getpass("password: ")
    if getpass.getpass("again: ") != password:
        raise InputError("the second was another: nothing was changed")
    return password


def _changed_code(connection: Connection, office: Office, options: argparse.Namespace) -> str:
    """Ask for a code or no longer, as the options say; return the URI for the telephone, or ""."""
    if options.totp is None:
        return ""
    if not options.totp:
        people.drop_code(connection, office.keyring, options.name, by=office.by, now_ms=now_ms())
        return ""
    return people.require_code(connection, office.keyring, options.name, by=office.by, now_ms=now_ms())


def _show_code(uri: str) -> None:
    if uri:
        sys.stdout.write(f"{uri}\n")
        say("put this into their telephone, as a QR code or by hand: it is not shown again")
