"""The durable side of the service: takes reports, keeps them, has them screened, and tells of them."""

import asyncio
from collections.abc import Callable, Sequence

from sqlalchemy import Connection

from models.screening import ModelInfo
from serving.access.gatekeeper import Gatekeeper
from serving.access.key_limits import DEFAULT_KEY_LIMITS
from serving.access.record import Access, AccessRecord
from serving.access.session_keeper import SessionKeeper
from serving.channels.line import Line, LineApi
from serving.channels.reception import Reception, from_sender
from serving.clock import now_ms
from serving.outbound import Outbound
from serving.reports.escalation import Escalation
from serving.reports.job_screener import Read
from serving.reports.ocr import ImageReader
from serving.reports.retention import Retention
from serving.reports.uploads import Uploads
from serving.reports.worker import ReportWorker
from serving.schemas.reports import ReportIn
from serving.screening.live_model import LiveModel
from serving.settings import DEFAULT_ESCALATE_MINUTES, DEFAULT_EVENT_DAYS, LineAccount
from serving.store import intake
from serving.store.access.callers import Caller
from serving.store.access.grants import Reading, reading_of_report
from serving.store.access.known_browsers import KnownBrowsers
from serving.store.access.people import Hashed, hashed
from serving.store.access.sign_in import is_password_of, sign_in
from serving.store.engine import Result
from serving.store.errors import StoreUnavailableError
from serving.store.group_writer import PATIENCE_SECONDS, GroupWriter, read_in_time, written
from serving.store.home import Store
from serving.store.intake import Accepted, Sending, SendingKey
from serving.store.organisations import Actor, channel_actor, local_actors
from serving.store.screening.liveness import bury_all
from serving.store.sealing import Keyring
from serving.store.sole_service import SoleService
from serving.telling.subscribers import Telling


