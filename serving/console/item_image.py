"""The image that a report is: shown to who asks for it, once that stands in the audit, and as an image.

Of a PDF a page is drawn, as it was when it was read: no browser is given what somebody made for its reader.
"""

import asyncio
from typing import Final

from fastapi import APIRouter, Request, Response

from serving.console.visit import PageRoute, Visit
from serving.reports.ocr_text import OcrError, OcrInterruptedError
from serving.reports.pdf_pages import PDF, draw_page
from serving.reports.reading_child import ReadingChild
from serving.store.errors import NotFoundError
from serving.store.reading import read_image

HEADERS: Final = {
    "Content-Security-Policy": "default-src 'none'; sandbox; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "no-store",
    "Content-Disposition": "inline",
}
_DRAWING: Final = asyncio.Semaphore(1)
"""A page may take its process a minute: the threads that check who asks must not all wait for such."""
_PNG: Final = b"\x89PNG\r\n\x1a\n"
_PDF: Final = b"%PDF-"
_PDF_WITHIN: Final = 1_024
_JPEG: Final = b"\xff\xd8\xff"
_RIFF: Final = b"RIFF"
_NONE: Final = "there is no image to be shown"
_WEBP: Final = b"WEBP"
_WEBP_AT: Final = 8


def item_image_router() -> APIRouter:
    """Return the routes."""
    router = APIRouter(route_class=PageRoute, include_in_schema=False)
    router.add_api_route("/items/{report_id}/image", show_image, methods=["GET"])
    router.add_api_route("/items/{report_id}/image/{page}", show_page, methods=["GET"])
    return router


async def show_image(request: Request, report_id: str) -> Response:
    """Answer with the image, or the first page of a PDF; see `_shown`."""
    return await _shown(request, report_id, 1)


async def show_page(request: Request, report_id: str, page: int) -> Response:
    """Answer with a page of a PDF, from 1; see `_shown`."""
    return await _shown(request, report_id, page)


async def _shown(request: Request, report_id: str, page: int) -> Response:
    """Answer with an image, after it was written down who is shown it.

    Raises:
        NotFoundError: there is none that may be shown, or what was sent is none of these kinds.
    """
    visit = Visit(request)
    content, with_words = await visit.desk.read_as(
        visit.caller.actor, report_id, read_image, with_pii=visit.caller.has_pii
    )
    media_type = image_type(content)
    if not with_words or media_type is None or (media_type != PDF and page != 1):
        raise NotFoundError(_NONE)
    await visit.write_down("image.shown", report_id, **({"page": page} if media_type == PDF else {}))
    if media_type == PDF:
        content, media_type = await drawn_in_turn(content, page), "image/png"
    return Response(content, headers=HEADERS, media_type=media_type)


async def drawn_in_turn(content: bytes, page: int) -> bytes:
    """Return a page of a PDF as PNG, one after another for all who ask.

    Raises:
        NotFoundError: it has none such, is locked or damaged, or takes too long.
    """
    async with _DRAWING:
        return await asyncio.to_thread(_drawn, content, page)


def _drawn(content: bytes, page: int) -> bytes:
    try:
        return draw_page(ReadingChild(), content, page).png
    except (OcrError, OcrInterruptedError):
        raise NotFoundError(_NONE) from None


def image_type(content: bytes) -> str | None:
    """Return what kind of image bytes are, by how they begin, whatever they were sent as, or None."""
    if content.startswith(_PNG):
        return "image/png"
    if content.startswith(_JPEG):
        return "image/jpeg"
    if content.startswith(_RIFF) and content[_WEBP_AT:].startswith(_WEBP):
        return "image/webp"
    return PDF if _PDF in content[:_PDF_WITHIN] else None
