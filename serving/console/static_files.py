"""The style sheet, the scripts and the icon: read at start, told apart by their digest."""

import hashlib
from functools import cache
from typing import Final

from fastapi import APIRouter, Request, Response

from serving.console.rendering import STATIC
from serving.console.visit import PageRoute

_TYPES: Final = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}


def static_router() -> APIRouter:
    """Return the route."""
    router = APIRouter(route_class=PageRoute, include_in_schema=False)
    router.add_api_route("/static/{file}", static_file, methods=["GET"])
    return router


async def static_file(request: Request, file: str) -> Response:
    """Answer with a file, or tell that the browser's copy is still right."""
    found = _files().get(file)
    if found is None:
        return Response(status_code=404, media_type="text/html")
    content, media_type, etag = found
    headers = {"ETag": etag, "Cache-Control": "no-cache"}
    if request.headers.get("if-none-match") == etag:
        return Response(status_code=304, headers=headers)
    return Response(content, headers=headers, media_type=media_type)


@cache
def _files() -> dict[str, tuple[bytes, str, str]]:
    """Return the content, the media type and the ETag of each file."""
    found = {}
    for path in STATIC.iterdir():
        content = path.read_bytes()
        etag = f'"{hashlib.sha256(content).hexdigest()[:32]}"'
        found[path.name] = (content, _TYPES[path.suffix], etag)
    return found
