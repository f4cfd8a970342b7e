"""Those who want to be told of what happens to reports: their webhooks and their streams."""

from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from sqlalchemy import Connection, Row

from serving.outbound import Outbound
from serving.store.group_writer import GroupWriter, read_in_time, written
from serving.store.home import Store
from serving.store.organisations import Actor
from serving.store.telling import deliveries, webhooks
from serving.store.telling.webhooks import NewWebhook, Webhook
from serving.telling.feed import Feed
from serving.telling.outside import Outside, Work
from serving.telling.webhooks import WebhookSender

Result = TypeVar("Result")


class Telling:
    """Keeps the webhooks of all organisations and tells them what happens; holds the streams."""

    def __init__(
        self,
        store: Store,
        writer: GroupWriter,
        service: Actor,
        outbound: Outbound,
        *,
        clock: Callable[[], int],
        also: Sequence[Work] = (),
    ) -> None:
        """Begin to tell.

        Args:
            store: an open one.
            writer: of the store.
            service: who gives up what cannot be delivered.
            outbound: how webhooks are reached.
            clock: milliseconds since 1970.
            also: other work that talks to other hosts.
        """
        self._store, self._writer, self._clock, self._outbound = store, writer, clock, outbound
        self.feed = Feed(store.database, clock)
        if store.database.is_sqlite:  # a file has one service
            writer.submit(deliveries.release_all).result()
        sender = WebhookSender(store, writer, outbound.post, service, clock)
        self._outside = Outside([sender.run, *also])

    async def add_webhook(self, actor: Actor, url: str, kinds: Sequence[str]) -> NewWebhook:
        """Add a webhook that is told of some kinds of events.

        Raises:
            RefusedAddressError: nothing may be sent to the URL.
            TooManyError: the organisation has as many as it may have.
            StoreUnavailableError: the database does not answer.
        """
        await self._outbound.check_resolved(url)
        return await self._write(
            lambda connection: webhooks.add(
                connection, self._store.keyring, actor, url, kinds, now_ms=self._clock()
            )
        )

    async def webhooks(self, actor: Actor) -> list[Webhook]:
        """Return the webhooks of the actor's organisation."""
        return await self._read(lambda connection: webhooks.listed(connection, self._store.keyring, actor))

    async def remove_webhook(self, actor: Actor, webhook_id: str) -> None:
        """Remove a webhook.

        Raises:
            NotFoundError: the organisation has none of this id.
        """
        await self._write(
            lambda connection: webhooks.remove(
                connection, self._store.keyring, actor, webhook_id, now_ms=self._clock()
            )
        )

    async def test_webhook(self, actor: Actor, webhook_id: str) -> str:
        """Have a webhook told of a test; return the id of the delivery.

        Raises:
            NotFoundError: the organisation has none of this id, or it is disabled.
        """
        return await self._write(
            lambda connection: webhooks.test(
                connection, self._store.keyring, actor, webhook_id, now_ms=self._clock()
            )
        )

    async def deliveries(self, actor: Actor, webhook_id: str) -> list[Row[Any]]:
        """Return the newest rows of what a webhook was told or is to be told, newest first.

        Raises:
            NotFoundError: the organisation has none of this id.
        """
        return await self._read(lambda connection: webhooks.deliveries(connection, actor, webhook_id))

    async def retry(self, actor: Actor, webhook_id: str, delivery_id: str) -> None:
        """Have a delivery made again, dead or not.

        Raises:
            NotFoundError: there is none of this id to be made, or its webhook is disabled.
        """
        await self._write(
            lambda connection: webhooks.retry(
                connection, self._store.keyring, actor, webhook_id, delivery_id, now_ms=self._clock()
            )
        )

    def close(self) -> None:
        """Make no further delivery; what waits is made after the next start."""
        self._outside.close()

    async def _read(self, work: Callable[[Connection], Result]) -> Result:
        return await read_in_time(self._store.database, work)

    async def _write(self, work: Callable[[Connection], Result]) -> Result:
        return await written(self._writer.submit(work))
