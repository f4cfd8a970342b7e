"""The pages of the console, and who may see each. Whatever is not named here is none."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from serving.store.access.callers import Scope as Need

_FORM_BYTES: Final = 4_000_000  # 256 pasted texts
_FILE_BYTES: Final = 4_100_000  # a chunk of an upload, or a form with a small file
_IMAGES_BYTES: Final = 15_500_000  # a form with images


@dataclass(frozen=True, slots=True)
class Page:
    """A page that exists.

    Attributes:
        name: what logs and metrics call it.
        needs: methods it answers, each with the scope that a person needs for it; None: who is signed in.
        is_open: answers everybody, signed in or not.
        by_itself: a page asks for it without its person, whose session it does not keep from being locked.
        max_body_bytes: what is longer is not read.
    """

    name: str
    needs: Mapping[str, Need | None]
    is_open: bool = False
    by_itself: bool = False
    max_body_bytes: int = _FORM_BYTES


PAGES: Final = {
    "/": Page("page_screen", {"GET": "screen", "POST": "screen"}),
    "/queue": Page("page_queue", {"GET": "review", "POST": "review"}),
    "/queue/rows": Page("page_queue_rows", {"POST": "review"}),
    "/queue/views": Page("page_views", {"POST": "review"}),
    "/queue/decide": Page("page_decide", {"POST": "review"}),
    "/queue/undo": Page("page_undo", {"POST": "review"}),
    "/queue/urgent": Page("page_urgent", {"GET": "review"}, by_itself=True),
    "/items/{report_id}": Page("page_item", {"GET": "review"}),
    "/items/{report_id}/pane": Page("page_pane", {"GET": "review"}),
    "/items/{report_id}/change": Page("page_change", {"POST": "review"}),
    "/items/{report_id}/redacted": Page("page_redacted", {"GET": "review"}),
    "/items/{report_id}/image": Page("page_image", {"GET": "review"}),
    "/items/{report_id}/image/{page}": Page("page_image_page", {"GET": "review"}),
    "/items/{report_id}/refer": Page("page_refer", {"POST": "review"}),
    "/shift": Page("page_shift", {"GET": "review", "POST": "review"}),
    "/shift/take": Page("page_take", {"POST": "review"}),
    "/shift/notes": Page("page_notes", {"POST": "review"}),
    "/shift/notes/{note_id}": Page("page_note", {"GET": "review"}),
    "/shift/notes/{note_id}/sign": Page("page_note_sign", {"POST": "review"}),
    "/overview": Page("page_overview", {"GET": "review", "POST": "review"}),
    "/overview/file": Page("page_overview_file", {"POST": "review"}),
    "/overview/week": Page("page_week", {"GET": "review", "POST": "review"}),
    "/admin/people": Page("page_people", {"GET": "admin", "POST": "admin"}),
    "/admin/people/{person_id}": Page("page_person", {"GET": "admin", "POST": "admin"}),
    "/admin/keys": Page("page_keys", {"GET": "admin", "POST": "admin"}),
    "/admin/organisations": Page("page_organisations", {"GET": "admin", "POST": "admin"}),
    "/admin/retention": Page("page_retention", {"GET": "admin", "POST": "admin"}),
    "/admin/guidance": Page("page_guidance", {"GET": "admin", "POST": "admin"}),
    "/admin/model": Page("page_model", {"GET": "admin"}),
    "/admin/audit": Page("page_audit", {"GET": "admin", "POST": "admin"}),
    "/admin/audit/check": Page("page_audit_check", {"POST": "admin"}),
    "/admin/audit/file": Page("page_audit_file", {"POST": "admin"}),
    "/me": Page("page_me", {"GET": None, "POST": None}, max_body_bytes=20_000),
    "/new-password": Page(
        "page_new_password", {"GET": None, "POST": None}, is_open=True, max_body_bytes=20_000
    ),
    "/items/{report_id}/referrals/{referral_id}": Page("page_referral", {"POST": "review"}),
    "/items/{report_id}/check": Page("page_check_number", {"POST": "review"}),
    "/items/{report_id}/withhold": Page("page_withhold", {"POST": "review"}),
    "/items/{report_id}/show-again": Page("page_show_again", {"POST": "admin"}),
    "/uploads": Page("page_uploads", {"GET": "report", "POST": "report"}, max_body_bytes=_FILE_BYTES),
    "/uploads/images": Page("page_upload_images", {"POST": "report"}, max_body_bytes=_IMAGES_BYTES),
    "/uploads/begin": Page("page_upload_begin", {"POST": "report"}, max_body_bytes=20_000),
    "/uploads/{upload_id}": Page("page_upload", {"GET": "report", "POST": "report"}),
    "/uploads/{upload_id}/chunks/{chunk}": Page(
        "page_upload_chunk", {"POST": "report"}, max_body_bytes=_FILE_BYTES
    ),
    "/uploads/{upload_id}/received": Page("page_upload_received", {"POST": "report"}),
    "/uploads/{upload_id}/screen": Page("page_upload_screen", {"POST": "report"}),
    "/uploads/{upload_id}/stop": Page("page_upload_stop", {"POST": "report"}),
    "/uploads/{upload_id}/progress": Page("page_upload_progress", {"GET": "report"}, by_itself=True),
    "/uploads/{upload_id}/errors": Page("page_upload_errors", {"GET": "report"}),
    "/uploads/{upload_id}/results/{form}": Page("page_upload_results", {"GET": "review"}),
    "/sign-in": Page("page_sign_in", {"GET": None, "POST": None}, is_open=True, max_body_bytes=20_000),
    "/sign-in/link": Page("page_link", {"POST": None}, is_open=True, max_body_bytes=20_000),
    "/sign-out": Page("page_sign_out", {"POST": None}),
    "/lock": Page("page_lock", {"POST": None}),
    "/language": Page("page_language", {"POST": None}, is_open=True, max_body_bytes=20_000),
    "/static/{file}": Page("page_static", {"GET": None}, is_open=True, max_body_bytes=0),
}

_ID: Final = "[0-9a-f]{32}"
_PARTS: Final = {
    "{report_id}": _ID,
    "{referral_id}": _ID,
    "{note_id}": _ID,
    "{upload_id}": _ID,
    "{person_id}": "[1-9][0-9]{0,9}",
    "{chunk}": "[0-9]{1,3}",
    "{page}": "[0-9]{1,3}",
    "{form}": "(csv|xlsx|jsonl)",
    "{file}": r"[a-z0-9_]+(\.[a-z0-9_]+)+",
}
_PATTERNS: Final = tuple(
    (re.compile(re.sub(r"\{\w+\}", lambda part: _PARTS[part[0]], path)), page)
    for path, page in PAGES.items()
    if "{" in path
)


def page_of(path: str) -> Page | None:
    """Return the page of a path, or None."""
    if path in PAGES:
        return PAGES[path]
    return next((page for pattern, page in _PATTERNS if pattern.fullmatch(path)), None)
