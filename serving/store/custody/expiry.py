"""What was told and answered, long ago, and is of no use any more: removed, so that the store does not grow.

Reports, their history and the audit are never removed: see `purge` for their words.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Column, ColumnElement, Connection, Table, delete, select

from serving.clock import DAY_MS
from serving.store import audit, fetches
from serving.store.organisations import Actor
from serving.store.sealing import Keyring
from serving.store.tables import DELIVERY, EVENT, FETCH, ORGANISATION, SENT_BEFORE


@dataclass(frozen=True, slots=True)
class _Kind:
    """Rows that grow old.

    Attributes:
        name: in the audit.
        key: tells the rows of an organisation apart.
        is_old: the condition, given the time before which they are.
    """

    name: str
    table: Table
    key: Column[Any]
    is_old: Callable[[int], ColumnElement[bool]]


_KINDS: Final = (
    _Kind("events", EVENT, EVENT.c.serial, lambda before_ms: EVENT.c.at_ms < before_ms),
    _Kind("deliveries", DELIVERY, DELIVERY.c.serial, lambda before_ms: DELIVERY.c.ended_ms < before_ms),
    _Kind(
        "fetches",
        FETCH,
        FETCH.c.serial,
        lambda before_ms: (FETCH.c.state != fetches.WAITING) & (FETCH.c.created_ms < before_ms),
    ),
    _Kind(
        "answers", SENT_BEFORE, SENT_BEFORE.c.key_digest, lambda before_ms: SENT_BEFORE.c.at_ms < before_ms
    ),
)


@dataclass(frozen=True, slots=True)
class Old:
    """Old rows of an organisation, by their keys."""

    organisation_id: int
    keys: Mapping[str, Sequence[Any]]


def find_old(connection: Connection, *, days: int, limit: int, now_ms: int) -> list[Old]:
    """Return what is older than so many days, the oldest of each kind and organisation, up to a `limit`."""
    before_ms = now_ms - days * DAY_MS
    found = []
    for organisation_id in connection.execute(select(ORGANISATION.c.id)).scalars().all():
        keys = {kind.name: _old_keys(connection, kind, organisation_id, before_ms, limit) for kind in _KINDS}
        if any(keys.values()):
            found.append(Old(organisation_id, keys))
    return found


def remove_old(
    connection: Connection, keyring: Keyring, actor: Actor, old: Old, *, days: int, now_ms: int
) -> int:
    """Remove what was found; return how many rows, which the audit says too.

    Args:
        connection: in a transaction.
        keyring: of the store.
        actor: who removes it, in the audit.
        old: of `find_old`.
        days: after which it is old.
        now_ms: the time.
    """
    audit.take_chain(connection, old.organisation_id)
    removed = {
        kind.name: connection.execute(
            delete(kind.table).where(
                kind.table.c.organisation_id == old.organisation_id,
                kind.key.in_(old.keys[kind.name]),
                kind.is_old(now_ms - days * DAY_MS),  # still: a dead delivery may be made again
            )
        ).rowcount
        for kind in _KINDS
        if old.keys[kind.name]
    }
    count = sum(removed.values())
    if count:
        link = audit.Link(actor.id, now_ms, "told.removed", detail={"older_than_days": days, **removed})
        audit.append(connection, keyring, old.organisation_id, link)
    return count


def _old_keys(
    connection: Connection, kind: _Kind, organisation_id: int, before_ms: int, limit: int
) -> Sequence[Any]:
    of_organisation = kind.table.c.organisation_id == organisation_id
    rows = select(kind.key).where(of_organisation, kind.is_old(before_ms))
    return connection.execute(rows.order_by(kind.key).limit(limit)).scalars().all()