class Desk:
    """One store, what writes to it and what screens its reports."""

    def __init__(
        self,
        store: Store,
        live: LiveModel,
        *,
        outbound: Outbound,
        line: LineAccount | None = None,
        images: ImageReader | None = None,
        also_told: Read | None = None,
        key_limits: str = DEFAULT_KEY_LIMITS,
        retention_days: int | None = None,
        event_days: int = DEFAULT_EVENT_DAYS,
        escalate_minutes: int = DEFAULT_ESCALATE_MINUTES,
    ) -> None:
        """Open the desk and go on with what was not screened before.

        Args:
            store: an open one.
            live: what screens.
            outbound: how webhooks are reached.
            line: the account whose messages become reports, if there is one.
            images: reads them; default: Tesseract.
            also_told: see `JobScreener`.
            key_limits: of keys that have none of their own.
            retention_days: after which texts are removed; None: never.
            event_days: after which events and deliveries are.
            escalate_minutes: how long an urgent report may wait for somebody.

        Raises:
            InputError: another service works on this file, or the account's organisation does not exist.
            StoreUnavailableError: the database does not answer.
        """
        self._sole = SoleService(store.database)
        self._store = store
        self._seems_urgent = live.seems_urgent
        self._writer = GroupWriter(store.database)
        if store.database.is_sqlite:  # a file has one service
            self._writer.submit(bury_all).result()
        self.local, self._service = self._writer.submit(
            lambda connection: local_actors(connection, now_ms=now_ms())
        ).result()
        self._record = AccessRecord(self._writer, store.keyring)
        self.gatekeeper = Gatekeeper(
            store.database,
            store.keyring,
            self._record,
            local=self.local,
            service=self._service,
            limits=key_limits,
        )
        self.session_keeper = SessionKeeper(store.database, store.keyring, self._writer)
        self.known_browsers = KnownBrowsers(store.keyring)
        self._worker = ReportWorker(
            self._writer,
            store.keyring,
            live,
            self._service,
            images=images or ImageReader(),
            also_told=also_told,
        )
        self.retention = Retention(store, self._writer, self._service, retention_days, event_days)
        self.uploads = Uploads(store, self._writer, self._service, self._seems_urgent, wake=self._worker.wake)
        self._escalation = Escalation(self._writer, store.keyring, self._service, escalate_minutes * 60_000)
        self.line = self._reception(line) if line else None
        also = [self.line.run] if self.line else []
        self.telling = Telling(store, self._writer, self._service, outbound, clock=now_ms, also=also)

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

    async def read_as(
        self,
        actor: Actor,
        report_id: str,
        question: Callable[[Connection, Keyring, Actor, str], Result],
        *,
        with_pii: bool,
    ) -> tuple[Result, bool]:
        """Return what a function reads of a report, as one of its organisation, and take down who did.

        Args:
            actor: who reads.
            report_id: its public id or case number.
            question: given who reads, as one of its organisation, and the public id.
            with_pii: its words are wanted.

        Returns:
            What it reads, and whether its words may be told: `with_pii`, unless the report is another
            organisation's that does not grant them.

        Raises:
            NotFoundError: there is none, or the actor may not know of it.
            StoreUnavailableError: the database does not answer.
        """

        def asked(connection: Connection, keyring: Keyring) -> tuple[Result, Reading, str]:
            reading, public_id = reading_of_report(connection, actor, report_id)
            return question(connection, keyring, reading.actor, public_id), reading, public_id

        answer, reading, public_id = await self.read(asked)
        with_words = with_pii and reading.with_words
        for reader in {actor, reading.actor}:  # in the audit of both organisations
            self.note(Access(reader, "report.read", public_id), "whole" if with_words else "codes")
        return answer, with_words

    @property
    def is_idle(self) -> bool:
        """Whether no stored report is being screened, as far as is known."""
        return self._worker.is_idle

    def note_model(self, info: ModelInfo) -> None:
        """Take down in the audit that another model was put to work."""
        self.note(Access(self._service, "model.live", info.sha256), "switched")

    def note(self, access: Access, reason: str) -> None:
        """Take down in the audit what somebody did that changes nothing."""
        self._record.note(access, reason)

    async def read(self, question: Callable[[Connection, Keyring], Result]) -> Result:
        """Return what a function reads of the store, as of one moment.

        Raises:
            StoreUnavailableError: the database does not answer in time.
        """
        return await read_in_time(
            self._store.database, lambda connection: question(connection, self._store.keyring)
        )

    async def write(self, change: Callable[[Connection, Keyring], Result]) -> Result:
        """Return what a function returns, once all it wrote to the store is on the disk.

        Raises:
            StoreUnavailableError: the database did not answer in time; it may still be written.
        """
        return await written(self._writer.submit(lambda connection: change(connection, self._store.keyring)))

    async def sign_in(self, name: str, password: str, code: str, known_by: str = "") -> Caller | None:
        """Return who signs in, or None; see `sign_in`.

        `known_by` is the token by which `known_browsers` knows their browser, "" of a stranger's.

        Raises:
            StoreUnavailableError: the database does not answer.
        """
        caller = await asyncio.to_thread(
            lambda: sign_in(
                self._write_now,
                self._store.keyring,
                name,
                password,
                code,
                is_known=bool(known_by),
                now_ms=now_ms(),
            )
        )
        if caller is None and known_by:
            self.known_browsers.note_wrong(known_by)
        return caller

    async def hashed(self, name: str, password: str) -> Hashed:
        """Return a new password as it is kept.

        Raises:
            InputError: it is too short.
        """
        return await asyncio.to_thread(hashed, self._store.keyring, name, password)

    async def is_password_of(self, name: str, password: str) -> bool:
        """Whether a person knows their password; see `is_password_of`.

        Raises:
            StoreUnavailableError: the database does not answer.
        """
        return await asyncio.to_thread(
            lambda: is_password_of(self._write_now, self._store.keyring, name, password, now_ms=now_ms())
        )

    def _write_now(self, work: Callable[[Connection], Result]) -> Result:
        try:
            return self._writer.submit(work).result(PATIENCE_SECONDS)
        except TimeoutError:
            raise StoreUnavailableError("the store is too slow: try again") from None

    def close(self) -> None:
        """Finish what is begun, and close the store."""
        self.retention.close()
        self.uploads.close()
        self._escalation.close()
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
