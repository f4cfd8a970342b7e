"""Leased reports -> what their screening says: of long texts by pieces, of images by the words in them."""

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from itertools import chain
from typing import TYPE_CHECKING, Final

from models.language import FIRST_CLASS
from models.long_text import Piece, of_whole, pieces, readable
from models.screening import PRIORITIES, Document, Screening, ScreeningError
from serving import metrics
from serving.reports.derived_texts import derived_texts
from serving.reports.ocr import ImageReader
from serving.reports.ocr_text import OcrError, OcrText
from serving.screening.live_model import LiveModel
from serving.store.received import text_of
from serving.store.report_codes import FAILED, IMAGE_LANES
from serving.store.screening.derived import OCR, Derived, derived_text
from serving.store.screening.findings import Finding
from serving.store.screening.traces import NONE, Traces, traces_of
from serving.store.screening.word_boxes import derived_boxes
from serving.store.screening.work import Job
from serving.store.sealing import Keyring

if TYPE_CHECKING:
    from models.screener import Screener

Read = Callable[[Document, Screening | ScreeningError], None]
CHARS_AT_ONCE: Final = 100_000
_BLANK: Final = " "
_UNKNOWN: Final = "und"


class JobScreener:
    """Screens what was leased; asks nothing of the store."""

    def __init__(
        self, keyring: Keyring, live: LiveModel, images: ImageReader, also_told: Read | None = None
    ) -> None:
        """Prepare to screen.

        Args:
            keyring: of the store; what a report can be found by is keyed.
            live: screens; texts that are leased together are screened by one model.
            images: reads them.
            also_told: of texts that were read as a whole, and their records; returns at once.
        """
        self._keyring, self._live = keyring, live
        self._images, self._also_told = images, also_told

    def close(self) -> None:
        """Give up the image that is being read, and read no other."""
        self._images.close()

    def findings(self, jobs: Sequence[Job]) -> list[Finding]:
        """Return what is found in each job, all of texts or all of images.

        Raises:
            OcrInterruptedError: an image was not read to the end; it can be tried again.
            Exception: what the model raised.
        """
        if jobs[0].lane in IMAGE_LANES:
            return [self._of_image(job) for job in jobs]
        screener = self._live.screener
        texts = [readable(text_of(job.content, job.encoding)) for job in jobs]
        records = self._records(screener, jobs, texts)
        return [self._finding(screener, *one) for one in zip(jobs, texts, records, strict=True)]

    def _of_image(self, job: Job) -> Finding:
        """Return what the text in an image shows; never the lowest priority, since it may show more.

        The model is taken once the image was read: held for these minutes it would keep another from being
        loaded.
        """
        try:
            read = self._images.read(job.content, job.media_type, job.language)
        except OcrError as error:
            failed = ScreeningError(id=job.report_id, code=error.code, message=str(error))
            finding = self._finding(self._live.screener, job, None, failed)
            return replace(finding, work=FAILED, language=job.language or _UNKNOWN)
        screener = self._live.screener
        text = readable(read.text)
        [record] = self._records(screener, [job], [text])
        finding = self._finding(screener, job, text, _of_ocr(record, read))
        texts = (*finding.texts, *derived_boxes(read.boxes, read.tool))
        return replace(finding, derived=derived_text(OCR, read.text, read.tool), texts=texts)

    def _records(
        self, screener: "Screener", jobs: Sequence[Job], texts: Sequence[str]
    ) -> list[Screening | ScreeningError]:
        """Return the record of each job's text."""
        cut = [list(pieces(text)) for text in texts]
        documents = [
            Document(
                id=job.report_id,
                text=piece.text or _BLANK,
                language=job.language or None,
                received_at=datetime.fromtimestamp(job.received_ms / 1000, UTC),
                owner=f"reports of {job.organisation_id}",
            )
            for job, of_job in zip(jobs, cut, strict=True)
            for piece in of_job
        ]
        found = [*chain.from_iterable(screener.screen(some) for some in _some_at_once(documents))]
        if self._also_told:
            self._tell(self._also_told, cut, documents, found)
        records = iter(found)
        whole = [
            of_whole(job.report_id, [(piece, next(records)) for piece in of_job])
            for job, of_job in zip(jobs, cut, strict=True)
        ]
        for record in whole:
            if isinstance(record, Screening):
                metrics.watch(record, FIRST_CLASS)
        return whole

    @staticmethod
    def _tell(
        also_told: Read,
        cut: Sequence[Sequence[Piece]],
        documents: Sequence[Document],
        records: Sequence[Screening | ScreeningError],
    ) -> None:
        of_document = zip(documents, records, strict=True)
        for of_job in cut:
            pairs = [next(of_document) for _ in of_job]
            if len(pairs) == 1:
                also_told(*pairs[0])

    def _finding(
        self, screener: "Screener", job: Job, text: str | None, record: Screening | ScreeningError
    ) -> Finding:
        """Return what a record says of a job; `text` is what was screened, None if nothing could be."""
        traces: Traces = NONE
        texts: Sequence[Derived] = ()
        if text is not None:
            traces = traces_of(self._keyring, job.organisation_id, text, record, in_danger=job.in_danger)
            texts = derived_texts(text, record)
        finding = Finding(
            record=json.dumps(record.to_dict(), ensure_ascii=True).encode(),
            model_sha256=screener.artifact.info.sha256,
            priority=PRIORITIES.index(record.priority),
            language=_UNKNOWN,
            role="",
            flags=(),
            texts=texts,
            traces=traces,
        )
        if isinstance(record, ScreeningError):
            return finding
        flags = (*record.flags, *record.context_labels)
        return replace(finding, language=record.language, role=record.role, flags=flags)


def _some_at_once(documents: Sequence[Document]) -> Iterator[Sequence[Document]]:
    """Yield documents a few at a time: what the network says of a token takes 400 bytes while it is read."""
    start = chars = 0
    for stop, document in enumerate(documents):
        if chars + len(document.text) > CHARS_AT_ONCE and stop > start:
            yield documents[start:stop]
            start, chars = stop, 0
        chars += len(document.text)
    yield documents[start:]


def _of_ocr(record: Screening | ScreeningError, read: OcrText) -> Screening | ScreeningError:
    """Return the record of a text that was read in an image, with warnings and at least for review."""
    if isinstance(record, ScreeningError):
        return record
    warned = replace(record, warnings=(*record.warnings, OCR, *read.warnings))
    if record.priority != PRIORITIES[-1]:
        return warned
    return replace(warned, priority="review", priority_reason=OCR)
