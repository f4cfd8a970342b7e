"""Reports of people who may be in danger, that nobody acknowledged in time: somebody else is to be called."""

from dataclasses import dataclass
from typing import Final

from sqlalchemy import Connection, func, or_, select, update

from serving.store import history
from serving.store.history import Step
from serving.store.organisations import Actor
from serving.store.sealing import Keyring
from serving.store.tables import REPORT, UNANSWERED
from serving.store.work import SCREENED, WAITING

MOST_AT_ONCE: Final = 100
_SEEMS_URGENT: Final = or_(REPORT.c.priority == 0, REPORT.c.work != SCREENED)


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
    due = connection.execute(
        select(REPORT)
        .where(
            UNANSWERED,
            _SEEMS_URGENT,
            or_(REPORT.c.stored_ms <= now_ms - after_ms, REPORT.c.stored_ms > now_ms + after_ms),
        )
        .order_by(REPORT.c.stored_ms)
        .limit(MOST_AT_ONCE)
        .with_for_update(skip_locked=True)
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
