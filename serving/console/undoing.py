"""A decision is taken back by who has just made it: of one report, of several, or of a whole campaign."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, Final

from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse
from pydantic import Field
from sqlalchemy import Connection, Row, select

from serving.clock import now_ms
from serving.console.decisions import MOST_AT_ONCE, Decided
from serving.console.queue_page import DecisionItem, decision_told
from serving.console.visit import PageRoute, Visit
from serving.schemas.bodies import Sent
from serving.schemas.changes import ReportChange
from serving.store.casework.changes import change_report
from serving.store.casework.versions import take
from serving.store.errors import ChangedMeanwhileError, NotFoundError, RefusedChangeError
from serving.store.organisations import Actor
from serving.store.sealing import Keyring
from serving.store.tables import HISTORY

_IN_A_TRANSACTION: Final = 50
_MOST_STEPS: Final = 3  # of a decision: one on the way to a state, and itself
_DECIDED: Final = frozenset({"status", "labels", "priority"})
"""What a decision changes."""


class Undo(Sent):
    """What somebody takes back: reports, as their decision left them."""

    items: list[DecisionItem] = Field(min_length=1, max_length=MOST_AT_ONCE)


@dataclass(frozen=True, slots=True)
class _Asked:
    """Who takes back, and what is written down where a priority is lowered again."""

    actor: Actor
    reason: str


def undo_router() -> APIRouter:
    """Return the route."""
    router = APIRouter(route_class=PageRoute, include_in_schema=False)
    router.add_api_route("/queue/undo", undo_rows, methods=["POST"])
    return router


async def undo_rows(request: Request) -> Response:
    """Put reports in review again, as they were before; answers with what became of each."""
    visit = Visit(request)
    _ = visit.language.text
    try:
        items = Undo.of_body(await request.body()).items
    except ValueError:
        return JSONResponse({"decided": []}, 422)
    asked = _Asked(visit.caller.actor, _("taken back"))
    decided: list[Decided] = []
    for first in range(0, len(items), _IN_A_TRANSACTION):
        some = items[first : first + _IN_A_TRANSACTION]
        decided += await visit.desk.write(partial(_undo_all, asked, some))
    return JSONResponse({"decided": [decision_told(visit, one) for one in decided]})


def _undo_all(
    asked: _Asked, items: Sequence[DecisionItem], connection: Connection, keyring: Keyring
) -> list[Decided]:
    """Take back decisions; what cannot be taken back is told before anything of it is written."""
    decided = []
    for one in items:
        try:
            decided.append(Decided(one.id, _undo(connection, keyring, asked, one)))
        except RefusedChangeError as error:
            decided.append(Decided(one.id, None, error.code))
        except (ChangedMeanwhileError, NotFoundError) as error:
            decided.append(Decided(one.id, None, type(error).__name__))
    return decided


def _undo(connection: Connection, keyring: Keyring, asked: _Asked, item: DecisionItem) -> int:
    """Take back a decision on a report; return its version from then on."""
    report = take(connection, asked.actor, item.id, {item.version})
    change, at_ms = _as_before(connection, asked, report), now_ms()
    return change_report(
        connection, keyring, asked.actor, item.id, change.change(at_ms), seen={item.version}, now_ms=at_ms
    )


def _as_before(connection: Connection, asked: _Asked, report: Row[Any]) -> ReportChange:
    """Return what takes the newest decision on a report back: the actor's own, with the steps on its way.

    Raises:
        RefusedChangeError: the newest step is none that the actor decided.
    """
    steps = select(HISTORY).where(HISTORY.c.report_serial == report.serial).order_by(HISTORY.c.serial.desc())
    rows = connection.execute(steps.limit(_MOST_STEPS)).all()
    before: dict[str, Any] = {}
    for row in rows:
        if (row.actor_id, row.action, row.at_ms) != (asked.actor.id, "changed", rows[0].at_ms):
            break
        before |= {field: was for field, (was, _) in json.loads(row.changes).items()}
    if "status" not in before or not before.keys() <= _DECIDED:
        raise RefusedChangeError("nothing_to_undo", "there is no decision of yours to be taken back")
    as_it_was = {name: before[name] for name in ("labels", "priority") if name in before}
    why = {"reason": asked.reason} if "priority" in before else {}
    return ReportChange.model_validate({"status": "in_review", **as_it_was, **why})
