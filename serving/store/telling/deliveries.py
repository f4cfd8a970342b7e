"""Which webhook is to be told what next, and what came of it: several processes share this.

A process leases deliveries for longer than it may take over them; what it does not end within that time
another one makes again, under the same id, so that a receiver can tell.
"""

from collections.abc import Collection
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Final

from sqlalchemy import ColumnElement, Connection, func, or_, select, update

from serving.store import audit
from serving.store.errors import SealError
from serving.store.organisations import Actor
from serving.store.sealing import Keyring
from serving.store.tables import DELIVERY, WEBHOOK
from serving.store.telling.events import WAITING
from serving.store.telling.webhooks import DEAD, DELIVERED, GONE, end_deliveries, opened

LEASE_MS: Final = 120_000
AT_ONCE: Final = 8
"""Deliveries of one webhook that a process makes before it looks again what is urgent."""
NEXT_OF_OTHERS_MS: Final = 5_000


@dataclass(frozen=True, slots=True)
class Delivery:
    """A delivery to be made."""

    serial: int
    id: str
    body: str
    attempts: int
    begun_ms: int


@dataclass(frozen=True, slots=True)
class Batch:
    """Deliveries of one webhook, in order."""

    webhook: int
    webhook_id: str
    organisation_id: int
    url: str = field(repr=False)
    secret: str = field(repr=False)
    until_ms: int
    deliveries: tuple[Delivery, ...]


def is_any_due(connection: Connection, busy: Collection[int], *, now_ms: int) -> bool:
    """Return whether a webhook that is not among the `busy` is to be told something."""
    due = select(DELIVERY.c.serial).where(_is_due(now_ms), DELIVERY.c.webhook_id.not_in(busy)).limit(1)
    return connection.execute(due).first() is not None


def lease(
    connection: Connection,
    keyring: Keyring,
    worker: str,
    busy: Collection[int],
    *,
    most_webhooks: int,
    now_ms: int,
) -> list[Batch]:
    """Take what is to be told next to webhooks that are not `busy`, for `LEASE_MS`; what is urgent first."""
    waiting = (
        select(DELIVERY.c.webhook_id)
        .where(_is_due(now_ms), DELIVERY.c.webhook_id.not_in(busy))
        .group_by(DELIVERY.c.webhook_id)
        .order_by(func.min(DELIVERY.c.rank), func.min(DELIVERY.c.next_ms))
        .limit(most_webhooks)
    )
    webhooks = connection.execute(waiting).scalars().all()
    batches = []
    for webhook in webhooks:
        with suppress(SealError):  # it waits until its lease ends; the others do not
            if batch := _batch(connection, keyring, worker, webhook, now_ms):
                batches.append(batch)
    return batches


def delivered(connection: Connection, worker: str, delivery: Delivery, status: int, *, now_ms: int) -> None:
    """Note that a receiver took a delivery."""
    _ended(connection, worker, delivery, status, state=DELIVERED, now_ms=now_ms)


def failed(
    connection: Connection,
    keyring: Keyring,
    worker: str,
    actor: Actor,
    *,
    batch: Batch,
    delivery: Delivery,
    status: int | None,
    next_ms: int | None,
    now_ms: int,
) -> None:
    """Note that a receiver did not take a delivery; the others of its batch wait a moment.

    Args:
        connection: in a transaction.
        keyring: of the audit.
        worker: who holds the lease.
        actor: who gives up, in the audit.
        batch: what the delivery was leased with.
        delivery: the one that failed.
        status: of the answer; None: there was none.
        next_ms: when it is tried again; None: never.
        now_ms: now.
    """
    if next_ms is None:
        audit.take_chain(connection, batch.organisation_id)
        _ended(connection, worker, delivery, status, state=DEAD, now_ms=now_ms)
        link = audit.Link(actor.id, now_ms, "delivery.dead", delivery.id, {"webhook": batch.webhook_id})
        audit.append(connection, keyring, batch.organisation_id, link)
    else:
        connection.execute(
            update(DELIVERY)
            .where(_is_held(worker), DELIVERY.c.serial == delivery.serial)
            .values(
                attempts=DELIVERY.c.attempts + 1,
                last_status=status,
                next_ms=next_ms,
                leased_by=None,
                leased_until_ms=None,
            )
        )
    connection.execute(
        update(DELIVERY)
        .where(_is_held(worker), DELIVERY.c.webhook_id == batch.webhook)
        .values(next_ms=now_ms + NEXT_OF_OTHERS_MS, leased_by=None, leased_until_ms=None)
    )


