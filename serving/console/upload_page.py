"""One upload: how it begins, which column is the text, how far it is, what came of it."""

import asyncio
import csv
from collections.abc import Sequence
from io import StringIO
from typing import Any, Final

from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse, StreamingResponse

from models.errors import InputError
from serving.access.record import Access
from serving.clock import now_ms
from serving.console.languages import Language
from serving.console.names import priority_names, status_names
from serving.console.upload_shown import ENCODINGS, READING, may_see_words, progress, reason_of, state_names
from serving.console.visit import PageRoute, Visit
from serving.files.columns import TEXT_NAMES
from serving.files.preview import Preview
from serving.reports.upload_reading import Choice, look
from serving.reports.upload_results import MEDIA_TYPES, Form, Names
from serving.store.errors import NotGrantedError
from serving.store.uploads.results import MOST_SHOWN, RowError, read_errors
from serving.store.uploads.storing import begin_screening, end_upload
from serving.store.uploads.upload import READY, SENDING, Upload, find_upload

_WRONG: Final = 422
_MOST_ERRORS: Final = 200_000
_USUAL: Final = {
    "text": TEXT_NAMES,
    "id": ("id", "no", "number", "ลำดับ", "เลขที่"),
    "language": ("language", "lang", "ภาษา"),
    "received_at": ("received_at", "date", "time", "datetime", "timestamp", "วันที่", "เวลา"),
    "source": ("source", "platform", "url", "link", "แหล่งที่มา", "ลิงก์"),
}
"""What the columns of each part of a row are often called, in lower case."""


def upload_router() -> APIRouter:
    """Return the routes."""
    router = APIRouter(route_class=PageRoute, include_in_schema=False)
    router.add_api_route("/uploads/{upload_id}", show_upload, methods=["GET"])
    router.add_api_route("/uploads/{upload_id}", show_upload, methods=["POST"])
    router.add_api_route("/uploads/{upload_id}/screen", screen_upload, methods=["POST"])
    router.add_api_route("/uploads/{upload_id}/stop", stop_upload, methods=["POST"])
    router.add_api_route("/uploads/{upload_id}/progress", tell_progress, methods=["GET"])
    router.add_api_route("/uploads/{upload_id}/errors", send_errors, methods=["GET"])
    router.add_api_route("/uploads/{upload_id}/results/{form}", send_results, methods=["GET"])
    return router


async def show_upload(request: Request, upload_id: str) -> Response:
    """Show an upload; a form may ask for another encoding."""
    visit = Visit(request)
    upload = await _found(visit, upload_id)
    encoding = None
    if request.method == "POST":
        encoding = _known_encoding(str((await visit.form()).get("encoding") or ""))
    return await _page(visit, upload, encoding)


async def screen_upload(request: Request, upload_id: str) -> Response:
    """Have the rows of a file stored and screened, by the columns that a form names."""
    visit = Visit(request)
    upload = await _found(visit, upload_id)
    form = await visit.form()
    encoding = _known_encoding(str(form.get("encoding") or ""))
    if upload.state != READY:
        return visit.redirect(f"/uploads/{upload_id}")
    if not may_see_words(visit, upload):
        raise NotGrantedError("only who sent a file, or who may see words, chooses its columns")
    shown = await _looked_at(visit, upload, encoding)
    chosen = {name: _column(shown, str(form.get(name) or "")) for name in _USUAL}
    text = chosen["text"]
    if shown is None or text is None:
        return await _page(visit, upload, encoding, is_wrong=True)
    choice = Choice(
        text=text,
        id=chosen["id"],
        language=chosen["language"],
        received_at=chosen["received_at"],
        source=chosen["source"],
        encoding=shown.encoding or None,
    )
    actor = visit.caller.actor
    await visit.desk.write(
        lambda connection, keyring: begin_screening(
            connection, keyring, actor, upload_id, choice.to_dict(), now_ms=now_ms()
        )
    )
    visit.desk.uploads.look()
    return visit.redirect(f"/uploads/{upload_id}")


async def stop_upload(request: Request, upload_id: str) -> Response:
    """Store no more rows of a file, and remove it; its reports stay."""
    visit = Visit(request)
    upload = await _found(visit, upload_id)
    if not may_see_words(visit, upload):
        raise NotGrantedError("only who sent a file, or who may see words, removes it")
    actor = visit.caller.actor
    await visit.desk.write(
        lambda connection, keyring: end_upload(connection, keyring, actor, upload, code="", now_ms=now_ms())
    )
    visit.desk.uploads.look()
    return visit.redirect(f"/uploads/{upload_id}")


async def tell_progress(request: Request, upload_id: str) -> Response:
    """Tell the page's script how far an upload is."""
    visit = Visit(request)
    return JSONResponse(progress(visit.language, await _found(visit, upload_id)))


