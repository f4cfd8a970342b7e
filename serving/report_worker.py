"""The threads that screen what is stored, in the order of `serving.store.work`, beside the live requests.

They call the screener themselves; its network serves all callers in turn. What they cannot do they give back.
"""

import json
import logging
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from datetime import UTC, datetime
from typing import Final
from uuid import uuid4

from sqlalchemy import Connection

from models.long_text import Piece, of_whole, pieces, readable
from models.screening import PRIORITIES, Document, Screening, ScreeningError
from serving.clock import now_ms
from serving.log import describe
from serving.received import text_of
from serving.store import work
from serving.store.errors import StoreError, StoreUnavailableError
from serving.store.group_writer import GroupWriter
from serving.store.liveness import BEAT_SECONDS, Liveness, bury
from serving.store.organisations import Actor
from serving.store.sealing import Keyring
from serving.store.traces import traces_of
from serving.store.work import Finding, Found, Job

Screen = Callable[[Sequence[Document]], list[Screening | ScreeningError]]
THREADS: Final = 2  # one reads and writes the store while the other's texts are in the network
JOBS_AT_ONCE: Final = 16
LOOK_AGAIN_SECONDS: Final = 0.5  # for what other processes stored or left
_BLANK: Final = " "
logger = logging.getLogger(__name__)


