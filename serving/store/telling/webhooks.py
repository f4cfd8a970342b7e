"""The webhooks of an organisation: whom it has told of its events, and what became of that."""

import base64
import json
import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import urlsplit
from uuid import uuid4

from sqlalchemy import Connection, Row, func, insert, select, update

from serving.store import audit
from serving.store.errors import NotFoundError, SealError, TooManyError
from serving.store.organisations import Actor
from serving.store.sealing import Keyring
from serving.store.tables import DELIVERY, WEBHOOK
from serving.store.telling.events import WAITING, delivery_values, told

MOST_WEBHOOKS: Final = 20
MOST_DELIVERIES_LISTED: Final = 200
DELIVERED, DEAD = "delivered", "dead"
REMOVED, GONE = "removed", "gone"
TEST: Final = "webhook.test"
SECRET_PREFIX: Final = "whsec_"  # noqa: S105 (what Standard Webhooks calls them by)
_SECRET_BYTES: Final = 32


@dataclass(frozen=True, slots=True)
class NewWebhook:
    """A webhook just added; its secret is shown this once."""

    id: str
    secret: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Webhook:
    """A webhook as it is shown: of its URL the host alone, for paths may hold secrets."""

    id: str
    host: str
    kinds: tuple[str, ...]
    created_ms: int
    disabled_ms: int | None


def add(
    connection: Connection, keyring: Keyring, actor: Actor, url: str, kinds: Sequence[str], *, now_ms: int
) -> NewWebhook:
    """Add a webhook to the actor's organisation.

    Args:
        connection: in a transaction.
        keyring: seals the URL and the secret.
        actor: who adds it.
        url: checked by `serving.outbound`.
        kinds: of `events.KINDS`.
        now_ms: when.

    Raises:
        TooManyError: the organisation has `MOST_WEBHOOKS`.
    """
    audit.take_chain(connection, actor.organisation_id)  # of two at once the second counts the first
    alive = (WEBHOOK.c.organisation_id == actor.organisation_id) & (WEBHOOK.c.disabled_why != REMOVED)
    if (
        connection.execute(select(func.count()).select_from(WEBHOOK).where(alive)).scalar_one()
        >= MOST_WEBHOOKS
    ):
        raise TooManyError(f"there are {MOST_WEBHOOKS} webhooks already: remove one first")
    webhook_id = uuid4().hex
    secret = SECRET_PREFIX + base64.b64encode(secrets.token_bytes(_SECRET_BYTES)).decode()
    plain = json.dumps({"url": url, "secret": secret}).encode()
    connection.execute(
        insert(WEBHOOK).values(
            public_id=webhook_id,
            organisation_id=actor.organisation_id,
            actor_id=actor.id,
            kinds=" ".join(kinds),
            sealed=keyring.seal(plain, place_of_webhook(webhook_id)),
            created_ms=now_ms,
            disabled_why="",
        )
    )
    link = audit.Link(actor.id, now_ms, "webhook.added", webhook_id, {"kinds": [*kinds]})
    audit.append(connection, keyring, actor.organisation_id, link)
    return NewWebhook(webhook_id, secret)


def listed(connection: Connection, keyring: Keyring, actor: Actor) -> list[Webhook]:
    """Return the webhooks of the actor's organisation, oldest first."""
    rows = connection.execute(
        select(WEBHOOK)
        .where(WEBHOOK.c.organisation_id == actor.organisation_id, WEBHOOK.c.disabled_why != REMOVED)
        .order_by(WEBHOOK.c.id)
    )
    return [
        Webhook(
            id=row.public_id,
            host=_host(keyring, row.public_id, row.sealed),
            kinds=tuple(row.kinds.split()),
            created_ms=row.created_ms,
            disabled_ms=row.disabled_ms,
        )
        for row in rows
    ]


def remove(connection: Connection, keyring: Keyring, actor: Actor, webhook_id: str, *, now_ms: int) -> None:
    """Remove a webhook and its secret; what it was told of stays on record.

    Raises:
        NotFoundError: the organisation has none of this id.
    """
    audit.take_chain(connection, actor.organisation_id)
    row = _webhook(connection, actor, webhook_id)
    connection.execute(
        update(WEBHOOK)
        .where(WEBHOOK.c.id == row.id)
        .values(sealed=None, disabled_ms=row.disabled_ms or now_ms, disabled_why=REMOVED)
    )
    end_deliveries(connection, row.id, now_ms=now_ms)
    link = audit.Link(actor.id, now_ms, "webhook.removed", webhook_id)
    audit.append(connection, keyring, actor.organisation_id, link)


