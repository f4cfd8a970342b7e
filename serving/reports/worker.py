"""The threads that screen what is stored, in the order that the store has for them, beside the live requests.

They call the screener themselves; its network serves all callers in turn. What they cannot do they give back.
A thread of its own has images read, one after the other, and screens what was read.
"""

import json
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Final
from uuid import uuid4

from sqlalchemy import Connection

from models.long_text import of_whole, pieces, readable
from models.screening import PRIORITIES, Document, Screening, ScreeningError
from serving.clock import now_ms
from serving.log import describe, logger
from serving.reports.ocr import OCR, ImageReader, OcrError, OcrInterruptedError, OcrText
from serving.store.errors import StoreError, StoreUnavailableError
from serving.store.group_writer import GroupWriter
from serving.store.intake import IMAGE_LANES, TEXT_LANES
from serving.store.organisations import Actor
from serving.store.received import text_of
from serving.store.screening import attempts, work
from serving.store.screening.derivatives import derived_texts
from serving.store.screening.derived import Derived
from serving.store.screening.liveness import BEAT_SECONDS, Liveness, bury
from serving.store.screening.traces import NONE, Traces, traces_of
from serving.store.screening.word_boxes import derived_boxes
from serving.store.screening.work import Finding, Found, Job
from serving.store.sealing import Keyring

Screen = Callable[[Sequence[Document]], list[Screening | ScreeningError]]
JOBS_AT_ONCE: Final = 16
LOOK_AGAIN_SECONDS: Final = 0.5  # for what other processes stored or left
_BLANK: Final = " "
_UNKNOWN: Final = "und"
_TEXT: Final = ("text/plain", "utf-8")


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
        screen: Screen,
        model_sha256: str,
        actor: Actor,
        *,
        images: ImageReader,
    ) -> None:
        """Start the threads.

        Args:
            writer: of the store.
            keyring: of the store.
            screen: returns one record per document, in order.
            model_sha256: of the artefact that screens.
            actor: who screens, in history and audit.
            images: reads them; is closed with the worker.
        """
        self._writer, self._keyring, self._screen = writer, keyring, screen
        self._model_sha256, self._actor = model_sha256, actor
        self._images = images
        name = uuid4().hex
        self._names = tuple(f"{name}-{number}" for number in range(len(_SHARES)))
        self._liveness = Liveness(self._names)
        self._waits = False
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

    def close(self) -> None:
        """Finish what is being screened, then end; an image that is being read is left for the next start."""
        with self._stored:
            self._closing.set()
            self._stored.notify_all()
        self._images.close()
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
                if jobs:
                    self._do(worker, jobs)
                may_hold = False
                if jobs:
                    continue
            except Exception as error:  # whatever it is: a thread that ends here leaves reports unread
                self._tell_whether_reports_wait(error)
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
            findings = self._findings(jobs)
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
        return work.finish_all(connection, self._keyring, self._actor, found, now_ms=now_ms())

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

    def _findings(self, jobs: Sequence[Job]) -> list[Finding]:
        if jobs[0].lane in IMAGE_LANES:
            return [self._of_image(job) for job in jobs]
        texts = [readable(text_of(job.content, job.encoding)) for job in jobs]
        records = self._records(jobs, texts)
        return [self._finding(*one) for one in zip(jobs, texts, records, strict=True)]

    def _of_image(self, job: Job) -> Finding:
        """Return what the text in an image shows; never the lowest priority, since it may show more."""
        try:
            read = self._images.read(job.content, job.media_type, job.language)
        except OcrError as error:
            failed = ScreeningError(id=job.report_id, code=error.code, message=str(error))
            finding = self._finding(job, None, failed)
            return replace(finding, work=work.FAILED, language=job.language or _UNKNOWN)
        text = readable(read.text)
        [record] = self._records([job], [text])
        derived = Derived(OCR, *_TEXT, content=read.text.encode(), tool=read.tool)
        finding = self._finding(job, text, _of_ocr(record, read))
        texts = (*finding.texts, *derived_boxes(read.boxes, read.tool))
        return replace(finding, derived=derived, texts=texts)

    def _records(self, jobs: Sequence[Job], texts: Sequence[str]) -> list[Screening | ScreeningError]:
        """Return the record of each job's text."""
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
            of_whole(job.report_id, [(piece, next(records)) for piece in of_job])
            for job, of_job in zip(jobs, cut, strict=True)
        ]

    def _finding(self, job: Job, text: str | None, record: Screening | ScreeningError) -> Finding:
        """Return what a record says of a job; `text` is what was screened, None if nothing could be."""
        traces: Traces = NONE
        texts: Sequence[Derived] = ()
        if text is not None:
            traces = traces_of(self._keyring, job.organisation_id, text, record, in_danger=job.in_danger)
            texts = derived_texts(text, record)
        content = json.dumps(record.to_dict(), ensure_ascii=True).encode()
        rank = PRIORITIES.index(record.priority)
        if isinstance(record, ScreeningError):
            return Finding(content, self._model_sha256, rank, _UNKNOWN, "", (), texts, traces)
        return Finding(
            content,
            self._model_sha256,
            rank,
            record.language,
            record.role,
            (*record.flags, *record.context_labels),
            texts,
            traces,
        )


def _of_ocr(record: Screening | ScreeningError, read: OcrText) -> Screening | ScreeningError:
    """Return the record of a text that was read in an image, with warnings and at least for review."""
    if isinstance(record, ScreeningError):
        return record
    warned = replace(record, warnings=(*record.warnings, OCR, *read.warnings))
    if record.priority != PRIORITIES[-1]:
        return warned
    return replace(warned, priority="review", priority_reason=OCR)
