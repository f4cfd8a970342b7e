"""The queue: what waits for a person, the worst first, a campaign in one line, decided by single keys."""

from dataclasses import dataclass, field
from typing import Any, Final

from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse
from pydantic import Field

from models.screening import PRIORITIES
from serving.access.record import Access
from serving.clock import now_ms
from serving.console.decisions import Decided, decide, decide_campaign
from serving.console.names import status_names
from serving.console.queue_filters import asked_search, search_of, shown_filters, upload_name
from serving.console.visit import PageRoute, Visit
from serving.reports.case_search import search_reports
from serving.schemas.bodies import Sent
from serving.schemas.changes import ReportChange
from serving.schemas.search import ReportId, ReportSearch
from serving.store.casework.saved_views import SavedView, remove_view, save_view, saved_views
from serving.store.casework.unacknowledged import count_unacknowledged
from serving.store.reading import first_words
from serving.store.search.report_search import Page

PAGE_ROWS: Final = 50
_SNIPPET_CHARS: Final = 160
_URGENT: Final = 0
_MOST_NAME_CHARS: Final = 60


@dataclass(frozen=True, slots=True)
class QueueRow:
    """A line of the queue.

    Attributes:
        labels: codes, those in context too.
        words: how its text begins; "" where nothing of it is shown: of who may be in danger, and to who may
            not read words.
        reports: of its campaign that it stands for.
    """

    id: str
    case_ref: str
    version: int
    priority: str
    status: str
    work: str
    labels: tuple[str, ...]
    language: str
    role: str
    channel: str
    safe_to_contact: str
    assignee: str
    stored_ms: int
    reports: int
    first_ms: int
    last_ms: int
    words: str = field(repr=False)

    @property
    def is_urgent(self) -> bool:
        """Whether somebody in it may be in danger."""
        return self.priority == PRIORITIES[_URGENT]


class DecisionItem(Sent):
    """A report as it was seen."""

    id: ReportId
    version: int = Field(ge=0)


class Decision(Sent):
    """What somebody decides."""

    items: list[DecisionItem] = Field(min_length=1, max_length=200)
    change: ReportChange
    whole_campaign: bool = False


def queue_router() -> APIRouter:
    """Return the routes."""
    router = APIRouter(route_class=PageRoute, include_in_schema=False)
    router.add_api_route("/queue", show_queue, methods=["GET"])
    router.add_api_route("/queue", show_queue, methods=["POST"])
    router.add_api_route("/queue/views", keep_view, methods=["POST"])
    router.add_api_route("/queue/rows", more_rows, methods=["POST"])
    router.add_api_route("/queue/decide", decide_rows, methods=["POST"])
    router.add_api_route("/queue/urgent", count_urgent, methods=["GET"])
    return router


async def show_queue(request: Request) -> Response:
    """Show the first rows: of all that is open, or of what the filters ask for."""
    visit = Visit(request)
    form = await visit.form() if request.method == "POST" else {}
    views = await _views(visit)
    chosen = next((view for view in views if view.id == form.get("view")), None)
    asked = search_of(chosen.search) if chosen else asked_search(form)
    context = {
        "views": views,
        "chosen_view": chosen.id if chosen else "",
        "of_upload": await upload_name(visit, asked),
        **shown_filters(visit, asked),
    }
    if asked is None:
        return visit.page("queue.html", status_code=422, rows=[], count="0", next=None, **context)
    page = await _page(visit, asked, None)
    return visit.page(
        "queue.html", rows=await _rows(visit, page), count=page.count, next=page.next, **context
    )


async def keep_view(request: Request) -> Response:
    """Save the search of a form under a name, or forget one that was saved."""
    visit = Visit(request)
    form = await visit.form()
    actor = visit.caller.actor
    name = " ".join(str(form.get("name") or "").split())[:_MOST_NAME_CHARS]
    if view_id := str(form.get("remove") or ""):
        await visit.desk.write(lambda connection, _: remove_view(connection, actor, view_id))
    elif name and (asked := asked_search(form)):
        search = asked.model_dump(mode="json", exclude_defaults=True)
        await visit.desk.write(
            lambda connection, keyring: save_view(connection, keyring, actor, name, search, now_ms=now_ms())
        )
    return visit.redirect("/queue")


