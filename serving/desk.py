"""The durable side of the service: takes reports, keeps them, has them screened, and tells of them."""

import asyncio
import json
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Any, Final

from models.screening import PRIORITIES
from serving.ocr import ImageReader
from serving.received import text_of
from serving.report_schemas import TEXT, ReportIn
from serving.report_worker import ReportWorker, Screen, now_ms
from serving.store import intake, work
from serving.store.group_writer import GroupWriter
from serving.store.home import Store
from serving.store.intake import Accepted, SendingKey
from serving.store.organisations import Actor, local_actors
from serving.store.reading import StoredReport, read_report

SeemsUrgent = Callable[[Sequence[str]], list[bool]]
_HIDDEN: Final = ""


class Desk:
    """One store, what writes to it and what screens its reports."""

    def __init__(
        self,
        store: Store,
        screen: Screen,
        seems_urgent: SeemsUrgent,
        model_sha256: str,
        *,
        images: ImageReader | None = None,
    ) -> None:
        """Open the desk and go on with what was not screened before.

        Args:
            store: an open one.
            screen: returns one record per document, in order.
            seems_urgent: of each text, whether somebody in it may be in danger; takes under a millisecond.
            model_sha256: of the artefact that screens.
            images: reads them; default: Tesseract.
        """
        self._store = store
        self._seems_urgent = seems_urgent
        self._writer = GroupWriter(store.database)
        if store.database.is_sqlite:  # a file has one service
            self._writer.submit(work.release_all).result()
        self.local, service = self._writer.submit(
            lambda connection: local_actors(connection, now_ms=now_ms())
        ).result()
        self._worker = ReportWorker(
            self._writer, store.keyring, screen, model_sha256, service, images=images or ImageReader()
        )

    async def accept(
        self, actor: Actor, reports: Sequence[ReportIn], sending_key: SendingKey | None
    ) -> list[Accepted]:
        """Store reports, all or none, and have them screened; returns once they are on the disk.

        Raises:
            ReusedKeyError: the key came before with another body.
            StoreUnavailableError: nothing was stored.
        """
        urgent = await asyncio.to_thread(self._seems_urgent, [report.words() for report in reports])
        incoming = [
            report.incoming(seems_urgent=seems) for report, seems in zip(reports, urgent, strict=True)
        ]
        accepted = await asyncio.wrap_future(
            self._writer.submit(
                lambda connection: intake.accept(
                    connection,
                    self._store.keyring,
                    actor,
                    incoming,
                    now_ms=now_ms(),
                    sending_key=sending_key,
                )
            )
        )
        self._worker.wake()
        return accepted

    async def report(self, actor: Actor, report_id: str, *, with_pii: bool) -> dict[str, Any]:
        """Return what is told of a report, as JSON, and nothing of its words without `with_pii`.

        Raises:
            NotFoundError: there is none, or it is not the actor's organisation's.
            StoreUnavailableError: the database does not answer.
        """
        stored = await asyncio.to_thread(
            self._store.database.read,
            lambda connection: read_report(connection, self._store.keyring, actor, report_id),
        )
        return told(stored, with_pii=with_pii)

    def close(self) -> None:
        """Finish what is begun, and close the store."""
        self._worker.close()
        self._writer.close()
        self._store.database.close()


def told(stored: StoredReport, *, with_pii: bool) -> dict[str, Any]:
    """Return a report as JSON; without `with_pii` nothing that it or its record quotes."""
    row = stored.row
    record = json.loads(stored.record) if stored.record else None
    is_text = stored.media_type == TEXT and stored.content is not None
    return {
        "id": row.public_id,
        "case_ref": row.case_ref,
        "status": row.status,
        "work": row.work,
        "priority": None if row.priority is None else PRIORITIES[row.priority],
        "stored_at": iso(row.stored_ms),
        "received_at": iso(row.received_ms),
        "channel": row.channel,
        "platform": row.platform,
        "safe_to_contact": row.safe_to_contact,
        "in_danger": row.in_danger,
        "media_type": stored.media_type,
        "sha256": stored.sha256.hex(),
        "bytes": stored.size,
        "text": text_of(stored.content or b"", stored.encoding) if with_pii and is_text else None,
        "ocr": _ocr(stored, with_pii=with_pii),
        "details": json.loads(stored.details) if with_pii and stored.details else None,
        "screening": record if with_pii or record is None else without_words(record),
    }


def _ocr(stored: StoredReport, *, with_pii: bool) -> dict[str, Any] | None:
    if stored.ocr is None:
        return None
    derived, sha256 = stored.ocr
    text = text_of(derived.content, derived.encoding) if with_pii and derived.content else None
    return {"sha256": sha256.hex(), "tool": derived.tool, "text": text}


def without_words(record: dict[str, Any]) -> dict[str, Any]:
    """Return a record that quotes nothing: spans and codes stay, texts and values are empty."""
    if "error" in record:
        return record
    return {
        **record,
        "indicators": [{**one, "text": _HIDDEN} for one in record["indicators"]],
        "entities": [{**one, "text": _HIDDEN, "value": None, "attributes": {}} for one in record["entities"]],
    }


def iso(ms: int) -> str:
    """Return a time as ISO 8601, UTC."""
    return datetime.fromtimestamp(ms / 1000, UTC).isoformat(timespec="milliseconds")
