"""The filters of the queue: what a form asks for, and what it shows of that."""

import json
from collections.abc import Mapping
from typing import Any

from models.screening import PRIORITIES
from models.taxonomy import ENTITY_TYPES, LABELS
from serving.console.names import LANGUAGES, channel_names, priority_names, status_names
from serving.console.periods import midnight
from serving.console.upload_shown import may_see_words
from serving.console.visit import Visit
from serving.schemas.search import ReportSearch
from serving.store.casework.states import OPEN, STATES
from serving.store.errors import NotFoundError
from serving.store.uploads.upload import find_upload


def asked_search(form: Any) -> ReportSearch | None:  # noqa: ANN401 (form data or nothing)
    """Return the search that a form asks for; None if there can be none such."""
    many = form.getlist if hasattr(form, "getlist") else lambda _: []
    one = {name: str(form.get(name) or "").strip() for name in ("words", "entity_type", "entity", "assignee")}
    sought: dict[str, Any] = {
        name: [str(value) for value in many(name) if value]
        for name in ("status", "priority", "flags", "language", "channel", "role")
    }
    sought["status"] = sought["status"] or list(OPEN)
    if "all" in sought["status"]:
        sought["status"] = []
    if one["words"]:
        sought["words"] = one["words"]
    if one["entity"]:  # of an unknown kind there can be no such search
        sought["entities"] = [{"type": one["entity_type"], "value": one["entity"]}]
    if one["assignee"]:
        sought["assignee"] = one["assignee"]
    if campaign := str(form.get("campaign_id") or ""):
        sought["campaign_id"] = campaign
    if (upload := str(form.get("upload_id") or "")) and form.get("without") != "upload":
        sought["upload_id"] = upload
    for name in ("stored_from", "stored_before"):
        if day := str(form.get(name) or ""):
            sought[name] = midnight(day)
    sought["sort"] = str(form.get("sort") or "queue")
    return search_of(sought)


def search_of(sought: Mapping[str, Any]) -> ReportSearch | None:
    """Return a search; None if there can be none such."""
    try:
        return ReportSearch.of_body(json.dumps(sought).encode())
    except ValueError:
        return None


def shown_filters(visit: Visit, asked: ReportSearch | None) -> dict[str, Any]:
    """Return what the form of filters shows."""
    return {
        "asked": asked,
        "statuses": STATES,
        "status_names": status_names(visit.language),
        "priorities": PRIORITIES,
        "priority_names": priority_names(visit.language),
        "labels": LABELS,
        "entity_types": ENTITY_TYPES,
        "text_languages": LANGUAGES,
        "channel_names": channel_names(visit.language),
        "is_wrong": asked is None,
    }


async def upload_name(visit: Visit, asked: ReportSearch | None) -> str:
    """Return what the upload is called whose reports alone are asked for; "" if none is."""
    if asked is None or asked.upload_id is None:
        return ""
    _ = visit.language.text
    upload_id, organisation_id = asked.upload_id, visit.caller.actor.organisation_id
    try:
        upload = await visit.desk.read(
            lambda connection, keyring: find_upload(connection, keyring, organisation_id, upload_id)
        )
    except NotFoundError:
        return _("no upload of yours")
    name = (upload.name if may_see_words(visit, upload) else "") or upload.kind.upper()  # it goes with age
    return f"{name} ({visit.language.moment(upload.created_ms)})"