async def _views(visit: Visit) -> list[SavedView]:
    actor = visit.caller.actor
    return await visit.desk.read(lambda connection, keyring: saved_views(connection, keyring, actor))


async def more_rows(request: Request) -> Response:
    """Return the rows that follow a page, or the first, for the page's script."""
    visit = Visit(request)
    form = await visit.form()
    asked = asked_search(form)
    if asked is None:
        return Response(status_code=422, media_type="text/html")
    page = await _page(visit, asked, str(form.get("cursor") or "") or None)
    return visit.page(
        "_queue_rows.html",
        rows=await _rows(visit, page),
        next=page.next,
        status_names=status_names(visit.language),
    )


async def decide_rows(request: Request) -> Response:
    """Change reports as somebody decided; answers with what became of each."""
    visit = Visit(request)
    try:
        decision = Decision.of_body(await request.body())
    except ValueError:
        return JSONResponse({"decided": []}, 422)
    actor = visit.caller.actor
    if decision.whole_campaign:
        decided = await decide_campaign(visit.desk, actor, decision.items[0].id, decision.change)
    else:
        seen = [(one.id, one.version) for one in decision.items]
        decided = await decide(visit.desk, actor, seen, decision.change)
    return JSONResponse({"decided": [decision_told(visit, one) for one in decided]})


async def count_urgent(request: Request) -> Response:
    """Tell how many urgent reports nobody has acknowledged, so that pages can show it as it changes."""
    visit = Visit(request)
    organisation_id = visit.caller.actor.organisation_id
    count = await visit.desk.read(lambda connection, _: count_unacknowledged(connection, organisation_id))
    return JSONResponse({"urgent": count})


async def _page(visit: Visit, asked: ReportSearch, cursor: str | None) -> Page:
    return await search_reports(
        visit.desk,
        visit.caller.actor,
        asked.filters(),
        sort=asked.sort,
        limit=PAGE_ROWS,
        cursor=cursor,
        is_folded=asked.campaign_id is None and not asked.entities,  # where each one is wanted
    )


async def _rows(visit: Visit, page: Page) -> list[QueueRow]:
    """Return the rows of a page; of who may be in danger a line is shown, not their plea."""
    calm = [row for row in page.reports if row.queue_rank != _URGENT and not row.in_danger]
    words: dict[int, str] = {}
    if visit.caller.has_pii and calm:
        words = await visit.desk.read(
            lambda connection, keyring: first_words(connection, keyring, calm, _SNIPPET_CHARS)
        )
        visit.desk.note(Access(visit.caller.actor, "reports.listed", ""), "words")
    return [_row(row, words.get(row.serial, "")) for row in page.reports]


def _row(row: Any, words: str) -> QueueRow:  # noqa: ANN401 (columns of a search)
    return QueueRow(
        id=row.public_id,
        case_ref=row.case_ref,
        version=row.version,
        priority=PRIORITIES[row.queue_rank],
        status=row.status,
        work=row.work,
        labels=tuple(row.flags.split()),
        language=row.language or "",
        role=row.role or "",
        channel=row.channel,
        safe_to_contact=row.safe_to_contact,
        assignee=row.assignee or "",
        stored_ms=row.stored_ms,
        reports=row.campaign_reports or 1,
        first_ms=row.campaign_first_ms or row.stored_ms,
        last_ms=row.campaign_last_ms or row.stored_ms,
        words=words,
    )


def decision_told(visit: Visit, decided: Decided) -> dict[str, Any]:
    """Return what a page's script is told of a decision on one report."""
    _ = visit.language.text
    reasons = {
        "urgent_alone": _("An urgent item is decided alone."),
        "reason_missing": _("Say why it is not urgent."),
        "wrong_state": _("Its state does not allow that."),
        "ChangedMeanwhileError": _("Somebody changed it meanwhile."),
        "not_screened": _("It was not screened yet."),
        "nothing_to_undo": _("There is nothing to undo."),
    }
    refused = reasons.get(decided.refused, _("That was not possible.")) if decided.refused else ""
    return {"id": decided.id, "version": decided.version, "refused": refused}
