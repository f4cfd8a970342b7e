"""Uploads as people are told of them: names of states, how far one is, and why rows could not be read."""

import asyncio
from collections.abc import Mapping
from typing import Any, Final

from serving.clock import now_ms
from serving.console.languages import Language
from serving.console.visit import Visit
from serving.store.uploads.upload import SCREENING, STORING, Upload

ENCODINGS: Final = (
    *("utf-8", "utf-16", "cp874", "tis-620", "gb18030", "big5", "cp1258", "cp949", "shift_jis", "cp1252"),
    *("utf-16-le", "utf-16-be"),
)
READING: Final = asyncio.Semaphore(1)
"""Files are looked at one at a time: the threads that check who asks must not all be busy with them."""
_UNDER_WAY: Final = (STORING, SCREENING)
_SECONDS: Final = 60


def may_see_words(visit: Visit, upload: Upload) -> bool:
    """Whether what stands in a file is shown to somebody: who sent it has it anyway."""
    return visit.caller.has_pii or upload.actor_id == visit.caller.actor.id


def state_names(language: Language) -> Mapping[str, str]:
    """Return the names of the states of an upload."""
    _ = language.text
    return {
        "sending": _("not all of it has come"),
        "ready": _("waits for you to choose its columns"),
        "storing": _("being stored"),
        "screening": _("being screened"),
        "done": _("done"),
        "stopped": _("stopped"),
        "failed": _("could not be read"),
    }


def progress(language: Language, upload: Upload) -> dict[str, Any]:
    """Return how far an upload is: numbers, and a line that says so."""
    total = upload.rows_total
    wanted = None if total is None else max(total - upload.rows_refused, 0)
    seconds = _seconds_left(upload, wanted)
    return {
        "state": upload.state,
        "total": total,
        "read": upload.rows_read,
        "refused": upload.rows_refused,
        "stored": upload.rows_stored,
        "screened": upload.rows_screened,
        "wanted": wanted,
        "line": _line(language, upload, wanted, seconds),
    }


def reason_of(language: Language, message: str) -> str:
    """Return in a person's language why a row could not be read; `serving.files` says it in English."""
    _ = language.text
    too_long = _("It is too long.")
    reasons = (
        ("the row has no text", _("It has no text.")),
        ("expected text in", _("There is something else than text in the column of the text.")),
        ("the text has bytes", _("It has bytes that are no characters in this encoding.")),
        ("expected ", _("It has more or fewer cells than the header.")),
        ("the line is not a JSON", _("It is no JSON object.")),
        ("the row has a line of more", too_long),
        ("the row has other columns of more", too_long),
        ("the line has more", too_long),
        ("the text has more", too_long),
    )
    found = (said for begins, said in reasons if message.startswith(begins))
    return next(found, _("It could not be read."))


def _seconds_left(upload: Upload, wanted: int | None) -> int | None:
    """Return how long the screening will take on, as fast as it was; None: nobody knows."""
    if (
        upload.state not in _UNDER_WAY
        or not upload.rows_screened
        or wanted is None
        or upload.begun_ms is None
    ):
        return None
    elapsed = (now_ms() - upload.begun_ms) / 1000
    return round(max(wanted - upload.rows_screened, 0) * elapsed / upload.rows_screened)


def _line(language: Language, upload: Upload, wanted: int | None, seconds: int | None) -> str:
    _ = language.text
    many = "–" if wanted is None else f"{wanted:,}"
    parts = [
        _("%(stored)s of %(wanted)s rows stored") % {"stored": f"{upload.rows_stored:,}", "wanted": many},
        _("%(screened)s screened") % {"screened": f"{upload.rows_screened:,}"},
    ]
    if upload.rows_refused:
        parts.append(_("%(refused)s could not be read") % {"refused": f"{upload.rows_refused:,}"})
    if seconds is not None and seconds < _SECONDS:
        parts.append(_("less than a minute left"))
    elif seconds is not None:
        parts.append(_("about %(minutes)s minutes left") % {"minutes": f"{round(seconds / _SECONDS):,}"})
    return " · ".join(parts)
