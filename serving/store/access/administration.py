"""What an administrator does to people: nobody shuts themselves out, and somebody is always left to do it."""

from collections.abc import Collection
from typing import Final

from sqlalchemy import Connection, select, update

from serving.store import audit
from serving.store.access.callers import column_of
from serving.store.access.people import KIND, ListedPerson, listed_people
from serving.store.access.sessions import set_locale
from serving.store.errors import NotFoundError, RefusedChangeError
from serving.store.organisations import Actor, set_disabled
from serving.store.sealing import Keyring
from serving.store.tables import ACTOR, CREDENTIAL

ADMIN: Final = "admin"
YOURSELF: Final = "yourself"
LAST: Final = "last_admin"


def person_of(connection: Connection, organisation_id: int | None, person_id: int) -> ListedPerson:
    """Return a person of an organisation, or of any.

    Raises:
        NotFoundError: there is none of this id.
    """
    found = listed_people(connection, organisation_id, person_id)
    if not found:
        raise NotFoundError("there is no such person")
    return found[0]


def change_scopes(
    connection: Connection,
    keyring: Keyring,
    person: Actor,
    scopes: Collection[str],
    *,
    by: Actor,
    now_ms: int,
) -> None:
    """Let a person do this and nothing else.

    Raises:
        InputError: a scope is none, or there is none.
        RefusedChangeError: nobody else of their organisation could administer it.
    """
    named = column_of(scopes)
    audit.take_chain(connection, person.organisation_id)  # two who do this at once see each other
    if ADMIN not in scopes:
        _keep_an_admin(connection, person)
    is_theirs = CREDENTIAL.c.actor_id == person.id, CREDENTIAL.c.kind == KIND
    connection.execute(update(CREDENTIAL).where(*is_theirs).values(scopes=named))
    link = audit.Link(by.id, now_ms, "person.scopes_set", str(person.id), {"scopes": named})
    audit.append(connection, keyring, person.organisation_id, link)


def change_locale(
    connection: Connection, keyring: Keyring, person: Actor, locale: str, *, by: Actor, now_ms: int
) -> None:
    """Choose the language of a person's pages for them."""
    audit.take_chain(connection, person.organisation_id)
    set_locale(connection, person, locale)
    link = audit.Link(by.id, now_ms, "person.language_set", str(person.id), {"language": locale})
    audit.append(connection, keyring, person.organisation_id, link)


def shut_person_out(
    connection: Connection, keyring: Keyring, person: Actor, *, by: Actor, now_ms: int
) -> None:
    """Let a person in no longer, until `set_disabled` lets them in again.

    Raises:
        RefusedChangeError: it is they who ask, or nobody else of their organisation could administer it.
    """
    if person.id == by.id:
        raise RefusedChangeError(YOURSELF, "nobody shuts themselves out: ask another administrator")
    audit.take_chain(connection, person.organisation_id)
    _keep_an_admin(connection, person)
    set_disabled(connection, keyring, person, disabled=True, by=by, now_ms=now_ms)


def _keep_an_admin(connection: Connection, person: Actor) -> None:
    """Refuse to go on if a person is the last who may administer their organisation."""
    rows = connection.execute(
        select(CREDENTIAL.c.actor_id, CREDENTIAL.c.scopes)
        .join(ACTOR, ACTOR.c.id == CREDENTIAL.c.actor_id)
        .where(
            CREDENTIAL.c.organisation_id == person.organisation_id,
            CREDENTIAL.c.kind == KIND,
            ACTOR.c.disabled_ms.is_(None),
        )
    )
    if {row.actor_id for row in rows if ADMIN in row.scopes.split()} == {person.id}:
        raise RefusedChangeError(LAST, "they are the last who may administer: let somebody else do so first")
