"""What happened -> signed requests to those who asked to be told, made again until they are taken.

Signed as Standard Webhooks 1.0 (standardwebhooks.com) has it: HMAC-SHA-256 of `id.timestamp.body`.
"""

import asyncio
import base64
import hashlib
import hmac
import random
from collections.abc import Awaitable, Callable, Mapping
from typing import Final, TypeVar
from uuid import uuid4

from sqlalchemy import Connection

from serving import metrics
from serving.clock import DAY_MS, HOUR_MS
from serving.log import describe, logger
from serving.outbound import NoAnswerError, RefusedAddressError
from serving.store.group_writer import GroupWriter
from serving.store.home import Store
from serving.store.organisations import Actor
from serving.store.telling import deliveries
from serving.store.telling.deliveries import Batch, Delivery
from serving.store.telling.webhooks import SECRET_PREFIX

Post = Callable[[str, bytes, Mapping[str, str]], Awaitable[int]]
Clock = Callable[[], int]
Result = TypeVar("Result")
MOST_AT_ONCE: Final = 64
"""Webhooks that are told something at the same time."""
LOOK_AGAIN_SECONDS: Final = 0.5
FIRST_WAIT_MS: Final = 5_000
LONGEST_WAIT_MS: Final = HOUR_MS
GIVEN_UP_MS: Final = DAY_MS
_GONE: Final = 410


def signed_headers(secret: str, delivery_id: str, body: bytes, at_s: int) -> dict[str, str]:
    """Return the headers that prove who sends a body, and when.

    Args:
        secret: of the webhook, as it was shown.
        delivery_id: the same for each attempt.
        body: as it is sent.
        at_s: seconds since 1970.
    """
    key = base64.b64decode(secret.removeprefix(SECRET_PREFIX))
    signed = hmac.new(key, f"{delivery_id}.{at_s}.".encode() + body, hashlib.sha256).digest()
    return {
        "webhook-id": delivery_id,
        "webhook-timestamp": str(at_s),
        "webhook-signature": f"v1,{base64.b64encode(signed).decode()}",
        "Content-Type": "application/json",
        "User-Agent": "scamscreen",
    }


def next_attempt_ms(delivery: Delivery, now_ms: int) -> int | None:
    """Return when a delivery that has just failed is tried again, or None: a day has passed.

    The wait doubles with each attempt; up to a half is taken off or added, so that many never come at once.
    """
    doubled = FIRST_WAIT_MS * 2 ** min(delivery.attempts, 20)
    wait = min(doubled, LONGEST_WAIT_MS) * random.uniform(0.5, 1.5)  # noqa: S311 (not a secret)
    next_ms = now_ms + int(wait)
    return None if next_ms > delivery.begun_ms + GIVEN_UP_MS else next_ms


class WebhookSender:
    """Tells webhooks what waits for them; each at its own pace."""

    def __init__(self, store: Store, writer: GroupWriter, post: Post, actor: Actor, clock: Clock) -> None:
        """Prepare to send.

        Args:
            store: where the deliveries wait.
            writer: of the store.
            post: URL, body and headers -> status of the answer.
            actor: who gives up what cannot be delivered, in the audit.
            clock: milliseconds since 1970.
        """
        self._store, self._writer, self._post = store, writer, post
        self._actor, self._clock = actor, clock
        self._worker = uuid4().hex
        self._telling: dict[int, asyncio.Task[None]] = {}

    async def run(self) -> None:
        """Send until cancelled; what was leased then is free for others at once."""
        try:
            while True:
                if not await self._begin():
                    await asyncio.sleep(LOOK_AGAIN_SECONDS)
        finally:
            telling = [*self._telling.values()]
            for task in telling:
                task.cancel()
            await asyncio.gather(*telling, return_exceptions=True)
            self._writer.submit(lambda connection: deliveries.give_back(connection, self._worker))

    async def _begin(self) -> bool:
        """Begin to tell webhooks that are not being told something; return whether there were any."""
        room = MOST_AT_ONCE - len(self._telling)
        busy = [*self._telling]
        now_ms = self._clock()
        try:
            if room <= 0 or not await asyncio.to_thread(
                self._store.database.read,
                lambda connection: deliveries.is_any_due(connection, busy, now_ms=now_ms),
            ):
                return False
            leased = self._writer.submit(
                lambda connection: deliveries.lease(
                    connection, self._store.keyring, self._worker, busy, most_webhooks=room, now_ms=now_ms
                ),
                goes_last=True,
            )
            batches = await asyncio.wrap_future(leased)
        except Exception as error:  # whatever it is: who ends here tells nobody anything any more
            logger.warning("webhooks wait: %s", describe(error))
            return False
        for batch in batches:
            self._telling[batch.webhook] = asyncio.create_task(self._tell(batch))
        return bool(batches)

    async def _tell(self, batch: Batch) -> None:
        """Make the deliveries of a batch, up to the first that fails."""
        try:
            for delivery in batch.deliveries:
                if self._clock() > batch.until_ms - deliveries.LEASE_MS // 4:
                    break
                if not await self._deliver(batch, delivery):
                    return
            await self._write(
                lambda connection: deliveries.give_back(connection, self._worker, batch.webhook)
            )
        except Exception as error:  # its leases run out, and it is tried again
            logger.warning("what became of a webhook could not be kept: %s", describe(error))
        finally:
            del self._telling[batch.webhook]

    async def _deliver(self, batch: Batch, delivery: Delivery) -> bool:
        """Make one attempt and note what came of it; return whether it was taken."""
        status = await self._answer(batch, delivery)
        now_ms = self._clock()
        keyring, worker, actor = self._store.keyring, self._worker, self._actor
        if status is not None and 200 <= status < 300:
            metrics.count_delivery("taken")
            await self._write(
                lambda connection: deliveries.delivered(connection, worker, delivery, status, now_ms=now_ms)
            )
            return True
        if status == _GONE:
            metrics.count_delivery("gone")
            await self._write(
                lambda connection: deliveries.gone(
                    connection,
                    keyring,
                    worker,
                    actor,
                    batch=batch,
                    delivery=delivery,
                    status=_GONE,
                    now_ms=now_ms,
                )
            )
            return False
        next_ms = next_attempt_ms(delivery, now_ms)
        metrics.count_delivery("dead" if next_ms is None else "failed")
        await self._write(
            lambda connection: deliveries.failed(
                connection,
                keyring,
                worker,
                actor,
                batch=batch,
                delivery=delivery,
                status=status,
                next_ms=next_ms,
                now_ms=now_ms,
            )
        )
        return False

    async def _answer(self, batch: Batch, delivery: Delivery) -> int | None:
        body = delivery.body.encode()
        headers = signed_headers(batch.secret, delivery.id, body, self._clock() // 1000)
        try:
            return await self._post(batch.url, body, headers)
        except (NoAnswerError, RefusedAddressError):
            return None

    async def _write(self, work: Callable[[Connection], Result]) -> Result:
        return await asyncio.wrap_future(self._writer.submit(work))
