"""What the people of an organisation are told to do next, in its own words, and where the model speaks up."""

from typing import Any, Final

from fastapi import APIRouter, Request, Response
from sqlalchemy import Connection

from models.errors import InputError
from serving.clock import now_ms
from serving.console.admin.forms import text_of
from serving.console.admin.refusals import refusals
from serving.console.guidance import built_in_text
from serving.console.languages import languages
from serving.console.visit import PageRoute, Visit
from serving.store.casework.guidance import (
    MOST_CHARS,
    TOPICS,
    read_guidance,
    read_operating_point,
    set_guidance,
    set_operating_point,
)
from serving.store.sealing import Keyring

_PATH: Final = "/admin/guidance"


def guidance_router() -> APIRouter:
    """Return the routes."""
    router = APIRouter(route_class=PageRoute, include_in_schema=False)
    router.add_api_route(_PATH, show_guidance, methods=["GET"])
    router.add_api_route(_PATH, change_guidance, methods=["POST"])
    return router


async def show_guidance(request: Request) -> Response:
    """Show what people are told, in every language of the console."""
    return await _page(Visit(request))


async def change_guidance(request: Request) -> Response:
    """Keep a text of the organisation, go back to what is built in, or choose the operating point."""
    visit = Visit(request)
    form = await visit.form()
    actor, now = visit.caller.actor, now_ms()
    topic, tag = text_of(form, "topic"), text_of(form, "language")
    text = text_of(form, "text", MOST_CHARS + 1)
    if len(text) > MOST_CHARS:
        return await _page(visit, "too_long")
    point = text_of(form, "operating_point")

    def changed(connection: Connection, keyring: Keyring) -> None:
        if point:
            if point != read_operating_point(connection, actor.organisation_id):
                set_operating_point(connection, keyring, actor, point, now_ms=now)
            return
        if topic not in TOPICS or tag not in languages():
            raise InputError("expected one of the texts of the page")
        is_own = form.get("do") != "built_in" and text != built_in_text(languages()[tag], topic)
        kept = text if is_own else ""
        if kept != read_guidance(connection, actor.organisation_id, tag).get(topic, ""):
            set_guidance(connection, keyring, actor, topic=topic, language=tag, text=kept, now_ms=now)

    try:
        await visit.desk.write(changed)
    except InputError:
        return await _page(visit, "not_as_described")
    return visit.redirect(_PATH)


async def _page(visit: Visit, refused: str = "") -> Response:
    organisation_id = visit.caller.actor.organisation_id

    def asked(connection: Connection, _: Keyring) -> dict[str, Any]:
        own = {tag: read_guidance(connection, organisation_id, tag) for tag in languages()}
        return {"own": own, "operating_point": read_operating_point(connection, organisation_id)}

    return visit.page(
        "admin_guidance.html",
        status_code=422 if refused else 200,
        **await visit.desk.read(asked),
        topics=TOPICS,
        built_in={
            tag: {topic: built_in_text(language, topic) for topic in TOPICS}
            for tag, language in languages().items()
        },
        most_chars=MOST_CHARS,
        refused=refusals(visit.language)[refused],
    )
