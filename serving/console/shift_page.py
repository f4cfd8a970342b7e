"""The change of shifts: what must not be forgotten, and the note that one shift leaves to the next."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from fastapi import APIRouter, Request, Response
from sqlalchemy import Connection

from models.screening import PRIORITIES
from serving.access.record import Access
from serving.clock import HOUR_MS, now_ms
from serving.console.ages import age
from serving.console.decisions import Decided, decide
from serving.console.names import priority_names, status_names
from serving.console.visit import PageRoute, Visit
from serving.schemas.changes import ReportChange
from serving.store.casework.handovers import Handover, last_notes, read_note, sign_note, write_note
from serving.store.casework.shift import (
    MOST_LISTED,
    Absent,
    Waits,
    of_absent,
    returned,
    unacknowledged,
    without_information,
)
from serving.store.errors import RefusedChangeError
from serving.store.organisations import Actor
from serving.store.overview.arrivals import count_priorities, of_period
from serving.store.overview.decisions import count_decided
from serving.store.overview.periods import Period
from serving.store.sealing import Keyring

MOST_NOTE_CHARS: Final = 20_000
SHIFT_HOURS: Final = (8, 12)
AWAY_HOURS: Final = (12, 24, 72)
_AWAY_DEFAULT: Final = 24
_MOST_TAKEN: Final = 200
_MOST_DIGITS: Final = 9


@dataclass(frozen=True, slots=True)
class LastHours:
    """What happened in the last hours.

    Attributes:
        priorities: how many reports came in, by rank.
    """

    hours: int
    priorities: dict[int, int]
    decided: int

    @property
    def came(self) -> int:
        """How many reports came in."""
        return sum(self.priorities.values())


@dataclass(frozen=True, slots=True)
class Board:
    """All that the page shows, as of one moment."""

    urgent: Sequence[Waits]
    returned: Sequence[Waits]
    without_information: Sequence[Waits]
    absent: Sequence[Absent]
    last_hours: Sequence[LastHours]
    notes: Sequence[Handover] = field(repr=False)


def shift_router() -> APIRouter:
    """Return the routes."""
    router = APIRouter(route_class=PageRoute, include_in_schema=False)
    router.add_api_route("/shift", show_shift, methods=["GET"])
    router.add_api_route("/shift", show_shift, methods=["POST"])
    router.add_api_route("/shift/take", take_over, methods=["POST"])
    router.add_api_route("/shift/notes", hand_over, methods=["POST"])
    router.add_api_route("/shift/notes/{note_id}", show_note, methods=["GET"])
    router.add_api_route("/shift/notes/{note_id}/sign", sign, methods=["POST"])
    return router


async def show_shift(request: Request) -> Response:
    """Show what a shift begins with; a form says from when on somebody is absent."""
    visit = Visit(request)
    form = await visit.form() if request.method == "POST" else {}
    chosen = str(form.get("away") or "")
    away = next((hours for hours in AWAY_HOURS if str(hours) == chosen), _AWAY_DEFAULT)
    return await _page(visit, away=away)


async def take_over(request: Request) -> Response:
    """Assign reports to who asks for them; one that is urgent only alone."""
    visit = Visit(request)
    form = await visit.form()
    seen = [one for item in form.getlist("item")[:_MOST_TAKEN] if (one := _seen(str(item)))]
    change = ReportChange.model_validate({"assignee": visit.own_session.name})
    decided = await decide(visit.desk, visit.caller.actor, seen, change)
    refused = [one for one in decided if one.refused]
    if refused:
        return await _page(visit, refused=refused, status_code=409)
    return visit.redirect("/shift")


async def hand_over(request: Request) -> Response:
    """Keep the note of who leaves, signed by them."""
    visit = Visit(request)
    words = str((await visit.form()).get("words") or "").replace("\r\n", "\n").strip()
    if not words or len(words) > MOST_NOTE_CHARS:
        return await _page(visit, words=words, is_no_note=True, status_code=422)
    actor = visit.caller.actor
    note_id = await visit.desk.write(
        lambda connection, keyring: write_note(connection, keyring, actor, words, now_ms=now_ms())
    )
    return visit.redirect(f"/shift/notes/{note_id}")


async def show_note(request: Request, note_id: str) -> Response:
    """Show a note to who may read words, and whose it is to all others."""
    visit = Visit(request)
    actor = visit.caller.actor
    note = await visit.desk.read(lambda connection, keyring: read_note(connection, keyring, actor, note_id))
    with_words = visit.caller.has_pii
    visit.desk.note(Access(actor, "handover.read", note_id), "words" if with_words else "codes")
    return visit.page(
        "note.html",
        handover=note.handover,
        words=note.words if with_words else None,
        is_kept=note.words is not None,
        may_sign=with_words
        and note.words is not None
        and note.handover.arrived is None
        and note.handover.left.actor_id != actor.id,
        is_own=note.handover.left.actor_id == actor.id,
    )


async def sign(request: Request, note_id: str) -> Response:
    """Sign that one has read a note."""
    visit = Visit(request)
    actor, may_read = visit.caller.actor, visit.caller.has_pii

    def signed(connection: Connection, keyring: Keyring) -> None:
        read_note(connection, keyring, actor, note_id)
        if not may_read:
            raise RefusedChangeError("not_read", "only who may read a note can sign it")
        sign_note(connection, keyring, actor, note_id, now_ms=now_ms())

    await visit.desk.write(signed)
    return visit.redirect(f"/shift/notes/{note_id}")


async def _page(
    visit: Visit,
    *,
    away: int = _AWAY_DEFAULT,
    words: str = "",
    is_no_note: bool = False,
    refused: Sequence[Decided] = (),
    status_code: int = 200,
) -> Response:
    actor, at_ms = visit.caller.actor, now_ms()
    board = await visit.desk.read(lambda connection, _: read_board(connection, actor, away, at_ms))
    return visit.page(
        "shift.html",
        status_code=status_code,
        board=board,
        away=away,
        away_hours=AWAY_HOURS,
        words=words,
        most_chars=MOST_NOTE_CHARS,
        most_listed=MOST_LISTED,
        is_no_note=is_no_note,
        refused=len(refused),
        at_ms=at_ms,
        age=lambda since_ms: age(visit.language, at_ms - since_ms),
        priorities=PRIORITIES,
        priority_names=priority_names(visit.language),
        status_names=status_names(visit.language),
    )


def read_board(connection: Connection, actor: Actor, away: int, at_ms: int) -> Board:
    """Return what a shift begins with; absent is who was away for so many hours."""
    return Board(
        urgent=unacknowledged(connection, actor),
        returned=returned(connection, actor),
        without_information=without_information(connection, actor),
        absent=of_absent(connection, actor, away_since_ms=at_ms - away * HOUR_MS),
        last_hours=[_last(connection, actor, hours, at_ms) for hours in SHIFT_HOURS],
        notes=last_notes(connection, actor),
    )


def _last(connection: Connection, actor: Actor, hours: int, at_ms: int) -> LastHours:
    period = Period(at_ms - hours * HOUR_MS, at_ms + 1)
    came = count_priorities(connection, of_period(connection, actor, period))
    return LastHours(hours, came, count_decided(connection, actor, period).total())


def _seen(item: str) -> tuple[str, int] | None:
    """Return the id of a report and the version that was seen of it; None if it is neither."""
    report_id, _, version = item.partition(" ")
    is_number = version.isascii() and version.isdigit() and len(version) <= _MOST_DIGITS
    return (report_id, int(version)) if is_number else None
