"""The image that a report is: shown to who asks for it, once that stands in the audit, and as an image."""

from typing import Final

from fastapi import APIRouter, Request, Response

from serving.clock import now_ms
from serving.console.visit import PageRoute, Visit
from serving.store import audit
from serving.store.errors import NotFoundError
from serving.store.reading import read_image

HEADERS: Final = {
    "Content-Security-Policy": "default-src 'none'; sandbox; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "no-store",
    "Content-Disposition": "inline",
}
_PNG: Final = b"\x89PNG\r\n\x1a\n"
_JPEG: Final = b"\xff\xd8\xff"
_RIFF: Final = b"RIFF"
_WEBP: Final = b"WEBP"
_WEBP_AT: Final = 8


def item_image_router() -> APIRouter:
    """Return the route."""
    router = APIRouter(route_class=PageRoute, include_in_schema=False)
    router.add_api_route("/items/{report_id}/image", show_image, methods=["GET"])
    return router


async def show_image(request: Request, report_id: str) -> Response:
    """Answer with the image, after it was written down who is shown it.

    Raises:
        NotFoundError: there is none that may be shown, or what was sent is none of these kinds.
    """
    visit = Visit(request)
    actor = visit.caller.actor
    content, with_words = await visit.desk.read_as(
        actor, report_id, read_image, with_pii=visit.caller.has_pii
    )
    media_type = image_type(content)
    if not with_words or media_type is None:
        raise NotFoundError("there is no image to be shown")
    await visit.desk.write(
        lambda connection, keyring: audit.append(
            connection,
            keyring,
            actor.organisation_id,
            audit.Link(actor.id, now_ms(), "image.shown", report_id),
        )
    )
    return Response(content, headers=HEADERS, media_type=media_type)


def image_type(content: bytes) -> str | None:
    """Return what kind of image bytes are, by how they begin, whatever they were sent as, or None."""
    if content.startswith(_PNG):
        return "image/png"
    if content.startswith(_JPEG):
        return "image/jpeg"
    if content.startswith(_RIFF) and content[_WEBP_AT:].startswith(_WEBP):
        return "image/webp"
    return None
