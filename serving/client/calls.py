"""What can be asked of the service: each function returns a call, which may safely be made more than once."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final, Generic, Literal, TypeAlias, TypeVar
from uuid import uuid4

from serving.client.sent import CampaignSearch, Change, Document, Report, Search, body_of
from serving.client.told import (
    AcceptedReport,
    ErrorRecord,
    FoundCampaigns,
    FoundReports,
    HistoryEntry,
    RedactResponse,
    ReportRecord,
    ScreeningRecord,
)

Result = TypeVar("Result")
OperatingPoint: TypeAlias = Literal["screening", "balanced", "strict"]
RedactionStyle: TypeAlias = Literal["placeholder", "mask", "token"]
_ID: Final = re.compile("[0-9a-f]{32}")
_KEY: Final = re.compile("[!-~]{1,200}")


@dataclass(frozen=True, slots=True)
class Call(Generic[Result]):
    """A request, and how to read the answer to it.

    Attributes:
        name: what messages and logs call it.
        expected: status of an answer that has a result.
        result: JSON of that answer -> what the caller gets; a KeyError, TypeError or ValueError says that
            this service did not send it.
    """

    name: str
    method: str
    path: str = field(repr=False)
    result: Callable[[Any], Result] = field(repr=False)
    expected: int = 200
    body: bytes = field(repr=False, default=b"")
    headers: Mapping[str, str] = field(repr=False, default_factory=dict)
    idempotency_key: str | None = None


def screen(
    documents: Sequence[Document | str], operating_point: OperatingPoint
) -> Call[list[ScreeningRecord | ErrorRecord]]:
    """Screen texts: it only reads."""

    def records(told: Any) -> list[ScreeningRecord | ErrorRecord]:  # noqa: ANN401 (JSON)
        return _as_many(told["results"], documents)

    asked = {"documents": _documents(documents), "operating_point": operating_point}
    return _posted("screen", "/v1/screen", asked, records)


def redact(
    documents: Sequence[Document | str], types: Sequence[str] | None, style: RedactionStyle
) -> Call[RedactResponse]:
    """Take what identifies people out of texts: it only reads."""

    def redacted(told: Any) -> RedactResponse:  # noqa: ANN401
        return {**told, "results": _as_many(told["results"], documents)}  # type: ignore[typeddict-item]

    asked: dict[str, object] = {"documents": _documents(documents), "style": style}
    if types is not None:
        asked["types"] = types
    return _posted("redact", "/v1/redact", asked, redacted)


def send_reports(reports: Sequence[Report], idempotency_key: str | None) -> Call[list[AcceptedReport]]:
    """Store reports, all or none: however often it comes, its key lets it be done once.

    Raises:
        ValueError: the key is not one; or a time has no offset.
    """
    key = uuid4().hex if idempotency_key is None else idempotency_key
    if not _KEY.fullmatch(key):
        raise ValueError("idempotency_key: expected 1 to 200 visible ASCII characters")

    def accepted(told: Any) -> list[AcceptedReport]:  # noqa: ANN401
        return _as_many([{"id": one["id"], "case_ref": one["case_ref"]} for one in told["reports"]], reports)

    call = _posted("send reports", "/v1/reports", {"reports": reports}, accepted, expected=202)
    return replace(call, headers={**call.headers, "Idempotency-Key": key}, idempotency_key=key)


def read_report(report_id: str) -> Call[ReportRecord]:
    """Read a report."""
    return Call("read report", "GET", _path(report_id), _report)


def change_report(report_id: str, version: int, change: Change) -> Call[ReportRecord]:
    """Change a report: it names the version that it changes, and so is never done twice."""
    headers = {**_JSON, "If-Match": f'"{version:d}"'}
    path = _path(report_id)
    return Call("change report", "PATCH", path, _report, body=body_of(change), headers=headers)


def read_history(report_id: str) -> Call[list[HistoryEntry]]:
    """Read what was done to a report."""
    path = f"{_path(report_id)}/history"
    return Call("read history", "GET", path, lambda told: [*told["entries"]])


def search_reports(search: Search) -> Call[FoundReports]:
    """Find a page of reports: it only reads."""

    def page(told: Any) -> FoundReports:  # noqa: ANN401
        return {"reports": [*told["reports"]], "next": told["next"], "count": told["count"]}

    return _posted("search reports", "/v1/reports/search", search, page)


def search_campaigns(search: CampaignSearch) -> Call[FoundCampaigns]:
    """Find a page of campaigns: it only reads."""

    def page(told: Any) -> FoundCampaigns:  # noqa: ANN401
        return {"campaigns": [*told["campaigns"]], "next": told["next"]}

    return _posted("search campaigns", "/v1/campaigns/search", search, page)


_JSON: Final = {"Content-Type": "application/json"}


def _posted(
    name: str, path: str, content: object, result: Callable[[Any], Result], *, expected: int = 200
) -> Call[Result]:
    return Call(name, "POST", path, result, expected, body_of(content), _JSON)


def _path(report_id: str) -> str:
    """Return the path of a report.

    Raises:
        ValueError: it is no id; so nothing else can get into a URL, which proxies write down.
    """
    if not _ID.fullmatch(report_id):
        raise ValueError("report_id: expected the id of a report, 32 hexadecimal digits, not its case number")
    return f"/v1/reports/{report_id}"


def _documents(documents: Sequence[Document | str]) -> list[Document]:
    return [Document(one) if isinstance(one, str) else one for one in documents]


def _report(told: Any) -> ReportRecord:  # noqa: ANN401
    if "version" not in told:
        raise ValueError
    record: ReportRecord = told
    return record


def _as_many(told: Sequence[Any], asked: Sequence[object]) -> list[Any]:
    """Return what is told of each thing that was asked.

    Raises:
        ValueError: not every one is answered.
    """
    if len(told) != len(asked):
        raise ValueError
    return [*told]