def gone(
    connection: Connection,
    keyring: Keyring,
    worker: str,
    actor: Actor,
    *,
    batch: Batch,
    delivery: Delivery,
    status: int,
    now_ms: int,
) -> None:
    """Disable a webhook whose receiver wants nothing any more; all that waits for it is dead."""
    audit.take_chain(connection, batch.organisation_id)
    _ended(connection, worker, delivery, status, state=DEAD, now_ms=now_ms)
    disabled = connection.execute(
        update(WEBHOOK)
        .where(WEBHOOK.c.id == batch.webhook, WEBHOOK.c.disabled_ms.is_(None))
        .values(disabled_ms=now_ms, disabled_why=GONE)
    )
    end_deliveries(connection, batch.webhook, now_ms=now_ms)
    if disabled.rowcount == 1:
        link = audit.Link(actor.id, now_ms, "webhook.disabled", batch.webhook_id, {"status": status})
        audit.append(connection, keyring, batch.organisation_id, link)


def give_back(connection: Connection, worker: str, webhook: int | None = None) -> None:
    """End the leases of a worker, those of one webhook or all."""
    of_webhook = () if webhook is None else (DELIVERY.c.webhook_id == webhook,)
    connection.execute(
        update(DELIVERY).where(_is_held(worker), *of_webhook).values(leased_by=None, leased_until_ms=None)
    )


def release_all(connection: Connection) -> None:
    """End all leases: of a store that this process alone works on, whoever held them is dead."""
    connection.execute(
        update(DELIVERY)
        .where(DELIVERY.c.state == WAITING, DELIVERY.c.leased_by.is_not(None))
        .values(leased_by=None, leased_until_ms=None)
    )


def _batch(connection: Connection, keyring: Keyring, worker: str, webhook: int, now_ms: int) -> Batch | None:
    free = (
        select(DELIVERY)
        .where(_is_due(now_ms), DELIVERY.c.webhook_id == webhook)
        .order_by(DELIVERY.c.rank, DELIVERY.c.next_ms, DELIVERY.c.serial)
        .limit(AT_ONCE)
        .with_for_update(skip_locked=True)
    )
    rows = connection.execute(free).all()
    if not rows:  # another process was faster
        return None
    until_ms = now_ms + LEASE_MS
    connection.execute(
        update(DELIVERY)
        .where(DELIVERY.c.serial.in_([row.serial for row in rows]))
        .values(leased_by=worker, leased_until_ms=until_ms)
    )
    told = connection.execute(select(WEBHOOK).where(WEBHOOK.c.id == webhook)).one()
    if told.disabled_ms is not None:  # disabled while the event was recorded
        end_deliveries(connection, webhook, now_ms=now_ms)
        return None
    url, secret = opened(keyring, told.public_id, told.sealed)
    return Batch(
        webhook=webhook,
        webhook_id=told.public_id,
        organisation_id=told.organisation_id,
        url=url,
        secret=secret,
        until_ms=until_ms,
        deliveries=tuple(
            Delivery(row.serial, row.public_id, row.body, row.attempts, row.begun_ms) for row in rows
        ),
    )


def _ended(
    connection: Connection, worker: str, delivery: Delivery, status: int | None, *, state: str, now_ms: int
) -> None:
    connection.execute(
        update(DELIVERY)
        .where(_is_held(worker), DELIVERY.c.serial == delivery.serial)
        .values(
            state=state,
            attempts=DELIVERY.c.attempts + 1,
            last_status=status,
            ended_ms=now_ms,
            leased_by=None,
            leased_until_ms=None,
        )
    )


def _is_due(now_ms: int) -> ColumnElement[bool]:
    free = or_(DELIVERY.c.leased_until_ms.is_(None), DELIVERY.c.leased_until_ms < now_ms)
    return (DELIVERY.c.state == WAITING) & (DELIVERY.c.next_ms <= now_ms) & free


def _is_held(worker: str) -> ColumnElement[bool]:
    return (DELIVERY.c.state == WAITING) & (DELIVERY.c.leased_by == worker)
