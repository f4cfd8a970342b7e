"""What the forms on the page of a person do to them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Final

from sqlalchemy import Connection
from starlette.datastructures import FormData

from models.errors import InputError
from serving.console.admin.forms import number_of, scopes_of
from serving.console.languages import chosen_language
from serving.store.access.administration import change_locale, change_scopes, shut_person_out
from serving.store.access.password_links import make_password_link
from serving.store.access.people import Hashed, ListedPerson, drop_code, require_code, set_password
from serving.store.access.sessions import end_session_of
from serving.store.organisations import Actor, set_disabled
from serving.store.sealing import Keyring


@dataclass(frozen=True, slots=True)
class Asked:
    """What somebody asks for, in a transaction.

    Attributes:
        password: the one that the form holds, ready to be kept.
    """

    connection: Connection
    keyring: Keyring
    person: ListedPerson
    by: Actor
    now_ms: int
    form: FormData = field(repr=False)
    password: Hashed | None


def _scopes(asked: Asked) -> str:
    change_scopes(
        asked.connection,
        asked.keyring,
        asked.person.actor,
        scopes_of(asked.form),
        by=asked.by,
        now_ms=asked.now_ms,
    )
    return ""


def _language(asked: Asked) -> str:
    chosen = chosen_language(str(asked.form.get("locale") or ""))
    if chosen is None:
        raise InputError("expected one of the languages of the console")
    person = asked.person.actor
    change_locale(asked.connection, asked.keyring, person, chosen.choice, by=asked.by, now_ms=asked.now_ms)
    return ""


def _disable(asked: Asked) -> str:
    shut_person_out(asked.connection, asked.keyring, asked.person.actor, by=asked.by, now_ms=asked.now_ms)
    return ""


def _enable(asked: Asked) -> str:
    person = asked.person.actor
    set_disabled(asked.connection, asked.keyring, person, disabled=False, by=asked.by, now_ms=asked.now_ms)
    return ""


def _password(asked: Asked) -> str:
    if asked.password is None:
        raise InputError("expected a password")
    name = asked.person.name
    set_password(asked.connection, asked.keyring, name, asked.password, by=asked.by, now_ms=asked.now_ms)
    return ""


def _link(asked: Asked) -> str:
    person = asked.person.actor
    return make_password_link(asked.connection, asked.keyring, person, by=asked.by, now_ms=asked.now_ms)


def _code(asked: Asked) -> str:
    name = asked.person.name
    return require_code(asked.connection, asked.keyring, name, by=asked.by, now_ms=asked.now_ms)


def _drop_code(asked: Asked) -> str:
    drop_code(asked.connection, asked.keyring, asked.person.name, by=asked.by, now_ms=asked.now_ms)
    return ""


def _end_session(asked: Asked) -> str:
    session_id, person = number_of(asked.form, "session") or 0, asked.person.actor
    end_session_of(asked.connection, asked.keyring, person, session_id, by=asked.by, now_ms=asked.now_ms)
    return ""


CHANGES: Final[Mapping[str, Callable[[Asked], str]]] = {
    "scopes": _scopes,
    "language": _language,
    "disable": _disable,
    "enable": _enable,
    "password": _password,
    "link": _link,
    "code": _code,
    "new_code": _code,
    "drop_code": _drop_code,
    "end_session": _end_session,
}
"""What a form is called -> what does it; returns what is shown once, a token or a URI, or ""."""
WANT_TO_BE_SURE: Final = frozenset({"disable", "password", "new_code", "drop_code"})
"""They shut somebody out, end what they are at, or leave them less safe."""
