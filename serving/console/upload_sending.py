"""A file is sent: in chunks by the page's script, which goes on where it was, or whole by a plain form."""

import asyncio
import hashlib
from collections.abc import Sequence
from functools import partial
from pathlib import PurePosixPath
from typing import Final, get_args

from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse, RedirectResponse
from pydantic import Field, ValidationError
from sqlalchemy import Connection
from starlette.datastructures import UploadFile

from serving.clock import now_ms
from serving.console.names import LANGUAGES
from serving.console.upload_shown import may_see_words, state_names
from serving.console.visit import PageRoute, Visit
from serving.reports.ocr_data import lacking
from serving.reports.uploads import Uploads
from serving.schemas.bodies import Sent
from serving.store.intake import Accepted
from serving.store.organisations import Actor
from serving.store.sealing import Keyring
from serving.store.uploads.sending import NewFile, begin_upload, count_chunks, keep_chunk, make_ready
from serving.store.uploads.storing import end_upload
from serving.store.uploads.upload import (
    CHUNK_BYTES,
    MOST_BYTES,
    SENDING,
    Kind,
    Upload,
    find_upload,
    listed_uploads,
)

_KINDS: Final[tuple[Kind, ...]] = get_args(Kind)
_MOST_NAME_CHARS: Final = 200
_CHANGED: Final = "changed"
_SEE_OTHER: Final = 303
_WRONG: Final = 422


class NewUpload(Sent):
    """A file that the page's script is about to send."""

    name: str = Field(max_length=1_000)
    bytes: int = Field(ge=0)
    sha256: str = Field(pattern="^[0-9a-f]{64}$")
    again: bool = False


def sending_router() -> APIRouter:
    """Return the routes."""
    router = APIRouter(route_class=PageRoute, include_in_schema=False)
    router.add_api_route("/uploads", show_uploads, methods=["GET"])
    router.add_api_route("/uploads", send_form, methods=["POST"])
    router.add_api_route("/uploads/begin", begin, methods=["POST"])
    router.add_api_route("/uploads/{upload_id}/chunks/{chunk}", take_chunk, methods=["POST"])
    router.add_api_route("/uploads/{upload_id}/received", end_sending, methods=["POST"])
    return router


async def show_uploads(request: Request) -> Response:
    """Ask for a file, and list those that came before."""
    return await uploads_page(Visit(request))


async def send_form(request: Request) -> Response:
    """Keep a file of a plain form, then show how it begins."""
    visit = Visit(request)
    _ = visit.language.text
    form = await visit.form()
    sent = form.get("file")
    content = await sent.read() if isinstance(sent, UploadFile) else b""
    name = (sent.filename or "") if isinstance(sent, UploadFile) else ""
    if refused := _refusal(visit, name, len(content)):
        return await uploads_page(visit, refused=refused, status_code=_WRONG)
    if len(content) > CHUNK_BYTES:
        refused = _("Without a script a file may have up to 4 MB.")
        return await uploads_page(visit, refused=refused, status_code=_WRONG)
    file = NewFile(_kind(name), len(content), hashlib.sha256(content).digest(), shown_name(name))
    keep = partial(_keep_whole, visit.caller.actor, file, content, is_new=bool(form.get("again")))
    upload_id = await visit.desk.write(keep)
    return RedirectResponse(f"/uploads/{upload_id}", _SEE_OTHER)


async def begin(request: Request) -> Response:
    """Tell the script which chunks of a file are wanted, or that it came before."""
    visit = Visit(request)
    _ = visit.language.text
    try:
        asked = NewUpload.of_body(await request.body())
    except (ValidationError, ValueError):
        return JSONResponse({"refused": _("The file was not taken.")})
    if refused := _refusal(visit, asked.name, asked.bytes):
        return JSONResponse({"refused": refused})
    file = NewFile(_kind(asked.name), asked.bytes, bytes.fromhex(asked.sha256), shown_name(asked.name))
    actor = visit.caller.actor
    begun = await visit.desk.write(
        lambda connection, keyring: begin_upload(
            connection, keyring, actor, file, is_new=asked.again, now_ms=now_ms()
        )
    )
    return JSONResponse(
        {"id": begun.id, "state": begun.state, "have": begun.have, "chunk_bytes": CHUNK_BYTES}
    )


