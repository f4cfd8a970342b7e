"""The thread that looks, every few seconds, for urgent reports that nobody acknowledges."""

import threading
from typing import Final

from sqlalchemy import Connection

from serving import metrics
from serving.clock import now_ms
from serving.log import describe, logger
from serving.store.casework.escalations import Waiting, count_waiting, escalate
from serving.store.group_writer import GroupWriter
from serving.store.organisations import Actor
from serving.store.sealing import Keyring

LOOK_EVERY_SECONDS: Final = 5.0


class Escalation:
    """Escalates what waits too long, until it is closed."""

    def __init__(self, writer: GroupWriter, keyring: Keyring, actor: Actor, after_ms: int) -> None:
        """Start the thread.

        Args:
            writer: of the store.
            keyring: of the store.
            actor: who escalates, in history and audit.
            after_ms: how long an urgent report may wait for somebody.
        """
        self._writer, self._keyring, self._actor, self._after_ms = writer, keyring, actor, after_ms
        self._closed = threading.Event()
        self._thread = threading.Thread(target=self._run, name="escalation", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """End the thread."""
        self._closed.set()
        self._thread.join()

    def _run(self) -> None:
        while not self._closed.wait(LOOK_EVERY_SECONDS):
            try:
                while count := self._escalate_and_count():
                    logger.warning("%d urgent reports wait unacknowledged: escalated", count)
            except Exception as error:  # whatever it is: a thread that ends here leaves people waiting
                logger.warning("urgent reports could not be looked for: %s", describe(error))

    def _escalate_and_count(self) -> int:
        """Return how many reports were escalated; the metrics say it too, and what still waits."""
        escalated, waiting = self._writer.submit(self._look).result()
        metrics.count_escalated(len(escalated))
        metrics.set_stored(waiting.unscreened, waiting.unanswered)
        return len(escalated)

    def _look(self, connection: Connection) -> tuple[list[str], Waiting]:
        escalated = escalate(connection, self._keyring, self._actor, after_ms=self._after_ms, now_ms=now_ms())
        return escalated, count_waiting(connection)
