"""The threads that screen what is stored, in the order of `serving.store.work`, beside the live requests.

They call the screener themselves; its network serves all callers in turn. What they cannot do they give back.
"""

import json
import logging
import threading
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Final
from uuid import uuid4

from models.long_text import Piece, of_whole, pieces, readable
from models.screening import PRIORITIES, Document, Screening, ScreeningError
from serving.log import describe
from serving.received import text_of
from serving.store import work
from serving.store.errors import StoreError
from serving.store.group_writer import GroupWriter
from serving.store.organisations import Actor
from serving.store.sealing import Keyring
from serving.store.traces import traces_of
from serving.store.work import Finding, Job

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
        self._name = uuid4().hex
        self._turns = 0
        self._stored = threading.Condition()
        self._news = 0
        self._is_closed = False
        self._threads = [
            threading.Thread(target=self._run, args=(number,), name=f"reports-{number}", daemon=True)
            for number in range(THREADS)
        ]
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

    def _run(self, number: int) -> None:
        worker = f"{self._name}-{number}"
        seen = 0
        while not self._is_closed:
            try:
                jobs = self._lease(worker)
                if jobs:
                    self._do(worker, jobs)
                    continue
            except Exception as error:  # whatever it is: a thread that ends here leaves reports unread
                logger.warning("stored reports wait: %s", describe(error))
                time.sleep(LOOK_AGAIN_SECONDS)
            with self._stored:
                self._stored.wait_for(lambda: self._is_closed or self._news != seen, LOOK_AGAIN_SECONDS)  # noqa: B023
                seen = self._news

    def _lease(self, worker: str) -> list[Job]:
        self._turns += 1
        newest_first = self._turns % 2 == 0
        return self._writer.submit(
            lambda connection: work.lease(
                connection,
                self._keyring,
                worker,
                limit=JOBS_AT_ONCE,
                newest_first=newest_first,
                now_ms=now_ms(),
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
            self._writer.submit(
                lambda connection: work.give_back(connection, worker, jobs, failed=True)
            ).result()
            return
        stored = [
            self._writer.submit(
                lambda connection, job=job, finding=finding: work.finish(  # type: ignore[misc]
                    connection, self._keyring, worker, self._actor, job=job, finding=finding, now_ms=now_ms()
                )
            )
            for job, finding in zip(jobs, findings, strict=True)
        ]
        for one in stored:
            try:
                one.result()
            except StoreError as error:
                logger.warning("what was found in a stored report could not be kept: %s", error)

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


def now_ms() -> int:
    """Return the time, in milliseconds since 1970."""
    return time.time_ns() // 1_000_000
