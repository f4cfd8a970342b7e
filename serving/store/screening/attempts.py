"""What was tried and did not end well: given back, tried again alone, and in the end given to a person.

To be leased counts as an attempt, in the transaction of the lease, so that one whose screening kills its
process counts too. What was tried before is tried again alone (`work.lease_again`): nothing shares its fate.
"""

from collections.abc import Sequence
from typing import Any, Final

from sqlalchemy import Connection, Row, select, update

from serving.store import audit
from serving.store.casework import history
from serving.store.casework.history import Difference, Step
from serving.store.casework.versions import give_version
from serving.store.organisations import Actor
from serving.store.report_codes import FAILED, FIRST_LANES, REVIEW, URGENT, WAITING
from serving.store.screening.work import MOST_ATTEMPTS, Job
from serving.store.sealing import Keyring
from serving.store.tables import REPORT, TRIED
from serving.store.telling import events

_AT_ONCE: Final = 100


def give_back(connection: Connection, worker: str, jobs: Sequence[Job], *, failed: bool) -> None:
    """End the leases of jobs that were not screened; an attempt is not counted unless it `failed`."""
    for job in jobs:
        connection.execute(
            update(REPORT)
            .where(TRIED, REPORT.c.serial == job.serial, REPORT.c.leased_by == worker)
            .values(leased_by=None, attempts=REPORT.c.attempts - (0 if failed else 1))
        )


def drop(connection: Connection, worker: str) -> None:
    """Free what a worker may still hold after something went wrong."""
    connection.execute(update(REPORT).where(TRIED, REPORT.c.leased_by == worker).values(leased_by=None))


def give_up(connection: Connection, keyring: Keyring, actor: Actor, *, now_ms: int) -> list[str]:
    """Give to a person what was tried `MOST_ATTEMPTS` times and nobody holds; return ids, at most a hundred.

    Args:
        connection: in a transaction.
        keyring: of the store.
        actor: who gives them up, in history and audit.
        now_ms: the time.
    """
    is_hopeless = (TRIED, REPORT.c.attempts >= MOST_ATTEMPTS, REPORT.c.leased_by.is_(None))
    named = select(REPORT.c.serial, REPORT.c.organisation_id).where(*is_hopeless).limit(_AT_ONCE)
    found = connection.execute(named).all()
    if not found:
        return []
    audit.take_chains(connection, (row.organisation_id for row in found))
    of_found = select(REPORT).where(*is_hopeless, REPORT.c.serial.in_([row.serial for row in found]))
    reports = connection.execute(of_found.order_by(REPORT.c.serial).with_for_update(key_share=True)).all()
    for report in reports:
        give_to_a_person(connection, keyring, actor, report, now_ms=now_ms)
    return [report.public_id for report in reports]


def give_to_a_person(
    connection: Connection, keyring: Keyring, actor: Actor, report: Row[Any], *, now_ms: int
) -> None:
    """Have a person look at a report that no machine can read: at once if somebody may be in danger.

    Args:
        connection: in a transaction that holds the chain of the report's organisation.
        keyring: of the store.
        actor: who gives it up, in history and audit.
        report: columns of `report`.
        now_ms: the time.
    """
    priority = URGENT if report.lane in FIRST_LANES else REVIEW
    if report.set_priority is not None:
        priority = min(priority, report.set_priority)
    version = give_version(connection, report, work=FAILED, priority=priority, leased_by=None)
    step = Step("given_up", version, {"work": Difference(WAITING, FAILED)})
    history.write(connection, keyring, actor, report, step, now_ms=now_ms)
    if priority == URGENT and not report.in_danger:  # else it was told when it was stored
        urgent = events.Happened(events.URGENT, report.public_id, actor.id, now_ms, priority)
        events.record(connection, report.organisation_id, [urgent])
