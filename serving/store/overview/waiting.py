"""What waits, and for how long: for the machine, and for people."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from sqlalchemy import Column, ColumnElement, Connection, func, select

from models.screening import PRIORITIES
from serving.store.casework.states import OPEN
from serving.store.counting import MOST_COUNTED, bounded_count
from serving.store.organisations import Actor
from serving.store.tables import REPORT, TRIED, UNTRIED

_TO_BE_SCREENED: Final = (
    (UNTRIED, (REPORT.c.lane, REPORT.c.serial)),
    (TRIED, (REPORT.c.lane, REPORT.c.attempts, REPORT.c.serial)),
)


@dataclass(frozen=True, slots=True)
class Waiting:
    """Reports that wait.

    Attributes:
        count: how many; one more than `MOST_COUNTED` if there are more.
        oldest_ms: when the oldest was stored; None if none waits.
    """

    count: int
    oldest_ms: int | None


def unscreened(connection: Connection, actor: Actor) -> Waiting:
    """Return what of the actor's organisation waits to be screened."""
    found = [_unscreened(connection, actor, one, order) for one, order in _TO_BE_SCREENED]
    oldest = [one.oldest_ms for one in found if one.oldest_ms is not None]
    return Waiting(sum(one.count for one in found), min(oldest, default=None))


def undecided(connection: Connection, actor: Actor) -> tuple[Waiting, ...]:
    """Return what of the actor's organisation waits for people, by priority, the worst first.

    Each priority and state is asked for alone, for so an index leads to its oldest.
    """
    return tuple(_undecided(connection, actor, rank) for rank in range(len(PRIORITIES)))


def _unscreened(
    connection: Connection, actor: Actor, condition: ColumnElement[bool], order: Sequence[Column[int]]
) -> Waiting:
    """Return what waits on one of the indexes of what is to be screened, as far as counted."""
    waiting = select(REPORT.c.organisation_id, REPORT.c.stored_ms).where(condition)
    some = waiting.order_by(*order).limit(MOST_COUNTED + 1).subquery()
    asked = select(func.count(), func.min(some.c.stored_ms))
    of_actor = asked.where(some.c.organisation_id == actor.organisation_id)
    count, oldest_ms = connection.execute(of_actor).one()
    return Waiting(count, oldest_ms)


def _undecided(connection: Connection, actor: Actor, rank: int) -> Waiting:
    of_rank = select(REPORT.c.stored_ms).where(
        REPORT.c.organisation_id == actor.organisation_id, REPORT.c.queue_rank == rank
    )
    first_of = [
        connection.execute(of_rank.where(REPORT.c.status == status).order_by(REPORT.c.serial).limit(1))
        for status in OPEN
    ]
    oldest = [at_ms for one in first_of for at_ms in one.scalars()]
    count = bounded_count(connection, of_rank.where(REPORT.c.status.in_(OPEN)))
    return Waiting(count, min(oldest, default=None))
