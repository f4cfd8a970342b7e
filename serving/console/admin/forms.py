"""What the forms of these pages send, and whom who sends them looks after."""

import unicodedata
from typing import Final

from sqlalchemy import Connection
from starlette.datastructures import FormData

from models.errors import InputError
from serving.console.visit import Visit
from serving.store.access.callers import SCOPES
from serving.store.organisations import checked_name, organisation_named

_MOST_CHARS: Final = 200
_CONTROL: Final = "Cc"


def text_of(form: FormData, name: str, most_chars: int = _MOST_CHARS) -> str:
    """Return what stands in a field, without blanks around it and control characters in it but line ends."""
    sent = str(form.get(name) or "").replace("\r\n", "\n")[:most_chars]
    kept = (letter for letter in sent if letter == "\n" or unicodedata.category(letter) != _CONTROL)
    return "".join(kept).strip()


def number_of(form: FormData, name: str) -> int | None:
    """Return the whole number in a field, or None."""
    digits = text_of(form, name, 9)
    return int(digits) if digits.isascii() and digits.isdecimal() else None


def scopes_of(form: FormData) -> list[str]:
    """Return the scopes that were ticked."""
    return [str(scope) for scope in form.getlist("scopes") if scope in SCOPES]


def fault_of(name: str, scopes: list[str]) -> str:
    """Return a code of what is wrong with a new person or program, or ""."""
    try:
        checked_name(name)
    except InputError:
        return "name"
    return "" if scopes else "scopes"


def is_sure(form: FormData) -> bool:
    """Whether somebody ticked that they mean it."""
    return form.get("sure") == "yes"


def reach(visit: Visit) -> int | None:
    """Return whose people and keys somebody looks after: their organisation's, or None: everybody's.

    Everybody's are those of the local administrator, who has a shell on this machine anyhow.
    """
    is_local = visit.session is not None and visit.session.is_local
    return None if is_local else visit.caller.actor.organisation_id


def organisation_of(connection: Connection, visit: Visit, form: FormData) -> int:
    """Return the organisation that something is made for: the one chosen, if there is a choice, or their own.

    Raises:
        NotFoundError: there is none of this name.
    """
    chosen = text_of(form, "organisation")
    if reach(visit) is None and chosen:
        return organisation_named(connection, chosen)
    return visit.caller.actor.organisation_id
