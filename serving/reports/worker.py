"""The threads that have stored reports screened, in the order of the store, beside the live requests.

They call the screener themselves; its network serves all callers in turn. What they cannot do they give back.
A thread of its own has images read, one after the other.
"""

import threading
import time
from collections.abc import Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from typing import Final
from uuid import uuid4

from sqlalchemy import Connection

from serving.clock import now_ms
from serving.log import describe, logger
from serving.reports.job_screener import JobScreener, Read
from serving.reports.ocr import ImageReader
from serving.reports.ocr_text import OcrInterruptedError
from serving.screening.live_model import LiveModel
from serving.store.errors import StoreError, StoreUnavailableError
from serving.store.group_writer import GroupWriter
from serving.store.organisations import Actor
from serving.store.report_codes import IMAGE_LANES, TEXT_LANES
from serving.store.screening import attempts, work
from serving.store.screening.findings import Found, finish_all
from serving.store.screening.liveness import BEAT_SECONDS, Liveness, bury
from serving.store.screening.work import Job
from serving.store.sealing import Keyring

JOBS_AT_ONCE: Final = 16
LOOK_AGAIN_SECONDS: Final = 0.5  # for what other processes stored or left


@dataclass(frozen=True, slots=True)
class _Share:
    """What a thread takes of the work.

    Attributes:
        lanes: of which.
        jobs: how much at once.
        short_only: nothing long of the second lane.
        tries_again: also what was tried before, which may bring it down.
    """

    lanes: tuple[int, int]
    jobs: int
    short_only: bool = False
    tries_again: bool = True


_TEXTS: Final = _Share(TEXT_LANES, JOBS_AT_ONCE)
_SHORT_TEXTS: Final = _Share(TEXT_LANES, JOBS_AT_ONCE, short_only=True, tries_again=False)
_IMAGES: Final = _Share(IMAGE_LANES, 1)
_SHARES: Final = (_TEXTS, _SHORT_TEXTS, _IMAGES)
"""Of two threads for texts one reads and writes the store while the other's texts are in the network."""


