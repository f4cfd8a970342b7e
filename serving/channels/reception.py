"""What people send over a messenger -> reports, stored before the messenger is answered."""

import asyncio
import base64
from collections import deque
from collections.abc import Callable, Coroutine, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final, Protocol, TypeVar
from uuid import uuid4

from sqlalchemy import Connection, select

from serving import metrics
from serving.channels.channel import Channel, Content, FetchError, Image, Message, Received
from serving.clock import HOUR_MS
from serving.log import describe, logger
from serving.moment import iso_or_none
from serving.schemas.reports import ReportIn
from serving.store import fetches
from serving.store.fetches import Leased, Wanted
from serving.store.group_writer import GroupWriter, written
from serving.store.home import Store
from serving.store.intake import Accepted, Incoming, SendingKey
from serving.store.organisations import Actor
from serving.store.report_codes import SCREENED, SECOND_LANE, URGENT
from serving.store.tables import REPORT

Result = TypeVar("Result")
LOOK_AGAIN_SECONDS: Final = 0.5
FETCH_SECONDS: Final = 60
MOST_FETCHES: Final = 8
FIRST_WAIT_MS: Final = 5_000
GIVEN_UP_MS: Final = HOUR_MS
"""The time after which a picture that cannot be fetched is reported without it."""
REPLY_WITHIN_MS: Final = 40_000
MOST_UNANSWERED: Final = 1_000
NOT_FETCHED: Final = (
    "[{kind} sent over {channel}: it could not be fetched. Look at it there. / "
    "มี{thai}ส่งมาทาง {channel} แต่ดาวน์โหลดไม่ได้ โปรดเปิดดูในแอป]"
)
_THAI: Final = {"image": "รูปภาพ", "video": "วิดีโอ", "audio": "ไฟล์เสียง", "file": "ไฟล์"}


class Accept(Protocol):
    """Stores reports; see `Desk.accept`."""

    async def __call__(
        self,
        actor: Actor,
        reports: Sequence[ReportIn],
        sending_key: SendingKey | None,
        *,
        sender: str = "",
    ) -> list[Accepted]:
        """Return what was stored."""


@dataclass(frozen=True, slots=True)
class _Unanswered:
    report_ids: tuple[str, ...]
    reply_token: str = field(repr=False)
    until_ms: int


