"""The page on which pasted texts are screened at once; nothing of them is stored."""

import asyncio
import re
from collections.abc import Mapping, Sequence
from typing import Any, Final, get_args

from fastapi import APIRouter, Request, Response

from models.screening import Document, OperatingPoint, Screening, ScreeningError
from models.validation import MAX_TEXT_CHARS
from serving.api.request_log import request_summary
from serving.console.guidance import own_guidance
from serving.console.languages import Language
from serving.console.shown import Shown, shown
from serving.console.visit import PageRoute, Visit
from serving.schemas.documents import MAX_DOCUMENTS
from serving.screening.batcher import QueueClosedError, QueueFullError
from serving.store.casework.guidance import DEFAULT_POINT, read_operating_point

_EMPTY_LINE: Final = re.compile(r"\n[^\S\n]*\n\s*")


def screen_router() -> APIRouter:
    """Return the routes."""
    router = APIRouter(route_class=PageRoute, include_in_schema=False)
    router.add_api_route("/", show_screen, methods=["GET"])
    router.add_api_route("/", screen, methods=["POST"])
    return router


async def show_screen(request: Request) -> Response:
    """Ask for texts."""
    visit = Visit(request)
    organisation_id = visit.caller.actor.organisation_id
    point = await visit.desk.read(lambda connection, _: read_operating_point(connection, organisation_id))
    return _page(visit, operating_point=point)


async def screen(request: Request) -> Response:
    """Show what texts show signs of."""
    visit = Visit(request)
    form = await visit.form()
    pasted = str(form.get("text", "")).replace("\r\n", "\n")
    several = bool(form.get("several"))
    point = str(form.get("operating_point", DEFAULT_POINT))
    said: dict[str, Any] = {"text": pasted, "several": several, "operating_point": point}
    texts = [one for one in _EMPTY_LINE.split(pasted) if one.strip()] if several else [pasted]
    _ = visit.language.text
    if point not in get_args(OperatingPoint):
        return _page(visit, status_code=422)
    if not any(text.strip() for text in texts):
        return _page(visit, status_code=422, refused=_("There is no text yet."), **said)
    if len(texts) > MAX_DOCUMENTS:
        refused = _("At most 256 texts at once; a file can hold 100,000.")
        return _page(visit, status_code=422, refused=refused, **said)
    if any(len(text) > MAX_TEXT_CHARS for text in texts):
        refused = _("A text here has at most 20,000 characters. Upload longer ones as a file.")
        return _page(visit, status_code=422, refused=refused, **said)
    documents = [Document(id=str(number), text=text) for number, text in enumerate(texts, start=1)]
    try:
        records = await request.app.state.screen(documents, point)
    except (QueueFullError, QueueClosedError):
        refused = _("Too much is being screened at the moment. Try again in a few seconds.")
        return _page(visit, status_code=503, refused=refused, **said)
    request_summary.get().add(records, ())
    results = await asyncio.to_thread(_results, records, texts, visit.language)  # texts may be long lists
    guidance = await own_guidance(visit) if any(one.guided for one in results) else {}
    return await asyncio.to_thread(_page, visit, results=results, guidance=guidance, **said)


def _results(
    records: Sequence[Screening | ScreeningError], texts: Sequence[str], language: Language
) -> list[Shown]:
    return [
        Shown(priority=record.priority, error=record.message)
        if isinstance(record, ScreeningError)
        else shown(record, text, language)
        for record, text in zip(records, texts, strict=True)
    ]


def _page(
    visit: Visit,
    *,
    status_code: int = 200,
    text: str = "",
    several: bool = False,
    operating_point: str = DEFAULT_POINT,
    refused: str = "",
    results: list[Shown] | None = None,
    guidance: Mapping[str, str] | None = None,
) -> Response:
    return visit.page(
        "screen.html",
        status_code=status_code,
        text=text,
        several=several,
        operating_point=operating_point,
        refused=refused,
        results=results or [],
        own_guidance=guidance or {},
    )