class ReportWorker:
    """Screens stored reports until it is closed."""

    def __init__(
        self,
        writer: GroupWriter,
        keyring: Keyring,
        live: LiveModel,
        actor: Actor,
        *,
        images: ImageReader,
        also_told: Read | None = None,
    ) -> None:
        """Start the threads.

        Args:
            writer: of the store.
            keyring: of the store.
            live: what screens.
            actor: who screens, in history and audit.
            images: reads them; is closed with the worker.
            also_told: see `JobScreener`.
        """
        self._writer, self._keyring, self._actor = writer, keyring, actor
        self._screener = JobScreener(keyring, live, images, also_told)
        name = uuid4().hex
        self._names = tuple(f"{name}-{number}" for number in range(len(_SHARES)))
        self._liveness = Liveness(self._names)
        self._waits = False
        self._is_at_work = [False] * len(_SHARES)
        self._stored = threading.Condition()
        self._news = 0
        self._closing = threading.Event()
        self._beat()  # before anything is leased
        self._threads = [
            threading.Thread(target=self._run, args=(number, share), name=f"reports-{number}", daemon=True)
            for number, share in enumerate(_SHARES)
        ]
        self._threads.append(threading.Thread(target=self._beat_on, name="reports-beat", daemon=True))
        for thread in self._threads:
            thread.start()

    def wake(self) -> None:
        """Look for work now: something was stored."""
        with self._stored:
            self._news += 1
            self._stored.notify()

    @property
    def is_idle(self) -> bool:
        """Whether nothing is being screened, as far as is known."""
        return not any(self._is_at_work)

    def close(self) -> None:
        """Finish what is being screened, then end; an image that is being read is left for the next start."""
        with self._stored:
            self._closing.set()
            self._stored.notify_all()
        self._screener.close()
        for thread in self._threads:
            thread.join()
        try:
            self._writer.submit(lambda connection: bury(connection, self._names)).result()
        except StoreError as error:
            logger.warning("the store does not know yet that this service ended: %s", error)

    def _run(self, number: int, share: _Share) -> None:
        worker = self._names[number]
        may_hold = False  # something after what went wrong
        seen = turns = 0
        while not self._closing.is_set():
            turns += 1
            try:
                if may_hold:
                    self._writer.submit(lambda connection: attempts.drop(connection, worker)).result()
                may_hold = True
                jobs = self._lease(worker, share, is_even_turn=turns % 2 == 0)
                self._tell_whether_reports_wait(None)
                self._is_at_work[number] = bool(jobs)
                if jobs:
                    self._do(worker, jobs)
                may_hold = False
                if jobs:
                    continue
            except Exception as error:  # whatever it is: a thread that ends here leaves reports unread
                self._tell_whether_reports_wait(error)
            self._is_at_work[number] = False
            if share is _IMAGES:
                self._closing.wait(LOOK_AGAIN_SECONDS)
            else:
                seen = self._wait_for_news(seen)

    def _wait_for_news(self, seen: int) -> int:
        with self._stored:
            self._stored.wait_for(lambda: self._closing.is_set() or self._news != seen, LOOK_AGAIN_SECONDS)
            return self._news

    def _beat_on(self) -> None:
        while not self._closing.wait(BEAT_SECONDS):
            try:
                self._beat()
            except Exception as error:  # it goes on, and so do the reports that others free meanwhile
                self._tell_whether_reports_wait(error)

    def _beat(self) -> None:
        """Say that this service lives, and give up what was tried too often, by whomever."""
        self._writer.submit(
            lambda connection: self._liveness.beat(connection, now_seconds=time.monotonic()), goes_last=True
        ).result()
        given_up = self._writer.submit(
            lambda connection: attempts.give_up(connection, self._keyring, self._actor, now_ms=now_ms())
        ).result()
        if given_up:
            logger.warning("%d stored reports could not be screened: a person must read them", len(given_up))

    def _tell_whether_reports_wait(self, error: Exception | None) -> None:
        """Log the first failure in a row, and its end."""
        if error and not self._waits:
            logger.warning("stored reports wait: %s", describe(error))
        elif self._waits and not error:
            logger.warning("stored reports are screened again")
        self._waits = error is not None

    def _lease(self, worker: str, share: _Share, *, is_even_turn: bool) -> list[Job]:
        return self._writer.submit(
            lambda connection: self._next(connection, worker, share, is_even_turn=is_even_turn),
            goes_last=True,
        ).result()

    def _next(self, connection: Connection, worker: str, share: _Share, *, is_even_turn: bool) -> list[Job]:
        """Lease what is new, or in every other turn what was tried before, if there is any."""

        def again() -> list[Job]:
            if not share.tries_again:
                return []
            return work.lease_again(connection, self._keyring, worker, lanes=share.lanes)

        def new() -> list[Job]:
            return work.lease(
                connection,
                self._keyring,
                worker,
                limit=share.jobs,
                newest_first=is_even_turn,
                lanes=share.lanes,
                short_only=share.short_only,
            )

        return again() or new() if is_even_turn else new() or again()

    def _do(self, worker: str, jobs: list[Job]) -> None:
        """Screen jobs and store what was found; of those that fail together, each is tried alone."""
        try:
            findings = self._screener.findings(jobs)
        except OcrInterruptedError as error:
            logger.warning("an image waits to be read again: %s", error)
            self._give_back(worker, jobs[0], failed=not error.is_closed)
            return
        except Exception as error:
            logger.warning("%d stored reports could not be screened: %s", len(jobs), describe(error))
            if len(jobs) > 1:
                for job in jobs:
                    self._do(worker, [job])
                return
            self._give_back(worker, jobs[0], failed=True)
            return
        self._keep([Found(worker, *one) for one in zip(jobs, findings, strict=True)])

    def _keep(self, found: list[Found]) -> None:
        """Store findings; again and again while the database does not answer."""
        while found:
            told = [(one, self._writer.submit_item(self._finish_all, one)) for one in found]
            found = [one for one, stored in told if not self._is_settled(one, stored)]
            if found and self._closing.wait(LOOK_AGAIN_SECONDS):
                logger.warning("%d stored reports are to be screened again by the next service", len(found))
                return

    def _finish_all(self, connection: Connection, found: Sequence[Found]) -> list[bool]:
        return finish_all(connection, self._keyring, self._actor, found, now_ms=now_ms())

    def _is_settled(self, found: Found, stored: "Future[bool]") -> bool:
        try:
            stored.result()
        except StoreUnavailableError as error:
            self._tell_whether_reports_wait(error)
            return False
        except StoreError as error:
            logger.warning("what was found in a stored report could not be kept: %s", error)
            self._give_back(found.worker, found.job, failed=True)
        return True

    def _give_back(self, worker: str, job: Job, *, failed: bool) -> None:
        self._writer.submit(
            lambda connection: attempts.give_back(connection, worker, [job], failed=failed)
        ).result()