async def send_errors(request: Request, upload_id: str) -> Response:
    """Answer with a CSV of the rows that could not be read; it quotes none of them."""
    visit = Visit(request)
    upload = await _found(visit, upload_id)
    errors = await visit.desk.read(
        lambda connection, _: read_errors(connection, upload.serial, after=0, limit=_MOST_ERRORS)
    )
    async with READING:
        content = await asyncio.to_thread(_listed, errors, visit.language)
    headers = _as_file(upload, "errors.csv")
    return Response(content, headers=headers, media_type=MEDIA_TYPES["csv"])


async def send_results(request: Request, upload_id: str, form: Form) -> Response:
    """Answer with a file of all rows and their newest records; who takes it is in the audit."""
    visit = Visit(request)
    upload = await _found(visit, upload_id)
    with_words = visit.caller.has_pii
    content = "words" if with_words else "codes"
    await visit.write_down("upload.downloaded", upload_id, form=form, content=content)
    rows = visit.desk.uploads.results(upload, form, _names(visit), with_words=with_words)
    headers = _as_file(upload, f"results.{form}")
    return StreamingResponse(rows, headers=headers, media_type=MEDIA_TYPES[form])


def _names(visit: Visit) -> Names:
    """Return what codes are called in the language of who takes a file."""
    language, _ = visit.language, visit.language.text
    return Names(priority_names(language), status_names(language), language.term, none=_("nothing"))


def _listed(errors: Sequence[RowError], language: Language) -> bytes:
    """Return errors as a CSV; there may be hundreds of thousands, for few reasons."""
    reasons = {message: reason_of(language, message) for message in {one.message for one in errors}}
    written = StringIO(newline="")
    lines = csv.writer(written)
    lines.writerow(["row", "code", "message", "reason"])
    lines.writerows((one.number, one.code, one.message, reasons[one.message]) for one in errors)
    return written.getvalue().encode("utf-8-sig")


async def _page(visit: Visit, upload: Upload, encoding: str | None, *, is_wrong: bool = False) -> Response:
    sees_words = may_see_words(visit, upload)
    shown = None
    if upload.state == READY and sees_words:
        shown = await _looked_at(visit, upload, encoding)
    errors = await visit.desk.read(
        lambda connection, _: read_errors(connection, upload.serial, after=0, limit=MOST_SHOWN)
    )
    return visit.page(
        "upload.html",
        status_code=_WRONG if is_wrong else 200,
        upload=upload,
        sees_words=sees_words,
        state_names=state_names(visit.language),
        preview=shown,
        usual={} if shown is None else {name: _usual(shown, name) for name in _USUAL},
        encodings=ENCODINGS,
        encoding=encoding or (shown.encoding if shown else ""),
        is_wrong=is_wrong,
        progress=progress(visit.language, upload),
        errors=[(one.number, reason_of(visit.language, one.message)) for one in errors],
        can_take_results="review" in visit.caller.scopes,
        is_sending=upload.state == SENDING,
    )


async def _found(visit: Visit, upload_id: str) -> Upload:
    organisation_id = visit.caller.actor.organisation_id
    return await visit.desk.read(
        lambda connection, keyring: find_upload(connection, keyring, organisation_id, upload_id)
    )


async def _looked_at(visit: Visit, upload: Upload, encoding: str | None) -> Preview | None:
    """Return how a file begins; None if it cannot be read so."""
    visit.desk.note(Access(visit.caller.actor, "upload.looked_at", upload.id), "words")
    uploads = visit.desk.uploads
    try:
        async with READING:
            return await asyncio.to_thread(look, upload.kind, lambda: uploads.opened(upload), encoding)
    except InputError:
        return None


def _column(shown: Preview | None, place: str) -> str | None:
    """Return the column in a place, as forms name it; None: no such place, or none was chosen."""
    if shown is None or not (place.isascii() and place.isdecimal()):
        return None
    return next(iter(shown.columns[int(place[:4]) :]), None)


def _usual(shown: Preview, part: str) -> int | None:
    """Return the place of the column that is likely to hold a part of a row; the text is the longest."""
    names = [column.strip().casefold() for column in shown.columns]
    found = next((names.index(usual) for usual in _USUAL[part] if usual in names), None)
    if found is not None or part != "text" or not shown.rows:
        return found
    return max(range(len(names)), key=lambda place: _chars(shown.rows, place))


def _chars(rows: Sequence[Sequence[str]], place: int) -> int:
    return sum(len(row[place]) for row in rows)


def _known_encoding(name: str) -> str | None:
    return name if name in ENCODINGS else None


def _as_file(upload: Upload, name: str) -> dict[str, Any]:
    """Return the headers of what a browser saves; under a name of ours, for that of the file is words."""
    return {"Content-Disposition": f'attachment; filename="scamscreen-{upload.id[:8]}-{name}"'}
