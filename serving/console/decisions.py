"""What a person decides: for one report, for several, or for a whole campaign."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, Final

from sqlalchemy import Connection, Row, select

from serving.clock import now_ms
from serving.reports.desk import Desk
from serving.schemas.changes import ReportChange
from serving.store.casework.changes import change_report
from serving.store.casework.states import MAY_FOLLOW, OPEN, State, next_by_hand
from serving.store.casework.versions import take
from serving.store.errors import ChangedMeanwhileError, NotFoundError, RefusedChangeError
from serving.store.organisations import Actor
from serving.store.report_codes import URGENT
from serving.store.sealing import Keyring
from serving.store.tables import REPORT

MOST_AT_ONCE: Final = 2_000
_IN_A_TRANSACTION: Final = 50
ALONE: Final = "urgent_alone"


@dataclass(frozen=True, slots=True)
class Decided:
    """What became of a decision for one report.

    Attributes:
        version: of the report from then on; None if nothing was changed.
        refused: a code of why nothing was changed, or "".
    """

    id: str
    version: int | None
    refused: str = ""


@dataclass(frozen=True, slots=True)
class _Asked:
    """What is asked of one report."""

    actor: Actor
    report_id: str
    version: int
    change: ReportChange
    is_one_of_several: bool


async def decide(
    desk: Desk, actor: Actor, seen: Sequence[tuple[str, int]], change: ReportChange
) -> list[Decided]:
    """Change reports as somebody decided, each or not at all; of several none that is urgent.

    Args:
        desk: of the store.
        actor: who decides.
        seen: id and version of each.
        change: what of it; a state that lies between is passed through.
    """
    decided = []
    for report_id, version in seen:
        one = _Asked(actor, report_id, version, change, is_one_of_several=len(seen) > 1)
        decided.append(await _decided(desk, one))
    return decided


async def decide_campaign(desk: Desk, actor: Actor, report_id: str, change: ReportChange) -> list[Decided]:
    """Change all open reports of the campaign of a report, at most `MOST_AT_ONCE`; none that is urgent.

    Raises:
        RefusedChangeError: one of them, as it stands, does not allow it; those before it are changed.
    """
    members = await desk.read(lambda connection, _: _open_members(connection, actor, report_id))
    asked = [_Asked(actor, one.public_id, one.version, change, is_one_of_several=True) for one in members]
    decided = []
    for first in range(0, len(asked), _IN_A_TRANSACTION):
        some = asked[first : first + _IN_A_TRANSACTION]
        versions = await desk.write(partial(_change_all, some))
        decided += [Decided(one.report_id, version) for one, version in zip(some, versions, strict=True)]
    return decided


async def _decided(desk: Desk, asked: _Asked) -> Decided:
    try:
        [version] = await desk.write(partial(_change_all, [asked]))
    except RefusedChangeError as error:
        return Decided(asked.report_id, None, error.code)
    except (ChangedMeanwhileError, NotFoundError) as error:
        return Decided(asked.report_id, None, type(error).__name__)
    return Decided(asked.report_id, version)


def _change_all(asked: Sequence[_Asked], connection: Connection, keyring: Keyring) -> list[int]:
    return [_change(one, connection, keyring) for one in asked]


def _change(asked: _Asked, connection: Connection, keyring: Keyring) -> int:
    """Change one report; return its version from then on."""
    report = take(connection, asked.actor, asked.report_id, {asked.version})
    if asked.is_one_of_several and (report.queue_rank == URGENT or report.in_danger):
        raise RefusedChangeError(ALONE, "an urgent report is decided alone")
    version, at_ms = asked.version, now_ms()
    changes = [*_on_the_way(report.status, asked.change.status), asked.change]
    for one in changes:
        version = change_report(
            connection,
            keyring,
            asked.actor,
            asked.report_id,
            one.change(at_ms),
            seen={version},
            now_ms=at_ms,
        )
    return version


def _on_the_way(before: State, after: State | None) -> Iterator[ReportChange]:
    """Yield the change to the state that lies between two, if one does."""
    if after is None or after == before or after in next_by_hand(before):
        return
    between = next((state for state in next_by_hand(before) if after in MAY_FOLLOW[state]), None)
    if between is not None:
        yield ReportChange.model_validate({"status": between})


def _open_members(connection: Connection, actor: Actor, report_id: str) -> list[Row[Any]]:
    campaign = (
        select(REPORT.c.campaign_id)
        .where(REPORT.c.public_id == report_id, REPORT.c.organisation_id == actor.organisation_id)
        .scalar_subquery()
    )
    return list(
        connection.execute(
            select(REPORT.c.public_id, REPORT.c.version)
            .where(
                REPORT.c.organisation_id == actor.organisation_id,
                REPORT.c.campaign_id == campaign,
                REPORT.c.status.in_(OPEN),
                REPORT.c.queue_rank != URGENT,
                REPORT.c.in_danger.is_(False),
            )
            .order_by(REPORT.c.serial)
            .limit(MOST_AT_ONCE)
        )
    )
