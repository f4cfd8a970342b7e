"""The durable side of the service: takes reports, keeps them, has them screened, and tells of them."""

import asyncio
import json
from collections.abc import Callable, Sequence
from typing import Any, Final

from sqlalchemy import Connection

from models.screening import PRIORITIES
from serving.access_record import Access, AccessRecord
from serving.channels.line import Line, LineApi
from serving.channels.reception import Reception, from_sender
from serving.clock import now_ms
from serving.gatekeeper import Gatekeeper
from serving.key_limits import DEFAULT_KEY_LIMITS
from serving.moment import iso
from serving.ocr import ImageReader
from serving.outbound import Outbound
from serving.received import text_of
from serving.report_schemas import TEXT, ReportIn
from serving.report_worker import ReportWorker, Screen
from serving.settings import LineAccount
from serving.store import intake
from serving.store.engine import Result
from serving.store.errors import StoreUnavailableError
from serving.store.group_writer import PATIENCE_SECONDS, GroupWriter, written
from serving.store.home import Store
from serving.store.intake import Accepted, Sending, SendingKey
from serving.store.liveness import bury_all
from serving.store.organisations import Actor, channel_actor, local_actors
from serving.store.reading import StoredReport, read_report
from serving.store.sole_service import SoleService
from serving.telling import Telling

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
        outbound: Outbound,
        line: LineAccount | None = None,
        images: ImageReader | None = None,
        key_limits: str = DEFAULT_KEY_LIMITS,
    ) -> None:
        """Open the desk and go on with what was not screened before.

        Args:
            store: an open one.
            screen: returns one record per document, in order.
            seems_urgent: of each text, whether somebody in it may be in danger; takes under a millisecond.
            model_sha256: of the artefact that screens.
            outbound: how webhooks are reached.
            line: the account whose messages become reports, if there is one.
            images: reads them; default: Tesseract.
            key_limits: of keys that have none of their own.

        Raises:
            InputError: another service works on this file, or the account's organisation does not exist.
            StoreUnavailableError: the database does not answer.
        """
        self._sole = SoleService(store.database)
        self._store = store
        self._seems_urgent = seems_urgent
        self._writer = GroupWriter(store.database)
        if store.database.is_sqlite:  # a file has one service
            self._writer.submit(bury_all).result()
        self.local, service = self._writer.submit(
            lambda connection: local_actors(connection, now_ms=now_ms())
        ).result()
        self._record = AccessRecord(self._writer, store.keyring)
        self.gatekeeper = Gatekeeper(
            store.database, store.keyring, self._record, local=self.local, service=service, limits=key_limits
        )
        self._worker = ReportWorker(
            self._writer, store.keyring, screen, model_sha256, service, images=images or ImageReader()
        )
        self.line = self._reception(line) if line else None
        also = [self.line.run] if self.line else []
        self.telling = Telling(store, self._writer, service, outbound, clock=now_ms, also=also)

    async def accept(
        self,
        actor: Actor,
        reports: Sequence[ReportIn],
        sending_key: SendingKey | None,
        *,
        sender: str = "",
    ) -> list[Accepted]:
        """Store reports, all or none, and have them screened; returns once they are on the disk.

        `sender` is a token of who sent them over a channel.

        Raises:
            ReusedKeyError: the key came before with another body.
            StoreUnavailableError: the database does not answer.
        """
        urgent = await asyncio.to_thread(self._seems_urgent, [report.words() for report in reports])
        incoming = [
            from_sender(report.incoming(seems_urgent=seems), sender)
            for report, seems in zip(reports, urgent, strict=True)
        ]
        sending = Sending(actor, incoming, now_ms(), sending_key)
        accepted = await written(self._writer.submit_item(self._accept_all, sending))
        self._worker.wake()
        return accepted

    def _accept_all(self, connection: Connection, sendings: Sequence[Sending]) -> list[list[Accepted]]:
        return intake.accept_all(connection, self._store.keyring, sendings)

    async def report(self, actor: Actor, report_id: str, *, with_pii: bool) -> dict[str, Any]:
        """Return what is told of a report, as JSON, and nothing of its words without `with_pii`.

        Raises:
            NotFoundError: there is none, or it is not the actor's organisation's.
            StoreUnavailableError: the database does not answer.
        """
        stored = await self._read(
            lambda connection: read_report(connection, self._store.keyring, actor, report_id)
        )
        self._record.note(Access(actor, "report.read", report_id), "whole" if with_pii else "codes")
        return told(stored, with_pii=with_pii)

    async def _read(self, question: Callable[[Connection], Result]) -> Result:
        """Return what a function reads.

        Raises:
            StoreUnavailableError: the database does not answer in time.
        """
        answer = asyncio.to_thread(self._store.database.read, question)
        try:
            return await asyncio.wait_for(answer, PATIENCE_SECONDS)
        except TimeoutError:
            raise StoreUnavailableError("the store does not answer in time: try again") from None

    def close(self) -> None:
        """Finish what is begun, and close the store."""
        self.telling.close()
        self._worker.close()
        self._record.close()
        self._writer.close()
        self._store.database.close()
        self._sole.close()

    def _reception(self, line: LineAccount) -> Reception:
        actor = self._writer.submit(
            lambda connection: channel_actor(connection, line.organisation, Line.name, now_ms=now_ms())
        ).result()
        api = LineApi(line.token)
        return Reception(
            Line(line.secret, api.fetch, api.reply),
            self._store,
            self._writer,
            actor,
            accept=self.accept,
            wake=self._worker.wake,
            clock=now_ms,
            replies=line.replies,
        )


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
