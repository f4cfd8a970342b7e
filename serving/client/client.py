"""The client for programs that wait for each answer."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from time import sleep
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


class Client:
    """The service, for one thread or many; to be closed, or used in a `with` block.

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
        transport: httpx.BaseTransport | None = None,
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
        self._http = httpx.Client(transport=transport, **place.options(timeout_seconds))
        self._retries = retries

    def screen(
        self, documents: Sequence[Document | str], *, operating_point: OperatingPoint = "balanced"
    ) -> list[ScreeningRecord | ErrorRecord]:
        """Return one record per text, in order, up to 256; nothing is stored."""
        return self._done(calls.screen(documents, operating_point))

    def redact(
        self,
        documents: Sequence[Document | str],
        *,
        types: Sequence[str] | None = None,
        style: RedactionStyle = "placeholder",
    ) -> RedactResponse:
        """Return the texts without what identifies people; read them before you send them on."""
        return self._done(calls.redact(documents, types, style))

    def send_report(self, report: Report, *, idempotency_key: str | None = None) -> AcceptedReport:
        """Store a report; see `send_reports`."""
        [accepted] = self.send_reports([report], idempotency_key=idempotency_key)
        return accepted

    def send_reports(
        self, reports: Sequence[Report], *, idempotency_key: str | None = None
    ) -> list[AcceptedReport]:
        """Store up to 256 reports, all or none; returns once they are on the disk of the service.

        If it fails, they may or may not be stored. Keep them, and send the same ones again with
        `error.idempotency_key`: then none is stored twice.
        """
        return self._done(calls.send_reports(reports, idempotency_key))

    def report(self, report_id: str) -> ReportRecord:
        """Return a report; its words only with a key that has the scope pii."""
        return self._done(calls.read_report(report_id))

    def change(self, report_id: str, version: int, change: Change) -> ReportRecord:
        """Change a report that is as you have seen it; return it as it is then.

        Raises:
            ChangedMeanwhileError: it has another version: read it again.
        """
        return self._done(calls.change_report(report_id, version, change))

    def history(self, report_id: str) -> list[HistoryEntry]:
        """Return who did what to a report, oldest first."""
        return self._done(calls.read_history(report_id))

    def page(self, search: Search) -> FoundReports:
        """Return a page of reports, how many there are in all, and the cursor of the next."""
        return self._done(calls.search_reports(search))

    def search(self, search: Search) -> Iterator[ReportSummary]:
        """Return all reports that are looked for; pages are fetched as they are needed."""
        while True:
            page = self.page(search)
            yield from page["reports"]
            if page["next"] is None:
                return
            search = replace(search, cursor=page["next"])

    def campaigns(self, *, least_reports: int = 2) -> Iterator[CampaignSummary]:
        """Return all campaigns, the one last seen first; pages are fetched as they are needed."""
        search = CampaignSearch(least_reports)
        while True:
            page = self._done(calls.search_campaigns(search))
            yield from page["campaigns"]
            if page["next"] is None:
                return
            search = replace(search, cursor=page["next"])

    def events(self, *, after: int | None = None) -> Iterator[Event]:
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
                with self._http.stream(
                    "GET", events.PATH, headers=following.headers(), timeout=stream_timeout()
                ) as answer:
                    if answer.status_code == httpx.codes.OK:
                        following.check(answer)
                        for part in answer.iter_bytes():
                            yield from following.heard(part)
                    else:
                        answer.read()
                        ended = answer
            except httpx.RequestError as error:
                ended = error
            sleep(following.wait_after(ended))

    def close(self) -> None:
        """End the connections."""
        self._http.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, where: TracebackType | None
    ) -> None:
        self.close()

    def _done(self, call: Call[Result]) -> Result:
        exchange = Exchange(call, self._retries)
        while (wait := exchange.take(self._answer(call))) is not None:
            sleep(wait)
        return exchange.result

    def _answer(self, call: Call[Result]) -> httpx.Response | httpx.RequestError:
        try:
            return self._http.request(call.method, call.path, content=call.body, headers=call.headers)
        except httpx.RequestError as error:
            return error
