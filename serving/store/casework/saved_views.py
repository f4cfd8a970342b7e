"""Searches of the queue that a person comes back to; nobody else sees them."""

import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from sqlalchemy import Connection, delete, func, insert, select

from serving.store.errors import NotFoundError, TooManyError
from serving.store.organisations import Actor
from serving.store.sealing import Keyring
from serving.store.tables import SAVED_VIEW

MOST_VIEWS: Final = 50
_ID_BYTES: Final = 16


@dataclass(frozen=True, slots=True)
class SavedView:
    """A search with a name.

    Attributes:
        search: JSON, as `POST /v1/reports/search` takes it.
    """

    id: str
    name: str = field(repr=False)
    search: Mapping[str, Any] = field(repr=False)


def save_view(
    connection: Connection,
    keyring: Keyring,
    actor: Actor,
    name: str,
    search: Mapping[str, Any],
    *,
    now_ms: int,
) -> str:
    """Keep a search; return its id.

    Raises:
        TooManyError: the person has `MOST_VIEWS` already.
    """
    of_actor = select(func.count()).select_from(SAVED_VIEW).where(SAVED_VIEW.c.actor_id == actor.id)
    if connection.execute(of_actor).scalar_one() >= MOST_VIEWS:
        raise TooManyError(f"at most {MOST_VIEWS} saved views: remove one first")
    public_id = secrets.token_hex(_ID_BYTES)
    content = json.dumps({"name": name, "search": search}).encode()
    connection.execute(
        insert(SAVED_VIEW).values(
            public_id=public_id,
            organisation_id=actor.organisation_id,
            actor_id=actor.id,
            saved_ms=now_ms,
            sealed=keyring.seal(content, place_of_view(public_id)),
        )
    )
    return public_id


def remove_view(connection: Connection, actor: Actor, view_id: str) -> None:
    """Forget a search of the actor's.

    Raises:
        NotFoundError: the actor has none of this id.
    """
    of_actor = delete(SAVED_VIEW).where(SAVED_VIEW.c.public_id == view_id, SAVED_VIEW.c.actor_id == actor.id)
    if connection.execute(of_actor).rowcount != 1:
        raise NotFoundError("there is no such view")


def saved_views(connection: Connection, keyring: Keyring, actor: Actor) -> list[SavedView]:
    """Return the searches of a person, in the order they were saved."""
    rows = connection.execute(
        select(SAVED_VIEW).where(SAVED_VIEW.c.actor_id == actor.id).order_by(SAVED_VIEW.c.serial)
    )
    opened = ((row.public_id, keyring.open(row.sealed, place_of_view(row.public_id))) for row in rows)
    return [SavedView(view_id, **json.loads(content)) for view_id, content in opened]


def place_of_view(view_id: str) -> str:
    """Return the place a search is sealed for."""
    return f"view {view_id}"
