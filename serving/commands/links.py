"""The links that sign in: `scamscreen people link`, and that which `serve --open` shows."""

import argparse
import sys
from typing import Final

from serving.clock import now_ms
from serving.commands.office import opened
from serving.settings import Settings
from serving.store.access.people import person_named
from serving.store.access.sessions import make_link
from serving.store.organisations import LOCAL
from serving.terminal import say

_DONE: Final = 0


def new_link(name: str = LOCAL) -> str:
    """Return the address at which a person signs in once, within five minutes.

    What lets them in stands behind the #, which no browser sends and no server or proxy logs.

    Raises:
        NotFoundError: there is no such person.
        StoreUnavailableError: the store does not answer.
    """
    with opened() as office:
        token = office.database.write(
            lambda connection: make_link(
                connection,
                office.keyring,
                office.by if name == LOCAL else person_named(connection, name),
                now_ms=now_ms(),
            )
        )
    return f"{Settings.from_environment().console_url}/sign-in#{token}"


def show_link(options: argparse.Namespace) -> int:
    """Write a link to the standard output."""
    sys.stdout.write(f"{new_link(options.name)}\n")
    say("it works once, within 5 minutes; whoever has it comes in")
    return _DONE


def tell_link() -> None:
    """Show whoever started the service at a terminal how to come in; into a file no link is written."""
    if sys.stderr.isatty():
        say(f"console, once, within 5 minutes: {new_link()}")
    else:
        say("the console is opened with the link that `scamscreen people link` shows")