def test(connection: Connection, keyring: Keyring, actor: Actor, webhook_id: str, *, now_ms: int) -> str:
    """Have a webhook told of a test; return the id of that delivery.

    Raises:
        NotFoundError: the organisation has none of this id, or it is disabled.
    """
    row = _enabled(connection, actor, webhook_id)
    values = delivery_values(
        TEST,
        "",
        told(TEST, "", "", None, now_ms),
        organisation_id=actor.organisation_id,
        actor_id=actor.id,
        webhook_id=row.id,
        now_ms=now_ms,
    )
    connection.execute(insert(DELIVERY).values(**values))
    link = audit.Link(actor.id, now_ms, "webhook.tested", webhook_id)
    audit.append(connection, keyring, actor.organisation_id, link)
    return str(values["public_id"])


def deliveries(connection: Connection, actor: Actor, webhook_id: str) -> list[Row[Any]]:
    """Return the newest rows of `delivery` of a webhook, newest first, at most `MOST_DELIVERIES_LISTED`.

    Raises:
        NotFoundError: the organisation has none of this id.
    """
    row = _webhook(connection, actor, webhook_id)
    newest = (
        select(DELIVERY)
        .where(DELIVERY.c.webhook_id == row.id)
        .order_by(DELIVERY.c.serial.desc())
        .limit(MOST_DELIVERIES_LISTED)
    )
    return [*connection.execute(newest)]


def retry(
    connection: Connection, keyring: Keyring, actor: Actor, webhook_id: str, delivery_id: str, *, now_ms: int
) -> None:
    """Have a delivery that is dead or waits made now, with a day of attempts before it.

    Raises:
        NotFoundError: there is none of this id to be made, or its webhook is disabled.
    """
    audit.take_chain(connection, actor.organisation_id)
    row = _enabled(connection, actor, webhook_id)
    begun = connection.execute(
        update(DELIVERY)
        .where(
            DELIVERY.c.public_id == delivery_id,
            DELIVERY.c.webhook_id == row.id,
            DELIVERY.c.state.in_((WAITING, DEAD)),
        )
        .values(state=WAITING, begun_ms=now_ms, next_ms=now_ms, ended_ms=None)
    )
    if begun.rowcount != 1:
        raise NotFoundError("there is no such delivery to be made again")
    link = audit.Link(actor.id, now_ms, "delivery.retried", delivery_id)
    audit.append(connection, keyring, actor.organisation_id, link)


def end_deliveries(connection: Connection, webhook_id: int, *, now_ms: int) -> None:
    """Make no further attempt at what waits for a webhook; `webhook_id` is its number."""
    connection.execute(
        update(DELIVERY)
        .where(DELIVERY.c.webhook_id == webhook_id, DELIVERY.c.state == WAITING)
        .values(state=DEAD, ended_ms=now_ms, leased_by=None, leased_until_ms=None)
    )


def opened(keyring: Keyring, webhook_id: str, sealed: bytes) -> tuple[str, str]:
    """Return the URL and the secret of a webhook."""
    plain = json.loads(keyring.open(sealed, place_of_webhook(webhook_id)))
    return plain["url"], plain["secret"]


def _host(keyring: Keyring, webhook_id: str, sealed: bytes) -> str:
    """Return the host of a webhook; "" if its row is damaged, so that it can be seen and removed."""
    try:
        return urlsplit(opened(keyring, webhook_id, sealed)[0]).netloc
    except SealError:
        return ""


def place_of_webhook(webhook_id: str) -> str:
    """Return the place URL and secret of a webhook are sealed for."""
    return f"webhook {webhook_id}"


def _webhook(connection: Connection, actor: Actor, webhook_id: str) -> Row[Any]:
    row = connection.execute(
        select(WEBHOOK).where(
            WEBHOOK.c.public_id == webhook_id,
            WEBHOOK.c.organisation_id == actor.organisation_id,
            WEBHOOK.c.disabled_why != REMOVED,
        )
    ).one_or_none()
    if row is None:
        raise NotFoundError("there is no such webhook")
    return row


def _enabled(connection: Connection, actor: Actor, webhook_id: str) -> Row[Any]:
    row = _webhook(connection, actor, webhook_id)
    if row.disabled_ms is not None:
        raise NotFoundError("this webhook is disabled")
    return row
