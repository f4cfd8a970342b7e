"""The page on which pasted texts are screened at once; nothing of them is stored."""

import re
from typing import Any, Final, get_args

from fastapi import APIRouter, Request, Response

from models.screening import Document, OperatingPoint, ScreeningError
from models.validation import MAX_TEXT_CHARS
from serving.console.shown import Shown, shown
from serving.console.visit import PageRoute, Visit
from serving.log import request_summary
from serving.schemas.screen import MAX_DOCUMENTS
from serving.screening.batcher import QueueClosedError, QueueFullError

_DEFAULT: Final = "balanced"
_EMPTY_LINE: Final = re.compile(r"\n[^\S\n]*\n\s*")


def screen_router() -> APIRouter:
    """Return the routes."""
    router = APIRouter(route_class=PageRoute, include_in_schema=False)
    router.add_api_route("/", show_screen, methods=["GET"])
    router.add_api_route("/", screen, methods=["POST"])
    return router


async def show_screen(request: Request) -> Response:
    """Ask for texts."""
    return _page(Visit(request))


async def screen(request: Request) -> Response:
    """Show what texts show signs of."""
    visit = Visit(request)
    form = await visit.form()
    pasted = str(form.get("text", "")).replace("\r\n", "\n")
    several = bool(form.get("several"))
    point = str(form.get("operating_point", _DEFAULT))
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
    results = [
        Shown(priority=record.priority, error=record.message)
        if isinstance(record, ScreeningError)
        else shown(record, text, visit.language)
        for record, text in zip(records, texts, strict=True)
    ]
    return _page(visit, results=results, **said)


def _page(
    visit: Visit,
    *,
    status_code: int = 200,
    text: str = "",
    several: bool = False,
    operating_point: str = _DEFAULT,
    refused: str = "",
    results: list[Shown] | None = None,
) -> Response:
    return visit.page(
        "screen.html",
        status_code=status_code,
        text=text,
        several=several,
        operating_point=operating_point,
        refused=refused,
        results=results or [],
    )