async def take_chunk(request: Request, upload_id: str, chunk: int) -> Response:
    """Keep a part of a file."""
    visit = Visit(request)
    actor, content = visit.caller.actor, await request.body()
    await visit.desk.write(
        lambda connection, keyring: keep_chunk(
            connection, keyring, actor, upload_id, number=chunk, content=content
        )
    )
    return JSONResponse({})


async def end_sending(request: Request, upload_id: str) -> Response:
    """Look whether all of a file is there and is what was announced."""
    visit = Visit(request)
    _ = visit.language.text
    actor = visit.caller.actor

    def found(connection: Connection, keyring: Keyring) -> tuple[Upload, int]:
        upload = find_upload(connection, keyring, actor.organisation_id, upload_id)
        return upload, count_chunks(connection, upload)

    upload, count = await visit.desk.read(found)
    if upload.state != SENDING:
        return JSONResponse({"location": f"/uploads/{upload_id}"})
    if count < upload.chunks:
        return JSONResponse({"refused": _("Not all of it has come: choose the file again.")})
    if not await asyncio.to_thread(_is_whole, visit.desk.uploads, upload):
        await visit.desk.write(
            lambda connection, keyring: end_upload(
                connection, keyring, actor, upload, code=_CHANGED, now_ms=now_ms()
            )
        )
        refused = _("The file changed while it was being sent: choose it again.")
        return JSONResponse({"refused": refused})
    await visit.desk.write(
        lambda connection, keyring: make_ready(connection, keyring, actor, upload, now_ms=now_ms())
    )
    return JSONResponse({"location": f"/uploads/{upload_id}"})


def shown_name(name: str) -> str:
    """Return the name of a file without folders and without what nobody can see in it."""
    last = PurePosixPath(name.replace("\\", "/")).name
    return "".join(sign for sign in last if sign.isprintable())[-_MOST_NAME_CHARS:]


def _keep_whole(
    actor: Actor, file: NewFile, content: bytes, connection: Connection, keyring: Keyring, *, is_new: bool
) -> str:
    """Keep a file of one chunk; return the id of its upload, or of that which came before."""
    begun = begin_upload(connection, keyring, actor, file, is_new=is_new, now_ms=now_ms())
    if begun.state == SENDING:
        keep_chunk(connection, keyring, actor, begun.id, number=0, content=content)
        upload = find_upload(connection, keyring, actor.organisation_id, begun.id)
        make_ready(connection, keyring, actor, upload, now_ms=now_ms())
    return begun.id


def _is_whole(uploads: Uploads, upload: Upload) -> bool:
    with uploads.opened(upload) as file:
        return hashlib.file_digest(file, "sha256").digest() == upload.sha256


def _kind(name: str) -> Kind:
    """Return the kind of a file that `_refusal` lets pass."""
    ending = name.rpartition(".")[2].lower()
    return next(kind for kind in _KINDS if kind == ending)


def _refusal(visit: Visit, name: str, size: int) -> str:
    """Return why a file is not taken, or ""."""
    _ = visit.language.text
    if name.rpartition(".")[2].lower() not in _KINDS:
        return _("Choose a file that ends in .csv, .tsv, .xlsx, .jsonl or .txt.")
    if not size:
        return _("The file is empty.")
    if size > MOST_BYTES:
        return _("A file has at most 256 MB: split it.")
    return ""


async def uploads_page(
    visit: Visit,
    *,
    refused: str = "",
    refused_images: str = "",
    sent_images: Sequence[tuple[str, Accepted]] = (),
    status_code: int = 200,
) -> Response:
    """Return the page that asks for files, and tells what became of those that were just sent.

    Args:
        visit: of who sends them.
        refused: why a list was not taken.
        refused_images: why images were not.
        sent_images: their names, and the reports that they are.
        status_code: of the answer.
    """
    organisation_id = visit.caller.actor.organisation_id
    uploads = await visit.desk.read(
        lambda connection, keyring: listed_uploads(connection, keyring, organisation_id)
    )
    return visit.page(
        "uploads.html",
        status_code=status_code,
        uploads=[(upload, may_see_words(visit, upload)) for upload in uploads],
        state_names=state_names(visit.language),
        refused=refused,
        refused_images=refused_images,
        sent_images=sent_images,
        can_open="review" in visit.caller.scopes,
        lacking=await asyncio.to_thread(lacking),
        text_languages=LANGUAGES,
    )