class ReportWorker:
    """Screens stored reports until it is closed."""

    def __init__(
        self, writer: GroupWriter, keyring: Keyring, screen: Screen, model_sha256: str, actor: Actor
    ) -> None:
        """Start the threads.

        Args:
            writer: of the store.
            keyring: of the store.
            screen: returns one record per document, in order.
            model_sha256: of the artefact that screens.
            actor: who screens, in history and audit.
        """
        self._writer, self._keyring, self._screen = writer, keyring, screen
        self._model_sha256, self._actor = model_sha256, actor
        name = uuid4().hex
        self._names = tuple(f"{name}-{number}" for number in range(THREADS))
        self._liveness = Liveness(self._names)
        self._turns = 0
        self._waits = False
        self._stored = threading.Condition()
        self._news = 0
        self._is_closed = False
        self._beat()  # before anything is leased
        self._threads = [
            threading.Thread(target=self._run, args=(number,), name=f"reports-{number}", daemon=True)
            for number in range(THREADS)
        ]
        self._threads.append(threading.Thread(target=self._beat_on, name="reports-beat", daemon=True))
        for thread in self._threads:
            thread.start()

    def wake(self) -> None:
        """Look for work now: something was stored."""
        with self._stored:
            self._news += 1
            self._stored.notify()

    def close(self) -> None:
        """Finish what is being screened, then end."""
        with self._stored:
            self._is_closed = True
            self._stored.notify_all()
        for thread in self._threads:
            thread.join()
        try:
            self._writer.submit(lambda connection: bury(connection, self._names)).result()
        except StoreError as error:
            logger.warning("the store does not know yet that this service ended: %s", error)

    def _run(self, number: int) -> None:
        worker = self._names[number]
        may_hold = False  # something after what went wrong
        seen = 0
        while not self._is_closed:
            try:
                if may_hold:
                    self._writer.submit(lambda connection: work.drop(connection, worker)).result()
                may_hold = True
                jobs = self._lease(worker, short_only=number > 0)
                self._tell_whether_reports_wait(None)
                if jobs:
                    self._do(worker, jobs)
                may_hold = False
                if jobs:
                    continue
            except Exception as error:  # whatever it is: a thread that ends here leaves reports unread
                self._tell_whether_reports_wait(error)
            with self._stored:
                self._stored.wait_for(lambda: self._is_closed or self._news != seen, LOOK_AGAIN_SECONDS)  # noqa: B023
                seen = self._news

    def _beat_on(self) -> None:
        while not self._pause(BEAT_SECONDS):
            try:
                self._beat()
            except Exception as error:  # it goes on, and so do the reports that others free meanwhile
                self._tell_whether_reports_wait(error)

    def _beat(self) -> None:
        self._writer.submit(
            lambda connection: self._liveness.beat(connection, now_seconds=time.monotonic())
        ).result()

    def _pause(self, seconds: float) -> bool:
        """Wait; return whether the worker is closed."""
        with self._stored:
            return self._stored.wait_for(lambda: self._is_closed, seconds)

    def _tell_whether_reports_wait(self, error: Exception | None) -> None:
        """Log the first failure in a row, and its end."""
        if error and not self._waits:
            logger.warning("stored reports wait: %s", describe(error))
        elif self._waits and not error:
            logger.warning("stored reports are screened again")
        self._waits = error is not None

    def _lease(self, worker: str, *, short_only: bool) -> list[Job]:
        self._turns += 1
        newest_first = self._turns % 2 == 0
        return self._writer.submit(
            lambda connection: work.lease(
                connection,
                self._keyring,
                worker,
                limit=JOBS_AT_ONCE,
                newest_first=newest_first,
                short_only=short_only,
            )
        ).result()

    def _do(self, worker: str, jobs: list[Job]) -> None:
        """Screen jobs and store what was found; of those that fail together, each is tried alone."""
        try:
            findings = self._findings(jobs)
        except Exception as error:
            logger.warning("%d stored reports could not be screened: %s", len(jobs), describe(error))
            if len(jobs) > 1:
                for job in jobs:
                    self._do(worker, [job])
                return
            self._give_back(worker, jobs[0])
            return
        self._keep([Found(worker, *one) for one in zip(jobs, findings, strict=True)])

    def _keep(self, found: list[Found]) -> None:
        """Store findings; again and again while the database does not answer."""
        while found:
            told = [(one, self._writer.submit_item(self._finish_all, one)) for one in found]
            found = [one for one, stored in told if not self._is_settled(one, stored)]
            if found and self._pause(LOOK_AGAIN_SECONDS):
                logger.warning("%d stored reports are to be screened again by the next service", len(found))
                return

    def _finish_all(self, connection: Connection, found: Sequence[Found]) -> list[bool]:
        return work.finish_all(connection, self._keyring, self._actor, found, now_ms=now_ms())

    def _is_settled(self, found: Found, stored: "Future[bool]") -> bool:
        try:
            stored.result()
        except StoreUnavailableError as error:
            self._tell_whether_reports_wait(error)
            return False
        except StoreError as error:
            logger.warning("what was found in a stored report could not be kept: %s", error)
            self._give_back(found.worker, found.job)
        return True

    def _give_back(self, worker: str, job: Job) -> None:
        self._writer.submit(
            lambda connection: work.give_back(connection, worker, [job], failed=True)
        ).result()

    def _findings(self, jobs: Sequence[Job]) -> list[Finding]:
        texts = [readable(text_of(job.content, job.encoding)) for job in jobs]
        cut = [list(pieces(text)) for text in texts]
        documents = [
            Document(
                id=job.report_id,
                text=piece.text or _BLANK,
                language=job.language or None,
                received_at=datetime.fromtimestamp(job.received_ms / 1000, UTC),
            )
            for job, of_job in zip(jobs, cut, strict=True)
            for piece in of_job
        ]
        records = iter(self._screen(documents))
        return [
            self._finding(job, text, [(piece, next(records)) for piece in of_job])
            for job, text, of_job in zip(jobs, texts, cut, strict=True)
        ]

    def _finding(
        self, job: Job, text: str, parts: Sequence[tuple[Piece, Screening | ScreeningError]]
    ) -> Finding:
        record = of_whole(job.report_id, parts)
        traces = traces_of(self._keyring, job.organisation_id, text, record, in_danger=job.in_danger)
        content = json.dumps(record.to_dict(), ensure_ascii=True).encode()
        rank = PRIORITIES.index(record.priority)
        if isinstance(record, ScreeningError):
            return Finding(content, self._model_sha256, rank, "und", "", (), traces)
        return Finding(
            content,
            self._model_sha256,
            rank,
            record.language,
            record.role,
            (*record.flags, *record.context_labels),
            traces,
        )
