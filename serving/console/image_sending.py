"""Screenshots, photographs and PDF are sent: each becomes a report, whose words are read afterwards."""

import base64
import hashlib
from typing import Any, Final

from fastapi import APIRouter, Request, Response
from starlette.datastructures import FormData, UploadFile

from serving.console.item_image import image_type
from serving.console.names import LANGUAGES
from serving.console.upload_sending import shown_name, uploads_page
from serving.console.visit import PageRoute, Visit
from serving.schemas.reports import MAX_IMAGE_BYTES, ReportIn
from serving.store.intake import SendingKey

MOST_IMAGES: Final = 20
_CHANNEL: Final = "file"
_WRONG: Final = 422


def image_sending_router() -> APIRouter:
    """Return the route."""
    router = APIRouter(route_class=PageRoute, include_in_schema=False)
    router.add_api_route("/uploads/images", send_images, methods=["POST"])
    return router


async def send_images(request: Request) -> Response:
    """Store the images of a form, all or none; the same ones sent again are stored once."""
    visit = Visit(request)
    form = await visit.form()
    files = [one for one in form.getlist("images") if isinstance(one, UploadFile) and one.filename]
    images = [(shown_name(one.filename or ""), await one.read()) for one in files]
    if refused := _refusal(visit, images):
        return await uploads_page(visit, refused_images=refused, status_code=_WRONG)
    about = _about(form)
    digest = hashlib.sha256(repr(sorted(about.items())).encode())
    for _, content in images:
        digest.update(hashlib.sha256(content).digest())
    key = SendingKey(f"images {digest.hexdigest()}", digest.digest())
    reports = [_report(content, about) for _, content in images]
    accepted = await visit.desk.accept(visit.caller.actor, reports, key)
    names = [name for name, _ in images]
    return await uploads_page(visit, sent_images=list(zip(names, accepted, strict=True)))


def _about(form: FormData) -> dict[str, Any]:
    """Return what a form tells of its images."""
    language = str(form.get("language") or "")
    return {
        "language": language if language in LANGUAGES else None,
        "in_danger": bool(form.get("in_danger")),
    }


def _report(content: bytes, about: dict[str, Any]) -> ReportIn:
    encoded = base64.b64encode(content).decode()
    sent = {"content": encoded, "media_type": image_type(content), "channel": _CHANNEL}
    return ReportIn.model_validate({**sent, **about})


def _refusal(visit: Visit, images: list[tuple[str, bytes]]) -> str:
    """Return why images are not taken, or ""."""
    _ = visit.language.text
    if not images:
        return _("Choose at least one image.")
    if len(images) > MOST_IMAGES:
        return _("At most %(count)s images at once.") % {"count": MOST_IMAGES}
    for name, content in images:
        if image_type(content) is None:
            return _("%(name)s is no PNG, JPEG, WebP or PDF. Nothing was taken.") % {"name": name}
        if len(content) > MAX_IMAGE_BYTES:
            return _("%(name)s has more than 10 MB. Nothing was taken.") % {"name": name}
    return ""