class Reception:
    """Takes what is sent over one channel; fetches pictures and, if asked to, answers."""

    def __init__(
        self,
        channel: Channel,
        store: Store,
        writer: GroupWriter,
        actor: Actor,
        *,
        accept: Accept,
        wake: Callable[[], None],
        clock: Callable[[], int],
        replies: bool,
    ) -> None:
        """Open.

        Args:
            channel: the messenger.
            store: an open one.
            writer: of the store.
            actor: that of the channel.
            accept: stores reports.
            wake: has what was stored screened.
            clock: milliseconds since 1970.
            replies: tell senders that their message arrived, unless its report is urgent.
        """
        self.channel = channel
        self._store, self._writer, self._actor = store, writer, actor
        self._accept, self._wake, self._clock = accept, wake, clock
        self._replies = replies
        self._worker = uuid4().hex
        self._unanswered: deque[_Unanswered] = deque(maxlen=MOST_UNANSWERED)
        self._begun: set[asyncio.Task[None]] = set()
        self._fetching: set[int] = set()

    async def take(self, received: Received) -> None:
        """Store messages; returns once all of them are on the disk, each once however often it is sent.

        Raises:
            StoreError: some may not be stored: they are to be sent again.
        """
        for kind in received.ignored:
            metrics.count_ignored(self.channel.name, kind)
        stored = await asyncio.gather(*(self._store_one(message) for message in received.messages))
        if self._replies:
            self._remember(received.messages, stored)

    async def run(self) -> None:
        """Fetch pictures and answer senders until cancelled."""
        try:
            while True:
                try:
                    await self._begin_fetches()
                    await self._answer()
                except Exception as error:  # whatever it is: who ends here fetches nothing any more
                    logger.warning("pictures wait to be fetched: %s", describe(error))
                await asyncio.sleep(LOOK_AGAIN_SECONDS)
        finally:
            begun = [*self._begun]
            for task in begun:
                task.cancel()
            await asyncio.gather(*begun, return_exceptions=True)
            self._writer.submit(lambda connection: fetches.give_back(connection, self._worker))

    async def _store_one(self, message: Message) -> Accepted | None:
        """Store a text as a report, or that a picture is to be fetched."""
        sender = self._token(message.sender)
        if isinstance(message.body, Content):
            wanted = Wanted(
                key=message.key,
                content_id=message.body.id if message.body.kind == "image" else "",
                kind=message.body.kind,
                sender=sender,
                received_ms=message.received_ms,
            )
            await self._write(
                lambda connection: fetches.add(
                    connection,
                    self._store.keyring,
                    self._actor,
                    self.channel.name,
                    wanted,
                    now_ms=self._clock(),
                )
            )
            return None
        report = self._report(message.received_ms, text=message.body)
        [accepted] = await self._accept(self._actor, [report], SendingKey(message.key, b""), sender=sender)
        return accepted

    def _report(self, received_ms: int | None, **content: object) -> ReportIn:
        received_at = iso_or_none(received_ms)
        name = self.channel.name
        return ReportIn.model_validate(
            {**content, "channel": name, "platform": name, "received_at": received_at}
        )

    def _token(self, sender: str) -> str:
        """Return what tells a sender from others, and says nothing to who has not the store's keys."""
        if not sender:
            return ""
        message = f"{self.channel.name}\0{sender}".encode("utf-8", "surrogatepass")
        return self._store.keyring.digest("sender", message).hex()

    async def _begin_fetches(self) -> None:
        room = MOST_FETCHES - len(self._fetching)
        now_ms = self._clock()
        if room <= 0 or not await asyncio.to_thread(
            self._store.database.read,
            lambda connection: fetches.is_any_due(connection, self._actor, self.channel.name, now_ms=now_ms),
        ):
            return
        leased = await self._write(
            lambda connection: fetches.lease(
                connection,
                self._store.keyring,
                self._worker,
                self._actor,
                self.channel.name,
                limit=room,
                now_ms=now_ms,
            )
        )
        for one in leased:
            self._fetching.add(one.serial)
            self._begin(self._fetch(one))

    async def _fetch(self, leased: Leased) -> None:
        """Make one attempt at a picture; store its report, with it or in the end without."""
        try:
            image = await self._image(leased)
            report = self._report(
                leased.wanted.received_ms,
                content=base64.b64encode(image.content).decode(),
                media_type=image.media_type,
            )
            await self._finish(leased, report, is_fetched=True)
        except FetchError as error:
            if not error.is_final and self._clock() < leased.created_ms + GIVEN_UP_MS:
                next_ms = self._clock() + FIRST_WAIT_MS * 2 ** min(leased.attempts - 1, 7)
                await self._write(
                    lambda connection: fetches.postpone(connection, self._worker, leased, next_ms=next_ms)
                )
                return
            kind = leased.wanted.kind
            note = NOT_FETCHED.format(
                kind=kind.capitalize(), thai=_THAI[kind], channel=self.channel.name.upper()
            )
            await self._finish(leased, self._report(leased.wanted.received_ms, text=note), is_fetched=False)
        finally:
            self._fetching.discard(leased.serial)

    async def _image(self, leased: Leased) -> Image:
        if not leased.wanted.content_id:
            raise FetchError("nothing of this kind is fetched", is_final=True)
        try:
            async with asyncio.timeout(FETCH_SECONDS):
                return await self.channel.fetch(leased.wanted.content_id)
        except TimeoutError:
            raise FetchError("it takes too long", is_final=False) from None

    async def _finish(self, leased: Leased, report: ReportIn, *, is_fetched: bool) -> None:
        incoming = from_sender(report.incoming(seems_urgent=False), leased.wanted.sender)
        await self._write(
            lambda connection: fetches.finish(
                connection,
                self._store.keyring,
                self._worker,
                self._actor,
                leased=leased,
                report=incoming,
                is_fetched=is_fetched,
                now_ms=self._clock(),
            )
        )
        self._wake()

    def _remember(self, messages: Sequence[Message], stored: Sequence[Accepted | None]) -> None:
        """Remember whom to answer: each sender once, and only if none of what they sent is a picture."""
        of_sender: dict[str, list[tuple[Message, Accepted | None]]] = {}
        for message, accepted in zip(messages, stored, strict=True):
            of_sender.setdefault(message.sender or message.key, []).append((message, accepted))
        for sent in of_sender.values():
            report_ids = tuple(accepted.id for _, accepted in sent if accepted)
            reply_token = sent[-1][0].reply_token
            if reply_token and len(report_ids) == len(sent):
                until_ms = self._clock() + REPLY_WITHIN_MS
                self._unanswered.append(_Unanswered(report_ids, reply_token, until_ms))

    async def _answer(self) -> None:
        """Answer the senders of reports that were screened and are not urgent, nor seemed so."""
        for _ in range(len(self._unanswered)):
            one = self._unanswered.popleft()
            may_answer = await asyncio.to_thread(
                self._store.database.read, lambda connection, one=one: _may_answer(connection, one.report_ids)
            )
            if may_answer:
                self._begin(self.channel.reply(one.reply_token))
            elif may_answer is None and self._clock() < one.until_ms:
                self._unanswered.append(one)

    def _begin(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(_told_if_it_fails(work))
        self._begun.add(task)
        task.add_done_callback(self._begun.discard)

    async def _write(self, work: Callable[[Connection], Result]) -> Result:
        return await written(self._writer.submit(work))


def from_sender(report: Incoming, sender: str) -> Incoming:
    """Return a report that says, by a token, who sent it."""
    return replace(report, details={**report.details, "sender": sender}) if sender else report


def _may_answer(connection: Connection, report_ids: Sequence[str]) -> bool | None:
    """Return whether the sender of reports may be answered; None: they are not screened yet."""
    rows = connection.execute(
        select(REPORT.c.lane, REPORT.c.work, REPORT.c.priority).where(REPORT.c.public_id.in_(report_ids))
    ).all()
    if any(row.lane != SECOND_LANE or row.priority == URGENT for row in rows):
        return False
    return True if all(row.work == SCREENED for row in rows) else None


async def _told_if_it_fails(work: Coroutine[Any, Any, None]) -> None:
    try:
        await work
    except Exception as error:  # its lease ends, and it is done again
        logger.warning("work for a channel was not done: %s", describe(error))
