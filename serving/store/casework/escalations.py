"""Reports of people who may be in danger, that nobody acknowledged in time: somebody else is to be called."""

from dataclasses import dataclass
from typing import Final

from sqlalchemy import Connection, and_, func, or_, select, update

from serving.store import audit
from serving.store.casework import history
from serving.store.casework.history import Step
from serving.store.organisations import Actor
from serving.store.report_codes import SCREENED, URGENT, WAITING
from serving.store.sealing import Keyring
from serving.store.tables import REPORT, UNANSWERED

MOST_AT_ONCE: Final = 100
_SEEMS_URGENT: Final = or_(REPORT.c.priority == URGENT, REPORT.c.work != SCREENED)


@dataclass(frozen=True, slots=True)
class Waiting:
    """How much of a store waits, of all organisations.

    Attributes:
        unscreened: reports that wait to be screened.
        unanswered: those that are or seem urgent, that nobody has acknowledged and that have not escalated.
    """

    unscreened: int
    unanswered: int


def escalate(
    connection: Connection, keyring: Keyring, actor: Actor, *, after_ms: int, now_ms: int
) -> list[str]:
    """Mark the reports that wait for longer than `after_ms`, once each; return their ids, at most a hundred.

    They are those whose priority is urgent, and those of the first lane that are not screened, or could not
    be. What was stored further in the future than that was stored by a clock that went wrong: it is due too.

    A report keeps its version, so that whoever acknowledges it right now is not held up.

    Args:
        connection: in a transaction; reports that another process marks are left to it.
        keyring: of the store.
        actor: who marks them, in history and audit.
        after_ms: how long a report may wait.
        now_ms: the time.
    """
    is_due = and_(
        UNANSWERED,
        _SEEMS_URGENT,
        or_(REPORT.c.stored_ms <= now_ms - after_ms, REPORT.c.stored_ms > now_ms + after_ms),
    )
    first = select(REPORT.c.serial, REPORT.c.organisation_id).where(is_due)
    found = connection.execute(first.order_by(REPORT.c.stored_ms).limit(MOST_AT_ONCE)).all()
    audit.take_chains(connection, (row.organisation_id for row in found))
    of_found = select(REPORT).where(is_due, REPORT.c.serial.in_([row.serial for row in found]))
    due = connection.execute(
        of_found.order_by(REPORT.c.stored_ms).with_for_update(key_share=True, skip_locked=True)
    ).all()
    for report in due:
        connection.execute(update(REPORT).where(REPORT.c.serial == report.serial).values(escalated_ms=now_ms))
        step = Step("escalated", report.version, {})
        history.write(connection, keyring, actor, report, step, now_ms=now_ms)
    return [report.public_id for report in due]


def count_waiting(connection: Connection) -> Waiting:
    """Return how much waits; reads indexes of what waits alone."""
    reports = select(func.count()).select_from(REPORT)
    return Waiting(
        unscreened=int(connection.execute(reports.where(REPORT.c.work == WAITING)).scalar_one()),
        unanswered=int(connection.execute(reports.where(UNANSWERED, _SEEMS_URGENT)).scalar_one()),
    )
