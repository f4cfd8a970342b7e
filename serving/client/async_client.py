"""The same client for asyncio."""

from asyncio import sleep
from collections.abc import AsyncIterator, Sequence
from dataclasses import replace
from types import TracebackType
from typing import Self

import httpx

from serving.client import calls, events
from serving.client.calls import Call, OperatingPoint, RedactionStyle, Result
from serving.client.events import Event, Following
from serving.client.exchange import Exchange
from serving.client.patience import DEFAULT_RETRIES, Retries
from serving.client.place import place_of, stream_timeout
from serving.client.sent import CampaignSearch, Change, Document, Report, Search
from serving.client.told import (
    AcceptedReport,
    CampaignSummary,
    ErrorRecord,
    FoundReports,
    HistoryEntry,
    RedactResponse,
    ReportRecord,
    ReportSummary,
    ScreeningRecord,
)


class AsyncClient:
    """The service, for one event loop; to be closed, or used in an `async with` block.

    Every call raises a `ClientError` when it fails, and a ValueError when it cannot even be sent.
    """

    def __init__(
        self,
        url: str | None = None,
        key: str | None = None,
        *,
        timeout_seconds: float = 60.0,
        retries: Retries = DEFAULT_RETRIES,
        allow_http: bool = False,
        transport: httpx.AsyncBaseTransport | None = None,
    ) -> None:
        """Prepare to call the service; nothing is sent yet.

        Args:
            url: as https://scamscreen.example; default: `SCAMSCREEN_URL`, or else this machine.
            key: as ssk_...; default: `SCAMSCREEN_KEY`.
            timeout_seconds: of silence, after which an attempt counts as not answered.
            retries: how often and how long a call is tried.
            allow_http: without TLS to other machines as well.
            transport: of httpx, for a proxy or certificates of your own.

        Raises:
            ValueError: the address or the key is none.
        """
        place = place_of(url, key, allow_http=allow_http)
        self._http = httpx.AsyncClient(transport=transport, **place.options(timeout_seconds))
        self._retries = retries

    async def screen(
        self, documents: Sequence[Document | str], *, operating_point: OperatingPoint = "balanced"
    ) -> list[ScreeningRecord | ErrorRecord]:
        """Return one record per text, in order, up to 256; nothing is stored."""
        return await self._done(calls.screen(documents, operating_point))

    async def redact(
        self,
        documents: Sequence[Document | str],
        *,
        types: Sequence[str] | None = None,
        style: RedactionStyle = "placeholder",
    ) -> RedactResponse:
        """Return the texts without what identifies people; read them before you send them on."""
        return await self._done(calls.redact(documents, types, style))

    async def send_report(self, report: Report, *, idempotency_key: str | None = None) -> AcceptedReport:
        """Store a report; see `send_reports`."""
        [accepted] = await self.send_reports([report], idempotency_key=idempotency_key)
        return accepted

    async def send_reports(
        self, reports: Sequence[Report], *, idempotency_key: str | None = None
    ) -> list[AcceptedReport]:
        """Store up to 256 reports, all or none; returns once they are on the disk of the service.

        If it fails, they may or may not be stored. Keep them, and send the same ones again with
        `error.idempotency_key`: then none is stored twice.
        """
        return await self._done(calls.send_reports(reports, idempotency_key))

    async def report(self, report_id: str) -> ReportRecord:
        """Return a report; its words only with a key that has the scope pii."""
        return await self._done(calls.read_report(report_id))

    async def change(self, report_id: str, version: int, change: Change) -> ReportRecord:
        """Change a report that is as you have seen it; return it as it is then.

        Raises:
            ChangedMeanwhileError: it has another version: read it again.
        """
        return await self._done(calls.change_report(report_id, version, change))

    async def history(self, report_id: str) -> list[HistoryEntry]:
        """Return who did what to a report, oldest first."""
        return await self._done(calls.read_history(report_id))

    async def page(self, search: Search) -> FoundReports:
        """Return a page of reports, how many there are in all, and the cursor of the next."""
        return await self._done(calls.search_reports(search))

    async def search(self, search: Search) -> AsyncIterator[ReportSummary]:
        """Return all reports that are looked for; pages are fetched as they are needed."""
        while True:
            page = await self.page(search)
            for found in page["reports"]:
                yield found
            if page["next"] is None:
                return
            search = replace(search, cursor=page["next"])

    async def campaigns(self, *, least_reports: int = 2) -> AsyncIterator[CampaignSummary]:
        """Return all campaigns, the one last seen first; pages are fetched as they are needed."""
        search = CampaignSearch(least_reports)
        while True:
            page = await self._done(calls.search_campaigns(search))
            for found in page["campaigns"]:
                yield found
            if page["next"] is None:
                return
            search = replace(search, cursor=page["next"])

    async def events(self, *, after: int | None = None) -> AsyncIterator[Event]:
        """Return events as they happen, without end; a connection that breaks is taken up where it was.

        Args:
            after: `serial` of the last event that you have; default: what happens from now on.

        Raises:
            StreamLostError: the service did not come back; says where to go on.
        """
        following = Following(after, self._retries)
        while True:
            ended: httpx.Response | httpx.RequestError | None = None
            try:
                async with self._http.stream(
                    "GET", events.PATH, headers=following.headers(), timeout=stream_timeout()
                ) as answer:
                    if answer.status_code == httpx.codes.OK:
                        following.check(answer)
                        async for part in answer.aiter_bytes():
                            for event in following.heard(part):
                                yield event
                    else:
                        await answer.aread()
                        ended = answer
            except httpx.RequestError as error:
                ended = error
            await sleep(following.wait_after(ended))

    async def aclose(self) -> None:
        """End the connections."""
        await self._http.aclose()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, where: TracebackType | None
    ) -> None:
        await self.aclose()

    async def _done(self, call: Call[Result]) -> Result:
        exchange = Exchange(call, self._retries)
        while (wait := exchange.take(await self._answer(call))) is not None:
            await sleep(wait)
        return exchange.result

    async def _answer(self, call: Call[Result]) -> httpx.Response | httpx.RequestError:
        try:
            return await self._http.request(call.method, call.path, content=call.body, headers=call.headers)
        except httpx.RequestError as error:
            return error
