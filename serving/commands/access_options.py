"""The options of `scamscreen keys`, `people` and `organisations`."""

import argparse
import re
from collections.abc import Callable
from typing import Final

from models.errors import InputError
from serving.access.key_limits import parsed_limits
from serving.commands import grants as grant_commands
from serving.commands import keys as key_commands
from serving.commands import links
from serving.commands import people as people_commands
from serving.commands.command import Commands
from serving.store.access.callers import SCOPES, column_of
from serving.store.organisations import LOCAL

MOST_DAYS: Final = 3650
MOST_HOURS: Final = 24 * 14


def add_access_commands(commands: Commands) -> None:
    """Add the commands that say who may use the service."""
    keys = _group(commands, "keys", "make, list, replace and revoke the API keys of programs")
    create = keys.add_parser("create", help="make a key and show it, once")
    create.set_defaults(command=key_commands.create_key)
    create.add_argument("name", metavar="NAME", help="of the program")
    _add_scopes(create)
    _add_organisation(create, LOCAL)
    create.add_argument("--expires", type=_up_to(MOST_DAYS), metavar="DAYS", help="(default: never)")
    create.add_argument(
        "--limits",
        type=_limits,
        metavar="LIMITS",
        help='as "600/minute; 50000/day" (default: those of the service, SCAMSCREEN_KEY_LIMITS)',
    )
    listed = keys.add_parser("list", help="what keys there are")
    listed.set_defaults(command=key_commands.list_keys)
    _add_organisation(listed, None)
    revoke = keys.add_parser("revoke", help="end a key")
    revoke.set_defaults(command=key_commands.revoke_key)
    revoke.add_argument("id", metavar="ID", help="of the key, see keys list")
    rotate = keys.add_parser("rotate", help="replace a key by a new one, shown once")
    rotate.set_defaults(command=key_commands.rotate_key)
    rotate.add_argument("id", metavar="ID", help="of the key, see keys list")
    rotate.add_argument(
        "--overlap",
        type=_up_to(MOST_HOURS),
        default=0,
        metavar="HOURS",
        help="let the old one work on while its program is told the new one (default: revoke it now)",
    )
    _add_people(commands)
    organisations = _group(commands, "organisations", "whom reports belong to")
    added = organisations.add_parser("add", help="add an organisation")
    added.set_defaults(command=people_commands.add_organisation)
    added.add_argument("name", metavar="NAME")
    added.add_argument("--prefix", required=True, metavar="ABC", help="of its case numbers, 2 to 8 letters")
    granted = organisations.add_parser("grant", help="let one read the reports of another, never change them")
    granted.set_defaults(command=grant_commands.grant)
    granted.add_argument("owner", metavar="OWNER", help="whose reports")
    granted.add_argument("reader", metavar="READER", help="whose keys and people with the scope review")
    granted.add_argument(
        "--pii",
        action="store_true",
        help="also the words in them, to those with the scope pii (default: not)",
    )
    ended = organisations.add_parser("ungrant", help="end that, at once")
    ended.set_defaults(command=grant_commands.ungrant)
    ended.add_argument("owner", metavar="OWNER")
    ended.add_argument("reader", metavar="READER")
    organisations.add_parser("grants", help="who may read whose reports").set_defaults(
        command=grant_commands.list_grants
    )
    organisations.add_parser("list", help="what organisations there are").set_defaults(
        command=people_commands.list_organisations
    )


def _add_people(commands: Commands) -> None:
    people = _group(commands, "people", "who may sign in with a password")
    add = people.add_parser("add", help="add a person; the password is asked for, or read from the input")
    add.set_defaults(command=people_commands.add_person)
    add.add_argument("name", metavar="NAME", help="to sign in with")
    _add_scopes(add)
    _add_organisation(add, LOCAL)
    add.add_argument("--locale", choices=("en", "th"), default="en")
    changed = people.add_parser("set-password", help="give a person a new password; ends a lock-out")
    changed.set_defaults(command=people_commands.set_password)
    changed.add_argument("name", metavar="NAME")
    for command in (add, changed):
        command.add_argument(
            "--totp", action=argparse.BooleanOptionalAction, help="ask for a code of their telephone as well"
        )
    for name, disabled, told in (
        ("disable", True, "shut a person out, within a second"),
        ("enable", False, "let a person in again"),
    ):
        switch = people.add_parser(name, help=told)
        switch.set_defaults(command=people_commands.switch_person, disabled=disabled)
        switch.add_argument("name", metavar="NAME")
    link = people.add_parser("link", help="a link that signs a person in to the console once, for 5 minutes")
    link.set_defaults(command=links.show_link)
    link.add_argument(
        "name", metavar="NAME", nargs="?", default=LOCAL, help="(default: whoever serves --open)"
    )
    listed = people.add_parser("list", help="who may sign in")
    listed.set_defaults(command=people_commands.list_people)
    _add_organisation(listed, None)


def _group(commands: Commands, name: str, told: str) -> Commands:
    return commands.add_parser(name, help=told).add_subparsers(required=True, metavar="ACTION")


def _add_scopes(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--scopes",
        type=_scopes,
        required=True,
        metavar="SCOPE,SCOPE",
        help=f"what they may do, of {', '.join(SCOPES)}; none includes another",
    )


def _add_organisation(command: argparse.ArgumentParser, default: str | None) -> None:
    command.add_argument(
        "--organisation", default=default, metavar="NAME", help=f"(default: {default or 'all'})"
    )


def _scopes(names: str) -> tuple[str, ...]:
    try:
        return tuple(column_of(name.strip() for name in names.split(",")).split())
    except InputError as error:
        raise argparse.ArgumentTypeError(str(error)) from None


def _limits(limits: str) -> str:
    try:
        parsed_limits(limits)
    except InputError as error:
        raise argparse.ArgumentTypeError(str(error)) from None
    return limits


def _up_to(most: int) -> Callable[[str], int]:
    def number(digits: str) -> int:
        if not re.fullmatch(r"[0-9]{1,5}", digits) or not 1 <= int(digits) <= most:
            raise argparse.ArgumentTypeError(f"expected a whole number from 1 to {most}")
        return int(digits)

    return number
