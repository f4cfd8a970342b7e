"""The thread that removes what is too old, a few at a time, so that nobody who sends a report waits."""

import threading
from typing import Final

from serving.clock import now_ms
from serving.log import describe, logger
from serving.store.casework.handovers import empty_old
from serving.store.custody.clock_check import is_clock_believed
from serving.store.custody.expiry import find_old, remove_old
from serving.store.custody.purge import purge_old
from serving.store.group_writer import GroupWriter
from serving.store.home import Store
from serving.store.organisations import Actor
from serving.store.uploads.forgetting import find_forgotten, forget_names

BATCH: Final = 8
ROWS_AT_ONCE: Final = 500
PAUSE_SECONDS: Final = 0.1
LOOK_AGAIN_SECONDS: Final = 3_600.0
EMPTY_AGAIN_SECONDS: Final = 10.0


class Retention:
    """Purges what is too old, every hour until it is closed, and sees to it that nothing of it is left."""

    def __init__(
        self, store: Store, writer: GroupWriter, actor: Actor, days: int | None, event_days: int
    ) -> None:
        """Start the thread.

        Args:
            store: an open one.
            writer: of the store.
            actor: who purges, in history and audit.
            days: after which the words of a report are removed; None: never.
            event_days: after which events, deliveries and answers to keys of requests are.
        """
        self._store, self._writer, self._actor = store, writer, actor
        self._days, self._event_days = days, event_days
        if days is None:
            logger.info("texts of reports are kept until somebody purges them: no SCAMSCREEN_RETENTION_DAYS")
        self._closed = threading.Event()
        self._asked = threading.Event()
        self._is_log_empty = True
        self._thread = threading.Thread(target=self._run, name="retention", daemon=True)
        self._thread.start()

    def empty_log(self) -> None:
        """See to it that nothing purged is left in the database's log: now, or as soon as it can be."""
        self._is_log_empty = self._store.database.empty_log()
        if not self._is_log_empty:
            self._asked.set()

    def close(self) -> None:
        """End after the reports that are being purged."""
        self._closed.set()
        self._asked.set()
        self._thread.join()

    def _run(self) -> None:
        while True:
            self._asked.clear()
            if self._closed.is_set():
                return
            try:
                if self._is_clock_believed():
                    self._purge_old()
                    self._remove_old()
                if not self._is_log_empty:
                    self._is_log_empty = self._store.database.empty_log()
            except Exception as error:  # whatever it is: nobody else removes what must go
                logger.warning("old reports are not purged yet: %s", describe(error))
            self._asked.wait(LOOK_AGAIN_SECONDS if self._is_log_empty else EMPTY_AGAIN_SECONDS)

    def _is_clock_believed(self) -> bool:
        is_believed = self._store.database.read(
            lambda connection: is_clock_believed(connection, now_ms=now_ms())
        )
        if not is_believed:
            logger.warning(
                "by the clock nothing happened here for a month: nothing is removed for its age today"
            )
        return is_believed

    def _remove_old(self) -> None:
        """Remove events and the like, found by a reader, so that no writer waits while it looks."""
        days = self._event_days
        is_more = True
        while is_more and not self._closed.is_set():
            found = self._store.database.read(
                lambda connection: find_old(connection, days=days, limit=ROWS_AT_ONCE, now_ms=now_ms())
            )
            removed = [
                self._writer.submit(
                    lambda connection, old=old: remove_old(  # type: ignore[misc]
                        connection, self._store.keyring, self._actor, old, days=days, now_ms=now_ms()
                    )
                ).result()
                for old in found
            ]
            is_more = any(removed)
            self._closed.wait(PAUSE_SECONDS if is_more else 0)

    def _purge_old(self) -> None:
        if self._days is None:
            return
        days, total = self._days, 0
        emptied = self._writer.submit(
            lambda connection: empty_old(
                connection, self._store.keyring, self._actor, days=days, now_ms=now_ms()
            )
        ).result()
        if emptied:
            self._is_log_empty = False
        while not self._closed.is_set():
            count = self._writer.submit(
                lambda connection: purge_old(
                    connection, self._store.keyring, self._actor, days=days, limit=BATCH, now_ms=now_ms()
                )
            ).result()
            if count == 0:
                break
            self._is_log_empty = False
            total += count
            self._closed.wait(PAUSE_SECONDS)
        if total:
            logger.info("removed the words of %d reports stored for over %d days", total, days)
        self._forget_names(days)

    def _forget_names(self, days: int) -> None:
        """Remove the names of files whose rows are gone, found by a reader as above."""
        keyring = self._store.keyring
        found = self._store.database.read(
            lambda connection: find_forgotten(connection, keyring, days=days, now_ms=now_ms())
        )
        for first in range(0, len(found), BATCH):
            some = found[first : first + BATCH]
            self._writer.submit(
                lambda connection, some=some: forget_names(  # type: ignore[misc]
                    connection, keyring, self._actor, some, days=days, now_ms=now_ms()
                )
            ).result()
            self._is_log_empty = False
